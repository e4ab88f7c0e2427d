"""`ape run powers`: who may do what; and, with the programme file, the holders brought to it."""

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.options import this_command


@operation(
    "Show every power of every address.\n\n"
    "With --programme, also grant the roles of whom the file names and the chain does not, and "
    "revoke those of everybody else; then read the whole programme back and tell every difference. "
    "The administrator's acts wait: the same command after the delay executes them.",
    example="ape run powers --programme scripts/_pilot/programme.yaml --yes",
)
def cli(desk: Desk) -> Work:
    from scripts._amanat.rotation import rotate

    return rotate(desk.options.programme, command=this_command(desk))
