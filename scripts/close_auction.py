"""`ape run close_auction`: decided, settled, and every bond back or forfeited."""

from decimal import Decimal
from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import amount, file, price, this_command


@operation(
    "Close an auction: the issuer accepts at a cut-off or rejects all, accepted bids are settled "
    "against payment, and bonds go back or are forfeited.\n\n"
    "Without --cut-off it is the price that places the amount on offer. Run it again as the days "
    "of settlement and of default come.",
    example="ape run close_auction 1 --document decision.pdf --yes",
)
@click.argument("auction", type=click.IntRange(min=1))
@click.option("--document", type=file, required=True, help="The decision; its hash is kept.")
@click.option("--cut-off", callback=price, help="The lowest price that is accepted.")
@click.option("--amount", callback=amount, help="Most units to place; else the target.")
@click.option("--reject", is_flag=True, help="Accept none of the bids.")
@click.option("--page", default=80, help="Bids a transaction.")
def cli(
    desk: Desk,
    auction: int,
    document: Path,
    cut_off: Decimal | None,
    amount: int | None,
    reject: bool,
    page: int,
) -> Work:
    from scripts._amanat.closing import Closing, close_auction
    from scripts._amanat.errors import InputRefused
    from scripts._amanat.orders import document_hash

    if reject and (cut_off is not None or amount is not None):
        raise InputRefused("name either --reject or what is accepted")
    if not 1 <= page <= 100:
        raise InputRefused(f"page: {page} bids a transaction; right: from 1 to 100")
    wish = Closing(auction, document_hash(document), cut_off, amount, reject)
    return close_auction(wish, command=this_command(desk), page=page)
