"""The paying agent: announced, funded in full, then paid once to each, whatever one payee does."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from tests.evm import CHAIN_ID, Reverted, reverts
from tests.settlement.conftest import (
    COUPON,
    DAY,
    DOOR_SHUT,
    DUE,
    PAYING_AGENT,
    PKR,
    RECORD_AT,
    REDEMPTION,
    RENTAL,
    World,
)

REFUSE, BURN_GAS, SHOUT = 1, 2, 3
ANNOUNCED, FUNDED, MISSED, COMPLETED = 1, 2, 3, 4
OPEN, SET_ASIDE, PAID, ESCHEATED = range(4)


# ------------------------------------------------------------------------------------ announcing


def test_an_announcement_reads_the_terms_of_the_series(world: World) -> None:
    cash = world.cash()
    payment = world.announce(cash)
    assert world.evm.receipt.events("Announced") == [
        {
            "paymentId": payment,
            "token": world.series.address,
            "cash": cash.address,
            "kind": REDEMPTION,
            "number": 0,
            "recordId": 0,
            "recordAt": RECORD_AT,
            "due": DUE,
        }
    ]


def test_announcing_again_after_a_lost_answer_is_refused(world: World) -> None:
    """Pitfall 33."""
    payment = world.announce(world.cash())
    with reverts("PaymentAlreadyAnnounced", payment):
        world.announce(world.cash())


def test_a_token_that_the_programme_did_not_make_is_refused(world: World) -> None:
    """Pitfall 57."""
    cash = world.cash()
    with reverts("SettlementUnknownSeries", cash):
        world.agency.announce(cash, REDEMPTION, 0, cash, sender=world.agent)


def test_a_payment_that_the_series_does_not_owe_is_refused(world: World) -> None:
    cash = world.cash()
    for kind, number in ((REDEMPTION, 1), (COUPON, 0), (RENTAL, 3)):
        with reverts("ObligationUnknown", kind, number):
            world.agency.announce(world.series, kind, number, cash, sender=world.agent)


def test_a_payment_id_binds_contract_token_kind_and_number(world: World) -> None:
    """Pitfalls 33 and 57: it is the keccak of chain, contract, token, kind and number."""
    token = world.series
    types = ["uint256", "address", "address", "uint8", "uint256"]
    for kind, number in ((REDEMPTION, 0), (COUPON, 0), (COUPON, 1), (RENTAL, 1)):
        values = [CHAIN_ID, world.agency.address, token.address, kind, number]
        assert world.agency.paymentIdOf(token, kind, number) == keccak(encode(types, values))


def test_cash_of_another_currency_is_refused(world: World) -> None:
    """Pitfall 57."""
    dollars = world.evm.deploy("FakeCash", 6, sender=world.admin)
    world.agency.approveCash(dollars, 840, True, sender=world.steward)
    with reverts("CashNotApproved", dollars, PKR):
        world.announce(dollars)


@pytest.mark.parametrize("decimals", [0, 1, 19, 255])
def test_cash_of_odd_decimals_is_refused(world: World, decimals: int) -> None:
    """Pitfall 29."""
    cash = world.evm.deploy("FakeCash", decimals, sender=world.admin)
    with reverts("CashDecimalsUnsupported", cash, decimals):
        world.agency.approveCash(cash, PKR, True, sender=world.steward)


@pytest.mark.parametrize("currency", [0, 1000])
def test_a_currency_that_no_standard_knows_is_refused(world: World, currency: int) -> None:
    cash = world.evm.deploy("FakeCash", 2, sender=world.admin)
    with reverts("CashCurrencyUnknown", currency):
        world.agency.approveCash(cash, currency, True, sender=world.steward)


def test_cash_no_longer_approved_is_still_paid_where_it_was_announced(world: World) -> None:
    cash = world.cash()
    payment = world.ready(cash, 5)
    world.agency.approveCash(cash, PKR, False, sender=world.steward)
    assert world.agency.cashTerms(cash) == (0, 0)
    with reverts("CashNotApproved", cash, PKR):
        world.agency.approveCash(cash, PKR, False, sender=world.steward)
    world.agency.claim(payment, world.investor(1), sender=world.investor(1))
    assert cash.balanceOf(world.investor(1)) == 500


def test_a_redemption_due_before_its_record_date_is_refused(world: World) -> None:
    world.series.setDue(RECORD_AT - 1, sender=world.admin)
    with reverts("PaymentDueBeforeRecord", RECORD_AT, RECORD_AT - 1):
        world.announce(world.cash())


def test_an_announcement_in_the_wrong_cash_can_be_taken_back_until_money_comes(
    world: World,
) -> None:
    wrong, right = world.cash(6), world.cash(2)
    world.series.mint(world.investor(1), 7, b"\0" * 32, sender=world.admin)
    payment = world.announce(wrong)
    world.agency.cancelAnnouncement(payment, sender=world.agent)
    assert world.evm.receipt.events("Cancelled") == [{"paymentId": payment}]
    with reverts("PaymentUnknown", payment):
        world.agency.fund(payment, 1, sender=world.ministry)
    world.announce(right)
    world.fund(payment, right, 1)
    with reverts("PaymentHasFunds", payment, 1):
        world.agency.cancelAnnouncement(payment, sender=world.agent)


def test_only_the_paying_agent_announces_pays_and_withdraws(world: World) -> None:
    cash, stranger = world.cash(), world.evm.actor("stranger")
    payment = world.announce(cash)
    calls: tuple[Callable[[], object], ...] = (
        lambda: world.agency.announce(world.series, REDEMPTION, 0, cash, sender=stranger),
        lambda: world.agency.cancelAnnouncement(payment, sender=stranger),
        lambda: world.agency.pay(payment, [stranger], sender=stranger),
        lambda: world.agency.withdrawResidual(payment, sender=stranger),
        lambda: world.agency.setTreasury(stranger, sender=stranger),
        lambda: world.agency.approveCash(cash, PKR, True, sender=stranger),
        lambda: world.agency.setRegistry(world.programme, sender=stranger),
    )
    for call in calls:
        with reverts("AccessManagedUnauthorized", stranger):
            call()
    with reverts("SettlementSelfOnly", stranger):
        world.agency.payHolder(payment, stranger, 1, 0, sender=stranger)


def test_a_registry_is_a_contract_and_is_asked_from_when_it_is_set(world: World) -> None:
    with reverts("PayingAgentRegistryInvalid", world.treasury):
        world.agency.setRegistry(world.treasury, sender=world.steward)
    payment, holder = world.ready(world.cash(), 5), world.investor(1)
    other = world.evm.deploy("FakeProgramme", sender=world.admin)
    other.flag(holder, 16, sender=world.admin)
    world.agency.claim.call(payment, holder, sender=holder)
    world.agency.setRegistry(other, sender=world.steward)
    assert world.evm.receipt.events("RegistrySet") == [{"registry": other.address}]
    assert world.agency.registry() == other
    with reverts("PaymentPayeeDead", holder):
        world.agency.claim(payment, holder, sender=holder)


# --------------------------------------------------------------------------------------- funding


def test_nothing_is_paid_before_it_is_due(world: World) -> None:
    cash = world.cash()
    world.series.mint(world.investor(1), 5, b"\0" * 32, sender=world.admin)
    payment = world.announce(cash)
    world.evm.time = DUE - 1
    world.fund(payment, cash, 500)
    with reverts("PaymentNotDue", payment, DUE):
        world.agency.claim(payment, world.investor(1), sender=world.investor(1))


def test_nothing_is_paid_before_it_is_funded_in_full(world: World) -> None:
    cash = world.cash()
    world.series.mint(world.investor(1), 5, b"\0" * 32, sender=world.admin)
    payment = world.announce(cash)
    world.evm.time = DUE
    world.fund(payment, cash, 499)
    with reverts("PaymentNotFunded", payment, 1):
        world.agency.pay(payment, [world.investor(1)], sender=world.agent)
    world.fund(payment, cash, 1)
    world.agency.pay(payment, [world.investor(1)], sender=world.agent)
    assert cash.balanceOf(world.investor(1)) == 500


def test_funding_again_after_a_lost_answer_takes_only_what_is_missing(world: World) -> None:
    """Pitfall 33."""
    cash = world.cash()
    world.series.mint(world.investor(1), 5, b"\0" * 32, sender=world.admin)
    payment = world.announce(cash)
    world.evm.time = DUE
    told = {"paymentId": payment, "funder": world.ministry}
    assert world.fund(payment, cash, 300) == 300
    assert world.evm.receipt.events("Funded") == [told | {"amount": 300, "missing": 200}]
    assert world.fund(payment, cash, 300) == 200
    assert world.evm.receipt.events("Funded") == [told | {"amount": 200, "missing": 0}]
    with reverts("PaymentFundedInFull", payment):
        world.fund(payment, cash, 300)
    assert cash.balanceOf(world.agency) == 500


def test_what_is_owed_is_read_at_the_record_date_and_not_now(world: World) -> None:
    """Pitfall 28: a supply that falls after the funding leaves a residual, no surplus paid."""
    cash = world.cash()
    first, second = world.investors(2)
    for investor in (first, second):
        world.series.mint(investor, 50, b"\0" * 32, sender=world.admin)
    payment = world.announce(cash)
    assert world.agency.missing(payment) == 10_000
    assert world.fund(payment, cash, 20_000) == 10_000
    world.series.burn(second, 20, sender=world.admin)
    world.evm.time = DUE
    world.agency.pay(payment, [first, second], sender=world.agent)
    assert world.evm.receipt.events("EntitlementFixed") == [
        {"paymentId": payment, "units": 80, "total": 8_000}
    ]
    assert (cash.balanceOf(first), cash.balanceOf(second)) == (5_000, 3_000)
    assert world.state(payment).residual == 2_000


def test_cash_that_takes_a_fee_is_refused_at_the_funding(world: World) -> None:
    """Pitfall 32."""
    cash = world.cash()
    world.series.mint(world.investor(1), 100, b"\0" * 32, sender=world.admin)
    payment = world.announce(cash)
    cash.setFee(100, sender=world.admin)
    with reverts("CashReceiptMismatch", cash, 10_000, 9_900):
        world.fund(payment, cash, 10_000)
    assert world.state(payment).funded == 0


def test_a_fee_that_begins_after_the_funding_sets_holders_aside(world: World) -> None:
    """Pitfall 32: the record of what was paid stays true."""
    cash = world.cash()
    payment = world.ready(cash, 100)
    cash.setFee(10_000, sender=world.admin)
    with reverts("CashReceiptMismatch", cash, 10_000, 0):
        world.agency.claim(payment, world.investor(1), sender=world.agent)
    assert world.agency.pay.call(payment, [world.investor(1)], sender=world.agent) == (0, 1)


def test_a_payment_missed_is_marked_by_anyone_and_cured_by_late_funding(world: World) -> None:
    cash, stranger = world.cash(), world.evm.actor("stranger")
    world.series.mint(world.investor(1), 5, b"\0" * 32, sender=world.admin)
    payment = world.announce(cash)
    world.evm.time = DUE - 1
    with reverts("PaymentNotDue", payment, DUE):
        world.agency.markMissed(payment, sender=stranger)
    world.fund(payment, cash, 100)
    world.evm.time = DUE
    world.agency.markMissed(payment, sender=stranger)
    assert world.evm.receipt.events("Missed") == [{"paymentId": payment, "missing": 400}]
    assert world.state(payment).status == MISSED
    with reverts("PaymentAlreadyMissed", payment):
        world.agency.markMissed(payment, sender=stranger)
    world.evm.advance(days=3)
    world.fund(payment, cash, 399)
    assert world.state(payment).status == MISSED
    world.fund(payment, cash, 1)
    assert world.evm.receipt.events("Cured") == [{"paymentId": payment}]
    assert world.state(payment).status == FUNDED
    with reverts("PaymentFundedInFull", payment):
        world.agency.markMissed(payment, sender=stranger)
    world.agency.claim(payment, world.investor(1), sender=stranger)
    assert world.state(payment).status == COMPLETED


# --------------------------------------------------------------------------------------- payment


@pytest.mark.parametrize("decimals", [2, 6, 18])
def test_par_is_paid_in_the_decimals_of_the_cash(world: World, decimals: int) -> None:
    """Pitfall 29."""
    cash = world.cash(decimals)
    payment = world.ready(cash, 5_000)
    holder = world.investor(1)
    world.agency.claim(payment, holder, sender=world.evm.actor("stranger"))
    par = 5_000 * 10**decimals
    assert world.evm.receipt.events("Paid") == [
        {
            "paymentId": payment,
            "holder": holder,
            "payee": holder,
            "units": 5_000,
            "gross": par,
            "taxable": 0,
            "rate": 0,
            "tax": 0,
        }
    ]
    assert cash.balanceOf(holder) == par
    assert world.series.balanceOf(holder) == 0
    assert world.series.totalSupply() == 0


def test_cash_whose_transfers_return_nothing_is_paid(world: World) -> None:
    cash = world.cash(contract="SilentCash")
    payment = world.ready(cash, 7)
    world.agency.claim(payment, world.investor(1), sender=world.investor(1))
    assert cash.balanceOf(world.investor(1)) == 7 * 10**6


def test_cash_that_says_no_pays_nobody_and_burns_nothing(world: World) -> None:
    cash = world.evm.deploy("RefusingCash", sender=world.admin)
    world.agency.approveCash(cash, PKR, True, sender=world.steward)
    payment = world.ready(cash, 7)
    cash.refuse(True, sender=world.admin)
    with reverts("SafeERC20FailedOperation", cash):
        world.agency.claim(payment, world.investor(1), sender=world.agent)
    assert world.series.balanceOf(world.investor(1)) == 7
    cash.refuse(False, sender=world.admin)
    world.agency.claim(payment, world.investor(1), sender=world.agent)
    assert cash.balanceOf(world.investor(1)) == 7 * 10**18


def test_a_retry_never_pays_twice(world: World) -> None:
    """Pitfall 33: neither by another page, nor by a claim, nor twice in one page."""
    cash = world.cash()
    payment = world.ready(cash, 5, 6)
    first, second = world.investors(2)
    page = [first, first, second]
    assert world.agency.pay.call(payment, page, sender=world.agent) == (2, 0)
    world.agency.pay(payment, page, sender=world.agent)
    world.agency.pay(payment, page, sender=world.agent)
    assert world.evm.receipt.events("Paid") == []
    with reverts("PaymentNothingOwed", payment, first):
        world.agency.claim(payment, first, sender=first)
    assert (cash.balanceOf(first), cash.balanceOf(second)) == (500, 600)
    assert cash.balanceOf(world.agency) == 0


def test_a_holder_of_nothing_is_passed_over(world: World) -> None:
    """Pitfall 30: an item of zero blocks nothing."""
    cash = world.cash()
    payment = world.ready(cash, 5)
    stranger = world.evm.actor("stranger")
    page = [stranger, world.investor(1)]
    assert world.agency.pay.call(payment, page, sender=world.agent) == (1, 0)
    with reverts("PaymentNothingOwed", payment, stranger):
        world.agency.claim(payment, stranger, sender=stranger)


def test_bad_payees_are_set_aside_with_the_reason_and_stop_nobody(world: World) -> None:
    """Pitfall 30: frozen, refused, blocked, burning all gas, and answering at length."""
    cash = world.cash()
    payment = world.ready(cash, *range(1, 8))
    good, frozen, refused, burner, shouter, gone, last = world.investors(7)
    world.series.freeze(frozen, True, sender=world.admin)
    cash.setManner(refused, REFUSE, sender=world.admin)
    cash.setManner(burner, BURN_GAS, sender=world.admin)
    cash.setManner(shouter, SHOUT, sender=world.admin)
    world.series.burn(gone, 6, sender=world.admin)  # and so is owed nothing

    world.agency.pay(payment, world.investors(7), sender=world.agent)
    events = {e["holder"]: e["reason"] for e in world.evm.receipt.events("SetAside")}
    assert list(events) == [frozen, refused, burner, shouter]
    assert events[burner] == b""
    assert len(events[shouter]) == 260
    assert events[frozen][-20:] == bytes.fromhex(frozen[2:])
    assert [e["holder"] for e in world.evm.receipt.events("Paid")] == [good, last]
    assert world.agency.payoutOf(payment, frozen) == SET_ASIDE
    assert (world.series.balanceOf(frozen), world.series.balanceOf(refused)) == (2, 3)
    state = world.state(payment)
    assert (state.paid, state.reserved, state.residual) == (800, 1_400, 600)


def test_who_was_set_aside_is_paid_once_the_reason_is_gone(world: World) -> None:
    cash = world.cash()
    payment = world.ready(cash, 5, 6)
    first, second = world.investors(2)
    world.series.freeze(first, True, sender=world.admin)
    cash.setManner(second, REFUSE, sender=world.admin)
    world.agency.pay(payment, [first, second], sender=world.agent)
    with reverts("SeriesFrozen", first):
        world.agency.claim(payment, first, sender=first)
    with reverts("PaymentIncomplete", payment, 0, 11):
        world.agency.withdrawResidual(payment, sender=world.agent)
    world.series.freeze(first, False, sender=world.admin)
    cash.setManner(second, 0, sender=world.admin)
    world.agency.claim(payment, first, sender=world.evm.actor("stranger"))
    world.agency.pay(payment, [first, second], sender=world.agent)
    assert world.agency.payoutOf(payment, first) == PAID
    assert (cash.balanceOf(first), cash.balanceOf(second)) == (500, 600)
    assert world.state(payment).status == COMPLETED


def test_paused_cash_sets_all_aside_and_a_later_page_pays_all(world: World) -> None:
    rupee = world.evm.deploy("PilotRupee", world.authority, sender=world.admin)
    world.open(rupee, 100, world.admin, "mint", "pause", "unpause", "blockAccount")
    world.agency.approveCash(rupee, PKR, True, sender=world.steward)
    payment = world.ready(rupee, 5, 6)
    rupee.blockAccount(world.investor(2), sender=world.admin)
    rupee.pause(sender=world.admin)
    page = world.investors(2)
    assert world.agency.pay.call(payment, page, sender=world.agent) == (0, 2)
    rupee.unpause(sender=world.admin)
    world.agency.pay(payment, page, sender=world.agent)
    assert rupee.balanceOf(world.investor(1)) == 500
    assert [e["holder"] for e in world.evm.receipt.events("SetAside")] == [world.investor(2)]


def test_a_starved_page_reverts_and_sets_nobody_aside_wrongly(world: World) -> None:
    """Pitfall 39 for money: whatever gas is sent, a good payee is paid or the page reverts."""
    cash = world.cash()
    payment = world.ready(cash, 5, 6, 7)
    page = world.investors(3)
    starved = paid = 0
    for gas in range(60_000, 700_000, 4_000):
        with world.evm.snapshot():
            try:
                world.agency.pay(payment, page, sender=world.agent, gas=gas)
            except Reverted as error:
                assert error.name in ("AttemptStarved", "OutOfGas")
                starved += 1
            else:
                assert world.evm.receipt.events("SetAside") == []
                assert len(world.evm.receipt.events("Paid")) == 3
                paid += 1
    assert starved and paid


def test_a_refusal_is_told_from_starvation_from_this_gas_on(world: World) -> None:
    """EIP-150 leaves a call 63/64: 1,017,904 are the least that leave it 1,000,000 and 2,000."""
    payment = world.ready(world.cash(), 5)
    world.series.freeze(world.investor(1), True, sender=world.admin)

    def pay(gas: int) -> object:
        return world.agency.pay.call(payment, world.investors(1), sender=world.agent, gas=gas)

    def is_enough(gas: int) -> bool:
        try:
            return pay(gas) == (0, 1)
        except Reverted as error:
            assert error.name == "AttemptStarved"
            return False

    least = bisect_left(range(1_200_000), True, lo=900_000, key=is_enough)
    with reverts("AttemptStarved", 1_017_903, 1_017_904):
        pay(least - 1)
    assert pay(least) == (0, 1)


@pytest.mark.parametrize("function", ["claim", "fund", "pay", "withdrawResidual", "payHolder"])
def test_cash_that_calls_back_finds_the_door_shut(world: World, function: str) -> None:
    """Pitfall 27."""
    cash = world.cash()
    payment = world.ready(cash, 5, 6)
    first, second = world.investors(2)
    arguments = {
        "claim": (payment, second),
        "fund": (payment, 1),
        "pay": (payment, [second]),
        "withdrawResidual": (payment,),
        "payHolder": (payment, second, 6, 0),
    }[function]
    world.authority.grantRole(PAYING_AGENT, cash, 0, sender=world.admin)
    data = world.agency[function].encode(*arguments)
    cash.setCallBack(first, world.agency, data, sender=world.admin)
    self_only = keccak(text="SettlementSelfOnly(address)")[:4] + bytes(12)
    self_only += bytes.fromhex(cash.address[2:])
    with reverts("CallBackRefused", self_only if function == "payHolder" else DOOR_SHUT):
        world.agency.claim(payment, first, sender=first)
    assert cash.balanceOf(world.agency) == 1_100


# -------------------------------------------------------------------------------------- recovery


def test_a_lost_wallet_not_yet_followed_is_paid_to_its_successor(world: World) -> None:
    """Pitfall 10: the record-date entitlement follows the recovery."""
    cash = world.cash()
    payment = world.ready(cash, 5, 6)
    lost, successor = world.investors(2)
    world.programme.recover(lost, successor, sender=world.admin)
    world.agency.pay(payment, [lost], sender=world.agent)
    assert world.evm.receipt.events("Paid")[0] | {"paymentId": b""} == {
        "paymentId": b"",
        "holder": lost,
        "payee": successor,
        "units": 5,
        "gross": 500,
        "taxable": 0,
        "rate": 0,
        "tax": 0,
    }
    assert world.series.balanceOf(lost) == 0
    assert world.series.balanceOf(successor) == 6
    world.agency.claim(payment, successor, sender=successor)
    assert cash.balanceOf(successor) == 1_100
    assert world.series.totalSupply() == 0


def test_a_lost_wallet_that_was_followed_already_is_paid_to_its_successor(world: World) -> None:
    cash = world.cash()
    payment = world.ready(cash, 5)
    lost, successor = world.investors(2)
    world.programme.recover(lost, successor, sender=world.admin)
    world.series.follow(lost, sender=world.evm.actor("stranger"))
    with reverts("PaymentNothingOwed", payment, successor):
        world.agency.claim(payment, successor, sender=successor)
    world.agency.claim(payment, lost, sender=successor)
    assert cash.balanceOf(successor) == 500
    with reverts("PaymentNothingOwed", payment, lost):
        world.agency.claim(payment, lost, sender=successor)


@pytest.mark.parametrize("flag", [16, 32])
def test_a_wallet_suspended_or_under_notice_of_recovery_is_set_aside(
    world: World, flag: int
) -> None:
    """Pitfall 44: whoever holds the key of a lost wallet is paid nothing."""
    cash = world.cash()
    payment = world.ready(cash, 5)
    holder = world.investor(1)
    world.programme.flag(holder, flag, sender=world.admin)
    with reverts("PaymentPayeeDead", holder):
        world.agency.claim(payment, holder, sender=holder)
    assert world.agency.pay.call(payment, [holder], sender=world.agent) == (0, 1)
    world.programme.flag(holder, 0, sender=world.admin)
    world.agency.claim(payment, holder, sender=holder)
    assert cash.balanceOf(holder) == 500


def test_a_successor_that_is_suspended_is_set_aside(world: World) -> None:
    cash = world.cash()
    payment = world.ready(cash, 5)
    lost, successor = world.investors(2)
    world.programme.recover(lost, successor, sender=world.admin)
    world.programme.flag(successor, 16, sender=world.admin)
    with reverts("PaymentPayeeDead", successor):
        world.agency.claim(payment, lost, sender=successor)


def test_a_lost_wallet_whose_tokens_cannot_move_is_set_aside(world: World) -> None:
    cash = world.cash()
    payment = world.ready(cash, 5)
    lost, successor = world.investors(2)
    world.programme.recover(lost, successor, sender=world.admin)
    world.series.refuse(successor, True, sender=world.admin)
    assert world.agency.pay.call(payment, [lost], sender=world.agent) == (0, 1)
    with reverts("PaymentNotFollowed", lost, successor, 5):
        world.agency.claim(payment, lost, sender=successor)


# -------------------------------------------------------------------------------------- residual


def test_the_residual_goes_to_the_treasury_once_all_are_paid(world: World) -> None:
    """Pitfall 30: what is left over is not lost, and is nobody else's."""
    cash = world.cash()
    world.series.mint(world.investor(1), 50, b"\0" * 32, sender=world.admin)
    payment = world.announce(cash)
    world.fund(payment, cash, 5_000)
    world.series.burn(world.investor(1), 10, sender=world.admin)
    world.evm.time = DUE
    with reverts("PaymentIncomplete", payment, 0, 40):
        world.agency.withdrawResidual(payment, sender=world.agent)
    world.agency.claim(payment, world.investor(1), sender=world.agent)
    world.agency.withdrawResidual(payment, sender=world.agent)
    assert cash.balanceOf(world.treasury) == 1_000
    assert cash.balanceOf(world.agency) == 0
    with reverts("PaymentNoResidual", payment):
        world.agency.withdrawResidual(payment, sender=world.agent)


