// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice A series that ends by being paid back.
interface IRedeemable {
    error RedemptionNotDue(uint256 due);
    error HoldingFrozen(address holder);

    /// @notice Burns what is left of a holding, and no more than `most`, against the payment `paymentId`. Only the paying
    /// agent, only once redemption is due; a frozen holding is refused.
    /// @return amount What was burnt; zero where nothing was left.
    function redeem(address holder, uint256 most, bytes32 paymentId) external returns (uint256 amount);
}
