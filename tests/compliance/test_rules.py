"""Each rule by itself: what it allows, what it refuses, and with which values it says so."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compliance.rule_world import PAKISTAN, ZERO, Door, World
from tests.evm import Actor, reverts

DAY = 86_400
EMIRATES = 784


@pytest.fixture
def dora(world: World) -> Actor:
    """A wallet that nobody registered yet."""
    return world.evm.actor("dora")


# Jurisdiction


def test_a_recipient_of_an_unlisted_country_is_refused(world: World) -> None:
    world.book.setJurisdictions(world.token, [EMIRATES], True, sender=world.officer)
    world.configure(jurisdictions=True)
    with reverts("JurisdictionNotAllowed", world.bob, PAKISTAN):
        world.transfer(world.alice, world.bob, 1)
    with reverts("JurisdictionNotAllowed", world.bob, PAKISTAN):
        world.mint(world.bob, 1)
    world.register(world.bob, country=EMIRATES)
    world.transfer(world.alice, world.bob, 1)
    world.mint(world.bob, 1)


@pytest.mark.parametrize("country", [1, 255, 256, 511, 512, 767, 768, 999])
def test_each_country_has_a_bit_of_its_own(world: World, country: int) -> None:
    world.book.setJurisdictions(world.token, [country], True, sender=world.officer)
    world.configure(jurisdictions=True)
    for other in (country - 1, country, country + 1, (country + 256) % 1000):
        world.register(world.bob, country=other)
        movement = world.movement(world.alice, world.bob, 1)
        allowed = world.book.restrictionOf(world.token, movement) == 0
        assert allowed is (other == country)


def test_a_country_taken_off_the_list_leaves_its_holders_a_way_out(world: World) -> None:
    """Pitfall 15: nothing blocks a transfer out."""
    world.register(world.alice, country=EMIRATES)
    world.book.setJurisdictions(world.token, [PAKISTAN, EMIRATES], True, sender=world.officer)
    world.configure(jurisdictions=True)
    world.book.setJurisdictions(world.token, [EMIRATES], False, sender=world.officer)
    world.transfer(world.alice, world.bob, 1)
    with reverts("JurisdictionNotAllowed", world.alice, EMIRATES):
        world.transfer(world.bob, world.alice, 1)


# Investor class


@pytest.mark.parametrize("admitted", [1, 31, 63])
def test_only_admitted_classes_receive(world: World, admitted: int) -> None:
    world.configure(classes=1 << admitted)
    for investor_class in {0, 1, 31, 62, 63} - {admitted}:
        world.register(world.bob, investor_class=investor_class)
        with reverts("InvestorClassNotAllowed", world.bob, investor_class):
            world.transfer(world.alice, world.bob, 1)
        with reverts("InvestorClassNotAllowed", world.bob, investor_class):
            world.mint(world.bob, 1)
    world.register(world.bob, investor_class=admitted)
    world.transfer(world.alice, world.bob, 1)


# Lot


def test_amounts_are_whole_lots(world: World) -> None:
    world.configure(lot=100)
    for amount in (0, 100, 2**112 - 2**112 % 100):
        world.transfer(world.alice, world.bob, amount)
        world.mint(world.bob, amount)
    for amount in (1, 99, 101, 2**256 - 1):
        with reverts("LotNotWhole", amount, 100):
            world.transfer(world.alice, world.bob, amount)
        with reverts("LotNotWhole", amount, 100):
            world.mint(world.bob, amount)


# Maximum transaction


def test_one_transaction_moves_up_to_the_maximum(world: World, dora: Actor) -> None:
    """Whoever the parties are: between wallets of one investor too."""
    world.link(world.bob, [world.bob, dora])
    world.configure(maximumTransaction=1_000)
    for amount in (0, 1_000):
        world.transfer(world.alice, world.bob, amount, toBalance=10**6)
        world.mint(world.bob, amount)
    for amount in (1_001, 2**256 - 1):
        with reverts("MaximumTransactionExceeded", amount, 1_000):
            world.transfer(world.alice, world.bob, amount)
        with reverts("MaximumTransactionExceeded", amount, 1_000):
            world.transfer(world.bob, dora, amount)
        with reverts("MaximumTransactionExceeded", amount, 1_000):
            world.mint(world.bob, amount)


# Maximum holding


def test_a_single_wallet_holds_up_to_the_maximum(world: World) -> None:
    world.configure(maximumHolding=1_000)
    world.transfer(world.alice, world.bob, 400, toBalance=600)
    world.mint(world.bob, 400, toBalance=600)
    with reverts("MaximumHoldingExceeded", world.bob, 1_001, 1_000):
        world.transfer(world.alice, world.bob, 401, toBalance=600)
    with reverts("MaximumHoldingExceeded", world.bob, 1_001, 1_000):
        world.mint(world.bob, 401, toBalance=600)


def test_an_absurd_amount_is_answered_with_a_reason(world: World) -> None:
    """Pitfall 21: a view that panics says nothing."""
    world.configure(maximumHolding=1_000)
    with reverts("MaximumHoldingExceeded", world.bob, 2**256 - 1, 1_000):
        world.transfer(world.alice, world.bob, 2**256 - 1, toBalance=600)
    world.configure(velocityLimit=1_000, velocityWindow=DAY)
    world.transfer(world.alice, world.bob, 1)
    with reverts("VelocityExceeded", world.alice, 2**256 - 1, 1_000, world.evm.time + DAY):
        world.transfer(world.alice, world.bob, 2**256 - 1)


def test_the_wallets_of_one_investor_count_together(world: World, dora: Actor) -> None:
    """Pitfall 15: summed when asked, so no counter can drift."""
    world.link(world.bob, [world.bob, dora])
    world.configure(maximumHolding=1_000)
    world.token.hold(world.bob, 600, sender=world.admin)
    world.transfer(world.alice, dora, 400)
    world.token.hold(dora, 400, sender=world.admin)
    with reverts("MaximumHoldingExceeded", world.bob, 1_001, 1_000):
        world.transfer(world.alice, dora, 1, toBalance=400)
    with reverts("MaximumHoldingExceeded", world.bob, 1_001, 1_000):
        world.mint(world.bob, 1, toBalance=600)


def test_the_recipients_balance_counts_once_whenever_the_token_writes_it(
    world: World, dora: Actor
) -> None:
    world.link(world.bob, [world.bob, dora])
    world.configure(maximumHolding=1_000)
    world.token.hold(world.bob, 600, sender=world.admin)
    world.token.hold(dora, 400, sender=world.admin)  # already written when the rules are asked
    world.transfer(world.alice, dora, 400, toBalance=0)


@pytest.mark.parametrize("amount", [0, 500])
def test_a_holding_above_a_lowered_maximum_moves_between_its_own_wallets(
    world: World, dora: Actor, amount: int
) -> None:
    """Pitfall 48: to oneself and of zero."""
    world.link(world.bob, [world.bob, dora])
    world.token.hold(world.bob, 5_000, sender=world.admin)
    world.configure(maximumHolding=1_000)
    world.transfer(world.bob, dora, amount, fromBalance=5_000)
    world.transfer(world.bob, world.bob, amount, fromBalance=5_000, toBalance=5_000)
    world.transfer(world.alice, world.bob, 0, toBalance=5_000)
    with reverts("MaximumHoldingExceeded", world.bob, 5_001, 1_000):
        world.transfer(world.alice, dora, 1)


# Maximum holders


def test_a_newcomer_past_the_maximum_is_refused(world: World) -> None:
    world.configure(maximumHolders=10)
    world.transfer(world.alice, world.bob, 1, holders=10)
    world.transfer(world.alice, world.bob, 1, holders=0)  # adds nobody
    with reverts("MaximumHoldersExceeded", 11, 10):
        world.transfer(world.alice, world.bob, 1, holders=11)
    with reverts("MaximumHoldersExceeded", 11, 10):
        world.mint(world.bob, 1, holders=11)


# Supply cap


def test_nothing_is_minted_past_the_cap(world: World) -> None:
    world.configure(supplyCap=1_000)
    world.mint(world.bob, 10, supply=1_000)
    with reverts("SupplyCapExceeded", 1_001, 1_000):
        world.mint(world.bob, 11, supply=1_001)
    world.transfer(world.alice, world.bob, 5_000)  # a transfer adds nothing


# Lock-up and register closing


def test_transfers_wait_for_the_end_of_the_lock_up_and_mints_do_not(world: World) -> None:
    until = world.evm.time + 10
    world.configure(lockedUntil=until)
    world.mint(world.bob, 1)
    with reverts("LockedUp", until):
        world.transfer(world.alice, world.bob, 1)
    world.evm.advance(seconds=9)
    with reverts("LockedUp", until):
        world.transfer(world.alice, world.bob, 1)
    world.evm.advance(seconds=1)
    world.transfer(world.alice, world.bob, 1)


def test_transfers_stop_while_the_register_is_closed_and_mints_do_not(world: World) -> None:
    begins, ends = world.evm.time + 10, world.evm.time + 20
    world.configure(closedFrom=begins, closedUntil=ends)
    world.evm.advance(seconds=9)
    world.transfer(world.alice, world.bob, 1)
    for _ in range(2):
        world.evm.time = begins if world.evm.time < begins else ends - 1
        with reverts("RegisterClosed", begins, ends):
            world.transfer(world.alice, world.bob, 1)
        world.mint(world.bob, 1)
    world.evm.time = ends
    world.transfer(world.alice, world.bob, 1)


# Velocity


def test_an_investor_transfers_up_to_the_limit_within_a_window(world: World) -> None:
    world.configure(velocityLimit=100, velocityWindow=DAY)
    ends = world.evm.time + DAY
    world.transfer(world.alice, world.bob, 60)
    world.evm.time = ends - 1
    world.transfer(world.alice, world.bob, 40)
    assert world.book.usageOf(world.token, world.alice) == (100, ends)
    with reverts("VelocityExceeded", world.alice, 101, 100, ends):
        world.transfer(world.alice, world.bob, 1)
    world.transfer(world.bob, world.alice, 100)  # everybody has a limit of his own
    world.mint(world.alice, 1_000)  # and receiving uses up nothing
    world.evm.time = ends
    world.transfer(world.alice, world.bob, 100)
    assert world.book.usageOf(world.token, world.alice) == (100, ends + DAY)


def test_a_window_starts_with_the_first_transfer_after_the_last(world: World) -> None:
    world.configure(velocityLimit=100, velocityWindow=DAY)
    world.transfer(world.alice, world.bob, 100)
    world.evm.advance(days=10, seconds=5)
    first = world.evm.time
    world.transfer(world.alice, world.bob, 100)
    assert world.book.usageOf(world.token, world.alice) == (100, first + DAY)


def test_further_wallets_bring_no_further_velocity(world: World, dora: Actor) -> None:
    """Counted by investor: a recovered wallet goes on where the lost one stood (pitfall 10)."""
    world.link(world.alice, [world.alice, dora])
    world.configure(velocityLimit=100, velocityWindow=DAY)
    world.transfer(world.alice, dora, 1_000)  # to oneself
    world.transfer(world.alice, world.bob, 70)
    with reverts("VelocityExceeded", world.alice, 101, 100, world.evm.time + DAY):
        world.transfer(dora, world.bob, 31)
    world.transfer(dora, world.bob, 30)


def test_moves_of_nothing_and_to_oneself_use_up_no_velocity(world: World) -> None:
    """Pitfall 48."""
    world.configure(velocityLimit=100, velocityWindow=DAY)
    world.transfer(world.alice, world.alice, 5_000)
    world.transfer(world.alice, world.bob, 0)
    assert world.book.usageOf(world.token, world.alice).used == 0


def test_velocity_switched_off_and_on_again_starts_afresh(world: World) -> None:
    """Pitfall 17: no residue. A limit changed while it stands keeps what was counted."""
    world.configure(velocityLimit=100, velocityWindow=DAY)
    world.transfer(world.alice, world.bob, 100)
    world.configure(velocityLimit=150, velocityWindow=DAY)
    with reverts("VelocityExceeded", world.alice, 151, 150, world.evm.time + DAY):
        world.transfer(world.alice, world.bob, 51)
    world.configure(velocityLimit=50, velocityWindow=DAY)
    with reverts("VelocityExceeded", world.alice, 101, 50, world.evm.time + DAY):
        world.transfer(world.alice, world.bob, 1)
    world.configure()
    world.transfer(world.alice, world.bob, 1_000)
    world.configure(velocityLimit=50, velocityWindow=DAY)
    world.transfer(world.alice, world.bob, 50)


def test_a_sender_without_a_record_counts_as_its_wallet(world: World, dora: Actor) -> None:
    world.configure(velocityLimit=100, velocityWindow=DAY)
    world.transfer(dora, world.bob, 100)
    assert world.book.usageOf(world.token, dora).used == 100
    with reverts("VelocityExceeded", investor=dora, used=101):
        world.transfer(dora, world.bob, 1)


# Approvals beforehand


def test_an_approval_serves_one_transfer(world: World) -> None:
    """Pitfall 16."""
    world.configure(preApproval=True)
    with reverts("NotPreApproved", world.alice, world.bob, 5):
        world.transfer(world.alice, world.bob, 5)
    expires = world.evm.time + 10
    world.book.preApprove(world.token, world.alice, world.bob, 5, expires, sender=world.registrar)
    assert world.book.preApprovalOf(world.token, world.alice, world.bob, 5) == expires
    for origin, to, amount in (
        (world.alice, world.bob, 6),
        (world.bob, world.alice, 5),
        (world.alice, world.carol, 5),
    ):
        with reverts("NotPreApproved", origin, to, amount):
            world.transfer(origin, to, amount)
    world.transfer(world.alice, world.bob, 5)
    used = world.evm.receipt.events("PreApprovalUsed")
    assert used == [
        {"token": world.token.address, "from": world.alice, "to": world.bob, "amount": 5}
    ]
    with reverts("NotPreApproved", world.alice, world.bob, 5):
        world.transfer(world.alice, world.bob, 5)


def test_an_approval_lapses_after_its_last_second_and_can_be_withdrawn(world: World) -> None:
    world.configure(preApproval=True)
    approved = (world.token, world.alice, world.bob, 5)
    world.book.preApprove(*approved, world.evm.time + 10, sender=world.registrar)
    world.evm.advance(seconds=10)
    with world.evm.snapshot():
        world.transfer(world.alice, world.bob, 5)
    with world.evm.snapshot():
        world.book.withdrawPreApproval(*approved, sender=world.registrar)
        with reverts("NotPreApproved", world.alice, world.bob, 5):
            world.transfer(world.alice, world.bob, 5)
    world.evm.advance(seconds=1)
    with reverts("NotPreApproved", world.alice, world.bob, 5):
        world.transfer(world.alice, world.bob, 5)


def test_mints_and_moves_to_oneself_need_no_approval_and_use_none_up(world: World) -> None:
    """Pitfall 16: the zero address needs nobody's approval. Pitfall 48."""
    world.configure(preApproval=True)
    expires = world.evm.time
    world.book.preApprove(world.token, world.alice, world.bob, 0, expires, sender=world.registrar)
    world.mint(world.bob, 5)
    world.transfer(world.alice, world.alice, 5)
    world.transfer(world.alice, world.bob, 0)
    assert world.book.preApprovalOf(world.token, world.alice, world.bob, 0) == expires