def test_what_is_kept_is_reserved_for_holders_up_to_what_they_are_owed(world: World) -> None:
    """Pitfall 30: before the record date nobody knows what is left over, so nothing is."""

    def kept() -> tuple[int, int]:
        state = world.state(payment)
        return state.reserved, state.residual

    cash = world.cash()
    first, second = world.investors(2)
    for investor in (first, second):
        world.series.mint(investor, 50, b"\0" * 32, sender=world.admin)
    payment = world.announce(cash)
    assert kept() == (0, 0)
    world.fund(payment, cash, 9_000)
    assert kept() == (9_000, 0)
    world.series.burn(second, 20, sender=world.admin)
    world.evm.time = DUE
    assert kept() == (9_000, 0)
    world.agency.claim(payment, first, sender=first)
    assert kept() == (3_000, 1_000)
    world.agency.claim(payment, second, sender=second)
    assert kept() == (0, 1_000)
    world.agency.withdrawResidual(payment, sender=world.agent)
    assert kept() == (0, 0)
    assert world.state(payment).withdrawn == 1_000


def test_what_has_come_in_of_a_sum_known_is_all_reserved(world: World) -> None:
    cash = world.cash()
    world.series.mint(world.investor(1), 5, b"\0" * 32, sender=world.admin)
    payment = world.announce(cash)
    world.evm.time = RECORD_AT
    world.fund(payment, cash, 300)
    state = world.state(payment)
    assert (state.total, state.reserved, state.residual) == (500, 300, 0)


