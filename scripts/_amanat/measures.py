"""What the programme is measured in: units, their worth in US dollars, and names on the chain.

A unit is a currency ("PKR") or a commodity by its own unit ("GOLD/FINE TROY OUNCE"); on the chain
its name is ASCII padded with zeros, the hash of it where it is longer. Amounts have 18 decimals.
"""

from __future__ import annotations

import re
from decimal import Decimal

from .quantities import parse_quantity
from .reading import Unreadable

DOLLAR = "USD"
DECIMALS = 18
ONE: int = 10**DECIMALS
LARGEST_RATE = 2**96 - 1
_NAMED = {586: "PKR", 840: DOLLAR}


def currency_unit(code: int) -> str:
    """Name of a currency as a unit; `Measures.currencyUnit`."""
    return _NAMED.get(code, f"CURRENCY {code:03d}")


def commodity_unit(commodity: str, unit: str) -> str:
    """Name of a commodity's unit; `Measures.commodityUnit`, where it fits a word."""
    return f"{commodity}/{unit}"


def unit_id(name: str) -> bytes:
    """A unit's name as contracts keep it."""
    from eth_utils.crypto import keccak

    text = name.encode("ascii")
    return text.ljust(32, b"\0") if len(text) <= 32 else bytes(keccak(text))


def unit_name(identity: bytes) -> str:
    """The name behind an id; its hexadecimal digits where that is a hash."""
    text = identity.rstrip(b"\0")
    shown = text.isascii() and text.decode("ascii").isprintable()
    return text.decode("ascii") if shown else "0x" + identity.hex()


def evidence_of(source: str) -> bytes:
    """The hash of a source that is named in words."""
    from eth_utils.crypto import keccak

    return bytes(keccak(text=source))


def wad(amount: Decimal) -> int:
    """18 decimals of an amount, which has no more."""
    return int(amount.scaleb(DECIMALS))


def worth(quantity: int, rate: int) -> int:
    """US dollars of a quantity at a rate, rounded up; all of 18 decimals."""
    return -(-quantity * rate // ONE)


def dollars_of(amount: int) -> str:
    """18 decimals as people write them, without those that say nothing."""
    text = f"{Decimal(amount) / ONE:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_unit(text: str) -> str:
    """A unit's name: capitals, digits, spaces and one stroke."""
    if not re.fullmatch(r"[A-Z][A-Z0-9 ]{1,31}(/[A-Z0-9 ]{1,32})?", text):
        raise Unreadable("is no unit", "such as PKR, or GOLD/FINE TROY OUNCE")
    return text


def parse_dollars(text: str) -> Decimal:
    """US dollars of one unit, above zero, with at most 18 decimals."""
    rate = parse_quantity(text)
    if wad(rate) > LARGEST_RATE:
        raise Unreadable("is out of range", "at most 79,228,162,514 US dollars")
    return rate


def parse_part(text: str) -> int:
    """Per cent below 100, with at most two decimals, as ten-thousandths."""
    if not re.fullmatch(r"\d{1,2}(\.\d{1,2})?", text):
        raise Unreadable("is no part in per cent", "0 to 99.99, with at most two decimals")
    return int(Decimal(text) * 100)
