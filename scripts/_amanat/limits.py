"""The ceiling as it stands, and its changes: raised by two institutions, lowered by one at once.

Every amount is a whole number of 18 decimals; values are worked out here from what the chain says
is committed and from its rates, and compared with the programme's own sums where no rate is stale.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from scripts._amanat.agreement import BOARD, REGULATOR, Agreement, content_of
from scripts._amanat.ceilings import CeilingTerms
from scripts._amanat.command import Desk, Work
from scripts._amanat.console import instant
from scripts._amanat.delayed import Prepared
from scripts._amanat.errors import InputRefused
from scripts._amanat.measures import ONE, dollars_of, unit_name, worth
from scripts._amanat.onchain import Contract, Programme, Series, Status
from scripts._amanat.plan import Call, Plan, Ref, Step, digest
from scripts._amanat.powers import class_name
from scripts._amanat.proof import Check
from scripts._amanat.reference_rates import CONTRACT as RATES

OPERATION = "ceiling"
AUTHORISER = "fiscal_agent"
_LIMITS = "(uint256,uint32,(bytes32,uint256)[])"
SUBJECT = b"CEILING".ljust(32, b"\0")
AUTHORISE = "authorise(address,uint256)"


class Way(StrEnum):
    """What is done with the limits of a file."""

    RAISE = "raise"
    CONFIRM = "confirm"
    LOWER = "lower"


# ---------------------------------------------------------------- as it stands


@dataclass(frozen=True)
class Line:
    """What one class, or the whole programme, may have out, has committed, and has out: dollars."""

    name: str
    limit: int
    committed: int
    outstanding: int

    @property
    def room(self) -> int:
        """Below zero where rates have moved, or the limit was lowered, since."""
        return self.limit - self.committed


class Standing:
    """One look at the books of the ceiling."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._programme = Programme(desk.chain, desk.record)

    @cached_property
    def book(self) -> Contract:
        return self._programme["Programme"]

    @cached_property
    def limits(self) -> Any:
        """`Limits` as they are in force."""
        return self.book.read("limits")

    @cached_property
    def allocations(self) -> dict[bytes, int]:
        return {row[0]: row[1] for row in self.limits.allocations}

    @cached_property
    def units(self) -> list[bytes]:
        return list(self.book.read("unitsCommitted"))

    @cached_property
    def rates(self) -> dict[bytes, tuple[int, int, int]]:
        """Of each unit: the rate, when it was set, and the second from which it is stale."""
        rates = self._programme[RATES]
        found = {}
        for unit in self.units:
            reading, bounds = rates.read("rateOf", unit), rates.read("boundsOf", unit)
            found[unit] = (reading.rate, reading.setAt, reading.setAt + bounds.maximumAge + 1)
        return found

    @property
    def stale(self) -> list[str]:
        """Units whose rate is too old to measure anything new by."""
        now = self._desk.chain.now()
        return [unit_name(unit) for unit, (*_, ends) in self.rates.items() if now >= ends]

    @cached_property
    def outstanding(self) -> Mapping[tuple[bytes, bytes], int]:
        """What is in circulation by class and unit, 18 decimals of it, series by series."""
        listed, ask = self._programme.series(), self._programme.ask
        books = ask([self.book.query("seriesOf", series.address) for series in listed])
        measures = ask([series.token.query("measure") for series in listed])
        sums: Counter[tuple[bytes, bytes]] = Counter()
        for series, book, (unit, content) in zip(listed, books, measures, strict=True):
            sums[book[2], unit] += series.supply * content
        return sums

    def value(self, quantities: Mapping[bytes, int]) -> int:
        """Dollars of so much of each unit at the rates last set, each rounded up."""
        return sum(worth(q, self.rates[unit][0]) for unit, q in quantities.items() if q)

    def lines(self) -> list[Line]:
        """Each class that may issue or has issued, what the stage lets, and all together, last."""
        lines = []
        for klass, limit in self.allocations.items():
            committed = {u: self.book.read("committedOf", klass, u) for u in self.units}
            out = {u: self.outstanding.get((klass, u), 0) for u in self.units}
            lines.append(Line(class_name(klass), limit, self.value(committed), self.value(out)))
        committed = {u: self.book.read("committed", u) for u in self.units}
        out = {u: sum(q for (_, of), q in self.outstanding.items() if of == u) for u in self.units}
        values = self.value(committed), self.value(out)
        if self.stage_limit:
            lines.append(Line("stage", self.stage_limit, *values))
        return [*lines, Line("all", self.limits.ceiling, *values)]

    @cached_property
    def stage_limit(self) -> int:
        """What the stage of the programme lets be out of all series; zero is no limit."""
        _, total = self._programme["PilotStage"].read("outstandingLimits")
        return int(total)


def show() -> Work:
    """The ceiling and what is left of it; sends nothing."""

    def verify(desk: Desk) -> Sequence[Check]:
        return list(_prove(Standing(desk)))

    return Work(operation=OPERATION, verify=verify, report=_report)


