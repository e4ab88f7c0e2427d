"""Bonds and sukuk: published figures, and the conventions behind them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts._amanat import bonds, pricing
from scripts._amanat.bonds import Bond, DiscountBill, FloatingRateBond, ZeroCouponBond
from scripts._amanat.day_counts import DayCount
from scripts._amanat.pricing import PricingError, Units
from scripts._amanat.schedules import Schedule
from tests.money.schedules import schedules_with_a_day
from tests.money.test_pricing import SBP_RESULTS

NOVEMBER_2025 = date(2025, 11, 6)

PIB_RESULTS = [
    # State Bank of Pakistan, auction of Pakistan Investment Bonds settled on 6-Nov-2025
    ("10.5", 2028, "97.7244", "11.4900"),
    ("11.5", 2035, "97.1367", "12.0005"),
    ("11.0", 2030, "97.7003", "11.6390"),
]


def pib(coupon: str, maturity: int, **terms: DayCount) -> Bond:
    """Semi-annual on 17 January and 17 July, as the issues of July 2025."""
    schedule = Schedule(date(2025, 7, 17), date(maturity, 7, 17), 2)
    return Bond(schedule, Decimal(coupon), **terms)


# Published figures


@pytest.mark.parametrize(("coupon", "maturity", "price", "yield_"), PIB_RESULTS)
def test_published_results_of_pibs(coupon: str, maturity: int, price: str, yield_: str) -> None:
    bond = pib(coupon, maturity)
    assert bonds.price_from_yield(bond, NOVEMBER_2025, Decimal(yield_)) == Decimal(price)
    assert bonds.yield_from_price(bond, NOVEMBER_2025, Decimal(price)) == Decimal(yield_)
    assert bonds.agree(bond, NOVEMBER_2025, Decimal(price), Decimal(yield_))


def test_the_published_accrued_and_dirty_price() -> None:
    """112 of 184 days of 5.25: 3.195652, and 97.7244 with it 100.920052."""
    bond = pib("10.5", 2028)
    assert bonds.accrued(bond, NOVEMBER_2025) == Decimal("3.195652")
    assert bonds.dirty(bond, NOVEMBER_2025, Decimal("97.7244")) == Decimal("100.920052")
    assert bonds.clean(bond, NOVEMBER_2025, Decimal("100.920052")) == Decimal("97.7244")


def test_a_newspapers_yield_is_refused_with_both_figures() -> None:
    """The auction gave 97.7003 and 11.6390; a newspaper printed 11.6309."""
    bond, price, printed = pib("11.0", 2030), Decimal("97.7003"), Decimal("11.6309")
    assert not bonds.agree(bond, NOVEMBER_2025, price, printed)
    with pytest.raises(PricingError) as refused:
        bonds.require_agreement(bond, NOVEMBER_2025, price, printed)
    assert str(refused.value) == (
        "the price 97.7003 and the yield 11.6309 % disagree: 11.6390 % for that price, "
        "or the price 97.7286 for that yield"
    )
    bonds.require_agreement(bond, NOVEMBER_2025, price, Decimal("11.6390"))


def test_the_published_zero_is_priced_to_a_saturday() -> None:
    """17-Jul-2027 is a Saturday; the stated maturity is not adjusted."""
    zero = ZeroCouponBond(date(2027, 7, 17))
    assert zero.stated_maturity.weekday() == 5
    price, yield_ = Decimal("83.1943"), Decimal("11.4792")
    assert bonds.price_from_yield(zero, NOVEMBER_2025, yield_) == price
    assert bonds.yield_from_price(zero, NOVEMBER_2025, price) == yield_


@pytest.mark.parametrize(("days", "price", "yield_"), SBP_RESULTS)
def test_published_results_of_bills(days: int, price: str, yield_: str) -> None:
    bill, settlement = DiscountBill(date(2026, 1, 1)), date(2026, 1, 1) - timedelta(days=days)
    assert bonds.price_from_yield(bill, settlement, Decimal(yield_)) == Decimal(price)
    assert bonds.yield_from_price(bill, settlement, Decimal(price)) == Decimal(yield_)


def test_published_distributions() -> None:
    """52,500.00 a half-year; 5,545.21 for 184 days of rental; 5,531.25 for 135 of 30/360."""
    assert {bonds.distribution(pib("10.5", 2028), n, Units(1_000_000)) for n in range(6)} == {
        52_500_00
    }
    sukuk = Bond(
        Schedule(date(2025, 4, 30), date(2028, 10, 31), 2, end_of_month=True),
        Decimal("11.0"),
        DayCount.ACT_365_FIXED,
    )
    assert sukuk.schedule.period(0).days == 184
    assert bonds.distribution(sukuk, 0, Units(100_000)) == 5_545_21
    eurobond = Bond(
        Schedule(date(2021, 4, 8), date(2031, 4, 8), 2), Decimal("7.375"), DayCount.THIRTY_360
    )
    cost = bonds.cost(eurobond, date(2026, 2, 23), Units(200_000), Decimal("100"))
    assert (cost.principal, cost.accrued, cost.total) == (200_000_00, 5_531_25, 205_531_25)


# Conventions


def test_cash_of_an_older_pib_accrues_by_another_convention_than_its_yield() -> None:
    old = pib("10.5", 2028, cash_day_count=DayCount.ACT_365_FIXED)
    new = pib("10.5", 2028)
    price, yield_ = Decimal("97.7244"), Decimal("11.4900")
    assert bonds.price_from_yield(old, NOVEMBER_2025, yield_) == price
    assert bonds.accrued(old, NOVEMBER_2025) == Decimal("3.195652")
    assert bonds.cash_accrued(old, NOVEMBER_2025) == Decimal("3.221918")  # 10.5 * 112 / 365
    assert bonds.dirty(old, NOVEMBER_2025, price) == Decimal("100.946318")
    face = Units(1_000_000)
    assert bonds.cost(old, NOVEMBER_2025, face, price).accrued == 32_219_18
    assert bonds.cost(new, NOVEMBER_2025, face, price).accrued == 31_956_52
    assert bonds.distribution(old, 0, face) == bonds.distribution(new, 0, face) == 52_500_00


def test_on_a_coupon_date_nothing_has_accrued_and_par_yields_the_coupon() -> None:
    bond, day = pib("11.5", 2035), date(2026, 1, 17)
    assert bonds.accrued(bond, day) == 0
    assert bonds.yield_from_price(bond, day, Decimal(100)) == Decimal("11.5000")
    assert bonds.price_from_yield(bond, day, Decimal("11.5")) == Decimal("100.0000")


def test_a_yield_is_simple_within_the_last_period() -> None:
    """(100 + 5.25) / (1 + 11 % * 1/2 * 60/182) - 5.25 * 122/182, as Excel's PRICE has it."""
    bond, day = pib("10.5", 2028), date(2028, 5, 18)
    lead, due = Fraction(60, 182), Fraction(105_25, 100)
    exact = due / (1 + lead * Fraction(11, 200)) - Fraction(525, 100) * (1 - lead)
    assert bonds.price_from_yield(bond, day, Decimal(11)) == pricing.round_half_up(exact, 4)
    compounding = Bond(bond.schedule, bond.rate_percent, final_period_compounds=True)
    assert bonds.price_from_yield(compounding, day, Decimal(11)) > bonds.price_from_yield(
        bond, day, Decimal(11)
    )


