"""The stage of the programme: shown, widened by board and regulator, narrowed by the regulator.

Whatever is tightened is conformed at once as far as one transaction goes, and then page by page, by
anyone: until the last series lies within the stage, transfers and mints of all of them stand still.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from scripts._amanat.agreement import BOARD, REGULATOR, Agreement
from scripts._amanat.business_days import day_in_karachi
from scripts._amanat.command import Desk, Work
from scripts._amanat.console import instant
from scripts._amanat.countries import BY_NUMERIC, CountryCode
from scripts._amanat.delayed import Prepared, prepare
from scripts._amanat.errors import InputRefused
from scripts._amanat.investors import INVESTOR_CLASSES
from scripts._amanat.measures import ONE, worth
from scripts._amanat.network import RpcError
from scripts._amanat.onchain import Contract, Programme, Series
from scripts._amanat.plan import Call, Plan, Ref, Step, digest
from scripts._amanat.proof import Check
from scripts._amanat.stages import (
    CONFIRM,
    NARROW,
    PROPOSE,
    LimitValues,
    Stage,
    StageFile,
)
from scripts._amanat.yaml_files import read_model

OPERATION = "stage"
CONTRACT = "PilotStage"
ANYONE = "registrar"
PAGE = 50
"""Series conformed in one transaction: some 144,000 gas each where all their rules change."""
_SECOND = 1


def conform(*, command: str) -> Work:
    """Show the stage; where it is held, conform the series that are left."""
    return _work(None, narrow=False, command=command)


def move(path: Path, *, narrow: bool, command: str) -> Work:
    """Bring the programme to the stage and the limits of the file at `path`."""
    return _work(path, narrow=narrow, command=command)


def _work(path: Path | None, *, narrow: bool, command: str) -> Work:
    stated = read_model(path, StageFile) if path else None

    def act(desk: Desk) -> _Act:
        return _Act(desk, stated, narrow, command)

    return Work(
        operation=OPERATION,
        wish=digest((stated.model_dump(mode="python") if stated else None, narrow)),
        plan=lambda desk: act(desk).plan(),
        verify=lambda desk: act(desk).verify(),
        report=lambda desk: Standing(desk).report(),
        left=lambda desk: act(desk).plan().pending,
        inputs=(path,) if path else (),
    )


class Standing:
    """The stage as it stands, and what is used of it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.programme = Programme(desk.chain, desk.record)
        stage, limits = self.contract.read("current")
        self.stage, self.limits = Stage(stage), LimitValues.of(limits)
        self.done, self.total = self.contract.read("conformed")

    @property
    def contract(self) -> Contract:
        return self.programme[CONTRACT]

    @property
    def left(self) -> int:
        """Series that have still to be conformed; while there are any, everything stands still."""
        return int(self.total - self.done)

    @cached_property
    def series(self) -> list[Series]:
        return self.programme.series()

    def beyond(self) -> list[str]:
        """Series whose rules let through what the stage does not."""
        return [each.id for each in self.series if not self._is_within(each)]

    def _is_within(self, series: Series) -> bool:
        try:
            self.contract.read("requireWithin", series.address)
        except RpcError as answer:
            if not answer.is_revert:
                raise
            return False
        return True

    # ---------------------------------------------------------------- what is used

    def _dollars(self, series: Series, *amounts: int) -> list[int | None]:
        """US dollars of 18 decimals, rounded up, at the rate last set; None where there is none."""
        unit, content = series.token.read("measure")
        try:
            rate = self.programme["ReferenceRates"].read("rateOf", unit).rate
        except RpcError as answer:
            if not answer.is_revert:
                raise
            return [None for _ in amounts]
        return [worth(amount * content, rate) for amount in amounts]

    def used(self, series: Series) -> dict[str, Any]:
        """What one series uses of its limits; amounts in US dollars of 18 decimals."""
        balances = self.programme.balances(series.token, self.programme.accounts(series.token))
        held = {account: balance for account, balance in balances.items() if balance}
        records = self.programme.records(held)
        holdings: Counter[str] = Counter()
        for account, balance in held.items():
            holdings[records[account].investor] += balance
        largest = max(holdings.values(), default=0)
        outstanding, largest_holding = self._dollars(series, series.supply, largest)
        return {
            "series": series.id,
            "outstanding": outstanding,
            "largest_holding": largest_holding,
            "investors": len(holdings),
        }

    def report(self) -> dict[str, Any]:
        """Shown as tables, and returned for the JSON document."""
        used = [self.used(each) for each in self.series]
        total = sum(each["outstanding"] or 0 for each in used)
        console, limits = self._desk.console, self.limits
        console.say(f"Stage: {self.stage.label}{self._hold()}")
        console.show_table("Limits", [{"limit": n, "most": v} for n, v in in_words(limits)])
        most = limits.per_series, limits.holding
        console.show_table("Used", [_used_row(each, *most, limits.investors) for each in used])
        console.say(f"Outstanding in total: {_share(total, limits.total)}")
        return {
            "stage": self.stage.label,
            "limits": limits._asdict(),
            "held": self.left != 0,
            "ended": bool(limits.ends_at) and limits.ends_at <= self._desk.chain.now(),
            "outstanding": total,
            "series": used,
        }

    def _hold(self) -> str:
        if self.left:
            return f"; everything stands still until {self.left} series are conformed"
        end = self.limits.ends_at
        return f"; it ended on {instant(end)}" if 0 < end <= self._desk.chain.now() else ""


