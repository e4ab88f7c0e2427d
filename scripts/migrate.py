"""`ape run migrate`: the depository takes a series over, by a register fixed on the chain."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import file, this_command


@operation(
    "Hand SERIES over to the depository, as DOCUMENT decides, and write its final REGISTER.\n\n"
    "The series is paused before. The board proposes, after its delay; the regulator confirms with "
    "the register's hash; then every holder leaves the chain, in pages, each with an entry of it.",
    example="ape run migrate MTB-26DEC25 --register register.csv --document decision.pdf --yes",
)
@click.argument("series")
@click.option(
    "--register",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Where the final register is written.",
)
@click.option("--document", type=file, required=True, help="The decision behind it.")
@click.option("--page", type=click.IntRange(1, 60), default=20, help="Rows a transaction.")
def cli(desk: Desk, series: str, register: Path, document: Path, page: int) -> Work:
    from scripts._amanat.departures import Departure, depart
    from scripts._amanat.orders import document_hash

    wish = Departure(series, document_hash(document), register=register)
    return depart(wish, command=this_command(desk), page=page)
