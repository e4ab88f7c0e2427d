"""The last table of the pilot: tokens, cash and tax by series, from the chain's events alone.

Each figure is compared with the ledger that was kept by hand, and each row must add up by itself:
what was issued is redeemed or held, what was paid in went to somebody, what was withheld was
remitted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from scripts._amanat.onchain import NOBODY, Programme, Series

if TYPE_CHECKING:
    from scripts._amanat.pilot_ledger import Book
    from scripts._amanat.pilot_stage import Stage

AGENT, DELIVERY = "PayingAgent", "DeliveryVersusPayment"
AUCTION, IN_KIND = "Auction", "RedemptionDesk"

PAID_AT_ISSUE = ((DELIVERY, "Allotted", "token", "cost"),)
"""Events that tell what investors paid: contract, event, its series, its amount in paisa."""


FIGURES = (
    ("issued", "redeemed", "bought", "outstanding", "subscribed", "bought_for"),
    ("gross", "tax", "net", "residual", "escheated"),
    ("fees", "shortfalls"),
)
"""What the ledger kept by hand has as well."""


@dataclass(frozen=True)
class Row:
    """One series; tokens in smallest units, money in paisa."""

    series: str
    issued: int
    redeemed: int
    bought: int
    """What the treasury bought back, and was cancelled."""
    outstanding: int
    subscribed: int
    """What investors paid at issue."""
    funded: int
    """What the treasury paid in for distributions and redemption."""
    gross: int
    """What holders were owed, before tax."""
    tax: int
    """What was withheld, by the certificates."""
    net: int
    """What holders received."""
    remitted: int
    residual: int
    escheated: int
    bought_for: int
    """What the treasury paid for what it bought back."""
    fees: int
    """What it received for redemptions in kind."""
    shortfalls: int
    """What it paid for what deliveries fell short."""

    @property
    def tokens_difference(self) -> int:
        """Issued, and neither redeemed, nor bought back, nor outstanding."""
        return self.issued - self.redeemed - self.bought - self.outstanding

    @property
    def cash_difference(self) -> int:
        """Paid in, and neither received, nor withheld, nor given back."""
        return self.funded - self.net - self.tax - self.residual - self.escheated

    @property
    def tax_difference(self) -> int:
        """Withheld, and not remitted."""
        return self.tax - self.remitted

    @property
    def differences(self) -> tuple[int, int, int]:
        """Of tokens, cash and tax; zero each."""
        return self.tokens_difference, self.cash_difference, self.tax_difference

    def document(self) -> dict[str, Any]:
        """For the JSON document."""
        names = ("tokens", "cash", "tax")
        return asdict(self) | {"differences": dict(zip(names, self.differences, strict=True))}


def reconcile(stage: Stage, books: Sequence[Book]) -> list[Row]:
    """A row a book; each figure that the ledger has is checked against the chain's."""
    rows = [_row(stage.programme, stage, book) for book in books]
    for book, row in zip(books, rows, strict=True):
        for figures in FIGURES:
            said, found = ([getattr(of, each) for each in figures] for of in (book, row))
            stage.check(f"{row.series}: {', '.join(figures)}", said, found)
        stage.check(f"{row.series}: differences of tokens, cash, tax", (0, 0, 0), row.differences)
    return rows


def _row(programme: Programme, stage: Stage, book: Book) -> Row:
    series = programme.find_series(book.name)
    since = stage.desk.record.contracts["Programme"].block
    moves = [event.arguments for event in series.token.events("Transfer", since)]
    paid = (
        each[amount]
        for contract, event, token, amount in PAID_AT_ISSUE
        for each in _of(programme, contract, event, token, {series.address})
    )
    sales = _of(programme, AUCTION, "AuctionOpened", "token", {series.address})
    sold = _of(programme, AUCTION, "BidSettled", "auctionId", {s["auctionId"] for s in sales})
    bought = _of(programme, DELIVERY, "BoughtBack", "token", {series.address})
    cancelled = sum(each["units"] for each in bought)
    payments = _payments(programme, series)
    slips = _of(programme, AGENT, "Paid", "paymentId", payments)
    delivered = _of(programme, IN_KIND, "RedemptionSettled", "token", {series.address})
    settled = {each["id"] for each in delivered}
    in_kind = _of(programme, IN_KIND, "RedemptionAssigned", "id", settled)
    return Row(
        series=book.name,
        issued=_moved(moves, "from"),
        redeemed=_moved(moves, "to") - cancelled,
        bought=cancelled,
        outstanding=series.supply,
        subscribed=sum(paid) + sum(each["cost"] for each in sold),
        funded=_sum(programme, "Funded", payments),
        gross=sum(slip["gross"] for slip in slips),
        tax=sum(slip["tax"] for slip in slips),
        net=sum(slip["gross"] - slip["tax"] for slip in slips),
        remitted=_sum(programme, "TaxRemitted", payments),
        residual=_sum(programme, "ResidualWithdrawn", payments),
        escheated=_sum(programme, "Escheated", payments, "gross"),
        bought_for=sum(each["proceeds"] for each in bought),
        fees=sum(each["fee"] for each in in_kind),
        shortfalls=sum(each["shortfall"] for each in in_kind),
    )


def _payments(programme: Programme, series: Series) -> set[bytes]:
    announced = _of(programme, AGENT, "Announced", "token", {series.address})
    return {each["paymentId"] for each in announced}


def _sum(programme: Programme, event: str, payments: set[bytes], figure: str = "amount") -> int:
    return sum(each[figure] for each in _of(programme, AGENT, event, "paymentId", payments))


def _of(
    programme: Programme, contract: str, event: str, key: str, wanted: set[Any]
) -> list[dict[str, Any]]:
    """The arguments of every event whose key is wanted."""
    found = (dict(each.arguments) for each in programme.events(contract, event))
    return [each for each in found if each[key] in wanted]


def _moved(moves: Iterable[Mapping[str, Any]], side: str) -> int:
    """What came from nobody, or went to nobody."""
    return sum(int(move["value"]) for move in moves if move[side] == NOBODY)
