"""The decision: what the chain allots is what an imported file is allotted by."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts._amanat import allocation
from scripts._amanat.allocation import AllocationError
from scripts._amanat.powers import Role
from scripts._amanat.pricing import Units
from tests.evm import Reverted, reverts
from tests.settlement.auction_hall import (
    ABANDONED,
    ALLOTTED,
    BOND,
    DECISION,
    LOT,
    MULTIPLE,
    NO_BIDS,
    REJECTED,
    UNIFORM,
    VOID,
    Hall,
    Tranche,
    as_imported,
    rules_of,
)
from tests.world import World

PAR: Final = 1_000_000


@cache
def prepared() -> Hall:
    hall = Hall(World(), dealers=12, savers=5)
    hall.deposit(*hall.dealers, amount=4 * BOND)
    return hall


@pytest.fixture
def hall() -> Iterator[Hall]:
    hall = prepared()
    with hall.evm.snapshot():
        hall.announced.clear()
        yield hall


def bid_in_lots(hall: Hall, *bids: tuple[int, int]) -> None:
    """Prices and lots, a dealer each, sealed and shown; ready for the decision."""
    shown = []
    for place, (price, lots) in enumerate(bids):
        dealer = hall.dealers[place % len(hall.dealers)]
        bid = hall.sealed(dealer, price, lots * LOT, place // len(hall.dealers))
        hall.commit(bid, dealer)
        shown.append(bid)
    hall.close()
    hall.reveal(*shown)
    hall.end_revealing()


def allotted(hall: Hall) -> list[int]:
    """Lots by sequence."""
    return [bid.allotted // LOT for bid in hall.bids()]


# ----------------------------------------------------------------------------- at the cut-off


def test_bids_at_the_cut_off_share_what_is_left_in_whole_lots(hall: Hall) -> None:
    """7 lots for 5, 5 and 4 wanted: 2.5, 2.5 and 2; the lot goes to the earlier of equals."""
    hall.open(target=10 * LOT)
    bid_in_lots(hall, (980_000, 3), (975_000, 5), (975_000, 5), (975_000, 4), (970_000, 9))
    hall.accept(975_000, last=1)
    assert allotted(hall) == [3, 3, 2, 2, 0]
    state = hall.auction.auctionOf(1)
    assert (state.outcome, state.cutOff, state.accepted) == (ALLOTTED, 975_000, 10 * LOT)


@pytest.mark.parametrize(("last", "favoured"), [(2, 2), (0, 2), (3, 3), (511, 0), (2**16 + 1, 0)])
def test_a_wrong_last_is_refused_whatever_is_given(hall: Hall, last: int, favoured: int) -> None:
    """Pitfall 58: nobody can bend the ties; the contract counts."""
    hall.open(target=10 * LOT)
    bid_in_lots(hall, (980_000, 3), (975_000, 5), (975_000, 5), (975_000, 4), (970_000, 9))
    with reverts("AuctionFavouredWrongly", last, favoured, 1):
        hall.accept(975_000, last=last)


def test_larger_remainders_come_first_then_larger_bids_then_earlier_ones(hall: Hall) -> None:
    """4 lots for 2, 2, 6 and 2 wanted: ⅔, ⅔, 2 and ⅔; two lots are left over."""
    hall.open(target=4 * LOT)
    bid_in_lots(hall, (975_000, 2), (975_000, 2), (975_000, 6), (975_000, 2))
    hall.accept(975_000, last=1)
    assert allotted(hall) == [1, 1, 2, 0]


def test_equal_remainders_go_to_the_larger_bid(hall: Hall) -> None:
    """5 lots for 1, 3 and 6: 0.5, 1.5 and 3; the lot goes to the bid of 3."""
    hall.open(target=5 * LOT)
    bid_in_lots(hall, (975_000, 1), (975_000, 3), (975_000, 6))
    hall.accept(975_000, last=1)
    assert allotted(hall) == [0, 2, 3]


def test_what_fits_is_accepted_whole(hall: Hall) -> None:
    hall.open(target=100 * LOT)
    bid_in_lots(hall, (980_000, 3), (975_000, 5))
    hall.accept(975_000, last=99_999)
    assert allotted(hall) == [3, 5]


def test_shares_without_remainders_need_no_last(hall: Hall) -> None:
    hall.open(target=4 * LOT)
    bid_in_lots(hall, (975_000, 4), (975_000, 4))
    hall.accept(975_000, last=2**200)
    assert allotted(hall) == [2, 2]
    assert hall.evm.receipt.events("AuctionAllotted")[0]["lastFavoured"] == 0


def test_the_cut_off_is_a_price_that_somebody_bid_and_that_places_no_more_than_there_is(
    hall: Hall,
) -> None:
    hall.open(target=10 * LOT, maximum=20 * LOT, most_units=20 * LOT)
    bid_in_lots(hall, (980_000, 12), (975_000, 5))
    for price in (0, 1, 979_999, 2**32 + 975_000):
        with reverts("AuctionCutOffNotBid", 1, price):
            hall.accept(price)
    with reverts("AuctionCutOffTooLow", 12 * LOT, 10 * LOT):
        hall.accept(975_000)
    for amount in (10 * LOT + 1, 21 * LOT):
        with reverts("AuctionAmountRefused", amount, 20 * LOT):
            hall.accept(975_000, amount)
    with reverts("AuctionNothingAccepted", 1, 980_000):
        hall.accept(980_000, 0)
    hall.accept(975_000, 15 * LOT)
    assert allotted(hall) == [12, 3]


# ----------------------------------------------------------------------------- prices


@pytest.mark.parametrize("pricing", [MULTIPLE, UNIFORM])
def test_each_pays_its_own_price_or_all_the_cut_off(hall: Hall, pricing: int) -> None:
    hall.open(target=4 * LOT, pricing=pricing)
    hall.bid_openly(hall.savers[0], LOT)
    bid_in_lots(hall, (980_001, 1), (975_000, 3))
    hall.accept(975_000)
    average = 976_250  # (980,001 + 3 x 975,000) / 4 = 976,250.25
    assert [bid.allottedPrice for bid in hall.bids()] == (
        [975_000] * 3 if pricing == UNIFORM else [average, 980_001, 975_000]
    )


def test_the_average_is_half_up(hall: Hall) -> None:
    hall.open(target=2 * LOT)
    hall.bid_openly(hall.savers[0], LOT)
    bid_in_lots(hall, (975_001, 1), (975_000, 1))
    hall.accept(975_000)
    assert hall.auction.auctionOf(1).nonCompetitivePrice == 975_001


def test_bids_without_a_price_pay_the_cut_off_where_that_was_announced(hall: Hall) -> None:
    hall.open(target=2 * LOT, non_competitive=Tranche(at_average=False))
    hall.bid_openly(hall.savers[0], LOT)
    bid_in_lots(hall, (980_000, 1), (970_000, 1))
    hall.accept(970_000)
    assert hall.bids()[0].allottedPrice == 970_000


def test_bids_without_a_price_come_out_of_the_target_where_that_was_announced(hall: Hall) -> None:
    hall.open(target=5 * LOT, non_competitive=Tranche(within_target=True))
    hall.bid_openly(hall.savers[0], 3 * LOT)
    bid_in_lots(hall, (980_000, 1), (975_000, 4))
    hall.accept(975_000)
    assert allotted(hall) == [3, 1, 1]


# ----------------------------------------------------------------------------- ordinary ends


def test_all_bids_rejected_is_an_ordinary_end(hall: Hall) -> None:
    hall.open()
    hall.bid_openly(hall.savers[0], LOT)
    bid_in_lots(hall, (975_000, 1))
    hall.auction.reject(1, DECISION, sender=hall.world[Role.ISSUER])
    assert hall.evm.receipt.events("AuctionEnded") == [
        {"auctionId": 1, "outcome": REJECTED, "document": DECISION}
    ]
    assert allotted(hall) == [0, 0]
    assert hall.auction.release.call(1, [0, 1], sender=hall.savers[0]) == 2


def test_no_bids_is_an_ordinary_end(hall: Hall) -> None:
    """One that was sealed and never shown is none; its bond is the state's."""
    hall.open()
    hall.commit(hall.sealed(hall.dealers[0], 975_000, LOT), hall.dealers[0])
    hall.end_revealing()
    with reverts("AuctionCutOffNotBid", 1, 975_000):
        hall.accept(975_000)
    hall.auction.reject(1, DECISION, sender=hall.world[Role.ISSUER])
    assert hall.auction.auctionOf(1).outcome == NO_BIDS
    assert hall.evm.receipt.events("BondsForfeited") == [
        {"auctionId": 1, "count": 1, "amount": BOND}
    ]
    assert hall.cash.balanceOf(hall.world.treasury) == BOND


