"""The ceiling: an issue that it has no room for is refused, whoever has approved it.

The regulator lowers the ceiling at once; board and regulator raise it again, after the board's
delay. What is out meanwhile is moved and redeemed as before. The series that was refused is opened
under the old ceiling, and cancelled before anything of it is sold.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

import click

from scripts import approve, cancel, ceiling, propose, rate
from scripts._amanat.command import Outcome
from scripts._amanat.measures import ONE, unit_id, wad
from scripts._amanat.onchain import Contract, Query, Status
from scripts._amanat.pilot_leg import Leg, Scene, Surroundings
from scripts._amanat.pilot_stage import work_of
from scripts._amanat.terms import read_bill

THE_DAY = date(2025, 10, 16)
RUPEE = "PKR"
NEW_RATE = Decimal("0.00356")
BEYOND = Decimal("0.00380")
"""A rate that is further from the last than the agent may move it at once."""


class CeilingHeld(Leg):
    """A bill of forty billion rupees that finds no room."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self._folder = self.cast.files.folder / "ceiling"
        self._sheet = self.cast.files.folder / "bills" / "mtb-1m-2025-10-16.yaml"
        self._terms = read_bill(self._sheet, chain_date=None)

    def scenes(self) -> Iterable[Scene]:
        yield Scene(THE_DAY, "The rupee is rated anew, within bounds", self.rating)
        yield Scene(THE_DAY, "An issue beyond the ceiling is refused", self.refusal)
        yield Scene(THE_DAY, "Two institutions raise the ceiling again", self.restoration)

    def rating(self) -> None:
        """The rate agent's publication; a leap is not in its power."""
        rates, agent = self.stage.programme["ReferenceRates"], self._officer("rate_agent")
        query = rates.query("setRate", unit_id(RUPEE), wad(BEYOND), b"\1" * 32)
        error = self.stage.answer(query, agent)
        self.stage.check("a leap of the rate is refused", "RateMovesTooFar", error.split("(")[0])
        evidence = self._file("rate-pkr-2025-10-16.md")
        self._command(rate.cli, unit=RUPEE, dollars=NEW_RATE, evidence=evidence)
        self.stage.check(
            "the rupee's rate", wad(NEW_RATE), rates.read("rateOf", unit_id(RUPEE)).rate
        )
        self.stage.note(f"one rupee is worth {NEW_RATE} dollars; {BEYOND} at once is refused")

    def refusal(self) -> None:
        """Proposed and approved, and still not opened: what is out already leaves no room."""
        self._command(ceiling.cli, lower=self._file("lowered-2025-10-16.yaml"))
        self._command(propose.cli, terms=self._sheet)
        document = self._file("approval-mtb-2025-10-16.md")
        self._command(approve.cli, series=self._terms.series, document=document)
        error = self.stage.answer(self._opening, self._officer("fiscal_agent"))
        self.stage.check("what the ceiling says", "CeilingExceeded", error.split("(")[0])
        committed = self._book.read("committedValue")
        self.stage.check("committed stays below the ceiling", True, committed <= self._ceiling)
        self.stage.note(
            f"refused: {self._terms.maximum_issue:,} of {self._terms.symbol}, beside "
            f"${committed // ONE:,} of a ceiling of ${self._ceiling // ONE:,}: CeilingExceeded"
        )

    def restoration(self) -> None:
        """By the board after its delay, and the regulator; then the same issue has room."""
        self._command(ceiling.cli, raised=self._file("raised-2025-10-18.yaml"))
        self.stage.note(f"the ceiling is ${self._ceiling // ONE:,} again")
        error = self.stage.answer(self._opening, self._officer("fiscal_agent"))
        self.stage.check("the same issue under the ceiling of two", "", error)
        self._command(cancel.cli, series=self._terms.series)
        found = self.stage.programme.find_series(self._terms.series)
        self.stage.check("the series that was withdrawn", Status.CANCELLED, found.status)

    @property
    def _book(self) -> Contract:
        return self.stage.programme["Programme"]

    @property
    def _ceiling(self) -> int:
        """US dollars, 18 decimals."""
        return int(self._book.read("limits").ceiling)

    @property
    def _opening(self) -> Query:
        token = self.stage.programme.find_series(self._terms.series).address
        return self._book.query("openSeries", token)

    def _officer(self, role: str) -> str:
        return self.stage.desk.signers[role].address

    def _file(self, name: str) -> Path:
        return self._folder / name

    def _command(self, command: click.Command, **options: object) -> Outcome:
        return self.stage.finish(work_of(command, self.stage.desk, **options))
