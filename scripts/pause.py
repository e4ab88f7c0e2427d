"""`ape run pause`: no transfer and no mint on a series, a class or everything; `--release` ends it,
slowly."""

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.errors import InputRefused
from scripts._amanat.options import this_command


@operation(
    "Pause SERIES, with --class every series of a class, or with --everything all of them: at once "
    "and by one call. Confirm a pause so that it does not lapse, or release it.\n\n"
    "A pause that one desk makes lapses after seven days. A release waits for the releaser's "
    "delay: the same command after the delay executes it. Burns, payments, redemptions, forced "
    "transfers and recoveries go on.",
    example="ape run pause MTB-26DEC25 --yes",
)
@click.argument("series", required=False, default="")
@click.option("--class", "asset_class", default="", help="Every series of a class: treasury_bill.")
@click.option("--everything", is_flag=True, help="Every series of the programme.")
@click.option("--confirm", is_flag=True, help="By the second pair of eyes: it lapses no more.")
@click.option("--release", is_flag=True, help="Let transfers pass again.")
def cli(
    desk: Desk, series: str, asset_class: str, everything: bool, confirm: bool, release: bool
) -> Work:
    from scripts._amanat.pauses import Pause, pause

    if bool(series) + bool(asset_class) + everything != 1:
        raise InputRefused("name one SERIES, or a --class, or say --everything")
    return pause(Pause(series, asset_class, confirm, release), command=this_command(desk))
