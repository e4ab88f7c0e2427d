"""The list of investors to register: a CSV file, a row a wallet.

    wallet          the address that will hold tokens
    investor        a random reference, the same on each row of one investor; no personal number
    country         ISO 3166 alpha-2
    class           a name of `INVESTOR_CLASSES`
    verified_until  the last day, in Pakistan, on which the verification holds
    kind            attested (a leaf of a signed batch) or onchainid (an identity contract)
    onchain_id      the identity contract of a kind-onchainid investor who has one already

The first row of an investor names its main wallet; further rows with the same reference link
further wallets to it. Of all this only addresses, countries, classes and dates go on-chain.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from eth_typing import ChecksumAddress

from .business_days import start_of_day_karachi
from .countries import BY_ALPHA_2, Country, suggest
from .reading import (
    Problem,
    Unreadable,
    lacks_checksum,
    parse_address,
    parse_choice,
    parse_date,
    show,
)
from .tables import Row, read_table

COLUMNS = ("wallet", "investor", "country", "class", "verified_until", "kind", "onchain_id")
MAX_WALLETS = 8

INVESTOR_CLASSES = MappingProxyType(
    {
        "retail": 1,
        "professional": 2,
        "institution": 3,
        "corporate": 4,
        "primary_dealer": 5,
        "bank": 6,
        "islamic_bank": 7,
        "insurer": 8,
        "mutual_fund": 9,
        "pension_fund": 10,
        "broker": 11,
        "exchange": 12,
        "custodian": 13,
        "government": 14,
        "central_bank": 15,
        "supranational": 16,
    }
)
"""Class names and the codes (1 to 31) that contracts keep; a code never changes its meaning."""

_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{3,31}")
_NATIONAL_ID = re.compile(r"(?<!\d)\d{5}[ -]?\d{7}[ -]?\d(?!\d)")


class Kind(StrEnum):
    """How an investor's identity is proved on-chain."""

    ATTESTED = "attested"
    ONCHAINID = "onchainid"


@dataclass(frozen=True)
class Investor:
    """One verified person or body and its wallets, the first being the main one."""

    reference: str
    wallets: tuple[ChecksumAddress, ...]
    country: Country
    class_name: str
    verified_until: date
    kind: Kind
    onchain_id: ChecksumAddress | None
    row: int
    """Where the file first names it."""

    @property
    def class_code(self) -> int:
        return INVESTOR_CLASSES[self.class_name]

    @property
    def main_wallet(self) -> ChecksumAddress:
        return self.wallets[0]

    @property
    def lapses_at(self) -> int:
        """The Unix second from which it is no longer verified: Karachi's midnight, a full hour."""
        return start_of_day_karachi(self.verified_until + timedelta(days=1))


@dataclass(frozen=True)
class Investors:
    """All investors of a file, in its order, and what in it deserves a look."""

    file: str
    all: tuple[Investor, ...]
    remarks: tuple[Problem, ...] = ()

    @cached_property
    def by_reference(self) -> dict[str, Investor]:
        return {investor.reference: investor for investor in self.all}

    @cached_property
    def by_wallet(self) -> dict[ChecksumAddress, Investor]:
        return {wallet: investor for investor in self.all for wallet in investor.wallets}


@dataclass(frozen=True)
class _Wallet:
    """A row that reads well by itself."""

    row: Row
    wallet: ChecksumAddress
    investor: str
    country: Country
    class_name: str
    verified_until: date
    kind: Kind
    onchain_id: ChecksumAddress | None


def read_investors(path: Path, *, as_of: date | None) -> Investors:
    """Read the list; raises `InputProblems` with everything that is wrong in it.

    `as_of`: the chain's date in Pakistan, at which every verification must still hold; None where
    the investors are registered already and only looked up.
    """
    rows, findings = read_table(path, COLUMNS)
    wallets = [wallet for row in rows if (wallet := _read_wallet(row, as_of)) is not None]
    _refuse_shared_wallets(rows)
    investors = _gather(wallets)
    findings.settle()
    return Investors(findings.file, investors, findings.remarks)


