// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {RuleBook} from "./RuleBook.sol";
import {VenueKeys} from "./VenueWords.sol";
import {LicenceWord, VenueDay, VenueLimits} from "./rules/VenueLicence.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

/// @notice What a token lets venues of one stage do, in smallest units; zero is nothing.
/// @param hold Most that a venue may hold over all its wallets.
/// @param trade Most that it may take in from others within a day in Pakistan; all ones: any amount. What it gives out
/// no limit holds back.
/// @param travelAbove It sends another venue more than this with a reference alone.
/// @param services Which its licence must name, to receive the token at all; one bit a service.
struct VenueStageRules {
    uint64 hold;
    uint64 trade;
    uint64 travelAbove;
    uint16 services;
}

/// @title What each token lets venues do.
/// @notice Keeps the limits by token and stage, and the references for the travel rule, and hands them to the rule book.
contract VenueRules is AccessManaged {
    /// @notice Stages that permit anything: NOC, AML-registered, incorporated, licensed.
    uint256 public constant STAGES = 4;
    /// @notice A reference serves so many seconds.
    uint256 public constant REFERENCE_AGE = 1 days;

    RuleBook public immutable ruleBook;

    /// @notice `token` asks about venues from now on, or, where `asks` is false, about none; `stages` from NOC on.
    event VenueRulesSet(address indexed token, bool asks, VenueStageRules[STAGES] stages);
    /// @notice What goes with the next transfer of so much from one venue to another was sent, under this hash.
    event TravelNoted(
        address indexed token, address indexed from, address indexed to, uint256 amount, bytes32 reference_
    );

    error TravelReferenceZero();

    constructor(address authority, RuleBook ruleBook_) AccessManaged(authority) {
        ruleBook = ruleBook_;
    }

    // ------------------------------------------------------------------ rules

    /// @notice Replaces what `token` lets venues do as a whole, from NOC on, or ceases to ask. Compliance officer.
    function setRules(address token, bool asks, VenueStageRules[STAGES] calldata stages) external restricted {
        bytes32[] memory keys = new bytes32[](STAGES);
        uint256[] memory words = new uint256[](STAGES);
        for (uint8 i = 0; i < STAGES; ++i) {
            keys[i] = VenueKeys.limits(token, i + 1);
            words[i] = _word(stages[i]);
        }
        emit VenueRulesSet(token, asks, stages);
        ruleBook.setVenueWords(keys, words);
        ruleBook.askAboutVenues(token, asks);
    }

    /// @notice What `token` lets venues do, from NOC on, and whether it asks about them at all.
    function rulesOf(address token) external view returns (bool asks, VenueStageRules[STAGES] memory stages) {
        (asks,) = ruleBook.asksAboutVenues(token);
        for (uint8 i = 0; i < STAGES; ++i) {
            uint256 word = ruleBook.venueWord(VenueKeys.limits(token, i + 1));
            stages[i] = VenueStageRules(uint64(word), uint64(word >> 64), uint64(word >> 128), uint16(word >> 192));
        }
    }

    /// @notice What `venue` has taken in of `token` today, what it may take in a day, and what it may hold, by its stage
    /// as it was decided last.
    function dayOf(address token, address venue) external view returns (uint64 used, uint64 trade, uint64 hold) {
        LicenceWord licence = LicenceWord.wrap(ruleBook.venueWord(VenueKeys.licence(venue)));
        VenueLimits limits = VenueLimits.wrap(ruleBook.venueWord(VenueKeys.limits(token, licence.stage())));
        VenueDay day = ruleBook.venueDay(token, venue).today();
        day = day.limited(0, licence, limits);
        return (day.used(), day.trade(), day.hold());
    }

    function _word(VenueStageRules calldata rules) private pure returns (uint256) {
        return uint256(rules.hold) | uint256(rules.trade) << 64 | uint256(rules.travelAbove) << 128
            | uint256(rules.services) << 192;
    }

    // ------------------------------------------------------------------ travel rule

    /// @notice Notes that what must go with a transfer of the caller to another venue was sent to it, under the hash of
    /// what was sent. It serves one transfer of that very amount, within a day.
    function noteTravel(address token, address to, uint256 amount, bytes32 reference_) external {
        if (reference_ == bytes32(0)) revert TravelReferenceZero();
        bytes32[] memory keys = new bytes32[](1);
        uint256[] memory words = new uint256[](1);
        keys[0] = VenueKeys.travel(token, msg.sender, to, amount);
        words[0] = block.timestamp + REFERENCE_AGE;
        emit TravelNoted(token, msg.sender, to, amount, reference_);
        ruleBook.setVenueWords(keys, words);
    }

    /// @notice The last second in which such a transfer has its reference; zero where it has none.
    function travelNotedUntil(address token, address from, address to, uint256 amount) external view returns (uint256) {
        return ruleBook.venueWord(VenueKeys.travel(token, from, to, amount));
    }

    // ------------------------------------------------------------------ what the rule book knows

    /// @notice The word by which the rule book knows a venue's licence; see `LicenceWord`.
    function licenceWordOf(address venue) external view returns (uint256) {
        return ruleBook.venueWord(VenueKeys.licence(venue));
    }

    /// @notice Whether an investor is the venue's customer, to whom it may give back whatever befalls its licence.
    function isCustomer(address venue, address investor) external view returns (bool) {
        return ruleBook.venueWord(VenueKeys.customer(venue, investor)) != 0;
    }
}
