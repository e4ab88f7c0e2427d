"""What a coupon or rental pays, to the paisa.

A distribution is published for a *calculation amount* (ICMA's term; the denomination unless the
terms say otherwise): rounded half-up to the hundredth there, and paid as often as a holding has it.
So the holders of whole lots add up to the total, without a residual; what is over in an odd holding
is floored pro rata.

`contracts/assets/BondMath.sol` computes the same on-chain and the tests hold the two together.
Faces are whole rupees, as units are; results are paisa.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import NewType

from .pricing import (
    PAISA_PER_RUPEE,
    QUOTED_PLACES,
    Paisa,
    PricingError,
    Units,
    round_half_up,
)

RateE4 = NewType("RateE4", int)
"""Ten-thousandths of a per cent a year: 10.5 % is 105_000."""

ACCRUED_PLACES = 6


def to_rate_e4(rate_percent: Decimal) -> RateE4:
    """A rate in per cent of at most four decimals as the integer that contracts use."""
    scaled = Fraction(rate_percent) * 10**QUOTED_PLACES
    if scaled < 0 or scaled.denominator != 1:
        raise PricingError(
            f"a rate is not negative and has at most {QUOTED_PLACES} decimals: {rate_percent} %"
        )
    return RateE4(int(scaled))


def distribution(calculation_amount: Units, rate_percent: Decimal, part: Fraction) -> Paisa:
    """What one calculation amount is paid for `part` of a year at `rate_percent`, half-up.

    11 % on 100,000 for 184/365 of a year is 5,545.21.
    """
    return Paisa(int(round_half_up(_accrual(calculation_amount, rate_percent, part))))


def payout(units: Units, calculation_amount: Units, paid: Paisa) -> Paisa:
    """What `units` receive where a calculation amount is paid `paid`; odd holdings floor."""
    return Paisa(units * paid // calculation_amount)


def per_100(rate_percent: Decimal, part: Fraction) -> Fraction:
    """What 100 of face accrues in `part` of a year, exact."""
    return Fraction(rate_percent) * part


def accrued_per_100(rate_percent: Decimal, part: Fraction, places: int = ACCRUED_PLACES) -> Decimal:
    """What 100 of face accrues in `part` of a year, half-up to `places`."""
    return round_half_up(per_100(rate_percent, part), places)


def accrued(units: Units, rate_percent: Decimal, part: Fraction) -> Paisa:
    """What `units` accrue in `part` of a year, half-up to the paisa."""
    return distribution(units, rate_percent, part)


def accrued_up(units: Units, rate_percent: Decimal, part: Fraction, cash_decimals: int) -> int:
    """What `units` accrue, in smallest units of a cash token of `cash_decimals`, rounded up.

    So a seller who is paid piece by piece is never paid less than for the whole.
    """
    exact: Fraction = _accrual(units, rate_percent, part) * 10**cash_decimals / PAISA_PER_RUPEE
    return -(-exact // 1)


def _accrual(units: int, rate_percent: Decimal, part: Fraction) -> Fraction:
    if units < 0 or rate_percent < 0:
        raise PricingError(f"a face and a rate are not negative: {units}, {rate_percent} %")
    return units * PAISA_PER_RUPEE * Fraction(rate_percent) / 100 * part
