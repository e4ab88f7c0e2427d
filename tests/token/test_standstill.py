"""What stops more than one token: the halt, the pause of a class, the end of the stage.

Transfers and mints stop; burns, redemptions, forced transfers and recoveries go on (pitfall 52).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.evm import Actor, Contract, reverts
from tests.world import MATURITY_INSTANT, NOBODY, REFERENCE, Role, World

WEEK = 7 * 24 * 3_600


def halt(world: World) -> None:
    world.registry.halt(sender=world[Role.EMERGENCY])


def pause_bills(world: World) -> None:
    world.registry.pauseClass(world.bill_class, sender=world[Role.EMERGENCY])


def end_stage(world: World) -> None:
    world.registry.setStageEnd(world.evm.time, sender=world[Role.STAGE_KEEPER])


STOPS: list[tuple[Callable[[World], None], int, str, str]] = [
    (halt, 2, "ProgrammeHalted", "All transfers are halted"),
    (end_stage, 13, "StageEnded", "The programme's stage has ended"),
    (pause_bills, 14, "AssetClassPaused", "Every token of this class is paused"),
]


@pytest.mark.parametrize(("stop", "code", "error", "sentence"), STOPS)
def test_transfers_and_mints_stop_and_the_view_says_so(
    world: World,
    bill: Contract,
    alice: Actor,
    bob: Actor,
    stop: Callable[[World], None],
    code: int,
    error: str,
    sentence: str,
) -> None:
    """Pitfalls 21 and 48: the view and the act agree, whoever asks."""
    bill.approve(bob, 10, sender=alice)
    stop(world)
    assert bill.canTransfer(alice, bob, 1) is False
    assert bill.detectTransferRestriction(alice, bob, 1) == code
    assert bill.detectTransferRestrictionFrom(bob, alice, bob, 1) == code
    assert bill.messageForTransferRestriction(code) == sentence
    with reverts(error):
        bill.transfer(bob, 1, sender=alice)
    with reverts(error):
        bill.transferFrom(alice, bob, 1, sender=bob)
    with reverts(error):
        world.mint(bill, bob, 1)
    with reverts(error):
        bill.pledge(bob, 1, REFERENCE, 0, sender=alice)
    assert (bill.canSend(alice), bill.canReceive(bob)) == (True, True)  # nothing is theirs


@pytest.mark.parametrize("stop", [each[0] for each in STOPS])
def test_the_way_out_and_orders_stay_open(
    world: World, bill: Contract, alice: Actor, bob: Actor, stop: Callable[[World], None]
) -> None:
    stop(world)
    world.burn(bill, alice, 1)
    world.force(bill, alice, bob, 2)
    heir = world.evm.actor("alice again")
    world.recover(alice, heir, bill)
    assert (bill.balanceOf(bob), bill.balanceOf(heir)) == (2, 997)
    world.evm.time = MATURITY_INSTANT
    stop(world)
    bill.redeem(heir, 997, REFERENCE, sender=world[Role.REDEEMER])
    assert bill.totalSupply() == 2


def test_the_first_reason_is_that_of_the_series_then_the_widest(
    world: World, bill: Contract, alice: Actor, bob: Actor
) -> None:
    for stop, code in ((pause_bills, 14), (end_stage, 13), (halt, 2)):
        stop(world)
        assert bill.detectTransferRestriction(alice, bob, 1) == code
    bill.pause(sender=world[Role.EMERGENCY])
    assert bill.detectTransferRestriction(alice, bob, 1) == 1
    assert bill.detectTransferRestriction(alice, NOBODY, 1) == 1


# ------------------------------------------------------------------ a class


def test_every_series_of_a_class_is_paused_and_no_other(
    world: World, bill: Contract, alice: Actor, bob: Actor
) -> None:
    bond, other = world.bond(), world.bill()
    for token in (bond, other):
        world.mint(token, alice, 10)
    pause_bills(world)
    assert world.evm.receipt.events("ClassPaused") == [
        {"class": world.bill_class.address, "by": world[Role.EMERGENCY]}
    ]
    later = world.bill()
    for token in (bill, other):
        with reverts("AssetClassPaused"):
            token.transfer(bob, 1, sender=alice)
    with reverts("AssetClassPaused"):
        world.mint(later, alice, 1)
    assert bond.detectTransferRestriction(alice, bob, 1) == 0
    bond.transfer(bob, 1, sender=alice)


def test_the_pause_of_a_class_lapses_within_a_week_unless_it_is_confirmed(
    world: World, bill: Contract, alice: Actor, bob: Actor
) -> None:
    """Pitfall 52: and a second pause neither shortens nor prolongs the first."""
    registry, evm, duty = world.registry, world.evm, world[Role.EMERGENCY]
    pause_bills(world)
    lapses = registry.classPausedUntilHour(world.bill_class) * 3_600
    assert WEEK - 3_600 < lapses - evm.time <= WEEK
    evm.advance(days=6)
    pause_bills(world)
    evm.time = lapses - 1
    assert bill.detectTransferRestriction(alice, bob, 1) == 14
    evm.time = lapses
    assert registry.classPausedUntilHour(world.bill_class) == 0
    bill.transfer(bob, 1, sender=alice)
    with reverts("ClassNotPaused", world.bill_class):
        registry.confirmClassPause(world.bill_class, sender=world[Role.PAUSE_CONFIRMER])
    registry.pauseClass(world.bill_class, sender=duty)
    registry.confirmClassPause(world.bill_class, sender=world[Role.PAUSE_CONFIRMER])
    pause_bills(world)
    evm.advance(days=60)
    with reverts("AssetClassPaused"):
        bill.transfer(bob, 1, sender=alice)
    registry.unpauseClass(world.bill_class, sender=world[Role.RELEASER])
    bill.transfer(bob, 1, sender=alice)


def test_one_class_released_leaves_another_paused(
    world: World, bill: Contract, alice: Actor, bob: Actor
) -> None:
    pause_bills(world)
    world.registry.pauseClass(world.bond_class, sender=world[Role.EMERGENCY])
    world.registry.unpauseClass(world.bond_class, sender=world[Role.RELEASER])
    assert bill.detectTransferRestriction(alice, bob, 1) == 14
    with reverts("ClassNotPaused", world.bond_class):
        world.registry.unpauseClass(world.bond_class, sender=world[Role.RELEASER])


def test_a_lapsed_pause_is_cleared_away_by_anyone_and_a_running_one_by_the_releaser_alone(
    world: World, alice: Actor
) -> None:
    registry = world.registry
    pause_bills(world)
    with reverts("AccessManagedUnauthorized", alice):
        registry.unpauseClass(world.bill_class, sender=alice)
    world.evm.advance(days=7)
    registry.unpauseClass(world.bill_class, sender=alice)
    assert world.evm.receipt.events("ClassUnpaused") == [
        {"class": world.bill_class.address, "by": alice}
    ]
    with reverts("AccessManagedUnauthorized", alice):
        registry.unpauseClass(world.bill_class, sender=alice)


def test_only_a_class_is_paused_as_one(world: World, bill: Contract) -> None:
    """A token's address in place of its class's would pause nothing, and look as if it did."""
    others = (bill, world.registry, world.cash, world.desk, world.evm.actor("anyone"), NOBODY)
    for target in others:
        with reverts("ClassUnknown", target):
            world.registry.pauseClass(target, sender=world[Role.EMERGENCY])


def test_who_stops_can_neither_confirm_nor_let_go(world: World) -> None:
    """Pitfall 52."""
    duty, registry = world[Role.EMERGENCY], world.registry
    halt(world)
    pause_bills(world)
    for act, given in (
        *(("confirmHalt", ()), ("resume", ())),
        *(("confirmClassPause", (world.bill_class,)), ("unpauseClass", (world.bill_class,))),
        ("setStageEnd", (0,)),
    ):
        with reverts("AccessManagedUnauthorized", duty):
            registry[act](*given, sender=duty)


def test_who_stops_against_all_reason_is_removed_while_all_stands_still(
    world: World, bill: Contract, alice: Actor, bob: Actor
) -> None:
    """Pitfall 52: the administrator needs nothing that a halt stops."""
    rogue = world[Role.EMERGENCY]
    halt(world)
    pause_bills(world)
    bill.pause(sender=rogue)
    world.authority.revokeRole(Role.EMERGENCY, rogue, sender=world.admin)
    releaser = world[Role.RELEASER]
    world.registry.resume(sender=releaser)
    world.registry.unpauseClass(world.bill_class, sender=releaser)
    bill.unpause(sender=releaser)
    for act, given in (("halt", ()), ("pauseClass", (world.bill_class,))):
        with reverts("AccessManagedUnauthorized", rogue):
            world.registry[act](*given, sender=rogue)
    bill.transfer(bob, 1, sender=alice)
