"""Bespoke rules: they can forbid, they can keep books, and they can stop nothing that must pass."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import pytest

from tests.compliance.rule_world import ZERO, Door, World
from tests.evm import Contract, Reverted, reverts

CHECK_TRANSFER, CHECK_MINT, BOOK_TRANSFER, BOOK_MINT, BOOK_BURN, BOOK_FORCE, BOOK_RECOVERY = (
    1 << bit for bit in range(7)
)
ALL = 127
BOOKINGS = {
    Door.TRANSFER: BOOK_TRANSFER,
    Door.MINT: BOOK_MINT,
    Door.BURN: BOOK_BURN,
    Door.FORCE: BOOK_FORCE,
    Door.RECOVERY: BOOK_RECOVERY,
}
UNREFUSABLE = [Door.BURN, Door.FORCE, Door.RECOVERY]


class Behaviour(IntEnum):
    """Of WaywardModule.sol."""

    WELL = 0
    FORBID = 1
    REVERT = 2
    BURN_GAS = 3
    ANSWER_NOTHING = 4
    ANSWER_GARBAGE = 5
    ANSWER_AT_LENGTH = 6
    REVERT_WITH_A_YES = 7


REVERTING = (
    Behaviour.REVERT,
    Behaviour.BURN_GAS,
    Behaviour.ANSWER_AT_LENGTH,
    Behaviour.REVERT_WITH_A_YES,
)


@pytest.fixture
def module(world: World) -> Contract:
    """A module that can be told how to behave."""
    return world.evm.deploy("WaywardModule", sender=world.admin)


def add(world: World, module: Contract, hooks: int = ALL) -> None:
    world.book.addModule(world.token, module, hooks, sender=world.officer)


def through(world: World, door: Door) -> dict[str, Any]:
    """A movement through this door."""
    origin = ZERO if door is Door.MINT else world.alice
    return world.movement(origin, ZERO if door is Door.BURN else world.bob, 5, door)


@pytest.mark.parametrize("door", Door)
def test_a_module_is_told_of_the_doors_it_asked_for_and_of_no_other(
    world: World, module: Contract, door: Door
) -> None:
    """Pitfall 20: no empty calls."""
    add(world, module, BOOKINGS[door])
    for other in Door:
        movement = through(world, other)
        world.present(movement)
        told = world.evm.receipt.events("Told")
        assert len(told) == (other is door)
        if told:
            assert told[0]["token"] == world.token.address
            assert told[0]["movement"]._asdict()["operator"] == movement["operator"]
            assert tuple(told[0]["movement"])[4] == 5
    assert module.bookings() == 1


@pytest.mark.parametrize("door", [Door.TRANSFER, Door.MINT])
@pytest.mark.parametrize("behaviour", [b for b in Behaviour if b is not Behaviour.WELL])
def test_whatever_is_not_a_yes_forbids(
    world: World, module: Contract, door: Door, behaviour: Behaviour
) -> None:
    add(world, module)
    world.present(through(world, door))
    module.behave(behaviour, Behaviour.WELL, sender=world.admin)
    with reverts("ModuleRefused", module):
        world.present(through(world, door))


def test_a_module_that_did_not_ask_to_check_is_not_asked(world: World, module: Contract) -> None:
    module.behave(Behaviour.FORBID, Behaviour.WELL, sender=world.admin)
    add(world, module, CHECK_MINT)
    world.present(through(world, Door.TRANSFER))
    with reverts("ModuleRefused", module):
        world.present(through(world, Door.MINT))


@pytest.mark.parametrize("door", UNREFUSABLE)
@pytest.mark.parametrize("behaviour", [b for b in Behaviour if b is not Behaviour.WELL])
def test_no_module_stops_a_burn_a_forced_transfer_or_a_recovery(
    world: World, module: Contract, door: Door, behaviour: Behaviour
) -> None:
    """Pitfall 15. The next module still hears of it."""
    second = world.evm.deploy("WaywardModule", sender=world.admin)
    add(world, module)
    add(world, second)
    module.behave(behaviour, behaviour, sender=world.admin)
    movement = through(world, door)
    world.present(movement)
    assert second.bookings() == 1
    failed = world.evm.receipt.events("ModuleFailed")
    if behaviour in REVERTING:
        assert failed == [
            {
                "token": world.token.address,
                "module": module.address,
                "door": door,
                "from": movement["from"],
                "to": movement["to"],
                "amount": 5,
            }
        ]
    else:
        assert failed == []


@pytest.mark.parametrize("door", [Door.TRANSFER, Door.MINT])
def test_a_module_that_cannot_book_refuses_what_may_be_refused(
    world: World, module: Contract, door: Door
) -> None:
    add(world, module)
    module.behave(Behaviour.WELL, Behaviour.REVERT, sender=world.admin)
    with reverts("ModuleRefused", module):
        world.token.book(through(world, door), sender=world.admin)


def test_nobody_starves_a_module_to_move_unbooked(world: World, module: Contract) -> None:
    """Pitfall 39, for books: too little gas reverts, it never counts as the module's failure."""
    add(world, module, BOOK_FORCE)
    movement = through(world, Door.FORCE)
    refused = []
    for gas in range(60_000, 260_000, 10_000):
        with world.evm.snapshot():
            try:
                world.token.book(movement, sender=world.admin, gas=gas)
            except Reverted as error:  # out of gas here or there: what matters is that it reverts
                refused.append(str(error))
                continue
            assert module.bookings() == 1
            assert world.evm.receipt.events("ModuleFailed") == []
    assert any("ModuleGasMissing" in each for each in refused)


