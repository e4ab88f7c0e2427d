// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice ERC-1404: why a transfer would be refused.
interface IERC1404 {
    /// @notice 0 where the holder `from` could transfer now; else the reason's code (see `Restriction`).
    function detectTransferRestriction(address from, address to, uint256 value) external view returns (uint8);
    /// @notice A sentence for a reason code.
    function messageForTransferRestriction(uint8 restrictionCode) external view returns (string memory);
}
