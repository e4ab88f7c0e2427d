"""The term sheets of government bonds and Ijarah sukuk, which run in periods.

`scripts/_pilot/bonds/` shows them. As with a bill's, everything is checked against everything else
before anything is sent: identifiers, dates, periods, the record-date rule, the lot and the
calculation amount, price against yield at the auction, and the hashes of every document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ValidationInfo, field_validator

from . import identifiers
from .bonds import Bond, DiscountBill, FloatingRateBond, Yielding, ZeroCouponBond, disagreement
from .business_days import epoch_day, start_of_day_karachi
from .day_counts import DayCount
from .pricing import PricingError
from .reading import Unreadable, parse_choice, parse_clean_price, parse_price, parse_yield
from .schedules import FREQUENCIES, Schedule, ScheduleError
from .terms import (
    AuctionTerms,
    Count,
    Day,
    Document,
    Face,
    SeriesRules,
    SeriesTerms,
    Word32,
    YesNo,
    choice_of,
    not_in_lots,
    one_of,
)
from .yaml_files import Fault, StrictModel, parsed, refusal, refuse_all

MOST_DAYS_BEFORE = 60
"""Of record days and fixing days, as `Periods.sol` bounds them."""
MOST_PERIODS = 249

_LAST_SECOND = 2**32 - 1
_RATE_LETTERS = {None: "Z", "fixed": "F", "variable": "V"}
"""The third letter of a CFI code, by how the series earns."""


class RateKind(StrEnum):
    """How a series earns that does not run at a discount."""

    FIXED = "fixed"
    VARIABLE = "variable"


def parse_bond_cfi(text: str) -> str:
    """The CFI code of a bond."""
    if not identifiers.is_bond_cfi(text):
        raise Unreadable("is not the CFI code of a bond", "such as DBFTFR (ISO 10962)")
    return text


def parse_spread(text: str) -> Decimal:
    """Per cent a year on a benchmark, with at most four decimals; may be negative."""
    return -parse_yield(text[1:]) if text.startswith("-") else parse_yield(text)


def _days_before(text: str) -> int:
    if not re.fullmatch(r"\d{1,3}", text) or int(text) > MOST_DAYS_BEFORE:
        raise Unreadable("is out of range", f"0 to {MOST_DAYS_BEFORE} days")
    return int(text)


Rate = Annotated[Decimal, parsed(parse_yield)]
Spread = Annotated[Decimal, parsed(parse_spread)]
CleanPrice = Annotated[Decimal, parsed(parse_clean_price)]
DaysBefore = Annotated[int, parsed(_days_before)]
Convention = Annotated[DayCount, parsed(choice_of(DayCount))]


class Earning(StrictModel):
    """What a series earns, in per cent a year: one rate, or one for each period."""

    type: Annotated[
        RateKind,
        parsed(
            lambda text: parse_choice(
                text,
                {
                    "fixed": RateKind.FIXED,
                    "floating": RateKind.VARIABLE,
                    "variable": RateKind.VARIABLE,
                },
            )
        ),
    ]
    rate: Rate
    """Of every period, or of the first where it varies."""
    benchmark: Word32 | None = None
    spread: Spread = Decimal(0)
    floor: Rate = Decimal(0)
    cap: Rate | None = None
    maximum_step: Rate | None = None
    """The most by which a reset may part from the rate before."""
    fixing_days: DaysBefore = 0
    """Days before a period from which its rate may be set to the benchmark."""

    @field_validator("rate")
    @classmethod
    def _pays_something(cls, rate: Decimal, info: ValidationInfo) -> Decimal:
        if not rate and info.data.get("type") is RateKind.FIXED:
            raise refusal("pays nothing", "a rate above 0, or no rate at all for a discount series")
        return rate

    def faults(self) -> Iterator[Fault]:
        """What contradicts itself in it."""
        if self.type is RateKind.FIXED:
            for key in sorted(self.model_fields_set - {"type", "rate"}):
                yield key, "has no meaning for a fixed rate", "nothing, or type: floating"
            return
        if self.benchmark is None:
            yield "benchmark", "is missing", "the name of the benchmark that rates are reset to"
        if self.rate < self.floor:
            yield "rate", f"is below the floor {self.floor}", f"{self.floor} or more"
        if self.cap is not None and self.rate > self.cap:
            yield "rate", f"is above the cap {self.cap}", f"{self.cap} or less"


class Call(StrictModel):
    """From when, and for how much, the issuer may end a bond at the end of a period."""

    callable_from: Day
    price: CleanPrice
    notice_days: Count


class BondAuction(AuctionTerms):
    """As a bill's; a floater is quoted by its price alone."""

    cut_off_price: CleanPrice
    cut_off_yield: Rate | None = None  # type: ignore[assignment]


