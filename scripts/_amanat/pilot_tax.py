"""The withholding tax by hand: what the files say, apart from what the chain makes of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from scripts._amanat.business_days import day_in_karachi
from scripts._amanat.investors import INVESTOR_CLASSES, Investor
from scripts._amanat.payments import Kind
from scripts._amanat.pilot_cast import Cast
from scripts._amanat.pricing import Paisa
from scripts._amanat.programme import read_programme
from scripts._amanat.tax_files import read_tax_table
from scripts._amanat.taxes import Certificate, Rate
from scripts._amanat.withholding import TaxCertificate, Taxpayer, TaxRate, WithholdingTable

RATES_PUBLISHED = date(2026, 1, 2)
"""The day on which the tax agent publishes its table."""
MILLIONTHS = 10_000  # of a per cent
_CLASSES = {code: name for name, code in INVESTOR_CLASSES.items()}


class Taxation:
    """Which rate holds for whom on which day: the programme's, then the tax agent's of 2026."""

    def __init__(self, cast: Cast, published: date) -> None:
        """`published`: the day on which the tax agent publishes its table."""
        self._cast = cast
        programme, table = read_programme(cast.files.programme), read_tax_table(cast.files.tax)
        first = [
            _rate(kind, code, resident, rate, reducible, date.min)
            for (kind, code, resident), rate, reducible, _ in programme.tax.rows
        ]
        later = [_later(rate, published) for rate in table.rates]
        certificates = [self._certificate(each, published) for each in table.certificates]
        self._table = WithholdingTable([*first, *later], certificates)

    def tax(self, day: date, kind: Kind, wallet: str, gross: int, income: int) -> int:
        """Paisa withheld from what a wallet is paid on a day, of which `income` is taxed."""
        payee = _taxpayer(self._cast.owner(wallet))
        return self._table.withhold(day, kind, payee, Paisa(gross), Paisa(income)).tax

    def _certificate(self, each: Certificate, published: date) -> TaxCertificate:
        owner = self._cast.owner(each.wallet)
        last = day_in_karachi(each.until - 1)
        rate = Decimal(each.rate) / MILLIONTHS
        return TaxCertificate(each.kind, owner.reference, rate, published, last)


def _taxpayer(investor: Investor) -> Taxpayer:
    return Taxpayer(investor.reference, investor.class_name, investor.country.numeric)


def _later(rate: Rate, published: date) -> TaxRate:
    first = day_in_karachi(rate.since) if rate.since else published
    who = rate.who
    return _rate(who.kind, who.investor_class, who.resident, rate.rate, rate.reducible, first)


def _rate(kind: int, code: int, resident: bool, rate: int, reducible: bool, first: date) -> TaxRate:
    per_cent = Decimal(rate) / MILLIONTHS
    return TaxRate(Kind(kind), _CLASSES.get(code), resident, first, per_cent, reducible)
