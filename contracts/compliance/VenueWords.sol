// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {LicenceWord, VenueDay, VenueLimits} from "./rules/VenueLicence.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

/// @notice What the rules know of venues, a word a fact.
/// @dev The licence registry and the venues' rules write it, each what it keeps and tells by its own events; the rules
/// themselves write a venue's day and use up a reference. Words by key, so that one setter serves and the rule book
/// stays small.
abstract contract VenueWords is AccessManaged {
    /// @notice The word of a key of `VenueKeys`.
    mapping(bytes32 key => uint256) public venueWord;

    /// @notice A `VenueDay`: what a venue took in of a token on the day that it last did.
    mapping(address token => mapping(address venue => VenueDay)) public venueDay;

    error VenueWordsUneven(uint256 keys, uint256 words);

    /// @notice Takes over what is known of venues from now on. Licence registry and venues' rules.
    function setVenueWords(bytes32[] calldata keys, uint256[] calldata words) external restricted {
        if (keys.length != words.length) revert VenueWordsUneven(keys.length, words.length);
        for (uint256 i = 0; i < keys.length; ++i) {
            venueWord[keys[i]] = words[i];
        }
    }

    function _licenceOf(address venue) internal view returns (LicenceWord) {
        return LicenceWord.wrap(venueWord[VenueKeys.licence(venue)]);
    }

    function _limitsOf(address token, uint8 stage) internal view returns (VenueLimits) {
        return VenueLimits.wrap(venueWord[VenueKeys.limits(token, stage)]);
    }

    /// @dev The venue's day, under the limits of its licence as it is: those it was last judged by, unless they or the
    /// licence changed since.
    /// @param round How often the token's limits were set.
    function _dayOf(address token, address venue, LicenceWord licence, uint256 round)
        internal
        view
        returns (VenueDay day)
    {
        day = venueDay[token][venue].today();
        if (!day.isOf(round, licence.number())) day = day.limited(round, licence, _limitsOf(token, licence.stage()));
    }
}

/// @notice The keys of what is known of venues.
library VenueKeys {
    /// @notice A venue's `LicenceWord`.
    function licence(address venue) internal pure returns (bytes32) {
        return bytes32(uint256(uint160(venue)));
    }

    /// @notice One where an investor is the venue's customer, to whom it may give back whatever befalls its licence.
    function customer(address venue, address investor) internal pure returns (bytes32) {
        return _key("customer", venue, investor, 0);
    }

    /// @notice The `VenueLimits` of a token for venues of a stage.
    function limits(address token, uint8 stage) internal pure returns (bytes32) {
        return _key("limits", token, address(0), stage);
    }

    /// @notice The last second in which a transfer between venues has its reference.
    function travel(address token, address from, address to, uint256 amount) internal pure returns (bytes32) {
        return keccak256(abi.encode(token, from, to, amount));
    }

    function _key(bytes32 what, address first, address second, uint256 third) private pure returns (bytes32) {
        return keccak256(abi.encode(what, first, second, third, what));
    }
}
