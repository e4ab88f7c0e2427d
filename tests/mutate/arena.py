"""Where a mutant meets the tests: a copy of the tree, in which only the artifacts are broken.

The sources of the copy stay as they are, so that its artifacts count as up to date and nothing is
compiled again.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from scripts._amanat.build import CANONICAL, ROOT, TEST_CONTRACTS
from tests.mutate.compiling import Broken

SUITES: Final = (
    *("money", "assets", "identity", "compliance", "token"),
    *("reserve", "settlement", "programme", "invariants"),
)
"""The folders of tests that every mutant is held against. The random lives come last: they take
longest to begin with."""

_OWN: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({"assets": ("money", "assets")})
"""Where the tests of a folder of contracts are, which come first; else in that of its name."""

_COPIED: Final = ("contracts", "scripts", "tests", "pyproject.toml", "ape-config.yaml")
_COMPILED: Final = (
    *(CANONICAL.artifacts, CANONICAL.artifacts + ".stamp", CANONICAL.standard_input),
    *(TEST_CONTRACTS.artifacts, TEST_CONTRACTS.artifacts + ".stamp"),
    *(TEST_CONTRACTS.standard_input, ".build/solcx"),
)
_LINKED: Final = (".venv", "node_modules")
_PYTEST: Final = (
    *("-m", "pytest", "-p", "no:ape_test", "-p", "no:cacheprovider", "-x", "-q"),
    *("--hypothesis-profile", "mutants"),
)
_FAILED: Final = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Outcome:
    """What the tests said: ``by`` is the first that failed, empty where none did."""

    noticed: bool
    by: str
    seconds: float


class Arena:
    """A copy of the tree, whose tests run against whatever mutant is let in."""

    def __init__(self, folder: Path, timeout: float, root: Path = ROOT) -> None:
        self.folder, self.root, self.timeout = folder, root, timeout
        folder.mkdir(parents=True)
        for name in (*_COPIED, *_COMPILED):
            source, target = root / name, folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, target)
        for name in _LINKED:
            (folder / name).symlink_to((root / name).resolve())

    def judge(self, broken: Broken) -> Outcome:
        """Whether the tests nearest to the mutant notice it."""
        with self._let_in(broken):
            return self.run(folders(self.root, broken.mutant.area))

    def run(self, tests: Sequence[str]) -> Outcome:
        """Run these folders of tests to the first failure. An endless loop is noticed too."""
        started = time.monotonic()
        try:
            completed = subprocess.run(
                [sys.executable, *_PYTEST, *tests],
                cwd=self.folder,
                env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
                capture_output=True,
                text=True,
                check=False,
                timeout=self.timeout,
            )
        except subprocess.TimeoutExpired:
            return Outcome(True, "it did not end", time.monotonic() - started)
        failed = _FAILED.search(completed.stdout)
        by = failed[1] if failed else completed.stdout.strip()[-300:]
        noticed = completed.returncode != 0
        return Outcome(noticed, by if noticed else "", time.monotonic() - started)

    @contextmanager
    def _let_in(self, broken: Broken) -> Iterator[None]:
        whole = {path: (self.folder / path).read_text(encoding="utf-8") for path in broken.codes}
        for path, code in broken.codes.items():
            artifact = json.dumps(json.loads(whole[path]) | code)
            (self.folder / path).write_text(artifact, encoding="utf-8")
        try:
            yield
        finally:
            for path, artifact in whole.items():
                (self.folder / path).write_text(artifact, encoding="utf-8")


def folders(root: Path, area: str) -> list[str]:
    """The test folders that exist, the area's own first."""
    ordered = dict.fromkeys((*_OWN.get(area, (area,)), *SUITES))
    return [f"tests/{name}" for name in ordered if (root / "tests" / name).is_dir()]
