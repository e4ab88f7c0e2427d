"""A bill with a wrong ISIN: another takes its place, and then leaves for the depository.

What the terms of a series say nobody can change, so the holders change series: with what is frozen
and what is pledged, while the ledger moves their units from one book to the other by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from pathlib import Path

from scripts import allot, exchange, issue, migrate, pause, pledge
from scripts._amanat.auction import Sale, read_auction
from scripts._amanat.departures import Stage
from scripts._amanat.onchain import Series, Status
from scripts._amanat.pilot_instrument import Instrument
from scripts._amanat.pilot_ledger import Book
from scripts._amanat.pilot_leg import Scene, Surroundings
from scripts._amanat.pilot_money import rupees
from scripts._amanat.terms import BillTerms, read_bill

FAULTY, MENDED = "mtb-3m-2026-02-09.yaml", "mtb-3m-2026-02-09-b.yaml"
PLEDGED, FROZEN = 5_000_000, 2_500_000


class ReplacedBill(Instrument):
    """The bill of February 2026, and the one that replaces it."""

    def __init__(self, around: Surroundings) -> None:
        self._bills = around.cast.files.folder / "bills"
        self._orders = around.cast.files.folder / "orders"
        self.terms: BillTerms = read_bill(self._bills / FAULTY, chain_date=None)
        self.heir_terms: BillTerms = read_bill(self._bills / MENDED, chain_date=None)
        super().__init__(around, self.terms.series)

    def scenes(self) -> Iterable[Scene]:
        for day, title, play in (
            (date(2026, 2, 9), "A bill is sold, and bears a wrong ISIN", self.sale),
            (date(2026, 2, 10), "Another bill takes its place, holder by holder", self.replacing),
            (date(2026, 2, 16), "The depository takes the new bill over", self.handing_over),
        ):
            yield Scene(day, title, play)

    # ---------------------------------------------------------------- the old series

    def sale(self) -> None:
        """Issued and sold to five; one pledges a part, of another a part is frozen."""
        files = self.cast.files
        sheet, auction = self._bills / FAULTY, files.folder / "auction-2026-02-05.csv"
        self.command(issue.cli, terms=sheet)
        bids = read_auction(auction, Sale.of(self.terms), self.cast.investors).allotments
        self.command(
            allot.cli,
            terms=sheet,
            auction=auction,
            investors=files.investors,
            fund_on_local_chain=True,
        )
        for bid in bids:
            self.ledger.bring(bid.wallet, max(0, bid.payment - self.ledger.cash[bid.wallet]))
            self.ledger.pay(bid.wallet, self.treasury, bid.payment)
            self.book.issue(bid.wallet, bid.face)
            self.book.subscribed += bid.payment
        debtor, creditor, suspect = self._parties
        self.command(pledge.cli, **self._agreement, series=self.series_name, units=PLEDGED)
        self.stage.finish(self.frozen(suspect, FROZEN))
        self.stage.note(
            f"{len(bids)} bids settled for {rupees(self.book.subscribed)}; "
            f"{self.cast.name(debtor)} pledges {PLEDGED:,} to {self.cast.name(creditor)}, and "
            f"{FROZEN:,} of {self.cast.name(suspect)} are frozen"
        )

    # ---------------------------------------------------------------- the new one

    def replacing(self) -> None:
        """The board proposes, the regulator confirms, and everybody is carried."""
        self.command(issue.cli, terms=self._bills / MENDED, for_exchange=True)
        decision = self._orders / "exchange-2026-02-10.md"
        words = {"series": self.series_name, "successor": self.heir_terms.series}
        done = self.command(exchange.cli, **words, document=decision, page=2)
        for wallet, units in self.book.holding.items():
            self.book.redeem(wallet, units)
            self._heirs_book.issue(wallet, units)
        self._has_everything()
        self.stage.check("the exchange", Stage.COMPLETED.name.lower(), done.report["stage"])
        debtor, creditor, _ = self._parties
        self.refused("replaced", creditor, debtor, 5_000, 1, "TokenPaused")
        holders, units = len(self._heirs_book.holding), self._heirs_book.outstanding
        self.stage.note(f"{holders} holders and {units:,} units carried, and all that bound them")

    def _has_everything(self) -> None:
        """Holdings, pledge and freeze as they were; and nothing left behind."""
        heir, (debtor, creditor, suspect) = self._heir, self._parties
        held = self.stage.programme.balances(heir.token, self._heirs_book.holding)
        self.stage.check("who holds how much of the new bill", self._heirs_book.holding, held)
        self.stage.check("units of the old bill", 0, self.series.supply)
        self.stage.check("the old bill", Status.REDEEMED, self.series.status)
        token = heir.token
        bound = token.read("pledgedOf", debtor), token.read("getFrozenTokens", suspect)
        self.stage.check("pledged and frozen", (PLEDGED, FROZEN), bound)
        self.command(pledge.cli, **self._agreement, series=heir.id, release=True)
        self.stage.note(f"{self.cast.name(creditor)} releases the pledge on the new bill")

    def handing_over(self) -> None:
        """Paused, the register fixed and written, and every entry of it told by the chain."""
        heir = self._heir.id
        self.command(pause.cli, series=heir)
        register = self.stage.desk.record.folder / f"register-{heir}.csv"
        decision = self._orders / "migration-2026-02-13.md"
        done = self.command(migrate.cli, series=heir, register=register, document=decision)
        for wallet, units in self._heirs_book.holding.items():
            self._heirs_book.redeem(wallet, units)
        self.stage.check("the migration", Stage.COMPLETED.name.lower(), done.report["stage"])
        lines = _holdings(register)
        self.stage.check("units in the register's file", self._heirs_book.redeemed, lines)
        register.unlink()  # the depository has it; the record of the chain is forgotten at the end
        self.stage.note(f"the depository holds {lines:,} units by a register fixed on the chain")

    # ---------------------------------------------------------------- who and what

    @cached_property
    def _parties(self) -> tuple[str, str, str]:
        """Who pledges, to whom, and of whom a part is frozen: the three largest."""
        first, second, third = sorted(self.book.units, key=lambda each: -self.book.units[each])[:3]
        return first, second, third

    @property
    def _agreement(self) -> dict[str, object]:
        debtor, creditor, _ = self._parties
        return {"holder": debtor, "pledgee": creditor, "document": self.cast.files.pledge}

    @property
    def _heir(self) -> Series:
        return self.stage.programme.find_series(self.heir_terms.series)

    @property
    def _heirs_book(self) -> Book:
        return self.ledger.book(self.heir_terms.series)


def _holdings(register: Path) -> int:
    """Units of all holdings of a register's file."""
    rows = [line.split(",") for line in register.read_text("ascii").splitlines()]
    return sum(int(row[2]) for row in rows if row[0] == "holding")
