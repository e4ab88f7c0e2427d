"""Present values whose rounding is certain: exact where they can be, and bracketed where not.

A payment part of a period away is divided by a power with a fraction for its exponent, which no
fraction of integers equals. It is therefore worked out in decimals with as many digits as it takes
to see on which side of a half the value lies; binary floats take no part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from fractions import Fraction

from .pricing import PricingError, round_half_up

_PRECISIONS = (40, 80, 200)
_GUARD_DIGITS = 12
"""Digits given up to rounding: far more than the hundred operations and the integer part take."""
_HIGHEST_PERCENT = 10**6


@dataclass(frozen=True)
class Stream:
    """Payments per 100 of face, a period apart, the first of them `lead` of a period away.

    With v = 1 / (1 + y / f) its value is ``v**lead * (p[0] + p[1] * v + p[2] * v**2 + ...)``; a
    simple one has one payment, worth ``p[0] / (1 + lead * y / f)``.
    """

    payments: tuple[Fraction, ...]
    lead: Fraction
    frequency: int
    """Periods a year."""
    simple: bool = False

    def rounded(self, yield_percent: Decimal, places: int, less: Fraction) -> Decimal:
        """The value at a yield, less `less`, rounded half-up to `places`."""
        *_, (low, high) = self._narrowing(Fraction(yield_percent), less, places)
        return high

    def is_worth_less(self, yield_percent: Fraction, price: Fraction) -> bool:
        """Whether the value at a yield lies below `price`; one that equals it does not."""
        for low, high in self._brackets(yield_percent):
            if high < price:
                return True
            if low >= price:
                return False
        return False

    def yield_at(self, price: Fraction, places: int) -> Decimal:
        """The yield in per cent at which the stream is worth `price`, half-up to `places`.

        Raises PricingError where that is negative, or beyond a million per cent.
        """
        step = Fraction(1, 10**places)
        if self.is_worth_less(-step / 2, price):
            raise PricingError("the price is above the sum of all payments: its yield is negative")
        low, high = -1, _HIGHEST_PERCENT * 10**places
        if not self.is_worth_less(high * step, price):
            raise PricingError(f"no yield up to {_HIGHEST_PERCENT} % leaves so low a price")
        # The yield rounds to the first step whose upper half, half a step on, is worth less.
        while high - low > 1:
            middle = (low + high) // 2
            if self.is_worth_less((middle + Fraction(1, 2)) * step, price):
                high = middle
            else:
                low = middle
        return round_half_up(high * step, places)

    def _narrowing(
        self, yield_percent: Fraction, less: Fraction, places: int
    ) -> Iterator[tuple[Decimal, Decimal]]:
        for low, high in self._brackets(yield_percent):
            ends = round_half_up(low - less, places), round_half_up(high - less, places)
            yield ends
            if ends[0] == ends[1]:
                return

    def _brackets(self, yield_percent: Fraction) -> Iterator[tuple[Fraction, Fraction]]:
        """Bounds of the value, each closer than the one before; equal where it is exact.

        Those of 200 digits that still hold a half hold it because the value is that half.
        """
        rate = yield_percent / 100 / self.frequency
        if self.simple or self.lead.denominator == 1 or rate == 0:
            value = self._exact(rate)
            yield value, value
            return
        for precision in _PRECISIONS:
            value = Fraction(self._decimal(rate, precision))
            margin = Fraction(1, 10 ** (precision - _GUARD_DIGITS))
            yield value - margin, value + margin

    def _exact(self, rate: Fraction) -> Fraction:
        if self.simple:
            return self.payments[0] / (1 + self.lead * rate)
        discount = 1 / (1 + rate)
        value = Fraction()
        for payment in reversed(self.payments):
            value = value * discount + payment
        return value * discount ** int(self.lead) if rate else value

    def _decimal(self, rate: Fraction, precision: int) -> Decimal:
        with localcontext(Context(prec=precision, Emax=MAX_EMAX, Emin=MIN_EMIN)):
            discount = 1 / (1 + _quotient(rate))
            value = Decimal()
            for payment in reversed(self.payments):
                value = value * discount + _quotient(payment)
            return value * discount ** _quotient(self.lead)


def _quotient(value: Fraction) -> Decimal:
    """`value` to the digits of the context."""
    return Decimal(value.numerator) / Decimal(value.denominator)