def _after_issue(day: date, info: ValidationInfo) -> date:
    issued = info.data.get("issue_date")
    if issued and day <= issued:
        raise refusal(f"is not after the issue date {issued}", f"later than {issued}")
    if start_of_day_karachi(day) > _LAST_SECOND:
        raise refusal("is later than contracts can count", "2106-02-07 or earlier")
    return day


LastDay = Annotated[Day, AfterValidator(_after_issue)]
"""Of a series that runs for years."""


class PeriodicTerms(SeriesTerms):
    """What bonds and sukuk have in common. Amounts are whole rupees of face."""

    stated_maturity: LastDay
    accrual_start_date: Day
    """The dated date: the issue date, or an earlier end of a period for a reopened series."""
    frequency: Annotated[int, parsed(lambda text: parse_choice(text, FREQUENCIES))] | None = None
    """Periods a year; none for a discount series."""
    end_of_month: YesNo = False
    first_period_end: Day | None = None
    """Where the first period is a long one."""
    day_count: Convention
    accrued_day_count: Convention | None = None
    """Of the accrued that a buyer pays, where it is another."""
    calculation_amount: Face | None = None
    """The face that a distribution is published for, and rounded; the denomination unless named."""
    record_days: DaysBefore
    """Record date: the beginning, in Pakistan, of so many days before a period ends."""
    calendar_name: Word32
    """The name under which the calendar stands on the chain."""

    @property
    def earning(self) -> Earning | None:
        """The coupon or rental; None for a discount series."""
        raise NotImplementedError

    @property
    def calculation_units(self) -> int:
        """Rupees of face that a distribution is published for."""
        return self.calculation_amount or self.denomination

    @property
    def schedule(self) -> Schedule | None:
        """The periods; None for a discount series."""
        return _schedule(self.__dict__)

    @property
    def instrument(self) -> Yielding | FloatingRateBond:
        """The series as it is priced."""
        return _instrument(self.__dict__, self.earning, self.accrued_day_count)

    @field_validator("accrual_start_date")
    @classmethod
    def _not_after_issue(cls, day: date, info: ValidationInfo) -> date:
        issued = info.data.get("issue_date")
        if issued and day > issued:
            raise refusal(f"is after the issue date {issued}", f"{issued} or earlier")
        return day

    @field_validator("frequency", "end_of_month", "first_period_end")
    @classmethod
    def _of_one_schedule(cls, value: Any, info: ValidationInfo) -> Any:
        field = str(info.field_name)
        try:
            schedule = _schedule({**info.data, field: value})
        except ScheduleError as error:
            raise refusal(f"contradicts the dates: {error}", "dates that fit each other") from None
        if schedule and schedule.count > MOST_PERIODS:
            raise refusal(f"makes {schedule.count} periods", f"at most {MOST_PERIODS}")
        return value

    @field_validator("calculation_amount")
    @classmethod
    def _divides_the_lot(cls, face: int, info: ValidationInfo) -> int:
        denomination = info.data.get("denomination")
        if denomination and denomination % face:
            raise refusal(
                f"does not divide the denomination {denomination}, whose holders would lose dust",
                f"{denomination}, or a part of it",
            )
        return face

    @field_validator("record_days")
    @classmethod
    def _after_issue_too(cls, days: int, info: ValidationInfo) -> int:
        issued, schedule = info.data.get("issue_date"), _schedule_if_known(info.data)
        if issued and schedule:
            first = schedule.period(0).end - timedelta(days=days)
            if first <= issued:
                raise refusal(
                    f"put the first record date on {first}, before anyone holds anything",
                    f"fewer days, so that it is later than {issued}",
                )
        return days


