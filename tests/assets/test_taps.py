"""A reopening: more of the same bond, at a clean price and what has accrued by the day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scripts._amanat.business_days import start_of_day_karachi
from tests.assets.periods import COUPON, morning
from tests.evm import Actor, Contract, reverts
from tests.world import DISCOUNT, REFERENCE, Role, World

TAP = date(2025, 12, 3)


@pytest.fixture
def bond(world: World) -> Contract:
    """The PIB of 2028."""
    return world.bond()


def allotment(world: World, bond: Contract, investor: Actor, **row: Any) -> dict[str, Any]:
    return {
        "token": bond.address,
        "investor": investor,
        "units": 1_000_000,
        "price": 980_000,
        "cash": world.cash.address,
        "cost": 0,
        "auctionReference": REFERENCE,
        "allotmentId": b"\x07" * 32,
    } | row


def test_a_tap_costs_its_clean_price_and_the_accrued_of_its_day(
    world: World, bond: Contract, alice: Actor
) -> None:
    """139 of 184 days: 10.5/2 x 139/184 = 3.966033 on 100, 39,660.33 on a million."""
    fiscal = world[Role.FISCAL_AGENT]
    world.evm.time = morning(TAP)
    assert bond.accruedPer100() == 3_966_033
    cost = 980_000_00 + 39_660_33
    assert bond.costOf(1_000_000, 980_000, 2) == cost
    world.cash.mint(alice, cost, sender=fiscal)
    world.cash.approve(world.dvp, cost, sender=alice)
    with reverts("AllotmentCostMismatch"):
        world.dvp.allot(allotment(world, bond, alice, cost=980_000_00), sender=fiscal)
    world.dvp.allot(allotment(world, bond, alice, cost=cost), sender=fiscal)
    assert (bond.balanceOf(alice), world.cash.balanceOf(world.treasury)) == (1_000_000, cost)
    assert bond.outstanding() == 1_000_000_00


def test_accrued_starts_anew_with_each_period(world: World, bond: Contract) -> None:
    day = date(2026, 1, 17)
    world.evm.time = start_of_day_karachi(day)
    assert (bond.currentPeriod(), bond.accruedPer100(), bond.accruedUp(1, 2)) == (1, 0, 0)
    assert bond.costOf(1_000_000, 1_000_000, 2) == 1_000_000_00


def test_who_buys_after_the_record_date_pays_less_by_the_coupon(
    world: World, bond: Contract
) -> None:
    """From 10-Jan-2026 the coupon is another's: 7 of 184 days are owed back to the buyer."""
    last = start_of_day_karachi(date(2026, 1, 10)) - 1
    world.evm.time = last
    assert bond.accruedPer100() == 5_021_739  # 5.25 x 176/184
    world.evm.time = last + 1
    assert bond.accruedPer100() == 5_050_272 - 5_250_000
    assert bond.dirtyPrice(1_000_000) == 99_800_272
    assert bond.cleanPrice(99_800_272) == 1_000_000
    assert bond.costOf(1_000_000, 1_000_000, 2) == 1_000_000_00 + 50_502_72 - 52_500_00
    with reverts("PastRecordDate", 0, last + 1):
        bond.accruedUp(1_000_000, 2)


def test_the_maximum_issue_bounds_every_tap(world: World, alice: Actor) -> None:
    bond = world.bond(maximum_issue=500_000)
    world.mint(bond, alice, 400_000)
    with reverts("MaximumIssueExceeded", 400_000, 100_001, 500_000):
        world.mint(bond, alice, 100_001)


def test_nothing_is_quoted_before_it_accrues_or_after_it_ends(world: World) -> None:
    bond = world.bond()
    with world.evm.snapshot(), reverts("ScheduleDayOutOfRange"):
        world.bond(accrual_start=20_400, issue_date=20_400).accruedPer100()
    world.evm.time = start_of_day_karachi(date(2028, 7, 17))
    with reverts("ScheduleDayOutOfRange"):
        bond.costOf(100_000, 1_000_000, 2)


@pytest.mark.parametrize("price", [0, 2**32])
def test_a_price_that_cannot_be_is_refused(world: World, bond: Contract, price: int) -> None:
    world.evm.time = morning(TAP)
    for ask in (lambda: bond.costOf(1, price, 2), lambda: bond.dirtyPrice(price)):
        with reverts("BondPriceOutOfRange", price):
            ask()
    with reverts("BondPriceNegative", 0):
        bond.cleanPrice(3_966_033)


def test_the_next_payment_is_the_first_whose_period_runs(world: World, bond: Contract) -> None:
    def told() -> tuple[int, int, int]:
        found = bond.nextPayment()
        return found.kind, found.number, found.when.due

    assert told() == (COUPON, 0, start_of_day_karachi(date(2026, 1, 19)))
    world.evm.time = start_of_day_karachi(date(2026, 1, 17))
    assert told() == (COUPON, 1, start_of_day_karachi(date(2026, 7, 17)))
    world.evm.time = start_of_day_karachi(date(2028, 7, 17))
    assert told() == (1, 0, start_of_day_karachi(date(2028, 7, 17)))


def test_the_next_payment_of_a_discount_bond_is_its_redemption(world: World) -> None:
    zero = world.bond(rate_type=DISCOUNT, frequency=0, rate=0)
    assert (zero.nextPayment().kind, zero.nextPayment().when.recordId) == (1, 0)
