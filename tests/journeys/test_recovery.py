"""`ape run recover_wallet`: notice, window, completion; or an objection."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import freeze, recover_wallet
from tests.journeys.live_programme import SERIES, LiveProgramme

pytestmark = pytest.mark.chain
DAY = 86_400


@pytest.fixture
def words(live: LiveProgramme, tmp_path: Path) -> tuple[str, ...]:
    """The command's words: a professional's only wallet, and one that nobody registered."""
    decision = tmp_path / "decision.md"
    decision.write_text("recovered\n", "utf-8")
    lost = live.cast.bidder("professional")
    return lost, "--successor", live.cast.new_wallet, "--document", str(decision)


def test_a_lost_wallet_is_followed_with_its_frozen_part_after_the_window(
    live: LiveProgramme, words: tuple[str, ...]
) -> None:
    """pitfalls 10 and 44: balance, frozen part and the holders' counter follow."""
    lost, successor = words[0], live.cast.new_wallet
    live.run(freeze.cli, SERIES, lost, "--part", "1000000")
    held, holders, began = live.read("balanceOf", lost), live.series.holders, live.chain.time
    first = live.run(recover_wallet.cli, *words)
    assert (first.exit_code, first.planned) == (10, ["notice the recovery"])
    assert first.pending[0]["from_when"] >= began + DAY
    waiting = live.run(recover_wallet.cli, *words)
    assert (waiting.exit_code, waiting.planned) == (10, [])

    live.wait(waiting.pending[0])
    done = live.run(recover_wallet.cli, *words)
    assert (done.exit_code, done.planned) == (0, ["complete the recovery"])
    assert live.read("balanceOf", successor) == held
    assert live.read("getFrozenTokens", successor) == 1_000_000
    assert (live.read("balanceOf", lost), live.series.holders) == (0, holders)
    again = live.run(recover_wallet.cli, *words)
    assert (again.exit_code, again.planned, again.pending) == (0, [], [])


def test_the_guardian_cancels_within_the_window_and_the_wallet_lives_again(
    live: LiveProgramme, words: tuple[str, ...]
) -> None:
    live.run(recover_wallet.cli, *words)
    assert live.run(recover_wallet.cli, words[0], "--cancel").exit_code == 0
    assert live.read("canSend", words[0])
    again = live.run(recover_wallet.cli, words[0], "--cancel")
    assert (again.exit_code, again.planned) == (0, [])


def test_another_successor_than_the_noticed_one_is_refused(
    live: LiveProgramme, words: tuple[str, ...]
) -> None:
    live.run(recover_wallet.cli, *words)
    other = (words[0], "--successor", live.cast.stranger, *words[3:])
    refused = live.run(recover_wallet.cli, *other)
    assert refused.exit_code == 2
    assert live.cast.new_wallet in refused.document["error"]["message"]


def test_a_wallet_of_another_investor_cannot_succeed(
    live: LiveProgramme, words: tuple[str, ...]
) -> None:
    """pitfall 9."""
    other = (words[0], "--successor", live.cast.newcomers[0], *words[3:])
    before = live.height
    refused = live.run(recover_wallet.cli, *other)
    assert (refused.exit_code, live.height) == (5, before)
    assert "SuccessorUnfit" in refused.document["error"]["message"]


def test_a_recovery_without_its_decision_is_refused(live: LiveProgramme) -> None:
    lost = live.cast.bidder("professional")
    refused = live.run(recover_wallet.cli, lost, "--successor", live.cast.new_wallet)
    assert refused.exit_code == 2
    assert "--document" in refused.document["error"]["message"]
