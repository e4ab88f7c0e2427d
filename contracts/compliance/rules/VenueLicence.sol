// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Restriction} from "../Restriction.sol";

/// @notice What the rules know of a venue's licence.
///
///   bits  0..7    stage      `LicenceStage`
///         8..23   services   one bit a service
///        24..63   until      the first second in which it no longer stands
///        64..127  serves     bit n: investors of class n
///       128..143  number     of the decision that it rests on, from 1
type LicenceWord is uint256;

/// @notice What venues of one stage may do with a token, in smallest units; zero is nothing.
///
///   bits  0..63   hold          most that a venue may hold over all its wallets
///        64..127  trade         most that it may take in from others within a day; all ones: any amount
///       128..191  travelAbove   it sends another venue more than this with a reference alone
///       192..207  services      which its licence must name, to receive the token at all
type VenueLimits is uint256;

/// @notice What a venue has taken in of one token today, and what it may: a steady transfer reads no table of limits.
///
///   bits  0..63   used
///        64..79   day      since 1970 in Pakistan, on which that was counted
///        80..91   round    of the limits that follow, and ...
///        92..107  number   ... the decision that they were taken for
///       108       short    the licence lacks a service that the token asks for
///       112..175  hold
///       176..239  trade
type VenueDay is uint256;

using VenueLicence for LicenceWord global;
using VenueDays for VenueDay global;
using VenueDays for VenueLimits global;

/// @notice A venue takes in what its licence, standing, allows: from whom it may serve, within the limits of its stage.
/// What it gives to its own customers no rule about venues refuses.
/// @dev A licence that runs out ends by the clock. An investor who is no venue is not asked anything.
library VenueLicence {
    uint8 internal constant CODE = Restriction.VENUE_LICENCE;
    uint8 internal constant CLIENT_CODE = Restriction.VENUE_CLIENT;
    uint8 internal constant HOLDING_CODE = Restriction.VENUE_HOLDING;
    uint8 internal constant TRADE_CODE = Restriction.VENUE_TRADE;
    uint256 internal constant ON = 1 << 12;

    /// @notice The licence does not stand, or lacks a service that the token asks for.
    error VenueNotLicensed(address venue, uint8 stage, uint256 until);
    error VenueMayNotServe(address venue, uint8 class);
    error VenueHoldingExceeded(address venue, uint256 holding, uint256 maximum);
    /// @param used What it would have taken in today.
    error VenueTradeExceeded(address venue, uint256 used, uint256 limit);

    /// @notice Whether it is of a stage that permits anything, NOC to licensed, and not past its validity.
    function stands(LicenceWord self) internal view returns (bool) {
        unchecked {
            return uint256(stage(self)) - 1 < 4 && block.timestamp < until(self); // none wraps
        }
    }

    function serves(LicenceWord self, uint8 class) internal pure returns (bool) {
        return (LicenceWord.unwrap(self) >> (64 + class)) & 1 == 1;
    }

    function stage(LicenceWord self) internal pure returns (uint8) {
        return uint8(LicenceWord.unwrap(self));
    }

    function services(LicenceWord self) internal pure returns (uint16) {
        return uint16(LicenceWord.unwrap(self) >> 8);
    }

    function until(LicenceWord self) internal pure returns (uint40) {
        return uint40(LicenceWord.unwrap(self) >> 24);
    }

    function number(LicenceWord self) internal pure returns (uint16) {
        return uint16(LicenceWord.unwrap(self) >> 128);
    }
}

/// @notice The day's account of a venue, and the limits behind it.
library VenueDays {
    uint256 private constant _KEY = 0xFFFFFFF << 80; // round and number
    uint256 private constant _SHORT = 1 << 108;
    uint256 private constant _USED_AND_DAY = (1 << 80) - 1;

    function travelAbove(VenueLimits self) internal pure returns (uint64) {
        return uint64(VenueLimits.unwrap(self) >> 128);
    }

    /// @notice Whether the limits are those of `round`, taken for the decision `number`.
    function isOf(VenueDay self, uint256 round, uint16 number) internal pure returns (bool) {
        return VenueDay.unwrap(self) & _KEY == round << 80 | uint256(number) << 92;
    }

    /// @notice The same day under other limits.
    function limited(VenueDay self, uint256 round, LicenceWord licence, VenueLimits limits)
        internal
        pure
        returns (VenueDay)
    {
        uint256 word = VenueLimits.unwrap(limits);
        uint256 lacking = uint16(word >> 192) & ~uint256(licence.services());
        return VenueDay.wrap(
            VenueDay.unwrap(self) & _USED_AND_DAY | round << 80 | uint256(licence.number()) << 92
                | (lacking == 0 ? 0 : _SHORT) | uint256(uint128(word)) << 112
        );
    }

    /// @notice The account as it stands today: nothing is used of a new day.
    function today(VenueDay self) internal view returns (VenueDay) {
        unchecked {
            uint256 now_ = (block.timestamp + 5 hours) / 1 days; // Pakistan's, UTC+5
            if (uint16(VenueDay.unwrap(self) >> 64) == now_) return self;
            return VenueDay.wrap(VenueDay.unwrap(self) & ~_USED_AND_DAY | now_ << 64);
        }
    }

    /// @notice Whether a day takes in any amount.
    function isUnlimited(VenueDay self) internal pure returns (bool) {
        return trade(self) == type(uint64).max;
    }

    /// @notice What is used with `amount` more.
    /// @param amount Within what the venue may hold: a number of 64 bits.
    function usedAfter(VenueDay self, uint256 amount) internal pure returns (uint256) {
        unchecked {
            return used(self) + amount;
        }
    }

    /// @notice With an allowed `amount` counted.
    /// @dev It cannot overflow into the next field: what is allowed keeps within the limit, which has the same width.
    function count(VenueDay self, uint256 amount) internal pure returns (VenueDay) {
        unchecked {
            return VenueDay.wrap(VenueDay.unwrap(self) + amount);
        }
    }

    function used(VenueDay self) internal pure returns (uint64) {
        return uint64(VenueDay.unwrap(self));
    }

    function isShort(VenueDay self) internal pure returns (bool) {
        return VenueDay.unwrap(self) & _SHORT != 0;
    }

    function hold(VenueDay self) internal pure returns (uint64) {
        return uint64(VenueDay.unwrap(self) >> 112);
    }

    function trade(VenueDay self) internal pure returns (uint64) {
        return uint64(VenueDay.unwrap(self) >> 176);
    }
}
