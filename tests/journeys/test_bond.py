"""A bond by its commands: calendar, tap, coupons, a holder set aside and paid later."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from scripts import announce_coupon, buy_back, call, ceiling, fund, pay, redeem, reset_rate, status
from scripts._amanat.build import ROOT
from scripts._amanat.business_days import start_of_day_karachi
from scripts._amanat.pilot import SAMPLE
from scripts._amanat.pilot_cast import morning
from tests.journeys.live_bond import (
    BOND,
    CALLABLE,
    CALLED,
    COUPON,
    FIRST_END,
    FLOATER,
    FLOATING,
    LOT,
    PRICE,
    SETTLEMENT,
    SUKUK,
    SUKUK_TERMS,
    Bid,
    bids_of,
    bring,
    cash_of,
    live_bond,
    sell,
    sell_rows,
)
from tests.journeys.live_programme import Answer, LiveProgramme

pytestmark = pytest.mark.chain

FIRST = (BOND, "--period", "0")


@pytest.fixture
def bond(live: LiveProgramme) -> LiveProgramme:
    """A 10.5 % bond, its calendar published, on the morning of its first sale."""
    live_bond(live)
    return live


@pytest.fixture
def sold(bond: LiveProgramme) -> LiveProgramme:
    """Three holders of 41 lots."""
    assert sell(bond, bids_of(bond)).exit_code == 0
    return bond


def live_tax_authority(live: LiveProgramme) -> str:
    return str(live.programme["PayingAgent"].read("taxAuthority"))


def treasury_of(live: LiveProgramme) -> str:
    return live.desk.signers["treasury"].address


def block(live: LiveProgramme, wallet: str, act: str = "blockAccount") -> None:
    """The cash token's issuer stops a wallet, or lets it go: a coupon ignores a frozen bond."""
    cash = live.programme["PilotRupee"]
    officer = live.desk.signers["fiscal_agent"].address
    live.chain.rpc("eth_sendTransaction", {**cash.query(act, wallet).request, "from": officer})


def test_a_tap_costs_clean_and_accrued_of_the_day(bond: LiveProgramme) -> None:
    """Four days of 182 have run: 10.5/2 * 4/182 for 100, half-up to the paisa a bid."""
    bids = bids_of(bond)
    first = sell(bond, bids)
    assert first.exit_code == 0
    assert all(check["ok"] for check in first.document["proof"])
    assert "clean on average" in first.document["notes"][1]
    accrued = sum(round(Decimal(bid.face * 100) * Decimal("5.25") * 4 / 182 / 100) for bid in bids)
    clean = sum(int(bid.face * PRICE) for bid in bids)
    assert first.document["payment"] == clean + accrued
    assert first.document["accrued"] == accrued
    before = bond.height
    again = sell(bond, bids)
    assert (again.exit_code, again.planned, bond.height) == (0, [], before)


def test_a_tap_beyond_what_is_authorised_has_it_authorised_first(bond: LiveProgramme) -> None:
    """What lapsed, or was let go meanwhile, is measured anew in the same run."""
    bids = bids_of(bond)
    assert bond.run(ceiling.cli, "--authorise", BOND, f"{LOT:,}").exit_code == 0
    face = sum(bid.face for bid in bids)
    done = sell(bond, bids)
    assert done.exit_code == 0, done.stderr
    (step,) = [step for step in done.planned if step.startswith("authorise")]
    assert step.startswith(f"authorise {face:,} of")
    assert sell(bond, bids).planned == []


def test_a_price_and_a_yield_that_disagree_are_refused_with_both_figures(
    bond: LiveProgramme,
) -> None:
    """All faults of the file at once, and nothing is sent."""
    first, second, third = bids_of(bond)
    before = bond.height
    wrong = [
        Bid(first.number, first.wallet, first.face, stated="11.6309"),
        Bid(second.number, second.wallet, LOT + 1),
        Bid(first.number, third.wallet, third.face),
    ]
    refused = sell(bond, wrong)
    assert (refused.exit_code, bond.height) == (2, before)
    told = refused.document["error"]["message"]
    assert f"disagrees with the price {PRICE} for settlement on {SETTLEMENT}" in told
    assert "% for that price, or the price" in told
    assert "is not a multiple of the lot 100000" in told
    assert "stands in row 2 already" in told


