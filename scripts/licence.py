"""`ape run licence`: venues from stage to stage, and the way out for their customers."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import file, this_command


@operation(
    "Bring venues and what series let them do to what LICENCES says: a YAML file, or, with "
    "--returns, a CSV list of what a venue holds for its customers.\n\n"
    "Grants, steps forward, renewals and reinstatements wait for the licensor's delay, limits for "
    "the compliance officer's: the same command after the delay executes them. `stage: suspended` "
    "and `stage: revoked` act at once. With --returns the customers get their tokens without the "
    "venue's signature: posted (licensor), confirmed (order executor), brought (anyone).",
    example="ape run licence scripts/_pilot/licences.yaml --yes",
)
@click.argument("licences", type=file)
@click.option("--venue", help="This venue of the file alone, and no limits.")
@click.option("--returns", is_flag=True, help="LICENCES is a list of what customers are owed.")
@click.option("--document", type=file, help="With --returns: the order behind the list.")
def cli(
    desk: Desk, licences: Path, venue: str | None, returns: bool, document: Path | None
) -> Work:
    from scripts._amanat.customer_returns import return_to_customers
    from scripts._amanat.errors import InputRefused
    from scripts._amanat.licences import licence

    if not returns:
        if document is not None:
            raise InputRefused("--document belongs to --returns: a licence names its own")
        return licence(licences, venue, command=this_command(desk))
    if venue is not None:
        raise InputRefused("--venue belongs to a file of licences: a list is of one venue")
    if document is None:
        raise InputRefused("--returns needs --document: the order behind the list")
    return return_to_customers(licences, document, command=this_command(desk))