def _prove(standing: Standing) -> Sequence[Check]:
    """The programme's sums against ours, which were made series by series."""
    book, whole = standing.book, standing.lines()[-1]
    checks = [
        Check(
            f"outstanding in {unit_name(unit)}",
            sum(q for (_, of), q in standing.outstanding.items() if of == unit),
            book.read("outstanding", unit),
        )
        for unit in standing.units
    ]
    if not standing.stale:
        checks.append(Check("committed in dollars", whole.committed, book.read("committedValue")))
    return checks


def _report(desk: Desk) -> Mapping[str, Any]:
    standing = Standing(desk)
    lines, stale = standing.lines(), standing.stale
    desk.console.show_table("Ceiling, in US dollars at the rates last set", [*map(_row, lines)])
    room = max(0, min(line.room for line in lines if line.name in ("all", "stage")))
    desk.console.show_table("Units", [_unit_row(standing, unit, room) for unit in standing.units])
    if stale:
        desk.console.say(f"Nothing new can be measured: the rate of {', '.join(stale)} is stale.")
    return {
        "ceiling": {
            "authorisation_days": standing.limits.authorisationAge // 86_400,
            "stale": stale,
            "lines": [
                {
                    "class": line.name,
                    "limit": str(line.limit),
                    "committed": str(line.committed),
                    "outstanding": str(line.outstanding),
                    "room": str(line.room),
                }
                for line in lines
            ],
        }
    }


def _row(line: Line) -> dict[str, str]:
    used = f"{line.committed * 100 // line.limit} %" if line.limit else ""
    figures = (line.limit, line.committed, line.outstanding, line.room)
    names = ("limit", "committed", "outstanding", "room")
    shown = {name: f"{figure // ONE:,}" for name, figure in zip(names, figures, strict=True)}
    return {"class": line.name, **shown, "used": used}


def _unit_row(standing: Standing, unit: bytes, room: int) -> dict[str, str]:
    """`room` in dollars; beside it what it comes to in the unit, rounded down."""
    rate, set_at, ends = standing.rates[unit]
    return {
        "unit": unit_name(unit),
        "committed": dollars_of(standing.book.read("committed", unit)),
        "room": f"{room // rate:,}",
        "US dollars": dollars_of(rate),
        "set": instant(set_at),
        "measures until": instant(ends - 1),
    }


# ---------------------------------------------------------------- other limits


def change(terms: CeilingTerms, way: Way, path: Path, *, command: str) -> Work:
    """Bring the limits to a file's; the same file again plans nothing."""
    wish = digest((way.value, terms.limits))

    def look(desk: Desk) -> _Change:
        return _Change(desk, terms, way, command)

    def plan(desk: Desk) -> Plan:
        change = look(desk)
        found = change.prepared()
        return Plan(OPERATION, wish, found.steps, change.notes(), found.pending)

    def verify(desk: Desk) -> Sequence[Check]:
        change = look(desk)
        return [] if change.prepared().pending else change.prove()  # promised for later

    return Work(
        operation=OPERATION,
        wish=wish,
        plan=plan,
        verify=verify,
        report=_report,
        left=lambda desk: look(desk).prepared().pending,
        inputs=(path,),
    )


