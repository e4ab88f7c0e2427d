"""Keys that are lost, and keys that are stolen: neither stops the programme nor endangers it.

With each role's key lost, the administrator gives the role to another after its delay. With it
stolen, what it schedules is cancelled, and it is removed, also while everything stands still
(pitfall 52). What it can do until then: tests/invariants/test_single_role.py.
"""

from __future__ import annotations

from typing import Any, Final

import pytest

from scripts._amanat import artifacts, powers
from scripts._amanat.build import ROOT
from scripts._amanat.pilot_safe import published
from scripts._amanat.programme import OF_PEOPLE, read_programme
from tests.evm import Actor, Contract, Evm, Reverted, reverts
from tests.world import NOBODY, Role, World

DELAYS: Final[dict[Role, int]] = {
    role: duty.delay
    for role, duty in read_programme(ROOT / "scripts/_pilot/programme.yaml").duties.items()
}
"""Seconds that each role of the pilot's file waits."""
ADMINISTRATION: Final = DELAYS[Role.ADMIN]
OTHERS: Final = [role for role in OF_PEOPLE if role is not Role.ADMIN]


class Office:
    """The programme with the delays and guardians of the pilot's file, and a bill."""

    def __init__(self) -> None:
        self.world = world = World()
        self.evm, self.authority, self.admin = world.evm, world.authority, world.admin
        self.bill = world.bill()
        self.alice, self.bob = world.investor("alice"), world.investor("bob")
        world.mint(self.bill, self.alice, 1_000)
        self.targets: dict[str, Contract] = world.contracts | {"TreasuryBill": self.bill}
        classes = set(powers.ASSET_CLASSES) - {"TreasuryBill"}
        self.labels = [label for label in powers.labels() if label.contract not in classes]
        for role, delay in DELAYS.items():
            if not delay or role is Role.ADMIN:
                continue
            self.authority.grantRole(role, world[role], delay, sender=self.admin)
            self.authority.setRoleGuardian(role, Role.GUARDIAN, sender=self.admin)
        self.authority.grantRole(Role.ADMIN, self.admin, ADMINISTRATION, sender=self.admin)

    def administer(self, function: str, *given: Any, by: Actor | None = None) -> None:
        """Schedule an act of the administrator's, wait, and do it."""
        who, call = by or self.admin, self.authority[function].encode(*given)
        self.authority.schedule(self.authority, call, 0, sender=who)
        self.evm.advance(seconds=ADMINISTRATION)
        self.authority[function](*given, sender=who)

    def opened(self, role: Role, who: Actor) -> set[tuple[bool, int]]:
        """What the authority says of every function of the role: at once, or after so long."""
        found = set()
        for label in self.labels:
            target = self.targets[label.contract]
            for each in label.functions if label.role == role else ():
                selector = artifacts.selector(target[each].entry)
                found.add(tuple(self.authority.canCall(who, target, selector)))
        return found

    def first_act(self, role: Role) -> tuple[Contract, bytes]:
        """A call that the role opens."""
        for label in self.labels:
            if label.role == role:
                target = self.targets[label.contract]
                return target, artifacts.selector(target[label.functions[0]].entry) + bytes(512)
        return self.authority, b""

    def stand_still(self, by: Actor) -> None:
        """Everything is stopped in every way."""
        self.world.registry.halt(sender=by)
        self.world.registry.pauseClass(self.world.bill_class, sender=by)
        self.bill.pause(sender=by)

    def go_on(self, releaser: Actor) -> None:
        """Let everything go on, after the releaser's delay."""
        registry = self.world.registry
        acts = [
            (registry.resume, ()),
            (registry.unpauseClass, (self.world.bill_class,)),
            (self.bill.unpause, ()),
        ]
        for function, given in acts:
            call = function.encode(*given)
            self.authority.schedule(function.contract, call, 0, sender=releaser)
        self.evm.advance(seconds=DELAYS[Role.RELEASER])
        for function, given in acts:
            function(*given, sender=releaser)


@pytest.fixture(scope="module")
def built() -> Office:
    return Office()


@pytest.fixture
def office(built: Office) -> Any:
    with built.evm.snapshot():
        yield built


