"""`ape run withdraw_margin`: what a bidder keeps with the auctions, back to it."""

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import address


@operation(
    "Pay WALLET what it keeps with the auctions and no bid binds.\n\n"
    "A bond that could not be paid back waits there, and what a settled bid's bond left over.",
    example="ape run withdraw_margin 0x0123… --yes",
)
@click.argument("wallet", callback=address)
def cli(desk: Desk, wallet: str) -> Work:
    from scripts._amanat.margins import withdraw_margin

    return withdraw_margin(wallet)
