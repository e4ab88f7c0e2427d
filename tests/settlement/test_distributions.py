"""Coupons through the paying agent: who is paid, once, in which order of pages, and who is not."""

from __future__ import annotations

from datetime import date

import pytest

from scripts._amanat.business_days import start_of_day_karachi
from tests.assets.periods import COUPON, REDEMPTION, in_page_order
from tests.evm import Actor, Contract, reverts
from tests.settlement.distribution import GROSS, LOT, Stage
from tests.world import HOLIDAYS, REFERENCE, Role, World

OPEN, SET_ASIDE, PAID, ESCHEATED = range(4)
FUNDED, MISSED, COMPLETED = 2, 3, 4
DAY = 86_400
NOBODY = "0x" + "00" * 20


@pytest.fixture
def stage() -> Stage:
    return Stage(World(), 4)


def lose(stage: Stage, lost: str, name: str) -> Actor:
    """Recover a wallet to a new one, and move its tokens nowhere."""
    found = stage.evm.actor(name)
    stage.world.recover(lost, found)
    return found


# ------------------------------------------------------------------------------------ once, to each


def test_a_coupon_is_paid_without_a_burn_and_announced_to_each(stage: Stage) -> None:
    coupon = stage.funded()
    assert stage.pay(coupon, stage.holders) == []
    assert stage.received(*stage.holders) == [GROSS] * 4
    assert stage.bond.totalSupply() == 4 * LOT
    assert stage.evm.receipt.events("Paid")[0] == {
        "paymentId": coupon,
        "holder": stage.holders[0],
        "payee": stage.holders[0],
        "units": LOT,
        "gross": GROSS,
        "taxable": GROSS,
        "rate": 0,
        "tax": 0,
    }
    state = stage.check(coupon)
    assert (state.status, state.reserved, state.unitsPaid) == (COMPLETED, 0, 4 * LOT)
    assert [stage.agent.payoutOf(coupon, holder) for holder in stage.holders] == [PAID] * 4


def test_a_page_sent_again_pays_nobody_twice(stage: Stage) -> None:
    """Pitfall 33: after a lost answer, by the same page, by another, and by a claim."""
    coupon = stage.funded()
    page = stage.holders[:3]
    stage.pay(coupon, page)
    for again in (page, page[1:2], stage.holders):
        stage.pay(coupon, again)
    with reverts("PaymentNothingOwed", coupon, page[0]):
        stage.agent.claim(coupon, page[0], sender=page[0])
    assert stage.received(*stage.holders) == [GROSS] * 4
    assert stage.check(coupon).status == COMPLETED


def test_who_claims_first_is_passed_over_by_the_page(stage: Stage) -> None:
    """Pitfall 33."""
    coupon = stage.funded()
    early = stage.holders[2]
    stage.agent.claim(coupon, early, sender=stage.evm.actor("passer-by"))
    with reverts("PaymentNothingOwed", coupon, early):
        stage.agent.claim(coupon, early, sender=early)
    stage.pay(coupon, stage.holders)
    assert [e["holder"] for e in stage.evm.receipt.events("Paid")] == [
        holder for holder in stage.holders if holder != early
    ]
    assert stage.received(*stage.holders) == [GROSS] * 4


def test_a_page_lists_holders_in_ascending_order_each_once(stage: Stage) -> None:
    """Pitfall 33: that order is what keeps a payee from being listed twice."""
    coupon = stage.funded()
    first, second, third, _ = stage.holders
    for page, index in (([second, first], 1), ([first, first], 1), ([first, third, second], 2)):
        with reverts("PaymentPageNotAscending", coupon, index):
            stage.agent.pay(coupon, page, sender=stage.officer)
    stage.pay(coupon, [second])
    with reverts("PaymentPageNotAscending", coupon, 1):
        stage.agent.pay(coupon, [third, first], sender=stage.officer)
    stage.agent.pay(coupon, [first, second, third], sender=stage.officer)
    assert [e["holder"] for e in stage.evm.receipt.events("Paid")] == [third]


