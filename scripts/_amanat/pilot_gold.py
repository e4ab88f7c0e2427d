"""Gold: nothing is sold that is not in the vault, and a bar is carried away for its tokens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from scripts import publish_price
from scripts._amanat.pilot_commodity import FIRST_DAY, LAST_DAY, Commodity
from scripts._amanat.pilot_leg import Scene

STALE = date(2026, 4, 13)
BAR = date(2026, 4, 14)
FIRST_LOT, BOTH_LOTS = 398_344, 398_344 + 401_738
"""400.025 oz of 0.9958, and 402.100 oz of 0.9991, floored to the thousandth."""


class Gold(Commodity):
    """The gold of April 2026."""

    sheet_name = "gold-2026"

    def scenes(self) -> Iterable[Scene]:
        yield Scene(FIRST_DAY, "Gold is attested by two, and sold", self.first_sale)
        yield Scene(STALE, "The word on the gold is stale: mints stop, trades do not", self.stale)
        yield Scene(BAR, "A bar of gold is redeemed in kind", self.bar)
        yield Scene(LAST_DAY, "A redemption that nobody served is timed out", self.timed_out)

    def first_sale(self) -> None:
        """398.344 ounces are recognised: 0.344 can still be minted on 398.000, 0.345 cannot."""
        self.issue()
        self.attest("gold-2026-04-08.yaml", FIRST_LOT)
        self.sell("sales-gold-04-08.csv", FIRST_DAY)
        self.refused_sale("sales-gold-too-many.csv", FIRST_DAY, "ReserveExceeded")
        self.sell("sales-gold-the-rest.csv", FIRST_DAY)
        self.holders_are_exact()

    def stale(self) -> None:
        """The heartbeat of the terms is two days."""
        self.refused_sale("sales-gold-04-13.csv", STALE, "ReserveStale")
        fund, company = self._holder("bar-of-the-fund.yaml"), self._holder("bar-never-chosen.yaml")
        self.transfer(company, fund, 344)
        self.stage.note(f"{self.words(344)} change hands all the same")
        self.attest("gold-2026-04-13.yaml", BOTH_LOTS)
        self.sell("sales-gold-04-13.csv", STALE)

    def bar(self) -> None:
        """200.344 ounces of tokens for a bar of 198.344; another holder asks, and waits."""
        fixing = self.file("fixing-2026-04-14.md")
        words = {"series": self.series_name, "price": Decimal("1150000.00")}
        self.command(publish_price.cli, **words, evidence=fixing)
        self.stage_of("bar-never-chosen.yaml")
        self.stage_of("bar-of-the-fund.yaml")
        self.redeem("bar-of-the-fund.yaml", "KHI-01", "198.344", "bars-khi-01.csv")

    def timed_out(self) -> None:
        """Three days were the custodian's; the tokens are free, and asked for anew."""
        found = self.stage_of("bar-never-chosen.yaml", time_out=True)
        self.stage.check("the request that nobody served", "timed out", found["status"])
        self.stage.note(f"{self.words(found['units'])} are free: no lot was chosen in time")
        for request, weight in (
            ("bar-asked-for-anew.yaml", "198.000"),
            ("bar-of-the-institution.yaml", "100.000"),
        ):
            self.stage_of(request)
            self.redeem(request, "KHI-02", weight, "bars-khi-02.csv")
