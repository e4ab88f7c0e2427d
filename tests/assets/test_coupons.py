"""Coupons, from the record date to the holder's cash."""

from __future__ import annotations

from datetime import date

from scripts._amanat.business_days import start_of_day_karachi
from tests.assets.periods import COUPON, REDEMPTION, morning, pay
from tests.evm import Actor
from tests.world import World


def test_a_coupon_is_the_published_figure_whatever_the_days(
    world: World, alice: Actor, bob: Actor
) -> None:
    """10.5 % on 1,000,000 of face pays 52,500.00 each half-year (pitfall 28)."""
    bond = world.bond()
    world.evm.time = morning(date(2025, 11, 6))
    world.mint(bond, alice, 1_000_000)
    world.mint(bond, bob, 100_000)
    assert [bond.obligationAmount(COUPON, n, 1_000_000, 2) for n in range(3)] == [52_500_00] * 3
    world.evm.time = start_of_day_karachi(date(2026, 1, 10))
    bond.transfer(bob, 1_000_000, sender=alice)  # in the very second: too late for this coupon
    assert pay(world, bond, COUPON, 0, alice, bob) == [52_500_00, 5_250_00]
    assert world.evm.time == start_of_day_karachi(date(2026, 1, 19))  # the 17th is a Saturday
    assert pay(world, bond, COUPON, 1, alice, bob) == [0, 57_750_00]
    for number in (2, 3, 4, 5):
        assert pay(world, bond, COUPON, number, bob) == [57_750_00]
    assert pay(world, bond, REDEMPTION, 0, bob) == [1_100_000_00]
    assert bond.totalSupply() == 0
