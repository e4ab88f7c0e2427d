"""`ape run issue`: a series from its term sheet."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation


@operation(
    "Propose and open a series from its term sheet: bills, bonds or sukuk.",
    example="ape run issue scripts/_pilot/bills/mtb-3m-2025-10-02.yaml",
)
@click.argument("terms", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def cli(desk: Desk, terms: Path) -> Work:
    from scripts._amanat.issuance import OPERATION, Issue
    from scripts._amanat.sheets import read_sheet

    sheet = read_sheet(terms, chain_date=None)
    return Work(
        operation=OPERATION,
        plan=lambda desk: Issue(desk, terms, sheet).plan(),
        verify=lambda desk: Issue(desk, terms, sheet).prove(),
        report=lambda desk: Issue(desk, terms, sheet).report(),
        inputs=(terms,),
    )
