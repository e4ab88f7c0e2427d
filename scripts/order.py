"""`ape run order`: a holder's offer to trade, signed into a file; or taken back."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import address, amount, day, file, money


@operation(
    "Sign an order to sell or buy units of SERIES, and allow the settlement what it may take.\n\n"
    "The wallet's own key signs, as in `transfer`. The file is handed to the other side or to a "
    "venue, who settles it with `settle`. --cancel takes a signed order back, for good.",
    example="ape run order PIB-17JUL28 --sell 1,000,000 --for 985,000.00 --clean "
    "--wallet 0x0123… --expiry 2026-07-20 --out sell.json --yes",
)
@click.argument("series", required=False)
@click.option("--sell", callback=amount, help="Units to sell.")
@click.option("--buy", callback=amount, help="Units to buy.")
@click.option("--for", "consideration", callback=money, help="Rupees for all of them.")
@click.option("--clean", is_flag=True, help="Without accrued interest, which comes on top.")
@click.option("--wallet", callback=address, help="Whose order it is.")
@click.option("--expiry", callback=day, help="The last day on which it can be settled.")
@click.option("--counterparty", callback=address, help="The only other side it accepts.")
@click.option("--venue", callback=address, help="The only account that may settle it.")
@click.option("--minimum", callback=amount, default="0", help="Units of one fill at least.")
@click.option("--reference", default="", help="Tells apart orders that are otherwise equal.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.option("--cancel", "cancelled", type=file, help="Take this signed order back instead.")
def cli(
    desk: Desk,
    series: str | None,
    sell: int | None,
    buy: int | None,
    consideration: Decimal | None,
    clean: bool,
    wallet: str | None,
    expiry: date | None,
    counterparty: str | None,
    venue: str | None,
    minimum: int,
    reference: str,
    out: Path | None,
    cancelled: Path | None,
) -> Work:
    from scripts._amanat.errors import InputRefused
    from scripts._amanat.offers import Offer, cancel, offer
    from scripts._amanat.onchain import NOBODY
    from scripts._amanat.orders import end_of_day
    from scripts._amanat.trade_orders import Basis, Side

    if cancelled:
        return cancel(cancelled)
    if series is None or wallet is None or consideration is None or expiry is None or out is None:
        raise InputRefused("an order needs SERIES, --wallet, --for, --expiry and --out")
    units = sell if buy is None else buy
    if units is None or (sell is not None and buy is not None):
        raise InputRefused("name either --sell or --buy")
    wish = Offer(
        series,
        wallet,
        Side.BUY if sell is None else Side.SELL,
        units,
        consideration,
        end_of_day(expiry) + 1,
        Basis.CLEAN if clean else Basis.DIRTY,
        counterparty or NOBODY,
        venue or NOBODY,
        minimum,
        reference,
    )
    return offer(wish, out)
