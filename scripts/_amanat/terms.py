"""Term sheets: YAML files and the documents that they stand for; here a treasury bill's.

`scripts/_pilot/bills/` shows one. Field names follow ICMA's Bond Data Taxonomy where it has them.
Everything is checked against everything else (check digits, price against yield over the actual
days, lots, dates, the hashes of the document) before anything is sent, because what goes on-chain
from here can never be changed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from eth_utils.crypto import keccak
from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from . import identifiers, pricing
from .business_days import BusinessDayConvention, CalendarError, MarketCalendar
from .countries import BY_NUMERIC, Country, CountryCode
from .investors import INVESTOR_CLASSES, parse_class, parse_country
from .reading import (
    InputProblems,
    Unreadable,
    parse_amount,
    parse_choice,
    parse_date,
    parse_positive,
    parse_price,
    parse_yield,
)
from .yaml_files import Fault, StrictModel, parsed, read_model, refusal, refuse_all

CURRENCIES: dict[str, int] = {"PKR": 586}
"""ISO 4217 currencies that a series can be issued in, with their numeric codes."""

NON_COMPETITIVE_SHARE = Decimal("0.005")
NON_COMPETITIVE_MOST = 500_000_000
"""A non-competitive bid is at most 0.5 % of the target, and at most PKR 500 million."""

LARGEST_BALANCE = 2**112 - 1
"""Of any token, in smallest units."""
_LONGEST_BILL = 366
_WEEKDAYS = {
    name: place
    for place, name in enumerate(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    )
}


class PrimaryRegister(StrEnum):
    """Which register is the legal one: the depository's or the token's."""

    CSD = "CSD"
    DLT = "DLT"


class RecordDateRule(StrEnum):
    """At whose beginning in Pakistan the holders are read who will be paid."""

    STATED_MATURITY = "stated_maturity"


class NonCompetitivePrice(StrEnum):
    """What non-competitive bidders pay."""

    WEIGHTED_AVERAGE = "weighted_average"
    CUT_OFF = "cut_off"


def matching(pattern: str, meaning: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise Unreadable("is not right", meaning)
        return text

    return parse


def parse_isin(text: str) -> str:
    """A Pakistani ISIN with the right check digit."""
    if not identifiers.has_isin_shape(text):
        raise Unreadable("is not an ISIN", "two letters, nine letters or digits, a check digit")
    if not identifiers.is_isin(text):
        digit = identifiers.isin_check_digit(text[:-1])
        raise Unreadable(f"has the check digit {text[-1]}", f"{text[:-1]}{digit} (ISO 6166)")
    return text


def parse_lei(text: str) -> str:
    """A legal entity identifier with the right check digits."""
    if not identifiers.has_lei_shape(text):
        raise Unreadable("is not an LEI", "eighteen letters or digits and two check digits")
    if not identifiers.is_lei(text):
        digits = identifiers.lei_check_digits(text[:-2])
        raise Unreadable(f"has the check digits {text[-2:]}", f"{text[:-2]}{digits} (ISO 17442)")
    return text


def parse_bill_cfi(text: str) -> str:
    """The CFI code of a money-market instrument."""
    if not identifiers.is_money_market_cfi(text):
        raise Unreadable("is not the CFI code of a bill", "such as DYZTXR (ISO 10962)")
    return text


def parse_jurisdiction(text: str) -> Country:
    """A country by its ISO 3166 code, alpha-2 or numeric."""
    if re.fullmatch(r"[0-9]{1,3}", text):
        country = BY_NUMERIC.get(CountryCode(int(text)))
        if country is None:
            raise Unreadable("is not an ISO 3166 numeric code", "a code such as 586")
        return country
    return parse_country(text)


def _parse_issuer_country(text: str) -> Country:
    country = parse_jurisdiction(text)
    if country.alpha_2 != "PK":
        raise Unreadable("is not the issuer's country", "PK")
    return country


def _parse_currency(text: str) -> str:
    if text in CURRENCIES:
        return text
    codes = " | ".join(f"{name} ({code})" for name, code in CURRENCIES.items())
    raise Unreadable("is not a currency that series are issued in", codes)


def _parse_unit_face(text: str) -> Decimal:
    face = parse_amount(text)
    if face != 1:
        raise Unreadable("is not the face of a unit", "1.00: one token is one rupee")
    return face


def one_of(only: str) -> Callable[[str], str]:
    return lambda text: parse_choice(text, {only: only})


def choice_of(choices: type[StrEnum]) -> Callable[[str], Any]:
    return lambda text: parse_choice(text, {choice.value: choice for choice in choices})


Text = Annotated[str, parsed(matching(r".{1,120}", "one line of at most 120 characters"))]
Word32 = Annotated[
    str,
    parsed(matching(r"[ -~]{1,32}", "at most 32 ASCII characters, which fill a word on-chain")),
]
_YES_NO = {"yes": True, "no": False, "true": True, "false": False}
YesNo = Annotated[bool, parsed(lambda text: parse_choice(text, _YES_NO))]
Identifier = Annotated[
    str, parsed(matching(r"[a-z0-9]+(-[a-z0-9]+)*", "lower-case words and hyphens"))
]
Symbol = Annotated[str, parsed(matching(r"[A-Z0-9][A-Z0-9.-]{1,15}", "2 to 16 capitals, digits"))]
Uri = Annotated[str, parsed(matching(r"(https|ipfs)://\S+", "an https:// or ipfs:// address"))]
Hash = Annotated[str, parsed(matching(r"0x[0-9a-f]{64}", "0x and 64 lower-case hex digits"))]
Day = Annotated[date, parsed(parse_date)]
LARGEST_TRANSACTION = 2**72 - 1  # the field of `Rules`

Face = Annotated[int, parsed(parse_positive)]
Count = Annotated[int, parsed(parse_positive)]
Countries = Annotated[
    tuple[Annotated[Country, parsed(parse_jurisdiction)], ...], Field(strict=False)
]
Classes = Annotated[tuple[Annotated[str, parsed(parse_class)], ...], Field(strict=False)]


class Document(StrictModel):
    """The term sheet people sign, beside the file, and the hashes that commit to it."""

    file: Annotated[str, parsed(matching(r"[\w.-]+", "a file name in the same folder"))]
    uri: Uri
    sha256: Hash
    keccak256: Hash

    @field_validator("sha256", "keccak256")
    @classmethod
    def _of_the_file(cls, stated: str, info: ValidationInfo) -> str:
        name, folder = info.data.get("file"), context_of(info).get("folder")
        if name is None or folder is None:
            return stated
        try:
            raw = (Path(folder) / name).read_bytes()
        except OSError as error:
            raise refusal(f"cannot be compared: {name}: {error.strerror}", "the file") from None
        digest = hashlib.sha256(raw).digest() if info.field_name == "sha256" else keccak(raw)
        if stated != f"0x{digest.hex()}":
            raise refusal(f"is not the hash of {name}", f"0x{digest.hex()}")
        return stated


class AuctionTerms(StrictModel):
    """What was announced of the auction, and where it was cut off."""

    date: Day
    target: Face
    cut_off_price: Annotated[Decimal, parsed(parse_price)]
    cut_off_yield: Annotated[Decimal, parsed(parse_yield)]
    non_competitive_price: Annotated[NonCompetitivePrice, parsed(choice_of(NonCompetitivePrice))]

    @property
    def non_competitive_cap(self) -> int:
        """The most rupees of face that one non-competitive bid may ask for."""
        return min(int(self.target * NON_COMPETITIVE_SHARE), NON_COMPETITIVE_MOST)


class RegisterClosing(StrictModel):
    """Days on which the register takes no transfers; both included, in Pakistan."""

    first: Day
    last: Day

    @field_validator("last")
    @classmethod
    def _not_before_the_first(cls, last: date, info: ValidationInfo) -> date:
        first = info.data.get("first")
        if first and last < first:
            raise refusal("is earlier than the first day", f"{first} or later")
        return last


class Velocity(StrictModel):
    """The most that an investor may send within a period."""

    maximum: Face
    hours: Count


class ComplianceTerms(StrictModel):
    """The rules of the series; a rule that is left out is off. Amounts are rupees of face."""

    jurisdictions: Countries
    investor_classes: Classes
    lot: Face
    maximum_holding: Face | None = None
    maximum_holders: Count | None = None
    maximum_transaction: Face | None = None
    """Most that one transfer, or one allotment, may move."""
    supply_cap: Face | None = None
    lock_up_until: Day | None = None
    """The first day, in Pakistan, on which transfers pass."""
    register_closing: RegisterClosing | None = None
    velocity: Velocity | None = None
    pre_approval: YesNo = False
    sanctions: YesNo = False

    @field_validator("jurisdictions")
    @classmethod
    def _each_country_once(cls, countries: tuple[Country, ...]) -> tuple[Country, ...]:
        _refuse_repeated(country.alpha_2 for country in countries)
        return countries

    @field_validator("investor_classes")
    @classmethod
    def _each_class_once(cls, classes: tuple[str, ...]) -> tuple[str, ...]:
        _refuse_repeated(classes)
        return classes

    @property
    def class_codes(self) -> tuple[int, ...]:
        return tuple(INVESTOR_CLASSES[name] for name in self.investor_classes)


def _fit_the_series(rules: ComplianceTerms, info: ValidationInfo) -> ComplianceTerms:
    refuse_all(rule_faults(rules, info.data))
    return rules


SeriesRules = Annotated[ComplianceTerms, AfterValidator(_fit_the_series)]
"""Rules that agree with the terms before them in the sheet."""


class NamedTerms(StrictModel):
    """What the term sheet of anything says of it and of its issuer."""

    series: Identifier
    name: Word32
    symbol: Symbol
    issuer_lei: Annotated[str, parsed(parse_lei)]
    currency: Annotated[str, parsed(_parse_currency)]
    country: Annotated[Country, parsed(_parse_issuer_country)]
    issue_date: Day
    governing_law: Word32
    legal_authority: Word32
    """The act or order that it is issued under."""
    document: Document

    @property
    def currency_code(self) -> int:
        """ISO 4217 numeric."""
        return CURRENCIES[self.currency]

    @field_validator("issue_date")
    @classmethod
    def _not_past(cls, day: date, info: ValidationInfo) -> date:
        today = context_of(info).get("chain_date")
        if today and day < today:
            raise refusal("has passed", f"{today} (the chain's date) or later")
        return day


class SeriesTerms(NamedTerms):
    """What the term sheet of every security has. Amounts are whole rupees of face."""

    isin: Annotated[str, parsed(parse_isin)]
    unit_face: Annotated[Decimal, parsed(_parse_unit_face)]
    denomination: Face
    maximum_issue: Face
    stated_maturity: Day
    business_day_convention: Annotated[
        BusinessDayConvention, parsed(choice_of(BusinessDayConvention))
    ]
    calendar: MarketCalendar
    primary_register: Annotated[PrimaryRegister, parsed(choice_of(PrimaryRegister))]

    @property
    def unit_face_hundredths(self) -> int:
        """Face of one smallest unit in hundredths of the currency, as contracts keep it."""
        return int(self.unit_face * 100)

    @field_validator("maximum_issue")
    @classmethod
    def _issue_in_lots(cls, face: int, info: ValidationInfo) -> int:
        denomination = info.data.get("denomination")
        if denomination and face % denomination:
            raise refusal(*not_in_lots(face, denomination))
        if face > LARGEST_BALANCE:
            raise refusal("is more than a token can hold", f"at most {LARGEST_BALANCE}")
        return face

    @field_validator("calendar", mode="before")
    @classmethod
    def _named_calendar(cls, name: object, info: ValidationInfo) -> MarketCalendar:
        """Read the calendar and see that it says something of every date that it is asked of."""
        if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9-]+", name):
            raise refusal("is not the name of a calendar", "such as pk-2025")
        try:
            calendar = read_calendar(
                Path(context_of(info)["folder"]).parent / "calendars" / f"{name}.yaml"
            )
        except InputProblems as error:
            own = "; ".join(str(error).splitlines())
            raise refusal(f"has problems of its own: {own}", "a sound calendar") from None
        cls._require_covered(calendar, info.data)
        return calendar

    @classmethod
    def _require_covered(cls, calendar: MarketCalendar, known: dict[str, Any]) -> None:
        issued = known.get("issue_date")
        try:
            closed = calendar.why_closed(issued) if issued else None
        except CalendarError as error:
            raise refusal(f"does not reach far enough: {error}", "a newer calendar") from None
        if closed:
            raise refusal(f"says that the issue date {issued} is closed ({closed})", "an open day")


class BillTerms(SeriesTerms):
    """Everything that makes one treasury bill."""

    asset_class: Annotated[Literal["treasury_bill"], parsed(one_of("treasury_bill"))]
    cfi: Annotated[str, parsed(parse_bill_cfi)]
    day_count: Annotated[Literal["ACT/365"], parsed(one_of("ACT/365"))]
    record_date_rule: Annotated[RecordDateRule, parsed(choice_of(RecordDateRule))]
    auction: AuctionTerms
    compliance: SeriesRules

    @property
    def days(self) -> int:
        """Actual days from issue to the stated maturity; a holiday there does not change price."""
        return (self.stated_maturity - self.issue_date).days

    @property
    def payment_date(self) -> date:
        """When par is paid: the stated maturity, moved off a holiday by the convention."""
        return self.calendar.adjust(self.stated_maturity, self.business_day_convention)

    @property
    def record_date(self) -> date:
        """At whose beginning in Pakistan the holders are read who will be paid."""
        return self.stated_maturity

    @field_validator("stated_maturity")
    @classmethod
    def _after_issue(cls, day: date, info: ValidationInfo) -> date:
        issued = info.data.get("issue_date")
        if issued and not 0 < (day - issued).days <= _LONGEST_BILL:
            raise refusal(
                f"is {(day - issued).days} days after the issue date",
                f"1 to {_LONGEST_BILL} days after {issued}",
            )
        return day

    @field_validator("auction")
    @classmethod
    def _auction_of_this_bill(cls, auction: AuctionTerms, info: ValidationInfo) -> AuctionTerms:
        refuse_all(_auction_faults(auction, info.data))
        return auction

    @classmethod
    def _require_covered(cls, calendar: MarketCalendar, known: dict[str, Any]) -> None:
        """A bill's payment date is a term of its own, so that the calendar must reach it."""
        super()._require_covered(calendar, known)
        maturity, convention = known.get("stated_maturity"), known.get("business_day_convention")
        if maturity and convention is not None:
            try:
                calendar.adjust(maturity, convention)
            except CalendarError as error:
                raise refusal(f"does not reach far enough: {error}", "a newer calendar") from None


