"""A holder's pledge, its release, and its enforcement by the pledgee.

A pledge is named by holder, pledgee and agreement, and is made once. What a release or an
enforcement leaves is named, and not what it takes, so that running it again takes nothing more.
A pledge with a notice is enforced in two runs of one command: the first gives notice and ends as
pending, the same command enforces it when the notice has run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from scripts._amanat.artifacts import decode_error
from scripts._amanat.command import Desk, Work
from scripts._amanat.console import instant
from scripts._amanat.errors import InputRefused
from scripts._amanat.network import RpcError
from scripts._amanat.onchain import NOBODY, Contract, Programme, Series
from scripts._amanat.plan import Call, Pending, Plan, Step, digest
from scripts._amanat.proof import Check

NOTICE_LASTS = 30 * 86_400
"""Seconds for which a notice that has run can be used, as in `PledgeDesk.sol`."""

_PLEDGE = "pledge(address,uint256,bytes32,uint32)"
_ENFORCE = "enforcePledge(bytes32,address,uint256)"


class Deed(StrEnum):
    """What is to become of a pledge."""

    MAKE = "pledge"
    RELEASE = "release"
    ENFORCE = "enforce"


@dataclass(frozen=True)
class PledgeWish:
    """A pledge by what names it, and what is to become of it.

    `amount` is what is pledged; or what a release or an enforcement leaves pledged.
    """

    series: str
    holder: str
    pledgee: str
    document: bytes
    amount: int  # smallest units
    deed: Deed = Deed.MAKE
    notice: int = 0  # seconds
    receiver: str = NOBODY
    """Who is given what is enforced; nobody in particular is the pledgee itself."""

    def __post_init__(self) -> None:
        faults = []
        if self.deed is Deed.MAKE and self.amount <= 0:
            faults.append(f"amount: {self.amount} is nothing to pledge")
        if self.holder == self.pledgee:
            faults.append(f"{self.holder} would pledge to itself")
        if faults:
            raise InputRefused("the pledge is not sound", faults)


def pledge(wish: PledgeWish, *, command: str) -> Work:
    """Make, release or enforce; `command` is the operator's own, which finishes it later."""
    return Work(
        operation=wish.deed.value,
        wish=digest(wish),
        plan=lambda desk: _Act(desk, wish, command).plan(),
        verify=lambda desk: _Act(desk, wish, command).verify(),
        report=lambda desk: _Act(desk, wish, command).report(),
        left=lambda desk: _Act(desk, wish, command).plan().pending,
    )


