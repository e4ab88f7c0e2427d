"""`ape run register_investors`: the register, from the list of investors."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@operation(
    "Register, renew and update the investors of a list.",
    example="ape run register_investors scripts/_pilot/investors.csv",
)
@click.argument("investors", type=FILE)
@click.option("--batch", type=FILE, help="Batches that a claim issuer signed elsewhere.")
@click.option(
    "--export",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what is missing for a signature elsewhere; send nothing.",
)
@click.option("--reinstate", multiple=True, help="A withdrawn wallet that is to be verified again.")
def cli(
    desk: Desk,
    investors: Path,
    batch: Path | None,
    export: Path | None,
    reinstate: tuple[str, ...],
) -> Work:
    from scripts._amanat.investors import read_investors
    from scripts._amanat.registration import OPERATION, Registration, read_batches

    listed = read_investors(investors, as_of=None)
    signed = read_batches(batch) if batch else []

    def of(desk: Desk) -> Registration:
        return Registration(desk, investors, listed, signed=signed, reinstate=reinstate)

    if export is not None:
        return Work(OPERATION, report=lambda desk: {"exported": of(desk).export(export)})
    return Work(
        operation=OPERATION,
        plan=lambda desk: of(desk).plan(),
        verify=lambda desk: of(desk).prove(),
        report=lambda desk: {"investors": len(listed.all), "wallets": len(listed.by_wallet)},
        inputs=(investors,),
    )
