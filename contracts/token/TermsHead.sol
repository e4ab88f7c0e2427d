// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice The two terms every class has, read one by one from a clone's immutable arguments.
/// @dev Whatever a class's terms are, their ABI encoding begins with the maximum issue (smallest units) and the stated
/// maturity (days since 1970-01-01; zero for a series without end). They are read on every mint and transfer, where
/// decoding all terms would cost ten times as much.
library TermsHead {
    /// @dev Length of an ERC-1167 clone's code before its arguments.
    uint256 private constant ARGUMENTS = 0x2d;

    function maximumIssue() internal view returns (uint256) {
        return _word(0);
    }

    function maturityDay() internal view returns (uint32) {
        return uint32(_word(1));
    }

    function _word(uint256 index) private view returns (uint256 word) {
        uint256 offset = ARGUMENTS + index * 32;
        assembly ("memory-safe") {
            extcodecopy(address(), 0, offset, 0x20)
            word := mload(0)
        }
    }
}
