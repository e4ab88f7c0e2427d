"""A programme run by its commands on a chain of its own, for tests that follow whole journeys."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from scripts._amanat.local_chain import LocalChain, start
from scripts._amanat.network import connect
from scripts._amanat.onchain import Programme
from scripts._amanat.record import Record

SAMPLES = Path(__file__).parents[2] / "scripts" / "_pilot"
PROGRAMME = SAMPLES / "programme.yaml"
TERMS = SAMPLES / "bills" / "mtb-3m-2025-10-02.yaml"
AUCTION = SAMPLES / "auction-2025-10-01.csv"
INVESTORS = SAMPLES / "investors.csv"
ACCOUNTS = 300  # development keys with money for gas: officers and every sample wallet


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    exit_code: int
    document: dict[str, Any]
    said: str

    @property
    def steps(self) -> list[str]:
        return [row["step"] for row in self.document["plan"]]

    @property
    def failed(self) -> list[str]:
        return [check["name"] for check in self.document["proof"] if not check["ok"]]


@dataclass(frozen=True)
class RegistryOffice:
    """Commands on one chain, with their records in one folder."""

    chain: LocalChain
    folder: Path

    def run(self, command: str, *words: str | Path) -> Answer:
        """A command as an operator runs it, with --yes and --json."""
        cli = importlib.import_module(f"scripts.{command}").cli
        options = ["--network", self.chain.url, "--yes", "--json"]
        with chdir(self.folder):
            result = CliRunner(mix_stderr=False).invoke(cli, [*map(str, words), *options])
        document = json.loads(result.stdout) if result.stdout.startswith("{") else {}
        return Answer(result.exit_code, document, result.stderr)

    def done(self, command: str, *words: str | Path) -> Answer:
        """A command that must succeed, with every check of its proof."""
        answer = self.run(command, *words)
        assert answer.exit_code == 0, answer.said
        return answer

    @property
    def programme(self) -> Programme:
        chain = connect(self.chain.url, root=self.folder)
        return Programme(chain, Record.of(chain, self.folder / ".records"))

    def height(self) -> int:
        return int(self.chain.rpc("eth_blockNumber"), 16)

    def written(self, name: str, content: str) -> Path:
        path = self.folder / name
        path.write_text(content, "utf-8")
        return path


@contextmanager
def opened(folder: Path, chain_id: int = 31_337) -> Iterator[RegistryOffice]:
    """An office at a chain of its own."""
    with start(chain_id=chain_id, accounts=ACCOUNTS) as chain:
        yield RegistryOffice(chain, folder)