def test_simple_and_compounding_meet_where_a_whole_period_is_left() -> None:
    bond, day = pib("10.5", 2028), date(2028, 1, 17)
    compounding = Bond(bond.schedule, bond.rate_percent, final_period_compounds=True)
    price = bonds.price_from_yield(bond, day, Decimal("11.1234"), 12)
    assert price == bonds.price_from_yield(compounding, day, Decimal("11.1234"), 12)


def test_a_zero_compounds_by_the_year_and_counts_the_rest_over_365() -> None:
    """15 years to the day, and from a leap day on; 29-Feb-2028 lies in the last 366 days."""
    zero = ZeroCouponBond(date(2040, 11, 6))
    whole = 100 / Fraction(112, 100) ** 15
    assert bonds.price_from_yield(zero, NOVEMBER_2025, Decimal(12), 8) == pricing.round_half_up(
        whole, 8
    )
    leap = ZeroCouponBond(date(2028, 7, 17))
    assert leap.stream(date(2027, 7, 18)).lead == 1  # 365 days, though the year has 366
    assert leap.stream(date(2027, 7, 17)).lead == 1
    assert leap.stream(date(2026, 7, 17)).lead == 2
    assert ZeroCouponBond(date(2028, 2, 29)).stream(date(2026, 2, 28)).lead == 2


