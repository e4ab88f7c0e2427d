// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice A series that knows what a purchase of it costs.
interface IPriced {
    /// @notice The cash to pay for `units` at `price`, settled now: half-up to the hundredth of the currency, then
    /// scaled to the cash token. Where the market quotes clean prices, what has accrued is in it.
    /// @param units Smallest units of this token.
    /// @param price Ten-thousandths of the currency for 100 of face: 97.4913 is 974_913.
    /// @param cashDecimals Decimals of the cash token, 2..18; the result is in its smallest units.
    function costOf(uint256 units, uint256 price, uint8 cashDecimals) external view returns (uint256);
}
