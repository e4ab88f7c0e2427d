"""Redemption in kind: every step, every way out, and who may take none of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.evm import reverts
from tests.reserve.vault import BARS, DAY, FINE, HEARTBEAT, INSTRUCTIONS, PRICE, Vault
from tests.world import REFERENCE, Role, padded

UNKNOWN, REQUESTED, ASSIGNED, ACCEPTED, SETTLED, CANCELLED, TIMED_OUT = range(7)
UNITS = 200_000
WEIGHT = 198_344
FEE = 50_000_00 + 99_172_00
"""Rs 50,000, and Rs 500 for each of 198.344 ounces."""
SHORTFALL = 1_904_400_00
"""1.656 oz at Rs 1,150,000."""
LOT = padded(b"LOT-1")


@pytest.fixture
def vault(vault: Vault) -> Vault:
    """Attested, and the treasury has cash for shortfalls."""
    vault.attest()
    vault.give_cash(vault.world.treasury, 10**12)
    return vault


@pytest.fixture
def holder(vault: Vault) -> Any:
    return vault.holder(units=300_000)


def cash_of(vault: Vault, *who: Any) -> list[int]:
    return [vault.cash.balanceOf(each) for each in who]


def accepted(vault: Vault, holder: Any, weight: int = WEIGHT) -> bytes:
    """A redemption whose fee is paid."""
    vault.publish()
    redemption = vault.request(holder, UNITS)
    vault.assign(redemption, weight)
    vault.desk.accept(redemption, sender=holder)
    return redemption


def test_the_whole_way_of_a_bar(vault: Vault, holder: Any) -> None:
    """Locked, chosen, paid, handed over, received, burnt; the shortfall is settled in cash."""
    desk, token, treasury = vault.desk, vault.token, vault.world.treasury
    before = cash_of(vault, holder, treasury)
    vault.publish()
    redemption = vault.request(holder, UNITS)
    (told,) = vault.evm.receipt.events("RedemptionRequested")
    assert told == {
        "id": redemption,
        "token": token.address,
        "holder": holder,
        "units": UNITS,
        "cash": vault.cash.address,
        "instructions": INSTRUCTIONS,
        "deadline": vault.evm.time + 3 * DAY,
    }
    assert token.balanceOf(holder) == 300_000 and token.pledgedOf(holder) == UNITS
    with reverts("TokensPledged"):
        token.transfer(vault.holder("other"), 100_001, sender=holder)

    vault.assign(redemption, WEIGHT)
    (told,) = vault.evm.receipt.events("RedemptionAssigned")
    assert (told["lotId"], told["weight"], told["bars"]) == (LOT, WEIGHT, BARS)
    assert (told["fee"], told["shortfall"], told["price"]) == (FEE, SHORTFALL, PRICE)
    assert cash_of(vault, desk) == [SHORTFALL]
    desk.accept(redemption, sender=holder)
    assert cash_of(vault, desk) == [SHORTFALL + FEE]
    desk.confirmDelivery(redemption, REFERENCE, sender=vault.custodian)
    assert vault.status(redemption) == ACCEPTED and token.totalSupply() == 300_000
    desk.acknowledge(redemption, sender=holder)

    assert vault.status(redemption) == SETTLED
    assert vault.evm.receipt.events("RedemptionSettled") == [
        {"id": redemption, "token": token.address, "holder": holder, "units": UNITS}
    ]
    assert vault.evm.receipt.events("Retired") == [{"reference_": redemption, "amount": UNITS}]
    assert token.balanceOf(holder) == token.totalSupply() == 100_000
    assert token.pledgedOf(holder) == 0
    assert vault.net() == vault.reserve == FINE - WEIGHT
    assert cash_of(vault, desk) == [0]
    paid, received = FEE - SHORTFALL, FEE - SHORTFALL
    assert cash_of(vault, holder, treasury) == [before[0] - paid, before[1] + received]


def test_a_bar_of_the_very_weight_needs_no_price(vault: Vault, holder: Any) -> None:
    redemption = vault.request(holder, UNITS)
    vault.assign(redemption, UNITS)
    assert vault.desk.redemption(redemption).shortfall == 0
    vault.desk.accept(redemption, sender=holder)
    vault.deliver(redemption, holder)
    assert vault.status(redemption) == SETTLED


def test_the_auditor_certifies_what_a_silent_holder_received(vault: Vault, holder: Any) -> None:
    redemption = accepted(vault, holder)
    vault.desk.certifyDelivery(redemption, REFERENCE, sender=vault.auditor)
    with reverts("DeliveryAlreadyConfirmed", redemption):
        vault.desk.acknowledge(redemption, sender=holder)
    vault.desk.confirmDelivery(redemption, REFERENCE, sender=vault.custodian)
    assert vault.status(redemption) == SETTLED


def test_no_one_of_them_settles_alone(vault: Vault, holder: Any) -> None:
    redemption = accepted(vault, holder)
    vault.desk.confirmDelivery(redemption, REFERENCE, sender=vault.custodian)
    with reverts("DeliveryAlreadyConfirmed", redemption):
        vault.desk.confirmDelivery(redemption, REFERENCE, sender=vault.custodian)
    for function, sender in (
        ("certifyDelivery", vault.custodian),
        ("confirmDelivery", vault.auditor),
    ):
        with reverts("AccessManagedUnauthorized", sender):
            vault.desk[function](redemption, REFERENCE, sender=sender)
    with reverts("RedemptionHolderOnly", redemption, holder, vault.custodian):
        vault.desk.acknowledge(redemption, sender=vault.custodian)
    assert vault.status(redemption) == ACCEPTED


# ---------------------------------------------------------------- what is refused


def test_less_than_the_minimum_is_not_redeemed_in_kind(vault: Vault, holder: Any) -> None:
    with reverts("RedemptionBelowMinimum", 99_999, 100_000):
        vault.request(holder, 99_999)
    vault.request(holder, 100_000)


def test_only_what_is_pledged_under_the_very_request_is_redeemed(vault: Vault, holder: Any) -> None:
    what = (vault.token, UNITS, vault.cash, INSTRUCTIONS)
    named = vault.desk.redemptionId(holder, *what)
    with reverts("PledgeUnknown"):
        vault.desk.request(*what, sender=holder)
    vault.token.pledge(vault.desk, UNITS - 1, named, 0, sender=holder)
    with reverts("RedemptionNotPledged", named, UNITS - 1, UNITS):
        vault.desk.request(*what, sender=holder)
    with reverts("PledgeUnknown"):  # somebody else's name for it
        vault.desk.request(*what, sender=vault.holder("other"))
    vault.desk.giveBack(vault.token, holder, named, sender=holder)
    other = (vault.token, UNITS, vault.cash, REFERENCE)
    noticed = vault.desk.redemptionId(holder, *other)
    vault.token.pledge(vault.desk, UNITS, noticed, 60, sender=holder)
    with reverts("RedemptionNotPledged", noticed, UNITS, UNITS):
        vault.desk.request(*other, sender=holder)


def test_a_request_is_made_once(vault: Vault, holder: Any) -> None:
    redemption = vault.request(holder, UNITS)
    with reverts("RedemptionNotIn", redemption, UNKNOWN, REQUESTED):
        vault.desk.request(vault.token, UNITS, vault.cash, INSTRUCTIONS, sender=holder)
    vault.desk.cancel(redemption, sender=holder)
    with reverts("PledgeAlreadyMade"):
        vault.request(holder, UNITS)
    with reverts("RedemptionNotIn", redemption, UNKNOWN, CANCELLED):
        vault.desk.request(vault.token, UNITS, vault.cash, INSTRUCTIONS, sender=holder)
    assert vault.status(vault.request(holder, UNITS, REFERENCE)) == REQUESTED


def test_what_is_chosen_is_neither_more_than_asked_nor_too_little(
    vault: Vault, holder: Any
) -> None:
    vault.publish()
    redemption = vault.request(holder, UNITS)
    for weight in (UNITS + 1, UNITS - 5_001, 0):
        with reverts("WeightRefused", weight, UNITS - 5_000, UNITS):
            vault.assign(redemption, weight)
    with reverts("LotInsufficient", padded(b"LOT-9"), UNITS, 0):
        vault.assign(redemption, UNITS, "LOT-9")
    vault.assign(redemption, UNITS - 5_000)


def test_a_lot_is_chosen_once(vault: Vault) -> None:
    holders = [vault.holder(name, 190_000) for name in ("one", "two")]
    first, second = (vault.request(each, 190_000) for each in holders)
    vault.assign(first, 190_000)
    vault.attest(vault.lot(gross=300_000))
    with reverts("LotInsufficient", LOT, 190_000, 298_740 - 190_000):
        vault.assign(second, 190_000)
    vault.desk.cancel(first, sender=holders[0])
    vault.assign(second, 190_000)


def test_the_price_of_a_shortfall_is_published_and_fresh(vault: Vault, holder: Any) -> None:
    """The custodian, who chooses the bar, does not say what the state pays for the rest."""
    redemption = vault.request(holder, UNITS)
    with reverts("PriceStale", 0, HEARTBEAT):
        vault.assign(redemption, WEIGHT)
    with reverts("AccessManagedUnauthorized", vault.custodian):
        vault.desk.publishPrice(vault.token, PRICE, REFERENCE, sender=vault.custodian)
    for price, evidence in ((0, REFERENCE), (PRICE, bytes(32))):
        with reverts("PriceUnsound", price, evidence):
            vault.desk.publishPrice(vault.token, price, evidence, sender=vault.fiscal)
    vault.publish()
    published = vault.evm.time
    vault.evm.advance(seconds=HEARTBEAT + 1)
    with reverts("PriceStale", published, HEARTBEAT):
        vault.assign(redemption, WEIGHT)
    vault.publish()
    vault.assign(redemption, WEIGHT)


def test_a_custodian_chooses_for_its_own_series_alone(vault: Vault, holder: Any) -> None:
    other, false = vault.evm.actor("another vault"), vault.evm.actor("another auditor")
    for role, who in ((Role.CUSTODIAN, other), (Role.AUDITOR, false)):
        vault.world.authority.grantRole(role, who, 0, sender=vault.world.admin)
    redemption = vault.request(holder, UNITS)
    with reverts("KeeperOnly", vault.token, other):
        vault.desk.assign(redemption, LOT, UNITS, BARS, sender=other)
    vault.assign(redemption, UNITS)
    vault.desk.accept(redemption, sender=holder)
    with reverts("KeeperOnly", vault.token, other):
        vault.desk.confirmDelivery(redemption, REFERENCE, sender=other)
    with reverts("KeeperOnly", vault.token, false):
        vault.desk.certifyDelivery(redemption, REFERENCE, sender=false)


def test_goods_are_not_handed_to_who_is_frozen(vault: Vault, holder: Any) -> None:
    world, redemption = vault.world, accepted(vault, holder)
    vault.desk.confirmDelivery(redemption, REFERENCE, sender=vault.custodian)
    world.freeze(vault.token, holder)
    with reverts("RedemptionHolderRefused", redemption, holder):
        vault.desk.acknowledge(redemption, sender=holder)
    world.release(vault.token, holder)
    vault.token.freezePartialTokens(holder, 100_001, sender=world[Role.FREEZER])
    with reverts("RedemptionHolderRefused", redemption, holder):
        vault.desk.acknowledge(redemption, sender=holder)
    vault.token.unfreezePartialTokens(holder, 1, sender=world[Role.RELEASER])
    vault.desk.acknowledge(redemption, sender=holder)
    assert vault.token.balanceOf(holder) == vault.token.getFrozenTokens(holder) == 100_000


def test_tokens_that_an_order_took_are_not_delivered_for(vault: Vault, holder: Any) -> None:
    redemption, court = accepted(vault, holder), vault.world.investor("court")
    vault.world.force(vault.token, holder, court, 150_000)
    vault.desk.confirmDelivery(redemption, REFERENCE, sender=vault.custodian)
    with reverts("RedemptionHolderRefused", redemption, holder):
        vault.desk.acknowledge(redemption, sender=holder)
    vault.evm.advance(days=10)
    vault.desk.timeOut(redemption, sender=vault.anyone)
    assert vault.status(redemption) == TIMED_OUT
    assert vault.token.pledgedOf(holder) == 0


# ---------------------------------------------------------------- ways out


def test_the_holder_thinks_better_of_it_until_it_has_accepted(vault: Vault, holder: Any) -> None:
    treasury = cash_of(vault, vault.world.treasury)
    first = vault.request(holder, UNITS)
    with reverts("RedemptionHolderOnly", first, holder, vault.anyone):
        vault.desk.cancel(first, sender=vault.anyone)
    vault.desk.cancel(first, sender=holder)
    vault.publish()
    second = vault.request(holder, UNITS, REFERENCE)
    vault.assign(second, WEIGHT)
    vault.desk.cancel(second, sender=holder)
    assert vault.evm.receipt.events("RedemptionCancelled") == [{"id": second, "holder": holder}]
    assert [vault.status(each) for each in (first, second)] == [CANCELLED, CANCELLED]
    assert vault.token.pledgedOf(holder) == 0
    assert vault.lots.lot(vault.token, LOT).assigned == 0
    assert cash_of(vault, vault.world.treasury) == treasury
    third = vault.request(holder, UNITS, BARS)
    vault.assign(third, UNITS)
    vault.desk.accept(third, sender=holder)
    with reverts("RedemptionNotIn", third, REQUESTED, ACCEPTED):
        vault.desk.cancel(third, sender=holder)


@pytest.mark.parametrize(
    ("reached", "time"), [(REQUESTED, 3 * DAY), (ASSIGNED, 2 * DAY), (ACCEPTED, 10 * DAY)]
)
def test_when_a_step_is_not_taken_in_time_anyone_undoes_everything(
    vault: Vault, holder: Any, reached: int, time: int
) -> None:
    """Tokens free, lot free, fee and shortfall back where they came from."""
    treasury = vault.world.treasury
    before = cash_of(vault, holder, treasury)
    vault.publish()
    redemption = vault.request(holder, UNITS)
    if reached > REQUESTED:
        vault.assign(redemption, WEIGHT)
    if reached > ASSIGNED:
        vault.desk.accept(redemption, sender=holder)
        vault.desk.confirmDelivery(redemption, REFERENCE, sender=vault.custodian)  # it says
    deadline = vault.evm.time + time
    vault.evm.time = deadline - 1
    with reverts("RedemptionInTime", redemption, deadline):
        vault.desk.timeOut(redemption, sender=vault.anyone)
    vault.evm.time = deadline
    for late in (
        lambda: vault.assign(redemption, WEIGHT),
        lambda: vault.desk.accept(redemption, sender=holder),
        lambda: vault.desk.acknowledge(redemption, sender=holder),
    )[reached - 1 : reached]:
        with reverts("RedemptionTooLate", redemption, deadline):
            late()
    vault.desk.timeOut(redemption, sender=vault.anyone)
    assert vault.evm.receipt.events("RedemptionTimedOut") == [
        {"id": redemption, "status": reached, "by": vault.anyone}
    ]
    assert cash_of(vault, holder, treasury, vault.desk) == [*before, 0]
    assert vault.token.pledgedOf(holder) == vault.lots.lot(vault.token, LOT).assigned == 0
    assert vault.token.balanceOf(holder) == 300_000 and vault.net() == FINE
    with reverts("RedemptionNotIn", redemption, REQUESTED, TIMED_OUT):
        vault.desk.timeOut(redemption, sender=vault.anyone)


def test_a_restatement_that_drops_the_lot_ends_in_a_time_out(vault: Vault, holder: Any) -> None:
    redemption = accepted(vault, holder)
    vault.attest(vault.lot("LOT-2"))
    vault.desk.confirmDelivery(redemption, REFERENCE, sender=vault.custodian)
    with reverts("LotInsufficient", LOT, WEIGHT, 0):
        vault.desk.acknowledge(redemption, sender=holder)
    vault.evm.advance(days=10)
    vault.desk.timeOut(redemption, sender=vault.anyone)
    assert vault.token.pledgedOf(holder) == 0


def test_what_was_pledged_to_the_desk_for_nothing_is_given_back(vault: Vault, holder: Any) -> None:
    vault.token.pledge(vault.desk, 5, REFERENCE, 0, sender=holder)
    with reverts("RedemptionHolderOnly", REFERENCE, holder, vault.anyone):
        vault.desk.giveBack(vault.token, holder, REFERENCE, sender=vault.anyone)
    vault.desk.giveBack(vault.token, holder, REFERENCE, sender=holder)
    assert vault.token.pledgedOf(holder) == 0
    redemption = vault.request(holder, UNITS)
    with reverts("RedemptionRuns", redemption):
        vault.desk.giveBack(vault.token, holder, redemption, sender=holder)


def test_a_pause_stops_no_redemption_that_runs(vault: Vault, holder: Any) -> None:
    redemption = accepted(vault, holder)
    vault.token.pause(sender=vault.world[Role.EMERGENCY])
    vault.deliver(redemption, holder)
    assert vault.status(redemption) == SETTLED


def test_the_successor_of_a_lost_wallet_receives(vault: Vault, holder: Any) -> None:
    redemption, successor = accepted(vault, holder), vault.world.investor("successor", of=holder)
    vault.world.recover(holder, successor, vault.token)
    with reverts("RedemptionHolderOnly", redemption, successor, holder):
        vault.desk.acknowledge(redemption, sender=holder)
    vault.deliver(redemption, successor)
    assert vault.token.balanceOf(successor) == 100_000
    assert cash_of(vault, successor) == [SHORTFALL]


# ---------------------------------------------------------------- money


def test_who_cannot_be_paid_stops_nobody_and_is_paid_later(vault: Vault, holder: Any) -> None:
    """Pitfall 30: the shortfall is kept as a credit; the delivery goes through."""
    redemption = accepted(vault, holder)
    vault.cash.blockAccount(holder, sender=vault.fiscal)
    vault.deliver(redemption, holder)
    assert vault.status(redemption) == SETTLED
    credited = {"cash": vault.cash.address, "account": holder, "amount": SHORTFALL}
    assert vault.evm.receipt.events("Credited") == [credited]
    assert vault.desk.creditOf(vault.cash, holder) == SHORTFALL == cash_of(vault, vault.desk)[0]
    vault.cash.unblockAccount(holder, sender=vault.fiscal)
    vault.desk.claimCredit(vault.cash, holder, sender=vault.anyone)
    assert vault.evm.receipt.events("CreditPaid") == [credited | {"to": holder}]
    assert cash_of(vault, vault.desk) == [0]
    with reverts("CreditEmpty", vault.cash, holder):
        vault.desk.claimCredit(vault.cash, holder, sender=vault.anyone)


def test_the_credit_of_a_lost_wallet_goes_to_its_successor(vault: Vault, holder: Any) -> None:
    redemption = accepted(vault, holder)
    vault.cash.blockAccount(holder, sender=vault.fiscal)
    vault.deliver(redemption, holder)
    successor = vault.world.investor("successor", of=holder)
    vault.world.recover(holder, successor, vault.token)
    vault.desk.claimCredit(vault.cash, holder, sender=vault.anyone)
    assert cash_of(vault, successor) == [SHORTFALL]


def test_money_that_is_not_approved_is_not_taken(vault: Vault, holder: Any) -> None:
    with reverts("CashNotApproved", vault.token, 586):
        vault.desk.request(vault.token, UNITS, vault.token, INSTRUCTIONS, sender=holder)
    with reverts("SettlementUnknownSeries", vault.cash):
        vault.desk.request(vault.cash, UNITS, vault.cash, INSTRUCTIONS, sender=holder)


def test_no_stranger_pays_out(vault: Vault) -> None:
    with reverts("SettlementSelfOnly", vault.anyone):
        vault.desk.payOut(vault.cash, vault.anyone, 1, sender=vault.anyone)


def test_the_desk_takes_no_lot_but_by_a_redemption(vault: Vault) -> None:
    for sender in (vault.custodian, vault.auditor, vault.fiscal, vault.anyone):
        for function in ("assign", "unassign", "deliver"):
            with reverts("AccessManagedUnauthorized", sender):
                vault.lots[function](vault.token, LOT, 1, sender=sender)


# ---------------------------------------------------------------- storage

YEARLY = 1_000_00
"""Rs 1,000 an ounce and year."""


def test_storage_accrues_beside_the_balance_at_record_dates(vault: Vault, holder: Any) -> None:
    """300 oz for 73 days of 365, at Rs 1,000 a year: Rs 60,000; nothing rebases."""
    start = 1_756_684_800 - 5 * 3_600  # 2025-09-01 in Karachi
    at = start + 73 * DAY
    vault.token.announceRecordDate(at, sender=vault.world[Role.ISSUER])
    assert tuple(vault.desk.storageOwed(vault.token, holder)) == (0, 0)
    vault.evm.time = at + 1
    owed = 300 * YEARLY * 73 // 365
    assert owed == 60_000_00
    assert tuple(vault.desk.storageOwed(vault.token, holder)) == (owed, 1)
    assert vault.token.balanceOf(holder) == 300_000
    with reverts("StorageUnpaid", vault.token, holder, owed):
        vault.request(holder, UNITS)
    payer, treasury = vault.holder("payer"), vault.world.treasury
    before = cash_of(vault, treasury)
    vault.desk.payStorage(vault.token, holder, vault.cash, sender=payer)
    assert vault.evm.receipt.events("StoragePaid") == [
        {
            "token": vault.token.address,
            "holder": holder,
            "cash": vault.cash.address,
            "amount": owed,
            "next": 1,
            "payer": payer,
        }
    ]
    assert cash_of(vault, treasury) == [before[0] + owed]
    with reverts("StorageNotDue", vault.token, holder):
        vault.desk.payStorage(vault.token, holder, vault.cash, sender=payer)
    what = (vault.token, UNITS, vault.cash, INSTRUCTIONS)  # pledged before it was refused
    vault.desk.request(*what, sender=holder)


def test_storage_is_owed_by_who_held_at_the_record_date(vault: Vault, holder: Any) -> None:
    """Two record dates: the second is counted from the first, and a buyer owes nothing before."""
    first = vault.evm.time + 10 * DAY
    for at in (first, first + 73 * DAY):
        vault.token.announceRecordDate(at, sender=vault.world[Role.ISSUER])
    buyer = vault.holder("buyer")
    vault.evm.time = first
    vault.token.transfer(buyer, 100_000, sender=holder)
    assert vault.desk.storageOwed(vault.token, buyer)[0] == 0
    owed = vault.desk.storageOwed(vault.token, holder)[0]
    assert owed > 0
    vault.evm.time = first + 73 * DAY
    assert vault.desk.storageOwed(vault.token, buyer)[0] == 100 * YEARLY * 73 // 365
    assert vault.desk.storageOwed(vault.token, holder)[0] == owed + 200 * YEARLY * 73 // 365
