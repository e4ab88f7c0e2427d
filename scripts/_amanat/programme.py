"""The programme file: who holds which role, how long what widens power waits, what money settles.

`scripts/_pilot/programme.yaml` shows one. A holder is an address or the name of a key, never a key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field, ValidationInfo, field_validator, model_validator

from .ceilings import CeilingTerms
from .countries import Country
from .investors import INVESTOR_CLASSES, parse_country
from .measures import DOLLAR, evidence_of, parse_dollars, parse_part, parse_unit, unit_id, wad
from .payments import Kind
from .powers import NEVER_OF_PEOPLE, OF_CONTRACTS, Role
from .reading import Unreadable, parse_address, parse_choice, parse_positive
from .stages import StageFile
from .terms import CURRENCIES, Text, YesNo
from .yaml_files import Fault, StrictModel, parsed, read_model, refuse_all

if TYPE_CHECKING:
    from .signers import Signers

PILOT_RUPEE = "pilot_rupee"

OF_PEOPLE = tuple(
    role for role in Role if role not in (*NEVER_OF_PEOPLE, Role.MINTER, Role.STANDARD_FORM)
)
"""Every programme names holders of these."""

MUST_WAIT = (
    *(Role.ADMIN, Role.RELEASER, Role.COMPLIANCE_OFFICER, Role.STEWARD),
    *(Role.BOARD, Role.LICENSOR),
)
"""Roles that widen power or undo a protection: nothing they do happens at once."""
MUST_NOT_WAIT = (Role.REGULATOR, Role.FREEZER, Role.GUARDIAN, Role.EMERGENCY)
"""Roles that protect, which is of no use a day later."""
FOR_TWO = (
    Role.ADMIN,
    Role.COMPLIANCE_OFFICER,
    Role.ORDER_EXECUTOR,
    Role.RECOVERY_AGENT,
    Role.FISCAL_AGENT,
    Role.STEWARD,
    Role.RATE_AGENT,
    Role.BOARD,
)
"""Roles that issue, move holdings or widen limits: in production each is a Safe's."""

_ISSUERS = (Role.ISSUER, Role.MINTER, Role.FISCAL_AGENT)
_KEEPERS = (Role.CUSTODIAN, Role.AUDITOR)

_APART: Final = (
    ((Role.ISSUER,), (Role.MINTER, Role.FISCAL_AGENT, Role.REGISTRAR)),
    ((Role.ORDER_EXECUTOR,), (Role.REGISTRAR, Role.REGULATOR)),
    ((Role.MINTER,), (Role.COMPLIANCE_OFFICER, Role.STEWARD, Role.REGULATOR)),
    ((Role.PAUSE_CONFIRMER,), (Role.REGULATOR, Role.EMERGENCY)),
    ((Role.EMERGENCY,), (Role.RELEASER,)),
    (_KEEPERS, (*_ISSUERS, Role.REGISTRAR)),
    ((Role.CUSTODIAN,), (Role.AUDITOR,)),
    (_ISSUERS, (Role.BOARD, Role.RATE_AGENT, Role.LICENSOR)),
    ((Role.BOARD,), (Role.RATE_AGENT, Role.REGULATOR)),
)
"""None of the first may meet any of the second; in the order of `Authority.incompatibleWith`."""


def _incompatible(role: Role) -> frozenset[Role]:
    those = (others for some, others in _APART if role in some)
    these = (some for some, others in _APART if role in others)
    return frozenset(other for side in (*those, *these) for other in side)


INCOMPATIBLE: Mapping[Role, frozenset[Role]] = {
    role: apart for role in Role if (apart := _incompatible(role))
}
"""Roles that must not meet in one hand: `Authority.incompatibleWith`, by role."""

_KINDS = {kind.name.lower(): kind for kind in Kind}
_LONGEST_DELAY_HOURS = 24 * 30
_HOUR, _DAY = 3_600, 86_400
TEN_YEARS = 3_652  # days, as `PayingAgent` begins


def _parse_holder(text: str) -> str:
    if text.startswith("0x"):
        return parse_address(text)
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,40}", text):
        raise Unreadable("is no holder", "an address, or the name of a key such as fiscal_agent")
    return text


