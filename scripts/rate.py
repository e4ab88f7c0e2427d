"""`ape run rate`: what a unit is worth in US dollars, for the programme's ceiling."""

from decimal import Decimal
from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import dollars, file, part, this_command, unit


@operation(
    "Set the reference rate of UNIT, with the publication that proves it; without UNIT show all."
    "\n\n"
    "The rate agent moves it within its bounds. Beyond them, with --beyond, the board proposes "
    "after its delay and the regulator confirms: the same command, run by each.",
    example="ape run rate PKR --dollars 0.0036 --evidence sbp-2026-01-05.pdf --yes",
)
@click.argument("unit", required=False, callback=unit)
@click.option("--dollars", callback=dollars, help="US dollars of one whole unit.")
@click.option("--evidence", type=file, help="The publication it comes from.")
@click.option("--beyond", is_flag=True, help="Agreed by board and regulator.")
@click.option("--move", callback=part, help="Other bounds: per cent at once …")
@click.option("--drift", callback=part, help="… per cent within …")
@click.option("--days", type=click.IntRange(1, 366), help="… so many days;")
@click.option("--age-days", type=click.IntRange(1, 1098), help="days after which it is stale.")
def cli(
    desk: Desk,
    unit: str | None,
    dollars: Decimal | None,
    evidence: Path | None,
    beyond: bool,
    move: int | None,
    drift: int | None,
    days: int | None,
    age_days: int | None,
) -> Work:
    from scripts._amanat.errors import InputRefused
    from scripts._amanat.orders import document_hash
    from scripts._amanat.reference_rates import Bounds, Move, set_rate, show_rates

    if unit is None:
        return show_rates()
    if dollars is None or evidence is None:
        raise InputRefused("a rate needs --dollars and --evidence")
    given = (move, drift, days and days * 86_400, age_days and age_days * 86_400)
    if any(given) and None in given:
        raise InputRefused("bounds are --move, --drift, --days and --age-days, all four")
    bounds = Bounds(*(each for each in given if each is not None)) if None not in given else None
    wish = Move(unit, dollars, document_hash(evidence), beyond, bounds)
    return set_rate(wish, command=this_command(desk))
