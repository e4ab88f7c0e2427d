"""Term sheets of bonds and sukuk reach the contracts' structs field for field."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scripts._amanat.bond_arguments import CONVENTIONS
from scripts._amanat.business_days import BusinessDayConvention, epoch_day
from scripts._amanat.day_counts import DayCount
from scripts._amanat.sheets import kind_of, read_sheet
from tests.money.test_bill_arguments import fields_of

PIB, PFL, GIS = "pib-2028-07-17", "pfl-2028-11-06", "gis-2026-07-17"


def arguments(root: Path, name: str) -> dict[str, Any]:
    sheet = read_sheet(root / f"scripts/_pilot/bonds/{name}.yaml", chain_date=None)
    return kind_of(sheet).arguments(sheet)


def names_of(source: Path, enum: str) -> list[str]:
    body = re.search(rf"enum {enum} {{(.*?)}}", source.read_text(), re.DOTALL)
    assert body, f"no enum {enum} in {source}"
    return re.findall(r"\w+", body[1])


@pytest.mark.parametrize(
    ("name", "struct"), [(PIB, "BondTerms"), (PFL, "BondTerms"), (GIS, "SukukTerms")]
)
def test_the_fields_are_the_structs_in_their_order(root: Path, name: str, struct: str) -> None:
    assets, found = root / "contracts/assets", arguments(root, name)
    assert list(found) == fields_of(assets / f"{struct}.sol", struct)
    assert list(found["periodic"]) == fields_of(assets / "PeriodicTerms.sol", "PeriodicTerms")


def test_conventions_have_the_contracts_numbers(root: Path) -> None:
    calendar = root / "contracts/programme/IHolidayCalendar.sol"
    stated = names_of(calendar, "BusinessDayConvention")
    assert [
        {
            BusinessDayConvention.NONE: "None",
            BusinessDayConvention.FOLLOWING: "Following",
            BusinessDayConvention.MODIFIED_FOLLOWING: "ModifiedFollowing",
        }[each]
        for each in sorted(CONVENTIONS, key=lambda each: CONVENTIONS[each])
    ] == stated
    counts = names_of(root / "contracts/assets/DayCount.sol", "DayCountConvention")
    assert counts == ["ActActIcma", "Act365Fixed", "Thirty360"]
    assert [each.number for each in DayCount] == [0, 1, 2]
    rates = names_of(root / "contracts/assets/PeriodicTerms.sol", "RateType")
    assert rates == ["Discount", "Fixed", "Variable"]


def test_the_bonds_figures_pass_as_they_are(root: Path) -> None:
    fields = arguments(root, PIB)["periodic"]
    assert (fields["rate"], fields["issuePrice"], fields["rateType"]) == (105_000, 977_244, 1)
    assert fields["accrualStart"] == epoch_day(date(2025, 7, 17))
    assert (fields["frequency"], fields["firstPeriodEnd"], fields["recordDays"]) == (2, 0, 7)
    assert fields["calendar"] == b"PK".ljust(32, b"\0")
    assert (fields["calculationAmount"], fields["denomination"]) == (100_000, 100_000)


def test_a_floaters_bounds_become_ten_thousandths(root: Path) -> None:
    fields = arguments(root, PFL)["periodic"]
    bounds = [fields[key] for key in ("rate", "spread", "floor", "cap", "maximumStep")]
    assert bounds == [113_499, 3_000, 50_000, 250_000, 30_000]
    assert (fields["fixingDays"], fields["businessDays"]) == (2, 2)


def test_a_sukuk_commits_to_its_asset_and_its_approval(root: Path) -> None:
    sheet = read_sheet(root / f"scripts/_pilot/bonds/{GIS}.yaml", chain_date=None)
    found = arguments(root, GIS)
    assert found["assetId"] == b"M2-PILOT".ljust(32, b"\0")
    assert found["shariahApproval"].hex() == sheet.shariah_approval.keccak256[2:]  # type: ignore[union-attr]
