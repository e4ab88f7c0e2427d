"""`ape run refresh`: cached verdicts, worked out anew."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation


@operation(
    "Work out verdicts anew for wallets whose cached one went stale; saves gas on transfers.",
    example="ape run refresh --investors scripts/_pilot/investors.csv",
)
@click.argument("wallets", nargs=-1)
@click.option(
    "--investors",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Every wallet of this list.",
)
def cli(desk: Desk, wallets: tuple[str, ...], investors: Path | None) -> Work:
    from scripts._amanat.errors import InputRefused
    from scripts._amanat.investors import read_investors
    from scripts._amanat.reading import Unreadable, parse_address
    from scripts._amanat.verdicts import OPERATION, Refreshing

    try:
        named = [str(parse_address(wallet)) for wallet in wallets]
    except Unreadable as fault:
        raise InputRefused(f"{' '.join(wallets)}: {fault.wrong}; right: {fault.right}") from None
    if investors:
        named += read_investors(investors, as_of=None).by_wallet
    if not named:
        raise InputRefused("no wallet is named", what_to_do="Name wallets, or --investors FILE.")
    listed = list(dict.fromkeys(named))
    return Work(
        operation=OPERATION,
        plan=lambda desk: Refreshing(desk, listed).plan(),
        verify=lambda desk: Refreshing(desk, listed).prove(),
        inputs=(investors,) if investors else (),
    )
