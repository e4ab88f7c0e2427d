"""The limits of the programme as a file gives them: the ceiling, and each class's part of it.

usd: 2,000,000,000
authorisation_days: 90
allocations:
  treasury_bill: 300,000,000
  commodity_reserve: 1,150,000,000
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import Field, field_validator

from .measures import wad
from .powers import CLASS_WORDS, class_id
from .quantities import parse_quantity
from .reading import Unreadable
from .yaml_files import Fault, StrictModel, parsed, refuse_all

LONGEST_AUTHORISATION = 366  # days, as `Ceiling` allows
_DAY = 86_400

Allocations = tuple[tuple[bytes, int], ...]
LimitsOfChain = tuple[int, int, Allocations]
"""`Limits` of contracts/programme/ICeiling.sol: the ceiling, an age in seconds, allocations."""


def _parse_usd(text: str) -> Decimal:
    if text == "0":
        return Decimal(0)
    return parse_quantity(text)


def _parse_days(text: str) -> int:
    if not re.fullmatch(r"\d{1,3}", text) or not 1 <= int(text) <= LONGEST_AUTHORISATION:
        raise Unreadable("is out of range", f"1 to {LONGEST_AUTHORISATION} days")
    return int(text)


Dollars = Annotated[Decimal, parsed(_parse_usd)]


class CeilingTerms(StrictModel):
    """How much may be out at once, in all and by class; whole US dollars as a rule."""

    usd: Dollars
    authorisation_days: Annotated[int, parsed(_parse_days)]
    """For how long what was authorised may be minted."""
    allocations: Annotated[dict[str, Dollars], Field(strict=False)]
    """By class of asset, as term sheets name it; a class that is left out may issue nothing."""

    @field_validator("allocations")
    @classmethod
    def _known_classes(cls, allocations: dict[str, Decimal]) -> dict[str, Decimal]:
        refuse_all(_class_faults(allocations))
        return allocations

    @property
    def limits(self) -> LimitsOfChain:
        """As contracts take them."""
        rows = tuple(
            (class_id(CLASS_WORDS[name]), wad(usd)) for name, usd in self.allocations.items()
        )
        return wad(self.usd), self.authorisation_days * _DAY, rows


def _class_faults(allocations: Mapping[str, Decimal]) -> Iterator[Fault]:
    for name in allocations:
        if name not in CLASS_WORDS:
            yield name, "is not a class of asset", "one of " + ", ".join(CLASS_WORDS)