# Sanctions


@pytest.mark.parametrize("listed", ["wallet", "investor"])
def test_a_sanctioned_party_neither_sends_nor_receives(world: World, listed: str) -> None:
    investor = world.evm.actor("an investor's identity")
    world.register(world.alice, investor)
    party = world.alice if listed == "wallet" else investor
    world.configure(sanctions=True)
    world.transfer(world.alice, world.bob, 1)
    world.book.imposeSanctions([party], sender=world.regulator)
    for movement in (
        world.movement(world.alice, world.bob, 1),
        world.movement(world.bob, world.alice, 1),
        world.movement(ZERO, world.alice, 1, Door.MINT),
    ):
        with reverts("PartySanctioned", party):
            world.present(movement)
    world.book.liftSanctions([party], sender=world.releaser)
    world.transfer(world.alice, world.bob, 1)


def test_a_sanctioned_operator_moves_nothing(world: World) -> None:
    """Pitfall 22: who acts reaches the rules."""
    world.configure(sanctions=True)
    world.book.imposeSanctions([world.carol], sender=world.regulator)
    with reverts("PartySanctioned", world.carol):
        world.transfer(world.alice, world.bob, 1, operator=world.carol)
    with reverts("PartySanctioned", world.carol):
        world.mint(world.bob, 1, operator=world.carol)


