"""What a holder owes for the storage of a commodity, and paying it: cash, beside the balance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from scripts._amanat.command import Desk, Work
from scripts._amanat.errors import InputRefused
from scripts._amanat.onchain import Contract
from scripts._amanat.plan import Call, Plan, Step, digest
from scripts._amanat.pricing import Paisa, rupees
from scripts._amanat.proof import Check
from scripts._amanat.reserves import DELIVERIES, Reserve

OPERATION = "pay_storage"


@dataclass(frozen=True)
class Storage:
    """Whose storage of what."""

    series: str
    holder: str


def pay_storage(wish: Storage) -> Work:
    """Pay what is owed; where nothing is, it plans nothing."""
    return Work(
        operation=OPERATION,
        wish=digest(wish),
        plan=lambda desk: _Act(desk, wish).plan(),
        verify=lambda desk: _Act(desk, wish).verify(),
        report=lambda desk: _Act(desk, wish).report(),
    )


class _Act:
    """One look at the chain, and what follows from it."""

    def __init__(self, desk: Desk, wish: Storage) -> None:
        self._wish = wish
        self._reserve = Reserve(desk, wish.series)

    @property
    def _deliveries(self) -> Contract:
        return self._reserve.programme[DELIVERIES]

    @cached_property
    def _owed(self) -> int:
        """Paisa."""
        token = self._reserve.series.address
        owed, _ = self._deliveries.read("storageOwed", token, self._wish.holder)
        return int(owed)

    def plan(self) -> Plan:
        """The allowance that lacks, and the payment."""
        wish = digest(self._wish)
        if not self._owed:
            return Plan(OPERATION, wish, notes=("nothing is owed for storage",))
        cash, holder, desk = self._reserve.programme.cash, self._wish.holder, self._deliveries
        amount = self._owed * 10 ** (cash.read("decimals") - 2)
        if (held := cash.read("balanceOf", holder)) < amount:
            raise InputRefused(f"{holder} has {held:,} of the {amount:,} that are owed")
        steps = []
        if cash.read("allowance", holder, desk.address) < amount:
            call = cash.approval(desk.address, amount)
            steps.append(Step("allow what is owed", holder, call, "it can be paid"))
        token = self._reserve.series.address
        signature, args = "payStorage(address,address,address)", (token, holder, cash.address)
        call = Call(desk.address, DELIVERIES, signature, args)
        title = f"pay Rs {rupees(Paisa(self._owed))} for storage"
        steps.append(Step(title, holder, call, "nothing is owed until the next record date"))
        return Plan(OPERATION, wish, tuple(steps))

    def verify(self) -> Sequence[Check]:
        """Nothing is owed any more."""
        return [Check("owed for storage, paisa", 0, self._owed)]

    def report(self) -> Mapping[str, Any]:
        """What is owed still."""
        return {"owed": self._owed}
