"""Settlement on the programme's own contracts: a bill allotted, traded, recovered, redeemed."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from scripts._amanat.powers import Role
from tests.evm import Actor, Contract, reverts
from tests.settlement.conftest import REDEMPTION
from tests.settlement.test_trades import BUY, SELL, Order
from tests.world import MATURITY_INSTANT, REFERENCE, Rules, World

UNITS: Final = 10_000
COST: Final = 974_913  # paisa for 10,000 face at 97.4913
THREE_RULES: Final = Rules(maximum_holding=10**9, supply_cap=10**10, jurisdictions=True)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def bill(world: World) -> Contract:
    return world.bill(THREE_RULES, countries=[586])


def buyers(world: World, count: int) -> list[Actor]:
    """Verified investors with the cost of a bid, which they let the settlement contract take."""
    actors = [world.investor(f"bidder {number}") for number in range(count)]
    for actor in actors:
        world.cash.mint(actor, COST, sender=world[Role.FISCAL_AGENT])
        world.cash.approve(world.dvp, COST, sender=actor)
    return actors


def allot(world: World, bill: Contract, investors: list[Actor], first: int = 1) -> int:
    rows = [
        (bill, investor, UNITS, COST, world.cash, COST, REFERENCE, number.to_bytes(32, "big"))
        for number, investor in enumerate(investors, start=first)
    ]
    world.dvp.allotMany(rows, sender=world[Role.FISCAL_AGENT])
    return len(world.evm.receipt.events("Allotted"))


def due(world: World, bill: Contract) -> bytes:
    """Announced, due and funded in full, in the treasury's money."""
    payment: bytes = world.paying_agent.paymentIdOf(bill, REDEMPTION, 0)
    world.paying_agent.announce(bill, REDEMPTION, 0, world.cash, sender=world[Role.PAYING_AGENT])
    world.evm.time = MATURITY_INSTANT
    missing = world.paying_agent.missing(payment)
    world.cash.mint(world.treasury, missing, sender=world[Role.FISCAL_AGENT])
    world.cash.approve(world.paying_agent, missing, sender=world.treasury)
    world.paying_agent.fund(payment, missing, sender=world.treasury)
    return payment


def pay(world: World, payment: bytes, page: list[Actor]) -> list[str]:
    """Pays a page; the holders set aside."""
    world.paying_agent.pay(payment, page, sender=world[Role.PAYING_AGENT])
    return [str(event["holder"]) for event in world.evm.receipt.events("SetAside")]


def test_a_bill_owes_its_redemption_and_nothing_else(world: World, bill: Contract) -> None:
    """Rows of 97.4913: 10,000 of face were issued for 9,749.13, and 250.87 of it is income."""
    owed = bill.obligation(REDEMPTION, 0)
    assert (owed.recordId, owed.recordAt, owed.due) == (0, MATURITY_INSTANT, MATURITY_INSTANT)
    for decimals in (2, 6, 18):
        unit = 10 ** (decimals - 2)
        assert bill.obligationAmount(REDEMPTION, 0, UNITS, decimals) == 1_000_000 * unit
        assert bill.taxableAmount(REDEMPTION, 0, UNITS, decimals) == 25_087 * unit
        per = bill.entitlement(REDEMPTION, 0, decimals)
        assert per.amount * UNITS // per.units == 1_000_000 * unit
        assert per.taxable * UNITS // per.units == 25_087 * unit
    for kind, number in ((REDEMPTION, 1), (2, 0), (3, 0)):
        for function, arguments in (
            ("obligation", ()),
            ("entitlement", (2,)),
            ("obligationAmount", (UNITS, 2)),
            ("taxableAmount", (UNITS, 2)),
        ):
            with reverts("ObligationUnknown", kind, number):
                bill[function](kind, number, *arguments)


