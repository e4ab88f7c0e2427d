"""What an indexer that reads logs alone knows of the programme (pitfall 61).

Clones cannot be taught new events later, so every state that matters must follow from the logs of
today. The fold is given logs with their blocks' times and the ABI, and asks the chain nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from scripts._amanat.artifacts import DecodedEvent
from tests.world import NOBODY

ATTESTED, LINKED, VENUE, WITHDRAWN, SUSPENDED, LOST, RECOVERED, HEIR = (1 << n for n in range(8))
KEPT: Final = LINKED | VENUE | SUSPENDED | HEIR
FIRST_CLASS: Final = 1
"""Of a wallet that the registrar registered, until `ClassUpdated` says otherwise."""
PAUSE_HOURS: Final = 168
NEVER: Final = 2**24 - 1
LINE: Final = 8
"""So many wallets of a line of succession are remembered."""


@dataclass
class Record:
    """A wallet as the registry has it."""

    investor: str = NOBODY
    country: int = 0
    investor_class: int = 0
    flags: int = 0
    until: int = 0

    @property
    def exists(self) -> bool:
        return self.investor != NOBODY or self.flags != 0

    @property
    def is_held(self) -> bool:
        """Registered, and not released by a deletion."""
        return self.investor != NOBODY and self.flags & (WITHDRAWN | ATTESTED) != WITHDRAWN

    def raise_(self, flag: int) -> None:
        self.flags |= flag

    def lower(self, flag: int) -> None:
        self.flags &= ~flag


@dataclass
class Series:
    """A token as its logs tell it."""

    compliance: str = NOBODY
    balances: Counter[str] = field(default_factory=Counter)
    frozen: dict[str, int] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    orders: Counter[str] = field(default_factory=Counter)
    allowances: dict[tuple[str, str], int] = field(default_factory=dict)
    paused_until: int = 0
    dates: list[int] = field(default_factory=list)
    changes: list[tuple[int, Counter[str]]] = field(default_factory=list)
    rules: Any = None
    countries: set[int] = field(default_factory=set)

    @property
    def supply(self) -> int:
        return sum(self.balances.values())

    def at(self, record: int) -> Counter[str]:
        """Balances in the last second before a record date."""
        before = [held for moment, held in self.changes if moment < self.dates[record]]
        return before[-1] if before else Counter()


class Fold:
    """The programme, rebuilt log by log."""

    def __init__(self) -> None:
        self.series: defaultdict[str, Series] = defaultdict(Series)
        self.records: defaultdict[str, Record] = defaultdict(Record)
        self.lines: defaultdict[str, list[str]] = defaultdict(list)
        """By investor: the first wallet of each line of succession, where there is a list."""
        self.successors: dict[str, str] = {}
        self.members: set[tuple[int, str]] = set()
        self.labels: dict[tuple[str, bytes], int] = {}
        self.classes: dict[str, str] = {}
        self.status: dict[str, str] = {}
        self.sanctioned: set[str] = set()
        self.halted = False

    def read(self, time: int, event: DecodedEvent) -> None:
        """One log. What the fold has no use for is passed over."""
        handle = getattr(self, f"_{event.name}", None)
        if handle:
            handle(time, event.address, event.arguments)

    # ---------------------------------------------------------------- tokens

    def _Transfer(self, time: int, token: str, told: Mapping[str, Any]) -> None:
        series, amount = self.series[token], told["value"]
        if told["from"] != NOBODY:
            series.balances[told["from"]] -= amount
        if told["to"] != NOBODY:
            series.balances[told["to"]] += amount
        series.changes.append((time, Counter(series.balances)))

    def _Approval(self, time: int, token: str, told: Mapping[str, Any]) -> None:
        self.series[token].allowances[told["owner"], told["spender"]] = told["value"]

    def _Frozen(self, time: int, token: str, told: Mapping[str, Any]) -> None:
        self.series[token].frozen[told["account"]] = told["amount"]

    def _AddressFrozen(self, time: int, token: str, told: Mapping[str, Any]) -> None:
        held = self.series[token].held
        (held.add if told["isFrozen"] else held.discard)(told["userAddress"])

    def _ForcedTransfer(self, time: int, token: str, told: Mapping[str, Any]) -> None:
        self.series[token].orders[told["from"]] += 1

    def _Paused(self, time: int, token: str, told: Mapping[str, Any]) -> None:
        series = self.series[token]
        if time >= series.paused_until * 3_600:
            series.paused_until = time // 3_600 + PAUSE_HOURS

    def _PauseConfirmed(self, time: int, token: str, told: Mapping[str, Any]) -> None:
        self.series[token].paused_until = NEVER

    def _Unpaused(self, time: int, token: str, told: Mapping[str, Any]) -> None:
        self.series[token].paused_until = 0

    def _RecordDateAnnounced(self, time: int, token: str, told: Mapping[str, Any]) -> None:
        dates = self.series[token].dates
        assert told["recordId"] == len(dates)
        dates.append(told["at"])

    def _ComplianceAdded(self, time: int, token: str, told: Mapping[str, Any]) -> None:
        self.series[token].compliance = told["compliance"]

    def holders(self, token: str) -> int:
        """Investors who hold: by investor where a wallet is linked, else by wallet."""
        held = [each for each, amount in self.series[token].balances.items() if amount]
        linked = [self.records[each].flags & LINKED for each in held]
        return len(
            {
                self.records[each].investor if together else each
                for each, together in zip(held, linked, strict=True)
            }
        )

    # ---------------------------------------------------------------- rules and programme

    def _RulesConfigured(self, time: int, book: str, told: Mapping[str, Any]) -> None:
        self.series[told["token"]].rules = tuple(told["rules"])

    def _JurisdictionsSet(self, time: int, book: str, told: Mapping[str, Any]) -> None:
        countries = self.series[told["token"]].countries
        change = countries.update if told["allowed"] else countries.difference_update
        change(told["countries"])

    def _SanctionImposed(self, time: int, book: str, told: Mapping[str, Any]) -> None:
        self.sanctioned.add(told["party"])

    def _SanctionLifted(self, time: int, book: str, told: Mapping[str, Any]) -> None:
        self.sanctioned.discard(told["party"])

    def _SeriesProposed(self, time: int, programme: str, told: Mapping[str, Any]) -> None:
        self.status[told["token"]] = "proposed"

    def _SeriesOpened(self, time: int, programme: str, told: Mapping[str, Any]) -> None:
        self.status[told["token"]] = "open"

    def _SeriesClosed(self, time: int, programme: str, told: Mapping[str, Any]) -> None:
        self.status[told["token"]] = "closed"

    # ---------------------------------------------------------------- powers

    def _RoleGranted(self, time: int, authority: str, told: Mapping[str, Any]) -> None:
        self.members.add((told["roleId"], told["account"]))

    def _RoleRevoked(self, time: int, authority: str, told: Mapping[str, Any]) -> None:
        self.members.discard((told["roleId"], told["account"]))

    def _TargetFunctionRoleUpdated(self, time: int, auth: str, told: Mapping[str, Any]) -> None:
        self.labels[told["target"], told["selector"]] = told["roleId"]

    def _Enrolled(self, time: int, authority: str, told: Mapping[str, Any]) -> None:
        self.classes[told["target"]] = told["class"]

    # ---------------------------------------------------------------- identities

    def _InvestorAttested(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        record = self.records[told["wallet"]]
        record.investor, record.country = told["investor"], told["country"]
        record.investor_class, record.until = told["class"], told["untilHour"]
        record.flags = ATTESTED | (record.flags & KEPT)

    def _WalletLinked(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        investor, wallet = told["investor"], told["wallet"]
        lines = self.lines[investor]
        if not lines:  # an attested investor's own line was the only one
            lines.append(investor)
        self.records[lines[0]].raise_(LINKED)
        lines.append(wallet)
        self.records[wallet].raise_(LINKED)

    def _IdentityRegistered(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        """Says nothing new of a wallet that `InvestorAttested` or `WalletReassigned` told of."""
        wallet, record = told["investorAddress"], self.records[told["investorAddress"]]
        if record.is_held:
            return
        kept = record.flags & (LINKED | VENUE | SUSPENDED)
        self.records[wallet] = Record(told["identity"], 0, FIRST_CLASS, kept)
        if not self.lines[told["identity"]]:
            self.lines[told["identity"]].append(wallet)

    def _WalletReassigned(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        wallet, record = told["wallet"], self.records[told["wallet"]]
        self._unlist(record.investor, wallet)
        record.investor, record.until = told["identity"], 0
        record.flags &= VENUE | SUSPENDED
        if not self.lines[told["identity"]]:
            self.lines[told["identity"]].append(wallet)

    def _VenueSet(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        change = Record.raise_ if told["isVenue"] else Record.lower
        change(self.records[told["wallet"]], VENUE)

    def _IdentityRemoved(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        wallet = told["investorAddress"]
        self.records[wallet].lower(ATTESTED | LINKED)
        self.records[wallet].raise_(WITHDRAWN)
        self._unlist(told["identity"], wallet)

    def _unlist(self, investor: str, wallet: str) -> None:
        """The last line takes the place that falls free."""
        lines = self.lines[investor]
        if wallet in lines:
            lines[lines.index(wallet)] = lines[-1]
            lines.pop()

    def _WalletWithdrawn(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.records[told["wallet"]].raise_(WITHDRAWN)

    def _CountryUpdated(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.records[told["investorAddress"]].country = told["country"]

    def _ClassUpdated(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.records[told["wallet"]].investor_class = told["class"]

    def _WalletSuspended(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.records[told["wallet"]].raise_(SUSPENDED)

    def _WalletUnsuspended(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.records[told["wallet"]].lower(SUSPENDED)

    def _VerdictCached(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.records[told["wallet"]].until = told["untilHour"]

    def investor_of(self, wallet: str) -> str:
        """A lost wallet is whose its successor is: the registry keeps its link in that place."""
        record = self.records[wallet]
        lost = record.flags & (LOST | HEIR) == LOST and wallet in self.successors
        return self.investor_of(self.successors[wallet]) if lost else record.investor

    def _RecoveryNoticed(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        """The successor is reserved: one that nobody had registered is dead meanwhile."""
        lost, successor = self.records[told["lost"]], self.records[told["successor"]]
        self.successors[told["lost"]] = told["successor"]
        if successor.exists:
            successor.raise_(HEIR)
        else:
            flags = lost.flags | LOST | HEIR
            self.records[told["successor"]] = replace(lost, flags=flags)
        lost.raise_(LOST)

    def _RecoveryCancelled(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.records[told["lost"]].lower(LOST)
        successor = self.successors.pop(told["lost"])
        record = self.records[successor]
        if record.flags & LOST:
            self.records[successor] = Record(flags=record.flags & SUSPENDED)
        record.lower(HEIR)

    def _WalletRecovered(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        lost, successor = told["lost"], told["successor"]
        record, other = self.records[lost], self.records[successor]
        record.raise_(RECOVERED)
        record.raise_(LINKED)
        other.lower(LOST | HEIR)
        other.raise_(LINKED)
        other.raise_(record.flags & SUSPENDED)

    def wallets_of(self, investor: str) -> list[str]:
        """Line by line, the last of each from the eldest on; where two end alike, once."""
        record = self.records[investor]
        own = record.is_held and self.investor_of(investor) == investor
        told: list[str] = []
        for first in self.lines[investor] or [investor] * own:
            line = [first]
            while self.records[line[-1]].flags & RECOVERED:
                line.append(self.successors[line[-1]])
            told += [each for each in line[-LINE:] if each not in told]
        return told

    def successor_of(self, wallet: str) -> str:
        """Who stands in for a wallet once its recoveries are completed."""
        while self.records[wallet].flags & RECOVERED:
            wallet = self.successors[wallet]
        return wallet

    def _Halted(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.halted = True

    def _Resumed(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.halted = False
