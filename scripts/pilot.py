"""`ape run pilot`: the whole life of a bill, on a private chain, with the proof of its end."""

import click


@click.command(
    name="cli",
    epilog="\b\nExample:\n  ape run pilot --keep",
    help="Play the sample pilot on a private chain that starts and ends with it.\n\n"
    "The exit code is 0 only if every check held.",
)
@click.option("--keep", envvar="KEEP", is_flag=True, help="Leave the chain running.")
@click.option("--client", type=click.Choice(["anvil", "hardhat"]), default="anvil")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def cli(keep: bool, client: str, as_json: bool) -> None:
    """Exit with 0 where every check held, with 9 where one failed."""
    from scripts._amanat.pilot_report import play

    click.get_current_context().exit(play(client=client, keep=keep, as_json=as_json))
