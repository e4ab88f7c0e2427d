"""Stages of the programme and their limits, as files state them and contracts keep them.

Amounts are US dollars, with at most 18 decimals; on the chain, integers of 18 decimals. What is
left out is not limited.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from enum import IntEnum
from typing import Annotated, Any, NamedTuple

from pydantic import field_validator

from .business_days import start_of_day_karachi
from .investors import INVESTOR_CLASSES
from .measures import wad
from .quantities import parse_quantity
from .reading import Unreadable, parse_choice
from .terms import Classes, Count, Countries, Day
from .yaml_files import StrictModel, parsed, refusal

LIMITS = "(uint256,uint256,uint256,uint256,uint32,uint64,uint40,uint16[])"
"""`StageLimits` of contracts/programme/IPilotStage.sol."""
BEGIN = f"begin(address,address,uint8,{LIMITS})"
PROPOSE = f"proposeStage(uint8,{LIMITS})"
CONFIRM = f"confirmStage(uint8,{LIMITS},uint256)"
NARROW = f"narrowStage({LIMITS},uint256)"

_LARGEST = 10**15  # dollars; the contract has room for far more
_DAY = timedelta(days=1)


class Stage(IntEnum):
    """`Stage` of contracts/programme/IPilotStage.sol."""

    NONE = 0
    SANDBOX = 1
    PILOT = 2
    EXPANSION = 3
    FULL = 4

    @property
    def label(self) -> str:
        return self.name.lower()


_STAGES = {stage.label: stage for stage in Stage if stage is not Stage.NONE}


def _parse_dollars(text: str) -> Decimal:
    amount = parse_quantity(text)
    if amount > _LARGEST:
        raise Unreadable("is out of range", f"at most {_LARGEST:,} US dollars")
    return amount


def _wad(amount: Decimal | None) -> int:
    return wad(amount) if amount else 0


Dollars = Annotated[Decimal, parsed(_parse_dollars)]


class LimitValues(NamedTuple):
    """`StageLimits`, field by field; zero and empty are no limit."""

    per_series: int = 0
    total: int = 0
    holding: int = 0
    transaction: int = 0
    investors: int = 0
    classes: int = 0
    ends_at: int = 0
    countries: tuple[int, ...] = ()

    @classmethod
    def of(cls, found: Any) -> LimitValues:
        """As read from the chain."""
        limits = cls._make(found)
        return limits._replace(countries=tuple(limits.countries))

    def is_within(self, most: LimitValues) -> bool:
        """Whether every limit is as tight as those, or tighter; `StageRules.isWithinAll`."""
        numbers = ("per_series", "total", "holding", "transaction", "investors", "ends_at")
        return (
            all(_is_within(getattr(self, each), getattr(most, each)) for each in numbers)
            and (not most.classes or bool(self.classes) and not self.classes & ~most.classes)
            and (not most.countries or 0 < len(self.countries) == len(self._shared(most)))
        )

    def _shared(self, other: LimitValues) -> set[int]:
        return set(self.countries) & set(other.countries)


NO_LIMITS = LimitValues()


def _is_within(limit: int, most: int) -> bool:
    return most == 0 or 0 < limit <= most


class StageLimits(StrictModel):
    """The limits of a stage."""

    per_series_usd: Dollars | None = None
    """Most outstanding of one series."""
    total_usd: Dollars | None = None
    """Most outstanding of all series together."""
    holding_usd: Dollars | None = None
    """Most that one investor may hold of one series."""
    transaction_usd: Dollars | None = None
    """Most that one transfer or one mint may move."""
    investors: Count | None = None
    """Most investors that may hold one series."""
    investor_classes: Classes = ()
    jurisdictions: Countries = ()
    last_day: Day | None = None
    """The last day, in Pakistan, on which anything is issued or transferred."""

    @field_validator("investor_classes", "jurisdictions")
    @classmethod
    def _each_once(cls, named: tuple[Any, ...]) -> tuple[Any, ...]:
        if not named or len(set(named)) != len(named):
            raise refusal("is empty or names one twice", "each once, or leave the key out")
        return named

    @property
    def values(self) -> LimitValues:
        """As the contracts take them."""
        return LimitValues(
            per_series=_wad(self.per_series_usd),
            total=_wad(self.total_usd),
            holding=_wad(self.holding_usd),
            transaction=_wad(self.transaction_usd),
            investors=self.investors or 0,
            classes=sum(1 << INVESTOR_CLASSES[name] for name in self.investor_classes),
            ends_at=start_of_day_karachi(self.last_day + _DAY) if self.last_day else 0,
            countries=tuple(sorted(country.numeric for country in self.jurisdictions)),
        )


class StageFile(StageLimits):
    """A stage and its limits; what is left out is not limited."""

    stage: Annotated[Stage, parsed(lambda text: parse_choice(text, _STAGES))]
