"""Prices, yields and payments of treasury bills against what the market published."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts._amanat import pricing
from scripts._amanat.pricing import PricingError, Units

SBP_RESULTS = [
    pytest.param(84, "98.3879", "7.1197", id="3M, 10-Sep-2020 to 3-Dec-2020"),
    pytest.param(84, "98.3847", "7.1341", id="3M, 10-Sep-2020 to 3-Dec-2020, second"),
    pytest.param(84, "98.3712", "7.1947", id="3M, 10-Sep-2020 to 3-Dec-2020, third"),
    pytest.param(84, "98.4146", "6.9999", id="3M, 10-Sep-2020 to 3-Dec-2020, fourth"),
    pytest.param(85, "97.4913", "11.0499", id="3M, 2-Oct-2025 to 26-Dec-2025"),
    pytest.param(182, "94.7779", "11.0499", id="6M, 2-Oct-2025"),
]
"""Auction results of Market Treasury Bills as the State Bank of Pakistan printed them."""

days_to_run = st.integers(1, 366)
yields = st.integers(0, 500_000).map(lambda e4: Decimal(e4).scaleb(-4))
prices = st.integers(500_000, 1_000_000).map(lambda e4: Decimal(e4).scaleb(-4))


@pytest.mark.parametrize(("days", "price", "yield_"), SBP_RESULTS)
def test_published_yields_give_the_published_prices(days: int, price: str, yield_: str) -> None:
    assert pricing.price_from_yield(Decimal(yield_), days) == Decimal(price)


@pytest.mark.parametrize(("days", "price", "yield_"), SBP_RESULTS)
def test_published_prices_give_the_published_yields(days: int, price: str, yield_: str) -> None:
    assert pricing.yield_from_price(Decimal(price), days) == Decimal(yield_)
    assert pricing.agree(Decimal(price), Decimal(yield_), days)


def test_days_come_from_the_dates_and_not_from_the_tenor() -> None:
    """The "3M" bill of October 2025 ran 85 days; 84 would price it at 97.5201."""
    assert pricing.price_from_yield(Decimal("11.0499"), 84) == Decimal("97.5201")
    assert pricing.yield_from_price(Decimal("97.5201"), 84) == Decimal("11.0498")
    assert not pricing.agree(Decimal("97.4913"), Decimal("11.0499"), 84)


def test_the_published_realised_value_is_paid_to_the_paisa() -> None:
    """PKR 5,000,000 at 98.3815: 4,919,075.00 to pay, a discount of 80,925.00."""
    face, price = Units(5_000_000), Decimal("98.3815")
    assert pricing.rupees(pricing.payment_for(face, price)) == "4,919,075.00"
    assert pricing.rupees(pricing.discount_for(face, price)) == "80,925.00"
    assert pricing.rupees(pricing.redemption_amount(face)) == "5,000,000.00"


@pytest.mark.parametrize(
    ("face", "price", "paisa"),
    [(1, "99.5000", 100), (1, "99.4999", 99), (50, "97.4900", 4875), (5_000, "97.4913", 487_457)],
)
def test_half_a_paisa_is_rounded_up(face: int, price: str, paisa: int) -> None:
    """Pitfall 56: published schedules round half-up."""
    assert pricing.payment_for(Units(face), Decimal(price)) == paisa


@given(yields, days_to_run)
def test_a_price_lies_within_half_its_last_digit_of_the_formula(yield_: Decimal, days: int) -> None:
    exact = 100 / (1 + Fraction(yield_) / 100 * days / 365)
    error = Fraction(pricing.price_from_yield(yield_, days)) - exact
    assert -Fraction(1, 20_000) < error <= Fraction(1, 20_000)


@given(prices, st.integers(1, 365))
def test_a_price_survives_the_way_to_its_yield_and_back(price: Decimal, days: int) -> None:
    """Half a step of a yield moves a price by at most d/365 halves of a step: none is lost."""
    assert pricing.price_from_yield(pricing.yield_from_price(price, days), days) == price


@given(yields, days_to_run)
def test_a_yield_comes_back_within_the_width_of_a_price_step(yield_: Decimal, days: int) -> None:
    """Half a price step moves a yield by (1 + y*d/365)^2 * 365/d halves of its step."""
    back = pricing.yield_from_price(pricing.price_from_yield(yield_, days), days)
    growth = 1 + Fraction(yield_) / 100 * days / 365
    width = growth**2 * Fraction(365, days) / 2 * Fraction(101, 100) + Fraction(1, 2)
    assert abs(Fraction(back) - Fraction(yield_)) * 10_000 <= width
    assert pricing.agree(pricing.price_from_yield(yield_, days), yield_, days)


@given(st.integers(0, 10**13), prices)
def test_payment_and_discount_make_up_the_face(face: int, price: Decimal) -> None:
    units = Units(face)
    paid, discount = pricing.payment_for(units, price), pricing.discount_for(units, price)
    assert paid + discount == pricing.redemption_amount(units)
    assert discount >= 0


def test_an_average_weighs_prices_by_face() -> None:
    bids = [(Units(3_000_000), Decimal("97.5000")), (Units(1_000_000), Decimal("97.4913"))]
    assert pricing.weighted_average_price(bids) == Decimal("97.4978")  # 97.497825


@given(st.lists(st.tuples(st.integers(1, 10**9), prices), min_size=1, max_size=9))
def test_an_average_lies_between_the_lowest_and_the_highest_price(
    bids: list[tuple[int, Decimal]],
) -> None:
    average = pricing.weighted_average_price((Units(face), price) for face, price in bids)
    assert min(price for _, price in bids) <= average <= max(price for _, price in bids)


def test_an_auction_without_accepted_bids_has_no_average() -> None:
    with pytest.raises(PricingError, match="no accepted bid, hence no weighted average"):
        pricing.weighted_average_price([])


@pytest.mark.parametrize("price", ["0", "-1", "100.0001"])
def test_a_price_outside_0_to_100_is_refused(price: str) -> None:
    with pytest.raises(PricingError, match=f"above 0 and at most at 100: {price}"):
        pricing.yield_from_price(Decimal(price), 85)


def test_a_bill_without_days_or_with_a_negative_yield_is_refused() -> None:
    with pytest.raises(PricingError, match="at least one day to run, not 0"):
        pricing.price_from_yield(Decimal("11"), 0)
    with pytest.raises(PricingError, match="a bill's yield is not negative: -1 %"):
        pricing.price_from_yield(Decimal("-1"), 85)


def test_integers_for_contracts_never_round() -> None:
    assert pricing.to_price_e4(Decimal("97.4913")) == 974_913
    assert pricing.from_price_e4(pricing.PricePer100E4(974_913)) == Decimal("97.4913")
    assert pricing.to_yield_e4(Decimal("11.0499")) == 110_499
    with pytest.raises(PricingError, match="more than 4 decimals: 97.49131"):
        pricing.to_price_e4(Decimal("97.49131"))
