"""A GoP Ijarah sukuk: its holders own a share of a leased asset, and receive its rentals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from scripts._amanat.pilot_leg import Scene
from scripts._amanat.pilot_periodic import Periodic


class Sukuk(Periodic):
    """The sukuk of 17 January 2029."""

    sheet_name, sale_name = "gis-2029-01-17", "gis"

    def own_scenes(self) -> Iterable[Scene]:
        title = "The sukuk pays its first rental, after a weekend"
        yield Scene(date(2026, 1, 19), title, self.first_payment)
        yield Scene(date(2026, 7, 17), "The sukuk pays its second rental", self.second_payment)

    def first_announcement(self) -> None:
        """184 days of rental."""
        super().first_announcement()
        token = self.first_seen.token
        self.stage.note(f"{self.sheet.symbol}: {token.read('ownership')}")

    def first_payment(self) -> None:
        """17 January 2026 is a Saturday."""
        self.pay_in_full(self.first.fix(), "rental")

    def second_payment(self) -> None:
        """17 July 2026 is a Friday: 181 days of rental."""
        self.pay_in_full(self.second.fix(), "rental")
