"""BillMath and CivilDate on-chain agree with Python over random terms, digit for digit."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts._amanat import business_days, pricing
from scripts._amanat.pricing import PricePer100E4, Units, YieldE4
from tests.evm import Contract, Evm, reverts
from tests.money.test_pricing import SBP_RESULTS

PAISA = 100  # The face of a unit of one rupee, in hundredths.

prices_e4 = st.integers(1, 1_000_000)
yields_e4 = st.integers(0, 2**40)
days_to_run = st.integers(1, 400)
decimals = st.integers(2, 18)


@pytest.fixture(scope="module")
def bill() -> Iterator[Contract]:
    evm = Evm()
    yield evm.deploy("BillMathHarness", sender=evm.actor("issuer"))


@pytest.mark.parametrize(("days", "price", "yield_"), SBP_RESULTS)
def test_published_results_are_met_on_chain(
    bill: Contract, days: int, price: str, yield_: str
) -> None:
    price_e4 = pricing.to_price_e4(Decimal(price))
    yield_e4 = pricing.to_yield_e4(Decimal(yield_))
    assert bill.priceFromYieldHalfUp(yield_e4, days) == price_e4
    assert bill.yieldFromPriceHalfUp(price_e4, days) == yield_e4


@pytest.mark.parametrize(
    ("cash_decimals", "cash"), [(2, 491_907_500), (6, 4_919_075 * 10**6), (18, 4_919_075 * 10**18)]
)
def test_the_published_realised_value_is_met_in_any_cash_decimals(
    bill: Contract, cash_decimals: int, cash: int
) -> None:
    """PKR 5,000,000 at 98.3815 is 4,919,075.00 (pitfall 29: the cash token's decimals count)."""
    assert bill.paymentHalfUp(5_000_000, PAISA, 983_815, cash_decimals) == cash
    assert bill.redemption(5_000_000, PAISA, cash_decimals) == 5_000_000 * 10**cash_decimals


@given(yield_=yields_e4, days=days_to_run)
def test_prices_agree_with_python(bill: Contract, yield_: int, days: int) -> None:
    percent = pricing.from_yield_e4(YieldE4(yield_))
    try:
        expected = pricing.to_price_e4(pricing.price_from_yield(percent, days))
    except pricing.PricingError:
        with reverts("BillPriceOutOfRange", 0):
            bill.priceFromYieldHalfUp(yield_, days)
    else:
        assert bill.priceFromYieldHalfUp(yield_, days) == expected


@given(price=prices_e4, days=days_to_run)
def test_yields_agree_with_python(bill: Contract, price: int, days: int) -> None:
    per_100 = pricing.from_price_e4(PricePer100E4(price))
    expected = pricing.to_yield_e4(pricing.yield_from_price(per_100, days))
    assert bill.yieldFromPriceHalfUp(price, days) == expected


@given(face=st.integers(0, 2**112 - 1), price=prices_e4, cash_decimals=decimals)
def test_payments_agree_with_python_to_the_paisa(
    bill: Contract, face: int, price: int, cash_decimals: int
) -> None:
    paisa = pricing.payment_for(Units(face), pricing.from_price_e4(PricePer100E4(price)))
    cash = bill.paymentHalfUp(face, PAISA, price, cash_decimals)
    assert cash == paisa * 10 ** (cash_decimals - 2)


@given(face=st.integers(0, 2**112 - 1), cash_decimals=decimals)
def test_redemption_is_at_par_and_exact(bill: Contract, face: int, cash_decimals: int) -> None:
    paisa = pricing.redemption_amount(Units(face))
    assert bill.redemption(face, PAISA, cash_decimals) == paisa * 10 ** (cash_decimals - 2)


@pytest.mark.parametrize("price", [0, 1_000_001])
def test_a_price_no_bill_can_have_is_refused(bill: Contract, price: int) -> None:
    with reverts("BillPriceOutOfRange", price):
        bill.yieldFromPriceHalfUp(price, 85)
    with reverts("BillPriceOutOfRange", price):
        bill.paymentHalfUp(5_000, PAISA, price, 2)


def test_a_number_is_never_cut_off_to_fit_a_price_or_a_yield(bill: Contract) -> None:
    for price in (1, 974_913, 1_000_000):
        assert bill.asPrice(price) == price
    with reverts("BillPriceOutOfRange", 2**32 + 974_913):
        bill.asPrice(2**32 + 974_913)
    assert bill.asYield(2**64 - 1) == 2**64 - 1
    with reverts("BillYieldOutOfRange", 2**64):
        bill.asYield(2**64)


def test_a_bill_without_days_is_refused(bill: Contract) -> None:
    with reverts("BillWithoutDays"):
        bill.priceFromYieldHalfUp(110_499, 0)
    with reverts("BillWithoutDays"):
        bill.yieldFromPriceHalfUp(974_913, 0)


@pytest.mark.parametrize("cash_decimals", [2, 38])
def test_cash_of_the_fewest_and_the_most_decimals_pays_all_the_same(
    bill: Contract, cash_decimals: int
) -> None:
    assert bill.paymentHalfUp(3, PAISA, 500_000, cash_decimals) == 150 * 10 ** (cash_decimals - 2)
    assert bill.redemption(3, PAISA, cash_decimals) == 3 * 10**cash_decimals


@pytest.mark.parametrize("cash_decimals", [0, 1, 39, 255])
def test_a_cash_token_that_cannot_carry_a_paisa_or_a_bill_is_refused(
    bill: Contract, cash_decimals: int
) -> None:
    with reverts("RoundingDecimalsUnsupported", cash_decimals):
        bill.paymentHalfUp(5_000, PAISA, 974_913, cash_decimals)
    with reverts("RoundingDecimalsUnsupported", cash_decimals):
        bill.redemption(5_000, PAISA, cash_decimals)


@pytest.mark.parametrize("year", [1970, 1972, 2000, 2023, 2024, 2100, 2400, 9999])
def test_each_month_begins_and_ends_as_in_the_gregorian_calendar(bill: Contract, year: int) -> None:
    for month in range(1, 13):
        last = monthrange(year, month)[1]
        for day in (1, last):
            number = business_days.epoch_day(date(year, month, day))
            assert bill.fromCivil(year, month, day) == number
            assert tuple(bill.toCivil(number)) == (year, month, day)
        with reverts("CivilDateInvalid", year, month, last + 1):
            bill.fromCivil(year, month, last + 1)


@given(day=st.dates(date(1970, 1, 1), date(9999, 12, 31)))
def test_dates_agree_with_python_both_ways(bill: Contract, day: date) -> None:
    number = business_days.epoch_day(day)
    assert bill.fromCivil(day.year, day.month, day.day) == number
    assert tuple(bill.toCivil(number)) == (day.year, day.month, day.day)


@given(day=st.dates(date(1970, 1, 2), date(9999, 12, 31)), second=st.integers(0, 86_399))
def test_days_begin_in_karachi_as_in_python(bill: Contract, day: date, second: int) -> None:
    begins = business_days.start_of_day_karachi(day)
    assert bill.startOfDayKarachi(business_days.epoch_day(day)) == begins
    assert bill.dayInKarachi(begins + second) == business_days.epoch_day(day)


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        *[(2025, 2, 29), (2100, 2, 29), (2025, 4, 31), (2025, 13, 1), (2025, 0, 1), (2025, 1, 0)],
        *[(1969, 12, 31), (10_000, 1, 1), (2025, 12, 32), (2**256 - 1, 1, 1)],
    ],
)
def test_a_day_that_is_in_no_calendar_is_refused(
    bill: Contract, year: int, month: int, day: int
) -> None:
    with reverts("CivilDateInvalid", year, month, day):
        bill.fromCivil(year, month, day)


def test_days_beyond_9999_and_before_the_epoch_in_karachi_are_refused(bill: Contract) -> None:
    end = 2_932_897 * 86_400 - 5 * 3_600
    assert bill.dayInKarachi(end - 1) == 2_932_896
    with reverts("CivilDateOutOfRange", 2_932_897):
        bill.dayInKarachi(end)
    with reverts("CivilDateOutOfRange", 2_932_897):
        bill.toCivil(2_932_897)
    with reverts("Panic", 0x11):
        bill.startOfDayKarachi(0)