def expected(role: Role) -> set[tuple[bool, int]]:
    """Of a holder: at once, or after the role's delay; nothing where the role opens nothing yet."""
    if not any(label.role == role for label in powers.labels()):
        return set()
    return {(not DELAYS[role], DELAYS[role])}


@pytest.mark.parametrize("role", OTHERS, ids=lambda role: role.name)
def test_a_lost_key_is_replaced_after_the_administrators_delay(office: Office, role: Role) -> None:
    lost, successor = office.world[role], office.evm.actor(f"next {role.label}")
    office.administer("revokeRole", role, lost)
    office.administer("grantRole", role, successor, DELAYS[role])
    assert office.opened(role, successor) == expected(role)
    assert office.opened(role, lost) <= {(False, 0)}
    office.bill.transfer(office.bob, 1, sender=office.alice)  # nobody waited for it


@pytest.mark.parametrize("role", OTHERS, ids=lambda role: role.name)
def test_a_stolen_key_is_stopped_and_removed_while_all_stands_still(
    office: Office, role: Role
) -> None:
    """Pitfall 52: nothing that removes it can be stopped, by its holder least of all."""
    world, authority, thief = office.world, office.authority, office.world[role]
    office.stand_still(world[Role.EMERGENCY])
    target, call = office.first_act(role)
    if DELAYS[role] and call:
        authority.schedule(target, call, 0, sender=thief)
        authority.cancel(thief, target, call, sender=world[Role.GUARDIAN])
        office.evm.advance(seconds=DELAYS[role])
        with pytest.raises(Reverted) as refused:
            office.evm.message(target.address, call, sender=thief)
        assert refused.value.name == "AccessManagerNotScheduled"
    revoking = authority.revokeRole.encode(role, thief)
    authority.schedule(authority, revoking, 0, sender=office.admin)
    selector = authority.revokeRole.selector
    with reverts("AccessManagerUnauthorizedCancel", thief, office.admin, authority, selector):
        authority.cancel(office.admin, authority, revoking, sender=thief)
    office.evm.advance(seconds=ADMINISTRATION)
    if DELAYS[role] and call:
        authority.schedule(target, call, 0, sender=thief)  # in the last moment: of no use
    authority.revokeRole(role, thief, sender=office.admin)
    office.evm.advance(seconds=DELAYS[role])
    assert office.opened(role, thief) <= {(False, 0)}
    if call:
        with pytest.raises(Reverted):
            office.evm.message(target.address, call, sender=thief)
    releaser = world[Role.RELEASER]
    if role is Role.RELEASER:
        releaser = office.evm.actor("next releaser")
        office.administer("grantRole", role, releaser, DELAYS[role])
    office.go_on(releaser)
    office.bill.transfer(office.bob, 1, sender=office.alice)


def test_a_pause_by_a_thief_lapses_where_nobody_else_acts(office: Office) -> None:
    """Pitfall 52: with confirmer and releaser unreachable, a week is the most it costs."""
    office.stand_still(office.world[Role.EMERGENCY])
    office.evm.advance(days=7)
    office.bill.transfer(office.bob, 1, sender=office.alice)


# ------------------------------------------------------------------ the administrator


def test_of_two_administrators_one_replaces_the_other(office: Office) -> None:
    second, third = office.evm.actor("second admin"), office.evm.actor("third admin")
    office.administer("grantRole", Role.ADMIN, second, ADMINISTRATION)
    office.administer("revokeRole", Role.ADMIN, office.admin, by=second)
    office.administer("grantRole", Role.ADMIN, third, ADMINISTRATION, by=second)
    assert office.authority.hasRole(Role.ADMIN, office.admin).isMember is False
    office.administer("revokeRole", Role.MINTER, office.world[Role.MINTER], by=third)


