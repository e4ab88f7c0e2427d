"""`ape run stage`: how far the programme is let, widened by two institutions, narrowed by one."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import file, this_command


@operation(
    "Show the programme's stage, or bring it to that of FILE.\n\n"
    "FILE is YAML: a stage and its limits; what is left out is not limited. The board proposes it, "
    "after its delay, and the regulator confirms it within seven days: who is elsewhere, or later, "
    "goes on by the same command. With --narrow the regulator tightens the limits at once. Where "
    "anything is tightened, transfers stand still until the rules of every series lie within it; "
    "the same command conforms what is left.",
    example="ape run stage scripts/_pilot/stages/narrower.yaml --narrow --yes",
)
@click.argument("wish", metavar="[FILE]", type=file, required=False)
@click.option("--narrow", is_flag=True, help="Tighten the limits at once, or end the stage.")
def cli(desk: Desk, wish: Path | None, narrow: bool) -> Work:
    from scripts._amanat.staging import conform, move

    if wish is None:
        return conform(command=this_command(desk))
    return move(wish, narrow=narrow, command=this_command(desk))
