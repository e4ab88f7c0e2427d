"""Tax withheld: which rate holds for whom and when, what it comes to, and where the money goes."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts._amanat import powers
from tests.assets.periods import COUPON, REDEMPTION, RENTAL
from tests.evm import Contract, Evm, reverts
from tests.settlement.distribution import GROSS, Stage
from tests.world import (
    EMIRATES,
    INSTITUTION,
    MATURITY_INSTANT,
    PAKISTAN,
    REFERENCE,
    RETAIL,
    BillTerms,
    Role,
    World,
)

DAY: Final = 86_400
BANK: Final = 6


def rate(of: tuple[int, int, bool], millionths: int, since: int = 0, **more: bool) -> Any:
    return (of, millionths, more.get("reducible", False), since)


def record(country: int, klass: int, investor: int = 1) -> int:
    """An `InvestorRecord` of that country and class."""
    return investor | country << 160 | klass << 170


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def tax(world: World) -> Contract:
    """A fresh table: nobody set a rate in it."""
    table = world.evm.deploy("WithholdingTax", world.authority, PAKISTAN, sender=world.admin)
    for signatures in powers.CONTRACTS["WithholdingTax"].values():
        selectors = [table[each.split("(")[0]].selector for each in signatures]
        world.authority.setTargetFunctionRole(table, selectors, Role.TAX_AGENT, sender=world.admin)
    world.authority.enrol(table, table, sender=world[Role.FACTORY])
    return table


# --------------------------------------------------------------------------------------- which rate


def test_a_class_of_its_own_comes_before_all_classes_and_no_rate_is_not_zero(
    world: World, tax: Contract
) -> None:
    agent = world[Role.TAX_AGENT]
    with reverts("TaxRateUnset", COUPON, RETAIL, True):
        tax.rateOf(COUPON, record(PAKISTAN, RETAIL))
    tax.setRates(
        [rate((COUPON, 0, True), 150_000), rate((COUPON, BANK, True), 0)],
        sender=agent,
    )
    assert tax.rateOf(COUPON, record(PAKISTAN, RETAIL)) == 150_000
    assert tax.rateOf(COUPON, record(PAKISTAN, BANK)) == 0
    with reverts("TaxRateUnset", COUPON, BANK, False):
        tax.rateOf(COUPON, record(EMIRATES, BANK))
    with reverts("TaxRateUnset", RENTAL, RETAIL, True):
        tax.rateOf(RENTAL, record(PAKISTAN, RETAIL))
    with reverts("TaxRateUnset", COUPON, 0, False):
        tax.rateOf(COUPON, 0)  # nobody's wallet: a non-resident without class


def test_a_rate_holds_from_its_date_on_and_is_never_dated_back(world: World, tax: Contract) -> None:
    agent, who = world[Role.TAX_AGENT], (COUPON, 0, True)
    payee = record(PAKISTAN, RETAIL)
    now = world.evm.time
    tax.setRates([rate(who, 100_000), rate(who, 200_000, now + 10 * DAY)], sender=agent)
    assert world.evm.receipt.events("TaxRateSet")[1] == {
        "kind": COUPON,
        "class": 0,
        "resident": True,
        "rate": 200_000,
        "reducible": False,
        "from": now + 10 * DAY,
    }
    assert tax.rateRow(who) == (True, 100_000, False, 200_000, now + 10 * DAY)
    tax.setRates([rate(who, 120_000)], sender=agent)  # what is to follow still follows
    world.evm.time = now + 10 * DAY - 1
    assert tax.rateOf(COUPON, payee) == 120_000
    world.evm.time = now + 10 * DAY
    assert tax.rateOf(COUPON, payee) == 200_000
    assert tax.rateRow(who) == (True, 200_000, False, 0, 0)
    with reverts("TaxRateBackdated", world.evm.time, world.evm.time):
        tax.setRates([rate(who, 1, world.evm.time)], sender=agent)
    tax.setRates([rate(who, 300_000, world.evm.time + DAY)], sender=agent)
    assert tax.rateOf(COUPON, payee) == 200_000
    tax.setRates([rate(who, 250_000, world.evm.time + 2 * DAY)], sender=agent)
    world.evm.advance(days=1)
    assert tax.rateOf(COUPON, payee) == 200_000  # the later word took the place of the earlier
    world.evm.advance(days=1)
    assert tax.rateOf(COUPON, payee) == 250_000


def test_a_certificate_lowers_a_reducible_rate_until_it_ends(world: World, tax: Contract) -> None:
    agent, payee = world[Role.TAX_AGENT], record(EMIRATES, INSTITUTION, 7)
    investor = "0x" + "00" * 19 + "07"
    who = (COUPON, 0, False)
    tax.setRates([rate(who, 200_000, reducible=True)], sender=agent)
    until = world.evm.time + 30 * DAY
    with reverts("CertificateExpired", world.evm.time, world.evm.time):
        tax.grantCertificate(COUPON, investor, 100_000, world.evm.time, REFERENCE, sender=agent)
    tax.grantCertificate(COUPON, investor, 100_000, until, REFERENCE, sender=agent)
    assert tax.certificateOf(COUPON, investor) == (100_000, until)
    assert tax.rateOf(COUPON, payee) == 100_000
    assert tax.rateOf(COUPON, record(EMIRATES, INSTITUTION, 8)) == 200_000
    tax.setRates([rate(who, 50_000, reducible=True)], sender=agent)
    assert tax.rateOf(COUPON, payee) == 50_000  # never raises it
    tax.setRates([rate(who, 200_000)], sender=agent)
    assert tax.rateOf(COUPON, payee) == 200_000  # not reducible
    tax.setRates([rate(who, 200_000, reducible=True)], sender=agent)
    world.evm.time = until - 1
    assert tax.rateOf(COUPON, payee) == 100_000
    world.evm.time = until
    assert tax.rateOf(COUPON, payee) == 200_000
    tax.grantCertificate(COUPON, investor, 0, until + DAY, REFERENCE, sender=agent)
    assert tax.rateOf(COUPON, payee) == 0
    tax.revokeCertificate(COUPON, investor, sender=agent)
    assert tax.rateOf(COUPON, payee) == 200_000


def test_what_cannot_be_a_rate_is_refused(world: World, tax: Contract) -> None:
    agent, investor = world[Role.TAX_AGENT], str(world.admin)
    with reverts("TaxRateOutOfRange", 1_000_001):
        tax.setRates([rate((COUPON, 0, True), 1_000_001)], sender=agent)
    with reverts("TaxClassOutOfRange", 64):
        tax.setRates([rate((COUPON, 64, True), 1)], sender=agent)
    with reverts("TaxKindUnknown"):
        tax.setRates([rate((0, 0, True), 1)], sender=agent)
    with reverts("TaxRateOutOfRange", 1_000_001):
        tax.grantCertificate(COUPON, investor, 1_000_001, 2**40 - 1, REFERENCE, sender=agent)
    with reverts("TaxKindUnknown"):
        tax.grantCertificate(0, investor, 1, 2**40 - 1, REFERENCE, sender=agent)
    with reverts("AccessManagedUnauthorized", world[Role.PAYING_AGENT]):
        tax.setRates([], sender=world[Role.PAYING_AGENT])


# ------------------------------------------------------------------------------------- what it is


@pytest.fixture(scope="module")
def table() -> tuple[Evm, Contract]:
    world = World()
    return world.evm, world.withholding


@settings(max_examples=60)
@given(
    taxable=st.integers(0, 10**30),
    millionths=st.integers(0, 1_000_000),
    decimals=st.sampled_from([2, 6, 18]),
)
def test_tax_is_half_up_to_the_hundredth_of_the_currency(
    table: tuple[Evm, Contract], taxable: int, millionths: int, decimals: int
) -> None:
    """Pitfalls 29 and 56: one division of exact integers; never more than there is."""
    evm, tax = table
    with evm.snapshot():
        tax.setRates([rate((COUPON, 0, True), millionths)], sender=evm.actor("tax agent"))
        found = tax.taxOn(COUPON, record(PAKISTAN, RETAIL), taxable, decimals)
    hundredth = 10 ** (decimals - 2)
    whole = 1_000_000 * hundredth
    expected = (2 * taxable * millionths + whole) // (2 * whole) * hundredth
    assert found == (min(expected, taxable), millionths)


def test_the_published_discount_is_taxed_to_the_rupee(world: World) -> None:
    """5,000,000 of face cut off at 98.3815: a discount of 80,925.00, of which 20 % is 16,185.00."""
    world.tax(200_000)
    bill = world.bill(terms=BillTerms(cut_off_price=983_815))
    holder = world.investor("holder")
    world.mint(bill, holder, 5_000_000)
    agent, officer = world.paying_agent, world[Role.PAYING_AGENT]
    payment = agent.announce(bill, REDEMPTION, 0, world.cash, sender=officer)
    world.evm.time = MATURITY_INSTANT
    world.cash.mint(world.treasury, 500_000_000, sender=world[Role.FISCAL_AGENT])
    world.cash.approve(agent, 500_000_000, sender=world.treasury)
    agent.fund(payment, 500_000_000, sender=world.treasury)
    assert agent.payslipOf(payment, holder) == (
        holder,
        5_000_000,
        500_000_000,
        8_092_500,
        200_000,
        1_618_500,
    )
    agent.pay(payment, [holder], sender=officer)
    assert world.cash.balanceOf(holder) == 500_000_000 - 1_618_500
    agent.remitTax(payment, sender=officer)
    assert world.cash.balanceOf(world.tax_authority) == 1_618_500


# ------------------------------------------------------------------------------------ where it goes


def test_gross_tax_and_net_are_three_figures_and_the_tax_is_remitted_in_one_transfer() -> None:
    stage = Stage(World(), 3)
    world, coupon = stage.world, stage.announced()
    world.tax(150_000)
    world.tax(0, INSTITUTION)
    world.evm.time = stage.agent.payment(coupon).due
    stage.fund(coupon)
    first, exempt, last = stage.holders
    world.registry.updateClass(exempt, INSTITUTION, sender=world[Role.REGISTRAR])
    stage.pay(coupon, stage.holders)
    tax = 787_50  # 15 % of 5,250.00
    assert stage.received(first, exempt, last) == [GROSS - tax, GROSS, GROSS - tax]
    certificates = [
        (e["payee"], e["gross"], e["taxable"], e["rate"], e["tax"])
        for e in stage.evm.receipt.events("Paid")
    ]
    assert certificates == [
        (first, GROSS, GROSS, 150_000, tax),
        (exempt, GROSS, GROSS, 0, 0),
        (last, GROSS, GROSS, 150_000, tax),
    ]
    state = stage.check(coupon)
    assert (state.paid, state.taxHeld, state.taxRemitted) == (3 * GROSS - 2 * tax, 2 * tax, 0)
    stage.agent.remitTax(coupon, sender=stage.officer)
    assert stage.evm.receipt.events("TaxRemitted") == [
        {"paymentId": coupon, "taxAuthority": world.tax_authority, "amount": 2 * tax}
    ]
    assert stage.check(coupon).taxRemitted == 2 * tax
    assert world.cash.balanceOf(world.tax_authority) == 2 * tax
    with reverts("PaymentNoTaxHeld", coupon):
        stage.agent.remitTax(coupon, sender=stage.officer)


def test_tax_is_that_of_the_moment_of_payment(world: World) -> None:
    """Who was set aside and is paid after the budget is taxed by the new rate."""
    stage = Stage(world, 2)
    coupon = stage.funded()
    world.tax(100_000)
    first, last = stage.holders
    stage.block(last)
    stage.pay(coupon, stage.holders)
    world.tax(200_000)
    stage.block(last, False)
    stage.agent.claim(coupon, last, sender=last)
    assert stage.received(first, last) == [GROSS * 9 // 10, GROSS * 8 // 10]
    assert stage.check(coupon).taxHeld == GROSS * 3 // 10


def test_who_has_no_rate_is_set_aside_and_stops_nobody(world: World) -> None:
    """A rate that nobody set is a decision that is missing, not a payment without tax."""
    stage = Stage(world, 2)
    coupon = stage.funded()
    empty = world.evm.deploy("WithholdingTax", world.authority, PAKISTAN, sender=world.admin)
    steward = world[Role.STEWARD]
    for wrong in ((world.admin, world.tax_authority), (empty, world.paying_agent)):
        with reverts("PayingAgentTaxInvalid", *wrong):
            stage.agent.setTax(*wrong, sender=steward)
    stage.agent.setTax(empty, world.tax_authority, sender=steward)
    assert stage.pay(coupon, stage.holders) == list(stage.holders)
    with reverts("TaxRateUnset", COUPON, RETAIL, True):
        stage.agent.claim(coupon, stage.holders[0], sender=stage.holders[0])
