"""`ape run recover_wallet`: a lost wallet, and the one that stands in for it on every series."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.errors import InputRefused
from scripts._amanat.options import address, file, this_command


@operation(
    "Recover LOST to --successor, on every series of the programme at once.\n\n"
    "The first run gives notice: from then on the lost wallet is dead. The registry's window "
    "follows, in which the wallet or the guardian may object (--cancel). The same command after "
    "the window completes the recovery; balances, frozen parts and entitlements follow.",
    example="ape run recover_wallet 0x0123… --successor 0x4567… --document decision.pdf --yes",
)
@click.argument("lost", callback=address)
@click.option("--successor", callback=address, help="Unregistered, or of the same investor.")
@click.option("--document", type=file, help="The decision on file; its keccak-256 goes on-chain.")
@click.option("--cancel", is_flag=True, help="Withdraw the notice within its window.")
def cli(desk: Desk, lost: str, successor: str | None, document: Path | None, cancel: bool) -> Work:
    from scripts._amanat import recoveries
    from scripts._amanat.orders import document_hash

    command = this_command(desk)
    if cancel:
        return recoveries.cancel(lost, command=command)
    if successor is None or document is None:
        raise InputRefused("a recovery needs --successor and --document")
    wish = recoveries.Recovery(lost, successor, document_hash(document))
    return recoveries.recover(wish, command=command, inputs=(document,))
