"""Gas is a promise: each row of the bench stays where it is, and below its ceiling.

After a change that was meant: `python -m tests.bench --snapshot`.
"""

from __future__ import annotations

import pytest

from scripts._amanat import local_chain
from tests.bench import ours, snapshot
from tests.bench.rows import CEILINGS, Gas, against_ceiling

pytestmark = pytest.mark.chain


@pytest.fixture(scope="module")
def gas() -> Gas:
    """Every row of ours, measured once."""
    with local_chain.start() as chain:
        return ours.measure(chain)


def test_the_rows_are_those_of_the_snapshot_and_of_the_ceilings(gas: Gas) -> None:
    assert list(gas) == list(CEILINGS) == list(snapshot.read())


@pytest.mark.parametrize("row", CEILINGS)
def test_a_row_grows_by_no_more_than_one_per_cent(row: str, gas: Gas) -> None:
    committed = snapshot.read()[row]
    assert gas[row] <= snapshot.most(committed), f"{row}: {gas[row]:,} gas, was {committed:,}"


@pytest.mark.parametrize("row", CEILINGS)
def test_a_row_stays_below_its_ceiling(row: str, gas: Gas) -> None:
    """Pitfalls 4, 20, 31: no cost by topics, by modules or by record dates is let in unseen."""
    assert against_ceiling(row, gas) <= CEILINGS[row]