def test_a_holder_whom_the_pages_left_out_proves_it_and_is_paid(stage: Stage) -> None:
    coupon = stage.funded()
    first, left_out, third, last = stage.holders
    stage.pay(coupon, [first])
    stage.pay(coupon, [third, last])
    assert stage.evm.receipt.events("PageListed") == [
        {"paymentId": coupon, "page": 1, "fence": first}
    ]
    assert stage.check(coupon).status == FUNDED
    assert stage.agent.owed(coupon, left_out) == (0, 0)
    with reverts("PaymentNothingOwed", coupon, left_out):
        stage.agent.claim(coupon, left_out, sender=left_out)
    proof = (1, first, [third, last])
    for _ in range(2):  # the second time it was paid
        if stage.received(left_out) == [GROSS]:
            with reverts("PaymentNothingOwed", coupon, left_out):
                stage.agent.claimPassedOver(coupon, left_out, *proof, sender=left_out)
        else:
            stage.agent.claimPassedOver(coupon, left_out, *proof, sender=left_out)
    assert stage.received(*stage.holders) == [GROSS] * 4
    assert stage.check(coupon).status == COMPLETED


def test_nobody_who_was_listed_can_prove_to_have_been_left_out(stage: Stage) -> None:
    """Pitfall 33: no false page, no false fence, no wallet beyond the page."""
    coupon = stage.funded()
    first, second, third, last = stage.holders
    stage.pay(coupon, [first, third])
    stage.block(last)
    for holder, page, fence, listed in (
        (first, 0, NOBODY, [first, third]),
        (third, 0, NOBODY, [first, third]),
        (last, 0, NOBODY, [first, third]),
        (second, 0, first, [third]),
        (first, 0, NOBODY, [third]),
        (second, 1, NOBODY, [first, third]),
        (second, 0, NOBODY, []),
    ):
        with reverts("PaymentNotPassedOver", coupon, holder, page):
            stage.agent.claimPassedOver(coupon, holder, page, fence, listed, sender=holder)


def test_a_blocked_payee_is_set_aside_stops_nobody_and_is_paid_once_free(stage: Stage) -> None:
    """Pitfall 30; and another page tries again before it goes on."""
    coupon = stage.funded()
    first, blocked, third, last = stage.holders
    stage.block(blocked)
    assert stage.pay(coupon, [first, blocked, third]) == [blocked]
    assert stage.evm.receipt.events("SetAside")[0]["reason"][-20:] == bytes.fromhex(blocked[2:])
    assert stage.agent.payoutOf(coupon, blocked) == SET_ASIDE
    assert stage.agent.owed(coupon, blocked) == (LOT, GROSS)
    assert stage.check(coupon).reserved == 2 * GROSS
    with reverts("PilotRupeeBlocked", blocked):
        stage.agent.claim(coupon, blocked, sender=blocked)
    stage.block(blocked, False)
    assert stage.pay(coupon, [blocked, last]) == []
    assert stage.received(*stage.holders) == [GROSS] * 4
    assert stage.check(coupon).status == COMPLETED


def test_a_holding_frozen_by_the_regulator_is_paid_its_coupon(stage: Stage) -> None:
    """A freeze stops the tokens, not what they earned; a suspension of the wallet stops both."""
    coupon = stage.funded()
    frozen, suspended = stage.holders[:2]
    stage.world.freeze(stage.bond, frozen)
    stage.world.registry.suspend(suspended, sender=stage.world[Role.REGULATOR])
    assert stage.pay(coupon, stage.holders) == [suspended]
    with reverts("PaymentPayeeDead", suspended):
        stage.agent.payslipOf(coupon, suspended)
    assert stage.received(frozen, suspended) == [GROSS, 0]


# ------------------------------------------------------------------ record date, transfers, wallets


def test_who_held_at_the_record_date_is_paid_whatever_moved_since(stage: Stage) -> None:
    """Pitfall 28: transfers before, in the second of, and after the record date."""
    coupon = stage.announced()
    first, second, third, last = stage.holders
    record_at = stage.agent.payment(coupon).recordAt
    stage.bond.transfer(second, LOT, sender=first)
    stage.evm.time = record_at
    stage.bond.transfer(last, LOT, sender=third)  # in the very second: too late
    stage.evm.time = stage.agent.payment(coupon).due
    stage.fund(coupon)
    stage.pay(coupon, stage.holders)
    assert stage.received(first, second, third, last) == [0, 2 * GROSS, GROSS, GROSS]
    assert stage.check(coupon).status == COMPLETED


