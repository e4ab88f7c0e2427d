"""The stage of the pilot: a private chain, its clock, one desk, and a note of all that happened.

Everything that is done goes through `perform`, as the commands do it. What is noted here is what
the report tells afterwards; nothing on the stage knows what the play is about.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scripts._amanat.command import Desk, Outcome, Work, perform
from scripts._amanat.console import Console, instant
from scripts._amanat.errors import StillPending
from scripts._amanat.network import RpcError
from scripts._amanat.onchain import Contract, Programme, Series
from scripts._amanat.plan import Plan
from scripts._amanat.proof import Check
from scripts._amanat.restrictions import restriction_of, revert_of

if TYPE_CHECKING:
    from scripts._amanat.local_chain import LocalChain
    from scripts._amanat.plan import Pending

ENOUGH_GAS = 1_000_000  # for a transfer that is sent although it will be refused


@dataclass(frozen=True)
class Refusal:
    """A transfer that was tried and refused: what a wallet is told, and what the chain did."""

    topic: str
    tried: str
    code: int
    message: str
    error: str
    """The error that the call reverts with, with its values."""
    transaction: str
    """The transaction that was sent all the same, and failed."""
    agrees: bool
    """Code, call and transaction all refuse, and the error is the one that was foretold."""


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

    def show_proof(self, checks: Sequence[Check]) -> None:
        pass


class Stage:
    """What the play is played on."""

    def __init__(self, desk: Desk, chain: LocalChain, tell: Callable[[str], None]) -> None:
        self.desk, self._chain, self._tell = desk, chain, tell
        self.acts: list[Act] = []

    @cached_property
    def programme(self) -> Programme:
        """The programme's contracts, by name."""
        return Programme(self.desk.chain, self.desk.record)

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
        """One run of an operation, as its command runs it; what is pending is not waited for."""
        outcome = Outcome()
        try:
            perform(self.desk, work, outcome)
        except StillPending:
            pass
        finally:
            self._book(outcome)
        return outcome

    def finish(self, work: Work, *, done: str = "") -> Outcome:
        """Run an operation until nothing is pending that time alone can finish; then once more.

        The chain's clock is moved to where each delay ends. The last run must plan nothing.
        """
        outcome = self.do(work)
        while (moment := self._next_moment(outcome)) is not None:
            self.note(f"pending: {outcome.plan.pending[0].what}, from {instant(moment)}")  # type: ignore[union-attr]
            self.until(moment)
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

    def _next_moment(self, outcome: Outcome) -> int | None:
        pending = outcome.plan.pending if outcome.plan else ()
        moments = [each.from_when for each in pending if each.from_when]
        return min(moments) if moments else None

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
        sent, failed = self._send_anyway(series.token, sender, recipient, amount)
        agrees = failed and told.code == code and told.error_name == error
        refusal = Refusal(topic, tried, told.code, told.message, told.error, sent, agrees)
        self.current.refusals.append(refusal)
        self.check(
            f"refused: {topic}",
            (code, error, "failed"),
            (told.code, told.error_name, "failed" if failed else "passed"),
        )
        self._tell(f"      refused ({told.code}) {told.message}: {tried}")

    def _send_anyway(
        self, token: Contract, sender: str, recipient: str, amount: int
    ) -> tuple[str, bool]:
        """The hash of the transaction and whether it failed.

        The local node signs, because `execute` sends nothing that it has seen refused.
        """
        chain = self.desk.chain
        request = {
            **token.query("transfer", recipient, amount).request,
            "from": sender,
            "gas": hex(ENOUGH_GAS),
        }
        before = chain.height()
        try:
            sent = str(chain.request("eth_sendTransaction", request))
        except RpcError:  # Hardhat's node mines it, and answers with the error
            block = chain.request("eth_getBlockByNumber", hex(before + 1), False)
            sent = str(block["transactions"][0])
        receipt = chain.request("eth_getTransactionReceipt", sent)
        while receipt is None:
            receipt = chain.request("eth_getTransactionReceipt", sent)
        ran_short = int(receipt["gasUsed"], 16) >= ENOUGH_GAS
        return sent, int(receipt["status"], 16) == 0 and not ran_short

    def allowed(self, series: Series, sender: str, recipient: str, amount: int) -> bool:
        """Whether the very call would pass now."""
        return revert_of(series.token, sender, recipient, amount) == ("", b"")
