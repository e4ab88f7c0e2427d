"""`ape run open_auction`: a series on offer, by sealed bids."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import file


@operation(
    "Open an auction of a series on the chain, as its announcement says.\n\n"
    "Its number is told at the end: `bid`, `reveal` and `close_auction` ask for it.",
    example="ape run open_auction MTB-26DEC25 auction-2025-10-08.yaml --yes",
)
@click.argument("series")
@click.argument("announcement", type=file)
def cli(desk: Desk, series: str, announcement: Path) -> Work:
    from scripts._amanat.auction_opening import opening

    return opening(series, announcement)
