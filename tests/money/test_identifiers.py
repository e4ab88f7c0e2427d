"""Check digits against identifiers that their registries publish."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts._amanat import identifiers
from scripts._amanat.countries import BY_ALPHA_2, BY_NUMERIC, COUNTRIES

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.mark.parametrize("isin", ["US0378331005", "US5949181045", "GB0002634946", "DE000BAY0017"])
def test_published_isins_are_valid(isin: str) -> None:
    assert identifiers.is_isin(isin)


@pytest.mark.parametrize("lei", ["5493001KJTIIGC8Y1R12", "HWUPKR0MPOU8FGXBT394"])
def test_published_leis_are_valid(lei: str) -> None:
    assert identifiers.is_lei(lei)


@given(st.text(ALPHABET, min_size=9, max_size=9), st.integers(1, 9))
def test_any_other_check_digit_of_an_isin_is_wrong(body: str, step: int) -> None:
    digit = identifiers.isin_check_digit(f"PK{body}")
    assert identifiers.is_isin(f"PK{body}{digit}")
    assert not identifiers.is_isin(f"PK{body}{(digit + step) % 10}")


@given(st.text(ALPHABET, min_size=18, max_size=18), st.integers(0, 17), st.data())
def test_a_letter_or_digit_mistaken_for_another_is_noticed_in_an_lei(
    body: str, place: int, data: st.DataObject
) -> None:
    lei = body + identifiers.lei_check_digits(body)
    assert identifiers.is_lei(lei)
    alike = ALPHABET[:10] if lei[place].isdigit() else ALPHABET[10:]
    other = data.draw(st.sampled_from(alike.replace(lei[place], "")))
    assert not identifiers.is_lei(lei[:place] + other + lei[place + 1 :])


def test_only_money_market_codes_are_a_bills_cfi() -> None:
    assert identifiers.is_money_market_cfi("DYZTXR")
    assert not identifiers.is_money_market_cfi("DBFTFR")


def test_every_country_has_one_code_of_each_kind() -> None:
    assert len(COUNTRIES) == len(BY_ALPHA_2) == len(BY_NUMERIC) == 249
    assert BY_ALPHA_2["PK"].numeric == 586
    assert BY_NUMERIC[BY_ALPHA_2["AE"].numeric].alpha_3 == "ARE"
