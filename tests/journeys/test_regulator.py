"""`ape run suspend` and `ape run sanction`: at once to stop, slowly to let go."""

from __future__ import annotations

import click
import pytest

from scripts import sanction, suspend
from scripts._amanat.onchain import Flag
from tests.journeys.live_programme import LiveProgramme

pytestmark = pytest.mark.chain


def released(live: LiveProgramme, command: click.Command, *words: str) -> list[str]:
    """What the releaser's two runs planned: the first schedules, the second executes."""
    first = live.run(command, *words)
    (pending,) = first.pending
    assert (first.exit_code, pending["who"]) == (10, "releaser")
    live.wait(pending)
    last = live.run(command, *words)
    assert last.exit_code == 0
    assert live.run(command, *words).planned == []
    return first.planned + last.planned


def test_a_wallet_is_suspended_everywhere_at_once(live: LiveProgramme) -> None:
    wallet = live.cast.largest[0]
    assert live.run(suspend.cli, wallet).exit_code == 0
    assert Flag.SUSPENDED in live.programme.records([wallet])[wallet].flags
    assert live.run(suspend.cli, wallet).planned == []
    assert released(live, suspend.cli, wallet, "--release") == [
        f"schedule: unsuspend {wallet}",
        f"unsuspend {wallet}",
    ]


def test_the_sanctions_list_takes_only_whom_it_lacks(live: LiveProgramme) -> None:
    alice, bob = live.cast.largest[:2]
    assert live.run(sanction.cli, alice).exit_code == 0
    both = live.run(sanction.cli, alice, bob, bob)
    assert (both.exit_code, both.planned) == (0, [f"imposeSanctions {bob}"])
    assert [each["ok"] for each in both.document["proof"]] == [True, True]
    assert released(live, sanction.cli, alice, "--lift")[-1] == f"liftSanctions {alice}"
    listed = live.programme["RuleBook"]
    assert [listed.read("isSanctioned", each) for each in (alice, bob)] == [False, True]


def test_a_sanctioned_address_must_be_one(live: LiveProgramme) -> None:
    wrong = live.run(sanction.cli, "0x1234")
    assert wrong.exit_code == 2 and "0x1234" in wrong.stderr