def test_a_discounted_sukuk_of_a_year_is_priced_as_a_bill() -> None:
    sukuk = DiscountBill(date(2026, 10, 23))
    price = bonds.price_from_yield(sukuk, date(2025, 10, 24), Decimal("10.25"))
    assert price == pricing.price_from_yield(Decimal("10.25"), 364)


def test_a_quarterly_floater_pays_a_fourth_of_its_rate() -> None:
    floater = FloatingRateBond(
        Schedule(date(2025, 9, 5), date(2028, 9, 5), 4), (Decimal("10.9999"), Decimal("11.2137"))
    )
    assert bonds.distribution(floater, 0, Units(100_000)) == 2_749_98  # 2,749.975
    assert bonds.distribution(floater, 1, Units(100_000)) == 2_803_43  # 2,803.425
    day = date(2026, 1, 5)
    assert bonds.accrued(floater, day) == Decimal("0.965624")  # 2.803425 * 31/90
    assert bonds.dirty(floater, day, Decimal("99.8500")) == Decimal("100.815624")
    with pytest.raises(PricingError, match=r"period 2 \(2026-03-05 to 2026-06-05\) is not set"):
        bonds.accrued(floater, date(2026, 3, 5))


def test_a_long_first_coupon_is_split_at_the_quasi_coupon_date() -> None:
    """From 6-Nov-2025 to 17-Jul-2026: 72 of 184 days, and a whole half-year."""
    schedule = Schedule(date(2025, 11, 6), date(2028, 7, 17), 2, date(2026, 7, 17))
    bond = Bond(schedule, Decimal("10.5"))
    assert schedule.count == 5
    paid = bonds.distribution(bond, 0, Units(1_000_000))
    assert paid == pricing.round_half_up(52_500_00 * (1 + Fraction(72, 184)))
    assert bonds.accrued(bond, date(2026, 2, 16)) == pricing.round_half_up(
        Fraction(525, 100) * (Fraction(72, 184) + Fraction(30, 181)), 6
    )
    stream = bond.stream(date(2025, 11, 6))
    assert stream.lead == 1 + Fraction(72, 184)  # nothing is paid on 17-Jan-2026
    assert len(stream.payments) == 5


def test_a_short_first_coupon_is_its_part_of_a_half_year() -> None:
    bond = Bond(Schedule(date(2025, 11, 6), date(2028, 7, 17), 2), Decimal("10.5"))
    assert bonds.distribution(bond, 0, Units(1_000_000)) == 20_543_48  # 52,500 * 72/184
    assert bonds.price_from_yield(bond, NOVEMBER_2025, Decimal("11.49")) < 100


def test_a_rental_counts_the_leap_day() -> None:
    sukuk = Bond(
        Schedule(date(2027, 10, 31), date(2030, 10, 31), 2, end_of_month=True),
        Decimal("11.0"),
        DayCount.ACT_365_FIXED,
    )
    assert sukuk.schedule.period(0).days == 182  # 31-Oct-2027 to 30-Apr-2028
    assert bonds.distribution(sukuk, 0, Units(100_000)) == 5_484_93
    assert bonds.distribution(sukuk, 2, Units(100_000)) == 5_454_79  # 181 days


def test_a_purchase_is_rounded_line_by_line() -> None:
    cost = bonds.cost(pib("10.5", 2028), NOVEMBER_2025, Units(5_000_000), Decimal("97.7244"))
    assert cost.principal == 4_886_220_00
    assert cost.accrued == 159_782_61
    assert cost.total == 5_046_002_61


# Properties


def random_bonds(coupon: int, case: tuple[Schedule, date], convention: DayCount) -> Bond:
    return Bond(case[0], Decimal(coupon).scaleb(-4), convention)


