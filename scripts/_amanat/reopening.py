"""A tap: more of a series that stands, at clean prices, with what has accrued by its settlement.

Everything is judged by the terms and the rules as they stand on the chain: that each price and
yield belong together by the actual dates, and that what bidders pay is what the series computes.
Limits on holdings and holders are the chain's: a row that it refuses moves nothing and says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from scripts._amanat.allotment import Allotting, Sources
from scripts._amanat.auction import Admission, Sale, read_auction
from scripts._amanat.command import Desk, Work
from scripts._amanat.countries import BY_NUMERIC, CountryCode
from scripts._amanat.errors import InputRefused
from scripts._amanat.investors import INVESTOR_CLASSES, read_investors
from scripts._amanat.onchain import Programme, Series
from scripts._amanat.plan import Plan, digest
from scripts._amanat.quotes import Quote, quote_of
from scripts._amanat.terms import NonCompetitivePrice

OPERATION = "tap"


@dataclass(frozen=True)
class Reopening:
    """What is sold, when it is settled, and the files behind it."""

    series: str
    auction: Path
    settlement: date
    investors: Path
    non_competitive_price: NonCompetitivePrice = NonCompetitivePrice.WEIGHTED_AVERAGE
    fund_on_local_chain: bool = False


def tap(wish: Reopening, *, command: str) -> Work:
    """Settle the accepted bids that are not settled yet."""
    made: list[Allotting] = []

    def of(desk: Desk) -> Allotting:
        if not made:
            made.append(_Reopened(desk, wish, command).allotting())
        return made[0]

    def plan(desk: Desk) -> Plan:
        return of(desk).plan()

    def report(desk: Desk) -> dict[str, Any]:
        result = of(desk).result
        return {
            "bids": len(result.allotments),
            "face": int(result.face),
            "accrued": sum(each.accrued for each in result.allotments),
            "payment": int(result.payment),
        }

    return Work(
        operation=OPERATION,
        wish=digest((wish.series, wish.settlement)),
        plan=plan,
        verify=lambda desk: of(desk).prove(),
        report=report,
        inputs=(wish.auction, wish.investors),
    )


def quoted(programme: Programme, series: Series, settlement: date) -> Quote:
    """How a series on the chain is quoted for a settlement on a day."""
    terms = programme.terms(series)
    rates: tuple[int, ...] = ()
    if hasattr(terms, "periodic"):
        periods = series.token.read("schedule")
        rates = tuple(period.rate for period in periods if period.isRateSet)
    return quote_of(terms, settlement, rates)


class _Reopened:
    """The files, read by the terms that stand on the chain."""

    def __init__(self, desk: Desk, wish: Reopening, command: str) -> None:
        self._desk, self._wish, self._command = desk, wish, command
        self._programme = Programme(desk.chain, desk.record)

    def allotting(self) -> Allotting:
        """The rows, ready to be planned."""
        wish, series = self._wish, self._series
        investors = read_investors(wish.investors, as_of=None)
        sources = Sources(
            operation=OPERATION,
            series=series.id,
            token=lambda desk: series.token,
            day=wish.settlement,
            result=read_auction(wish.auction, self._sale(), investors),
            auction_path=wish.auction,
            command=self._command,
            settlement=wish.settlement,
        )
        return Allotting(self._desk, sources, fund_on_local_chain=wish.fund_on_local_chain)

    @cached_property
    def _series(self) -> Series:
        return self._programme.find_series(self._wish.series)

    def _sale(self) -> Sale:
        terms = self._programme.terms(self._series)
        common = getattr(terms, "periodic", terms)
        self._require_within_life(common)
        return Sale(
            quote=quoted(self._programme, self._series, self._wish.settlement),
            denomination=common.denomination,
            maximum_issue=common.maximumIssue,
            admission=self._admission(),
            non_competitive_price=self._wish.non_competitive_price,
        )

    def _admission(self) -> Admission:
        rules = self._programme.rules(self._series)
        codes = self._programme.countries(self._series)
        countries = frozenset(BY_NUMERIC[CountryCode(code)] for code in codes)
        classes = frozenset(
            name for name, code in INVESTOR_CLASSES.items() if rules.classes >> code & 1
        )
        return Admission(
            jurisdictions=countries if rules.jurisdictions else None,
            investor_classes=classes if rules.classes else None,
        )

    def _require_within_life(self, terms: Any) -> None:
        from scripts._amanat.business_days import from_epoch_day

        first, last = from_epoch_day(terms.issueDate), from_epoch_day(terms.statedMaturity)
        if not first <= self._wish.settlement < last:
            raise InputRefused(
                f"settlement: {self._wish.settlement} is not within the life of {self._series.id}; "
                f"right: {first} or later, and before {last}"
            )