def parse_tax_rate(text: str) -> int:
    """A rate in per cent as the millionths that contracts keep."""
    if not re.fullmatch(r"\d{1,3}(\.\d{1,4})?", text) or Decimal(text) > 100:
        raise Unreadable("is no rate in per cent", "0 to 100, with at most four decimals")
    return int(Decimal(text) * 10_000)


def _parse_cash(text: str) -> str:
    return text if text == PILOT_RUPEE else parse_address(text)


def _whole(least: int, most: int, unit: str) -> Any:
    def parse(text: str) -> int:
        if not re.fullmatch(r"\d{1,6}", text) or not least <= int(text) <= most:
            raise Unreadable("is out of range", f"{least} to {most} {unit}")
        return int(text)

    return parsed(parse)


Holder = Annotated[str, parsed(_parse_holder)]
Holders = Annotated[tuple[Holder, ...], Field(strict=False)]
Topic = Annotated[str, parsed(lambda text: parse_choice(text, {text: text}))]


class Duty(StrictModel):
    """The holders of one role, and how long their acts wait."""

    holders: Holders
    delay_hours: Annotated[int, _whole(0, _LONGEST_DELAY_HOURS, "hours")] = 0

    @property
    def delay(self) -> int:
        """In seconds."""
        return self.delay_hours * _HOUR


class ClaimIssuer(StrictModel):
    """Who vouches for investors, and on what."""

    holder: Holder
    topics: Annotated[tuple[Topic, ...], Field(strict=False)]


class Cash(StrictModel):
    """The money that settles."""

    token: Annotated[str, parsed(_parse_cash)]
    currency: Annotated[str, parsed(lambda text: parse_choice(text, {c: c for c in CURRENCIES}))]

    @property
    def is_pilot_rupee(self) -> bool:
        return self.token == PILOT_RUPEE

    @property
    def currency_code(self) -> int:
        """ISO 4217 numeric."""
        return CURRENCIES[self.currency]


class SafeParts(StrictModel):
    """What a Safe needs beside itself to carry out what it is proposed."""

    multi_send: Annotated[str, parsed(parse_address)]
    """MultiSendCallOnly 1.4.1, through which it makes several calls at once."""


class TaxRate(StrictModel):
    """What is withheld of one kind of income, from whom."""

    income: Annotated[Kind, parsed(lambda text: parse_choice(text, _KINDS))]
    rate: Annotated[int, parsed(parse_tax_rate)]
    """Millionths; as it is written, per cent."""
    of: Annotated[int, parsed(lambda text: parse_choice(text, INVESTOR_CLASSES))] = 0
    """Code of a class of investor; zero is every class without a rate of its own."""
    residents: YesNo | None = None
    """None is residents and non-residents alike."""
    reducible: YesNo = False
    """Whether an investor's certificate may lower it."""

    @property
    def rows(self) -> list[tuple[tuple[int, int, bool], int, bool, int]]:
        """As `WithholdingTax.setRates` takes them, from at once."""
        whose = (True, False) if self.residents is None else (self.residents,)
        return [((int(self.income), self.of, who), self.rate, self.reducible, 0) for who in whose]


class Tax(StrictModel):
    """Who receives what is withheld, and the rates to begin with."""

    authority: Holder
    rates: Annotated[tuple[TaxRate, ...], Field(strict=False)]

    @property
    def rows(self) -> list[tuple[tuple[int, int, bool], int, bool, int]]:
        """All rates, as `WithholdingTax.setRates` takes them."""
        return [row for rate in self.rates for row in rate.rows]


class ReferenceRate(StrictModel):
    """What one unit is worth in US dollars to begin with, and how far its agent may move that."""

    unit: Annotated[str, parsed(parse_unit)]
    dollars: Annotated[Decimal, parsed(parse_dollars)]
    move: Annotated[int, parsed(parse_part)]
    """Ten-thousandths of the rate before, at once; as it is written, per cent."""
    drift: Annotated[int, parsed(parse_part)]
    """Likewise, of any rate of the last `days`."""
    days: Annotated[int, _whole(1, 366, "days")]
    age_days: Annotated[int, _whole(1, 3 * 366, "days")]
    """After which it is stale, and measures nothing new."""
    source: Text
    """What it was taken from, whose hash is its evidence."""

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """As `RateBounds` of the contracts."""
        return (self.move, self.drift, self.days * _DAY, self.age_days * _DAY)

    @property
    def opening(self) -> tuple[bytes, int, tuple[int, int, int, int], bytes]:
        """As `OpeningRate` of the contracts."""
        return unit_id(self.unit), wad(self.dollars), self.bounds, evidence_of(self.source)


