// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice A commitment to a bid as it is kept, in one slot of storage.
///
///   bits  0..7    status     1 sealed, 2 shown
///         8..23   sequence   which bid of the auction it is
///        24..255  digest     of commitment and committer, without its last 24 bits: what is left cannot be met by a
///                            second bid, not by the bidder itself in fewer than 2^116 tries
///
/// The zero word is a number that the investor has not used.
type Seal is uint256;

using Seals for Seal global;

library Seals {
    uint256 private constant SEALED = 1;
    uint256 private constant SHOWN = 2;
    uint256 private constant DIGEST = 24;

    /// @dev Who sealed it is in it: so nobody seals a bid that another would have to pay.
    function made(bytes32 commitment, address bidder, uint256 sequence_) internal pure returns (Seal) {
        return Seal.wrap(_digest(commitment, bidder) << DIGEST | sequence_ << 8 | SEALED);
    }

    function shown(Seal self) internal pure returns (Seal) {
        return Seal.wrap(Seal.unwrap(self) & ~uint256(0xFF) | SHOWN);
    }

    function exists(Seal self) internal pure returns (bool) {
        return Seal.unwrap(self) != 0;
    }

    function isShown(Seal self) internal pure returns (bool) {
        return Seal.unwrap(self) & 0xFF == SHOWN;
    }

    function sequence(Seal self) internal pure returns (uint256) {
        return uint16(Seal.unwrap(self) >> 8);
    }

    /// @dev Whether `bidder` sealed `commitment`.
    function holds(Seal self, bytes32 commitment, address bidder) internal pure returns (bool) {
        return self.exists() && Seal.unwrap(self) >> DIGEST == _digest(commitment, bidder);
    }

    function _digest(bytes32 commitment, address bidder) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(commitment, bidder))) >> DIGEST;
    }
}
