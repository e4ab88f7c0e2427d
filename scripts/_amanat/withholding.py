"""Tax withheld from profit: rates by what is paid, by class, residence and date; certificates.

The figures are the tax authority's and change with every budget: they are data with a date, and
none stands in the code. `contracts/settlement/WithholdingTax.sol` answers alike on-chain, where a
date begins at its first instant in Pakistan.

Gross, tax and net are three figures, each in paisa; the tax is rounded half-up, once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .countries import PAKISTAN, CountryCode
from .payments import Kind
from .pricing import Paisa, round_half_up

WHOLE_PERCENT = Decimal(100)


class WithholdingError(ValueError):
    """A rate that cannot be, or one that nobody set: no rate is not a rate of zero."""


@dataclass(frozen=True)
class TaxRate:
    """What is withheld from income of a kind, from `first` on, until a later row takes over."""

    kind: Kind
    investor_class: str | None
    """None is every class that has no row of its own."""
    resident: bool
    first: date
    rate_percent: Decimal
    reducible: bool = False
    """Whether a certificate may lower it."""

    def __post_init__(self) -> None:
        _require_rate(self.rate_percent)


@dataclass(frozen=True)
class TaxCertificate:
    """An investor's certificate, by treaty or exemption; `last` is the last day that it holds."""

    kind: Kind
    investor: str
    rate_percent: Decimal
    first: date
    last: date

    def __post_init__(self) -> None:
        _require_rate(self.rate_percent)
        if self.last < self.first:
            raise WithholdingError(f"the certificate of {self.investor} ends before it begins")


@dataclass(frozen=True)
class Taxpayer:
    """An investor as the tax sees it."""

    investor: str
    investor_class: str
    country: CountryCode


@dataclass(frozen=True)
class Withheld:
    """What an investor is paid, in paisa: gross = tax + net."""

    gross: Paisa
    tax: Paisa

    @property
    def net(self) -> Paisa:
        return Paisa(self.gross - self.tax)


class WithholdingTable:
    """All rates and certificates; of several rows for the same payees the latest begun holds."""

    def __init__(
        self,
        rates: Iterable[TaxRate],
        certificates: Iterable[TaxCertificate] = (),
        residence: CountryCode = PAKISTAN,
    ) -> None:
        """`residence` is the country that levies the tax; raises WithholdingError for twins."""
        self._rates: dict[tuple[Kind, str | None, bool], dict[date, TaxRate]] = {}
        self._certificates = tuple(certificates)
        self._residence = residence
        for rate in rates:
            key = rate.kind, rate.investor_class, rate.resident
            if rate.first in self._rates.setdefault(key, {}):
                raise WithholdingError(f"two rates for {_words(key)} from {rate.first}")
            self._rates[key][rate.first] = rate

    def rate_on(self, day: date, kind: Kind, payee: Taxpayer) -> Decimal:
        """The rate in per cent that a payee is taxed at on `day`, the day of payment.

        Its own class comes before the rate of every class; a certificate lowers a reducible rate
        and never raises one. Raises WithholdingError where nobody set a rate.
        """
        resident = payee.country == self._residence
        row = self._row(day, kind, payee.investor_class, resident) or self._row(
            day, kind, None, resident
        )
        if row is None:
            key = kind, payee.investor_class, resident
            raise WithholdingError(f"no rate is set for {_words(key)} on {day}")
        lowered = [
            certificate.rate_percent
            for certificate in self._certificates
            if (certificate.kind, certificate.investor) == (kind, payee.investor)
            and certificate.first <= day <= certificate.last
        ]
        return min([row.rate_percent, *lowered]) if row.reducible else row.rate_percent

    def withhold(
        self, day: date, kind: Kind, payee: Taxpayer, gross: Paisa, taxable: Paisa | None = None
    ) -> Withheld:
        """What is withheld from a payment of `gross`, of which `taxable` is income (else all)."""
        rate = self.rate_on(day, kind, payee)
        return withheld(gross, rate, taxable)

    def _row(
        self, day: date, kind: Kind, investor_class: str | None, resident: bool
    ) -> TaxRate | None:
        begun = self._rates.get((kind, investor_class, resident), {})
        first = max((first for first in begun if first <= day), default=None)
        return begun[first] if first else None


def withheld(gross: Paisa, rate_percent: Decimal, taxable: Paisa | None = None) -> Withheld:
    """Tax of `rate_percent` on the part of `gross` that is income (all, unless `taxable` says so).

    20 % on a discount of 80,925.00 is 16,185.00. Raises WithholdingError for income above gross.
    """
    _require_rate(rate_percent)
    income = gross if taxable is None else taxable
    if not 0 <= income <= gross:
        raise WithholdingError(f"income lies between 0 and the gross {gross} paisa, not {income}")
    return Withheld(gross, Paisa(int(round_half_up(income * Fraction(rate_percent) / 100))))


def _require_rate(rate_percent: Decimal) -> None:
    if not 0 <= rate_percent <= WHOLE_PERCENT:
        raise WithholdingError(f"a rate lies between 0 and 100 %, not {rate_percent} %")
    if rate_percent != round(rate_percent, 4):
        raise WithholdingError(f"a rate has at most four decimals: {rate_percent} %")


def _words(key: tuple[Kind, str | None, bool]) -> str:
    kind, investor_class, resident = key
    who = "residents" if resident else "non-residents"
    return f"{kind.name.lower()} to {who} of {investor_class or 'every class'}"
