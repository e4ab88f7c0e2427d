"""`ape run call`: the issuer ends a callable bond or revenue share early."""

from datetime import date
from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import day, file, this_command


@operation(
    "Call SERIES at the end of a period, or a revenue share for a day: all is redeemed then.\n\n"
    "Only where the terms allow it, with the notice that they ask for, and once. `redeem` pays it.",
    example="ape run call PFL-06NOV28 --period 1 "
    "--document scripts/_pilot/orders/call-2026-005.md --yes",
)
@click.argument("series")
@click.option("--period", type=click.IntRange(0), help="A bond's last; counted from 0.")
@click.option("--day", "ends", callback=day, help="The day on which a revenue share ends.")
@click.option("--document", type=file, required=True, help="The decision behind it.")
def cli(desk: Desk, series: str, period: int | None, ends: date | None, document: Path) -> Work:
    from scripts._amanat.calls import CallNotice, call
    from scripts._amanat.orders import document_hash

    wish = CallNotice(series, document_hash(document), period, ends)
    return call(wish, command=this_command(desk))
