"""What the regulator switches on at once and another lets go of slowly: the suspension of a wallet,
the sanctions list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scripts._amanat.command import Desk, Work
from scripts._amanat.delayed import Prepared, prepare
from scripts._amanat.onchain import Flag, Programme
from scripts._amanat.plan import Call, Plan, Ref, Step, digest
from scripts._amanat.proof import Check

REGULATOR = "regulator"
RELEASER = "releaser"


@dataclass(frozen=True)
class Switch:
    """One thing that is on or off on the chain, and the act that turns it either way.

    An act whose signature ends in ``[]`` takes all subjects in one transaction; another takes none,
    or the one there is.
    """

    contract: str
    on: str
    off: str
    state: str
    """What is true while it is on, in words."""
    subjects: tuple[str, ...]
    """Whom it concerns; one empty word where it concerns everybody."""
    is_on: Callable[[Programme, str], bool]


def suspend(wallet: str, *, release: bool, command: str) -> Work:
    """Suspend a wallet on every series, or end that."""
    switch = Switch(
        "IdentityRegistry",
        on="suspend(address)",
        off="unsuspend(address)",
        state="suspended",
        subjects=(wallet,),
        is_on=lambda programme, each: Flag.SUSPENDED in programme.records([each])[each].flags,
    )
    return _turned("unsuspend" if release else "suspend", switch, release, command)


def sanction(parties: Sequence[str], *, lift: bool, command: str) -> Work:
    """Put parties on the programme's sanctions list, or take them off it."""
    switch = Switch(
        "RuleBook",
        on="imposeSanctions(address[])",
        off="liftSanctions(address[])",
        state="under sanctions",
        subjects=tuple(dict.fromkeys(parties)),
        is_on=lambda programme, each: programme["RuleBook"].read("isSanctioned", each),
    )
    return _turned("lift_sanctions" if lift else "sanction", switch, lift, command)


def _turned(operation: str, switch: Switch, release: bool, command: str) -> Work:
    """Turn it, for those for whom it does not stand as it shall."""
    wish = digest((operation, switch.subjects))

    def prepared(desk: Desk) -> Prepared:
        programme = Programme(desk.chain, desk.record)
        left = tuple(each for each in switch.subjects if switch.is_on(programme, each) == release)
        if not left:
            return Prepared()
        step = _step(switch, left, release)
        return prepare(desk, step, command=command) if release else Prepared((step,))

    def plan(desk: Desk) -> Plan:
        found = prepared(desk)
        return Plan(operation, wish, found.steps, pending=found.pending)

    def verify(desk: Desk) -> Sequence[Check]:
        if release and prepared(desk).pending:
            return []  # promised for later
        programme = Programme(desk.chain, desk.record)
        return [
            Check(
                f"{each} is {switch.state}" if each else switch.state,
                not release,
                switch.is_on(programme, each),
            )
            for each in switch.subjects
        ]

    return Work(operation, wish, plan, verify, left=lambda desk: plan(desk).pending)


def _step(switch: Switch, subjects: tuple[str, ...], release: bool) -> Step:
    signature = switch.off if release else switch.on
    role = RELEASER if release else REGULATOR
    args = (list(subjects),) if signature.endswith("[])") else tuple(filter(None, subjects))
    title = f"{signature.split('(')[0]} {', '.join(subjects)}".rstrip()
    expects = f"{'no longer' if release else 'now'} {switch.state}"
    return Step(title, role, Call(Ref(switch.contract), switch.contract, signature, args), expects)