def test_a_faulty_series_cannot_reach_the_money_of_another(world: World) -> None:
    cash = world.cash()
    other = world.another_series()
    other.mint(world.investor(3), 100, b"\0" * 32, sender=world.admin)
    payment = world.ready(cash, 5, 6)
    world.fund(world.announce(cash, other), cash, 10_000)
    world.series.setClaimsTooMuch(sender=world.admin)
    world.series.mint(world.investor(1), 100, b"\0" * 32, sender=world.admin)
    world.agency.claim(payment, world.investor(1), sender=world.agent)
    world.series.mint(world.investor(2), 100, b"\0" * 32, sender=world.admin)
    with reverts("PaymentBeyondSupply", payment, 22, 11):
        world.agency.claim(payment, world.investor(2), sender=world.agent)
    assert cash.balanceOf(world.agency) == 10_100


@pytest.mark.parametrize(
    ("decimals", "units", "beyond"),
    [
        (2, 2**112, 2**112),
        (2, 2**112 - 1, (2**112 - 1) * 100),  # the units fit, what they are owed does not
        (18, 10**16, 10**34),
    ],
)
def test_what_no_slot_can_hold_is_refused_and_never_cut_off(
    world: World, decimals: int, units: int, beyond: int
) -> None:
    world.series.mint(world.investor(1), units, b"\0" * 32, sender=world.admin)
    payment = world.announce(world.cash(decimals))
    world.evm.time = DUE
    with reverts("PaymentAmountOutOfRange", beyond):
        world.agency.fund(payment, 1, sender=world.ministry)


