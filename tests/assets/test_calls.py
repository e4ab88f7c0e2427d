"""The issuer's call: what it ends, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from scripts._amanat.business_days import epoch_day, start_of_day_karachi
from tests.assets.periods import COUPON, REDEMPTION, morning, pay
from tests.evm import Actor, Contract, reverts
from tests.world import REFERENCE, BondTerms, Role, World

TERMS = BondTerms(
    callable_from=epoch_day(date(2026, 7, 17)), call_price=1_020_000, call_notice_days=30
)
NOTICE = date(2026, 6, 17)  # 30 days before 17-Jul-2026


@pytest.fixture
def bond(world: World) -> Contract:
    """Callable from 17-Jul-2026 at 102."""
    return world.bond(terms=TERMS)


def call(world: World, bond: Contract, period: int) -> None:
    bond.call(period, REFERENCE, sender=world[Role.ISSUER])


def test_a_called_bond_ends_with_the_period_at_the_call_price(
    world: World, bond: Contract, alice: Actor
) -> None:
    world.mint(bond, alice, 1_000_000)
    pay(world, bond, COUPON, 0, alice)
    world.evm.time = morning(NOTICE)
    call(world, bond, 1)
    day = date(2026, 7, 17)
    assert world.evm.receipt.events("Called") == [
        {"period": 1, "day": epoch_day(day), "price": 1_020_000, "decision": REFERENCE}
    ]
    assert (bond.periodCount(), bond.calledAfter(), len(bond.schedule())) == (2, 2, 2)
    assert bond.recordDates() == [
        start_of_day_karachi(each) for each in (date(2026, 1, 10), date(2026, 7, 10), day)
    ]
    assert tuple(bond.obligation(REDEMPTION, 0)) == (2, *[start_of_day_karachi(day)] * 2)
    assert bond.taxableAmount(REDEMPTION, 0, 1_000_000, 2) == 20_000_00
    with reverts("ObligationUnknown", COUPON, 2):
        bond.obligation(COUPON, 2)
    assert pay(world, bond, COUPON, 1, alice) == [52_500_00]
    assert pay(world, bond, REDEMPTION, 0, alice) == [1_020_000_00]


def test_holdings_of_a_called_bond_stand_still_from_its_day(
    world: World, bond: Contract, alice: Actor, bob: Actor
) -> None:
    world.mint(bond, alice, 1_000_000)
    world.evm.time = morning(NOTICE)
    call(world, bond, 1)
    world.evm.time = start_of_day_karachi(date(2026, 7, 17)) - 1
    bond.transfer(bob, 100_000, sender=alice)
    world.evm.time += 1
    with reverts("SeriesMatured"):
        bond.transfer(bob, 100_000, sender=alice)
    assert [bond.balanceOfAt(alice, n) for n in range(3)] == [1_000_000, 1_000_000, 900_000]
    with reverts("RecordDateUnknown", 3, 3):
        bond.balanceOfAt(alice, 3)
    with reverts("ScheduleDayOutOfRange"):
        bond.accruedPer100()


def test_a_call_keeps_its_notice_to_the_second(world: World, bond: Contract) -> None:
    latest = start_of_day_karachi(date(2026, 6, 18)) - 1
    with world.evm.snapshot(), reverts("CallTooLate", 1, latest):
        world.evm.time = latest + 1
        call(world, bond, 1)
    world.evm.time = latest
    call(world, bond, 1)


def test_a_call_without_notice_must_still_come_before_the_record_date(world: World) -> None:
    bond = world.bond(terms=replace(TERMS, call_notice_days=0))
    record = start_of_day_karachi(date(2026, 7, 10))
    with world.evm.snapshot(), reverts("CallTooLate", 1, record - 1):
        world.evm.time = record
        call(world, bond, 1)
    world.evm.time = record - 1
    call(world, bond, 1)


@pytest.mark.parametrize("period", [0, 5, 6, 2**255, 2**256 - 1])
def test_a_bond_is_called_only_at_the_end_of_a_period_that_the_terms_allow(
    world: World, bond: Contract, period: int
) -> None:
    """Not before the first day of the call, and not at the maturity, where it ends anyway."""
    if period == 2**256 - 1:
        with reverts("Panic", 0x11):
            call(world, bond, period)
        return
    with reverts("NotCallable", period):
        call(world, bond, period)


def test_a_bond_is_called_once_and_only_where_its_terms_say_so(
    world: World, bond: Contract
) -> None:
    call(world, bond, 2)
    with reverts("AlreadyCalled", 3):
        call(world, bond, 1)
    with reverts("NotCallable", 2):
        call(world, world.bond(), 2)


def test_a_call_leaves_the_record_dates_that_have_passed(
    world: World, bond: Contract, alice: Actor, bob: Actor
) -> None:
    """Several dates unvisited: the first was kept before the call, the rest come after it."""
    world.mint(bond, alice, 500_000)
    world.evm.time = morning(date(2026, 2, 1))
    call(world, bond, 1)
    bond.transfer(bob, 200_000, sender=alice)
    world.evm.time = morning(date(2026, 7, 18))
    with reverts("SeriesMatured"):
        bond.transfer(bob, 1, sender=alice)
    assert [bond.balanceOfAt(alice, n) for n in range(3)] == [500_000, 300_000, 300_000]
    assert [bond.totalSupplyAt(n) for n in range(3)] == [500_000] * 3


def test_a_floater_that_is_called_has_no_more_resets(world: World) -> None:
    floater = world.bond(
        terms=TERMS, rate_type=2, benchmark=b"MTB 6M", floor=1, cap=200_000, fixing_days=2
    )
    call(world, floater, 1)
    world.evm.time = morning(date(2026, 7, 17))
    fiscal = world[Role.FISCAL_AGENT]
    floater.resetRate(1, 100_000, 0, REFERENCE, sender=fiscal)
    with reverts("RateOutOfTurn", 2, 2):
        floater.resetRate(2, 100_000, 0, REFERENCE, sender=fiscal)
