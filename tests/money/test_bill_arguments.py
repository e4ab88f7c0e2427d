"""What is read from a term sheet reaches the contracts' structs field for field."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from scripts._amanat import bill_arguments
from scripts._amanat.terms import BillTerms, read_bill


@pytest.fixture(scope="module")
def terms(root: Path) -> BillTerms:
    return read_bill(root / "scripts/_pilot/bills/mtb-3m-2025-10-02.yaml", chain_date=None)


def fields_of(source: Path, struct: str) -> list[str]:
    body = re.search(rf"struct {struct} {{(.*?)}}", source.read_text(), re.DOTALL)
    assert body, f"no struct {struct} in {source}"
    return re.findall(r"(\w+);", body[1])


def test_the_fields_are_the_structs_in_their_order(terms: BillTerms, root: Path) -> None:
    contracts = root / "contracts"
    assert list(bill_arguments.bill_terms(terms)) == fields_of(
        contracts / "assets/BillTerms.sol", "BillTerms"
    )
    assert list(bill_arguments.rules(terms.compliance)) == fields_of(
        contracts / "compliance/Rules.sol", "Rules"
    )


def test_terms_become_days_words_and_hundredths(terms: BillTerms) -> None:
    fields = bill_arguments.bill_terms(terms)
    assert fields["issueDate"] == (date(2025, 10, 2) - date(1970, 1, 1)).days
    assert fields["statedMaturity"] - fields["issueDate"] == 85
    assert (fields["cutOffPrice"], fields["unitFace"]) == (974_913, 100)
    assert fields["symbol"] == b"MTB-26DEC25".ljust(32, b"\0")
    assert fields["termSheetHash"].hex() == terms.document.keccak256[2:]


def test_rules_become_seconds_bits_and_units(terms: BillTerms) -> None:
    rules = bill_arguments.rules(terms.compliance)
    assert rules["lockedUntil"] == 1_759_431_600  # 2025-10-02 19:00 UTC
    assert rules["closedUntil"] - rules["closedFrom"] == 3 * 86_400
    assert rules["velocityWindow"] == 86_400
    assert rules["classes"] & 1 == 0
    assert rules["classes"] >> 1 & 1 == 1  # retail
    assert rules["classes"] >> 11 & 1 == 0  # broker
    assert bill_arguments.countries(terms.compliance)[:2] == [586, 784]


def test_rules_that_are_left_out_are_zero(terms: BillTerms) -> None:
    off = {
        name: None
        for name in ("maximum_holding", "maximum_holders", "supply_cap", "lock_up_until")
        + ("register_closing", "velocity")
    }
    bare = terms.compliance.model_copy(update={**off, "sanctions": False})
    rules = bill_arguments.rules(bare)
    left = {name for name, value in rules.items() if value}
    assert left == {"lot", "classes", "jurisdictions"}
