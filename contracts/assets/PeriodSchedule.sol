// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {CivilDate} from "./CivilDate.sol";

/// @notice When a bond or sukuk pays, as its term sheet says it. Days since 1970-01-01; none is adjusted to a holiday.
/// @param accrualStart First day that accrues (the dated date).
/// @param statedMaturity Day from which all others are counted back.
/// @param firstPeriodEnd End of the first period where the terms name it, as they do for a long one; zero where it is
/// the first quasi-coupon date after `accrualStart`.
/// @param frequency Periods a year: 1, 2 or 4.
/// @param endOfMonth Every date is the last of its month, as `statedMaturity` is. Otherwise a maturity on 30 June
/// gives 30 December, and one on 31 August gives 28 or 29 February and 31 August.
struct Schedule {
    uint32 accrualStart;
    uint32 statedMaturity;
    uint32 firstPeriodEnd;
    uint8 frequency;
    bool endOfMonth;
}

/// @title PeriodSchedule
/// @notice The periods of a bond or sukuk, counted back from its stated maturity.
/// @dev Quasi-coupon date k lies k periods before the stated maturity. Each is counted from the maturity itself, its
/// day cut to the length of its month, so that a short month in between leaves no trace (ICMA Rule 251). Periods are
/// numbered from zero in order of time: number i of n runs from date n-i to date n-1-i, and the first from the accrual
/// start, so that it is shorter or longer where that is no quasi-coupon date. Nothing here loops.
library PeriodSchedule {
    /// @notice A schedule has 1, 2 or 4 periods a year.
    error ScheduleFrequencyInvalid(uint256 frequency);

    /// @notice A series starts to accrue before it matures.
    error ScheduleWithoutDays(uint32 accrualStart, uint32 statedMaturity);

    /// @notice The first period ends after the accrual start, on a date counted back from the stated maturity.
    error ScheduleFirstPeriodInvalid(uint32 firstPeriodEnd);

    /// @notice Only a maturity on the last of a month makes every date the last of its month.
    error ScheduleNotEndOfMonth(uint32 statedMaturity);

    /// @notice The series has fewer periods.
    error SchedulePeriodUnknown(uint256 number);

    /// @notice No period holds that day: it is before the accrual start, or not before the stated maturity.
    error ScheduleDayOutOfRange(uint32 day);

    /// @notice Reverts where the terms of `schedule` contradict each other; the other functions trust them.
    function validate(Schedule memory schedule) internal pure {
        uint256 frequency = schedule.frequency;
        uint32 maturity = schedule.statedMaturity;
        uint32 firstEnd = schedule.firstPeriodEnd;
        if (frequency != 1 && frequency != 2 && frequency != 4) revert ScheduleFrequencyInvalid(frequency);
        if (schedule.accrualStart >= maturity) revert ScheduleWithoutDays(schedule.accrualStart, maturity);
        (uint256 month, uint256 dayOfMonth) = CivilDate.toMonth(maturity);
        if (schedule.endOfMonth && dayOfMonth != CivilDate.daysInMonth(month / 12, month % 12 + 1)) {
            revert ScheduleNotEndOfMonth(maturity);
        }
        if (firstEnd == 0) return;
        if (firstEnd <= schedule.accrualStart || firstEnd > maturity) revert ScheduleFirstPeriodInvalid(firstEnd);
        if (quasiDate(schedule, quasiNumber(schedule, firstEnd)) != firstEnd) {
            revert ScheduleFirstPeriodInvalid(firstEnd);
        }
    }

    /// @notice How many periods there are, a short or long first one included.
    function periodCount(Schedule memory schedule) internal pure returns (uint256) {
        uint32 firstEnd = schedule.firstPeriodEnd;
        return firstEnd == 0 ? quasiNumber(schedule, schedule.accrualStart) : quasiNumber(schedule, firstEnd) + 1;
    }

    /// @notice The first day of period `number` and the day on which it ends, which is the next one's first.
    function period(Schedule memory schedule, uint256 number) internal pure returns (uint32 start, uint32 end) {
        uint256 count = periodCount(schedule);
        if (number >= count) revert SchedulePeriodUnknown(number);
        start = number == 0 ? schedule.accrualStart : quasiDate(schedule, count - number);
        end = quasiDate(schedule, count - number - 1);
    }

    /// @notice The number of the period that holds `day`; a day on which one ends belongs to the next.
    function periodAt(Schedule memory schedule, uint32 day) internal pure returns (uint256) {
        if (day < schedule.accrualStart || day >= schedule.statedMaturity) revert ScheduleDayOutOfRange(day);
        uint256 count = periodCount(schedule);
        uint256 toGo = quasiNumber(schedule, day);
        return toGo < count ? count - toGo : 0; // A long first period holds more than one quasi-coupon period.
    }

    /// @notice Quasi-coupon date `number`: that many periods before the stated maturity.
    function quasiDate(Schedule memory schedule, uint256 number) internal pure returns (uint32) {
        (uint256 month, uint256 dayOfMonth) = CivilDate.toMonth(schedule.statedMaturity);
        return CivilDate.inMonth(month - number * _months(schedule), schedule.endOfMonth ? 31 : dayOfMonth);
    }

    /// @notice The number of the last quasi-coupon date that is not after `day`; `day` is not after the maturity.
    function quasiNumber(Schedule memory schedule, uint32 day) internal pure returns (uint256 number) {
        (uint256 last,) = CivilDate.toMonth(schedule.statedMaturity);
        (uint256 month,) = CivilDate.toMonth(day);
        number = (last - month) / _months(schedule);
        if (quasiDate(schedule, number) > day) ++number;
    }

    function _months(Schedule memory schedule) private pure returns (uint256) {
        return 12 / schedule.frequency;
    }
}
