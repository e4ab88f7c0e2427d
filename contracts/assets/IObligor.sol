// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice What a payment is for. A new kind takes a new number; a number never changes its meaning.
enum PaymentKind {
    None,
    Redemption,
    Coupon,
    Rental,
    Revenue
}

/// @notice One payment that a series owes.
/// @param recordId Record date of the series at which entitlements are read.
/// @param recordAt Its instant, Unix time.
/// @param due Unix time from which it may be paid: the start of the payment day in Asia/Karachi.
struct Obligation {
    uint256 recordId;
    uint256 recordAt;
    uint256 due;
}

/// @notice What a payment comes to on one calculation amount of the series. A holding is paid its share, floored.
/// @param units The calculation amount, in smallest units of the series.
/// @param amount What it is paid, in smallest units of cash.
/// @param taxable The part of `amount` that is income: a distribution whole; at the redemption what exceeds the issue
/// price (a discount, a call premium), else zero.
struct Entitlement {
    uint256 units;
    uint256 amount;
    uint256 taxable;
}

/// @notice A series that owes payments: what settlement asks of it.
/// @dev Amounts are in the smallest units of a cash token of `cashDecimals`, which is at least 2. Payments are numbered
/// by kind: the redemption is (Redemption, 0); a distribution is (Coupon, i) or (Rental, i) for period i, and (Revenue, i)
/// for declaration i, from zero.
interface IObligor {
    /// @notice The series never owes a payment of that kind and number.
    error ObligationUnknown(PaymentKind kind, uint256 number);

    /// @notice ISO 4217 numeric code of the currency it is paid in.
    function currency() external view returns (uint16);

    /// @notice When it is owed, and to whom: the holders at the record date.
    function obligation(PaymentKind kind, uint256 number) external view returns (Obligation memory);

    /// @notice What is paid on one calculation amount, before tax. Reverts where the rate is not set yet.
    /// @dev Settlement reads it once, and pays by it. Published amounts are half-up to the hundredth of the currency on
    /// a calculation amount, so whole lots are paid exactly what was published; an odd holding is paid its share of
    /// that, floored. So what all holders are paid never exceeds what the supply is.
    function entitlement(PaymentKind kind, uint256 number, uint8 cashDecimals)
        external
        view
        returns (Entitlement memory);

    /// @notice What `units` are paid, before tax: their share of the entitlement, floored.
    function obligationAmount(PaymentKind kind, uint256 number, uint256 units, uint8 cashDecimals)
        external
        view
        returns (uint256);

    /// @notice The part of `obligationAmount` that is income, floored.
    function taxableAmount(PaymentKind kind, uint256 number, uint256 units, uint8 cashDecimals)
        external
        view
        returns (uint256);
}