class _Change:
    """One look at the chain, and what follows from it."""

    def __init__(self, desk: Desk, terms: CeilingTerms, way: Way, command: str) -> None:
        self._desk, self._way, self._command = desk, way, command
        self._wanted = terms.limits
        self._standing = Standing(desk)

    def prepared(self) -> Prepared:
        if self._found == self._named(self._wanted):
            return Prepared()
        if self._way is Way.LOWER:
            self._refuse_raising()
            return Prepared((self._step("lower", REGULATOR, "lowerLimits"),))
        if self._way is Way.CONFIRM:
            return self._agreement.confirmed(self._desk, self._standing.book)
        return self._agreement.prepared(self._desk, self._standing.book, command=self._command)

    @property
    def _agreement(self) -> Agreement:
        return Agreement(
            subject=SUBJECT,
            content=content_of([_LIMITS], [self._wanted]),
            proposing=self._step("propose", BOARD, "proposeLimits"),
            confirming=self._step("confirm", REGULATOR, "confirmLimits"),
        )

    def _step(self, verb: str, role: str, function: str) -> Step:
        ceiling, *_ = self._wanted
        act = Call(Ref("Programme"), "Programme", f"{function}({_LIMITS})", (self._wanted,))
        return Step(f"{verb} the limits", role, act, f"a ceiling of {dollars_of(ceiling)} dollars")

    @property
    def _found(self) -> tuple[int, int, dict[bytes, int]]:
        """What stands, of the classes that the file names."""
        limits, named = self._standing.limits, [name for name, _ in self._wanted[2]]
        stand = {name: self._standing.allocations.get(name, 0) for name in named}
        return limits.ceiling, limits.authorisationAge, stand

    @staticmethod
    def _named(wanted: tuple[int, int, Any]) -> tuple[int, int, dict[bytes, int]]:
        ceiling, age, rows = wanted
        return ceiling, age, dict(rows)

    def _refuse_raising(self) -> None:
        (ceiling, age, rows), (_, _, wanted) = self._found, self._named(self._wanted)
        raised = [
            f"{class_name(name)}: {dollars_of(usd)} is more than {dollars_of(rows[name])}"
            for name, usd in wanted.items()
            if usd > rows[name]
        ]
        if self._wanted[0] > ceiling:
            raised.append(f"usd: {dollars_of(self._wanted[0])} is more than {dollars_of(ceiling)}")
        if self._wanted[1] > age:
            raised.append(f"authorisation_days: more than {age // 86_400}")
        if raised:
            raise InputRefused(
                "who lowers raises nothing", raised, what_to_do="Raise limits with --raise."
            )

    def notes(self) -> tuple[str, ...]:
        """What it changes, limit by limit."""
        ceiling, age, rows = self._found
        wanted_ceiling, wanted_age, wanted = self._named(self._wanted)
        told = [("all", ceiling, wanted_ceiling)]
        told += [(class_name(n), rows[n], usd) for n, usd in wanted.items()]
        notes = [
            f"{name}: {dollars_of(old)} becomes {dollars_of(new)}"
            for name, old, new in told
            if old != new
        ]
        if age != wanted_age:
            notes.append(f"authorisation days: {age // 86_400} becomes {wanted_age // 86_400}")
        return tuple(notes)

    def prove(self) -> Sequence[Check]:
        """Read back: dollars, days, and each class that the file names."""
        (ceiling, age, rows), (right, days, wanted) = self._found, self._named(self._wanted)
        return [
            Check("ceiling", dollars_of(right), dollars_of(ceiling)),
            Check("seconds that an authorisation serves", days, age),
            *(
                Check(
                    f"allocation of {class_name(klass)}", dollars_of(usd), dollars_of(rows[klass])
                )
                for klass, usd in wanted.items()
            ),
        ]


# ---------------------------------------------------------------- what a series may have out


def authorise(word: str, amount: int) -> Work:
    """Let a series have so much out, measured at the rates of now where that is not less."""
    wish = digest((word, amount))

    def plan(desk: Desk) -> Plan:
        programme = Programme(desk.chain, desk.record)
        series = programme.find_series(word)
        book = programme.book(series.address)
        if book.authorised == amount and book.authorisedUntil >= desk.chain.now():
            return Plan(OPERATION, wish, notes=(_until(book),))
        step = authorisation(series.id, series.address, amount, book.authorised)
        return Plan(OPERATION, wish, (step,), (_until(book),))

    def verify(desk: Desk) -> Sequence[Check]:
        programme = Programme(desk.chain, desk.record)
        series = programme.find_series(word)
        book = programme.book(series.address)
        serves = book.authorisedUntil >= desk.chain.now()
        return [
            Check(f"authorised of {series.id}", amount, book.authorised),
            Check("it may be minted now", True, serves),
        ]

    return Work(operation=OPERATION, wish=wish, plan=plan, verify=verify, report=_report)


def authorisation(name: str, address: str, amount: int, before: int) -> Step:
    """The step of the fiscal agent."""
    return Step(
        f"authorise {amount:,} of {name}",
        AUTHORISER,
        Call(Ref("Programme"), "Programme", AUTHORISE, (address, amount)),
        f"{before:,} before; committed at the rates of now where it is not less",
        key=str(before),
    )


def authorisation_for(
    desk: Desk, programme: Programme, name: str, address: str, minted: int, supply: int
) -> list[Step]:
    """The step before a sale that mints so much, where what is authorised does not suffice or was
    measured too long ago; else none."""
    book = programme.book(address)
    wanted = max(book.authorised, supply + minted)
    serves = book.authorisedUntil >= desk.chain.now()
    if not minted or (serves and wanted == book.authorised):
        return []
    return [authorisation(name, address, wanted, book.authorised)]


def _until(book: Any) -> str:
    return (
        f"{book.authorised:,} were authorised, to be minted until {instant(book.authorisedUntil)}"
    )


# ---------------------------------------------------------------- what is out no more


def reconciliation(programme: Programme, series: Series, role: str, *, burns: bool) -> list[Step]:
    """The books brought to what a series then is: redeemed once nothing of it is out, matured, or
    less committed. `burns`: whether steps before it take any of it out. Anyone may do it."""
    status = series.status
    if not Status.OPEN <= status <= Status.MATURED:
        return []
    authorised = programme.book(series.address).authorised
    if status is Status.MATURED and not burns and authorised == series.supply:
        return []
    return [
        Step(
            f"let go what is committed for {series.id} and no longer out",
            role,
            Call(Ref("Programme"), "Programme", "reconcile(address)", (series.address,)),
            "redeemed once nothing of it is out",
            key=f"{status.label} {series.supply}",
        )
    ]
