"""The term sheet of a share of revenue, and the figures of a period: all faults at once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import astuple
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from eth_utils.crypto import keccak

from scripts._amanat.auction import Sale, read_auction
from scripts._amanat.investors import read_investors
from scripts._amanat.revenue_arguments import revenue_terms, rule_of
from scripts._amanat.revenue_terms import RevenueShareTerms
from scripts._amanat.sheets import kind_of, read_sheet
from scripts._amanat.statements import read_period
from scripts._amanat.waterfall import Figures, Tier, waterfall
from tests.inputs.samples import CHAIN_DATE, Found, problems_of

SHEET = "mrs-2027-01-01"


@pytest.fixture
def pilot(root: Path, tmp_path: Path) -> Path:
    """A copy of the sample files, to be damaged."""
    return Path(shutil.copytree(root / "scripts/_pilot", tmp_path / "pilot"))


@pytest.fixture
def damage(pilot: Path) -> Callable[..., Found]:
    """What is found in the sheet with these replacements; each must apply."""

    def damaged(*replacements: tuple[str, str]) -> Found:
        path = pilot / "revenue" / f"{SHEET}.yaml"
        text = path.read_text()
        for old, new in replacements:
            assert old in text, old
            text = text.replace(old, new, 1)
        path.write_text(text)
        return problems_of(lambda: read_sheet(path, chain_date=CHAIN_DATE))

    return damaged


@pytest.fixture
def sheet(root: Path) -> RevenueShareTerms:
    read = read_sheet(root / f"scripts/_pilot/revenue/{SHEET}.yaml", chain_date=CHAIN_DATE)
    assert isinstance(read, RevenueShareTerms)
    return read


def test_the_sample_is_sound_and_says_what_the_contracts_take(sheet: RevenueShareTerms) -> None:
    assert kind_of(sheet).contract == "RevenueShare"
    rule = rule_of(sheet)
    assert (rule.order, rule.share) == (tuple(Tier), 2_500)
    assert (rule.floor, rule.cap) == (5_000_000_00, 100_000_000_00)
    taken = revenue_terms(sheet)
    assert taken["calls"][:3] == [(20_635, 1_020_000), (20_727, 1_010_000), (0, 0)]
    assert len(taken["calls"]) == 8
    assert (taken["endPrice"], taken["callNoticeDays"], taken["revenueFrom"]) == (
        *(1_000_000, 30, 20_362),
    )


@pytest.mark.parametrize(
    ("old", "new", "key", "wrong"),
    [
        ('share: "25.00"', 'share: "0.00"', "waterfall.share", "is not a share"),
        ('share: "25.00"', 'share: "100.01"', "waterfall.share", "is not a share"),
        ('share: "25.00"', 'share: "25.005"', "waterfall.share", "is not a share"),
        ('cap: "100000000.00"', 'cap: "4999999.99"', "waterfall.cap", "is below the floor"),
        ("_royalties, reserve]", "_royalties]", "waterfall.order", "each tier once"),
        ("_royalties, reserve]", "_royalties, profit]", "waterfall.order.3", ""),
        ('prices:\n', 'steps:\n', "call.prices", "is missing"),
        ("first: 2026-10-01", "first: 2026-07-01", "call.prices.2.first", "is not after"),
        ("first: 2026-10-01", "first: 2027-01-01", "call.prices.2.first", "before the end"),
        ("notice_days: 30\n  p", "notice_days: 367\n  p", "call.notice_days", ""),
        ("payment_days: 30", "payment_days: 367", "payment_days", "is too long"),
        ("revenue_from: 2025-10-01", "revenue_from: 2027-01-01", "revenue_from", "before the end"),
        ("stated_maturity: 2027-01-01", "stated_maturity: 2025-11-06", "stated_maturity", "after"),
        ("stated_maturity: 2027-01-01", "stated_maturity: 2106-02-08", "stated_maturity", "later"),
        ('  cut_off_price: "100.0000"', '  cut_off_price: "100.0000"\n  cut_off_yield: "9.0000"',
         "auction.cut_off_yield", "has none"),
        ("date: 2025-11-05", "date: 2025-11-07", "auction.date", "later than the issue"),
        ("target: 1,000,000,000", "target: 1,000,000,001", "auction.target", "multiple"),
        ("cfi: EYXXXR", "cfi: EYXX", "cfi", "is not right"),
        ("  lot: 1,000", "  lot: 1,500", "compliance.lot", "multiple"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_told(
    damage: Callable[..., Found], old: str, new: str, key: str, wrong: str
) -> None:
    found = [each for each in damage((old, new)).all if each.field == key]
    assert found and wrong in str(found[0])


def test_a_document_that_was_changed_is_found_out(
    pilot: Path, damage: Callable[..., Found]
) -> None:
    (pilot / "revenue" / "toll-control.md").write_text("Every certificate has a vote.\n")
    places = [field for _, field in damage().places()]
    assert places == ["account.control.sha256", "account.control.keccak256"]


def test_several_faults_are_told_together(damage: Callable[..., Found]) -> None:
    found = damage(
        ('share: "25.00"', 'share: "25"  # per cent'),
        ("revenue_from: 2025-10-01", "revenue_from: 2027-10-01"),
        ('auditor: "0x', 'auditor: "1x'),
    )
    assert {field for _, field in found.places()} == {"revenue_from", "auditor"}


def test_its_bids_are_paid_by_their_price_alone(root: Path, sheet: RevenueShareTerms) -> None:
    """Prices above par are none of a discount, and nobody quotes a yield."""
    investors = read_investors(root / "scripts/_pilot/investors.csv", as_of=CHAIN_DATE)
    path = root / "scripts/_pilot/auction-2025-11-05-mrs.csv"
    result = read_auction(path, Sale.of(sheet), investors)
    assert (result.face, result.weighted_average_yield) == (600_001_000, None)
    assert result.allotments[0].payment == 90_000_000 * 100_2500 // 10_000
    assert result.allotments[-1].price == Decimal("100.0000")


# ---------------------------------------------------------------- figures of a period


def test_the_sample_figures_leave_what_the_pilot_tells(
    root: Path, sheet: RevenueShareTerms
) -> None:
    folder = root / "scripts/_pilot/revenue"
    period = read_period(folder / "tolls-2025-q4.yaml", restates=False)
    assert (period.start, period.end) == (date(2025, 10, 1), date(2026, 1, 1))
    assert (period.record_day, period.payment_day) == (date(2026, 1, 20), date(2026, 1, 26))
    assert period.audited == keccak((folder / "audited-2025-q4.md").read_bytes())
    split = waterfall(period.figures, rule_of(sheet))
    assert (split.net, split.share) == (191_916_089_75, 47_979_022_43)
    restated = read_period(folder / "tolls-2025-q4-restated.yaml", restates=True)
    assert waterfall(restated.figures, rule_of(sheet)).share == 46_274_742_43


def test_a_statement_carries_its_figures_in_the_order_of_the_contract(root: Path) -> None:
    period = read_period(root / "scripts/_pilot/revenue/tolls-2026-q1.yaml", restates=False)
    number, revision, start, end, figures, audited = period.statement(1, 0).row
    assert (number, revision, start, end) == (1, 0, 20_454, 20_544)
    assert figures == astuple(period.figures)
    assert Figures(*figures).taxes_and_royalties == 65_835_412_50
    assert audited == period.audited
