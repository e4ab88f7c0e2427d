"""What every test finds ready: the contracts compiled, and an EVM of its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from scripts._amanat.build import CANONICAL, ROOT, TEST_CONTRACTS, BuildError, build
from tests.evm import Evm

os.environ.setdefault("APE_DATA_FOLDER", str(ROOT / ".ape"))

settings.register_profile("amanat", deadline=None, print_blob=True)
# To see that something fails, and the same thing each time, no smallest example is needed.
settings.register_profile(
    "mutants",
    settings.get_profile("amanat"),
    phases=[Phase.explicit, Phase.generate],
    derandomize=True,
    database=None,
)
settings.load_profile("amanat")


def pytest_configure(config: pytest.Config) -> None:
    """Compile once, in the process that the workers of xdist are started from."""
    if not hasattr(config, "workerinput"):
        try:
            for unit in (CANONICAL, TEST_CONTRACTS):
                build(ROOT, unit)
        except BuildError as error:
            pytest.exit(f"the contracts do not compile\n{error}", returncode=1)


@pytest.fixture
def evm() -> Evm:
    """A fresh chain."""
    return Evm()


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT
