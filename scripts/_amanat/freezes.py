"""Freezing a holding at once, whole or in part, and releasing it after the release's delay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scripts._amanat.command import Desk, Work
from scripts._amanat.delayed import Prepared, prepare
from scripts._amanat.errors import InputRefused
from scripts._amanat.onchain import Programme, Series
from scripts._amanat.plan import Call, Plan, Step, digest
from scripts._amanat.proof import Check

FREEZER = "freezer"
RELEASER = "releaser"


@dataclass(frozen=True)
class Freeze:
    """How a wallet shall stand on one series.

    `part` None means the account as a whole; else how much of it is frozen in the end, in smallest
    units: freezing only raises it, a release only lowers it.
    """

    series: str
    wallet: str
    part: int | None = None
    release: bool = False

    def __post_init__(self) -> None:
        if self.part is not None and self.part < 0:
            raise InputRefused(f"part: {self.part} is less than nothing")


def freeze(wish: Freeze, *, command: str) -> Work:
    """Freeze or release; `command` is the operator's own, which finishes a release later."""
    operation = "release" if wish.release else "freeze"

    def plan(desk: Desk) -> Plan:
        series = _series(desk, wish)
        prepared = _release(desk, wish, series, command) if wish.release else _freeze(wish, series)
        return Plan(
            operation, digest((series.address, wish)), prepared.steps, pending=prepared.pending
        )

    def verify(desk: Desk) -> Sequence[Check]:
        series = _series(desk, wish)
        if wish.release and _release(desk, wish, series, command).pending:
            return []  # promised for later
        if wish.part is None:
            found = series.token.read("isFrozen", wish.wallet)
            return [Check("the account is frozen as a whole", not wish.release, found)]
        return [Check("the frozen part", wish.part, _part(series, wish))]

    return Work(operation, digest(wish), plan, verify, left=lambda desk: plan(desk).pending)


def _freeze(wish: Freeze, series: Series) -> Prepared:
    if wish.part is None:
        if series.token.read("isFrozen", wish.wallet):
            return Prepared()
        whole = _step(
            series,
            FREEZER,
            "freeze the account",
            "setAddressFrozen(address,bool)",
            (wish.wallet, True),
            "frozen",
        )
        return Prepared((whole,))
    standing = _part(series, wish)
    if standing == wish.part:
        return Prepared()
    if standing > wish.part:
        raise InputRefused(
            f"{standing:,} are frozen already, more than {wish.part:,}",
            what_to_do="To lower the frozen part, add --release.",
        )
    # The standard's setter names the figure itself, so that a second act cannot add to the first.
    signature = "setFrozenTokens(address,uint256)"
    args = (wish.wallet, wish.part)
    expects = f"{wish.part:,} are frozen"
    return Prepared((_step(series, FREEZER, "freeze a part", signature, args, expects),))


def _release(desk: Desk, wish: Freeze, series: Series, command: str) -> Prepared:
    if wish.part is None:
        if not series.token.read("isFrozen", wish.wallet):
            return Prepared()
        signature, args = "releaseAddress(address)", (wish.wallet,)
        step = _step(series, RELEASER, "release the account", signature, args, "not frozen")
        return prepare(desk, step, command=command)
    standing = _part(series, wish)
    if standing == wish.part:
        return Prepared()
    if standing < wish.part:
        raise InputRefused(
            f"{standing:,} are frozen, fewer than {wish.part:,}",
            what_to_do="To raise the frozen part, leave --release out.",
        )
    signature = "unfreezePartialTokens(address,uint256)"
    parts = (wish.wallet, standing - wish.part)
    expects = f"{wish.part:,} stay frozen"
    step = _step(series, RELEASER, "release a part", signature, parts, expects)
    return prepare(desk, step, command=command)


def _step(
    series: Series, role: str, title: str, signature: str, args: tuple[object, ...], expects: str
) -> Step:
    token = series.token
    return Step(title, role, Call(token.address, token.artifact, signature, args), expects)


def _series(desk: Desk, wish: Freeze) -> Series:
    return Programme(desk.chain, desk.record).find_series(wish.series)


def _part(series: Series, wish: Freeze) -> int:
    return int(series.token.read("getFrozenTokens", wish.wallet))