class _Act:
    """One look at the chain, and what follows from it."""

    def __init__(self, desk: Desk, stated: StageFile | None, narrow: bool, command: str) -> None:
        self._desk, self._stated, self._narrow, self._command = desk, stated, narrow, command
        self._found = Standing(desk)

    @cached_property
    def _wanted(self) -> tuple[Stage, LimitValues]:
        if self._stated is None:
            return self._found.stage, self._found.limits
        return self._stated.stage, self._stated.values

    @property
    def _is_done(self) -> bool:
        """An end that had passed when it was set is the moment of the setting."""
        (stage, limits), found = self._wanted, self._found
        if (stage, limits) == (found.stage, found.limits):
            return True
        ends = (limits.ends_at, found.limits.ends_at)
        both_past = self._narrow and all(0 < end <= self._desk.chain.now() for end in ends)
        same = limits._replace(ends_at=0) == found.limits._replace(ends_at=0)
        return both_past and same and stage == found.stage

    # ---------------------------------------------------------------- the plan

    def plan(self) -> Plan:
        """What is missing; what another has to do, or what waits, is pending."""
        found, left = Prepared(), self._found.left
        if not self._is_done:
            self._require_fit()
            found = self._narrowing() if self._narrow else self._widening()
            left = len(self._found.series) - PAGE if self._tightens else left - PAGE
        steps = found.steps if found.pending else (*found.steps, *self._conforming(left))
        wish = digest((*self._wanted, self._narrow))
        return Plan(OPERATION, wish, steps, self._notes(), found.pending)

    @property
    def _tightens(self) -> bool:
        return not self._found.limits.is_within(self._wanted[1])

    def _narrowing(self) -> Prepared:
        step = self._step("narrow the stage", REGULATOR, NARROW, (self._wanted[1], PAGE), "at once")
        return prepare(self._desk, step, command=self._command)

    def _widening(self) -> Prepared:
        stage, limits = self._wanted
        contract = self._found.contract
        agreement = Agreement(
            subject=contract.read("SUBJECT"),
            content=bytes.fromhex(self._content),
            proposing=self._step(
                f"propose the stage {stage.label}",
                BOARD,
                PROPOSE,
                (stage, limits),
                "the regulator can confirm it within seven days",
            ),
            confirming=self._step(
                f"confirm the stage {stage.label}",
                REGULATOR,
                CONFIRM,
                (stage, limits, PAGE),
                "it is in force",
            ),
        )
        return agreement.prepared(self._desk, contract, command=self._command)

    def _conforming(self, left: int) -> Iterator[Step]:
        for page, at in enumerate(range(0, left, PAGE)):
            yield Step(
                f"conform the rules of {min(PAGE, left - at)} series",
                ANYONE,
                Call(Ref(CONTRACT), CONTRACT, "conform(uint256)", (PAGE,)),
                "they lie within the stage",
                key=f"{self._content}:{page}",
            )

    def _step(
        self, title: str, role: str, signature: str, args: tuple[Any, ...], expects: str
    ) -> Step:
        call = Call(Ref(CONTRACT), CONTRACT, signature, args)
        return Step(title, role, call, expects, key=self._content)

    @cached_property
    def _content(self) -> str:
        """Differs with every change of the stage: what is done again later is another act."""
        found: bytes = self._found.contract.read("proposalOf", *self._wanted)
        return found.hex()

    def _require_fit(self) -> None:
        """What the contract would refuse, told before anything is sent."""
        (stage, limits), found = self._wanted, self._found
        if self._narrow:
            wider = looser(limits, found.limits)
            if stage != found.stage:
                raise InputRefused(
                    f"the programme is in the stage {found.stage.label}: a stage "
                    "that is narrowed stays the same"
                )
            if wider:
                raise InputRefused(
                    f"this would loosen: {', '.join(wider)}",
                    what_to_do="Leave out --narrow: board and regulator widen a stage together.",
                )
        elif not found.stage <= stage <= found.stage + 1:
            raise InputRefused(
                f"from {found.stage.label} there is no way to {stage.label}",
                what_to_do="A stage goes one step on: sandbox, pilot, expansion, full.",
            )
        elif 0 < limits.ends_at <= self._desk.chain.now():
            raise InputRefused(f"last_day: {day_in_karachi(limits.ends_at - _SECOND)} has passed")

    def _notes(self) -> tuple[str, ...]:
        if self._is_done or not self._tightens:
            return ()
        return (
            f"transfers of all series stand still until the rules of {len(self._found.series)} "
            "lie within the stage; who holds more than a new limit keeps it",
        )

    # ---------------------------------------------------------------- the proof

    def verify(self) -> Sequence[Check]:
        """The stage read back, and every series within it; nothing while others have to act."""
        if not self._is_done:
            return []
        found = self._found
        end, registry = found.limits.ends_at, found.programme["IdentityRegistry"]
        return [
            Check("the stage", self._wanted[0].label, found.stage.label),
            Check("series that are not conformed", 0, found.left),
            Check("series beyond the stage", [], found.beyond()),
            Check("the stage's end in the registry", end, registry.read("stageEnd")),
        ]


