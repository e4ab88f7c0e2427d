"""The price at which the state settles what a delivery in kind falls short."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from scripts._amanat.command import Desk, Work
from scripts._amanat.console import instant
from scripts._amanat.plan import Call, Plan, Step, digest
from scripts._amanat.proof import Check
from scripts._amanat.reserves import DELIVERIES, FISCAL_AGENT, Reserve

OPERATION = "publish_price"


@dataclass(frozen=True)
class UnitPrice:
    """Rupees for a unit of a series, by a publication."""

    series: str
    price: Decimal
    evidence: bytes
    """Hash of the publication."""


def publish(wish: UnitPrice) -> Work:
    """Publish it once; the same publication again plans nothing."""
    return Work(
        operation=OPERATION,
        wish=digest(wish),
        plan=lambda desk: _Act(desk, wish).plan(),
        verify=lambda desk: _Act(desk, wish).verify(),
        report=lambda desk: _Act(desk, wish).report(),
    )


class _Act:
    """One look at the chain, and what follows from it."""

    def __init__(self, desk: Desk, wish: UnitPrice) -> None:
        self._desk, self._wish = desk, wish
        self._reserve = Reserve(desk, wish.series)

    @property
    def _price_e4(self) -> int:
        return int(self._wish.price.scaleb(4))

    @cached_property
    def _standing(self) -> Any:
        deliveries = self._reserve.programme[DELIVERIES]
        return deliveries.read("priceOf", self._reserve.series.address)

    @cached_property
    def _is_published(self) -> bool:
        """Whether the last publication is this one."""
        told = [
            event.arguments
            for event in self._reserve.programme.events(DELIVERIES, "PricePublished")
            if event.arguments["token"] == self._reserve.series.address
        ]
        found = (told[-1]["price"], told[-1]["evidence"]) if told else None
        return found == (self._price_e4, self._wish.evidence)

    def plan(self) -> Plan:
        """The publication, where it lacks."""
        wish, series = self._wish, self._reserve.series
        if self._is_published:
            note = f"published already, {instant(self._standing.publishedAt)}"
            return Plan(OPERATION, digest(wish), notes=(note,))
        call = Call(
            self._reserve.programme[DELIVERIES].address,
            DELIVERIES,
            "publishPrice(address,uint128,bytes32)",
            (series.address, self._price_e4, wish.evidence),
        )
        title = f"publish Rs {wish.price:,} for a {self._reserve.unit}"
        hours = self._reserve.terms.heartbeat // 3_600
        step = Step(title, FISCAL_AGENT, call, f"shortfalls are settled at it for {hours} hours")
        return Plan(OPERATION, digest(wish), (step,))

    def verify(self) -> Sequence[Check]:
        """The price as the desk keeps it."""
        return [Check("price, ten-thousandths", self._price_e4, self._standing.price)]

    def report(self) -> Mapping[str, Any]:
        """The price, and when it was published."""
        found = self._standing
        return {"price_e4": found.price, "published_at": found.publishedAt}
