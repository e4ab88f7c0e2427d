"""One way from the options to the exit code, the same for every command."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from scripts._amanat import console
from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.errors import InputRefused
from scripts._amanat.plan import Pending, Plan, Step
from scripts._amanat.proof import Check
from tests.scripts.office import Crash, NotebookArtifacts, Office, open_notebook, write

ROOT = Path(__file__).parents[2]
IN_MINUTES = Pending("execute the grant", "admin", 1_759_363_200, "ape run grant --execute 0x1")


class Sink:
    """What a test of a command can turn."""

    def __init__(self) -> None:
        self.pending: tuple[Pending, ...] = ()
        self.promised = 1
        self.before: Callable[[], None] = lambda: None


def command(sink: Sink) -> click.Command:
    """`cli PAGE`: opens the notebook where it is not open, and writes the page once."""

    @operation("Write a page.", example="ape run jot 5")
    @click.argument("page", type=int)
    def cli(desk: Desk, page: int) -> Work:
        if page < 0:
            raise InputRefused("2 faults", ("row 1: page: -1", "row 2: page: -1"))
        desk.artifacts = NotebookArtifacts()
        return Work("jot", f"w{page}", lambda desk: planned(desk, page), verify)

    def planned(desk: Desk, page: int) -> Plan:
        sink.before()
        steps: list[Step] = []
        if desk.record.find("Notebook", desk.chain) is None:
            steps.append(open_notebook())
        if not pages(desk, page):
            steps.append(write(page))
        return Plan("jot", f"w{page}", tuple(steps), pending=sink.pending)

    def pages(desk: Desk, page: int) -> int:
        if "Notebook" not in desk.record.contracts:
            return 0
        address = desk.record.contracts["Notebook"].address
        data = "0x5c3e9cc2" + page.to_bytes(32).hex()
        return int(desk.chain.request("eth_call", {"to": address, "data": data}, "latest"), 16)

    def verify(desk: Desk) -> Sequence[Check]:
        return [Check("pages written", sink.promised, int(pages(desk, 5) > 0))]

    return cli


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def run(
    office: Office, sink: Sink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AMANAT_DEBUG", raising=False)
    monkeypatch.delenv("AMANAT_NETWORK", raising=False)
    monkeypatch.setenv("COLUMNS", "200")

    def invoke(*words: str) -> Result:
        url = str(office.node.provider.endpoint_uri)
        return CliRunner(mix_stderr=False).invoke(command(sink), ["--network", url, *words])

    return invoke


def sent(office: Office) -> int:
    deployer = office.signers["deployer"].address
    return int(office.rpc("eth_getTransactionCount", deployer, "latest"), 16)


def test_a_command_does_its_work_and_a_second_run_plans_nothing(
    run: Callable[..., Result], office: Office
) -> None:
    first = run("5", "--yes")
    assert first.exit_code == 0, first.output
    assert "pages written" in first.stdout
    before = sent(office)
    second = run("5", "--yes")
    assert second.exit_code == 0
    assert "nothing to send; the chain is as wished" in second.stdout
    assert sent(office) == before


def test_a_dry_run_shows_the_plan_and_sends_nothing(
    run: Callable[..., Result], office: Office, tmp_path: Path
) -> None:
    before = sent(office)
    result = run("5", "--dry-run")
    assert result.exit_code == 0
    assert "words: 105" in result.stdout
    assert "nothing was sent" in result.stdout
    assert sent(office) == before
    assert not list(tmp_path.rglob("journal.jsonl"))


@pytest.mark.parametrize("answer", ["", "y", "Y", "ja", "no", "YES"])
def test_any_answer_but_the_word_yes_stops(
    run: Callable[..., Result],
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
) -> None:
    """pitfall 35: a confirmation where any key but "n" goes on."""
    monkeypatch.setattr(console, "sys", Terminal(answer))
    before = sent(office)
    assert run("5").exit_code == 8
    assert sent(office) == before


def test_the_word_yes_goes_on(run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "sys", Terminal("yes"))
    assert run("5").exit_code == 0


def test_without_anyone_to_ask_and_without_yes_nothing_is_sent(
    run: Callable[..., Result], office: Office
) -> None:
    before = sent(office)
    result = run("5")
    assert result.exit_code == 8
    assert "Nobody is there to answer, and --yes was not given" in result.stderr
    assert sent(office) == before


def test_json_is_one_document_and_everything_else_is_on_standard_error(
    run: Callable[..., Result],
) -> None:
    result = run("5", "--yes", "--json")
    document = json.loads(result.stdout)
    assert document["operation"] == "jot"
    assert document["chain_id"] == 31337
    assert [row["does"] for row in document["plan"]] == ["new Notebook", "Notebook.write"]
    assert [each["title"] for each in document["sent"]] == ["open the notebook", "write page 5"]
    assert document["proof"] == [{"name": "pages written", "expected": 1, "found": 1, "ok": True}]
    assert "Plan: jot" in result.stderr


def test_json_tells_of_errors_too(run: Callable[..., Result]) -> None:
    result = run("--json", "--", "-1")
    assert result.exit_code == 2
    error = json.loads(result.stdout)["error"]
    assert error["kind"] == "InputRefused"
    assert error["message"] == "2 faults\n  row 1: page: -1\n  row 2: page: -1"
    assert error["exit_code"] == 2


def test_a_proof_that_fails_has_an_exit_code_of_its_own(
    run: Callable[..., Result], sink: Sink, tmp_path: Path
) -> None:
    sink.promised = 2
    result = run("5", "--yes")
    assert result.exit_code == 9
    assert "pages written: expected 2, found 1" in result.stderr
    [record] = tmp_path.rglob("record.json")
    assert json.loads(record.read_text())["operations"][0]["result"] == "failed"


def test_what_another_person_has_to_finish_ends_as_pending(
    run: Callable[..., Result], sink: Sink, tmp_path: Path
) -> None:
    sink.pending = (IN_MINUTES,)
    result = run("5", "--yes", "--json")
    assert result.exit_code == 10
    document = json.loads(result.stdout)
    assert document["pending"][0]["command"] == "ape run grant --execute 0x1"
    assert "02-Oct-2025 05:00:00 PKT" in result.stderr
    [record] = tmp_path.rglob("record.json")
    assert json.loads(record.read_text())["operations"][0]["result"] == "pending"


def test_a_fault_of_the_software_is_told_in_a_line_and_traced_on_demand(
    run: Callable[..., Result], sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault() -> None:
        raise ZeroDivisionError("a fault")

    sink.before = fault
    result = run("5", "--yes")
    assert result.exit_code == 1
    assert "AmanatError: ZeroDivisionError: a fault" in result.stderr
    assert "Traceback" not in result.stdout + result.stderr
    monkeypatch.setenv("AMANAT_DEBUG", "1")
    assert isinstance(run("5", "--yes").exception, Exception)


def test_what_a_crashed_run_left_is_finished_before_anything_is_planned(
    run: Callable[..., Result], sink: Sink, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pitfall 34: the plan is made from a state in which nothing is under way."""
    from scripts._amanat.execute import Executor

    def dark(self: Any, signed: Any) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(Executor, "_broadcast", dark)
        with pytest.raises(Crash):
            run("5", "--yes")
    before = sent(office)
    result = run("5", "--yes", "--json")
    assert result.exit_code == 0, result.stderr
    assert "Signed by an earlier run and not in a block yet" in result.stderr
    assert [row["does"] for row in json.loads(result.stdout)["plan"]] == ["Notebook.write"]
    assert sent(office) == before + 2


def test_help_gives_an_example(sink: Sink) -> None:
    result = CliRunner().invoke(command(sink), ["--help"])
    assert "Example:\n    ape run jot 5" in result.output
    for option in ("--network", "--programme", "--dry-run", "--yes", "--json"):
        assert option in result.output


def test_importing_a_command_imports_nothing_heavy() -> None:
    """Ape imports every command on every run: a slow import would slow all of them."""
    heavy = ("web3", "rich", "polars", "yaml", "eth_account", "eth_abi", "requests", "pydantic")
    code = f"import sys, scripts._amanat.command; print([m for m in {heavy} if m in sys.modules])"
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"


class Terminal:
    """A person at a terminal who gives one answer."""

    def __init__(self, answer: str) -> None:
        self.stdin, self._answer = self, answer
        self.stderr = sys.stderr

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        return self._answer + "\n"
