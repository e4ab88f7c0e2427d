"""QuantLib, as an outside opinion, has the same dates, accruals and prices over random bonds.

It takes no side where conventions part, and there the figures of `test_bonds.py` decide: a 30/360
bond that pays on the last days of months (QuantLib discounts over 183 days of 180), and a short or
long first period that ends on such a day (QuantLib counts back from a date that is already cut).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scripts._amanat import bonds, day_counts
from scripts._amanat.bonds import Bond
from scripts._amanat.day_counts import DayCount
from scripts._amanat.pricing import PricingError
from scripts._amanat.schedules import Schedule
from tests.money import quantlib
from tests.money.schedules import schedules, schedules_with_a_day

QuantLib: Any = quantlib.QuantLib


def is_understood(schedule: Schedule, convention: DayCount) -> bool:
    if schedule.stated_maturity.day <= 28 and not schedule.end_of_month:
        return not skips_to_the_maturity(schedule)
    return not quantlib.is_irregular(schedule) and convention is not DayCount.THIRTY_360


def skips_to_the_maturity(schedule: Schedule) -> bool:
    """QuantLib has no schedule of one long period."""
    return schedule.count == 1 and schedule.quasi_number(schedule.accrual_start) > 1


@given(schedule=schedules())
def test_schedules_have_the_same_dates(schedule: Schedule) -> None:
    assume(not skips_to_the_maturity(schedule))
    theirs = [quantlib.from_date(day) for day in quantlib.schedule(schedule).dates()]
    assert [schedule.accrual_start, *(period.end for period in schedule)] == theirs


@given(
    start=st.dates(date(1950, 1, 1), date(2150, 1, 1)),
    end=st.dates(date(1950, 1, 1), date(2150, 1, 1)),
)
def test_30_360_counts_the_same_days(start: date, end: date) -> None:
    start, end = sorted((start, end))
    counter = QuantLib.Thirty360(QuantLib.Thirty360.BondBasis)
    days = counter.dayCount(quantlib.to_date(start), quantlib.to_date(end))
    assert day_counts.thirty_360_days(start, end) == days


@given(
    case=schedules_with_a_day(),
    convention=st.sampled_from(DayCount),
    coupon=st.integers(1, 200_000),
)
def test_bonds_accrue_the_same(
    case: tuple[Schedule, date], convention: DayCount, coupon: int
) -> None:
    schedule, day = case
    assume(is_understood(schedule, convention))
    bond = Bond(schedule, Decimal(coupon).scaleb(-4), convention)
    ours = float(bonds.accrued(bond, day, places=12))
    assert ours == pytest.approx(quantlib.accrued(bond, day), abs=1e-9)


@given(
    case=schedules_with_a_day(),
    convention=st.sampled_from(DayCount),
    coupon=st.integers(0, 200_000),
    yield_=st.integers(0, 300_000),
)
def test_bonds_have_the_same_price(
    case: tuple[Schedule, date], convention: DayCount, coupon: int, yield_: int
) -> None:
    schedule, day = case
    assume(is_understood(schedule, convention))
    bond = Bond(schedule, Decimal(coupon).scaleb(-4), convention)
    theirs = quantlib.clean_price(bond, day, yield_ / 10_000, simple=bond.stream(day).simple)
    try:
        ours = bonds.price_from_yield(bond, day, Decimal(yield_).scaleb(-4), places=10)
    except PricingError:
        assert theirs <= 1e-9
    else:
        assert float(ours) == pytest.approx(theirs, abs=1e-7)


@given(case=schedules_with_a_day(), coupon=st.integers(0, 200_000), price=st.integers(50, 110))
def test_bonds_have_the_same_yield(case: tuple[Schedule, date], coupon: int, price: int) -> None:
    schedule, day = case
    assume(is_understood(schedule, DayCount.ACT_ACT_ICMA))
    assume((schedule.stated_maturity - day).days > 30)
    bond = Bond(schedule, Decimal(coupon).scaleb(-4))
    simple = bond.stream(day).simple
    try:
        ours = bonds.yield_from_price(bond, day, Decimal(price), places=9)
    except PricingError:
        assert quantlib.clean_price(bond, day, 0.0, simple=simple) < price
    else:
        theirs = quantlib.clean_price(bond, day, float(ours), simple=simple)
        assert theirs == pytest.approx(price, abs=1e-6)
