"""Primary allotment: the cash and the bill move in one transaction, or neither does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.evm import CHAIN_ID, Actor, Contract, Reverted, reverts
from tests.settlement.conftest import DOOR_SHUT, PKR, World

AUCTION = b"\xaa" * 32
CUT_OFF = 974_913
REFUSE = 1


def row(
    world: World,
    cash: Contract,
    investor: Actor,
    cost: int,
    *,
    units: int = 5_000,
    price: int = CUT_OFF,
    number: int = 1,
    token: Any = None,
) -> tuple[Any, ...]:
    series = token or world.series
    identity = number.to_bytes(32, "big")
    return (series, investor, units, price, cash, cost, AUCTION, identity)


def allow(world: World, cash: Contract, investor: Actor, amount: int) -> None:
    cash.mint(investor, amount, sender=world.admin)
    cash.approve(world.delivery, amount, sender=investor)


@pytest.mark.parametrize(
    ("decimals", "cost"), [(2, 487_457), (6, 4_874_570_000), (18, 487_457 * 10**16)]
)
def test_the_investor_pays_the_published_price_and_receives_the_bill(
    world: World, decimals: int, cost: int
) -> None:
    """5,000 face at 97.4913: 4,874.565, half-up to the paisa 4,874.57 in any decimals.

    Pitfalls 29 and 56.
    """
    cash, investor = world.cash(decimals), world.investor(1)
    allow(world, cash, investor, cost)
    world.delivery.allot(row(world, cash, investor, cost), sender=world.fiscal)
    assert world.evm.receipt.events("Allotted") == [
        {
            "allotmentId": (1).to_bytes(32, "big"),
            "token": world.series.address,
            "investor": investor,
            "units": 5_000,
            "price": CUT_OFF,
            "cash": cash.address,
            "cost": cost,
            "auctionReference": AUCTION,
        }
    ]
    assert world.evm.receipt.events("Issued")[0]["reference_"] == AUCTION
    assert cash.balanceOf(world.treasury) == cost
    assert cash.balanceOf(investor) == cash.balanceOf(world.delivery) == 0
    assert world.series.balanceOf(investor) == 5_000
    assert world.series.balanceOf(world.delivery) == 0


@pytest.mark.parametrize("stated", [487_456, 487_458, 0])
def test_a_wrong_cost_is_refused_with_both_figures(world: World, stated: int) -> None:
    cash, investor = world.cash(), world.investor(1)
    allow(world, cash, investor, 500_000)
    with reverts("AllotmentCostMismatch", (1).to_bytes(32, "big"), stated, 487_457):
        world.delivery.allot(row(world, cash, investor, stated), sender=world.fiscal)


def test_an_allotment_settles_once(world: World) -> None:
    """Pitfall 33: a retry after a lost answer neither pays nor mints again."""
    cash, investor = world.cash(), world.investor(1)
    allow(world, cash, investor, 2 * 487_457)
    once = row(world, cash, investor, 487_457)
    world.delivery.allot(once, sender=world.fiscal)
    assert world.delivery.isSettled(once[-1])
    with reverts("AllotmentAlreadySettled", once[-1]):
        world.delivery.allot(once, sender=world.fiscal)
    world.delivery.allotMany([once], sender=world.fiscal)
    assert len(world.evm.receipt.events("AllotmentRefused")) == 1
    assert world.series.balanceOf(investor) == 5_000


def test_an_investor_that_cannot_receive_pays_nothing(world: World) -> None:
    """Pitfall 57: the reason of the leg that failed surfaces, and nothing moves."""
    cash, investor = world.cash(), world.investor(1)
    allow(world, cash, investor, 487_457)
    world.series.refuse(investor, True, sender=world.admin)
    with reverts("SeriesRefused", investor):
        world.delivery.allot(row(world, cash, investor, 487_457), sender=world.fiscal)
    assert cash.balanceOf(investor) == 487_457
    assert not world.delivery.isSettled((1).to_bytes(32, "big"))


def test_an_investor_that_cannot_pay_receives_nothing(world: World) -> None:
    cash, investor = world.cash(), world.investor(1)
    allow(world, cash, investor, 487_456)
    with reverts("ERC20InsufficientAllowance", world.delivery, 487_456, 487_457):
        world.delivery.allot(row(world, cash, investor, 487_457), sender=world.fiscal)
    assert world.series.totalSupply() == 0


def test_cash_that_takes_a_fee_is_refused(world: World) -> None:
    """Pitfall 32."""
    cash, investor = world.cash(), world.investor(1)
    allow(world, cash, investor, 487_457)
    cash.setFee(100, sender=world.admin)
    with reverts("CashReceiptMismatch", cash, 487_457, 487_457 - 4_874):
        world.delivery.allot(row(world, cash, investor, 487_457), sender=world.fiscal)


def test_cash_whose_transfers_return_nothing_is_taken(world: World) -> None:
    cash, investor = world.cash(contract="SilentCash"), world.investor(1)
    allow(world, cash, investor, 4_874_570_000)
    world.delivery.allot(row(world, cash, investor, 4_874_570_000), sender=world.fiscal)
    assert cash.balanceOf(world.treasury) == 4_874_570_000


def test_cash_that_calls_back_finds_the_door_shut(world: World) -> None:
    """Pitfall 27."""
    cash, investor = world.cash(), world.investor(1)
    allow(world, cash, investor, 2 * 487_457)
    second = row(world, cash, investor, 487_457, number=2)
    world.authority.grantRole(12, cash, 0, sender=world.admin)
    data = world.delivery.allot.encode(second)
    cash.setCallBack(world.treasury, world.delivery, data, sender=world.admin)
    with reverts("CallBackRefused", DOOR_SHUT):
        world.delivery.allot(row(world, cash, investor, 487_457), sender=world.fiscal)
    assert world.series.totalSupply() == 0


def test_only_series_of_the_programme_and_approved_cash_are_settled(world: World) -> None:
    """Pitfall 57."""
    cash, investor = world.cash(), world.investor(1)
    foreign = world.evm.deploy("FakeCash", 2, sender=world.admin)
    with reverts("SettlementUnknownSeries", foreign):
        world.delivery.allot(row(world, cash, investor, 1, token=foreign), sender=world.fiscal)
    with reverts("CashNotApproved", foreign, PKR):
        world.delivery.allot(row(world, foreign, investor, 1), sender=world.fiscal)
    with reverts("AllotmentEmpty", (1).to_bytes(32, "big")):
        world.delivery.allot(row(world, cash, investor, 0, units=0), sender=world.fiscal)


def test_only_the_fiscal_agent_allots(world: World) -> None:
    cash, stranger = world.cash(), world.evm.actor("stranger")
    only = row(world, cash, stranger, 487_457)
    permit = (0, 0, b"\0" * 32, b"\0" * 32)
    calls: tuple[Callable[[], object], ...] = (
        lambda: world.delivery.allot(only, sender=stranger),
        lambda: world.delivery.allotWithPermit(only, permit, sender=stranger),
        lambda: world.delivery.allotMany([only], sender=stranger),
        lambda: world.delivery.setTreasury(stranger, sender=stranger),
        lambda: world.delivery.approveCash(cash, PKR, True, sender=stranger),
    )
    for call in calls:
        with reverts("AccessManagedUnauthorized", stranger):
            call()
    with reverts("SettlementSelfOnly", stranger):
        world.delivery.allotRow(only, sender=stranger)


# ----------------------------------------------------------------------------------------- pages


def test_a_row_that_fails_stops_no_other_and_says_why(world: World) -> None:
    """Pitfalls 24 and 58: the row is named, and a winner who cannot pay or receive is skipped."""
    cash = world.cash()
    good, poor, refused, last = world.investors(4)
    for investor in (good, refused, last):
        allow(world, cash, investor, 487_457)
    world.series.refuse(refused, True, sender=world.admin)
    page = [
        row(world, cash, investor, 487_457, number=number)
        for number, investor in enumerate((good, poor, refused, last), start=1)
    ]
    page.insert(0, row(world, cash, last, 1, number=9))
    assert world.delivery.allotMany.call(page, sender=world.fiscal) == 2
    world.delivery.allotMany(page, sender=world.fiscal)
    refusals = world.evm.receipt.events("AllotmentRefused")
    assert [(e["index"], e["allotmentId"][-1]) for e in refusals] == [(0, 9), (2, 2), (3, 3)]
    assert refusals[2]["reason"][-20:] == bytes.fromhex(refused[2:])
    assert cash.balanceOf(world.treasury) == 2 * 487_457
    assert cash.balanceOf(refused) == 487_457
    assert world.series.totalSupply() == 10_000


def test_a_starved_page_reverts_and_refuses_nobody_wrongly(world: World) -> None:
    """Pitfall 39 for money."""
    cash = world.cash()
    page = []
    for number, investor in enumerate(world.investors(3), start=1):
        allow(world, cash, investor, 487_457)
        page.append(row(world, cash, investor, 487_457, number=number))
    starved = settled = 0
    for gas in range(60_000, 700_000, 4_000):
        with world.evm.snapshot():
            try:
                world.delivery.allotMany(page, sender=world.fiscal, gas=gas)
            except Reverted as error:
                assert error.name in ("AttemptStarved", "OutOfGas")
                starved += 1
            else:
                assert world.evm.receipt.events("AllotmentRefused") == []
                settled += 1
    assert starved and settled


# --------------------------------------------------------------------------------------- permits


def typed(fields: str) -> list[dict[str, str]]:
    """The fields of an EIP-712 type, from how the standard writes them."""
    return [dict(zip(("type", "name"), field.split(), strict=True)) for field in fields.split(",")]


def signed_permit(world: World, cash: Contract, investor: Actor, amount: int) -> tuple[Any, ...]:
    deadline = world.evm.time + 3_600
    domain = {
        "name": "Cash",
        "version": "1",
        "chainId": CHAIN_ID,
        "verifyingContract": cash.address,
    }
    fields = "address owner,address spender,uint256 value,uint256 nonce,uint256 deadline"
    types = {"Permit": typed(fields)}
    message = {
        "owner": str(investor),
        "spender": world.delivery.address,
        "value": amount,
        "nonce": cash.nonces(investor),
        "deadline": deadline,
    }
    signature = investor.sign_typed(domain, types, message)
    return deadline, signature[64], signature[:32], signature[32:64]


def test_a_permit_of_exactly_the_cost_is_enough(world: World) -> None:
    cash, investor = world.cash(), world.investor(1)
    cash.mint(investor, 500_000, sender=world.admin)
    permit = signed_permit(world, cash, investor, 487_457)
    only = row(world, cash, investor, 487_457)
    world.delivery.allotWithPermit(only, permit, sender=world.fiscal)
    assert world.series.balanceOf(investor) == 5_000
    assert cash.allowance(investor, world.delivery) == 0


def test_a_permit_that_was_front_run_breaks_no_allotment(world: World) -> None:
    """Pitfall 49."""
    cash, investor = world.cash(), world.investor(1)
    cash.mint(investor, 500_000, sender=world.admin)
    permit = signed_permit(world, cash, investor, 487_457)
    cash.permit(investor, world.delivery, 487_457, *permit, sender=world.evm.actor("stranger"))
    only = row(world, cash, investor, 487_457)
    world.delivery.allotWithPermit(only, permit, sender=world.fiscal)
    assert world.series.balanceOf(investor) == 5_000


def test_a_permit_over_another_amount_pays_nothing(world: World) -> None:
    cash, investor = world.cash(), world.investor(1)
    cash.mint(investor, 500_000, sender=world.admin)
    permit = signed_permit(world, cash, investor, 487_456)
    only = row(world, cash, investor, 487_457)
    with reverts("ERC20InsufficientAllowance", world.delivery, 0, 487_457):
        world.delivery.allotWithPermit(only, permit, sender=world.fiscal)


def test_a_row_of_a_page_costs_little_more_than_its_two_legs(world: World) -> None:
    cash = world.cash()
    gas = []
    for start, count in ((1, 5), (6, 15)):
        page = []
        for number in range(start, start + count):
            investor = world.investor(number)
            allow(world, cash, investor, 487_457)
            page.append(row(world, cash, investor, 487_457, number=number))
        world.delivery.allotMany(page, sender=world.fiscal)
        gas.append(world.evm.receipt.gas_used)
    per_row = (gas[1] - gas[0]) / 10
    print(f"per row, new holders of the fake: {per_row:,.0f}")
    assert per_row < 125_000
