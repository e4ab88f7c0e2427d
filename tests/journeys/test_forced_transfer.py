"""`ape run force_transfer`: an order, executed once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from scripts import force_transfer
from scripts._amanat.order_files import read_order
from scripts._amanat.orders import document_hash, end_of_day
from tests.journeys.live_programme import SERIES, LiveProgramme

pytestmark = pytest.mark.chain


@pytest.fixture
def order(live: LiveProgramme, tmp_path: Path) -> Path:
    """An order on file: half of a pension fund's bills to a bank."""
    fund, bank = live.cast.bidder("pension_fund"), live.cast.bidder("bank")
    (tmp_path / "decree.md").write_text("so ordered\n", "utf-8")
    path = tmp_path / "order.yaml"
    path.write_text(
        f'series: {SERIES}\nfrom: "{fund}"\nto: "{bank}"\namount: 5,000,000\n'
        "document: decree.md\nexpiry: 2025-10-31\n",
        "utf-8",
    )
    return path


def test_an_order_waits_for_its_executor_and_is_executed_once(
    live: LiveProgramme, order: Path
) -> None:
    """pitfalls 33 and 45: the account's sequence is used up, and a second run plans nothing."""
    fund, bank = live.cast.bidder("pension_fund"), live.cast.bidder("bank")
    held = live.read("balanceOf", bank)
    first = live.run(force_transfer.cli, str(order))
    assert first.exit_code == 10
    assert first.pending[0]["who"] == "order_executor"
    live.wait(first.pending[0])
    done = live.run(force_transfer.cli, str(order))
    assert done.exit_code == 0
    assert done.document["order"].startswith("0x")
    assert live.read("balanceOf", bank) == held + 5_000_000
    assert live.read("orderSequence", fund) == 1
    again = live.run(force_transfer.cli, str(order))
    assert (again.exit_code, again.planned, again.pending) == (0, [], [])
    assert "executed already" in again.document["notes"][0]


def test_the_same_order_by_options_is_the_same_order(live: LiveProgramme, order: Path) -> None:
    wish = read_order(order)
    options = (
        *("--series", SERIES, "--from", wish.sender, "--to", wish.recipient),
        *("--amount", "5000000", "--document", str(order.parent / "decree.md")),
        *("--expiry", "2025-10-31"),
    )
    live.wait(live.run(force_transfer.cli, str(order)).pending[0])
    assert live.run(force_transfer.cli, *options).exit_code == 0
    assert live.run(force_transfer.cli, str(order)).planned == []


def test_an_order_past_its_expiry_is_refused_before_anything_is_sent(
    live: LiveProgramme, order: Path
) -> None:
    live.chain.advance_to(read_order(order).expiry + 1)
    before = live.height
    refused = live.run(force_transfer.cli, str(order))
    assert (refused.exit_code, live.height) == (2, before)
    assert "expiry" in refused.document["error"]["message"]


def test_an_incomplete_order_names_every_option_that_is_missing(live: LiveProgramme) -> None:
    refused = live.run(force_transfer.cli, "--series", SERIES)
    assert refused.exit_code == 2
    for option in ("--from", "--to", "--amount", "--document", "--expiry"):
        assert option in refused.document["error"]["message"]


def test_an_order_file_with_faults_is_told_line_by_line(live: LiveProgramme, order: Path) -> None:
    order.write_text(order.read_text("utf-8").replace("2025-10-31", "31/10/2025"), "utf-8")
    order.write_text(order.read_text("utf-8") + "hurry: yes\n", "utf-8")
    refused = live.run(force_transfer.cli, str(order))
    assert refused.exit_code == 2
    message = refused.document["error"]["message"]
    assert "2025-10-31" in message
    assert "hurry" in message


def test_an_order_ends_with_its_last_day_in_pakistan(order: Path) -> None:
    """31-Oct-2025 24:00 in Karachi is 19:00 UTC."""
    wish = read_order(order)
    assert wish.expiry == end_of_day(date(2025, 10, 31)) == 1_761_937_199
    assert wish.document == document_hash(order.parent / "decree.md")
