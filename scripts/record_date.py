"""`ape run record_date`: a day at whose beginning the holders of a series are read."""

from datetime import date

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import day


@operation(
    "Announce a record date of SERIES: the beginning of --day in Pakistan.\n\n"
    "The storage of a commodity accrues at each. Where record dates are terms, or come with each "
    "declaration, nobody announces one.",
    example="ape run record_date PKGOLD --day 2026-06-30 --yes",
)
@click.argument("series")
@click.option("--day", callback=day, required=True, help="The day, YYYY-MM-DD.")
def cli(desk: Desk, series: str, day: date) -> Work:
    from scripts._amanat.record_dates import announce_record_date

    return announce_record_date(series, day)
