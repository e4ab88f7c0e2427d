"""The State Bank of Pakistan's auction sheets, row by row: price, yield, averages and accrued.

A sheet lists each bid with its price per 100 and its yield, and runs the weighted average yield.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from scripts._amanat import bonds, pricing
from scripts._amanat.bonds import Bond, DiscountBill, FloatingRateBond, Yielding
from scripts._amanat.day_counts import DayCount
from scripts._amanat.pricing import Units
from scripts._amanat.schedules import Schedule

# Face in millions, price, yield, weighted average yield so far
Sheet = list[tuple[str, str, str, str]]

MTB_3M: Sheet = [  # 574th auction of 3-month Market Treasury Bills, 9-Sep-2020, 84 days
    ("100", "98.3879", "7.1197", "7.1197"),
    ("500", "98.3857", "7.1296", "7.1280"),
    ("500", "98.3847", "7.1341", "7.1308"),
    ("1000", "98.3837", "7.1386", "7.1345"),
    ("500", "98.3827", "7.1431", "7.1361"),
    ("500", "98.3817", "7.1476", "7.1380"),
    ("25000", "98.3815", "7.1485", "7.1473"),
    ("300", "98.3815", "7.1485", "7.1473"),
    ("250", "98.3735", "7.1844", "7.1476"),
    ("10000", "98.3712", "7.1947", "7.1598"),
    ("10000", "98.3617", "7.2374", "7.1758"),
    ("2500", "98.3837", "7.1386", "7.1739"),
    ("92", "98.4146", "6.9999", "7.1736"),
    ("685.855", "98.3968", "7.0798", "7.1724"),
    ("121", "98.3923", "7.1000", "7.1722"),
    ("1000", "98.3836", "7.1390", "7.1716"),
]
PIB_3Y: Sheet = [  # 51st auction of PIBs (7th reopening), 3-Mar-2021, 7 %, 20-Aug-2023
    ("1", "95.6713", "8.9934", "8.9934"),
    ("2000", "95.6574", "9.0000", "9.0000"),
    ("250", "95.0711", "9.2790", "9.0310"),
    ("1000", "95.0481", "9.2900", "9.1106"),
    ("500", "95.0271", "9.3000", "9.1359"),
    ("100", "95.0271", "9.3000", "9.1402"),
    ("500", "95.0062", "9.3100", "9.1597"),
    ("1000", "94.9876", "9.3189", "9.1894"),
    ("2000", "94.9853", "9.3200", "9.2250"),
    ("500", "94.9644", "9.3300", "9.2316"),
    ("1000", "94.9477", "9.3380", "9.2437"),
    ("250", "94.9436", "9.3399", "9.2463"),
    ("2000", "94.9435", "9.3400", "9.2632"),
    ("500", "94.9435", "9.3400", "9.2665"),
]
PFL_3Y = [  # 12th auction of floating PIBs (4th reopening), 12-Aug-2020, 8.2670 %
    ("100.5082", "8.0570"),
    ("100.4831", "8.0670"),
    ("100.4354", "8.0860"),
    ("100.4329", "8.0870"),
    ("100.4204", "8.0920"),
    ("100.4079", "8.0970"),
    ("100.4078", "8.0970"),
    ("100.3829", "8.1069"),
    ("100.3828", "8.1070"),
    ("100.3827", "8.1070"),
]
PIBS_OF_2012 = [  # Press release of 27-Sep-2012: coupon, years, price, yield, face and accrued
    ("11.25", 3, "101.45", "10.6252", 13_037_000_000, 281_278),
    ("11.50", 5, "101.15", "11.1744", 14_518_000_000, 320_192),
    ("12.00", 10, "102.27", "11.5996", 8_538_000_000, 196_491),
]

MARCH_2021, AUGUST_2020, SEPTEMBER_2012 = date(2021, 3, 4), date(2020, 8, 13), date(2012, 9, 27)

PIB_2023 = Bond(Schedule(date(2020, 8, 20), date(2023, 8, 20), 2), Decimal("7.00"))
PFL_2023 = FloatingRateBond(
    Schedule(date(2020, 6, 18), date(2023, 6, 18), 2),
    (Decimal("8.2670"),),
    priced_to=date(2023, 6, 19),
)


@pytest.mark.parametrize(
    ("instrument", "settlement", "sheet"),
    [
        (DiscountBill(date(2020, 12, 3)), date(2020, 9, 10), MTB_3M),
        (PIB_2023, MARCH_2021, PIB_3Y),
    ],
)
def test_each_bid_and_the_running_average(
    instrument: Yielding, settlement: date, sheet: Sheet
) -> None:
    bids: list[tuple[Units, Decimal]] = []
    for millions, price, yield_, average in sheet:
        assert bonds.yield_from_price(instrument, settlement, Decimal(price)) == Decimal(yield_)
        assert bonds.agree(instrument, settlement, Decimal(price), Decimal(yield_))
        bids.append((Units(int(Decimal(millions) * 1_000_000)), Decimal(price)))
        assert bonds.weighted_average_yield(instrument, settlement, bids) == Decimal(average)


def test_the_accrued_of_a_pib_of_2020_is_by_the_half_year() -> None:
    """12 of 181 days: 4.641 million on 2,000 million, where ACT/365 would give 4.603."""
    cost = bonds.cost(PIB_2023, MARCH_2021, Units(2_000_000_000), Decimal("95.6574"))
    assert cost.principal == 1_913_148_000_00
    assert cost.accrued == 4_640_883_98
    assert pricing.round_half_up(Fraction(cost.total, 10**8), 3) == Decimal("1917.789")


@pytest.mark.parametrize(("price", "yield_"), PFL_3Y)
def test_a_floaters_yield_is_of_its_present_rate_to_the_printed_maturity(
    price: str, yield_: str
) -> None:
    """18-Jun-2023 is a Sunday: the sheet prints and prices to the 19th, and coupons stay on 18."""
    assert bonds.yield_from_price(PFL_2023, AUGUST_2020, Decimal(price)) == Decimal(yield_)
    assert bonds.agree(PFL_2023, AUGUST_2020, Decimal(price), Decimal(yield_))


def test_a_floaters_accrued_counts_from_its_coupon_date() -> None:
    """56 of 183 days since 18-Jun-2020 in cash, though the yield counts 55 from the 19th."""
    assert bonds.cash_accrued(PFL_2023, AUGUST_2020) == Decimal("1.264896")
    assert bonds.accrued(PFL_2023, AUGUST_2020) == Decimal("1.242309")
    for face, accrued, total in [
        (4_000_000_000, "50.596", "4070.924"),
        (275_000_000, "3.478", None),
        (160_000_000, "2.024", None),
    ]:
        cost = bonds.cost(PFL_2023, AUGUST_2020, Units(face), Decimal("100.5082"))
        assert pricing.round_half_up(Fraction(cost.accrued, 10**8), 3) == Decimal(accrued)
        if total:
            assert pricing.round_half_up(Fraction(cost.total, 10**8), 3) == Decimal(total)


@pytest.mark.parametrize(("coupon", "years", "price", "yield_", "face", "accrued"), PIBS_OF_2012)
def test_a_pib_of_before_2020_accrues_cash_by_365_and_yields_by_the_half_year(
    coupon: str, years: int, price: str, yield_: str, face: int, accrued: int
) -> None:
    """70 days since 19-Jul-2012; prices had two decimals then, and accrued is in thousands."""
    bond = Bond(
        Schedule(date(2012, 7, 19), date(2012 + years, 7, 19), 2),
        Decimal(coupon),
        cash_day_count=DayCount.ACT_365_FIXED,
    )
    assert bonds.yield_from_price(bond, SEPTEMBER_2012, Decimal(price)) == Decimal(yield_)
    cost = bonds.cost(bond, SEPTEMBER_2012, Units(face), Decimal(price))
    assert pricing.round_half_up(Fraction(cost.accrued, 10**5)) == accrued
