"""Gold on the live programme: issued from its sheet, attested by both keepers, sold."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import yaml

from scripts import attest_reserve, issue, sell
from scripts._amanat.build import ROOT
from scripts._amanat.console import KARACHI
from scripts._amanat.pilot import SAMPLE
from tests.journeys.live_programme import Answer, LiveProgramme

GOLD = "PKGOLD"
SHEET = str(ROOT / SAMPLE / "commodities/gold-2026.yaml")
INVESTORS = ("--investors", str(ROOT / SAMPLE / "investors.csv"))
BAR = {
    "id": "KHI-01",
    "gross": "400.025",
    "quality": "0.9958",
    "net": "398.344",
    "vault": "SBP KARACHI",
    "serials": "bars.csv",
    "assay": "assay.md",
    "insured_until": "2027-02-09",
}
"""The published example."""


def minute(live: LiveProgramme) -> str:
    """The chain's time to the minute, as a statement says it."""
    return datetime.fromtimestamp(live.desk.chain.now(), KARACHI).strftime("%Y-%m-%d %H:%M")


def statement(live: LiveProgramme, *lots: dict[str, str], name: str = "statement") -> Path:
    """A statement of the lots, counted now, with its documents beside it."""
    for file in ("statement.md", "bars.csv", "assay.md"):
        (live.root / file).write_text(f"{file}\n", "utf-8")
    content = {
        "series": GOLD,
        "as_of": minute(live),
        "document": "statement.md",
        "lots": list(lots or (BAR,)),
    }
    path = live.root / f"{name}.yaml"
    path.write_text(yaml.safe_dump(content, default_style='"'), "utf-8")
    return path


def sales(live: LiveProgramme, *rows: str, name: str = "sales") -> Path:
    """A file of sales."""
    path = live.root / f"{name}.csv"
    heading = "sale,investor,wallet,units,price,account"
    path.write_text("\n".join((heading, *rows)) + "\n", "utf-8")
    return path


def row(number: str, wallet: str, ounces: str) -> str:
    return f'{number},,{wallet},{ounces},"1,150,000.00",ACC-{number}'


def sold(live: LiveProgramme, *rows: str, name: str = "sales") -> Answer:
    """The sales, with cash given to the buyers."""
    words = (GOLD, str(sales(live, *rows, name=name)), "--day", "2025-10-20", *INVESTORS)
    return live.run(sell.cli, *words, "--fund-on-local-chain")


def live_gold(live: LiveProgramme) -> None:
    """Issued, and its first lot attested."""
    assert live.run(issue.cli, SHEET).exit_code == 0
    assert live.run(attest_reserve.cli, str(statement(live))).exit_code == 0