class Policy(StrictModel):
    """The regulator's settings of the registry, and how long unpaid money waits."""

    verdict_age_days: Annotated[int, _whole(0, 30, "days")]
    attestation_age_days: Annotated[int, _whole(1, 3 * 365, "days")]
    recovery_window_hours: Annotated[int, _whole(24, 720, "hours")]
    lapsed_may_send: YesNo
    escheat_days: Annotated[int, _whole(180, 100 * 365, "days")] = TEN_YEARS
    """After which what could not be paid goes to the treasury."""

    @property
    def max_age(self) -> int:
        """Seconds."""
        return self.verdict_age_days * _DAY

    @property
    def max_attestation_age(self) -> int:
        """Seconds."""
        return self.attestation_age_days * _DAY

    @property
    def escheat_period(self) -> int:
        """Seconds."""
        return self.escheat_days * _DAY

    @property
    def recovery_window(self) -> int:
        """Seconds."""
        return self.recovery_window_hours * _HOUR


class ProgrammeFile(StrictModel):
    """Everything that a deployment writes, and who will hold it."""

    name: Text
    issuer: Text
    country: Annotated[Country, parsed(parse_country)]
    chain_id: Annotated[int, parsed(parse_positive)] | None = None
    """The only chain that it is for; any where it is left out."""
    signers: dict[str, str] = {}
    """Names of keys and where each is: a keyfile, or the alias of an Ape account."""
    roles: dict[str, Duty]
    claim_topics: dict[str, Annotated[int, parsed(parse_positive)]]
    claim_issuers: Annotated[tuple[ClaimIssuer, ...], Field(strict=False)]
    treasury: Holder
    cash: Cash
    tax: Tax
    rates: Annotated[tuple[ReferenceRate, ...], Field(strict=False)]
    ceiling: CeilingTerms
    stage: StageFile
    """The stage that it begins in."""
    policy: Policy
    safe: SafeParts | None = None

    @cached_property
    def duties(self) -> dict[Role, Duty]:
        """Holders by role, in the order of the roles' ids."""
        by_role = {Role[name.upper()]: duty for name, duty in self.roles.items()}
        return dict(sorted(by_role.items()))

    @cached_property
    def seats(self) -> dict[str, str]:
        """Names that sign nothing here, because an address holds them: a Safe's, as a rule."""
        first = {role.name.lower(): duty.holders[0] for role, duty in self.duties.items()}
        first |= {"treasury": self.treasury, "tax_authority": self.tax.authority}
        return {name: holder for name, holder in first.items() if holder.startswith("0x")}

    @field_validator("roles")
    @classmethod
    def _separate_roles(cls, roles: dict[str, Duty]) -> dict[str, Duty]:
        refuse_all(_role_faults(roles))
        return roles

    @field_validator("claim_issuers")
    @classmethod
    def _known_topics(
        cls, issuers: tuple[ClaimIssuer, ...], info: ValidationInfo
    ) -> tuple[ClaimIssuer, ...]:
        topics: dict[str, int] = info.data.get("claim_topics") or {}
        if topics:
            refuse_all(_topic_faults(issuers, topics))
        return issuers

    @field_validator("tax")
    @classmethod
    def _one_rate_each(cls, tax: Tax) -> Tax:
        refuse_all(_rate_faults(tax))
        return tax

    @field_validator("rates")
    @classmethod
    def _one_measure_each(cls, rates: tuple[ReferenceRate, ...]) -> tuple[ReferenceRate, ...]:
        refuse_all(_measure_faults(rates))
        return rates

    @model_validator(mode="after")
    def _topics_differ(self) -> ProgrammeFile:
        if len(set(self.claim_topics.values())) != len(self.claim_topics):
            refuse_all([("claim_topics", "gives two topics one number", "a number for each")])
        return self

    def topics_of(self, issuer: ClaimIssuer) -> list[int]:
        """The topics' numbers, in ascending order."""
        return sorted(self.claim_topics[name] for name in issuer.topics)

    def address_of(self, holder: str, signers: Signers) -> str:
        """A holder's address; NotPermitted where no key of that name is known."""
        return holder if holder.startswith("0x") else signers[holder].address


