"""Declaring the revenue of a period, and restating it: the auditor signs, the fiscal agent sends.

What the waterfall makes of the figures is computed here and asked of the series, and the two must
agree before anything is signed. A restatement changes no declaration: its difference is carried to
the next one. The same file again plans nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from scripts._amanat.business_days import (
    day_in_karachi,
    epoch_day,
    from_epoch_day,
    start_of_day_karachi,
)
from scripts._amanat.command import Desk, Work
from scripts._amanat.delayed import Prepared, prepare
from scripts._amanat.errors import InputRefused, NotPermitted, ProofFailed
from scripts._amanat.onchain import Programme, Series
from scripts._amanat.plan import Call, Pending, Plan, Step, digest
from scripts._amanat.pricing import Paisa, rupees
from scripts._amanat.proof import Check
from scripts._amanat.statements import STATEMENT, Period, Statement, figures_row
from scripts._amanat.waterfall import Figures, Rule, Split, Tier, netted, waterfall

OPERATION = "declare_revenue"
CLASS = "RevenueShare"
FISCAL_AGENT, AUDITOR = "fiscal_agent", "auditor"
DECLARE = f"declare({STATEMENT},uint32,uint32,bytes)"
RESTATE = f"restate({STATEMENT},bytes)"


@dataclass(frozen=True)
class Declaring:
    """What is to be declared of a series, or restated.

    `signature`: the auditor's, where its key is not here.
    """

    series: str
    period: Period
    restates: bool = False
    signature: bytes | None = None


@dataclass(frozen=True)
class Told:
    """A declaration or a restatement as the series told it."""

    statement: Statement
    pool: int | None
    """What a declaration pays; None of a restatement."""
    record_day: int | None
    payment_day: int | None


def declare_revenue(wish: Declaring, *, command: str, inputs: tuple[Path, ...] = ()) -> Work:
    """Declare it once; `command` finishes the matter where somebody has to sign or to wait."""
    return Work(
        operation=OPERATION,
        wish=digest(wish),
        plan=lambda desk: _Act(desk, wish, command).plan(),
        verify=lambda desk: _Act(desk, wish, command).verify(),
        report=lambda desk: _Act(desk, wish, command).report(),
        left=lambda desk: _Act(desk, wish, command).plan().pending,
        inputs=inputs,
    )


class _Act:
    """One look at the chain, and what follows from it."""

    def __init__(self, desk: Desk, wish: Declaring, command: str) -> None:
        self._desk, self._wish, self._command = desk, wish, command
        self._programme = Programme(desk.chain, desk.record)

    # ---------------------------------------------------------------- what the chain says

    @cached_property
    def _series(self) -> Series:
        series = self._programme.find_series(self._wish.series)
        if series.class_name != CLASS:
            raise InputRefused(f"{series.id} is a {series.class_name}, which shares no revenue")
        return series

    @cached_property
    def _terms(self) -> Any:
        return self._programme.terms(self._series)

    @cached_property
    def _rule(self) -> Rule:
        stated = self._terms.waterfall
        order = tuple(Tier(tier) for tier in stated.order)
        return Rule(order, stated.share, stated.floor, stated.cap)

    @cached_property
    def _told(self) -> list[list[Told]]:
        """Every declaration with its restatements, in order."""
        since = self._desk.record.contracts["Programme"].block
        found = [
            [
                Told(
                    _statement(event.arguments["statement"]),
                    event.arguments["pool"],
                    event.arguments["recordDay"],
                    event.arguments["payDay"],
                )
            ]
            for event in self._series.token.events("Declared", since)
        ]
        for event in self._series.token.events("Restated", since):
            restated = Told(_statement(event.arguments["statement"]), None, None, None)
            found[event.arguments["number"]].append(restated)
        return found

    @cached_property
    def _known(self) -> list[Told]:
        """What was told of this period; nothing where it is not declared."""
        start, end = epoch_day(self._wish.period.start), epoch_day(self._wish.period.end)
        for told in self._told:
            first = told[0].statement
            if (first.period_start, first.period_end) == (start, end):
                return told
        return []

    @cached_property
    def _done(self) -> Told | None:
        """What stands already of what is wished; InputRefused where something else does."""
        if not self._known:
            return None
        standing = self._known[-1] if self._wish.restates else self._known[0]
        if self._is_wished(standing):
            return standing
        if self._wish.restates:
            return None
        raise InputRefused(
            f"{_span(self._wish.period)} was declared already, with other figures or days",
            what_to_do="To put other figures in their place, have them audited and signed, and run "
            "this with --restate.",
        )

    def _is_wished(self, told: Told) -> bool:
        period, days = self._wish.period, (told.record_day, told.payment_day)
        same = (told.statement.figures, told.statement.audited) == (period.figures, period.audited)
        wanted = _days(period)
        return same and (self._wish.restates or days == wanted)

    @cached_property
    def _statement(self) -> Statement:
        """What is signed: what stands, or what comes next."""
        if self._done:
            return self._done.statement
        if self._wish.restates:
            if not self._known:
                raise InputRefused(
                    f"{_span(self._wish.period)} is not declared, so nothing can be restated",
                    what_to_do=f"Declared are: {self._declared_spans()}.",
                )
            number = self._known[0].statement.number
            return self._wish.period.statement(number, len(self._known))
        return self._wish.period.statement(len(self._told), 0)

    @cached_property
    def _split(self) -> Split:
        """Where the gross goes: ours, which must be the series'."""
        figures = self._wish.period.figures
        ours = waterfall(figures, self._rule)
        theirs = tuple(self._series.token.read("waterfallOf", figures_row(figures)))
        if astuple(ours) != theirs:
            raise ProofFailed(f"the series computes another waterfall: {theirs}, not {ours}")
        return ours

    @cached_property
    def _carried(self) -> int:
        return int(self._series.token.read("carried"))

    @cached_property
    def _now(self) -> int:
        return self._desk.chain.now()

    # ---------------------------------------------------------------- the plan

    def plan(self) -> Plan:
        """One step, at once or scheduled; pending where the auditor has to sign elsewhere."""
        if self._done:
            return self._planned(Prepared(), f"done already: {_span(self._wish.period)}")
        statement = self._statement
        if not self._wish.restates:
            self._require_possible()
        signature = self._signature()
        if signature is None:
            what = f"sign the statement 0x{self._digest.hex()} of {self._series.id} (EIP-712)"
            command = f"{self._command} --signature 0x…"
            waits = Pending(what, f"the auditor {self._terms.auditor}", None, command)
            return self._planned(Prepared(pending=(waits,)), *self._notes())
        step = self._step(statement, signature)
        return self._planned(prepare(self._desk, step, command=self._command), *self._notes())

    def _planned(self, prepared: Prepared, *notes: str) -> Plan:
        return Plan(OPERATION, digest(self._wish), prepared.steps, notes, prepared.pending)

    def _step(self, statement: Statement, signature: bytes) -> Step:
        token, series = self._series.token, self._series.id
        span = _span(self._wish.period)
        if self._wish.restates:
            act = Call(token.address, token.artifact, RESTATE, (statement.row, signature))
            expects = f"{_signed(self._difference)} is carried to the next declaration"
            return Step(f"restate {span} of {series}", FISCAL_AGENT, act, expects)
        days = _days(self._wish.period)
        assert days, "required before"
        args = (statement.row, *days, signature)
        act = Call(token.address, token.artifact, DECLARE, args)
        pool, _ = netted(self._split.share, self._carried)
        return Step(
            f"declare {span} of {series}",
            FISCAL_AGENT,
            act,
            f"{rupees(Paisa(pool))} is shared at the record date",
        )

    @property
    def _difference(self) -> int:
        before = waterfall(self._known[-1].statement.figures, self._rule)
        return self._split.share - before.share

    def _notes(self) -> Iterator[str]:
        figures, split = self._wish.period.figures, self._split
        yield (
            f"{rupees(Paisa(figures.gross))} less operating costs "
            f"{rupees(Paisa(split.operating_costs))}, taxes and royalties "
            f"{rupees(Paisa(split.taxes_and_royalties))}, reserve {rupees(Paisa(split.reserve))} "
            f"leave {rupees(Paisa(split.net))}; the holders' share is {rupees(Paisa(split.share))}"
        )
        if self._wish.restates:
            carried = self._carried + self._difference
            yield f"with what was carried before, {_signed(carried)} goes to the next declaration"
        elif self._carried:
            pool, left = netted(split.share, self._carried)
            rest = f", and {_signed(left)} is carried on" if left else ""
            yield f"{_signed(self._carried)} was carried: {rupees(Paisa(pool))} is paid{rest}"

    # ---------------------------------------------------------------- the auditor's word

    @property
    def _digest(self) -> bytes:
        found: bytes = self._series.token.read("statementDigest", self._statement.row)
        return found

    def _signature(self) -> bytes | None:
        """The auditor's; None where its key is named on another machine."""
        if self._wish.signature is not None:
            return self._wish.signature
        try:
            signer = self._desk.signers[AUDITOR]
        except NotPermitted:
            return None
        if signer.address != self._terms.auditor:
            return None
        from scripts._amanat.trade_orders import digest_of

        token = self._series.token
        message = self._statement.message(
            self._desk.chain.chain_id, token.address, token.read("name")
        )
        if digest_of(message) != self._digest:
            raise ProofFailed("the series reads another statement than the one to be signed")
        return signer.sign_message(message)

    # ---------------------------------------------------------------- what the series would refuse

    def _require_possible(self) -> None:
        """InputRefused with everything that cannot be, before anybody signs anything."""
        faults = [*self._period_faults(), *self._day_faults()]
        if faults:
            raise InputRefused(f"{self._series.id} cannot declare this", faults)

    def _period_faults(self) -> Iterator[str]:
        period, token = self._wish.period, self._series.token
        expected = from_epoch_day(token.read("nextPeriodStart"))
        last = from_epoch_day(token.read("lastDay"))
        if period.start != expected:
            yield f"period.first: is {period.start}; next to declare is what begins on {expected}"
        if period.end > last:
            latest = last - timedelta(days=1)
            yield f"period.last: the term ends with {latest}"
        brings = period.start == period.end == last and self._carried > 0
        if period.start == period.end and not brings:
            yield "period: has no days, and nothing that is still carried for it to bring"
        if self._now < start_of_day_karachi(period.end):
            yield f"period.last: {period.end - timedelta(days=1)} is not over yet"

    def _day_faults(self) -> Iterator[str]:
        period = self._wish.period
        if period.record_day is None or period.payment_day is None:
            yield "record_day, payment_day: a declaration names both"
            return
        earliest, latest = self._record_days()
        if not earliest <= period.record_day <= latest:
            right = f"{earliest}" if earliest == latest else f"{earliest} to {latest}"
            yield f"record_day: is {period.record_day}; right: {right}"
        from_day = max(period.record_day, day_in_karachi(self._now))
        until = from_day + timedelta(days=self._terms.paymentDays)
        if not from_day <= period.payment_day <= until:
            yield f"payment_day: is {period.payment_day}; right: {from_day} to {until}"

    def _record_days(self) -> tuple[date, date]:
        """The first and the last day that can be a record date now."""
        last = from_epoch_day(self._series.token.read("lastDay"))
        if self._now >= start_of_day_karachi(last):
            return last, last
        notice = max(1, self._terms.recordNoticeDays)
        earliest = day_in_karachi(self._now) + timedelta(days=notice)
        taken = [told[0].record_day for told in self._told if told[0].record_day is not None]
        if taken:
            earliest = max(earliest, from_epoch_day(taken[-1]) + timedelta(days=1))
        return earliest, last - timedelta(days=1)

    def _declared_spans(self) -> str:
        spans = (
            f"{from_epoch_day(told[0].statement.period_start)} to "
            f"{from_epoch_day(told[0].statement.period_end) - timedelta(days=1)}"
            for told in self._told
        )
        return ", ".join(spans) or "none"

    # ---------------------------------------------------------------- the proof

    def verify(self) -> Sequence[Check]:
        """The declaration read back, and the sums that must hold over all of them."""
        if not self._done:
            return []  # promised for later
        token, statement = self._series.token, self._done.statement
        made = token.read("declaration", statement.number)
        pools = [told[0].pool or 0 for told in self._told]
        shares = [waterfall(told[-1].statement.figures, self._rule).share for told in self._told]
        checks = [
            Check("pools and what is carried = shares", sum(shares), sum(pools) + self._carried),
            Check(
                "days of the period",
                (statement.period_start, statement.period_end),
                (made.periodStart, made.periodEnd),
            ),
        ]
        if made.revision == statement.revision:
            checks += [
                Check("share by these figures", self._split.share, made.share),
                Check("audited statement", statement.audited, made.auditedHash),
            ]
        if not self._wish.restates:
            record_at = start_of_day_karachi(self._wish.period.record_day or date.max)
            checks += [
                Check("pool", self._done.pool, made.pool),
                Check("record date", record_at, made.recordAt),
            ]
        return checks

    def report(self) -> Mapping[str, Any]:
        """What stands, amounts in paisa."""
        statement = self._statement
        document: dict[str, Any] = {
            "series": self._series.id,
            "number": statement.number,
            "revision": statement.revision,
            "digest": "0x" + self._digest.hex(),
            "net": self._split.net,
            "share": self._split.share,
            "carried": self._carried,
        }
        if self._done:
            made = self._series.token.read("declaration", statement.number)
            document |= {"pool": made.pool, "record_at": made.recordAt}
        return document


def _statement(told: Any) -> Statement:
    """As an event gives it."""
    return Statement(
        told.number,
        told.revision,
        told.periodStart,
        told.periodEnd,
        Figures(*told.figures),
        told.auditedHash,
    )


def _days(period: Period) -> tuple[int, int] | None:
    """Record and payment day as the contract takes them; None where one is not named."""
    if period.record_day is None or period.payment_day is None:
        return None
    return epoch_day(period.record_day), epoch_day(period.payment_day)


def _span(period: Period) -> str:
    """`01-Oct-2025 to 31-Dec-2025`, for sentences."""
    if period.start == period.end:
        return f"the closing of {period.end:%d-%b-%Y}"
    return f"{period.start:%d-%b-%Y} to {period.end - timedelta(days=1):%d-%b-%Y}"


def _signed(paisa: int) -> str:
    sign = "less " if paisa < 0 else ""
    return sign + rupees(Paisa(abs(paisa)))
