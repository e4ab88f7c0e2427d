"""Treasury bills: price, yield, payment and discount, exact to the last printed digit.

Every figure is worked out as a fraction of integers and rounded once, half-up, at the end; no
binary float and no intermediate rounding takes part. ``contracts/assets/BillMath.sol`` computes the
same on-chain and the tests hold the two together.

The price is authoritative: it is what a bidder pays. The yield is derived from it, and
yield -> price -> yield does not always come back to where it started, because one step of the
fourth decimal of a price is several steps of a yield's.

Formula (State Bank of Pakistan, Market Treasury Bills; ACT/365, simple):
    P = 100 / (1 + y * d / 365)        y = (100 / P - 1) * 365 / d
with d the actual days from settlement to the stated maturity, never the tenor's label.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NewType

Paisa = NewType("Paisa", int)
"""Money in hundredths of a rupee."""
Units = NewType("Units", int)
"""Smallest units of a series' token; a bill's unit has a face of one rupee."""
PricePer100E4 = NewType("PricePer100E4", int)
"""Ten-thousandths of a rupee for 100 rupees of face: 97.4913 is 974_913, par is 1_000_000."""
YieldE4 = NewType("YieldE4", int)
"""Ten-thousandths of a per cent a year: 11.0499 % is 110_499."""

PAR = PricePer100E4(1_000_000)
DAYS_OF_YEAR = 365
PAISA_PER_RUPEE = 100
QUOTED_PLACES = 4


class PricingError(ValueError):
    """A figure that no bill can have: no days to run, a price outside (0, 100], a yield below 0."""


def round_half_up(value: Fraction | Decimal | int, places: int = 0) -> Decimal:
    """Round a value that is not negative to `places` decimals, a half going up."""
    return _decimal(_half_up(Fraction(value) * 10**places), places)


def price_from_yield(yield_percent: Decimal, days: int, places: int = QUOTED_PLACES) -> Decimal:
    """The price per 100 of face of a bill that yields `yield_percent` (11.0499 means 11.0499 %).

    `days`: actual days from settlement to stated maturity. Rounded half-up to `places`.
    Raises PricingError for a negative yield, for no days, and when the price rounds to nothing.
    """
    _require_days(days)
    if yield_percent < 0:
        raise PricingError(f"a bill's yield is not negative: {yield_percent} %")
    growth = 1 + Fraction(yield_percent) / 100 * days / DAYS_OF_YEAR
    price = round_half_up(100 / growth, places)
    if price == 0:
        raise PricingError(f"a yield of {yield_percent} % over {days} days leaves no price")
    return price


def yield_from_price(price: Decimal, days: int, places: int = QUOTED_PLACES) -> Decimal:
    """The simple yearly yield in per cent of a bill bought at `price` per 100 of face.

    `days`: actual days from settlement to stated maturity. Rounded half-up to `places`.
    Raises PricingError for a price outside (0, 100] and for no days.
    """
    _require_days(days)
    _require_price(price)
    growth = 100 / Fraction(price)
    return round_half_up((growth - 1) * DAYS_OF_YEAR / days * 100, places)


def agree(price: Decimal, yield_percent: Decimal, days: int) -> bool:
    """Whether a published price and yield belong together.

    They do when either, rounded to the places in which the other is quoted, gives the other: a
    bidder quotes a price and the yield follows, or the other way round.
    """
    return (
        yield_from_price(price, days) == yield_percent
        or price_from_yield(yield_percent, days) == price
    )


def payment_for(face: Units, price: Decimal) -> Paisa:
    """The realised value: paisa to pay for `face` rupees of face at `price` per 100, half-up.

    Raises PricingError for a price outside (0, 100] or a negative face.
    """
    _require_price(price)
    return Paisa(_half_up(Fraction(price) / 100 * redemption_amount(face)))


def principal_for(face: Units, price: Decimal) -> Paisa:
    """The same at a price that may lie above par, as a share of revenue's may.

    Raises PricingError for a price that is not positive or a negative face.
    """
    if price <= 0:
        raise PricingError(f"a price is positive: {price}")
    return Paisa(_half_up(Fraction(price) / 100 * redemption_amount(face)))


def redemption_amount(face: Units) -> Paisa:
    """Paisa that a bill pays at maturity: its face, at par."""
    if face < 0:
        raise PricingError(f"a face is not negative: {face}")
    return Paisa(face * PAISA_PER_RUPEE)


def discount_for(face: Units, price: Decimal) -> Paisa:
    """The investor's profit if held to maturity: face less realised value, in paisa."""
    return Paisa(redemption_amount(face) - payment_for(face, price))


def weighted_average_price(bids: Iterable[tuple[Units, Decimal]]) -> Decimal:
    """The price per 100 averaged over accepted bids (face, price) by face, half-up to 4 places.

    Raises PricingError when nothing was accepted: there is then no average.
    """
    return weighted_average(bids)


def weighted_average(bids: Iterable[tuple[Units, Decimal]]) -> Decimal:
    """What bids (face, figure) name, averaged by face, half-up to 4 places; raises as above."""
    accepted = list(bids)
    face = sum(units for units, _ in accepted)
    if face <= 0:
        raise PricingError("no accepted bid, hence no weighted average")
    total = sum((units * Fraction(figure) for units, figure in accepted), Fraction())
    return round_half_up(total / face, QUOTED_PLACES)


def to_price_e4(price: Decimal) -> PricePer100E4:
    """A price of at most four decimals as the integer that contracts use; never rounds."""
    _require_price(price)
    return PricePer100E4(_to_e4(price))


def from_price_e4(price: PricePer100E4) -> Decimal:
    return _decimal(price, QUOTED_PLACES)


def to_yield_e4(yield_percent: Decimal) -> YieldE4:
    """A yield in per cent of at most four decimals as the integer that contracts use."""
    if yield_percent < 0:
        raise PricingError(f"a bill's yield is not negative: {yield_percent} %")
    return YieldE4(_to_e4(yield_percent))


def from_yield_e4(yield_percent: YieldE4) -> Decimal:
    return _decimal(yield_percent, QUOTED_PLACES)


def rupees(amount: Paisa) -> str:
    """An amount as people read it: 491907500 is '4,919,075.00'."""
    return f"{_decimal(amount, 2):,}"


def _half_up(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def _decimal(scaled: int, places: int) -> Decimal:
    """scaled / 10**places, without a context's precision getting in the way."""
    sign = 1 if scaled < 0 else 0
    digits = tuple(int(digit) for digit in str(abs(scaled)))
    return Decimal((sign, digits, -places))


def _to_e4(value: Decimal) -> int:
    scaled = Fraction(value) * 10**QUOTED_PLACES
    if scaled.denominator != 1:
        raise PricingError(f"more than {QUOTED_PLACES} decimals: {value}")
    return int(scaled.numerator)


def _require_days(days: int) -> None:
    if days <= 0:
        raise PricingError(f"a bill has at least one day to run, not {days}")


def _require_price(price: Decimal) -> None:
    if not 0 < price <= 100:
        raise PricingError(f"a bill's price per 100 lies above 0 and at most at 100: {price}")
