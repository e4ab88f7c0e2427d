"""What stands on a chain, for people and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scripts._amanat import powers
from scripts._amanat.console import instant
from scripts._amanat.onchain import Contract, Programme, Series
from scripts._amanat.payments import missed, upcoming
from scripts._amanat.pricing import rupees
from scripts._amanat.quantities import shown
from scripts._amanat.reserves import CLASS, Reserve, lot_name

if TYPE_CHECKING:
    from scripts._amanat.command import Desk


def report(desk: Desk) -> dict[str, Any]:
    """Contracts and series, shown as tables and returned for the JSON document."""
    programme = Programme(desk.chain, desk.record)
    contracts = {name: contract.address for name, contract in deployed(programme).items()}
    series = programme.series() if "Programme" in programme else []
    console = desk.console
    console.say(f"Chain {desk.chain.chain_id}, block {desk.chain.height()}")
    if not contracts:
        console.say("No contracts of the programme are recorded for this chain.")
    console.show_table(
        "Contracts", [{"name": n, "address": address} for n, address in contracts.items()]
    )
    console.show_table("Series", [_row(each) for each in series])
    listed = [described(each) | _owed(desk, programme, each) for each in series]
    console.show_table("Payments", [_payment_row(each) for each in listed if "reserve" not in each])
    console.show_table("Reserves", [_reserve_row(each) for each in listed if "reserve" in each])
    return {"contracts": contracts, "series": listed}


def deployed(programme: Programme) -> dict[str, Contract]:
    """The programme's own contracts that stand, by name."""
    desks = ("TokenDesk", "PledgeDesk", "BondDesk", "SukukDesk", "RevenueDesk")
    names = [*powers.CONTRACTS, *desks, *powers.ASSET_CLASSES]
    return {name: programme[name] for name in names if name in programme}


def described(series: Series) -> dict[str, Any]:
    """A series as the JSON document gives it; amounts in smallest units."""
    return {
        "id": series.id,
        "class": series.class_name,
        "symbol": series.symbol,
        "status": series.status.label,
        "address": series.address,
        "compliance": series.compliance,
        "supply": series.supply,
        "holders": series.counted,
    }


def _owed(desk: Desk, programme: Programme, series: Series) -> dict[str, Any]:
    """What stands behind a series: the stock of a commodity, the payments of any other."""
    if series.class_name != CLASS:
        return _payments(programme, series)
    reserve = Reserve(desk, series.address)
    recognised, why = reserve.recognised()
    lots = reserve.register.read("lotsOf", series.address)
    return {
        "reserve": recognised,
        "unknown_because": why,
        "unit": reserve.unit,
        "decimals": reserve.precision,
        "lots": [lot_name(lot) for lot in lots],
    }


def _payments(programme: Programme, series: Series) -> dict[str, Any]:
    """What the series owes: the face outstanding in hundredths of the currency, and payments."""
    terms = programme.terms(series)
    face = getattr(terms, "periodic", terms).unitFace
    return {
        "outstanding": series.supply * face,
        "next_payment": upcoming(programme, series),
        "missed_payments": missed(programme, series),
    }


def _row(series: Series) -> dict[str, str]:
    return {
        "series": series.id,
        "class": series.class_name,
        "status": series.status.label,
        "address": series.address,
        "supply": f"{series.supply:,}",
        "holders": "not counted" if series.counted is None else f"{series.counted:,}",
    }


def _reserve_row(each: dict[str, Any]) -> dict[str, str]:
    recognised, places = each["reserve"], each["decimals"]
    known = each["unknown_because"] if recognised is None else shown(recognised, places)
    return {
        "series": each["id"],
        "unit": each["unit"],
        "circulating": shown(each["supply"], places),
        "recognised": known,
        "lots": ", ".join(each["lots"]),
    }


def _payment_row(each: dict[str, Any]) -> dict[str, str]:
    following, late = each["next_payment"], each["missed_payments"]
    told = following or {"kind": "none", "number": "", "due": None, "status": ""}
    return {
        "series": each["id"],
        "outstanding": rupees(each["outstanding"]),
        "next": f"{told['kind']} {told['number']}",
        "paid from": instant(told["due"]) if told["due"] else "",
        "status": told["status"],
        "missed": ", ".join(f"{one['kind']} {one['number']}" for one in late),
    }