def test_the_zero_address_cannot_be_sanctioned(world: World) -> None:
    """Pitfall 16: it would stop every mint."""
    with reverts("InvalidParty", ZERO):
        world.book.imposeSanctions([world.carol, ZERO], sender=world.regulator)


# Doors


@pytest.mark.parametrize("door", [Door.BURN, Door.FORCE, Door.RECOVERY])
def test_no_rule_refuses_a_burn_a_forced_transfer_or_a_recovery(world: World, door: Door) -> None:
    """Pitfall 15. They use up nothing either."""
    every = everything_forbidden(world)
    world.configure(**every)
    world.book.imposeSanctions([world.alice], sender=world.regulator)
    to = ZERO if door is Door.BURN else world.bob
    world.present(world.movement(world.alice, to, 7, door, toBalance=100, holders=9, supply=99))
    assert world.book.usageOf(world.token, world.alice).used == 0


def everything_forbidden(world: World) -> dict[str, Any]:
    """Rules that forbid each what the test above does."""
    return {
        "maximumHolding": 1,
        "supplyCap": 1,
        "lot": 2,
        "maximumHolders": 1,
        "velocityLimit": 1,
        "velocityWindow": DAY,
        "classes": 4,
        "lockedUntil": world.evm.time + DAY,
        "closedFrom": world.evm.time,
        "closedUntil": world.evm.time + DAY,
        "jurisdictions": True,
        "preApproval": True,
        "sanctions": True,
        "maximumTransaction": 1,
    }


