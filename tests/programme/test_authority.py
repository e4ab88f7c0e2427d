"""The Authority: incompatible roles, delays, and what a delay is not (pitfalls 50, 51, 53)."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from eth_utils.crypto import keccak

from tests.evm import Actor, Contract, reverts
from tests.world import Role, World

CLOSED = 2**64 - 2
DAY = 86_400
INCOMPATIBLE = {
    frozenset(pair)
    for pair in (
        (Role.ISSUER, Role.REGISTRAR),
        (Role.ISSUER, Role.MINTER),
        (Role.ISSUER, Role.FISCAL_AGENT),
        (Role.REGISTRAR, Role.ORDER_EXECUTOR),
        (Role.MINTER, Role.COMPLIANCE_OFFICER),
        (Role.MINTER, Role.STEWARD),
        (Role.MINTER, Role.REGULATOR),
        (Role.ORDER_EXECUTOR, Role.REGULATOR),
        (Role.REGULATOR, Role.PAUSE_CONFIRMER),
        (Role.EMERGENCY, Role.PAUSE_CONFIRMER),
        (Role.EMERGENCY, Role.RELEASER),
        (Role.BOARD, Role.REGULATOR),
        (Role.BOARD, Role.RATE_AGENT),
        *product(
            (Role.BOARD, Role.RATE_AGENT, Role.LICENSOR),
            (Role.ISSUER, Role.MINTER, Role.FISCAL_AGENT),
        ),
        (Role.CUSTODIAN, Role.AUDITOR),
        (Role.EMERGENCY, Role.PAUSE_CONFIRMER),
        (Role.EMERGENCY, Role.RELEASER),
        (Role.BOARD, Role.RATE_AGENT),
        (Role.BOARD, Role.REGULATOR),
        *product(
            (Role.BOARD, Role.RATE_AGENT, Role.LICENSOR),
            (Role.ISSUER, Role.MINTER, Role.FISCAL_AGENT),
        ),
        *product(
            (Role.CUSTODIAN, Role.AUDITOR),
            (Role.ISSUER, Role.REGISTRAR, Role.MINTER, Role.FISCAL_AGENT),
        ),
    )
}
PAIRS = [pair for pair in combinations(Role, 2) if Role.ADMIN not in pair]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair[0].name}-{pair[1].name}")
def test_roles_that_must_not_meet_are_refused_at_grant_in_either_order(
    pair: tuple[Role, Role],
) -> None:
    """Pitfall 53: on-chain, whoever grants, and for all other pairs nothing is refused."""
    world = here()
    with world.evm.snapshot():
        for number, (held, wanted) in enumerate((pair, pair[::-1])):
            who = world.evm.actor(f"somebody {number}")
            world.authority.grantRole(held, who, 0, sender=world.admin)
            if frozenset(pair) in INCOMPATIBLE:
                with reverts("RolesIncompatible", who, held, wanted):
                    world.authority.grantRole(wanted, who, 0, sender=world.admin)
            else:
                world.authority.grantRole(wanted, who, 0, sender=world.admin)
                assert world.authority.hasRole(wanted, who).isMember is True


_WORLD: list[World] = []


def here() -> World:
    """One world for all pairs."""
    if not _WORLD:
        _WORLD.append(World())
    return _WORLD[0]


def test_a_role_that_is_only_promised_counts_as_held(world: World) -> None:
    """Pitfall 53: a grant delay is no way around."""
    who = world.evm.actor("somebody")
    world.authority.setGrantDelay(Role.MINTER, 3 * DAY, sender=world.admin)
    world.evm.advance(days=10)  # the setback of five days
    world.authority.grantRole(Role.MINTER, who, 0, sender=world.admin)
    assert world.authority.hasRole(Role.MINTER, who).isMember is False
    with reverts("RolesIncompatible", who, Role.MINTER, Role.ISSUER):
        world.authority.grantRole(Role.ISSUER, who, 0, sender=world.admin)
    world.authority.revokeRole(Role.MINTER, who, sender=world.admin)
    world.authority.grantRole(Role.ISSUER, who, 0, sender=world.admin)


def test_the_closed_role_is_never_granted(world: World) -> None:
    """Pitfall 51."""
    with reverts("RoleNeverGranted", CLOSED):
        world.authority.grantRole(CLOSED, world.admin, 0, sender=world.admin)


def test_a_function_without_a_label_is_closed_to_the_administrator_too(world: World) -> None:
    """Pitfall 51: AccessManager itself would open it to him."""
    bill = world.bill()
    selector = keccak(text="anything(uint256)")[:4]
    for target in (bill, world.registry, world.programme):
        assert world.authority.getTargetFunctionRole(target, selector) == CLOSED
        assert tuple(world.authority.canCall(world.admin, target, selector)) == (False, 0)


def test_a_label_of_the_administrators_role_closes(world: World) -> None:
    """Pitfall 26: role zero can be given no function."""
    bill, pause = world.bill(), world.bill_class["pause"].selector
    world.authority.setTargetFunctionRole(world.bill_class, [pause], 0, sender=world.admin)
    assert world.authority.getTargetFunctionRole(bill, pause) == CLOSED
    for who in (world.admin, world[Role.EMERGENCY]):
        with reverts("AccessManagedUnauthorized", who):
            bill.pause(sender=who)


def test_a_series_answers_to_the_labels_of_its_class(world: World) -> None:
    bill = world.bill()
    pause = bill.pause.selector
    assert world.authority.getTargetFunctionRole(bill, pause) == Role.EMERGENCY
    other = world.evm.actor("other")
    world.authority.setTargetFunctionRole(bill, [pause], 99, sender=world.admin)
    world.authority.grantRole(99, other, 0, sender=world.admin)
    with reverts("AccessManagedUnauthorized", other):
        bill.pause(sender=other)
    bill.pause(sender=world[Role.EMERGENCY])


def test_one_target_or_a_whole_class_is_closed_by_the_administrator(world: World) -> None:
    bill, other = world.bill(), world.bill()
    world.authority.setTargetClosed(bill, True, sender=world.admin)
    with reverts("AccessManagedUnauthorized", world[Role.EMERGENCY]):
        bill.pause(sender=world[Role.EMERGENCY])
    other.pause(sender=world[Role.EMERGENCY])
    world.authority.setTargetClosed(bill, False, sender=world.admin)
    bill.pause(sender=world[Role.EMERGENCY])


def test_what_was_never_enrolled_obeys_nobody(world: World) -> None:
    made = world.evm.deploy("PilotRupee", world.authority, sender=world.admin)
    agent = world[Role.FISCAL_AGENT]
    world.authority.setTargetFunctionRole(
        made, [made.pause.selector], Role.FISCAL_AGENT, sender=world.admin
    )
    with reverts("AccessManagedUnauthorized", agent):
        made.pause(sender=agent)


# ------------------------------------------------------------------ delays


@pytest.fixture
def bill(world: World) -> Contract:
    return world.bill()


@pytest.fixture
def slow(world: World) -> Actor:
    """A releaser who must wait a day."""
    actor = world.evm.actor("slow releaser")
    world.authority.grantRole(Role.RELEASER, actor, DAY, sender=world.admin)
    return actor


def test_a_delayed_act_is_scheduled_waited_for_and_done_directly(
    world: World, bill: Contract, slow: Actor
) -> None:
    """Pitfall 50: who scheduled calls the token himself, so he stays the operator."""
    bill.pause(sender=world[Role.EMERGENCY])
    with reverts("AccessManagerNotScheduled"):
        bill.unpause(sender=slow)
    world.authority.schedule(bill, bill.unpause.encode(), 0, sender=slow)
    operation = world.authority.hashOperation(slow, bill, bill.unpause.encode())
    assert world.authority.getSchedule(operation) == world.evm.time + DAY
    world.evm.advance(seconds=DAY - 1)
    with reverts("AccessManagerNotReady", operation):
        bill.unpause(sender=slow)
    world.evm.advance(seconds=1)
    bill.unpause(sender=slow)
    assert world.evm.receipt.events("Unpaused") == [{"userAddress": slow}]
    bill.pause(sender=world[Role.EMERGENCY])
    with reverts("AccessManagerNotScheduled", operation):
        bill.unpause(sender=slow)  # a schedule serves once


def test_a_delayed_act_may_be_executed_through_the_authority_which_is_then_the_operator(
    world: World, bill: Contract, slow: Actor
) -> None:
    """Pitfall 50."""
    bill.pause(sender=world[Role.EMERGENCY])
    call = bill.unpause.encode()
    world.authority.schedule(bill, call, 0, sender=slow)
    operation = world.authority.hashOperation(slow, bill, call)
    with reverts("AccessManagerNotReady", operation):
        world.authority.execute(bill, call, sender=slow)
    world.evm.advance(days=1)
    stranger = world.evm.actor("stranger")
    with reverts("AccessManagerUnauthorizedCall", stranger, bill, bill.unpause.selector):
        world.authority.execute(bill, call, sender=stranger)
    world.authority.execute(bill, call, sender=slow)
    assert world.evm.receipt.events("Unpaused") == [{"userAddress": world.authority.address}]
    told = world.authority.canCall(world.authority, bill, bill.unpause.selector)
    assert tuple(told) == (False, 0)  # only while it executes that very call


def test_a_delay_is_not_an_approval(world: World, bill: Contract, slow: Actor) -> None:
    """Pitfall 50: nobody else can carry out what one has scheduled."""
    other = world.evm.actor("another slow releaser")
    world.authority.grantRole(Role.RELEASER, other, DAY, sender=world.admin)
    bill.pause(sender=world[Role.EMERGENCY])
    world.authority.schedule(bill, bill.unpause.encode(), 0, sender=slow)
    world.evm.advance(days=1)
    with reverts("AccessManagerNotScheduled"):
        bill.unpause(sender=other)
    with reverts("AccessManagedUnauthorized", world.admin):
        bill.unpause(sender=world.admin)


def test_a_schedule_lapses_after_a_week(world: World, bill: Contract, slow: Actor) -> None:
    """Pitfall 51."""
    bill.pause(sender=world[Role.EMERGENCY])
    bill.confirmPause(sender=world[Role.PAUSE_CONFIRMER])
    world.authority.schedule(bill, bill.unpause.encode(), 0, sender=slow)
    operation = world.authority.hashOperation(slow, bill, bill.unpause.encode())
    world.evm.advance(days=8)
    with reverts("AccessManagerExpired", operation):
        bill.unpause(sender=slow)
    assert world.authority.expiration() == 7 * DAY
    assert world.authority.minSetback() == 5 * DAY


def test_a_guardian_cancels_what_is_scheduled(world: World, bill: Contract, slow: Actor) -> None:
    guardian = world[Role.GUARDIAN]
    world.authority.setRoleGuardian(Role.RELEASER, Role.GUARDIAN, sender=world.admin)
    bill.pause(sender=world[Role.EMERGENCY])
    bill.confirmPause(sender=world[Role.PAUSE_CONFIRMER])
    call = bill.unpause.encode()
    world.authority.schedule(bill, call, 0, sender=slow)
    stranger = world.evm.actor("stranger")
    with reverts("AccessManagerUnauthorizedCancel", stranger, slow, bill, bill.unpause.selector):
        world.authority.cancel(slow, bill, call, sender=stranger)
    world.authority.cancel(slow, bill, call, sender=guardian)
    world.evm.advance(days=1)
    with reverts("AccessManagerNotScheduled"):
        bill.unpause(sender=slow)


def test_a_scheduled_change_of_pointers_is_seen_before_it_happens(
    world: World, bill: Contract
) -> None:
    """Pitfall 51: what widens power waits, and says so by an event."""
    steward = world.evm.actor("slow steward")
    world.authority.grantRole(Role.STEWARD, steward, 3 * DAY, sender=world.admin)
    call = bill.setCompliance.encode(bill.compliance())
    world.authority.schedule(bill, call, 0, sender=steward)
    told = world.evm.receipt.events("OperationScheduled")
    assert [(each["caller"], each["target"], each["data"]) for each in told] == [
        (steward, bill.address, call)
    ]
    with reverts("AccessManagerNotReady"):
        bill.setCompliance(bill.compliance(), sender=steward)
    world.evm.advance(days=3)
    bill.setCompliance(bill.compliance(), sender=steward)


def test_a_shorter_delay_takes_effect_after_the_longer_one(
    world: World, bill: Contract, slow: Actor
) -> None:
    """Pitfall 51: nobody shortens his delay and acts in the same hour."""
    bill.pause(sender=world[Role.EMERGENCY])
    world.authority.grantRole(Role.RELEASER, slow, 0, sender=world.admin)
    with reverts("AccessManagerNotScheduled"):
        bill.unpause(sender=slow)
    world.evm.advance(days=1)
    bill.unpause(sender=slow)


def test_a_deployer_who_gave_up_the_administration_has_nothing_left(world: World) -> None:
    """Pitfall 37."""
    admin, successor = world.admin, world.evm.actor("successor")
    world.authority.grantRole(Role.ADMIN, successor, 0, sender=admin)
    world.authority.renounceRole(Role.ADMIN, admin, sender=admin)
    with reverts("AccessManagerUnauthorizedAccount", admin, Role.ADMIN):
        world.authority.grantRole(Role.MINTER, admin, 0, sender=admin)
    for role in Role:
        assert world.authority.hasRole(role, admin).isMember is False
