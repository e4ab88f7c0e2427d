// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice The terms that every class has, read one by one from a clone's immutable arguments.
/// @dev Whatever a class's terms are, their ABI encoding begins with the maximum issue (smallest units) and the stated
/// maturity (days since 1970-01-01; zero for a series without end), and goes on, where they are terms, with name and
/// symbol. The first two are read on every mint and transfer, where decoding all terms would cost ten times as much.
library TermsHead {
    /// @dev Length of an ERC-1167 clone's code before its arguments.
    uint256 private constant ARGUMENTS = 0x2d;

    function maximumIssue() internal view returns (uint256) {
        return _word(0);
    }

    function maturityDay() internal view returns (uint32) {
        return uint32(_word(1));
    }

    function name() internal view returns (string memory) {
        return _text(2);
    }

    function symbol() internal view returns (string memory) {
        return _text(3);
    }

    /// @dev ASCII padded with zeros.
    function _text(uint256 index) private view returns (string memory text) {
        bytes32 padded = bytes32(_word(index));
        uint256 length;
        while (length < 32 && padded[length] != 0) ++length;
        text = new string(length);
        assembly ("memory-safe") {
            mstore(add(text, 0x20), padded)
        }
    }

    function _word(uint256 index) private view returns (uint256 word) {
        uint256 offset = ARGUMENTS + index * 32;
        assembly ("memory-safe") {
            extcodecopy(address(), 0, offset, 0x20)
            word := mload(0)
        }
    }
}
