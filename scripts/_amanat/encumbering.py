"""A lot is encumbered, or released: proposed by its custodian, confirmed by the fiscal agent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from scripts._amanat.command import Desk, Work
from scripts._amanat.errors import InputRefused, NotPermitted
from scripts._amanat.plan import Call, Pending, Plan, Step, digest
from scripts._amanat.proof import Check
from scripts._amanat.reserves import CUSTODIAN, FISCAL_AGENT, REGISTER, Reserve, lot_id_of, lot_name

_TYPES = "(address,bytes32,bool,bytes32)"


@dataclass(frozen=True)
class Encumbrance:
    """What is to become of a lot."""

    series: str
    lot: str
    document: bytes
    """Hash of the agreement, or of its discharge."""
    encumbered: bool = True

    @property
    def operation(self) -> str:
        return "encumber" if self.encumbered else "release_lot"


def encumber(wish: Encumbrance, *, command: str) -> Work:
    """Propose and confirm, as far as the keys are here; run again, it plans what is left."""
    return Work(
        operation=wish.operation,
        wish=digest(wish),
        plan=lambda desk: _Act(desk, wish, command).plan(),
        verify=lambda desk: _Act(desk, wish, command).verify(),
        report=lambda desk: _Act(desk, wish, command).report(),
        left=lambda desk: _Act(desk, wish, command).plan().pending,
    )


class _Act:
    """One look at the chain, and what follows from it."""

    def __init__(self, desk: Desk, wish: Encumbrance, command: str) -> None:
        self._desk, self._wish, self._command = desk, wish, command
        self._reserve = Reserve(desk, wish.series)

    @cached_property
    def _lot(self) -> Any:
        known = self._reserve.register.read("lotsOf", self._reserve.series.address)
        if lot_id_of(self._wish.lot) not in known and self._wish.encumbered:
            names = ", ".join(lot_name(each) for each in known) or "none"
            raise InputRefused(
                f"{self._wish.lot} is no lot of the last attestation; there are: {names}"
            )
        return self._reserve.lot(lot_id_of(self._wish.lot))

    @property
    def _is_done(self) -> bool:
        return bool(self._lot.encumbered) is self._wish.encumbered

    @cached_property
    def _is_proposed(self) -> bool:
        """Whether the custodian's last word on the lot is this, and still holds."""
        wish, token = self._wish, self._reserve.series.address
        said = [
            event.arguments
            for event in self._reserve.programme.events(REGISTER, "EncumbranceProposed")
            if (event.arguments["token"], event.arguments["lotId"]) == (token, lot_id_of(wish.lot))
        ]
        if not said:
            return False
        last = said[-1]
        same = (last["encumbered"], last["document"]) == (wish.encumbered, wish.document)
        custodian = last["custodian"] == self._reserve.keepers.custodian
        return same and custodian and last["expiry"] > self._desk.chain.now()

    # ---------------------------------------------------------------- the plan

    def plan(self) -> Plan:
        """What is missing; what another has to do is pending."""
        steps: list[Step] = []
        pending: list[Pending] = []
        if not self._is_done:
            if self._is_proposed:
                pass
            elif self._reserve.signs_for(CUSTODIAN):
                steps.append(self._step("propose", CUSTODIAN, "the fiscal agent can confirm it"))
            else:
                pending.append(self._pending("propose", self._reserve.keepers.custodian))
            if not pending:
                self._confirming(steps, pending)
        wish = digest(self._wish)
        return Plan(self._wish.operation, wish, tuple(steps), self._notes(), tuple(pending))

    def _confirming(self, steps: list[Step], pending: list[Pending]) -> None:
        try:
            is_here = self._desk.signers[FISCAL_AGENT].address != self._reserve.keepers.custodian
        except NotPermitted:
            is_here = False
        if is_here:
            counts = "does not count" if self._wish.encumbered else "counts again"
            steps.append(self._step("confirm", FISCAL_AGENT, f"the lot {counts}"))
        else:
            pending.append(self._pending("confirm", "the fiscal agent"))

    def _step(self, deed: str, role: str, expects: str) -> Step:
        wish = self._wish
        args = (
            self._reserve.series.address,
            lot_id_of(wish.lot),
            wish.encumbered,
            wish.document,
        )
        call = Call(self._reserve.register.address, REGISTER, f"{deed}Encumbrance{_TYPES}", args)
        return Step(f"{deed} to {self._what}", role, call, expects)

    def _pending(self, deed: str, who: str) -> Pending:
        return Pending(f"{deed} to {self._what}", who, None, self._command)

    @property
    def _what(self) -> str:
        return f"{'encumber' if self._wish.encumbered else 'release'} the lot {self._wish.lot}"

    def _notes(self) -> tuple[str, ...]:
        recognised, why = self._reserve.recognised()
        now = why if recognised is None else self._reserve.shown(recognised)
        supply = self._reserve.shown(self._reserve.series.supply)
        lot = self._reserve.shown(self._lot.net)
        return (f"the lot is of {lot}; recognised now: {now}; {supply} circulate",)

    # ---------------------------------------------------------------- the proof

    def verify(self) -> Sequence[Check]:
        """The lot as the register keeps it; nothing while another has to act."""
        if not self._is_done and self.plan().pending:
            return []
        return [
            Check(f"{self._wish.lot} is encumbered", self._wish.encumbered, self._lot.encumbered)
        ]

    def report(self) -> Mapping[str, Any]:
        """The lot, and what is recognised."""
        recognised, why = self._reserve.recognised()
        return {
            "lot": self._wish.lot,
            "encumbered": bool(self._lot.encumbered),
            "reserve": recognised,
            "unknown_because": why,
        }
