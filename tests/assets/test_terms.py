"""Terms: what no series can be made of, and that the chain counts periods as Python does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts._amanat import bonds, distributions
from scripts._amanat.business_days import epoch_day, from_epoch_day, start_of_day_karachi
from scripts._amanat.day_counts import DayCount
from scripts._amanat.pricing import Units
from scripts._amanat.schedules import Schedule, add_months
from tests.assets.periods import COUPON
from tests.evm import Contract, reverts
from tests.world import BondTerms, PeriodicTerms, World

# ------------------------------------------------------------------ what cannot be

ZERO = {"rate_type": 0, "frequency": 0, "rate": 0}
VARIABLE = {"rate_type": 2, "benchmark": b"MTB 3M", "cap": 200_000}
ISSUED = PeriodicTerms().issue_date
FIRST_END = epoch_day(date(2026, 1, 17))


@pytest.mark.parametrize(
    "changes",
    [
        {"maximum_issue": 0},
        {"unit_face": 0},
        {"denomination": 0},
        {"calculation_amount": 0},
        {"issue_price": 0},
        {"term_sheet_hash": bytes(32)},
        {"calendar": b""},
        {"accrual_start": ISSUED + 1},
        {"issue_date": FIRST_END - 7},  # the record date
        {"record_days": 61},
        {"record_days": 60, "issue_date": FIRST_END - 60},
        {"stated_maturity": epoch_day(date(2106, 2, 8))},  # beyond 32 bits of seconds
        {"rate": 0},
        {"benchmark": b"MTB 3M"},
        ZERO | {"frequency": 2},
        ZERO | {"rate": 1},
        ZERO | {"benchmark": b"MTB 3M"},
        ZERO | {"issue_price": 1_000_001},
        VARIABLE | {"benchmark": b""},
        VARIABLE | {"floor": 105_001},
        VARIABLE | {"cap": 104_999},
        VARIABLE | {"fixing_days": 61},
        {"frequency": 4, "stated_maturity": epoch_day(date(2088, 1, 17))},  # 250 periods
    ],
    ids=str,
)
def test_no_series_is_made_of_terms_that_contradict_each_other(
    world: World, changes: dict[str, Any]
) -> None:
    with reverts("TermsUnsound"):
        world.bond(**changes)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"frequency": 12}, "ScheduleFrequencyInvalid"),
        ({"first_period_end": epoch_day(date(2026, 1, 18))}, "ScheduleFirstPeriodInvalid"),
        ({"end_of_month": True}, "ScheduleNotEndOfMonth"),
    ],
)
def test_a_schedule_that_cannot_be_says_why(
    world: World, changes: dict[str, Any], error: str
) -> None:
    with reverts(error):
        world.bond(**changes)


@pytest.mark.parametrize(
    "call",
    [
        {"call_price": 1},
        {"call_notice_days": 1},
        {"callable_from": ISSUED, "call_price": 1_000_000},
        {"callable_from": PeriodicTerms().stated_maturity, "call_price": 1_000_000},
        {"callable_from": ISSUED + 1},
    ],
    ids=str,
)
def test_a_call_that_cannot_be_is_no_term(world: World, call: dict[str, int]) -> None:
    with reverts("TermsUnsound"):
        world.bond(terms=BondTerms(**call))


def test_a_discount_series_is_not_callable(world: World) -> None:
    terms = BondTerms(callable_from=ISSUED + 1, call_price=1_000_000)
    with reverts("TermsUnsound"):
        world.bond(terms=terms, **ZERO)


def test_terms_are_read_back_as_they_were_given(world: World) -> None:
    """Pitfall 54: the clone's code is its terms, and its address commits to them."""
    wanted = BondTerms(callable_from=ISSUED + 1, call_price=1_000_000, call_notice_days=30)
    bond = world.bond(terms=wanted)
    found = bond.terms()
    assert found.callPrice == 1_000_000
    assert found.periodic.statedMaturity == wanted.periodic.stated_maturity
    assert (bond.name(), bond.symbol()) == ("Pakistan Investment Bond 2028", "PIB-28")
    assert (bond.decimals(), bond.maximumIssue()) == (0, 10_000_000_000)


# ------------------------------------------------------------------ agreement with Python


