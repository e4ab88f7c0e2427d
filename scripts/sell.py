"""`ape run sell`: units of a commodity, delivered against payment."""

from datetime import date
from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import day, file, this_command


@operation(
    "Sell units of the commodity SERIES, as SALES lists them: tokens against cash, row by row.\n\n"
    "Nothing is sold that is not in store: the reserve must be fresh, and cover all of them.",
    example="ape run sell PKGOLD scripts/_pilot/commodities/sales-gold-04-08.csv --day 2026-04-08 "
    "--investors scripts/_pilot/investors.csv --yes",
)
@click.argument("series")
@click.argument("sales", type=file)
@click.option(
    "--day", "sold_on", callback=day, required=True, help="Names the rows, with their numbers."
)
@click.option("--investors", type=file, required=True, help="The list that buyers stand in.")
@click.option(
    "--fund-on-local-chain",
    is_flag=True,
    help="Give buyers the pilot rupees that they lack; on local chains alone.",
)
def cli(
    desk: Desk, series: str, sales: Path, sold_on: date, investors: Path, fund_on_local_chain: bool
) -> Work:
    from scripts._amanat.investors import read_investors
    from scripts._amanat.sales import sell

    return sell(
        series,
        sales,
        read_investors(investors, as_of=None),
        sold_on,
        command=this_command(desk),
        inputs=(sales, investors),
        fund_on_local_chain=fund_on_local_chain,
    )
