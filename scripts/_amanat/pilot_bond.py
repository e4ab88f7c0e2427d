"""A Pakistan Investment Bond in its last year: two coupons, a lost wallet, and its redemption."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cached_property

from scripts import pledge
from scripts._amanat import distributions, orders, pilot_money, recoveries
from scripts._amanat.day_counts import year_fraction
from scripts._amanat.pilot_cast import morning
from scripts._amanat.pilot_money import PAISA, rupees
from scripts._amanat.pilot_payment import Due
from scripts._amanat.pilot_periodic import AT_PAR, Periodic
from scripts._amanat.pilot_trade import Trade
from scripts._amanat.pricing import Units

FIRST, SECOND = 0, 1


class InvestmentBond(Periodic):
    """The bond of 5 August 2026."""

    # ---------------------------------------------------------------- its first coupon

    def first_announcement(self) -> None:
        """The first coupon falls on a holiday."""
        self.first_coupon = self.announce(FIRST)

    def secondary_sale(self) -> None:
        """At a clean price: what has accrued since August comes on top."""
        day = date(2026, 1, 8)
        self.stage.until(morning(day))
        with self.stage.act("A bond changes hands at a clean price"):
            (seller, held), *_, (buyer, _) = self._by_size
            units = min(held, 50 * self.lot)
            clean = units * 99_80 // 100
            self.bring_money(buyer, 2 * clean)
            with Trade(self, seller, buyer, units, clean, accrued=self._accrued(units, day)) as it:
                it.settle()
            self.holders_are_exact()

    def _accrued(self, units: int, day: date) -> int:
        """Paisa, rounded up: the seller is never paid less than its days."""
        schedule, rate = self.instrument.schedule, self.instrument.rate_of
        period = schedule.period_at(day)
        part = year_fraction(self.instrument.day_count, schedule, period.start, day)
        return distributions.accrued_up(Units(units), rate(period), part, 2)

    def first_payment(self) -> None:
        """The day after Kashmir Day."""
        self.first_coupon.fix()
        self.stage.until(morning(date(2026, 2, 5)))
        with self.stage.act("The first coupon of the bond falls on a holiday, and waits a day"):
            self.bring_money(self.treasury, self.first_coupon.total)
            self.first_coupon.fund()
            self.stage.note("5 February is Kashmir Day: funded, and not paid before the 6th")
            self.stage.until(morning(date(2026, 2, 6)))
            self.pays_today(FIRST)
            self.first_coupon.pay()
            self.stage.note(f"{rupees(self.book.gross)} before tax to {len(self.book.holding)}")

    def pledged(self) -> None:
        """A lien of the holder's own making: only the creditor lifts it."""
        self.stage.until(morning(date(2026, 3, 10)))
        with self.stage.act("A bank pledges bonds, and its creditor releases them"):
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

    # ---------------------------------------------------------------- its second coupon

    def second_announcement(self) -> None:
        """The last coupon and the redemption fall due together."""
        self.second_coupon = self.announce(SECOND)

    def recovery(self) -> None:
        """A wallet is lost after the record date: the coupon is its own, and its successor's."""
        self.stage.until(self.record_morning(SECOND))
        self.second_coupon.fix()
        with self.stage.act("A wallet is lost between record date and payment"):
            lost, successor = self.lost, self.cast.second_new_wallet
            document = orders.document_hash(self.cast.files.second_decision)
            wish = recoveries.Recovery(lost, successor, document)
            command = f"ape run recover_wallet {lost} --successor {successor} --document …"
            units = self.book.units[lost]
            self.stage.finish(recoveries.recover(wish, command=command))
            self.book.move(lost, successor, units)
            self.second_coupon.stands_in[lost] = successor
            self.cast.stands_in[successor] = lost
            self.stage.note(f"{units:,} of {self.cast.name(lost)} followed to {successor[:8]}…")
            token = self.first_seen.token
            at_record = token.read("balanceOfAt", lost, SECOND)
            self.stage.check("held at the record date, under the lost name", units, at_record)
            self.stage.check("held now", units, token.read("balanceOf", successor))
            self.holders_are_exact()

    def redemption(self) -> None:
        """Paid on its day; the coupon of the same day is not there, and is missed."""
        self.stage.until(morning(self.sheet.stated_maturity))
        with self.stage.act("Maturity: the bond is redeemed, and its last coupon is missed"):
            self.stage.finish(pilot_money.block(self.blocked))
            self.stage.note(f"the issuer of the cash blocks {self.cast.name(self.blocked)}")
            self.redeemed = Due(self, AT_PAR).fix()
            self.bring_money(self.treasury, self.redeemed.total)
            self.redeemed.redeem(waiting=self._waiting)
            self.second_coupon.miss()

    def late_coupon(self) -> None:
        """Funded in two parts, which cures it; who was blocked is paid when that is over."""
        self.stage.until(morning(date(2026, 8, 7)))
        with self.stage.act("The missed coupon is funded late, and paid"):
            coupon, total = self.second_coupon, self.second_coupon.total
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
