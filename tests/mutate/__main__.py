"""Break the contracts in sampled ways, and count how many the unit tests notice.

    python -m tests.mutate                              # 60 of them, spread over all folders
    python -m tests.mutate --only token --count 20      # in files whose path has this in it
    python -m tests.mutate --seed 7                     # others

A mutant whose bytecode is that of the original, or that does not compile, is passed over. Ends with
0 where nine in ten are noticed. Each is told as soon as it is judged, and kept in
.build/mutation.json; what survived is listed at the end.
"""

from __future__ import annotations

import argparse
import json
import queue
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Final

from rich.console import Console

from scripts._amanat.build import CANONICAL, ROOT, TEST_CONTRACTS, BuildError, build
from tests.mutate.arena import Arena, Outcome, folders
from tests.mutate.compiling import Broken, Codes, Sources
from tests.mutate.mutants import Mutant, in_turns

OUTPUT: Final = ROOT / ".build" / "mutation.json"
WANTED_PER_CENT: Final = 90
_TIMEOUT_SECONDS: Final = 3_600
"""Some thirty times what the slowest takes: a busy machine must not pass for an endless loop."""

console: Final = Console(width=None if sys.stdout.isatty() else 150, soft_wrap=True, emoji=False)


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
            trial = Trial(sources, arenas)
            found = judged(trial, in_turns(mutants, wanted.seed), wanted.count, wanted.workers)
            verdicts = _told(wanted.seed, wanted.count, found)
    except (BuildError, Unsound) as error:
        print(error, file=sys.stderr)
        return 2
    return _concluded(verdicts)


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


class Trial:
    """Compiles a mutant and judges it in the first free arena, in whatever thread it is called."""

    def __init__(self, sources: Sources, arenas: Arenas) -> None:
        self._sources, self._arenas = sources, arenas
        self._lock = Lock()
        self._seen: list[Codes] = []

    def __call__(self, mutant: Mutant) -> Verdict | None:
        """The verdict; None where the mutant does not compile, or to code that was judged."""
        broken = self._sources.broken(mutant)
        if not broken or not self._is_new(broken):
            return None
        arena = self._arenas.get()
        try:
            return Verdict(broken, arena.judge(broken))
        finally:
            self._arenas.put(arena)

    def _is_new(self, broken: Broken) -> bool:
        """Two changes of the text may be one of the code."""
        with self._lock:
            new = broken.codes not in self._seen
            self._seen.append(broken.codes)
        return new


def judged(
    trial: Callable[[Mutant], Verdict | None], mutants: Iterator[Mutant], count: int, workers: int
) -> Iterator[Verdict]:
    """The first so many mutants that have a verdict, each as soon as it has it."""
    waiting: set[Future[Verdict | None]] = set()
    with ThreadPoolExecutor(workers) as pool:
        while count:
            room = min(workers, count) - len(waiting)
            waiting |= {pool.submit(trial, each) for each in islice(mutants, room)}
            if not waiting:
                return
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for verdict in filter(None, (each.result() for each in done)):
                count -= 1
                yield verdict


def _told(seed: int, count: int, found: Iterator[Verdict]) -> list[Verdict]:
    verdicts = []
    for number, verdict in enumerate(found, 1):
        verdicts.append(verdict)
        _write(seed, verdicts)
        outcome = verdict.outcome
        fate = f"noticed by {outcome.by}" if outcome.noticed else "SURVIVED"
        console.print(
            f"{number}/{count} {verdict.broken.mutant}\n    {fate} ({outcome.seconds:.0f} s)",
            markup=False,
        )
    return verdicts


def _write(seed: int, verdicts: list[Verdict]) -> None:
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
    noticed = sum(each.outcome.noticed for each in verdicts)
    summary = {"seed": seed, "judged": len(verdicts), "noticed": noticed, "mutants": rows}
    OUTPUT.write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _concluded(verdicts: list[Verdict]) -> int:
    survivors = [each for each in verdicts if not each.outcome.noticed]
    noticed = len(verdicts) - len(survivors)
    console.print(
        f"\n{noticed} of {len(verdicts)} mutants noticed; all in {OUTPUT.relative_to(ROOT)}"
    )
    for each in survivors:
        console.print(f"  survived: {each.broken.mutant}", markup=False)
    return 0 if 100 * noticed >= WANTED_PER_CENT * max(len(verdicts), 1) else 1


if __name__ == "__main__":
    sys.exit(main())
