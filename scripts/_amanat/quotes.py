"""What a price means for one series on one day: whether a yield belongs to it, and what it costs.

    quote = Quote(DiscountBill(stated_maturity), settlement)
    quote.disagreement(price, stated_yield)     # None, or what is wrong and both figures
    quote.payment(face, price)                  # paisa, accrued included

Prices are clean, per 100 of face. Whose terms stand on the chain is quoted from those
(`instrument_of`): they cannot have been edited since.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum
from typing import Any

from scripts._amanat import bonds, distributions, pricing
from scripts._amanat.bonds import Bond, DiscountBill, FloatingRateBond, ZeroCouponBond
from scripts._amanat.business_days import from_epoch_day
from scripts._amanat.day_counts import DayCount
from scripts._amanat.distributions import RateE4
from scripts._amanat.pricing import Paisa, PricingError, Units
from scripts._amanat.reading import parse_clean_price, parse_price
from scripts._amanat.schedules import Schedule


@dataclass(frozen=True)
class Certificate:
    """A share of revenue: quoted by its price alone, since what it will earn nobody knows."""


Instrument = Bond | FloatingRateBond | ZeroCouponBond | DiscountBill | Certificate


class RateType(IntEnum):
    """How a series earns, as in `PeriodicTerms.sol`."""

    DISCOUNT = 0
    FIXED = 1
    VARIABLE = 2


@dataclass(frozen=True)
class ExPeriod:
    """A period whose record date lies before its end: who buys in between is not paid for it."""

    record_days: int
    calculation_amount: Units


@dataclass(frozen=True)
class Quote:
    """An instrument on the day of its settlement."""

    instrument: Instrument
    settlement: date
    ex_period: ExPeriod | None = None

    def parse(self, text: str) -> Decimal:
        """A price as a file says it; a discount series has none above par."""
        discounted = isinstance(self.instrument, DiscountBill | ZeroCouponBond)
        return parse_price(text) if discounted else parse_clean_price(text)

    def disagreement(self, price: Decimal, stated: Decimal) -> tuple[str, str] | None:
        """What is wrong with a stated yield, and both figures; None where they agree."""
        instrument, settlement = self.instrument, self.settlement
        if isinstance(instrument, Certificate):
            return "is given, and a share of revenue has none", "the price alone"
        try:
            if bonds.agree(instrument, settlement, price, stated):
                return None
            derived = bonds.yield_from_price(instrument, settlement, price)
            other = bonds.price_from_yield(instrument, settlement, stated)
        except PricingError as error:
            return f"cannot belong to the price {price}: {error}", "the price and yield of one bid"
        return (
            f"disagrees with the price {price} {self._span}",
            f"{derived} % for that price, or the price {other} for that yield",
        )

    def average_yield(self, bids: Iterable[tuple[Units, Decimal]]) -> Decimal | None:
        """The weighted average yield of bids (face, price) in per cent; None where one has none."""
        if isinstance(self.instrument, Certificate):
            return None
        try:
            return bonds.weighted_average_yield(self.instrument, self.settlement, bids)
        except PricingError:
            return None

    def accrued(self, face: Units) -> Paisa:
        """What a buyer pays for what has accrued; less than nothing after a record date."""
        instrument = self.instrument
        if not isinstance(instrument, Bond | FloatingRateBond):
            return Paisa(0)
        accrued = bonds.cost(instrument, self.settlement, face, Decimal(100)).accrued
        return Paisa(accrued - self._due_to_others(instrument, face))

    def payment(self, face: Units, price: Decimal) -> Paisa:
        """What `face` costs at a clean price, accrued included; each half-up to the paisa."""
        if isinstance(self.instrument, Bond | FloatingRateBond):
            principal = bonds.cost(self.instrument, self.settlement, face, price).principal
        elif isinstance(self.instrument, Certificate):
            principal = pricing.principal_for(face, price)
        else:
            principal = pricing.payment_for(face, price)
        return Paisa(principal + self.accrued(face))

    @property
    def _span(self) -> str:
        if isinstance(self.instrument, DiscountBill):
            return f"over {(self.instrument.stated_maturity - self.settlement).days} days"
        return f"for settlement on {self.settlement}"

    def _due_to_others(self, instrument: Bond | FloatingRateBond, face: Units) -> Paisa:
        """What the running period pays on `face` to who held it at the record date."""
        if self.ex_period is None:
            return Paisa(0)
        period = instrument.schedule.period_at(self.settlement)
        if (period.end - self.settlement).days > self.ex_period.record_days:
            return Paisa(0)
        lot = self.ex_period.calculation_amount
        paid = bonds.distribution(instrument, period.number, lot)
        return distributions.payout(face, lot, paid)


def quote_of(terms: Any, settlement: date, rates: tuple[int, ...] = ()) -> Quote:
    """How a series of these terms, as the chain tells them, is quoted on a day.

    `rates` are those set so far, of a series whose rate varies: ten-thousandths of a per cent.
    """
    if hasattr(terms, "waterfall"):
        return Quote(Certificate(), settlement)
    if not hasattr(terms, "periodic"):
        return Quote(DiscountBill(from_epoch_day(terms.statedMaturity)), settlement)
    periodic = terms.periodic
    ex_period = ExPeriod(periodic.recordDays, Units(periodic.calculationAmount))
    if periodic.rateType == RateType.DISCOUNT:
        # A discounted sukuk is quoted as a bill is, a bond without coupons by compounding.
        discounted = DiscountBill if hasattr(terms, "assetId") else ZeroCouponBond
        return Quote(discounted(from_epoch_day(periodic.statedMaturity)), settlement)
    return Quote(_instrument(periodic, rates), settlement, ex_period)


def _instrument(terms: Any, rates: tuple[int, ...]) -> Bond | FloatingRateBond:
    maturity = from_epoch_day(terms.statedMaturity)
    first_end = from_epoch_day(terms.firstPeriodEnd) if terms.firstPeriodEnd else None
    schedule = Schedule(
        from_epoch_day(terms.accrualStart),
        maturity,
        terms.frequency,
        first_end,
        terms.endOfMonth,
    )
    conventions = list(DayCount)
    day_count, in_cash = conventions[terms.dayCount], conventions[terms.accruedDayCount]
    if terms.rateType == RateType.FIXED:
        return Bond(schedule, _per_cent(terms.rate), day_count, in_cash)
    per_cent = tuple(_per_cent(rate) for rate in rates or (terms.rate,))
    return FloatingRateBond(schedule, per_cent, day_count, in_cash)


def _per_cent(rate: int) -> Decimal:
    return Decimal(RateE4(rate)).scaleb(-pricing.QUOTED_PLACES)
