// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice A series that stands on a reserve: what the issuance gate asks of it after every mint.
interface IBacked {
    /// @notice After this mint the supply would exceed what the reserve is recognised for.
    error ReserveExceeded(uint256 supply, uint256 amount, uint256 reserve);

    /// @notice Reverts where the supply, in which the `amount` just minted is counted already, exceeds the recognised
    /// reserve, or where the reserve is not known well enough to say.
    function requireBacked(uint256 amount) external view;
}
