"""`ape run sanction`: the listed take part in no transfer; `--lift` takes off the list, slowly."""

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import addresses, this_command


@operation(
    "Put every ADDRESS on the programme's sanctions list at once, or lift the sanctions.\n\n"
    "The list binds the series whose rules ask for it. Lifting waits for the releaser's delay: "
    "the same command after the delay executes it.",
    example="ape run sanction 0x0123… 0x4567… --yes",
)
@click.argument("parties", metavar="ADDRESS...", nargs=-1, required=True, callback=addresses)
@click.option("--lift", is_flag=True, help="Take them off the list.")
def cli(desk: Desk, parties: tuple[str, ...], lift: bool) -> Work:
    from scripts._amanat.switches import sanction

    return sanction(parties, lift=lift, command=this_command(desk))
