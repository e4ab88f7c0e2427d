"""The figures of a revenue account for one period: a YAML file, and what the auditor signs of it.

    period: {first: 2025-10-01, last: 2025-12-31}     # both included
    figures:                                          # rupees, audited
      gross: "1000000.00"
      operating_costs: "350000.00"
      taxes_and_royalties: "150000.00"
      reserve: "100000.00"
    audited: audited-2025-q4.md                       # a file beside this one; its hash is signed
    record_day: 2026-01-20                            # not in a restatement
    payment_day: 2026-01-26

A period without days (`first` is the day after `last`) is the one that brings what is still carried
once the whole term is declared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import ValidationInfo, field_validator

from scripts._amanat.business_days import epoch_day
from scripts._amanat.orders import document_hash
from scripts._amanat.revenue_terms import Money
from scripts._amanat.terms import Day, matching
from scripts._amanat.waterfall import Figures
from scripts._amanat.yaml_files import StrictModel, parsed, read_model, refusal

if TYPE_CHECKING:
    from eth_account.messages import SignableMessage

DOMAIN_VERSION = "1"
LARGEST = 2**112 - 1
"""Paisa that a figure can be on the chain."""

_FIGURES = "uint112 gross,uint112 operatingCosts,uint112 taxesAndRoyalties,uint112 reserve"
_STATEMENT = (
    "uint256 number,uint256 revision,uint32 periodStart,uint32 periodEnd,Figures figures,"
    "bytes32 auditedHash"
)


def _members(fields: str) -> list[dict[str, str]]:
    return [dict(zip(("type", "name"), field.split(), strict=True)) for field in fields.split(",")]


TYPES = {"Statement": _members(_STATEMENT), "Figures": _members(_FIGURES)}

STATEMENT = "(uint256,uint256,uint32,uint32,(uint112,uint112,uint112,uint112),bytes32)"
"""The struct in a function's signature."""


@dataclass(frozen=True)
class Statement:
    """What the auditor signs; fields and units are the struct's in `IRevenueShare.sol`."""

    number: int
    revision: int
    period_start: int  # days since 1970-01-01
    period_end: int  # the first day after it
    figures: Figures
    audited: bytes

    @property
    def row(self) -> tuple[Any, ...]:
        """As the contract takes it."""
        return (
            self.number,
            self.revision,
            self.period_start,
            self.period_end,
            figures_row(self.figures),
            self.audited,
        )

    def message(self, chain_id: int, contract: str, name: str) -> SignableMessage:
        """What is signed, for one series (its address and its name) on one chain."""
        from eth_account.messages import encode_typed_data

        domain = {
            "name": name,
            "version": DOMAIN_VERSION,
            "chainId": chain_id,
            "verifyingContract": contract,
        }
        content = _named(TYPES["Statement"], self.row)
        content["figures"] = _named(TYPES["Figures"], figures_row(self.figures))
        return encode_typed_data(domain, TYPES, content)


@dataclass(frozen=True)
class Period:
    """A period as it was audited, and when it is paid; no days of payment in a restatement."""

    start: date
    end: date
    """The first day after it."""
    figures: Figures
    audited: bytes
    record_day: date | None
    payment_day: date | None

    def statement(self, number: int, revision: int) -> Statement:
        """What is signed where it is that revision of that declaration."""
        days = epoch_day(self.start), epoch_day(self.end)
        return Statement(number, revision, *days, self.figures, self.audited)


def read_period(path: Path, *, restates: bool) -> Period:
    """Read a file; raises `InputProblems` with everything that is wrong in it.

    `restates`: the figures take the place of declared ones, whose days of payment stand.
    """
    read = read_model(path, _PeriodFile, {"restates": restates})
    figures = read.figures
    return Period(
        start=read.period.first,
        end=read.period.last + timedelta(days=1),
        figures=Figures(
            figures.gross, figures.operating_costs, figures.taxes_and_royalties, figures.reserve
        ),
        audited=document_hash(path.parent / read.audited),
        record_day=read.record_day,
        payment_day=read.payment_day,
    )


def figures_row(figures: Figures) -> tuple[int, int, int, int]:
    """As the contract takes them."""
    return (
        figures.gross,
        figures.operating_costs,
        figures.taxes_and_royalties,
        figures.reserve,
    )


def _named(members: list[dict[str, str]], values: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip((member["name"] for member in members), values, strict=True))


class _Days(StrictModel):
    first: Day
    last: Day

    @field_validator("last")
    @classmethod
    def _not_before_the_first(cls, last: date, info: ValidationInfo) -> date:
        first = info.data.get("first")
        if first and last < first - timedelta(days=1):
            raise refusal(f"is before the first day {first}", f"{first} or later")
        return last


class _Figures(StrictModel):
    gross: Money
    operating_costs: Money
    taxes_and_royalties: Money
    reserve: Money

    @field_validator("gross", "operating_costs", "taxes_and_royalties", "reserve")
    @classmethod
    def _can_be_kept(cls, paisa: int) -> int:
        if paisa > LARGEST:
            raise refusal("is more than the chain can keep", f"at most {LARGEST // 100}.00")
        return paisa


class _PeriodFile(StrictModel):
    period: _Days
    figures: _Figures
    audited: Annotated[str, parsed(matching(r"[\w.-]+", "a file name in the same folder"))]
    record_day: Day | None = None
    payment_day: Day | None = None

    @field_validator("record_day", "payment_day")
    @classmethod
    def _of_a_declaration(cls, day: date | None, info: ValidationInfo) -> date | None:
        if day is not None and (info.context or {}).get("restates"):
            raise refusal("has no place in a restatement", "nothing: what was declared is paid")
        return day

    @field_validator("payment_day")
    @classmethod
    def _not_before_the_record(cls, day: date | None, info: ValidationInfo) -> date | None:
        record = info.data.get("record_day")
        if day and record and day < record:
            raise refusal(f"is before the record day {record}", f"{record} or later")
        return day
