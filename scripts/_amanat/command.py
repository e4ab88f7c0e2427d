"""What every operator command has in common, from its options to its exit code.

A command file parses its own options and answers with a `Work`: how to plan it and how to verify
it. Everything else happens here, always in the same order: read the inputs, reach the chain, bring
to an end what an earlier run left, plan, show, confirm, execute, read back, record.

This module is imported by every command on every `ape run`, so it imports next to nothing itself.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from scripts._amanat.errors import AmanatError, ChainRefused, InputRefused, StillPending

if TYPE_CHECKING:
    from scripts._amanat.console import Console
    from scripts._amanat.execute import Done, Executor, Patience
    from scripts._amanat.journal import Journal
    from scripts._amanat.network import Chain
    from scripts._amanat.plan import Artifacts, Decoded, Pending, Plan, Ref, Step
    from scripts._amanat.programme import ProgrammeFile
    from scripts._amanat.proof import Check
    from scripts._amanat.record import Record
    from scripts._amanat.signers import Signers

RECORDS = ".records"


@dataclass(frozen=True)
class Options:
    """The options that every command takes."""

    network: str | None = None
    programme: Path | None = None
    dry_run: bool = False
    yes: bool = False
    as_json: bool = False
    propose: Path | None = None
    """Where the steps of a Safe are written, for its owners; nothing is sent."""
    root: Path = field(default_factory=Path.cwd)


class Desk:
    """What an operator works with on one chain; each part is made when it is first asked for."""

    def __init__(self, options: Options, chain: Chain | None = None) -> None:
        self.options = options
        self.journal_read: Journal | None = None
        """As far as this process has read it."""
        if chain is not None:
            self.chain = chain

    @cached_property
    def console(self) -> Console:
        """Where things are shown and asked."""
        from scripts._amanat.console import Console

        return Console(as_json=self.options.as_json, assume_yes=self.options.yes)

    @cached_property
    def programme(self) -> Mapping[str, Any]:
        """The programme file as it was read; empty where none was given."""
        if self.options.programme is None:
            return {}
        import yaml  # type: ignore[import-untyped]

        content = yaml.safe_load(self.options.programme.read_text("utf-8-sig"))
        if not isinstance(content, dict):
            raise InputRefused(f"{self.options.programme} is not a mapping of names to values")
        return content

    @cached_property
    def chain(self) -> Chain:
        """The chain of --network; WrongChain where the programme file is for another."""
        from scripts._amanat.network import connect

        expected = None if self.options.network is None else self.programme.get("chain_id")
        return connect(self.options.network, root=self.options.root, expect_chain_id=expected)

    @cached_property
    def record(self) -> Record:
        """What stands on this chain."""
        from scripts._amanat.record import Record

        return Record.of(self.chain, self.options.root / RECORDS)

    @cached_property
    def programme_file(self) -> ProgrammeFile | None:
        """The programme file as it is meant; InputProblems with everything that is wrong in it."""
        from scripts._amanat.programme import read_programme

        return read_programme(self.options.programme) if self.options.programme else None

    @cached_property
    def signers(self) -> Signers:
        """Who signs for which role."""
        from scripts._amanat.signers import DEVELOPMENT_ROLES, Signers

        file = self.programme_file
        return Signers(
            self.chain,
            file.signers if file else None,
            DEVELOPMENT_ROLES,
            seats=file.seats if file else None,
        )

    @cached_property
    def artifacts(self) -> Artifacts:
        """The compiled contracts."""
        from scripts._amanat.plan import Compiled

        return Compiled()

    @cached_property
    def patience(self) -> Patience:
        """From AMANAT_CONFIRMATIONS and AMANAT_MAX_FEE_GWEI, else the defaults."""
        from scripts._amanat.execute import Patience
        from scripts._amanat.fees import CEILING, GWEI

        return Patience(
            confirmations=_whole_number("AMANAT_CONFIRMATIONS", 0),
            fee_ceiling=_whole_number("AMANAT_MAX_FEE_GWEI", CEILING // GWEI) * GWEI,
        )

    @property
    def journal(self) -> Journal:
        """What was signed for this chain, as it stands: for looking only."""
        from scripts._amanat.journal import Journal

        self.journal_read = Journal.read(self.record.folder, known=self.journal_read)
        return self.journal_read

    def executor(self, journal: Journal) -> Executor:
        """What signs and sends, under the lock that the journal holds."""
        from scripts._amanat.execute import Executor

        return Executor(
            self.chain, self.signers, self.artifacts, self.record, journal, patience=self.patience
        )


@dataclass(frozen=True)
class Work:
    """What one command wants done. Without `plan` it only reads."""

    operation: str
    wish: str = ""  # `plan.digest` of everything asked for
    plan: Callable[[Desk], Plan] | None = None
    verify: Callable[[Desk], Sequence[Check]] = lambda desk: ()
    report: Callable[[Desk], Mapping[str, Any]] = lambda desk: {}
    left: Callable[[Desk], Sequence[Pending]] | None = None
    """What is still pending once the steps stand, where only the chain can then say it."""
    inputs: tuple[Path, ...] = ()


@dataclass
class Outcome:
    """What became of a piece of work."""

    plan: Plan | None = None
    rows: list[dict[str, str]] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    checks: Sequence[Check] = ()
    report: Mapping[str, Any] = field(default_factory=dict)
    proposals: Sequence[Mapping[str, Any]] = ()

    @property
    def is_begun(self) -> bool:
        """True once the chain has been read."""
        return self.plan is not None or bool(self.checks)

    def document(self, desk: Desk) -> dict[str, Any]:
        """What the JSON document of `--json` says of it."""
        plan = self.plan
        return {
            "chain_id": desk.chain.chain_id,
            "dry_run": desk.options.dry_run,
            "plan": self.rows,
            "notes": list(plan.notes) if plan else [],
            "sent": [asdict(each) for each in self.done],
            "proposals": list(self.proposals),
            "pending": [asdict(each) for each in plan.pending] if plan else [],
            "proof": [{**asdict(check), "ok": check.ok} for check in self.checks],
            **self.report,
        }


def operation(summary: str, *, example: str) -> Callable[[Callable[..., Work]], click.Command]:
    """Make a command of a function that turns its own options into a `Work`.

    The function's first argument is the `Desk`; nothing on it is touched before it is used, so
    inputs are read and refused before any node is asked.
    """

    def decorate(prepare: Callable[..., Work]) -> click.Command:
        @functools.wraps(prepare)
        def invoke(**given: Any) -> None:
            desk = Desk(_take_options(given))
            click.get_current_context().exit(conduct(desk, lambda: prepare(desk, **given)))

        command = click.command(
            name="cli", help=summary, epilog=f"\b\nExample:\n  {example}", no_args_is_help=False
        )(invoke)
        command.params += _shared_options()
        return command

    return decorate


def conduct(desk: Desk, prepare: Callable[[], Work]) -> int:
    """Do the work and answer with the exit code.

    Errors are told in words, on standard error and in the JSON document, and as tracebacks only
    where AMANAT_DEBUG is set.
    """
    outcome = Outcome()
    document: dict[str, Any] = {}
    error: AmanatError | None = None
    try:
        work = prepare()
        document["operation"] = work.operation
        perform(desk, work, outcome)
    except AmanatError as expected:
        error = expected
    except Exception as fault:
        error = _explained(desk, fault)
        error.__cause__ = fault
    if error is None or outcome.is_begun:
        document |= outcome.document(desk)
    if error is not None:
        document["error"] = _error_document(error)
    desk.console.emit(document)
    return 0 if error is None else _tell(desk, error)


def perform(desk: Desk, work: Work, outcome: Outcome | None = None) -> Outcome:
    """The way of every operation. Raises what goes wrong, StillPending where something is left.

    `outcome` is filled as far as things went, also where an error ends them.
    """
    from scripts._amanat.proof import require

    outcome = outcome or Outcome()
    desk.record.check(desk.chain)
    _name_addresses(desk)
    if work.plan is None:
        _refuse_to_propose(desk, work)
        _read_back(desk, work, outcome)
        require(outcome.checks)
        return outcome
    if desk.options.dry_run:
        _rehearse(desk, work, outcome)
        return outcome
    if desk.options.propose is None:
        _act(desk, work, outcome)
    else:
        _propose(desk, work, outcome, desk.options.propose)
    _read_back(desk, work, outcome)
    _close(desk, outcome, "failed" if any(not check.ok for check in outcome.checks) else None)
    require(outcome.checks)
    if outcome.plan and outcome.plan.pending:
        raise StillPending(f"{work.operation}: {len(outcome.plan.pending)} things are pending")
    return outcome


def _rehearse(desk: Desk, work: Work, outcome: Outcome) -> None:
    from scripts._amanat.simulate import Simulator

    if open_slots := desk.journal.open_slots():
        desk.console.show_unfinished(open_slots)
    plan = _show(desk, work, outcome)
    simulator = Simulator(desk.chain, desk.signers, desk.artifacts, desk.record)
    tried = simulator.try_plan(plan)
    desk.console.say(f"Dry run: {tried} of {len(plan.steps)} steps simulated, nothing was sent.")


def _refuse_to_propose(desk: Desk, work: Work) -> None:
    if desk.options.propose is not None:
        raise InputRefused(f"{work.operation} only reads: there is nothing to propose")


def _propose(desk: Desk, work: Work, outcome: Outcome, folder: Path) -> None:
    """The steps, tried and written for the Safe's owners; nothing to read back before they act."""
    from scripts._amanat.journal import Journal
    from scripts._amanat.options import this_command
    from scripts._amanat.proposals import hand_over
    from scripts._amanat.simulate import Simulator

    if open_slots := Journal.read(desk.record.folder).open_slots():
        desk.console.show_unfinished(open_slots)
    plan = _show(desk, work, outcome)
    if not plan.steps:
        return
    Simulator(desk.chain, desk.signers, desk.artifacts, desk.record).try_plan(plan)
    handed = hand_over(desk, plan, folder, this_command(desk, sends=True))
    outcome.proposals = handed.proposals
    _leave(desk, outcome, handed.pending)


