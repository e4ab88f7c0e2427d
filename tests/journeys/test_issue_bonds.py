"""`ape run issue` for what runs in periods: bonds and sukuk from their term sheets."""

from __future__ import annotations

import pytest

from scripts import issue
from scripts._amanat.build import ROOT
from tests.journeys.live_programme import LiveProgramme

pytestmark = pytest.mark.chain

SHEETS = ROOT / "scripts/_pilot/bonds"


@pytest.mark.parametrize(
    ("name", "symbol", "asset_class", "periods"),
    [
        ("pib-2028-07-17", "PIB-17JUL28", "GovernmentBond", 6),
        ("pfl-2028-11-06", "PFL-06NOV28", "GovernmentBond", 12),
        ("gis-2026-07-17", "GIS-17JUL26", "IjarahSukuk", 2),
    ],
)
def test_a_series_stands_open_after_one_command_and_a_second_plans_nothing(
    live: LiveProgramme, name: str, symbol: str, asset_class: str, periods: int
) -> None:
    path = str(SHEETS / f"{name}.yaml")
    done = live.run(issue.cli, path)
    assert (done.exit_code, done.planned) == (
        0,
        [f"propose {name}", "set its term sheet", f"approve {name}", f"open {name}"],
    ), done.stderr
    series = live.programme.find_series(symbol)
    assert (series.token.artifact, series.token.read("periodCount")) == (asset_class, periods)
    before = live.height
    again = live.run(issue.cli, path)
    assert (again.exit_code, again.planned, live.height) == (0, [], before)


def test_a_sheet_whose_day_of_issue_has_passed_is_refused(live: LiveProgramme) -> None:
    live.chain.advance_to(1_762_500_000)  # 2025-11-07
    refused = live.run(issue.cli, str(SHEETS / "pib-2028-07-17.yaml"))
    assert refused.exit_code == 2 and "issue_date" in refused.document["error"]["message"]
