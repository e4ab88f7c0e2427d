"""`ape run approve`: another than its proposer stands for a series."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import file


@operation(
    "Approve a proposed SERIES with the document of the decision; never by who proposed it.\n\n"
    "With --open it is opened as well, which commits its maximum issue against the ceiling.",
    example="ape run approve MTB-26DEC25 --document decision.pdf --open --yes",
)
@click.argument("series")
@click.option("--document", type=file, required=True, help="The decision.")
@click.option("--open", "opens", is_flag=True, help="Open it for issue, too.")
def cli(desk: Desk, series: str, document: Path, opens: bool) -> Work:
    from scripts._amanat.approvals import Approval, approve
    from scripts._amanat.orders import document_hash

    return approve(Approval(series, document_hash(document), opens))
