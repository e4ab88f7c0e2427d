"""Bonds and sukuk: price, yield, accrued and what a purchase costs, as the market prints them.

    pib = Bond(Schedule(date(2025, 7, 17), date(2028, 7, 17), 2), Decimal("10.5"))
    price_from_yield(pib, date(2025, 11, 6), Decimal("11.49"))      # 97.7244, clean
    yield_from_price(pib, date(2025, 11, 6), Decimal("97.7244"))    # 11.4900
    accrued(pib, date(2025, 11, 6))                                 # 3.195652
    dirty(pib, date(2025, 11, 6), Decimal("97.7244"))               # 100.920052

Conventions (ICMA Rule 225 and Rule 251; State Bank of Pakistan, Pakistan Investment Bonds):

- Prices are clean, per 100 of face, and authoritative; yields are derived, yearly, in per cent,
  compounded as often as the bond pays: P + accrued = sum of c[i] * v**(w + i) + 100 * v**(w + n-1)
  with v = 1 / (1 + y/f) and w = DSC / E, the part of the quasi-coupon period that is left.
- Within the last period the yield is simple: P + accrued = (100 + c) / (1 + w * y/f), as the money
  market, Excel's PRICE and the SIFMA formulas have it, so that a bond in its last months compares
  with a bill. `final_period_compounds` goes on with the formula above.
- The payments are what the series really pays: half the rate by ACT/ACT (ICMA) whatever the days,
  and the days over 365 for a sukuk's rental. Quasi-coupon periods count actual days, those of a
  30/360 bond days by 30/360, with DSC = E - A.
- Dates are unadjusted: that a maturity falls on a holiday does not change its price. Where a market
  prints the adjusted day and prices to it, `priced_to` says so.
- Price and yield have 4 decimals, accrued and dirty 6; each is rounded half-up, once.

What the contracts compute too (periods, distributions, accruals) comes from `schedules`,
`day_counts` and `distributions`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from . import distributions, pricing
from .day_counts import DAYS_OF_YEAR, DayCount, periods_to_maturity, thirty_360_days, year_fraction
from .distributions import ACCRUED_PLACES
from .present_values import Stream
from .pricing import QUOTED_PLACES, Paisa, PricingError, Units, round_half_up
from .schedules import Period, Schedule

PAR = Decimal(100)

_UNROUNDED_PLACES = 12


@dataclass(frozen=True)
class Bond:
    """A fixed-rate bond, or a sukuk with a fixed rental."""

    schedule: Schedule
    rate_percent: Decimal
    """Coupon or rental, a year."""
    day_count: DayCount = DayCount.ACT_ACT_ICMA
    """Of the distributions, and of what accrues between a clean price and its yield."""
    cash_day_count: DayCount | None = None
    """Of the accrued that a buyer pays, where it is another: ACT/365 for PIBs of before 2020."""
    priced_to: date | None = None
    """The maturity that prices and yields count back from, where the market prints another day than
    the one that the periods count back from; each quasi-coupon period then pays a whole coupon."""
    redemption: Decimal = PAR
    final_period_compounds: bool = False

    def rate_of(self, period: Period) -> Decimal:
        return self.rate_percent

    def stream(self, settlement: date) -> Stream:
        """What a buyer on `settlement` receives; raises PricingError outside the bond's life."""
        schedule = _pricing_schedule(self)
        current = _period_at(schedule, settlement)
        payments = [
            distributions.per_100(
                self.rate_percent, _part(self.day_count, schedule, schedule.period(number))
            )
            for number in range(current.number, schedule.count)
        ]
        payments[-1] += Fraction(self.redemption)
        # In a long first period a quasi-coupon date or more passes without a payment.
        lead = _periods_to_run(self.day_count, schedule, settlement) - len(payments) + 1
        lead = max(lead, Fraction())  # 30/360 may count too many days
        simple = len(payments) == 1 and lead <= 1 and not self.final_period_compounds
        return Stream(tuple(payments), lead, schedule.frequency, simple)


@dataclass(frozen=True)
class FloatingRateBond:
    """A floating-rate bond, or a sukuk with a variable rental.

    It is quoted by its clean price. A yield of it is what the State Bank prints in its auctions:
    that of a bond whose rate stays what it is on the settlement day.
    """

    schedule: Schedule
    rates_percent: tuple[Decimal, ...]
    """As they were set, for period 0 and on."""
    day_count: DayCount = DayCount.ACT_ACT_ICMA
    cash_day_count: DayCount | None = None
    priced_to: date | None = None
    """As a fixed-rate bond's."""

    def rate_of(self, period: Period) -> Decimal:
        """The rate of a period; raises PricingError where it is not set yet."""
        if period.number >= len(self.rates_percent):
            raise PricingError(
                f"the rate of period {period.number} ({period.start} to {period.end}) is not set"
            )
        return self.rates_percent[period.number]

    def stream(self, settlement: date) -> Stream:
        """What a buyer on `settlement` would receive if the rate stayed what it is."""
        rate = self.rate_of(_period_at(self.schedule, settlement))
        frozen = Bond(self.schedule, rate, self.day_count, priced_to=self.priced_to)
        return frozen.stream(settlement)


