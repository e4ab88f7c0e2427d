"""`ape run pledge`: a holding given as security; `--release` frees it, `--enforce` takes it."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import address, amount, file, this_command

DAY = 86_400


@operation(
    "Pledge units of SERIES to a creditor, who alone can then release or take them.\n\n"
    "The holder's key signs a pledge, the pledgee's a release and an enforcement. With a notice, "
    "--enforce gives it and ends as pending; the same command takes the units when it has run. "
    "--amount is what is pledged; after --release and --enforce, what stays pledged.",
    example="ape run pledge PIB-17JUL28 --amount 1,000,000 --from 0x0123… --to 0x4567… "
    "--document agreement.pdf --yes",
)
@click.argument("series")
@click.option("--amount", "units", callback=amount, help="Units; left out, all is released.")
@click.option("--from", "holder", required=True, callback=address, help="Whose units they are.")
@click.option("--to", "pledgee", required=True, callback=address, help="The creditor's wallet.")
@click.option("--document", type=file, required=True, help="The agreement.")
@click.option("--notice-days", type=click.IntRange(0, 365), default=0, help="Before it is taken.")
@click.option("--release", is_flag=True, help="Free it, down to --amount.")
@click.option("--enforce", is_flag=True, help="Take it, down to --amount.")
@click.option("--receiver", callback=address, help="Who is given it. Default: the creditor.")
def cli(
    desk: Desk,
    series: str,
    units: int | None,
    holder: str,
    pledgee: str,
    document: Path,
    notice_days: int,
    release: bool,
    enforce: bool,
    receiver: str | None,
) -> Work:
    from scripts._amanat.errors import InputRefused
    from scripts._amanat.onchain import NOBODY
    from scripts._amanat.orders import document_hash
    from scripts._amanat.pledges import Deed, PledgeWish, pledge

    if release and enforce:
        raise InputRefused("name either --release or --enforce")
    deed = Deed.RELEASE if release else Deed.ENFORCE if enforce else Deed.MAKE
    if units is None and deed is Deed.MAKE:
        raise InputRefused("a pledge needs --amount")
    wish = PledgeWish(
        series,
        holder,
        pledgee,
        document_hash(document),
        units or 0,
        deed,
        notice_days * DAY,
        receiver or NOBODY,
    )
    return pledge(wish, command=this_command(desk))
