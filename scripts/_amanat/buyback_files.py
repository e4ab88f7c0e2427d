"""The result of a buyback auction: a CSV file, a row an offer, and what each accepted one is paid.

    offer      the offer's number
    investor   the offerer's reference in the list of investors; or
    wallet     one of its wallets, from which the units are then bought (else the main wallet)
    offered    rupees of face that were offered, in lots
    accepted   rupees of face that were accepted, in lots; 0 or empty for an offer turned down
    price      clean, per 100 of face, at most four decimals
    yield      per cent a year; may be empty; must agree with the price by the actual dates
    account    the account at the fiscal agent that is paid; an opaque reference, kept off-chain

Everyone is paid its own price. A part of an offer may be accepted, and never more than was offered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from eth_typing import ChecksumAddress

from .auction import (
    parse_account,
    parse_bid_number,
    read_bidder,
    refuse_disagreement,
    refuse_repeated_numbers,
)
from .investors import Investor, Investors
from .pricing import QUOTED_PLACES, Paisa, PricePer100E4, Units
from .quotes import Quote
from .reading import parse_positive, parse_whole, parse_yield
from .tables import Row, read_table
from .terms import not_in_lots

COLUMNS = ("offer", "investor", "wallet", "offered", "accepted", "price", "yield", "account")


@dataclass(frozen=True)
class Purchase:
    """What one accepted offer gives up and is paid."""

    offer: str
    investor: Investor
    wallet: ChecksumAddress
    offered: Units
    face: Units
    """What was accepted of it."""
    price: Decimal
    payment: Paisa
    """Accrued included."""
    accrued: Paisa
    row: int

    @property
    def price_e4(self) -> PricePer100E4:
        """A clean price as contracts take it."""
        return PricePer100E4(int(self.price.scaleb(QUOTED_PLACES)))


@dataclass(frozen=True)
class BuybackResult:
    """The accepted offers, in the order of the file, and how many were turned down."""

    file: str
    purchases: tuple[Purchase, ...]
    turned_down: int

    @cached_property
    def face(self) -> Units:
        return Units(sum(each.face for each in self.purchases))

    @cached_property
    def payment(self) -> Paisa:
        return Paisa(sum(each.payment for each in self.purchases))


def read_buyback(path: Path, quote: Quote, lot: int, investors: Investors) -> BuybackResult:
    """Read a result and work out each payment; raises `InputProblems` with all that is wrong."""
    rows, findings = read_table(path, COLUMNS)
    refuse_repeated_numbers(rows, "offer")
    read = [_read_offer(row, quote, lot, investors) for row in rows]
    findings.settle()
    purchases = tuple(each for each in read if each is not None and each.face)
    return BuybackResult(findings.file, purchases, len(rows) - len(purchases))


def _read_offer(row: Row, quote: Quote, lot: int, investors: Investors) -> Purchase | None:
    number = row.read("offer", parse_bid_number)
    offered = row.read("offered", parse_positive)
    accepted = row.read_optional("accepted", parse_whole) or 0
    price = row.read("price", quote.parse)
    stated = row.read_optional("yield", parse_yield)
    row.read("account", parse_account)
    seller = read_bidder(row, investors)
    if price is not None and stated is not None:
        refuse_disagreement(row, quote, price, stated)
    _refuse_odd_amounts(row, (("offered", offered), ("accepted", accepted)), lot)
    if offered and accepted > offered:
        row.refuse("accepted", f"is more than the {offered} offered", f"at most {offered}")
    if not (row.is_sound and number and offered and price and seller):
        return None
    investor, wallet = seller
    face = Units(accepted)
    return Purchase(
        offer=number,
        investor=investor,
        wallet=wallet,
        offered=Units(offered),
        face=face,
        price=price,
        payment=quote.payment(face, price),
        accrued=quote.accrued(face),
        row=row.number,
    )


def _refuse_odd_amounts(row: Row, amounts: Iterable[tuple[str, int | None]], lot: int) -> None:
    for column, face in amounts:
        if face and face % lot:
            row.refuse(column, *not_in_lots(face, lot))