def test_a_mint_after_the_funding_and_before_the_record_date_is_still_owed(stage: Stage) -> None:
    """Pitfall 28: supply changing mid-period; nothing is paid before the rest has come."""
    coupon = stage.announced()
    stage.fund(coupon)
    stage.world.mint(stage.bond, stage.holders[0], LOT)
    stage.evm.time = stage.agent.payment(coupon).due
    with reverts("PaymentNotFunded", coupon, GROSS):
        stage.agent.pay(coupon, stage.holders, sender=stage.officer)
    assert stage.agent.payment(coupon).status == MISSED
    stage.fund(coupon)
    stage.pay(coupon, stage.holders)
    assert stage.received(*stage.holders) == [2 * GROSS, GROSS, GROSS, GROSS]


def test_an_odd_holding_is_paid_its_share_floored_and_the_dust_is_left(stage: Stage) -> None:
    """Pitfalls 30 and 56: 5,250.00 on 100,000; 33,333 of it earn 1,749.98 and a half paisa."""
    coupon = stage.announced()
    first, second = stage.holders[:2]
    stage.bond.transfer(second, 33_333, sender=first)
    stage.evm.time = stage.agent.payment(coupon).due
    stage.fund(coupon)
    stage.pay(coupon, stage.holders)
    assert stage.received(first, second) == [3_500_01, 6_999_98]
    assert stage.check(coupon).residual == 1
    stage.agent.withdrawResidual(coupon, sender=stage.officer)
    assert stage.check(coupon).withdrawn == 1


def test_a_wallet_recovered_twice_is_paid_at_the_end_of_its_line(stage: Stage) -> None:
    """Pitfalls 10 and 44: lost after the record date, its successor lost too; nobody followed."""
    coupon = stage.announced()
    stage.evm.time = stage.agent.payment(coupon).recordAt
    lost = stage.holders[0]
    second = lose(stage, lost, "second wallet")
    third = lose(stage, second, "third wallet")
    stage.evm.time = max(stage.evm.time, stage.agent.payment(coupon).due)
    stage.fund(coupon)
    stage.pay(coupon, stage.holders)
    assert stage.received(lost, second, third) == [0, 0, GROSS]
    paid = {e["holder"]: e["payee"] for e in stage.evm.receipt.events("Paid")}
    assert paid[lost] == third
    with reverts("PaymentNothingOwed", coupon, second):
        stage.agent.claim(coupon, second, sender=third)


def test_a_redemption_gathers_what_the_whole_line_of_wallets_holds(stage: Stage) -> None:
    """Pitfall 10: half followed to the second wallet, half never left the first."""
    world, bond = stage.world, stage.bond
    lost = stage.holders[0]
    redemption = stage.agent.announce(bond, REDEMPTION, 0, world.cash, sender=stage.officer)
    stage.evm.time = stage.agent.payment(redemption).recordAt
    second = lose(stage, lost, "second wallet")
    bond.follow(lost, sender=world.admin)
    third = lose(stage, second, "third wallet")
    assert stage.agent.owed(redemption, lost) == (0, 0)  # nothing is fixed yet
    stage.evm.time = max(stage.evm.time, stage.agent.payment(redemption).due)
    stage.fund(redemption)
    assert stage.agent.owed(redemption, lost) == (LOT, 100 * LOT)
    assert stage.pay(redemption, stage.holders) == []
    assert stage.received(lost, second, third) == [0, 0, 100 * LOT]
    assert bond.totalSupply() == 0
    assert stage.check(redemption).status == COMPLETED
    assert stage.agent.payoutOf(redemption, lost) == PAID
    stage.pay(redemption, stage.holders)
    assert stage.evm.receipt.events("Paid") == []


def test_a_wallet_under_notice_waits_for_the_end_of_the_notice(stage: Stage) -> None:
    """Pitfall 44: it may be in a thief's hand."""
    coupon = stage.funded()
    lost = stage.holders[0]
    found = stage.evm.actor("found again")
    stage.world.lose(lost, found)
    assert stage.pay(coupon, stage.holders) == [lost]
    stage.world.registry.cancelRecovery(lost, sender=stage.world[Role.GUARDIAN])
    stage.agent.claim(coupon, lost, sender=lost)
    assert stage.received(lost) == [GROSS]


