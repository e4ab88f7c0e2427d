"""Pause: at once, by one person, and not for long unless another confirms it (pitfall 52)."""

from __future__ import annotations

from tests.evm import Actor, Contract, reverts
from tests.world import Role, World

WEEK = 7 * 24


def test_a_pause_stops_transfers_and_mints_and_nothing_else(
    world: World, bill: Contract, alice: Actor, bob: Actor
) -> None:
    bill.pause(sender=world[Role.EMERGENCY])
    assert world.evm.receipt.events("Paused") == [{"userAddress": world[Role.EMERGENCY]}]
    assert bill.paused() is True
    until = world.evm.time // 3_600 + WEEK
    bill.approve(bob, 5, sender=alice)
    with reverts("TokenPaused", until):
        bill.transfer(bob, 1, sender=alice)
    with reverts("TokenPaused", until):
        bill.transferFrom(alice, bob, 1, sender=bob)
    with reverts("TokenPaused", until):
        world.mint(bill, bob, 1)
    world.burn(bill, alice, 1)
    world.force(bill, alice, bob, 1)
    bill.setFrozenTokens(alice, 5, sender=world[Role.FREEZER])
    world.recover(alice, world.evm.actor("alice again"), bill)
    assert bill.balanceOf(world.evm.actor("alice again")) == 998


def test_a_pause_of_one_series_is_no_pause_of_another(
    world: World, bill: Contract, alice: Actor
) -> None:
    other = world.bill()
    bill.pause(sender=world[Role.EMERGENCY])
    world.mint(other, alice, 1)
    assert (bill.paused(), other.paused()) == (True, False)


def test_a_pause_lapses_within_a_week(
    world: World, bill: Contract, alice: Actor, bob: Actor
) -> None:
    world.evm.advance(seconds=1_234)
    bill.pause(sender=world[Role.EMERGENCY])
    lapses = (world.evm.time // 3_600 + WEEK) * 3_600
    assert WEEK * 3_600 - 3_600 < lapses - world.evm.time <= WEEK * 3_600
    world.evm.time = lapses - 1
    assert bill.paused() is True
    world.evm.time = lapses
    assert bill.paused() is False
    bill.transfer(bob, 1, sender=alice)
    with reverts("NotPaused"):
        bill.unpause(sender=world[Role.RELEASER])
    with reverts("NotPaused"):
        bill.confirmPause(sender=world[Role.PAUSE_CONFIRMER])


def test_a_second_pause_neither_shortens_nor_prolongs_the_first(
    world: World, bill: Contract
) -> None:
    bill.pause(sender=world[Role.EMERGENCY])
    lapses = (world.evm.time // 3_600 + WEEK) * 3_600
    world.evm.advance(days=6)
    bill.pause(sender=world[Role.EMERGENCY])
    world.evm.time = lapses
    assert bill.paused() is False
    bill.pause(sender=world[Role.EMERGENCY])
    assert bill.paused() is True


def test_a_confirmed_pause_stands_until_it_is_released(
    world: World, bill: Contract, alice: Actor, bob: Actor
) -> None:
    confirmer = world[Role.PAUSE_CONFIRMER]
    bill.pause(sender=world[Role.EMERGENCY])
    bill.confirmPause(sender=confirmer)
    assert world.evm.receipt.events("PauseConfirmed") == [{"account": confirmer}]
    bill.pause(sender=world[Role.EMERGENCY])
    world.evm.advance(days=60)
    with reverts("TokenPaused", 2**24 - 1):
        bill.transfer(bob, 1, sender=alice)
    bill.unpause(sender=world[Role.RELEASER])
    assert world.evm.receipt.events("Unpaused") == [{"userAddress": world[Role.RELEASER]}]
    bill.transfer(bob, 1, sender=alice)


def test_only_a_pause_is_confirmed_or_released(world: World, bill: Contract) -> None:
    with reverts("NotPaused"):
        bill.confirmPause(sender=world[Role.PAUSE_CONFIRMER])
    with reverts("NotPaused"):
        bill.unpause(sender=world[Role.RELEASER])


def test_a_pauser_is_removed_during_his_pause(
    world: World, bill: Contract, alice: Actor, bob: Actor
) -> None:
    """Pitfall 52: who pauses against all reason loses the role, and the pause is released."""
    rogue = world[Role.EMERGENCY]
    bill.pause(sender=rogue)
    world.authority.revokeRole(Role.EMERGENCY, rogue, sender=world.admin)
    bill.unpause(sender=world[Role.RELEASER])
    with reverts("AccessManagedUnauthorized", rogue):
        bill.pause(sender=rogue)
    bill.transfer(bob, 1, sender=alice)


def test_who_pauses_can_neither_confirm_nor_release(world: World, bill: Contract) -> None:
    duty = world[Role.EMERGENCY]
    bill.pause(sender=duty)
    for act in ("confirmPause", "unpause"):
        with reverts("AccessManagedUnauthorized", duty):
            bill[act](sender=duty)
