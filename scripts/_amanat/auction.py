"""The result of an auction: a CSV file, a row an accepted bid, and what each one pays.

    bid        the bid's number
    investor   the bidder's reference in the list of investors; or
    wallet     one of the bidder's wallets, to which the tokens then go (else to the main wallet)
    kind       competitive or non_competitive
    face       rupees of face accepted, in lots
    price      clean, per 100 of face, at most four decimals; empty for a non-competitive bid
    yield      per cent a year; may be empty; must agree with the price by the actual dates
    account    the account at the fiscal agent that pays; an opaque reference, kept off-chain

The auction is a multiple-price one: a competitive bidder pays its own price. A non-competitive
bidder names none and pays the weighted average or the cut-off price, as the term sheet says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from eth_typing import ChecksumAddress

from . import pricing
from .bond_terms import GovernmentBondTerms, IjarahSukukTerms
from .bonds import DiscountBill
from .business_days import start_of_day_karachi
from .countries import Country
from .investors import Investor, Investors, parse_reference
from .pricing import Paisa, PricePer100E4, PricingError, Units
from .quotes import Certificate, ExPeriod, Quote
from .reading import (
    Unreadable,
    parse_address,
    parse_choice,
    parse_positive,
    parse_yield,
)
from .revenue_terms import RevenueShareTerms
from .tables import Row, read_table
from .terms import BillTerms, ComplianceTerms, NonCompetitivePrice

Sheet = BillTerms | GovernmentBondTerms | IjarahSukukTerms | RevenueShareTerms

COLUMNS = ("bid", "investor", "wallet", "kind", "face", "price", "yield", "account")


class BidKind(StrEnum):
    COMPETITIVE = "competitive"
    NON_COMPETITIVE = "non_competitive"


@dataclass(frozen=True)
class Allotment:
    """What one accepted bid receives and pays."""

    bid: str
    investor: Investor
    wallet: ChecksumAddress
    kind: BidKind
    face: Units
    price: Decimal
    """Per 100 of face."""
    payment: Paisa
    """Accrued included."""
    account: str
    row: int
    accrued: Paisa = Paisa(0)

    @property
    def price_e4(self) -> PricePer100E4:
        """A clean price as contracts take it; a bond's may lie above par."""
        return PricePer100E4(int(self.price.scaleb(pricing.QUOTED_PLACES)))


@dataclass(frozen=True)
class AuctionResult:
    """The accepted bids of an auction, in the order of the file."""

    file: str
    allotments: tuple[Allotment, ...]
    weighted_average_price: Decimal
    weighted_average_yield: Decimal | None
    """None where a price is above the sum of all payments."""

    @cached_property
    def face(self) -> Units:
        return Units(sum(allotment.face for allotment in self.allotments))

    @cached_property
    def payment(self) -> Paisa:
        return Paisa(sum(allotment.payment for allotment in self.allotments))


@dataclass(frozen=True)
class Admission:
    """Whom a series admits and how much it lets them hold; None where it does not say."""

    jurisdictions: frozenset[Country] | None = None
    investor_classes: frozenset[str] | None = None
    maximum_holding: int | None = None
    maximum_holders: int | None = None
    supply_cap: int | None = None
    maximum_transaction: int | None = None

    @classmethod
    def of(cls, rules: ComplianceTerms) -> Admission:
        """As a term sheet has it."""
        return cls(
            frozenset(rules.jurisdictions),
            frozenset(rules.investor_classes),
            rules.maximum_holding,
            rules.maximum_holders,
            rules.supply_cap,
            rules.maximum_transaction,
        )


@dataclass(frozen=True)
class Sale:
    """What an auction sold, and by which figures its result is judged."""

    quote: Quote
    denomination: int
    maximum_issue: int
    admission: Admission
    cut_off_price: Decimal | None = None
    """None where it was not announced: then the lowest accepted price is the cut-off."""
    non_competitive_cap: int | None = None
    non_competitive_price: NonCompetitivePrice = NonCompetitivePrice.WEIGHTED_AVERAGE
    outstanding: int = 0
    """Units that stand already."""
    holdings: Mapping[str, int] = field(default_factory=dict)
    """What investors hold already, by reference."""

    @classmethod
    def of(cls, terms: Sheet) -> Sale:
        """The first sale of a series, as its term sheet announces it."""
        auction = terms.auction
        return cls(
            quote=_quote_of(terms),
            denomination=terms.denomination,
            maximum_issue=terms.maximum_issue,
            admission=Admission.of(terms.compliance),
            cut_off_price=auction.cut_off_price,
            non_competitive_cap=auction.non_competitive_cap,
            non_competitive_price=auction.non_competitive_price,
        )


def _quote_of(terms: Sheet) -> Quote:
    if isinstance(terms, BillTerms):
        return Quote(DiscountBill(terms.stated_maturity), terms.issue_date)
    if isinstance(terms, RevenueShareTerms):
        return Quote(Certificate(), terms.issue_date)
    ex_period = ExPeriod(terms.record_days, Units(terms.calculation_units))
    return Quote(terms.instrument, terms.issue_date, ex_period)