@dataclass(frozen=True)
class Sheet:
    """Random terms, as both sides take them."""

    schedule: Schedule
    day_count: DayCount
    cash: DayCount
    rate: Decimal
    calculation_amount: int

    @property
    def bond(self) -> bonds.Bond:
        return bonds.Bond(self.schedule, self.rate, self.day_count, self.cash)

    @property
    def changes(self) -> dict[str, Any]:
        schedule = self.schedule
        first = schedule.first_period_end
        return {
            "stated_maturity": epoch_day(schedule.stated_maturity),
            "accrual_start": epoch_day(schedule.accrual_start),
            "issue_date": epoch_day(schedule.accrual_start),
            "first_period_end": epoch_day(first) if first else 0,
            "frequency": schedule.frequency,
            "end_of_month": schedule.end_of_month,
            "day_count": self.day_count.number,
            "accrued_day_count": self.cash.number,
            "rate": distributions.to_rate_e4(self.rate),
            "calculation_amount": self.calculation_amount,
            "record_days": 0,
        }


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    """Regular, short and long first periods, month ends, every frequency and convention."""
    maturity = draw(st.dates(date(2040, 1, 1), date(2070, 12, 31)))
    if draw(st.booleans()):
        maturity = add_months(maturity.replace(day=1), 1) - timedelta(days=1)
    last = (maturity + timedelta(days=1)).day == 1
    frequency, end_of_month = draw(st.sampled_from([1, 2, 4])), last and draw(st.booleans())
    probe = Schedule(maturity - timedelta(days=1), maturity, frequency, None, end_of_month)
    start = probe.quasi_date(draw(st.integers(1, 14 * frequency)))
    start += timedelta(days=draw(st.sampled_from([0, 0, 1]) | st.integers(0, 80)))
    first = None
    if draw(st.booleans()):
        after = Schedule(start, maturity, frequency, None, end_of_month)
        first = draw(st.sampled_from([each.end for each in after][:2]))
    convention = st.sampled_from(DayCount)
    return Sheet(
        Schedule(start, maturity, frequency, first, end_of_month),
        draw(convention),
        draw(convention),
        Decimal(draw(st.integers(1, 300_000))) / 10_000,
        draw(st.sampled_from([1, 1_000, 5_000, 100_000, 200_000])),
    )


@cache
def shared() -> World:
    return World()


@settings(max_examples=120)
@given(sheet=sheets(), part=st.floats(0, 0.999999))
def test_periods_coupons_and_accruals_agree_with_python(sheet: Sheet, part: float) -> None:
    world = shared()
    with world.evm.snapshot():
        bond = world.bond(**sheet.changes)
        compare_periods(bond, sheet)
        span = sheet.schedule.stated_maturity - sheet.schedule.accrual_start
        day = sheet.schedule.accrual_start + timedelta(days=int(span.days * part))
        compare_accrual(world, bond, sheet, day)


def compare_periods(bond: Contract, sheet: Sheet) -> None:
    amount = sheet.calculation_amount
    periods = list(sheet.schedule)
    assert bond.periodCount() == len(periods)
    for period in periods[:3] + periods[-2:]:
        found = bond.period(period.number)
        assert from_epoch_day(found.start) == period.start
        assert from_epoch_day(found.end) == period.end
        paid = bonds.distribution(sheet.bond, period.number, Units(amount))
        assert found.distribution == paid
        assert bond.obligationAmount(COUPON, period.number, 7 * amount, 2) == 7 * paid
        assert found.recordAt == start_of_day_karachi(period.end)
    assert bond.recordDate(len(periods)) == start_of_day_karachi(sheet.schedule.stated_maturity)


def compare_accrual(world: World, bond: Contract, sheet: Sheet, day: date) -> None:
    accrued = bonds.cash_accrued(sheet.bond, day)
    assert bond.accruedPer100At(epoch_day(day)) == int(accrued.scaleb(6))
    world.evm.time = start_of_day_karachi(day)
    units = Units(3 * sheet.calculation_amount)
    price = Decimal("98.7654")
    assert bond.costOf(units, 987_654, 2) == bonds.cost(sheet.bond, day, units, price).total
    assert bond.dirtyPrice(987_654) == 98_765_400 + int(accrued.scaleb(6))


def test_a_short_and_a_long_first_period_are_paid_for_their_days(world: World) -> None:
    """ICMA Rule 251: 72 of the 184 days of the quasi-coupon period, or those and a whole one."""
    short = {"accrual_start": ISSUED, "issue_date": ISSUED}
    bond = world.bond(**short)
    assert (bond.periodCount(), bond.obligationAmount(COUPON, 0, 1_000_000, 2)) == (6, 20_543_50)
    long = world.bond(**short, first_period_end=epoch_day(date(2026, 7, 17)))
    assert (long.periodCount(), long.obligationAmount(COUPON, 0, 1_000_000, 2)) == (5, 73_043_50)


def test_dates_at_the_end_of_a_month_leave_no_trace(world: World) -> None:
    """Counted from the maturity itself: 31 August gives 28 February, and 31 August again."""
    dates = {"accrual_start": epoch_day(date(2025, 8, 31)), "issue_date": ISSUED}
    bond = world.bond(stated_maturity=epoch_day(date(2028, 8, 31)), **dates)
    ends = [from_epoch_day(each.end) for each in bond.schedule()]
    assert ends == [
        date(2026, 2, 28),
        date(2026, 8, 31),
        date(2027, 2, 28),
        date(2027, 8, 31),
        date(2028, 2, 29),
        date(2028, 8, 31),
    ]


def test_one_series_cannot_be_made_twice(world: World) -> None:
    """Pitfall 54: the salt binds the terms."""
    terms = replace(BondTerms(), periodic=replace(PeriodicTerms(), term_sheet_hash=b"\x05" * 32))
    world.propose(None, terms, asset_class="GovernmentBond")
    with reverts("FailedDeployment"):
        world.propose(None, terms, asset_class="GovernmentBond")
