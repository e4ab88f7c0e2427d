"""A programme with a live bill on a private chain, as new for every test, and its commands."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from click.testing import CliRunner

from scripts._amanat.build import ROOT
from scripts._amanat.command import RECORDS, Desk, Options
from scripts._amanat.local_chain import LocalChain, start
from scripts._amanat.onchain import Programme, Series
from scripts._amanat.pilot import SAMPLE
from scripts._amanat.pilot_bill import Bill
from scripts._amanat.pilot_cast import ACCOUNTS, Cast, Files, morning
from scripts._amanat.pilot_foundation import Foundation
from scripts._amanat.pilot_leg import play_all
from scripts._amanat.pilot_play import Play
from scripts._amanat.pilot_stage import Stage, StageConsole

SERIES = "MTB-26DEC25"


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    exit_code: int
    document: dict[str, Any]
    stderr: str

    @property
    def planned(self) -> list[str]:
        """Titles of the steps of its plan."""
        return [row["step"] for row in self.document["plan"]]

    @property
    def pending(self) -> list[dict[str, Any]]:
        return list(self.document["pending"])


class LiveProgramme:
    """An operator's checkout at the chain, with the record of what was set up on it."""

    def __init__(self, chain: LocalChain, root: Path, cast: Cast) -> None:
        self.chain, self.root, self.cast = chain, root, cast

    def run(self, command: click.Command, *words: str, yes: bool = True) -> Answer:
        """One run of a command as it is typed, from the checkout's folder."""
        given = [*words, "--network", self.chain.url, "--json", *(["--yes"] if yes else [])]
        result = CliRunner(mix_stderr=False).invoke(command, given)
        document = json.loads(result.stdout) if result.stdout else {}
        return Answer(result.exit_code, document, result.stderr)

    @property
    def desk(self) -> Desk:
        """A fresh look."""
        return Desk(Options(self.chain.url, root=self.root))

    @property
    def programme(self) -> Programme:
        desk = self.desk
        return Programme(desk.chain, desk.record)

    @property
    def series(self) -> Series:
        return self.programme.find_series(SERIES)

    def read(self, function: str, *args: Any) -> Any:
        """A read of the series."""
        return self.series.token.read(function, *args)

    @property
    def height(self) -> int:
        """The number of the latest block: nothing was sent where it stands still."""
        return int(self.chain.rpc("eth_blockNumber"), 16)

    def wait(self, pending: dict[str, Any]) -> None:
        """Until the moment that a pending matter names."""
        self.chain.advance_to(int(pending["from_when"]))


@dataclass(frozen=True)
class Stand:
    """The chain with the bill just allotted and its lock-up past, and the record of it."""

    chain: LocalChain
    root: Path
    cast: Cast

    @contextmanager
    def as_new(self, folder: Path) -> Iterator[LiveProgramme]:
        """The same chain and the same record for every test."""
        snapshot = self.chain.rpc("evm_snapshot")
        shutil.copytree(self.root / RECORDS, folder / RECORDS)
        yield LiveProgramme(self.chain, folder, self.cast)
        assert self.chain.rpc("evm_revert", snapshot)


@contextmanager
def standing(root: Path) -> Iterator[Stand]:
    """Set it up by the acts of the pilot; the chain ends with the block."""
    cast = Cast(Files(ROOT / SAMPLE))
    with start(accounts=ACCOUNTS) as chain:
        desk = Desk(Options(chain.url, ROOT / SAMPLE / "programme.yaml", yes=True, root=root))
        desk.console = StageConsole(assume_yes=True)
        stage = Stage(desk, chain, lambda line: None)
        play = Play(stage, cast)
        lock_up = cast.terms.compliance.lock_up_until
        assert lock_up is not None
        legs = [leg for leg in play.legs if isinstance(leg, Foundation | Bill)]
        play_all(stage, legs, before=morning(lock_up))
        assert all(act.holds for act in stage.acts)
        stage.until(morning(lock_up))
        yield Stand(chain, root, cast)
