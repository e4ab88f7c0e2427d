"""`ape run instruct`: a sale whose money moves in the central bank's system."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import file, this_command


@operation(
    "Lock the units of a sale that is paid off the chain, as INSTRUCTION says.\n\n"
    "The seller's key locks them. With --confirm the fiscal agent confirms the payment and they "
    "are delivered under the rules of the series. With --release the buyer lets go, or anyone "
    "once the last day is over.",
    example="ape run instruct sale-2026-05-07.yaml --confirm rtgs-confirmation.pdf --yes",
)
@click.argument("instruction", type=file)
@click.option("--confirm", type=file, help="The confirmation of the payment; delivers.")
@click.option("--release", is_flag=True, help="Let the units go.")
def cli(desk: Desk, instruction: Path, confirm: Path | None, release: bool) -> Work:
    from scripts._amanat.errors import InputRefused
    from scripts._amanat.instructions import Instructed, Move, instruct, read_instruction
    from scripts._amanat.orders import document_hash

    if confirm and release:
        raise InputRefused("name either --confirm or --release")
    move = Move.CONFIRM if confirm else Move.RELEASE if release else Move.LOCK
    evidence = document_hash(confirm) if confirm else b""
    wish = Instructed(instruction, read_instruction(instruction), move, evidence)
    return instruct(wish, command=this_command(desk))
