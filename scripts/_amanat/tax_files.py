"""The tax agent's table: rates of withholding tax as the programme file has them, and certificates.

    rates:
      - {income: coupon, rate: 15, residents: yes}
      - {income: coupon, of: bank, rate: 0, from: 2026-07-01}
    certificates:
      - {wallet: "0x…", income: coupon, rate: 10, until: 2026-12-31, document: treaty.pdf}
    revoked:
      - {wallet: "0x…", income: coupon}

A rate is in per cent; without `from` it holds at once. A certificate holds up to and with its last
day, lowers reducible rates alone, and is kept on the chain as the hash of its document, a file
beside this one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from scripts._amanat.business_days import start_of_day_karachi
from scripts._amanat.orders import document_hash, end_of_day
from scripts._amanat.payments import Kind
from scripts._amanat.programme import TaxRate, parse_tax_rate
from scripts._amanat.reading import parse_address, parse_choice, parse_date
from scripts._amanat.taxes import Certificate, Rate, Taxpayers, TaxTable
from scripts._amanat.yaml_files import Fault, StrictModel, parsed, read_model, refuse_all

_KINDS = {kind.name.lower(): kind for kind in Kind}


def read_tax_table(path: Path) -> TaxTable:
    """Read a table; raises `InputProblems` with everything that is wrong in it."""
    read = read_model(path, _TableFile)
    return TaxTable(
        rates=tuple(rate for row in read.rates for rate in row.rates()),
        certificates=tuple(row.certificate(path.parent) for row in read.certificates),
        revoked=tuple((row.income, row.wallet) for row in read.revoked),
    )


_Kind = Annotated[Kind, parsed(lambda text: parse_choice(text, _KINDS))]
_Day = Annotated[date, parsed(parse_date)]
_Wallet = Annotated[str, parsed(parse_address)]


class _RateRow(TaxRate):
    from_day: Annotated[_Day | None, Field(alias="from")] = None

    def rates(self) -> Iterable[Rate]:
        """One for residents and one for others, where the row is for both."""
        since = 0 if self.from_day is None else start_of_day_karachi(self.from_day)
        for (kind, investor_class, resident), rate, reducible, _ in self.rows:
            yield Rate(Taxpayers(Kind(kind), investor_class, resident), rate, reducible, since)


class _CertificateRow(StrictModel):
    wallet: _Wallet
    income: _Kind
    rate: Annotated[int, parsed(parse_tax_rate)]
    until: _Day
    document: str

    def certificate(self, folder: Path) -> Certificate:
        """As it is granted; InputRefused where its document cannot be read."""
        evidence = document_hash(folder / self.document)
        return Certificate(
            self.income, self.wallet, self.rate, end_of_day(self.until) + 1, evidence
        )


class _RevokedRow(StrictModel):
    wallet: _Wallet
    income: _Kind


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
