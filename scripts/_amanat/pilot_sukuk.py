"""A GoP Ijarah sukuk: its holders own a share of a leased asset, and receive its rentals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from scripts._amanat.pilot_leg import Scene
from scripts._amanat.pilot_payment import Due
from scripts._amanat.pilot_periodic import AT_PAR, Periodic


class Sukuk(Periodic):
    """The sukuk of 17 July 2026."""

    sheet_name, sale_name = "gis-2026-07-17", "gis"

    def own_scenes(self) -> Iterable[Scene]:
        title = "The sukuk pays its first rental, after a weekend"
        yield Scene(date(2026, 1, 19), title, self.first_payment)
        title = "The sukuk pays its last rental, and is redeemed"
        yield Scene(self.sheet.stated_maturity, title, self.last_payment)

    def first_announcement(self) -> None:
        """184 days of rental."""
        super().first_announcement()
        token = self.first_seen.token
        self.stage.note(f"{self.sheet.symbol}: {token.read('ownership')}")

    def first_payment(self) -> None:
        """17 January 2026 is a Saturday."""
        self.pay_in_full(self.first.fix(), "rental")

    def last_payment(self) -> None:
        """17 July 2026 is a Friday: 181 days of rental, and what the certificates stand for."""
        self.pay_in_full(self.second.fix(), "rental")
        self.redeem_in_full(Due(self, AT_PAR))
