"""A commodity's term sheet in the form that the contract takes: `struct CommodityTerms`.

Quantities become smallest units, qualities millionths, hours seconds, fees paisa.
"""

from __future__ import annotations

from typing import Any

from .bill_arguments import word
from .business_days import epoch_day
from .commodity_terms import CommodityReserveTerms
from .onchain import NOBODY
from .quantities import smallest

_HOUR = 3_600


def commodity_terms(terms: CommodityReserveTerms) -> dict[str, Any]:
    """The fields of `CommodityTerms` (contracts/assets/CommodityTerms.sol), in order and names."""
    in_kind, fees, quality, places = terms.redemption, terms.fees, terms.quality, terms.precision
    return {
        "maximumIssue": smallest(terms.maximum_issue, places),
        "statedMaturity": 0,
        "name": word(terms.name),
        "symbol": word(terms.symbol),
        "isin": (terms.isin or "").encode("ascii").ljust(12, b"\0"),
        "issuerLei": terms.issuer_lei.encode("ascii"),
        "currency": terms.currency_code,
        "country": terms.country.numeric,
        "commodity": word(terms.commodity),
        "unit": word(terms.unit),
        "decimals": places,
        "grade": word(terms.grade),
        "measure": int(quality.measure),
        "minimumQuality": quality.minimum,
        "maximumQuality": quality.maximum,
        "minimumRedemption": smallest(in_kind.minimum, places),
        "tolerance": smallest(in_kind.tolerance, places),
        "issueDate": epoch_day(terms.issue_date),
        "heartbeat": terms.heartbeat_hours * _HOUR,
        "feed": terms.feed or NOBODY,
        "custodian": terms.custodian,
        "auditor": terms.auditor,
        "responseTime": in_kind.choose_hours * _HOUR,
        "paymentTime": in_kind.accept_hours * _HOUR,
        "deliveryTime": in_kind.deliver_hours * _HOUR,
        "redemptionFee": fees.redemption,
        "deliveryFee": fees.delivery,
        "storageFee": fees.storage,
        "governingLaw": word(terms.governing_law),
        "termSheetHash": bytes.fromhex(terms.document.keccak256[2:]),
    }