def _leave(desk: Desk, outcome: Outcome, pending: Sequence[Pending]) -> NoReturn:
    """End here: what comes next is for others, and the chain cannot read as wished before it."""
    assert outcome.plan is not None
    outcome.plan = replace(outcome.plan, pending=tuple(pending))
    desk.console.show_pending(outcome.plan.pending)
    _close(desk, outcome, None)
    raise StillPending(f"{outcome.plan.operation}: {len(pending)} things are pending")


def _act(desk: Desk, work: Work, outcome: Outcome) -> None:
    """Send what has a key here, up to the first step that has none."""
    from scripts._amanat.options import this_command
    from scripts._amanat.proposals import left_to_others

    left = _send(desk, work, outcome)
    if left:
        command = this_command(desk, sends=True) + " --propose FOLDER"
        assert outcome.plan is not None
        _leave(desk, outcome, [*left_to_others(desk, left, command), *outcome.plan.pending])


def _send(desk: Desk, work: Work, outcome: Outcome) -> Sequence[Step]:
    """The steps that are left to others."""
    from scripts._amanat.journal import Journal

    folder, outlives = desk.record.folder, not desk.chain.is_local
    held = Journal.held(folder, outlives_machine=outlives, known=desk.journal_read)
    with held as journal:
        desk.journal_read = journal
        executor = desk.executor(journal)
        if unfinished := executor.unfinished():
            desk.console.show_unfinished(unfinished)
            desk.console.confirm("These are finished before anything is planned.")
            executor.settle()
        plan = _show(desk, work, outcome)
        here = [*takewhile(lambda step: desk.signers.acts_here(step.role), plan.steps)]
        left = plan.steps[len(here) :]
        if not here:
            return left
        plan = replace(plan, steps=tuple(here))
        executor.simulate(plan)
        desk.console.confirm(
            f"{len(plan.steps)} transactions on chain {desk.chain.chain_id} ({desk.chain.host})."
        )
        with desk.console.progress(len(plan.steps), plan.operation) as advance:

            def note(done: Done) -> None:
                outcome.done.append(done)
                advance(done)

            executor.execute(plan, inputs=work.inputs, progress=note)
        return left