@dataclass(frozen=True)
class ZeroCouponBond:
    """A bond without coupons: P = 100 / (1 + y) ** (N + DSC / 365).

    N is the number of whole years that end at the stated maturity, DSC the days before them.
    """

    stated_maturity: date

    def stream(self, settlement: date) -> Stream:
        """What a buyer on `settlement` receives; raises PricingError from the maturity on."""
        _require_days(settlement, self.stated_maturity)
        anniversaries = Schedule(settlement, self.stated_maturity, 1)
        number = anniversaries.quasi_number(settlement)
        if anniversaries.quasi_date(number) == settlement:
            return Stream((Fraction(PAR),), Fraction(number), 1)
        days = (anniversaries.quasi_date(number - 1) - settlement).days
        return Stream((Fraction(PAR),), number - 1 + Fraction(days, DAYS_OF_YEAR), 1)


@dataclass(frozen=True)
class DiscountBill:
    """A Market Treasury Bill or a discounted Ijarah sukuk: P = 100 / (1 + y * d / 365)."""

    stated_maturity: date

    def stream(self, settlement: date) -> Stream:
        """What a buyer on `settlement` receives; raises PricingError from the maturity on."""
        _require_days(settlement, self.stated_maturity)
        days = (self.stated_maturity - settlement).days
        return Stream((Fraction(PAR),), Fraction(days, DAYS_OF_YEAR), 1, simple=True)


Accruing = Bond | FloatingRateBond
Yielding = Accruing | ZeroCouponBond | DiscountBill


@dataclass(frozen=True)
class Cost:
    """What a purchase costs, as its contract note shows it, in paisa."""

    principal: Paisa
    """At the clean price, half-up."""
    accrued: Paisa
    """By the convention of the cash accrued, half-up."""

    @property
    def total(self) -> Paisa:
        return Paisa(self.principal + self.accrued)


# Price and yield


def price_from_yield(
    bond: Yielding, settlement: date, yield_percent: Decimal, places: int = QUOTED_PLACES
) -> Decimal:
    """The clean price per 100 of face at a yield (11.49 means 11.49 %), half-up to `places`.

    Raises PricingError for a negative yield, outside the bond's life, and where nothing is left.
    """
    if yield_percent < 0:
        raise PricingError(f"a yield is not negative: {yield_percent} %")
    price = bond.stream(settlement).rounded(yield_percent, places, _accrued(bond, settlement))
    if price <= 0:
        raise PricingError(f"a yield of {yield_percent} % leaves no price")
    return price


def yield_from_price(
    bond: Yielding, settlement: date, price: Decimal, places: int = QUOTED_PLACES
) -> Decimal:
    """The yield in per cent of a bond bought at a clean price per 100, half-up to `places`.

    Raises PricingError for a price that is not positive or above the sum of all payments, and
    outside the bond's life.
    """
    _require_price(price)
    return bond.stream(settlement).yield_at(Fraction(price) + _accrued(bond, settlement), places)


def agree(bond: Yielding, settlement: date, price: Decimal, yield_percent: Decimal) -> bool:
    """Whether a published clean price and yield belong together.

    They do when either, rounded to the places in which the other is quoted, gives the other: a
    bidder quotes a price and the yield follows, or the other way round.
    """
    return (
        price_from_yield(bond, settlement, yield_percent) == price
        or yield_from_price(bond, settlement, price) == yield_percent
    )


def disagreement(
    bond: Yielding, settlement: date, price: Decimal, yield_percent: Decimal
) -> str | None:
    """What to tell whoever published them where price and yield do not belong together."""
    if agree(bond, settlement, price, yield_percent):
        return None
    return (
        f"the price {price} and the yield {yield_percent} % disagree: "
        f"{yield_from_price(bond, settlement, price)} % for that price, or the price "
        f"{price_from_yield(bond, settlement, yield_percent)} for that yield"
    )


def require_agreement(
    bond: Yielding, settlement: date, price: Decimal, yield_percent: Decimal
) -> None:
    """Refuse an imported result; raises PricingError with both figures where they disagree."""
    message = disagreement(bond, settlement, price, yield_percent)
    if message:
        raise PricingError(message)


