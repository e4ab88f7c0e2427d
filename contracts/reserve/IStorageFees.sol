// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice What keeping a commodity costs its holders: a fee in cash, beside the balance.
/// @dev It accrues on what was held at each record date of the series, for the time since the one before, or since the
/// issue. No transfer is burdened with it; who redeems in kind has paid it first.
interface IStorageFees {
    /// @notice The storage of `holder` is paid up to, and without, record date `next`.
    event StoragePaid(
        address indexed token, address indexed holder, address cash, uint256 amount, uint256 next, address payer
    );

    /// @notice The storage of `holder` is not paid: hundredths of the currency.
    error StorageUnpaid(address token, address holder, uint256 owed);
    /// @notice There is nothing to pay.
    error StorageNotDue(address token, address holder);

    /// @notice Pays what `holder` owes for storage, from the caller to the treasury. Anyone may.
    function payStorage(address token, address holder, address cash) external returns (uint256 amount);

    /// @notice What `holder` owes for storage, in hundredths of the currency, floored for each record date, and the
    /// first record date that is still to come.
    function storageOwed(address token, address holder) external view returns (uint256 hundredths, uint256 next);
}
