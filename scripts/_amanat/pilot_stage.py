"""The stage of the pilot: a private chain, its clock, one desk, and a note of all that happened.

Everything that is done goes through `perform`, as the commands do it. What is noted here is what
the report tells afterwards; nothing on the stage knows what the play is about.
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scripts._amanat.command import Desk, Outcome, Work, perform
from scripts._amanat.console import Console, instant
from scripts._amanat.cosigning import cosign
from scripts._amanat.errors import InputRefused, StillPending
from scripts._amanat.network import RpcError
from scripts._amanat.onchain import Programme, Query, Series
from scripts._amanat.plan import Plan
from scripts._amanat.proof import Check
from scripts._amanat.restrictions import Restriction, restriction_of

if TYPE_CHECKING:
    from scripts._amanat.execute import Done
    from scripts._amanat.local_chain import LocalChain
    from scripts._amanat.plan import Pending

ENOUGH_GAS = 1_000_000  # for a transfer that is sent although it will be refused
MOST_DELAYS = 3  # of one operation: an officer's, a window's, and one to spare
PROPOSALS = Path(".build/pilot-proposals")
"""What Safes were to do, as their owners reviewed it."""


@dataclass(frozen=True)
class Refusal:
    """What was tried and refused: what a wallet is told, and what the chain did."""

    topic: str
    tried: str
    code: int | None
    """As ERC-1404 tells it; None where no security refused."""
    message: str
    error: str
    """The error that the call reverts with, with its values."""
    transaction: str
    """The transaction that was sent all the same."""
    own_error: str
    """The error that the transaction itself reverted with, read from its trace."""
    agrees: bool
    """Code and error are those foretold, and the transaction failed with the same one."""


@dataclass
class Act:
    """One scene, in the order of the chain's clock."""

    title: str
    began: int = 0  # Unix seconds of the chain
    lines: list[str] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    transactions: int = 0
    gas: int = 0
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        """True where every check of the act holds."""
        return all(check.ok for check in self.checks)


class StageConsole(Console):
    """Shows progress and says nothing else: the report tells what happened."""

    def say(self, text: str) -> None:
        pass

    def show_plan(self, plan: Plan, rows: Sequence[Mapping[str, str]]) -> None:
        pass

    def show_pending(self, pending: Sequence[Pending]) -> None:
        pass

    def show_table(self, title: str, rows: Sequence[Mapping[str, str]]) -> None:
        pass

    def show_proof(self, checks: Sequence[Check]) -> None:
        pass

    @contextmanager
    def progress(self, total: int, title: str) -> Iterator[Callable[[Done], None]]:
        """A bar where somebody watches; nothing where the output goes into a file."""
        if not self._rich.is_terminal:
            yield lambda done: None
            return
        with super().progress(total, title) as advance:
            yield advance


