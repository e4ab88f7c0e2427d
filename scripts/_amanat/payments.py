"""One payment that a series owes: what the paying agent keeps of it and what the series says.

A payment is named by its series, its kind and its number: the redemption is (Redemption, 0), and a
distribution is the coupon or rental of a period, or the revenue of a declaration, counted from 0 as
on the chain. What each holder is owed is read at the record date, never "now". Amounts are in
smallest units of cash.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scripts._amanat.errors import ChainRefused, InputRefused
from scripts._amanat.network import RpcError
from scripts._amanat.onchain import Contract, Programme, Query, Series

if TYPE_CHECKING:
    from scripts._amanat.command import Desk

FUNDER = "treasury"
PAGE = 50  # holders in one transaction: about 6 million gas at most
PAISA = 2  # decimals in which people write money


class Kind(IntEnum):
    """What a payment is for, as in `IObligor.PaymentKind`."""

    REDEMPTION = 1
    COUPON = 2
    RENTAL = 3
    REVENUE = 4


class Status(IntEnum):
    """Where a payment stands, as in `IPayingAgent.PaymentStatus`."""

    UNKNOWN = 0
    ANNOUNCED = 1
    FUNDED = 2
    MISSED = 3
    COMPLETED = 4


class Payout(IntEnum):
    """How a payment stands towards one holder, as in `IPayingAgent.PayoutState`."""

    OPEN = 0
    SET_ASIDE = 1
    PAID = 2
    ESCHEATED = 3


DISTRIBUTIONS = {
    "GovernmentBond": Kind.COUPON,
    "IjarahSukuk": Kind.RENTAL,
    "RevenueShare": Kind.REVENUE,
}
"""What each class of asset pays for a period; a class that stands not here has no periods."""


@dataclass(frozen=True)
class Payment:
    """Which payment of which series, and how it is made.

    `period` is counted from 0; None means the redemption. `amount` is what shall stand paid in
    after funding, in units of the currency; None means all of it.
    """

    series: str
    period: int | None = None
    page: int = PAGE
    funder: str = FUNDER
    amount: Decimal | None = None

    def __post_init__(self) -> None:
        if self.page < 1:
            raise InputRefused(f"page: {self.page} holders are no page")
        if self.period is not None and self.period < 0:
            raise InputRefused(f"period: {self.period}; periods are counted from 0")

    @property
    def words(self) -> str:
        """The options that name it on a command line."""
        which = "--redemption" if self.period is None else f"--period {self.period}"
        return f"{self.series} {which}"


@dataclass(frozen=True)
class Owed:
    """What a holder of the record date was not paid yet: units, and cash before tax."""

    units: int
    gross: int


@dataclass(frozen=True)
class SetAside:
    """A holder who cannot be paid now: what is owed before tax, and why not."""

    holder: str
    gross: int
    reason: str


def distribution_kind(series: Series) -> Kind:
    """What the series pays for a period; InputRefused where it has none."""
    if series.class_name not in DISTRIBUTIONS:
        raise InputRefused(
            f"{series.id} is a {series.class_name}, which pays nothing before its redemption",
            what_to_do=f"Run `ape run redeem {series.id}` at maturity.",
        )
    return DISTRIBUTIONS[series.class_name]


class Ledger:
    """One look at one payment; every fact is read once."""

    def __init__(self, desk: Desk, wish: Payment) -> None:
        self._desk, self._wish = desk, wish
        self.programme = Programme(desk.chain, desk.record)
        self.now = desk.chain.now()

    # ---------------------------------------------------------------- what it is

    @cached_property
    def series(self) -> Series:
        return self.programme.find_series(self._wish.series)

    @cached_property
    def kind(self) -> Kind:
        if self._wish.period is None:
            return Kind.REDEMPTION
        return distribution_kind(self.series)

    @property
    def number(self) -> int:
        return self._wish.period or 0

    @property
    def title(self) -> str:
        """`coupon 3 of PIB-…`, for sentences."""
        if self.kind is Kind.REDEMPTION:
            return f"the redemption of {self.series.id}"
        return f"{self.kind.name.lower()} {self.number} of {self.series.id}"

    @cached_property
    def agent(self) -> Contract:
        return self.programme["PayingAgent"]

    @cached_property
    def id(self) -> bytes:
        found: bytes = self.agent.read(
            "paymentIdOf", self.series.address, int(self.kind), self.number
        )
        return found

    # ---------------------------------------------------------------- what the agent keeps

    @cached_property
    def state(self) -> Any:
        """The payment's terms and ledger, as `PaymentState`."""
        return self.agent.read("payment", self.id)

    @property
    def status(self) -> Status:
        return Status(self.state.status)

    @property
    def is_announced(self) -> bool:
        return self.status is not Status.UNKNOWN

    @cached_property
    def cash(self) -> Contract:
        if self.is_announced:
            return Contract(self._desk.chain, "PilotRupee", self.state.cash)
        return self.programme.cash

    @cached_property
    def decimals(self) -> int:
        return int(self.cash.read("decimals"))

    @property
    def can_be_noted_missed(self) -> bool:
        """Whether it is due and not there, and nobody has said so on the chain yet."""
        try:
            self._asked(self.agent.query("markMissed", self.id))
        except ChainRefused:
            return False
        return True

    @cached_property
    def missing(self) -> int:
        """What is still to be paid in, as far as is known now."""
        if self.is_announced:
            return int(self._asked(self.agent.query("missing", self.id)))
        return self.total

    # ---------------------------------------------------------------- what the series says

    @cached_property
    def obligation(self) -> Any:
        """Record date and due time by the series' own terms, as `Obligation`."""
        return self._series_says("obligation")

    @property
    def record_at(self) -> int:
        """Unix time of the record date, which no calendar moves."""
        return int(self.obligation.recordAt)

    @property
    def due(self) -> int:
        """Unix time from which it may be paid: as announced, else as the series says."""
        return int(self.state.due if self.is_announced else self.obligation.due)

    @property
    def is_redated(self) -> bool:
        """True where its dates are others by now than those announced: the calendar has moved its
        day, or the series was called."""
        said = (self.obligation.recordAt, self.obligation.due)
        return self.is_announced and (self.state.recordAt, self.state.due) != said

    @property
    def record_has_passed(self) -> bool:
        return self.now >= self.record_at

    @cached_property
    def units(self) -> int:
        """Supply that is paid: at the record date, or of now while that lies ahead."""
        if not self.record_has_passed:
            return self.series.supply
        return int(self.series.token.read("totalSupplyAt", self.obligation.recordId))

    @cached_property
    def total(self) -> int:
        """What all units are paid, before tax; ChainRefused where no rate is set yet."""
        return int(self._series_says("obligationAmount", self.units, self.decimals))

    @cached_property
    def entitlement(self) -> Any:
        """What one calculation amount is paid, as `Entitlement`; a holding its share, floored."""
        return self._series_says("entitlement", self.decimals)

    def _series_says(self, function: str, *args: Any) -> Any:
        token = self.series.token
        return self._asked(token.query(function, int(self.kind), self.number, *args))

    def _asked(self, query: Query) -> Any:
        """An answer, or the contract's own error in words."""
        try:
            return query.answer(self._desk.chain.request("eth_call", query.request, "latest"))
        except RpcError as answer:
            if not answer.is_revert:
                raise
            reason = self._desk.artifacts.explain_revert(answer.data)
            raise ChainRefused(self.title, reason, answer.data) from None

    # ---------------------------------------------------------------- its holders

    @cached_property
    def owed(self) -> dict[str, Owed]:
        """Holders of the record date who were not paid in full yet; none before that date."""
        if not self.record_has_passed or not self.units or self._is_of_nothing:
            return {}
        holders = self.programme.accounts(self.series.token)
        if not self.state.units:
            return self._expected(holders)
        left = self.programme.ask([self.agent.query("owed", self.id, h) for h in holders])
        return {
            holder: Owed(owed.units, owed.gross)
            for holder, owed in zip(holders, left, strict=True)
            if owed.units
        }

    @property
    def _is_of_nothing(self) -> bool:
        """A declaration that left nothing to share; a redemption for nothing burns all the same."""
        return self.kind is not Kind.REDEMPTION and not self.total

    def _expected(self, holders: Sequence[str]) -> dict[str, Owed]:
        """What they will be owed once funding has fixed it; nobody is paid before."""
        token, record_id = self.series.token, self.obligation.recordId
        held = self.programme.ask([token.query("balanceOfAt", h, record_id) for h in holders])
        share = self.entitlement
        return {
            holder: Owed(units, share.amount * units // share.units)
            for holder, units in zip(holders, held, strict=True)
            if units
        }

    @cached_property
    def set_aside(self) -> tuple[SetAside, ...]:
        """Holders whom a page set aside and who could still not be paid."""
        if not self.is_announced:
            return ()
        holders = list(self.owed)
        marks = self.programme.ask([self.agent.query("payoutOf", self.id, h) for h in holders])
        marked = [h for h, mark in zip(holders, marks, strict=True) if mark == Payout.SET_ASIDE]
        found = ((holder, self._why_not(holder)) for holder in marked)
        return tuple(SetAside(h, self.owed[h].gross, why) for h, why in found if why)

    @property
    def payable(self) -> Sequence[str]:
        """Holders whom a page can be expected to pay, in the order in which pages go."""
        hopeless = {each.holder for each in self.set_aside}
        return sorted((h for h in self.owed if h not in hopeless), key=lambda h: int(h, 16))

    @cached_property
    def tax_to_come(self) -> int:
        """What will be withheld from those whom a page can be expected to pay, by today's rates."""
        holders, share = self.payable, self.entitlement
        if not holders or not share.taxable:
            return 0
        table = self.programme["WithholdingTax"]
        records = self.programme.records(holders)
        answers = self.programme.ask(
            [
                table.query(
                    "taxOn",
                    int(self.kind),
                    records[holder].word,
                    self.owed[holder].units * share.taxable // share.units,
                    self.decimals,
                )
                for holder in holders
            ]
        )
        return sum(answer.tax for answer in answers)

    def _why_not(self, holder: str) -> str:
        """The reason for which a claim would fail now; empty where it would pass."""
        try:
            self._asked(self.agent.query("claim", self.id, holder))
        except ChainRefused as refusal:
            return refusal.reason
        return ""

    # ---------------------------------------------------------------- money in words

    def money(self, amount: int) -> str:
        """Smallest units of cash as people write them: 4,919,075.00."""
        return f"{Decimal(amount).scaleb(-self.decimals):,.{max(PAISA, 0)}f}"

    def smallest(self, amount: Decimal) -> int:
        """An amount of money in smallest units of cash; never rounds."""
        return int(amount.scaleb(self.decimals))


def upcoming(programme: Programme, series: Series) -> dict[str, Any] | None:
    """The payment that the series makes next, for the JSON document; None where it cannot be told.

    `due` is Unix seconds; None where no calendar of that year is published yet.
    """
    kind, number = Kind.REDEMPTION, 0
    try:
        if series.class_name in DISTRIBUTIONS:
            told = series.token.read("nextPayment")
            kind, number, when = Kind(told.kind), int(told.number), told.when
        else:
            when = series.token.read("obligation", int(kind), number)
    except RpcError as answer:
        if not answer.is_revert:
            raise
        return None
    return {
        "kind": kind.name.lower(),
        "number": number,
        "record_at": when.recordAt,
        "due": when.due,
        "status": _status(programme, series, kind, number).name.lower(),
    }


def missed(programme: Programme, series: Series) -> list[dict[str, Any]]:
    """Payments of the series that were due and were not there, as the paying agent marked them."""
    found = []
    for event in programme.events("PayingAgent", "Announced"):
        told = event.arguments
        if told["token"] != series.address:
            continue
        kind, number = Kind(told["kind"]), int(told["number"])
        if _status(programme, series, kind, number) is Status.MISSED:
            missing = programme["PayingAgent"].read("missing", told["paymentId"])
            found.append({"kind": kind.name.lower(), "number": number, "missing": missing})
    return found


def _status(programme: Programme, series: Series, kind: Kind, number: int) -> Status:
    agent = programme["PayingAgent"]
    payment = agent.read("paymentIdOf", series.address, int(kind), number)
    return Status(agent.read("payment", payment).status)
