"""`ape run open_auction`, `bid`, `reveal`, `close_auction`: to the last bond."""

from __future__ import annotations

import stat
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from scripts import bid, close_auction, open_auction, reveal, withdraw_margin
from scripts._amanat.auction_house import HOUSE
from scripts._amanat.bidding import Bid
from scripts._amanat.command import Work, perform
from scripts._amanat.pilot_stage import StageConsole
from scripts._amanat.plan import Call, Plan, Step, digest
from tests.journeys.live_bond import bring, cash_of
from tests.journeys.live_programme import SERIES, Answer, LiveProgramme

pytestmark = pytest.mark.chain

HOUR, DAY = 3_600, 86_400
LOT = 5_000
BOND = 50_000_00  # paisa: 0.25 % of 20,000,000 at par
SHEET = """\
target: 20,000,000
maximum: 30,000,000
lot: 5,000
least_bid: 100,000
most_bid: 20,000,000
least_price: "90.0000"
most_price: "100.0000"
pricing: multiple
price_move: "0.25"
bond: "50,000.00"
most_bids: 40
most_bids_each: 3
non_competitive:
  most_bid: 500,000
  bond_per_lot: "12.50"
  most_bids: 20
  price: weighted_average
close: {close}
reveal_until: {reveal}
settle_from: {begin}
settle_until: {end}
"""


class Market:
    """An announcement, dealers with money, and the commands in a dealer's words."""

    def __init__(self, live: LiveProgramme) -> None:
        self.live, now = live, live.desk.chain.now()
        self.start = now - now % 60 + 60
        self.times = [self.start + each for each in (HOUR, 2 * HOUR, DAY, 2 * DAY)]
        names = ("close", "reveal", "begin", "end")
        karachi = ZoneInfo("Asia/Karachi")
        shown = [f"{datetime.fromtimestamp(t, karachi):%Y-%m-%d %H:%M}" for t in self.times]
        self.sheet = live.root / "auction.yaml"
        self.sheet.write_text(SHEET.format(**dict(zip(names, shown, strict=True))), "utf-8")
        self.decision = live.root / "decision.pdf"
        self.decision.write_text("accepted\n", "utf-8")
        cast = live.cast
        self.dealers = [w for w in cast.largest if cast.owner(w).class_name == "primary_dealer"]
        self.saver = cast.newcomers[0]

    def open(self) -> Answer:
        return self.live.run(open_auction.cli, SERIES, str(self.sheet))

    def bid(self, wallet: str, amount: int, price: str = "", *more: str) -> Answer:
        priced = ("--price", price) if price else ()
        words = ("1", "--wallet", wallet, "--amount", f"{amount:,}", *priced)
        return self.live.run(bid.cli, *words, "--fund-on-local-chain", *more)

    def reveal(self, *more: str) -> Answer:
        return self.live.run(reveal.cli, "1", *more)

    def close(self, *more: str) -> Answer:
        return self.live.run(close_auction.cli, "1", "--document", str(self.decision), *more)

    def wait_for(self, which: int) -> None:
        """The close, the end of revealing, the beginning and the end of settlement."""
        self.live.chain.advance_to(self.times[which])


@pytest.fixture
def market(live: LiveProgramme) -> Market:
    market = Market(live)
    first = market.open()
    assert first.exit_code == 0, first.stderr
    assert first.document["auction"] == 1
    return market


