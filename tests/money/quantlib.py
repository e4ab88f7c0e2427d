"""QuantLib in the words of this project, as an outside opinion on bonds."""

from __future__ import annotations

from datetime import date

import QuantLib

from scripts._amanat.bonds import Bond
from scripts._amanat.day_counts import DayCount
from scripts._amanat.schedules import Schedule

FREQUENCIES = {1: QuantLib.Annual, 2: QuantLib.Semiannual, 4: QuantLib.Quarterly}


def to_date(day: date) -> QuantLib.Date:
    return QuantLib.Date(day.day, day.month, day.year)


def from_date(day: QuantLib.Date) -> date:
    return date(day.year(), day.month(), day.dayOfMonth())


def schedule(ours: Schedule) -> QuantLib.Schedule:
    first = ours.first_period_end
    if first == ours.quasi_date(ours.quasi_number(ours.accrual_start) - 1):
        first = None  # QuantLib takes a first period whose end is named for an irregular one.
    return QuantLib.Schedule(
        to_date(ours.accrual_start),
        to_date(ours.stated_maturity),
        QuantLib.Period(FREQUENCIES[ours.frequency]),
        QuantLib.NullCalendar(),
        QuantLib.Unadjusted,
        QuantLib.Unadjusted,
        QuantLib.DateGeneration.Backward,
        ours.end_of_month,
        to_date(first) if first else QuantLib.Date(),
    )


def is_irregular(ours: Schedule) -> bool:
    """Whether its first period is shorter or longer than the others."""
    return ours.accrual_start != ours.quasi_date(ours.count)


def day_counter(convention: DayCount, ours: Schedule) -> QuantLib.DayCounter:
    isma = QuantLib.ActualActual.ISMA
    return {
        DayCount.ACT_ACT_ICMA: QuantLib.ActualActual(isma)
        if is_irregular(ours)
        else QuantLib.ActualActual(isma, schedule(ours)),
        DayCount.ACT_365_FIXED: QuantLib.Actual365Fixed(),
        DayCount.THIRTY_360: QuantLib.Thirty360(QuantLib.Thirty360.BondBasis),
    }[convention]


def bond(ours: Bond) -> QuantLib.FixedRateBond:
    return QuantLib.FixedRateBond(
        0,
        100.0,
        schedule(ours.schedule),
        [float(ours.rate_percent) / 100],
        day_counter(ours.day_count, ours.schedule),
        QuantLib.Unadjusted,
        float(ours.redemption),
    )


def clean_price(ours: Bond, settlement: date, yield_percent: float, *, simple: bool) -> float:
    """By a yield compounded as often as the bond pays, or by a simple one."""
    thirty = ours.day_count is DayCount.THIRTY_360
    return float(
        QuantLib.BondFunctions.cleanPrice(
            bond(ours),
            yield_percent / 100,
            day_counter(DayCount.THIRTY_360 if thirty else DayCount.ACT_ACT_ICMA, ours.schedule),
            QuantLib.Simple if simple else QuantLib.Compounded,
            FREQUENCIES[ours.schedule.frequency],
            to_date(settlement),
        )
    )


def accrued(ours: Bond, settlement: date) -> float:
    return float(QuantLib.BondFunctions.accruedAmount(bond(ours), to_date(settlement)))
