// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title Attempt
/// @notice One row of a page, done whole or undone whole, without stopping the rows after it.
/// @dev The contract calls itself. A row gets a fixed allowance of gas, so that none can spend the page's; and a row
/// that fails with less than the allowance at hand reverts the page, so that a caller who is sparing with gas can
/// never make a good row look refused.
library Attempt {
    /// @dev What a row may use: an order of magnitude above what an honest token and cash token need.
    uint256 internal constant ALLOWANCE = 1_000_000;

    /// @dev The call itself and the arithmetic between measuring and calling.
    uint256 private constant OVERHEAD = 2_000;

    /// @dev The least whose 63/64, rounded as EIP-150 does, cover both.
    uint256 private constant NEEDED = ALLOWANCE + OVERHEAD + (ALLOWANCE + OVERHEAD - 1) / 63;

    /// @dev An error's selector and its first eight words; a refusal cannot make the page pay to record more.
    uint256 private constant MAXIMUM_ANSWER = 260;

    /// @notice The page has too little gas left to tell a refusal from starvation: send it with more, or split it.
    error AttemptStarved(uint256 available, uint256 needed);

    /// @return done Whether the call succeeded.
    /// @return answer What it returned, or the reason it gave; cut at 260 bytes.
    function onSelf(bytes memory call_) internal returns (bool done, bytes memory answer) {
        uint256 available = gasleft();
        assembly ("memory-safe") {
            done := call(ALLOWANCE, address(), 0, add(call_, 0x20), mload(call_), 0, 0)
            let size := returndatasize()
            if gt(size, MAXIMUM_ANSWER) { size := MAXIMUM_ANSWER }
            answer := mload(0x40)
            mstore(answer, size)
            returndatacopy(add(answer, 0x20), 0, size)
            mstore(0x40, and(add(add(answer, size), 0x3f), not(0x1f)))
        }
        // EIP-150: a call gets at most 63/64 of what is left.
        if (!done && available < NEEDED) revert AttemptStarved(available, NEEDED);
    }
}
