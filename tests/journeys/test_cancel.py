"""`ape run cancel`: what waits is seen by everybody, and cancelled by the guardian (pitfall 51)."""

from __future__ import annotations

import pytest

from scripts import cancel, pause
from tests.journeys.live_programme import SERIES, LiveProgramme

pytestmark = pytest.mark.chain


def test_what_waits_is_shown_in_words_and_cancelled_at_once(live: LiveProgramme) -> None:
    before = len(live.run(cancel.cli).document["waiting"])
    live.run(pause.cli, SERIES)
    (pending,) = live.run(pause.cli, SERIES, "--release").pending
    *_, row = live.run(cancel.cli).document["waiting"]
    assert len(live.run(cancel.cli).document["waiting"]) == before + 1
    assert row["scheduled by"] == live.desk.signers["releaser"].address
    assert row["act"].endswith(": unpause()")
    assert row["cancelled by"] == "guardian"

    number = row["operation"][:10]
    done = live.run(cancel.cli, number)
    assert done.exit_code == 0, done.stderr
    assert done.planned == [f"cancel {number}: {row['act']}"]
    assert live.run(cancel.cli, number).planned == []
    assert len(live.run(cancel.cli).document["waiting"]) == before
    live.wait(pending)
    again = live.run(pause.cli, SERIES, "--release")
    assert again.exit_code == 10 and again.planned[0].startswith("schedule: ")
    assert live.run(cancel.cli, number).exit_code == 0  # the same act, scheduled anew
    assert live.read("paused")


def test_what_was_never_scheduled_is_not_cancelled(live: LiveProgramme) -> None:
    for number, told in (("unpause", "is no operation"), ("0x00000000", "0 operations")):
        wrong = live.run(cancel.cli, number)
        assert wrong.exit_code == 2 and told in wrong.stderr
