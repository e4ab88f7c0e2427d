"""What every instrument of the pilot stands on: contracts, investors, holidays, rates of tax."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from scripts import deploy, holidays, register_investors, set_tax
from scripts._amanat.pilot_leg import AT_ONCE, Leg, Scene
from scripts._amanat.pilot_stage import work_of
from scripts._amanat.pilot_tax import RATES_PUBLISHED


class Foundation(Leg):
    """The programme itself."""

    def scenes(self) -> Iterable[Scene]:
        yield Scene(AT_ONCE, "The programme is deployed", self.deployment)
        yield Scene(AT_ONCE, "Investors are registered", self.registration)
        yield Scene(date(2025, 11, 3), "The holidays of 2026 are published", self.calendar)
        yield Scene(RATES_PUBLISHED, "The tax agent publishes its rates for 2026", self.tax_rates)
        yield Scene(date(2026, 2, 24), "Verifications are renewed", self.renewals)

    def deployment(self) -> None:
        """The contracts, and all power from the deployer to the programme's roles."""
        outcome = self.stage.finish(work_of(deploy.cli, self.stage.desk))
        contracts = len(outcome.report["contracts"])
        self.stage.note(
            f"{contracts} contracts; every power is with its role, none with who deployed"
        )

    def registration(self) -> None:
        """Investors, attested in batches."""
        path = self.cast.files.investors
        work = work_of(register_investors.cli, self.stage.desk, investors=path)
        report = self.stage.finish(work).report
        self.stage.note(f"{report['investors']} investors with {report['wallets']} wallets")

    def calendar(self) -> None:
        """Which days are closed next year: published by the steward, after its delay."""
        path = self.cast.files.calendar
        self.stage.finish(work_of(holidays.cli, self.stage.desk, calendar=path, name="PK"))
        self.stage.note("payments move off them; a day that has come never moves")

    def tax_rates(self) -> None:
        """By what is paid, class and residence; and a certificate under a treaty."""
        path = self.cast.files.tax
        report = self.stage.finish(work_of(set_tax.cli, self.stage.desk, table=path)).report
        self.stage.note(f"{report['rates']} rates, {report['certificates']} certificate")

    def renewals(self) -> None:
        """Who is still to be paid is verified anew, before it lapses."""
        path = self.cast.files.renewals
        work = work_of(register_investors.cli, self.stage.desk, investors=path)
        report = self.stage.finish(work).report
        self.stage.note(f"{report['investors']} investors are verified into 2027")