class Stage:
    """What the play is played on."""

    def __init__(self, desk: Desk, chain: LocalChain, tell: Callable[[str], None]) -> None:
        self.desk, self._chain, self._tell = desk, chain, tell
        self.acts: list[Act] = []
        self.cosigners: Sequence[str] = ()
        """Development keys that sign for a Safe; as many as it asks for."""

    @cached_property
    def programme(self) -> Programme:
        """The programme's contracts, by name."""
        return Programme(self.desk.chain, self.desk.record)

    @property
    def local_chain(self) -> LocalChain:
        """The node, whose accounts send without a key."""
        return self._chain

    def use_programme(self, path: Path) -> None:
        """From now on the commands are given this programme file."""
        desk = copy(self.desk)
        desk.options = replace(desk.options, programme=path)
        for read in ("programme", "programme_file", "signers"):
            desk.__dict__.pop(read, None)
        self.desk = desk

    # ---------------------------------------------------------------- the clock

    @property
    def now(self) -> int:
        """The chain's clock, in Unix seconds."""
        return self.desk.chain.now()

    def until(self, moment: int) -> None:
        """Move the chain's clock on to a moment, never back."""
        if moment > self.now:
            self._chain.advance_to(moment)

    # ---------------------------------------------------------------- acts

    @contextmanager
    def act(self, title: str) -> Iterator[Act]:
        """One scene; it is told when it ends."""
        act = Act(title, began=self.now)
        self.acts.append(act)
        self._tell(f"\n{len(self.acts):2}. {instant(act.began)[:11]}  {title}")
        started = time.monotonic()
        yield act
        act.seconds = time.monotonic() - started

    @property
    def current(self) -> Act:
        """The act that is being played."""
        return self.acts[-1]

    def note(self, line: str) -> None:
        """What the report says of the act."""
        self.current.lines.append(line)
        self._tell(f"      {line}")

    def check(self, name: str, expected: Any, found: Any) -> None:
        """A fact that the play itself asserts."""
        self._take([Check(name, expected, found)])

    def _take(self, checks: Iterable[Check]) -> None:
        for check in checks:
            self.current.checks.append(check)
            if not check.ok:
                self._tell(
                    f"      FAILED {check.name}: expected {check.expected}, found {check.found}"
                )

    # ---------------------------------------------------------------- doing

    def do(self, work: Work) -> Outcome:
        """One run of an operation, as its command runs it; what is pending is not waited for.

        What a Safe holds is proposed to it, signed by its owners and executed, before a last look.
        """
        outcome = self._run(self.desk, work)
        if self._is_for_a_safe(outcome):
            self._have_signed(work)
            outcome = self._run(self.desk, work)
        return outcome

    def _run(self, desk: Desk, work: Work) -> Outcome:
        outcome = Outcome()
        try:
            perform(desk, work, outcome)
        except StillPending:
            pass
        finally:
            self._book(outcome)
        return outcome

    # ---------------------------------------------------------------- two people

    def _is_for_a_safe(self, outcome: Outcome) -> bool:
        steps = outcome.plan.steps if outcome.plan else ()
        return any(not self.desk.signers.acts_here(step.role) for step in steps)

    def _have_signed(self, work: Work) -> None:
        """`--propose` writes a file; one owner's signature is too few, and two execute it."""
        proposing = copy(self.desk)
        proposing.options = replace(self.desk.options, propose=self.desk.options.root / PROPOSALS)
        for proposal in self._run(proposing, work).proposals:
            path, first = Path(proposal["file"]), self.cosigners[0]
            try:
                perform(self.desk, cosign(path, [first], command=""))
                alone = "executed"
            except InputRefused:
                alone = "refused"
            self.check("a proposal that one owner alone has signed", "refused", alone)
            self._run(self.desk, cosign(path, self.cosigners, command="ape run cosign"))
            signed = " and ".join(each.replace("_", " ") for each in self.cosigners)
            calls = ", ".join(call.partition("(")[0] for call in proposal["calls"])
            self.note(f"a Safe acts, signed by {signed}: {calls}")

    def finish(self, work: Work, *, done: str = "") -> Outcome:
        """Run an operation until nothing is pending that time alone can finish; then once more.

        The chain's clock is moved to where each delay ends. The last run must plan nothing.
        """
        outcome = self.do(work)
        for _ in range(MOST_DELAYS):
            if (waiting := self._next(outcome)) is None:
                break
            self.note(f"pending: {waiting.what}, from {instant(waiting.from_when or 0)}")
            self.until(waiting.from_when or 0)
            outcome = self.do(work)
        self.check_nothing_is_left(work)
        if done:
            self.note(done)
        return outcome

    def check_nothing_is_left(self, work: Work) -> None:
        """A finished operation, run again, plans no steps."""
        assert work.plan is not None
        steps = [step.title for step in work.plan(self.desk).steps]
        self.check(f"{work.operation}: steps of a second run", [], steps)

    def _next(self, outcome: Outcome) -> Pending | None:
        """What time alone will make possible first."""
        pending = outcome.plan.pending if outcome.plan else ()
        timed = [each for each in pending if each.from_when]
        return min(timed, key=lambda each: each.from_when or 0, default=None)

    def _book(self, outcome: Outcome) -> None:
        act = self.current
        act.transactions += len(outcome.done)
        act.gas += sum(done.gas_used for done in outcome.done)
        self._take(outcome.checks)

    # ---------------------------------------------------------------- being refused

    def refused(
        self,
        topic: str,
        tried: str,
        series: Series,
        sender: str,
        recipient: str,
        amount: int,
        *,
        code: int,
        error: str,
    ) -> None:
        """Try a transfer that must be refused: ask first, as a wallet does, then send all the same.

        `code` and `error` are what the play foretells; question, call and transaction must agree.
        """
        told = restriction_of(series.token, sender, recipient, amount)
        anyway = series.token.query("transfer", recipient, amount)
        self.check(f"refused: {topic}", (code, error), (told.code, told.error_name))
        self.sent_in_vain(topic, tried, told, (code, error), anyway, sender)
        self.note(f"refused ({told.code}) {told.message}: {tried}")

    def sent_in_vain(
        self,
        topic: str,
        tried: str,
        told: Restriction,
        foretold: tuple[int, str],
        anyway: Query,
        sender: str,
    ) -> None:
        """Send what was just told to be refused: it must fail with the error that is foretold."""
        sent = self._send(anyway, sender)
        own = self._own_error(sent)
        # Names alone: an error may carry the second in which its window ends.
        own_name = own.split("(")[0]
        code, error = foretold
        agrees = (told.code, told.error_name, own_name) == (code, error, error)
        refusal = Refusal(
            topic, tried, told.code or None, told.message, told.error, sent, own, agrees
        )
        self.current.refusals.append(refusal)
        self.check(f"the transaction's own error: {topic}", error, own_name)

    def answer(self, query: Query, sender: str) -> str:
        """The decoded error that a call would revert with; empty where it would pass."""
        revert = self.desk.chain.revert_of({**query.request, "from": sender})
        return self.desk.artifacts.explain_revert(revert.data) if revert else ""

    def _send(self, anyway: Query, sender: str) -> str:
        """The hash of the transaction; a block holds it.

        The local node signs, because `execute` sends nothing that it has seen refused.
        """
        chain = self.desk.chain
        request = {**anyway.request, "from": sender, "gas": hex(ENOUGH_GAS)}
        before = chain.height()
        try:
            return str(chain.request("eth_sendTransaction", request))
        except RpcError:  # Hardhat's node mines it, and answers with the error
            block = chain.request("eth_getBlockByNumber", hex(before + 1), False)
            return str(block["transactions"][0])

    def _own_error(self, sent: str) -> str:
        """What a transaction reverted with, read from its trace; empty where it succeeded."""
        receipt = self._chain.receipt(sent)
        if int(receipt["status"], 16) == 1:
            return ""
        trace = self.desk.chain.request("debug_traceTransaction", sent, {"tracer": "callTracer"})
        return self.desk.artifacts.explain_revert(bytes.fromhex(trace.get("output", "0x")[2:]))


def work_of(command: click.Command, desk: Desk, **options: Any) -> Work:
    """What a command file makes of its options, past its command line; defaults for the others."""
    assert command.callback is not None
    prepare = inspect.unwrap(command.callback)
    wanted = list(inspect.signature(prepare).parameters)[1:]
    context = click.Context(command)
    defaults = {
        parameter.name: parameter.type_cast_value(context, parameter.get_default(context))
        for parameter in command.params
        if parameter.name in wanted
    }
    work: Work = prepare(desk, **{**defaults, **options})
    return work
