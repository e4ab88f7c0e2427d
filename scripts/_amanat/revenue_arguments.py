"""Term sheets of revenue shares in the form that the contracts take: `struct RevenueTerms`.

One rupee of face is one certificate, so amounts of face pass as they are; money is paisa, dates are
days since 1970-01-01, prices ten-thousandths.
"""

from __future__ import annotations

from typing import Any

from .bill_arguments import head_terms, word
from .bond_arguments import CONVENTIONS, to_e4
from .business_days import epoch_day
from .revenue_terms import MOST_STEPS, Call, RevenueShareTerms
from .terms import Document, PrimaryRegister
from .waterfall import Rule


def revenue_terms(terms: RevenueShareTerms) -> dict[str, Any]:
    """The fields of `RevenueTerms` (contracts/assets/RevenueTerms.sol), in its order and names."""
    rule, account = rule_of(terms), terms.account
    return {
        **head_terms(terms, terms.cfi),
        "issueDate": epoch_day(terms.issue_date),
        "dltRegister": terms.primary_register is PrimaryRegister.DLT,
        "governingLaw": word(terms.governing_law),
        "termSheetHash": _hash(terms.document),
        "assetId": word(account.id),
        "accountHash": _hash(account.definition),
        "controlHash": _hash(account.control),
        "auditor": terms.auditor,
        "revenueFrom": epoch_day(terms.revenue_from),
        "waterfall": {
            "order": [int(tier) for tier in rule.order],
            "share": rule.share,
            "floor": rule.floor,
            "cap": rule.cap,
        },
        "businessDays": CONVENTIONS[terms.business_day_convention],
        "calendar": word(terms.calendar_name),
        "recordNoticeDays": terms.record_notice_days,
        "paymentDays": terms.payment_days,
        "endPrice": to_e4(terms.end_price),
        "callNoticeDays": terms.call.notice_days if terms.call else 0,
        "calls": _steps(terms.call),
    }


def rule_of(terms: RevenueShareTerms) -> Rule:
    """The waterfall as it is computed."""
    stated = terms.waterfall
    return Rule(stated.order, stated.share, stated.floor, stated.cap)


def _steps(call: Call | None) -> list[tuple[int, int]]:
    steps = [(epoch_day(step.first), to_e4(step.price)) for step in call.prices] if call else []
    return steps + [(0, 0)] * (MOST_STEPS - len(steps))


def _hash(document: Document) -> bytes:
    return bytes.fromhex(document.keccak256[2:])
