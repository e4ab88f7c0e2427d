// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Price} from "../../contracts/assets/BillMath.sol";
import {BondMath, Rate} from "../../contracts/assets/BondMath.sol";
import {CivilDate} from "../../contracts/assets/CivilDate.sol";
import {DayCount, DayCountConvention, YearFraction} from "../../contracts/assets/DayCount.sol";
import {PeriodSchedule, Schedule} from "../../contracts/assets/PeriodSchedule.sol";

/// @dev Opens the internal functions of the bond's libraries to tests.
contract BondMathHarness {
    function addMonths(uint32 day, int256 months) external pure returns (uint32) {
        return CivilDate.addMonths(day, months);
    }

    function validate(Schedule memory schedule) external pure {
        PeriodSchedule.validate(schedule);
    }

    function periodCount(Schedule memory schedule) external pure returns (uint256) {
        return PeriodSchedule.periodCount(schedule);
    }

    function period(Schedule memory schedule, uint256 number) external pure returns (uint32 start, uint32 end) {
        return PeriodSchedule.period(schedule, number);
    }

    function periodAt(Schedule memory schedule, uint32 day) external pure returns (uint256) {
        return PeriodSchedule.periodAt(schedule, day);
    }

    function yearFraction(DayCountConvention convention, Schedule memory schedule, uint32 from, uint32 to)
        external
        pure
        returns (YearFraction memory)
    {
        return DayCount.yearFraction(convention, schedule, from, to);
    }

    function ofPeriod(DayCountConvention convention, Schedule memory schedule, uint256 number)
        external
        pure
        returns (YearFraction memory)
    {
        return DayCount.ofPeriod(convention, schedule, number);
    }

    function accrued(DayCountConvention convention, Schedule memory schedule, uint32 day)
        external
        pure
        returns (YearFraction memory)
    {
        return DayCount.accrued(convention, schedule, day);
    }

    function thirty360Days(uint32 from, uint32 to) external pure returns (uint256) {
        return DayCount.thirty360Days(from, to);
    }

    function asPrice(uint256 raw) external pure returns (Price) {
        return BondMath.asPrice(raw);
    }

    function asRate(uint256 raw) external pure returns (Rate) {
        return BondMath.asRate(raw);
    }

    function distributionHalfUp(uint256 face, Rate rate, YearFraction memory part) external pure returns (uint256) {
        return BondMath.distributionHalfUp(face, rate, part);
    }

    function payoutDown(uint256 units, uint256 calculationUnits, uint256 distribution, uint8 cashDecimals)
        external
        pure
        returns (uint256)
    {
        return BondMath.payoutDown(units, calculationUnits, distribution, cashDecimals);
    }

    function accruedPer100HalfUp(Rate rate, YearFraction memory part, uint8 places) external pure returns (uint256) {
        return BondMath.accruedPer100HalfUp(rate, part, places);
    }

    function accruedHalfUp(uint256 units, uint256 unitFace, Rate rate, YearFraction memory part, uint8 cashDecimals)
        external
        pure
        returns (uint256)
    {
        return BondMath.accruedHalfUp(units, unitFace, rate, part, cashDecimals);
    }

    function accruedUp(uint256 units, uint256 unitFace, Rate rate, YearFraction memory part, uint8 cashDecimals)
        external
        pure
        returns (uint256)
    {
        return BondMath.accruedUp(units, unitFace, rate, part, cashDecimals);
    }

    function paymentHalfUp(uint256 units, uint256 unitFace, Price price, uint8 cashDecimals)
        external
        pure
        returns (uint256)
    {
        return BondMath.paymentHalfUp(units, unitFace, price, cashDecimals);
    }

    function dirty(Price clean, uint256 accrued_) external pure returns (uint256) {
        return BondMath.dirty(clean, accrued_);
    }

    function cleanHalfUp(uint256 dirty_, uint256 accrued_) external pure returns (Price) {
        return BondMath.cleanHalfUp(dirty_, accrued_);
    }
}
