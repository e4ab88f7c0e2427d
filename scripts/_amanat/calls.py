"""The issuer's call: a series that ends early, where its terms allow it and with their notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from scripts._amanat.command import Desk, Work
from scripts._amanat.console import instant
from scripts._amanat.delayed import Prepared, prepare
from scripts._amanat.errors import InputRefused
from scripts._amanat.onchain import Programme, Series
from scripts._amanat.payments import Ledger, Payment
from scripts._amanat.plan import Call, Plan, Step, digest
from scripts._amanat.pricing import PricePer100E4, from_price_e4
from scripts._amanat.proof import Check

OPERATION = "call"
ISSUER = "issuer"


@dataclass(frozen=True)
class CallNotice:
    """At the end of which period the series is called, and the hash of the decision."""

    series: str
    period: int
    decision: bytes


def call(wish: CallNotice, *, command: str) -> Work:
    """Call it, once; `command` finishes the matter where the issuer has to wait."""
    return Work(
        operation=OPERATION,
        wish=digest(wish),
        plan=lambda desk: _Act(desk, wish, command).plan(),
        verify=lambda desk: _Act(desk, wish, command).verify(),
        report=lambda desk: _Act(desk, wish, command).report(),
        left=lambda desk: _Act(desk, wish, command).plan().pending,
    )


class _Act:
    """One look at the chain, and what follows from it."""

    def __init__(self, desk: Desk, wish: CallNotice, command: str) -> None:
        self._desk, self._wish, self._command = desk, wish, command
        self._programme = Programme(desk.chain, desk.record)

    @cached_property
    def _series(self) -> Series:
        series = self._programme.find_series(self._wish.series)
        if not getattr(self._programme.terms(series), "callableFrom", 0):
            raise InputRefused(f"the terms of {series.id} let nobody call it")
        return series

    @cached_property
    def _called_after(self) -> int:
        """Periods that are left of a called series; zero where it was not called."""
        return int(self._series.token.read("calledAfter"))

    def plan(self) -> Plan:
        """One step, at once or scheduled; InputRefused where it was called otherwise."""
        prepared = Prepared()
        if not self._called_after:
            prepared = prepare(self._desk, self._step(), command=self._command)
        elif self._called_after != self._wish.period + 1:
            raise InputRefused(
                f"{self._series.id} was called already, with period {self._called_after - 1}"
            )
        wish = digest(self._wish)
        return Plan(OPERATION, wish, prepared.steps, self._notes(), prepared.pending)

    def _step(self) -> Step:
        token, wish = self._series.token, self._wish
        act = Call(
            token.address, token.artifact, "call(uint256,bytes32)", (wish.period, wish.decision)
        )
        title = f"call {self._series.id} with period {wish.period}"
        return Step(title, ISSUER, act, f"it is redeemed at {self._price} for 100 of face")

    @property
    def _price(self) -> str:
        terms = self._programme.terms(self._series)
        return str(from_price_e4(PricePer100E4(terms.callPrice)))

    def _notes(self) -> tuple[str, ...]:
        token, number = self._series.token, self._wish.period
        count = token.read("periodCount")
        if number >= count:
            raise InputRefused(f"period: {self._series.id} has no period {number}, but {count}")
        period = token.read("period", number)
        terms = self._programme.terms(self._series)
        return (
            f"period {number} ends {instant(period.due)}; record date {instant(period.recordAt)}; "
            f"{terms.callNoticeDays} days of notice",
        )

    def verify(self) -> Sequence[Check]:
        """The series says so, and what it owes at its end is the call price."""
        if not self._called_after and self.plan().pending:
            return []  # promised for later
        count = self._wish.period + 1
        ledger = Ledger(self._desk, Payment(self._wish.series))
        return [
            Check("periods that are left", count, self._called_after),
            Check("record date of the redemption", count, ledger.obligation.recordId),
        ]

    def report(self) -> Mapping[str, Any]:
        """When and at what price it ends."""
        ledger = Ledger(self._desk, Payment(self._wish.series))
        return {
            "series": self._series.id,
            "called": bool(self._called_after),
            "period": self._wish.period,
            "redemption_due": ledger.due,
            "price": self._price,
        }
