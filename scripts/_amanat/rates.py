"""Resetting a variable rate: to the benchmark, or to what the terms put in its place.

A period's rate is set once, in order, with the hash of the publication that proves it. What the
terms allow (bounds, steps, the day from which it may be done) is asked of the series before
anything is sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from functools import cached_property
from typing import Any

from scripts._amanat.artifacts import DecodedError, DecodedEvent
from scripts._amanat.command import Desk, Work
from scripts._amanat.errors import ChainRefused, InputRefused
from scripts._amanat.onchain import Programme, Series
from scripts._amanat.payments import distribution_kind
from scripts._amanat.plan import Call, Pending, Plan, Step, digest
from scripts._amanat.proof import Check
from scripts._amanat.simulate import refusal_of

OPERATION = "reset_rate"
CALCULATION_AGENT = "fiscal_agent"
RESET = "resetRate(uint256,uint256,uint8,bytes32)"
E4 = 10_000  # rates are ten-thousandths of a per cent


class Source(IntEnum):
    """What a rate was set to, as `RateSource` of `IPeriodic.sol`."""

    BENCHMARK = 0
    FALLBACK = 1


@dataclass(frozen=True)
class Reset:
    """The benchmark of one period, in per cent a year, and the hash of what proves it."""

    series: str
    period: int
    benchmark: Decimal
    evidence: bytes
    source: Source = Source.BENCHMARK

    @property
    def benchmark_e4(self) -> int:
        """As the contracts keep it."""
        return int(self.benchmark * E4)


def reset_rate(wish: Reset, *, command: str) -> Work:
    """Set the rate, once: the same wish again plans nothing."""
    return Work(
        operation=OPERATION,
        wish=digest(wish),
        plan=lambda desk: _Act(desk, wish, command).plan(),
        verify=lambda desk: _Act(desk, wish, command).verify(),
        report=lambda desk: _Act(desk, wish, command).report(),
        left=lambda desk: _Act(desk, wish, command).left(),
    )


class _Act:
    """One look at the chain, and what follows from it."""

    def __init__(self, desk: Desk, wish: Reset, command: str) -> None:
        self._desk, self._wish, self._command = desk, wish, command
        self._programme = Programme(desk.chain, desk.record)

    # ---------------------------------------------------------------- what the chain says

    @cached_property
    def _series(self) -> Series:
        series = self._programme.find_series(self._wish.series)
        distribution_kind(series)
        return series

    @cached_property
    def _terms(self) -> Any:
        return self._programme.terms(self._series).periodic

    @cached_property
    def _period(self) -> Any:
        token, number = self._series.token, self._wish.period
        count = token.read("periodCount")
        if number >= count:
            raise InputRefused(
                f"period: {self._series.id} has no period {number}",
                what_to_do=f"Periods are counted from 0; its last is {count - 1}.",
            )
        return token.read("period", number)

    @cached_property
    def _done(self) -> DecodedEvent | None:
        """The reset of this period, whoever made it."""
        since = self._desk.record.contracts["Programme"].block
        for event in self._series.token.events("RateReset", since):
            if event.arguments["period"] == self._wish.period:
                return event
        return None

    @cached_property
    def _refusal(self) -> DecodedError | None:
        """Why the series would refuse the reset now; None where it would not."""
        return refusal_of(self._desk, self._step)

    # ---------------------------------------------------------------- the plan

    def plan(self) -> Plan:
        """One step; or none, where it is done already or must wait for its day."""
        period = self._period
        if self._done:
            self._require_same(self._done)
            return self._planned(notes=(f"done already: {_per_cent(period.rate)}",))
        if refusal := self._refusal:
            if refusal.name == "RateTooEarly":
                return self._planned(notes=self._notes())
            raise ChainRefused(self._step.title, str(refusal))
        return self._planned(self._step, notes=self._notes())

    def _planned(self, *steps: Step, notes: tuple[str, ...]) -> Plan:
        return Plan(OPERATION, digest(self._wish), steps, notes, self.left())

    @property
    def _step(self) -> Step:
        wish, token = self._wish, self._series.token
        args = (wish.period, wish.benchmark_e4, int(wish.source), wish.evidence)
        return Step(
            f"set the rate of period {wish.period} of {self._series.id}",
            CALCULATION_AGENT,
            Call(token.address, token.artifact, RESET, args),
            f"{_per_cent(self._rate)}: {_per_cent(wish.benchmark_e4)} and a spread of "
            f"{_per_cent(self._terms.spread)}",
        )

    def _notes(self) -> tuple[str, ...]:
        before = self._rate_before()
        bounds = f"from {_per_cent(self._terms.floor)}"
        if self._terms.cap:
            bounds += f" to {_per_cent(self._terms.cap)}"
        step = self._terms.maximumStep
        steps = f", {_per_cent(step)} at most from the rate before" if step else ""
        was = f"; the rate before is {_per_cent(before)}" if before else ""
        return (
            f"{self._wish.source.name.lower()} of {_name(self._terms.benchmark)}: "
            f"{_per_cent(self._rate)}{was}; the terms allow {bounds}{steps}",
        )

    def _rate_before(self) -> int:
        """Of the period before, zero where there is none or it is not set."""
        if self._wish.period == 0:
            return 0
        before = self._series.token.read("period", self._wish.period - 1)
        return int(before.rate) if before.isRateSet else 0

    @property
    def _rate(self) -> int:
        return self._wish.benchmark_e4 + int(self._terms.spread)

    def _require_same(self, done: DecodedEvent) -> None:
        found, wish = done.arguments, self._wish
        wanted = (wish.benchmark_e4, int(wish.source), wish.evidence)
        if (found["benchmark"], found["source"], found["evidence"]) != wanted:
            raise InputRefused(
                f"period {wish.period} of {self._series.id} was set already: to "
                f"{_per_cent(found['rate'])} by {Source(found['source']).name.lower()} "
                f"{_per_cent(found['benchmark'])}, evidence 0x{found['evidence'].hex()}",
                what_to_do="A rate is set once; nobody can set it again.",
            )

    def left(self) -> tuple[Pending, ...]:
        """That it is too early, and until when."""
        if self._done or not (refusal := self._refusal) or refusal.name != "RateTooEarly":
            return ()
        when = int(refusal.arguments["notBefore"])
        return (Pending(self._step.title, CALCULATION_AGENT, when, self._command),)

    # ---------------------------------------------------------------- the proof

    def verify(self) -> Sequence[Check]:
        """The rate read back, and the event that says what it rests on."""
        if self.left():
            return []  # promised for later
        done = self._done.arguments if self._done else {}
        return [
            Check("the rate is set", True, self._period.isRateSet),
            Check("rate = benchmark + spread", self._rate, self._period.rate),
            Check("evidence", self._wish.evidence, done.get("evidence")),
            Check("source", int(self._wish.source), done.get("source")),
        ]

    def report(self) -> Mapping[str, Any]:
        """The period as it stands, amounts in hundredths of the currency."""
        period = self._period
        return {
            "series": self._series.id,
            "period": self._wish.period,
            "rate": _per_cent(period.rate) if period.isRateSet else None,
            "distribution": period.distribution,
            "evidence": "0x" + self._wish.evidence.hex(),
        }


def _per_cent(e4: int) -> str:
    return f"{Decimal(e4) / E4:.4f} %"


def _name(word: bytes) -> str:
    return word.rstrip(b"\0").decode("ascii", "replace") or "the benchmark"