# ---------------------------------------------------------------------------- missed, late, redated


def test_a_coupon_that_is_not_there_when_due_is_missed_and_cured_by_parts(stage: Stage) -> None:
    coupon = stage.announced()
    due = stage.agent.payment(coupon).due
    stage.evm.time = due - 1
    assert stage.agent.payment(coupon).status == 1
    stage.evm.time = due
    assert stage.agent.payment(coupon).status == MISSED  # though nobody said so yet
    stage.agent.markMissed(coupon, sender=stage.evm.actor("anybody"))
    assert stage.evm.receipt.events("Missed") == [{"paymentId": coupon, "missing": 4 * GROSS}]
    with reverts("PaymentAlreadyMissed", coupon):
        stage.agent.markMissed(coupon, sender=stage.officer)
    stage.bond.transfer(stage.holders[1], LOT, sender=stage.holders[0])  # life goes on
    stage.evm.advance(days=20)
    stage.fund(coupon, GROSS)
    assert stage.check(coupon).status == MISSED
    stage.fund(coupon)
    assert stage.evm.receipt.events("Cured") == [{"paymentId": coupon}]
    stage.pay(coupon, stage.holders)
    assert stage.received(*stage.holders) == [GROSS] * 4


def test_a_floater_without_its_rate_is_missed_by_an_amount_that_nobody_knows() -> None:
    world = World()
    terms = {"rate_type": 2, "benchmark": b"KIBOR-6M", "cap": 300_000, "fixing_days": 1}
    bond = world.bond(**terms)
    holder = world.investor("holder")
    world.mint(bond, holder, LOT)
    agent, officer = world.paying_agent, world[Role.PAYING_AGENT]
    coupon = agent.announce(bond, COUPON, 1, world.cash, sender=officer)
    world.evm.time = agent.payment(coupon).due
    with reverts("RateNotSet"):
        agent.missing(coupon)
    assert agent.payment(coupon).status == MISSED
    agent.markMissed(coupon, sender=holder)
    assert world.evm.receipt.events("Missed") == [{"paymentId": coupon, "missing": 2**256 - 1}]


def test_a_payment_follows_the_calendar_while_nobody_was_paid(stage: Stage) -> None:
    """The market closes for a day that was a business day when the coupon was announced."""
    world = stage.world
    coupon = stage.announced()
    monday, tuesday = date(2026, 1, 19), date(2026, 1, 20)
    assert stage.agent.payment(coupon).due == start_of_day_karachi(monday)
    world.set_holidays(2026, (monday, *HOLIDAYS[2026]))
    stage.agent.redate(coupon, sender=stage.evm.actor("anybody"))
    redated = stage.evm.receipt.events("Redated")[0]
    assert redated["due"] == start_of_day_karachi(tuesday)
    stage.fund(coupon)
    stage.evm.time = start_of_day_karachi(monday)
    with reverts("PaymentNotDue", coupon, start_of_day_karachi(tuesday)):
        stage.agent.pay(coupon, stage.holders, sender=stage.officer)
    stage.evm.time = start_of_day_karachi(tuesday)
    stage.pay(coupon, stage.holders[:1])
    with reverts("PaymentBegun", coupon, LOT):
        stage.agent.redate(coupon, sender=stage.officer)


# ------------------------------------------------------------------------------------------ escheat