def test_a_series_that_nobody_held_owes_nothing(world: World) -> None:
    payment = world.announce(world.cash())
    world.evm.time = DUE
    assert world.agency.pay.call(payment, [world.investor(1)], sender=world.agent) == (0, 0)
    world.agency.pay(payment, [], sender=world.agent)
    assert world.state(payment).status == COMPLETED


def test_an_unknown_payment_is_refused(world: World) -> None:
    nothing = b"\x01" * 32
    assert world.state(nothing).status == 0
    calls: tuple[Callable[[], object], ...] = (
        lambda: world.agency.claim(nothing, world.agent, sender=world.agent),
        lambda: world.agency.markMissed(nothing, sender=world.agent),
        lambda: world.agency.owed(nothing, world.agent),
        lambda: world.agency.missing(nothing),
    )
    for call in calls:
        with reverts("PaymentUnknown", nothing):
            call()


def test_what_a_holder_is_owed_is_told_before_and_after(world: World) -> None:
    payment = world.ready(world.cash(), 5)
    holder = world.investor(1)
    assert world.agency.owed(payment, holder) == (5, 500)
    world.agency.claim(payment, holder, sender=holder)
    assert world.agency.owed(payment, holder) == (0, 0)
    assert world.agency.payoutOf(payment, holder) == PAID


