"""Words that the tests of series with periods share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from scripts._amanat.business_days import start_of_day_karachi
from tests.evm import Contract
from tests.world import Role, World

REDEMPTION: Final = 1
COUPON: Final = 2
RENTAL: Final = 3
BENCHMARK: Final = 0
FALLBACK: Final = 1


def morning(day: date, hour: int = 9) -> int:
    """A time of that day in Karachi."""
    return start_of_day_karachi(day) + hour * 3_600


def pay(world: World, token: Contract, kind: int, number: int, *holders: str) -> list[int]:
    """Announce, fund and pay one payment; what each holder's cash grew by."""
    agent, officer = world.paying_agent, world[Role.PAYING_AGENT]
    payment = agent.announce(token, kind, number, world.cash, sender=officer)
    when = token.obligation(kind, number)
    world.evm.time = max(world.evm.time, when.due)
    due = agent.missing(payment)
    fund(world, due)
    agent.fund(payment, due, sender=world.treasury)
    before = [world.cash.balanceOf(holder) for holder in holders]
    agent.pay(payment, in_page_order(holders), sender=officer)
    return [world.cash.balanceOf(holder) - had for holder, had in zip(holders, before, strict=True)]


def in_page_order(holders: Iterable[str]) -> list[str]:
    """Pages of a distribution go through the holders in ascending order of their addresses."""
    return sorted(holders, key=lambda holder: int(holder, 16))


def fund(world: World, amount: int) -> None:
    """Rupees in the treasury's hand, allowed to the paying agent."""
    world.cash.mint(world.treasury, amount, sender=world[Role.FISCAL_AGENT])
    world.cash.approve(world.paying_agent, amount, sender=world.treasury)
