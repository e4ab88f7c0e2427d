"""The pilot's rupee: money of its issuer alone, which can be stopped wholly or for one account."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.evm import Actor, Contract, Evm, reverts
from tests.settlement.permits import permit_of

ISSUER_ROLE, INSTANT, SLOW = 100, 101, 102


@pytest.fixture
def issuer(evm: Evm) -> Actor:
    return evm.actor("issuer")


@pytest.fixture
def rupee(evm: Evm, issuer: Actor) -> Contract:
    """The issuer mints and burns, the watch stops, the council releases."""
    admin, watch, council = evm.actor("admin"), evm.actor("watch"), evm.actor("council")
    authority = evm.deploy("SettlementAuthority", admin, sender=admin)
    rupee = evm.deploy("PilotRupee", authority, sender=admin)
    for role, holder, functions in (
        (ISSUER_ROLE, issuer, ("mint", "burn")),
        (INSTANT, watch, ("pause", "blockAccount")),
        (SLOW, council, ("unpause", "unblockAccount")),
    ):
        selectors = [rupee[name].selector for name in functions]
        authority.setTargetFunctionRole(rupee, selectors, role, sender=admin)
        authority.grantRole(role, holder, 0, sender=admin)
    return rupee


def test_it_says_that_it_is_no_legal_tender(rupee: Contract) -> None:
    assert rupee.name() == "Pilot Rupee (no legal tender)"
    assert (rupee.symbol(), rupee.decimals()) == ("PKRp", 2)


def test_its_issuer_alone_mints_and_burns(evm: Evm, rupee: Contract, issuer: Actor) -> None:
    holder = evm.actor("holder")
    rupee.mint(holder, 500, sender=issuer)
    calls: tuple[Callable[[], object], ...] = (
        lambda: rupee.mint(holder, 1, sender=holder),
        lambda: rupee.burn(1, sender=holder),
    )
    for call in calls:
        with reverts("AccessManagedUnauthorized", holder):
            call()
    with reverts("ERC20InsufficientBalance", issuer, 0, 1):
        rupee.burn(1, sender=issuer)
    rupee.transfer(issuer, 500, sender=holder)
    rupee.burn(500, sender=issuer)
    assert rupee.totalSupply() == 0


def test_who_can_block_and_pause_cannot_release(evm: Evm, rupee: Contract) -> None:
    """Pitfall 26: one role does not do everything."""
    watch = evm.actor("watch")
    rupee.pause(sender=watch)
    rupee.blockAccount(watch, sender=watch)
    assert evm.receipt.events("Blocked") == [{"account": watch}]
    for name, arguments in (("unpause", ()), ("unblockAccount", (watch,))):
        with reverts("AccessManagedUnauthorized", watch):
            rupee[name](*arguments, sender=watch)


def test_a_pause_stops_every_movement(evm: Evm, rupee: Contract, issuer: Actor) -> None:
    holder = evm.actor("holder")
    rupee.mint(issuer, 500, sender=issuer)
    rupee.pause(sender=evm.actor("watch"))
    calls: tuple[Callable[[], object], ...] = (
        lambda: rupee.mint(holder, 1, sender=issuer),
        lambda: rupee.burn(1, sender=issuer),
        lambda: rupee.transfer(holder, 1, sender=issuer),
    )
    for call in calls:
        with reverts("EnforcedPause"):
            call()
    rupee.unpause(sender=evm.actor("council"))
    rupee.transfer(holder, 1, sender=issuer)
    assert rupee.balanceOf(holder) == 1


def test_a_blocked_account_neither_sends_receives_nor_spends(
    evm: Evm, rupee: Contract, issuer: Actor
) -> None:
    blocked, holder = evm.actor("blocked"), evm.actor("holder")
    for account in (blocked, holder):
        rupee.mint(account, 500, sender=issuer)
    rupee.approve(blocked, 100, sender=holder)
    rupee.approve(holder, 100, sender=blocked)
    rupee.blockAccount(blocked, sender=evm.actor("watch"))
    calls: tuple[Callable[[], object], ...] = (
        lambda: rupee.transfer(holder, 1, sender=blocked),
        lambda: rupee.transfer(blocked, 1, sender=holder),
        lambda: rupee.transferFrom(holder, issuer, 1, sender=blocked),
        lambda: rupee.transferFrom(blocked, issuer, 1, sender=holder),
        lambda: rupee.mint(blocked, 1, sender=issuer),
    )
    for call in calls:
        with reverts("PilotRupeeBlocked", blocked):
            call()
    assert rupee.isBlocked(blocked) is True
    rupee.unblockAccount(blocked, sender=evm.actor("council"))
    assert evm.receipt.events("Unblocked") == [{"account": blocked}]
    assert rupee.isBlocked(blocked) is False
    rupee.transfer(holder, 500, sender=blocked)
    assert rupee.balanceOf(holder) == 1_000


def test_it_takes_permits_which_a_blocked_owner_cannot_have_spent(
    evm: Evm, rupee: Contract, issuer: Actor
) -> None:
    """EIP-2612; pitfall 49: a permit that somebody else presents is the same allowance."""
    owner, spender = evm.actor("owner"), evm.actor("spender")
    rupee.mint(owner, 500, sender=issuer)
    permit = permit_of(rupee, owner, spender, 300)
    rupee.permit(owner, spender, 300, *permit, sender=evm.actor("front-runner"))
    with reverts("ERC2612InvalidSigner"):
        rupee.permit(owner, spender, 300, *permit, sender=spender)
    rupee.blockAccount(owner, sender=evm.actor("watch"))
    with reverts("PilotRupeeBlocked", owner):
        rupee.transferFrom(owner, spender, 300, sender=spender)
    rupee.unblockAccount(owner, sender=evm.actor("council"))
    rupee.transferFrom(owner, spender, 300, sender=spender)
    assert (rupee.balanceOf(owner), rupee.allowance(owner, spender)) == (200, 0)
