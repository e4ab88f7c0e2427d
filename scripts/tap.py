"""`ape run tap`: more of a series that stands, at clean prices and accrued interest."""

from datetime import date
from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import day, file, this_command


@operation(
    "Reopen SERIES: settle the accepted bids of a later AUCTION, each at its own clean price.\n\n"
    "Accrued of the day of settlement comes on top; the plan shows clean, accrued and what is "
    "paid. A price and a yield that disagree are refused with both figures.",
    example="ape run tap PIB-17JUL28 tap-2026-02-18.csv --settlement 2026-02-19 "
    "--investors scripts/_pilot/investors.csv --yes",
)
@click.argument("series")
@click.argument("auction", type=file)
@click.option("--settlement", required=True, callback=day, help="The day it is settled.")
@click.option("--investors", type=file, required=True, help="The list that bidders stand in.")
@click.option("--cut-off", is_flag=True, help="Non-competitive bids pay the lowest accepted price.")
@click.option(
    "--fund-on-local-chain",
    is_flag=True,
    help="Give bidders the pilot rupees that they lack; on local chains alone.",
)
def cli(
    desk: Desk,
    series: str,
    auction: Path,
    settlement: date,
    investors: Path,
    cut_off: bool,
    fund_on_local_chain: bool,
) -> Work:
    from scripts._amanat.reopening import Reopening, tap
    from scripts._amanat.terms import NonCompetitivePrice

    common = NonCompetitivePrice.CUT_OFF if cut_off else NonCompetitivePrice.WEIGHTED_AVERAGE
    wish = Reopening(series, auction, settlement, investors, common, fund_on_local_chain)
    return tap(wish, command=this_command(desk))