@dataclass(frozen=True)
class _Bid:
    """A row that reads well by itself; `price` is None for a non-competitive bid."""

    row: Row
    number: str
    investor: Investor
    wallet: ChecksumAddress
    kind: BidKind
    face: Units
    price: Decimal | None
    account: str


def read_auction(path: Path, sale: Sale, investors: Investors) -> AuctionResult:
    """Read a result and work out each payment; raises `InputProblems` with all that is wrong.

    Besides the file itself, what the token would refuse is refused here: an unknown or lapsing
    bidder, a country or class that the terms do not admit, too large a holding, too many holders.
    """
    rows, findings = read_table(path, COLUMNS)
    refuse_repeated_numbers(rows, "bid")
    read = [_read_bid(row, sale, investors) for row in rows]
    bids = [bid for bid in read if bid is not None]
    _refuse_second_non_competitive_bids(bids)
    _refuse_what_the_series_cannot_hold(bids, sale)
    findings.settle()
    competitive = [(bid.face, bid.price) for bid in bids if bid.price is not None]
    if not competitive:
        findings.problem(None, "kind", "", "shows no competitive bid", "at least one")
        findings.settle()
    average = pricing.weighted_average_price(competitive)
    common = _non_competitive_price(sale, competitive)
    _refuse_other_prices_of_non_competitive_bids(bids, common)
    findings.settle()
    return AuctionResult(
        file=findings.file,
        allotments=tuple(_allot(bid, common, sale.quote) for bid in bids),
        weighted_average_price=average,
        weighted_average_yield=sale.quote.average_yield(competitive),
    )


def _read_bid(row: Row, sale: Sale, investors: Investors) -> _Bid | None:
    number = row.read("bid", parse_bid_number)
    kind = row.read("kind", lambda text: parse_choice(text, {kind.value: kind for kind in BidKind}))
    face = row.read("face", parse_positive)
    account = row.read("account", parse_account)
    price = _read_price(row, kind, sale)
    bidder = read_bidder(row, investors)
    if bidder:
        _refuse_inadmissible(row, bidder[0], sale)
    if face and face % sale.denomination:
        below = face // sale.denomination * sale.denomination
        row.refuse(
            "face",
            f"is not a multiple of the lot {sale.denomination}",
            f"{below} or {below + sale.denomination}" if below else f"{sale.denomination}",
        )
    cap = sale.non_competitive_cap
    if kind is BidKind.NON_COMPETITIVE and face and cap is not None and face > cap:
        row.refuse(
            "face",
            "is above the cap of a non-competitive bid (0.5 % of the target, PKR 500 million)",
            f"at most {cap}",
        )
    if number and kind and face and account and bidder and row.is_sound:
        investor, wallet = bidder
        return _Bid(row, number, investor, wallet, kind, Units(face), price, account)
    return None


def parse_bid_number(text: str) -> str:
    """A bid's number: up to 32 letters, digits and hyphens."""
    if len(text) > 32 or not text.replace("-", "").isalnum() or not text.isascii():
        raise Unreadable("is not a bid's number", "letters, digits and hyphens, such as C-017")
    return text


def parse_account(text: str) -> str:
    """The payer's account by an opaque reference; never an account number of a person."""
    return parse_reference(text)


def _read_price(row: Row, kind: BidKind | None, sale: Sale) -> Decimal | None:
    """A bid's price where it names one, checked against its yield and the cut-off."""
    if kind is BidKind.COMPETITIVE:
        price = row.read("price", sale.quote.parse)
    else:
        price = row.read_optional("price", sale.quote.parse)
    stated = row.read_optional("yield", parse_yield)
    if price is not None and stated is not None:
        refuse_disagreement(row, sale.quote, price, stated)
    if kind is not BidKind.COMPETITIVE:
        return None
    cut_off = sale.cut_off_price
    if price is not None and cut_off is not None and price < cut_off:
        row.refuse(
            "price",
            f"is below the cut-off {cut_off}, so the bid was not accepted",
            f"{cut_off} or more",
        )
    return price


def refuse_disagreement(row: Row, quote: Quote, price: Decimal, stated: Decimal) -> None:
    """Refuse a row whose price and yield do not belong together, with both figures."""
    try:
        fault = quote.disagreement(price, stated)
    except PricingError as error:
        fault = (f"cannot be compared with the price {price}: {error}", "figures that can be")
    if fault:
        row.refuse("yield", *fault)


def read_bidder(row: Row, investors: Investors) -> tuple[Investor, ChecksumAddress] | None:
    """Whom a row is about, and by which wallet; None once what is wrong is booked."""
    reference = row.read_optional("investor", parse_reference)
    wallet = row.read_optional("wallet", parse_address)
    if not row.cells.get("investor", "?") and not row.cells.get("wallet", "?"):
        row.refuse("investor", "is empty, and so is wallet", "one of the two")
    by_reference = investors.by_reference.get(reference) if reference else None
    by_wallet = investors.by_wallet.get(wallet) if wallet else None
    listed = f"one that stands in {investors.file}"
    if reference and by_reference is None:
        row.refuse("investor", "is not in the list of investors", listed)
    elif wallet and by_wallet is None:
        row.refuse("wallet", "is not in the list of investors", listed)
    elif by_reference and by_wallet and by_reference != by_wallet:
        row.refuse("wallet", f"belongs to {by_wallet.reference}", by_reference.main_wallet)
    investor = by_wallet or by_reference
    return (investor, wallet or investor.main_wallet) if investor else None


