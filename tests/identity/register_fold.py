"""What an indexer that reads the registry's logs alone knows of it (pitfall 61)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from typing import Any, Final, TypeVar

from scripts._amanat.artifacts import DecodedEvent
from scripts._amanat.onchain import NOBODY, Flag
from tests.identity.registry import Record

ATTESTED, LINKED, VENUE, WITHDRAWN, SUSPENDED, LOST, RECOVERED, HEIR = map(int, Flag)
KEPT: Final = LINKED | VENUE | SUSPENDED | HEIR
FIRST_CLASS: Final = 1
"""Of a wallet that the registrar registered, until `ClassUpdated` says otherwise."""
LAPSE_HOURS: Final = 168
NEVER: Final = 2**24 - 1
LINE: Final = 8
"""So many wallets of a line of succession are remembered."""

K = TypeVar("K")
V = TypeVar("V")


def without(places: dict[K, V], gone: K) -> dict[K, V]:
    """As the contracts keep a list: the last takes the place that falls free."""
    names = list(places)
    names[names.index(gone)] = names[-1]
    return {name: places[name] for name in names[:-1]}


@dataclass
class Entry:
    """A wallet as the registry has it; the fields of `Record`, in its order."""

    investor: str = NOBODY
    country: int = 0
    investor_class: int = 0
    flags: int = 0
    until_hour: int = 0
    epoch: int = 0
    batch: int = 0

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


class RegisterFold:
    """The registry, rebuilt log by log."""

    def __init__(self) -> None:
        self.entries: defaultdict[str, Entry] = defaultdict(Entry)
        self.lines: defaultdict[str, list[str]] = defaultdict(list)
        """By investor: the first wallet of each line of succession, where there is a list."""
        self.successors: dict[str, str] = {}
        self.policy: dict[str, int] = {}
        """Each setting by the name of its event."""
        self.halted_until = 0
        self.class_pauses: dict[str, int] = {}
        """Hour at which the pause of a class lapses, of those that were not released."""
        self.stage_end = 0
        self.topics: set[int] = set()
        self.issuers: dict[str, set[int]] = {}
        """Topics by trusted issuer, in the register's order."""
        self.batches: dict[int, tuple[str, int]] = {}
        """Issuer and time of each batch of attestations."""
        self.revoked: set[int] = set()
        """Batches that are no longer in force."""

    def read(self, time: int, event: DecodedEvent) -> None:
        """One log. What the fold has no use for is passed over."""
        handle = getattr(self, f"_{event.name}", None)
        if handle:
            handle(time, event.address, event.arguments)

    # ---------------------------------------------------------------- what is known

    def record_of(self, wallet: str) -> Record:
        """A lost wallet is whose its successor is: the registry keeps its link in that place."""
        entry = self.entries[wallet]
        investor, *rest = astuple(entry)
        if entry.flags & (LOST | HEIR) == LOST and wallet in self.successors:
            investor = self.record_of(self.successors[wallet]).investor
        return Record(investor, *rest)

    def wallets_of(self, investor: str) -> list[str]:
        """Line by line, the last of each from the eldest on; where two end alike, once."""
        own = self.entries[investor].is_held and self.record_of(investor).investor == investor
        told: list[str] = []
        for first in self.lines[investor] or [investor] * own:
            line = [first]
            while self.entries[line[-1]].flags & RECOVERED:
                line.append(self.successors[line[-1]])
            told += [each for each in line[-LINE:] if each not in told]
        return told

    def successor_of(self, wallet: str) -> str:
        """Who stands in for a wallet once its recoveries are completed."""
        while self.entries[wallet].flags & RECOVERED:
            wallet = self.successors[wallet]
        return wallet

    # ---------------------------------------------------------------- policy, topics, issuers

    def _EpochBegun(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.policy["epoch"] = told["epoch"]

    def _MaxAgeSet(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.policy["maxAge"] = told["seconds_"]

    def _MaxAttestationAgeSet(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.policy["maxAttestationAge"] = told["seconds_"]

    def _RecoveryWindowSet(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.policy["recoveryWindow"] = told["seconds_"]

    def _LapsedMaySendSet(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.policy["lapsedMaySend"] = told["allowed"]

    def _Halted(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        if time >= self.halted_until * 3_600:
            self.halted_until = time // 3_600 + LAPSE_HOURS

    def _HaltConfirmed(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.halted_until = NEVER

    def _Resumed(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.halted_until = 0

    def _ClassPaused(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        if time >= self.class_pauses.get(told["class"], 0) * 3_600:
            self.class_pauses[told["class"]] = time // 3_600 + LAPSE_HOURS

    def _ClassPauseConfirmed(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.class_pauses[told["class"]] = NEVER

    def _ClassUnpaused(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        del self.class_pauses[told["class"]]

    def _StageEndSet(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.stage_end = told["at"]

    def _ClaimTopicAdded(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.topics.add(told["claimTopic"])

    def _ClaimTopicRemoved(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.topics.discard(told["claimTopic"])

    def _TrustedIssuerAdded(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.issuers[told["trustedIssuer"]] = set(told["claimTopics"])

    _ClaimTopicsUpdated = _TrustedIssuerAdded

    def _TrustedIssuerRemoved(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.issuers = without(self.issuers, told["trustedIssuer"])

    def _BatchAttested(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.batches[told["batch"]] = told["issuer"], told["issuedAt"]

    def _BatchRevoked(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.revoked.add(told["batch"])

    # ---------------------------------------------------------------- registering

    def _InvestorAttested(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        flags = ATTESTED | (self.entries[told["wallet"]].flags & KEPT)
        self.entries[told["wallet"]] = Entry(
            told["investor"],
            told["country"],
            told["class"],
            flags,
            told["untilHour"],
            self.policy["epoch"],
            told["batch"],
        )

    def _IdentityRegistered(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        """Says nothing new of a wallet that `InvestorAttested` or `WalletReassigned` told of."""
        wallet, entry = told["investorAddress"], self.entries[told["investorAddress"]]
        if entry.is_held:
            return
        kept = entry.flags & (LINKED | VENUE | SUSPENDED)
        self.entries[wallet] = Entry(
            told["identity"], 0, FIRST_CLASS, flags=kept, batch=entry.batch
        )
        self._begin_list(told["identity"], wallet)

    def _WalletReassigned(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        wallet, entry = told["wallet"], self.entries[told["wallet"]]
        self._unlist(entry.investor, wallet)
        entry.investor, entry.until_hour, entry.epoch = told["identity"], 0, 0
        entry.flags &= VENUE | SUSPENDED
        self._begin_list(told["identity"], wallet)

    def _IdentityRemoved(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        wallet = told["investorAddress"]
        self.entries[wallet].lower(ATTESTED | LINKED)
        self.entries[wallet].raise_(WITHDRAWN)
        self._unlist(told["identity"], wallet)

    def _WalletLinked(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        investor, wallet = told["investor"], told["wallet"]
        self._begin_list(investor, investor)  # an attested investor's own line was the only one
        lines = self.lines[investor]
        self.entries[lines[0]].raise_(LINKED)
        lines.append(wallet)
        self.entries[wallet].raise_(LINKED)

    def _begin_list(self, investor: str, wallet: str) -> None:
        if not self.lines[investor]:
            self.lines[investor].append(wallet)

    def _unlist(self, investor: str, wallet: str) -> None:
        if wallet in self.lines[investor]:
            left = without(dict.fromkeys(self.lines[investor]), wallet)
            self.lines[investor] = list(left)

    # ---------------------------------------------------------------- keeping

    def _CountryUpdated(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.entries[told["investorAddress"]].country = told["country"]

    def _ClassUpdated(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.entries[told["wallet"]].investor_class = told["class"]

    def _VenueSet(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        change = Entry.raise_ if told["isVenue"] else Entry.lower
        change(self.entries[told["wallet"]], VENUE)

    def _WalletWithdrawn(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.entries[told["wallet"]].raise_(WITHDRAWN)

    def _WalletSuspended(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.entries[told["wallet"]].raise_(SUSPENDED)

    def _WalletUnsuspended(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.entries[told["wallet"]].lower(SUSPENDED)

    def _VerdictCached(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        entry = self.entries[told["wallet"]]
        entry.epoch, entry.until_hour = told["epoch"], told["untilHour"]

    # ---------------------------------------------------------------- recoveries

    def _RecoveryNoticed(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        """The successor is reserved: one that nobody had registered is dead meanwhile."""
        lost, successor = self.entries[told["lost"]], self.entries[told["successor"]]
        self.successors[told["lost"]] = told["successor"]
        if successor.exists:
            successor.raise_(HEIR)
        else:
            self.entries[told["successor"]] = replace(lost, flags=lost.flags | LOST | HEIR)
        lost.raise_(LOST)
        lost.epoch = 0

    def _RecoveryCancelled(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.entries[told["lost"]].lower(LOST)
        successor = self.successors.pop(told["lost"])
        entry = self.entries[successor]
        if entry.flags & LOST:
            self.entries[successor] = Entry(flags=entry.flags & SUSPENDED)
        entry.lower(HEIR)

    def _WalletRecovered(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        lost, successor = self.entries[told["lost"]], self.entries[told["successor"]]
        lost.raise_(RECOVERED | LINKED)
        successor.lower(LOST | HEIR)
        successor.raise_(LINKED | lost.flags & SUSPENDED)
