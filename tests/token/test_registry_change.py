"""A series that is moved to another identity registry asks that one, and no other, from then on."""

from __future__ import annotations

import pytest

from scripts._amanat import powers
from tests.evm import Actor, Contract, reverts
from tests.world import AML, KYC, Role, World


@pytest.fixture
def other(world: World) -> Contract:
    """A second registry under the same authority, which knows nobody yet."""
    registry = world.evm.deploy("IdentityRegistry", world.authority, sender=world.admin)
    for label in powers.labels():
        if label.contract == "IdentityRegistry":
            selectors = [registry[each].selector for each in label.functions]
            world.authority.setTargetFunctionRole(
                registry, selectors, label.role, sender=world.admin
            )
    world.authority.enrol(registry, registry, sender=world[Role.FACTORY])
    officer = world[Role.COMPLIANCE_OFFICER]
    for topic in (KYC, AML):
        registry.addClaimTopic(topic, sender=officer)
    registry.addTrustedIssuer(world.claim_issuer, [KYC, AML], sender=officer)
    return registry


def test_a_series_asks_the_registry_that_it_was_moved_to(
    world: World, bill: Contract, other: Contract, alice: Actor, bob: Actor
) -> None:
    steward, regulator, first = world[Role.STEWARD], world[Role.REGULATOR], world.registry
    assert bill.identityRegistry() == first
    bill.setIdentityRegistry(other, sender=steward)
    assert world.evm.receipt.events("IdentityRegistryAdded") == [
        {"identityRegistry": other.address}
    ]
    assert bill.identityRegistry() == other
    assert (bill.canSend(alice), bill.canReceive(bob)) == (False, False)
    with reverts("ERC7943CannotSend", alice):
        bill.transfer(bob, 1, sender=alice)
    with reverts("ERC7943CannotReceive", bob):
        world.mint(bill, bob, 1)

    world.registry = other
    for name in ("alice", "bob"):
        world.investor(name)
    first.suspend(alice, sender=regulator)
    assert (bill.canSend(alice), bill.canReceive(bob)) == (True, True)
    bill.transfer(bob, 1, sender=alice)
    other.suspend(alice, sender=regulator)
    assert bill.canSend(alice) is False
    with reverts("ERC7943CannotSend", alice):
        bill.transfer(bob, 1, sender=alice)


def test_a_series_comes_back_to_the_programmes_registry(
    world: World, bill: Contract, other: Contract, alice: Actor, bob: Actor
) -> None:
    steward = world[Role.STEWARD]
    bill.setIdentityRegistry(other, sender=steward)
    bill.setIdentityRegistry(world.registry, sender=steward)
    assert bill.identityRegistry() == world.registry
    bill.transfer(bob, 1, sender=alice)
    assert bill.balanceOf(bob) == 1


def test_one_series_is_moved_and_no_other(
    world: World, bill: Contract, other: Contract, alice: Actor
) -> None:
    second = world.bill()
    bill.setIdentityRegistry(other, sender=world[Role.STEWARD])
    assert second.identityRegistry() == world.registry
    world.mint(second, alice, 1)


def test_what_is_no_registry_is_refused(world: World, bill: Contract, alice: Actor) -> None:
    for wrong in (alice, world.rule_book, bill):
        with reverts("RegistryNotUnderstood", wrong):
            bill.setIdentityRegistry(wrong, sender=world[Role.STEWARD])
    assert bill.identityRegistry() == world.registry
