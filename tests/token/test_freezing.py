"""Freezing an account as a whole, and a part of what it holds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evm import Actor, Contract, reverts
from tests.world import Role, World

WIDEST = 2**112 - 1


def test_a_whole_freeze_stops_sending_receiving_and_spending(
    world: World, bill: Contract, alice: Actor, bob: Actor
) -> None:
    """Pitfalls 12 and 49."""
    world.mint(bill, bob, 10)
    bill.approve(alice, 10, sender=bob)
    world.freeze(bill, alice)
    told = world.evm.receipt.events("AddressFrozen")
    assert told == [{"userAddress": alice, "isFrozen": True, "owner": world[Role.FREEZER]}]
    assert bill.isFrozen(alice) is True
    with reverts("ERC7943CannotSend", alice):
        bill.transfer(bob, 1, sender=alice)
    with reverts("ERC7943CannotReceive", alice):
        bill.transfer(alice, 1, sender=bob)
    carol = world.investor("carol")
    with reverts("SpenderRefused", alice):
        bill.transferFrom(bob, carol, 1, sender=alice)
    assert bill.allowance(bob, alice) == 10
    world.release(bill, alice)
    told = world.evm.receipt.events("AddressFrozen")
    assert told == [{"userAddress": alice, "isFrozen": False, "owner": world[Role.RELEASER]}]
    bill.transferFrom(bob, carol, 1, sender=alice)
    bill.transfer(bob, 1, sender=alice)


def test_freezing_is_of_one_series_alone(world: World, bill: Contract, alice: Actor) -> None:
    other = world.bill()
    world.freeze(bill, alice)
    assert (bill.isFrozen(alice), other.isFrozen(alice)) == (True, False)


def test_a_part_frozen_leaves_the_rest_free(
    world: World, bill: Contract, alice: Actor, bob: Actor
) -> None:
    bill.freezePartialTokens(alice, 400, sender=world[Role.FREEZER])
    receipt = world.evm.receipt
    assert receipt.events("TokensFrozen") == [{"userAddress": alice, "amount": 400}]
    assert receipt.events("Frozen") == [{"account": alice, "amount": 400}]
    with reverts("ERC7943InsufficientUnfrozenBalance", alice, 601, 600):
        bill.transfer(bob, 601, sender=alice)
    bill.transfer(bob, 600, sender=alice)
    assert (bill.balanceOf(alice), bill.getFrozenTokens(alice)) == (400, 400)
    with reverts("ERC7943InsufficientUnfrozenBalance", alice, 1, 0):
        bill.transfer(bob, 1, sender=alice)
    bill.unfreezePartialTokens(alice, 150, sender=world[Role.RELEASER])
    receipt = world.evm.receipt
    assert receipt.events("TokensUnfrozen") == [{"userAddress": alice, "amount": 150}]
    assert receipt.events("Frozen") == [{"account": alice, "amount": 250}]
    bill.transfer(bob, 150, sender=alice)


def test_a_frozen_part_does_not_stop_receiving(
    world: World, bill: Contract, alice: Actor, bob: Actor
) -> None:
    world.mint(bill, bob, 10)
    bill.setFrozenTokens(alice, 1_000, sender=world[Role.FREEZER])
    bill.transfer(alice, 10, sender=bob)
    assert bill.balanceOf(alice) == 1_010
    bill.transfer(bob, 10, sender=alice)


def test_a_partial_freeze_never_passes_the_unfrozen_balance(
    world: World, bill: Contract, alice: Actor
) -> None:
    """Pitfalls 11 and 47."""
    freezer, releaser = world[Role.FREEZER], world[Role.RELEASER]
    bill.freezePartialTokens(alice, 900, sender=freezer)
    with reverts("FreezeExceedsBalance", alice, 101, 100):
        bill.freezePartialTokens(alice, 101, sender=freezer)
    with reverts("FreezeExceedsBalance", alice, 2**256 - 1, 100):
        bill.freezePartialTokens(alice, 2**256 - 1, sender=freezer)
    with reverts("UnfreezeExceedsFrozen", alice, 901, 900):
        bill.unfreezePartialTokens(alice, 901, sender=releaser)
    assert bill.getFrozenTokens(alice) == 900


@pytest.mark.parametrize("amount", [1_001, WIDEST, WIDEST + 1, 2**256 - 1])
def test_a_set_figure_may_exceed_the_balance_and_saturates(
    world: World, bill: Contract, alice: Actor, bob: Actor, amount: int
) -> None:
    """Pitfalls 11 and 47: nothing underflows, and what comes in later is frozen too."""
    assert bill.setFrozenTokens(alice, amount, sender=world[Role.FREEZER]) is True
    kept = min(amount, WIDEST)
    assert world.evm.receipt.events("Frozen") == [{"account": alice, "amount": kept}]
    assert bill.getFrozenTokens(alice) == kept
    with reverts("ERC7943InsufficientUnfrozenBalance", alice, 1, 0):
        bill.transfer(bob, 1, sender=alice)
    assert bill.canTransfer(alice, bob, 0) is True
    with reverts("FreezeExceedsBalance", alice, 1, 0):
        bill.freezePartialTokens(alice, 1, sender=world[Role.FREEZER])
    world.mint(bill, alice, 1)
    assert bill.canTransfer(alice, bob, 2) is False
    assert bill.canTransfer(alice, bob, 1) is (kept == 1_000)


def test_a_set_figure_replaces_the_former_one_and_tells_the_difference(
    world: World, bill: Contract, alice: Actor
) -> None:
    both = world.evm.actor("freezer and releaser")
    for role in (Role.FREEZER, Role.RELEASER):
        world.authority.grantRole(role, both, 0, sender=world.admin)
    for figure, event in ((300, "TokensFrozen"), (100, "TokensUnfrozen"), (100, None)):
        before = bill.getFrozenTokens(alice)
        bill.setFrozenTokens(alice, figure, sender=both)
        receipt = world.evm.receipt
        assert receipt.events("Frozen") == [{"account": alice, "amount": figure}]
        told = receipt.events("TokensFrozen") + receipt.events("TokensUnfrozen")
        expected = {"userAddress": alice, "amount": abs(figure - before)}
        assert told == ([expected] if event else [])
        assert event is None or receipt.events(event) == [expected]


def test_who_freezes_cannot_loosen_by_the_same_functions(
    world: World, bill: Contract, alice: Actor
) -> None:
    """A selector that both tightens and loosens asks in addition for the release role."""
    freezer = world[Role.FREEZER]
    world.freeze(bill, alice)
    bill.setFrozenTokens(alice, 100, sender=freezer)
    with reverts("AccessManagedUnauthorized", freezer):
        bill.setAddressFrozen(alice, False, sender=freezer)
    with reverts("BatchRowRefused", row=0):
        bill.batchSetAddressFrozen([alice], [False], sender=freezer)
    with reverts("AccessManagedUnauthorized", freezer):
        bill.setFrozenTokens(alice, 99, sender=freezer)
    bill.setFrozenTokens(alice, 101, sender=freezer)
    assert (bill.isFrozen(alice), bill.getFrozenTokens(alice)) == (True, 101)


def test_who_releases_with_a_delay_cannot_loosen_at_once(
    world: World, bill: Contract, alice: Actor
) -> None:
    """He schedules `releaseAddress` instead."""
    slow = world.evm.actor("slow releaser")
    world.authority.grantRole(Role.FREEZER, slow, 0, sender=world.admin)
    world.authority.grantRole(Role.RELEASER, slow, 86_400, sender=world.admin)
    bill.setAddressFrozen(alice, True, sender=slow)
    with reverts("AccessManagedUnauthorized", slow):
        bill.setAddressFrozen(alice, False, sender=slow)
    world.authority.schedule(bill, bill.releaseAddress.encode(alice), 0, sender=slow)
    with reverts("AccessManagerNotReady"):
        bill.releaseAddress(alice, sender=slow)
    world.evm.advance(days=1)
    bill.releaseAddress(alice, sender=slow)
    assert bill.isFrozen(alice) is False


def test_a_burn_releases_frozen_tokens_last(world: World, bill: Contract, alice: Actor) -> None:
    bill.setFrozenTokens(alice, 700, sender=world[Role.FREEZER])
    world.burn(bill, alice, 300)
    assert world.evm.receipt.events("Frozen") == []
    assert (bill.balanceOf(alice), bill.getFrozenTokens(alice)) == (700, 700)
    world.burn(bill, alice, 200)
    assert world.evm.receipt.events("Frozen") == [{"account": alice, "amount": 500}]
    told = world.evm.receipt.events("TokensUnfrozen")
    assert told == [{"userAddress": alice, "amount": 200}]
    assert (bill.balanceOf(alice), bill.getFrozenTokens(alice)) == (500, 500)


def test_a_frozen_account_that_nobody_registered_is_frozen_all_the_same(
    world: World, bill: Contract, stranger: Actor
) -> None:
    """A freeze need not wait for a registration."""
    world.freeze(bill, stranger)
    late = world.investor("stranger")
    assert late == stranger
    with reverts("ERC7943CannotReceive", stranger):
        world.mint(bill, stranger, 1)


@settings(max_examples=60)
@given(
    held=st.integers(0, 50),
    frozen=st.integers(0, 80),
    taken=st.integers(0, 50),
    burn=st.booleans(),
)
def test_what_is_taken_by_an_agent_comes_from_the_unfrozen_part_first(
    held: int, frozen: int, taken: int, burn: bool
) -> None:
    """Pitfall 11. The model: what exceeds the unfrozen part is taken off the frozen figure."""
    world = World()
    bill = world.bill()
    holder, heir = world.investor("holder"), world.investor("heir")
    world.mint(bill, holder, held)
    bill.setFrozenTokens(holder, frozen, sender=world[Role.FREEZER])
    taken = min(taken, held)
    if burn:
        world.burn(bill, holder, taken)
    else:
        world.force(bill, holder, heir, taken)
    unfrozen = max(held - frozen, 0)
    assert bill.balanceOf(holder) == held - taken
    assert bill.getFrozenTokens(holder) == frozen - max(taken - unfrozen, 0)
    assert bill.getFrozenTokens(heir) == 0
