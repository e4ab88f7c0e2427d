"""`ape run issue`: a series from its term sheet."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation


@operation(
    "Propose, approve and open a series of any class from its term sheet.",
    example="ape run issue scripts/_pilot/bills/mtb-3m-2025-10-02.yaml",
)
@click.argument("terms", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--for-exchange", is_flag=True, help="To replace another series, and for no sale.")
def cli(desk: Desk, terms: Path, for_exchange: bool) -> Work:
    from scripts._amanat.issuance import OPERATION, Issue
    from scripts._amanat.sheets import read_sheet

    sheet = read_sheet(terms, chain_date=None)

    def issue(desk: Desk) -> Issue:
        return Issue(desk, terms, sheet, for_exchange=for_exchange)

    return Work(
        operation=OPERATION,
        plan=lambda desk: issue(desk).plan(),
        verify=lambda desk: issue(desk).prove(),
        report=lambda desk: issue(desk).report(),
        inputs=(terms,),
    )