def looser(limits: LimitValues, most: LimitValues) -> list[str]:
    """Names of the limits that are looser than those."""
    alone = ((name, LimitValues()._replace(**{name: getattr(most, name)})) for name in most._fields)
    return [name for name, one in alone if not limits.is_within(one)]


def in_words(limits: LimitValues) -> list[tuple[str, str]]:
    """Every limit as people read it."""
    classes = [name for name, code in INVESTOR_CLASSES.items() if limits.classes >> code & 1]
    countries = [BY_NUMERIC[CountryCode(code)].alpha_2 for code in limits.countries]
    end = limits.ends_at
    return [
        ("outstanding of a series", dollars(limits.per_series)),
        ("outstanding in total", dollars(limits.total)),
        ("one investor's holding of a series", dollars(limits.holding)),
        ("one transfer or mint", dollars(limits.transaction)),
        ("investors of a series", f"{limits.investors:,}" if limits.investors else "-"),
        ("classes of investors", ", ".join(classes) or "-"),
        ("countries", ", ".join(countries) or "-"),
        ("last day", str(day_in_karachi(end - _SECOND)) if end else "-"),
    ]


def dollars(amount: int | None) -> str:
    """US dollars to the cent, rounded up; a stroke where nothing is limited."""
    if not amount:
        return "-"
    cents = -(-amount * 100 // ONE)
    return f"USD {cents // 100:,}.{cents % 100:02}"


def _share(used: int | None, most: int) -> str:
    if used is None:
        return "has no rate"
    shown = dollars(used) if used else "USD 0.00"
    return f"{shown} of {dollars(most)}" if most else shown


def _used_row(used: Mapping[str, Any], per_series: int, holding: int, most: int) -> dict[str, str]:
    counted = f"{used['investors']:,}"
    return {
        "series": used["series"],
        "outstanding": _share(used["outstanding"], per_series),
        "largest holding": _share(used["largest_holding"], holding),
        "investors": f"{counted} of {most:,}" if most else counted,
    }
