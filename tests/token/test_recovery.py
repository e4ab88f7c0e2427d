"""Recovery on a token: what the registry decided once, each token carries out, by anyone's hand."""

from __future__ import annotations

import pytest

from tests.evm import Actor, Contract, reverts
from tests.world import REFERENCE, Role, Rules, World


@pytest.fixture
def heir(world: World) -> Actor:
    """The wallet that takes over; nobody registered it."""
    return world.evm.actor("heir")


def test_the_whole_position_follows(
    world: World, bill: Contract, alice: Actor, heir: Actor, stranger: Actor
) -> None:
    """Pitfalls 10 and 11: balance, frozen part and freeze of the account as a whole."""
    bill.setFrozenTokens(alice, 300, sender=world[Role.FREEZER])
    world.freeze(bill, alice)
    world.recover(alice, heir)
    bill.follow(alice, sender=stranger)
    receipt = world.evm.receipt
    assert receipt.events("Transfer") == [{"from": alice, "to": heir, "value": 1_000}]
    told = {"lostWallet": alice, "newWallet": heir, "investorOnchainID": alice}
    assert receipt.events("RecoverySuccess") == [told]
    assert receipt.events("AddressFrozen") == [
        {"userAddress": alice, "isFrozen": False, "owner": stranger},
        {"userAddress": heir, "isFrozen": True, "owner": stranger},
    ]
    assert receipt.events("Frozen") == [
        {"account": alice, "amount": 0},
        {"account": heir, "amount": 300},
    ]
    assert (bill.balanceOf(alice), bill.getFrozenTokens(alice)) == (0, 0)
    assert (bill.balanceOf(heir), bill.getFrozenTokens(heir)) == (1_000, 300)
    assert bill.isFrozen(heir) is True
    assert (bill.isFrozen(alice), bill.totalSupply()) == (False, 1_000)


def test_a_second_follow_does_nothing(
    world: World, bill: Contract, alice: Actor, heir: Actor, stranger: Actor
) -> None:
    bill.setFrozenTokens(alice, 300, sender=world[Role.FREEZER])
    world.recover(alice, heir, bill)
    for _ in range(2):
        bill.follow(alice, sender=stranger)
        assert world.evm.receipt.all_events == ()
    assert (bill.balanceOf(heir), bill.getFrozenTokens(heir)) == (1_000, 300)


def test_nothing_follows_before_the_recovery_is_completed(
    world: World, bill: Contract, alice: Actor, heir: Actor, bob: Actor
) -> None:
    with reverts("RecoveryNotCompleted", alice):
        bill.follow(alice, sender=bob)
    world.lose(alice, heir)
    with reverts("RecoveryNotCompleted", alice):
        bill.follow(alice, sender=bob)
    with reverts("RecoveryNotCompleted", heir):
        bill.follow(heir, sender=bob)


def test_a_lost_wallet_is_dead_from_the_notice_on(
    world: World, bill: Contract, alice: Actor, bob: Actor, heir: Actor
) -> None:
    """Pitfalls 12 and 44: its transfers, its allowances, and what it might spend."""
    world.mint(bill, bob, 10)
    bill.approve(bob, 500, sender=alice)
    bill.approve(alice, 5, sender=bob)
    world.lose(alice, heir)
    with reverts("ERC7943CannotSend", alice):
        bill.transfer(bob, 1, sender=alice)
    with reverts("ERC7943CannotSend", alice):
        bill.transferFrom(alice, bob, 1, sender=bob)
    carol = world.investor("carol")
    with reverts("SpenderRefused", alice):
        bill.transferFrom(bob, carol, 1, sender=alice)
    with reverts("ERC7943CannotReceive", alice):
        bill.transfer(alice, 1, sender=bob)
    with reverts("ERC7943CannotReceive", alice):
        world.mint(bill, alice, 1)
    world.evm.time = world.registry.recoveryOf(alice).readyAt
    world.registry.completeRecovery(alice, [bill], sender=bob)
    with reverts("ERC7943CannotSend", alice):
        bill.transferFrom(alice, bob, 0, sender=bob)
    assert bill.allowance(heir, bob) == 0


def test_a_recovery_that_is_cancelled_gives_the_wallet_back(
    world: World, bill: Contract, alice: Actor, bob: Actor, heir: Actor
) -> None:
    """Pitfall 44: the window is there for this."""
    world.lose(alice, heir)
    world.registry.cancelRecovery(alice, sender=world[Role.GUARDIAN])
    bill.transfer(bob, 1, sender=alice)
    with reverts("RecoveryNotCompleted", alice):
        bill.follow(alice, sender=bob)


