"""The table: each row with its ceiling, and what the peers cost for the same."""

from __future__ import annotations

from collections.abc import Mapping

from rich.table import Table

from tests.bench.rows import CEILINGS, EXCESS_OVER, Gas, against_ceiling

OURS = "ours"
PEERS: Mapping[str, str] = {
    "trex": "T-REX 4.1.6",
    "openzeppelin": "OpenZeppelin ERC-20",
    "solady": "Solady ERC-20",
}


def by_row(measured: Mapping[str, Gas]) -> dict[str, Gas]:
    """From gas by peer and row to gas by row and peer; what a peer lacks is left out."""
    return {
        row: {peer: gas[row] for peer, gas in measured.items() if row in gas}
        for row in measured[OURS]
    }


def table(measured: Mapping[str, Gas]) -> Table:
    """Gas of ours, the ceiling and how far we are from it, and each peer's with its ratio."""
    ours = measured[OURS]
    shown = Table(title="Gas, from receipts")
    shown.add_column("row")
    for heading in ("ours", "ceiling", "left", *PEERS.values()):
        shown.add_column(heading, justify="right")
    for row, gas in ours.items():
        shown.add_row(
            row,
            f"{gas:,}",
            _ceiling(row),
            _headroom(row, ours),
            *(_peer(measured.get(peer, {}).get(row), gas) for peer in PEERS),
        )
    return shown


def _ceiling(row: str) -> str:
    return f"{'+' * (row in EXCESS_OVER)}{CEILINGS[row]:,}"


def _headroom(row: str, ours: Gas) -> str:
    left = CEILINGS[row] - against_ceiling(row, ours)
    return f"{left:,}" if left >= 0 else f"[red]{left:,}[/red]"


def _peer(gas: int | None, ours: int) -> str:
    return "" if gas is None else f"{gas:,} ({gas / ours:.2f}×)"
