"""Sound inputs, small enough to read, for tests to damage in one place at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from scripts._amanat.reading import InputProblems, Problem

CHAIN_DATE = date(2025, 9, 15)

ALICE = "0x09DB0a93B389bEF724429898f539AEB7ac2Dd55f"
ALICE_TOO = "0x02484cb50AAC86Eae85610D6f4Bf026f30f6627D"
BANK = "0x08135Da0A343E492FA2d4282F2AE34c6c5CC1BbE"
FUND = "0x5E661B79FE2D3F6cE70F5AAC07d8Cd9abb2743F1"

INVESTORS = f"""\
wallet,investor,country,class,verified_until,kind,onchain_id
{ALICE},INV-ALICE7Q,PK,retail,2026-03-31,attested,
{ALICE_TOO},INV-ALICE7Q,PK,retail,2026-03-31,attested,
{BANK},INV-BANK2XZ,AE,bank,2026-06-30,attested,
{FUND},INV-FUND9KM,PK,mutual_fund,2026-06-30,onchainid,
"""

AUCTION = """\
bid,investor,wallet,kind,face,price,yield,account
C-1,INV-BANK2XZ,,competitive,100000000,97.5000,11.0106,ACC-1A
C-2,INV-FUND9KM,,competitive,50000000,97.4913,11.0499,ACC-2B
N-1,INV-ALICE7Q,,non_competitive,500000,,,ACC-3C
"""


@dataclass(frozen=True)
class Found:
    """The problems that reading a file found."""

    all: tuple[Problem, ...]

    def only(self) -> Problem:
        assert len(self.all) == 1, "\n".join(map(str, self.all))
        return self.all[0]

    def places(self) -> list[tuple[int | None, str]]:
        return [(problem.row, problem.field) for problem in self.all]


def problems_of(read: Callable[[], object]) -> Found:
    with pytest.raises(InputProblems) as caught:
        read()
    assert str(caught.value).splitlines() == [str(problem) for problem in caught.value.problems]
    return Found(caught.value.problems)


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path
