"""`ape run order` and `ape run settle`: signed into a file, settled once, refused leg by leg."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from scripts import freeze, order, settle
from scripts._amanat import pilot_money
from scripts._amanat.business_days import day_in_karachi
from scripts._amanat.command import perform
from scripts._amanat.pilot_stage import StageConsole
from tests.journeys.live_programme import SERIES, Answer, LiveProgramme

pytestmark = pytest.mark.chain

UNITS, MONEY = 50_000, "48,900.00"
PAISA = 4_890_000


def tomorrow(live: LiveProgramme) -> str:
    return str(day_in_karachi(live.desk.chain.now()) + timedelta(days=1))


def sign(live: LiveProgramme, side: str, wallet: str, *more: str) -> Answer:
    """One order, into a file named after its side."""
    words = (SERIES, f"--{side}", f"{UNITS:,}", "--for", MONEY, "--wallet", wallet)
    until = ("--expiry", tomorrow(live), "--out", f"{side}.json")
    return live.run(order.cli, *words, *until, *more)


def pay_in(live: LiveProgramme, wallet: str, paisa: int = PAISA) -> None:
    desk = live.desk
    desk.console = StageConsole(assume_yes=True)
    perform(desk, pilot_money.bring({wallet: paisa}))


@pytest.fixture
def parties(live: LiveProgramme) -> tuple[str, str]:
    """A seller who holds, and a buyer with just the money."""
    seller, buyer = live.cast.largest[0], live.cast.newcomers[0]
    pay_in(live, buyer)
    assert sign(live, "sell", seller).exit_code == 0
    assert sign(live, "buy", buyer).exit_code == 0
    return seller, buyer


def test_two_signed_orders_change_hands_once(live: LiveProgramme, parties: tuple[str, str]) -> None:
    seller, buyer = parties
    held = live.read("balanceOf", seller)
    first = live.run(settle.cli, "sell.json", "buy.json")
    assert (first.exit_code, first.planned) == (0, [f"settle {UNITS:,} units"])
    assert first.document["trade"]["payment"] == PAISA
    assert all(check["ok"] for check in first.document["proof"])
    assert (live.read("balanceOf", seller), live.read("balanceOf", buyer)) == (held - UNITS, UNITS)
    before = live.height
    again = live.run(settle.cli, "sell.json", "buy.json")
    assert (again.exit_code, again.planned, live.height) == (0, [], before)
    assert "settled already" in again.document["notes"][0]


def test_the_same_order_is_signed_once(live: LiveProgramme, parties: tuple[str, str]) -> None:
    signed, before = Path("sell.json").read_bytes(), live.height
    again = sign(live, "sell", parties[0])
    assert (again.exit_code, again.planned, live.height) == (0, [], before)
    assert "signed already" in again.document["notes"][1]
    assert Path("sell.json").read_bytes() == signed


def test_another_order_never_overwrites_a_signed_one(
    live: LiveProgramme, parties: tuple[str, str]
) -> None:
    refused = sign(live, "sell", parties[0], "--reference", "another")
    assert refused.exit_code == 2
    assert "sell.json is there already" in refused.document["error"]["message"]


def test_a_frozen_seller_is_a_refusal_of_the_securities_leg(
    live: LiveProgramme, parties: tuple[str, str]
) -> None:
    """pitfall 57: either leg may be refused by its own rules, and then nothing moves."""
    live.run(freeze.cli, SERIES, parties[0])
    before = live.height
    refused = live.run(settle.cli, "sell.json", "buy.json")
    assert (refused.exit_code, live.height) == (5, before)
    legs = refused.document["error"]["legs"]
    assert list(legs) == ["securities"]
    assert legs["securities"].startswith("The sender is frozen (code 3): ERC7943CannotSend(")


def test_a_buyer_short_of_money_is_a_refusal_of_the_cash_leg(
    live: LiveProgramme, parties: tuple[str, str]
) -> None:
    cash, (_, buyer) = live.programme["PilotRupee"], parties
    live.chain.rpc(
        "eth_sendTransaction",
        {**cash.query("transfer", parties[0], 1).request, "from": buyer},
    )
    refused = live.run(settle.cli, "sell.json", "buy.json")
    assert refused.exit_code == 5
    legs = refused.document["error"]["legs"]
    assert legs == {
        "cash": f"ERC20InsufficientBalance(sender={buyer}, balance={PAISA - 1}, needed={PAISA})"
    }


def test_an_order_that_was_taken_back_cannot_be_settled(
    live: LiveProgramme, parties: tuple[str, str]
) -> None:
    taken = live.run(order.cli, "--cancel", "sell.json")
    assert (taken.exit_code, len(taken.planned)) == (0, 1)
    again = live.run(order.cli, "--cancel", "sell.json")
    assert (again.exit_code, again.planned) == (0, [])
    refused = live.run(settle.cli, "sell.json", "buy.json")
    assert refused.exit_code == 5
    assert refused.document["error"]["legs"]["orders"].startswith("OrderSpent(")


def test_a_file_that_was_tampered_with_is_refused_with_every_fault(
    live: LiveProgramme, parties: tuple[str, str]
) -> None:
    document = json.loads(Path("sell.json").read_text("utf-8"))
    document["order"]["units"] = "60000"
    Path("sell.json").write_text(json.dumps(document), "utf-8")
    refused = live.run(settle.cli, "sell.json", "buy.json")
    assert refused.exit_code == 2
    assert "digest: is not the order's" in refused.document["error"]["message"]
    document["order"] |= {"side": "lend", "units": "5E+06", "colour": "green"}
    Path("sell.json").write_text(json.dumps(document), "utf-8")
    refused = live.run(settle.cli, "sell.json", "buy.json")
    for told in ("order.side", "order.units", "order.colour"):
        assert told in refused.document["error"]["message"]


def test_a_dry_run_signs_nothing_and_writes_nothing(live: LiveProgramme) -> None:
    seller, before = live.cast.largest[0], live.height
    dry = sign(live, "sell", seller, "--dry-run")
    assert (dry.exit_code, len(dry.planned), live.height) == (0, 1, before)
    assert not Path("sell.json").exists()
