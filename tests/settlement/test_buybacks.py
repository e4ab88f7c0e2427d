"""Buyback by the result of an auction: the treasury pays, the tokens are burnt, or neither."""

from __future__ import annotations

from typing import Any, Final

import pytest
from eth_utils.crypto import keccak

from tests.evm import Actor, reverts
from tests.settlement.permits import permit_of
from tests.world import MATURITY_INSTANT, PAKISTAN, REFERENCE, Role, Rules, World

UNITS: Final = 10_000
PRICE: Final = 985_000
PROCEEDS: Final = 985_000  # paisa for 10,000 of face at 98.5000
RESULT: Final = keccak(text="result of the buyback auction")


class Desk:
    """A bill with holders who offered it, and a treasury that lets the settlement pay."""

    def __init__(self) -> None:
        self.world = World()
        rules = Rules(jurisdictions=True, maximum_holding=10**9, supply_cap=10**10)
        self.bill = self.world.bill(rules, countries=[PAKISTAN])
        self.dvp, self.cash = self.world.dvp, self.world.cash
        self.fiscal = self.world[Role.FISCAL_AGENT]
        self.cash.mint(self.world.treasury, 100 * PROCEEDS, sender=self.fiscal)
        self.cash.approve(self.dvp, 100 * PROCEEDS, sender=self.world.treasury)

    def holder(self, name: str, offered: int = UNITS) -> Actor:
        actor = self.world.investor(name)
        self.world.mint(self.bill, actor, UNITS)
        self.bill.approve(self.dvp, offered, sender=actor)
        return actor

    def row(self, holder: str, number: int = 1, **changes: Any) -> tuple[Any, ...]:
        fields = {
            "token": self.bill,
            "investor": holder,
            "units": UNITS,
            "price": PRICE,
            "cash": self.cash,
            "proceeds": PROCEEDS,
            "reference": RESULT,
            "id": number.to_bytes(32, "big"),
        }
        return tuple((fields | changes).values())


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_an_accepted_offer_is_paid_and_burnt_under_the_result(desk: Desk) -> None:
    """5,000 of the 10,000 offered were accepted: a partial acceptance is in the units."""
    holder = desk.holder("holder")
    half = desk.row(holder, units=5_000, proceeds=492_500)
    desk.dvp.buyBack(half, sender=desk.fiscal)
    receipt = desk.world.evm.receipt
    assert receipt.events("BoughtBack") == [
        {
            "buybackId": half[-1],
            "token": desk.bill.address,
            "investor": holder,
            "units": 5_000,
            "price": PRICE,
            "cash": desk.cash.address,
            "proceeds": 492_500,
            "auctionReference": RESULT,
        }
    ]
    assert receipt.events("Retired") == [{"reference_": RESULT, "amount": 5_000}]
    assert desk.bill.totalSupply() == desk.bill.balanceOf(holder) == 5_000
    assert desk.cash.balanceOf(holder) == 492_500
    assert desk.bill.allowance(holder, desk.dvp) == 5_000
    assert desk.cash.balanceOf(desk.dvp) == 0


def test_a_row_settles_once_and_an_allotment_of_that_id_does_not(desk: Desk) -> None:
    """Pitfall 33."""
    holder = desk.holder("holder")
    row = desk.row(holder, units=5_000, proceeds=492_500)
    desk.dvp.buyBack(row, sender=desk.fiscal)
    with reverts("AllotmentAlreadySettled", row[-1]):
        desk.dvp.buyBack(row, sender=desk.fiscal)
    with reverts("AllotmentAlreadySettled", row[-1]):
        desk.dvp.allot(row, sender=desk.fiscal)
    assert desk.dvp.isSettled(row[-1])


def test_what_was_not_offered_or_not_computed_right_is_refused(desk: Desk) -> None:
    holder = desk.holder("holder", offered=UNITS - 1)
    with reverts("ERC20InsufficientAllowance", desk.dvp, UNITS - 1, UNITS):
        desk.dvp.buyBack(desk.row(holder), sender=desk.fiscal)
    for stated in (PROCEEDS - 1, PROCEEDS + 1):
        row = desk.row(holder, proceeds=stated)
        with reverts("AllotmentCostMismatch", row[-1], stated, PROCEEDS):
            desk.dvp.buyBack(row, sender=desk.fiscal)
    with reverts("AllotmentEmpty"):
        desk.dvp.buyBack(desk.row(holder, units=0, proceeds=0), sender=desk.fiscal)
    with reverts("SettlementUnknownSeries", desk.cash):
        desk.dvp.buyBack(desk.row(holder, token=desk.cash), sender=desk.fiscal)
    assert desk.cash.balanceOf(holder) == 0


