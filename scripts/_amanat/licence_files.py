"""Licences of venues as a file, and the list of what a venue holds for its customers.

venues:
  - name: Binance
    wallet: "0x…"                    one of its wallets in the registry
    stage: noc                       of `STAGES`; suspended and revoked need the document alone
    services: [custody, exchange]    of `SERVICES`
    serves: [institution, bank]      classes of investors
    valid_until: 2026-06-30          the last day, in Pakistan
    document: licences/noc.md        its conditions, or the order; the chain keeps the hash
    wallets: ["0x…"]                 to be declared by the venue, and approved
    customers: ["0x…"]               to whom it may give back whatever befalls its licence
limits:
  - series: MTB-26DEC25              what venues of each stage may do with it; left out: nothing
    licensed: {hold: '5,000,000', trade: any, services: [custody]}
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator, model_validator

from .investors import INVESTOR_CLASSES
from .orders import document_hash, end_of_day
from .reading import (
    Findings,
    parse_address,
    parse_choice,
    parse_date,
    parse_positive,
    parse_whole,
)
from .tables import Row, read_table
from .yaml_files import Fault, StrictModel, parsed, read_model, refuse_all

STAGES = MappingProxyType(
    {
        "noc": 1,
        "aml_registered": 2,
        "incorporated": 3,
        "licensed": 4,
        "suspended": 5,
        "revoked": 6,
    }
)
"""Of `LicenceStage`, by name; none is zero."""
SUSPENDED, REVOKED = STAGES["suspended"], STAGES["revoked"]

SERVICES = MappingProxyType(
    {"custody": 1, "exchange": 2, "brokerage": 4, "issuance": 8, "settlement": 16}
)
"""Bits of what a licence names."""

ANY_AMOUNT = 2**64 - 1
COLUMNS = ("series", "wallet", "customer", "amount")

_Service = Annotated[int, parsed(lambda text: parse_choice(text, SERVICES))]
_Class = Annotated[int, parsed(lambda text: parse_choice(text, INVESTOR_CLASSES))]
_Wallet = Annotated[str, parsed(parse_address)]
_Amount = Annotated[int, parsed(parse_whole)]


def _unlimited(text: str) -> int:
    return ANY_AMOUNT if text == "any" else parse_whole(text)


def name_of(stage: int) -> str:
    """A stage in words."""
    return {number: name.replace("_", " ") for name, number in STAGES.items()}.get(stage, "none")


class Limits(StrictModel):
    """What venues of one stage may do with a series, in its smallest units; `any` is no limit."""

    hold: Annotated[int, parsed(_unlimited)] = 0
    trade: Annotated[int, parsed(_unlimited)] = 0
    travel_above: Annotated[int, parsed(_unlimited)] = 0
    services: Annotated[tuple[_Service, ...], Field(strict=False)] = ()

    @property
    def row(self) -> tuple[int, int, int, int]:
        """As `VenueRules.setRules` takes it."""
        return self.hold, self.trade, self.travel_above, sum(set(self.services))


class SeriesLimits(StrictModel):
    """What venues may do with one series, stage by stage; a stage that is left out: nothing."""

    series: str
    noc: Limits = Limits()
    aml_registered: Limits = Limits()
    incorporated: Limits = Limits()
    licensed: Limits = Limits()

    @property
    def rows(self) -> list[tuple[int, int, int, int]]:
        """From NOC on."""
        return [
            each.row for each in (self.noc, self.aml_registered, self.incorporated, self.licensed)
        ]

    @field_validator("noc", "aml_registered", "incorporated", "licensed")
    @classmethod
    def _fit(cls, limits: Limits) -> Limits:
        refuse_all(
            (name, "is more than the contracts keep", f"at most {ANY_AMOUNT:,}, or any")
            for name in ("hold", "trade", "travel_above")
            if getattr(limits, name) > ANY_AMOUNT
        )
        return limits


class VenueLicence(StrictModel):
    """One venue as it shall stand."""

    name: str
    wallet: _Wallet
    stage: Annotated[int, parsed(lambda text: parse_choice(text, STAGES))]
    services: Annotated[tuple[_Service, ...], Field(strict=False)] = ()
    serves: Annotated[tuple[_Class, ...], Field(strict=False)] = ()
    valid_until: Annotated[date, parsed(parse_date)] | None = None
    document: str
    wallets: Annotated[tuple[_Wallet, ...], Field(strict=False)] = ()
    customers: Annotated[tuple[_Wallet, ...], Field(strict=False)] = ()

    @property
    def ends(self) -> bool:
        """Whether it is an order of the regulator's that ends a licence."""
        return self.stage >= SUSPENDED

    @model_validator(mode="after")
    def _stated(self, info: ValidationInfo) -> VenueLicence:
        refuse_all(self._faults((info.context or {}).get("folder", Path())))
        return self

    def _faults(self, folder: Path) -> Iterator[Fault]:
        if not self.ends and self.valid_until is None:
            yield "valid_until", "is missing", "the last day on which the licence stands"
        if not (folder / self.document).is_file():
            yield "document", "is not there", "a file beside this one"


