"""Term sheets of bonds and sukuk in the form that the contracts take.

One rupee of face is one smallest unit, so amounts pass as they are; dates become days since
1970-01-01, rates and prices ten-thousandths.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from .bill_arguments import head_terms, word
from .bond_terms import (
    Earning,
    GovernmentBondTerms,
    IjarahSukukTerms,
    PeriodicTerms,
    RateKind,
    days_of,
)
from .business_days import BusinessDayConvention, epoch_day
from .day_counts import DayCount
from .pricing import QUOTED_PLACES
from .terms import PrimaryRegister

CONVENTIONS = {
    BusinessDayConvention.NONE: 0,
    BusinessDayConvention.FOLLOWING: 1,
    BusinessDayConvention.MODIFIED_FOLLOWING: 2,
}
"""`BusinessDayConvention` of contracts/programme/IHolidayCalendar.sol."""
RATE_TYPES = {None: 0, RateKind.FIXED: 1, RateKind.VARIABLE: 2}
"""`RateType` of contracts/assets/PeriodicTerms.sol."""


def bond_terms(terms: GovernmentBondTerms) -> dict[str, Any]:
    """The fields of `BondTerms` (contracts/assets/BondTerms.sol), in its order and names."""
    call = terms.call
    return {
        "periodic": periodic_terms(terms),
        "callableFrom": days_of(call.callable_from if call else None),
        "callPrice": to_e4(call.price if call else None),
        "callNoticeDays": call.notice_days if call else 0,
    }


def sukuk_terms(terms: IjarahSukukTerms) -> dict[str, Any]:
    """The fields of `SukukTerms` (contracts/assets/SukukTerms.sol), in its order and names."""
    return {
        "periodic": periodic_terms(terms),
        "assetId": word(terms.asset.id),
        "assetHash": _hash(terms.asset.description.keccak256),
        "shariahApproval": _hash(terms.shariah_approval.keccak256),
    }


def periodic_terms(terms: GovernmentBondTerms | IjarahSukukTerms) -> dict[str, Any]:
    """The fields of `PeriodicTerms` (contracts/assets/PeriodicTerms.sol), in order and names."""
    return {
        **head_terms(terms, terms.cfi),
        "calculationAmount": terms.calculation_units,
        "issueDate": epoch_day(terms.issue_date),
        "issuePrice": to_e4(terms.auction.cut_off_price),
        "dltRegister": terms.primary_register is PrimaryRegister.DLT,
        "governingLaw": word(terms.governing_law),
        "termSheetHash": _hash(terms.document.keccak256),
        "accrualStart": epoch_day(terms.accrual_start_date),
        "firstPeriodEnd": days_of(terms.first_period_end),
        "frequency": terms.frequency or 0,
        "endOfMonth": terms.end_of_month,
        "dayCount": terms.day_count.number,
        "accruedDayCount": _accrued(terms).number,
        "businessDays": CONVENTIONS[terms.business_day_convention],
        "calendar": word(terms.calendar_name),
        "recordDays": terms.record_days,
        **_earning(terms.earning),
    }


def _earning(earning: Earning | None) -> dict[str, Any]:
    return {
        "rateType": RATE_TYPES[earning.type if earning else None],
        "rate": to_e4(earning.rate if earning else None),
        "benchmark": word(earning.benchmark or "" if earning else ""),
        "spread": to_e4(earning.spread if earning else None),
        "floor": to_e4(earning.floor if earning else None),
        "cap": to_e4(earning.cap if earning else None),
        "maximumStep": to_e4(earning.maximum_step if earning else None),
        "fixingDays": earning.fixing_days if earning else 0,
    }


def to_e4(quote: Decimal | None) -> int:
    """Ten-thousandths of a quote of at most four decimals; zero where there is none."""
    return int((quote or Decimal(0)).scaleb(QUOTED_PLACES))


def _accrued(terms: PeriodicTerms) -> DayCount:
    return terms.accrued_day_count or terms.day_count


def _hash(text: str) -> bytes:
    return bytes.fromhex(text[2:])
