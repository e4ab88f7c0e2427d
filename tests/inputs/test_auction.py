"""The result of an auction: what each bid pays, and every defect with its row, field and remedy."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from scripts._amanat.auction import AuctionResult, BidKind, Sale, read_auction
from scripts._amanat.investors import Investors, read_investors
from scripts._amanat.terms import BillTerms, NonCompetitivePrice, read_bill
from tests.inputs.samples import (
    ALICE,
    ALICE_TOO,
    AUCTION,
    BANK,
    CHAIN_DATE,
    FUND,
    INVESTORS,
    Found,
    problems_of,
    written,
)

Read = Callable[..., AuctionResult]
Problems = Callable[..., Found]


@pytest.fixture(scope="module")
def terms(root: Path) -> BillTerms:
    return read_bill(root / "scripts/_pilot/bills/mtb-3m-2025-10-02.yaml", chain_date=CHAIN_DATE)


@pytest.fixture
def investors(tmp_path: Path) -> Investors:
    return read_investors(written(tmp_path, "investors.csv", INVESTORS), as_of=CHAIN_DATE)


@pytest.fixture
def read(tmp_path: Path, terms: BillTerms, investors: Investors) -> Read:
    def read_text(
        content: str, terms: BillTerms = terms, investors: Investors = investors
    ) -> AuctionResult:
        return read_auction(written(tmp_path, "auction.csv", content), Sale.of(terms), investors)

    return read_text


@pytest.fixture
def problems(read: Read) -> Problems:
    def problems_of_text(content: str, **other: object) -> Found:
        return problems_of(lambda: read(content, **other))

    return problems_of_text


def test_each_competitive_bidder_pays_its_own_price_to_the_paisa(read: Read) -> None:
    bank, fund, _ = read(AUCTION).allotments
    assert (bank.wallet, bank.price_e4, bank.payment) == (BANK, 975_000, 97_500_000_00)
    assert (fund.wallet, fund.price_e4, fund.payment) == (FUND, 974_913, 48_745_650_00)


def test_non_competitive_bidders_pay_the_weighted_average(read: Read) -> None:
    """(100 m * 97.5000 + 50 m * 97.4913) / 150 m = 97.4971."""
    result = read(AUCTION)
    assert result.weighted_average_price == Decimal("97.4971")
    alice = result.allotments[2]
    assert (alice.kind, alice.wallet, alice.price) == (
        BidKind.NON_COMPETITIVE,
        ALICE,
        Decimal("97.4971"),
    )
    assert alice.payment == 487_485_50
    assert (result.face, result.payment) == (150_500_000, 146_733_135_50)


def test_or_the_cut_off_where_the_terms_say_so(read: Read, terms: BillTerms) -> None:
    cut_off = terms.auction.model_copy(
        update={"non_competitive_price": NonCompetitivePrice.CUT_OFF}
    )
    result = read(AUCTION, terms=terms.model_copy(update={"auction": cut_off}))
    assert result.allotments[2].price == Decimal("97.4913")


def test_a_bidder_may_name_one_of_its_wallets(read: Read) -> None:
    named = AUCTION.replace("N-1,INV-ALICE7Q,", f"N-1,,{ALICE_TOO}")
    assert read(named).allotments[2].wallet == ALICE_TOO


def test_a_non_competitive_bid_may_show_the_price_it_pays_and_no_other(
    read: Read, problems: Problems
) -> None:
    shown = AUCTION.replace("500000,,", "500000,97.4971,")
    assert read(shown).allotments == read(AUCTION).allotments
    problem = problems(AUCTION.replace("500000,,", "500000,97.5000,")).only()
    assert problem.what_is_wrong == "is not what non-competitive bidders pay"
    assert problem.what_would_be_right == "empty, or 97.4971"


@pytest.mark.parametrize(
    ("old", "new", "row", "field", "wrong", "right"),
    [
        ("50000000,97.4913", "5E+07,97.4913", 3, "face", "scientific notation", "50000000"),
        ("50000000,97.4913", "50000001,97.4913", 3, "face", "multiple of the lot 5000", "50005000"),
        ("50000000,97.4913", "0,97.4913", 3, "face", "is zero", "above zero"),
        ("50000000,97.4913", "-5,97.4913", 3, "face", "as a formula does", "without a sign"),
        ("97.4913,11.0499", "97.4912,", 3, "price", "below the cut-off 97.4913", "97.4913 or"),
        ("97.4913,11.0499", "97.49131,", 3, "price", "5 decimals", "at most 4"),
        ("97.4913,11.0499", ",11.0499", 3, "price", "is empty", "a value"),
        ("C-2", "C-1", 3, "bid", "stands in row 2 already", "a number of its own"),
        ("C-2", "C/2", 3, "bid", "is not a bid's number", "such as C-017"),
        ("N-1,INV-ALICE7Q", "N-1,", 4, "investor", "is empty, and so is wallet", "one of the two"),
        ("INV-FUND9KM", "INV-NOBODY", 3, "investor", "not in the list", "investors.csv"),
        ("INV-FUND9KM,", f"INV-FUND9KM,{BANK}", 3, "wallet", "belongs to INV-BANK2XZ", FUND),
        ("INV-FUND9KM,", f",{FUND[:-1]}0", 3, "wallet", "wrong checksum", "0x"),
        ("non_competitive", "noncompetitive", 4, "kind", "not one of", "competitive | non_comp"),
        (",500000,", ",25005000,", 4, "face", "cap of a non-competitive bid", "25000000"),
        ("ACC-2B", "1234567890123", 3, "account", "contains 13 digits", "says nothing"),
        ("ACC-2B", "", 3, "account", "is empty", "a value"),
        ("100000000,97.5", "760000000,97.5", 2, "face", "INV-BANK2XZ to 760000000", "750000000"),
    ],
)
def test_a_defect_is_named_by_row_field_and_remedy(
    problems: Problems, old: str, new: str, row: int, field: str, wrong: str, right: str
) -> None:
    assert old in AUCTION
    problem = problems(AUCTION.replace(old, new, 1)).only()
    assert (problem.row, problem.field) == (row, field)
    assert wrong in problem.what_is_wrong
    assert right in problem.what_would_be_right


def test_a_price_and_yield_that_disagree_are_refused_with_both_figures(problems: Problems) -> None:
    """As a newspaper printed 11.6309 for 11.6390: the import must notice."""
    problem = problems(AUCTION.replace("97.4913,11.0499", "97.4913,11.0409")).only()
    assert (problem.row, problem.field, problem.value) == (3, "yield", "'11.0409'")
    assert problem.what_is_wrong == "disagrees with the price 97.4913 over 85 days"
    assert problem.what_would_be_right == (
        "11.0499 % for that price, or the price 97.4933 for that yield"
    )


def test_several_non_competitive_bids_of_one_investor_are_all_void(problems: Problems) -> None:
    second = f"N-2,,{ALICE_TOO},non_competitive,5000,,,ACC-3C\n"
    found = problems(AUCTION + second)
    assert found.places() == [(4, "kind"), (5, "kind")]
    for problem in found.all:
        assert "2 non-competitive bids of INV-ALICE7Q (rows 4, 5)" in problem.what_is_wrong


def test_more_than_the_maximum_issue_is_refused_at_the_bid_that_passes_it(
    problems: Problems, terms: BillTerms
) -> None:
    small = terms.model_copy(update={"maximum_issue": 120_000_000})
    problem = problems(AUCTION, terms=small).only()
    assert (problem.row, problem.field) == (3, "face")
    assert problem.what_is_wrong == "brings the sum to 150000000"
    assert problem.what_would_be_right == "a sum of at most 120000000"


def test_more_holders_than_the_rules_allow_are_refused(
    problems: Problems, terms: BillTerms
) -> None:
    rules = terms.compliance.model_copy(update={"maximum_holders": 2})
    again = AUCTION + "C-3,INV-BANK2XZ,,competitive,5000,97.5000,,ACC-1A\n"
    problem = problems(again, terms=terms.model_copy(update={"compliance": rules})).only()
    assert (problem.row, problem.what_is_wrong) == (4, "is holder number 3")


def test_a_bid_of_more_than_one_transaction_may_move_is_refused(
    problems: Problems, terms: BillTerms
) -> None:
    rules = terms.compliance.model_copy(update={"maximum_transaction": 99_995_000})
    problem = problems(AUCTION, terms=terms.model_copy(update={"compliance": rules})).only()
    assert (problem.row, problem.what_is_wrong) == (2, "moves 100000000 at once")


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("AE,bank", "US,bank", "is of US"),
        ("AE,bank", "AE,broker", "is of class broker"),
        ("AE,bank,2026-06-30", "AE,bank,2025-10-01", "is verified until 2025-10-01 only"),
    ],
)
def test_a_bidder_whom_the_token_would_turn_away_is_refused(
    problems: Problems, tmp_path: Path, old: str, new: str, wrong: str
) -> None:
    path = written(tmp_path, "others.csv", INVESTORS.replace(old, new))
    problem = problems(AUCTION, investors=read_investors(path, as_of=CHAIN_DATE)).only()
    assert (problem.row, problem.field, problem.what_is_wrong) == (2, "investor", wrong)


def test_an_auction_without_competitive_bids_has_no_price(problems: Problems) -> None:
    header, *rows = AUCTION.splitlines(keepends=True)
    problem = problems(header + rows[2]).only()
    assert problem.what_is_wrong == "shows no competitive bid"


def test_thousands_separators_and_semicolons_read_the_same(read: Read) -> None:
    grouped = AUCTION.replace(",", ";").replace("100000000", "10,00,00,000")
    assert read(grouped).allotments == read(AUCTION).allotments
