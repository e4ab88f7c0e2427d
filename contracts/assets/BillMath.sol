// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Rounding} from "./Rounding.sol";

/// @dev Ten-thousandths of the currency for 100 of face: 97.4913 is 974_913, par is 1_000_000.
type Price is uint32;

/// @dev Ten-thousandths of a per cent a year: 11.0499 % is 110_499.
type Yield is uint64;

/// @title BillMath
/// @notice Price, yield and payment of a treasury bill, to the last digit that the market prints.
/// @dev Simple interest on actual days over 365, as the State Bank of Pakistan prices Market Treasury Bills:
///
///     P = 100 / (1 + y * d / 365)        y = (100 / P - 1) * 365 / d
///
/// with d the actual days from settlement to the stated maturity. Each result is one division of exact integers,
/// rounded half-up. The price is authoritative; a yield is derived from it and need not lead back to it.
/// Nothing here knows whether a price or a yield is a sensible one, only whether it can exist.
library BillMath {
    /// @notice A bill is priced above nothing and at most at par.
    error BillPriceOutOfRange(uint256 price);

    /// @notice No bill's yield is that large.
    error BillYieldOutOfRange(uint256 yield_);

    /// @notice A bill has at least one day to run.
    error BillWithoutDays();

    uint256 internal constant PAR = 1e6;

    uint256 private constant DAYS_OF_YEAR = 365;

    /// @dev A yield of 1 (the whole), in the unit of `Yield`.
    uint256 private constant WHOLE_YIELD = 1e6;

    /// @notice `raw` as a price, if a bill can have it; never cut off to fit.
    function asPrice(uint256 raw) internal pure returns (Price) {
        if (raw == 0 || raw > PAR) revert BillPriceOutOfRange(raw);
        return Price.wrap(uint32(raw));
    }

    /// @notice `raw` as a yield, if the type can carry it; never cut off to fit.
    function asYield(uint256 raw) internal pure returns (Yield) {
        if (raw > type(uint64).max) revert BillYieldOutOfRange(raw);
        return Yield.wrap(uint64(raw));
    }

    /// @notice The price of a bill that yields `yield_` over `daysToRun` actual days, half-up.
    function priceFromYieldHalfUp(Yield yield_, uint256 daysToRun) internal pure returns (Price) {
        _requireDays(daysToRun);
        uint256 whole = WHOLE_YIELD * DAYS_OF_YEAR;
        uint256 price = Rounding.divideHalfUp(PAR * whole, whole + Yield.unwrap(yield_) * daysToRun);
        return asPrice(price);
    }

    /// @notice The yield of a bill bought at `price` with `daysToRun` actual days to run, half-up.
    function yieldFromPriceHalfUp(Price price, uint256 daysToRun) internal pure returns (Yield) {
        _requireDays(daysToRun);
        uint256 paid = _requirePrice(price);
        uint256 result = Rounding.divideHalfUp((PAR - paid) * DAYS_OF_YEAR * WHOLE_YIELD, paid * daysToRun);
        return Yield.wrap(uint64(result)); // At most 1e6 * 365 * 1e6, which has 49 bits.
    }

    /// @notice The cash to pay for `units` at `price`: rounded half-up to the hundredth of the currency.
    /// @dev Rounded before it is scaled, so that a cash token of many decimals moves the printed amount and no more.
    /// @param units Smallest units of the bill.
    /// @param unitFace Face of one unit in hundredths of the currency: 100 where a unit is one rupee.
    /// @param cashDecimals Decimals of the cash token; the result is in its smallest units.
    function paymentHalfUp(uint256 units, uint256 unitFace, Price price, uint8 cashDecimals)
        internal
        pure
        returns (uint256)
    {
        uint256 hundredths = Rounding.divideHalfUp(units * unitFace * _requirePrice(price), PAR);
        return hundredths * Rounding.cashPerHundredth(cashDecimals);
    }

    /// @notice The cash that `units` are redeemed for at maturity: their face, at par. Exact.
    /// @dev Parameters as in `paymentHalfUp`.
    function redemption(uint256 units, uint256 unitFace, uint8 cashDecimals) internal pure returns (uint256) {
        return units * unitFace * Rounding.cashPerHundredth(cashDecimals);
    }

    function _requireDays(uint256 daysToRun) private pure {
        if (daysToRun == 0) revert BillWithoutDays();
    }

    function _requirePrice(Price price) private pure returns (uint256 raw) {
        raw = Price.unwrap(price);
        if (raw == 0 || raw > PAR) revert BillPriceOutOfRange(raw); // A wrapped number need not be a checked one.
    }
}
