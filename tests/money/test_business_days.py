"""Calendars, conventions, and the instants at which days begin in Pakistan."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from scripts._amanat.business_days import (
    BusinessDayConvention,
    CalendarError,
    MarketCalendar,
    day_in_karachi,
    start_of_day_karachi,
)
from scripts._amanat.terms import read_calendar

FOLLOWING = BusinessDayConvention.FOLLOWING
MODIFIED = BusinessDayConvention.MODIFIED_FOLLOWING


@pytest.fixture(scope="module")
def calendar(root: Path) -> MarketCalendar:
    return read_calendar(root / "scripts/_pilot/calendars/pk-2025.yaml")


def test_the_84th_day_of_the_october_bill_is_a_holiday(calendar: MarketCalendar) -> None:
    """So that the "3M" bill of 2-Oct-2025 was made to run 85 days."""
    assert calendar.why_closed(date(2025, 12, 25)) == "Quaid-e-Azam Day"
    assert calendar.adjust(date(2025, 12, 25), FOLLOWING) == date(2025, 12, 26)
    assert calendar.why_closed(date(2025, 12, 26)) is None


def test_a_weekend_is_closed_by_its_name(calendar: MarketCalendar) -> None:
    assert calendar.why_closed(date(2025, 10, 4)) == "Saturday"


def test_modified_following_stays_within_the_month(calendar: MarketCalendar) -> None:
    sunday = date(2025, 8, 31)
    assert calendar.adjust(sunday, FOLLOWING) == date(2025, 9, 1)
    assert calendar.adjust(sunday, MODIFIED) == date(2025, 8, 29)
    assert calendar.adjust(sunday, BusinessDayConvention.NONE) == sunday


def test_business_days_are_counted_back_over_holidays(calendar: MarketCalendar) -> None:
    assert calendar.business_days_before(date(2025, 12, 26), 1) == date(2025, 12, 24)
    assert calendar.business_days_before(date(2025, 12, 26), 0) == date(2025, 12, 26)


def test_a_date_beyond_the_calendar_is_an_error_and_not_a_working_day(
    calendar: MarketCalendar,
) -> None:
    with pytest.raises(CalendarError, match="covers 2025-07-01 to 2026-01-31, not 2026-02-02"):
        calendar.is_business_day(date(2026, 2, 2))


def test_a_day_begins_in_karachi_at_19_utc_of_the_day_before() -> None:
    begins = start_of_day_karachi(date(2025, 12, 26))
    assert datetime.fromtimestamp(begins, UTC) == datetime(2025, 12, 25, 19, tzinfo=UTC)
    assert day_in_karachi(begins) == date(2025, 12, 26)
    assert day_in_karachi(begins - 1) == date(2025, 12, 25)
