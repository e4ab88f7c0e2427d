// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice A figure and how much of it is used up, in one slot: whoever uses some of it finds the slot written.
///
///   bits   0..127  whole
///        128..255  used
///
/// Both stay within 112 bits, so that no sum of the two halves runs over; the caller sees to it.
type Portion is uint256;

using Portions for Portion global;

library Portions {
    function whole(Portion self) internal pure returns (uint256) {
        return uint128(Portion.unwrap(self));
    }

    function used(Portion self) internal pure returns (uint256) {
        return Portion.unwrap(self) >> 128;
    }

    /// @dev Reverts where more is used than there is.
    function left(Portion self) internal pure returns (uint256) {
        return self.whole() - self.used();
    }

    function withMore(Portion self, uint256 amount) internal pure returns (Portion) {
        unchecked {
            return Portion.wrap(Portion.unwrap(self) + amount);
        }
    }

    function withUsed(Portion self, uint256 amount) internal pure returns (Portion) {
        unchecked {
            return Portion.wrap(Portion.unwrap(self) + (amount << 128));
        }
    }
}
