// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice What the programme knows of one wallet, in one storage slot.
///
///   bits  0..159  investor   whose wallet it is: an ONCHAINID contract, or the investor's first wallet
///       160..169  country    ISO 3166-1 numeric, 1..999
///       170..175  class      class of investor, 1..63 (see the README's table)
///       176..183  flags      the constants below
///       184..207  until      hour (Unix time / 3600, rounded down) at which the cached verdict ends
///       208..231  epoch      policy epoch at which the verdict was reached
///       232..255  batch      attestation batch the record rests on; 0 for an ONCHAINID wallet
///
/// The zero word is a wallet nobody registered.
type InvestorRecord is uint256;

/// @notice How a wallet stands with the registry at this moment.
/// @dev `Verified` is zero-cost to compare against; every other value names why not.
enum Standing {
    Verified,
    Unknown,
    Lapsed,
    Untrusted,
    Withdrawn,
    Suspended,
    Lost
}

/// @notice What the registry says of a movement's parties, in one word. Zero where nothing speaks against it.
///
///   bits  0..7   the sender's `Standing`, where it must not send; a lapsed one may where the regulator says so
///         8..15  the recipient's `Standing`
///        16      the operator is a third party whose wallet is suspended or lost
///        17      transfers are halted programme-wide
///        18      the programme's stage has ended
///        19      the class of the token that asks is paused
type Verdict is uint256;

using InvestorRecords for InvestorRecord global;
using Verdicts for Verdict global;

library Verdicts {
    uint256 internal constant RECIPIENT = 8;
    uint256 internal constant SPENDER_DEAD = 1 << 16;
    uint256 internal constant HALTED = 1 << 17;
    uint256 internal constant STAGE_ENDED = 1 << 18;
    uint256 internal constant CLASS_PAUSED = 1 << 19;

    function sender(Verdict self) internal pure returns (Standing) {
        return Standing(uint8(Verdict.unwrap(self)));
    }

    function recipient(Verdict self) internal pure returns (Standing) {
        return Standing(uint8(Verdict.unwrap(self) >> RECIPIENT));
    }

    function says(Verdict self, uint256 flag) internal pure returns (bool) {
        return Verdict.unwrap(self) & flag != 0;
    }
}

library InvestorRecords {
    /// @dev The record rests on an attestation; otherwise on an ONCHAINID contract's claims.
    uint8 internal constant ATTESTED = 1;
    /// @dev The investor has, or had, further wallets, be they lost: sums by investor must ask the registry for them.
    uint8 internal constant LINKED = 2;
    /// @dev A licensed venue's wallet (set through the licence registry).
    uint8 internal constant VENUE = 4;
    /// @dev The issuer or the registrar withdrew it. The record stays, so that nothing older can be replayed.
    uint8 internal constant WITHDRAWN = 8;
    /// @dev The regulator suspended it, on every token at once.
    uint8 internal constant SUSPENDED = 16;
    /// @dev Under notice of recovery, or recovered: dead everywhere.
    uint8 internal constant LOST = 32;
    /// @dev Recovered: the successor named in its place stands in for it, for good.
    uint8 internal constant RECOVERED = 64;
    /// @dev Reserved to succeed a wallet under notice: it stays with its investor meanwhile. One that nobody had
    /// registered is dead (LOST is set too) until the recovery is completed.
    uint8 internal constant HEIR = 128;

    function investor(InvestorRecord self) internal pure returns (address) {
        return address(uint160(InvestorRecord.unwrap(self)));
    }

    function country(InvestorRecord self) internal pure returns (uint16) {
        return uint16((InvestorRecord.unwrap(self) >> 160) & 0x3FF);
    }

    function class(InvestorRecord self) internal pure returns (uint8) {
        return uint8((InvestorRecord.unwrap(self) >> 170) & 0x3F);
    }

    function flags(InvestorRecord self) internal pure returns (uint8) {
        return uint8(InvestorRecord.unwrap(self) >> 176);
    }

    /// @dev Whether one of `any` flags is up.
    function is_(InvestorRecord self, uint8 any) internal pure returns (bool) {
        return (InvestorRecord.unwrap(self) >> 176) & any != 0;
    }

    function untilHour(InvestorRecord self) internal pure returns (uint24) {
        return uint24(InvestorRecord.unwrap(self) >> 184);
    }

    function epoch(InvestorRecord self) internal pure returns (uint24) {
        return uint24(InvestorRecord.unwrap(self) >> 208);
    }

    function batch(InvestorRecord self) internal pure returns (uint24) {
        return uint24(InvestorRecord.unwrap(self) >> 232);
    }

    function exists(InvestorRecord self) internal pure returns (bool) {
        return InvestorRecord.unwrap(self) != 0;
    }
}
