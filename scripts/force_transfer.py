"""`ape run force_transfer`: the order of a court or of the regulator, executed once."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import address, amount, day, file, this_command


@operation(
    "Execute the forced transfer that ORDER, a file, orders; or that the options say.\n\n"
    "The order's document goes on the chain as its hash, the account's own sequence number is read "
    "from the chain. Where the executor has to wait, the first run schedules and ends as pending; "
    "the same command after the delay executes. Run again, an executed order plans nothing.",
    example="ape run force_transfer scripts/_pilot/orders/decree-2025-017.yaml --yes",
)
@click.argument("order", required=False, type=file)
@click.option("--series", help="Id, symbol, ISIN or address.")
@click.option("--from", "sender", callback=address, help="The wallet that it takes from.")
@click.option("--to", "recipient", callback=address, help="The verified wallet that it gives to.")
@click.option("--amount", "units", callback=amount, help="In smallest units.")
@click.option("--document", type=file, help="The order itself; its keccak-256 goes on the chain.")
@click.option("--expiry", callback=day, help="Last day, in Pakistan: YYYY-MM-DD.")
def cli(desk: Desk, order: Path | None, **options: object) -> Work:
    from scripts._amanat.order_files import read_order
    from scripts._amanat.orders import force_transfer, order_of_options

    wish = read_order(order) if order else order_of_options(options)
    inputs = tuple(path for path in (order, options["document"]) if isinstance(path, Path))
    return force_transfer(wish, command=this_command(desk), inputs=inputs)
