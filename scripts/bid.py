"""`ape run bid`: a bid at an auction, sealed or without a price."""

from decimal import Decimal

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import address, amount, price


@operation(
    "Seal a bid at an auction (primary dealers), or bid without a price (anybody verified).\n\n"
    "The bond is taken first. A sealed bid is kept in the records, for its owner's eyes alone, and "
    "must be shown after the close: `ape run reveal`.",
    example="ape run bid 1 --wallet 0x0123… --price 97.4913 --amount 100,000,000 --yes",
)
@click.argument("auction", type=click.IntRange(min=1))
@click.option("--wallet", callback=address, required=True, help="Who pays and receives.")
@click.option("--price", callback=price, help="Per 100 of face; left out: without a price.")
@click.option("--amount", callback=amount, required=True, help="Units, in lots.")
@click.option("--number", default=0, help="Tells apart the sealed bids of one investor.")
@click.option(
    "--fund-on-local-chain",
    is_flag=True,
    help="Give the bidder the pilot rupees that its bond lacks; on local chains alone.",
)
def cli(
    desk: Desk,
    auction: int,
    wallet: str,
    price: Decimal | None,
    amount: int,
    number: int,
    fund_on_local_chain: bool,
) -> Work:
    from scripts._amanat.bidding import Bid, bid

    wish = Bid(auction, wallet, amount, price, number)
    return bid(wish, fund_on_local_chain=fund_on_local_chain)
