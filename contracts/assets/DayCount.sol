// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {CivilDate} from "./CivilDate.sol";
import {PeriodSchedule, Schedule} from "./PeriodSchedule.sol";

/// @notice How the days of a period become a part of a year. Numbers never change their meaning.
/// @param ActActIcma Actual days over the days of the quasi-coupon period times the frequency (ICMA Rule 251, ISDA 2006
/// 4.16(c)): a regular period is exactly one part of the year's `frequency`, however many days it has.
/// @param Act365Fixed Actual days over 365, in leap years too (ISDA 2006 4.16(d)).
/// @param Thirty360 Months of 30 days over 360, "30/360" or bond basis (ISDA 2006 4.16(f)): a first day 31 counts as 30,
/// and a last day 31 counts as 30 where the first is 30 or 31. Not 30E/360, not the variant that stretches February.
enum DayCountConvention {
    ActActIcma,
    Act365Fixed,
    Thirty360
}

/// @notice A part of a year, as an exact fraction.
struct YearFraction {
    uint256 numerator;
    uint256 denominator;
}

/// @title DayCount
/// @notice Parts of a year between two days, exact: rounding is left to whoever makes money of them.
library DayCount {
    /// @notice Days are counted forward.
    error DayCountBackward(uint32 from, uint32 to);

    /// @notice The part of a year from `from` to `to`, days of a period of `schedule`.
    /// @dev By ACT/ACT (ICMA) a first period that is not regular is split at the quasi-coupon dates in it, and each
    /// piece is measured by the quasi-coupon period that it lies in.
    function yearFraction(DayCountConvention convention, Schedule memory schedule, uint32 from, uint32 to)
        internal
        pure
        returns (YearFraction memory)
    {
        if (from > to) revert DayCountBackward(from, to);
        if (convention == DayCountConvention.ActActIcma) return _icma(schedule, from, to);
        if (convention == DayCountConvention.Act365Fixed) return YearFraction(to - from, 365);
        return YearFraction(thirty360Days(from, to), 360);
    }

    /// @notice The part of a year that period `number` stands for: what its distribution is computed on.
    function ofPeriod(DayCountConvention convention, Schedule memory schedule, uint256 number)
        internal
        pure
        returns (YearFraction memory)
    {
        (uint32 start, uint32 end) = PeriodSchedule.period(schedule, number);
        return yearFraction(convention, schedule, start, end);
    }

    /// @notice The part of a year from the start of the period that holds `day` to `day`: zero on its first.
    function accrued(DayCountConvention convention, Schedule memory schedule, uint32 day)
        internal
        pure
        returns (YearFraction memory)
    {
        (uint32 start,) = PeriodSchedule.period(schedule, PeriodSchedule.periodAt(schedule, day));
        return yearFraction(convention, schedule, start, day);
    }

    /// @notice Days from `from` to `to` by 30/360, bond basis; zero where the last of a month follows the day before it.
    function thirty360Days(uint32 from, uint32 to) internal pure returns (uint256) {
        (uint256 firstMonth, uint256 firstDay) = CivilDate.toMonth(from);
        (uint256 lastMonth, uint256 lastDay) = CivilDate.toMonth(to);
        if (firstDay == 31) firstDay = 30;
        if (lastDay == 31 && firstDay == 30) lastDay = 30;
        return (lastMonth - firstMonth) * 30 + lastDay - firstDay;
    }

    function _icma(Schedule memory schedule, uint32 from, uint32 to) private pure returns (YearFraction memory) {
        (uint256 fromNumber, uint256 fromInto, uint256 fromLength) = _position(schedule, from);
        (uint256 toNumber, uint256 toInto, uint256 toLength) = _position(schedule, to);
        uint256 numerator = (fromNumber - toNumber) * fromLength * toLength + toInto * fromLength - fromInto * toLength;
        return YearFraction(numerator, fromLength * toLength * schedule.frequency);
    }

    /// @dev `day` lies `into` days after quasi-coupon date `number`, which begins a quasi-coupon period of `length`.
    function _position(Schedule memory schedule, uint32 day)
        private
        pure
        returns (uint256 number, uint256 into, uint256 length)
    {
        number = PeriodSchedule.quasiNumber(schedule, day);
        uint32 date = PeriodSchedule.quasiDate(schedule, number);
        into = day - date;
        length = number == 0 ? 1 : PeriodSchedule.quasiDate(schedule, number - 1) - date; // None begins at maturity.
    }
}
