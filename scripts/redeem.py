"""`ape run redeem`: a matured series, paid at par and retired."""

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import this_command


@operation(
    "Redeem SERIES: announce, fund in full, pay the holders in pages.\n\n"
    "Each run does what the chain's clock allows and tells what is pending. A holder who cannot be "
    "paid is set aside with the reason; the same command pays it when the reason is gone.",
    example="ape run redeem MTB-26DEC25 --page 50 --yes",
)
@click.argument("series")
@click.option("--page", type=click.IntRange(1, 200), default=50, help="Holders a transaction.")
@click.option("--funder", default="treasury", help="Whose key pays the money in.")
def cli(desk: Desk, series: str, page: int, funder: str) -> Work:
    from scripts._amanat.paying import redeem
    from scripts._amanat.payments import Payment

    return redeem(Payment(series, page=page, funder=funder), command=this_command(desk))
