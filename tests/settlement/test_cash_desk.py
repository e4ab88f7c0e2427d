"""The money side of both settlement contracts: which cash is taken, and where it goes."""

from __future__ import annotations

import pytest

from tests.evm import Contract, reverts
from tests.settlement.conftest import DUE, PKR, World
from tests.settlement.test_primary_allotment import allow, row

COST = 487_457


@pytest.fixture(params=["agency", "delivery"])
def desk(request: pytest.FixtureRequest, world: World) -> Contract:
    """Each of the two."""
    found: Contract = getattr(world, request.param)
    return found


@pytest.mark.parametrize("decimals", [2, 18])
def test_cash_is_approved_and_withdrawn_by_its_currency(
    world: World, desk: Contract, decimals: int
) -> None:
    cash = world.evm.deploy("FakeCash", decimals, sender=world.admin)
    told = {"cash": cash.address, "currency": 999, "decimals": decimals}
    desk.approveCash(cash, 999, True, sender=world.steward)
    assert world.evm.receipt.events("CashApproved") == [told | {"approved": True}]
    assert tuple(desk.cashTerms(cash)) == (999, decimals)
    with reverts("CashNotApproved", cash, PKR):
        desk.approveCash(cash, PKR, False, sender=world.steward)
    desk.approveCash(cash, 999, False, sender=world.steward)
    assert world.evm.receipt.events("CashApproved") == [told | {"approved": False}]
    assert tuple(desk.cashTerms(cash)) == (0, 0)


def test_the_treasury_is_told_and_may_not_be_the_desk_itself(world: World, desk: Contract) -> None:
    """What went there could never leave."""
    assert desk.treasury() == world.treasury
    for invalid in ("0x" + "00" * 20, desk.address):
        with reverts("CashTreasuryInvalid", invalid):
            desk.setTreasury(invalid, sender=world.steward)
    desk.setTreasury(world.ministry, sender=world.steward)
    assert world.evm.receipt.events("TreasurySet") == [{"treasury": world.ministry}]
    assert desk.treasury() == world.ministry


def test_a_new_treasury_is_paid_from_then_on(world: World) -> None:
    cash, investor = world.cash(), world.investor(1)
    allow(world, cash, investor, COST)
    for desk in (world.delivery, world.agency):
        desk.setTreasury(world.ministry, sender=world.steward)
    world.delivery.allot(row(world, cash, investor, COST), sender=world.fiscal)
    assert cash.balanceOf(world.ministry) == COST
    payment = world.announce(cash)
    world.fund(payment, cash, 500_000)
    world.series.burn(investor, 1, sender=world.admin)
    world.evm.time = DUE
    world.agency.claim(payment, investor, sender=investor)
    world.agency.withdrawResidual(payment, sender=world.agent)
    assert world.evm.receipt.events("ResidualWithdrawn") == [
        {"paymentId": payment, "treasury": world.ministry, "amount": 100}
    ]
    assert (cash.balanceOf(world.ministry), cash.balanceOf(world.treasury)) == (COST + 100, 0)
