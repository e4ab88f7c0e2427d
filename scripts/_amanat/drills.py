"""Rehearsing an emergency: every stop is tried at the node by every desk that may have to make it,
on the state to come; or one series is stopped for real, and let go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scripts._amanat.command import Desk, Work
from scripts._amanat.delayed import prepare
from scripts._amanat.errors import InputRefused
from scripts._amanat.onchain import NOBODY, Programme
from scripts._amanat.pauses import (
    EMERGENCY,
    LAPSE_HOURS,
    Stoppable,
    one_series,
    pausing,
    releasing,
    stoppables,
)
from scripts._amanat.plan import Call, Pending, Plan, Step, digest, encode
from scripts._amanat.powers import Role
from scripts._amanat.proof import Check

if TYPE_CHECKING:
    from scripts._amanat.onchain import Membership

OPERATION = "drill"
LEAST_DESKS = 2
"""So many must be able to stop a thing: one of them may have lost its key."""
PAUSED = 1  # the reason code


@dataclass(frozen=True)
class Readiness:
    """Who can do what about one thing that may have to be stopped."""

    thing: Stoppable
    stop: tuple[str, ...]
    confirm: tuple[str, ...]
    release: Mapping[str, int]
    """Seconds that each releaser waits."""

    @property
    def row(self) -> dict[str, str]:
        """For people."""
        waits = sorted({seconds // 3_600 for seconds in self.release.values()})
        return {
            "what": self.thing.name,
            "series": str(len(self.thing.reaches)),
            "stopped at once by": ", ".join(self.stop) or "nobody",
            "lapses after": f"{LAPSE_HOURS // 24} days",
            "confirmed by": ", ".join(self.confirm) or "nobody",
            "let go by": ", ".join(self.release) or "nobody",
            "after": ", ".join(f"{hours} h" for hours in waits),
        }

    @property
    def checks(self) -> list[Check]:
        """What must be so on the day it is needed."""
        name, others = self.thing.name, set(self.confirm) | set(self.release)
        slow = all(seconds > 0 for seconds in self.release.values())
        enough = len(self.stop) >= LEAST_DESKS
        return [
            Check(f"{LEAST_DESKS} desks or more can stop {name} at once", True, enough),
            Check(f"somebody can confirm the stop of {name}", True, bool(self.confirm)),
            Check(f"{name} is let go slowly", True, bool(self.release) and slow),
            Check(f"who stops {name} neither confirms nor lets go", set(), {*self.stop} & others),
        ]


def rehearse() -> Work:
    """Try everything, send nothing."""
    return Work(OPERATION, report=_report, verify=_checks)


def rehearse_live(series: str, *, command: str) -> Work:
    """Pause a series at once and release it after the delay; `command` finishes it."""
    wish = digest((OPERATION, series))

    def found(desk: Desk) -> Stoppable:
        return one_series(desk, Programme(desk.chain, desk.record).find_series(series))

    def plan(desk: Desk) -> Plan:
        thing = found(desk)
        if thing.is_confirmed:
            raise InputRefused(
                f"{thing.name} is paused for good: this is no drill",
                what_to_do=f"ape run pause {thing.name} --release",
            )
        begin = () if thing.is_paused else (pausing(desk, thing),)
        end = prepare(desk, releasing(thing), command=command)
        return Plan(OPERATION, wish, begin + end.steps, pending=end.pending)

    def left(desk: Desk) -> Sequence[Pending]:
        return plan(desk).pending if found(desk).is_paused else ()

    def verify(desk: Desk) -> Sequence[Check]:
        token = Programme(desk.chain, desk.record).find_series(series).token
        still = bool(left(desk))
        told = token.read("detectTransferRestriction", NOBODY, NOBODY, 0)
        return [
            Check(f"{series} is paused", still, token.read("paused")),
            Check("a transfer is refused because of it", still, told == PAUSED),
        ]

    return Work(OPERATION, wish, plan, verify, left=left)


# ---------------------------------------------------------------- trying


def _readiness(desk: Desk) -> list[Readiness]:
    programme = Programme(desk.chain, desk.record)
    members = programme.members()
    return [_ready(desk, members, thing) for thing in stoppables(desk)]


def _ready(
    desk: Desk,
    members: Mapping[Role | int, Mapping[str, Membership]],
    thing: Stoppable,
) -> Readiness:
    desks, confirmers, releasers = (
        members.get(role, {}) for role in (Role.EMERGENCY, Role.PAUSE_CONFIRMER, Role.RELEASER)
    )
    allowed = {who: _may_call(desk, who, thing.release) for who in releasers}
    return Readiness(
        thing,
        stop=tuple(who for who in desks if _passes(desk, who, thing.pause)),
        confirm=tuple(who for who in confirmers if _may_call(desk, who, thing.confirm)[0]),
        release={who: wait for who, (now, wait) in allowed.items() if now or wait},
    )


def _passes(desk: Desk, who: str, call: Call) -> bool:
    """Whether the call would pass, as the next block would begin."""
    request = {"from": who, "to": call.target, "data": "0x" + _data(desk, call).hex()}
    return desk.chain.revert_of(request, "pending") is None


def _may_call(desk: Desk, who: str, call: Call) -> tuple[bool, int]:
    """Whether at once, else after how many seconds; 0 for never. Neither a confirmation nor a
    release passes before there is a pause, so the authority is asked instead."""
    authority = Programme(desk.chain, desk.record)["Authority"]
    now, wait = authority.read("canCall", who, call.target, _data(desk, call)[:4])
    return now, wait


def _data(desk: Desk, call: Call) -> bytes:
    return encode(Step("try", EMERGENCY, call), desk.artifacts, desk.record.resolve)


def _checks(desk: Desk) -> Sequence[Check]:
    return [check for ready in _readiness(desk) for check in ready.checks]


def _report(desk: Desk) -> Mapping[str, Any]:
    rows = [ready.row for ready in _readiness(desk)]
    desk.console.show_table("Who can stop what", rows)
    alone = _single_keys(desk)
    desk.console.show_table("Roles that rest on one key", alone)
    return {"drill": rows, "single_keys": alone}


def _single_keys(desk: Desk) -> list[dict[str, str]]:
    """Roles of people with one holder who is no contract: until the administrator replaces a lost
    key, nobody acts in them."""
    found = []
    for role, held in sorted(Programme(desk.chain, desk.record).members().items()):
        if not isinstance(role, Role) or len(held) != 1:
            continue
        (who,) = held
        if not desk.chain.code(who):
            found.append({"role": role.label, "who": who})
    return found
