"""The term sheet of a commodity reserve: what a unit is, who keeps it, how it is redeemed.

`scripts/_pilot/commodities/` shows them. Quantities are in units (ounces, barrels), with as many
decimals as the precision; in the compliance section they are whole smallest units, as for every
series. What goes on-chain from here can never be changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import ValidationInfo, field_validator

from .lots import MILLIONTHS, Measure
from .quantities import MOST_DECIMALS, parse_quantity, smallest
from .reading import Unreadable, parse_address, parse_amount, parse_choice, parse_positive
from .terms import (
    LARGEST_BALANCE,
    ComplianceTerms,
    NamedTerms,
    Word32,
    one_of,
    parse_isin,
    rule_faults,
)
from .yaml_files import Fault, StrictModel, parsed, refusal, refuse_all

_MEASURES = {measure.name.lower(): measure for measure in Measure}
_LONGEST_HOURS = 24 * 366
_LARGEST_QUALITY = 2**32 - 1


def parse_quality(text: str) -> int:
    """A quality as its millionths: 0.9958 is 995,800, an API gravity of 34.2 is 34,200,000."""
    if not re.fullmatch(r"\d{1,4}(\.\d{1,6})?", text):
        raise Unreadable("is no quality", "at most six decimals, such as 0.9958")
    quality = int(Decimal(text) * MILLIONTHS)
    if not 0 < quality <= _LARGEST_QUALITY:
        raise Unreadable("is out of range", "above 0 and at most 4294.967295")
    return quality


def _precision(text: str) -> int:
    if not re.fullmatch(r"\d{1,2}", text) or int(text) > MOST_DECIMALS:
        raise Unreadable("is no number of decimals", f"0 to {MOST_DECIMALS}")
    return int(text)


def _hours(text: str) -> int:
    hours = parse_positive(text)
    if hours > _LONGEST_HOURS:
        raise Unreadable("is longer than a year", f"1 to {_LONGEST_HOURS} hours")
    return hours


def _paisa(text: str) -> int:
    return int(parse_amount(text) * 100)


def _quantity_of(least: int) -> Callable[[str], Decimal]:
    return lambda text: Decimal(0) if not least and text == "0" else parse_quantity(text)


Quantity = Annotated[Decimal, parsed(_quantity_of(1))]
MaybeNone = Annotated[Decimal, parsed(_quantity_of(0))]
Hours = Annotated[int, parsed(_hours)]
Money = Annotated[int, parsed(_paisa)]
"""Paisa."""
Address = Annotated[str, parsed(parse_address)]
Millionths = Annotated[int, parsed(parse_quality)]


class Quality(StrictModel):
    """What the quality of a lot says, and between which bounds it lies."""

    measure: Annotated[Measure, parsed(lambda text: parse_choice(text, _MEASURES))]
    minimum: Millionths
    maximum: Millionths

    @field_validator("maximum")
    @classmethod
    def _not_below_the_least(cls, most: int, info: ValidationInfo) -> int:
        least = info.data.get("minimum")
        if least and most < least:
            raise refusal("is below the minimum", "the minimum or more")
        return most


class InKind(StrictModel):
    """Redemption in kind: how much at least, by how much it may fall short, and in what time."""

    minimum: Quantity
    tolerance: MaybeNone
    choose_hours: Hours
    accept_hours: Hours
    deliver_hours: Hours

    @field_validator("tolerance")
    @classmethod
    def _less_than_the_minimum(cls, tolerance: Decimal, info: ValidationInfo) -> Decimal:
        least = info.data.get("minimum")
        if least and tolerance >= least:
            raise refusal("is no less than the minimum", f"less than {least}")
        return tolerance


class Fees(StrictModel):
    """Fees in cash, beside the balance: rupees."""

    redemption: Money
    """Of each redemption in kind."""
    delivery: Money
    """For each unit delivered."""
    storage: Money
    """For each unit and year of 365 days."""


class CommodityReserveTerms(NamedTerms):
    """Everything that makes one commodity reserve."""

    asset_class: Annotated[Literal["commodity_reserve"], parsed(one_of("commodity_reserve"))]
    isin: Annotated[str, parsed(parse_isin)] | None = None
    commodity: Word32
    unit: Word32
    precision: Annotated[int, parsed(_precision)]
    """Decimals of a unit."""
    grade: Word32
    quality: Quality
    maximum_issue: Quantity
    redemption: InKind
    fees: Fees
    heartbeat_hours: Hours
    feed: Address | None = None
    """An `AggregatorV3Interface` that tells the reserve; otherwise the attested lots do."""
    custodian: Address
    auditor: Address
    compliance: ComplianceTerms

    @field_validator("maximum_issue")
    @classmethod
    def _fits_a_token(cls, quantity: Decimal, info: ValidationInfo) -> Decimal:
        refuse_all(_precision_faults(info.data, ("", quantity)))
        if quantity.scaleb(info.data.get("precision", 0)) > LARGEST_BALANCE:
            raise refusal("is more than a token can hold", f"at most {LARGEST_BALANCE} in all")
        return quantity

    @field_validator("redemption")
    @classmethod
    def _of_this_precision(cls, terms: InKind, info: ValidationInfo) -> InKind:
        stated = (("minimum", terms.minimum), ("tolerance", terms.tolerance))
        refuse_all(_precision_faults(info.data, *stated))
        return terms

    @field_validator("auditor")
    @classmethod
    def _another_than_the_custodian(cls, auditor: str, info: ValidationInfo) -> str:
        if auditor == info.data.get("custodian"):
            raise refusal("is the custodian, and one signer is no proof", "another account")
        return auditor

    @field_validator("compliance")
    @classmethod
    def _rules_of_this_reserve(
        cls, rules: ComplianceTerms, info: ValidationInfo
    ) -> ComplianceTerms:
        known: dict[str, Any] = {"issue_date": info.data.get("issue_date")}
        most, precision = info.data.get("maximum_issue"), info.data.get("precision")
        if most is not None and precision is not None:
            known["maximum_issue"] = smallest(most, precision)
        refuse_all(rule_faults(rules, known))
        return rules


def _precision_faults(known: dict[str, Any], *stated: tuple[str, Decimal]) -> Iterator[Fault]:
    precision: int | None = known.get("precision")
    if precision is None:
        return
    for key, quantity in stated:
        try:
            smallest(quantity, precision)
        except Unreadable as error:
            yield key, error.wrong, error.right
