"""The result of a bond's auction: price against yield, accrued in what is paid, the averages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from scripts._amanat.auction import Admission, AuctionResult, Sale, read_auction
from scripts._amanat.bonds import Bond, FloatingRateBond
from scripts._amanat.investors import read_investors
from scripts._amanat.quotes import Instrument, Quote
from scripts._amanat.schedules import Schedule
from tests.inputs.samples import INVESTORS, problems_of, written

Read = Callable[[str, Instrument], AuctionResult]

HEADING = "bid,investor,wallet,kind,face,price,yield,account\n"
SETTLEMENT = date(2025, 11, 6)
PIB_2030 = Bond(Schedule(date(2025, 7, 17), date(2030, 7, 17), 2), Decimal("11.0"))
PFL_2028 = FloatingRateBond(
    Schedule(date(2025, 7, 17), date(2028, 7, 17), 4), (Decimal("10.8"), Decimal("11.0"))
)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    investors = read_investors(
        written(tmp_path, "investors.csv", INVESTORS), as_of=date(2025, 9, 15)
    )

    def read_text(rows: str, instrument: Instrument = PIB_2030) -> AuctionResult:
        sale = Sale(Quote(instrument, SETTLEMENT), 100_000, 10**12, Admission())
        return read_auction(written(tmp_path, "auction.csv", HEADING + rows), sale, investors)

    return read_text


def test_a_purchase_of_a_bond_includes_what_has_accrued(read: Read) -> None:
    """97.7003 and 112/184 of 5.5: 977,003.00 and 33,478.26 on a million."""
    result = read("C-1,INV-BANK2XZ,,competitive,1000000,97.7003,11.6390,ACC-1A\n", PIB_2030)
    (allotment,) = result.allotments
    assert (allotment.payment, allotment.accrued) == (1_010_481_26, 33_478_26)
    assert result.weighted_average_yield == Decimal("11.6390")


def test_a_newspapers_yield_is_refused_with_both_figures(read: Read) -> None:
    """The auction of 5-Nov-2025 gave 97.7003 and 11.6390; a newspaper printed 11.6309."""
    row = "C-1,INV-BANK2XZ,,competitive,1000000,97.7003,11.6309,ACC-1A\n"
    problem = problems_of(lambda: read(row, PIB_2030)).only()
    assert (problem.row, problem.field) == (2, "yield")
    assert "disagrees with the price 97.7003 for settlement on 2025-11-06" in str(problem)
    assert "11.6390 % for that price, or the price 97.7286 for that yield" in str(problem)


def test_a_floaters_yield_is_held_to_its_present_rate(read: Read) -> None:
    """The rate of the second quarter, 11 %: at par less what quarters of it are worth."""
    result = read("C-1,INV-BANK2XZ,,competitive,1000000,100.0000,,ACC-1A\n", PFL_2028)
    assert result.weighted_average_yield == Decimal("10.9973")
    row = "C-1,INV-BANK2XZ,,competitive,1000000,100.0000,11.0973,ACC-1A\n"
    problem = problems_of(lambda: read(row, PFL_2028)).only()
    assert "10.9973 % for that price" in str(problem)


def test_a_price_above_all_payments_is_refused_and_not_fatal(read: Read) -> None:
    row = "C-1,INV-BANK2XZ,,competitive,1000000,197.7003,11.6390,ACC-1A\n"
    problem = problems_of(lambda: read(row, PIB_2030)).only()
    assert (problem.row, problem.field) == (2, "yield")
    assert "its yield is negative" in str(problem)
    without = row.replace("11.6390", "")
    assert read(without, PIB_2030).weighted_average_yield is None


def test_the_average_is_of_the_bids_yields(read: Read) -> None:
    rows = (
        "C-1,INV-BANK2XZ,,competitive,1000000,97.7003,11.6390,ACC-1A\n"
        "C-2,INV-FUND9KM,,competitive,3000000,98.1000,,ACC-2B\n"
    )
    result = read(rows, PIB_2030)
    assert result.weighted_average_price == Decimal("98.0001")
    assert result.weighted_average_yield == Decimal("11.5534")
