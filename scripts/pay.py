"""`ape run pay`: the holders of a record date, paid in pages."""

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import this_command, which_payment


@operation(
    "Pay the holders of SERIES their coupon, rental, revenue or redemption, in pages.\n\n"
    "What is due and not there in full is marked as missed, and stays pending until it is funded. "
    "A holder who cannot be paid is set aside with the reason; the same command pays it when the "
    "reason is gone. The tax withheld is remitted with it.",
    example="ape run pay PIB-17JUL28 --period 0 --page 50 --yes",
)
@click.argument("series")
@click.option("--period", type=click.IntRange(0), help="Counted from 0, as on the chain.")
@click.option("--redemption", is_flag=True, help="The redemption.")
@click.option("--page", type=click.IntRange(1, 200), default=50, help="Holders a transaction.")
@click.option("--escheat", is_flag=True, help="What could not be paid in time, to the treasury.")
@click.option("--residual", is_flag=True, help="What rounding left, to the treasury.")
def cli(
    desk: Desk,
    series: str,
    period: int | None,
    redemption: bool,
    page: int,
    escheat: bool,
    residual: bool,
) -> Work:
    from scripts._amanat.paying import pay
    from scripts._amanat.payments import Payment

    which = which_payment(period, redemption)
    wish = Payment(series, which, page=page)
    command = this_command(desk)
    return pay(wish, command=command, escheat=escheat, residual=residual)
