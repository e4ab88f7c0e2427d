"""A holder's transfer, asked for in words before it is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scripts._amanat.command import Desk, Work
from scripts._amanat.errors import InputRefused
from scripts._amanat.onchain import Programme, Series
from scripts._amanat.plan import Call, Plan, Ref, Step, digest
from scripts._amanat.proof import Check
from scripts._amanat.restrictions import TransferRefused, restriction_of

if TYPE_CHECKING:
    from scripts._amanat.journal import Settled

OPERATION = "transfer"
RULES = "VenueRules"
TRAVEL_RULE = 50


@dataclass(frozen=True)
class Transfer:
    """What a holder wants moved. `reference` tells apart transfers that are otherwise equal."""

    series: str
    sender: str
    recipient: str
    amount: int  # smallest units
    reference: str = ""
    travel: bytes = b""
    """Between venues: hash of the particulars that were sent to the recipient beforehand."""

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise InputRefused(f"amount: {self.amount} is nothing to transfer")
        if self.sender == self.recipient:
            raise InputRefused(f"{self.sender} would transfer to itself")


def transfer(wish: Transfer) -> Work:
    """One transfer, once: the same wish again plans nothing."""
    before: dict[str, int] = {}

    def plan(desk: Desk) -> Plan:
        act = _Act(desk, wish)
        before.clear()
        before.update(act.balances())
        return act.plan()

    return Work(
        operation=OPERATION,
        wish=digest(wish),
        plan=plan,
        verify=lambda desk: _Act(desk, wish).verify(before),
        report=lambda desk: _Act(desk, wish).report(),
    )


class _Act:
    """One look at the chain, and what follows from it."""

    def __init__(self, desk: Desk, wish: Transfer) -> None:
        self._desk, self._wish = desk, wish
        self._programme = Programme(desk.chain, desk.record)

    @cached_property
    def _series(self) -> Series:
        return self._programme.find_series(self._wish.series)

    @property
    def _digest(self) -> str:
        """The series by its address: another word for it makes no other wish."""
        return digest(replace(self._wish, series=self._series.address))

    def balances(self) -> dict[str, int]:
        """Of both wallets, in smallest units."""
        wallets = (self._wish.sender, self._wish.recipient)
        return self._programme.balances(self._series.token, wallets)

    def plan(self) -> Plan:
        """Raises TransferRefused, with code, sentence and error, where the token would refuse."""
        wish, token = self._wish, self._series.token
        if settled := self._sent():
            note = f"done already, in {settled.hash}; for another, equal one give a --reference"
            return Plan(OPERATION, self._digest, notes=(note,))
        restriction = restriction_of(token, wish.sender, wish.recipient, wish.amount)
        noting = (self._noting(),) if wish.travel and restriction.code == TRAVEL_RULE else ()
        if not restriction.allows and not noting:
            raise TransferRefused(restriction)
        args = (wish.recipient, wish.amount)
        step = Step(
            title=f"transfer {wish.amount:,} {self._series.symbol}",
            role=wish.sender,
            act=Call(token.address, token.artifact, "transfer(address,uint256)", args),
            expects=f"the recipient holds {wish.amount:,} more",
            key=wish.reference,
        )
        return Plan(OPERATION, self._digest, (*noting, step))

    def _noting(self) -> Step:
        """The reference that the travel rule asks for; it serves this transfer, within a day."""
        wish = self._wish
        args = (self._series.address, wish.recipient, wish.amount, wish.travel)
        act = Call(Ref(RULES), RULES, "noteTravel(address,address,uint256,bytes32)", args)
        title = f"note what was sent to the other venue: 0x{wish.travel.hex()[:12]}…"
        return Step(title, wish.sender, act, "once, within a day", key=wish.reference)

    def verify(self, before: Mapping[str, int]) -> Sequence[Check]:
        """Both balances, where this run sent it."""
        wish, after, sent = self._wish, self.balances(), self._sent()
        sender, recipient = before[wish.sender], before[wish.recipient]
        checks = [Check("the transfer stands on the chain", True, sent is not None)]
        if after != before:
            checks += [
                Check("balance of the sender", sender - wish.amount, after[wish.sender]),
                Check("balance of the recipient", recipient + wish.amount, after[wish.recipient]),
            ]
        return checks

    def report(self) -> Mapping[str, Any]:
        """The series and the transaction."""
        sent = self._sent()
        return {"series": self._series.id, "transaction": sent.hash if sent else None}

    def _sent(self) -> Settled | None:
        """The chain cannot tell a transfer from its repetition; the journal can (pitfall 33)."""
        journal = self._desk.journal
        return next(iter(journal.done(OPERATION, self._digest).values()), None)