def test_the_frozen_parts_of_both_wallets_add_up_and_saturate(
    world: World, bill: Contract, alice: Actor, stranger: Actor
) -> None:
    """Pitfall 11: nothing overflows the field."""
    second = world.investor("alice's second", of=alice)
    world.mint(bill, second, 50)
    freezer = world[Role.FREEZER]
    bill.setFrozenTokens(alice, 300, sender=freezer)
    bill.setFrozenTokens(second, 20, sender=freezer)
    with world.evm.snapshot():
        world.recover(alice, second, bill)
        assert (bill.balanceOf(second), bill.getFrozenTokens(second)) == (1_050, 320)
    bill.setFrozenTokens(alice, 2**256 - 1, sender=freezer)
    world.recover(alice, second, bill)
    assert (bill.balanceOf(second), bill.getFrozenTokens(second)) == (1_050, 2**112 - 1)


def test_every_token_is_settled_by_itself(
    world: World, bill: Contract, alice: Actor, heir: Actor, bob: Actor
) -> None:
    """Pitfall 8: a recovery on one token does not strand what is held on another."""
    other, third = world.bill(), world.bill()
    world.mint(other, alice, 70)
    world.recover(alice, heir, bill, other)
    assert (bill.balanceOf(heir), other.balanceOf(heir)) == (1_000, 70)
    third.follow(alice, sender=bob)
    assert world.evm.receipt.all_events == ()


def test_a_token_that_does_not_follow_is_told_and_stops_no_other(
    world: World, bill: Contract, alice: Actor, heir: Actor, stranger: Actor
) -> None:
    world.lose(alice, heir)
    world.evm.time = world.registry.recoveryOf(alice).readyAt
    world.registry.completeRecovery(alice, [world.authority, stranger, bill], sender=stranger)
    failed = world.evm.receipt.events("FollowFailed")
    assert [each["token"] for each in failed] == [world.authority.address, stranger]
    assert bill.balanceOf(heir) == 1_000


def test_no_wallet_of_another_investor_takes_over(
    world: World, bill: Contract, alice: Actor, bob: Actor
) -> None:
    """Pitfall 9."""
    with reverts("SuccessorUnfit", alice, bob):
        world.lose(alice, bob)
    assert bill.balanceOf(alice) == 1_000


def test_a_chain_of_recoveries_leads_to_the_last_wallet(
    world: World, bill: Contract, alice: Actor, heir: Actor, stranger: Actor
) -> None:
    """What nobody settled after the first recovery goes to who stands in today."""
    world.recover(alice, heir)
    world.recover(heir, stranger, bill)
    bill.follow(alice, sender=heir)
    told = world.evm.receipt.events("RecoverySuccess")
    assert [(each["lostWallet"], each["newWallet"]) for each in told] == [(alice, stranger)]
    assert bill.balanceOf(stranger) == 1_000


def test_a_recovery_passes_pause_halt_rules_and_maturity(
    world: World, bill: Contract, alice: Actor, heir: Actor
) -> None:
    """Pitfall 52: what pause means for a recovery."""
    world.lose(alice, heir)
    rules = (1, 1, 7, 1, 1, 3_600, 1 << 3, 2**33, 0, 0, True, True, True, 1)
    world.rule_book.configure(bill, rules, sender=world[Role.COMPLIANCE_OFFICER])
    bill.pause(sender=world[Role.EMERGENCY])
    bill.confirmPause(sender=world[Role.PAUSE_CONFIRMER])
    world.registry.halt(sender=world[Role.EMERGENCY])
    world.evm.advance(days=120)
    world.registry.completeRecovery(alice, [bill], sender=heir)
    assert bill.balanceOf(heir) == 1_000


def test_an_orders_turn_does_not_follow_the_wallet(
    world: World, bill: Contract, alice: Actor, bob: Actor, heir: Actor
) -> None:
    """Pitfalls 44 and 45: an order against the lost wallet finds it empty; the successor's turns
    are its own."""
    world.force(bill, alice, bob, 1)
    world.recover(alice, heir, bill)
    assert (bill.orderSequence(alice), bill.orderSequence(heir)) == (1, 0)
    with reverts("ERC20InsufficientBalance", alice, 0, 1):
        world.force(bill, alice, bob, 1)


# ------------------------------------------------------------------ ERC-3643's form


def test_recovery_address_carries_out_what_was_decided(
    world: World, bill: Contract, alice: Actor, heir: Actor, stranger: Actor
) -> None:
    world.recover(alice, heir)
    assert bill.recoveryAddress(alice, heir, alice, sender=stranger) is True
    assert bill.balanceOf(heir) == 1_000
    assert bill.recoveryAddress(alice, heir, alice, sender=stranger) is True
    assert bill.balanceOf(heir) == 1_000


