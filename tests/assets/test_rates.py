"""Rates that are reset: in order, once, in time, within the terms, with evidence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scripts._amanat.business_days import epoch_day, start_of_day_karachi
from tests.assets.periods import BENCHMARK, COUPON, FALLBACK, morning
from tests.evm import Contract, reverts
from tests.world import VARIABLE, Role, World

EVIDENCE = b"\x01" * 32
SECOND_PERIOD = date(2026, 2, 23)
FLOATER: dict[str, Any] = {
    "stated_maturity": epoch_day(date(2028, 11, 23)),
    "accrual_start": epoch_day(date(2025, 11, 23)),
    "issue_date": epoch_day(date(2025, 11, 24)),
    "frequency": 4,
    "rate_type": VARIABLE,
    "rate": 113_000,
    "benchmark": b"MTB 3M weighted average",
    "spread": 3_000,
    "floor": 50_000,
    "cap": 200_000,
    "maximum_step": 20_000,
    "fixing_days": 2,
}


@pytest.fixture
def floater(world: World) -> Contract:
    """A PFL, quarterly, over the three-month bill."""
    return world.bond(**FLOATER)


def reset(
    world: World, token: Contract, period: int, benchmark: int, source: int = BENCHMARK
) -> None:
    token.resetRate(period, benchmark, source, EVIDENCE, sender=world[Role.FISCAL_AGENT])


def test_a_reset_is_benchmark_and_spread_and_pays_by_it(world: World, floater: Contract) -> None:
    """Published rule: (11.0499 + 0.3) % a year, a quarter of it each quarter."""
    world.evm.time = start_of_day_karachi(date(2026, 2, 21))
    reset(world, floater, 1, 110_499)
    assert world.evm.receipt.events("RateReset") == [
        {
            "period": 1,
            "rate": 113_499,
            "benchmark": 110_499,
            "source": BENCHMARK,
            "evidence": EVIDENCE,
            "setter": world[Role.FISCAL_AGENT],
        }
    ]
    assert (floater.rateOf(0), floater.rateOf(1)) == (113_000, 113_499)
    assert floater.obligationAmount(COUPON, 0, 100_000, 2) == 2_825_00
    assert floater.obligationAmount(COUPON, 1, 100_000, 2) == 2_837_48  # 2,837.475, half-up


def test_what_is_not_set_is_never_guessed(world: World, floater: Contract) -> None:
    world.evm.time = morning(date(2026, 2, 24))
    for ask in (
        lambda: floater.rateOf(1),
        lambda: floater.obligationAmount(COUPON, 1, 100_000, 2),
        lambda: floater.taxableAmount(COUPON, 1, 100_000, 2),
        lambda: floater.accruedUp(100_000, 2),
        lambda: floater.accruedPer100(),
        lambda: floater.costOf(100_000, 990_000, 2),
    ):
        with reverts("RateNotSet", 1):
            ask()
    told = [(each.isRateSet, each.rate, each.distribution) for each in floater.schedule()[:2]]
    assert told == [(True, 113_000, 2_825_00), (False, 0, 0)]
    with reverts("SchedulePeriodUnknown", 12):
        floater.rateOf(12)


def test_a_rate_is_set_once_and_in_the_order_of_the_periods(
    world: World, floater: Contract
) -> None:
    world.evm.time = morning(date(2026, 5, 25))
    for period in (0, 2, 12):
        with reverts("RateOutOfTurn", period, 1):
            reset(world, floater, period, 110_000)
    reset(world, floater, 1, 110_000)
    for period in (0, 1, 3):
        with reverts("RateOutOfTurn", period, 2):
            reset(world, floater, period, 120_000)
    reset(world, floater, 2, 120_000)
    assert [floater.rateOf(n) for n in range(3)] == [113_000, 113_000, 123_000]


def test_the_last_period_is_the_last_reset(world: World) -> None:
    bond = world.bond(**FLOATER | {"stated_maturity": epoch_day(date(2026, 5, 23))})
    world.evm.time = morning(date(2026, 5, 20))
    reset(world, bond, 1, 110_000)
    with reverts("RateOutOfTurn", 2, 2):
        reset(world, bond, 2, 110_000)


def test_the_benchmark_waits_for_the_fixing_day_and_the_fallback_for_the_period(
    world: World, floater: Contract
) -> None:
    fixing, start = date(2026, 2, 21), start_of_day_karachi(SECOND_PERIOD)
    world.evm.time = start_of_day_karachi(fixing) - 1
    with reverts("RateTooEarly", 1, start_of_day_karachi(fixing)):
        reset(world, floater, 1, 110_000)
    world.evm.time += 1
    with reverts("RateTooEarly", 1, start):
        reset(world, floater, 1, 110_000, FALLBACK)
    reset(world, floater, 1, 110_000)
    with reverts("RateTooEarly", 2, start_of_day_karachi(date(2026, 5, 21))):
        reset(world, floater, 2, 110_000)


def test_a_fallback_is_told_as_such(world: World, floater: Contract) -> None:
    world.evm.time = start_of_day_karachi(SECOND_PERIOD)
    reset(world, floater, 1, 112_000, FALLBACK)
    assert world.evm.receipt.events("RateReset")[0]["source"] == FALLBACK
    assert floater.rateOf(1) == 115_000


@pytest.mark.parametrize(
    ("benchmark", "rate"), [(90_000, 93_000), (130_000, 133_000)], ids=["down", "up"]
)
def test_a_step_goes_as_far_as_the_terms_allow(
    world: World, floater: Contract, benchmark: int, rate: int
) -> None:
    world.evm.time = morning(SECOND_PERIOD)
    beyond = benchmark + (1 if rate > 113_000 else -1)
    with reverts("RateStepTooLarge", beyond + 3_000, 113_000, 20_000):
        reset(world, floater, 1, beyond)
    reset(world, floater, 1, benchmark)
    assert floater.rateOf(1) == rate


@pytest.mark.parametrize(
    ("spread", "least", "most"), [(3_000, 47_000, 197_000), (-3_000, 53_000, 203_000)]
)
def test_a_rate_stays_within_floor_and_cap(
    world: World, spread: int, least: int, most: int
) -> None:
    for benchmark, rate in ((least, 50_000), (most, 200_000)):
        bond = world.bond(**FLOATER | {"spread": spread, "maximum_step": 0})
        with world.evm.snapshot():
            world.evm.time = morning(SECOND_PERIOD)
            beyond = benchmark + (1 if rate == 200_000 else -1)
            with reverts("RateOutOfBounds", beyond + spread, 50_000, 200_000):
                reset(world, bond, 1, beyond)
            reset(world, bond, 1, benchmark)
            assert bond.rateOf(1) == rate


def test_without_cap_or_step_a_rate_is_bounded_by_nought_and_its_type(world: World) -> None:
    free = {"cap": 0, "floor": 0, "maximum_step": 0, "spread": -1}
    bond = world.bond(**FLOATER | free)
    world.evm.time = morning(SECOND_PERIOD)
    with reverts("RateOutOfBounds", -1, 0, 0):
        reset(world, bond, 1, 0)
    with reverts("BondRateOutOfRange", 2**32):
        reset(world, bond, 1, 2**32)
    reset(world, bond, 1, 1)
    assert bond.rateOf(1) == 0


def test_a_reset_names_its_evidence(world: World, floater: Contract) -> None:
    world.evm.time = morning(SECOND_PERIOD)
    with reverts("RateWithoutEvidence"):
        floater.resetRate(1, 110_000, BENCHMARK, bytes(32), sender=world[Role.FISCAL_AGENT])


def test_a_fixed_rate_is_reset_by_nobody(world: World) -> None:
    bond = world.bond()
    world.evm.time = morning(date(2026, 1, 20))
    with reverts("RateNotVariable"):
        reset(world, bond, 1, 105_000)


def test_a_variable_rental_is_reset_the_same_way(world: World) -> None:
    sukuk = world.sukuk(rate_type=VARIABLE, benchmark=b"KIBOR 6M", maximum_step=0, spread=-2_000)
    world.evm.time = morning(date(2026, 4, 22))
    reset(world, sukuk, 1, 112_000)
    assert sukuk.rateOf(1) == 110_000
