"""The term sheet of a share of revenue: an account, an auditor, a waterfall, a term.

`scripts/_pilot/revenue/` shows one. As with a bill's, everything is checked against everything else
before anything is sent: identifiers, dates, the schedule of call prices, the floor and the cap, and
the hashes of the documents that define the account and say that control does not follow the token.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from .bond_terms import BondAuction, CleanPrice, LastDay
from .reading import Unreadable, parse_address, parse_amount, parse_choice, parse_whole, parse_yield
from .terms import (
    Count,
    Day,
    Document,
    SeriesRules,
    SeriesTerms,
    Word32,
    matching,
    not_in_lots,
    one_of,
)
from .waterfall import WHOLE, Tier
from .yaml_files import Fault, StrictModel, parsed, refusal, refuse_all

MOST_STEPS = 8
"""Of a schedule of call prices, as `RevenueTerms.sol` bounds it."""
MOST_DAYS = 366
"""Of each notice, as `Declarations.sol` bounds them."""

_TIERS = {tier.name.lower(): tier for tier in Tier}


def parse_share(text: str) -> int:
    """A share in per cent of at most two decimals, as ten-thousandths."""
    share = parse_yield(text) * 100
    if share != int(share) or not 0 < share <= WHOLE:
        raise Unreadable("is not a share", "more than 0 and at most 100 per cent, as 25.00")
    return int(share)


def parse_paisa(text: str) -> int:
    """An amount of money in paisa."""
    return int(parse_amount(text) * 100)


def _days(text: str) -> int:
    days = parse_whole(text)
    if days > MOST_DAYS:
        raise Unreadable("is too long", f"at most {MOST_DAYS} days")
    return days


Days = Annotated[int, parsed(_days)]
Money = Annotated[int, parsed(parse_paisa)]


class WaterfallTerms(StrictModel):
    """Who is served when, and what the holders' part of the rest is; amounts in paisa."""

    order: Annotated[
        tuple[Annotated[Tier, parsed(lambda text: parse_choice(text, _TIERS))], ...],
        Field(strict=False),
    ]
    share: Annotated[int, parsed(parse_share)]
    """Ten-thousandths of the net."""
    floor: Money = 0
    """Least that holders get of a period, as far as the net reaches."""
    cap: Money = 0
    """Most that holders get of a period; 0 for no cap."""

    @field_validator("order")
    @classmethod
    def _each_tier_once(cls, order: tuple[Tier, ...]) -> tuple[Tier, ...]:
        if sorted(order) != list(Tier):
            raise refusal("does not name each tier once", ", ".join(_TIERS))
        return order

    @field_validator("cap")
    @classmethod
    def _not_below_the_floor(cls, cap: int, info: ValidationInfo) -> int:
        floor = info.data.get("floor", 0)
        if cap and cap < floor:
            raise refusal("is below the floor", f"{Decimal(floor) / 100:,.2f} or more")
        return cap


class CallStep(StrictModel):
    """The price at which the issuer may call from a day on."""

    first: Day
    price: CleanPrice


class Call(StrictModel):
    """When, and for how much, the issuer may end the series."""

    notice_days: Annotated[Count, Field(le=MOST_DAYS)]
    prices: Annotated[tuple[CallStep, ...], Field(strict=False)]


class Account(StrictModel):
    """What the certificates are a share of, and what they are not."""

    id: Word32
    definition: Document
    """The revenue account: what comes in, what goes out, and who keeps it."""
    control: Document
    """The wording by which a certificate carries no vote, no title and no control."""


class RevenueShareTerms(SeriesTerms):
    """Everything that makes one share of revenue."""

    asset_class: Annotated[Literal["revenue_share"], parsed(one_of("revenue_share"))]
    stated_maturity: LastDay
    cfi: Annotated[str, parsed(matching(r"[A-Z]{6}", "six capitals (ISO 10962)"))]
    calendar_name: Word32
    account: Account
    auditor: Annotated[str, parsed(parse_address)]
    """Whose signature every declaration needs; nobody can replace it."""
    revenue_from: Day
    waterfall: WaterfallTerms
    record_notice_days: Days
    payment_days: Days
    end_price: CleanPrice | None = None
    """Paid at the end of the term, per 100 of face; nothing where certificates lapse."""
    call: Call | None = None
    auction: BondAuction
    compliance: SeriesRules

    @field_validator("revenue_from")
    @classmethod
    def _within_the_term(cls, day: date, info: ValidationInfo) -> date:
        end = info.data.get("stated_maturity")
        if end and day >= end:
            raise refusal("is not before the end of the term", f"earlier than {end}")
        return day

    @field_validator("call")
    @classmethod
    def _of_this_term(cls, call: Call, info: ValidationInfo) -> Call:
        refuse_all(_call_faults(call, info.data))
        return call

    @field_validator("auction")
    @classmethod
    def _by_price_alone(cls, auction: BondAuction, info: ValidationInfo) -> BondAuction:
        refuse_all(_auction_faults(auction, info.data))
        return auction


def _call_faults(call: Call, known: dict[str, Any]) -> Iterator[Fault]:
    before, end = known.get("issue_date"), known.get("stated_maturity")
    if not 0 < len(call.prices) <= MOST_STEPS:
        yield "prices", f"has {len(call.prices)} steps", f"1 to {MOST_STEPS}"
    for place, step in enumerate(call.prices, 1):
        if before and step.first <= before:
            yield f"prices.{place}.first", f"is not after {before}", "days in order of time"
        if end and step.first >= end:
            yield f"prices.{place}.first", "is not before the end", f"earlier than {end}"
        before = step.first


def _auction_faults(auction: BondAuction, known: dict[str, Any]) -> Iterator[Fault]:
    issued, denomination = known.get("issue_date"), known.get("denomination")
    if issued and auction.date > issued:
        yield "date", f"is later than the issue date {issued}", f"{issued} or earlier"
    if denomination and auction.target % denomination:
        yield ("target", *not_in_lots(auction.target, denomination))
    if auction.cut_off_yield is not None:
        yield "cut_off_yield", "is given, and a share of revenue has none", "the price alone"
