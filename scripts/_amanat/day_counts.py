"""How the days of a period become a part of a year, as exact fractions.

`contracts/assets/DayCount.sol` computes the same on-chain and the tests hold the two together.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from fractions import Fraction

from .schedules import Schedule

DAYS_OF_YEAR = 365


class DayCount(StrEnum):
    """A day count convention, by the name that a term sheet has for it."""

    ACT_ACT_ICMA = "ACT/ACT ICMA"
    """Actual days over the days of the quasi-coupon period times the frequency (ICMA Rule 251, ISDA
    2006 4.16(c)): a regular period is one part of the year's `frequency`, whatever its days."""
    ACT_365_FIXED = "ACT/365"
    """Actual days over 365, in leap years too (ISDA 2006 4.16(d))."""
    THIRTY_360 = "30/360"
    """Months of 30 days over 360, bond basis (ISDA 2006 4.16(f)). Not 30E/360, and not the variant
    that stretches February."""

    @property
    def number(self) -> int:
        """The number that contracts have for it."""
        return list(DayCount).index(self)


def year_fraction(convention: DayCount, schedule: Schedule, start: date, end: date) -> Fraction:
    """The part of a year from `start` to `end`, both days of one period of `schedule`.

    By ACT/ACT (ICMA) a first period that is not regular is split at the quasi-coupon dates in it,
    and each piece is measured by the quasi-coupon period that it lies in. Raises ValueError where
    `end` is before `start`.
    """
    if start > end:
        raise ValueError(f"days are counted forward, not from {start} to {end}")
    if convention is DayCount.ACT_ACT_ICMA:
        periods = periods_to_maturity(schedule, start) - periods_to_maturity(schedule, end)
        return periods / schedule.frequency
    if convention is DayCount.ACT_365_FIXED:
        return Fraction((end - start).days, DAYS_OF_YEAR)
    return Fraction(thirty_360_days(start, end), 360)


def periods_to_maturity(schedule: Schedule, day: date) -> Fraction:
    """Quasi-coupon periods from `day` to the stated maturity, actual over actual days."""
    number = schedule.quasi_number(day)
    begin = schedule.quasi_date(number)
    if day == begin:
        return Fraction(number)
    return number - Fraction((day - begin).days, (schedule.quasi_date(number - 1) - begin).days)


def thirty_360_days(start: date, end: date) -> int:
    """Days by 30/360, bond basis: a first 31 counts as 30, a last one too if the first is 30 or 31.

    8-Oct-2025 to 23-Feb-2026 is 135 days.
    """
    first = min(start.day, 30)
    last = 30 if end.day == 31 and first == 30 else end.day
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first
