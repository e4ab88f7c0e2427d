"""`ape run redeem_in_kind`: goods for tokens, a stage a run."""

from decimal import Decimal
from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import file, quantity, this_command


@operation(
    "Redeem units of a commodity in kind, as REQUEST says.\n\n"
    "Without an option the holder asks. Then the custodian chooses with --assign, the holder "
    "pays with --accept, the custodian confirms with --deliver, and the holder receives with "
    "--acknowledge (or the auditor says so with --certify): the tokens are burnt. The holder can "
    "--cancel until it accepts; what is late anyone undoes with --time-out.",
    example="ape run redeem_in_kind scripts/_pilot/commodities/bar-of-the-fund.yaml "
    "--assign KHI-01 --weight 198.344 --bars scripts/_pilot/commodities/bars-khi-01.csv --yes",
)
@click.argument("request", type=file)
@click.option("--assign", "lot", help="The lot that it is delivered from.")
@click.option("--weight", callback=quantity, help="What is delivered of it.")
@click.option("--bars", type=file, help="The list of what is delivered.")
@click.option("--accept", is_flag=True, help="Take what was chosen, and pay the fee.")
@click.option("--deliver", type=file, help="The receipt of the goods.")
@click.option("--acknowledge", is_flag=True, help="The goods were received.")
@click.option("--certify", type=file, help="The auditor's certificate that they were.")
@click.option("--cancel", is_flag=True, help="Take the request back.")
@click.option("--time-out", is_flag=True, help="Undo what was not done in time.")
def cli(
    desk: Desk,
    request: Path,
    lot: str | None,
    weight: Decimal | None,
    bars: Path | None,
    accept: bool,
    deliver: Path | None,
    acknowledge: bool,
    certify: Path | None,
    cancel: bool,
    time_out: bool,
) -> Work:
    from scripts._amanat.errors import InputRefused
    from scripts._amanat.in_kind import Chosen, InKind, Stage, redeem_in_kind
    from scripts._amanat.in_kind_files import read_request
    from scripts._amanat.orders import document_hash

    named = {
        Stage.ASSIGN: lot is not None,
        Stage.ACCEPT: accept,
        Stage.DELIVER: deliver is not None,
        Stage.ACKNOWLEDGE: acknowledge,
        Stage.CERTIFY: certify is not None,
        Stage.CANCEL: cancel,
        Stage.TIME_OUT: time_out,
    }
    stages = [stage for stage, is_named in named.items() if is_named]
    if len(stages) > 1:
        raise InputRefused("name one stage: " + ", ".join(f"--{stage}" for stage in stages))
    if len({lot is None, weight is None, bars is None}) > 1:
        raise InputRefused("name --assign, --weight and --bars together")
    chosen = None
    if lot is not None and weight is not None and bars is not None:
        chosen = Chosen(lot, weight, document_hash(bars))
    proof = deliver or certify
    wish = InKind(
        read_request(request),
        stages[0] if stages else Stage.REQUEST,
        chosen,
        document_hash(proof) if proof else b"",
    )
    return redeem_in_kind(wish, command=this_command(desk))
