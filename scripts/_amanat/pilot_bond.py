"""A Pakistan Investment Bond's last year: two coupons, a buyback, a lost wallet, its redemption."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from functools import cached_property

from scripts import buy_back, pledge
from scripts._amanat import distributions, orders, pilot_money, recoveries
from scripts._amanat.business_days import start_of_day_karachi
from scripts._amanat.buyback_files import BuybackResult, read_buyback
from scripts._amanat.day_counts import year_fraction
from scripts._amanat.pilot_leg import Scene
from scripts._amanat.pilot_money import PAISA, rupees
from scripts._amanat.pilot_payment import Due
from scripts._amanat.pilot_periodic import AT_PAR, FIRST, SECOND, Periodic
from scripts._amanat.pilot_trade import Trade
from scripts._amanat.pricing import Units
from scripts._amanat.quotes import ExPeriod, Quote

SALE = date(2026, 1, 8)
"""When some of it changes hands."""
BUYBACK = date(2026, 4, 15)


class InvestmentBond(Periodic):
    """The bond of 5 August 2026."""

    sheet_name, sale_name = "pib-2026-08-05", "pib"

    def own_scenes(self) -> Iterable[Scene]:
        holiday = "The first coupon of the bond falls on a holiday, and waits a day"
        pledged = "A bank pledges bonds, and its creditor releases them"
        lost = "A wallet is lost between record date and payment"
        missed = "Maturity: the bond is redeemed, and its last coupon is missed"
        yield Scene(SALE, "A bond changes hands at a clean price", self.secondary_sale)
        yield Scene(date(2026, 2, 5), holiday, self.holiday)
        yield Scene(date(2026, 2, 6), "The bond pays its first coupon", self.first_payment)
        yield Scene(date(2026, 3, 10), pledged, self.pledged)
        bought = "A buyback auction: offers are accepted in part, paid and cancelled"
        yield Scene(BUYBACK, bought, self.buyback)
        yield Scene(self.record_morning(SECOND), lost, self.recovery)
        yield Scene(self.sheet.stated_maturity, missed, self.redemption)
        late = "The missed coupon is funded late, and paid"
        yield Scene(date(2026, 8, 7), late, self.late_coupon)

    # ---------------------------------------------------------------- its first coupon

    def secondary_sale(self) -> None:
        """At a clean price: what has accrued since August comes on top."""
        (seller, held), *_, (buyer, _) = self._by_size
        units = min(held, 50 * self.lot)
        clean = units * 99_80 // 100
        self.bring_money(buyer, 2 * clean)
        with Trade(self, seller, buyer, units, clean, accrued=self._accrued(units, SALE)) as it:
            it.settle()
        self.holders_are_exact()

    def _accrued(self, units: int, day: date) -> int:
        """Paisa, rounded up: the seller is never paid less than its days."""
        schedule, rate = self.instrument.schedule, self.instrument.rate_of
        period = schedule.period_at(day)
        part = year_fraction(self.instrument.day_count, schedule, period.start, day)
        return distributions.accrued_up(Units(units), rate(period), part, 2)

    def holiday(self) -> None:
        """Kashmir Day: whoever pays today is told to wait."""
        coupon = self.first.fix()
        self.bring_money(self.treasury, coupon.total)
        coupon.fund()
        coupon.wait(start_of_day_karachi(date(2026, 2, 6)))
        self.stage.note("5 February is Kashmir Day: funded, and not paid before the 6th")

    def first_payment(self) -> None:
        """The day after."""
        self.pays_today(FIRST)
        self.first.pay()
        self.stage.note(f"{rupees(self.book.gross)} before tax to {len(self.book.holding)}")

    def pledged(self) -> None:
        """A lien of the holder's own making: only the creditor lifts it."""
        bank, dealer = self._holder("bank"), self._holder("primary_dealer")
        units, free = 100 * self.lot, self.book.units[bank] - 100 * self.lot
        words = {"series": self.series_name, "holder": bank, "pledgee": dealer}
        document = self.cast.files.pledge
        self.command(pledge.cli, **words, document=document, units=units)
        self.stage.note(f"{units:,} of {self.cast.name(bank)} to {self.cast.name(dealer)}")
        error = "TokensPledged"
        self.refused("pledged", bank, dealer, free + self.lot, 12, error)
        self.command(pledge.cli, **words, document=document, release=True)
        self.transfer(bank, dealer, free + self.lot)
        self.stage.note("released by the creditor: the same transfer passes")
        self.holders_are_exact()

    def buyback(self) -> None:
        """Each accepted offer at its own clean price and what has accrued; then it is no more."""
        result, supply = self._accepted, self.series.supply
        self.bring_money(self.treasury, result.payment)
        self.command(
            buy_back.cli,
            series=self.series_name,
            result=self.cast.files.buyback,
            settlement=BUYBACK,
            investors=self.cast.files.investors,
        )
        for each in result.purchases:
            self.ledger.pay(self.treasury, each.wallet, each.payment)
            self.book.buy_back(each.wallet, each.face, each.payment)
            self.stage.note(
                f"{self.cast.name(each.wallet)}: {each.face:,} of {each.offered:,} at {each.price}"
            )
        self.stage.note(f"{result.turned_down} offer turned down; {rupees(result.payment)} paid")
        self.stage.check("supply after the buyback", supply - result.face, self.series.supply)
        self.holders_are_exact()

    @property
    def _accepted(self) -> BuybackResult:
        """The result's file, read by the term sheet."""
        sheet = self.sheet
        quote = Quote(self.instrument, BUYBACK, ExPeriod(sheet.record_days, self.lot))
        investors = self.cast.investors
        return read_buyback(self.cast.files.buyback, quote, sheet.denomination, investors)

    # ---------------------------------------------------------------- its second coupon

    def recovery(self) -> None:
        """A wallet is lost after the record date: the coupon is its own, and its successor's."""
        self.second.fix()
        lost, successor = self.lost, self.cast.second_new_wallet
        document = orders.document_hash(self.cast.files.second_decision)
        wish = recoveries.Recovery(lost, successor, document)
        command = f"ape run recover_wallet {lost} --successor {successor} --document …"
        units = self.book.units[lost]
        self.stage.finish(recoveries.recover(wish, command=command))
        self.book.move(lost, successor, units)
        self.second.stands_in[lost] = successor
        self.cast.stands_in[successor] = lost
        self.stage.note(f"{units:,} of {self.cast.name(lost)} followed to {successor[:8]}…")
        token = self.first_seen.token
        at_record = token.read("balanceOfAt", lost, SECOND)
        self.stage.check("held at the record date, under the lost name", units, at_record)
        self.stage.check("held now", units, token.read("balanceOf", successor))
        self.holders_are_exact()

    def redemption(self) -> None:
        """Paid on its day; the coupon of the same day is not there, and is missed."""
        self.stage.finish(pilot_money.block(self.blocked))
        self.stage.note(f"the issuer of the cash blocks {self.cast.name(self.blocked)}")
        self.redeemed = Due(self, AT_PAR).fix()
        self.bring_money(self.treasury, self.redeemed.total)
        self.redeemed.redeem(waiting=self._waiting)
        self.second.miss()

    def late_coupon(self) -> None:
        """Funded in two parts, which cures it; who was blocked is paid when that is over."""
        coupon, total = self.second, self.second.total
        self.bring_money(self.treasury, total)
        part = total // 3 // PAISA * PAISA
        outcome = coupon.fund(part)
        self.stage.check("status after a part", "missed", outcome.report["status"])
        coupon.fund()
        coupon.pay(waiting=self._waiting)
        self.stage.finish(pilot_money.block(self.blocked, release=True))
        self.stage.note("the block is lifted: the same commands pay what was set aside")
        coupon.pay()
        self.redeemed.redeem()

    # ---------------------------------------------------------------- its parts

    @property
    def _waiting(self) -> Collection[str]:
        return (self.blocked,)

    @property
    def _by_size(self) -> list[tuple[str, int]]:
        """Holders and what they hold, the largest first."""
        return sorted(self.book.holding.items(), key=lambda each: (-each[1], each[0]))

    @cached_property
    def lost(self) -> str:
        """A professional's wallet."""
        return self._holder("professional")

    @cached_property
    def blocked(self) -> str:
        """A company's wallet."""
        return self._holder("corporate")

    def _holder(self, class_name: str) -> str:
        holders = [wallet for wallet, _ in self._by_size]
        return next(each for each in holders if self.cast.owner(each).class_name == class_name)
