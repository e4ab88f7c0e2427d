"""The register of a series as its events tell it: who holds what, what of it is frozen or pledged.

Nothing here asks the state of the chain: the events of a series alone are its register, at any
block, so that no node with a memory is needed to compare what was with what is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from scripts._amanat.artifacts import DecodedEvent
from scripts._amanat.onchain import NOBODY, Contract

WIDEST = 2**112 - 1  # units: more cannot be frozen

_COLUMNS = "entry,account,units,frozen,account_frozen,pledgee,document,notice_seconds,pledge"


@dataclass(frozen=True)
class Lien:
    """A pledge: so many units to whom, under which agreement's hash."""

    id: bytes
    pledgee: str
    units: int
    document: bytes
    notice: int  # seconds


@dataclass(frozen=True)
class Entry:
    """One line of a register, in smallest units."""

    units: int = 0
    frozen: int = 0
    is_frozen: bool = False
    liens: tuple[Lien, ...] = ()

    @property
    def pledged(self) -> int:
        return sum(lien.units for lien in self.liens)

    @property
    def is_empty(self) -> bool:
        return self == Entry()

    def __add__(self, other: Entry) -> Entry:
        """Both together, as where one wallet succeeds to another."""
        liens: dict[bytes, Lien] = {}
        for lien in (*self.liens, *other.liens):
            before = liens[lien.id].units if lien.id in liens else 0
            liens[lien.id] = replace(lien, units=before + lien.units)
        return Entry(
            self.units + other.units,
            min(self.frozen + other.frozen, WIDEST),
            self.is_frozen or other.is_frozen,
            tuple(liens[each] for each in sorted(liens)),
        )


Register = Mapping[str, Entry]
"""Entries by account, none of them empty, in the order of the addresses."""


def merged(*registers: Register, heir: Callable[[str], str] = str) -> Register:
    """Registers added up, each account under who succeeded to it."""
    found: dict[str, Entry] = {}
    for register in registers:
        for account, entry in register.items():
            line = heir(account)
            found[line] = found.get(line, Entry()) + entry
    kept = {account: entry for account, entry in found.items() if not entry.is_empty}
    return dict(sorted(kept.items(), key=lambda item: int(item[0], 16)))


def as_file(register: Register) -> bytes:
    """The register as CSV, the same to the byte for the same register: LF, no quotes, each holder's
    pledges after it."""
    lines = [_COLUMNS]
    for account, entry in register.items():
        whole = "yes" if entry.is_frozen else "no"
        lines.append(f"holding,{account},{entry.units},{entry.frozen},{whole},,,,")
        for lien in entry.liens:
            agreement = f"{lien.pledgee},0x{lien.document.hex()},{lien.notice},0x{lien.id.hex()}"
            lines.append(f"pledge,{account},{lien.units},,,{agreement}")
    return ("\n".join(lines) + "\n").encode("ascii")


@dataclass
class Telling:
    """The events of one series, read once."""

    token: Contract
    since: int
    """The block from which the programme stands."""
    agreements: dict[bytes, tuple[bytes, int]] = field(default_factory=dict)
    """Document and notice of each pledge."""

    def __post_init__(self) -> None:
        for event in self.events("Pledged"):
            told = event.arguments
            self.agreements[told["pledgeId"]] = (told["document"], told["notice"])
        arrived = self.events("PledgeArrived")
        for former in {event.arguments["former"] for event in arrived}:
            known = Telling(replace(self.token, address=former), self.since).agreements
            self.agreements = known | self.agreements

    def at(self, wanted: Callable[[DecodedEvent], bool] = lambda event: True) -> Register:
        """The register by the events that are wanted, all of them unless told otherwise."""
        frozen = {
            event.arguments["account"]: event.arguments["amount"]
            for event in self.events("Frozen")
            if wanted(event)
        }
        whole = {
            event.arguments["userAddress"]: event.arguments["isFrozen"]
            for event in self.events("AddressFrozen")
            if wanted(event)
        }
        units, liens = self._units(wanted), self._liens(wanted)
        accounts = {*units, *frozen, *whole, *liens} - {NOBODY}
        return merged(
            {
                account: Entry(
                    units[account],
                    frozen.get(account, 0),
                    whole.get(account, False),
                    tuple(sorted(liens.get(account, []), key=lambda lien: lien.id)),
                )
                for account in accounts
            }
        )

    def lien(self, told: Mapping[str, Any]) -> Lien:
        """A pledge as `PledgeLeft` or `PledgeArrived` tells it."""
        document, notice = self.agreements[told["pledgeId"]]
        return Lien(told["pledgeId"], told["pledgee"], told["amount"], document, notice)

    def _units(self, wanted: Callable[[DecodedEvent], bool]) -> Counter[str]:
        units: Counter[str] = Counter()
        for event in filter(wanted, self.events("Transfer")):
            units[event.arguments["from"]] -= event.arguments["value"]
            units[event.arguments["to"]] += event.arguments["value"]
        return units

    def _liens(self, wanted: Callable[[DecodedEvent], bool]) -> dict[str, list[Lien]]:
        """What is left of each pledge, by who stands in for its holder. What is left of one never
        grows, so the least that was told of it is the last."""
        heirs: dict[str, str] = {}
        for event in filter(wanted, self.events("PledgesFollowed")):
            heirs.pop(event.arguments["successor"], None)
            heirs[event.arguments["lost"]] = event.arguments["successor"]
        left: dict[bytes, int] = {}
        for name in ("PledgeReleased", "PledgeEnforced", "PledgeLeft"):
            for event in filter(wanted, self.events(name)):
                identity, now = event.arguments["pledgeId"], event.arguments.get("left", 0)
                left[identity] = min(now, left.get(identity, now))
        found: dict[str, list[Lien]] = {}
        for event in filter(wanted, (*self.events("Pledged"), *self.events("PledgeArrived"))):
            told = event.arguments
            identity, holder = told["pledgeId"], told["holder"]
            while holder in heirs:
                holder = heirs[holder]
            if units := left.get(identity, told["amount"]):
                document, notice = self.agreements[identity]
                lien = Lien(identity, told["pledgee"], units, document, notice)
                found.setdefault(holder, []).append(lien)
        return found

    def events(self, name: str) -> list[DecodedEvent]:
        """Every event of that name, in order."""
        if name not in self._read:
            self._read[name] = self.token.events(name, self.since)
        return self._read[name]

    @cached_property
    def _read(self) -> dict[str, list[DecodedEvent]]:
        return {}


def outside(transactions: Iterable[str]) -> Callable[[DecodedEvent], bool]:
    """Events of all transactions but these."""
    left_out = frozenset(transactions)
    return lambda event: event.transaction not in left_out
