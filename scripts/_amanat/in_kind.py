"""Redemption in kind, a stage a run: asked for, a lot chosen, accepted and paid, delivered, burnt.

Each stage is one party's, found by its key; run again, it plans nothing. What is late is undone by
anyone, whole: tokens, lot, fee and shortfall go back where they were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum, StrEnum
from functools import cached_property
from typing import Any

from scripts._amanat.artifacts import decode_error
from scripts._amanat.command import Desk, Work
from scripts._amanat.console import instant
from scripts._amanat.errors import InputRefused
from scripts._amanat.in_kind_files import InKindRequest
from scripts._amanat.network import RpcError
from scripts._amanat.onchain import Contract
from scripts._amanat.plan import Call, Pending, Plan, Step, digest
from scripts._amanat.pricing import Paisa, rupees
from scripts._amanat.proof import Check
from scripts._amanat.reserves import (
    AUDITOR,
    CUSTODIAN,
    DELIVERIES,
    FISCAL_AGENT,
    Reserve,
    lot_id_of,
    lot_name,
    signs,
)

TREASURY = "treasury"


class Status(IntEnum):
    """Where a redemption stands, as `RedemptionStatus` of `IRedemptionDesk.sol`."""

    UNKNOWN = 0
    REQUESTED = 1
    ASSIGNED = 2
    ACCEPTED = 3
    SETTLED = 4
    CANCELLED = 5
    TIMED_OUT = 6

    @property
    def label(self) -> str:
        return self.name.lower().replace("_", " ")


class Stage(StrEnum):
    """What is to be done, and so by whom."""

    REQUEST = "request"
    ASSIGN = "assign"
    ACCEPT = "accept"
    DELIVER = "deliver"
    ACKNOWLEDGE = "acknowledge"
    CERTIFY = "certify"
    CANCEL = "cancel"
    TIME_OUT = "time_out"


FROM: Mapping[Stage, tuple[Status, ...]] = {
    Stage.REQUEST: (Status.UNKNOWN,),
    Stage.ASSIGN: (Status.REQUESTED,),
    Stage.ACCEPT: (Status.ASSIGNED,),
    Stage.DELIVER: (Status.ACCEPTED,),
    Stage.ACKNOWLEDGE: (Status.ACCEPTED,),
    Stage.CERTIFY: (Status.ACCEPTED,),
    Stage.CANCEL: (Status.REQUESTED, Status.ASSIGNED),
    Stage.TIME_OUT: (Status.REQUESTED, Status.ASSIGNED, Status.ACCEPTED),
}
"""In which states a stage can be taken."""
DONE: Mapping[Stage, tuple[Status, ...]] = {
    Stage.REQUEST: (Status.REQUESTED, Status.ASSIGNED, Status.ACCEPTED, Status.SETTLED),
    Stage.ASSIGN: (Status.ASSIGNED, Status.ACCEPTED, Status.SETTLED),
    Stage.ACCEPT: (Status.ACCEPTED, Status.SETTLED),
    Stage.DELIVER: (Status.SETTLED,),
    Stage.ACKNOWLEDGE: (Status.SETTLED,),
    Stage.CERTIFY: (Status.SETTLED,),
    Stage.CANCEL: (Status.CANCELLED,),
    Stage.TIME_OUT: (Status.TIMED_OUT,),
}
"""In which states it has been taken already."""


@dataclass(frozen=True)
class Chosen:
    """What the custodian delivers."""

    lot: str
    weight: Decimal
    bars: bytes
    """Hash of the list of what is delivered."""


@dataclass(frozen=True)
class InKind:
    """A redemption, the stage to be taken, and what that needs."""

    request: InKindRequest
    stage: Stage = Stage.REQUEST
    chosen: Chosen | None = None
    evidence: bytes = b""
    """Hash of the receipt, or of the auditor's certificate."""


def redeem_in_kind(wish: InKind, *, command: str) -> Work:
    """Take one stage, once; `command` is the operator's own, which finishes what must wait."""
    operation = f"redeem_in_kind_{wish.stage.value}"
    named = (wish.request.content.model_dump(mode="json"), wish.stage.value)
    return Work(
        operation=operation,
        wish=digest((named, wish.chosen, wish.evidence)),
        plan=lambda desk: _Act(desk, wish, operation, command).plan(),
        verify=lambda desk: _Act(desk, wish, operation, command).verify(),
        report=lambda desk: _Act(desk, wish, operation, command).report(),
        left=lambda desk: _Act(desk, wish, operation, command).plan().pending,
        inputs=(wish.request.path,),
    )