def test_only_the_fiscal_agent_buys_back_and_only_the_settlement_burns(desk: Desk) -> None:
    """Pitfall 57: an allowance to the settlement is no allowance to everybody."""
    holder, stranger = desk.holder("holder"), desk.world.evm.actor("stranger")
    permit = (0, 27, b"\0" * 32, b"\0" * 32)
    for call in (
        lambda: desk.dvp.buyBack(desk.row(holder), sender=stranger),
        lambda: desk.dvp.buyBackWithPermit(desk.row(holder), permit, sender=stranger),
        lambda: desk.dvp.buyBackMany([desk.row(holder)], sender=stranger),
        lambda: desk.bill.burnFrom(holder, UNITS, RESULT, sender=stranger),
    ):
        with reverts("AccessManagedUnauthorized", stranger):
            call()
    with reverts("SettlementSelfOnly", stranger):
        desk.dvp.buyBackRow(desk.row(holder), sender=stranger)


def test_what_a_holder_cannot_sell_cannot_be_bought_back(desk: Desk) -> None:
    """Pitfalls 12 and 49: what was allowed before a freeze, a loss or a pledge is no way out."""
    world, bill = desk.world, desk.bill
    frozen, part, lost, suspended, pledged = (
        desk.holder(name) for name in ("frozen", "part", "lost", "suspended", "pledged")
    )
    world.freeze(bill, frozen)
    bill.freezePartialTokens(part, 1, sender=world[Role.FREEZER])
    world.lose(lost, world.evm.actor("heir"))
    world.registry.suspend(suspended, sender=world[Role.REGULATOR])
    bill.pledge(part, 1, REFERENCE, 0, sender=pledged)
    supply = bill.totalSupply()
    for holder, error in (
        (frozen, "ERC7943CannotSend"),
        (part, "ERC7943InsufficientUnfrozenBalance"),
        (lost, "ERC7943CannotSend"),
        (suspended, "ERC7943CannotSend"),
        (pledged, "TokensPledged"),
    ):
        with reverts(error):
            desk.dvp.buyBack(desk.row(holder), sender=desk.fiscal)
        assert (desk.cash.balanceOf(holder), bill.balanceOf(holder)) == (0, UNITS)
    assert bill.totalSupply() == supply


def test_neither_a_paused_nor_a_matured_series_is_bought_back(desk: Desk) -> None:
    holder = desk.holder("holder")
    desk.bill.pause(sender=desk.world[Role.EMERGENCY])
    with reverts("TokenPaused"):
        desk.dvp.buyBack(desk.row(holder), sender=desk.fiscal)
    desk.bill.unpause(sender=desk.world[Role.RELEASER])
    desk.world.evm.time = MATURITY_INSTANT
    with reverts("SeriesMatured"):
        desk.dvp.buyBack(desk.row(holder), sender=desk.fiscal)


def test_a_page_goes_on_past_what_is_refused(desk: Desk) -> None:
    """Pitfalls 24 and 30: who cannot sell or be paid is named with the reason."""
    first, unwilling, blocked, last = (
        desk.holder(name, 0 if name == "unwilling" else UNITS)
        for name in ("first", "unwilling", "blocked", "last")
    )
    desk.cash.blockAccount(blocked, sender=desk.fiscal)
    rows = [desk.row(each, n) for n, each in enumerate((first, unwilling, blocked, last), start=1)]
    assert desk.dvp.buyBackMany.call(rows, sender=desk.fiscal) == 2
    desk.dvp.buyBackMany(rows, sender=desk.fiscal)
    refused = desk.world.evm.receipt.events("BuybackRefused")
    assert [(e["index"], e["buybackId"]) for e in refused] == [(1, rows[1][-1]), (2, rows[2][-1])]
    assert refused[1]["reason"][-20:] == bytes.fromhex(blocked[2:])
    assert desk.bill.totalSupply() == 2 * UNITS
    assert [desk.bill.balanceOf(each) for each in (first, blocked, last)] == [0, UNITS, 0]
    assert desk.cash.balanceOf(first) == desk.cash.balanceOf(last) == PROCEEDS


def test_a_treasury_without_money_buys_nothing_back(desk: Desk) -> None:
    """Pitfall 57: the reason of the leg that failed surfaces, and nothing moves."""
    holder = desk.holder("holder")
    desk.cash.approve(desk.dvp, PROCEEDS - 1, sender=desk.world.treasury)
    with reverts("ERC20InsufficientAllowance", desk.dvp, PROCEEDS - 1, PROCEEDS):
        desk.dvp.buyBack(desk.row(holder), sender=desk.fiscal)
    assert desk.bill.balanceOf(holder) == UNITS


def test_a_permit_over_exactly_the_units_is_enough_even_front_run(desk: Desk) -> None:
    """Pitfall 49."""
    first, second = desk.holder("first", 0), desk.holder("second", 0)
    permit = permit_of(desk.bill, first, desk.dvp, UNITS)
    desk.dvp.buyBackWithPermit(desk.row(first), permit, sender=desk.fiscal)
    permit = permit_of(desk.bill, second, desk.dvp, UNITS)
    thief = desk.world.evm.actor("thief")
    desk.bill.permit(second, desk.dvp, UNITS, *permit, sender=thief)
    desk.dvp.buyBackWithPermit(desk.row(second, 2), permit, sender=desk.fiscal)
    assert desk.bill.totalSupply() == 0