def test_a_decision_falls_once_and_not_before_all_could_show_their_bids(hall: Hall) -> None:
    wish = hall.announced[hall.open()]
    bid = hall.sealed(hall.dealers[0], 975_000, LOT)
    hall.commit(bid, hall.dealers[0])
    hall.close()
    hall.reveal(bid)
    hall.evm.time = wish.reveal_end - 1
    with reverts("AuctionNotToDecide", 1, 0, wish.reveal_end):
        hall.accept(975_000)
    hall.end_revealing()
    hall.accept(975_000)
    for again in (
        lambda: hall.accept(975_000),
        lambda: hall.auction.reject(1, DECISION, sender=hall.world[Role.ISSUER]),
        lambda: hall.auction.abandon(1, sender=hall.dealers[0]),
    ):
        with reverts("AuctionNotToDecide", 1, ALLOTTED, wish.reveal_end):
            again()
    with reverts("AuctionUnknown", 9):
        hall.accept(975_000, LOT, auction=9)


def test_what_nobody_decides_is_abandoned_by_anyone_and_all_bonds_go_back(hall: Hall) -> None:
    """Pitfall 58: the operator is absent."""
    wish = hall.announced[hall.open()]
    before = hall.cash.balanceOf(hall.dealers[0])
    hall.bid_openly(hall.savers[0], LOT)
    bid_in_lots(hall, (975_000, 1))
    hall.evm.time = wish.settle_end - 1
    with reverts("AuctionTooEarly", 1, wish.settle_end):
        hall.auction.abandon(1, sender=hall.dealers[1])
    with reverts("AuctionTooEarly", 1, wish.settle_end):
        hall.auction.release(1, [0], sender=hall.dealers[1])
    hall.evm.time = wish.settle_end
    hall.auction.abandon(1, sender=hall.dealers[1])
    assert hall.auction.auctionOf(1).outcome == ABANDONED
    hall.auction.release(1, [0, 1], sender=hall.dealers[1])
    assert hall.cash.balanceOf(hall.dealers[0]) == before + BOND
    assert hall.owed() == hall.cash.balanceOf(hall.auction)


