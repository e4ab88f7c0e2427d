"""The pilot: every instrument's story, in the order of the one clock of the chain."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scripts import deploy, register_investors
from scripts._amanat.pilot_bill import Bill
from scripts._amanat.pilot_cast import Cast
from scripts._amanat.pilot_ledger import Ledger
from scripts._amanat.pilot_stage import Stage, work_of


class Play:
    """The stories, their parts and their common ledger."""

    def __init__(self, stage: Stage, cast: Cast) -> None:
        self.stage, self.cast = stage, cast
        self.ledger = Ledger()
        self.bill = Bill(stage, cast, self.ledger)

    def acts(self) -> Sequence[Callable[[], None]]:
        """Every act, in the order of the chain's clock."""
        bill = self.bill
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
            bill.lapsed_holder,
            bill.closing,
            bill.redemption,
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
