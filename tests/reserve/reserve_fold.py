"""What an indexer that reads logs alone knows of lots and redemptions (pitfall 61)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class LotSeen:
    """A lot as its logs tell it."""

    net: int = 0
    assigned: int = 0
    insured_until_hour: int = 0
    encumbered: bool = False


@dataclass
class RedemptionSeen:
    """A redemption as its logs tell it."""

    token: str
    holder: str
    cash: str
    units: int
    deadline: int
    status: str = "requested"
    confirmed: set[str] = field(default_factory=set)
    lot: bytes = bytes(32)
    weight: int = 0
    fee: int = 0
    shortfall: int = 0


class ReserveFold:
    """Register and desk of one series, rebuilt log by log."""

    def __init__(self) -> None:
        self.lots: dict[bytes, LotSeen] = {}
        self.order: list[bytes] = []
        self.sequence = 0
        self.attested_at = 0
        self.redemptions: dict[bytes, RedemptionSeen] = {}
        self.credits: Counter[tuple[str, str]] = Counter()

    def take(self, name: str, told: Mapping[str, Any]) -> None:
        """One event; those of other contracts are passed over."""
        if known := getattr(self, f"_{name}", None):
            known(told)

    def _ReserveAttested(self, told: Mapping[str, Any]) -> None:
        for lot in self.lots.values():
            lot.net = 0
        self.order = []
        for lot_id, _, _, net, _, _, _, insured_until in map(tuple, told["lots"]):
            lot = self.lots.setdefault(lot_id, LotSeen())
            lot.net, lot.insured_until_hour = net, insured_until // 3_600
            self.order.append(lot_id)
        self.sequence, self.attested_at = told["sequence"], told["asOf"]

    def _LotDelivered(self, told: Mapping[str, Any]) -> None:
        self.lots[told["lotId"]].net = told["net"]
        self.sequence = told["sequence"]

    def _LotAssigned(self, told: Mapping[str, Any]) -> None:
        self.lots[told["lotId"]].assigned = told["assigned"]

    def _LotEncumbered(self, told: Mapping[str, Any]) -> None:
        self.lots[told["lotId"]].encumbered = True

    def _LotReleased(self, told: Mapping[str, Any]) -> None:
        self.lots[told["lotId"]].encumbered = False

    def _RedemptionRequested(self, told: Mapping[str, Any]) -> None:
        names = ("token", "holder", "cash", "units", "deadline")
        self.redemptions[told["id"]] = RedemptionSeen(*(told[name] for name in names))

    def _RedemptionAssigned(self, told: Mapping[str, Any]) -> None:
        made = self.redemptions[told["id"]]
        made.status, made.lot, made.weight = "assigned", told["lotId"], told["weight"]
        made.fee, made.shortfall, made.deadline = told["fee"], told["shortfall"], told["deadline"]

    def _RedemptionAccepted(self, told: Mapping[str, Any]) -> None:
        made = self.redemptions[told["id"]]
        made.status, made.deadline = "accepted", told["deadline"]

    def _DeliveryConfirmed(self, told: Mapping[str, Any]) -> None:
        self.redemptions[told["id"]].confirmed.add(told["by"])

    def _RedemptionSettled(self, told: Mapping[str, Any]) -> None:
        self.redemptions[told["id"]].status = "settled"

    def _RedemptionCancelled(self, told: Mapping[str, Any]) -> None:
        self.redemptions[told["id"]].status = "cancelled"

    def _RedemptionTimedOut(self, told: Mapping[str, Any]) -> None:
        self.redemptions[told["id"]].status = "timed out"

    def _Credited(self, told: Mapping[str, Any]) -> None:
        self.credits[told["cash"], told["account"]] += told["amount"]

    def _CreditPaid(self, told: Mapping[str, Any]) -> None:
        self.credits[told["cash"], told["account"]] -= told["amount"]

    # ---------------------------------------------------------------- what follows from it

    def recognised(self, now: int, heartbeat: int) -> int:
        """What a mint at `now` is judged by; nothing where the last count is stale."""
        if not self.attested_at or self.attested_at + heartbeat < now:
            return 0
        lots = [self.lots[lot_id] for lot_id in self.order]
        return sum(
            lot.net for lot in lots if not lot.encumbered and now < lot.insured_until_hour * 3_600
        )

    def running(self, *statuses: str) -> list[RedemptionSeen]:
        """Redemptions in one of these states."""
        return [each for each in self.redemptions.values() if each.status in statuses]
