"""`ape run fund`: the money for a payment, in full or in part."""

from decimal import Decimal

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import money, this_command, which_payment


@operation(
    "Pay in the money for a coupon, a rental, declared revenue or the redemption of SERIES.\n\n"
    "Nothing is paid out before all of it is there. With --amount so much shall stand paid in "
    "after this run: a part is kept, and the rest is still missing.",
    example="ape run fund PIB-17JUL28 --period 0 --yes",
)
@click.argument("series")
@click.option("--period", type=click.IntRange(0), help="Counted from 0, as on the chain.")
@click.option("--redemption", is_flag=True, help="The redemption.")
@click.option("--amount", callback=money, help="What shall stand paid in, in rupees.")
@click.option("--funder", default="treasury", help="Whose key pays the money in.")
def cli(
    desk: Desk,
    series: str,
    period: int | None,
    redemption: bool,
    amount: Decimal | None,
    funder: str,
) -> Work:
    from scripts._amanat.paying import fund
    from scripts._amanat.payments import Payment

    which = which_payment(period, redemption)
    wish = Payment(series, which, funder=funder, amount=amount)
    return fund(wish, command=this_command(desk))
