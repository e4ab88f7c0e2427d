"""Holders: investors who hold, not wallets; a figure that never stands in anybody's way."""

from __future__ import annotations

import pytest

from scripts._amanat.claims import Attestation
from tests.evm import Actor, Contract, reverts
from tests.world import EMIRATES, NOBODY, PAKISTAN, RETAIL, Role, Rules, World


@pytest.fixture
def bill(world: World) -> Contract:
    """A bill whose holders are limited, and so counted."""
    return world.bill(Rules(maximum_holders=100))


@pytest.fixture
def second(world: World, alice: Actor) -> Actor:
    """Alice's second wallet."""
    return world.investor("alice's second", of=alice)


def link(world: World, wallet: Actor, investor: Actor) -> None:
    """Attest a wallet that stands for itself anew, as one of another investor."""
    hour = world.evm.time // 3_600 + 1_000
    world.attest([Attestation(str(wallet), PAKISTAN, RETAIL, hour, str(investor))])


def test_a_holder_is_counted_from_the_first_token_to_the_last(
    world: World, bill: Contract, alice: Actor, bob: Actor
) -> None:
    assert bill.holders() == 1
    bill.transfer(bob, 400, sender=alice)
    assert bill.holders() == 2
    bill.transfer(bob, 600, sender=alice)
    assert bill.holders() == 1
    world.burn(bill, bob, 1_000)
    assert bill.holders() == 0


def test_who_hands_all_on_to_a_newcomer_leaves_the_count_as_it_was(
    bill: Contract, alice: Actor, bob: Actor
) -> None:
    assert bill.holdersAfter(alice, bob, 1_000) == 0
    assert bill.holdersAfter(alice, bob, 999) == 2
    bill.transfer(bob, 1_000, sender=alice)
    assert bill.holders() == 1


def test_the_wallets_of_one_investor_are_one_holder(
    world: World, bill: Contract, alice: Actor, bob: Actor, second: Actor
) -> None:
    assert bill.holdersAfter(alice, second, 400) == 0
    bill.transfer(second, 400, sender=alice)
    assert bill.holders() == 1
    bill.transfer(second, 600, sender=alice)
    told = world.evm.receipt.events("HolderCounted")
    assert told == [{"account": second, "counted": True, "holders": 1}]
    assert bill.holders() == 1
    bill.transfer(bob, 1_000, sender=second)
    assert bill.holders() == 1


def test_a_maximum_of_holders_is_one_of_investors(
    world: World, bill: Contract, alice: Actor, bob: Actor, second: Actor
) -> None:
    officer = world[Role.COMPLIANCE_OFFICER]
    world.rule_book.configure(bill, tuple(vars(Rules(maximum_holders=1)).values()), sender=officer)
    bill.transfer(second, 400, sender=alice)
    with reverts("MaximumHoldersExceeded", 2, 1):
        bill.transfer(bob, 400, sender=second)
    with reverts("MaximumHoldersExceeded", 2, 1):
        bill.transfer(bob, 600, sender=alice)
    bill.transfer(second, 600, sender=alice)
    bill.transfer(bob, 1_000, sender=second)
    assert (bill.balanceOf(bob), bill.holders()) == (1_000, 1)


def test_holders_that_are_joined_are_recounted_by_anyone(
    world: World, bill: Contract, alice: Actor, bob: Actor, stranger: Actor
) -> None:
    """Pitfall 15."""
    bill.transfer(bob, 400, sender=alice)
    assert bill.holders() == 2
    link(world, bob, alice)
    for wallet in (bob, alice, bob):
        bill.recount([wallet], sender=stranger)
        assert bill.holders() == 1


def test_holders_that_are_parted_are_recounted_by_anyone(
    world: World, bill: Contract, alice: Actor, second: Actor, stranger: Actor
) -> None:
    """Pitfall 15: a wallet deleted from the register holds on, as somebody of its own."""
    bill.transfer(second, 400, sender=alice)
    world.registry.deleteIdentity(second, sender=world[Role.REGISTRAR])
    assert bill.holders() == 1
    bill.recount([second], sender=stranger)
    assert bill.holders() == 2
    bill.recount([second], sender=stranger)
    bill.recount([alice], sender=stranger)
    assert bill.holders() == 2


def test_holders_are_counted_only_where_a_rule_limits_them(
    world: World, bill: Contract, alice: Actor
) -> None:
    """Nobody pays for a figure that nobody asks for; the transfers tell it."""
    with reverts("HoldersNotCounted"):
        world.bill().holders()
    officer = world[Role.COMPLIANCE_OFFICER]
    world.rule_book.configure(bill, tuple(vars(Rules(lot=1)).values()), sender=officer)
    with reverts("HoldersNotCounted"):
        bill.holders()


