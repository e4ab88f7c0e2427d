"""The term sheets of commodities: the samples are sound, and every fault is told by its line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from scripts._amanat.commodity_arguments import commodity_terms
from scripts._amanat.commodity_terms import CommodityReserveTerms
from scripts._amanat.lots import Measure
from scripts._amanat.quantities import in_words, parse_quantity, shown, smallest
from scripts._amanat.reading import Unreadable
from scripts._amanat.sales import payment_for
from scripts._amanat.sheets import read_sheet
from tests.inputs.samples import CHAIN_DATE, problems_of

FOLDER = "scripts/_pilot/commodities"


@pytest.fixture
def sheet(root: Path) -> str:
    return (root / FOLDER / "gold-2026.yaml").read_text("utf-8")


def faults(root: Path, folder: Path, text: str) -> list[tuple[str, str]]:
    """Field and what is wrong with it, of a sheet beside the sample's document."""
    (folder / "gold-2026.md").write_bytes((root / FOLDER / "gold-2026.md").read_bytes())
    path = folder / "gold.yaml"
    path.write_text(text, "utf-8")
    found = problems_of(lambda: read_sheet(path, chain_date=CHAIN_DATE)).all
    return [(problem.field, problem.what_is_wrong) for problem in found]


@pytest.mark.parametrize(
    ("name", "measure", "least", "minimum"),
    [
        ("gold-2026", Measure.CONTENT, 995_000, 100_000),
        ("oil-2026", Measure.GRADE, 30_000_000, 50_000),
    ],
)
def test_the_samples_are_sound(
    root: Path, name: str, measure: Measure, least: int, minimum: int
) -> None:
    read = read_sheet(root / FOLDER / f"{name}.yaml", chain_date=CHAIN_DATE)
    assert isinstance(read, CommodityReserveTerms)
    terms = commodity_terms(read)
    assert (terms["measure"], terms["minimumQuality"]) == (measure, least)
    assert terms["minimumRedemption"] == minimum
    assert terms["isin"] == bytes(12)


@pytest.mark.parametrize(
    ("old", "new", "field", "wrong"),
    [
        ("precision: 3", "precision: 19", "precision", "is no number of decimals"),
        ('minimum: "0.995"', 'minimum: "1.1"', "quality.maximum", "is below the minimum"),
        ('minimum: "0.995"', 'minimum: "0"', "quality.minimum", "is out of range"),
        ('"100,000.000"', '"100,000.0001"', "maximum_issue", "has more than 3 decimals"),
        ('tolerance: "5.000"', 'tolerance: "100.000"', "redemption.tolerance", "is no less"),
        ('minimum: "100.000"', 'minimum: "100.0001"', "redemption.minimum", "has more than 3"),
        ("heartbeat_hours: 48", "heartbeat_hours: 9000", "heartbeat_hours", "is longer than"),
        ("issue_date: 2026-04-08", "issue_date: 2025-09-01", "issue_date", "has passed"),
        ("0x00dD7939597BC43820ffb2b4E834F26924012B3d", "0x12", "auditor", "is not an address"),
        (
            "0x00dD7939597BC43820ffb2b4E834F26924012B3d",
            "0x854A7D55C845dD0363c3cB4F2DabD79c10697cf2",
            "auditor",
            "is the custodian",
        ),
        ("unit: FINE", "unit_face: 1\nunit: FINE", "unit_face", "is not a key of this file"),
        ("lot: 1", "lot: 0", "compliance.lot", "is zero"),
    ],
)
def test_a_fault_is_told_by_its_field(
    root: Path, tmp_path: Path, sheet: str, old: str, new: str, field: str, wrong: str
) -> None:
    assert old in sheet
    (found,) = faults(root, tmp_path, sheet.replace(old, new, 1))
    assert found[0] == field
    assert found[1].startswith(wrong)


def test_all_faults_are_told_together(root: Path, tmp_path: Path, sheet: str) -> None:
    text = sheet.replace("precision: 3", "precision: x").replace("currency: PKR", "currency: USD")
    assert {field for field, _ in faults(root, tmp_path, text)} == {"precision", "currency"}


def test_quantities_are_exact() -> None:
    assert parse_quantity("1,398.344") == Decimal("1398.344")
    assert smallest(Decimal("398.344"), 3) == 398_344
    assert shown(1_398_344, 3) == "1,398.344"
    assert shown(5, 0) == "5"
    assert in_words(344, 3, "FINE TROY OUNCE") == "0.344 fine troy ounces"
    assert in_words(1_000, 3, "FINE TROY OUNCE") == "1.000 fine troy ounce"
    for text in ("0", "0.000", "1.", "1e3", "1.2.3", "-1"):
        with pytest.raises(Unreadable):
            parse_quantity(text)
    with pytest.raises(Unreadable):
        smallest(Decimal("0.0001"), 3)


@pytest.mark.parametrize(
    ("units", "price", "paisa"),
    [(344, "1150000", 395_600_00), (1, "1150005", 1_150_01), (1, "1150004.9999", 1_150_00)],
)
def test_a_sale_is_paid_half_up_to_the_paisa(units: int, price: str, paisa: int) -> None:
    """As `CommodityReserve.costOf` has it: tests/assets/test_commodity_terms.py."""
    assert payment_for(units, Decimal(price), 3) == paisa