def test_what_cannot_be_paid_escheats_only_after_the_period_and_a_try(stage: Stage) -> None:
    coupon = stage.funded()
    blocked, untried = stage.holders[0], stage.holders[3]
    stage.block(blocked)
    stage.pay(coupon, stage.holders[:3])
    due = stage.agent.payment(coupon).due
    period = stage.agent.escheatPeriod()
    assert period == 3_652 * DAY
    funded_at = stage.evm.time
    with reverts("PaymentNotEscheatable", coupon, max(due, funded_at) + period):
        stage.agent.escheat(coupon, [blocked], sender=stage.officer)

    steward = stage.world[Role.STEWARD]
    with reverts("EscheatPeriodTooShort", 180 * DAY - 1, 180 * DAY):
        stage.agent.setEscheatPeriod(180 * DAY - 1, sender=steward)
    stage.agent.setEscheatPeriod(180 * DAY, sender=steward)
    stage.evm.time = max(due, funded_at) + 180 * DAY
    for page in ([untried], [stage.holders[1]], [blocked, blocked]):
        with reverts("PaymentNotSetAside"):
            stage.agent.escheat(coupon, page, sender=stage.officer)
    before = stage.world.cash.balanceOf(stage.world.treasury)
    stage.agent.escheat(coupon, [blocked], sender=stage.officer)
    assert stage.evm.receipt.events("Escheated") == [
        {"paymentId": coupon, "holder": blocked, "units": LOT, "gross": GROSS}
    ]
    assert stage.world.cash.balanceOf(stage.world.treasury) == before + GROSS
    assert stage.agent.payoutOf(coupon, blocked) == ESCHEATED
    stage.block(blocked, False)
    with reverts("PaymentNothingOwed", coupon, blocked):
        stage.agent.claim(coupon, blocked, sender=blocked)
    stage.agent.claim(coupon, untried, sender=untried)
    assert stage.check(coupon).status == COMPLETED


def test_money_that_came_late_gives_the_holder_the_whole_period(stage: Stage) -> None:
    coupon = stage.announced()
    stage.agent.setEscheatPeriod(180 * DAY, sender=stage.world[Role.STEWARD])
    stage.evm.time = stage.agent.payment(coupon).due + 170 * DAY
    stage.fund(coupon)
    funded_at = stage.evm.time
    stage.block(stage.holders[0])
    stage.pay(coupon, stage.holders)
    stage.evm.time = funded_at + 180 * DAY - 1
    with reverts("PaymentNotEscheatable", coupon, funded_at + 180 * DAY):
        stage.agent.escheat(coupon, stage.holders[:1], sender=stage.officer)


def test_an_escheated_redemption_is_burnt_and_a_frozen_one_waits(stage: Stage) -> None:
    """The units show what was settled, so none of them may stay to be paid again."""
    bond, world = stage.bond, stage.world
    redemption = stage.agent.announce(bond, REDEMPTION, 0, world.cash, sender=stage.officer)
    stage.evm.time = stage.agent.payment(redemption).due
    stage.fund(redemption)
    frozen, other = stage.holders[:2]
    world.freeze(bond, frozen)
    stage.block(other)
    assert stage.pay(redemption, stage.holders) == in_page_order([frozen, other])
    stage.evm.time = stage.evm.time + stage.agent.escheatPeriod()
    with reverts("HoldingFrozen", frozen):
        stage.agent.escheat(redemption, [frozen], sender=stage.officer)
    stage.agent.escheat(redemption, [other], sender=stage.officer)
    assert stage.agent.payoutOf(redemption, other) == ESCHEATED
    assert bond.balanceOf(other) == 0
    stage.block(other, False)
    with reverts("PaymentNothingOwed", redemption, other):
        stage.agent.claim(redemption, other, sender=other)
    world.release(bond, frozen)
    stage.agent.claim(redemption, frozen, sender=frozen)
    assert stage.check(redemption).status == COMPLETED
    assert bond.totalSupply() == 0


def test_what_a_lost_wallet_was_owed_escheats_once_from_its_successor(stage: Stage) -> None:
    """Pitfalls 10 and 33."""
    bond, world = stage.bond, stage.world
    lost, heir = stage.holders[:2]
    redemption = stage.agent.announce(bond, REDEMPTION, 0, world.cash, sender=stage.officer)
    stage.evm.time = stage.agent.payment(redemption).recordAt
    found = lose(stage, lost, "found wallet")
    stage.evm.time = max(stage.evm.time, stage.agent.payment(redemption).due)
    stage.fund(redemption)
    stage.block(found)
    assert stage.pay(redemption, stage.holders) == [lost]
    stage.evm.time = stage.evm.time + stage.agent.escheatPeriod()
    stage.agent.escheat(redemption, [lost], sender=stage.officer)
    stage.block(found, False)
    for holder in (lost, found, heir):
        with reverts("PaymentNothingOwed", redemption, holder):
            stage.agent.claim(redemption, holder, sender=heir)
    with reverts("PaymentNotSetAside", redemption, lost):
        stage.agent.escheat(redemption, [lost], sender=stage.officer)
    assert (bond.totalSupply(), stage.received(found)) == (0, [0])
    assert stage.check(redemption).status == COMPLETED


