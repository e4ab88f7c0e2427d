"""What an indexer that reads logs alone knows of the programme (pitfall 61).

Clones cannot be taught new events later, so every state that matters must follow from the logs of
today. The fold is given logs with their blocks' times and the ABI, and asks the chain nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from scripts._amanat.onchain import NOBODY, Flag
from scripts._amanat.stages import NO_LIMITS, LimitValues, Stage
from tests.identity.register_fold import RegisterFold, without

PAUSE_HOURS: Final = 168
REFERENCE_AGE: Final = 86_400
NEVER: Final = 2**24 - 1


@dataclass
class Pledge:
    """A pledge as its logs tell it; `maker` is the holder who gave it."""

    maker: str
    holder: str
    pledgee: str
    document: bytes
    left: int


@dataclass
class Declared:
    """A declaration of revenue as its logs tell it; amounts in hundredths."""

    pool: int
    share: int
    pay_day: int
    revision: int
    audited: bytes


@dataclass
class Returns:
    """A list of customers' parts as its logs tell it; `left` by token."""

    venue: str
    root: bytes
    left: Counter[str]
    confirmed: bool = False
    claimed: set[int] = field(default_factory=set)


@dataclass
class Series:
    """A token as its logs tell it."""

    compliance: str = NOBODY
    balances: Counter[str] = field(default_factory=Counter)
    frozen: dict[str, int] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    pledged: Counter[str] = field(default_factory=Counter)
    pledges: dict[bytes, Pledge] = field(default_factory=dict)
    orders: Counter[str] = field(default_factory=Counter)
    allowances: dict[tuple[str, str], int] = field(default_factory=dict)
    paused_until: int = 0
    dates: list[int] = field(default_factory=list)
    changes: list[tuple[int, Counter[str]]] = field(default_factory=list)
    rules: Any = None
    countries: set[int] = field(default_factory=set)
    approvals: dict[tuple[str, str, int], int] = field(default_factory=dict)
    """By sender, recipient and amount: when a pre-approval ends that was not used or withdrawn."""
    venues: Any = None
    """Whether it asks about venues, and what it lets those of each stage do."""
    travel: dict[tuple[str, str, int], int] = field(default_factory=dict)
    """By sender, recipient and amount: when a reference between venues ends that was not used."""
    modules: dict[str, int] = field(default_factory=dict)
    """Hooks by module, in the register's order."""
    documents: dict[bytes, tuple[str, bytes, int]] = field(default_factory=dict)
    """Address, hash and time by name, in the register's order."""
    declared: list[Declared] = field(default_factory=list)
    carried: int = 0
    called_for: int = 0

    @property
    def supply(self) -> int:
        return sum(self.balances.values())

    def at(self, record: int) -> Counter[str]:
        """Balances in the last second before a record date."""
        before = [held for moment, held in self.changes if moment < self.dates[record]]
        return before[-1] if before else Counter()


@dataclass
class Leaving:
    """A series on its way out as its logs tell it."""

    document: bytes
    supply: int
    successor: str = NOBODY
    register: bytes = bytes(32)
    carried: int = 0
    status: int = 1