def _refuse_inadmissible(row: Row, investor: Investor, sale: Sale) -> None:
    """Refuse a bidder whom the series' own rules would turn away at its issue."""
    field = "investor" if row.cells.get("investor") else "wallet"
    rules, settlement = sale.admission, sale.quote.settlement
    if investor.lapses_at < start_of_day_karachi(settlement + timedelta(days=1)):
        row.refuse(
            field,
            f"is verified until {investor.verified_until} only",
            f"a verification that holds on the day of settlement {settlement}",
        )
    if rules.jurisdictions is not None and investor.country not in rules.jurisdictions:
        admitted = " ".join(sorted(country.alpha_2 for country in rules.jurisdictions))
        row.refuse(field, f"is of {investor.country.alpha_2}", f"a bidder of {admitted}")
    if rules.investor_classes is not None and investor.class_name not in rules.investor_classes:
        admitted = " ".join(rules.investor_classes)
        row.refuse(field, f"is of class {investor.class_name}", f"a bidder of class {admitted}")


def refuse_repeated_numbers(rows: list[Row], column: str) -> None:
    """Refuse a number that stands in an earlier row of the column already, in any case."""
    first_rows: dict[str, int] = {}
    for row in rows:
        number = row.cells.get(column, "").casefold()
        first = first_rows.setdefault(number, row.number)
        if number and first != row.number:
            row.refuse(column, f"stands in row {first} already", "a number of its own")


def _refuse_second_non_competitive_bids(bids: Iterable[_Bid]) -> None:
    """One non-competitive bid per investor; of several none is valid."""
    by_investor: dict[str, list[_Bid]] = {}
    for bid in bids:
        if bid.kind is BidKind.NON_COMPETITIVE:
            by_investor.setdefault(bid.investor.reference, []).append(bid)
    for same in by_investor.values():
        if len(same) > 1:
            rows = ", ".join(str(bid.row.number) for bid in same)
            for bid in same:
                bid.row.refuse(
                    "kind",
                    f"makes {len(same)} non-competitive bids of {bid.investor.reference} "
                    f"(rows {rows}), which are all void",
                    "one non-competitive bid for each investor",
                )


def _refuse_what_the_series_cannot_hold(bids: list[_Bid], sale: Sale) -> None:
    """Refuse the bid with which a limit of the series is passed, reading in the file's order."""
    rules = sale.admission
    supply = sale.outstanding
    holdings = dict(sale.holdings)
    most = min(sale.maximum_issue, rules.supply_cap or sale.maximum_issue)
    for bid in bids:
        investor = bid.investor.reference
        is_new = investor not in holdings
        supply += bid.face
        holdings[investor] = holdings.get(investor, 0) + bid.face
        if supply > most >= supply - bid.face:
            bid.row.refuse("face", f"brings the sum to {supply}", f"a sum of at most {most}")
        if rules.maximum_transaction and bid.face > rules.maximum_transaction:
            bid.row.refuse(
                "face",
                f"moves {bid.face} at once",
                f"at most {rules.maximum_transaction} in one transaction",
            )
        if rules.maximum_holding and holdings[investor] > rules.maximum_holding:
            bid.row.refuse(
                "face",
                f"brings the holding of {investor} to {holdings[investor]}",
                f"at most {rules.maximum_holding} for one investor",
            )
        if is_new and rules.maximum_holders and len(holdings) > rules.maximum_holders:
            bid.row.refuse(
                "investor",
                f"is holder number {len(holdings)}",
                f"at most {rules.maximum_holders} holders",
            )


def _non_competitive_price(sale: Sale, competitive: list[tuple[Units, Decimal]]) -> Decimal:
    if sale.non_competitive_price is NonCompetitivePrice.WEIGHTED_AVERAGE:
        return pricing.weighted_average_price(competitive)
    return sale.cut_off_price or min(price for _, price in competitive)


def _refuse_other_prices_of_non_competitive_bids(bids: Iterable[_Bid], common: Decimal) -> None:
    for bid in bids:
        stated = bid.row.cells["price"]
        if bid.kind is BidKind.NON_COMPETITIVE and stated and Decimal(stated) != common:
            bid.row.refuse(
                "price", "is not what non-competitive bidders pay", f"empty, or {common}"
            )


def _allot(bid: _Bid, common: Decimal, quote: Quote) -> Allotment:
    price = common if bid.price is None else bid.price
    return Allotment(
        bid=bid.number,
        investor=bid.investor,
        wallet=bid.wallet,
        kind=bid.kind,
        face=bid.face,
        price=price,
        payment=quote.payment(bid.face, price),
        accrued=quote.accrued(bid.face),
        account=bid.account,
        row=bid.row.number,
    )
