"""What bonds and sukuk have in common in the pilot: a term sheet, an auction, and what they pay."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import ClassVar

from scripts import issue, tap
from scripts._amanat import bonds
from scripts._amanat.auction import Admission, AuctionResult, Sale, read_auction
from scripts._amanat.bond_terms import GovernmentBondTerms, IjarahSukukTerms
from scripts._amanat.bonds import Accruing
from scripts._amanat.business_days import day_in_karachi, start_of_day_karachi
from scripts._amanat.pilot_cast import morning
from scripts._amanat.pilot_instrument import Instrument
from scripts._amanat.pilot_leg import Scene, Surroundings
from scripts._amanat.pilot_money import PAISA, rupees
from scripts._amanat.pilot_payment import Due, Share
from scripts._amanat.pricing import Units
from scripts._amanat.quotes import ExPeriod, Quote
from scripts._amanat.sheets import read_sheet
from scripts._amanat.terms import NonCompetitivePrice

FIRST, SECOND = 0, 1
ISSUED = "A bond, a floater and a sukuk are issued from their term sheets"
SOLD = "Their auctions are settled, clean price and accrued"
FIRST_ANNOUNCED = "The first coupons and the first rental are announced"
SECOND_ANNOUNCED = "The second coupons and the second rental are announced"
AT_PAR = Share(1, PAISA, 0)
"""What is paid back: the face of a unit, and none of it is income."""


class Periodic(Instrument):
    """A series that runs in periods."""

    sheet_name: ClassVar[str]
    """Of its term sheet, without the ending."""
    sale_name: ClassVar[str]
    """Of the auction at which it is sold."""

    def __init__(self, around: Surroundings) -> None:
        files = around.cast.files
        self._sheet_path = files.sheet(self.sheet_name)
        self._auction_path = files.sale(self.sale_name)
        read = read_sheet(self._sheet_path, chain_date=None)
        assert isinstance(read, GovernmentBondTerms | IjarahSukukTerms)
        self.sheet = read
        super().__init__(around, read.series)
        assert isinstance(read.instrument, Accruing)
        self.instrument: Accruing = read.instrument
        """How Python counts what it pays, apart from the chain."""

    @property
    def lot(self) -> Units:
        """The units that a distribution is published for."""
        return Units(self.sheet.calculation_units)

    def scenes(self) -> Iterable[Scene]:
        """What every one of them has, and together: its beginning, and two announcements."""
        for day, title, play in (
            (date(2025, 11, 5), ISSUED, self.issue),
            (date(2025, 11, 6), SOLD, self.sale),
            (date(2026, 1, 5), FIRST_ANNOUNCED, self.first_announcement),
            (date(2026, 4, 20), SECOND_ANNOUNCED, self.second_announcement),
        ):
            yield Scene(day, title, play)
        yield from self.own_scenes()

    def own_scenes(self) -> Iterable[Scene]:
        """What no other has."""
        raise NotImplementedError

    def first_announcement(self) -> None:
        """What it pays first."""
        self.first = self.announce(FIRST)

    def second_announcement(self) -> None:
        """What it pays after that."""
        self.second = self.announce(SECOND)

    def issue(self) -> None:
        """One proposes the series, another opens it."""
        self.command(issue.cli, terms=self._sheet_path)
        self.stage.note(f"{self.sheet.name}, at {self.series.address}")

    # ---------------------------------------------------------------- its sale

    def sale(self) -> None:
        """The accepted bids, each against its payment: clean price and what has accrued."""
        result = self._result()
        cut_off = self.sheet.auction.non_competitive_price is NonCompetitivePrice.CUT_OFF
        self.command(
            tap.cli,
            series=self.series_name,
            auction=self._auction_path,
            settlement=self.sheet.issue_date,
            investors=self.cast.files.investors,
            cut_off=cut_off,
            fund_on_local_chain=True,
        )
        for bid in result.allotments:
            lacking = max(0, bid.payment - self.ledger.cash[bid.wallet])
            self.ledger.bring(bid.wallet, lacking)
            self.ledger.pay(bid.wallet, self.treasury, bid.payment)
            self.book.issue(bid.wallet, bid.face)
            self.book.subscribed += bid.payment
        accrued = sum(bid.accrued for bid in result.allotments)
        self.stage.note(
            f"{len(result.allotments)} bids settled: {result.face:,} of face at "
            f"{result.weighted_average_price} on average; {rupees(result.payment)} paid, of which "
            f"{rupees(accrued)} accrued"
        )
        self.stage.check("supply after the sale", result.face, self.series.supply)
        self.holders_are_exact()

    def _result(self) -> AuctionResult:
        """The auction's file, read by the term sheet."""
        sheet = self.sheet
        sale = Sale(
            quote=Quote(self.instrument, sheet.issue_date, ExPeriod(sheet.record_days, self.lot)),
            denomination=sheet.denomination,
            maximum_issue=sheet.maximum_issue,
            admission=Admission.of(sheet.compliance),
            cut_off_price=sheet.auction.cut_off_price,
            non_competitive_price=sheet.auction.non_competitive_price,
        )
        return read_auction(self._auction_path, sale, self.cast.investors)

    # ---------------------------------------------------------------- what it pays

    def due(self, number: int) -> Due:
        """The distribution of a period, counted from 0."""
        paid = bonds.distribution(self.instrument, number, self.lot)
        return Due(self, Share(self.lot, paid, paid), number)

    def announce(self, number: int) -> Due:
        """The distribution of a period, announced to whoever will hold at its record date."""
        due = self.due(number)
        outcome = due.announce()
        lot, expected = self.lot, rupees(due.share.amount)
        assert outcome.plan is not None
        self.stage.note(f"{self.sheet.symbol}: {expected} for each {lot:,} of face")
        share = self.first_seen.token.read("period", number).distribution
        self.stage.check("what is paid on a calculation amount, in paisa", due.share.amount, share)
        return due

    def pay_in_full(self, due: Due, what: str) -> None:
        """Funded on its day and paid to everyone; `what` it is, in a word or two."""
        self.pays_today(due.number)
        total = due.total
        self.bring_money(self.treasury, total)
        due.fund()
        due.pay()
        holders = len(self.book.holding)
        self.stage.note(f"{rupees(total)} of {what} before tax to {holders} holders")

    def redeem_in_full(self, due: Due, waiting: Collection[str] = ()) -> None:
        """Everyone who holds is paid back, but who must wait."""
        due.fix()
        total, holders = due.total, len(due.unpaid)
        self.bring_money(self.treasury, total)
        due.redeem(waiting)
        paid = holders - len(waiting)
        self.stage.note(f"{rupees(total - due.total)} are paid back to {paid} holders")

    def record_morning(self, number: int) -> int:
        """Ten o'clock on the record date of a period."""
        end = self.instrument.schedule.period(number).end
        return morning(end - timedelta(days=self.sheet.record_days))

    def pays_today(self, number: int) -> None:
        """That a period is paid from the first moment of this day on, and from no other."""
        due = self.first_seen.token.read("period", number).due
        today = start_of_day_karachi(day_in_karachi(self.stage.now))
        self.stage.check("the day of payment", today, due)
