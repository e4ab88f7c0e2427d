"""Forced transfers: the order of a court or of the regulator, executed once.

What was ordered binds chain, token, both wallets, amount, document, the account's own sequence
number and expiry (pitfall 45). The sequence is read from the chain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts._amanat.command import Desk, Work
from scripts._amanat.delayed import prepare
from scripts._amanat.errors import InputRefused
from scripts._amanat.onchain import Programme, Series
from scripts._amanat.plan import Call, Plan, Step, digest
from scripts._amanat.proof import Check

if TYPE_CHECKING:
    from scripts._amanat.artifacts import DecodedEvent

OPERATION = "force_transfer"
EXECUTOR = "order_executor"
FORCED_TRANSFER = "forcedTransfer(address,address,uint256,(bytes32,uint256,uint256))"


@dataclass(frozen=True)
class ForcedTransfer:
    """What was ordered; `document` is the keccak-256 of the order, `expiry` Unix seconds."""

    series: str
    sender: str
    recipient: str
    amount: int  # smallest units
    document: bytes
    expiry: int

    def __post_init__(self) -> None:
        if len(self.document) != 32 or not any(self.document):
            raise InputRefused("document: an order needs the 32 bytes of its document's hash")
        if self.amount <= 0:
            raise InputRefused(f"amount: {self.amount} is nothing to transfer")


def order_of_options(given: Mapping[str, Any]) -> ForcedTransfer:
    """The same from a command's options; InputRefused names every one that is missing."""
    wanted = {
        "series": "--series",
        "sender": "--from",
        "recipient": "--to",
        "units": "--amount",
        "document": "--document",
        "expiry": "--expiry",
    }
    if missing := [option for name, option in wanted.items() if given.get(name) is None]:
        raise InputRefused(
            "an order file, or the options: missing are " + ", ".join(missing),
        )
    return ForcedTransfer(
        given["series"],
        given["sender"],
        given["recipient"],
        given["units"],
        document_hash(given["document"]),
        end_of_day(given["expiry"]),
    )


def document_hash(path: Path) -> bytes:
    """Keccak-256 of a file; InputRefused where it cannot be read."""
    from eth_utils.crypto import keccak

    try:
        return keccak(path.read_bytes())
    except OSError as fault:
        raise InputRefused(f"document: {path}: {fault.strerror}") from None


def end_of_day(day: date) -> int:
    """The last Unix second of a day in Pakistan."""
    from scripts._amanat.business_days import start_of_day_karachi

    return start_of_day_karachi(day + timedelta(days=1)) - 1


def force_transfer(wish: ForcedTransfer, *, command: str, inputs: tuple[Path, ...] = ()) -> Work:
    """Execute the order, once; `command` finishes it where the executor has to wait.

    `inputs`: the files it was read from, whose hashes the record keeps.
    """
    return Work(
        operation=OPERATION,
        wish=digest(wish),
        plan=lambda desk: _plan(desk, wish, command),
        verify=lambda desk: _verify(desk, wish, command),
        report=lambda desk: _report(desk, wish),
        left=lambda desk: _plan(desk, wish, command).pending,
        inputs=inputs,
    )


def _plan(desk: Desk, wish: ForcedTransfer, command: str) -> Plan:
    series = _series(desk, wish)
    if event := _executed(desk, wish, series):
        note = f"executed already, as order 0x{event.arguments['order'].hex()}"
        return Plan(OPERATION, digest(wish), notes=(note,))
    if (now := desk.chain.now()) > wish.expiry:
        raise InputRefused(f"expiry: the order ended {now - wish.expiry:,} seconds ago")
    prepared = prepare(desk, _step(wish, series), command=command)
    return Plan(OPERATION, digest(wish), prepared.steps, pending=prepared.pending)


def _verify(desk: Desk, wish: ForcedTransfer, command: str) -> Sequence[Check]:
    series = _series(desk, wish)
    done = _executed(desk, wish, series) is not None
    if not done and prepare(desk, _step(wish, series), command=command).pending:
        return []  # the executor waits for its delay
    return [Check("the order was executed", True, done)]


def _report(desk: Desk, wish: ForcedTransfer) -> Mapping[str, Any]:
    event = _executed(desk, wish, _series(desk, wish))
    return {"order": "0x" + event.arguments["order"].hex() if event else None}


def _step(wish: ForcedTransfer, series: Series) -> Step:
    token = series.token
    order = (wish.document, token.read("orderSequence", wish.sender), wish.expiry)
    act = Call(
        token.address,
        token.artifact,
        FORCED_TRANSFER,
        (wish.sender, wish.recipient, wish.amount, order),
    )
    title = f"forced transfer of {wish.amount:,} {series.symbol}"
    return Step(title, EXECUTOR, act, f"under order {wish.document.hex()[:12]}…")


def _executed(desk: Desk, wish: ForcedTransfer, series: Series) -> DecodedEvent | None:
    """The act of this order on the chain. One document orders one such transfer."""
    since = desk.record.contracts["Programme"].block
    wanted = (wish.document, wish.sender, wish.recipient, wish.amount)
    for event in series.token.events("OrderExecuted", since):
        found = event.arguments
        if (found["document"], found["from"], found["to"], found["amount"]) == wanted:
            return event
    return None


def _series(desk: Desk, wish: ForcedTransfer) -> Series:
    return Programme(desk.chain, desk.record).find_series(wish.series)