def weighted_average_yield(
    bond: Yielding, settlement: date, bids: Iterable[tuple[Units, Decimal]]
) -> Decimal:
    """The yield in per cent averaged over accepted bids (face, price) by face, half-up to 4 places.

    As the State Bank prints it: of each bid's own yield before that is rounded, which is not quite
    the yield of the weighted average price. Raises PricingError when nothing was accepted.
    """
    yields: dict[Decimal, Decimal] = {}  # many bids name one price
    accepted = list(bids)
    for _, price in accepted:
        if price not in yields:
            yields[price] = yield_from_price(bond, settlement, price, _UNROUNDED_PLACES)
    return pricing.weighted_average((face, yields[price]) for face, price in accepted)


# Accrued, clean and dirty


def accrued(bond: Accruing, settlement: date, places: int = ACCRUED_PLACES) -> Decimal:
    """What 100 of face has accrued by `settlement`, by the convention of the yield; half-up."""
    return round_half_up(_accrued(bond, settlement), places)


def cash_accrued(bond: Accruing, settlement: date, places: int = ACCRUED_PLACES) -> Decimal:
    """What a buyer of 100 pays for the accrued, by the convention of the cash; half-up."""
    rate, part = _cash_accrual(bond, settlement)
    return distributions.accrued_per_100(rate, part, places)


def dirty(bond: Accruing, settlement: date, clean: Decimal) -> Decimal:
    """A clean price and the accrued that is paid beside it, per 100, to 6 decimals."""
    return clean + cash_accrued(bond, settlement)


def clean(bond: Accruing, settlement: date, dirty: Decimal) -> Decimal:
    """A dirty price without the accrued that is paid in it, half-up to 4 decimals."""
    price = round_half_up(Fraction(dirty) - Fraction(cash_accrued(bond, settlement)), QUOTED_PLACES)
    _require_price(price)
    return price


def cost(bond: Accruing, settlement: date, face: Units, clean: Decimal) -> Cost:
    """What a purchase of `face` rupees at a clean price costs on `settlement`."""
    _require_price(clean)
    if face < 0:
        raise PricingError(f"a face is not negative: {face}")
    principal = round_half_up(pricing.redemption_amount(face) * Fraction(clean) / 100)
    rate, part = _cash_accrual(bond, settlement)
    return Cost(Paisa(int(principal)), distributions.accrued(face, rate, part))


def distribution(bond: Accruing, number: int, calculation_amount: Units) -> Paisa:
    """What period `number` pays on a calculation amount, half-up to the paisa."""
    period = bond.schedule.period(number)
    part = _part(bond.day_count, bond.schedule, period)
    return distributions.distribution(calculation_amount, bond.rate_of(period), part)


def _accrued(bond: Yielding, settlement: date) -> Fraction:
    """What 100 has accrued in the pricing, exact; nothing of a discount instrument."""
    if not isinstance(bond, Accruing):
        return Fraction()
    schedule = _pricing_schedule(bond)
    start = _period_at(schedule, settlement).start
    rate = bond.rate_of(_period_at(bond.schedule, settlement))
    return distributions.per_100(rate, year_fraction(bond.day_count, schedule, start, settlement))


def _cash_accrual(bond: Accruing, settlement: date) -> tuple[Decimal, Fraction]:
    """The rate and the part of a year that a buyer pays the accrued for."""
    current = _period_at(bond.schedule, settlement)
    convention = bond.cash_day_count or bond.day_count
    part = year_fraction(convention, bond.schedule, current.start, settlement)
    return bond.rate_of(current), part


def _pricing_schedule(bond: Accruing) -> Schedule:
    if bond.priced_to is None:
        return bond.schedule
    start, frequency = bond.schedule.accrual_start, bond.schedule.frequency
    back = Schedule(start, bond.priced_to, frequency)
    return Schedule(back.quasi_date(back.quasi_number(start)), bond.priced_to, frequency)


def _part(convention: DayCount, schedule: Schedule, period: Period) -> Fraction:
    return year_fraction(convention, schedule, period.start, period.end)


def _periods_to_run(convention: DayCount, schedule: Schedule, settlement: date) -> Fraction:
    """Quasi-coupon periods from `settlement` to the stated maturity."""
    if convention is not DayCount.THIRTY_360:
        return periods_to_maturity(schedule, settlement)
    number = schedule.quasi_number(settlement)
    days = thirty_360_days(schedule.quasi_date(number), settlement)
    return number - Fraction(days * schedule.frequency, 360)


def _period_at(schedule: Schedule, settlement: date) -> Period:
    _require_days(settlement, schedule.stated_maturity)
    if settlement < schedule.accrual_start:
        raise PricingError(f"it does not accrue before {schedule.accrual_start}: {settlement}")
    return schedule.period_at(settlement)


def _require_days(settlement: date, stated_maturity: date) -> None:
    if settlement >= stated_maturity:
        raise PricingError(f"it matures on {stated_maturity}: no day is left on {settlement}")


def _require_price(price: Decimal) -> None:
    if price <= 0:
        raise PricingError(f"a price per 100 is above 0: {price}")