def test_a_bill_is_allotted_and_redeemed_to_the_last_paisa(world: World, bill: Contract) -> None:
    investors = buyers(world, 4)
    stranger = world.evm.actor("nobody's friend")
    world.cash.mint(stranger, COST, sender=world[Role.FISCAL_AGENT])
    world.cash.approve(world.dvp, COST, sender=stranger)
    assert allot(world, bill, [*investors, stranger]) == 4
    assert world.cash.balanceOf(stranger) == COST
    assert world.cash.balanceOf(world.treasury) == 4 * COST
    assert bill.totalSupply() == 4 * UNITS

    payment = due(world, bill)
    frozen = investors[1]
    bill.setAddressFrozen(frozen, True, sender=world[Role.FREEZER])
    assert pay(world, payment, investors) == [frozen]
    with reverts("HoldingFrozen", frozen):
        world.paying_agent.claim(payment, frozen, sender=frozen)
    bill.releaseAddress(frozen, sender=world[Role.RELEASER])
    world.paying_agent.claim(payment, frozen, sender=frozen)

    assert bill.totalSupply() == 0
    assert [world.cash.balanceOf(investor) for investor in investors] == [100 * UNITS] * 4
    assert world.cash.balanceOf(world.paying_agent) == 0
    assert world.paying_agent.payment(payment).status == 4


def test_a_wallet_recovered_after_the_record_date_is_paid_through_its_successor(
    world: World, bill: Contract
) -> None:
    """Pitfalls 10 and 44: nobody has to move the tokens first."""
    lost, other = buyers(world, 2)
    allot(world, bill, [lost, other])
    payment = due(world, bill)
    successor = world.evm.actor("new wallet")
    world.registry.noticeRecovery(lost, successor, REFERENCE, sender=world[Role.RECOVERY_AGENT])
    assert pay(world, payment, [lost, other]) == [lost]
    world.evm.time = world.registry.recoveryOf(lost)[1]
    world.registry.completeRecovery(lost, [], sender=other)
    assert bill.balanceOf(lost) == UNITS
    assert pay(world, payment, [lost, other, successor]) == []
    assert world.cash.balanceOf(successor) == 100 * UNITS
    assert world.cash.balanceOf(lost) == 0
    assert bill.totalSupply() == 0


def test_investors_trade_by_signed_orders_under_the_rules_of_the_bill(
    world: World, bill: Contract
) -> None:
    seller, buyer = buyers(world, 2)
    allot(world, bill, [seller, buyer])
    world.cash.mint(buyer, 10 * COST, sender=world[Role.FISCAL_AGENT])
    world.cash.mint(seller, 1, sender=world[Role.FISCAL_AGENT])
    world.cash.approve(world.dvp, 10 * COST, sender=buyer)
    bill.approve(world.dvp, 2 * UNITS, sender=seller)
    expiry = world.evm.time + 3_600
    ask = Order(str(seller), bill.address, world.cash.address, SELL, 5_000, 487_500, expiry=expiry)
    bid = replace(ask, maker=str(buyer), side=BUY)
    first, second = ask.signed(seller, world.dvp), bid.signed(buyer, world.dvp)

    bill.setAddressFrozen(buyer, True, sender=world[Role.FREEZER])
    with pytest.raises(Exception, match="ERC7943CannotReceive|Frozen"):
        world.dvp.settle(first, second, sender=seller)
    assert world.cash.balanceOf(seller) == 1
    bill.releaseAddress(buyer, sender=world[Role.RELEASER])

    world.dvp.settle(first, second, sender=world.evm.actor("venue"))
    gas = world.evm.receipt.gas_used
    assert bill.balanceOf(buyer) == UNITS + 5_000
    assert world.cash.balanceOf(seller) == 487_501
    print(f"dvp_signed, three rules: {gas:,}")
    assert gas <= 165_000


def test_the_gas_of_pages_of_allotment_and_redemption(world: World, bill: Contract) -> None:
    """A further row or payee, the token's mint or burn included: three rules, payees hold cash.

    The burn writes the checkpoint of the record date as well. That all but the burn stays within
    45,000 is measured in `test_paying_agent`, where the burn is a plain one.
    """
    investors = buyers(world, 30)
    allotment, redemption = [], []
    pages = investors[:10], investors[10:]
    for first, page in zip((1, 11), pages, strict=True):
        assert allot(world, bill, page, first=first) == len(page)
        allotment.append(world.evm.receipt.gas_used)
    for investor in investors:
        world.cash.mint(investor, 1, sender=world[Role.FISCAL_AGENT])
    payment = due(world, bill)
    for page in pages:
        assert pay(world, payment, page) == []
        redemption.append(world.evm.receipt.gas_used)
    per_row, per_payee = ((gas[1] - gas[0]) / 10 for gas in (allotment, redemption))
    print(f"per row allotted: {per_row:,.0f}; per payee redeemed: {per_payee:,.0f}")
    assert per_row <= 75_000
    assert per_payee <= 80_000