class _Act:
    """One look at the chain, and what follows from it."""

    def __init__(self, desk: Desk, wish: InKind, operation: str, command: str) -> None:
        self._desk, self._wish = desk, wish
        self._operation, self._command = operation, command
        self._reserve = Reserve(desk, wish.request.content.series)

    # ---------------------------------------------------------------- what stands

    @property
    def _deliveries(self) -> Contract:
        return self._reserve.programme[DELIVERIES]

    @property
    def _cash(self) -> Contract:
        return self._reserve.programme.cash

    @property
    def _holder(self) -> str:
        return self._wish.request.content.holder

    @cached_property
    def _units(self) -> int:
        return self._reserve.units(self._wish.request.content.units, "units")

    @property
    def _asked(self) -> tuple[Any, ...]:
        """What names the redemption, but for its holder."""
        instructions = self._wish.request.instructions
        return self._reserve.series.address, self._units, self._cash.address, instructions

    @cached_property
    def _id(self) -> bytes:
        found: bytes = self._deliveries.read("redemptionId", self._holder, *self._asked)
        return found

    @cached_property
    def _standing(self) -> Any:
        return self._deliveries.read("redemption", self._id)

    @property
    def _status(self) -> Status:
        return Status(self._standing.status)

    # ---------------------------------------------------------------- the plan

    def plan(self) -> Plan:
        """The step of the stage, where it is not taken; refused where it cannot be."""
        steps: tuple[Step, ...] = ()
        pending: tuple[Pending, ...] = ()
        if not self._is_taken:
            self._refuse_another_state()
            steps, pending = self._stages[self._wish.stage]()
        wish = digest((self._id, self._wish.stage.value))
        return Plan(self._operation, wish, steps, tuple(self._notes()), pending)

    @property
    def _is_taken(self) -> bool:
        confirmed = {
            Stage.DELIVER: self._standing.handedOver,
            Stage.ACKNOWLEDGE: self._standing.received,
            Stage.CERTIFY: self._standing.received,
        }
        stage = self._wish.stage
        if stage is Stage.ASSIGN and self._status in DONE[stage]:
            self._refuse_another_choice()
        in_time = self._status is not Status.ACCEPTED or confirmed.get(stage, False)
        return self._status in DONE[stage] or bool(in_time and confirmed.get(stage, False))

    def _refuse_another_choice(self) -> None:
        wanted, found = self._choice, self._standing
        if (lot_id_of(wanted.lot), self._weight) != (found.lotId, found.weight):
            raise InputRefused(
                f"{self._reserve.shown(found.weight)} of {lot_name(found.lotId)} are chosen already"
            )

    def _refuse_another_state(self) -> None:
        stage = self._wish.stage
        if self._status not in FROM[stage]:
            raise InputRefused(
                f"the redemption is {self._status.label}: it is too early, or too late, to "
                f"{stage.value.replace('_', ' ')}",
                what_to_do=self._what_comes_next,
            )
        late = self._status is not Status.UNKNOWN and self._now >= self._standing.deadline
        if late and stage not in (Stage.CANCEL, Stage.TIME_OUT):
            raise InputRefused(
                f"its time ran out {instant(self._standing.deadline)}",
                what_to_do=f"Run `ape run redeem_in_kind {self._wish.request.path} --time-out`.",
            )

    @property
    def _what_comes_next(self) -> str:
        follows = {
            Status.UNKNOWN: "The holder asks for it first, without an option.",
            Status.REQUESTED: "The custodian chooses a lot with --assign.",
            Status.ASSIGNED: "The holder accepts it with --accept.",
            Status.ACCEPTED: "The custodian confirms with --deliver, the holder --acknowledges.",
        }
        ended = "It has ended: another one takes instructions of its own."
        return follows.get(self._status, ended)

    @property
    def _stages(self) -> Mapping[Stage, Callable[[], tuple[tuple[Step, ...], tuple[Pending, ...]]]]:
        return {
            Stage.REQUEST: self._requesting,
            Stage.ASSIGN: self._assigning,
            Stage.ACCEPT: self._accepting,
            Stage.DELIVER: lambda: self._confirming(CUSTODIAN, "confirmDelivery"),
            Stage.ACKNOWLEDGE: self._acknowledging,
            Stage.CERTIFY: lambda: self._confirming(AUDITOR, "certifyDelivery"),
            Stage.CANCEL: self._cancelling,
            Stage.TIME_OUT: self._timing_out,
        }

    def _requesting(self) -> tuple[tuple[Step, ...], tuple[Pending, ...]]:
        least = self._reserve.terms.minimumRedemption
        if self._units < least:
            raise InputRefused(f"units: the terms redeem {self._reserve.shown(least)} or more")
        owed, _ = self._deliveries.read("storageOwed", self._reserve.series.address, self._holder)
        if owed:
            raise InputRefused(
                f"{self._holder} owes {rupees(Paisa(owed))} for storage",
                what_to_do=f"Run `ape run pay_storage {self._reserve.series.id} {self._holder}`.",
            )
        token, shown = self._reserve.token, self._reserve.shown(self._units)
        lock = Step(
            f"lock {shown}",
            self._holder,
            Call(
                token.address,
                token.artifact,
                "pledge(address,uint256,bytes32,uint32)",
                (self._deliveries.address, self._units, self._id, 0),
            ),
            "they stay in the wallet, and can go nowhere else",
        )
        signature = "request(address,uint112,address,bytes32)"
        asking = self._step(
            f"ask for {shown} in kind", self._holder, signature, self._asked, "a lot is chosen"
        )
        return ((asking,) if self._is_pledged else (lock, asking)), ()

    @property
    def _is_pledged(self) -> bool:
        token = self._reserve.token
        pledge = token.read("pledgeId", self._holder, self._deliveries.address, self._id)
        try:
            return bool(token.read("pledgeOf", pledge).amount)
        except RpcError as answer:
            if decode_error(answer.data).name != "PledgeUnknown":
                raise
            return False

    @property
    def _choice(self) -> Chosen:
        assert self._wish.chosen is not None
        return self._wish.chosen

    @cached_property
    def _weight(self) -> int:
        return self._reserve.units(self._choice.weight, "weight")

    def _assigning(self) -> tuple[tuple[Step, ...], tuple[Pending, ...]]:
        self._refuse_unfit_weight()
        title = f"choose {self._reserve.shown(self._weight)} of {self._choice.lot}"
        if not self._reserve.signs_for(CUSTODIAN):
            return (), (self._pending(title, self._reserve.keepers.custodian),)
        steps, pending = self._shortfall()
        args = (self._id, lot_id_of(self._choice.lot), self._weight, self._choice.bars)
        signature = "assign(bytes32,bytes32,uint112,bytes32)"
        choosing = self._step(title, CUSTODIAN, signature, args, "the holder can accept it")
        return ((*steps, choosing) if not pending else ()), pending

    def _refuse_unfit_weight(self) -> None:
        least = self._units - self._reserve.terms.tolerance
        if not least <= self._weight <= self._units:
            shown = self._reserve.shown
            raise InputRefused(
                f"weight: {shown(self._weight)} are chosen for {shown(self._units)}; "
                f"right: {shown(least)} to {shown(self._units)}"
            )
        lot = self._reserve.lot(lot_id_of(self._choice.lot))
        free = 0 if lot.encumbered else lot.net - lot.assigned
        if self._weight > free:
            raise InputRefused(f"lot: {self._reserve.shown(free)} of {self._choice.lot} are free")

    def _shortfall(self) -> tuple[tuple[Step, ...], tuple[Pending, ...]]:
        """What the treasury must allow, since it pays for what is not delivered."""
        missing = self._units - self._weight
        if not missing:
            return (), ()
        cash, desk = self._cash, self._deliveries.address
        published = self._deliveries.read("priceOf", self._reserve.series.address)
        if self._now > published.publishedAt + self._reserve.terms.heartbeat:
            raise InputRefused(
                "no price was published lately, at which the shortfall is settled",
                what_to_do=f"Run `ape run publish_price {self._reserve.series.id}`.",
            )
        decimals = cash.read("decimals")
        owed = self._reserve.token.read("costOf", missing, published.price, decimals)
        treasury = self._deliveries.read("treasury")
        allowed = cash.read("allowance", treasury, desk)
        if allowed >= owed:
            return (), ()
        title = f"allow the desk {owed - allowed:,} more for the shortfall"
        if not signs(self._desk, TREASURY, treasury):
            return (), (self._pending(title, treasury),)
        call = cash.approval(desk, owed)
        return (Step(title, TREASURY, call, "it is set aside when the lot is chosen"),), ()

    def _accepting(self) -> tuple[tuple[Step, ...], tuple[Pending, ...]]:
        fee, cash, desk = self._standing.fee, self._cash, self._deliveries.address
        steps = []
        if (held := cash.read("balanceOf", self._holder)) < fee:
            raise InputRefused(f"{self._holder} has {held:,} of the fee of {fee:,}")
        if cash.read("allowance", self._holder, desk) < fee:
            call = cash.approval(desk, fee)
            steps.append(Step(f"allow the fee of {fee:,}", self._holder, call, "it can be paid"))
        title = f"accept {self._reserve.shown(self._standing.weight)} and pay the fee"
        accept = self._step(
            title, self._holder, "accept(bytes32)", (self._id,), "the goods are delivered"
        )
        return (*steps, accept), ()

    def _confirming(self, role: str, function: str) -> tuple[tuple[Step, ...], tuple[Pending, ...]]:
        verb = "confirm" if role == CUSTODIAN else "certify"
        title = f"{verb} the delivery of {self._reserve.shown(self._standing.weight)}"
        if not self._reserve.signs_for(role):
            return (), (self._pending(title, self._reserve.keepers.of(role)),)
        args = (self._id, self._wish.evidence)
        return (self._step(title, role, f"{function}(bytes32,bytes32)", args, _BURNT),), ()

    def _acknowledging(self) -> tuple[tuple[Step, ...], tuple[Pending, ...]]:
        title = f"acknowledge {self._reserve.shown(self._standing.weight)}"
        return (self._step(title, self._holder, "acknowledge(bytes32)", (self._id,), _BURNT),), ()

    def _cancelling(self) -> tuple[tuple[Step, ...], tuple[Pending, ...]]:
        title = f"take back the request of {self._reserve.shown(self._units)}"
        return (self._step(title, self._holder, "cancel(bytes32)", (self._id,), _FREE),), ()

    def _timing_out(self) -> tuple[tuple[Step, ...], tuple[Pending, ...]]:
        title, deadline = (
            f"undo the redemption of {self._reserve.shown(self._units)}",
            (self._standing.deadline),
        )
        if self._now < deadline:
            return (), (Pending(title, "anyone", deadline, self._command),)
        return (self._step(title, FISCAL_AGENT, "timeOut(bytes32)", (self._id,), _FREE),), ()

    def _step(
        self, title: str, role: str, signature: str, args: tuple[Any, ...], expects: str
    ) -> Step:
        call = Call(self._deliveries.address, DELIVERIES, signature, args)
        return Step(title, role, call, expects)

    def _pending(self, title: str, who: str) -> Pending:
        return Pending(title, who, None, self._command)

    @cached_property
    def _now(self) -> int:
        return self._desk.chain.now()

    def _notes(self) -> Iterator[str]:
        made, shown = self._standing, self._reserve.shown
        yield f"{shown(self._units)} of {self._holder}: {self._status.label}"
        if self._status in (Status.REQUESTED, Status.ASSIGNED, Status.ACCEPTED):
            yield f"the next stage is taken before {instant(made.deadline)}"
        if made.weight:
            paid = f"fee {self._money(made.fee)}, shortfall {self._money(made.shortfall)}"
            yield f"{shown(made.weight)} of {lot_name(made.lotId)}; {paid}"

    def _money(self, cash: int) -> str:
        return rupees(Paisa(cash // 10 ** (self._cash.read("decimals") - 2)))

    # ---------------------------------------------------------------- the proof

    def verify(self) -> Sequence[Check]:
        """Where it stands, and that nothing stays locked or chosen once it has ended."""
        if not self._is_taken:
            return []  # another has to act; or the step failed and has said so
        reached = (*DONE[self._wish.stage], Status.ACCEPTED)
        checks = [Check("stands as it was brought", True, self._status in reached)]
        if self._status is Status.SETTLED:
            checks += self._prove_settled()
        if self._status in (Status.CANCELLED, Status.TIMED_OUT):
            checks.append(Check("its units are locked", False, self._is_pledged))
        return checks

    def _prove_settled(self) -> Iterator[Check]:
        programme = self._reserve.programme
        burnt = [
            event.arguments["units"]
            for event in programme.events(DELIVERIES, "RedemptionSettled")
            if event.arguments["id"] == self._id
        ]
        yield Check("units that were burnt", [self._units], burnt)
        yield Check("its units are locked", False, self._is_pledged)

    def report(self) -> Mapping[str, Any]:
        """The redemption as it stands."""
        made = self._standing
        return {
            "redemption": "0x" + self._id.hex(),
            "status": self._status.label,
            "series": self._reserve.series.id,
            "units": self._units,
            "lot": lot_name(made.lotId),
            "weight": made.weight,
            "fee": made.fee,
            "shortfall": made.shortfall,
            "deadline": made.deadline,
        }


_BURNT = "once both have confirmed it, the tokens are burnt"
_FREE = "tokens and lot are free; what was paid goes back"
