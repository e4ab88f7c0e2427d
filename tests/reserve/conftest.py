"""One vault a test, of which the world is made once a process."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from tests.reserve.vault import Vault


@cache
def made() -> Vault:
    return Vault()


@pytest.fixture
def vault() -> Iterator[Vault]:
    """A gold series without an attestation; undone after the test."""
    here = made()
    with here.evm.snapshot():
        yield here
