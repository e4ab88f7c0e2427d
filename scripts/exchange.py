"""`ape run exchange`: a series takes the place of another, holder by holder."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import file, this_command


@operation(
    "Replace SERIES by SUCCESSOR, one to one, as DOCUMENT decides.\n\n"
    "The board proposes, after its delay, and the regulator confirms. Then every holder is carried "
    "over in pages, with what is frozen or pledged; run again for who had to wait.",
    example="ape run exchange MTB-26DEC25 MTB-26DEC25-B --document decision.pdf --yes",
)
@click.argument("series")
@click.argument("successor")
@click.option("--document", type=file, required=True, help="The decision behind it.")
@click.option("--page", type=click.IntRange(1, 60), default=20, help="Rows a transaction.")
def cli(desk: Desk, series: str, successor: str, document: Path, page: int) -> Work:
    from scripts._amanat.departures import Departure, depart
    from scripts._amanat.orders import document_hash

    wish = Departure(series, document_hash(document), successor)
    return depart(wish, command=this_command(desk), page=page)
