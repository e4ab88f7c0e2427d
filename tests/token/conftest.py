"""What the token's tests stand on: the programme, one bill, and people who hold it."""

from __future__ import annotations

import pytest

from tests.evm import Actor, Contract
from tests.world import World


@pytest.fixture
def world() -> World:
    """The whole programme on a fresh chain."""
    return World()


@pytest.fixture
def bill(world: World) -> Contract:
    """A bill without rules, open for issue."""
    return world.bill()


@pytest.fixture
def alice(world: World, bill: Contract) -> Actor:
    """An investor who holds 1,000."""
    actor = world.investor("alice")
    world.mint(bill, actor, 1_000)
    return actor


@pytest.fixture
def bob(world: World) -> Actor:
    """An investor who holds nothing."""
    return world.investor("bob")


@pytest.fixture
def stranger(world: World) -> Actor:
    """A wallet nobody registered."""
    return world.evm.actor("stranger")
