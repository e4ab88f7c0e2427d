"""The programme on a fresh chain."""

from __future__ import annotations

import pytest

from tests.world import World


@pytest.fixture
def world() -> World:
    """Every contract, every officer, no series yet."""
    return World()
