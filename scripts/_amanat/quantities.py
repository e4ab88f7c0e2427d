"""Quantities of a commodity: decimals as people write them, whole smallest units as contracts do.

parse_quantity("1,398.344")               # Decimal("1398.344")
smallest(Decimal("1398.344"), 3)          # 1_398_344; Unreadable where it has more decimals
shown(1_398_344, 3)                       # "1,398.344"
"""

from __future__ import annotations

import re
from decimal import Decimal

from .reading import Unreadable, parse_whole

MOST_DECIMALS = 18


def parse_quantity(text: str) -> Decimal:
    """A quantity above zero, with a decimal point; thousands may be grouped."""
    whole, point, decimals = text.partition(".")
    if point and not re.fullmatch(rf"\d{{1,{MOST_DECIMALS}}}", decimals):
        raise Unreadable("is not a quantity", "such as 398.344")
    quantity = Decimal(f"{parse_whole(whole)}.{decimals or '0'}")
    if not quantity:
        raise Unreadable("is zero", "a quantity above zero")
    return quantity


def parse_unit_price(text: str) -> Decimal:
    """Rupees a unit, above zero, with at most four decimals; thousands may be grouped."""
    price = parse_quantity(text)
    if -int(price.as_tuple().exponent) > 4:
        raise Unreadable("has more than 4 decimals", "at most 4 decimals, such as 1,150,000.00")
    return price


def smallest(quantity: Decimal, precision: int) -> int:
    """Whole smallest units of a series of that many decimals; Unreadable where it is not whole."""
    units = quantity.scaleb(precision)
    if units != units.to_integral_value():
        raise Unreadable(f"has more than {precision} decimals", f"at most {precision} decimals")
    return int(units)


def shown(units: int, precision: int) -> str:
    """Smallest units as people read them."""
    return f"{Decimal(units).scaleb(-precision):,.{precision}f}"


def in_words(units: int, precision: int, unit: str) -> str:
    """Smallest units with the name of the unit, as `398.344 fine troy ounces`."""
    one = 10**precision
    plural = "" if units == one or unit.casefold() == "mmbtu" else "s"
    return f"{shown(units, precision)} {unit.lower()}{plural}"
