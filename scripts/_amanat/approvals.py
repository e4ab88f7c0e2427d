"""A series step by step, each by its own desk: proposed, approved, opened, or cancelled.

`ape run issue` does the same by the same calls where one desk has the keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scripts._amanat.command import Desk, Work
from scripts._amanat.errors import InputRefused
from scripts._amanat.issuance import PROPOSER, approving, opening
from scripts._amanat.onchain import Programme, Series, Status
from scripts._amanat.plan import Call, Plan, Ref, Step, digest
from scripts._amanat.proof import Check
from scripts._amanat.standing import described

APPROVING, CANCELLING = "approve", "cancel"


@dataclass(frozen=True)
class Approval:
    """A series, the hash of the decision, and whether it is opened in the same run."""

    series: str
    document: bytes
    opens: bool = False


def approve(wish: Approval) -> Work:
    """Approve a proposed series, and open it where that is wished; done is done."""

    def plan(desk: Desk) -> Plan:
        series, book = _look(desk, wish.series)
        _refuse_other_decision(series, book, wish.document)
        steps: list[Step] = []
        if series.status is Status.PROPOSED:
            steps.append(approving(series.id, series.address, wish.document))
        if wish.opens and series.status in (Status.PROPOSED, Status.APPROVED):
            steps.append(opening(series.id, series.address))
        return Plan(APPROVING, digest(wish), tuple(steps))

    def verify(desk: Desk) -> Sequence[Check]:
        series, book = _look(desk, wish.series)
        wanted = Status.OPEN if wish.opens else Status.APPROVED
        reached = max(series.status, wanted)  # it may have gone on since
        return [
            Check("approval", wish.document, book.approval),
            Check("status", reached.label, series.status.label),
        ]

    return Work(APPROVING, digest(wish), plan, verify, _report(wish.series))


def cancel(word: str) -> Work:
    """End a series that never came to anything; a second run plans nothing."""

    def plan(desk: Desk) -> Plan:
        series, _ = _look(desk, word)
        if series.status is Status.CANCELLED:
            return Plan(CANCELLING, digest(word))
        if series.status > Status.OPEN or series.supply:
            raise InputRefused(
                f"{series.id} is {series.status.label}, and {series.supply:,} of it are out",
                what_to_do="What was issued is redeemed or bought back, not cancelled.",
            )
        act = Call(Ref("Programme"), "Programme", "cancelSeries(address)", (series.address,))
        expects = "nothing of it can be issued, and nothing is committed for it"
        return Plan(
            CANCELLING, digest(word), (Step(f"cancel {series.id}", PROPOSER, act, expects),)
        )

    def verify(desk: Desk) -> Sequence[Check]:
        series, book = _look(desk, word)
        return [
            Check("status", Status.CANCELLED.label, series.status.label),
            Check("authorised", 0, book.authorised),
        ]

    return Work(CANCELLING, digest(word), plan, verify, _report(word))


def _look(desk: Desk, word: str) -> tuple[Series, Any]:
    """A series, and its book."""
    programme = Programme(desk.chain, desk.record)
    series = programme.find_series(word)
    return series, programme.book(series.address)


def _refuse_other_decision(series: Series, book: Any, document: bytes) -> None:
    if series.status is Status.CANCELLED:
        raise InputRefused(f"{series.id} is cancelled")
    if any(book.approval) and book.approval != document:
        raise InputRefused(
            f"{series.id} was approved on another decision: 0x{book.approval.hex()}",
            what_to_do="An approval stands; name the document that it was given on.",
        )


def _report(word: str) -> Any:
    return lambda desk: {"series": described(_look(desk, word)[0])}
