"""`ape run halt`: no transfer and no mint on any series; `--release` ends it, slowly."""

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import this_command


@operation(
    "Halt every transfer and every mint of every series at once, or let them pass again.\n\n"
    "Burns, payments, redemptions, forced transfers and recoveries go on. A halt lapses after "
    "seven days, or is released after the releaser's delay: the same command after the delay "
    "executes it.",
    example="ape run halt --yes",
)
@click.option("--release", is_flag=True, help="Let transfers pass again.")
def cli(desk: Desk, release: bool) -> Work:
    from scripts._amanat.switches import halt

    return halt(release=release, command=this_command(desk))
