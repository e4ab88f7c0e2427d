"""Who gets what of an auction: the cut-off, the split at it, and what everybody pays.

The rules of Pakistan's auctions, each a parameter where they differ by instrument:

- Bids name a price per 100 and a face in whole lots. The issuer chooses the cut-off; `stop_out`
  says which one places the amount on offer.
- Bids above the cut-off are allotted in full. Those at it share what is left pro rata, in whole
  lots: each gets its share floored to lots, and the lots left over go one by one to the largest
  remainders, of equal ones to the larger bid, then to the earlier one. Nobody gets more than its
  bid, and the same bids always give the same result.
- Multiple price (bills, PIBs): each pays its own bid. Uniform price (Ijarah sukuk): all pay the
  cut-off.
- Non-competitive bids, one an investor and capped, are allotted in full, on top of the target or
  out of it before the competitive, at the weighted average or at the cut-off. Several of one
  investor are all void.
- No bids, and all bids rejected, are ordinary outcomes: a result without allotments.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from .auction import BidKind
from .pricing import QUOTED_PLACES, Units, weighted_average_price
from .terms import NonCompetitivePrice


class AllocationError(ValueError):
    """An auction that cannot be: no target, a lot of nothing, two bids of one number."""


class Pricing(StrEnum):
    """What an accepted competitive bid pays."""

    MULTIPLE = "multiple"
    UNIFORM = "uniform"


class Outcome(StrEnum):
    ALLOTTED = "allotted"
    NO_BIDS = "no_bids"
    ALL_REJECTED = "all_rejected"


@dataclass(frozen=True)
class Bid:
    """One sealed bid; a non-competitive one names no price."""

    number: str
    investor: str
    face: Units
    price: Decimal | None = None

    @property
    def kind(self) -> BidKind:
        return BidKind.NON_COMPETITIVE if self.price is None else BidKind.COMPETITIVE


@dataclass(frozen=True)
class AuctionRules:
    """How an auction was announced. Amounts are rupees of face."""

    target: Units
    lot: Units
    pricing: Pricing = Pricing.MULTIPLE
    non_competitive_cap: Units | None = None
    """The most that one non-competitive bid may ask for."""
    non_competitive_price: NonCompetitivePrice = NonCompetitivePrice.WEIGHTED_AVERAGE
    non_competitive_within_target: bool = False
    """Otherwise they come on top of the target, as in the State Bank's results."""

    def __post_init__(self) -> None:
        if self.lot <= 0 or self.target <= 0 or self.target % self.lot:
            raise AllocationError(f"a target of {self.target} is not some lots of {self.lot}")


@dataclass(frozen=True)
class Award:
    """What one bid is allotted, and at which price per 100 it pays."""

    bid: Bid
    face: Units
    price: Decimal

    @property
    def is_partial(self) -> bool:
        return self.face < self.bid.face


@dataclass(frozen=True)
class Void:
    """A bid that did not take part, and why."""

    bid: Bid
    reason: str


@dataclass(frozen=True)
class Result:
    """How an auction ended. Awards stand in the order of the bids, without those of nothing."""

    outcome: Outcome
    awards: tuple[Award, ...] = ()
    voids: tuple[Void, ...] = ()
    cut_off: Decimal | None = None
    weighted_average: Decimal | None = None
    """Price per 100 of the accepted competitive bids, by face."""

    @property
    def face(self) -> Units:
        return Units(sum(award.face for award in self.awards))


def admit(bids: Sequence[Bid], rules: AuctionRules) -> tuple[tuple[Bid, ...], tuple[Void, ...]]:
    """The bids that take part and the void ones; raises AllocationError for a number used twice."""
    numbers = Counter(bid.number for bid in bids)
    if numbers and max(numbers.values()) > 1:
        raise AllocationError(f"two bids have the number {numbers.most_common(1)[0][0]}")
    several = Counter(bid.investor for bid in bids if bid.kind is BidKind.NON_COMPETITIVE)
    voids = tuple(Void(bid, why) for bid in bids if (why := _why_void(bid, rules, several)))
    void = {entry.bid.number for entry in voids}
    return tuple(bid for bid in bids if bid.number not in void), voids


def stop_out(
    bids: Sequence[Bid], rules: AuctionRules, amount: Units | None = None
) -> Decimal | None:
    """The highest cut-off that places `amount` (None: the target), or the lowest price bid.

    None where nobody bids a price, or where the non-competitive bids take all of it.
    """
    sound, _ = admit(bids, rules)
    wanted = _for_competitive(sound, rules, amount)
    cut_off = None
    for price, bid in sorted(_competitive(sound), key=lambda entry: entry[0], reverse=True):
        if wanted <= 0:
            break
        wanted = Units(wanted - bid.face)
        cut_off = price
    return cut_off


