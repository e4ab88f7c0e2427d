"""The bond's libraries on-chain agree with Python over random terms and dates, digit for digit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts._amanat import day_counts, distributions
from scripts._amanat.business_days import epoch_day, from_epoch_day
from scripts._amanat.day_counts import DayCount
from scripts._amanat.pricing import Units
from scripts._amanat.schedules import Schedule, ScheduleError, add_months
from tests.evm import Contract, Evm, reverts
from tests.money.schedules import packed, schedules, schedules_with_a_day

PAISA = 100  # The face of a unit of one rupee, in hundredths.
ICMA, ACT_365, THIRTY_360 = (count.number for count in DayCount)

PIB_2028 = Schedule(date(2025, 7, 17), date(2028, 7, 17), 2)
HALF_YEAR = (1, 2)

conventions = st.sampled_from(DayCount)
rates = st.integers(0, 500_000)
parts = st.fractions(0, 2, max_denominator=184 * 184 * 4)
units = st.integers(0, 2**112 - 1)
decimals = st.integers(2, 18)


@pytest.fixture(scope="module")
def bond() -> Iterator[Contract]:
    evm = Evm()
    yield evm.deploy("BondMathHarness", sender=evm.actor("issuer"))


def percent(rate: int) -> Decimal:
    return Decimal(rate).scaleb(-4)


def fraction(answer: tuple[int, int]) -> Fraction:
    return Fraction(*answer)


def as_pair(part: Fraction) -> tuple[int, int]:
    return part.numerator, part.denominator


# Published figures


def test_a_pib_pays_half_its_rate_whatever_the_days(bond: Contract) -> None:
    """10.5 % on 1,000,000: 52,500.00 each half-year, of 184 days or of 181 (State Bank, PIB)."""
    for number in range(6):
        part = bond.ofPeriod(ICMA, packed(PIB_2028), number)
        assert fraction(part) == Fraction(1, 2)
        assert bond.distributionHalfUp(1_000_000 * PAISA, 105_000, part) == 52_500_00
    assert bond.payoutDown(3_000_000, 100_000, 5_250_00, 6) == 157_500 * 10**6


def test_the_published_accrued_of_a_pib(bond: Contract) -> None:
    """PIB 10.5 % settled on 6-Nov-2025: 112 of 184 days, 3.195652 per 100; 97.7244 + that."""
    part = bond.accrued(ICMA, packed(PIB_2028), epoch_day(date(2025, 11, 6)))
    assert fraction(part) == Fraction(112, 184 * 2)
    assert bond.accruedPer100HalfUp(105_000, part, 6) == 3_195_652
    assert bond.dirty(977_244, 3_195_652) == 100_920_052
    assert bond.cleanHalfUp(100_920_052, 3_195_652) == 977_244


def test_a_pib_of_before_2020_accrues_cash_by_act_365(bond: Contract) -> None:
    """The same 112 days are another amount of cash by the convention of older issues."""
    part = bond.accrued(ACT_365, packed(PIB_2028), epoch_day(date(2025, 11, 6)))
    assert fraction(part) == Fraction(112, 365)
    assert bond.accruedHalfUp(1_000_000, PAISA, 105_000, part, 2) == 32_219_18  # 32,219.178


def test_the_published_rental_of_a_sukuk(bond: Contract) -> None:
    """GIS: 11 % on 100,000 over 184 days of 365 is 5,545.21."""
    assert bond.distributionHalfUp(100_000 * PAISA, 110_000, (184, 365)) == 5_545_21
    assert bond.payoutDown(500_000, 100_000, 5_545_21, 2) == 27_726_05


def test_the_published_30_360_accrual(bond: Contract) -> None:
    """USD 200,000 at 7.375 % from 8-Oct-2025 to 23-Feb-2026: 135 days, 5,531.25."""
    eurobond = Schedule(date(2021, 4, 8), date(2031, 4, 8), 2)
    part = bond.accrued(THIRTY_360, packed(eurobond), epoch_day(date(2026, 2, 23)))
    assert tuple(part) == (135, 360)
    assert bond.distributionHalfUp(200_000 * PAISA, 73_750, part) == 5_531_25


# Agreement


@given(day=st.dates(date(1971, 1, 1), date(2200, 1, 1)), months=st.integers(-12, 1_200))
def test_months_are_added_as_in_python(bond: Contract, day: date, months: int) -> None:
    assert from_epoch_day(bond.addMonths(epoch_day(day), months)) == add_months(day, months)


@given(schedule=schedules())
def test_periods_agree_with_python(bond: Contract, schedule: Schedule) -> None:
    terms = packed(schedule)
    bond.validate(terms)
    assert bond.periodCount(terms) == schedule.count
    for period in {schedule.period(n) for n in (0, 1 % schedule.count, schedule.count - 1)}:
        assert tuple(bond.period(terms, period.number)) == (
            epoch_day(period.start),
            epoch_day(period.end),
        )
    with reverts("SchedulePeriodUnknown", schedule.count):
        bond.period(terms, schedule.count)


@given(case=schedules_with_a_day(), convention=conventions)
def test_parts_of_a_year_agree_with_python(
    bond: Contract, case: tuple[Schedule, date], convention: DayCount
) -> None:
    schedule, day = case
    terms, period = packed(schedule), schedule.period_at(day)
    assert bond.periodAt(terms, epoch_day(day)) == period.number
    whole = day_counts.year_fraction(convention, schedule, period.start, period.end)
    assert fraction(bond.ofPeriod(convention.number, terms, period.number)) == whole
    accrued = day_counts.year_fraction(convention, schedule, period.start, day)
    assert fraction(bond.accrued(convention.number, terms, epoch_day(day))) == accrued


@given(
    start=st.dates(date(1971, 1, 1), date(2200, 1, 1)),
    end=st.dates(date(1971, 1, 1), date(2200, 1, 1)),
)
def test_30_360_days_agree_with_python(bond: Contract, start: date, end: date) -> None:
    start, end = sorted((start, end))
    days = day_counts.thirty_360_days(start, end)
    assert bond.thirty360Days(epoch_day(start), epoch_day(end)) == days


@given(held=units, lot=st.integers(1, 10**9), rate=rates, part=parts, cash_decimals=decimals)
def test_distributions_agree_with_python(
    bond: Contract, held: int, lot: int, rate: int, part: Fraction, cash_decimals: int
) -> None:
    paid = distributions.distribution(Units(lot), percent(rate), part)
    assert bond.distributionHalfUp(lot * PAISA, rate, as_pair(part)) == paid
    payout = distributions.payout(Units(held), Units(lot), paid)
    assert bond.payoutDown(held, lot, paid, cash_decimals) == payout * 10 ** (cash_decimals - 2)


@given(held=units, rate=rates, part=parts, cash_decimals=decimals, places=st.integers(0, 12))
def test_accruals_agree_with_python(
    bond: Contract, held: int, rate: int, part: Fraction, cash_decimals: int, places: int
) -> None:
    pair = as_pair(part)
    per_100 = distributions.accrued_per_100(percent(rate), part, places)
    assert Decimal(bond.accruedPer100HalfUp(rate, pair, places)).scaleb(-places) == per_100
    paisa = distributions.accrued(Units(held), percent(rate), part)
    assert bond.accruedHalfUp(held, PAISA, rate, pair, cash_decimals) == paisa * 10 ** (
        cash_decimals - 2
    )
    up = distributions.accrued_up(Units(held), percent(rate), part, cash_decimals)
    assert bond.accruedUp(held, PAISA, rate, pair, cash_decimals) == up


@given(clean=st.integers(1, 2**32 - 1), accrued=st.integers(0, 2**64))
def test_clean_and_dirty_lead_back_to_each_other(bond: Contract, clean: int, accrued: int) -> None:
    assert bond.cleanHalfUp(bond.dirty(clean, accrued), accrued) == clean


@given(whole=st.integers(0, 10**9), lot=st.integers(1, 10**6), paid=st.integers(0, 10**12))
def test_holders_of_whole_lots_add_up_to_the_total(
    bond: Contract, whole: int, lot: int, paid: int
) -> None:
    """What is rounded once per calculation amount leaves no residual (pitfall 56)."""
    part = whole // 3
    total = bond.payoutDown(whole * lot, lot, paid, 6)
    shares = [bond.payoutDown(lots * lot, lot, paid, 6) for lots in (part, whole - part)]
    assert sum(shares) == total == whole * paid * 10**4


# Refusals


@pytest.mark.parametrize(
    ("start", "maturity", "first", "frequency", "end_of_month", "error"),
    [
        ("2025-07-17", "2028-07-17", None, 3, False, "ScheduleFrequencyInvalid"),
        ("2025-07-17", "2028-07-17", None, 0, False, "ScheduleFrequencyInvalid"),
        ("2028-07-17", "2028-07-17", None, 2, False, "ScheduleWithoutDays"),
        ("2025-07-17", "2028-07-17", None, 2, True, "ScheduleNotEndOfMonth"),
        ("2025-07-17", "2028-07-17", "2026-01-18", 2, False, "ScheduleFirstPeriodInvalid"),
        ("2025-07-17", "2028-07-17", "2025-07-17", 2, False, "ScheduleFirstPeriodInvalid"),
        ("2025-07-17", "2028-07-17", "2029-01-17", 2, False, "ScheduleFirstPeriodInvalid"),
    ],
)
def test_terms_that_contradict_each_other_are_refused_alike(
    bond: Contract,
    start: str,
    maturity: str,
    first: str | None,
    frequency: int,
    end_of_month: bool,
    error: str,
) -> None:
    days = [date.fromisoformat(start), date.fromisoformat(maturity)]
    end = date.fromisoformat(first) if first else None
    with pytest.raises(ScheduleError):
        Schedule(days[0], days[1], frequency, end, end_of_month)
    terms = (*map(epoch_day, days), epoch_day(end) if end else 0, frequency, end_of_month)
    values = {
        "ScheduleFrequencyInvalid": (frequency,),
        "ScheduleWithoutDays": tuple(map(epoch_day, days)),
        "ScheduleNotEndOfMonth": (epoch_day(days[1]),),
        "ScheduleFirstPeriodInvalid": (epoch_day(end or days[0]),),
    }
    with reverts(error, *values[error]):
        bond.validate(terms)


def test_a_day_that_no_period_holds_is_refused(bond: Contract) -> None:
    terms = packed(PIB_2028)
    for day in (date(2025, 7, 16), date(2028, 7, 17)):
        with reverts("ScheduleDayOutOfRange", epoch_day(day)):
            bond.periodAt(terms, epoch_day(day))
        with reverts("ScheduleDayOutOfRange", epoch_day(day)):
            bond.accrued(ICMA, terms, epoch_day(day))


def test_days_are_counted_forward_only(bond: Contract) -> None:
    days = epoch_day(date(2026, 1, 2)), epoch_day(date(2026, 1, 1))
    for convention in (ICMA, ACT_365, THIRTY_360):
        with reverts("DayCountBackward", *days):
            bond.yearFraction(convention, packed(PIB_2028), *days)


def test_a_number_is_never_cut_off_to_fit_a_price_or_a_rate(bond: Contract) -> None:
    assert bond.asPrice(2**32 - 1) == 2**32 - 1
    assert bond.asRate(2**32 - 1) == 2**32 - 1
    for raw in (0, 2**32):
        with reverts("BondPriceOutOfRange", raw):
            bond.asPrice(raw)
    with reverts("BondRateOutOfRange", 2**32):
        bond.asRate(2**32)
    with reverts("BondPriceOutOfRange", 0):
        bond.cleanHalfUp(3_195_651, 3_195_652)


def test_a_cash_token_that_cannot_carry_a_paisa_is_refused(bond: Contract) -> None:
    for cash_decimals in (1, 39):
        with reverts("RoundingDecimalsUnsupported", cash_decimals):
            bond.payoutDown(100_000, 100_000, 5_250_00, cash_decimals)
        with reverts("RoundingDecimalsUnsupported", cash_decimals):
            bond.accruedUp(100_000, PAISA, 105_000, HALF_YEAR, cash_decimals)
        with reverts("RoundingDecimalsUnsupported", cash_decimals):
            bond.paymentHalfUp(100_000, PAISA, 977_244, cash_decimals)


def test_a_call_is_paid_at_its_price_and_a_redemption_at_par(bond: Contract) -> None:
    assert bond.paymentHalfUp(5_000_000, PAISA, 1_012_500, 2) == 5_062_500_00
    assert bond.paymentHalfUp(5_000_000, PAISA, 1_000_000, 18) == 5_000_000 * 10**18
    assert bond.paymentHalfUp(1, PAISA, 985_000, 2) == 99  # 0.985, half-up
