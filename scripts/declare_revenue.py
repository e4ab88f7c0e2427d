"""`ape run declare_revenue`: what a period brought, declared to the holders of a revenue share."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import file, signature, this_command


@operation(
    "Declare the revenue of a period to the holders of SERIES, from the figures in STATEMENT.\n\n"
    "The auditor of the terms signs them, here or elsewhere (--signature); what the waterfall "
    "leaves to the holders is shown before. With --restate they take the place of declared ones, "
    "and the difference is carried to the next declaration.",
    example="ape run declare_revenue MRS-01JAN27 scripts/_pilot/revenue/tolls-2025-q4.yaml --yes",
)
@click.argument("series")
@click.argument("statement", type=file)
@click.option("--restate", is_flag=True, help="Other figures for a period that is declared.")
@click.option("--signature", callback=signature, help="The auditor's, where its key is elsewhere.")
def cli(desk: Desk, series: str, statement: Path, restate: bool, signature: bytes | None) -> Work:
    from scripts._amanat.declarations import Declaring, declare_revenue
    from scripts._amanat.statements import read_period

    period = read_period(statement, restates=restate)
    wish = Declaring(series, period, restate, signature)
    return declare_revenue(wish, command=this_command(desk), inputs=(statement,))
