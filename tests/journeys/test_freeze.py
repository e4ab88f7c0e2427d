"""`ape run freeze`: at once to stop, slowly to let go."""

from __future__ import annotations

import pytest

from scripts import freeze
from tests.journeys.live_programme import SERIES, LiveProgramme

pytestmark = pytest.mark.chain
HOUR = 3_600


def test_an_account_is_frozen_at_once_and_a_second_run_plans_nothing(live: LiveProgramme) -> None:
    holder = live.cast.largest[0]
    assert live.run(freeze.cli, SERIES, holder).exit_code == 0
    assert live.read("isFrozen", holder)
    again = live.run(freeze.cli, SERIES, holder)
    assert (again.exit_code, again.planned, again.pending) == (0, [], [])


def test_a_release_is_scheduled_then_executed_by_the_same_command(live: LiveProgramme) -> None:
    """pitfall 50: who scheduled it executes it, two hours later."""
    holder = live.cast.largest[0]
    live.run(freeze.cli, SERIES, holder)
    began = live.chain.time
    first = live.run(freeze.cli, SERIES, holder, "--release")
    assert (first.exit_code, first.planned) == (10, ["schedule: release the account"])
    (pending,) = first.pending
    assert pending["who"] == "releaser"
    assert pending["from_when"] >= began + 2 * HOUR
    assert "ape run" in pending["command"]
    shown = first.document["plan"][0]["with"]
    assert "releaseAddress: account:" in shown  # decoded from the bytes, pitfall 36
    assert holder in shown

    waiting = live.run(freeze.cli, SERIES, holder, "--release")
    assert (waiting.exit_code, waiting.planned) == (10, [])
    assert live.read("isFrozen", holder)

    live.wait(waiting.pending[0])
    last = live.run(freeze.cli, SERIES, holder, "--release")
    assert (last.exit_code, last.planned) == (0, ["release the account"])
    assert not live.read("isFrozen", holder)
    assert live.run(freeze.cli, SERIES, holder, "--release").planned == []


def test_a_release_that_was_not_executed_in_a_week_is_scheduled_anew(live: LiveProgramme) -> None:
    """pitfall 51: an operation expires seven days after it could have been executed."""
    holder = live.cast.largest[0]
    live.run(freeze.cli, SERIES, holder)
    (pending,) = live.run(freeze.cli, SERIES, holder, "--release").pending
    live.chain.advance_to(pending["from_when"] + 8 * 24 * HOUR)
    again = live.run(freeze.cli, SERIES, holder, "--release")
    assert (again.exit_code, again.planned) == (10, ["schedule: release the account"])


def test_a_part_is_frozen_to_a_figure_and_lowered_only_by_a_release(live: LiveProgramme) -> None:
    holder = live.cast.largest[0]
    assert live.run(freeze.cli, SERIES, holder, "--part", "2,000,000").exit_code == 0
    assert live.run(freeze.cli, SERIES, holder, "--part", "2000000").planned == []
    assert live.run(freeze.cli, SERIES, holder, "--part", "3000000").exit_code == 0
    assert live.read("getFrozenTokens", holder) == 3_000_000
    lower = live.run(freeze.cli, SERIES, holder, "--part", "1000000")
    assert lower.exit_code == 2
    assert "add --release" in lower.document["error"]["what_to_do"]
    release = (SERIES, holder, "--part", "1000000", "--release")
    live.wait(live.run(freeze.cli, *release).pending[0])
    assert live.run(freeze.cli, *release).exit_code == 0
    assert live.read("getFrozenTokens", holder) == 1_000_000
