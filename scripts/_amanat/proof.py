"""The end of every operation: the chain is read back and compared with what was promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scripts._amanat.errors import ProofFailed


@dataclass(frozen=True)
class Check:
    """One fact read from the chain."""

    name: str
    expected: Any
    found: Any

    @property
    def ok(self) -> bool:
        """True where the chain reads as promised."""
        return bool(self.expected == self.found)


def require(checks: Sequence[Check]) -> None:
    """ProofFailed, naming every check that does not hold."""
    failed = [
        f"{check.name}: expected {check.expected}, found {check.found}"
        for check in checks
        if not check.ok
    ]
    if failed:
        raise ProofFailed("\n  ".join((f"{len(failed)} of {len(checks)} checks failed", *failed)))
