"""Measure gas on one Anvil: ours, T-REX's, OpenZeppelin's and Solady's.

python -m tests.bench                 # the table, and .build/bench.json
python -m tests.bench --snapshot      # ours alone becomes what tests/gas holds us to
"""

from __future__ import annotations

import argparse
import json
import sys

from rich.console import Console

from scripts._amanat import local_chain
from scripts._amanat.build import CANONICAL, ROOT, TEST_CONTRACTS, BuildError, build
from tests.bench import ours, plain, report, snapshot, trex
from tests.bench.rows import EXCESS_OVER, against_ceiling

OUTPUT = ROOT / ".build" / "bench.json"


def main(arguments: list[str] | None = None) -> int:
    """The command line; 0 once everything is measured, whatever the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--snapshot", action="store_true", help=f"write {snapshot.FILE}")
    wanted = parser.parse_args(arguments)
    try:
        for unit in (CANONICAL, TEST_CONTRACTS):
            build(ROOT, unit)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    return _snapshot() if wanted.snapshot else _compare()


def _snapshot() -> int:
    with local_chain.start() as chain:
        gas = ours.measure(chain)
    snapshot.write(gas)
    print(f"{len(gas)} rows written to {snapshot.FILE}")
    return 0


def _compare() -> int:
    with local_chain.start() as chain:
        measured = {
            report.OURS: ours.measure(chain),
            "trex": trex.measure(chain),
            "openzeppelin": plain.measure(chain, "OpenZeppelinToken"),
            "solady": plain.measure(chain, "SoladyToken"),
        }
    OUTPUT.write_text(json.dumps(report.by_row(measured), indent=2) + "\n")
    width = None if sys.stdout.isatty() else 150
    console = Console(width=width)
    console.print(report.table(measured))
    own = measured[report.OURS]
    for row, other in EXCESS_OVER.items():
        console.print(f"{row} costs {against_ceiling(row, own):,} more than {other}.")
    modules = ", ".join(module.name for module in trex.SIX)
    console.print(f"T-REX's modules, the first three being its 3 rules: {modules}.")
    console.print(f"Written to {OUTPUT.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
