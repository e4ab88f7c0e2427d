"""The world that the tests of the rules begin with."""

from __future__ import annotations

import pytest

from tests.compliance.rule_world import World
from tests.evm import Evm


@pytest.fixture
def world(evm: Evm) -> World:
    """A rule book and an open token with every rule off."""
    return World.of(evm)
