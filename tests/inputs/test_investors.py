"""The list of investors: what is understood, and every defect with its row, field and remedy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from scripts._amanat.investors import INVESTOR_CLASSES, Investors, Kind, read_investors
from tests.inputs.samples import (
    ALICE,
    ALICE_TOO,
    BANK,
    CHAIN_DATE,
    FUND,
    INVESTORS,
    Found,
    problems_of,
    written,
)

Read = Callable[[str | bytes], Investors]
Problems = Callable[[str | bytes], Found]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read_text(content: str | bytes) -> Investors:
        return read_investors(written(tmp_path, "investors.csv", content), as_of=CHAIN_DATE)

    return read_text


@pytest.fixture
def problems(read: Read) -> Problems:
    def problems_of_text(content: str | bytes) -> Found:
        return problems_of(lambda: read(content))

    return problems_of_text


def test_rows_of_one_reference_become_one_investor(read: Read) -> None:
    alice, bank, fund = read(INVESTORS).all
    assert alice.wallets == (ALICE, ALICE_TOO)
    assert (alice.main_wallet, alice.country.numeric, alice.class_code) == (ALICE, 586, 1)
    assert (bank.wallets, bank.country.numeric, bank.class_name) == ((BANK,), 784, "bank")
    assert (fund.kind, fund.onchain_id) == (Kind.ONCHAINID, None)
    assert read(INVESTORS).by_wallet[ALICE_TOO] == alice


def test_a_verification_lapses_when_its_last_day_ends_in_pakistan(read: Read) -> None:
    lapses = datetime.fromtimestamp(read(INVESTORS).all[0].lapses_at, UTC)
    assert lapses == datetime(2026, 3, 31, 19, tzinfo=UTC)


def test_class_codes_are_distinct_and_fit_the_record() -> None:
    codes = list(INVESTOR_CLASSES.values())
    assert len(set(codes)) == len(codes)
    assert all(1 <= code <= 31 for code in codes)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xef\xbb\xbf" + INVESTORS.encode(), id="byte-order mark"),
        pytest.param(INVESTORS.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(INVESTORS.replace("\n", "\r"), id="CR"),
        pytest.param(INVESTORS.replace(",", ";"), id="semicolons"),
        pytest.param(INVESTORS.replace(",", "\t"), id="tabs"),
        pytest.param(
            INVESTORS.replace("PK", '"PK"').replace("retail", ' "retail"'[1:]), id="quotes"
        ),
        pytest.param(INVESTORS.replace("retail", "\u00a0retail "), id="non-breaking spaces"),
        pytest.param(INVESTORS.replace("\n", "\n,,,,,,\n\n"), id="empty rows"),
        pytest.param(INVESTORS.rstrip("\n"), id="no last line end"),
        pytest.param(INVESTORS.replace("wallet,investor", "Wallet, Investor "), id="heading case"),
        pytest.param(INVESTORS.replace("\n", ",,\n"), id="empty columns at the right"),
    ],
)
def test_a_file_as_spreadsheets_save_it_reads_the_same(read: Read, content: str | bytes) -> None:
    assert [i.wallets for i in read(content).all] == [i.wallets for i in read(INVESTORS).all]
    assert not read(content).remarks


def test_a_lower_case_address_is_accepted_and_remarked_with_its_checksum(read: Read) -> None:
    remark = read(INVESTORS.replace(BANK, BANK.lower())).remarks[0]
    assert (remark.row, remark.field, remark.value) == (4, "wallet", repr(BANK.lower()))
    assert remark.what_is_wrong == "has no checksum, so a slip in it cannot be noticed"
    assert remark.what_would_be_right == BANK


@pytest.mark.parametrize(
    ("old", "new", "row", "field", "value", "wrong", "right"),
    [
        (",AE", ",UK", 4, "country", "'UK'", "is not an ISO 3166 alpha-2 code", "GB"),
        (",AE", ",Oman", 4, "country", "'Oman'", "is not an ISO 3166 alpha-2 code", "OM (Oman)"),
        (",AE", ",784", 4, "country", "'784'", "is not an ISO 3166 alpha-2 code", "AE"),
        (",AE", ",ZZ", 4, "country", "'ZZ'", "is not an ISO 3166 alpha-2 code", "such as PK"),
        ("bank", "Bank", 4, "class", "'Bank'", "is not one of the choices", "bank"),
        ("bank", "hedge fund", 4, "class", "'hedge fund'", "is not one of", "retail | prof"),
        (
            "bank,2026-06-30",
            "bank,30/06/2026",
            4,
            "verified_until",
            "'30/06/2026'",
            "YYYY-MM-DD",
            "2026-06-30",
        ),
        (
            "bank,2026-06-30",
            "bank,2025-09-14",
            4,
            "verified_until",
            "'2025-09-14'",
            "has passed",
            "2025-09-15 (the chain's date) or later",
        ),
        ("AE,bank", "AE,", 4, "class", "", "is empty", "a value"),
        (
            "attested,\n" + FUND,
            "paper,\n" + FUND,
            4,
            "kind",
            "'paper'",
            "not one of the choices",
            "attested | onchainid",
        ),
        (
            "attested,\n" + FUND,
            f"attested,{FUND}\n" + FUND,
            4,
            "onchain_id",
            f"'{FUND}'",
            "is given for an attested investor",
            "empty, or kind onchainid",
        ),
        (
            BANK,
            "1.2E+47",
            4,
            "wallet",
            "'1.2E+47'",
            "a spreadsheet turned into a number",
            "the original address",
        ),
        (
            BANK,
            BANK.replace("D", "d"),
            4,
            "wallet",
            repr(BANK.replace("D", "d")),
            "wrong checksum (EIP-55)",
            BANK,
        ),
        (
            BANK,
            ALICE,
            4,
            "wallet",
            f"'{ALICE}'",
            "stands in row 2 already",
            "one row for each wallet",
        ),
        (
            BANK,
            ALICE.lower(),
            4,
            "wallet",
            f"'{ALICE.lower()}'",
            "stands in row 2 already",
            "one row",
        ),
        (
            "INV-BANK2XZ",
            "=B1",
            4,
            "investor",
            "'=B1'",
            "begins with '=', as a formula does",
            "the plain value",
        ),
        (
            "INV-BANK2XZ",
            "Dr. A. Khan",
            4,
            "investor",
            "'Dr. A. Khan'",
            "is not a reference",
            "4 to 32 letters",
        ),
        (
            "PK,mutual_fund",
            "۵۸۶,mutual_fund",
            5,
            "country",
            "'۵۸۶'",
            "digits of another script",
            "'586'",
        ),
        (
            f"{ALICE_TOO},INV-ALICE7Q,PK",
            f"{ALICE_TOO},INV-ALICE7Q,AE",
            3,
            "country",
            "'AE'",
            "differs from row 2 of the same investor",
            "PK",
        ),
        (
            f"{ALICE_TOO},INV-ALICE7Q",
            f"{ALICE_TOO},inv-alice7q",
            3,
            "investor",
            "'inv-alice7q'",
            "differs from row 2",
            "INV-ALICE7Q",
        ),
        (
            "AE,bank,2026-06-30,attested,",
            "AE,bank,2026-06-30,attested,,x",
            4,
            "",
            "'x'",
            "stands beyond the last of 7 columns",
            "quotes around a cell",
        ),
    ],
)
def test_a_defect_is_named_by_row_field_value_and_remedy(
    problems: Problems, old: str, new: str, row: int, field: str, value: str, wrong: str, right: str
) -> None:
    assert INVESTORS.count(old) >= 1
    problem = problems(INVESTORS.replace(old, new, 1)).only()
    assert (problem.row, problem.field, problem.value) == (row, field, value)
    assert wrong in problem.what_is_wrong
    assert right in problem.what_would_be_right
    assert problem.file.endswith("investors.csv")


@pytest.mark.parametrize(
    "number", ["3520112345671", "35201-1234567-1", "PK-35201-1234567-1", "CNIC3520112345671"]
)
def test_a_national_identity_number_is_refused_and_not_repeated(
    problems: Problems, number: str
) -> None:
    """Pitfall 43: nothing personal goes in, nor into a message that ends in a log."""
    problem = problems(INVESTORS.replace("INV-BANK2XZ", number)).only()
    assert (problem.row, problem.field, problem.value) == (4, "investor", "(not shown)")
    assert problem.what_is_wrong == "contains 13 digits, as a national identity number does"
    assert "35201" not in str(problem)


def test_a_telephone_number_is_no_reference(problems: Problems) -> None:
    """Pitfall 43: it can be traced to a person."""
    problem = problems(INVESTORS.replace("INV-BANK2XZ", "03001234567")).only()
    assert "digits alone" in problem.what_is_wrong


def test_a_private_key_in_the_place_of_a_wallet_is_not_repeated(problems: Problems) -> None:
    key = "ab" * 32
    problem = problems(INVESTORS.replace(BANK, key)).only()
    assert "a private key that must now be replaced" in problem.what_is_wrong
    assert key not in str(problem)


def test_a_ninth_wallet_of_one_investor_is_refused(problems: Problems) -> None:
    rows = "".join(
        f"0x{number:040x},INV-MANY99,PK,retail,2026-03-31,attested,\n" for number in range(1, 10)
    )
    problem = problems(INVESTORS + rows).only()
    assert (problem.row, problem.field) == (14, "investor")
    assert problem.what_is_wrong == "has more than 8 wallets"


def test_everything_wrong_in_a_file_is_said_at_once(problems: Problems) -> None:
    content = (
        INVESTORS.replace("wallet,", "walet_2,wallet,")
        .replace("\n0x", "\n,0x")
        .replace("AE,bank", "UK,Bank")
        .replace("2026-03-31", "31/03/2026")
    )
    assert problems(content).places() == [
        (1, "walet_2"),
        (2, "verified_until"),
        (3, "verified_until"),
        (4, "country"),
        (4, "class"),
    ]


def test_an_unknown_column_is_refused_with_the_one_that_was_meant(problems: Problems) -> None:
    found = problems(INVESTORS.replace("country", "contry"))
    assert found.places() == [(1, "contry"), (1, "country")]
    assert found.all[0].what_would_be_right == "country?"
    assert found.all[1].what_is_wrong == "is missing from the heading"


def test_a_column_twice_is_refused(problems: Problems) -> None:
    content = INVESTORS.replace("onchain_id", "onchain_id,class").replace(",\n", ",,\n")
    problem = problems(content).only()
    assert (problem.row, problem.field) == (1, "class")
    assert problem.what_is_wrong == "is a column twice"


@pytest.mark.parametrize(
    ("content", "wrong", "right"),
    [
        (INVESTORS.encode("utf-16"), "is encoded in UTF-16", "save it as UTF-8"),
        (INVESTORS.encode() + b"\xe9,", "is not UTF-8 (byte 0xe9 in line 6)", "save it as UTF-8"),
        (b"wallet\0", "contains zero bytes", "a text file"),
        (b"", "is empty", "a heading: wallet,investor,"),
        (INVESTORS.split("\n")[0], "has no rows below its heading", "at least one row"),
        (INVESTORS + '"open', "is not a table: unexpected end of data", "closed quotes"),
    ],
)
def test_a_file_that_is_no_table_is_refused(
    problems: Problems, content: bytes, wrong: str, right: str
) -> None:
    problem = problems(content).only()
    assert wrong in problem.what_is_wrong
    assert right in problem.what_would_be_right


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    problem = problems_of(lambda: read_investors(tmp_path / "none.csv", as_of=None)).only()
    assert problem.what_is_wrong == "cannot be read: No such file or directory"


def test_without_a_date_lapsed_investors_may_be_looked_up(tmp_path: Path) -> None:
    path = written(tmp_path, "investors.csv", INVESTORS.replace("2026-03-31", "2020-01-01"))
    assert read_investors(path, as_of=None).all[0].verified_until == date(2020, 1, 1)
