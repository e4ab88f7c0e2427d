"""Auctions as the tests play them: who bids, what is sealed, and what the chain is told.

hall = Hall(World())
number = hall.open(target=1_000_000)
bid = hall.seal(hall.dealers[0], price=975_000, units=100_000)
hall.close()
hall.reveal(bid)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from decimal import Decimal
from typing import Any, Final

from eth_utils.crypto import keccak

from scripts._amanat import allocation
from scripts._amanat.allocation import AuctionRules, Pricing
from scripts._amanat.claims import Attestation
from scripts._amanat.powers import Role
from scripts._amanat.pricing import Units
from scripts._amanat.terms import NonCompetitivePrice
from tests.evm import Actor
from tests.world import PAKISTAN, RETAIL, YEAR, World

DEALER: Final = 5
LOT: Final = 5_000
HOUR: Final = 3_600
DAY: Final = 86_400
BOND: Final = 5_000_000
BOND_PER_LOT: Final = 12_500
DECISION: Final = keccak(text="the issuer's decision")

MULTIPLE, UNIFORM = 0, 1
OPEN, ALLOTTED, REJECTED, NO_BIDS, ABANDONED = range(5)
SEALED, STANDING, VOID, SETTLED, FORFEITED, RELEASED = range(6)


@dataclass(frozen=True)
class Tranche:
    """`NonCompetitiveTranche` of contracts/settlement/IAuction.sol, in its order."""

    most_units: int = 200_000
    bond_per_lot: int = BOND_PER_LOT
    most_bids: int = 60
    within_target: bool = False
    at_average: bool = True


@dataclass(frozen=True)
class Announcement:
    """`Announcement` of contracts/settlement/IAuction.sol, in its order; times from the opening."""

    token: str = ""
    cash: str = ""
    target: int = 1_000_000
    maximum: int = 2_000_000
    lot: int = LOT
    least_units: int = LOT
    most_units: int = 2_000_000
    least_price: int = 900_000
    most_price: int = 1_000_000
    pricing: int = MULTIPLE
    bond: int = BOND
    price_move: int = 250
    most_bids: int = 100
    most_bids_each: int = 4
    non_competitive: Tranche = Tranche()
    commit_end: int = HOUR
    reveal_end: int = 2 * HOUR
    settle_from: int = DAY
    settle_end: int = 2 * DAY
    document: bytes = keccak(text="the announcement")

    def opened_at(self, now: int) -> Announcement:
        """With its times as the chain counts them."""
        return replace(
            self,
            commit_end=now + self.commit_end,
            reveal_end=now + self.reveal_end,
            settle_from=now + self.settle_from,
            settle_end=now + self.settle_end,
        )


@dataclass(frozen=True)
class SealedBid:
    """`SealedBid` of contracts/settlement/ISealedBids.sol, in its order."""

    auction: int
    investor: str
    bidder: str
    number: int
    price: int
    units: int
    salt: bytes = keccak(text="a salt")

    @property
    def told(self) -> tuple[Any, ...]:
        return astuple(self)


class Hall:
    """A bill, dealers and savers, all of whom have cash and let the auctions take it."""

    def __init__(self, world: World, dealers: int = 6, savers: int = 6) -> None:
        self.world, self.evm, self.auction, self.cash = (
            world,
            world.evm,
            world.auction,
            world.cash,
        )
        self.bill = world.bill()
        self.dealers = self._admit("dealer", dealers, DEALER)
        self.savers = self._admit("saver", savers, RETAIL)
        self.announced: dict[int, Announcement] = {}

    def _admit(self, name: str, count: int, klass: int) -> list[Actor]:
        actors = [self.evm.actor(f"{name} {number}") for number in range(count)]
        until = (self.evm.time + YEAR // 2) // 3_600
        if actors:
            self.world.attest([Attestation(str(a), PAKISTAN, klass, until) for a in actors])
        for actor in actors:
            self.fund(actor, 20_000_000_000)
        return actors

    def fund(self, actor: Actor, amount: int) -> None:
        """Gives cash, and allows the auction to take it."""
        self.cash.mint(actor, amount, sender=self.world[Role.FISCAL_AGENT])
        self.cash.approve(self.auction, 2**255, sender=actor)

    def deposit(self, *bidders: Actor, amount: int = 4 * BOND) -> None:
        for bidder in bidders:
            self.auction.deposit(self.cash, amount, sender=bidder)

    # ---------------------------------------------------------------- the auction

    def announcement(self, **changes: Any) -> Announcement:
        """What would be announced now."""
        wish = Announcement(**changes)
        known = replace(wish, token=wish.token or self.bill.address, cash=self.cash.address)
        return known.opened_at(self.evm.time)

    def open(self, **changes: Any) -> int:
        """Announces an auction; its id."""
        return self.announce(self.announcement(**changes))

    def announce(self, wish: Announcement) -> int:
        number: int = self.auction.open(astuple(wish), sender=self.world[Role.FISCAL_AGENT])
        self.announced[number] = wish
        return number

    def sealed(
        self, bidder: Actor, price: int, units: int, number: int = 0, auction: int | None = None
    ) -> SealedBid:
        """A bid as it is sealed, for the newest auction unless told otherwise."""
        auction = self.auction.auctionCount() if auction is None else auction
        return SealedBid(auction, str(bidder), str(bidder), number, price, units)

    def seal(
        self, bidder: Actor, price: int, units: int, number: int = 0, auction: int | None = None
    ) -> SealedBid:
        """Commits to a bid, with its bond deposited first."""
        bid = self.sealed(bidder, price, units, number, auction)
        self.deposit(bidder, amount=self.announced[bid.auction].bond)
        self.commit(bid, bidder)
        return bid

    def commit(self, bid: SealedBid, sender: Actor) -> None:
        commitment = self.auction.commitmentOf(bid.told)
        self.auction.commit(bid.auction, bid.number, commitment, sender=sender)

    def bid_openly(self, bidder: Actor, units: int, auction: int | None = None) -> None:
        auction = self.auction.auctionCount() if auction is None else auction
        self.auction.bidNonCompetitively(auction, units, sender=bidder)

    def close(self, auction: int | None = None) -> None:
        """The end of bidding: bids can be shown."""
        self.evm.time = self._of(auction).commit_end

    def reveal(self, *bids: SealedBid, sender: Actor | None = None) -> None:
        for bid in bids:
            self.auction.reveal(bid.told, sender=sender or bid.bidder)

    def end_revealing(self, auction: int | None = None) -> None:
        self.evm.time = max(self.evm.time, self._of(auction).reveal_end)

    def accept(
        self, cut_off: int, amount: int | None = None, last: int = 0, auction: int | None = None
    ) -> None:
        auction = self.auction.auctionCount() if auction is None else auction
        amount = self._of(auction).target if amount is None else amount
        told = (cut_off, amount, last, DECISION)
        self.auction.accept(auction, told, sender=self.world[Role.ISSUER])

    def begin_settling(self, auction: int | None = None) -> None:
        self.evm.time = max(self.evm.time, self._of(auction).settle_from)

    def settle(self, sequences: Iterable[int], auction: int | None = None) -> None:
        """A page, by somebody who has no part in it."""
        auction = self.auction.auctionCount() if auction is None else auction
        self.auction.settle(auction, list(sequences), sender=self.evm.actor("passer-by"))

    def bids(self, auction: int | None = None) -> Sequence[Any]:
        auction = self.auction.auctionCount() if auction is None else auction
        found: Sequence[Any] = self.auction.bidsOf(auction, 0, 512)
        return found

    def _of(self, auction: int | None) -> Announcement:
        return self.announced[self.auction.auctionCount() if auction is None else auction]

    # ---------------------------------------------------------------- what must hold

    def owed(self) -> int:
        """What the auctions owe: margins, and the bonds of bids that are sealed or stand."""
        total = sum(self.auction.marginOf(self.cash, who) for who in self.everybody)
        for number, announced in self.announced.items():
            state = self.auction.auctionOf(number)
            if state.outcome == OPEN:
                total += state.sealedBids * announced.bond
            total += sum(
                announced.bond
                if bid.price
                else announced.non_competitive.bond_per_lot * bid.units // announced.lot
                for bid in self.bids(number)
                if bid.status == STANDING
            )
        return total

    @property
    def everybody(self) -> list[str]:
        return [*self.dealers, *self.savers, self.world.treasury]


def rules_of(announced: Announcement) -> AuctionRules:
    """The same auction as the library's rules have it."""
    tranche = announced.non_competitive
    return AuctionRules(
        Units(announced.target),
        Units(announced.lot),
        Pricing.UNIFORM if announced.pricing == UNIFORM else Pricing.MULTIPLE,
        Units(tranche.most_units) if tranche.most_units else None,
        NonCompetitivePrice.WEIGHTED_AVERAGE if tranche.at_average else NonCompetitivePrice.CUT_OFF,
        tranche.within_target,
    )


def as_imported(bids: Sequence[Any]) -> list[allocation.Bid]:
    """The bids that stand or are void, as the file of the central bank's system would have them."""
    return [
        allocation.Bid(
            f"{sequence}",
            bid.bidder,
            Units(bid.units),
            Decimal(bid.price).scaleb(-4) if bid.price else None,
        )
        for sequence, bid in enumerate(bids)
        if bid.status != SEALED
    ]
