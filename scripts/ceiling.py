"""`ape run ceiling`: what the programme may have out, what is committed, and the room left."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import file, this_command


@operation(
    "Show the ceiling, in all and by class: committed, outstanding and room, in US dollars.\n\n"
    "With a file of limits: --raise it (the board proposes after its delay, the regulator "
    "confirms), --confirm what was proposed, or --lower it at once. With --authorise let a SERIES "
    "have an AMOUNT out: what is not less than before is measured at the rates of now.",
    example="ape run ceiling --raise ceiling-2026.yaml --yes",
)
@click.option("--raise", "raised", type=file, help="Limits that two institutions agree on.")
@click.option("--confirm", type=file, help="Limits that were proposed; the regulator alone.")
@click.option("--lower", type=file, help="Limits of which none is higher; the regulator, at once.")
@click.option("--authorise", nargs=2, help="A series, and the most of it that may be out.")
def cli(
    desk: Desk,
    raised: Path | None,
    confirm: Path | None,
    lower: Path | None,
    authorise: tuple[str, str] | None,
) -> Work:
    from scripts._amanat import limits
    from scripts._amanat.ceilings import CeilingTerms
    from scripts._amanat.errors import InputRefused
    from scripts._amanat.reading import Unreadable, parse_whole
    from scripts._amanat.yaml_files import read_model

    ways = {limits.Way.RAISE: raised, limits.Way.CONFIRM: confirm, limits.Way.LOWER: lower}
    chosen = [(way, path) for way, path in ways.items() if path]
    if len(chosen) + bool(authorise) > 1:
        raise InputRefused("one of --raise, --confirm, --lower and --authorise at a time")
    if authorise:
        series, amount = authorise
        try:
            return limits.authorise(series, parse_whole(amount))
        except Unreadable as error:
            raise InputRefused(f"amount: {amount} {error.wrong}; right: {error.right}") from None
    if not chosen:
        return limits.show()
    way, path = chosen[0]
    return limits.change(read_model(path, CeilingTerms), way, path, command=this_command(desk))
