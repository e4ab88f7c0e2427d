// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice What becomes of a payment whose day is closed. Numbers never change their meaning.
/// @param None It is paid on that day all the same.
/// @param Following On the next business day.
/// @param ModifiedFollowing On the next business day, unless that is in another month: then on the one before.
enum BusinessDayConvention {
    None,
    Following,
    ModifiedFollowing
}

/// @notice A year of a market's calendar.
/// @param weekend Weekdays without business, a bit each, Monday being bit 0.
/// @param holidays Days without business beside the weekends, a bit each: 1 January is bit 0 of the first word, and the
/// day of the year after 255 is bit 0 of the second.
struct CalendarYear {
    uint8 weekend;
    uint256[2] holidays;
}

/// @notice On which days a market is open. Days are days since 1970-01-01.
interface IHolidayCalendar {
    /// @notice A year of a calendar was published, or corrected.
    /// @param version Counts the publications of that year, from one.
    /// @param source Hash of the circular behind it.
    event CalendarSet(
        bytes32 indexed calendar, uint256 indexed year, uint256 version, CalendarYear content, bytes32 source
    );

    /// @notice Nobody published that year: it is not known whether a day of it is a business day.
    error CalendarNotCovered(bytes32 calendar, uint256 year);
    /// @notice What has been read today or earlier stands: only later days can be changed.
    error CalendarDayPassed(bytes32 calendar, uint256 year);
    /// @notice A week needs a business day, and a year ends with its last day.
    error CalendarYearInvalid(uint256 year);
    /// @notice A publication names the circular behind it.
    error CalendarWithoutSource();

    /// @notice Publishes a year, or corrects the days of it that are still to come.
    /// @dev Only the steward, after the role's delay. The weekend of a year that has begun stands.
    function setCalendar(bytes32 calendar, uint256 year, CalendarYear calldata content, bytes32 source) external;

    /// @notice What was last published of a year; reverts where nothing was.
    function calendarYear(bytes32 calendar, uint256 year)
        external
        view
        returns (CalendarYear memory content, uint256 version);

    /// @notice Whether the market is open on `day`. Reverts with `CalendarNotCovered`, never guesses.
    function isBusinessDay(bytes32 calendar, uint32 day) external view returns (bool);

    /// @notice The day on which something due on `day` is paid. Reverts with `CalendarNotCovered`, never guesses.
    function adjust(bytes32 calendar, uint32 day, BusinessDayConvention convention) external view returns (uint32);
}
