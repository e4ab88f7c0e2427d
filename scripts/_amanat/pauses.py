"""Stopping in an emergency, confirming the stop, and ending it after the release's delay.

One series, every series of a class, or all of them: one call by one desk, at once. What one desk
stopped lapses after seven days unless another confirms it; who stops can neither confirm nor let
go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from scripts._amanat.command import Desk, Work
from scripts._amanat.console import instant
from scripts._amanat.delayed import Prepared, prepare
from scripts._amanat.errors import InputRefused
from scripts._amanat.onchain import Programme, Series
from scripts._amanat.plan import Call, Pending, Plan, Step, digest
from scripts._amanat.powers import CLASS_WORDS
from scripts._amanat.proof import Check

EMERGENCY, CONFIRMER, RELEASER = "emergency", "pause_confirmer", "releaser"
LAPSE_HOURS: Final = 7 * 24
FOR_GOOD: Final = 2**24 - 1
"""The hour at which a confirmed pause lapses."""

_GO_ON = "Burns, payments, redemptions, forced transfers and recoveries go on."


@dataclass(frozen=True)
class Stoppable:
    """One thing that one call stops, and how it stands."""

    name: str
    pause: Call
    confirm: Call
    release: Call
    is_paused: bool
    is_confirmed: bool
    reaches: tuple[str, ...]
    """The series that stand still with it, by id."""


@dataclass(frozen=True)
class Pause:
    """How a series, a class (`asset_class`) or, where neither is named, everything shall stand:
    paused, paused until somebody releases it, or not paused."""

    series: str = ""
    asset_class: str = ""
    confirm: bool = False
    release: bool = False

    def __post_init__(self) -> None:
        if self.confirm and self.release:
            raise InputRefused("a pause is confirmed or released, not both")
        if self.series and self.asset_class:
            raise InputRefused("one series is paused, or a class, not both in one call")

    @property
    def operation(self) -> str:
        """What the record calls it."""
        return "unpause" if self.release else "confirm_pause" if self.confirm else "pause"


def pause(wish: Pause, *, command: str) -> Work:
    """Pause, confirm or release; `command` finishes a release later."""

    def plan(desk: Desk) -> Plan:
        return _plan(desk, wish, command)

    def left(desk: Desk) -> Sequence[Pending]:
        return _plan(desk, wish, command).pending

    def verify(desk: Desk) -> Sequence[Check]:
        if wish.release and left(desk):
            return []  # promised for later
        found = _found(desk, wish)
        return [Check(f"{found.name} is paused", not wish.release, found.is_paused)]

    return Work(wish.operation, digest(wish), plan, verify, left=left)


def everything(programme: Programme) -> Stoppable:
    """All series at once."""
    hour = programme["IdentityRegistry"].read("haltedUntilHour")
    return _of_registry(
        programme, "everything", ("halt()", "confirmHalt()", "resume()"), (), hour, _ids(programme)
    )


def asset_class(programme: Programme, word: str) -> Stoppable:
    """Every series of a class, those to come included; InputRefused for a word that is none."""
    if word not in CLASS_WORDS:
        raise InputRefused(f"{word!r} is no class; the classes are: {', '.join(CLASS_WORDS)}")
    name = CLASS_WORDS[word]
    implementation = programme[name].address
    hour = programme["IdentityRegistry"].read("classPausedUntilHour", implementation)
    acts = tuple(f"{act}(address)" for act in ("pauseClass", "confirmClassPause", "unpauseClass"))
    reached = _ids(programme, name)
    what = f"every {word.replace('_', ' ')}"
    return _of_registry(programme, what, acts, (implementation,), hour, reached)


def one_series(desk: Desk, series: Series) -> Stoppable:
    """One series alone."""
    token = series.token
    acts = ("pause()", "confirmPause()", "unpause()")
    pause, confirm, release = (Call(token.address, token.artifact, act) for act in acts)
    paused: bool = token.read("paused")
    confirmed = paused and _is_confirmed(desk, series)
    return Stoppable(series.id, pause, confirm, release, paused, confirmed, (series.id,))


def stoppables(desk: Desk) -> Iterator[Stoppable]:
    """Everything, each class, each series: what a drill tries."""
    programme = Programme(desk.chain, desk.record)
    yield everything(programme)
    for word, name in CLASS_WORDS.items():
        if name in programme:
            yield asset_class(programme, word)
    for series in programme.series():
        yield one_series(desk, series)


def pausing(desk: Desk, thing: Stoppable) -> Step:
    """The step that stops it, and what that means until when."""
    lapses = (desk.chain.now() // 3_600 + LAPSE_HOURS) * 3_600
    expects = f"no transfer and no mint; lapses at {instant(lapses)} unless another desk confirms"
    return Step(f"pause {thing.name}", EMERGENCY, thing.pause, expects)


def releasing(thing: Stoppable) -> Step:
    """The step that lets it go on."""
    return Step(f"unpause {thing.name}", RELEASER, thing.release, "transfers and mints pass again")


# ---------------------------------------------------------------- internals


def _plan(desk: Desk, wish: Pause, command: str) -> Plan:
    thing = _found(desk, wish)
    prepared = _prepared(desk, wish, thing, command)
    reached = ", ".join(thing.reaches) or "none"
    notes = [f"Reaches {len(thing.reaches)} series: {reached}.", _GO_ON]
    return Plan(
        wish.operation,
        digest(wish),
        prepared.steps,
        pending=prepared.pending,
        notes=() if wish.series or wish.release else tuple(notes),
    )


def _prepared(desk: Desk, wish: Pause, thing: Stoppable, command: str) -> Prepared:
    if wish.confirm:
        if not thing.is_paused:
            raise InputRefused(f"{thing.name} is not paused, so there is nothing to confirm")
        step = Step(
            f"confirm the pause of {thing.name}", CONFIRMER, thing.confirm, "it lapses no more"
        )
        return Prepared(() if thing.is_confirmed else (step,))
    if thing.is_paused != wish.release:
        return Prepared()
    if wish.release:
        return prepare(desk, releasing(thing), command=command)
    return Prepared((pausing(desk, thing),))


def _found(desk: Desk, wish: Pause) -> Stoppable:
    programme = Programme(desk.chain, desk.record)
    if wish.series:
        return one_series(desk, programme.find_series(wish.series))
    return asset_class(programme, wish.asset_class) if wish.asset_class else everything(programme)


def _of_registry(
    programme: Programme,
    name: str,
    acts: Sequence[str],
    args: tuple[str, ...],
    until_hour: int,
    reaches: tuple[str, ...],
) -> Stoppable:
    registry = programme["IdentityRegistry"]
    address, artifact = registry.address, registry.artifact
    pause, confirm, release = (Call(address, artifact, act, args) for act in acts)
    confirmed = until_hour == FOR_GOOD
    return Stoppable(name, pause, confirm, release, until_hour != 0, confirmed, reaches)


def _ids(programme: Programme, class_name: str | None = None) -> tuple[str, ...]:
    listed = programme.series()
    return tuple(each.id for each in listed if class_name in (None, each.token.artifact))


def _is_confirmed(desk: Desk, series: Series) -> bool:
    """Whether the pause that stands was confirmed: no other act came after its confirmation."""
    since = desk.record.contracts["Programme"].block
    confirmed = len(series.token.events("PauseConfirmed", since))
    released = len(series.token.events("Unpaused", since))
    return confirmed > released
