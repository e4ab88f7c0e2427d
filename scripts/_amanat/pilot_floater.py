"""A floating-rate bond: a quarter at its first rate, one at a fallback's; then it is called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from scripts import call
from scripts._amanat import orders, pilot_money, rates
from scripts._amanat.bond_terms import GovernmentBondTerms
from scripts._amanat.bonds import FloatingRateBond
from scripts._amanat.business_days import start_of_day_karachi
from scripts._amanat.command import Work
from scripts._amanat.pilot_leg import Scene
from scripts._amanat.pilot_money import PAISA
from scripts._amanat.pilot_payment import Due, Share
from scripts._amanat.pilot_periodic import SECOND, Periodic
from scripts._amanat.rates import Reset, Source, reset_rate
from scripts._amanat.restrictions import Restriction

FALLBACK = Decimal("10.6000")
"""Per cent a year, as the evidence says."""


class Floater(Periodic):
    """The floating-rate bond of 6 November 2028."""

    sheet_name, sale_name = "pfl-2028-11-06", "pfl"

    def own_scenes(self) -> Iterable[Scene]:
        yield Scene(date(2026, 2, 4), "No auction gives the floater a benchmark", self.too_early)
        yield Scene(date(2026, 2, 6), "The floater is reset by its fallback", self.reset)
        yield Scene(date(2026, 2, 6), "The floater pays its first quarter", self.first_payment)
        yield Scene(date(2026, 4, 1), "The floater is called, with its notice", self.called)
        title = "The floater pays a quarter at its fallback rate, and is redeemed as called"
        yield Scene(date(2026, 5, 6), title, self.last_payment)
        yield Scene(date(2026, 11, 2), "What nobody could be paid escheats", self.escheat)

    def too_early(self) -> None:
        """What the terms put in the benchmark's place is not taken before the period begins."""
        self.stage.note("the auction of three-month bills accepted no bid: no benchmark")
        begins = start_of_day_karachi(date(2026, 2, 6))
        outcome = self.stage.do(self._resetting)
        assert outcome.plan is not None
        waits = [each.from_when for each in outcome.plan.pending]
        self.stage.check("the fallback waits for its period", [begins], waits)
        self.stage.note("the fallback waits until the period begins")

    def reset(self) -> None:
        """No auction gave a benchmark: what the terms put in its place."""
        self.stage.finish(self._resetting)
        floating = self.instrument
        assert isinstance(floating, FloatingRateBond)
        assert self.sheet.earning is not None
        rate = FALLBACK + self.sheet.earning.spread
        self.instrument = replace(floating, rates_percent=(*floating.rates_percent, rate))
        self.stage.note(f"{FALLBACK} % and the spread: {rate} % for the second period")
        self._nobody_resets_twice()

    @property
    def _resetting(self) -> Work:
        wish = Reset(self.series_name, SECOND, FALLBACK, self._evidence, Source.FALLBACK)
        command = f"ape run reset_rate {self.series_name} --period 1 --fallback …"
        return reset_rate(wish, command=command)

    @property
    def _evidence(self) -> bytes:
        return orders.document_hash(self.cast.files.fallback)

    def _nobody_resets_twice(self) -> None:
        rate = int(FALLBACK * rates.E4) + 1
        again = self.first_seen.token.query(
            "resetRate", SECOND, rate, int(Source.FALLBACK), self._evidence
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
        self.pay_in_full(self.first.fix(), "coupon")

    def called(self) -> None:
        """Two years and a half early, by the issuer alone, and once."""
        decision = self.cast.files.call
        words = {"series": self.series_name, "period": SECOND, "document": decision}
        report = self.command(call.cli, **words).report
        self.stage.check("periods that are left", 2, self.first_seen.token.read("calledAfter"))
        day = self.instrument.schedule.period(SECOND).end
        self.stage.check("the day it ends", start_of_day_karachi(day), report["redemption_due"])
        self.stage.note(f"it ends on {day:%d-%b-%Y}, at {report['price']} for 100 of face")

    def last_payment(self) -> None:
        """By the rate that the fallback gave; and the call price, of which the premium is income.

        One holder cannot take cash any more, and never will.
        """
        self.pay_in_full(self.second.fix(), "coupon")
        lost = min(self.book.holding, key=lambda wallet: (self.book.units[wallet], wallet))
        self.stage.finish(pilot_money.block(lost))
        self.stage.note(f"the issuer of the cash blocks {self.cast.name(lost)}, for good")
        self.redeemed = Due(self, self._at_call_price)
        self.redeem_in_full(self.redeemed, waiting=[lost])

    @property
    def _at_call_price(self) -> Share:
        assert isinstance(self.sheet, GovernmentBondTerms) and self.sheet.call
        price = int(self.sheet.call.price * PAISA)  # of 100 of face
        return Share(100, price, price - 100 * PAISA)

    def escheat(self) -> None:
        """Half a year after it could have been paid, as the programme says."""
        self.redeemed.escheat()
