"""A bill by itself: what its terms make of prices, names and the day it is redeemed."""

from __future__ import annotations

import pytest
from eth_utils.crypto import keccak

from tests.evm import Contract, reverts
from tests.world import MATURITY, MATURITY_INSTANT, NOBODY, REFERENCE, BillTerms, Role, World

DAY = 86_400
REDEMPTION = 1


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def bill(world: World) -> Contract:
    return world.bill()


def bill_of(world: World, **terms: object) -> Contract:
    digest = keccak(text=repr(terms))
    return world.bill(terms=BillTerms(**{"term_sheet_hash": digest, **terms}))  # type: ignore[arg-type]


def test_a_bill_is_priced_over_its_own_days(bill: Contract) -> None:
    """The auction of 2-Oct-2025: a "3M" bill of 85 days, cut off at 97.4913 and 11.0499 %."""
    assert bill.tenorDays() == 85
    assert bill.yieldOf(974_913) == 110_499
    assert bill.priceOf(110_499) == 974_913


def test_what_is_no_price_or_yield_of_a_bill_is_refused(bill: Contract) -> None:
    for price in (0, 1_000_001, 2**32 + 974_913):
        with reverts("BillPriceOutOfRange", price):
            bill.yieldOf(price)
        with reverts("BillPriceOutOfRange", price):
            bill.costOf(1, price, 2)
    with reverts("BillYieldOutOfRange", 2**64):
        bill.priceOf(2**64)


@pytest.mark.parametrize("cash_decimals", [2, 6, 18])
def test_a_purchase_costs_the_published_realised_value(world: World, cash_decimals: int) -> None:
    """PKR 5,000,000 at 98.3815 are 4,919,075.00 (State Bank of Pakistan), whatever the unit."""
    cost = 491_907_500 * 10 ** (cash_decimals - 2)
    rupees, hundreds = bill_of(world, unit_face=100), bill_of(world, unit_face=10_000)
    assert rupees.costOf(5_000_000, 983_815, cash_decimals) == cost
    assert hundreds.costOf(50_000, 983_815, cash_decimals) == cost


@pytest.mark.parametrize("text", [b"", b"M", b"Market Treasury Bill 26-Dec-2025", b"x" * 31])
def test_a_name_is_as_long_as_it_was_written(world: World, text: bytes) -> None:
    bill = bill_of(world, name=text, symbol=text[::-1])
    assert bill.name() == text.decode()
    assert bill.symbol() == text[::-1].decode()


def test_the_currency_is_that_of_the_terms(world: World) -> None:
    assert bill_of(world, currency=840).currency() == 840


def test_a_maturity_on_a_holiday_is_held_to_and_paid_on_the_day_after(world: World) -> None:
    bill = bill_of(world, payment_date=MATURITY + 3)
    alice, redeemer = world.investor("alice"), world[Role.REDEEMER]
    world.mint(bill, alice, 5)
    paid_from = MATURITY_INSTANT + 3 * DAY
    assert (bill.maturity(), bill.tenorDays()) == (MATURITY_INSTANT, 85)
    assert tuple(bill.obligation(REDEMPTION, 0)) == (0, MATURITY_INSTANT, paid_from)
    world.evm.time = paid_from - 1
    with reverts("RedemptionNotDue", paid_from):
        bill.redeem(alice, 5, REFERENCE, sender=redeemer)
    world.evm.time = paid_from
    bill.redeem(alice, 5, REFERENCE, sender=redeemer)
    assert bill.totalSupply() == 0


def test_a_bill_is_redeemed_by_the_redeemer_alone(world: World, bill: Contract) -> None:
    alice = world.investor("alice")
    world.mint(bill, alice, 5)
    world.evm.time = MATURITY_INSTANT
    for stranger in (alice, world.admin, world[Role.MINTER], world[Role.ISSUER]):
        with reverts("AccessManagedUnauthorized", stranger):
            bill.redeem(alice, 5, REFERENCE, sender=stranger)
    bill.redeem(alice, 2, REFERENCE, sender=world[Role.REDEEMER])
    told = world.evm.receipt
    assert told.events("Transfer") == [{"from": alice, "to": NOBODY, "value": 2}]
    assert told.events("Retired") == [{"reference_": REFERENCE, "amount": 2}]
    assert (bill.balanceOf(alice), bill.balanceOfAt(alice, 0)) == (3, 5)


def test_a_holding_frozen_in_whole_or_in_part_is_not_redeemed(world: World, bill: Contract) -> None:
    alice, redeemer = world.investor("alice"), world[Role.REDEEMER]
    world.mint(bill, alice, 5)
    bill.freezePartialTokens(alice, 1, sender=world[Role.FREEZER])
    world.evm.time = MATURITY_INSTANT
    with reverts("HoldingFrozen", alice):
        bill.redeem(alice, 4, REFERENCE, sender=redeemer)
    bill.unfreezePartialTokens(alice, 1, sender=world[Role.RELEASER])
    world.freeze(bill, alice)
    with reverts("HoldingFrozen", alice):
        bill.redeem(alice, 4, REFERENCE, sender=redeemer)
    world.release(bill, alice)
    bill.redeem(alice, 4, REFERENCE, sender=redeemer)
    assert bill.balanceOf(alice) == 1
