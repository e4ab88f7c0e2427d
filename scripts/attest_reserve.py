"""`ape run attest_reserve`: what is in store, as custodian and auditor sign it together."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import file


@operation(
    "Attest to all the lots of a commodity, as STATEMENT names them.\n\n"
    "Custodian and auditor both sign it. A keeper whose key is on this machine signs here; the "
    "other signs on its own with --sign-as and --out, and its file is given as --signature.",
    example="ape run attest_reserve scripts/_pilot/commodities/gold-2026-04-08.yaml "
    "--signature auditor.json --yes",
)
@click.argument("statement", type=file)
@click.option("--signature", "signatures", type=file, multiple=True, help="A keeper's signature.")
@click.option("--sign-as", type=click.Choice(["custodian", "auditor"]), help="Only sign.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
def cli(
    desk: Desk,
    statement: Path,
    signatures: tuple[Path, ...],
    sign_as: str | None,
    out: Path | None,
) -> Work:
    from scripts._amanat.attesting import attest, sign
    from scripts._amanat.errors import InputRefused
    from scripts._amanat.reserve_files import read_statement

    if (sign_as is None) != (out is None):
        raise InputRefused("name --sign-as and --out together")
    if sign_as and out:
        return sign(read_statement(statement), sign_as, out)
    return attest(read_statement(statement), signatures)
