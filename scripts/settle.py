"""`ape run settle`: two signed orders, tokens against cash in one transaction."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import file


@operation(
    "Settle two signed orders that meet: the MAKER's price holds, the TAKER's is the limit.\n\n"
    "Both legs go in one transaction or neither does. Where one would be refused nothing is sent: "
    "the leg and its reason are told, and the exit code is 5.",
    example="ape run settle sell.json buy.json --yes",
)
@click.argument("maker", type=file)
@click.argument("taker", type=file)
@click.option("--venue", default="fiscal_agent", help="Whose key brings them to settlement.")
def cli(desk: Desk, maker: Path, taker: Path, venue: str) -> Work:
    from scripts._amanat.trades import Orders, settle

    return settle(Orders(maker, taker, venue))