class _Holiday(StrictModel):
    date: Day
    name: Text


class _CalendarFile(StrictModel):
    name: Text
    version: Text
    first: Day
    last: Day
    weekend: Annotated[
        tuple[Annotated[int, parsed(lambda text: parse_choice(text, _WEEKDAYS))], ...],
        Field(strict=False),
    ]
    holidays: Annotated[tuple[_Holiday, ...], Field(strict=False)]


def read_bill(path: Path, *, chain_date: date | None) -> BillTerms:
    """Read a term sheet; raises `InputProblems` with everything that is wrong in it.

    `chain_date`: the chain's date in Pakistan, before which nothing may lie that is still to come;
    None where the series exists already and its terms are only looked up.
    """
    return read_model(path, BillTerms, {"chain_date": chain_date})


def read_calendar(path: Path) -> MarketCalendar:
    """Read a market's calendar; raises `InputProblems`."""
    read = read_model(path, _CalendarFile)
    return MarketCalendar(
        name=read.name,
        version=read.version,
        first=read.first,
        last=read.last,
        weekend=frozenset(read.weekend),
        holidays={holiday.date: holiday.name for holiday in read.holidays},
    )


def _auction_faults(auction: AuctionTerms, known: dict[str, Any]) -> Iterator[Fault]:
    issued, maturity = known.get("issue_date"), known.get("stated_maturity")
    if issued and auction.date > issued:
        yield "date", f"is later than the issue date {issued}", f"{issued} or earlier"
    if issued and maturity:
        days = (maturity - issued).days
        price, stated = auction.cut_off_price, auction.cut_off_yield
        if not pricing.agree(price, stated, days):
            derived = pricing.yield_from_price(price, days)
            other = pricing.price_from_yield(stated, days)
            yield (
                "cut_off_yield",
                f"disagrees with the price {price} over {days} days",
                f"{derived} % for that price, or the price {other} for that yield",
            )
    denomination = known.get("denomination")
    if denomination and auction.target % denomination:
        yield ("target", *not_in_lots(auction.target, denomination))


