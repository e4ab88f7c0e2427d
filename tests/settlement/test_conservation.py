"""The ledger of a payment under any order of events.

Invariant: funded == paid + reserved + residual + withdrawn, and the contract holds exactly
reserved + residual of it. Each holder receives par for its record-date balance once, or nothing.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.evm import Evm, Reverted
from tests.settlement.conftest import DUE, RECORD_AT, World, make_world

HOLDERS = 5
ACTS = ("fund", "pay", "claim", "freeze", "release", "block", "unblock", "missed", "residual")

act = st.tuples(
    st.sampled_from(ACTS), st.integers(1, HOLDERS), st.integers(0, 3_000), st.booleans()
)
holdings = st.lists(st.integers(0, 100), min_size=HOLDERS, max_size=HOLDERS)


def perform(world: World, cash: Any, payment: bytes, step: tuple[str, int, int, bool]) -> None:
    name, number, amount, late = step
    agency, holder = world.agency, world.investor(number)
    if late and world.evm.time < DUE:
        world.evm.time = RECORD_AT if world.evm.time < RECORD_AT else DUE
    try:
        if name == "fund":
            world.fund(payment, cash, amount)
        elif name == "pay":
            page = [world.investor(1 + (number + i) % HOLDERS) for i in range(amount % 7)]
            agency.pay(payment, page, sender=world.agent)
        elif name == "claim":
            agency.claim(payment, holder, sender=holder)
        elif name in ("freeze", "release"):
            world.series.freeze(holder, name == "freeze", sender=world.admin)
        elif name in ("block", "unblock"):
            cash.setManner(holder, 1 if name == "block" else 0, sender=world.admin)
        elif name == "missed":
            agency.markMissed(payment, sender=world.admin)
        elif name == "residual":
            agency.withdrawResidual(payment, sender=world.agent)
    except Reverted:
        pass  # a refusal may come at any time; what matters is what it leaves


def check(world: World, cash: Any, payment: bytes) -> None:
    state = world.state(payment)
    assert state.funded == state.paid + state.reserved + state.residual + state.withdrawn
    assert cash.balanceOf(world.agency) == state.reserved + state.residual
    assert cash.balanceOf(world.treasury) == state.withdrawn
    received = sum(cash.balanceOf(holder) for holder in world.investors(HOLDERS))
    assert received == state.paid
    if state.total:
        assert state.paid <= state.total <= max(state.funded, state.total)


@cache
def prepared() -> tuple[World, Any]:
    """Deployed once; every example is undone at its end."""
    world = make_world(Evm())
    return world, world.cash(2)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(held=holdings, burnt=st.integers(0, 50), steps=st.lists(act, min_size=4, max_size=20))
def test_every_rupee_paid_in_is_paid_reserved_residual_or_withdrawn(
    held: list[int], burnt: int, steps: list[tuple[str, int, int, bool]]
) -> None:
    """Pitfalls 28, 30 and 33 as one property."""
    world, cash = prepared()
    with world.evm.snapshot():
        for number, units in enumerate(held, start=1):
            world.series.mint(world.investor(number), units, b"\0" * 32, sender=world.admin)
        payment = world.announce(cash)
        if sum(held):
            world.fund(payment, cash, 2_000)
        gone = min(burnt, held[0])
        world.series.burn(world.investor(1), gone, sender=world.admin)
        for step in steps:
            perform(world, cash, payment, step)
            check(world, cash, payment)
        settle_all(world, cash, payment)
        paid = [cash.balanceOf(holder) for holder in world.investors(HOLDERS)]
        assert paid == [100 * units for units in (held[0] - gone, *held[1:])]


def settle_all(world: World, cash: Any, payment: bytes) -> None:
    """The end of every story: money there, nobody frozen or blocked, a page over all."""
    world.evm.time = max(world.evm.time, DUE)
    missing = world.agency.missing(payment)
    if missing:
        world.fund(payment, cash, missing)
    for holder in world.investors(HOLDERS):
        world.series.freeze(holder, False, sender=world.admin)
        cash.setManner(holder, 0, sender=world.admin)
    world.agency.pay(payment, world.investors(HOLDERS), sender=world.agent)
    check(world, cash, payment)
    assert world.series.totalSupply() == 0
    assert world.state(payment).reserved == 0
