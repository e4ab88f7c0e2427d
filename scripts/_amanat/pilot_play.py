"""The pilot: every instrument's story, in the order of the one clock of the chain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from scripts import deploy, holidays, register_investors, set_tax
from scripts._amanat.pilot_bill import Bill
from scripts._amanat.pilot_bond import InvestmentBond
from scripts._amanat.pilot_cast import Cast, morning
from scripts._amanat.pilot_floater import Floater
from scripts._amanat.pilot_instrument import Surroundings
from scripts._amanat.pilot_ledger import Ledger
from scripts._amanat.pilot_periodic import Periodic
from scripts._amanat.pilot_stage import Stage, work_of
from scripts._amanat.pilot_sukuk import Sukuk
from scripts._amanat.pilot_tax import Taxation

RATES_PUBLISHED = date(2026, 1, 2)

Story = TypeVar("Story", bound=Periodic)


class Play:
    """The stories, their parts and their common ledger."""

    def __init__(self, stage: Stage, cast: Cast) -> None:
        self.stage, self.cast = stage, cast
        self.ledger = Ledger()
        taxation = Taxation(cast, RATES_PUBLISHED)
        self._around = Surroundings(stage, cast, self.ledger, taxation)
        self.bill = Bill(self._around)
        self.bond = self._periodic(InvestmentBond, "pib-2026-08-05", "pib")
        self.floater = self._periodic(Floater, "pfl-2028-11-06", "pfl")
        self.sukuk = self._periodic(Sukuk, "gis-2029-01-17", "gis")

    def _periodic(self, story: type[Story], series: str, sale: str) -> Story:
        files = self.cast.files
        sheet, auction = files.sheet(series), files.sale(sale)
        return story(self._around, sheet, auction)

    @property
    def all_periodic(self) -> tuple[Periodic, ...]:
        return self.bond, self.floater, self.sukuk

    def acts(self) -> Sequence[Callable[[], None]]:
        """Every act, in the order of the chain's clock."""
        bill, bond, floater, sukuk = self.bill, self.bond, self.floater, self.sukuk
        return (
            self.deployment,
            self.registration,
            bill.issue,
            bill.allotment,
            bill.locked_up,
            bill.trading,
            bill.newcomers,
            bill.freezing,
            bill.pausing,
            bill.forced_transfer,
            bill.lapsing,
            bill.secondary_sale,
            bill.recovery,
            self.calendar,
            self.issues,
            self.sales,
            bill.lapsed_holder,
            bill.closing,
            bill.redemption,
            self.tax_rates,
            self.first_announcements,
            bond.secondary_sale,
            sukuk.first_payment,
            floater.reset,
            bond.first_payment,
            floater.first_payment,
            self.renewals,
            bond.pledged,
            self.second_announcements,
            floater.second_payment,
            sukuk.second_payment,
            bond.recovery,
            bond.redemption,
            bond.late_coupon,
        )

    def deployment(self) -> None:
        """The contracts, and all power from the deployer to the programme's roles."""
        with self.stage.act("The programme is deployed"):
            outcome = self.stage.finish(work_of(deploy.cli, self.stage.desk))
            contracts = len(outcome.report["contracts"])
            self.stage.note(
                f"{contracts} contracts; every power is with its role, none with who deployed"
            )

    def registration(self) -> None:
        """Investors, attested in batches."""
        with self.stage.act("Investors are registered"):
            path = self.cast.files.investors
            work = work_of(register_investors.cli, self.stage.desk, investors=path)
            report = self.stage.finish(work).report
            self.stage.note(f"{report['investors']} investors with {report['wallets']} wallets")

    # ---------------------------------------------------------------- what concerns several

    def calendar(self) -> None:
        """Which days are closed next year: published by the steward, after its delay."""
        self.stage.until(morning(date(2025, 11, 3)))
        with self.stage.act("The holidays of 2026 are published"):
            path = self.cast.files.calendar
            self.stage.finish(work_of(holidays.cli, self.stage.desk, calendar=path, name="PK"))
            self.stage.note("payments move off them; a day that has come never moves")

    def issues(self) -> None:
        """A bond, a floater and a sukuk, from their term sheets."""
        self.stage.until(morning(date(2025, 11, 5)))
        with self.stage.act("A bond, a floater and a sukuk are issued from their term sheets"):
            for each in self.all_periodic:
                each.issue()

    def sales(self) -> None:
        """Their auctions are settled."""
        self.stage.until(morning(date(2025, 11, 6)))
        with self.stage.act("Their auctions are settled, clean price and accrued"):
            for each in self.all_periodic:
                each.sale()

    def tax_rates(self) -> None:
        """By what is paid, class and residence; and a certificate under a treaty."""
        self.stage.until(morning(RATES_PUBLISHED))
        with self.stage.act("The tax agent publishes its rates for 2026"):
            path = self.cast.files.tax
            report = self.stage.finish(work_of(set_tax.cli, self.stage.desk, table=path)).report
            self.stage.note(f"{report['rates']} rates, {report['certificates']} certificate")

    def first_announcements(self) -> None:
        """What each pays next."""
        self.stage.until(morning(date(2026, 1, 5)))
        with self.stage.act("The first coupons and the first rental are announced"):
            for each in (self.bond, self.floater, self.sukuk):
                each.first_announcement()

    def renewals(self) -> None:
        """Who is still to be paid is verified anew, before it lapses."""
        self.stage.until(morning(date(2026, 2, 24)))
        with self.stage.act("Verifications are renewed"):
            path = self.cast.files.renewals
            report = self.stage.finish(
                work_of(register_investors.cli, self.stage.desk, investors=path)
            ).report
            self.stage.note(f"{report['investors']} investors are verified into 2027")

    def second_announcements(self) -> None:
        """What each pays after that."""
        self.stage.until(morning(date(2026, 4, 20)))
        with self.stage.act("The second coupons and the second rental are announced"):
            for each in (self.bond, self.floater, self.sukuk):
                each.second_announcement()
