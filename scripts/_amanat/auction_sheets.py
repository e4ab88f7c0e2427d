"""The announcement of an auction on the chain, as a file. `scripts/_pilot/auctions/` shows one.

Amounts are rupees of face, money is rupees, prices are per 100 of face; times are Pakistan's.

target, maximum        on offer; the most that may be placed
lot                    bids and allotments are whole numbers of it
least_bid, most_bid    what one sealed bid may ask for
least_price, most_price
pricing                multiple (each pays its own price) or uniform (all pay the cut-off)
price_move             per cent of the price that a bond covers on the largest bid
bond                   of each sealed bid; the same for all, because the amount is sealed
most_bids, most_bids_each
non_competitive        bids without a price; left out where none are taken
close                  until when bids are taken
reveal_until           until when sealed ones are shown
settle_from            accepted ones are settled from then on
settle_until           who is not settled by then is in default
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from .allocation import Pricing
from .errors import InputRefused
from .reading import (
    Unreadable,
    parse_amount,
    parse_clean_price,
    parse_yield,
)
from .terms import Count, Face, NonCompetitivePrice, YesNo, choice_of
from .yaml_files import StrictModel, parsed, read_model

MOST_BIDS = 512
"""Of both kinds, in one auction; as the contract has it."""

_E4 = 10_000


def parse_moment(text: str) -> int:
    """A minute in Pakistan, `2025-10-01 12:00`, as Unix seconds."""
    shape = re.fullmatch(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}", text)
    try:
        moment = datetime.fromisoformat(text) if shape else None
    except ValueError as error:
        raise Unreadable(f"is no moment ({error})", "a day and a minute that exist") from None
    if moment is None:
        raise Unreadable("is not a moment", "such as 2025-10-01 12:00, in Pakistan")
    return int(moment.replace(tzinfo=ZoneInfo("Asia/Karachi")).timestamp())


Moment = Annotated[int, parsed(parse_moment)]
Price = Annotated[Decimal, parsed(parse_clean_price)]
Money = Annotated[Decimal, parsed(parse_amount)]


class Tranche(StrictModel):
    """Bids without a price."""

    most_bid: Face
    bond_per_lot: Money
    most_bids: Count
    within_target: YesNo = False
    price: Annotated[NonCompetitivePrice, parsed(choice_of(NonCompetitivePrice))]


class AuctionSheet(StrictModel):
    """What stands in the file."""

    target: Face
    maximum: Face
    lot: Face
    least_bid: Face
    most_bid: Face
    least_price: Price
    most_price: Price
    pricing: Annotated[Pricing, parsed(choice_of(Pricing))]
    price_move: Annotated[Decimal, parsed(parse_yield)]
    bond: Money
    most_bids: Count
    most_bids_each: Count
    non_competitive: Tranche | None = None
    close: Moment
    reveal_until: Moment
    settle_from: Moment
    settle_until: Moment

    def announcement(
        self, token: str, cash: str, decimals: int, document: bytes
    ) -> tuple[Any, ...]:
        """`Announcement` of contracts/settlement/IAuction.sol, in its order."""
        return (
            token,
            cash,
            self.target,
            self.maximum,
            self.lot,
            self.least_bid,
            self.most_bid,
            int(self.least_price * _E4),
            int(self.most_price * _E4),
            int(self.pricing is Pricing.UNIFORM),
            int(self.bond.scaleb(decimals)),
            int(self.price_move * 100),
            self.most_bids,
            self.most_bids_each,
            self._tranche(decimals),
            self.close,
            self.reveal_until,
            self.settle_from,
            self.settle_until,
            document,
        )

    def _tranche(self, decimals: int) -> tuple[Any, ...]:
        tranche = self.non_competitive
        if tranche is None:
            return (0, 0, 0, False, False)
        return (
            tranche.most_bid,
            int(tranche.bond_per_lot.scaleb(decimals)),
            tranche.most_bids,
            tranche.within_target,
            tranche.price is NonCompetitivePrice.WEIGHTED_AVERAGE,
        )


def read_auction_sheet(path: Path) -> AuctionSheet:
    """Read an announcement; raises InputRefused with everything that is wrong in it."""
    sheet = read_model(path, AuctionSheet)
    if faults := [f"{path}, {fault}" for fault in _faults(sheet)]:
        raise InputRefused(f"{path}: the announcement is not sound", faults)
    return sheet


def _faults(sheet: AuctionSheet) -> Iterator[str]:
    amounts = {
        name: getattr(sheet, name) for name in ("target", "maximum", "least_bid", "most_bid")
    }
    tranche = sheet.non_competitive
    if tranche:
        amounts["non_competitive.most_bid"] = tranche.most_bid
    for name, amount in amounts.items():
        if amount % sheet.lot:
            yield f"{name}: {amount:,} is not some lots of {sheet.lot:,}"
    yield from _disorder(sheet, ("target", "maximum"))
    yield from _disorder(sheet, ("least_bid", "most_bid", "maximum"))
    yield from _disorder(sheet, ("least_price", "most_price"))
    yield from _disorder(sheet, ("close", "reveal_until", "settle_from", "settle_until"))
    if sheet.price_move != round(sheet.price_move, 2):
        yield f"price_move: {sheet.price_move} has more than two decimals"
    bids = sheet.most_bids + (tranche.most_bids if tranche else 0)
    if bids > MOST_BIDS:
        yield f"most_bids: {bids} of both kinds; right: at most {MOST_BIDS}"


def _disorder(sheet: AuctionSheet, names: tuple[str, ...]) -> Iterator[str]:
    """Each is at most the next one."""
    for low, high in zip(names, names[1:], strict=False):
        if getattr(sheet, low) > getattr(sheet, high):
            yield f"{low}: is above {high}"
