"""A bill's term sheet in the form that the contracts take: `struct BillTerms` and `struct Rules`.

One rupee of face is one smallest unit, so amounts pass as they are. Dates of the terms become days
since 1970-01-01; dates of the rules become the seconds at which those days begin in Pakistan.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from . import pricing
from .business_days import epoch_day, start_of_day_karachi
from .terms import BillTerms, ComplianceTerms, PrimaryRegister, SeriesTerms

_DAY = timedelta(days=1)


def bill_terms(terms: BillTerms) -> dict[str, Any]:
    """The fields of `BillTerms` (contracts/assets/BillTerms.sol), in its order and names."""
    return {
        **head_terms(terms, terms.cfi),
        "issueDate": epoch_day(terms.issue_date),
        "paymentDate": epoch_day(terms.payment_date),
        "cutOffPrice": pricing.to_price_e4(terms.auction.cut_off_price),
        "dltRegister": terms.primary_register is PrimaryRegister.DLT,
        "governingLaw": word(terms.governing_law),
        "termSheetHash": bytes.fromhex(terms.document.keccak256[2:]),
    }


def head_terms(terms: SeriesTerms, cfi: str) -> dict[str, Any]:
    """The fields with which the terms of every class begin, in their order and names."""
    return {
        "maximumIssue": terms.maximum_issue,
        "statedMaturity": epoch_day(terms.stated_maturity),
        "name": word(terms.name),
        "symbol": word(terms.symbol),
        "isin": terms.isin.encode("ascii"),
        "cfi": cfi.encode("ascii"),
        "issuerLei": terms.issuer_lei.encode("ascii"),
        "currency": terms.currency_code,
        "country": terms.country.numeric,
        "unitFace": terms.unit_face_hundredths,
        "denomination": terms.denomination,
    }


def rules(stated: ComplianceTerms) -> dict[str, Any]:
    """The fields of `Rules` (contracts/compliance/Rules.sol); zero and False are rules left off."""
    velocity, closing = stated.velocity, stated.register_closing
    return {
        "maximumHolding": stated.maximum_holding or 0,
        "supplyCap": stated.supply_cap or 0,
        "lot": stated.lot,
        "maximumHolders": stated.maximum_holders or 0,
        "velocityLimit": velocity.maximum if velocity else 0,
        "velocityWindow": velocity.hours * 3_600 if velocity else 0,
        "classes": sum(1 << code for code in stated.class_codes),
        "lockedUntil": _begins(stated.lock_up_until),
        "closedFrom": _begins(closing.first if closing else None),
        "closedUntil": _begins(closing.last + _DAY if closing else None),
        "jurisdictions": bool(stated.jurisdictions),
        "preApproval": stated.pre_approval,
        "sanctions": stated.sanctions,
        "maximumTransaction": stated.maximum_transaction or 0,
    }


def countries(stated: ComplianceTerms) -> list[int]:
    """ISO 3166 numeric codes of the jurisdictions that the rules admit."""
    return [country.numeric for country in stated.jurisdictions]


def word(text: str) -> bytes:
    """A word of a contract: ASCII, padded with zeros."""
    return text.encode("ascii").ljust(32, b"\0")


def _begins(day: date | None) -> int:
    return start_of_day_karachi(day) if day else 0
