"""What stands on a chain, for people and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scripts._amanat import powers
from scripts._amanat.onchain import Contract, Programme, Series

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
    return {"contracts": contracts, "series": [described(each) for each in series]}


def deployed(programme: Programme) -> dict[str, Contract]:
    """The programme's own contracts that stand, by name."""
    names = [*powers.CONTRACTS, "TokenDesk", "BondDesk", "SukukDesk", *powers.ASSET_CLASSES]
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
        "holders": series.holders,
    }


def _row(series: Series) -> dict[str, str]:
    return {
        "series": series.id,
        "class": series.class_name,
        "status": series.status.label,
        "address": series.address,
        "supply": f"{series.supply:,}",
        "holders": f"{series.holders:,}",
    }
