"""`ape run status`: what stands on a chain."""

from scripts._amanat.command import Desk, Work, operation


@operation("Show the programme's contracts and series on a chain.", example="ape run status --json")
def cli(desk: Desk) -> Work:
    from scripts._amanat.standing import report

    return Work(operation="status", report=report)