# What makes each rule forbid the movement of the test below; times are counted from its moment.
FORBIDDING: dict[str, dict[str, Any]] = {
    "JurisdictionNotAllowed": {},
    "InvestorClassNotAllowed": {"classes": 4},
    "LotNotWhole": {"lot": 2},
    "MaximumHoldingExceeded": {"maximumHolding": 6},
    "MaximumHoldersExceeded": {"maximumHolders": 1},
    "SupplyCapExceeded": {"supplyCap": 6},
    "LockedUp": {"lockedUntil": 1},
    "RegisterClosed": {"closedFrom": 0, "closedUntil": 1},
    "VelocityExceeded": {"velocityLimit": 6},
    "NotPreApproved": {"preApproval": True},
    "PartySanctioned": {},
    "MaximumTransactionExceeded": {"maximumTransaction": 6},
}


@pytest.mark.parametrize("error", FORBIDDING)
def test_one_rule_that_forbids_is_enough_wherever_it_stands(world: World, error: str) -> None:
    """Pitfall 19: each rule can only forbid; that all others allow changes nothing."""
    now, token = world.evm.time, world.token
    allowing: dict[str, Any] = {
        "maximumHolding": 10**9,
        "supplyCap": 10**9,
        "lot": 1,
        "maximumHolders": 100,
        "velocityLimit": 10**9,
        "velocityWindow": DAY,
        "classes": 2,
        "lockedUntil": now,
        "closedFrom": now - 1,
        "closedUntil": now,
        "jurisdictions": True,
        "sanctions": True,
        "maximumTransaction": 7,
    }
    movement = world.movement(world.alice, world.bob, 7, holders=9)
    if error == "SupplyCapExceeded":
        movement = world.movement(ZERO, world.bob, 7, Door.MINT, holders=9, supply=7)
    world.book.setJurisdictions(token, [PAKISTAN], True, sender=world.officer)
    world.configure(**allowing)
    with world.evm.snapshot():
        world.present(movement)
    times = {"lockedUntil", "closedFrom", "closedUntil"}
    change = {k: v + now if k in times else v for k, v in FORBIDDING[error].items()}
    world.configure(**allowing | change)
    if error == "JurisdictionNotAllowed":
        world.book.setJurisdictions(token, [PAKISTAN], False, sender=world.officer)
    if error == "PartySanctioned":
        world.book.imposeSanctions([world.bob], sender=world.regulator)
    with reverts(error):
        world.present(movement)
