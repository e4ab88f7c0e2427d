// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {CivilDate} from "../assets/CivilDate.sol";
import {BusinessDayConvention, CalendarYear, IHolidayCalendar} from "./IHolidayCalendar.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

/// @notice The holidays of the markets that the programme's series pay in. They hang on the moon and change days ahead,
/// so they are data with a version, and no term of any series.
/// @dev A year is published whole; a correction comes after the steward's delay and cannot reach today or earlier, so
/// that no payment's day moves once it has come.
contract HolidayCalendar is AccessManaged, IHolidayCalendar {
    /// @dev Two slots:
    ///
    ///   early    256    day of the year 0..255
    ///   late     110    day of the year 256..365 | weekend 8 | version 32
    struct Year {
        uint256 early;
        uint112 late;
        uint8 weekend;
        uint32 version;
    }

    uint8 private constant WHOLE_WEEK = 0x7F;

    /// @dev 1970-01-01 was a Thursday.
    uint256 private constant FIRST_WEEKDAY = 3;

    mapping(bytes32 calendar => mapping(uint256 year => Year)) private _years;

    constructor(address authority_) AccessManaged(authority_) {}

    /// @inheritdoc IHolidayCalendar
    function setCalendar(bytes32 calendar, uint256 year, CalendarYear calldata content, bytes32 source)
        external
        restricted
    {
        uint32 first = CivilDate.fromCivil(year, 1, 1);
        uint256 length = CivilDate.isLeapYear(year) ? 366 : 365;
        bool sound = content.weekend < WHOLE_WEEK && content.holidays[1] >> (length - 256) == 0;
        if (!sound) revert CalendarYearInvalid(year);
        if (source == 0) revert CalendarWithoutSource();

        Year storage old = _years[calendar][year];
        if (old.version != 0) _requireUntouched(calendar, year, first, old, content);
        (old.early, old.late) = (content.holidays[0], uint112(content.holidays[1]));
        (old.weekend, old.version) = (content.weekend, old.version + 1);
        emit CalendarSet(calendar, year, old.version, content, source);
    }

    /// @inheritdoc IHolidayCalendar
    function calendarYear(bytes32 calendar, uint256 year)
        external
        view
        returns (CalendarYear memory content, uint256 version)
    {
        Year storage found = _known(calendar, year);
        content = CalendarYear(found.weekend, [found.early, uint256(found.late)]);
        version = found.version;
    }

    /// @inheritdoc IHolidayCalendar
    function isBusinessDay(bytes32 calendar, uint32 day) public view returns (bool) {
        (uint256 year,,) = CivilDate.toCivil(day);
        Year storage found = _known(calendar, year);
        if (found.weekend >> ((day + FIRST_WEEKDAY) % 7) & 1 != 0) return false;
        uint256 place = day - CivilDate.fromCivil(year, 1, 1);
        uint256 holidays = place < 256 ? found.early : found.late;
        return holidays >> (place % 256) & 1 == 0;
    }

    /// @inheritdoc IHolidayCalendar
    function adjust(bytes32 calendar, uint32 day, BusinessDayConvention convention) external view returns (uint32) {
        if (convention == BusinessDayConvention.None) return day;
        uint32 paid = day;
        while (!isBusinessDay(calendar, paid)) ++paid;
        if (convention == BusinessDayConvention.Following || _month(paid) == _month(day)) return paid;
        paid = day;
        while (!isBusinessDay(calendar, paid)) --paid;
        return paid;
    }

    /// @dev That a correction leaves everything as it was up to today, the day that begins in Karachi included.
    function _requireUntouched(
        bytes32 calendar,
        uint256 year,
        uint32 first,
        Year storage old,
        CalendarYear calldata next
    ) private view {
        uint32 today = CivilDate.dayInKarachi(block.timestamp);
        if (today < first) return;
        uint256 passed = today - first + 1;
        uint256 early = passed < 256 ? (1 << passed) - 1 : type(uint256).max;
        uint256 late = passed < 256 ? 0 : passed < 512 ? (1 << (passed - 256)) - 1 : type(uint256).max;
        uint256 touched = (old.early ^ next.holidays[0]) & early;
        touched |= (old.late ^ next.holidays[1]) & late;
        if (touched != 0 || old.weekend != next.weekend) revert CalendarDayPassed(calendar, year);
    }

    function _known(bytes32 calendar, uint256 year) private view returns (Year storage found) {
        found = _years[calendar][year];
        if (found.version == 0) revert CalendarNotCovered(calendar, year);
    }

    function _month(uint32 day) private pure returns (uint256 month) {
        (, month,) = CivilDate.toCivil(day);
    }
}