def read_programme(path: Path) -> ProgrammeFile:
    """Read a programme file; raises `InputProblems` with everything that is wrong in it."""
    return read_model(path, ProgrammeFile)


def _role_faults(roles: Mapping[str, Duty]) -> Iterator[Fault]:
    known = {role.name.lower(): role for role in Role}
    duties: dict[Role, Duty] = {}
    for name, duty in roles.items():
        if (role := known.get(name)) is None:
            yield name, "is not a role", "one of " + ", ".join(r.name.lower() for r in OF_PEOPLE)
        else:
            duties[role] = duty
            yield from _duty_faults(name, role, duty)
    for role in OF_PEOPLE:
        if role not in duties:
            yield role.name.lower(), "is missing", "a mapping with its holders"
    yield from _meeting_faults(duties)


def _duty_faults(name: str, role: Role, duty: Duty) -> Iterator[Fault]:
    if role is Role.STANDARD_FORM:
        yield name, "opens acts without a reference and is nobody's", "leave it out"
    if role in NEVER_OF_PEOPLE:
        holder = ", ".join(OF_CONTRACTS[role])
        yield name, f"is held by the programme's own contract {holder} alone", "leave it out"
    if role in MUST_WAIT and not duty.delay_hours:
        yield f"{name}.delay_hours", "is nothing, for a role that widens power", "1 hour or more"
    if role in MUST_NOT_WAIT and duty.delay_hours:
        yield f"{name}.delay_hours", "makes a protection wait", "leave it out"
    if not duty.holders:
        yield f"{name}.holders", "is empty", "one holder at least"
    if len(set(duty.holders)) != len(duty.holders):
        yield f"{name}.holders", "names a holder twice", "each once"


def _meeting_faults(duties: Mapping[Role, Duty]) -> Iterator[Fault]:
    """Each pair of roles that meets in one hand, told once, at the role that comes later."""
    for role, others in INCOMPATIBLE.items():
        for other in sorted(others):
            if other > role or other not in duties or role not in duties:
                continue
            shared = set(duties[role].holders) & set(duties[other].holders)
            for holder in sorted(shared):
                yield (
                    f"{role.name.lower()}.holders",
                    f"gives {holder}, who is {other.label}, a role that must not meet it",
                    "another holder",
                )


def _rate_faults(tax: Tax) -> Iterator[Fault]:
    """No rate is not a rate of zero, and there is one rate for each."""
    given = [who for who, *_ in tax.rows]
    for kind in Kind:
        if not {(int(kind), 0, True), (int(kind), 0, False)} <= set(given):
            yield "rates", f"have none on {kind.name.lower()} for every class", "a rate, if of 0"
    if len(set(given)) != len(given):
        yield "rates", "give two rates for the same", "one rate for each"


def _measure_faults(rates: Iterable[ReferenceRate]) -> Iterator[Fault]:
    """Each unit once, the dollar not at all, and no move that the drift would not bear."""
    seen: set[str] = set()
    for place, rate in enumerate(rates, 1):
        if rate.unit in seen:
            yield f"{place}.unit", f"names {rate.unit} twice", "each unit once"
        if rate.unit == DOLLAR:
            yield f"{place}.unit", "is the dollar, which is always one", "leave it out"
        if rate.move > rate.drift:
            yield f"{place}.move", "is more than the drift", "the drift at most"
        seen.add(rate.unit)


def _topic_faults(issuers: Iterable[ClaimIssuer], topics: Mapping[str, int]) -> Iterator[Fault]:
    for place, issuer in enumerate(issuers, 1):
        if not issuer.topics:
            yield f"{place}.topics", "is empty", "one topic at least"
        for name in issuer.topics:
            if name not in topics:
                yield f"{place}.topics", f"names {name}", "one of " + ", ".join(topics)
