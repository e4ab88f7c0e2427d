// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice A series that ends by being paid back.
interface IRedeemable {
    /// @notice A holder's tokens were redeemed under the payment `paymentId` of the caller.
    event Redeemed(address indexed holder, uint256 amount, bytes32 indexed paymentId);

    error RedemptionNotDue(uint256 due);
    error HoldingFrozen(address holder);

    /// @notice Burns a holding that is due against payment. Only the paying agent, only once redemption is due; a
    /// frozen holding is refused.
    function redeem(address holder, uint256 amount, bytes32 paymentId) external;
}
