"""Days: civil dates, the instants at which they begin in Pakistan, and when the market is open.

Calendars are data with a version, because holidays hang on the moon and change days ahead. A date
outside what a calendar covers is an error, never silently a working day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_EPOCH = date(1970, 1, 1)
SECONDS_OF_DAY = 86_400
KARACHI_OFFSET = 5 * 3_600
"""Pakistan is five hours ahead of UTC the year round; it has kept no summer time since 2009."""


class CalendarError(ValueError):
    """A date that the calendar says nothing about."""


class BusinessDayConvention(StrEnum):
    """What becomes of a payment whose date is a holiday."""

    FOLLOWING = "following"
    MODIFIED_FOLLOWING = "modified_following"
    NONE = "none"


def epoch_day(day: date) -> int:
    """Days since 1970-01-01, the form in which contracts keep a date."""
    return (day - _EPOCH).days


def from_epoch_day(days: int) -> date:
    return _EPOCH + timedelta(days=days)


def start_of_day_karachi(day: date) -> int:
    """The Unix second at which `day` begins in Pakistan (19:00 UTC of the day before)."""
    return epoch_day(day) * SECONDS_OF_DAY - KARACHI_OFFSET


def day_in_karachi(timestamp: int) -> date:
    """The date that a calendar in Karachi shows at a Unix second."""
    return from_epoch_day((timestamp + KARACHI_OFFSET) // SECONDS_OF_DAY)


@dataclass(frozen=True)
class MarketCalendar:
    """Weekends and holidays of a market, for the dates from `first` to `last`, both included."""

    name: str
    version: str
    first: date
    last: date
    weekend: frozenset[int]
    """Weekdays without business, Monday being 0."""
    holidays: Mapping[date, str]

    def is_business_day(self, day: date) -> bool:
        if not self.first <= day <= self.last:
            raise CalendarError(
                f"calendar {self.name} ({self.version}) covers {self.first} to {self.last}, "
                f"not {day}"
            )
        return day.weekday() not in self.weekend and day not in self.holidays

    def why_closed(self, day: date) -> str | None:
        """The holiday's name or the weekday, or None where the market is open."""
        if self.is_business_day(day):
            return None
        return self.holidays.get(day) or f"{day:%A}"

    def adjust(self, day: date, convention: BusinessDayConvention) -> date:
        """The day on which something due on `day` is paid."""
        if convention is BusinessDayConvention.NONE:
            return day
        following = self._next_open(day, step=1)
        crosses_month = (following.year, following.month) != (day.year, day.month)
        if convention is BusinessDayConvention.MODIFIED_FOLLOWING and crosses_month:
            return self._next_open(day, step=-1)
        return following

    def business_days_before(self, day: date, count: int) -> date:
        """The open day that lies `count` open days before `day`; 0 gives `day` itself."""
        for _ in range(count):
            day = self._next_open(day - timedelta(days=1), step=-1)
        return day

    def _next_open(self, day: date, step: int) -> date:
        while not self.is_business_day(day):
            day += timedelta(days=step)
        return day