class Fold(RegisterFold):
    """The programme, rebuilt log by log."""

    def __init__(self) -> None:
        super().__init__()
        self.series: defaultdict[str, Series] = defaultdict(Series)
        self.members: set[tuple[int, str]] = set()
        self.labels: dict[tuple[str, bytes], int] = {}
        self.classes: dict[str, str] = {}
        self.status: dict[str, str] = {}
        self.leaving: dict[str, Leaving] = {}
        self.sanctioned: set[str] = set()
        self.licences: defaultdict[str, list[tuple[int, int, Any]]] = defaultdict(list)
        """Decisions by venue: time, stage and terms."""
        self.venue_wallets: dict[str, tuple[str, bool]] = {}
        """By wallet: the venue that declared it, and whether it was approved."""
        self.customers: set[tuple[str, str]] = set()
        self.returns: dict[int, Returns] = {}
        self.measures: dict[str, tuple[bytes, int]] = {}
        self.classes_by_name: dict[str, bytes] = {}
        self.authorised: dict[str, tuple[int, int]] = {}
        """Amount and the time until which it may be minted, by series."""
        self.limits: tuple[int, int, dict[bytes, int]] = (0, 0, {})
        self.rates: dict[bytes, tuple[int, int]] = {}
        """Rate and when it was set, by unit."""
        self.bounds: dict[bytes, tuple[int, ...]] = {}
        self.papers: dict[str, tuple[bytes, bytes, bytes]] = {}
        """Legal authority, document and approval, by series."""
        self.stage: tuple[Stage, LimitValues] = (Stage.NONE, NO_LIMITS)
        self.stage_held = False

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

    def _Pledged(self, time: int, token: str, told: Mapping[str, Any]) -> None:
        series, holder = self.series[token], told["holder"]
        series.pledged[holder] += told["amount"]
        series.pledges[told["pledgeId"]] = Pledge(
            holder, holder, told["pledgee"], told["document"], told["amount"]
        )

    def _PledgeReleased(self, time: int, token: str, told: Mapping[str, Any]) -> None:
        series = self.series[token]
        series.pledged[told["holder"]] -= told["amount"]
        series.pledges[told["pledgeId"]].left = told["left"]

    _PledgeEnforced = _PledgeReleased

    def _PledgesFollowed(self, time: int, token: str, told: Mapping[str, Any]) -> None:
        series, lost, successor = self.series[token], told["lost"], told["successor"]
        assert series.pledged[lost] == told["amount"]
        series.pledged[successor] += series.pledged.pop(lost)
        for pledge in series.pledges.values():
            pledge.holder = successor if pledge.holder == lost else pledge.holder

    def _PledgeLeft(self, time: int, token: str, told: Mapping[str, Any]) -> None:
        series = self.series[token]
        series.pledged[told["holder"]] -= told["amount"]
        series.pledges[told["pledgeId"]].left = 0

    def _PledgeArrived(self, time: int, token: str, told: Mapping[str, Any]) -> None:
        series, identity, holder = self.series[token], told["pledgeId"], told["holder"]
        made = self.series[told["former"]].pledges[identity]
        series.pledged[holder] += told["amount"]
        series.pledges[identity] = replace(made, holder=holder, left=told["amount"])

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

    def _DocumentUpdated(self, time: int, token: str, told: Mapping[str, Any]) -> None:
        self.series[token].documents[told["name"]] = told["uri"], told["documentHash"], time

    def _DocumentRemoved(self, time: int, token: str, told: Mapping[str, Any]) -> None:
        series = self.series[token]
        series.documents = without(series.documents, told["name"])

    def holders(self, token: str) -> int:
        """Investors who hold: by investor where a wallet is linked, else by wallet."""
        held = [each for each, amount in self.series[token].balances.items() if amount]
        records = {each: self.record_of(each) for each in held}
        return len(
            {
                record.investor if record.flags & Flag.LINKED else each
                for each, record in records.items()
            }
        )

    # ---------------------------------------------------------------- revenue

    def _Declared(self, time: int, token: str, told: Mapping[str, Any]) -> None:
        series = self.series[token]
        assert told["number"] == len(series.declared)
        share, audited = told["split"].share, told["statement"].auditedHash
        series.declared.append(Declared(told["pool"], share, told["payDay"], 0, audited))
        series.carried = told["carried"]

    def _Restated(self, time: int, token: str, told: Mapping[str, Any]) -> None:
        series = self.series[token]
        made = series.declared[told["number"]]
        made.share, made.revision = told["split"].share, told["revision"]
        made.audited = told["statement"].auditedHash
        series.carried += told["difference"]
        assert series.carried == told["carried"]

    def _Called(self, time: int, token: str, told: Mapping[str, Any]) -> None:
        self.series[token].called_for = told["day"]

    # ---------------------------------------------------------------- rules and programme

    def _RulesConfigured(self, time: int, book: str, told: Mapping[str, Any]) -> None:
        self.series[told["token"]].rules = tuple(told["rules"])

    def _JurisdictionsSet(self, time: int, book: str, told: Mapping[str, Any]) -> None:
        countries = self.series[told["token"]].countries
        change = countries.update if told["allowed"] else countries.difference_update
        change(told["countries"])

    def _TransferPreApproved(self, time: int, book: str, told: Mapping[str, Any]) -> None:
        moved = told["from"], told["to"], told["amount"]
        self.series[told["token"]].approvals[moved] = told["expires"]

    def _PreApprovalWithdrawn(self, time: int, book: str, told: Mapping[str, Any]) -> None:
        self.series[told["token"]].approvals.pop((told["from"], told["to"], told["amount"]))

    _PreApprovalUsed = _PreApprovalWithdrawn

    def _ModuleAdded(self, time: int, book: str, told: Mapping[str, Any]) -> None:
        self.series[told["token"]].modules[told["module"]] = told["hooks"]

    def _ModuleRemoved(self, time: int, book: str, told: Mapping[str, Any]) -> None:
        series = self.series[told["token"]]
        series.modules = without(series.modules, told["module"])

    # ---------------------------------------------------------------- venues

    def _VenueRulesSet(self, time: int, rules: str, told: Mapping[str, Any]) -> None:
        self.series[told["token"]].venues = told["asks"], told["stages"]

    def _TravelNoted(self, time: int, rules: str, told: Mapping[str, Any]) -> None:
        moved = told["from"], told["to"], told["amount"]
        self.series[told["token"]].travel[moved] = time + REFERENCE_AGE

    def _TravelReferenceUsed(self, time: int, book: str, told: Mapping[str, Any]) -> None:
        self.series[told["token"]].travel.pop((told["from"], told["to"], told["amount"]))

    def _LicenceDecided(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        decisions = self.licences[told["venue"]]
        decisions.append((time, told["stage"], told["terms"]))
        assert told["number"] == len(decisions)

    def _VenueWalletDeclared(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.venue_wallets[told["wallet"]] = told["venue"], False

    def _VenueWalletApproved(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.venue_wallets[told["wallet"]] = told["venue"], True

    def _VenueWalletReleased(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        self.venue_wallets.pop(told["wallet"], None)

    def _CustomersNamed(self, time: int, registry: str, told: Mapping[str, Any]) -> None:
        named = {(told["venue"], each) for each in told["investors"]}
        self.customers = self.customers | named if told["are"] else self.customers - named

    def _ReturnsPosted(self, time: int, desk: str, told: Mapping[str, Any]) -> None:
        left = Counter({each.token: each.amount for each in told["totals"]})
        self.returns[told["list"]] = Returns(told["venue"], told["root"], left)

    def _ReturnsConfirmed(self, time: int, desk: str, told: Mapping[str, Any]) -> None:
        self.returns[told["list"]].confirmed = True

    def _ReturnsWithdrawn(self, time: int, desk: str, told: Mapping[str, Any]) -> None:
        self.returns[told["list"]].venue = NOBODY

    def _CustomerReturned(self, time: int, desk: str, told: Mapping[str, Any]) -> None:
        made = self.returns[told["list"]]
        made.claimed.add(told["index"])
        made.left[told["token"]] -= told["amount"]

    # ---------------------------------------------------------------- sanctions and programme

    def _SanctionImposed(self, time: int, book: str, told: Mapping[str, Any]) -> None:
        self.sanctioned.add(told["party"])

    def _SanctionLifted(self, time: int, book: str, told: Mapping[str, Any]) -> None:
        self.sanctioned.discard(told["party"])

    def _SeriesProposed(self, time: int, programme: str, told: Mapping[str, Any]) -> None:
        token, mandate = told["token"], told["mandate"]
        self.status[token] = "proposed"
        self.classes_by_name[token] = told["class"]
        self.papers[token] = (mandate.legalAuthority, mandate.documentHash, bytes(32))

    def _SeriesOpened(self, time: int, programme: str, told: Mapping[str, Any]) -> None:
        self.status[told["token"]] = "open"

    def _SeriesClosed(self, time: int, programme: str, told: Mapping[str, Any]) -> None:
        self.status[told["token"]] = "closed"

    def _SeriesApproved(self, time: int, programme: str, told: Mapping[str, Any]) -> None:
        authority, document, _ = self.papers[told["token"]]
        self.status[told["token"]] = "approved"
        self.papers[told["token"]] = (authority, document, told["approval"])

    def _SeriesCancelled(self, time: int, programme: str, told: Mapping[str, Any]) -> None:
        self.status[told["token"]] = "cancelled"

    def _SeriesMatured(self, time: int, programme: str, told: Mapping[str, Any]) -> None:
        self.status[told["token"]] = "matured"

    def _SeriesRedeemed(self, time: int, programme: str, told: Mapping[str, Any]) -> None:
        self.status[told["token"]] = "redeemed"

    # ---------------------------------------------------------------- the ceiling

    def _SeriesMeasured(self, time: int, programme: str, told: Mapping[str, Any]) -> None:
        self.measures[told["token"]] = (told["unit"], told["content"])

    def _SeriesAuthorised(self, time: int, programme: str, told: Mapping[str, Any]) -> None:
        self.authorised[told["token"]] = (told["authorised"], told["until"])

    def _LimitsSet(self, time: int, programme: str, told: Mapping[str, Any]) -> None:
        limits = told["limits"]
        allocations = {each[0]: each[1] for each in limits.allocations}
        known = self.limits[2] | allocations
        self.limits = (limits.ceiling, limits.authorisationAge, known)

    def _RateSet(self, time: int, rates: str, told: Mapping[str, Any]) -> None:
        self.rates[told["unit"]] = (told["rate"], time)

    def _BoundsSet(self, time: int, rates: str, told: Mapping[str, Any]) -> None:
        self.bounds[told["unit"]] = tuple(told["bounds"])

    def committed(self, unit: bytes, klass: bytes | None = None) -> int:
        """What is committed in a unit, of all series or of those of one class."""
        return sum(
            self.authorised[token][0] * content
            for token, (counted, content) in self.measures.items()
            if counted == unit and (klass is None or self.classes_by_name[token] == klass)
        )

    def _StageSet(self, time: int, stage: str, told: Mapping[str, Any]) -> None:
        self.stage = (Stage(told["stage"]), LimitValues.of(told["limits"]))

    def _StageHeld(self, time: int, stage: str, told: Mapping[str, Any]) -> None:
        self.stage_held = True

    def _StageReleased(self, time: int, stage: str, told: Mapping[str, Any]) -> None:
        self.stage_held = False

    # ---------------------------------------------------------------- series on their way out

    def _ExchangeBegun(self, time: int, exchange: str, told: Mapping[str, Any]) -> None:
        self.leaving[told["series"]] = Leaving(told["document"], told["supply"], told["successor"])

    def _MigrationBegun(self, time: int, exchange: str, told: Mapping[str, Any]) -> None:
        self.leaving[told["series"]] = Leaving(told["document"], told["supply"])

    def _RegisterFixed(self, time: int, exchange: str, told: Mapping[str, Any]) -> None:
        self.leaving[told["series"]].register = told["registerHash"]

    def _HolderCarried(self, time: int, exchange: str, told: Mapping[str, Any]) -> None:
        self.leaving[told["series"]].carried += told["units"]

    def _DepartureCompleted(self, time: int, exchange: str, told: Mapping[str, Any]) -> None:
        self.leaving[told["series"]].status = 2

    # ---------------------------------------------------------------- powers

    def _RoleGranted(self, time: int, authority: str, told: Mapping[str, Any]) -> None:
        self.members.add((told["roleId"], told["account"]))

    def _RoleRevoked(self, time: int, authority: str, told: Mapping[str, Any]) -> None:
        self.members.discard((told["roleId"], told["account"]))

    def _TargetFunctionRoleUpdated(self, time: int, auth: str, told: Mapping[str, Any]) -> None:
        self.labels[told["target"], told["selector"]] = told["roleId"]

    def _Enrolled(self, time: int, authority: str, told: Mapping[str, Any]) -> None:
        self.classes[told["target"]] = told["class"]
