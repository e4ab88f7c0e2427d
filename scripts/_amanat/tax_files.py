"""The tax agent's table: withholding rates by what is paid, class and residence, and certificates.

    rates:
      - {pays: [coupon, redemption], class: any, resident: yes, rate: "20", reducible: no}
      - {pays: [coupon], class: bank, resident: yes, rate: "0", reducible: no, from: 2026-07-01}
    certificates:
      - {wallet: "0x…", pays: [coupon], rate: "10", until: 2026-12-31, document: treaty.pdf}
    revoked:
      - {wallet: "0x…", pays: [coupon]}

A rate is in per cent; `any` is every class without a row of its own; without `from` it holds at
once. A certificate holds up to and with its last day, lowers reducible rates alone, and is kept on
the chain as the hash of its document, a file beside this one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from scripts._amanat.business_days import start_of_day_karachi
from scripts._amanat.investors import INVESTOR_CLASSES
from scripts._amanat.orders import document_hash, end_of_day
from scripts._amanat.payments import Kind
from scripts._amanat.reading import (
    Unreadable,
    parse_address,
    parse_choice,
    parse_date,
    parse_yield,
)
from scripts._amanat.taxes import Certificate, Rate, Taxpayers, TaxTable
from scripts._amanat.yaml_files import Fault, StrictModel, parsed, read_model, refuse_all

ANY = "any"
MILLIONTHS = 10_000  # of a per cent
_KINDS = {kind.name.lower(): kind for kind in Kind}
_YES_NO = {"yes": True, "no": False, "true": True, "false": False}


def read_tax_table(path: Path) -> TaxTable:
    """Read a table; raises `InputProblems` with everything that is wrong in it."""
    read = read_model(path, _TableFile)
    return TaxTable(
        rates=tuple(rate for row in read.rates for rate in row.rates()),
        certificates=tuple(
            each for row in read.certificates for each in row.certificates(path.parent)
        ),
        revoked=tuple((kind, row.wallet) for row in read.revoked for kind in row.pays),
    )


def _parse_class(text: str) -> int:
    return 0 if text == ANY else parse_choice(text, {ANY: 0, **INVESTOR_CLASSES})


def _parse_rate(text: str) -> Decimal:
    rate = parse_yield(text)
    if rate > 100:
        raise Unreadable("is more than the whole", "at most 100, in per cent")
    return rate


def _choice(choices: dict[str, bool]) -> Callable[[str], bool]:
    return lambda text: parse_choice(text, choices)


_Kinds = Annotated[
    tuple[Annotated[Kind, parsed(lambda text: parse_choice(text, _KINDS))], ...],
    Field(strict=False, min_length=1),
]
_Day = Annotated[date, parsed(parse_date)]
_Rate = Annotated[Decimal, parsed(_parse_rate)]
_YesNo = Annotated[bool, parsed(_choice(_YES_NO))]
_Wallet = Annotated[str, parsed(parse_address)]


class _RateRow(StrictModel):
    pays: _Kinds
    investor_class: Annotated[int, parsed(_parse_class), Field(alias="class")]
    resident: _YesNo
    rate: _Rate
    reducible: _YesNo
    from_day: Annotated[_Day | None, Field(alias="from")] = None

    def rates(self) -> Iterable[Rate]:
        """One for each kind of payment."""
        since = 0 if self.from_day is None else start_of_day_karachi(self.from_day)
        for kind in self.pays:
            who = Taxpayers(kind, self.investor_class, self.resident)
            yield Rate(who, int(self.rate * MILLIONTHS), self.reducible, since)


class _CertificateRow(StrictModel):
    wallet: _Wallet
    pays: _Kinds
    rate: _Rate
    until: _Day
    document: str

    def certificates(self, folder: Path) -> Iterable[Certificate]:
        """One for each kind of payment."""
        evidence = document_hash(folder / self.document)
        for kind in self.pays:
            until = end_of_day(self.until) + 1
            yield Certificate(kind, self.wallet, int(self.rate * MILLIONTHS), until, evidence)


class _RevokedRow(StrictModel):
    wallet: _Wallet
    pays: _Kinds


class _TableFile(StrictModel):
    rates: Annotated[tuple[_RateRow, ...], Field(strict=False)] = ()
    certificates: Annotated[tuple[_CertificateRow, ...], Field(strict=False)] = ()
    revoked: Annotated[tuple[_RevokedRow, ...], Field(strict=False)] = ()

    @field_validator("rates")
    @classmethod
    def _no_two_for_one_time(
        cls, rows: tuple[_RateRow, ...], info: ValidationInfo
    ) -> tuple[_RateRow, ...]:
        refuse_all(_repeated(rows))
        return rows


def _repeated(rows: tuple[_RateRow, ...]) -> Iterable[Fault]:
    """The chain keeps a rate that holds and one that follows it, for the same taxpayers."""
    seen: dict[tuple[Taxpayers, bool], int] = {}
    for place, row in enumerate(rows):
        for rate in row.rates():
            first = seen.setdefault((rate.who, bool(rate.since)), place)
            if first != place:
                yield (
                    str(place),
                    f"is for the same taxpayers as row {first + 1}",
                    "one rate that holds at once, and one that begins later",
                )
