"""The periods of a bond or sukuk, counted back from its stated maturity.

Quasi-coupon date k lies k periods before the stated maturity. Each is counted from the maturity
itself, its day cut to the length of its month, so that a short month in between leaves no trace
(ICMA Rule 251). No date is adjusted to a holiday: accruals and prices run to the dates as printed,
and `Schedule.payment_days` tells when the money comes.

`contracts/assets/PeriodSchedule.sol` computes the same on-chain and the tests hold the two
together.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from .business_days import BusinessDayConvention, MarketCalendar

FREQUENCIES = {"annual": 1, "semi_annual": 2, "quarterly": 4}
"""Periods a year by their names in a term sheet."""


class ScheduleError(ValueError):
    """Terms that contradict each other, or a day that no period holds."""


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last of that month where it has no such day.

    >>> add_months(date(2024, 1, 31), 1)
    datetime.date(2024, 2, 29)
    """
    return _in_month(_month_number(day) + months, day.day)


@dataclass(frozen=True)
class Period:
    """A coupon or rental period: from `start`, which accrues, to `end`, which does not."""

    number: int
    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days


@dataclass(frozen=True)
class Schedule:
    """When a series pays, as its term sheet says it; raises ScheduleError for contradictions."""

    accrual_start: date
    """First day that accrues (the dated date)."""
    stated_maturity: date
    frequency: int
    """Periods a year: 1, 2 or 4."""
    first_period_end: date | None = None
    """Where the terms name it, as they do for a long first period; otherwise the first quasi-coupon
    date after `accrual_start`."""
    end_of_month: bool = False
    """Every date is the last of its month, as the stated maturity is."""

    def __post_init__(self) -> None:
        if self.frequency not in FREQUENCIES.values():
            raise ScheduleError(f"a year has 1, 2 or 4 periods, not {self.frequency}")
        if self.accrual_start >= self.stated_maturity:
            raise ScheduleError(
                f"accrues from {self.accrual_start}, not before its maturity {self.stated_maturity}"
            )
        if self.end_of_month and self.stated_maturity != _in_month(
            _month_number(self.stated_maturity), 31
        ):
            raise ScheduleError(f"its maturity {self.stated_maturity} is not the last of a month")
        self._require_first_period_end()

    @cached_property
    def count(self) -> int:
        """How many periods there are, a short or long first one included."""
        if self.first_period_end is None:
            return self.quasi_number(self.accrual_start)
        return self.quasi_number(self.first_period_end) + 1

    def __iter__(self) -> Iterator[Period]:
        return (self.period(number) for number in range(self.count))

    def period(self, number: int) -> Period:
        """Period `number`, counted from zero; raises ScheduleError where there is none."""
        if not 0 <= number < self.count:
            raise ScheduleError(f"there is no period {number}, the last is {self.count - 1}")
        start = self.quasi_date(self.count - number) if number else self.accrual_start
        return Period(number, start, self.quasi_date(self.count - number - 1))

    def period_at(self, day: date) -> Period:
        """The period that holds `day`; a day on which one ends belongs to the next."""
        if not self.accrual_start <= day < self.stated_maturity:
            raise ScheduleError(
                f"{day} is in no period: they run from {self.accrual_start} "
                f"to {self.stated_maturity}"
            )
        return self.period(max(0, self.count - self.quasi_number(day)))

    def quasi_date(self, number: int) -> date:
        """The date `number` periods before the stated maturity."""
        month = _month_number(self.stated_maturity) - number * self._months
        return _in_month(month, 31 if self.end_of_month else self.stated_maturity.day)

    def quasi_number(self, day: date) -> int:
        """The number of the last quasi-coupon date that is not after `day`."""
        if day > self.stated_maturity:
            raise ScheduleError(f"{day} is after the stated maturity {self.stated_maturity}")
        months = _month_number(self.stated_maturity) - _month_number(day)
        number = months // self._months
        return number + 1 if self.quasi_date(number) > day else number

    def payment_days(
        self, calendar: MarketCalendar, convention: BusinessDayConvention
    ) -> tuple[date, ...]:
        """The day on which each period is paid; raises CalendarError for years not covered."""
        return tuple(calendar.adjust(period.end, convention) for period in self)

    @property
    def _months(self) -> int:
        return 12 // self.frequency

    def _require_first_period_end(self) -> None:
        end = self.first_period_end
        if end is None:
            return
        if not self.accrual_start < end <= self.stated_maturity:
            raise ScheduleError(
                f"a first period ends after {self.accrual_start} and no later than "
                f"{self.stated_maturity}, not on {end}"
            )
        before = self.quasi_date(self.quasi_number(end))
        if before != end:
            raise ScheduleError(
                f"a first period ends on a date counted back from the maturity "
                f"{self.stated_maturity}, such as {before}, not on {end}"
            )


def _month_number(day: date) -> int:
    """Months since January of the year 0."""
    return day.year * 12 + day.month - 1


def _in_month(number: int, day: int) -> date:
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