def parse_reference(text: str) -> str:
    """An investor's opaque reference; anything like a national identity number is refused."""
    if _NATIONAL_ID.search(text):
        raise Unreadable(
            "contains 13 digits, as a national identity number does",
            "a random reference that says nothing of the person",
            secret=True,
        )
    if re.fullmatch(r"[\d -]{7,}", text):
        raise Unreadable(
            "is made of digits alone, as an identity, account or telephone number is",
            "a random reference that says nothing of the person",
            secret=True,
        )
    if not _REFERENCE.fullmatch(text):
        raise Unreadable("is not a reference", "4 to 32 letters, digits, hyphens or underscores")
    return text


def parse_country(text: str) -> Country:
    """A country by its ISO 3166 alpha-2 code."""
    country = BY_ALPHA_2.get(text)
    if country is None:
        meant = suggest(text)
        right = f"{meant.alpha_2} ({meant.name})" if meant else "a code such as PK"
        raise Unreadable("is not an ISO 3166 alpha-2 code", right)
    return country


def parse_class(text: str) -> str:
    """The name of an investor class."""
    return parse_choice(text, {name: name for name in INVESTOR_CLASSES})


def _read_wallet(row: Row, as_of: date | None) -> _Wallet | None:
    wallet = row.read("wallet", parse_address)
    investor = row.read("investor", parse_reference)
    country = row.read("country", parse_country)
    class_name = row.read("class", parse_class)
    verified_until = row.read("verified_until", parse_date)
    kind = row.read("kind", _parse_kind)
    onchain_id = row.read_optional("onchain_id", parse_address)
    if as_of and verified_until and verified_until < as_of:
        row.refuse("verified_until", "has passed", f"{as_of} (the chain's date) or later")
    if kind is Kind.ATTESTED and row.cells.get("onchain_id"):
        row.refuse("onchain_id", "is given for an attested investor", "empty, or kind onchainid")
    if wallet and lacks_checksum(row.cells["wallet"]):
        row.findings.remark(
            row.number,
            "wallet",
            show(row.cells["wallet"]),
            "has no checksum, so a slip in it cannot be noticed",
            wallet,
        )
    if wallet and investor and country and class_name and verified_until and kind:
        return _Wallet(row, wallet, investor, country, class_name, verified_until, kind, onchain_id)
    return None


def _parse_kind(text: str) -> Kind:
    return parse_choice(text, {kind.value: kind for kind in Kind})


def _refuse_shared_wallets(rows: list[Row]) -> None:
    """A wallet belongs to one investor and stands in one row, however its letters are cased."""
    first_rows: dict[str, int] = {}
    for row in rows:
        wallet = row.cells.get("wallet", "").casefold()
        if wallet:
            first = first_rows.setdefault(wallet, row.number)
            if first != row.number:
                row.refuse("wallet", f"stands in row {first} already", "one row for each wallet")


def _gather(wallets: list[_Wallet]) -> tuple[Investor, ...]:
    groups: dict[str, list[_Wallet]] = {}
    for wallet in wallets:
        groups.setdefault(wallet.investor.casefold(), []).append(wallet)
    return tuple(_join(group) for group in groups.values())


_AGREEING: tuple[tuple[str, Callable[[_Wallet], object]], ...] = (
    ("investor", lambda wallet: wallet.investor),
    ("country", lambda wallet: wallet.country.alpha_2),
    ("class", lambda wallet: wallet.class_name),
    ("verified_until", lambda wallet: wallet.verified_until),
    ("kind", lambda wallet: wallet.kind),
    ("onchain_id", lambda wallet: wallet.onchain_id),
)


def _join(group: list[_Wallet]) -> Investor:
    """One investor of all its rows, which must say the same of it."""
    first = group[0]
    for further in group[1:]:
        for column, value in _AGREEING:
            if value(further) != value(first):
                further.row.refuse(
                    column,
                    f"differs from row {first.row.number} of the same investor",
                    f"{value(first) or 'empty'}",
                )
    for surplus in group[MAX_WALLETS:]:
        surplus.row.refuse(
            "investor",
            f"has more than {MAX_WALLETS} wallets",
            f"at most {MAX_WALLETS} rows for one investor",
        )
    return Investor(
        reference=first.investor,
        wallets=tuple(wallet.wallet for wallet in group),
        country=first.country,
        class_name=first.class_name,
        verified_until=first.verified_until,
        kind=first.kind,
        onchain_id=first.onchain_id,
        row=first.row.number,
    )
