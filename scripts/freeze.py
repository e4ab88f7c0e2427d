"""`ape run freeze`: a holding stands still, at once; `--release` lets it move again, slowly."""

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import address, amount, this_command


@operation(
    "Freeze WALLET on SERIES: the account as a whole, or with --part as much of it.\n\n"
    "Freezing is instant. A release waits for the releaser's delay: the first run schedules it and "
    "ends as pending, the same command after the delay executes it.",
    example="ape run freeze MTB-26DEC25 0x0123… --part 2,000,000 --yes",
)
@click.argument("series")
@click.argument("wallet", callback=address)
@click.option("--part", callback=amount, help="How much is frozen in the end, in smallest units.")
@click.option("--release", is_flag=True, help="Release: all, or down to what --part says.")
def cli(desk: Desk, series: str, wallet: str, part: int | None, release: bool) -> Work:
    from scripts._amanat.freezes import Freeze, freeze

    return freeze(Freeze(series, wallet, part, release), command=this_command(desk))
