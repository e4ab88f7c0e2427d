"""`ape run rules`: a series that stands gets other rules, scheduled by the compliance officer."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import rules, transfer
from tests.journeys.live_programme import SERIES, Answer, LiveProgramme

pytestmark = pytest.mark.chain

OPEN = """compliance:
  jurisdictions: [PK, AE]
  investor_classes: [retail, primary_dealer, bank]
  lot: 5,000
"""
LIMITED = OPEN + "  maximum_holders: 60\n  maximum_holding: 750,000,000\n"


def put(live: LiveProgramme, text: str) -> tuple[Answer, Answer]:
    """The officer's two runs: the first schedules, the second executes."""
    Path("rules.yaml").write_text(text)
    first = live.run(rules.cli, SERIES, "rules.yaml")
    live.wait(first.pending[0])
    return first, live.run(rules.cli, SERIES, "rules.yaml")


def test_rules_wait_for_their_delay_and_replace_those_that_stood(live: LiveProgramme) -> None:
    first, last = put(live, OPEN)
    assert first.exit_code == 10
    assert {each["who"] for each in first.pending} == {"compliance_officer"}
    assert [each.startswith("schedule: ") for each in first.planned] == [True, True]
    assert (last.exit_code, len(last.planned)) == (0, 2)
    found = live.programme.rules(live.series)
    assert (found.lot, found.maximumHolders, found.velocityLimit) == (5_000, 0, 0)
    assert live.programme.countries(live.series) == [586, 784]
    assert live.run(rules.cli, SERIES, "rules.yaml").planned == []


def test_holders_are_counted_when_their_number_is_limited_again(live: LiveProgramme) -> None:
    """Whoever came to hold while the rule was off was not counted."""
    before = live.series.holders
    put(live, OPEN.replace("bank]", "bank, institution, corporate, professional]"))
    assert live.series.counted is None
    seller, newcomer = live.cast.largest[0], live.cast.newcomers[0]
    given = (SERIES, "5,000", "--from", seller, "--to", newcomer)
    assert live.run(transfer.cli, *given).exit_code == 0
    _, last = put(live, LIMITED)
    assert last.exit_code == 0, last.stderr
    assert last.planned[-1].startswith("count ")
    assert live.series.holders == before + 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("lot: 5,000", "lot: 7,500"), "compliance.lot: is not a multiple"),
        (("lot: 5,000", "lot: 5,000\n  supply_cap: 6,000,000,000"), "above the maximum issue"),
        (("lot:", "lots:"), "compliance.lots"),
    ],
)
def test_rules_that_do_not_fit_the_series_are_refused(
    live: LiveProgramme, change: tuple[str, str], told: str
) -> None:
    Path("rules.yaml").write_text(OPEN.replace(*change))
    before = live.height
    wrong = live.run(rules.cli, SERIES, "rules.yaml")
    assert wrong.exit_code == 2
    assert told in wrong.document["error"]["message"]
    assert live.height == before
