"""`ape run announce_coupon`: a coupon, a rental or declared revenue, announced to its holders."""

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import this_command


@operation(
    "Announce the next coupon, rental or revenue of SERIES, or the one of --period.\n\n"
    "The plan shows its record date, its day of payment (moved off a holiday), what each "
    "calculation amount is paid, and the total. Where the calendar has moved the day of one "
    "that was announced and of which nothing was paid, its day is read anew.",
    example="ape run announce_coupon PIB-17JUL28 --period 0 --yes",
)
@click.argument("series")
@click.option("--period", type=click.IntRange(0), help="Counted from 0, as on the chain.")
def cli(desk: Desk, series: str, period: int | None) -> Work:
    from scripts._amanat.paying import announce, announce_next
    from scripts._amanat.payments import Payment

    if period is None:
        return announce_next(series, command=this_command(desk))
    return announce(Payment(series, period), command=this_command(desk))