def test_a_module_is_not_asked_about_its_removal(world: World, module: Contract) -> None:
    """Pitfall 18."""
    add(world, module)
    module.behave(Behaviour.BURN_GAS, Behaviour.BURN_GAS, sender=world.admin)
    world.book.removeModule(world.token, module, sender=world.officer)
    world.present(through(world, Door.TRANSFER))
    assert world.book.modulesOf(world.token) == []
    assert (world.token.refuses(), world.token.books()) == (False, False)


def test_removal_leaves_nothing_behind(world: World) -> None:
    """Pitfall 17: any can be removed and added again, in any order."""
    modules = [world.evm.deploy("WaywardModule", sender=world.admin) for _ in range(4)]
    for module in modules:
        add(world, module)
    for module in (modules[0], modules[2]):
        world.book.removeModule(world.token, module, sender=world.officer)
        add(world, module, BOOK_TRANSFER)
    kept = {m.target: m.hooks for m in world.book.modulesOf(world.token)}
    assert kept == {
        modules[0].address: BOOK_TRANSFER,
        modules[1].address: ALL,
        modules[2].address: BOOK_TRANSFER,
        modules[3].address: ALL,
    }
    world.present(through(world, Door.TRANSFER))
    assert [m.bookings() for m in modules] == [1, 1, 1, 1]


def test_modules_are_few_different_and_contracts(world: World, module: Contract) -> None:
    with reverts("InvalidModule", module, 0):
        add(world, module, 0)
    with reverts("InvalidModule", module, 128):
        add(world, module, 128)
    with reverts("InvalidModule", world.bob, ALL):
        world.book.addModule(world.token, world.bob, ALL, sender=world.officer)
    with reverts("ModuleUnknown", module):
        world.book.removeModule(world.token, module, sender=world.officer)
    add(world, module)
    with reverts("ModuleAlreadyAdded", module):
        add(world, module)
    for _ in range(3):
        add(world, world.evm.deploy("WaywardModule", sender=world.admin))
    with reverts("TooManyModules", 4):
        add(world, world.evm.deploy("WaywardModule", sender=world.admin))


@pytest.mark.parametrize(
    ("hooks", "books"),
    [(CHECK_TRANSFER, False), (BOOK_MINT, False), (BOOK_BURN, True), (BOOK_RECOVERY, True)],
)
def test_the_token_hears_which_doors_matter(
    world: World, module: Contract, hooks: int, books: bool
) -> None:
    add(world, module, hooks)
    assert (world.token.refuses(), world.token.books()) == (True, books)
    world.configure()
    assert (world.token.refuses(), world.token.books()) == (True, books)
