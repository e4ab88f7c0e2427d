"""The ERC-3643 face of a token's rules."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.compliance.rule_world import PAKISTAN, ZERO, Door, World, rules
from tests.evm import Contract, reverts


@pytest.fixture
def compliance(world: World) -> Contract:
    """The compliance contract of the world's token."""
    return world.evm.at(world.book.complianceOf(world.token), "Compliance")


def test_it_is_bound_to_its_token_by_birth(world: World, compliance: Contract) -> None:
    other = world.another_token()
    assert compliance.getTokenBound() == world.token.address
    assert compliance.isTokenBound(world.token)
    assert not compliance.isTokenBound(other)
    assert not compliance.isTokenBound(ZERO)
    assert compliance.ruleBook() == world.book.address
    second = world.evm.at(world.book.complianceOf(other), "Compliance")
    assert second.address != compliance.address
    assert second.getTokenBound() == other.address


def test_opening_says_which_token_is_bound(world: World) -> None:
    token = world.evm.deploy("RuledToken", world.book, world.registry, sender=world.admin)
    world.book.open(token, rules(), [], sender=world.factory)
    address = world.book.complianceOf(token)
    assert world.evm.receipt.events("TokenBound", address) == [{"token": token.address}]
    opened = [{"token": token.address, "compliance": address}]
    assert world.evm.receipt.events("TokenOpened") == opened


def test_binding_again_changes_nothing_and_binding_another_is_refused(
    world: World, compliance: Contract
) -> None:
    """Pitfall 18: no address speaks for two tokens."""
    other = world.another_token()
    world.token.bind(compliance, sender=world.admin)
    assert world.evm.receipt.events("TokenBound") == [{"token": world.token.address}]
    world.token.unbind(compliance, sender=world.admin)
    assert world.evm.receipt.events("TokenUnbound") == [{"token": world.token.address}]
    assert compliance.isTokenBound(world.token)
    with reverts("ComplianceTokenNotBound", other):
        other.bind(compliance, sender=world.admin)
    with reverts("ComplianceCallerNotBound", world.alice):
        compliance.bindToken(world.token, sender=world.alice)
    with reverts("ComplianceCallerNotBound", world.alice):
        compliance.unbindToken(world.token, sender=world.alice)


def test_the_implementation_speaks_for_nobody(world: World) -> None:
    """Pitfall 54."""
    implementation = world.evm.at(world.book.complianceImplementation(), "Compliance")
    assert implementation.getTokenBound() == ZERO
    assert not implementation.isTokenBound(ZERO)
    with reverts("ComplianceTokenNotBound", ZERO):
        implementation.bindToken(ZERO, sender=world.alice)


def test_the_standards_booking_is_refused_to_everybody(world: World, compliance: Contract) -> None:
    """Pitfall 21: one call checks and books; a second way in would book twice."""
    for function, arguments in (
        ("transferred", (world.alice, world.bob, 1)),
        ("created", (world.bob, 1)),
        ("destroyed", (world.alice, 1)),
    ):
        with reverts("ComplianceCallerNotBound", world.alice):
            compliance[function].call(*arguments, sender=world.alice)
    with reverts("ComplianceBooksInRuleBook", world.book):
        world.token.bookTheStandardWay(compliance, sender=world.alice)


def test_it_presents_the_movement_that_the_token_would(world: World, compliance: Contract) -> None:
    world.token.hold(world.alice, 70, sender=world.admin)
    world.token.hold(world.bob, 30, sender=world.admin)
    world.token.announceHolders(9, sender=world.admin)
    told = compliance.movementOf(world.alice, world.bob, 5)
    expected = world.movement(world.alice, world.bob, 5, fromBalance=70, toBalance=30, holders=9)
    assert tuple(told) == tuple(expected.values())
    told = compliance.movementOf(ZERO, world.bob, 5)
    expected = world.movement(ZERO, world.bob, 5, Door.MINT, toBalance=30, holders=9, supply=105)
    assert tuple(told) == tuple(expected.values())
    told = compliance.movementOf(world.alice, ZERO, 5)
    expected = world.movement(world.alice, ZERO, 5, Door.BURN, fromBalance=70, holders=9)
    assert tuple(told) == tuple(expected.values())


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    balance=st.integers(0, 20),
    amount=st.one_of(st.integers(0, 20), st.just(2**256 - 1)),
    maximum=st.integers(1, 20),
    cap=st.integers(1, 40),
    mint=st.booleans(),
)
def test_can_transfer_says_what_booking_does(
    world: World,
    compliance: Contract,
    balance: int,
    amount: int,
    maximum: int,
    cap: int,
    mint: bool,
) -> None:
    """Pitfall 21."""
    with world.evm.snapshot():
        world.token.hold(world.bob, balance, sender=world.admin)
        world.token.hold(world.alice, 20, sender=world.admin)
        world.configure(maximumHolding=maximum, supplyCap=cap)
        origin = ZERO if mint else world.alice
        fits = amount == 0 or balance + amount <= maximum
        fits = fits and (not mint or balance + 20 + amount <= cap)
        assert compliance.canTransfer(origin, world.bob, amount) is fits
        assert compliance.canTransfer(world.alice, ZERO, amount)  # burns are never refused


def test_the_address_is_known_beforehand_and_cannot_be_squatted(world: World) -> None:
    """Pitfall 54: the rule book is its creator, the token its salt and argument."""
    token = world.evm.deploy("RuledToken", world.book, world.registry, sender=world.admin)
    expected = world.book.predictCompliance(token)
    assert world.book.complianceOf(token) == ZERO
    world.book.setJurisdictions(world.token, [PAKISTAN], True, sender=world.officer)
    world.book.open(token, rules(), [], sender=world.factory)
    assert world.book.complianceOf(token) == expected
    code = world.evm.code(expected)
    assert code[45:65] == bytes.fromhex(token.address[2:])  # behind the 45 bytes of a clone
    assert world.book.complianceImplementation()[2:].lower() in code.hex()