# ----------------------------------------------------------------------------- agreement

competitive = st.tuples(
    st.integers(0, 11), st.sampled_from([960_000, 970_000, 970_001, 975_000]), st.integers(1, 40)
)


@settings(max_examples=40)
@given(
    bids=st.lists(competitive, min_size=1, max_size=24),
    without_price=st.lists(st.tuples(st.integers(0, 4), st.integers(1, 40)), max_size=6),
    target=st.integers(1, 150),
    cut=st.integers(0, 3),
    pricing=st.sampled_from([MULTIPLE, UNIFORM]),
    within=st.booleans(),
    average=st.booleans(),
)
def test_the_same_bids_give_the_same_allotment_to_the_unit(
    bids: list[tuple[int, int, int]],
    without_price: list[tuple[int, int]],
    target: int,
    cut: int,
    pricing: int,
    within: bool,
    average: bool,
) -> None:
    """Against `allocation.allot`, which is what an imported file is allotted by."""
    hall = prepared()
    with hall.evm.snapshot():
        hall.announced.clear()
        tranche = Tranche(within_target=within, at_average=average)
        number = hall.open(
            target=target * LOT, maximum=400 * LOT, pricing=pricing, non_competitive=tranche
        )
        play(hall, bids, without_price)
        compare(hall, number, cut)


def play(
    hall: Hall, bids: list[tuple[int, int, int]], without_price: list[tuple[int, int]]
) -> None:
    used: dict[int, int] = {}
    shown = []
    for who, price, lots in bids:
        if used.get(who, 0) == 4:
            continue
        bid = hall.sealed(hall.dealers[who], price, lots * LOT, used.get(who, 0))
        used[who] = used.get(who, 0) + 1
        hall.commit(bid, hall.dealers[who])
        shown.append(bid)
    for who, lots in without_price:
        try:
            hall.bid_openly(hall.savers[who], lots * LOT)
        except Reverted as error:
            assert error.name == "AuctionBidsVoid"
    hall.close()
    hall.reveal(*reversed(shown))
    hall.end_revealing()


def compare(hall: Hall, number: int, cut: int) -> None:
    """Whatever cut-off the issuer chooses among the prices that were bid."""
    announced, seen = hall.announced[number], hall.bids()
    rules, imported = rules_of(announced), as_imported(seen)
    void = {f"{at}" for at, bid in enumerate(seen) if bid.status == VOID}
    imported = [bid for bid in imported if bid.number not in void]
    prices = sorted({bid.price for bid in imported if bid.price is not None})
    cut_off = prices[cut % len(prices)]
    told = int(cut_off.scaleb(4))
    try:
        wanted = allocation.allot(imported, rules, cut_off)
    except AllocationError:
        with reverts("AuctionCutOffTooLow"):
            hall.accept(told)
        return
    if wanted.outcome is not allocation.Outcome.ALLOTTED:
        with reverts("AuctionNothingAccepted"):
            hall.accept(told)
        return
    hall.accept(told, last=last_of(imported, rules, cut_off))
    awards = {award.bid.number: award for award in wanted.awards}
    for at, bid in enumerate(hall.bids()):
        award: Any = awards.get(f"{at}")
        expected = (award.face, int(award.price.scaleb(4))) if award else (0, 0)
        assert (bid.allotted, bid.allottedPrice) == expected, at
    assert hall.auction.auctionOf(number).accepted == wanted.face


def last_of(bids: list[allocation.Bid], rules: allocation.AuctionRules, cut_off: Decimal) -> int:
    """The sequence of the last bid that receives a lot for its remainder."""
    at = [bid for bid in bids if bid.price == cut_off]
    above = sum(bid.face for bid in bids if bid.price is not None and bid.price > cut_off)
    taken = (
        sum(bid.face for bid in bids if bid.price is None)
        if (rules.non_competitive_within_target)
        else 0
    )
    left = Units(max(0, rules.target - taken) - above)
    favoured = allocation.favoured([bid.face for bid in at], left, rules.lot)
    return int(at[favoured[-1]].number) if favoured else 0
