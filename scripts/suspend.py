"""`ape run suspend`: a wallet stands still on every series; `--release` ends it, slowly."""

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import address, this_command


@operation(
    "Suspend WALLET on every series at once: it neither sends nor receives nor acts for others, "
    "and what it is paid is set aside.\n\n"
    "The end of a suspension waits for the releaser's delay: the same command after the delay "
    "executes it.",
    example="ape run suspend 0x0123… --yes",
)
@click.argument("wallet", callback=address)
@click.option("--release", is_flag=True, help="End the suspension.")
def cli(desk: Desk, wallet: str, release: bool) -> Work:
    from scripts._amanat.switches import suspend

    return suspend(wallet, release=release, command=this_command(desk))
