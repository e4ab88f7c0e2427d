"""`ape run allot`: accepted bids, delivered against payment."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@operation(
    "Settle the accepted bids of an auction: tokens against cash, each at its own price.",
    example="ape run allot scripts/_pilot/bills/mtb-3m-2025-10-02.yaml "
    "scripts/_pilot/auction-2025-10-01.csv --investors scripts/_pilot/investors.csv",
)
@click.argument("terms", type=FILE)
@click.argument("auction", type=FILE)
@click.option("--investors", type=FILE, required=True, help="The list that bidders stand in.")
@click.option(
    "--fund-on-local-chain",
    is_flag=True,
    help="Give bidders the pilot rupees that they lack; on local chains alone.",
)
def cli(desk: Desk, terms: Path, auction: Path, investors: Path, fund_on_local_chain: bool) -> Work:
    from scripts._amanat.allotment import OPERATION, Allotting, Sources
    from scripts._amanat.auction import read_auction
    from scripts._amanat.investors import read_investors
    from scripts._amanat.terms import read_bill

    bill = read_bill(terms, chain_date=None)
    result = read_auction(auction, bill, read_investors(investors, as_of=None))
    sources = Sources(terms, bill, auction, result, investors)
    allotting: list[Allotting] = []

    def of(desk: Desk) -> Allotting:
        if not allotting:
            allotting.append(Allotting(desk, sources, fund_on_local_chain=fund_on_local_chain))
        return allotting[0]

    return Work(
        operation=OPERATION,
        plan=lambda desk: of(desk).plan(),
        verify=lambda desk: of(desk).prove(),
        report=lambda desk: {"bids": len(result.allotments), "face": int(result.face)},
        inputs=(terms, auction, investors),
    )
