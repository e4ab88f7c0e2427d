"""`ape run transfer`: a holder's tokens, to another investor."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import address, amount, file


@operation(
    "Transfer AMOUNT of SERIES from one wallet to another.\n\n"
    "The wallet's own key signs: on a local chain its development key, elsewhere the keyfile that "
    "AMANAT_SIGNER_HOLDER names. A transfer that the token would refuse is not sent: the reason is "
    "told in words, with its ERC-1404 code, and the exit code is 5.",
    example="ape run transfer MTB-26DEC25 5,000 --from 0x0123… --to 0x4567… --yes",
)
@click.argument("series")
@click.argument("units", metavar="AMOUNT", callback=amount)
@click.option("--from", "sender", required=True, callback=address, help="The holder's wallet.")
@click.option("--to", "recipient", required=True, callback=address, help="The recipient's wallet.")
@click.option("--reference", default="", help="Tells apart transfers that are otherwise equal.")
@click.option("--travel", type=file, help="Between venues: what was sent to the other beforehand.")
def cli(
    desk: Desk,
    series: str,
    units: int,
    sender: str,
    recipient: str,
    reference: str,
    travel: Path | None,
) -> Work:
    from scripts._amanat.orders import document_hash
    from scripts._amanat.transfers import Transfer, transfer

    noted = document_hash(travel) if travel else b""
    return transfer(Transfer(series, sender, recipient, units, reference, noted))
