"""The figures we are held to, in `tests/gas/snapshot.json`."""

from __future__ import annotations

import json
from typing import Final

from scripts._amanat.build import ROOT
from tests.bench.rows import Gas

FILE: Final = "tests/gas/snapshot.json"
GROWTH: Final = 100
"""A row may grow by one part in so many before it is noticed."""


def read() -> Gas:
    """The committed figures."""
    gas: Gas = json.loads((ROOT / FILE).read_text(encoding="utf-8"))
    return gas


def write(gas: Gas) -> None:
    """Make these the figures to be held to."""
    (ROOT / FILE).write_text(json.dumps(gas, indent=2) + "\n", encoding="utf-8")


def most(committed: int) -> int:
    """What a row may cost: a hundredth above the committed figure, rounded down."""
    return committed + committed // GROWTH