class _Act:
    """One look at the chain, and what follows from it."""

    def __init__(self, desk: Desk, wish: PledgeWish, command: str) -> None:
        self._desk, self._wish, self._command = desk, wish, command
        self._programme = Programme(desk.chain, desk.record)

    # ---------------------------------------------------------------- what stands

    @cached_property
    def _series(self) -> Series:
        return self._programme.find_series(self._wish.series)

    @property
    def _token(self) -> Contract:
        return self._series.token

    @cached_property
    def _id(self) -> bytes:
        wish = self._wish
        found: bytes = self._token.read("pledgeId", wish.holder, wish.pledgee, wish.document)
        return found

    @cached_property
    def _standing(self) -> Any:
        """The pledge as it stands, as `Pledge`; None where it was never made."""
        try:
            return self._token.read("pledgeOf", self._id)
        except RpcError as answer:
            if decode_error(answer.data).name != "PledgeUnknown":
                raise
            return None

    @cached_property
    def _made(self) -> Mapping[str, Any] | None:
        """How it was made, as its event tells it."""
        since = self._desk.record.contracts["Programme"].block
        for event in self._token.events("Pledged", since):
            if event.arguments["pledgeId"] == self._id:
                return event.arguments
        return None

    # ---------------------------------------------------------------- the plan

    def plan(self) -> Plan:
        """What is missing; what must wait for the notice is pending."""
        steps: tuple[Step, ...] = ()
        pending: tuple[Pending, ...] = ()
        if self._wish.deed is Deed.MAKE:
            steps = self._making()
        elif self._surplus():
            steps, pending = (
                self._enforcing() if self._wish.deed is Deed.ENFORCE else (self._releasing(), ())
            )
        return Plan(self._wish.deed.value, digest(self._wish), steps, self._notes(), pending)

    def _making(self) -> tuple[Step, ...]:
        wish = self._wish
        if self._made:
            found = (self._made["amount"], self._made["notice"])
            if found != (wish.amount, wish.notice):
                raise InputRefused(
                    f"under this agreement {found[0]:,} are pledged already, with a notice of "
                    f"{found[1]:,} seconds",
                    what_to_do="A sum added later takes an agreement of its own.",
                )
            return ()
        args = (wish.pledgee, wish.amount, wish.document, wish.notice)
        title = f"pledge {wish.amount:,} {self._series.symbol}"
        expects = "they stay where they are, and cannot move without the pledgee"
        return (self._step(title, wish.holder, _PLEDGE, args, expects),)

    def _surplus(self) -> int:
        """What is pledged above what the wish leaves; InputRefused where less is."""
        if self._standing is None:
            raise InputRefused(
                f"{self._wish.holder} has made no such pledge to {self._wish.pledgee}",
                what_to_do="Compare the wallets and the document with those it was made with.",
            )
        pledged = int(self._standing.amount)
        if pledged < self._wish.amount:
            raise InputRefused(f"only {pledged:,} are pledged, fewer than {self._wish.amount:,}")
        return pledged - self._wish.amount

    def _releasing(self) -> tuple[Step, ...]:
        surplus = self._surplus()
        title = f"release {surplus:,} {self._series.symbol}"
        signature = "releasePledge(bytes32,uint256)"
        args, expects = (self._id, surplus), f"{self._wish.amount:,} stay pledged"
        return (self._step(title, self._standing.pledgee, signature, args, expects),)

    def _enforcing(self) -> tuple[tuple[Step, ...], tuple[Pending, ...]]:
        standing, surplus = self._standing, self._surplus()
        receiver = standing.pledgee if self._wish.receiver == NOBODY else self._wish.receiver
        title = f"take {surplus:,} {self._series.symbol} to {receiver}"
        take = self._step(
            title,
            standing.pledgee,
            _ENFORCE,
            (self._id, receiver, surplus),
            f"{self._wish.amount:,} stay pledged",
        )
        now, from_when = self._desk.chain.now(), int(standing.enforceableFrom)
        if not standing.notice or (from_when and from_when <= now <= from_when + NOTICE_LASTS):
            return (take,), ()
        if from_when > now:
            return (), (Pending(title, standing.pledgee, from_when, self._command),)
        when = now + int(standing.notice)
        expects = f"it can be taken from {instant(when)} on, for thirty days"
        args = (self._id,)
        notice = self._step("give notice", standing.pledgee, "giveNotice(bytes32)", args, expects)
        return (notice,), (Pending(title, standing.pledgee, when, self._command),)

    def _step(
        self, title: str, wallet: str, signature: str, args: tuple[Any, ...], expects: str
    ) -> Step:
        act = Call(self._token.address, self._token.artifact, signature, args)
        # A notice that lapsed is given again, by an act that looks the same.
        key = f"from {self._standing.enforceableFrom}" if self._standing is not None else ""
        return Step(title, wallet, act, expects, key=key)

    def _notes(self) -> tuple[str, ...]:
        standing = self._standing
        if standing is None:
            return ()
        return (f"{standing.amount:,} of {standing.holder} are pledged to {standing.pledgee}",)

    # ---------------------------------------------------------------- the proof

    def verify(self) -> Sequence[Check]:
        """What is pledged, read back, but for what waits for its notice."""
        if self.plan().pending:
            return []
        wish, made = self._wish, self._made or {}
        if wish.deed is Deed.MAKE:
            return [
                Check("pledged", wish.amount, made.get("amount")),
                Check("to whom", wish.pledgee, made.get("pledgee")),
                Check("agreement", wish.document, made.get("document")),
            ]
        return [Check("what stays pledged", wish.amount, int(self._standing.amount))]

    def report(self) -> Mapping[str, Any]:
        """The pledge, and the sum of all that its holder has pledged."""
        standing = self._standing
        return {
            "series": self._series.id,
            "pledge": "0x" + self._id.hex(),
            "left": int(standing.amount) if standing is not None else 0,
            "pledged_in_all": int(self._token.read("pledgedOf", self._wish.holder)),
        }