def _show(desk: Desk, work: Work, outcome: Outcome) -> Plan:
    assert work.plan is not None
    outcome.plan = work.plan(desk)
    outcome.rows = [_row(desk, number, step) for number, step in enumerate(outcome.plan.steps, 1)]
    desk.console.show_plan(outcome.plan, outcome.rows)
    return outcome.plan


def _read_back(desk: Desk, work: Work, outcome: Outcome) -> None:
    outcome.checks = work.verify(desk)
    outcome.report = work.report(desk)
    desk.console.show_proof(outcome.checks)
    if work.left is not None and outcome.plan is not None:
        before = outcome.plan.pending
        outcome.plan = replace(outcome.plan, pending=tuple(work.left(desk)))
        if outcome.plan.pending != before:
            desk.console.show_pending(outcome.plan.pending)


def _close(desk: Desk, outcome: Outcome, failed: str | None) -> None:
    """The record learns how the operation ended, where it has an entry for it."""
    plan = outcome.plan
    if plan is None:
        return
    result = failed or ("pending" if plan.pending else "done")
    for entry in desk.record.operations:
        if (entry.operation, entry.wish) == (plan.operation, plan.wish) and entry.result != "done":
            desk.record.finish(entry, result)


def _row(desk: Desk, number: int, step: Step) -> dict[str, str]:
    """One line of the plan, its arguments decoded from the calldata itself (pitfall 36)."""
    from scripts._amanat.plan import Deployment, decode, encode

    deploys = isinstance(step.act, Deployment)
    data = encode(step, desk.artifacts, lambda ref: _address_or_stand_in(desk, ref))
    decoded = decode(data, step.act.artifact, desk.artifacts, deploys=deploys)
    return {
        "#": str(number),
        "step": step.title,
        "signs": step.role,
        "does": step.subject,
        "with": _in_words(desk, decoded),
        "then": step.expects,
        "signer": desk.signers[step.role].address,
        "data": "0x" + data.hex(),
    }