def test_a_tap_of_another_day_waits_or_is_over(bond: LiveProgramme) -> None:
    """What accrues is counted to the day of settlement, and to no other."""
    bond.chain.advance_to(morning(SETTLEMENT) + 86_400)
    refused = sell(bond, bids_of(bond))
    assert refused.exit_code == 2
    assert f"those of a settlement on {SETTLEMENT}" in refused.document["error"]["message"]


def test_a_coupon_is_announced_with_its_day_moved_off_a_holiday(sold: LiveProgramme) -> None:
    first = sold.run(announce_coupon.cli, BOND)
    assert (first.exit_code, len(first.planned)) == (0, 1)
    due = start_of_day_karachi(FIRST_END) + 86_400
    assert (first.document["number"], first.document["due"]) == (0, due)
    assert first.document["total"] == 41 * COUPON
    assert "moved from Thursday 16-Apr-2026" in first.document["notes"][0]
    assert "5,250.00 for each 100,000 of face" in first.document["notes"][1]
    again = sold.run(announce_coupon.cli, BOND)
    assert (again.exit_code, again.planned) == (0, [])
    told = sold.run(status.cli).document["series"]
    found = next(each for each in told if each["symbol"] == BOND)
    assert found["outstanding"] == 41 * LOT * 100
    assert found["next_payment"] == {
        "kind": "coupon",
        "number": 0,
        "record_at": start_of_day_karachi(FIRST_END) - 7 * 86_400,
        "due": due,
        "status": "announced",
    }


def test_who_cannot_take_cash_is_set_aside_and_paid_later(sold: LiveProgramme) -> None:
    """Missed while unfunded, cured, paid in pages; the last run plans nothing."""
    cash = sold.programme["PilotRupee"]
    fund_wallet = bids_of(sold)[1].wallet
    assert sold.run(announce_coupon.cli, *FIRST).exit_code == 0
    sold.chain.advance_to(morning(FIRST_END) + 86_400)
    block(sold, fund_wallet)
    late = sold.run(pay.cli, *FIRST)
    assert (late.exit_code, late.document["status"]) == (10, "missed")
    told = sold.run(status.cli).document["series"]
    missed = next(each for each in told if each["symbol"] == BOND)["missed_payments"]
    assert missed == [{"kind": "coupon", "number": 0, "missing": 41 * COUPON}]

    bring(sold, {treasury_of(sold): 41 * COUPON})
    assert sold.run(fund.cli, *FIRST).document["status"] == "funded"
    before = cash_of(sold, fund_wallet)
    paid = sold.run(pay.cli, *FIRST)
    assert paid.exit_code == 10
    assert [(each["holder"], each["gross"]) for each in paid.document["set_aside"]] == [
        (fund_wallet, 10 * COUPON)
    ]
    assert sold.run(pay.cli, *FIRST).planned == []
    block(sold, fund_wallet, "unblockAccount")
    last = sold.run(pay.cli, *FIRST)
    assert (last.exit_code, last.document["status"]) == (0, "completed")
    net = 10 * COUPON * 85 // 100  # a resident's 15 % withheld, and remitted
    assert cash.read("balanceOf", fund_wallet) == before + net
    authority = live_tax_authority(sold)
    assert last.document["tax"] == cash.read("balanceOf", authority)
    assert last.document["tax"] == 41 * COUPON - last.document["paid"]
    height = sold.height
    again = sold.run(pay.cli, *FIRST)
    assert (again.exit_code, again.planned, sold.height) == (0, [], height)


