"""Sales against a payment off the chain: locked, confirmed and delivered, or released in time."""

from __future__ import annotations

from typing import Any, Final

import pytest
from eth_utils.crypto import keccak

from tests.evm import Actor, reverts
from tests.world import EMIRATES, PAKISTAN, REFERENCE, Role, Rules, World

DAY: Final = 86_400
UNITS: Final = 5_000
EVIDENCE: Final = keccak(text="confirmation of the payment")
UNKNOWN, LOCKED, DELIVERED, RELEASED = range(4)


class Sale:
    """A seller who holds twice what it sells, a buyer, and the instruction between them."""

    def __init__(self) -> None:
        self.world = World()
        rules = Rules(jurisdictions=True, maximum_holding=10**9, supply_cap=10**10)
        self.bill = self.world.bill(rules, countries=[PAKISTAN])
        self.dvp, self.fiscal = self.world.dvp, self.world[Role.FISCAL_AGENT]
        self.seller, self.buyer = map(self.world.investor, ("seller", "buyer"))
        self.world.mint(self.bill, self.seller, 2 * UNITS)
        self.expiry = self.world.evm.time + 2 * DAY

    def what(self, **changes: Any) -> tuple[Any, ...]:
        fields = {
            "token": self.bill.address,
            "seller": str(self.seller),
            "buyer": str(self.buyer),
            "units": UNITS,
            "payment": 487_500,
            "reference": REFERENCE,
            "expiry": self.expiry,
            "salt": 1,
        }
        return tuple((fields | changes).values())

    def digest(self, what: tuple[Any, ...]) -> bytes:
        found: bytes = self.dvp.instructionDigest(what)
        return found

    def lock(self, what: tuple[Any, ...], sender: Actor | None = None) -> bytes:
        """The seller pledges under the digest, and the instruction is opened."""
        instruction = self.digest(what)
        self.bill.pledge(self.dvp, what[3], instruction, 0, sender=self.seller)
        self.dvp.instruct(what, sender=sender or self.seller)
        return instruction

    def balances(self) -> tuple[int, int]:
        return self.bill.balanceOf(self.seller), self.bill.balanceOf(self.buyer)


@pytest.fixture
def sale() -> Sale:
    return Sale()


def test_a_confirmed_payment_delivers_what_was_locked(sale: Sale) -> None:
    """Pitfall 57: the securities never leave the seller before, and the contract holds nothing."""
    what = sale.what()
    instruction = sale.lock(what)
    assert sale.world.evm.receipt.events("InstructionLocked") == [
        {
            "instructionId": instruction,
            "token": sale.bill.address,
            "seller": sale.seller,
            "buyer": sale.buyer,
            "units": UNITS,
            "payment": 487_500,
            "paymentReference": REFERENCE,
            "expiry": sale.expiry,
        }
    ]
    assert sale.dvp.instructionStatus(instruction) == LOCKED
    assert sale.balances() == (2 * UNITS, 0)
    assert sale.bill.pledgedOf(sale.seller) == UNITS
    sale.dvp.confirmPayment(what, EVIDENCE, sender=sale.fiscal)
    assert sale.world.evm.receipt.events("InstructionDelivered") == [
        {"instructionId": instruction, "evidence": EVIDENCE}
    ]
    assert sale.balances() == (UNITS, UNITS)
    assert sale.bill.balanceOf(sale.dvp) == sale.bill.pledgedOf(sale.seller) == 0
    assert sale.dvp.instructionStatus(instruction) == DELIVERED


def test_what_is_locked_can_neither_be_sold_nor_locked_again(sale: Sale) -> None:
    sale.lock(sale.what())
    with reverts("TokensPledged"):
        sale.bill.transfer(sale.buyer, UNITS + 1, sender=sale.seller)
    with reverts("TokensPledged"):
        sale.lock(sale.what(salt=2, units=UNITS + 1))
    sale.lock(sale.what(salt=2))
    assert sale.bill.pledgedOf(sale.seller) == 2 * UNITS


def test_a_confirmation_settles_once(sale: Sale) -> None:
    """Pitfall 33."""
    what = sale.what()
    instruction = sale.lock(what)
    sale.dvp.confirmPayment(what, EVIDENCE, sender=sale.fiscal)
    with reverts("InstructionNotIn", instruction, LOCKED, DELIVERED):
        sale.dvp.confirmPayment(what, EVIDENCE, sender=sale.fiscal)
    with reverts("InstructionNotIn", instruction, UNKNOWN, DELIVERED):
        sale.dvp.instruct(what, sender=sale.seller)
    with reverts("InstructionNotIn", instruction, LOCKED, DELIVERED):
        sale.dvp.release(what, sender=sale.buyer)
    assert sale.balances() == (UNITS, UNITS)


def test_when_the_time_has_run_out_anyone_releases_and_nobody_confirms(sale: Sale) -> None:
    """Pitfall 57: a payment off the chain locks the securities with a time-out."""
    what, anyone = sale.what(), sale.world.evm.actor("anyone")
    instruction = sale.lock(what)
    sale.world.evm.time = sale.expiry - 1
    for caller in (anyone, sale.seller):
        with reverts("InstructionNotExpired", instruction, sale.expiry):
            sale.dvp.release(what, sender=caller)
    sale.world.evm.time = sale.expiry
    with reverts("InstructionExpired", instruction, sale.expiry):
        sale.dvp.confirmPayment(what, EVIDENCE, sender=sale.fiscal)
    sale.dvp.release(what, sender=anyone)
    assert sale.world.evm.receipt.events("InstructionReleased") == [
        {"instructionId": instruction, "by": anyone}
    ]
    assert sale.dvp.instructionStatus(instruction) == RELEASED
    sale.bill.transfer(sale.buyer, 2 * UNITS, sender=sale.seller)


