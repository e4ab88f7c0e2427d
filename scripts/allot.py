"""`ape run allot`: accepted bids, delivered against payment."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@operation(
    "Settle the accepted bids of an auction: tokens against cash, each at its own price.\n\n"
    "TERMS is the term sheet of a bill, a bond or a sukuk; a bond's accrued comes on top.",
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
    from scripts._amanat.allotment import Sources, allotting
    from scripts._amanat.auction import Sale, read_auction
    from scripts._amanat.commodity_terms import CommodityReserveTerms
    from scripts._amanat.errors import InputRefused
    from scripts._amanat.investors import read_investors
    from scripts._amanat.issuance import Issue
    from scripts._amanat.sheets import read_sheet
    from scripts._amanat.terms import BillTerms

    sheet = read_sheet(terms, chain_date=None)
    if isinstance(sheet, CommodityReserveTerms):
        raise InputRefused(
            f"{terms}: a commodity is not auctioned", what_to_do="Run `ape run sell` instead."
        )
    sources = Sources(
        operation="allot",
        series=sheet.series,
        token=lambda desk: Issue(desk, terms, sheet).token,
        day=sheet.auction.date,
        result=read_auction(auction, Sale.of(sheet), read_investors(investors, as_of=None)),
        auction_path=auction,
        command=f"ape run allot {terms} {auction} --investors {investors}",
        settlement=None if isinstance(sheet, BillTerms) else sheet.issue_date,
    )
    inputs = (terms, auction, investors)
    return allotting(sources, inputs=inputs, fund_on_local_chain=fund_on_local_chain)