def test_the_status_follows_the_life_of_a_payment(world: World) -> None:
    cash = world.cash()
    world.series.mint(world.investor(1), 5, b"\0" * 32, sender=world.admin)
    payment = world.announce(cash)
    assert world.state(payment).status == ANNOUNCED
    world.evm.time = RECORD_AT
    world.fund(payment, cash, 500)
    assert world.state(payment).status == FUNDED
    world.evm.advance(seconds=DAY)
    world.agency.claim(payment, world.investor(1), sender=world.agent)
    assert world.state(payment).status == COMPLETED


# ------------------------------------------------------------------------------------------- gas


def test_a_page_costs_at_most_45_000_gas_a_payee_beside_the_burn(world: World) -> None:
    """Payees who already hold cash; measured as what twenty further payees add to a page."""
    cash = world.cash()
    payment = world.ready(cash, *[5_000] * 40)
    for holder in world.investors(40):
        cash.mint(holder, 1, sender=world.admin)
    gas = []
    for page in (world.investors(40)[:10], world.investors(40)[10:]):
        world.agency.pay(payment, page, sender=world.agent)
        gas.append(world.evm.receipt.gas_used)
    per_payee = (gas[1] - gas[0]) / 20
    burn = 7_600  # of the fake: one slot cleared, one warm, two events
    print(f"per payee, burn included: {per_payee:,.0f}")
    assert per_payee - burn <= 45_000
