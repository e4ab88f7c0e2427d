"""`ape run pledge`: made once, released down to what stays, enforced after its notice."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import pledge, transfer
from tests.journeys.live_programme import SERIES, LiveProgramme

pytestmark = pytest.mark.chain

DAY = 86_400
UNITS = 100_000


@pytest.fixture
def words(live: LiveProgramme, tmp_path: Path) -> tuple[str, ...]:
    """What names a pledge of one dealer to another."""
    agreement = tmp_path / "agreement.pdf"
    agreement.write_text("repo 2025-044\n", "utf-8")
    holder, pledgee = live.cast.largest[:2]
    return (SERIES, "--from", holder, "--to", pledgee, "--document", str(agreement))


def test_a_pledge_is_made_once_and_cannot_move(live: LiveProgramme, words: tuple[str, ...]) -> None:
    holder, pledgee = live.cast.largest[:2]
    held = live.read("balanceOf", holder)
    first = live.run(pledge.cli, *words, "--amount", f"{held - UNITS:,}")
    assert (first.exit_code, len(first.planned)) == (0, 1)
    assert first.document["pledged_in_all"] == held - UNITS
    before = live.height
    again = live.run(pledge.cli, *words, "--amount", f"{held - UNITS}")
    assert (again.exit_code, again.planned, live.height) == (0, [], before)
    more = live.run(pledge.cli, *words, "--amount", f"{held}")
    assert more.exit_code == 2
    assert "an agreement of its own" in more.document["error"]["what_to_do"]
    moving = (SERIES, str(2 * UNITS), "--from", holder, "--to", pledgee)
    refused = live.run(transfer.cli, *moving)
    assert refused.exit_code == 5
    assert "TokensPledged" in refused.document["error"]["restriction"]["error"]


def test_a_release_names_what_stays_pledged(live: LiveProgramme, words: tuple[str, ...]) -> None:
    assert live.run(pledge.cli, *words, "--amount", str(UNITS)).exit_code == 0
    part = live.run(pledge.cli, *words, "--release", "--amount", "40,000")
    assert (part.exit_code, part.document["left"]) == (0, 40_000)
    assert live.run(pledge.cli, *words, "--release", "--amount", "40000").planned == []
    whole = live.run(pledge.cli, *words, "--release")
    assert (whole.exit_code, whole.document["pledged_in_all"]) == (0, 0)


def test_an_enforcement_waits_for_its_notice(live: LiveProgramme, words: tuple[str, ...]) -> None:
    holder, pledgee = live.cast.largest[:2]
    held, owned = live.read("balanceOf", holder), live.read("balanceOf", pledgee)
    made = live.run(pledge.cli, *words, "--amount", str(UNITS), "--notice-days", "3")
    assert made.exit_code == 0
    first = live.run(pledge.cli, *words, "--enforce")
    assert (first.exit_code, first.planned) == (10, ["give notice"])
    waiting = live.run(pledge.cli, *words, "--enforce")
    assert (waiting.exit_code, waiting.planned) == (10, [])
    live.wait(waiting.pending[0])
    done = live.run(pledge.cli, *words, "--enforce")
    assert (done.exit_code, done.document["left"]) == (0, 0)
    balances = (live.read("balanceOf", holder), live.read("balanceOf", pledgee))
    assert balances == (held - UNITS, owned + UNITS)
    before = live.height
    again = live.run(pledge.cli, *words, "--enforce")
    assert (again.exit_code, again.planned, live.height) == (0, [], before)


def test_a_pledge_that_was_never_made_is_neither_released_nor_taken(
    live: LiveProgramme, words: tuple[str, ...]
) -> None:
    for deed in ("--release", "--enforce"):
        refused = live.run(pledge.cli, *words, deed)
        assert refused.exit_code == 2
        assert "has made no such pledge" in refused.document["error"]["message"]
