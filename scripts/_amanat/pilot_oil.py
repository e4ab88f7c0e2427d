"""Crude oil: a tank that others have a claim on does not count."""

from __future__ import annotations

from collections.abc import Iterable

from scripts._amanat.pilot_commodity import FIRST_DAY, LAST_DAY, Commodity
from scripts._amanat.pilot_leg import Scene

BOTH_TANKS, FIRST_TANK = 997_500 + 498_000, 997_500


class Oil(Commodity):
    """The oil of April 2026."""

    sheet_name = "oil-2026"

    def scenes(self) -> Iterable[Scene]:
        title = "Oil is attested; a tank is encumbered, and does not count"
        yield Scene(FIRST_DAY, title, self.first_sale)
        yield Scene(LAST_DAY, "The tank is released, and a cargo delivered", self.cargo)

    def first_sale(self) -> None:
        """900,000 barrels on 100,000: covered by both tanks, and not by the one that is free."""
        self.issue()
        self.attest("oil-2026-04-08.yaml", BOTH_TANKS)
        self.encumber("TANK-2", "claim-tank-2.md")
        self.stage.check("recognised without the tank", FIRST_TANK, self.recognised)
        self.sell("sales-oil-04-08.csv", FIRST_DAY)
        self.refused_sale("sales-oil-too-many.csv", FIRST_DAY, "ReserveExceeded")
        self.holders_are_exact()

    def cargo(self) -> None:
        """The claim is discharged; the cargo is delivered, though nobody attested since."""
        self.encumber("TANK-2", "claim-tank-2.md", release=True)
        self.stage_of("cargo.yaml")
        self.redeem("cargo.yaml", "TANK-1", "100000", "gauges-tank-1.csv")
