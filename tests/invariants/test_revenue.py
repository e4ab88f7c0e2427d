"""A revenue share never pays more than it received, whatever is declared and restated."""

from __future__ import annotations

from functools import cache

from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from scripts._amanat.business_days import epoch_day
from scripts._amanat.waterfall import Figures, Rule, Tier, waterfall
from tests.assets.revenue import QUARTERS, STARTS, Road
from tests.world import WaterfallRule, World

HOLDINGS = (7, 333, 660)
MOST = 12

amount = st.integers(0, 1_000_00)
figures = st.builds(Figures, amount, amount, amount, amount)
declared = st.tuples(st.just("declare"), st.just(0), figures)
restated = st.tuples(st.just("restate"), st.integers(0, MOST), figures)
acts = st.lists(st.one_of(declared, restated), min_size=2, max_size=2 * MOST)


@cache
def stage(floor: int, cap: int) -> tuple[Road, list[str]]:
    """A road of its own for each rule, and its holders."""
    world = World()
    rule = WaterfallRule(tuple(Tier), 2_500, floor, cap)  # type: ignore[arg-type]
    road = Road(world, waterfall=rule)
    holders = road.give(**{f"holder{n}": units for n, units in enumerate(HOLDINGS)})
    return road, [str(holder) for holder in holders]


@settings(max_examples=25, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(acts=acts, bounds=st.sampled_from([(0, 0), (40_00, 90_00)]))
@example(
    acts=[("declare", 0, Figures(1_000_00, 0, 0, 0)), ("restate", 0, Figures(0, 0, 0, 0))],
    bounds=(40_00, 90_00),
)
def test_pools_and_what_is_carried_are_the_shares_that_stand(
    acts: list[tuple[str, int, Figures]], bounds: tuple[int, int]
) -> None:
    """Invariant 13, and the same by a ledger kept by hand: nothing is paid that was not received.

    What is paid beyond the figures that stand was received by those that stood when it was paid.
    """
    floor, cap = bounds
    road, holders = stage(floor, cap)
    rule = Rule(share=2_500, floor=floor, cap=cap)
    standing: list[Figures] = []
    highest: list[int] = []  # net of each period by the most favourable figures that ever stood
    with road.evm.snapshot():
        for name, number, content in acts:
            if name == "declare" and len(standing) < MOST:
                road.declare(content)
                standing.append(content)
                highest.append(waterfall(content, rule).net)
            elif name == "restate" and number < len(standing):
                road.restate(number, content)
                standing[number] = content
                highest[number] = max(highest[number], waterfall(content, rule).net)
            shares = [waterfall(each, rule).share for each in standing]
            pools, carried = list(road.pools()), road.token.carried()
            assert sum(pools) + carried == sum(shares)
            assert sum(pools) <= sum(highest)
            if carried >= 0:
                assert sum(pools) <= sum(each.gross for each in standing)
        for number, pool in enumerate(road.pools()):
            received = road.pay(number, *holders) if pool else [0] * len(holders)
            assert received == [pool * units // sum(HOLDINGS) for units in HOLDINGS]


def test_every_day_of_the_term_is_declared_once() -> None:
    """Periods are a partition of the days from the first to the last that was declared."""
    road, _ = stage(0, 0)
    with road.evm.snapshot():
        for number in range(4):
            road.declare(Figures(100, 0, 0, 0))
            made = road.token.declaration(number)
            begins = epoch_day([STARTS, *QUARTERS][number])
            assert (made.periodStart, made.periodEnd) == (begins, epoch_day(QUARTERS[number]))
        assert road.token.nextPeriodStart() == epoch_day(QUARTERS[3])
