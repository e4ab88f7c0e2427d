"""The result of a buyback auction: partial acceptance, and every defect with row, field, remedy.

The bond is the published PIB 10.5 % of 17-Jul-2028, settled on 6-Nov-2025: 97.7244 and 11.4900.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from scripts._amanat.bonds import Bond, FloatingRateBond
from scripts._amanat.buyback_files import BuybackResult, read_buyback
from scripts._amanat.investors import read_investors
from scripts._amanat.quotes import Quote
from scripts._amanat.schedules import Schedule
from tests.inputs.samples import CHAIN_DATE, INVESTORS, Found, problems_of, written

SCHEDULE = Schedule(date(2025, 7, 17), date(2028, 7, 17), 2)
SETTLEMENT = date(2025, 11, 6)
QUOTE = Quote(Bond(SCHEDULE, Decimal("10.5")), SETTLEMENT)
LOT = 100_000

RESULT = """\
offer,investor,wallet,offered,accepted,price,yield,account
B-1,INV-BANK2XZ,,30000000,10000000,97.7244,11.4900,ACC-1A
B-2,INV-FUND9KM,,5000000,5000000,97.7244,,ACC-2B
B-3,INV-ALICE7Q,,200000,,98.5000,,ACC-3C
"""

Read = Callable[..., BuybackResult]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    investors = read_investors(written(tmp_path, "investors.csv", INVESTORS), as_of=CHAIN_DATE)

    def read_text(content: str, quote: Quote = QUOTE) -> BuybackResult:
        return read_buyback(written(tmp_path, "buyback.csv", content), quote, LOT, investors)

    return read_text


def faults(read: Read, old: str, new: str, quote: Quote = QUOTE) -> Found:
    assert old in RESULT
    return problems_of(lambda: read(RESULT.replace(old, new), quote))


def test_what_was_accepted_is_paid_with_what_has_accrued(read: Read) -> None:
    """10,000,000 at 97.7244 clean, and 112 of 184 days of 5.25: 3.195652 for 100."""
    result = read(RESULT)
    first, second = result.purchases
    assert (first.offered, first.face, first.price_e4) == (30_000_000, 10_000_000, 977_244)
    assert (first.payment - first.accrued, first.accrued) == (977_244_000, 31_956_522)
    assert (result.face, result.turned_down) == (15_000_000, 1)
    assert second.accrued == 15_978_261


def test_a_price_and_a_yield_that_disagree_are_refused_with_both_figures(read: Read) -> None:
    """PIB 11 % of 17-Jul-2030 at 97.7003 yields 11.6390; a newspaper printed 11.6309."""
    bond = Bond(Schedule(date(2025, 7, 17), date(2030, 7, 17), 2), Decimal("11"))
    printed = RESULT.replace("97.7244,11.4900", "97.7003,11.6309")
    found = problems_of(lambda: read(printed, Quote(bond, SETTLEMENT))).only()
    assert (found.row, found.field, found.value) == (2, "yield", "'11.6309'")
    assert found.what_is_wrong == "disagrees with the price 97.7003 for settlement on 2025-11-06"
    assert found.what_would_be_right.startswith("11.6390 % for that price, or the price 97.7")
    assert read(printed.replace("11.6309", "11.6390"), Quote(bond, SETTLEMENT)).face == 15_000_000


def test_a_yield_of_a_floater_is_refused(read: Read) -> None:
    floater = Quote(FloatingRateBond(SCHEDULE, (Decimal("11"),)), SETTLEMENT)
    found = faults(read, "B-1", "B-1", floater)
    assert found.places() == [(2, "yield")]


@pytest.mark.parametrize(
    ("old", "new", "row", "field", "wrong", "right"),
    [
        ("B-2", "b-1", 3, "offer", "stands in row 2 already", "a number of its own"),
        ("10000000,97", "30100000,97", 2, "accepted", "more than the 30000000", "at most 30000000"),
        ("10000000,97", "10000001,97", 2, "accepted", "not a multiple of the lot", "10000000 or"),
        ("30000000", "3E+07", 2, "offered", "scientific notation", "30000000"),
        ("30000000", "0", 2, "offered", "is zero", "above zero"),
        ("97.7244,,", "97.72441,,", 3, "price", "5 decimals", "at most 4"),
        ("98.5000", "0", 4, "price", "is no price", "above 0"),
        ("INV-FUND9KM", "INV-NOBODY", 3, "investor", "not in the list", "investors.csv"),
        ("ACC-2B", "", 3, "account", "is empty", "a value"),
    ],
)
def test_a_defect_is_named_by_row_field_and_remedy(
    read: Read, old: str, new: str, row: int, field: str, wrong: str, right: str
) -> None:
    found = faults(read, old, new).only()
    assert (found.row, found.field) == (row, field)
    assert wrong in found.what_is_wrong
    assert right in found.what_would_be_right


def test_all_defects_are_told_together(read: Read) -> None:
    wrong = RESULT.replace("11.4900", "11.6309").replace("B-2", "B-1").replace("ACC-3C", "")
    places = problems_of(lambda: read(wrong)).places()
    assert places == [(2, "yield"), (3, "offer"), (4, "account")]
