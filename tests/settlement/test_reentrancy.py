"""Whichever door a transaction came in by, its cash finds every other shut (pitfall 27)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scripts._amanat import artifacts
from tests.evm import Contract, reverts
from tests.settlement.conftest import DOOR_SHUT, DUE, World
from tests.settlement.test_primary_allotment import allow, row
from tests.settlement.test_trades import Market, make_market

COST = 487_457


@pytest.fixture
def cash(world: World) -> Contract:
    return world.cash()


def refuses_to_call_back(act: Callable[[], object]) -> None:
    with reverts("CallBackRefused", DOOR_SHUT):
        act()


def told(reason: bytes) -> tuple[str, bytes]:
    """The refusal that a page tells of one of its rows."""
    error = artifacts.decode_error(reason, artifacts.load("FakeCash").abi)
    return error.name, error.arguments["reason"]


# ------------------------------------------------------------------------------------ paying agent


def call_back(world: World, cash: Contract, recipient: object, payment: bytes) -> None:
    """Cash that reaches `recipient` claims for the first investor."""
    again = world.agency.claim.encode(payment, world.investor(1))
    cash.setCallBack(recipient, world.agency, again, sender=world.admin)


def test_a_payment_is_not_claimed_within_its_funding(world: World, cash: Contract) -> None:
    world.series.mint(world.investor(1), 5, b"\0" * 32, sender=world.admin)
    payment = world.announce(cash)
    world.evm.time = DUE
    call_back(world, cash, world.agency, payment)
    refuses_to_call_back(lambda: world.fund(payment, cash, 500))
    assert world.state(payment).funded == 0


def test_a_payment_is_not_claimed_within_a_page(world: World, cash: Contract) -> None:
    payment = world.ready(cash, 5, 6)
    first, second = world.investors(2)
    call_back(world, cash, second, payment)
    world.agency.pay(payment, [second], sender=world.agent)
    refused = world.evm.receipt.events("SetAside")
    assert [each["holder"] for each in refused] == [second]
    assert told(refused[0]["reason"]) == ("CallBackRefused", DOOR_SHUT)
    assert (cash.balanceOf(first), cash.balanceOf(second)) == (0, 0)


def test_a_payment_is_not_claimed_within_the_withdrawal_of_a_residual(
    world: World, cash: Contract
) -> None:
    world.series.mint(world.investor(1), 5, b"\0" * 32, sender=world.admin)
    payment = world.announce(cash)
    world.fund(payment, cash, 500)
    world.series.burn(world.investor(1), 1, sender=world.admin)
    world.evm.time = DUE
    world.agency.claim(payment, world.investor(1), sender=world.agent)
    call_back(world, cash, world.treasury, payment)
    refuses_to_call_back(lambda: world.agency.withdrawResidual(payment, sender=world.agent))
    assert cash.balanceOf(world.agency) == 100


def test_a_payment_is_not_marked_missed_while_it_is_paid(world: World, cash: Contract) -> None:
    payment, holder = world.ready(cash, 5), world.investor(1)
    again = world.agency.markMissed.encode(payment)
    cash.setCallBack(holder, world.agency, again, sender=world.admin)
    refuses_to_call_back(lambda: world.agency.claim(payment, holder, sender=holder))


# ----------------------------------------------------------------------- delivery versus payment


@pytest.fixture
def market(world: World, cash: Contract) -> Market:
    """Two orders ready to meet, which cash that reaches the treasury or the seller settles."""
    market = make_market(world, cash)
    delivery = world.delivery
    orders = (
        market.ask.signed(market.seller, delivery),
        market.bid.signed(market.buyer, delivery),
    )
    for recipient in (world.treasury, market.seller):
        cash.setCallBack(recipient, delivery, delivery.settle.encode(*orders), sender=world.admin)
    return market


def test_nothing_is_traded_within_an_allotment(market: Market) -> None:
    world, cash, investor = market.world, market.cash, market.world.investor(1)
    allow(world, cash, investor, COST)
    only, by = row(world, cash, investor, COST), {"sender": world.fiscal}
    used_up = (0, 0, b"\0" * 32, b"\0" * 32)
    refuses_to_call_back(lambda: world.delivery.allot(only, **by))
    refuses_to_call_back(lambda: world.delivery.allotWithPermit(only, used_up, **by))
    world.delivery.allotMany([only], **by)
    refused = world.evm.receipt.events("AllotmentRefused")
    assert told(refused[0]["reason"]) == ("CallBackRefused", DOOR_SHUT)
    assert world.series.balanceOf(investor) == cash.balanceOf(world.treasury) == 0


def test_nothing_is_traded_within_a_trade(market: Market) -> None:
    refuses_to_call_back(lambda: market.settle(market.ask, market.bid))
    assert market.balances() == (1_000, 0, 0, 200_000)


@pytest.mark.parametrize("function", ["allot", "allotWithPermit", "allotMany"])
def test_nothing_is_allotted_within_a_trade(market: Market, function: str) -> None:
    world, cash, investor = market.world, market.cash, market.world.investor(1)
    allow(world, cash, investor, COST)
    only = row(world, cash, investor, COST)
    given = {
        "allot": (only,),
        "allotWithPermit": (only, (0, 0, b"\0" * 32, b"\0" * 32)),
        "allotMany": ([only],),
    }[function]
    world.authority.grantRole(12, cash, 0, sender=world.admin)
    again = world.delivery[function].encode(*given)
    cash.setCallBack(market.seller, world.delivery, again, sender=world.admin)
    refuses_to_call_back(lambda: market.settle(market.ask, market.bid))
    assert world.series.balanceOf(investor) == 0
