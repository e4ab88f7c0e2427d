"""`ape run publish_price`: what the state takes a unit of a commodity for."""

from decimal import Decimal
from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import file, unit_price


@operation(
    "Publish the price of a unit of SERIES, at which shortfalls of deliveries are settled.\n\n"
    "The fiscal agent publishes it, with the fixing that it comes from; it holds for the heartbeat "
    "of the terms.",
    example="ape run publish_price PKGOLD --price 1,150,000.00 "
    "--evidence scripts/_pilot/commodities/fixing-2026-04-14.md --yes",
)
@click.argument("series")
@click.option("--price", callback=unit_price, required=True, help="Rupees a unit.")
@click.option("--evidence", type=file, required=True, help="The publication it comes from.")
def cli(desk: Desk, series: str, price: Decimal, evidence: Path) -> Work:
    from scripts._amanat.orders import document_hash
    from scripts._amanat.unit_prices import UnitPrice, publish

    return publish(UnitPrice(series, price, document_hash(evidence)))
