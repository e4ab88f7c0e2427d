"""The state sells a commodity against payment: a CSV file, a row a sale.

    sale       the sale's number
    investor   the buyer's reference in the list of investors; or
    wallet     one of the buyer's wallets, to which the tokens then go (else to the main wallet)
    units      what it buys, with as many decimals as the series
    price      rupees a unit, at most four decimals
    account    the account at the fiscal agent that pays; an opaque reference, kept off-chain

What is sold must be in store: where the reserve is stale, or too small for all rows together,
nothing is sent.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from scripts._amanat.allotment import Allotting, Sources
from scripts._amanat.auction import (
    Allotment,
    AuctionResult,
    BidKind,
    parse_account,
    parse_bid_number,
    read_bidder,
    refuse_repeated_numbers,
)
from scripts._amanat.command import Desk, Work
from scripts._amanat.errors import ChainRefused
from scripts._amanat.investors import Investors
from scripts._amanat.plan import Plan
from scripts._amanat.pricing import Paisa, Units
from scripts._amanat.quantities import parse_quantity, parse_unit_price, smallest
from scripts._amanat.reserves import Reserve
from scripts._amanat.tables import Row, read_table

OPERATION = "sell"
COLUMNS = ("sale", "investor", "wallet", "units", "price", "account")


def payment_for(units: int, price: Decimal, precision: int) -> Paisa:
    """What so many smallest units cost, half-up to the paisa."""
    exact = Decimal(units).scaleb(-precision) * price * 100
    return Paisa(int(exact.quantize(Decimal(1), ROUND_HALF_UP)))


def sell(
    series: str,
    path: Path,
    investors: Investors,
    day: date,
    *,
    command: str,
    inputs: tuple[Path, ...],
    fund_on_local_chain: bool,
) -> Work:
    """Settle the sales that are not settled yet; run again, it plans what is left."""
    made: list[_Selling] = []

    def of(desk: Desk) -> _Selling:
        if not made:
            made.append(_Selling(desk, series, path, investors, day, command, fund_on_local_chain))
        return made[0]

    return Work(
        operation=OPERATION,
        plan=lambda desk: of(desk).plan(),
        verify=lambda desk: of(desk).allotting.prove(),
        report=lambda desk: of(desk).report(),
        inputs=inputs,
    )


class _Selling:
    """One file of sales against one chain."""

    def __init__(
        self,
        desk: Desk,
        series: str,
        path: Path,
        investors: Investors,
        day: date,
        command: str,
        fund: bool,
    ) -> None:
        self._reserve = Reserve(desk, series)
        self.result = read_sales(path, investors, self._reserve.precision)
        token = self._reserve.token
        sources = Sources(
            operation=OPERATION,
            series=self._reserve.series.id,
            token=lambda _: token,
            day=day,
            result=self.result,
            auction_path=path,
            command=command,
            amount=self._reserve.shown,
        )
        self.allotting = Allotting(desk, sources, fund_on_local_chain=fund)

    def plan(self) -> Plan:
        """As an allotment's; refused where what is to be settled is not in store."""
        plan = self.allotting.plan()
        if wanted := self.allotting.unsettled_units:
            self._require_in_store(wanted)
        return plan

    def _require_in_store(self, wanted: int) -> None:
        recognised, why = self._reserve.recognised()
        supply = self._reserve.series.supply
        title = f"sell {self._reserve.shown(wanted)}"
        if recognised is None:
            raise ChainRefused(title, f"{why}: mints have stopped")
        if supply + wanted > recognised:
            shown = self._reserve.shown
            raise ChainRefused(
                title,
                f"ReserveExceeded: {shown(supply)} circulate of {shown(recognised)} recognised",
            )

    def report(self) -> dict[str, object]:
        """What was sold, and what that leaves."""
        recognised, why = self._reserve.recognised()
        return {
            "sales": len(self.result.allotments),
            "units": int(self.result.face),
            "reserve": recognised,
            "unknown_because": why,
        }


def read_sales(path: Path, investors: Investors, precision: int) -> AuctionResult:
    """Read a file of sales; raises `InputProblems` with everything that is wrong in it."""
    table, findings = read_table(path, COLUMNS)
    refuse_repeated_numbers(table, "sale")
    read = [_read_sale(row, investors, precision) for row in table]
    findings.settle()
    rows = tuple(sale for sale in read if sale is not None)
    face = sum(row.face for row in rows)
    average = sum((row.face * row.price for row in rows), Decimal(0)) / face
    return AuctionResult(findings.file, rows, average, None)


def _read_sale(row: Row, investors: Investors, precision: int) -> Allotment | None:
    number = row.read("sale", parse_bid_number)
    units = row.read("units", lambda text: smallest(parse_quantity(text), precision))
    price = row.read("price", parse_unit_price)
    account = row.read("account", parse_account)
    buyer = read_bidder(row, investors)
    if not (number and units and price and account and buyer and row.is_sound):
        return None
    return Allotment(
        bid=number,
        investor=buyer[0],
        wallet=buyer[1],
        kind=BidKind.COMPETITIVE,
        face=Units(units),
        price=price,
        payment=payment_for(units, price, precision),
        account=account,
        row=row.number,
    )
