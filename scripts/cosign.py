"""`ape run cosign`: a proposal for a Safe, worked out anew by whoever is to sign it."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import file, this_command


@operation(
    "Review the PROPOSAL that another operator's --propose has written.\n\n"
    "Its hashes are worked out again from its calls, and its calls read again, on this machine: "
    "compare them with what your signing device shows. Owners sign in Safe's app. On a local chain "
    "--signers signs with development keys, and makes the Safe act.",
    example="ape run cosign proposals/steward-0-1a2b3c4d.json --signers issuer,regulator --yes",
)
@click.argument("proposal", type=file)
@click.option("--signers", default="", help="Development keys; on local chains only.")
def cli(desk: Desk, proposal: Path, signers: str) -> Work:
    from scripts._amanat.cosigning import cosign

    names = [name for name in signers.replace(" ", "").split(",") if name]
    return cosign(proposal, names, command=this_command(desk))