def test_an_auction_runs_from_its_announcement_to_the_last_bond(
    live: LiveProgramme, market: Market
) -> None:
    """Four sealed bids, one never shown; one saver; one winner who cannot pay (pitfall 58)."""
    again = market.open()
    assert (again.exit_code, again.planned) == (0, [])
    first, second, third = market.dealers[:3]
    for wallet, amount, price in (
        (first, 10_000_000, "97.6000"),
        (second, 8_000_000, "97.5000"),
        (third, 7_000_000, "97.5000"),
        (third, 900_000, "97.9000"),
    ):
        sealed = market.bid(wallet, amount, price, "--number", "1" if amount < 10**6 else "0")
        assert sealed.exit_code == 0, sealed.stderr
    assert market.bid(market.saver, 500_000).exit_code == 0
    hidden = next((live.desk.record.folder / "bids").glob(f"*{third}-1.json"))
    hidden.unlink()

    early = market.reveal()
    assert (early.exit_code, early.planned, len(early.pending)) == (10, [], 3)
    assert market.close().exit_code == 10
    market.wait_for(0)
    shown = market.reveal()
    assert (shown.exit_code, len(shown.planned)) == (0, 3), shown.stderr
    assert market.reveal().planned == []
    market.wait_for(1)
    decided = market.close()
    assert decided.exit_code == 10, decided.stderr
    # 10,000,000 at 97.60, and 10,000,000 left for 8 and 7 at 97.50
    assert decided.planned == ["accept 20,500,000 at a cut-off of 97.5000"]
    assert decided.document["cut_off"] == "97.5000"
    assert cash_of(live, treasury(live)) >= BOND
    settle_with_one_in_default(live, market, first, second, third)


def settle_with_one_in_default(
    live: LiveProgramme, market: Market, first: str, second: str, third: str
) -> None:
    market.wait_for(2)
    held = {wallet: live.read("balanceOf", wallet) for wallet in (first, second, third)}
    bring(live, {wallet: 10**10 for wallet in (first, third, market.saver)})
    part = market.close()
    assert (part.exit_code, len(part.pending)) == (10, 1)
    assert part.pending[0]["who"] == second
    got = {wallet: live.read("balanceOf", wallet) - held[wallet] for wallet in held}
    assert got == {first: 10_000_000, second: 0, third: 4_665_000}
    market.wait_for(3)
    over = market.close()
    assert (over.exit_code, over.planned) == (0, ["forfeit 1 bids, 1 to 1"]), over.stderr
    assert over.document["bids"] == {"forfeited": 1, "sealed": 1, "settled": 3}
    before = live.height
    again = market.close()
    assert (again.exit_code, again.planned, live.height) == (0, [], before)
    assert all(check["ok"] for check in again.document["proof"])
    house = live.programme[HOUSE]
    assert cash_of(live, house.address) == 0


def treasury(live: LiveProgramme) -> str:
    found: str = live.programme[HOUSE].read("treasury")
    return found


def test_a_bid_is_sealed_once_and_kept_for_its_owners_eyes(
    live: LiveProgramme, market: Market
) -> None:
    dealer = market.dealers[0]
    first = market.bid(dealer, 1_000_000, "97.6000")
    assert len(first.planned) == 4  # pilot rupees, an allowance, the margin, the seal
    kept = Path(first.document["file"])
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    said = first.stderr + str({k: v for k, v in first.document.items() if k != "plan"})
    assert "97.6" not in said and "976000" not in str(first.document["plan"])
    before = live.height
    again = market.bid(dealer, 1_000_000, "97.6000")
    assert (again.exit_code, again.planned, live.height) == (0, [], before)
    other = market.bid(dealer, 1_000_000, "97.7000")
    assert other.exit_code == 2
    assert "--number" in other.document["error"]["what_to_do"]
    assert "976000" in kept.read_text("utf-8")
    others = [
        path for path in live.desk.record.folder.rglob("*") if path.is_file() and path != kept
    ]
    guess = Bid(1, dealer, 1_000_000, Decimal("97.6000"))
    for path in others:  # a hash without a salt could be guessed
        text = path.read_text("utf-8")
        assert "976000" not in text and digest(guess) not in text, path


def test_a_bid_whose_file_was_lost_is_made_anew_from_its_key(
    live: LiveProgramme, market: Market
) -> None:
    dealer = market.dealers[0]
    sealed = market.bid(dealer, 1_000_000, "97.6000")
    Path(sealed.document["file"]).unlink()
    market.wait_for(0)
    assert market.reveal().planned == []
    words = ("--wallet", dealer, "--amount", "1,000,000", "--price")
    wrong = market.reveal(*words, "97.6001")
    assert wrong.exit_code == 2
    shown = market.reveal(*words, "97.6000")
    assert (shown.exit_code, len(shown.planned)) == (0, 1)


