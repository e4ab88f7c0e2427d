"""`ape run buy_back`: accepted offers of a buyback auction, paid and cancelled."""

from datetime import date
from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import day, file, this_command


@operation(
    "Settle the accepted offers of a buyback auction of SERIES: cash from the treasury against "
    "units that are cancelled, each at its own price.\n\n"
    "A part of an offer may be accepted. A price and a yield that disagree, what is held too "
    "little of, and every other fault of the file are told together, and nothing is sent.",
    example="ape run buy_back PIB-05AUG26 scripts/_pilot/buyback-2026-04-14-pib.csv "
    "--settlement 2026-04-15 --investors scripts/_pilot/investors.csv --yes",
)
@click.argument("series")
@click.argument("result", type=file)
@click.option("--settlement", required=True, callback=day, help="The day it is settled.")
@click.option("--investors", type=file, required=True, help="The list that sellers stand in.")
def cli(desk: Desk, series: str, result: Path, settlement: date, investors: Path) -> Work:
    from scripts._amanat.buybacks import Buyback, buy_back

    wish = Buyback(series, result, settlement, investors)
    return buy_back(wish, command=this_command(desk))