def _in_words(desk: Desk, decoded: Decoded) -> str:
    """Arguments as people read them; of a call that is only scheduled, that call's own."""
    from scripts._amanat.delayed import scheduled_call

    if (inner := scheduled_call(decoded)) is None:
        return desk.console.sentence(decoded)
    target = dict(decoded.args)["target"]
    name = inner.function.split("(")[0]
    return f"{desk.console.words(target)}: {name}: {desk.console.sentence(inner)}"


def _address_or_stand_in(desk: Desk, ref: Ref) -> str:
    """An address to encode with, for a contract that has none yet; tables show its name."""
    from eth_utils.crypto import keccak

    from scripts._amanat.plan import NotDeployed

    try:
        return desk.record.resolve(ref)
    except NotDeployed:
        stand_in = "0x" + keccak(text=ref.name)[12:].hex()
        desk.console.names[stand_in] = f"<{ref.name}, to be deployed>"
        return stand_in


def _name_addresses(desk: Desk) -> None:
    for name, contract in desk.record.contracts.items():
        desk.console.names[contract.address.lower()] = name


def _tell(desk: Desk, error: AmanatError) -> int:
    if os.environ.get("AMANAT_DEBUG"):
        raise error
    desk.console.show_error(error)
    return error.exit_code


def _explained(desk: Desk, fault: Exception) -> AmanatError:
    """A contract that would not even be read says why; anything else is a fault of ours."""
    from scripts._amanat.network import RpcError

    if isinstance(fault, RpcError) and fault.data:
        return ChainRefused(fault.method, desk.artifacts.explain_revert(fault.data), fault.data)
    return AmanatError(f"{type(fault).__name__}: {fault}")


def _error_document(error: AmanatError) -> dict[str, Any]:
    return {
        "kind": type(error).__name__,
        "message": str(error),
        "what_to_do": error.what_to_do,
        "exit_code": error.exit_code,
        **error.details,
    }


def _take_options(given: dict[str, Any]) -> Options:
    names = ("network", "programme", "dry_run", "yes", "as_json", "propose")
    return Options(**{name: given.pop(name) for name in names})


def _shared_options() -> list[click.Parameter]:
    return [
        click.Option(
            ["--network"],
            metavar="URL|NAME",
            help="The chain: a URL, or a network of ape-config.yaml. Default: AMANAT_NETWORK, "
            "else the chain that `make pilot KEEP=1` left running.",
        ),
        click.Option(
            ["--programme"],
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="The programme file: roles, signers, chain.",
        ),
        click.Option(["--dry-run"], is_flag=True, help="Plan and simulate; send nothing."),
        click.Option(["--yes"], is_flag=True, help="Do not ask for confirmation."),
        click.Option(
            ["--propose"],
            type=click.Path(file_okay=False, path_type=Path),
            help="Send nothing: write what a Safe is to do into this folder, for its owners.",
        ),
        click.Option(["--json", "as_json"], is_flag=True, help="One JSON document on stdout."),
    ]


def _whole_number(name: str, default: int) -> int:
    text = os.environ.get(name, "")
    if text and not text.isdecimal():
        raise InputRefused(f"{name} is {text!r}, which is no whole number")
    return int(text) if text else default
