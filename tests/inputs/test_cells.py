"""Cells as spreadsheets and people make them: what is understood, and how the rest is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts._amanat import reading
from scripts._amanat.reading import Unreadable

ADDRESS = "0x09DB0a93B389bEF724429898f539AEB7ac2Dd55f"


@pytest.mark.parametrize(
    "text",
    ["5000000", "5,000,000", "50,00,000", "5 000 000", "5\u00a0000\u00a0000", "5'000'000"]
    + ["5_000_000", "5000000.00", "5,000,000.0"],
)
def test_five_million_is_understood_however_its_thousands_are_grouped(text: str) -> None:
    assert reading.parse_whole(text) == 5_000_000


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("5E+06", "scientific notation", "such as 5000000 if that is exact"),
        ("1.23457E+11", "scientific notation", "such as 123457000000 if that is exact"),
        ("5.000.000", "not a whole number", "digits only, such as 5000000"),
        ("5,00,00", "not a whole number", "digits only, such as 50000"),
        ("5,000 000", "not a whole number", "digits only, such as 5000000"),
        ("PKR 5,000,000", "not a whole number", "digits only, such as 5000000"),
        ("Rs. 5,000,000/-", "not a whole number", "digits only, such as 5000000"),
        ("5000000.50", "not a whole number", "a number without decimals"),
        ("5000000.", "not a whole number", "digits only"),
        ("5 million", "not a whole number", "digits only, such as 5000000"),
        ("", "not a whole number", "digits only"),
    ],
)
def test_an_amount_that_may_not_be_what_was_meant_is_refused(
    text: str, wrong: str, right: str
) -> None:
    _refused(reading.parse_whole, text, wrong, right)


@given(st.integers(0, 10**30))
def test_grouped_numbers_read_as_themselves(number: int) -> None:
    assert reading.parse_whole(f"{number:,}") == number


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("97,4913", "comma for its decimal point", "97.4913"),
        ("97.49131", "5 decimals", "at most 4 decimals"),
        ("9.74913E+01", "scientific notation", "97.4913"),
        ("97.4913%", "per-cent sign", "97.4913"),
        ("0", "no price of a bill", "above 0 and at most 100"),
        ("100.0001", "no price of a bill", "above 0 and at most 100"),
        ("about 97", "not a number", "97.4913"),
    ],
)
def test_a_price_that_is_not_exact_is_refused(text: str, wrong: str, right: str) -> None:
    _refused(reading.parse_price, text, wrong, right)


def test_a_price_is_exact() -> None:
    assert reading.parse_price("97.4913") == Decimal("97.4913")


def test_money_is_read_to_the_paisa() -> None:
    assert reading.parse_amount("4,919,075.05") == Decimal("4919075.05")
    _refused(reading.parse_amount, "4919075.005", "not an amount", "at most two decimals")
    _refused(reading.parse_amount, "4.9E+06", "scientific notation", "4919075.00")


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("02/10/2025", "2025-10-02 or 2025-02-10"),
        ("31/12/2025", "2025-12-31"),
        ("12/31/2025", "2025-12-31"),
        ("2.10.25", "2025-10-02 or 2025-02-10"),
        ("2025/10/02", "2025-10-02"),
        ("2025-10-02 00:00:00", "2025-10-02"),
        ("2025-1-2", "2025-01-02"),
        ("45932", "2025-10-02 if this is a spreadsheet's day number"),
        ("2-Oct-2025", "a date such as 2025-10-02"),
        ("20251002", "a date such as 2025-10-02"),
    ],
)
def test_a_date_in_another_form_is_refused_with_what_it_may_mean(text: str, right: str) -> None:
    error = _refused(reading.parse_date, text, "is not a date in the form YYYY-MM-DD", "")
    assert error.right == right


def test_an_iso_date_is_read_and_one_that_does_not_exist_refused() -> None:
    assert reading.parse_date("2025-10-02") == date(2025, 10, 2)
    _refused(reading.parse_date, "2025-02-30", "no day of the calendar", "a date that exists")


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("1.2E+47", "a spreadsheet turned into a number", "column formatted as text"),
        (ADDRESS.replace("B", "b", 1), "wrong checksum (EIP-55)", ADDRESS),
        (ADDRESS[2:], "lacks the 0x", ADDRESS),
        (ADDRESS[:-1], "is not an address", "0x and 40 hexadecimal digits"),
        ("vitalik.eth", "is not an address", "0x and 40 hexadecimal digits"),
        ("0x" + "0" * 40, "is the zero address", "somebody holds the key of"),
    ],
)
def test_an_address_that_cannot_be_right_is_refused(text: str, wrong: str, right: str) -> None:
    _refused(reading.parse_address, text, wrong, right)


def test_what_may_be_a_private_key_is_never_shown() -> None:
    error = _refused(reading.parse_address, "ab" * 32, "a private key", "40 hexadecimal digits")
    assert error.secret


def test_an_address_in_one_case_is_accepted_and_known_to_lack_a_checksum() -> None:
    assert reading.parse_address(ADDRESS.lower()) == ADDRESS
    assert reading.lacks_checksum(ADDRESS.lower())
    assert not reading.lacks_checksum(ADDRESS)


@pytest.mark.parametrize("text", ["=1+1", "+5000", "-5000", "@SUM(A1)", '=HYPERLINK("x")', " =A1"])
def test_a_formula_is_refused(text: str) -> None:
    _refused(reading.clean, text, "as a formula does", "the plain value")


def test_blanks_and_invisible_marks_around_a_value_are_dropped() -> None:
    assert reading.clean("\u00a0\u200f5000\u202f \ufeff") == "5000"


def test_an_invisible_mark_inside_a_value_is_refused() -> None:
    _refused(reading.clean, "INV\u200b-1", "invisible character U+200B", "'INV-1'")
    _refused(reading.clean, "INV\n-1", "invisible character U+000A", "'INV-1'")


@pytest.mark.parametrize(
    ("text", "right"), [("۵۰۰۰", "'5000'"), ("٩٧.٤٩", "'97.49'"), ("5²", "'52'")]
)
def test_digits_of_another_script_are_refused(text: str, right: str) -> None:
    _refused(reading.clean, text, "digits of another script", right)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_and_never_breaks(text: str) -> None:
    for parse in (
        *(reading.clean, reading.parse_whole, reading.parse_price, reading.parse_yield),
        *(reading.parse_amount, reading.parse_date, reading.parse_address),
    ):
        try:
            parse(text)
        except Unreadable as error:
            assert error.wrong and error.right


def _refused(parse: Callable[[str], object], text: str, wrong: str, right: str) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        parse(text)
    assert wrong in caught.value.wrong
    assert right in caught.value.right
    return caught.value
