"""`ape run pay_storage`: what a holder owes for the storage of a commodity."""

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import address


@operation(
    "Pay what HOLDER owes for the storage of the commodity SERIES, from its own wallet.\n\n"
    "It accrues at each record date on what was held then; who redeems in kind has paid it.",
    example="ape run pay_storage PKGOLD 0x0123… --yes",
)
@click.argument("series")
@click.argument("holder", callback=address)
def cli(desk: Desk, series: str, holder: str) -> Work:
    from scripts._amanat.storage import Storage, pay_storage

    return pay_storage(Storage(series, holder))
