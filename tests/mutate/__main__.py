"""Break the contracts in sampled ways, and count how many the unit tests notice.

    python -m tests.mutate                              # 60 of them, spread over all folders
    python -m tests.mutate --only token --count 20      # in files whose path has this in it
    python -m tests.mutate --seed 7                     # others

A mutant whose bytecode is that of the original, or that does not compile, is passed over. Ends with
0 where nine in ten are noticed. What survived is listed, and all is in .build/mutation.json.
"""

from __future__ import annotations

import argparse
import json
import queue
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import track

from scripts._amanat.build import CANONICAL, ROOT, TEST_CONTRACTS, BuildError, build
from tests.mutate.arena import Arena, Outcome, folders
from tests.mutate.compiling import Broken, Sources
from tests.mutate.mutants import Mutant, in_turns

OUTPUT: Final = ROOT / ".build" / "mutation.json"
WANTED_PER_CENT: Final = 90
_TIMEOUT_SECONDS: Final = 900

console: Final = Console(width=None if sys.stdout.isatty() else 150, soft_wrap=True)


@dataclass(frozen=True)
class Verdict:
    """One mutant and what became of it."""

    broken: Broken
    outcome: Outcome


Arenas = queue.SimpleQueue[Arena]
"""Those that are free."""


class Unsound(Exception):
    """Nothing can be said of mutants: the tests fail on the contracts as they are, for one."""


def main(arguments: list[str] | None = None) -> int:
    """The command line: 0 enough were noticed, 1 too few, 2 it could not be told."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--count", type=int, default=60, help="mutants to judge (60)")
    parser.add_argument("--seed", type=int, default=1, help="which ones (1)")
    parser.add_argument("--only", default="", help="in files whose path contains this")
    parser.add_argument("--workers", type=int, default=2, help="at a time (2)")
    wanted = parser.parse_args(arguments)
    try:
        for unit in (CANONICAL, TEST_CONTRACTS):
            build(ROOT, unit)
        sources = Sources()
        mutants = [each for each in sources.mutants if wanted.only in each.file]
        if not mutants:
            raise Unsound(f"no contract has {wanted.only!r} in its path")
        with tempfile.TemporaryDirectory(prefix="mutate-", dir=ROOT / ".build") as place:
            arenas = _arenas(Path(place), wanted.workers)
            _require_sound(arenas, sorted({each.area for each in mutants}))
            broken = _sample(sources, in_turns(mutants, wanted.seed), wanted.count, wanted.workers)
            verdicts = _judge(broken, arenas, wanted.workers)
    except (BuildError, Unsound) as error:
        print(error, file=sys.stderr)
        return 2
    return _report(wanted.seed, verdicts)


def _arenas(place: Path, workers: int) -> Arenas:
    arenas: Arenas = queue.SimpleQueue()
    for number in range(workers):
        arenas.put(Arena(place / str(number), _TIMEOUT_SECONDS))
    return arenas


def _require_sound(arenas: Arenas, areas: list[str]) -> None:
    tests = {folder: None for area in areas for folder in folders(ROOT, area)}
    arena = arenas.get()
    with console.status("running the tests on the contracts as they are"):
        outcome = arena.run(list(tests))
    arenas.put(arena)
    if outcome.noticed:
        raise Unsound(f"the tests fail on the contracts as they are: {outcome.by}")


def _sample(sources: Sources, mutants: Iterator[Mutant], count: int, workers: int) -> list[Broken]:
    """The first so many mutants that compile to code of their own."""
    found: list[Broken] = []
    with ThreadPoolExecutor(workers) as pool:
        while len(found) < count and (batch := list(islice(mutants, count - len(found)))):
            compiled = pool.map(sources.broken, batch)
            found += _new(found, track(compiled, f"compiling {len(batch)}", len(batch)))
    return found


def _new(found: list[Broken], more: Iterable[Broken | None]) -> Iterator[Broken]:
    """Those that compile, each code once: two changes of the text may be one of the code."""
    seen = [each.codes for each in found]
    for each in more:
        if each and each.codes not in seen:
            seen.append(each.codes)
            yield each


def _judge(broken: list[Broken], arenas: Arenas, workers: int) -> list[Verdict]:
    def judge(each: Broken) -> Verdict:
        arena = arenas.get()
        try:
            return Verdict(each, arena.judge(each))
        finally:
            arenas.put(arena)

    verdicts = []
    with ThreadPoolExecutor(workers) as pool:
        for verdict in track(pool.map(judge, broken), "testing", len(broken)):
            verdicts.append(verdict)
            outcome = f"noticed by {verdict.outcome.by}" if verdict.outcome.noticed else "SURVIVED"
            console.print(f"{verdict.broken.mutant}\n    {outcome}", markup=False)
    return verdicts


def _report(seed: int, verdicts: list[Verdict]) -> int:
    survivors = [each for each in verdicts if not each.outcome.noticed]
    noticed = len(verdicts) - len(survivors)
    rows = [
        {
            "file": each.broken.mutant.file,
            "line": each.broken.mutant.line,
            "kind": each.broken.mutant.kind,
            "before": each.broken.mutant.before,
            "after": each.broken.mutant.text,
            "noticed": each.outcome.noticed,
            "by": each.outcome.by,
            "seconds": round(each.outcome.seconds, 1),
        }
        for each in verdicts
    ]
    summary = {"seed": seed, "judged": len(verdicts), "noticed": noticed, "mutants": rows}
    OUTPUT.write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    console.print(
        f"\n{noticed} of {len(verdicts)} mutants noticed; all in {OUTPUT.relative_to(ROOT)}"
    )
    for each in survivors:
        console.print(f"  survived: {each.broken.mutant}", markup=False)
    return 0 if 100 * noticed >= WANTED_PER_CENT * max(len(verdicts), 1) else 1


if __name__ == "__main__":
    sys.exit(main())
