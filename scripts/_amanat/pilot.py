"""The pilot from end to end: a private chain, the play, the proof of its end, the report."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any

from scripts._amanat.command import RECORDS, Desk, Options
from scripts._amanat.local_chain import Client, LocalChain, start
from scripts._amanat.pilot_cast import ACCOUNTS, Cast, Files
from scripts._amanat.pilot_play import Play
from scripts._amanat.pilot_stage import Act, Stage, StageConsole
from scripts._amanat.sealed_bids import FOLDER

if TYPE_CHECKING:
    from scripts._amanat.pilot_end import Accounts

CHAIN_ID = 31_337
SAMPLE = Path("scripts/_pilot")
REPORT = Path(".build/pilot-report.md")
KEPT = "kept-chain.json"


@dataclass
class Result:
    """What the pilot came to."""

    client: Client
    acts: list[Act] = field(default_factory=list)
    accounts: Accounts | None = None
    seconds: float = 0.0
    url: str | None = None
    """Of the chain, where it was left running."""
    pid: int | None = None
    """Of the chain's process, where it was left running."""
    error: str | None = None
    """What broke it off; None where it was played to its end."""

    @property
    def holds(self) -> bool:
        """True where it was played to its end and every check held."""
        return self.error is None and all(act.holds for act in self.acts)

    def document(self) -> dict[str, Any]:
        """The JSON document of `--json`."""
        return {
            "holds": self.holds,
            "client": self.client,
            "seconds": round(self.seconds, 1),
            "url": self.url,
            "error": self.error,
            "acts": [
                {
                    "title": act.title,
                    "began": act.began,
                    "lines": act.lines,
                    "transactions": act.transactions,
                    "gas": act.gas,
                    "seconds": round(act.seconds, 2),
                    "checks": [{**asdict(check), "ok": check.ok} for check in act.checks],
                    "refusals": [asdict(refusal) for refusal in act.refusals],
                }
                for act in self.acts
            ],
            "accounts": self.accounts.document() if self.accounts else None,
        }


def run(
    root: Path,
    *,
    client: Client = "anvil",
    keep: bool = False,
    tell: Callable[[str], None] = lambda line: None,
    is_json: bool = False,
) -> Result:
    """Play the pilot on a chain of its own, which ends with it unless it is to be kept."""
    result = Result(client)
    started = time.monotonic()
    with start(client, chain_id=CHAIN_ID, accounts=ACCOUNTS, keep=keep, root=root) as chain:
        desk = _desk(root, chain, is_json)
        try:
            _play(desk, chain, result, tell)
        finally:
            result.seconds = time.monotonic() - started
            if keep:
                result.url, result.pid = chain.url, chain.pid
                _remember(root, chain)
            else:
                _forget(desk)
    return result


def _play(desk: Desk, chain: LocalChain, result: Result, tell: Callable[[str], None]) -> None:
    """Every act in turn. What breaks it off is told in the result."""
    from scripts._amanat.errors import AmanatError
    from scripts._amanat.pilot_end import prove_the_end

    stage = Stage(desk, chain, tell)
    result.acts = stage.acts
    play = Play(stage, Cast(Files(desk.options.root / SAMPLE)))
    try:
        play.perform()
        result.accounts = prove_the_end(play)
    except AmanatError as error:
        result.error = f"{type(error).__name__}: {error}"


def _desk(root: Path, chain: LocalChain, is_json: bool) -> Desk:
    programme = root / SAMPLE / "programme.yaml"
    desk = Desk(Options(chain.url, programme, yes=True, as_json=is_json, root=root))
    desk.console = StageConsole(as_json=is_json, assume_yes=True)
    return desk


def _remember(root: Path, chain: LocalChain) -> None:
    """Where `--network` is not given, commands go to this chain as long as it runs."""
    folder = root / RECORDS
    folder.mkdir(parents=True, exist_ok=True)
    facts = {"url": chain.url, "chain_id": chain.chain_id, "pid": chain.pid}
    (folder / KEPT).write_text(json.dumps(facts) + "\n", "utf-8")


def _forget(desk: Desk) -> None:
    """The record of a chain that is gone says nothing to anyone."""
    for name in ("record.json", "journal.jsonl", "lock"):
        (desk.record.folder / name).unlink(missing_ok=True)
    rmtree(desk.record.folder / FOLDER, ignore_errors=True)
    if desk.record.folder.is_dir():
        desk.record.folder.rmdir()