def test_holders_from_before_the_rule_are_counted_by_a_recount(
    world: World, bill: Contract, alice: Actor, bob: Actor, second: Actor, stranger: Actor
) -> None:
    """Pitfall 15: whatever happened while nobody counted, anyone can set it right."""
    officer = world[Role.COMPLIANCE_OFFICER]
    carol = world.investor("carol")
    bill.transfer(second, 500, sender=alice)
    world.rule_book.configure(bill, tuple(vars(Rules()).values()), sender=officer)
    bill.transfer(bob, 500, sender=alice)
    bill.transfer(carol, 500, sender=second)
    limited = tuple(vars(Rules(maximum_holders=2)).values())
    world.rule_book.configure(bill, limited, sender=officer)
    bill.recount([alice, second, bob, carol, bob], sender=stranger)
    assert bill.holders() == 2
    with reverts("MaximumHoldersExceeded", 3, 2):
        bill.transfer(alice, 1, sender=carol)


def test_a_recount_of_nobody_changes_nothing(
    world: World, bill: Contract, alice: Actor, stranger: Actor
) -> None:
    for wallet in (stranger, alice, world.evm.actor("another")):
        bill.recount([wallet], sender=stranger)
        assert world.evm.receipt.events("HolderCounted") == []
    assert bill.holders() == 1


def test_a_recount_of_the_zero_address_counts_nobody(
    bill: Contract, alice: Actor, stranger: Actor
) -> None:
    """Pitfall 15: its account keeps the supply, and is nobody's."""
    bill.recount([NOBODY], sender=stranger)
    assert bill.holders() == 1


@pytest.mark.parametrize("change", ["joined", "deleted", "country", "class", "withdrawn"])
def test_no_change_of_the_register_blocks_a_way_out(
    world: World, bill: Contract, alice: Actor, bob: Actor, second: Actor, change: str
) -> None:
    """Pitfalls 15 and 55: transfer, burn and force after a wallet was re-linked, deleted or moved.
    Nothing is recounted beforehand, and no counter is kept by country or class that could be
    left behind in another bucket: holders are counted as investors, whoever and wherever they are.
    """
    bill.transfer(second, 400, sender=alice)
    bill.transfer(bob, 300, sender=alice)
    registrar = world[Role.REGISTRAR]
    if change == "joined":
        link(world, bob, alice)
    elif change == "country":
        world.registry.updateCountry(second, EMIRATES, sender=registrar)
    elif change == "class":
        world.registry.updateClass(second, 3, sender=registrar)
    else:
        act = "deleteIdentity" if change == "deleted" else "withdraw"
        world.registry[act](second, sender=registrar)
    carol = world.investor("carol")
    world.force(bill, second, carol, 100)
    world.burn(bill, second, 300)
    bill.transfer(carol, 300, sender=alice)
    bill.transfer(carol, 300, sender=bob)
    for wallet in (alice, bob, second, carol):
        bill.recount([wallet], sender=carol)
    assert (bill.balanceOf(carol), bill.totalSupply(), bill.holders()) == (700, 700, 1)


def test_an_onchainid_investor_of_several_wallets_is_one_holder(
    world: World, bill: Contract, alice: Actor, second: Actor
) -> None:
    """Eight wallets at most, any of them the one that counts."""
    others = [world.investor(f"alice's wallet {n}", of=alice) for n in range(3, 9)]
    for n, wallet in enumerate([second, *others]):
        bill.transfer(wallet, n + 1, sender=alice)
        assert bill.holders() == 1
    assert bill.balanceOf(alice) == 1_000 - 28
    world.burn(bill, alice, 1_000 - 28)
    assert bill.holders() == 1
    for n, wallet in enumerate([second, *others]):
        assert bill.holders() == 1
        world.burn(bill, wallet, n + 1)
    assert bill.holders() == 0


def test_a_recovered_wallet_of_several_is_counted_no_more(
    world: World, bill: Contract, alice: Actor, second: Actor, stranger: Actor
) -> None:
    """Pitfalls 10 and 15."""
    bill.transfer(second, 400, sender=alice)
    world.recover(alice, stranger, bill)
    assert bill.balanceOf(stranger) == 600
    for wallet in (alice, second, stranger):
        bill.recount([wallet], sender=stranger)
    assert bill.holders() == 1


def test_a_lost_wallet_of_several_that_is_emptied_by_force_is_counted_no_more(
    world: World, bill: Contract, alice: Actor, bob: Actor, second: Actor, stranger: Actor
) -> None:
    """Pitfalls 14 and 15."""
    bill.transfer(second, 400, sender=alice)
    world.recover(alice, stranger)
    world.force(bill, alice, bob, 600)
    bill.follow(alice, sender=bob)
    for wallet in (alice, second, stranger, bob):
        bill.recount([wallet], sender=stranger)
    assert bill.holders() == 2
