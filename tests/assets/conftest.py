"""What the tests of the assets stand on: the programme, and people who hold its series."""

from __future__ import annotations

import pytest

from tests.evm import Actor
from tests.world import YEAR, Role, World


@pytest.fixture
def world() -> World:
    """The whole programme on a fresh chain; attestations hold for three years."""
    world = World()
    world.registry.setMaxAttestationAge(3 * YEAR, sender=world[Role.COMPLIANCE_OFFICER])
    return world


@pytest.fixture
def alice(world: World) -> Actor:
    """An investor."""
    return world.investor("alice", until=world.evm.time + 3 * YEAR)


@pytest.fixture
def bob(world: World) -> Actor:
    """Another."""
    return world.investor("bob", until=world.evm.time + 3 * YEAR)
