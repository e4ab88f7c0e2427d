"""`ape run propose`: a series from its term sheet, for others to approve."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import file


@operation(
    "Propose a series from its term sheet; another approves and opens it.\n\n"
    "The sheet names the legal authority. The document of that authority is the sheet's own, or "
    "the one given here.",
    example="ape run propose scripts/_pilot/bills/mtb-3m-2025-10-02.yaml "
    "--document order.pdf --yes",
)
@click.argument("terms", type=file)
@click.option("--document", type=file, help="The act or order that it is issued under.")
def cli(desk: Desk, terms: Path, document: Path | None) -> Work:
    from scripts._amanat.issuance import PROPOSING, Issue
    from scripts._amanat.orders import document_hash
    from scripts._amanat.sheets import read_sheet

    sheet = read_sheet(terms, chain_date=None)
    order = document_hash(document) if document else None

    def of(desk: Desk) -> Issue:
        return Issue(desk, terms, sheet, order=order, proposes_only=True)

    return Work(
        operation=PROPOSING,
        plan=lambda desk: of(desk).plan(),
        verify=lambda desk: of(desk).prove(),
        report=lambda desk: of(desk).report(),
        inputs=(terms,),
    )
