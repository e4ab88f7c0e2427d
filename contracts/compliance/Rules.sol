// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ModuleCalls} from "./ModuleCalls.sol";
import {VenueLicence} from "./rules/VenueLicence.sol";

/// @notice The rules of one token, in plain units. Zero, or false, switches a rule off.
/// @param maximumHolding Most that one investor may hold over all wallets, in smallest units.
/// @param supplyCap Most that may exist, in smallest units; asked when minting.
/// @param lot Every mint and transfer is a whole number of these, in smallest units.
/// @param maximumHolders Most investors that may hold the token at once.
/// @param velocityLimit Most that one investor may transfer to others within a window, in smallest units.
/// @param velocityWindow Length of that window in seconds; on together with the limit.
/// @param classes Bit n admits investors of class n as recipients; bit 0 is never set.
/// @param lockedUntil No transfer before this second of Unix time.
/// @param closedFrom No transfer from this second on ...
/// @param closedUntil ... until, and not including, this one.
/// @param jurisdictions Recipients must be of a country on the token's list.
/// @param preApproval Each transfer between investors needs an approval of its own.
/// @param sanctions Nobody on the programme's sanctions list takes part.
/// @param maximumTransaction Most that one transfer or mint may move, in smallest units.
struct Rules {
    uint112 maximumHolding;
    uint112 supplyCap;
    uint64 lot;
    uint32 maximumHolders;
    uint112 velocityLimit;
    uint32 velocityWindow;
    uint64 classes;
    uint40 lockedUntil;
    uint40 closedFrom;
    uint40 closedUntil;
    bool jurisdictions;
    bool preApproval;
    bool sanctions;
    uint72 maximumTransaction;
}

/// @notice Which rules are on, and the two limits that nearly every series has.
///
///   bits  0..31   on              one bit a rule: that of its reason code less 32, written out in each rule as `ON`,
///                                 since the compiler would work a difference of constants out at each use; the
///                                 last twelve bits count how often the rules for venues were set
///        32..143  maximum holding
///       144..255  supply cap
type Limits is uint256;

/// @notice The rules of quantity and flow.
///
///   bits  0..63   lot
///        64..95   maximum holders
///        96..207  velocity limit
///       208..239  velocity window, seconds
///       240..255  velocity round: grows each time that velocity is switched on, so that what was counted under an
///                 older round counts no more
type Flow is uint256;

/// @notice The rules of who and when.
///
///   bits  0..63   classes
///        64..103  locked until
///       104..143  closed from
///       144..183  closed until
///       184..255  maximum transaction
type Terms is uint256;

using PackedRules for Limits global;
using PackedRules for Flow global;
using PackedRules for Terms global;

/// @dev Packed by hand because each word is read by every transfer.
library PackedRules {
    function packLimits(uint256 on_, Rules calldata rules) internal pure returns (Limits) {
        return Limits.wrap(on_ | uint256(rules.maximumHolding) << 32 | uint256(rules.supplyCap) << 144);
    }

    function packFlow(Rules calldata rules, uint16 round) internal pure returns (Flow) {
        return Flow.wrap(
            uint256(rules.lot) | uint256(rules.maximumHolders) << 64 | uint256(rules.velocityLimit) << 96
                | uint256(rules.velocityWindow) << 208 | uint256(round) << 240
        );
    }

    function packTerms(Rules calldata rules) internal pure returns (Terms) {
        return Terms.wrap(
            uint256(rules.classes) | uint256(rules.lockedUntil) << 64 | uint256(rules.closedFrom) << 104
                | uint256(rules.closedUntil) << 144 | uint256(rules.maximumTransaction) << 184
        );
    }

    function on(Limits self) internal pure returns (uint256) {
        return Limits.unwrap(self) & 0xFFFFF;
    }

    /// @notice How often the rules for venues were set.
    function venueRound(Limits self) internal pure returns (uint256) {
        return (Limits.unwrap(self) >> 20) & 0xFFF;
    }

    /// @notice With the rules for venues on or off, and set once more.
    function withVenues(Limits self, bool on_) internal pure returns (Limits) {
        assert(venueRound(self) != 0xFFF); // the officer's delay keeps that years away
        uint256 word = Limits.unwrap(self) + (1 << 20);
        return Limits.wrap(on_ ? word | VenueLicence.ON : word & ~VenueLicence.ON);
    }

    /// @notice What a configuration of the rules leaves as it is.
    function kept(Limits self) internal pure returns (uint256) {
        return Limits.unwrap(self) & (ModuleCalls.ON | VenueLicence.ON | 0xFFF00000);
    }

    function has(Limits self, uint256 rule) internal pure returns (bool) {
        return Limits.unwrap(self) & rule != 0;
    }

    function with(Limits self, uint256 rule) internal pure returns (Limits) {
        return Limits.wrap(Limits.unwrap(self) | rule);
    }

    function without(Limits self, uint256 rule) internal pure returns (Limits) {
        return Limits.wrap(Limits.unwrap(self) & ~rule);
    }

    function maximumHolding(Limits self) internal pure returns (uint112) {
        return uint112(Limits.unwrap(self) >> 32);
    }

    function supplyCap(Limits self) internal pure returns (uint112) {
        return uint112(Limits.unwrap(self) >> 144);
    }

    function lot(Flow self) internal pure returns (uint64) {
        return uint64(Flow.unwrap(self));
    }

    function maximumHolders(Flow self) internal pure returns (uint32) {
        return uint32(Flow.unwrap(self) >> 64);
    }

    function velocityLimit(Flow self) internal pure returns (uint112) {
        return uint112(Flow.unwrap(self) >> 96);
    }

    function velocityWindow(Flow self) internal pure returns (uint32) {
        return uint32(Flow.unwrap(self) >> 208);
    }

    function velocityRound(Flow self) internal pure returns (uint16) {
        return uint16(Flow.unwrap(self) >> 240);
    }

    function classes(Terms self) internal pure returns (uint64) {
        return uint64(Terms.unwrap(self));
    }

    function lockedUntil(Terms self) internal pure returns (uint40) {
        return uint40(Terms.unwrap(self) >> 64);
    }

    function closedFrom(Terms self) internal pure returns (uint40) {
        return uint40(Terms.unwrap(self) >> 104);
    }

    function closedUntil(Terms self) internal pure returns (uint40) {
        return uint40(Terms.unwrap(self) >> 144);
    }

    function maximumTransaction(Terms self) internal pure returns (uint72) {
        return uint72(Terms.unwrap(self) >> 184);
    }
}