class GovernmentBondTerms(PeriodicTerms):
    """Everything that makes one government bond: fixed, floating, or without coupons."""

    asset_class: Annotated[Literal["government_bond"], parsed(one_of("government_bond"))]
    coupon: Earning | None = None
    cfi: Annotated[str, parsed(parse_bond_cfi)]
    call: Call | None = None
    auction: BondAuction
    compliance: SeriesRules

    @property
    def earning(self) -> Earning | None:
        return self.coupon

    @field_validator("coupon")
    @classmethod
    def _of_periods(cls, coupon: Earning, info: ValidationInfo) -> Earning:
        refuse_all(_earning_faults(coupon, info.data))
        return coupon

    @field_validator("cfi")
    @classmethod
    def _of_its_rate(cls, cfi: str, info: ValidationInfo) -> str:
        return _fitting_cfi(cfi, info.data, "coupon")

    @field_validator("call")
    @classmethod
    def _of_this_bond(cls, call: Call, info: ValidationInfo) -> Call:
        refuse_all(_call_faults(call, info.data))
        return call

    @field_validator("auction")
    @classmethod
    def _auction_of_this_bond(cls, auction: BondAuction, info: ValidationInfo) -> BondAuction:
        refuse_all(_auction_faults(auction, info.data, "coupon"))
        return auction


class Asset(StrictModel):
    """What a sukuk is a share of."""

    id: Word32
    description: Document
    """The asset and the lease over it."""


class IjarahSukukTerms(PeriodicTerms):
    """Everything that makes one Ijarah sukuk: fixed or variable rentals, or a discount."""

    asset_class: Annotated[Literal["ijarah_sukuk"], parsed(one_of("ijarah_sukuk"))]
    rental: Earning | None = None
    cfi: Annotated[str, parsed(parse_bond_cfi)]
    asset: Asset
    shariah_approval: Document
    auction: BondAuction
    compliance: SeriesRules

    @property
    def earning(self) -> Earning | None:
        return self.rental

    @property
    def instrument(self) -> Yielding | FloatingRateBond:
        """As a bond's, but that a discounted sukuk is priced as a bill is."""
        return _instrument(
            self.__dict__, self.rental, self.accrued_day_count, discounted=DiscountBill
        )

    @field_validator("rental")
    @classmethod
    def _of_periods(cls, rental: Earning, info: ValidationInfo) -> Earning:
        refuse_all(_earning_faults(rental, info.data))
        return rental

    @field_validator("cfi")
    @classmethod
    def _of_its_rate(cls, cfi: str, info: ValidationInfo) -> str:
        return _fitting_cfi(cfi, info.data, "rental")

    @field_validator("auction")
    @classmethod
    def _auction_of_this_sukuk(cls, auction: BondAuction, info: ValidationInfo) -> BondAuction:
        refuse_all(_auction_faults(auction, info.data, "rental", discounted=DiscountBill))
        return auction


def _schedule(known: Mapping[str, Any]) -> Schedule | None:
    """The periods as far as fields are known; None without a frequency."""
    start, maturity = known.get("accrual_start_date"), known.get("stated_maturity")
    frequency = known.get("frequency")
    if start is None or maturity is None or frequency is None:
        return None
    return Schedule(
        start,
        maturity,
        frequency,
        known.get("first_period_end"),
        known.get("end_of_month", False),
    )


