"""What the tests of the assets stand on: the programme, and people who hold its series."""

from __future__ import annotations

import pytest

from tests.evm import Actor
from tests.world import World


@pytest.fixture
def world() -> World:
    """The whole programme on a fresh chain."""
    return World()


@pytest.fixture
def alice(world: World) -> Actor:
    """An investor."""
    return world.investor("alice")


@pytest.fixture
def bob(world: World) -> Actor:
    """Another."""
    return world.investor("bob")
