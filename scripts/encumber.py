"""`ape run encumber`: a claim of others on a lot, made or let go by two parties."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import file, this_command


@operation(
    "Encumber LOT of the commodity SERIES under the agreement DOCUMENT, or release it.\n\n"
    "The custodian proposes, the fiscal agent confirms; who is elsewhere finishes it by the same "
    "command. An encumbered lot does not count, and what holders have a claim on stays free.",
    example="ape run encumber PKOIL TANK-2 "
    "--document scripts/_pilot/commodities/claim-tank-2.md --yes",
)
@click.argument("series")
@click.argument("lot")
@click.option("--document", type=file, required=True, help="The agreement, or its discharge.")
@click.option("--release", is_flag=True, help="Let the lot go.")
def cli(desk: Desk, series: str, lot: str, document: Path, release: bool) -> Work:
    from scripts._amanat.encumbering import Encumbrance, encumber
    from scripts._amanat.orders import document_hash

    wish = Encumbrance(series, lot, document_hash(document), not release)
    return encumber(wish, command=this_command(desk))
