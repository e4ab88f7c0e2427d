"""Allocation: cut-off, split at it in whole lots, prices by the kind of auction, void bids."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts._amanat.allocation import (
    AllocationError,
    AuctionRules,
    Bid,
    Outcome,
    Pricing,
    allot,
    pro_rata,
    stop_out,
)
from scripts._amanat.pricing import Units
from scripts._amanat.terms import NonCompetitivePrice

LOT = Units(5_000)


def rules(target: int, **others: object) -> AuctionRules:
    return AuctionRules(Units(target), LOT, **others)  # type: ignore[arg-type]


def bid(number: str, face: int, price: str | None = None, investor: str = "") -> Bid:
    return Bid(number, investor or f"INV-{number}", Units(face), Decimal(price) if price else None)


BIDS = [
    bid("A", 40_000, "97.5365"),
    bid("B", 30_000, "97.4913"),
    bid("C", 50_000, "97.5103"),
    bid("D", 20_000, "97.4913"),
    bid("E", 60_000, "97.4700"),
]


def test_each_pays_its_bid_and_those_at_the_cut_off_share_what_is_left() -> None:
    """110,000 of 200,000: 20,000 are left for 50,000, which is 12,000 and 8,000, in lots of 5,000.

    Floored that is 10,000 and 5,000; the lot over goes to D, whose remainder of 3,000 is larger.
    """
    result = allot(BIDS, rules(110_000), stop_out(BIDS, rules(110_000)))
    assert result.outcome is Outcome.ALLOTTED
    assert result.cut_off == Decimal("97.4913")
    assert [(award.bid.number, award.face, str(award.price)) for award in result.awards] == [
        ("A", 40_000, "97.5365"),
        ("B", 10_000, "97.4913"),
        ("C", 50_000, "97.5103"),
        ("D", 10_000, "97.4913"),
    ]
    assert result.face == 110_000
    assert [award.is_partial for award in result.awards] == [False, True, False, True]
    # (40 * 97.5365 + 50 * 97.5103 + 20 * 97.4913) / 110 = 97.51637…
    assert result.weighted_average == Decimal("97.5164")


def test_all_pay_the_cut_off_where_the_price_is_uniform() -> None:
    announced = rules(110_000, pricing=Pricing.UNIFORM)
    result = allot(BIDS, announced, Decimal("97.4913"))
    assert {award.price for award in result.awards} == {Decimal("97.4913")}
    assert result.weighted_average == Decimal("97.4913")


def test_a_higher_cut_off_leaves_the_target_open() -> None:
    result = allot(BIDS, rules(110_000), Decimal("97.5103"))
    assert [award.bid.number for award in result.awards] == ["A", "C"]
    assert result.face == 90_000


def test_more_than_the_target_is_placed_where_the_issuer_says_so() -> None:
    result = allot(BIDS, rules(110_000), Decimal("97.4700"), amount=Units(200_000))
    assert result.face == 200_000
    with pytest.raises(AllocationError, match="take 140000 of 110000: it is too low"):
        allot(BIDS, rules(110_000), Decimal("97.4700"))


def test_non_competitive_bids_may_be_filled_first_out_of_the_target() -> None:
    bids = [*BIDS, bid("N", 10_000)]
    within = rules(110_000, non_competitive_within_target=True)
    result = allot(bids, within, Decimal("97.4913"))
    assert result.face == 110_000
    last = result.awards[-1]
    assert (last.bid.number, last.face) == ("N", 10_000)
    # (40 * 97.5365 + 50 * 97.5103 + 10 * 97.4913) / 100 = 97.51888
    assert last.price == result.weighted_average == Decimal("97.5189")
    at_cut_off = rules(110_000, non_competitive_price=NonCompetitivePrice.CUT_OFF)
    assert allot(bids, at_cut_off, Decimal("97.4913")).awards[-1].price == Decimal("97.4913")


def test_non_competitive_bids_come_on_top_of_the_target_unless_told_otherwise() -> None:
    """PIB auction of August 2024: Rs 132.41 billion competitive, and Rs 8.28 billion beside it."""
    result = allot([*BIDS, bid("N", 10_000)], rules(110_000), Decimal("97.4913"))
    assert result.face == 120_000
    assert result.awards[-1].price == Decimal("97.5164")


def test_bids_that_break_the_announcement_are_void_and_named() -> None:
    bids = [
        *BIDS,
        bid("N1", 5_000, investor="INV-X"),
        bid("N2", 5_000, investor="INV-X"),
        bid("N3", 25_000),
        bid("O", 7_500, "97.6000"),
        bid("P", 5_000, "97.60001"),
    ]
    result = allot(bids, rules(110_000, non_competitive_cap=Units(20_000)), Decimal("97.4913"))
    assert {void.bid.number: void.reason for void in result.voids} == {
        "N1": "INV-X makes 2 non-competitive bids",
        "N2": "INV-X makes 2 non-competitive bids",
        "N3": "25000 is above the cap 20000 of a non-competitive bid",
        "O": "7500 is not some lots of 5000",
        "P": "97.60001 is not a price of at most 4 decimals",
    }
    assert result.face == 110_000


def test_no_bids_and_all_rejected_are_ordinary_outcomes() -> None:
    assert allot([], rules(110_000), None).outcome is Outcome.NO_BIDS
    assert allot([], rules(110_000), Decimal(97)).awards == ()
    assert stop_out([], rules(110_000)) is None
    rejected = allot(BIDS, rules(110_000), None)
    assert (rejected.outcome, rejected.awards, rejected.face) == (Outcome.ALL_REJECTED, (), 0)
    too_high = allot(BIDS, rules(110_000), Decimal("97.6"))
    assert too_high.outcome is Outcome.ALL_REJECTED
    assert allot([bid("N", 10_000)], rules(110_000), Decimal(97)).outcome is Outcome.ALL_REJECTED


def test_what_no_auction_has_is_refused() -> None:
    with pytest.raises(AllocationError, match="two bids have the number A"):
        allot([BIDS[0], BIDS[0]], rules(110_000), Decimal(97))
    with pytest.raises(AllocationError, match="112000 is not some lots of 5000"):
        rules(112_000)


@pytest.mark.parametrize(
    ("faces", "available", "shares"),
    [
        ([10, 10, 10], 10, [4, 3, 3]),  # equal remainders, equal bids: the earlier one
        ([5, 20, 5], 10, [2, 7, 1]),  # remainders .67, .67, .67 of 1.67, 6.67, 1.67
        ([1, 1, 1], 0, [0, 0, 0]),
        ([3, 4], 9, [3, 4]),
    ],
)
def test_lots_left_over_have_a_stated_order(
    faces: list[int], available: int, shares: list[int]
) -> None:
    split = pro_rata([Units(face) for face in faces], Units(available), Units(1))
    assert list(split) == shares


@given(
    lots=st.lists(st.integers(1, 10**6), min_size=1, max_size=40),
    available=st.integers(0, 10**9),
    lot=st.sampled_from([1, 5_000, 100_000]),
)
def test_a_split_is_exact_in_lots_and_within_one_of_the_share(
    lots: list[int], available: int, lot: int
) -> None:
    faces = [Units(count * lot) for count in lots]
    shares = pro_rata(faces, Units(available), Units(lot))
    total, on_offer = sum(faces), available // lot * lot
    assert sum(shares) == min(total, on_offer)
    for face, share in zip(faces, shares, strict=True):
        assert share % lot == 0
        assert 0 <= share <= face
        if total > available:
            assert abs(share * total - on_offer * face) < lot * total


bids_at_random = st.lists(
    st.tuples(st.integers(1, 200), st.integers(974_000, 974_020) | st.none()), max_size=30
)


@given(drawn=bids_at_random, target=st.integers(1, 2_000), uniform=st.booleans())
def test_the_stop_out_places_the_target_or_all_there_is(
    drawn: list[tuple[int, int | None]], target: int, uniform: bool
) -> None:
    bids = [
        Bid(str(i), f"INV-{i}", Units(lots * LOT), Decimal(p).scaleb(-4) if p else None)
        for i, (lots, p) in enumerate(drawn)
    ]
    announced = rules(
        target * LOT,
        pricing=Pricing.UNIFORM if uniform else Pricing.MULTIPLE,
        non_competitive_within_target=True,
    )
    result = allot(bids, announced, stop_out(bids, announced))
    if result.outcome is not Outcome.ALLOTTED:
        return
    assert result.face == min(target * LOT, sum(bid.face for bid in bids))
    assert result.cut_off is not None
    assert all(award.price >= result.cut_off for award in result.awards)
    prices = {award.price for award in result.awards}
    assert not uniform or prices == {result.cut_off}