def test_of_two_administrators_a_thief_gets_nothing_the_other_sees_and_cancels(
    office: Office,
) -> None:
    """But neither can remove the other, since each can cancel: a Safe is what theft asks for."""
    authority, thief = office.authority, office.evm.actor("second admin")
    office.administer("grantRole", Role.ADMIN, thief, ADMINISTRATION)
    taking = authority.grantRole.encode(Role.ORDER_EXECUTOR, thief, 0)
    removing = authority.revokeRole.encode(Role.ADMIN, thief)
    authority.schedule(authority, taking, 0, sender=thief)
    authority.schedule(authority, removing, 0, sender=office.admin)
    authority.cancel(thief, authority, taking, sender=office.admin)
    authority.cancel(office.admin, authority, removing, sender=thief)
    office.evm.advance(seconds=ADMINISTRATION)
    with reverts("AccessManagerNotScheduled"):
        authority.grantRole(Role.ORDER_EXECUTOR, thief, 0, sender=thief)
    with reverts("AccessManagerNotScheduled"):
        authority.revokeRole(Role.ADMIN, thief, sender=office.admin)


class Safe:
    """A Safe of three owners, two of whom must sign, from the published bytecode."""

    def __init__(self, evm: Evm) -> None:
        self.evm, self.sender = evm, evm.actor("anyone who pays the gas")
        self.owners = [evm.actor(f"owner {n}") for n in range(3)]
        code = {path: published(path) for path in ("SafeL2", "proxies/SafeProxyFactory")}
        singleton, factory = (
            evm.at(evm.deploy_code(each.creation_code, sender=self.sender), each.abi)
            for each in code.values()
        )
        none = (NOBODY, b"", NOBODY, NOBODY, 0, NOBODY)
        setup = singleton.setup.encode(self.owners, 2, *none)
        proxy = factory.createProxyWithNonce(singleton, setup, 0, sender=self.sender)
        self.account = evm.at(proxy, code["SafeL2"].abi)

    def act(self, target: Any, call: bytes, *signers: Actor) -> None:
        """Execute a call that these owners sign."""
        row = (target, 0, call, 0, 0, 0, 0, NOBODY, NOBODY)
        digest = self.account.getTransactionHash(*row, self.account.nonce())
        ordered = sorted(signers, key=lambda each: int(each, 16))
        signatures = b"".join(each.sign_hash(digest) for each in ordered)
        self.account.execTransaction(*row, signatures, sender=self.sender)

    def administer(self, authority: Contract, call: bytes, *signers: Actor) -> None:
        """As the administrator: schedule, wait, and do it."""
        scheduling = authority.schedule.encode(authority, call, 0)
        self.act(authority, scheduling, *signers)
        self.evm.advance(seconds=ADMINISTRATION)
        self.act(authority, call, *signers)


def test_an_administrator_that_is_a_safe_outlives_a_lost_and_a_stolen_key(office: Office) -> None:
    """Two of three: one key alone does nothing, and without it the two others do everything, its
    own removal included."""
    safe, authority, world = Safe(office.evm), office.authority, office.world
    lost, first, second = safe.owners
    office.administer("grantRole", Role.ADMIN, safe.account, ADMINISTRATION)
    office.administer("revokeRole", Role.ADMIN, office.admin)

    taking = authority.schedule.encode(
        authority, authority.grantRole.encode(Role.ORDER_EXECUTOR, lost, 0), 0
    )
    with pytest.raises(Reverted):
        safe.act(authority, taking, lost)
    with reverts("AccessManagerUnauthorizedAccount", lost, Role.ADMIN):
        authority.grantRole(Role.ORDER_EXECUTOR, lost, 0, sender=lost)

    gone = world[Role.FREEZER]
    revoking = authority.revokeRole.encode(Role.FREEZER, gone)
    safe.administer(authority, revoking, first, second)
    assert authority.hasRole(Role.FREEZER, gone).isMember is False

    successor = office.evm.actor("next owner")
    owners = safe.account.getOwners()
    place = owners.index(str(lost))
    before = owners[place - 1] if place else "0x" + "00" * 19 + "01"
    swapping = safe.account.swapOwner.encode(before, lost, successor)
    safe.act(safe.account, swapping, first, second)
    assert str(successor) in safe.account.getOwners() and str(lost) not in safe.account.getOwners()
    granting = authority.grantRole.encode(Role.FREEZER, office.evm.actor("next freezer"), 0)
    safe.administer(authority, granting, successor, first)
