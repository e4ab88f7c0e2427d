"""`ape run drill`: rehearse an emergency; with `--live` stop one series for real, and let it go."""

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import this_command


@operation(
    "Rehearse an emergency: try, without sending, every stop by every desk that may have to make "
    "it, and tell who can stop what, who confirms, who lets go, and how long that takes.\n\n"
    "With --live SERIES that series is paused for real, at once, and released after the releaser's "
    "delay: the same command after the delay executes the release.",
    example="ape run drill",
)
@click.option("--live", metavar="SERIES", default="", help="Pause and release this series.")
def cli(desk: Desk, live: str) -> Work:
    from scripts._amanat.drills import rehearse, rehearse_live

    return rehearse_live(live, command=this_command(desk)) if live else rehearse()
