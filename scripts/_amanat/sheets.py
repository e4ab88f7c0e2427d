"""The term sheet of a series of any class: how it is read, and what the chain must say of it.

sheet = read_sheet(path, chain_date=None)       # by its asset_class
kind_of(sheet).arguments(sheet)                 # the terms as its contract takes them
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import bonds, pricing
from .bill_arguments import bill_terms
from .bond_arguments import bond_terms, sukuk_terms
from .bond_terms import GovernmentBondTerms, IjarahSukukTerms, PeriodicTerms
from .business_days import epoch_day
from .commodity_arguments import commodity_terms
from .commodity_terms import CommodityReserveTerms
from .pricing import Units
from .proof import Check
from .reading import Findings, decode, show
from .revenue_arguments import revenue_terms, rule_of
from .revenue_terms import RevenueShareTerms
from .terms import BillTerms
from .waterfall import Figures, waterfall
from .yaml_files import read_model

if TYPE_CHECKING:
    from .onchain import Contract

Sheet = (
    BillTerms | GovernmentBondTerms | IjarahSukukTerms | RevenueShareTerms | CommodityReserveTerms
)

_ASSET_CLASS = re.compile(r"^asset_class:[ \t]*([^\s#]*)", re.MULTILINE)


@dataclass(frozen=True)
class Kind:
    """A class of asset: its sheet, its contract, and what ties the one to the other."""

    name: str
    model: type[Sheet]
    contract: str
    arguments: Callable[[Any], dict[str, Any]]
    prove: Callable[[Any, Contract], Iterator[Check]]


def kind_of(sheet: Sheet) -> Kind:
    """The class of asset that a sheet describes."""
    return KINDS[sheet.asset_class]


def read_sheet(path: Path, *, chain_date: date | None) -> Sheet:
    """Read a term sheet; raises `InputProblems` with everything that is wrong in it.

    `chain_date`: the chain's date in Pakistan, before which nothing may lie that is still to come;
    None where the series exists already and its terms are only looked up.
    """
    return read_model(path, _model(path), {"chain_date": chain_date})


def _model(path: Path) -> type[Sheet]:
    """The model that the sheet asks for by its `asset_class`; a bill's where it has none."""
    try:
        text = decode(path.read_bytes())
    except (OSError, ValueError):
        return BillTerms  # whose reader says what is wrong
    found = _ASSET_CLASS.search(text)
    name = found[1].strip("\"'") if found else ""
    if name in KINDS or not name:
        return KINDS[name].model if name else BillTerms
    findings = Findings(path)
    line = text[: found.start() if found else 0].count("\n") + 1
    findings.problem(line, "asset_class", show(name), "is not a class of asset", " | ".join(KINDS))
    findings.settle()
    raise AssertionError("unreachable: a problem was booked")


def _prove_bill(bill: BillTerms, token: Contract) -> Iterator[Check]:
    auction = bill.auction
    price = pricing.to_price_e4(auction.cut_off_price)
    stated = int(auction.cut_off_yield * 10_000)
    yield Check(
        f"yield at the cut-off {auction.cut_off_price}", stated, token.read("yieldOf", price)
    )
    yield Check("days from issue to maturity", bill.days, token.read("tenorDays"))


def _prove_periods(sheet: PeriodicTerms, token: Contract) -> Iterator[Check]:
    """Every period as the series counts it: its days, and what it pays where the rate is known."""
    schedule, instrument = sheet.schedule, sheet.instrument
    found = token.read("schedule")
    called = token.read("calledAfter") if isinstance(sheet, GovernmentBondTerms) else 0
    yield Check("periods", called or (schedule.count if schedule else 0), len(found))
    if schedule is None or not isinstance(instrument, bonds.Accruing):
        return
    for period, told in zip(schedule, found, strict=False):
        days = (epoch_day(period.start), epoch_day(period.end))
        yield Check(f"days of period {period.number}", days, (told.start, told.end))
        if told.isRateSet and (isinstance(instrument, bonds.Bond) or period.number == 0):
            lot = Units(sheet.calculation_units)
            paid = int(bonds.distribution(instrument, period.number, lot))
            yield Check(f"paid for period {period.number}", paid, told.distribution)


def _prove_share(sheet: RevenueShareTerms, token: Contract) -> Iterator[Check]:
    """What the series makes of a waterfall that suffices, and of one that does not."""
    figures = Figures(1_000_00, 350_00, 150_00, 100_00)
    rule, found = rule_of(sheet), token.read("waterfallOf", astuple(figures))
    yield Check("holders' share of a net of 400.00", waterfall(figures, rule).share, found.share)
    short = Figures(100_00, 80_00, 80_00, 80_00)
    served = tuple(token.read("waterfallOf", astuple(short)))
    expected = astuple(waterfall(short, rule))
    yield Check("who is served first where it does not suffice", expected, served)


def _prove_commodity(sheet: CommodityReserveTerms, token: Contract) -> Iterator[Check]:
    yield Check("decimals", sheet.precision, token.read("decimals"))
    yield Check("every mint asks for the reserve", True, token.read("isBacked"))


KINDS = {
    kind.name: kind
    for kind in (
        Kind("treasury_bill", BillTerms, "TreasuryBill", bill_terms, _prove_bill),
        Kind("government_bond", GovernmentBondTerms, "GovernmentBond", bond_terms, _prove_periods),
        Kind("ijarah_sukuk", IjarahSukukTerms, "IjarahSukuk", sukuk_terms, _prove_periods),
        Kind("revenue_share", RevenueShareTerms, "RevenueShare", revenue_terms, _prove_share),
        Kind(
            "commodity_reserve",
            CommodityReserveTerms,
            "CommodityReserve",
            commodity_terms,
            _prove_commodity,
        ),
    )
}
"""Every class of asset, by the name that term sheets have for it."""