def test_a_bid_that_cannot_be_is_refused_with_every_fault(
    live: LiveProgramme, market: Market
) -> None:
    before = live.height
    refused = market.bid(market.saver, 20_000_001, "89.0000", "--number", "3")
    assert (refused.exit_code, live.height) == (2, before)
    for fault in (
        "not some lots",
        "right: from 100,000",
        "no primary dealer",
        "number: 3",
        "price",
    ):
        assert fault in str(refused.document["error"]), fault
    assert not (live.desk.record.folder / "bids").exists()


def test_a_second_bid_without_a_price_is_refused_before_it_voids_both(
    live: LiveProgramme, market: Market
) -> None:
    assert market.bid(market.saver, 500_000).exit_code == 0
    assert market.bid(market.saver, 500_000).planned == []
    refused = market.bid(market.saver, 495_000)
    assert refused.exit_code == 2
    assert "void both" in refused.document["error"]["message"]


def test_all_bids_are_rejected_and_bonds_go_back(live: LiveProgramme, market: Market) -> None:
    dealer = market.dealers[0]
    market.bid(dealer, 1_000_000, "97.6000")
    before = cash_of(live, dealer)
    market.wait_for(0)
    market.reveal()
    market.wait_for(1)
    below = market.close("--cut-off", "97.5000")
    assert below.exit_code == 2
    ended = market.close("--reject")
    assert (ended.exit_code, len(ended.planned)) == (0, 2), ended.stderr
    assert ended.document["outcome"] == "rejected"
    assert cash_of(live, dealer) == before + BOND
    assert market.close("--reject").planned == []


def test_an_announcement_with_faults_is_refused_whole(live: LiveProgramme, market: Market) -> None:
    text = market.sheet.read_text("utf-8")
    text = text.replace("maximum: 30,000,000", "maximum: 10,000,001")
    market.sheet.write_text(text.replace('least_price: "90.0000"', 'least_price: "101"'), "utf-8")
    refused = market.open()
    assert refused.exit_code == 2
    for fault in ("maximum: 10,000,001 is not some lots", "target: is above", "least_price: is"):
        assert fault in str(refused.document["error"]), fault


def test_a_dry_run_keeps_no_bid_and_sends_nothing(live: LiveProgramme, market: Market) -> None:
    before = live.height
    dry = market.bid(market.dealers[0], 1_000_000, "97.6000", "--dry-run")
    assert (dry.exit_code, len(dry.planned), live.height) == (0, 4, before)
    assert not (live.desk.record.folder / "bids").exists()


def test_a_margin_that_no_bid_binds_is_withdrawn_whole(live: LiveProgramme) -> None:
    bidder = live.cast.largest[0]
    bring(live, {bidder: BOND})
    deposit(live, bidder, BOND)
    left = cash_of(live, bidder)
    taken = live.run(withdraw_margin.cli, bidder)
    assert (taken.exit_code, taken.planned) == (0, ["withdraw Rs 50,000.00"]), taken.stderr
    assert cash_of(live, bidder) == left + BOND
    assert live.run(withdraw_margin.cli, bidder).planned == []
    deposit(live, bidder, BOND)
    assert live.run(withdraw_margin.cli, bidder).planned == ["withdraw Rs 50,000.00"]


def deposit(live: LiveProgramme, bidder: str, amount: int) -> None:
    desk = live.desk
    desk.console = StageConsole(assume_yes=True)
    house, cash = live.programme[HOUSE], live.programme.cash
    key = str(live.height)
    calls = (
        Call(cash.address, "PilotRupee", "approve(address,uint256)", (house.address, amount)),
        Call(house.address, HOUSE, "deposit(address,uint256)", (cash.address, amount)),
    )
    steps = tuple(Step(call.signature, bidder, call, key=key) for call in calls)
    perform(desk, Work("deposit", plan=lambda _: Plan("deposit", key, steps)))
