"""`ape run call`: the issuer ends a callable bond early."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import file, this_command


@operation(
    "Call SERIES at the end of a period: no later one is paid, and all is redeemed then.\n\n"
    "Only where the terms allow it, with the notice that they ask for, and once. `redeem` pays it.",
    example="ape run call PIB-17JUL30 --period 3 --document decision.pdf --yes",
)
@click.argument("series")
@click.option("--period", type=click.IntRange(0), required=True, help="The last; counted from 0.")
@click.option("--document", type=file, required=True, help="The decision behind it.")
def cli(desk: Desk, series: str, period: int, document: Path) -> Work:
    from scripts._amanat.calls import CallNotice, call
    from scripts._amanat.orders import document_hash

    return call(CallNotice(series, period, document_hash(document)), command=this_command(desk))