def test_burns_under_other_references_release_what_a_redemption_kept(stage: Stage) -> None:
    bond, world = stage.bond, stage.world
    redemption = stage.agent.announce(bond, REDEMPTION, 0, world.cash, sender=stage.officer)
    stage.evm.time = stage.agent.payment(redemption).due
    stage.fund(redemption)
    bond["burn(address,uint256,bytes32)"](
        stage.holders[0], LOT, REFERENCE, sender=world[Role.MINTER]
    )
    assert stage.pay(redemption, stage.holders) == []
    state = stage.check(redemption)
    assert (state.status, state.reserved, state.residual) == (COMPLETED, 0, 100 * LOT)
    stage.agent.withdrawResidual(redemption, sender=stage.officer)
    assert stage.check(redemption).withdrawn == 100 * LOT


# ------------------------------------------------------------------------------------ kinds of cash


def other_cash(stage: Stage, contract: str, *arguments: int) -> tuple[Contract, bytes]:
    """Another cash token that the agent takes, and the coupon funded in it and due."""
    world, agent = stage.world, stage.agent
    cash = stage.evm.deploy(contract, *arguments, sender=world.admin)
    agent.approveCash(cash, 586, True, sender=world[Role.STEWARD])
    coupon = stage.announced(cash=cash)
    stage.evm.time = agent.payment(coupon).due
    due = agent.missing(coupon)
    cash.mint(world.treasury, due, sender=world.admin)
    cash.approve(agent, due, sender=world.treasury)
    agent.fund(coupon, due, sender=world.treasury)
    return cash, coupon


@pytest.mark.parametrize("decimals", [2, 6, 18])
def test_a_coupon_is_the_same_money_in_any_decimals(stage: Stage, decimals: int) -> None:
    """Pitfall 29: 5,250.00, less 15 % of it."""
    stage.world.tax(150_000)
    cash, coupon = other_cash(stage, "FakeCash", decimals)
    assert stage.pay(coupon, stage.holders) == []
    net = 4_462_50 * 10 ** (decimals - 2)
    assert [cash.balanceOf(holder) for holder in stage.holders] == [net] * 4
    state = stage.agent.payment(coupon)
    assert cash.balanceOf(stage.agent) == state.taxHeld == 4 * 787_50 * 10 ** (decimals - 2)


def test_a_coupon_is_paid_in_cash_whose_transfers_return_nothing(stage: Stage) -> None:
    cash, coupon = other_cash(stage, "SilentCash")
    assert stage.pay(coupon, stage.holders) == []
    assert [cash.balanceOf(holder) for holder in stage.holders] == [5_250 * 10**6] * 4


def test_a_fee_that_begins_after_the_funding_sets_all_aside_until_it_ends(stage: Stage) -> None:
    """Pitfall 32: what is told as paid was received."""
    cash, coupon = other_cash(stage, "FakeCash", 2)
    cash.setFee(100, sender=stage.world.admin)
    assert stage.pay(coupon, stage.holders) == list(stage.holders)
    with reverts("CashReceiptMismatch", cash, GROSS, GROSS * 99 // 100):
        stage.agent.claim(coupon, stage.holders[0], sender=stage.holders[0])
    cash.setFee(0, sender=stage.world.admin)
    assert stage.pay(coupon, stage.holders) == []
    assert [cash.balanceOf(holder) for holder in stage.holders] == [GROSS] * 4


def test_paused_cash_sets_all_aside_and_a_later_page_pays_all(stage: Stage) -> None:
    coupon, rupee = stage.funded(), stage.world.cash
    fiscal = stage.world[Role.FISCAL_AGENT]
    rupee.pause(sender=fiscal)
    assert stage.pay(coupon, stage.holders) == list(stage.holders)
    rupee.unpause(sender=fiscal)
    assert stage.pay(coupon, stage.holders) == []
    assert stage.check(coupon).status == COMPLETED
