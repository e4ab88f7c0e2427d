"""Redemption at par: announced, funded in full, paid in pages, proved.

What each holder is owed is read at the record date, never "now". A holder who cannot be paid is set
aside with the reason and stops nobody; a later run asks the chain whether that has changed, pays
whom it can, and sends nothing to those it still cannot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any

from scripts._amanat.command import Desk, Work
from scripts._amanat.errors import InputRefused
from scripts._amanat.network import RpcError
from scripts._amanat.onchain import NOBODY, Contract, Programme, Series
from scripts._amanat.plan import Call, Pending, Plan, Step, digest
from scripts._amanat.proof import Check

OPERATION = "redeem"
AGENT = "paying_agent"
FUNDER = "treasury"
PAGE = 50  # holders in one transaction: about 6 million gas at most


class Kind(IntEnum):
    """What a payment is for, as in `IObligor.PaymentKind`."""

    REDEMPTION = 1
    COUPON = 2
    RENTAL = 3


class Status(IntEnum):
    """Where a payment stands, as in `IPayingAgent.PaymentStatus`."""

    UNKNOWN = 0
    ANNOUNCED = 1
    FUNDED = 2
    MISSED = 3
    COMPLETED = 4


OWED = (Kind.REDEMPTION, 0)
"""Kind and number of the payment: a series is redeemed once."""


@dataclass(frozen=True)
class Redemption:
    """Which series, how many holders a page, and whose key pays the money in."""

    series: str
    page: int = PAGE
    funder: str = FUNDER

    def __post_init__(self) -> None:
        if self.page < 1:
            raise InputRefused(f"page: {self.page} holders are no page")


@dataclass(frozen=True)
class SetAside:
    """A holder who cannot be paid now: what is owed in smallest units of cash, and why not."""

    holder: str
    gross: int
    reason: str


def redeem(wish: Redemption, *, command: str) -> Work:
    """As far towards the redemption as the chain's clock and the holders' standing allow."""
    return Work(
        operation=OPERATION,
        wish=digest(wish),
        plan=lambda desk: _Act(desk, wish, command).plan(),
        verify=lambda desk: _Act(desk, wish, command).verify(),
        report=lambda desk: _Act(desk, wish, command).report(),
        left=lambda desk: _Act(desk, wish, command).left(),
    )


class _Act:
    """One look at the chain, and what follows from it."""

    def __init__(self, desk: Desk, wish: Redemption, command: str) -> None:
        self._desk, self._wish, self._command = desk, wish, command
        self._programme = Programme(desk.chain, desk.record)
        self._now = desk.chain.now()

    # ---------------------------------------------------------------- what the chain says

    @cached_property
    def _series(self) -> Series:
        return self._programme.find_series(self._wish.series)

    @cached_property
    def _agent(self) -> Contract:
        return self._programme["PayingAgent"]

    @cached_property
    def _id(self) -> bytes:
        payment: bytes = self._agent.read("paymentIdOf", self._series.address, *OWED)
        return payment

    @cached_property
    def _payment(self) -> Any:
        return self._agent.read("payment", self._id)

    @cached_property
    def _cash(self) -> Contract:
        if self._is_announced:
            return Contract(self._desk.chain, "PilotRupee", self._payment.cash)
        return self._programme.cash

    @property
    def _is_announced(self) -> bool:
        return bool(self._payment.status != Status.UNKNOWN)

    @cached_property
    def _obligation(self) -> Any:
        return self._series.token.read("obligation", *OWED)

    @property
    def _record_at(self) -> int:
        return int(self._obligation.recordAt)

    @property
    def _due(self) -> int:
        return int(self._obligation.due)

    @cached_property
    def _missing(self) -> int:
        """Smallest units of cash still to be paid in."""
        if self._is_announced:
            return int(self._agent.read("missing", self._id))
        token, decimals = self._series.token, self._cash.read("decimals")
        return int(token.read("obligationAmount", *OWED, self._series.supply, decimals))

    @cached_property
    def _owed(self) -> dict[str, int]:
        """Units of the record date that each holder was not paid yet; none before that date."""
        if self._now < self._record_at:
            return {}
        token, record_id = self._series.token, self._obligation.recordId
        holders = self._everyone()
        held = self._programme.ask([token.query("balanceOfAt", h, record_id) for h in holders])
        paid = self._programme.ask([self._agent.query("payout", self._id, h) for h in holders])
        return {
            holder: units - payout.units
            for holder, units, payout in zip(holders, held, paid, strict=True)
            if units > payout.units
        }

    def _everyone(self) -> list[str]:
        """Every account that was ever given something, in the order of its first time."""
        since = self._desk.record.contracts["Programme"].block
        events = self._series.token.events("Transfer", since)
        return list(dict.fromkeys(e.arguments["to"] for e in events if e.arguments["to"] != NOBODY))

    @cached_property
    def set_aside(self) -> tuple[SetAside, ...]:
        """Holders whom a page set aside and who could still not be paid."""
        if not self._owed:
            return ()
        holders = list(self._owed)
        payouts = self._programme.ask([self._agent.query("payout", self._id, h) for h in holders])
        marked = [h for h, payout in zip(holders, payouts, strict=True) if payout.setAside]
        found = ((holder, self._why_not(holder)) for holder in marked)
        return tuple(SetAside(h, self._gross(h), why) for h, why in found if why)

    def _why_not(self, holder: str) -> str:
        """The reason for which a claim would fail now; empty where it would pass."""
        query = self._agent.query("claim", self._id, holder)
        try:
            self._desk.chain.request("eth_call", query.request, "latest")
        except RpcError as answer:
            if not answer.is_revert:
                raise
            return self._desk.artifacts.explain_revert(answer.data)
        return ""

    def _gross(self, holder: str) -> int:
        token, decimals = self._series.token, self._cash.read("decimals")
        return int(token.read("obligationAmount", *OWED, self._owed[holder], decimals))

    # ---------------------------------------------------------------- the plan

    def plan(self) -> Plan:
        """Everything that the chain's clock allows; the rest is pending."""
        steps = (*self._announcement(), *self._funding(), *self._pages())
        notes = tuple(
            f"{each.holder} is set aside, owed {each.gross:,}: {each.reason}"
            for each in self.set_aside
        )
        return Plan(OPERATION, digest(self._wish), steps, notes, self.left())

    def _announcement(self) -> Iterator[Step]:
        if not self._is_announced:
            args = (self._series.address, *OWED, self._cash.address)
            announce = "announce(address,uint8,uint256,address)"
            yield Step(
                f"announce the redemption of {self._series.id}",
                AGENT,
                Call(self._agent.address, "PayingAgent", announce, args),
                "record date and due time stand",
            )

    def _funding(self) -> Iterator[Step]:
        """In full and at once, when the record date has fixed what is owed."""
        if not self._missing or self._now < self._record_at:
            return
        funder = self._desk.signers[self._wish.funder].address
        cash, agent, missing = self._cash, self._agent, self._missing
        if (balance := cash.read("balanceOf", funder)) < missing:
            raise InputRefused(
                f"{self._wish.funder} ({funder}) holds {balance:,} of the {missing:,} that the "
                f"redemption of {self._series.id} needs (smallest units of cash)",
                what_to_do="Bring the money to the funder and run the same command again.",
            )
        if cash.read("allowance", funder, agent.address) < missing:
            act = Call(
                cash.address, cash.artifact, "approve(address,uint256)", (agent.address, missing)
            )
            yield Step("let the paying agent take the money", self._wish.funder, act, "")
        fund = Call(agent.address, "PayingAgent", "fund(bytes32,uint256)", (self._id, missing))
        yield Step("fund in full", self._wish.funder, fund, "nothing is missing")

    def _pages(self) -> Iterator[Step]:
        if self._now < self._due:
            return
        hopeless = {each.holder for each in self.set_aside}
        payable = [holder for holder in self._owed if holder not in hopeless]
        count = -(-len(payable) // self._wish.page)
        for number in range(count):
            page = tuple(payable[number * self._wish.page : (number + 1) * self._wish.page])
            act = Call(
                self._agent.address, "PayingAgent", "pay(bytes32,address[])", (self._id, page)
            )
            title = f"pay page {number + 1} of {count}: {len(page)} holders"
            yield Step(title, AGENT, act, "paid, or set aside with the reason")

    def left(self) -> tuple[Pending, ...]:
        """What this run cannot do."""
        return tuple(self._pending())

    def _pending(self) -> Iterator[Pending]:
        if self._now < self._record_at:
            yield Pending("fund in full", self._wish.funder, self._record_at, self._command)
        if self._now < self._due:
            yield Pending("pay the holders", AGENT, self._due, self._command)
        for each in self.set_aside:
            what = f"pay {each.holder} {each.gross:,}: {each.reason}"
            yield Pending(what, "who can lift the reason", None, self._command)

    # ---------------------------------------------------------------- the proof

    def verify(self) -> Sequence[Check]:
        """Supply zero and all paid; or who is not, why, and that the money lies ready."""
        payment = self._payment
        kept = [
            Check(
                "money in = paid + reserved + residual + withdrawn",
                payment.funded,
                payment.paid + payment.reserved + payment.residual + payment.withdrawn,
            ),
        ]
        if self._now < self._due:
            return [Check("the redemption is announced", True, self._is_announced), *kept]
        outstanding = sum(self._owed.values())
        waiting = sum(each.gross for each in self.set_aside)
        return [
            *kept,
            Check("missing money", 0, self._missing),
            Check("supply = what is owed to holders set aside", outstanding, self._series.supply),
            Check("reserved = what is owed to holders set aside", waiting, payment.reserved),
            Check("holders not paid and not set aside", 0, len(self._owed) - len(self.set_aside)),
        ]

    def report(self) -> Mapping[str, Any]:
        payment = self._payment
        return {
            "series": self._series.id,
            "payment": "0x" + self._id.hex(),
            "status": Status(payment.status).name.lower(),
            "supply": self._series.supply,
            "funded": payment.funded,
            "paid": payment.paid,
            "set_aside": [
                {"holder": each.holder, "gross": each.gross, "reason": each.reason}
                for each in self.set_aside
            ],
        }
