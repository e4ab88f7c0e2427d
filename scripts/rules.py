"""`ape run rules`: other rules for a series that stands, slowly."""

from pathlib import Path

import click

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import file, this_command


@operation(
    "Put the rules of RULES in force on SERIES, in place of those that stand.\n\n"
    "RULES is a YAML file with the section `compliance` of a term sheet; a rule that is left out "
    "is off. It waits for the compliance officer's delay: the same command after the delay "
    "executes it. A rule judges what moves from then on, and takes nothing back.",
    example="ape run rules MTB-26DEC25 rules-2025-11.yaml --yes",
)
@click.argument("series")
@click.argument("rules", type=file)
def cli(desk: Desk, series: str, rules: Path) -> Work:
    from scripts._amanat.rules import change_rules

    return change_rules(series, rules, command=this_command(desk))