@given(
    case=schedules_with_a_day(),
    coupon=st.integers(0, 200_000),
    yield_=st.integers(0, 300_000),
    convention=st.sampled_from([DayCount.ACT_ACT_ICMA, DayCount.ACT_365_FIXED]),
)
def test_price_and_yield_lead_back_to_each_other(
    case: tuple[Schedule, date], coupon: int, yield_: int, convention: DayCount
) -> None:
    """With 14 places between them, a yield of 4 comes back; and such a price is agreed with."""
    bond, day = random_bonds(coupon, case, convention), case[1]
    percent = Decimal(yield_).scaleb(-4)
    fine = bonds.price_from_yield(bond, day, percent, 14)
    assert bonds.yield_from_price(bond, day, fine) == percent
    assert bonds.agree(bond, day, bonds.price_from_yield(bond, day, percent), percent)


@given(
    case=schedules_with_a_day(),
    coupon=st.integers(0, 200_000),
    yield_=st.integers(1, 300_000),
)
def test_a_yield_is_the_nearest_of_its_places(
    case: tuple[Schedule, date], coupon: int, yield_: int
) -> None:
    """Half a step below it the bond is worth at least the price, half a step above less."""
    bond, day = random_bonds(coupon, case, DayCount.ACT_ACT_ICMA), case[1]
    price = bonds.price_from_yield(bond, day, Decimal(yield_).scaleb(-4))
    try:
        found = Fraction(bonds.yield_from_price(bond, day, price))
    except PricingError as error:
        assert "its yield is negative" in str(error)  # a few days of a small yield round to par
        return
    stream, half = bond.stream(day), Fraction(1, 20_000)
    current = bond.schedule.period_at(day)
    part = Fraction(bonds.accrued(bond, day, 60))
    assert current.start <= day
    assert stream.is_worth_less(found + half, Fraction(price) + part + Fraction(1, 10**50))
    assert not stream.is_worth_less(found - half, Fraction(price) + part - Fraction(1, 10**50))


def test_a_power_with_a_rational_root_is_rounded_as_the_half_that_it_is() -> None:
    """1 / 1.21 ** (1/2) is 10/11; decimals alone would never decide a value on a half."""
    stream = bonds.Stream((Fraction(11, 10) * Fraction(5, 100_000),), Fraction(1, 2), 1)
    assert stream.rounded(Decimal(21), 4, Fraction()) == Decimal("0.0001")
    assert not stream.is_worth_less(Fraction(21), Fraction(5, 100_000))
    assert stream.is_worth_less(Fraction(21), Fraction(5, 100_000) + Fraction(1, 10**100))


# Refusals


def test_a_settlement_outside_the_bonds_life_is_refused() -> None:
    bond = pib("10.5", 2028)
    with pytest.raises(PricingError, match="matures on 2028-07-17"):
        bonds.price_from_yield(bond, date(2028, 7, 17), Decimal(11))
    with pytest.raises(PricingError, match="does not accrue before 2025-07-17"):
        bonds.accrued(bond, date(2025, 7, 16))
    for instrument in (ZeroCouponBond(date(2027, 7, 17)), DiscountBill(date(2027, 7, 17))):
        with pytest.raises(PricingError, match="matures on 2027-07-17"):
            bonds.yield_from_price(instrument, date(2027, 7, 17), Decimal(99))


def test_figures_that_no_bond_has_are_refused() -> None:
    bond = pib("10.5", 2028)
    with pytest.raises(PricingError, match="a yield is not negative: -1 %"):
        bonds.price_from_yield(bond, NOVEMBER_2025, Decimal(-1))
    with pytest.raises(PricingError, match="a price per 100 is above 0: 0"):
        bonds.yield_from_price(bond, NOVEMBER_2025, Decimal(0))
    with pytest.raises(PricingError, match="its yield is negative"):
        bonds.yield_from_price(bond, NOVEMBER_2025, Decimal("131.5"))
    with pytest.raises(PricingError, match="leaves no price"):
        bonds.price_from_yield(ZeroCouponBond(date(2040, 7, 17)), NOVEMBER_2025, Decimal(99_999))
    with pytest.raises(PricingError, match="a face is not negative: -1"):
        bonds.cost(bond, NOVEMBER_2025, Units(-1), Decimal(97))
