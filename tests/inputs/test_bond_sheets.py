"""Term sheets of bonds and sukuk: each figure checked against the others, all faults at once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from scripts._amanat.bond_terms import GovernmentBondTerms, IjarahSukukTerms, RateKind
from scripts._amanat.bonds import Bond, DiscountBill, FloatingRateBond, ZeroCouponBond
from scripts._amanat.day_counts import DayCount
from scripts._amanat.sheets import Sheet, kind_of, read_sheet
from tests.inputs.samples import CHAIN_DATE, Found, problems_of

PIB, PFL, GIS = "pib-2028-07-17", "pfl-2028-11-06", "gis-2026-07-17"

Change = tuple[str, str]


@pytest.fixture
def pilot(root: Path, tmp_path: Path) -> Path:
    """A copy of the sample files, to be damaged."""
    return Path(shutil.copytree(root / "scripts/_pilot", tmp_path / "pilot"))


@pytest.fixture
def changed(pilot: Path) -> Callable[..., Path]:
    """Replace text of a sample sheet; each replacement must apply."""

    def change(name: str, *replacements: Change) -> Path:
        path = pilot / "bonds" / f"{name}.yaml"
        text = path.read_text()
        for old, new in replacements:
            assert old in text, old
            text = text.replace(old, new, 1)
        path.write_text(text)
        return path

    return change


@pytest.fixture
def damage(changed: Callable[..., Path]) -> Callable[..., Found]:
    """What is found in a sheet with these replacements."""

    def damaged(name: str, *replacements: Change) -> Found:
        path = changed(name, *replacements)
        return problems_of(lambda: read_sheet(path, chain_date=CHAIN_DATE))

    return damaged


def sample(root: Path, name: str) -> Sheet:
    return read_sheet(root / f"scripts/_pilot/bonds/{name}.yaml", chain_date=CHAIN_DATE)


# ---------------------------------------------------------------- the samples


def test_the_sample_bond_is_the_published_reopening_of_november_2025(root: Path) -> None:
    """PIB 10.5 % of 17-Jul-2028: 97.7244 at 11.4900, settled 6-Nov-2025."""
    bond = sample(root, PIB)
    assert isinstance(bond, GovernmentBondTerms)
    assert (bond.issue_date, bond.accrual_start_date, bond.stated_maturity) == (
        date(2025, 11, 6),
        date(2025, 7, 17),
        date(2028, 7, 17),
    )
    assert bond.schedule is not None and bond.schedule.count == 6
    assert isinstance(bond.instrument, Bond)
    assert bond.instrument.rate_percent == Decimal("10.5")
    assert bond.auction.cut_off_price == Decimal("97.7244")
    assert (bond.calculation_units, bond.record_days, bond.calendar_name) == (100_000, 7, "PK")


def test_the_sample_floater_has_a_first_rate_and_bounds(root: Path) -> None:
    bond = sample(root, PFL)
    assert isinstance(bond, GovernmentBondTerms) and bond.coupon
    assert bond.coupon.type is RateKind.VARIABLE
    assert bond.coupon.benchmark == "MTB 3M weighted average yield"
    assert (bond.coupon.floor, bond.coupon.cap) == (Decimal(5), Decimal(25))
    assert isinstance(bond.instrument, FloatingRateBond)
    assert bond.auction.cut_off_yield is None


def test_the_sample_sukuk_names_its_asset_and_its_approval(root: Path) -> None:
    sukuk = sample(root, GIS)
    assert isinstance(sukuk, IjarahSukukTerms)
    assert (sukuk.asset.id, sukuk.day_count) == ("M2-PILOT", DayCount.ACT_365_FIXED)
    assert sukuk.shariah_approval.file == "gis-shariah-approval.md"
    for path in (root / "scripts/_pilot/bonds").glob("gis*"):
        text = path.read_text().lower()
        assert "interest" not in text and "coupon" not in text, path


def test_a_sheet_is_read_by_its_class_of_asset(root: Path) -> None:
    bill = read_sheet(root / "scripts/_pilot/bills/mtb-3m-2025-10-02.yaml", chain_date=CHAIN_DATE)
    assert [kind_of(each).contract for each in (bill, sample(root, PIB), sample(root, GIS))] == [
        "TreasuryBill",
        "GovernmentBond",
        "IjarahSukuk",
    ]


def test_a_class_that_nobody_knows_is_refused(damage: Callable[..., Found]) -> None:
    problem = damage(PIB, ("asset_class: government_bond", "asset_class: lottery_bond")).only()
    assert (problem.row, problem.field) == (4, "asset_class")
    assert "treasury_bill | government_bond | ijarah_sukuk" in problem.what_would_be_right


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("old", "new", "field", "wrong", "right"),
    [
        ("isin: PKPILOT28075", "isin: PKPILOT28076", "isin", "check digit 6", "PKPILOT28075"),
        ("cfi: DBFTFR", "cfi: DYZTXR", "cfi", "is not the CFI code of a bond", "DBFTFR"),
        ("cfi: DBFTFR", "cfi: DBVTFR", "cfi", "another rate than this fixed one", "DBFTFR"),
        (
            '"11.4900"',
            '"11.4901"',
            "auction.cut_off_yield",
            "disagrees with the price 97.7244 for settlement on 2025-11-06",
            "11.4900 % for that price, or the price",
        ),
        ('"11.4900"', '"0.0000"', "auction.cut_off_yield", "disagrees", "11.4900 %"),
        ('  cut_off_yield: "11.4900"\n', "", "auction.cut_off_yield", "is missing", "announced"),
        ('"10.5000"', '"0.0000"', "coupon.rate", "pays nothing", "a rate above 0"),
        ('"10.5000"', "10.5", "coupon.rate", "binary float", '"10.5"'),
        (
            'rate: "10.5000"',
            'rate: "10.5000", spread: "0.1000"',
            "coupon.spread",
            "no meaning for a fixed rate",
            "type: floating",
        ),
        ("frequency: semi_annual", "frequency: monthly", "frequency", "is not one of", "quarterly"),
        (
            "record_days: 7",
            "record_days: 61",
            "record_days",
            "is out of range",
            "0 to 60",
        ),
        (
            "issue_date: 2025-11-06",
            "issue_date: 2025-11-08",
            "calendar",
            "2025-11-08 is closed (Saturday)",
            "an open day",
        ),
        (
            "accrual_start_date: 2025-07-17",
            "accrual_start_date: 2025-11-07",
            "accrual_start_date",
            "is after the issue date",
            "2025-11-06 or earlier",
        ),
        (
            "stated_maturity: 2028-07-17",
            "stated_maturity: 2025-11-06",
            "stated_maturity",
            "is not after the issue date",
            "later than",
        ),
        (
            "stated_maturity: 2028-07-17",
            "stated_maturity: 2106-07-17",
            "stated_maturity",
            "later than contracts can count",
            "2106-02-07",
        ),
        (
            "frequency: semi_annual",
            "frequency: semi_annual\nend_of_month: yes",
            "end_of_month",
            "is not the last of a month",
            "",
        ),
        (
            "frequency: semi_annual",
            "frequency: semi_annual\nfirst_period_end: 2026-01-18",
            "first_period_end",
            "counted back from the maturity",
            "",
        ),
        (
            "record_days: 7 ",
            "calculation_amount: 30,000\nrecord_days: 7 ",
            "calculation_amount",
            "does not divide the denomination",
            "100000, or a part",
        ),
        ("lot: 100,000", "lot: 50,000", "compliance.lot", "multiple of the lot 100000", "100000"),
        ("target: 20,000,000,000", "target: 20,000,000,001", "auction.target", "multiple", ""),
        ("date: 2025-11-05", "date: 2025-11-07", "auction.date", "later than the issue", ""),
        ("calendar_name: PK", "calendar_nam: PK", "calendar_name", "is missing", "a value"),
        (
            "auction:\n",
            'call: {callable_from: 2025-11-06, price: "102.0000", notice_days: 30}\nauction:\n',
            "call.callable_from",
            "is not after the issue",
            "later than 2025-11-06",
        ),
    ],
)
def test_a_damaged_bond_is_refused_at_its_place(
    damage: Callable[..., Found], old: str, new: str, field: str, wrong: str, right: str
) -> None:
    found = damage(PIB, (old, new))
    problem = next(each for each in found.all if each.field == field)
    assert wrong in problem.what_is_wrong and right in problem.what_would_be_right, problem


def test_a_bond_whose_first_record_date_comes_before_its_issue_is_refused(
    damage: Callable[..., Found],
) -> None:
    problem = damage(
        PFL,
        ("accrual_start_date: 2025-11-06", "accrual_start_date: 2025-08-06"),
        ("stated_maturity: 2028-11-06", "stated_maturity: 2028-11-09"),
        ("record_days: 5", "record_days: 3"),
    ).only()
    assert (problem.field, "before anyone holds anything" in problem.what_is_wrong) == (
        "record_days",
        True,
    )


@pytest.mark.parametrize(
    ("old", "new", "field", "wrong"),
    [
        ('"11.3499"', '"4.9999"', "coupon.rate", "is below the floor 5.0000"),
        ('"11.3499"', '"25.0001"', "coupon.rate", "is above the cap 25.0000"),
        ("  benchmark: MTB 3M weighted average yield\n", "", "coupon.benchmark", "is missing"),
        ("fixing_days: 2", "fixing_days: 61", "coupon.fixing_days", "is out of range"),
        (
            '"99.8150"        # a floater has no yield',
            '"99.8150"\n  cut_off_yield: "11.4000"',
            "auction.cut_off_yield",
            "a floater has none",
        ),
        ("cfi: DBVTFR", "cfi: DBFTFR", "cfi", "another rate than this variable one"),
        ('"0.3000"', '"-0.30001"', "coupon.spread", ""),
    ],
)
def test_a_damaged_floater_is_refused_at_its_place(
    damage: Callable[..., Found], old: str, new: str, field: str, wrong: str
) -> None:
    problem = damage(PFL, (old, new)).only()
    assert problem.field == field and wrong in problem.what_is_wrong, problem


def test_a_sukuk_without_its_approval_or_with_another_asset_is_refused(
    damage: Callable[..., Found], pilot: Path
) -> None:
    (pilot / "bonds" / "gis-asset.md").write_text("another asset")
    found = damage(GIS, ("shariah_approval:", "approval:"))
    assert [problem.field for problem in found.all] == [
        "shariah_approval",
        "asset.description.sha256",
        "asset.description.keccak256",
        "approval",
    ]


def test_everything_wrong_in_a_sheet_is_told_at_once(damage: Callable[..., Found]) -> None:
    found = damage(
        PIB,
        ("isin: PKPILOT28075", "isin: PKPILOT28076"),
        ('"11.4900"', '"11.5900"'),
        ("governing_law: Laws of Pakistan", "governing_law: Laws of Pakistan\nextra: 1"),
    )
    assert {problem.field for problem in found.all} == {"isin", "auction.cut_off_yield", "extra"}


def test_what_has_passed_is_refused_only_where_it_is_still_to_come(root: Path) -> None:
    path = root / f"scripts/_pilot/bonds/{PIB}.yaml"
    problem = problems_of(lambda: read_sheet(path, chain_date=date(2025, 11, 7))).only()
    assert (problem.field, "has passed" in problem.what_is_wrong) == ("issue_date", True)
    assert read_sheet(path, chain_date=None).series == PIB


# ---------------------------------------------------------------- other kinds


def test_a_zero_coupon_bond_has_no_coupon_and_no_periods(changed: Callable[..., Path]) -> None:
    """PIB zero of 17-Jul-2027: 83.1943 at 11.4792 for settlement on 6-Nov-2025."""
    path = changed(
        PIB,
        ("frequency: semi_annual\n", ""),
        ('coupon: {type: fixed, rate: "10.5000"}\n', ""),
        ("cfi: DBFTFR", "cfi: DBZTFR"),
        ("stated_maturity: 2028-07-17", "stated_maturity: 2027-07-17"),
        ("accrual_start_date: 2025-07-17", "accrual_start_date: 2025-11-06"),
        ('"97.7244"', '"83.1943"'),
        ('"11.4900"', '"11.4792"'),
    )
    bond = read_sheet(path, chain_date=CHAIN_DATE)
    assert isinstance(bond, GovernmentBondTerms)
    assert isinstance(bond.instrument, ZeroCouponBond)
    assert (bond.schedule, bond.earning) == (None, None)


def test_a_discounted_sukuk_is_priced_as_a_bill(changed: Callable[..., Path]) -> None:
    path = changed(
        GIS,
        ("frequency: semi_annual\n", ""),
        ('rental: {type: fixed, rate: "11.0000"}\n', ""),
        ("cfi: DBFTFR", "cfi: DBZTFR"),
        ("stated_maturity: 2026-07-17", "stated_maturity: 2026-11-05"),
        ("accrual_start_date: 2025-07-17", "accrual_start_date: 2025-11-06"),
        ('"99.8740"', '"90.0000"'),
        ('"11.1002"', '"11.1416"'),
    )
    sukuk = read_sheet(path, chain_date=CHAIN_DATE)
    assert isinstance(sukuk, IjarahSukukTerms) and isinstance(sukuk.instrument, DiscountBill)


def test_a_discount_bond_is_not_sold_above_par_nor_called(damage: Callable[..., Found]) -> None:
    found = damage(
        PIB,
        ("frequency: semi_annual\n", ""),
        ('coupon: {type: fixed, rate: "10.5000"}\n', ""),
        ("cfi: DBFTFR", "cfi: DBZTFR"),
        ('"97.7244"', '"100.0001"'),
        (
            "auction:\n",
            'call: {callable_from: 2027-01-17, price: "1.0", notice_days: 1}\nauction:\n',
        ),
    )
    told = {problem.field: problem.what_is_wrong for problem in found.all}
    assert set(told) == {"call", "auction.cut_off_price"}
    assert "without coupons" in told["call"]


def test_a_coupon_without_periods_is_refused(damage: Callable[..., Found]) -> None:
    problem = damage(PIB, ("frequency: semi_annual\n", "")).all[0]
    assert (problem.field, problem.what_is_wrong) == ("coupon", "is paid in no periods")
