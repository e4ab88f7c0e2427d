"""A floating-rate bond: a quarter at its first rate, and one at a rate that a fallback gave."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from scripts._amanat import orders, rates
from scripts._amanat.bonds import FloatingRateBond
from scripts._amanat.pilot_cast import morning
from scripts._amanat.pilot_money import rupees
from scripts._amanat.pilot_payment import Due
from scripts._amanat.pilot_periodic import Periodic
from scripts._amanat.rates import Reset, Source, reset_rate
from scripts._amanat.restrictions import Restriction

FALLBACK = Decimal("10.6000")
"""Per cent a year, as the evidence says."""
FIRST, SECOND = 0, 1


class Floater(Periodic):
    """The floating-rate bond of 6 November 2028."""

    def first_announcement(self) -> None:
        """The rate of the first period is a term."""
        self.first_coupon = self.announce(FIRST)

    def reset(self) -> None:
        """No auction gave a benchmark: what the terms put in its place, and not before the day."""
        self.stage.until(morning(date(2026, 2, 4)))
        self.first_coupon.fix()
        with self.stage.act("The floater is reset by its fallback"):
            self.stage.note("the auction of three-month bills accepted no bid: no benchmark")
            evidence = orders.document_hash(self.cast.files.fallback)
            wish = Reset(self.series_name, SECOND, FALLBACK, evidence, Source.FALLBACK)
            command = f"ape run reset_rate {self.series_name} --period 1 --fallback …"
            self.stage.finish(reset_rate(wish, command=command))
            floating = self.instrument
            assert isinstance(floating, FloatingRateBond)
            assert self.sheet.earning is not None
            rate = FALLBACK + self.sheet.earning.spread
            self.instrument = replace(floating, rates_percent=(*floating.rates_percent, rate))
            self.stage.note(f"{FALLBACK} % and the spread: {rate} % for the second period")
            self._nobody_resets_twice(evidence)

    def _nobody_resets_twice(self, evidence: bytes) -> None:
        again = self.first_seen.token.query(
            "resetRate", SECOND, int(FALLBACK * rates.E4) + 1, int(Source.FALLBACK), evidence
        )
        agent = self.stage.desk.signers[rates.CALCULATION_AGENT].address
        error = "RateOutOfTurn"
        told = Restriction(0, "Rates are set once, in order", self.stage.answer(again, agent))
        tried = "the calculation agent sets the same period again"
        self.stage.check("refused: rate set twice", error, told.error_name)
        self.stage.sent_in_vain("rate set twice", tried, told, (0, error), again, agent)
        self.stage.note("refused: the same period cannot be set again")

    def first_payment(self) -> None:
        """By the rate that was known from the start."""
        with self.stage.act("The floater pays its first quarter"):
            self.pays_today(FIRST)
            self._pay(self.first_coupon)

    def second_announcement(self) -> None:
        """By the rate that the fallback gave."""
        self.second_coupon = self.announce(SECOND)

    def second_payment(self) -> None:
        """By the rate that the fallback gave."""
        self.second_coupon.fix()
        self.stage.until(morning(date(2026, 5, 6)))
        with self.stage.act("The floater pays a quarter at its fallback rate"):
            self.pays_today(SECOND)
            self._pay(self.second_coupon)

    def _pay(self, due: Due) -> None:
        total = due.total
        self.bring_money(self.treasury, total)
        due.fund()
        due.pay()
        self.stage.note(f"{rupees(total)} before tax to {len(self.book.holding)} holders")