def test_what_nobody_could_be_paid_in_time_goes_to_the_treasury(sold: LiveProgramme) -> None:
    """Ten years after it could be paid; until then the money is kept, and the run says so."""
    blocked = bids_of(sold)[1].wallet
    assert sold.run(announce_coupon.cli, *FIRST).exit_code == 0
    sold.chain.advance_to(morning(FIRST_END) + 86_400)
    block(sold, blocked)
    bring(sold, {treasury_of(sold): 41 * COUPON})
    assert sold.run(fund.cli, *FIRST).exit_code == 0
    assert sold.run(pay.cli, *FIRST).exit_code == 10
    early = sold.run(pay.cli, *FIRST, "--escheat")
    assert (early.exit_code, early.planned) == (10, [])
    had = cash_of(sold, treasury_of(sold))
    sold.wait(early.pending[0])
    done = sold.run(pay.cli, *FIRST, "--escheat")
    assert (done.exit_code, done.document["escheated"]) == (0, 10 * COUPON)
    assert cash_of(sold, treasury_of(sold)) - had == 10 * COUPON
    assert sold.run(pay.cli, *FIRST, "--escheat").planned == []


# ---------------------------------------------------------------- rates and calls


def evidence(live: LiveProgramme, text: str = "published\n") -> str:
    path = live.root / "result.pdf"
    path.write_text(text, "utf-8")
    return str(path)


def test_a_rate_waits_for_its_fixing_day_and_is_set_once(live: LiveProgramme) -> None:
    """From two days before the period on; a fallback from its start on; never twice."""
    live_bond(live, FLOATING)
    words = (FLOATER, "--period", "1", "--benchmark", "11.0499", "--evidence", evidence(live))
    early = live.run(reset_rate.cli, *words)
    assert (early.exit_code, early.planned) == (10, [])
    assert early.pending[0]["from_when"] == start_of_day_karachi(FIRST_END) - 2 * 86_400
    assert live.run(reset_rate.cli, *words, "--fallback").pending[0][
        "from_when"
    ] == start_of_day_karachi(FIRST_END)

    live.wait(early.pending[0])
    first = live.run(reset_rate.cli, *words)
    assert first.exit_code == 0
    assert (first.document["rate"], first.document["distribution"]) == ("11.5499 %", 577_495)
    before = live.height
    again = live.run(reset_rate.cli, *words)
    assert (again.exit_code, again.planned, live.height) == (0, [], before)
    other = live.run(reset_rate.cli, *words[:4], "12", *words[5:])
    assert other.exit_code == 2
    assert "was set already: to 11.5499 %" in other.document["error"]["message"]


def test_a_rate_out_of_its_bounds_is_refused_with_them(live: LiveProgramme) -> None:
    live_bond(live, FLOATING)
    live.chain.advance_to(morning(FIRST_END))
    words = (FLOATER, "--period", "1", "--evidence", evidence(live))
    refused = live.run(reset_rate.cli, *words, "--benchmark", "19.5001")
    assert refused.exit_code == 5
    assert "RateOutOfBounds(rate=200001, floor=50000, cap=200000)" in str(refused.document["error"])
    none = live.run(reset_rate.cli, FLOATER, "--period", "9", *words[3:], "--benchmark", "11")
    assert none.exit_code == 2
    assert "has no period 9" in none.document["error"]["message"]


def test_a_bond_is_called_once_and_redeemed_at_its_call_price(live: LiveProgramme) -> None:
    """Coupon and 100.5 at the end of the first period; its holders have a month's notice."""
    live_bond(live, CALLABLE)
    bids = bids_of(live)[:1]
    assert sell(live, bids, CALLED).exit_code == 0
    words = (CALLED, "--period", "0", "--document", evidence(live, "decided\n"))
    first = live.run(call.cli, *words)
    assert (first.exit_code, first.document["price"]) == (0, "100.5000")
    before = live.height
    again = live.run(call.cli, *words)
    assert (again.exit_code, again.planned, live.height) == (0, [], before)

    live.chain.advance_to(morning(FIRST_END) + 86_400)
    units = bids[0].face
    bring(live, {treasury_of(live): units * 101 + 30 * COUPON})
    paid_before = cash_of(live, bids[0].wallet)
    done = live.run(redeem.cli, CALLED)
    assert (done.exit_code, done.document["status"]) == (0, "completed")
    assert cash_of(live, bids[0].wallet) - paid_before == units * 1005 // 10


