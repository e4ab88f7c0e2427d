// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Price} from "./BillMath.sol";
import {YearFraction} from "./DayCount.sol";
import {Rounding} from "./Rounding.sol";

/// @dev Ten-thousandths of a per cent a year: 10.5 % is 105_000, the whole is 1_000_000.
type Rate is uint32;

/// @title BondMath
/// @notice Distributions, accruals and payments of a bond or sukuk, to the last digit that the market prints.
/// @dev Each result is one division of exact integers, rounded as its name says. Faces are in hundredths of the currency.
/// What a series distributes is published for a *calculation amount* (ICMA's term; the denomination unless the terms
/// say otherwise) and rounded there, so that whole lots add up to the total without a residual. Which part of a year
/// goes in is the caller's: the convention of the yield and that of the cash accrued may differ, as they do for Pakistan
/// Investment Bonds issued before 2020.
library BondMath {
    /// @notice A bond's price per 100 is above nothing and fits its type.
    error BondPriceOutOfRange(uint256 price);

    /// @notice No bond's rate is that large.
    error BondRateOutOfRange(uint256 rate);

    uint256 internal constant PAR = 1e6;

    /// @dev Decimals of an accrued amount and of a dirty price per 100.
    uint8 internal constant ACCRUED_PLACES = 6;

    /// @dev A rate of 1 (the whole), in the unit of `Rate`.
    uint256 private constant WHOLE_RATE = 1e6;

    /// @dev A millionth of the currency for 100, in ten-thousandths: what lies between a clean price and a dirty one.
    uint256 private constant MILLIONTHS_PER_PRICE = 100;

    /// @notice `raw` as a price, if a bond can have it; never cut off to fit.
    function asPrice(uint256 raw) internal pure returns (Price) {
        if (raw == 0 || raw > type(uint32).max) revert BondPriceOutOfRange(raw);
        return Price.wrap(uint32(raw));
    }

    /// @notice `raw` as a rate, if the type can carry it; never cut off to fit.
    function asRate(uint256 raw) internal pure returns (Rate) {
        if (raw > type(uint32).max) revert BondRateOutOfRange(raw);
        return Rate.wrap(uint32(raw));
    }

    /// @notice What one calculation amount of `face` is paid for `part` of a year, half-up to the hundredth.
    /// @param face The calculation amount's face, in hundredths of the currency, as is the result.
    function distributionHalfUp(uint256 face, Rate rate, YearFraction memory part) internal pure returns (uint256) {
        return Rounding.divideHalfUp(face * Rate.unwrap(rate) * part.numerator, WHOLE_RATE * part.denominator);
    }

    /// @notice What `units` are paid where `calculationUnits` are paid `distribution` hundredths.
    /// @dev Exact for whole calculation amounts; what is over is floored to the hundredth.
    /// @param cashDecimals Decimals of the cash token; the result is in its smallest units.
    function payoutDown(uint256 units, uint256 calculationUnits, uint256 distribution, uint8 cashDecimals)
        internal
        pure
        returns (uint256)
    {
        return units * distribution / calculationUnits * Rounding.cashPerHundredth(cashDecimals);
    }

    /// @notice What 100 of face accrues in `part` of a year, half-up to `places` decimals and scaled by them: with six
    /// places 3.195652 is 3_195_652.
    function accruedPer100HalfUp(Rate rate, YearFraction memory part, uint8 places) internal pure returns (uint256) {
        return
            Rounding.divideHalfUp(
                100 * 10 ** places * Rate.unwrap(rate) * part.numerator, WHOLE_RATE * part.denominator
            );
    }

    /// @notice What `units` accrue in `part` of a year, half-up to the hundredth of the currency.
    /// @param unitFace Face of one unit in hundredths of the currency.
    /// @param cashDecimals Decimals of the cash token; the result is in its smallest units.
    function accruedHalfUp(uint256 units, uint256 unitFace, Rate rate, YearFraction memory part, uint8 cashDecimals)
        internal
        pure
        returns (uint256)
    {
        return distributionHalfUp(units * unitFace, rate, part) * Rounding.cashPerHundredth(cashDecimals);
    }

    /// @notice What `units` accrue in `part` of a year, up to the next smallest unit of the cash token, so that a seller
    /// who is paid piece by piece is never paid less than for the whole.
    /// @dev Parameters as in `accruedHalfUp`.
    function accruedUp(uint256 units, uint256 unitFace, Rate rate, YearFraction memory part, uint8 cashDecimals)
        internal
        pure
        returns (uint256)
    {
        uint256 face = units * unitFace * Rounding.cashPerHundredth(cashDecimals);
        return Math.ceilDiv(face * Rate.unwrap(rate) * part.numerator, WHOLE_RATE * part.denominator);
    }

    /// @notice The cash for `units` at `price`, without what has accrued: half-up to the hundredth of the currency.
    /// @dev A purchase at a clean price costs this and `accruedHalfUp`, each rounded for itself, as a contract note
    /// shows them. A redemption is this at par, and exact; a call is this at the call price. Parameters as above.
    function paymentHalfUp(uint256 units, uint256 unitFace, Price price, uint8 cashDecimals)
        internal
        pure
        returns (uint256)
    {
        return Rounding.divideHalfUp(units * unitFace * Price.unwrap(price), PAR)
            * Rounding.cashPerHundredth(cashDecimals);
    }

    /// @notice The dirty price in millionths per 100 of a clean price and what has accrued, in millionths. Exact.
    function dirty(Price clean, uint256 accrued) internal pure returns (uint256) {
        return Price.unwrap(clean) * MILLIONTHS_PER_PRICE + accrued;
    }

    /// @notice The clean price of a dirty one and what has accrued, both in millionths per 100; half-up.
    function cleanHalfUp(uint256 dirty_, uint256 accrued) internal pure returns (Price) {
        if (dirty_ < accrued) revert BondPriceOutOfRange(0);
        return asPrice(Rounding.divideHalfUp(dirty_ - accrued, MILLIONTHS_PER_PRICE));
    }
}
