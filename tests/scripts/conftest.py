"""Desks at a real chain, as new for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scripts.office import Office, open_notebook, plan, running_anvil


@pytest.fixture(scope="session")
def anvil_url() -> Iterator[str]:
    with running_anvil() as url:
        yield url


@pytest.fixture
def office(anvil_url: str, tmp_path: Path) -> Iterator[Office]:
    """A desk at a local chain that is as new, without records."""
    office = Office(anvil_url, tmp_path)
    snapshot = office.rpc("evm_snapshot")
    yield office
    office.rpc("evm_setAutomine", True)
    office.rpc("anvil_dropAllTransactions")
    assert office.rpc("evm_revert", snapshot)


@pytest.fixture
def notebook(office: Office) -> Office:
    """A desk whose notebook is open."""
    with office.run() as executor:
        executor.execute(plan(open_notebook(), wish="opening"))
    return office
