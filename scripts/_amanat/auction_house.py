"""An auction as it stands on the chain: what was announced, the bids, and who gets what of them.

sale = find_auction(programme, 3)
sale.announced.commitEnd, sale.state.outcome, sale.bids
sale.result(cut_off)                    # by the same library as an imported file
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from functools import cached_property
from typing import Any

from scripts._amanat import allocation
from scripts._amanat.allocation import AuctionRules, Pricing, Result
from scripts._amanat.errors import InputRefused
from scripts._amanat.onchain import Contract, Programme
from scripts._amanat.pricing import QUOTED_PLACES, Units
from scripts._amanat.terms import NonCompetitivePrice

HOUSE = "Auction"
MOST_BIDS = 512


class Outcome(IntEnum):
    """As `AuctionOutcome` of `IAuction.sol`."""

    OPEN = 0
    ALLOTTED = 1
    REJECTED = 2
    NO_BIDS = 3
    ABANDONED = 4

    @property
    def label(self) -> str:
        return self.name.lower().replace("_", " ")


class BidStatus(IntEnum):
    """As `BidStatus` of `AuctionBid.sol`."""

    SEALED = 0
    STANDING = 1
    VOID = 2
    SETTLED = 3
    FORFEITED = 4
    RELEASED = 5


@dataclass(frozen=True)
class Bid:
    """One bid: amounts in units, prices per 100; no price for a non-competitive one."""

    sequence: int
    status: BidStatus
    bidder: str
    price: Decimal | None
    units: int
    allotted: int
    allotted_price: int
    """As contracts keep it."""


@dataclass(frozen=True)
class Sale:
    """One auction, as of one look at the chain."""

    number: int
    house: Contract
    announced: Any
    """`Announcement` of `IAuction.sol`, as its event told it."""
    state: Any
    """`AuctionState` of `IAuction.sol`."""
    bids: tuple[Bid, ...]

    @property
    def outcome(self) -> Outcome:
        return Outcome(self.state.outcome)

    @property
    def rules(self) -> AuctionRules:
        """As `allocation` has them."""
        told, tranche = self.announced, self.announced.nonCompetitive
        average = NonCompetitivePrice.WEIGHTED_AVERAGE
        return AuctionRules(
            target=Units(told.target),
            lot=Units(told.lot),
            pricing=Pricing.UNIFORM if told.pricing else Pricing.MULTIPLE,
            non_competitive_cap=Units(tranche.mostUnits),
            non_competitive_price=average if tranche.atAverage else NonCompetitivePrice.CUT_OFF,
            non_competitive_within_target=tranche.withinTarget,
        )

    @property
    def imported(self) -> list[allocation.Bid]:
        """The bids that take part, numbered by their sequence, as a file would have them."""
        return [
            allocation.Bid(f"{bid.sequence}", bid.bidder, Units(bid.units), bid.price)
            for bid in self.bids
            if bid.status not in (BidStatus.SEALED, BidStatus.VOID)
        ]

    @cached_property
    def stop_out(self) -> Decimal | None:
        """The cut-off that places the target, or else all there is."""
        return allocation.stop_out(self.imported, self.rules)

    def result(self, cut_off: Decimal, amount: int | None = None) -> Result:
        """Who gets what; raises AllocationError where the cut-off is too low."""
        wanted = None if amount is None else Units(amount)
        return allocation.allot(self.imported, self.rules, cut_off, wanted)

    def last_favoured(self, cut_off: Decimal, amount: int | None = None) -> int:
        """The sequence of the last bid at the cut-off that receives a lot for its remainder."""
        bids, offered = self.imported, self.announced.target if amount is None else amount
        if self.rules.non_competitive_within_target:
            offered -= sum(bid.face for bid in bids if bid.price is None)
        above = sum(bid.face for bid in bids if bid.price is not None and bid.price > cut_off)
        at = [bid for bid in bids if bid.price == cut_off]
        left = Units(max(0, offered - above))
        favoured = allocation.favoured([bid.face for bid in at], left, self.rules.lot)
        return int(at[favoured[-1]].number) if favoured else 0

    def bond_of(self, bid: Bid) -> int:
        """What it binds, in smallest units of cash."""
        if bid.price is not None:
            return int(self.announced.bond)
        return int(self.announced.nonCompetitive.bondPerLot * (bid.units // self.announced.lot))

    @property
    def bonds_held(self) -> int:
        """Of bids that are sealed or stand."""
        waiting = self.state.sealedBids if self.outcome is Outcome.OPEN else 0
        standing = (bid for bid in self.bids if bid.status is BidStatus.STANDING)
        return int(waiting * self.announced.bond) + sum(self.bond_of(bid) for bid in standing)


def find_auction(programme: Programme, number: int) -> Sale:
    """The auction of that number; InputRefused where there is none."""
    house = programme[HOUSE]
    count = house.read("auctionCount")
    if not 1 <= number <= count:
        raise InputRefused(
            f"auction {number}: {count} auctions were opened on this chain",
            what_to_do="Name one by its number, as `ape run open_auction` told it.",
        )
    opened = [e.arguments for e in programme.events(HOUSE, "AuctionOpened")]
    told = next(each for each in opened if each["auctionId"] == number)
    rows = house.read("bidsOf", number, 0, MOST_BIDS)
    return Sale(number, house, told["announcement"], house.read("auctionOf", number), _bids(rows))


def auctions(programme: Programme) -> list[Sale]:
    """Every auction."""
    return [find_auction(programme, n + 1) for n in range(programme[HOUSE].read("auctionCount"))]


def margins(programme: Programme, cash: Contract) -> Mapping[str, int]:
    """The free margin of everybody who ever had one."""
    house = programme[HOUSE]
    told = [
        *programme.events(HOUSE, "MarginDeposited"),
        *programme.events(HOUSE, "MarginCredited"),
    ]
    owners = sorted({event.arguments["account"] for event in told})
    found = programme.ask([house.query("marginOf", cash.address, owner) for owner in owners])
    return dict(zip(owners, found, strict=True))


def _bids(rows: Sequence[Any]) -> tuple[Bid, ...]:
    return tuple(
        Bid(
            sequence,
            BidStatus(row.status),
            row.bidder,
            Decimal(row.price).scaleb(-QUOTED_PLACES) if row.price else None,
            row.units,
            row.allotted,
            row.allottedPrice,
        )
        for sequence, row in enumerate(rows)
    )
