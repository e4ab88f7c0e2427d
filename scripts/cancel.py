"""`ape run cancel`: what waits at the authority; with an operation, cancel it at once."""

import click

from scripts._amanat.command import Desk, Work, operation


@operation(
    "Show every act that was scheduled and waits, whose it is and from when it can be done; with "
    "OPERATION, the first eight or more digits of its number, cancel it at once.\n\n"
    "The guardian cancels what officers schedule; an administrator what administrators do.",
    example="ape run cancel 0x1a2b3c4d --yes",
)
@click.argument("number", metavar="[OPERATION]", required=False, default="")
def cli(desk: Desk, number: str) -> Work:
    from scripts._amanat.waiting import cancel, show

    return cancel(number) if number else show()
