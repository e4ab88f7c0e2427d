// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice The one gate every mint and burn of every series passes: where status, stage and ceiling are asked.
/// @dev Only the token itself can call, for itself; the caller is the series.
interface IIssuanceGate {
    /// @notice Reverts where the `amount` smallest units that the calling series has just minted may not be in circulation.
    /// @param supply What is outstanding with them.
    function requireIssuable(uint256 amount, uint256 supply) external;

    /// @notice Takes `amount` out of circulation. Never refuses a registered series.
    function retire(uint256 amount) external;
}