def rule_faults(rules: ComplianceTerms, known: dict[str, Any]) -> Iterator[Fault]:
    yield from _lot_faults(rules)
    denomination, most = known.get("denomination"), known.get("maximum_issue")
    if denomination and rules.lot % denomination:
        yield ("lot", *not_in_lots(rules.lot, denomination))
    if (rules.maximum_transaction or 0) > LARGEST_TRANSACTION:
        yield (
            "maximum_transaction",
            "is beyond what the contracts keep",
            f"at most {LARGEST_TRANSACTION}",
        )
    if most and rules.supply_cap and rules.supply_cap > most:
        yield "supply_cap", "is above the maximum issue", f"at most {most}"
    maturity = known.get("stated_maturity")
    if maturity and rules.lock_up_until and rules.lock_up_until >= maturity:
        yield "lock_up_until", "is not before the maturity", f"earlier than {maturity}"
    closing, issued = rules.register_closing, known.get("issue_date")
    if issued and closing and closing.first < issued:
        yield "register_closing.first", "is before the issue", f"{issued} or later"


def _lot_faults(rules: ComplianceTerms) -> Iterator[Fault]:
    for key, face in (
        ("maximum_holding", rules.maximum_holding),
        ("maximum_transaction", rules.maximum_transaction),
        ("supply_cap", rules.supply_cap),
        ("velocity.maximum", rules.velocity.maximum if rules.velocity else None),
    ):
        if face is not None and face % rules.lot:
            yield (key, *not_in_lots(face, rules.lot))


def not_in_lots(face: int, lot: int) -> tuple[str, str]:
    below = face // lot * lot
    right = f"{below} or {below + lot}" if below else f"{lot}"
    return f"is not a multiple of the lot {lot}", right


def _refuse_repeated(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise refusal(f"names {name} twice", "each once")
        seen.add(name)


def context_of(info: ValidationInfo) -> dict[str, Any]:
    return dict(info.context or {})