def test_the_buyer_lets_go_at_any_time(sale: Sale) -> None:
    what = sale.what()
    sale.lock(what)
    sale.dvp.release(what, sender=sale.buyer)
    assert sale.bill.pledgedOf(sale.seller) == 0


def test_a_leg_that_the_rules_refuse_moves_nothing_and_says_why(sale: Sale) -> None:
    """Pitfall 57: the lock stands, and the same confirmation passes once the reason is gone."""
    what = sale.what()
    instruction = sale.lock(what)
    sale.world.freeze(sale.bill, sale.buyer)
    with reverts("ERC7943CannotReceive", sale.buyer):
        sale.dvp.confirmPayment(what, EVIDENCE, sender=sale.fiscal)
    sale.world.release(sale.bill, sale.buyer)
    sale.world.freeze(sale.bill, sale.seller)
    with reverts("ERC7943CannotSend", sale.seller):
        sale.dvp.confirmPayment(what, EVIDENCE, sender=sale.fiscal)
    assert sale.dvp.instructionStatus(instruction) == LOCKED
    assert sale.balances() == (2 * UNITS, 0)
    sale.world.release(sale.bill, sale.seller)
    sale.dvp.confirmPayment(what, EVIDENCE, sender=sale.fiscal)
    abroad = sale.world.investor("abroad", country=EMIRATES)
    other = sale.what(buyer=str(abroad))
    sale.lock(other)
    with reverts("JurisdictionNotAllowed"):
        sale.dvp.confirmPayment(other, EVIDENCE, sender=sale.fiscal)


def test_an_instruction_is_the_sellers_word_for_word(sale: Sale) -> None:
    """Pitfall 57: another price, buyer, token, time or reference is another digest, unpledged."""
    what = sale.what()
    instruction = sale.digest(what)
    with reverts("PledgeUnknown"):
        sale.dvp.instruct(what, sender=sale.seller)
    sale.bill.pledge(sale.dvp, UNITS, instruction, 0, sender=sale.seller)
    changes: tuple[dict[str, Any], ...] = (
        {"payment": 1},
        {"buyer": str(sale.fiscal)},
        {"expiry": sale.expiry + 1},
        {"reference": EVIDENCE},
        {"salt": 2},
        {"units": UNITS + 1},
    )
    for change in changes:
        with reverts("PledgeUnknown"):
            sale.dvp.instruct(sale.what(**change), sender=sale.fiscal)
    with reverts("SettlementUnknownSeries", sale.world.cash):
        sale.dvp.instruct(sale.what(token=sale.world.cash.address), sender=sale.seller)
    sale.dvp.instruct(what, sender=sale.world.evm.actor("anyone"))


def test_what_cannot_be_an_instruction_is_refused(sale: Sale) -> None:
    for change in (
        {"units": 0},
        {"buyer": "0x" + "00" * 20},
        {"buyer": str(sale.seller)},
        {"expiry": sale.world.evm.time},
    ):
        what = sale.what(**change)
        with reverts("InstructionUnsound", sale.digest(what)):
            sale.dvp.instruct(what, sender=sale.seller)
    what = sale.what()
    instruction = sale.digest(what)
    sale.bill.pledge(sale.dvp, UNITS - 1, instruction, 0, sender=sale.seller)
    with reverts("InstructionNotPledged", instruction, UNITS - 1, UNITS):
        sale.dvp.instruct(what, sender=sale.seller)
    with_notice = sale.what(salt=2)
    instruction = sale.digest(with_notice)
    sale.bill.pledge(sale.dvp, UNITS, instruction, 1, sender=sale.seller)
    with reverts("InstructionNotPledged", instruction, UNITS, UNITS):
        sale.dvp.instruct(with_notice, sender=sale.seller)


def test_what_was_pledged_without_an_instruction_is_given_back_to_its_holder(sale: Sale) -> None:
    instruction = sale.digest(sale.what())
    sale.bill.pledge(sale.dvp, UNITS, instruction, 0, sender=sale.seller)
    anyone = sale.world.evm.actor("anyone")
    with reverts("InstructionPledgeNotOfCaller", sale.seller, anyone):
        sale.dvp.giveBack(sale.bill, sale.seller, instruction, sender=anyone)
    sale.dvp.giveBack(sale.bill, sale.seller, instruction, sender=sale.seller)
    assert sale.bill.pledgedOf(sale.seller) == 0
    open_one = sale.lock(sale.what(salt=2))
    with reverts("InstructionNotIn", open_one, UNKNOWN, LOCKED):
        sale.dvp.giveBack(sale.bill, sale.seller, open_one, sender=sale.seller)


def test_only_the_fiscal_agent_confirms(sale: Sale) -> None:
    what = sale.what()
    sale.lock(what)
    for caller in (sale.seller, sale.buyer):
        with reverts("AccessManagedUnauthorized", caller):
            sale.dvp.confirmPayment(what, EVIDENCE, sender=caller)


def test_what_a_lost_seller_locked_is_delivered_from_its_successor(sale: Sale) -> None:
    """Pitfalls 10 and 44: the lock follows the tokens."""
    what = sale.what(expiry=sale.expiry + 30 * DAY)
    sale.lock(what)
    heir = sale.world.evm.actor("heir")
    sale.world.recover(sale.seller, heir, sale.bill)
    sale.dvp.confirmPayment(what, EVIDENCE, sender=sale.fiscal)
    assert sale.bill.balanceOf(heir) == sale.bill.balanceOf(sale.buyer) == UNITS
