"""What the pilot is made of: legs, each a story of its own, told as scenes on the one clock.

A leg is a file with a class, and a line in `pilot_play.LEGS`. It says which scenes it has and when
each is played; scenes of several legs that fall together and have one title are one act. So no leg
needs to know of another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import inf

from scripts._amanat.business_days import day_in_karachi
from scripts._amanat.pilot_cast import Cast, morning
from scripts._amanat.pilot_ledger import Ledger
from scripts._amanat.pilot_stage import Stage
from scripts._amanat.pilot_tax import Taxation

AT_ONCE = 0
"""When a scene is played that nothing has to wait for: before any day."""


@dataclass(frozen=True)
class Scene:
    """What happens at one time."""

    when: date | int
    """A day, at ten o'clock in Karachi; or an instant, in Unix seconds."""
    title: str
    """Of the act that it is in."""
    play: Callable[[], None]

    @property
    def moment(self) -> int:
        """When it is played, in Unix seconds."""
        return morning(self.when) if isinstance(self.when, date) else self.when


@dataclass(frozen=True)
class Surroundings:
    """What all legs have in common."""

    stage: Stage
    cast: Cast
    ledger: Ledger
    taxation: Taxation


class Leg:
    """One story of the pilot."""

    def __init__(self, around: Surroundings) -> None:
        self.stage, self.cast = around.stage, around.cast
        self.ledger, self.taxation = around.ledger, around.taxation

    def scenes(self) -> Iterable[Scene]:
        """What it plays, and when; in its own order where two fall together."""
        raise NotImplementedError

    def prove(self) -> None:
        """What only this leg can prove, once every leg is played to its end."""

    @property
    def treasury(self) -> str:
        """The account that receives what investors pay, and pays what is owed."""
        return self.stage.desk.signers["treasury"].address

    @property
    def tax_authority(self) -> str:
        """The account that receives what is withheld."""
        return self.stage.desk.signers["tax_authority"].address


def play_all(stage: Stage, legs: Sequence[Leg], *, before: float = inf) -> None:
    """Every scene in the order of the chain's clock, act by act; those alone that come `before`.

    An act must begin on its day: a leg that moves the clock past the next one's is found out.
    """
    for moment, title, scenes in _acts(legs):
        if moment >= before:
            return
        stage.until(moment)
        with stage.act(title):
            if moment:
                today, wanted = (day_in_karachi(at) for at in (stage.now, moment))
                stage.check("the day of the act", str(wanted), str(today))
            for scene in scenes:
                scene.play()


def _acts(legs: Iterable[Leg]) -> Iterator[tuple[int, str, list[Scene]]]:
    """Of scenes that fall together: in the order of the legs, but for titles that came before."""
    scenes = sorted((scene for leg in legs for scene in leg.scenes()), key=lambda s: s.moment)
    for moment, together in groupby(scenes, key=lambda scene: scene.moment):
        titled: dict[str, list[Scene]] = {}
        for scene in together:
            titled.setdefault(scene.title, []).append(scene)
        yield from ((moment, title, found) for title, found in titled.items())
