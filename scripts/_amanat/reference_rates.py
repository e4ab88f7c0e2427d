"""Reference rates: what a unit is worth in US dollars, for the ceiling and the stages.

The rate agent moves a rate within its bounds, with the publication that proves it. What bounds do
not allow, other bounds and a new unit are agreed by board and regulator.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from scripts._amanat.agreement import BOARD, REGULATOR, Agreement, content_of
from scripts._amanat.command import Desk, Work
from scripts._amanat.console import instant
from scripts._amanat.delayed import Prepared
from scripts._amanat.errors import ChainRefused, InputRefused
from scripts._amanat.measures import dollars_of, unit_id, unit_name, wad
from scripts._amanat.onchain import Contract, Programme
from scripts._amanat.plan import Call, Plan, Ref, Step, digest
from scripts._amanat.proof import Check
from scripts._amanat.simulate import refusal_of

OPERATION = "rate"
CONTRACT = "ReferenceRates"
AGENT = "rate_agent"
_BOUNDS = "(uint16,uint16,uint32,uint32)"
SET = "setRate(bytes32,uint256,bytes32)"
PROPOSE = f"proposeRate(bytes32,uint256,{_BOUNDS},bytes32)"
CONFIRM = f"confirmRate(bytes32,uint256,{_BOUNDS},bytes32)"
_WHOLE = 10_000
_BEYOND = {
    "RateMovesTooFar": ("rate", "before", "perMove"),
    "RateDriftsTooFar": ("rate", "earlier", "perPeriod"),
}
"""What each refusal of the contract names: the rate asked for, the other, and the bound."""
_FOUND = {
    "RateMovesTooFar": "the rate in force",
    "RateDriftsTooFar": "a rate of the last period",
}
_DAY = 86_400


class Bounds(NamedTuple):
    """`RateBounds` of contracts/programme/IReferenceRates.sol."""

    per_move: int
    per_period: int
    period: int
    maximum_age: int

    def __str__(self) -> str:
        move, drift = (Decimal(part) / 100 for part in (self.per_move, self.per_period))
        days, age = self.period / _DAY, self.maximum_age / _DAY
        return f"{move} % a move, {drift} % in {days:g} days, {age:g} days old at most"


@dataclass(frozen=True)
class Move:
    """A unit, its dollars, and the hash of what proves them; `beyond` asks two institutions."""

    unit: str
    dollars: Decimal
    evidence: bytes
    beyond: bool = False
    bounds: Bounds | None = None
    """Other bounds, or those of a new unit; None keeps what stands."""

    def __post_init__(self) -> None:
        if self.bounds and not self.beyond:
            raise InputRefused("bounds are agreed by two institutions: add --beyond")


def set_rate(wish: Move, *, command: str) -> Work:
    """Set or agree on a rate; the same wish again plans nothing."""
    return Work(
        operation=OPERATION,
        wish=digest(wish),
        plan=lambda desk: _Act(desk, wish, command).plan(),
        verify=lambda desk: _Act(desk, wish, command).verify(),
        report=lambda desk: {"rates": list(described(desk))},
        left=lambda desk: _Act(desk, wish, command).prepared.pending,
    )


def show_rates() -> Work:
    """All units as they stand; sends nothing."""

    def report(desk: Desk) -> Mapping[str, Any]:
        rows = list(described(desk))
        desk.console.show_table("Reference rates", [_row(each) for each in rows])
        return {"rates": rows}

    return Work(operation=OPERATION, report=report)


def described(desk: Desk) -> Iterator[dict[str, Any]]:
    """Each unit for the JSON document: dollars, when they were set, bounds, and whether too old."""
    rates, now = Programme(desk.chain, desk.record)[CONTRACT], desk.chain.now()
    for unit in rates.read("units"):
        reading, bounds = rates.read("rateOf", unit), Bounds(*rates.read("boundsOf", unit))
        yield {
            "unit": unit_name(unit),
            "dollars": dollars_of(reading.rate),
            "set_at": reading.setAt,
            "bounds": bounds._asdict(),
            "stale": now > reading.setAt + bounds.maximum_age,
        }


def _row(each: Mapping[str, Any]) -> dict[str, str]:
    return {
        "unit": each["unit"],
        "US dollars": each["dollars"],
        "set": instant(each["set_at"]) + (", too old to measure by" if each["stale"] else ""),
        "bounds": str(Bounds(**each["bounds"])),
    }


class _Act:
    """One look at the chain, and what follows from it."""

    def __init__(self, desk: Desk, wish: Move, command: str) -> None:
        self._desk, self._wish, self._command = desk, wish, command
        self._unit, self._rate = unit_id(wish.unit), wad(wish.dollars)

    @cached_property
    def _rates(self) -> Contract:
        return Programme(self._desk.chain, self._desk.record)[CONTRACT]

    @cached_property
    def _is_known(self) -> bool:
        return self._unit in self._rates.read("units")

    @property
    def _stands(self) -> Bounds | None:
        return Bounds(*self._rates.read("boundsOf", self._unit)) if self._is_known else None

    @property
    def _bounds(self) -> Bounds:
        """Those wished for, else those that stand."""
        if found := self._wish.bounds or self._stands:
            return found
        known = ", ".join(unit_name(each) for each in self._rates.read("units"))
        raise InputRefused(
            f"unit: {self._wish.unit} has no rate yet; known are {known}",
            what_to_do="Give it bounds: --beyond --move --drift --days --age-days.",
        )

    @property
    def _is_done(self) -> bool:
        """The rate in force is the one wished for, on the same evidence and under these bounds."""
        bounds = self._bounds
        if not self._is_known or self._stands != bounds:
            return False
        return self._last == (self._rate, self._wish.evidence)

    @property
    def _last(self) -> tuple[int, bytes] | None:
        """Rate and evidence as they were last set."""
        since = self._desk.record.contracts[CONTRACT].block
        for event in reversed(list(self._rates.events("RateSet", since))):
            if event.arguments["unit"] == self._unit:
                return event.arguments["rate"], event.arguments["evidence"]
        return None

    # ---------------------------------------------------------------- the plan

    def plan(self) -> Plan:
        """The move; or what board and regulator still have to do."""
        found = self.prepared
        return Plan(OPERATION, digest(self._wish), found.steps, self._notes(), found.pending)

    @property
    def prepared(self) -> Prepared:
        if self._is_done:
            return Prepared()
        if self._wish.beyond:
            agreement = self._agreement()
            return agreement.prepared(self._desk, self._rates, command=self._command)
        args = (self._unit, self._rate, self._wish.evidence)
        step = self._step("set the rate of", AGENT, SET, args)
        self._refuse_beyond_bounds(step)
        return Prepared((step,))

    def _agreement(self) -> Agreement:
        args = (self._unit, self._rate, tuple(self._bounds), self._wish.evidence)
        return Agreement(
            subject=self._unit,
            content=content_of(["bytes32", "uint256", _BOUNDS, "bytes32"], list(args)),
            proposing=self._step("propose the rate of", BOARD, PROPOSE, args),
            confirming=self._step("confirm the rate of", REGULATOR, CONFIRM, args),
        )

    def _step(self, title: str, role: str, function: str, args: tuple[Any, ...]) -> Step:
        # The same rate may be set again another day, on other evidence or on the same.
        count = self._rates.read("readingCount", self._unit)
        return Step(
            f"{title} {self._wish.unit}",
            role,
            Call(Ref(CONTRACT), CONTRACT, function, args),
            f"{self._wish.dollars:,f} US dollars; {self._bounds}",
            key=str(count),
        )

    def _refuse_beyond_bounds(self, step: Step) -> None:
        """What the contract would refuse, with its figures and the way on."""
        refusal = refusal_of(self._desk, step)
        if refusal is None:
            return
        if refusal.name not in _BEYOND:
            raise ChainRefused(step.title, str(refusal))
        asked, found, limit = (int(refusal.arguments[each]) for each in _BEYOND[refusal.name])
        apart = Decimal(-(-abs(asked - found) * _WHOLE // found)) / 100
        raise InputRefused(
            f"{self._wish.unit}: {dollars_of(asked)} is {apart} % from {dollars_of(found)}, "
            f"{_FOUND[refusal.name]}; right: {Decimal(limit) / 100} % at most",
            what_to_do="If it is right, let board and regulator agree on it: add --beyond.",
        )

    def _notes(self) -> tuple[str, ...]:
        if not self._is_known:
            return (f"{self._wish.unit} is new: {self._bounds}",)
        reading = self._rates.read("rateOf", self._unit)
        was = f"{dollars_of(reading.rate)} US dollars since {instant(reading.setAt)}"
        return (f"{self._wish.unit} was {was}; {self._stands}",)

    # ---------------------------------------------------------------- the proof

    def verify(self) -> Sequence[Check]:
        """The rate read back, its evidence from the log, and the bounds."""
        if self.prepared.pending:
            return []  # promised for later
        return [
            Check("rate and evidence", (self._rate, self._wish.evidence), self._last),
            Check("bounds", self._bounds, self._stands),
        ]
