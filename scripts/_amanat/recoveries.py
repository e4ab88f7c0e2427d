"""Recovery of a lost wallet: noticed, open to objection for a window, then completed everywhere.

From the notice on the lost wallet is dead on every series. The window is the registry's; within it
the wallet itself or the guardian may cancel. Completion is anyone's to send; it moves every series'
position (balance, frozen part, record dates) to the successor, and what did not follow then is
followed one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

from scripts._amanat.command import Desk, Work
from scripts._amanat.delayed import Prepared, prepare
from scripts._amanat.errors import InputRefused
from scripts._amanat.onchain import Programme, Series
from scripts._amanat.plan import Call, Pending, Plan, Ref, Step, digest
from scripts._amanat.proof import Check

OPERATION = "recover_wallet"
CANCELLATION = "cancel_recovery"
AGENT = "recovery_agent"
GUARDIAN = "guardian"


class Stage(IntEnum):
    """How far a recovery is, as in `IRecoveries.recoveryOf`."""

    NONE = 0
    NOTICED = 1
    COMPLETED = 2


@dataclass(frozen=True)
class Recovery:
    """The wallet that was lost, the one that stands in for it, and the decision's hash."""

    lost: str
    successor: str
    document: bytes

    def __post_init__(self) -> None:
        if self.lost == self.successor:
            raise InputRefused(f"successor: {self.successor} is the lost wallet itself")
        if len(self.document) != 32 or not any(self.document):
            raise InputRefused("document: a recovery needs the 32 bytes of its decision's hash")


@dataclass(frozen=True)
class Link:
    """What the registry knows of a lost wallet; `ready_at` in Unix seconds."""

    successor: str
    ready_at: int
    stage: Stage


def link_of(desk: Desk, lost: str) -> Link:
    """The link of a wallet; `Stage.NONE` where it is not lost."""
    registry = Programme(desk.chain, desk.record)["IdentityRegistry"]
    successor, ready_at, stage = registry.read("recoveryOf", lost)
    return Link(successor, ready_at, Stage(stage))


def recover(wish: Recovery, *, command: str, inputs: tuple[Path, ...] = ()) -> Work:
    """Notice, then completion; `command` is the one that finishes it after the window.

    `inputs`: the decision on file, whose hash the record keeps.
    """
    return Work(
        operation=OPERATION,
        wish=digest(wish),
        plan=lambda desk: _plan(desk, wish, command),
        verify=lambda desk: _verify(desk, wish),
        report=lambda desk: _report(desk, wish),
        left=lambda desk: _plan(desk, wish, command).pending,
        inputs=inputs,
    )


def cancel(lost: str, *, command: str) -> Work:
    """Withdraw a notice within its window: the wallet lives again."""

    def plan(desk: Desk) -> Plan:
        link = link_of(desk, lost)
        if link.stage is Stage.COMPLETED:
            raise InputRefused(f"{lost} was recovered to {link.successor}; that stands for good")
        prepared = Prepared()
        if link.stage is Stage.NOTICED:
            act = _on_registry("cancelRecovery(address)", lost)
            step = Step("cancel the recovery", GUARDIAN, act, "the wallet lives again")
            prepared = prepare(desk, step, command=command)
        return Plan(CANCELLATION, digest(lost), prepared.steps, pending=prepared.pending)

    def verify(desk: Desk) -> Sequence[Check]:
        return [Check("no recovery of the wallet stands", Stage.NONE, link_of(desk, lost).stage)]

    return Work(CANCELLATION, digest(lost), plan, verify, left=lambda desk: plan(desk).pending)


def _plan(desk: Desk, wish: Recovery, command: str) -> Plan:
    link = link_of(desk, wish.lost)
    if link.stage is not Stage.NONE and link.successor != wish.successor:
        raise InputRefused(
            f"successor: the recovery of {wish.lost} names {link.successor} already",
            what_to_do="Cancel that one first if it is wrong and its window still runs.",
        )
    prepared = {
        Stage.NONE: _notice,
        Stage.NOTICED: _complete,
        Stage.COMPLETED: _follow,
    }[link.stage](desk, wish, link, command)
    return Plan(OPERATION, digest(wish), prepared.steps, pending=prepared.pending)


def _notice(desk: Desk, wish: Recovery, link: Link, command: str) -> Prepared:
    act = _on_registry(
        "noticeRecovery(address,address,bytes32)", wish.lost, wish.successor, wish.document
    )
    step = Step("notice the recovery", AGENT, act, "the lost wallet is dead everywhere")
    prepared = prepare(desk, step, command=command)
    if prepared.pending:
        return prepared
    registry = Programme(desk.chain, desk.record)["IdentityRegistry"]
    ready = desk.chain.now() + int(registry.read("policy").recoveryWindow)
    return prepared + Prepared(pending=(_completion(ready, command),))


def _complete(desk: Desk, wish: Recovery, link: Link, command: str) -> Prepared:
    if desk.chain.now() < link.ready_at:
        return Prepared(pending=(_completion(link.ready_at, command),))
    tokens = tuple(series.address for series in _series(desk))
    act = _on_registry("completeRecovery(address,address[])", wish.lost, tokens)
    expects = f"the successor holds what was lost, on {len(tokens)} series"
    return Prepared((Step("complete the recovery", AGENT, act, expects),))


def _follow(desk: Desk, wish: Recovery, link: Link, command: str) -> Prepared:
    """Series that did not follow at completion, or were given something since."""
    steps = []
    for series in _series(desk):
        if _is_left(series, wish.lost):
            token = series.token
            act = Call(token.address, token.artifact, "follow(address)", (wish.lost,))
            steps.append(Step(f"follow on {series.id}", AGENT, act, "nothing is left behind"))
    return Prepared(tuple(steps))


def _completion(ready: int, command: str) -> Pending:
    return Pending("complete the recovery", "anyone", ready, command)


def _verify(desk: Desk, wish: Recovery) -> Sequence[Check]:
    link = link_of(desk, wish.lost)
    if link.stage is not Stage.COMPLETED:
        # Either the agent waits for its delay, or the window runs.
        noticed = link.stage is Stage.NOTICED
        return [Check("the notice names the successor", wish.successor, link.successor)] * noticed
    left = [series.id for series in _series(desk) if _is_left(series, wish.lost)]
    programme = Programme(desk.chain, desk.record)
    records = programme.records((wish.lost, wish.successor))
    return [
        Check("the successor stands in", wish.successor, link.successor),
        Check(
            "both wallets are of one investor",
            records[wish.lost].investor,
            records[wish.successor].investor,
        ),
        Check("series on which something was left behind", [], left),
    ]


def _report(desk: Desk, wish: Recovery) -> Mapping[str, Any]:
    link = link_of(desk, wish.lost)
    return {"stage": link.stage.name.lower(), "ready_at": link.ready_at}


def _is_left(series: Series, wallet: str) -> bool:
    token = series.token
    return any((token.read("balanceOf", wallet), token.read("getFrozenTokens", wallet)))


def _series(desk: Desk) -> list[Series]:
    return Programme(desk.chain, desk.record).series()


def _on_registry(signature: str, *args: object) -> Call:
    return Call(Ref("IdentityRegistry"), "IdentityRegistry", signature, args)
