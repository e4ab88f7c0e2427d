"""A toll road: its revenue declared twice, once restated, then called, redeemed and settled."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from scripts import allot, call, declare_revenue, issue
from scripts._amanat.auction import Sale, read_auction
from scripts._amanat.command import Outcome
from scripts._amanat.pilot_instrument import Instrument
from scripts._amanat.pilot_leg import Scene, Surroundings
from scripts._amanat.pilot_money import rupees
from scripts._amanat.pilot_payment import Due, Share
from scripts._amanat.revenue_arguments import rule_of
from scripts._amanat.revenue_terms import RevenueShareTerms
from scripts._amanat.sheets import read_sheet
from scripts._amanat.statements import read_period
from scripts._amanat.waterfall import Split, netted, waterfall

SHEET = "mrs-2027-01-01.yaml"
CALLED_FOR = date(2026, 8, 3)
CALL_SHARE = Share(1, 102, 2)
"""What a unit is paid back at 102.0000: two paisa more than its face, and they are income."""


class TollRoad(Instrument):
    """The revenue share of 1 January 2027."""

    def __init__(self, around: Surroundings) -> None:
        self._folder = around.cast.files.revenue
        read = read_sheet(self._folder / SHEET, chain_date=None)
        assert isinstance(read, RevenueShareTerms)
        self.sheet = read
        super().__init__(around, read.series)
        self._carried = 0  # paisa
        self._declared = 0
        self._held: dict[str, int] = {}

    def scenes(self) -> Iterable[Scene]:
        """From its sale to its last paisa."""
        for day, title, play in (
            (date(2025, 11, 5), "A share of a toll road's revenue is issued", self.issue),
            (date(2025, 11, 6), "The share of revenue is sold by its price alone", self.sale),
            (date(2026, 1, 12), "The toll road's first quarter is declared", self.first_quarter),
            (date(2026, 1, 20), "The toll road's record date, and a sale after it", self.record),
            (date(2026, 1, 26), "The toll road pays its first quarter", self.first_payment),
            (date(2026, 3, 9), "A plaza was counted twice: the quarter is restated", self.restate),
            (date(2026, 4, 13), "The next quarter nets the restatement", self.second_quarter),
            (date(2026, 4, 27), "The toll road pays its second quarter", self.second_payment),
            (date(2026, 7, 2), "The issuer calls the share of revenue", self.call),
            (CALLED_FOR, "The share of revenue ends, and is redeemed", self.end),
            (date(2026, 8, 17), "What it earned until its end is declared", self.closing),
            (
                date(2026, 8, 24),
                "Who held at the end is paid the rest",
                self.last_payment,
            ),
        ):
            yield Scene(day, title, play)

    # ---------------------------------------------------------------- its beginning

    def issue(self) -> None:
        """One proposes the series, another opens it."""
        self.command(issue.cli, terms=self._folder / SHEET)
        token = self.first_seen.token
        self.stage.note(f"{self.sheet.name}, at {token.address}: {token.read('rights')}")

    def sale(self) -> None:
        """Accepted bids at par and above; nothing accrues."""
        files = self.cast.files
        auction = files.sale("mrs")
        result = read_auction(auction, Sale.of(self.sheet), self.cast.investors)
        self.command(
            allot.cli,
            terms=self._folder / SHEET,
            auction=auction,
            investors=files.investors,
            fund_on_local_chain=True,
        )
        for bid in result.allotments:
            self.ledger.bring(bid.wallet, max(0, bid.payment - self.ledger.cash[bid.wallet]))
            self.ledger.pay(bid.wallet, self.treasury, bid.payment)
            self.book.issue(bid.wallet, bid.face)
            self.book.subscribed += bid.payment
        self.stage.note(
            f"{len(result.allotments)} bids settled: {result.face:,} certificates at "
            f"{result.weighted_average_price} on average, {rupees(result.payment)} paid"
        )
        self.stage.check("supply after the sale", result.face, self.series.supply)
        self.holders_are_exact()

    # ---------------------------------------------------------------- its quarters

    def first_quarter(self) -> None:
        """The auditor signs, the fiscal agent declares."""
        self.first = self._declare("tolls-2025-q4")
        self.first.announce()

    def record(self) -> None:
        """Who sells now has the quarter all the same."""
        self.first.fix()
        seller = max(self.book.holding, key=lambda wallet: (self.book.units[wallet], wallet))
        self.transfer(seller, self.cast.newcomers[0], 10_000_000)
        self.stage.note(f"{self.cast.name(seller)} sells 10,000,000, and keeps what was declared")

    def first_payment(self) -> None:
        """To the holders of the record date, floored; what rounding leaves is the treasury's."""
        self._pay(self.first)

    def restate(self) -> None:
        """Nothing is claimed back: the difference is carried."""
        before = self._split("tolls-2025-q4").share
        difference = self._split("tolls-2025-q4-restated").share - before
        outcome = self._command("tolls-2025-q4-restated", restate=True)
        self._carried += difference
        found, pool = outcome.report, self.first.share.amount
        self.stage.check("carried to the next declaration", self._carried, found["carried"])
        self.stage.check("the first pool stands", pool, found["pool"])
        self.stage.note(f"{rupees(-difference)} was declared too much, and is carried")

    def second_quarter(self) -> None:
        """Its share, less what the first quarter paid too much."""
        self.second = self._declare("tolls-2026-q1")
        self.second.announce()

    def second_payment(self) -> None:
        """Nobody has moved since its record date."""
        self._pay(self.second.fix())

    # ---------------------------------------------------------------- its end

    def call(self) -> None:
        """By the schedule of the terms, with a month of notice."""
        document = self.cast.files.road_call
        self.command(call.cli, series=self.series_name, ends=CALLED_FOR, document=document)
        self.stage.note("it is called for 3 August, at 102.0000 for 100 of face")

    def end(self) -> None:
        """Every certificate is paid back and burnt."""
        self._held = self.book.holding
        due = Due(self, CALL_SHARE).fix()
        self.bring_money(self.treasury, due.total)
        due.redeem()
        self.stage.check("certificates that are left", 0, self.series.supply)

    def closing(self) -> None:
        """To who held when it ended."""
        self.last = self._declare("tolls-2026-close", units=sum(self._held.values()))
        self.last.unpaid = dict(self._held)
        self.last.announce()

    def last_payment(self) -> None:
        """By the register of the record date, which a burn does not change."""
        self._pay(self.last)

    # ---------------------------------------------------------------- in few words

    def _split(self, name: str) -> Split:
        """What the waterfall makes of a file, apart from the chain."""
        period = read_period(self._folder / f"{name}.yaml", restates="restated" in name)
        return waterfall(period.figures, rule_of(self.sheet))

    def _command(self, name: str, **options: Any) -> Outcome:
        path = self._folder / f"{name}.yaml"
        return self.command(declare_revenue.cli, series=self.series_name, statement=path, **options)

    def _declare(self, name: str, units: int | None = None) -> Due:
        """A declaration, and what it owes; `units` where they are not those that are held now."""
        outcome, split = self._command(name), self._split(name)
        pool, self._carried = netted(split.share, self._carried)
        self.stage.check("what is shared, by hand", pool, outcome.report["pool"])
        self.stage.check("what is carried on, by hand", self._carried, outcome.report["carried"])
        self.stage.note(
            f"the account leaves {rupees(split.net)}: the holders' share is "
            f"{rupees(split.share)}, and {rupees(pool)} is paid"
        )
        number, self._declared = self._declared, self._declared + 1
        held = self.book.outstanding if units is None else units
        return Due(self, Share(held, pool, pool), number)

    def _pay(self, due: Due) -> None:
        """Funded on its day and paid to everyone; then what rounding left."""
        self.bring_money(self.treasury, due.in_full)
        due.fund()
        holders = len(due.unpaid)
        due.pay()
        left = due.give_back()
        self.stage.note(
            f"{rupees(due.share.amount - left)} before tax to {holders} holders; rounding left "
            f"{rupees(left)}"
        )
