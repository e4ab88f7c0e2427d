// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice A series that is quoted clean, and accrues between payments.
interface IAccruing {
    /// @notice What `units` have accrued by a settlement now, rounded up to the smallest unit of a cash token of
    /// `cashDecimals`: the buyer pays it to the seller beside the clean price. Reverts where who
    /// settles now is not paid for the period that runs, because its record date has passed.
    function accruedUp(uint256 units, uint8 cashDecimals) external view returns (uint256);
}
