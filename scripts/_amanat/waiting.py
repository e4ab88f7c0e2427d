"""Acts that were scheduled and wait: shown in words, and cancelled by those who may."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scripts._amanat.command import Desk, Work
from scripts._amanat.console import instant
from scripts._amanat.delayed import explained
from scripts._amanat.errors import InputRefused
from scripts._amanat.onchain import Programme
from scripts._amanat.plan import Call, Plan, Ref, Step, digest
from scripts._amanat.powers import Role
from scripts._amanat.proof import Check

if TYPE_CHECKING:
    from scripts._amanat.onchain import Contract

OPERATION = "cancel"


@dataclass(frozen=True)
class Scheduled:
    """One act that somebody scheduled."""

    number: str
    caller: str
    target: str
    data: bytes
    ready: int
    """Unix time from which it can be done; 0 where it waits no more."""

    def in_words(self, desk: Desk) -> str:
        """The act, by the ABI alone; its bytes where no ABI of ours explains them."""
        target = desk.console.words(self.target)
        if (act := explained(self.data)) is None:
            return f"{target}: 0x{self.data.hex()}"
        return f"{target}: {act.function.split('(')[0]}({desk.console.sentence(act)})"


def show() -> Work:
    """Everything that waits."""
    return Work(OPERATION, report=_report)


def cancel(number: str) -> Work:
    """Cancel one act, named by its number or by how that begins."""
    if not re.fullmatch(r"0x[0-9a-f]{8,64}", number.lower()):
        raise InputRefused(f"{number!r} is no operation", what_to_do="ape run cancel")
    wish = digest((OPERATION, number.lower()))

    def plan(desk: Desk) -> Plan:
        found = _named(desk, number.lower())
        steps = (_step(desk, found),) if found.ready else ()
        return Plan(OPERATION, wish, steps)

    def verify(desk: Desk) -> Sequence[Check]:
        found = _named(desk, number.lower())
        return [Check(f"operation {found.number} waits", 0, found.ready)]

    return Work(OPERATION, wish, plan, verify)


def scheduled(programme: Programme) -> list[Scheduled]:
    """Whatever was ever scheduled, once each, and whether it still waits."""
    known: dict[bytes, Mapping[str, Any]] = {}
    for event in programme.events("Authority", "OperationScheduled"):
        known[event.arguments["operationId"]] = event.arguments
    authority = programme["Authority"]
    ready = programme.ask([authority.query("getSchedule", each) for each in known])
    return [
        Scheduled("0x" + each.hex(), told["caller"], told["target"], told["data"], at)
        for (each, told), at in zip(known.items(), ready, strict=True)
    ]


def _named(desk: Desk, number: str) -> Scheduled:
    listed = scheduled(Programme(desk.chain, desk.record))
    found = [each for each in listed if each.number.startswith(number)]
    if len(found) != 1:
        raise InputRefused(
            f"{number} begins the number of {len(found)} operations",
            what_to_do="ape run cancel shows what waits, with numbers.",
        )
    return found[0]


def _step(desk: Desk, act: Scheduled) -> Step:
    args = (act.caller, act.target, act.data)
    call = Call(Ref("Authority"), "Authority", "cancel(address,address,bytes)", args)
    authority = Programme(desk.chain, desk.record)["Authority"]
    title = f"cancel {act.number[:10]}: {act.in_words(desk)}"
    expects = "it must be scheduled anew, and waits anew"
    key = f"{act.number}:{act.ready}"  # what is scheduled again is cancelled again
    return Step(title, _who_cancels(authority, act), call, expects, key=key)


def _who_cancels(authority: Contract, act: Scheduled) -> str:
    """The guardian of the role that opens the act; where it has none, the administrator."""
    role = authority.read("getTargetFunctionRole", act.target, act.data[:4])
    guardian = authority.read("getRoleGuardian", role)
    return Role(guardian).name.lower() if guardian in list(Role) else Role.ADMIN.name.lower()


def _report(desk: Desk) -> Mapping[str, Any]:
    programme = Programme(desk.chain, desk.record)
    authority = programme["Authority"]
    rows = [
        {
            "operation": each.number,
            "scheduled by": each.caller,
            "act": each.in_words(desk),
            "from": instant(each.ready),
            "cancelled by": _who_cancels(authority, each).replace("_", " "),
        }
        for each in scheduled(programme)
        if each.ready
    ]
    desk.console.show_table("What waits", rows)
    return {"waiting": rows}
