// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title CivilDate
/// @notice Dates as days since 1970-01-01, and the instants at which they begin in Pakistan.
/// @dev The conversion counts in cycles of 400 Gregorian years that begin on the first of March, so that the leap day
/// comes last in its year (Howard Hinnant, "chrono-compatible low-level date algorithms"). Dates before 1970 are not
/// representable; years are accepted up to 9999.
library CivilDate {
    /// @notice No such day is in the calendar, or it lies before 1970 or after 9999.
    error CivilDateInvalid(uint256 year, uint256 month, uint256 day);

    /// @notice The day lies after 9999-12-31.
    error CivilDateOutOfRange(uint256 day);

    uint32 internal constant LAST_DAY = 2_932_896; // 9999-12-31

    /// @dev Pakistan is five hours ahead of UTC the year round; it has kept no summer time since 2009.
    uint256 internal constant KARACHI_OFFSET = 5 hours;

    uint256 private constant DAYS_OF_400_YEARS = 146_097;

    /// @dev From 0000-03-01, where the cycles begin, to 1970-01-01.
    uint256 private constant DAYS_TO_EPOCH = 719_468;

    /// @notice The day of a date of the Gregorian calendar; a date that does not exist reverts.
    function fromCivil(uint256 year, uint256 month, uint256 day) internal pure returns (uint32) {
        if (year < 1970 || year > 9999 || month == 0 || month > 12 || day == 0 || day > daysInMonth(year, month)) {
            revert CivilDateInvalid(year, month, day);
        }
        uint256 marchYear = month > 2 ? year : year - 1;
        uint256 marchMonth = (month + 9) % 12;
        uint256 dayOfYear = (153 * marchMonth + 2) / 5 + day - 1;
        uint256 leapDays = marchYear / 4 - marchYear / 100 + marchYear / 400;
        return uint32(marchYear * 365 + leapDays + dayOfYear - DAYS_TO_EPOCH); // At most LAST_DAY.
    }

    /// @notice The date of the Gregorian calendar that is `day` days after 1970-01-01.
    function toCivil(uint32 day) internal pure returns (uint256 year, uint256 month, uint256 dayOfMonth) {
        if (day > LAST_DAY) revert CivilDateOutOfRange(day);
        uint256 shifted = uint256(day) + DAYS_TO_EPOCH;
        uint256 cycle = shifted / DAYS_OF_400_YEARS;
        uint256 inCycle = shifted % DAYS_OF_400_YEARS;
        uint256 yearOfCycle = (inCycle - inCycle / 1460 + inCycle / 36_524 - inCycle / 146_096) / 365;
        uint256 dayOfYear = inCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100);
        uint256 marchMonth = (5 * dayOfYear + 2) / 153;
        dayOfMonth = dayOfYear - (153 * marchMonth + 2) / 5 + 1;
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
        year = cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0);
    }

    /// @notice The day `months` months later, or earlier where negative: the same day of that month, or the last of it
    /// where it has no such day (31 January and one month is 28 or 29 February).
    function addMonths(uint32 day, int256 months) internal pure returns (uint32) {
        (uint256 month, uint256 dayOfMonth) = toMonth(day);
        int256 target = int256(month) + months;
        return inMonth(target < 0 ? 0 : uint256(target), dayOfMonth); // The year 0 is refused like any before 1970.
    }

    /// @notice The number of the month that `day` lies in, counted from January of the year 0, and its day there.
    function toMonth(uint32 day) internal pure returns (uint256 month, uint256 dayOfMonth) {
        uint256 year;
        (year, month, dayOfMonth) = toCivil(day);
        month += year * 12 - 1;
    }

    /// @notice The day `dayOfMonth` of the month of that number, or the last day of it where it has fewer.
    function inMonth(uint256 month, uint256 dayOfMonth) internal pure returns (uint32) {
        (uint256 year, uint256 monthOfYear) = (month / 12, month % 12 + 1);
        uint256 last = daysInMonth(year, monthOfYear);
        return fromCivil(year, monthOfYear, dayOfMonth < last ? dayOfMonth : last);
    }

    /// @notice The Unix second at which `day` begins in Pakistan: 19:00 UTC of the day before.
    /// @dev Day 0 began there before Unix time did, and reverts with an arithmetic panic.
    function startOfDayKarachi(uint32 day) internal pure returns (uint256) {
        return uint256(day) * 1 days - KARACHI_OFFSET;
    }

    /// @notice The day that a calendar in Karachi shows at `timestamp`.
    function dayInKarachi(uint256 timestamp) internal pure returns (uint32) {
        uint256 day = (timestamp + KARACHI_OFFSET) / 1 days;
        if (day > LAST_DAY) revert CivilDateOutOfRange(day);
        return uint32(day);
    }

    function daysInMonth(uint256 year, uint256 month) internal pure returns (uint256) {
        if (month == 2) return isLeapYear(year) ? 29 : 28;
        return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    }

    function isLeapYear(uint256 year) internal pure returns (bool) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }
}