@dataclass(frozen=True)
class Wish:
    """One venue, read: as the contracts take it."""

    name: str
    wallet: str
    stage: int
    terms: tuple[int, int, int, bytes]
    """Services, classes, the first second in which it no longer stands, hash of the document."""
    document: bytes
    wallets: tuple[str, ...]
    customers: tuple[str, ...]

    @property
    def ends(self) -> bool:
        """Whether it is suspended or revoked."""
        return self.stage >= SUSPENDED


@dataclass(frozen=True)
class Licences:
    """The whole file."""

    venues: tuple[Wish, ...]
    limits: tuple[SeriesLimits, ...]

    def venue(self, name: str) -> Wish | None:
        """The venue of that name."""
        return next((each for each in self.venues if each.name == name), None)


class LicencesFile(StrictModel):
    """What stands in the file."""

    venues: Annotated[tuple[VenueLicence, ...], Field(strict=False)] = ()
    limits: Annotated[tuple[SeriesLimits, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _once(self) -> LicencesFile:
        refuse_all(self._repeated())
        return self

    def _repeated(self) -> Iterator[Fault]:
        for key, named in (
            ("venues", [each.name for each in self.venues]),
            ("limits", [each.series for each in self.limits]),
        ):
            for place, name in enumerate(named):
                if name in named[:place]:
                    yield f"{key}.{place}", f"names {name} a second time", "each once"


def read_licences(path: Path) -> Licences:
    """Read a file of licences; raises `InputProblems` with everything that is wrong in it."""
    file = read_model(path, LicencesFile)
    return Licences(tuple(_wish(each, path.parent) for each in file.venues), file.limits)


def _wish(stated: VenueLicence, folder: Path) -> Wish:
    document = document_hash(folder / stated.document)
    until = 0 if stated.valid_until is None else end_of_day(stated.valid_until) + 1
    serves = sum(1 << each for each in set(stated.serves))
    return Wish(
        stated.name,
        stated.wallet,
        stated.stage,
        (sum(set(stated.services)), serves, until, document),
        document,
        stated.wallets,
        stated.customers,
    )


# ---------------------------------------------------------------- what customers are owed


@dataclass(frozen=True)
class Holding:
    """A customer's part of what a wallet of the venue holds, in smallest units."""

    series: str
    wallet: str
    customer: str
    amount: int
    row: int


def read_holdings(path: Path) -> list[Holding]:
    """The rows of a CSV file with the columns of `COLUMNS`; `InputProblems` with all faults."""
    rows, findings = read_table(path, COLUMNS)
    read = [_holding(row) for row in rows]
    _refuse_repeated(read, findings)
    findings.settle()
    return [each for each in read if each is not None]


def _holding(row: Row) -> Holding | None:
    series = row.read("series", str)
    wallet = row.read("wallet", parse_address)
    customer = row.read("customer", parse_address)
    amount = row.read("amount", parse_positive)
    if not (row.is_sound and series and wallet and customer and amount):
        return None
    return Holding(series, wallet, customer, amount, row.number)


def _refuse_repeated(read: Iterable[Holding | None], findings: Findings) -> None:
    """A customer has one part of a wallet's holding: two are a slip more often than two parts."""
    seen: dict[tuple[str, str, str], int] = {}
    for each in read:
        if each is None:
            continue
        key = (each.series, each.wallet, each.customer)
        if key in seen:
            findings.problem(
                each.row, "customer", each.customer, f"stands in row {seen[key]}", "one row each"
            )
        seen.setdefault(key, each.row)