def test_a_bond_without_a_call_cannot_be_called(bond: LiveProgramme) -> None:
    refused = bond.run(call.cli, BOND, "--period", "0", "--document", evidence(bond))
    assert refused.exit_code == 2
    assert "let nobody call it" in refused.document["error"]["message"]


# ---------------------------------------------------------------- sukuk


def test_a_sukuk_pays_a_rental_and_its_reports_never_speak_of_interest(live: LiveProgramme) -> None:
    """11 % on 100,000 for 182 of 365 days: 5,484.93, moved off the holiday."""
    live_bond(live, SUKUK_TERMS)
    rows = [replace(bid, price=Decimal("100.0000"), stated="").at_price for bid in bids_of(live)]
    sold = sell_rows(live, rows, SUKUK)
    assert sold.exit_code == 0
    announced = live.run(announce_coupon.cli, SUKUK)
    assert (announced.exit_code, announced.document["kind"]) == (0, "rental")
    assert announced.document["total"] == 41 * 548_493
    live.chain.advance_to(morning(FIRST_END) + 86_400)
    bring(live, {treasury_of(live): 41 * 548_493})
    assert live.run(fund.cli, SUKUK, "--period", "0").exit_code == 0
    paid = live.run(pay.cli, SUKUK, "--period", "0")
    assert (paid.exit_code, paid.document["status"]) == (0, "completed")
    for answer in (sold, announced, paid):
        assert "interest" not in str(answer.document).lower()


# ---------------------------------------------------------------- buybacks


BUYBACK = "offer,investor,wallet,offered,accepted,price,yield,account"


def offer(
    number: str, wallet: str, offered: int, accepted: int | str, price: str = "98.0000"
) -> str:
    return f"{number},,{wallet},{offered},{accepted},{price},,ACC-{number}"


def buy(live: LiveProgramme, *offers: str) -> Answer:
    path = live.root / "buyback.csv"
    path.write_text("\n".join((BUYBACK, *offers)) + "\n", "utf-8")
    investors = ("--investors", str(ROOT / SAMPLE / "investors.csv"))
    return live.run(buy_back.cli, BOND, str(path), "--settlement", str(SETTLEMENT), *investors)


def test_a_part_of_an_offer_is_bought_back_and_cancelled_once(sold: LiveProgramme) -> None:
    """Cash from the treasury at 98 and four days of accrued; supply falls by what was accepted."""
    dealer, seller, other = (bid.wallet for bid in bids_of(sold))
    bring(sold, {treasury_of(sold): 20 * LOT * 100})
    offers = (
        offer("B-1", dealer, 30 * LOT, 10 * LOT),
        offer("B-2", seller, 2 * LOT, 2 * LOT),
        offer("B-3", other, LOT, 0),
    )
    had = cash_of(sold, dealer)
    first = buy(sold, *offers)
    assert first.exit_code == 0
    assert all(check["ok"] for check in first.document["proof"])
    assert first.document["supply"] == 29 * LOT
    accrued = round(Decimal(10 * LOT * 100) * Decimal("5.25") * 4 / 182 / 100)
    assert cash_of(sold, dealer) - had == 10 * LOT * 98 + accrued
    before = sold.height
    again = buy(sold, *offers)
    assert (again.exit_code, again.planned, sold.height) == (0, [], before)


def test_what_is_not_held_is_not_bought_back(sold: LiveProgramme) -> None:
    """Every seller who holds too little is named, and nothing is sent."""
    _, seller, other = (bid.wallet for bid in bids_of(sold))
    bring(sold, {treasury_of(sold): 20 * LOT * 100})
    before = sold.height
    refused = buy(
        sold,
        offer("B-1", seller, 11 * LOT, 11 * LOT),
        offer("B-2", other, LOT, LOT),
        offer("B-3", other, LOT, LOT),
    )
    assert (refused.exit_code, sold.height) == (2, before)
    told = refused.document["error"]["message"]
    assert "row 2, accepted: brings" in told
    assert "row 4, accepted: brings" in told
    assert "row 3" not in told