def _schedule_if_known(known: Mapping[str, Any]) -> Schedule | None:
    """None too where the fields that are known contradict each other, which is told of them."""
    try:
        return _schedule(known)
    except ScheduleError:
        return None


def _instrument(
    known: Mapping[str, Any],
    earning: Earning | None,
    in_cash: DayCount | None,
    discounted: type[ZeroCouponBond] | type[DiscountBill] = ZeroCouponBond,
) -> Yielding | FloatingRateBond:
    schedule = _schedule(known)
    if earning is None or schedule is None:
        return discounted(known["stated_maturity"])
    if earning.type is RateKind.FIXED:
        return Bond(schedule, earning.rate, known["day_count"], in_cash)
    return FloatingRateBond(schedule, (earning.rate,), known["day_count"], in_cash)


def _earning_faults(earning: Earning, known: Mapping[str, Any]) -> Iterator[Fault]:
    yield from earning.faults()
    if "frequency" in known and known["frequency"] is None:
        yield "", "is paid in no periods", "a frequency: annual | semi_annual | quarterly"


def _fitting_cfi(cfi: str, known: Mapping[str, Any], name: str) -> str:
    """The code's third letter is how the series earns."""
    if name not in known:
        return cfi
    earning: Earning | None = known[name]
    letter = _RATE_LETTERS[earning.type.value if earning else None]
    if cfi[2] != letter:
        kind = earning.type.value if earning else "discount"
        raise refusal(f"is the code of another rate than this {kind} one", f"DB{letter}{cfi[3:]}")
    return cfi


def _call_faults(call: Call, known: Mapping[str, Any]) -> Iterator[Fault]:
    issued, maturity = known.get("issue_date"), known.get("stated_maturity")
    if issued and call.callable_from <= issued:
        yield "callable_from", "is not after the issue", f"later than {issued}"
    if maturity and call.callable_from >= maturity:
        yield "callable_from", "is not before the maturity", f"earlier than {maturity}"
    if "coupon" in known and known["coupon"] is None:
        yield "", "is of a bond without coupons, which ends no period", "no call"


def _auction_faults(
    auction: BondAuction,
    known: Mapping[str, Any],
    name: str,
    discounted: type[ZeroCouponBond] | type[DiscountBill] = ZeroCouponBond,
) -> Iterator[Fault]:
    issued, denomination = known.get("issue_date"), known.get("denomination")
    if issued and auction.date > issued:
        yield "date", f"is later than the issue date {issued}", f"{issued} or earlier"
    if denomination and auction.target % denomination:
        yield ("target", *not_in_lots(auction.target, denomination))
    if not {name, "issue_date", "stated_maturity", "day_count", "accrual_start_date"} <= {*known}:
        return
    instrument = _instrument(known, known[name], known.get("accrued_day_count"), discounted)
    if isinstance(instrument, FloatingRateBond):
        if auction.cut_off_yield is not None:
            yield "cut_off_yield", "is given, and a floater has none", "the price alone"
        return
    yield from _price_faults(auction, instrument, known["issue_date"])


def _price_faults(auction: BondAuction, instrument: Yielding, settlement: date) -> Iterator[Fault]:
    if not isinstance(instrument, Bond):
        try:
            parse_price(str(auction.cut_off_price))
        except Unreadable as error:
            yield "cut_off_price", error.wrong, error.right
            return
    if auction.cut_off_yield is None:
        yield "cut_off_yield", "is missing", "the yield that was announced with the price"
        return
    try:
        wrong = disagreement(instrument, settlement, auction.cut_off_price, auction.cut_off_yield)
    except PricingError as error:
        yield "cut_off_yield", f"cannot be: {error}", "price and yield as they were announced"
        return
    if wrong:
        _, _, right = wrong.partition("disagree: ")
        what = f"disagrees with the price {auction.cut_off_price} for settlement on {settlement}"
        yield "cut_off_yield", what, right


def days_of(day: date | None) -> int:
    """Days since 1970-01-01; zero where the terms name no day."""
    return epoch_day(day) if day else 0
