"""`ape run instruct`: locked by the seller, delivered on a confirmed payment, or released."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from scripts import freeze, instruct, transfer
from scripts._amanat.business_days import day_in_karachi, start_of_day_karachi
from tests.journeys.live_programme import SERIES, LiveProgramme

pytestmark = pytest.mark.chain

UNITS = 50_000


@pytest.fixture
def sale(live: LiveProgramme, tmp_path: Path) -> str:
    """A sale that is paid until tomorrow, and the confirmation of its payment beside it."""
    seller, buyer = live.cast.largest[0], live.cast.newcomers[0]
    (tmp_path / "rtgs.pdf").write_text("settled\n", "utf-8")
    lines = (
        f"series: {SERIES}",
        f'seller: "{seller}"',
        f'buyer: "{buyer}"',
        f"units: {UNITS:,}",
        'payment: "48,900.00"',
        "payment_reference: RTGS-2026-17",
        f"expiry: {last_day(live)}",
    )
    path = tmp_path / "sale.yaml"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return str(path)


def last_day(live: LiveProgramme) -> str:
    return str(day_in_karachi(live.desk.chain.now()) + timedelta(days=1))


def test_a_confirmed_payment_delivers_once(live: LiveProgramme, sale: str, tmp_path: Path) -> None:
    seller, buyer = live.cast.largest[0], live.cast.newcomers[0]
    held = live.read("balanceOf", seller)
    locked = live.run(instruct.cli, sale)
    assert (locked.exit_code, len(locked.planned)) == (0, 2)
    assert (locked.document["status"], live.read("balanceOf", seller)) == ("locked", held)
    assert live.run(instruct.cli, sale).planned == []
    moving = live.run(transfer.cli, SERIES, str(held), "--from", seller, "--to", buyer)
    assert "TokensPledged" in moving.document["error"]["restriction"]["error"]

    confirmation = ("--confirm", str(tmp_path / "rtgs.pdf"))
    done = live.run(instruct.cli, sale, *confirmation)
    assert (done.exit_code, done.document["status"]) == (0, "delivered")
    assert (live.read("balanceOf", seller), live.read("balanceOf", buyer)) == (held - UNITS, UNITS)
    before = live.height
    again = live.run(instruct.cli, sale, *confirmation)
    assert (again.exit_code, again.planned, live.height) == (0, [], before)
    late = live.run(instruct.cli, sale, "--release")
    assert late.exit_code == 2
    assert "delivered already" in late.document["error"]["message"]


def test_a_delivery_that_the_rules_refuse_leaves_the_lock(
    live: LiveProgramme, sale: str, tmp_path: Path
) -> None:
    assert live.run(instruct.cli, sale).exit_code == 0
    live.run(freeze.cli, SERIES, live.cast.newcomers[0])
    before = live.height
    refused = live.run(instruct.cli, sale, "--confirm", str(tmp_path / "rtgs.pdf"))
    assert (refused.exit_code, live.height) == (5, before)
    assert "ERC7943CannotReceive" in refused.document["error"]["message"]
    assert live.run(instruct.cli, sale).document["status"] == "locked"


def test_the_buyer_lets_go_at_any_time(live: LiveProgramme, sale: str) -> None:
    assert live.run(instruct.cli, sale).exit_code == 0
    done = live.run(instruct.cli, sale, "--release")
    assert (done.exit_code, done.document["status"]) == (0, "released")
    assert live.run(instruct.cli, sale, "--release").planned == []


def test_what_was_not_paid_in_time_is_released_and_never_confirmed(
    live: LiveProgramme, sale: str, tmp_path: Path
) -> None:
    assert live.run(instruct.cli, sale).exit_code == 0
    live.chain.advance_to(start_of_day_karachi(day_in_karachi(live.desk.chain.now())) + 2 * 86_400)
    late = live.run(instruct.cli, sale, "--confirm", str(tmp_path / "rtgs.pdf"))
    assert late.exit_code == 2
    assert "its time ran out" in late.document["error"]["message"]
    assert live.run(instruct.cli, sale, "--release").exit_code == 0
