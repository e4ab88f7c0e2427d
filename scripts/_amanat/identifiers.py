"""Identifiers of the securities market: their shapes and their check digits."""

from __future__ import annotations

import re
import string

_ISIN = re.compile(r"[A-Z]{2}[A-Z0-9]{9}[0-9]")
_LEI = re.compile(r"[A-Z0-9]{18}[0-9]{2}")
# ISO 10962:2019, category D (debt), group Y (money market): interest, ranking, unused, form.
_MONEY_MARKET_CFI = re.compile(r"DY[FZVKX][TGSUPNOQJCX]X[BRNMX]")
# Group B (bonds): interest, ranking, redemption, form.
_BOND_CFI = re.compile(r"DB[FZVCKX][TGSUPNOQJCX][FGCDABTLPQREX][BRNMX]")


def isin_check_digit(first_eleven: str) -> int:
    """The twelfth character of an ISIN (ISO 6166: letters as two digits, then Luhn)."""
    digits = "".join(str(_value(character)) for character in first_eleven)
    total = 0
    for place, digit in enumerate(reversed(digits)):
        weighted = int(digit) * (2 if place % 2 == 0 else 1)
        total += weighted // 10 + weighted % 10
    return -total % 10


def is_isin(text: str) -> bool:
    return bool(_ISIN.fullmatch(text)) and int(text[-1]) == isin_check_digit(text[:-1])


def has_isin_shape(text: str) -> bool:
    """Two letters, nine letters or digits, one digit; the check digit is not looked at."""
    return bool(_ISIN.fullmatch(text))


def lei_check_digits(first_eighteen: str) -> str:
    """The last two characters of an LEI (ISO 17442, by ISO 7064 MOD 97-10)."""
    return f"{98 - _mod_97(first_eighteen + '00'):02d}"


def is_lei(text: str) -> bool:
    return bool(_LEI.fullmatch(text)) and _mod_97(text) == 1


def has_lei_shape(text: str) -> bool:
    """Eighteen letters or digits and two digits; the check digits are not looked at."""
    return bool(_LEI.fullmatch(text))


def is_money_market_cfi(text: str) -> bool:
    """Whether `text` is a CFI code of a money-market instrument, as every bill has (DY....)."""
    return bool(_MONEY_MARKET_CFI.fullmatch(text))


def is_bond_cfi(text: str) -> bool:
    """Whether `text` is a CFI code of a bond, as bonds and sukuk have (DB....)."""
    return bool(_BOND_CFI.fullmatch(text))


def _value(character: str) -> int:
    """0-9 stand for themselves, A-Z for 10 to 35."""
    return (string.digits + string.ascii_uppercase).index(character)


def _mod_97(text: str) -> int:
    return int("".join(str(_value(character)) for character in text)) % 97
