"""What the rules cost a transfer, from receipts, and what the engine weighs.

The ceilings stand a little above what was measured when they were written. The token of these tests
adds the same to every figure, so the cost of rules is told as a difference.
"""

from __future__ import annotations

from typing import Any

import pytest

from scripts._amanat import artifacts
from scripts._amanat.build import CODE_SIZE_LIMIT
from tests.compliance.rule_world import PAKISTAN, World

DAY = 86_400
THREE: dict[str, Any] = {"jurisdictions": True, "maximumHolding": 10**9, "supplyCap": 10**12}
SIX: dict[str, Any] = {
    **THREE,
    "lot": 100,
    "maximumHolders": 100,
    "velocityLimit": 10**9,
    "velocityWindow": DAY,
}


def cost(world: World, **on: Any) -> int:
    """Gas of a booked transfer whose sender has transferred before, under these rules."""
    token = world.another_token(**on)
    world.book.setJurisdictions(token, [PAKISTAN, 784, 826], True, sender=world.officer)
    movement = world.movement(world.alice, world.bob, 1_000, fromBalance=9_000, toBalance=5_000)
    world.present(movement, token)
    return world.evm.gas_of(token.book, movement, sender=world.admin)


@pytest.mark.chain
def test_rules_cost_a_transfer_no_more_than_measured(world: World) -> None:
    none, three, six = cost(world), cost(world, **THREE), cost(world, **SIX)
    assert three - none <= 3_080  # one word of countries, and the work
    assert six - three <= 10_250  # one word of limits, one slot of usage read and written


@pytest.mark.chain
def test_a_rule_that_is_off_costs_nothing(world: World) -> None:
    """Pitfall 20. A rule that is on costs no more than its own word and work."""
    none = cost(world)
    assert cost(world, supplyCap=10**12) - none <= 350
    assert cost(world, lot=100) - none <= 2_800
    assert cost(world, lockedUntil=1) - none <= 2_900


def test_each_contract_keeps_its_headroom() -> None:
    """Pitfall 25: 15 per cent below the limit."""
    for name in ("RuleBook", "Compliance"):
        assert len(artifacts.load(name).runtime_code) <= CODE_SIZE_LIMIT * 85 // 100
