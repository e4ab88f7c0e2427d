"""Pausing a series at once, confirming the pause, and ending it after the release's delay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scripts._amanat.command import Desk, Work
from scripts._amanat.delayed import Prepared, prepare
from scripts._amanat.errors import InputRefused
from scripts._amanat.onchain import Programme, Series
from scripts._amanat.plan import Call, Plan, Step, digest
from scripts._amanat.proof import Check


@dataclass(frozen=True)
class Pause:
    """How a series shall stand: paused, paused until somebody releases it, or not paused."""

    series: str
    confirm: bool = False
    release: bool = False

    def __post_init__(self) -> None:
        if self.confirm and self.release:
            raise InputRefused("a pause is confirmed or released, not both")

    @property
    def operation(self) -> str:
        """What the record calls it."""
        return "unpause" if self.release else "confirm_pause" if self.confirm else "pause"


def pause(wish: Pause, *, command: str) -> Work:
    """Pause, confirm or release; `command` finishes a release later."""

    def plan(desk: Desk) -> Plan:
        prepared = _prepared(desk, wish, command)
        return Plan(wish.operation, digest(wish), prepared.steps, pending=prepared.pending)

    def verify(desk: Desk) -> Sequence[Check]:
        if wish.release and _prepared(desk, wish, command).pending:
            return []  # promised for later
        found = _series(desk, wish).token.read("paused")
        return [Check("the series is paused", not wish.release, found)]

    return Work(wish.operation, digest(wish), plan, verify, left=lambda desk: plan(desk).pending)


def _prepared(desk: Desk, wish: Pause, command: str) -> Prepared:
    series = _series(desk, wish)
    is_paused = series.token.read("paused")
    if wish.confirm:
        if not is_paused:
            raise InputRefused(f"{series.id} is not paused, so there is nothing to confirm")
        confirmed = _is_confirmed(desk, series)
        return Prepared(() if confirmed else (_step(series, "pause_confirmer", "confirmPause()"),))
    if is_paused != wish.release:
        return Prepared()
    if wish.release:
        return prepare(desk, _step(series, "releaser", "unpause()"), command=command)
    return Prepared((_step(series, "emergency", "pause()"),))


def _is_confirmed(desk: Desk, series: Series) -> bool:
    """Whether the pause that stands was confirmed: no other act came after its confirmation."""
    since = desk.record.contracts["Programme"].block
    confirmed = len(series.token.events("PauseConfirmed", since))
    released = len(series.token.events("Unpaused", since))
    return confirmed > released


def _step(series: Series, role: str, signature: str) -> Step:
    token = series.token
    title = f"{signature.removesuffix('()')} {series.id}"
    return Step(title, role, Call(token.address, token.artifact, signature))


def _series(desk: Desk, wish: Pause) -> Series:
    return Programme(desk.chain, desk.record).find_series(wish.series)
