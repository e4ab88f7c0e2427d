"""`ape run reset_rate`: the rate of a floating bond's or a variable sukuk's next period."""

from decimal import Decimal
from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import file, rate, this_command


@operation(
    "Set the rate of the next period of SERIES: benchmark and spread, once and for all.\n\n"
    "The benchmark is taken from its fixing day on; with --fallback what the terms put in its "
    "place, from the start of the period on. The terms bound what can be set.",
    example="ape run reset_rate PFL-17OCT28 --period 1 --benchmark 11.0499 "
    "--evidence auction-result.pdf --yes",
)
@click.argument("series")
@click.option("--period", type=click.IntRange(0), required=True, help="Counted from 0.")
@click.option("--benchmark", required=True, callback=rate, help="Per cent a year, 4 decimals.")
@click.option("--evidence", type=file, required=True, help="The publication it comes from.")
@click.option("--fallback", is_flag=True, help="The benchmark was not published in time.")
def cli(
    desk: Desk, series: str, period: int, benchmark: Decimal, evidence: Path, fallback: bool
) -> Work:
    from scripts._amanat.orders import document_hash
    from scripts._amanat.rates import Reset, Source, reset_rate

    source = Source.FALLBACK if fallback else Source.BENCHMARK
    wish = Reset(series, period, benchmark, document_hash(evidence), source)
    return reset_rate(wish, command=this_command(desk))
