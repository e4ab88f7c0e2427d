"""`ape run pause`: no transfer and no mint on a series; `--release` ends it, slowly."""

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import this_command


@operation(
    "Pause SERIES at once, confirm a pause so that it does not lapse, or release it.\n\n"
    "A pause that one desk makes lapses after seven days. A release waits for the releaser's "
    "delay: the same command after the delay executes it.",
    example="ape run pause MTB-26DEC25 --yes",
)
@click.argument("series")
@click.option("--confirm", is_flag=True, help="By the second pair of eyes: it lapses no more.")
@click.option("--release", is_flag=True, help="Let transfers pass again.")
def cli(desk: Desk, series: str, confirm: bool, release: bool) -> Work:
    from scripts._amanat.pauses import Pause, pause

    return pause(Pause(series, confirm, release), command=this_command(desk))
