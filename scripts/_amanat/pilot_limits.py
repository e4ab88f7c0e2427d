"""The stage of the pilot: narrowed by the regulator, widened by two institutions, and over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from scripts import stage as command
from scripts._amanat.measures import ONE
from scripts._amanat.pilot_instrument import Instrument
from scripts._amanat.pilot_leg import Scene, Surroundings

SERIES: Final = "pib-2026-08-05"
NARROWED, ENDED = date(2026, 5, 18), date(2026, 8, 4)


class Limits(Instrument):
    """What the stage means to the holders of a bond."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around, SERIES)
        self._folder = self.cast.files.folder / "stages"

    def scenes(self) -> Iterable[Scene]:
        yield Scene(NARROWED, "The regulator narrows the stage at once", self.narrowing)
        yield Scene(NARROWED, "Board and regulator widen it again", self.widening)
        yield Scene(ENDED, "The stage ends; what is out will be paid back", self.ending)

    def narrowing(self) -> None:
        """Every series is bound in the same transaction; a large trade is refused."""
        self._bring("narrower.yaml", narrow=True)
        contract = self.stage.programme["PilotStage"]
        most = contract.read("limitsOf", self.first_seen.address).maximumTransaction
        bound = self.stage.programme.rules(self.first_seen).maximumTransaction
        self.stage.check("what one transfer may move", most, bound)
        self.stage.note(f"one transfer moves at most {most:,} of {SERIES}, which is USD 10,000")
        amount = most // 100_000 * 100_000 + 100_000
        self._refused("beyond the stage", amount, 43, "MaximumTransactionExceeded")

    def widening(self) -> None:
        """The limit is wider; the rules of a series stay until its officer widens them."""
        before = self.stage.programme.rules(self.first_seen)
        self._bring("wider.yaml")
        limits = self.stage.programme["PilotStage"].read("current").limits
        self.stage.check("what the stage lets one transfer move", 5_000_000 * ONE, limits[3])
        self.stage.check("rules of the series", before, self.stage.programme.rules(self.first_seen))
        self.stage.note("proposed by the board after its delay, confirmed by the regulator")

    def ending(self) -> None:
        """From here on the pilot only pays back, which the other legs show."""
        self._bring("ended.yaml", narrow=True)
        running = self.stage.programme["PilotStage"].read("isRunning")
        self.stage.check("the stage runs", False, running)
        self._refused("past the stage", 100_000, 13, "StageEnded")

    def _refused(self, topic: str, amount: int, code: int, error: str) -> None:
        first, second = sorted(self.book.holding, key=self.book.units.__getitem__)[-1:-3:-1]
        self.refused(topic, first, second, amount, code, error)

    def _bring(self, name: str, *, narrow: bool = False) -> None:
        self.command(command.cli, wish=self._folder / name, narrow=narrow)
