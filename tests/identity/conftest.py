"""Fixtures of the tests of identity."""

from __future__ import annotations

import pytest

from tests.evm import Evm
from tests.identity.registry import Town, build_town


@pytest.fixture
def town(evm: Evm) -> Town:
    """A registry and everyone around it."""
    return build_town(evm)
