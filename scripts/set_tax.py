"""`ape run set_tax`: withholding rates by class and date, and certificates under treaties."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import file, this_command


@operation(
    "Publish the withholding rates and certificates of TABLE that do not stand yet.\n\n"
    "Rates hold by what is paid, class and residence, from now or from a day to come; none is "
    "dated back. What is withheld is judged at the moment of payment.",
    example="ape run set_tax scripts/_pilot/tax-2026.yaml --yes",
)
@click.argument("table", type=file)
def cli(desk: Desk, table: Path) -> Work:
    from scripts._amanat.tax_files import read_tax_table
    from scripts._amanat.taxes import set_tax

    return set_tax(read_tax_table(table), table, command=this_command(desk))