def test_recovery_address_decides_nothing(
    world: World, bill: Contract, alice: Actor, bob: Actor, heir: Actor
) -> None:
    """Pitfall 9: neither an agent nor the admin moves one investor's tokens to another's wallet."""
    for who in (world.admin, world[Role.RECOVERY_AGENT], alice):
        with reverts("RecoveryNotDecided", alice, bob, alice):
            bill.recoveryAddress(alice, bob, alice, sender=who)
        with reverts("RecoveryNotDecided", alice, alice, alice):
            bill.recoveryAddress(alice, alice, alice, sender=who)
    world.lose(alice, heir)
    with reverts("RecoveryNotDecided", alice, heir, alice):
        bill.recoveryAddress(alice, heir, alice, sender=bob)
    world.evm.time = world.registry.recoveryOf(alice).readyAt
    world.registry.completeRecovery(alice, [], sender=bob)
    with reverts("RecoveryNotDecided", alice, bob, alice):
        bill.recoveryAddress(alice, bob, alice, sender=bob)
    with reverts("RecoveryNotDecided", alice, heir, bob):
        bill.recoveryAddress(alice, heir, bob, sender=bob)


def test_a_notice_carries_its_reference(
    world: World, bill: Contract, alice: Actor, heir: Actor
) -> None:
    world.lose(alice, heir)
    told = world.evm.receipt.events("RecoveryNoticed")
    assert [each["referenceHash"] for each in told] == [REFERENCE]


def test_the_freeze_of_an_empty_account_follows_too(
    world: World, bill: Contract, bob: Actor, heir: Actor
) -> None:
    """Pitfall 10: who is frozen here cannot shed it by a new wallet."""
    world.freeze(bill, bob)
    world.recover(bob, heir, bill)
    assert (bill.isFrozen(bob), bill.isFrozen(heir)) == (False, True)
    world.release(bill, heir)
    bill.follow(bob, sender=heir)
    assert (bill.isFrozen(heir), world.evm.receipt.all_events) == (False, ())


def test_the_lost_accounts_frozen_part_ends_with_an_event_of_the_standard(
    world: World, bill: Contract, alice: Actor, heir: Actor
) -> None:
    """Pitfall 61: for readers who know ERC-7943 alone."""
    bill.setFrozenTokens(alice, 300, sender=world[Role.FREEZER])
    world.recover(alice, heir, bill)
    assert {"account": alice, "amount": 0} in world.evm.receipt.events("Frozen")


# ------------------------------------------------------------------ sums by investor meanwhile


def test_a_lost_wallet_counts_to_its_investors_holding_until_it_is_followed(
    world: World, heir: Actor, stranger: Actor
) -> None:
    """Pitfall 10: the maximum holds between the completion of a recovery and `follow`."""
    bill = world.bill(Rules(maximum_holding=1_000))
    alice, bob, third = world.investor("alice"), world.investor("bob"), world.evm.actor("third")
    world.mint(bill, alice, 990)
    world.mint(bill, bob, 100)
    world.recover(alice, heir)
    world.recover(heir, third)
    for _ in range(2):
        bill.follow(alice, sender=stranger)
        with reverts("MaximumHoldingExceeded", alice, 1_001, 1_000):
            bill.transfer(third, 11, sender=bob)
        assert bill.canTransfer(bob, third, 11) is False
    bill.transfer(third, 10, sender=bob)
    assert bill.balanceOf(third) == 1_000


def test_a_lost_wallet_and_its_successor_are_one_holder_meanwhile(
    world: World, heir: Actor, stranger: Actor
) -> None:
    """Pitfall 15: counted once before `follow`, at it, and after."""
    bill = world.bill(Rules(maximum_holders=2))
    alice, bob = world.investor("alice"), world.investor("bob")
    world.mint(bill, alice, 10)
    world.mint(bill, bob, 10)
    world.recover(alice, heir)
    bill.transfer(heir, 1, sender=bob)
    assert bill.holders() == 2
    with world.evm.snapshot():
        world.burn(bill, alice, 10)
        assert bill.holders() == 2
        bill.transfer(bob, 1, sender=heir)
        assert bill.holders() == 1
    bill.follow(alice, sender=stranger)
    assert (bill.holders(), bill.balanceOf(heir)) == (2, 11)
    bill.transfer(bob, 11, sender=heir)
    assert bill.holders() == 1
