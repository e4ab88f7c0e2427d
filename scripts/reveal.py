"""`ape run reveal`: sealed bids, shown after the close."""

from decimal import Decimal

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import address, amount, price, this_command


@operation(
    "Show the bids of an auction that are kept here, once bidding is over.\n\n"
    "Where a bid's file was lost, name it whole: the bidder's key makes its salt anew.",
    example="ape run reveal 1 --yes",
)
@click.argument("auction", type=click.IntRange(min=1))
@click.option("--wallet", callback=address, help="Only this bidder's.")
@click.option("--price", callback=price, help="Of a bid whose file was lost.")
@click.option("--amount", callback=amount, help="Of a bid whose file was lost.")
@click.option("--number", default=0, help="Of a bid whose file was lost.")
def cli(
    desk: Desk,
    auction: int,
    wallet: str | None,
    price: Decimal | None,
    amount: int | None,
    number: int,
) -> Work:
    from scripts._amanat.bidding import Bid, reveal
    from scripts._amanat.errors import InputRefused

    lost = None
    if price is not None or amount is not None:
        if price is None or amount is None or wallet is None:
            raise InputRefused("a bid whose file was lost needs --wallet, --price and --amount")
        lost = Bid(auction, wallet, amount, price, number)
    return reveal(auction, lost, wallet=wallet or "", command=this_command(desk))
