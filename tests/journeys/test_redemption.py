"""`ape run redeem`: announced early, funded and paid when due, retried for who was set aside."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import freeze, recover_wallet, redeem
from scripts._amanat import pilot_money
from scripts._amanat.command import perform
from scripts._amanat.onchain import Status
from scripts._amanat.pilot_cast import morning
from scripts._amanat.pilot_stage import StageConsole
from tests.journeys.live_programme import SERIES, LiveProgramme

pytestmark = pytest.mark.chain


def mature(live: LiveProgramme) -> None:
    """The clock at the payment date, and par in the treasury."""
    live.chain.advance_to(morning(live.cast.terms.payment_date))
    desk = live.desk
    desk.console = StageConsole(assume_yes=True)
    treasury = desk.signers["treasury"].address
    perform(desk, pilot_money.bring({treasury: live.series.supply * 100}))


def test_before_maturity_it_is_announced_and_the_rest_is_pending(live: LiveProgramme) -> None:
    first = live.run(redeem.cli, SERIES)
    assert (first.exit_code, len(first.planned)) == (10, 1)
    assert [each["what"] for each in first.pending] == ["fund in full", "pay the holders"]
    again = live.run(redeem.cli, SERIES)
    assert (again.exit_code, again.planned) == (10, [])


def test_a_treasury_short_of_money_is_told_how_much_is_missing(live: LiveProgramme) -> None:
    live.chain.advance_to(morning(live.cast.terms.payment_date))
    before = live.height
    refused = live.run(redeem.cli, SERIES)
    assert (refused.exit_code, live.height) == (2, before)
    assert f"{live.series.supply * 100:,}" in refused.document["error"]["message"]


def test_all_holders_are_paid_in_pages_in_one_run(live: LiveProgramme) -> None:
    mature(live)
    done = live.run(redeem.cli, SERIES, "--page", "20")
    assert done.exit_code == 0
    pages = [step for step in done.planned if step.startswith("pay page")]
    assert len(pages) == -(-len(live.cast.allotted) // 20)
    assert (done.document["status"], live.series.supply) == ("completed", 0)
    assert done.planned[-1] == "let go what is committed for mtb-3m-2025-12-26 and no longer out"
    assert live.series.status is Status.REDEEMED
    assert live.programme["Programme"].read("committedValue") == 0
    before = live.height
    again = live.run(redeem.cli, SERIES, "--page", "20")
    assert (again.exit_code, again.planned, live.height) == (0, [], before)


def test_who_is_frozen_is_set_aside_and_paid_after_the_release(live: LiveProgramme) -> None:
    """pitfall 30: one payee who cannot be paid stops nobody."""
    frozen = live.cast.bidder("retail")
    owed = live.read("balanceOf", frozen)
    live.run(freeze.cli, SERIES, frozen)
    mature(live)
    first = live.run(redeem.cli, SERIES)
    assert first.exit_code == 10
    assert first.document["set_aside"] == [
        {"holder": frozen, "gross": owed * 100, "reason": f"HoldingFrozen(holder={frozen})"}
    ]
    assert live.series.supply == owed
    assert live.series.status is Status.MATURED
    waiting = live.run(redeem.cli, SERIES)
    assert (waiting.exit_code, waiting.planned) == (10, [])
    live.wait(live.run(freeze.cli, SERIES, frozen, "--release").pending[0])
    live.run(freeze.cli, SERIES, frozen, "--release")
    last = live.run(redeem.cli, SERIES)
    assert (last.exit_code, last.document["status"]) == (0, "completed")
    assert live.series.supply == 0


def test_a_lost_wallet_is_never_paid_and_its_successor_is(
    live: LiveProgramme, tmp_path: Path
) -> None:
    """pitfall 10: under notice nobody is paid; once recovered, the entitlement has followed."""
    decision = tmp_path / "decision.md"
    decision.write_text("recovered\n", "utf-8")
    lost, successor = live.cast.bidder("professional"), live.cast.new_wallet
    owed = live.read("balanceOf", lost) * 100
    live.chain.advance_to(morning(live.cast.terms.payment_date) - 3_600)
    words = (lost, "--successor", successor, "--document", str(decision))
    noticed = live.run(recover_wallet.cli, *words)
    mature(live)
    first = live.run(redeem.cli, SERIES)
    assert first.exit_code == 10
    assert first.document["set_aside"] == [
        {"holder": lost, "gross": owed, "reason": f"PaymentPayeeDead(payee={lost})"}
    ]
    live.wait(noticed.pending[0])
    assert live.run(recover_wallet.cli, *words).exit_code == 0
    last = live.run(redeem.cli, SERIES)
    assert (last.exit_code, last.document["status"], live.series.supply) == (0, "completed", 0)
    cash = live.programme["PilotRupee"]
    assert (cash.read("balanceOf", lost), cash.read("balanceOf", successor)) == (0, owed)
