"""A GoP Ijarah sukuk: its holders own a share of a leased asset, and receive its rentals."""

from __future__ import annotations

from datetime import date

from scripts._amanat.pilot_cast import morning
from scripts._amanat.pilot_money import rupees
from scripts._amanat.pilot_payment import Due
from scripts._amanat.pilot_periodic import Periodic

FIRST, SECOND = 0, 1


class Sukuk(Periodic):
    """The sukuk of 17 January 2029."""

    def first_announcement(self) -> None:
        """184 days of rental."""
        self.first_rental = self.announce(FIRST)
        token = self.first_seen.token
        self.stage.note(f"{self.sheet.symbol}: {token.read('ownership')}")

    def first_payment(self) -> None:
        """17 January 2026 is a Saturday."""
        self.first_rental.fix()
        self.stage.until(morning(date(2026, 1, 19)))
        with self.stage.act("The sukuk pays its first rental, after a weekend"):
            self.pays_today(FIRST)
            self._pay(self.first_rental)

    def second_announcement(self) -> None:
        """181 days of rental."""
        self.second_rental = self.announce(SECOND)

    def second_payment(self) -> None:
        """17 July 2026 is a Friday."""
        self.second_rental.fix()
        self.stage.until(morning(date(2026, 7, 17)))
        with self.stage.act("The sukuk pays its second rental"):
            self.pays_today(SECOND)
            self._pay(self.second_rental)

    def _pay(self, due: Due) -> None:
        total = due.total
        self.bring_money(self.treasury, total)
        due.fund()
        due.pay()
        self.stage.note(f"{rupees(total)} of rental before tax to {len(self.book.holding)} holders")