def allot(
    bids: Sequence[Bid],
    rules: AuctionRules,
    cut_off: Decimal | None,
    amount: Units | None = None,
) -> Result:
    """The result of an auction at a cut-off, placing at most `amount` (None: the target).

    A cut-off of None rejects all bids. Void bids are set aside and named. Raises AllocationError
    for two bids of one number, and where the bids above the cut-off alone take more than there is.
    """
    if not bids:
        return Result(Outcome.NO_BIDS)
    sound, voids = admit(bids, rules)
    if cut_off is None:
        return Result(Outcome.ALL_REJECTED, voids=voids)
    shares = _competitive_shares(sound, rules.lot, cut_off, _for_competitive(sound, rules, amount))
    if not any(shares.values()):
        return Result(Outcome.ALL_REJECTED, voids=voids)
    paid = [(price, bid) for price, bid in _competitive(sound) if shares[bid.number]]
    if rules.pricing is Pricing.UNIFORM:
        paid = [(cut_off, bid) for _, bid in paid]
    average = weighted_average_price((shares[bid.number], price) for price, bid in paid)
    prices = {bid.number: price for price, bid in paid}
    at_average = rules.non_competitive_price is NonCompetitivePrice.WEIGHTED_AVERAGE
    for bid in _non_competitive(sound):
        shares[bid.number] = bid.face
        prices[bid.number] = average if at_average else cut_off
    awards = tuple(
        Award(bid, shares[bid.number], prices[bid.number]) for bid in sound if shares[bid.number]
    )
    return Result(Outcome.ALLOTTED, awards, voids, cut_off, average)


def pro_rata(faces: Sequence[Units], available: Units, lot: Units) -> tuple[Units, ...]:
    """`available` shared out in whole lots by `faces`, none of which receives more than itself.

    Each share is floored to lots; the lots left over go to the largest remainders, of equal ones to
    the larger face, then to the earlier one.
    """
    if sum(faces) <= available:
        return tuple(faces)
    shares = [available // lot * face // sum(faces) for face in faces]
    for i in favoured(faces, available, lot):
        shares[i] += 1
    return tuple(Units(share * lot) for share in shares)


def favoured(faces: Sequence[Units], available: Units, lot: Units) -> tuple[int, ...]:
    """Which of `faces` receive a lot for their remainder where `available` does not suffice: their
    places, the largest remainder first."""
    total, lots = sum(faces), available // lot
    if total <= available:
        return ()
    # In lots: a share is lots * face / total, of which the remainder is compared exactly.
    remainders = [lots * face % total for face in faces]
    order = sorted(range(len(faces)), key=lambda i: (-remainders[i], -faces[i], i))
    return tuple(order[: lots - sum(lots * face // total for face in faces)])


def _why_void(bid: Bid, rules: AuctionRules, several: Counter[str]) -> str | None:
    if bid.face <= 0 or bid.face % rules.lot:
        return f"{bid.face} is not some lots of {rules.lot}"
    if bid.price is not None:
        is_quoted = bid.price > 0 and bid.price == round(bid.price, QUOTED_PLACES)
        return None if is_quoted else f"{bid.price} is not a price of at most 4 decimals"
    if several[bid.investor] > 1:
        return f"{bid.investor} makes {several[bid.investor]} non-competitive bids"
    cap = rules.non_competitive_cap
    if cap is not None and bid.face > cap:
        return f"{bid.face} is above the cap {cap} of a non-competitive bid"
    return None


def _competitive_shares(
    sound: Sequence[Bid], lot: Units, cut_off: Decimal, available: Units
) -> dict[str, Units]:
    """What each competitive bid gets; zero where it gets nothing."""
    shares = {bid.number: Units(0) for _, bid in _competitive(sound)}
    above = [bid for price, bid in _competitive(sound) if price > cut_off]
    taken = sum(bid.face for bid in above)
    if taken > available:
        raise AllocationError(
            f"the bids above the cut-off {cut_off} take {taken} of {available}: it is too low"
        )
    at = [bid for price, bid in _competitive(sound) if price == cut_off]
    split = pro_rata([bid.face for bid in at], Units(available - taken), lot)
    shares.update((bid.number, bid.face) for bid in above)
    shares.update((bid.number, share) for bid, share in zip(at, split, strict=True))
    return shares


def _for_competitive(sound: Sequence[Bid], rules: AuctionRules, amount: Units | None) -> Units:
    """What is left for competitive bids."""
    offered = rules.target if amount is None else amount
    if not rules.non_competitive_within_target:
        return offered
    return Units(max(0, offered - sum(bid.face for bid in _non_competitive(sound))))


def _competitive(bids: Sequence[Bid]) -> list[tuple[Decimal, Bid]]:
    return [(bid.price, bid) for bid in bids if bid.price is not None]


def _non_competitive(bids: Sequence[Bid]) -> list[Bid]:
    return [bid for bid in bids if bid.price is None]
