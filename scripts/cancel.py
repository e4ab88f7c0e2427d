"""`ape run cancel`: what waits at the authority, or a series that never came to anything."""

import click

from scripts._amanat.command import Desk, Work, operation


@operation(
    "Show every act that was scheduled and waits, whose it is and from when it can be done; with "
    "OPERATION, the first eight or more digits of its number, cancel it at once.\n\n"
    "The guardian cancels what officers schedule; an administrator what administrators do. With "
    "--series the issuer cancels a series: proposed, approved, or open with nothing outstanding.",
    example="ape run cancel 0x1a2b3c4d --yes",
)
@click.argument("number", metavar="[OPERATION]", required=False, default="")
@click.option("--series", help="A series, instead; it cannot come back.")
def cli(desk: Desk, number: str, series: str | None) -> Work:
    from scripts._amanat import approvals
    from scripts._amanat.errors import InputRefused
    from scripts._amanat.waiting import cancel, show

    if series is None:
        return cancel(number) if number else show()
    if number:
        raise InputRefused("an operation or a series, not both")
    return approvals.cancel(series)
