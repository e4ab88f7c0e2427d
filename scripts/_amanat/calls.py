"""The issuer's call: a series that ends early, where its terms allow it and with their notice."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from scripts._amanat.business_days import epoch_day, from_epoch_day, start_of_day_karachi
from scripts._amanat.command import Desk, Work
from scripts._amanat.console import instant
from scripts._amanat.delayed import Prepared, prepare
from scripts._amanat.errors import InputRefused
from scripts._amanat.onchain import Programme, Series
from scripts._amanat.payments import Ledger, Payment
from scripts._amanat.plan import Call, Plan, Step, digest
from scripts._amanat.pricing import PricePer100E4, from_price_e4
from scripts._amanat.proof import Check

OPERATION = "call"
ISSUER = "issuer"


@dataclass(frozen=True)
class CallNotice:
    """The hash of the decision, and when the series ends by it: a bond with a period, a revenue
    share on a day."""

    series: str
    decision: bytes
    period: int | None = None
    day: date | None = None

    def __post_init__(self) -> None:
        if (self.period is None) == (self.day is None):
            raise InputRefused("name either --period, of a bond, or --day, of a revenue share")


def call(wish: CallNotice, *, command: str) -> Work:
    """Call it, once; `command` finishes the matter where the issuer has to wait."""
    act: type[_Act] = _BondCall if wish.day is None else _RevenueCall
    return Work(
        operation=OPERATION,
        wish=digest(wish),
        plan=lambda desk: act(desk, wish, command).plan(),
        verify=lambda desk: act(desk, wish, command).verify(),
        report=lambda desk: act(desk, wish, command).report(),
        left=lambda desk: act(desk, wish, command).plan().pending,
    )


class _Act(ABC):
    """One look at the chain, and what follows from it."""

    def __init__(self, desk: Desk, wish: CallNotice, command: str) -> None:
        self._desk, self._wish, self._command = desk, wish, command
        self._programme = Programme(desk.chain, desk.record)

    @cached_property
    def _series(self) -> Series:
        series = self._programme.find_series(self._wish.series)
        if not self._lets_call(self._programme.terms(series)):
            raise InputRefused(f"the terms of {series.id} let nobody call it like that")
        return series

    @cached_property
    def _terms(self) -> Any:
        return self._programme.terms(self._series)

    def plan(self) -> Plan:
        """One step, at once or scheduled; InputRefused where it was called otherwise."""
        prepared = Prepared()
        if not self._called:
            self._require_possible()
            prepared = prepare(self._desk, self._step(), command=self._command)
        elif not self._called_as_wished:
            raise InputRefused(f"{self._series.id} was called already, {self._called_words}")
        wish = digest(self._wish)
        return Plan(OPERATION, wish, prepared.steps, self._notes(), prepared.pending)

    def _step(self) -> Step:
        token = self._series.token
        act = Call(token.address, token.artifact, *self._call)
        title = f"call {self._series.id} {self._words}"
        return Step(title, ISSUER, act, f"it is redeemed at {self._price} for 100 of face")

    @property
    def _price(self) -> str:
        return str(from_price_e4(PricePer100E4(self._price_e4)))

    def verify(self) -> Sequence[Check]:
        """The series says so, and what it owes at its end is the call price."""
        if not self._called and self.plan().pending:
            return []  # promised for later
        return self._checks()

    # ---------------------------------------------------------------- of each class

    @staticmethod
    @abstractmethod
    def _lets_call(terms: Any) -> bool: ...

    @property
    @abstractmethod
    def _called(self) -> int:
        """Zero where it was not called."""

    @property
    @abstractmethod
    def _called_as_wished(self) -> bool: ...

    @property
    @abstractmethod
    def _called_words(self) -> str: ...

    @property
    @abstractmethod
    def _words(self) -> str: ...

    @property
    @abstractmethod
    def _call(self) -> tuple[str, tuple[Any, ...]]: ...

    @property
    @abstractmethod
    def _price_e4(self) -> int: ...

    @abstractmethod
    def _require_possible(self) -> None:
        """InputRefused where no such call can be."""

    @abstractmethod
    def _notes(self) -> tuple[str, ...]: ...

    @abstractmethod
    def _checks(self) -> Sequence[Check]: ...

    @abstractmethod
    def report(self) -> Mapping[str, Any]:
        """When and at what price it ends."""


class _BondCall(_Act):
    """At the end of a period: no later one is paid."""

    @staticmethod
    def _lets_call(terms: Any) -> bool:
        return bool(getattr(terms, "callableFrom", 0))

    @property
    def _period(self) -> int:
        assert self._wish.period is not None
        return self._wish.period

    @cached_property
    def _called(self) -> int:
        """Periods that are left of a called series."""
        return int(self._series.token.read("calledAfter"))

    @property
    def _called_as_wished(self) -> bool:
        return self._called == self._period + 1

    @property
    def _called_words(self) -> str:
        return f"with period {self._called - 1}"

    @property
    def _words(self) -> str:
        return f"with period {self._period}"

    @property
    def _call(self) -> tuple[str, tuple[Any, ...]]:
        return "call(uint256,bytes32)", (self._period, self._wish.decision)

    @property
    def _price_e4(self) -> int:
        return int(self._terms.callPrice)

    def _require_possible(self) -> None:
        count = self._series.token.read("periodCount")
        if self._period >= count:
            name = self._series.id
            raise InputRefused(f"period: {name} has no period {self._period}, but {count}")

    def _notes(self) -> tuple[str, ...]:
        period = self._series.token.read("period", self._period)
        due, record_at = instant(period.due), instant(period.recordAt)
        return (
            f"period {self._period} ends {due}; record date {record_at}; "
            f"{self._terms.callNoticeDays} days of notice",
        )

    def _checks(self) -> Sequence[Check]:
        count = self._period + 1
        ledger = Ledger(self._desk, Payment(self._wish.series))
        return [
            Check("periods that are left", count, self._called),
            Check("record date of the redemption", count, ledger.obligation.recordId),
        ]

    def report(self) -> Mapping[str, Any]:
        ledger = Ledger(self._desk, Payment(self._wish.series))
        return {
            "series": self._series.id,
            "called": bool(self._called),
            "period": self._period,
            "redemption_due": ledger.due,
            "price": self._price,
        }


class _RevenueCall(_Act):
    """For a day: revenue from then on is not shared."""

    @staticmethod
    def _lets_call(terms: Any) -> bool:
        return hasattr(terms, "calls") and bool(terms.calls[0][0])

    @property
    def _day(self) -> date:
        assert self._wish.day is not None
        return self._wish.day

    @cached_property
    def _called(self) -> int:
        """The day it was called for, days since 1970-01-01."""
        return int(self._series.token.read("calledFor"))

    @property
    def _called_as_wished(self) -> bool:
        return self._called == epoch_day(self._day)

    @property
    def _called_words(self) -> str:
        return f"for {from_epoch_day(self._called)}"

    @property
    def _words(self) -> str:
        return f"for {self._day:%d-%b-%Y}"

    @property
    def _call(self) -> tuple[str, tuple[Any, ...]]:
        return "call(uint32,bytes32)", (epoch_day(self._day), self._wish.decision)

    @cached_property
    def _price_e4(self) -> int:
        """Of the last step of the schedule that has begun."""
        begun = [price for first, price in self._terms.calls if first <= epoch_day(self._day)]
        steps = [price for price in begun if price]
        return steps[-1] if steps else 0

    def _require_possible(self) -> None:
        terms, faults = self._terms, []
        first, end = from_epoch_day(terms.calls[0][0]), from_epoch_day(terms.statedMaturity)
        if not first <= self._day < end:
            faults.append(f"day: is {self._day}; right: {first} or later, and before {end}")
        notice = timedelta(days=max(1, terms.callNoticeDays) - 1)
        if self._desk.chain.now() >= start_of_day_karachi(self._day - notice):
            days = terms.callNoticeDays
            faults.append(f"day: is {self._day}, for which {days} days of notice are not left")
        if faults:
            raise InputRefused(f"{self._series.id} cannot be called like that", faults)

    def _notes(self) -> tuple[str, ...]:
        return (
            f"{self._series.id} ends {instant(start_of_day_karachi(self._day))}; what it earned "
            f"until then is still declared, to who holds at that time; "
            f"{self._terms.callNoticeDays} days of notice",
        )

    def _checks(self) -> Sequence[Check]:
        token, ends = self._series.token, start_of_day_karachi(self._day)
        return [
            Check("day it was called for", epoch_day(self._day), self._called),
            Check("last record date", ends, token.read("recordDates")[-1]),
        ]

    def report(self) -> Mapping[str, Any]:
        return {
            "series": self._series.id,
            "called": bool(self._called),
            "day": self._day.isoformat(),
            "price": self._price,
        }
