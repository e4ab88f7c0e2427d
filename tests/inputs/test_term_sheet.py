"""The term sheet of a bill: exact text, no unknown keys, each figure checked against the others."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from scripts._amanat.business_days import BusinessDayConvention
from scripts._amanat.terms import BillTerms, NonCompetitivePrice, PrimaryRegister, read_bill
from tests.inputs.samples import CHAIN_DATE, Found, problems_of

SHEET = "bills/mtb-3m-2025-10-02.yaml"

Damage = Callable[..., Found]


@pytest.fixture
def pilot(root: Path, tmp_path: Path) -> Path:
    """A copy of the sample files, to be damaged."""
    return Path(shutil.copytree(root / "scripts/_pilot", tmp_path / "pilot"))


@pytest.fixture
def damage(pilot: Path) -> Damage:
    """Replace text of the sample sheet and read it; each replacement must apply."""

    def damaged(*replacements: tuple[str, str]) -> Found:
        path = pilot / SHEET
        text = path.read_text()
        for old, new in replacements:
            assert old in text, old
            text = text.replace(old, new, 1)
        path.write_text(text)
        return problems_of(lambda: read_bill(path, chain_date=CHAIN_DATE))

    return damaged


@pytest.fixture(scope="module")
def bill(root: Path) -> BillTerms:
    return read_bill(root / "scripts/_pilot" / SHEET, chain_date=CHAIN_DATE)


def test_the_sample_is_the_published_bill_of_october_2025(bill: BillTerms) -> None:
    assert (bill.issue_date, bill.stated_maturity, bill.days) == (
        date(2025, 10, 2),
        date(2025, 12, 26),
        85,
    )
    assert bill.auction.cut_off_price == Decimal("97.4913")
    assert bill.auction.cut_off_yield == Decimal("11.0499")
    assert bill.auction.non_competitive_price is NonCompetitivePrice.WEIGHTED_AVERAGE
    assert bill.auction.non_competitive_cap == 25_000_000
    assert (bill.denomination, bill.unit_face_hundredths) == (5_000, 100)
    assert (bill.currency_code, bill.country.numeric) == (586, 586)
    assert bill.primary_register is PrimaryRegister.CSD


def test_payment_and_record_date_follow_from_the_terms(bill: BillTerms) -> None:
    assert bill.business_day_convention is BusinessDayConvention.FOLLOWING
    assert bill.payment_date == date(2025, 12, 26)
    assert bill.record_date == date(2025, 12, 26)


def test_a_maturity_on_a_holiday_is_priced_unadjusted_and_paid_the_next_day(pilot: Path) -> None:
    path = pilot / SHEET
    text = path.read_text().replace("stated_maturity: 2025-12-26", "stated_maturity: 2025-12-25")
    path.write_text(text.replace('"97.4913"', '"97.5201"').replace('"11.0499"', '"11.0498"'))
    bill = read_bill(path, chain_date=CHAIN_DATE)
    assert (bill.days, bill.payment_date) == (84, date(2025, 12, 26))


def test_terms_cannot_be_changed_once_read(bill: BillTerms) -> None:
    with pytest.raises(ValueError, match="frozen"):
        bill.denomination = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("old", "new", "field", "wrong", "right"),
    [
        ("isin: PKPILOT26129", "isin: PKPILOT26128", "isin", "check digit 8", "PKPILOT26129"),
        ("isin: PKPILOT26129", "isin: PK12", "isin", "is not an ISIN", "two letters, nine"),
        ("LOT048", "LOT049", "issuer_lei", "check digits 49", "000000AMANATPILOT048"),
        ("DYZTXR", "DBFTFR", "cfi", "is not the CFI code of a bill", "DYZTXR"),
        ("currency: PKR", "currency: USD", "currency", "is not a currency", "PKR (586)"),
        ("country: PK", "country: AE", "country", "is not the issuer's country", "PK"),
        ('"1.00"', '"100.00"', "unit_face", "is not the face", "1.00: one token is one rupee"),
        ('"1.00"', "1.00", "unit_face", "unquoted and would be a binary float", '"1.00"'),
        ('"97.4913"', "97.4913", "auction.cut_off_price", "a binary float", '"97.4913"'),
        (
            '"11.0499"',
            '"11.1814"',
            "auction.cut_off_yield",
            "price 97.4913 over 85 days",
            "11.0499",
        ),
        ("2025-12-26  ", "2025-12-24  ", "auction.cut_off_yield", "over 83 days", "11.3161"),
        (
            "issue: 5,000,000,000",
            "issue: 5,000,000,001",
            "maximum_issue",
            "multiple of",
            "5000000000 or",
        ),
        ("issue: 5,000,000,000", "issue: 5E+09", "maximum_issue", "scientific", "5000000000"),
        (
            "issue_date: 2025-10-02",
            "issue_date: 02/10/2025",
            "issue_date",
            "YYYY-MM-DD",
            "2025-10-02",
        ),
        ("ACT/365", "ACT/360", "day_count", "is not one of the choices", "ACT/365"),
        ("treasury_bill", "bond", "asset_class", "is not one of the choices", "treasury_bill"),
        (
            "following",
            "preceding",
            "business_day_convention",
            "is not one of",
            "modified_following",
        ),
        ("pk-2025", "pk-1999", "calendar", "cannot be read: No such file", "a sound calendar"),
        (
            "date: 2025-10-01",
            "date: 2025-10-03",
            "auction.date",
            "later than the issue",
            "2025-10-02",
        ),
        (
            "primary_register: CSD",
            "primary_register: CDC",
            "primary_register",
            "not one of",
            "CSD | DLT",
        ),
        ("uri: https", "uri: ftp", "document.uri", "is not right", "https:// or ipfs://"),
        ("file: mtb", "file: nib", "document.sha256", "No such file", "the file"),
        ("[PK, AE", "[PK, UK", "compliance.jurisdictions.2", "alpha-2 code", "GB"),
        ("[PK, AE", "[PK, 586", "compliance.jurisdictions", "names PK twice", "each once"),
        ("- retail", "- retial", "compliance.investor_classes.1", "not one of", "retail | prof"),
        ("750,000,000", "750,000,001", "compliance.maximum_holding", "lot 5000", "750000000 or"),
        (
            "cap: 5,000,000,000",
            "cap: 6,000,000,000",
            "compliance.supply_cap",
            "above the maximum",
            "5000000000",
        ),
        (
            "until: 2025-10-03",
            "until: 2025-12-26",
            "compliance.lock_up_until",
            "before the matur",
            "2025-12-26",
        ),
        (
            "first: 2025-12-24",
            "first: 2025-12-27",
            "compliance.register_closing.last",
            "earlier",
            "2025-12-27",
        ),
        ("maximum: 500000000", "maximum: 7", "compliance.velocity.maximum", "lot 5000", "5000"),
        ("hours: 24", "hours: 0", "compliance.velocity.hours", "is zero", "above zero"),
        ("symbol: MTB", "symbol: =MTB", "symbol", "as a formula does", "the plain value"),
        ("name: GoP", "name: Government of Pakistan", "name", "is not right", "32 ASCII"),
        ("sanctions: yes", "sanctions: maybe", "compliance.sanctions", "is not one", "yes | no"),
        ("governing_law: Laws", "governing_law: *x #", "", "is not YAML", ""),
    ],
)
def test_a_defect_is_named_by_line_key_and_remedy(
    damage: Damage, pilot: Path, old: str, new: str, field: str, wrong: str, right: str
) -> None:
    line = (pilot / SHEET).read_text().split(old)[0].count("\n") + 1
    found = damage((old, new))
    problem = found.all[0]
    assert problem.field == field
    assert wrong in problem.what_is_wrong
    assert right in problem.what_would_be_right
    assert problem.row == line or field.startswith(
        ("auction.cut_off_yield", "document", "compliance")
    )


def test_what_has_passed_on_the_chains_clock_is_refused(pilot: Path) -> None:
    path = pilot / SHEET
    found = problems_of(lambda: read_bill(path, chain_date=date(2025, 10, 3)))
    problem = found.only()
    assert (problem.field, problem.value) == ("issue_date", "'2025-10-02'")
    assert problem.what_is_wrong == "has passed"
    assert problem.what_would_be_right == "2025-10-03 (the chain's date) or later"


def test_a_series_that_exists_is_looked_up_after_its_issue_date(pilot: Path) -> None:
    assert read_bill(pilot / SHEET, chain_date=None).days == 85


def test_a_document_that_was_edited_is_refused_with_both_hashes(pilot: Path) -> None:
    with (pilot / "bills/mtb-3m-2025-10-02.md").open("a") as document:
        document.write("One more promise.\n")
    found = problems_of(lambda: read_bill(pilot / SHEET, chain_date=CHAIN_DATE))
    assert [problem.field for problem in found.all] == ["document.sha256", "document.keccak256"]
    assert all("is not the hash of mtb-3m" in problem.what_is_wrong for problem in found.all)
    assert all(problem.what_would_be_right.startswith("0x") for problem in found.all)


def test_a_key_twice_is_refused_with_both_lines(damage: Damage) -> None:
    problem = damage(("cfi: DYZTXR", "cfi: DYZTXR\ncfi: DYZTXB")).only()
    assert (problem.row, problem.field) == (9, "cfi")
    assert problem.what_is_wrong == "stands in line 8 already"


def test_an_unknown_key_is_refused(damage: Damage) -> None:
    problem = damage(("cfi: DYZTXR", "cfi: DYZTXR\ncoupon: 5")).only()
    assert (problem.row, problem.field, problem.value) == (9, "coupon", "'5'")
    assert problem.what_is_wrong == "is not a key of this file"


def test_a_derived_date_cannot_be_stated(damage: Damage) -> None:
    problem = damage(("cfi: DYZTXR", "cfi: DYZTXR\npayment_date: 2025-12-26")).only()
    assert (problem.field, problem.what_is_wrong) == ("payment_date", "is not a key of this file")


def test_a_missing_key_is_named(damage: Damage) -> None:
    problem = damage(("cfi: DYZTXR\n", "")).only()
    assert (problem.field, problem.what_is_wrong) == ("cfi", "is missing")


def test_aliases_and_tags_are_refused(damage: Damage) -> None:
    found = damage(
        ("name: GoP", "name: &name GoP"),
        ("governing_law: Laws of Pakistan", "governing_law: *name"),
        ("symbol: MTB", "symbol: !!python/name MTB"),
    )
    assert found.places() == [(6, "symbol"), (32, "governing_law")]
    assert "has the tag" in found.all[0].what_is_wrong
    assert found.all[1].what_is_wrong == "is an alias"


def test_norway_is_a_country_and_not_a_boolean(pilot: Path) -> None:
    path = pilot / SHEET
    path.write_text(path.read_text().replace("[PK, AE", "[NO, 784"))
    admitted = read_bill(path, chain_date=CHAIN_DATE).compliance.jurisdictions
    assert [country.alpha_2 for country in admitted[:2]] == ["NO", "AE"]


def test_a_rule_that_is_left_out_is_off(pilot: Path) -> None:
    path = pilot / SHEET
    text = path.read_text().replace("  maximum_holders: 60\n", "")
    path.write_text(text.replace("  lock_up_until: 2025-10-03 ", "  #"))
    rules = read_bill(path, chain_date=CHAIN_DATE).compliance
    assert (rules.maximum_holders, rules.lock_up_until) == (None, None)


def test_everything_wrong_in_a_sheet_is_said_at_once(damage: Damage) -> None:
    found = damage(
        ("PKPILOT26129", "PKPILOT26120"),
        ("currency: PKR", "currency: rupee"),
        ('"97.4913"', '"97.5201"'),
        ("cap: 5,000,000,000", "cap: 6,000,000,000"),
        ("750,000,000", "750,000,001"),
        ("target: 5,000,000,000", "target: 5,000,000,003"),
    )
    assert [problem.field for problem in found.all] == [
        "isin",
        "currency",
        "auction.target",
        "auction.cut_off_yield",
        "compliance.maximum_holding",
        "compliance.supply_cap",
    ]


def test_a_calendar_that_ends_too_early_is_refused(pilot: Path) -> None:
    calendar = pilot / "calendars/pk-2025.yaml"
    calendar.write_text(calendar.read_text().replace("last: 2026-01-31", "last: 2025-12-01"))
    problem = problems_of(lambda: read_bill(pilot / SHEET, chain_date=CHAIN_DATE)).only()
    assert problem.field == "calendar"
    assert "covers 2025-07-01 to 2025-12-01, not 2025-12-26" in problem.what_is_wrong


def test_an_issue_on_a_closed_day_is_refused(damage: Damage) -> None:
    found = damage(("issue_date: 2025-10-02", "issue_date: 2025-10-04"))
    problem = next(problem for problem in found.all if problem.field == "calendar")
    assert "the issue date 2025-10-04 is closed (Saturday)" in problem.what_is_wrong
