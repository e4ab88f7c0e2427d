"""`ape run holidays`: a market's calendar, published or corrected."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import file, this_command


@operation(
    "Publish the years of CALENDAR that the chain has otherwise.\n\n"
    "Payments still to come move off its closed days; what has been read today or earlier stands. "
    "The steward's act waits: the first run schedules it, the same command later executes it.",
    example="ape run holidays scripts/_pilot/calendars/pk-2026.yaml --yes",
)
@click.argument("calendar", type=file)
@click.option("--name", help="Its name on the chain. Default: the file's, as PK for pk-2026.")
def cli(desk: Desk, calendar: Path, name: str | None) -> Work:
    from scripts._amanat.calendars import publish

    chosen = name or calendar.stem.rstrip("-0123456789").upper()
    return publish(calendar, name=chosen, command=this_command(desk))
