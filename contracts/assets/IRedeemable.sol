// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice A series that ends: what the paying agent needs to redeem it.
interface IRedeemable {
    /// @notice A holder's tokens were redeemed under the payment `paymentId` of the caller.
    event Redeemed(address indexed holder, uint256 amount, bytes32 indexed paymentId);

    /// @notice Burns a matured holding against payment. Only the paying agent, only from the payment date on; a
    /// frozen holding is refused.
    function redeem(address holder, uint256 amount, bytes32 paymentId) external;

    /// @notice Record date at which redemption entitlements are read; announced when the series is made.
    function redemptionRecordId() external view returns (uint256);

    /// @notice Unix time from which redemption may be paid: the start of the payment date in Asia/Karachi.
    function redemptionDue() external view returns (uint256);

    /// @notice Par in the smallest units of a cash token of `cashDecimals`, for `amount` smallest units of this token.
    /// Exact: no rounding occurs for `cashDecimals` >= 2.
    function redemptionAmount(uint256 amount, uint8 cashDecimals) external view returns (uint256);

    /// @notice ISO 4217 numeric code of the currency it is paid in.
    function currency() external view returns (uint16);
}
