"""A share of a toll road's revenue: declared, signed, restated, paid, called, ended."""

from __future__ import annotations

import json
from dataclasses import astuple, replace
from datetime import date
from functools import cache
from typing import Any

import pytest
from eth_account import Account
from eth_utils.crypto import keccak

from scripts._amanat import artifacts
from scripts._amanat.business_days import epoch_day, start_of_day_karachi
from scripts._amanat.waterfall import Figures
from tests.assets.periods import COUPON, REDEMPTION, morning, pay
from tests.assets.revenue import QUARTERS, REVENUE, STARTS, Road, Statement, day_of
from tests.evm import Actor, Contract, reverts
from tests.world import NOBODY, RevenueTerms, Role, WaterfallRule, World

QUARTER = Figures(1_000_00, 350_00, 150_00, 100_00)
"""Net 400, of which a quarter is 100."""
END = date(2030, 7, 1)


@pytest.fixture
def road(world: World) -> Road:
    return Road(world)


@pytest.fixture
def holder(road: Road) -> Actor:
    return road.give(holder=1_000)[0]


def quarter(net: int) -> Figures:
    """Figures that leave so many rupees."""
    return Figures(net * 100, 0, 0, 0)


# ---------------------------------------------------------------- what it is


@pytest.mark.parametrize("word", ["interest", "coupon", "dividend"])
def test_neither_its_abi_nor_what_a_wallet_shows_speaks_of_another_right(word: str) -> None:
    for contract in ("RevenueShare", "RevenueDesk"):
        told = artifacts.load(contract)
        assert word not in json.dumps([told.abi, told.userdoc]).lower()


def test_it_says_that_it_carries_no_vote_no_title_and_no_control(road: Road) -> None:
    rights = road.token.rights()
    for nothing in ("no vote", "no title", "no control"):
        assert nothing in rights
    assert road.token.terms().controlHash == RevenueTerms().control_hash
    notice = json.dumps(artifacts.load("RevenueShare").userdoc)
    assert "no vote, no title, no control" in notice


@pytest.mark.parametrize(
    "wrong",
    [
        *({field: bytes(32)} for field in ("asset_id", "account_hash", "control_hash")),
        *({field: bytes(32)} for field in ("term_sheet_hash", "calendar")),
        *({field: 0} for field in ("maximum_issue", "unit_face", "denomination")),
        {"auditor": NOBODY},
        {"waterfall": WaterfallRule(share=0)},
        {"waterfall": WaterfallRule(share=10_001)},
        {"waterfall": WaterfallRule(floor=2, cap=1)},
        {"waterfall": WaterfallRule(order=(0, 1, 1))},
        {"waterfall": WaterfallRule(order=(2, 0, 2))},
        {"revenue_from": epoch_day(END)},
        {"issue_date": epoch_day(END)},
        {"stated_maturity": epoch_day(date(2106, 2, 8))},
        {"record_notice_days": 367},
        {"payment_days": 367},
        {"call_notice_days": 367},
        {"calls": ((epoch_day(date(2027, 1, 1)), 0),)},
        {"calls": ((0, 1_100_000),)},
        {"calls": ((0, 0), (epoch_day(date(2027, 1, 1)), 1_100_000))},
        {"calls": ((epoch_day(date(2027, 1, 1)), 2), (epoch_day(date(2027, 1, 1)), 1))},
        {"calls": ((epoch_day(END), 1_100_000),)},
        {"calls": ((epoch_day(date(2025, 10, 2)), 1_100_000),)},
        {"calls": (), "call_notice_days": 1},
    ],
)
def test_terms_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with reverts("TermsUnsound"):
        untouched().revenue(**wrong)


@cache
def untouched() -> World:
    """For what is refused, and so changes nothing."""
    return World()


def test_a_purchase_costs_its_price_on_its_face(road: Road) -> None:
    """3 certificates of 1,000.00 at 101.2345 are 3,037.035, half-up 3,037.04."""
    assert road.token.costOf(3, 1_012_345, 2) == 3_037_04
    assert road.token.costOf(3, 1_012_345, 6) == 3_037_040_000
    assert road.token.currency() == 586


# ---------------------------------------------------------------- declaring


def test_a_quarter_is_declared_from_the_figures_that_the_auditor_signed(
    road: Road, holder: Actor
) -> None:
    number = road.declare(QUARTER)
    told = road.evm.receipt.events("Declared")[0]
    assert (told["pool"], told["carried"], told["split"].net) == (100_00, 0, 400_00)
    assert tuple(told["statement"].figures) == astuple(QUARTER)
    made = road.token.declaration(number)
    assert (made.pool, made.share, made.revision) == (100_00, 100_00, 0)
    assert (day_of(made.periodStart), day_of(made.periodEnd)) == (STARTS, QUARTERS[0])
    assert made.auditedHash == keccak(text="audited statement")
    assert road.token.nextPeriodStart() == epoch_day(QUARTERS[0])
    assert tuple(road.token.waterfallOf(astuple(QUARTER))) == (
        350_00, 150_00, 100_00, 400_00, 100_00, 300_00
    )  # fmt: skip


def test_a_pot_is_floored_for_each_holder(world: World) -> None:
    """The programme's own example: 7 of 3,000,000, a pool of 100,000,000.00: 233.33."""
    road = Road(world)
    few, rest = road.give(few=7, rest=2_999_993)
    number = road.declare(quarter(400_000_000))
    assert road.token.declaration(number).pool == 100_000_000_00
    assert road.token.obligationAmount(REVENUE, number, 7, 2) == 233_33
    assert road.pay(number, few, rest) == [233_33, 99_999_766_66]
    payment = world.paying_agent.paymentIdOf(road.token, REVENUE, number)
    assert world.paying_agent.payment(payment).residual == 1


@pytest.mark.parametrize("decimals", [2, 6, 18])
def test_the_pool_is_the_same_money_in_every_cash(road: Road, holder: Actor, decimals: int) -> None:
    number = road.declare(QUARTER)
    owed = road.token.entitlement(REVENUE, number, decimals)
    assert tuple(owed) == (1_000, 100 * 10**decimals, 100 * 10**decimals)
    assert road.token.taxableAmount(REVENUE, number, 1, decimals) == 10**decimals // 10


def test_only_the_fiscal_agent_declares(road: Road, holder: Actor) -> None:
    road.reach(QUARTERS[0])
    for officer in strangers(road, Role.FISCAL_AGENT):
        with reverts("AccessManagedUnauthorized", officer):
            road.put(road.statement(0, QUARTER), road.today + 5, road.today + 8, sender=officer)


def strangers(road: Road, role: Role) -> list[Actor]:
    """Everybody but the holder of a role."""
    others = [officer for held, officer in road.world.officers.items() if held is not role]
    return [*others, road.world.admin, road.auditor]


def attempt(road: Road, statement: Statement, **by: Any) -> None:
    road.put(statement, road.today + 5, road.today + 8, **by)


def test_no_other_signature_will_do(road: Road, holder: Actor) -> None:
    """Nor the auditor's own for other figures, another period, another series, another turn."""
    road.reach(QUARTERS[0])
    right, wrong = road.statement(0, QUARTER), ("StatementSignatureInvalid", road.auditor)
    with reverts(*wrong):
        attempt(road, right, signature=road.sign(right, holder))
    for changed in (
        replace(right, figures=(1_001_00, 350_00, 150_00, 100_00)),
        replace(right, figures=(1_000_00, 150_00, 350_00, 100_00)),
        replace(right, end=right.end - 1),
        replace(right, audited=keccak(text="another audit")),
    ):
        with reverts(*wrong):
            attempt(road, changed, signature=road.sign(right))
    other = Road(road.world)
    assert other.token.name() == road.token.name()
    with reverts(*wrong):
        attempt(road, right, signature=other.sign(right))
    for cut in (b"", road.sign(right)[:64]):
        with reverts(*wrong):
            road.token.declare(
                astuple(right), road.today + 5, road.today + 8, cut, sender=road.officer
            )
    attempt(road, right)


def test_the_digest_is_what_typed_data_gives(road: Road) -> None:
    statement = road.statement(0, QUARTER)
    digest = road.token.statementDigest(astuple(statement))
    assert Account._recover_hash(digest, signature=road.sign(statement)) == road.auditor


def test_an_auditor_can_be_a_contract(world: World) -> None:
    """ERC-1271: the audit office's Safe, whose keys can change."""
    wallet = world.evm.deploy("FakeWallet", sender=world.admin)
    road = Road(world, auditor=wallet.address)
    road.give(holder=5)
    road.reach(QUARTERS[0])
    statement = road.statement(0, QUARTER)
    with reverts("StatementSignatureInvalid", wallet):
        attempt(road, statement, signature=b"any")
    wallet.accept(road.token.statementDigest(astuple(statement)), sender=world.admin)
    attempt(road, statement, signature=b"any")
    assert road.token.declarationCount() == 1


def test_a_statement_is_declared_once_and_in_its_turn(road: Road, holder: Actor) -> None:
    road.declare(QUARTER)
    first = road.statement(0, QUARTER)
    with reverts("StatementOutOfTurn", 0, 0, 1, 0):
        attempt(road, first)
    road.reach(QUARTERS[2])
    with reverts("StatementOutOfTurn", 2, 0, 1, 0):
        attempt(road, road.statement(2, QUARTER))
    with reverts("StatementOutOfTurn", 1, 1, 1, 0):
        attempt(road, road.statement(1, QUARTER, revision=1))


def test_periods_follow_one_another_without_a_gap(road: Road, holder: Actor) -> None:
    begins, ends = epoch_day(STARTS), epoch_day(QUARTERS[0])
    road.reach(QUARTERS[1])
    for start, end in ((begins + 1, ends), (begins - 1, ends), (begins, begins), (begins, 1)):
        with reverts("StatementPeriodInvalid", start, end, begins):
            attempt(road, road.statement(0, QUARTER, start=start, end=end))
    beyond = epoch_day(END) + 1
    with reverts("StatementPeriodInvalid", begins, beyond, begins):
        attempt(road, road.statement(0, QUARTER, end=beyond))


def test_a_period_is_declared_when_it_is_over(road: Road, holder: Actor) -> None:
    over = start_of_day_karachi(QUARTERS[0])
    road.evm.time = over - 1
    with reverts("StatementPeriodNotOver", epoch_day(QUARTERS[0])):
        attempt(road, road.statement(0, QUARTER))
    road.evm.time = over
    attempt(road, road.statement(0, QUARTER))


def test_figures_without_an_audit_are_none(road: Road, holder: Actor) -> None:
    road.reach(QUARTERS[0])
    with reverts("StatementWithoutAudit"):
        attempt(road, road.statement(0, QUARTER, audited=bytes(32)))


def test_nothing_is_declared_to_nobody(road: Road) -> None:
    road.reach(QUARTERS[0])
    with reverts("DeclarationToNobody"):
        attempt(road, road.statement(0, QUARTER))


def test_units_that_are_bought_back_before_the_record_date_leave_nobody_owed(
    road: Road, holder: Actor
) -> None:
    number = road.declare(QUARTER)
    road.world.burn(road.token, holder, 1_000)
    assert road.token.obligationAmount(REVENUE, number, 0, 2) == 0
    assert tuple(road.token.entitlement(REVENUE, number, 2)) == (1, 100_00, 100_00)


# ---------------------------------------------------------------- record dates


def test_the_record_date_leaves_the_notice_of_the_terms(road: Road, holder: Actor) -> None:
    """Pitfall 46: in the future when announced, spaced, and bounded."""
    road.reach(QUARTERS[0])
    statement, earliest = road.statement(0, QUARTER), road.today + 5
    latest = epoch_day(END) - 1
    for day in (earliest - 1, road.today, 0, latest + 1, latest + 100):
        with reverts("RecordDayInvalid", day, earliest, latest):
            road.put(statement, day, day + 1)
    road.put(statement, earliest, earliest)
    assert road.evm.receipt.events("RecordDateAnnounced") == [
        {"recordId": 0, "at": start_of_day_karachi(day_of(earliest))}
    ]
    road.reach(QUARTERS[1])


def test_without_notice_in_the_terms_it_is_tomorrow_at_the_earliest(world: World) -> None:
    road = Road(world, record_notice_days=0)
    road.give(holder=1)
    road.reach(QUARTERS[0])
    tomorrow = road.today + 1
    with reverts("RecordDayInvalid", road.today, tomorrow, epoch_day(END) - 1):
        road.put(road.statement(0, QUARTER), road.today, tomorrow)
    road.put(road.statement(0, QUARTER), tomorrow, tomorrow)


def test_payment_follows_the_record_date_within_the_days_of_the_terms(
    road: Road, holder: Actor
) -> None:
    road.reach(QUARTERS[0])
    statement, record = road.statement(0, QUARTER), road.today + 5
    for day in (record - 1, record + 31):
        with reverts("PayDayInvalid", day, record, record + 30):
            road.put(statement, record, day)
    road.put(statement, record, record + 30)


def test_two_declarations_keep_their_own_record_dates(road: Road, holder: Actor) -> None:
    road.reach(QUARTERS[1])
    road.put(road.statement(0, QUARTER), road.today + 20, road.today + 21)
    earliest = road.today + 21
    with reverts("RecordDayInvalid", road.today + 5, earliest, epoch_day(END) - 1):
        attempt(road, road.statement(1, QUARTER))
    road.put(road.statement(1, QUARTER), earliest, earliest)
    dates = [start_of_day_karachi(day_of(day)) for day in (earliest - 1, earliest)]
    assert road.token.recordDates() == [*dates, start_of_day_karachi(END)]
    for number, at in enumerate(dates):
        told = road.token.obligation(REVENUE, number)
        assert (told.recordId, told.recordAt) == (number, at)
    with reverts("RecordDatesAreTerms"):
        road.token.announceRecordDate(road.evm.time + 86_400, sender=road.world[Role.ISSUER])


def test_each_of_two_pending_record_dates_sees_its_own_holders(world: World) -> None:
    road = Road(world)
    alice, bob = road.give(alice=1_000, bob=0)
    road.reach(QUARTERS[1])
    for number, day in ((0, road.today + 10), (1, road.today + 20)):
        road.put(road.statement(number, QUARTER), day, day)
    for number in (0, 1):
        road.token.transfer(bob, 100, sender=alice)
        road.evm.time = road.token.obligation(REVENUE, number).recordAt
    road.token.transfer(bob, 100, sender=alice)
    held = [[road.token.balanceOfAt(each, n) for each in (alice, bob)] for n in (0, 1)]
    assert held == [[900, 100], [800, 200]]
    assert road.pay(1, alice, bob) == [80_00, 20_00]
    assert road.pay(0, alice, bob) == [90_00, 10_00]


def test_there_is_an_end_to_the_record_dates_that_a_series_can_have(world: World) -> None:
    """Eight bits number them, the end's included (pitfall 46)."""
    road = Road(world, revenue_from=epoch_day(date(2026, 1, 1)), record_notice_days=0)
    (holder,) = road.give(holder=1)
    first, most = epoch_day(date(2026, 1, 1)), 249
    road.evm.time = start_of_day_karachi(day_of(first + most + 1))

    def daily(number: int) -> None:
        day = first + number
        statement = Statement(number, 0, day, day + 1, astuple(QUARTER))
        road.put(statement, road.today + 1 + number, road.today + 1 + number)

    for number in range(most):
        daily(number)
    with reverts("DeclarationsExhausted", most):
        daily(most)
    assert len(road.token.recordDates()) == most + 1
    road.evm.time = start_of_day_karachi(END)
    assert road.token.obligation(REDEMPTION, 0).recordId == most
    assert road.token.balanceOfAt(holder, most) == 1


def test_who_holds_at_the_record_date_is_paid_and_nobody_else(world: World) -> None:
    """Pitfall 28; a transfer in the very second of the record date comes too late."""
    road = Road(world)
    seller, buyer, late = road.give(seller=500, buyer=500, late=1)
    number = road.declare(QUARTER)
    record_at = road.token.obligation(REVENUE, number).recordAt
    road.evm.time = record_at - 1
    road.token.transfer(buyer, 250, sender=seller)
    road.evm.time = record_at
    road.token.transfer(late, 250, sender=seller)
    assert [road.token.balanceOfAt(each, number) for each in (seller, buyer, late)] == [
        *(250, 750, 1)
    ]
    received = road.pay(number, seller, buyer, late)
    assert received == [100_00 * units // 1_001 for units in (250, 750, 1)]


def test_the_day_of_payment_moves_off_a_closed_day(road: Road, holder: Actor) -> None:
    """Sunday 11-Jan-2026 is paid on Monday."""
    number = road.declare(QUARTER, record=date(2026, 1, 9), paid=date(2026, 1, 11))
    assert road.token.obligation(REVENUE, number).due == start_of_day_karachi(date(2026, 1, 12))


def test_next_is_the_first_declaration_whose_day_has_not_come(road: Road, holder: Actor) -> None:
    assert tuple(road.token.nextPayment())[:2] == (REDEMPTION, 0)
    first = road.declare(QUARTER)
    told = road.token.nextPayment()
    assert (told.kind, told.number) == (REVENUE, first)
    assert tuple(told.when) == tuple(road.token.obligation(REVENUE, first))
    second = road.declare(QUARTER)
    assert (road.token.nextPayment().kind, road.token.nextPayment().number) == (REVENUE, second)
    road.evm.time = road.token.obligation(REVENUE, second).due
    assert tuple(road.token.nextPayment())[:2] == (REDEMPTION, 0)


@pytest.mark.parametrize(("kind", "number"), [(COUPON, 0), (REDEMPTION, 1), (3, 0)])
def test_it_owes_nothing_else(road: Road, kind: int, number: int) -> None:
    with reverts("ObligationUnknown", kind, number):
        road.token.obligation(kind, number)
    with reverts("ObligationUnknown", kind, number):
        road.token.entitlement(kind, number, 2)
    with reverts("DeclarationUnknown", 0):
        road.token.obligation(REVENUE, 0)


def test_tax_is_withheld_from_revenue_by_its_own_kind(road: Road, holder: Actor) -> None:
    rows = [((REVENUE, 0, True), 150_000, False, 0), ((REVENUE, 0, False), 100_000, False, 0)]
    road.world.withholding.setRates(rows, sender=road.world[Role.TAX_AGENT])
    number = road.declare(QUARTER)
    assert road.pay(number, holder) == [85_00]
    payment = road.world.paying_agent.paymentIdOf(road.token, REVENUE, number)
    assert road.world.paying_agent.payment(payment).taxHeld == 15_00


# ---------------------------------------------------------------- restatements


def test_a_restatement_downwards_comes_off_the_next_declaration(road: Road, holder: Actor) -> None:
    first = road.declare(quarter(400))
    road.restate(first, quarter(360))
    told = road.evm.receipt.events("Restated")[0]
    assert (told["revision"], told["difference"], told["carried"]) == (1, -10_00, -10_00)
    assert road.token.carried() == -10_00
    made = road.token.declaration(first)
    assert (made.pool, made.share, made.revision) == (100_00, 90_00, 1)
    assert road.pay(first, holder) == [100_00], "what was declared is paid"
    second = road.declare(quarter(400))
    assert (road.token.declaration(second).pool, road.token.carried()) == (90_00, 0)
    assert road.pay(second, holder) == [90_00]


def test_a_restatement_upwards_is_added_to_the_next_declaration(road: Road, holder: Actor) -> None:
    first = road.declare(quarter(400))
    road.restate(first, quarter(440))
    second = road.declare(quarter(100))
    assert road.token.declaration(second).pool == 25_00 + 10_00
    assert (road.token.declaration(second).share, road.token.carried()) == (25_00, 0)


def test_what_was_paid_too_much_is_carried_on_and_never_claimed_back(
    road: Road, holder: Actor
) -> None:
    first = road.declare(quarter(400))
    road.restate(first, quarter(0))
    pools = [road.declare(quarter(160)) for _ in range(3)]
    assert [road.token.declaration(n).pool for n in pools] == [0, 0, 20_00]
    assert road.token.carried() == 0


def test_a_statement_is_restated_again_by_its_next_revision(road: Road, holder: Actor) -> None:
    first = road.declare(quarter(400))
    road.restate(first, quarter(360))
    stale = road.statement(first, quarter(360), revision=1)
    with reverts("StatementOutOfTurn", 0, 1, 0, 2):
        road.token.restate(astuple(stale), road.sign(stale), sender=road.officer)
    road.restate(first, quarter(480))
    assert (road.token.carried(), road.token.declaration(first).revision) == (20_00, 2)


def test_a_restatement_is_of_a_declared_period_and_signed(road: Road, holder: Actor) -> None:
    first = road.declare(quarter(400))
    unknown = road.statement(1, quarter(1), revision=1)
    with reverts("DeclarationUnknown", 1):
        road.token.restate(astuple(unknown), road.sign(unknown), sender=road.officer)
    right = road.statement(first, quarter(360), revision=1)
    for changed in (replace(right, end=right.end + 1), replace(right, start=right.start + 1)):
        with reverts("StatementPeriodInvalid", changed.start, changed.end, right.start):
            road.token.restate(astuple(changed), road.sign(changed), sender=road.officer)
    with reverts("StatementSignatureInvalid", road.auditor):
        road.token.restate(astuple(right), road.sign(right, holder), sender=road.officer)
    bare = replace(right, audited=bytes(32))
    with reverts("StatementWithoutAudit"):
        road.token.restate(astuple(bare), road.sign(bare), sender=road.officer)


def test_only_the_fiscal_agent_restates(road: Road, holder: Actor) -> None:
    first = road.declare(quarter(400))
    right = road.statement(first, quarter(360), revision=1)
    for officer in strangers(road, Role.FISCAL_AGENT):
        with reverts("AccessManagedUnauthorized", officer):
            road.token.restate(astuple(right), road.sign(right), sender=officer)


def test_cap_and_floor_are_of_each_period_and_what_is_carried_comes_on_top(world: World) -> None:
    road = Road(world, waterfall=WaterfallRule(floor=50_00, cap=100_00))
    road.give(holder=10)
    first = road.declare(quarter(400))
    road.restate(first, quarter(4_000))
    assert road.token.carried() == 0, "capped before and after"
    road.restate(first, quarter(100))
    assert road.token.carried() == -50_00, "the floor, and not a quarter of the net"
    second = road.declare(quarter(1_000))
    assert road.token.declaration(second).pool == 50_00


# ---------------------------------------------------------------- the end


def brief(world: World, end: date, **terms: Any) -> Road:
    """A road whose term is short, and which nobody calls."""
    return Road(world, stated_maturity=epoch_day(end), calls=(), call_notice_days=0, **terms)


def called(road: Road, day: date, when: date | None = None) -> Contract:
    road.reach(when or date(2027, 3, 1))
    road.token.call(epoch_day(day), keccak(text="decision"), sender=road.world[Role.ISSUER])
    return road.token


@pytest.mark.parametrize(
    ("day", "price"),
    [(date(2027, 5, 1), 1_100_000), (date(2027, 12, 31), 1_100_000), (date(2028, 1, 1), 1_050_000)],
)
def test_the_issuer_calls_at_the_price_of_the_schedule(
    road: Road, holder: Actor, day: date, price: int
) -> None:
    token = called(road, day)
    assert road.evm.receipt.events("Called") == [
        {"day": epoch_day(day), "price": price, "decision": keccak(text="decision")}
    ]
    assert (token.calledFor(), token.lastDay()) == (epoch_day(day), epoch_day(day))
    at = start_of_day_karachi(day)
    with reverts("TermNotOver", at):
        token.obligation(REDEMPTION, 0)
    road.evm.time = at
    assert tuple(token.obligation(REDEMPTION, 0))[:2] == (0, at)
    with reverts("SeriesMatured"):
        token.transfer(road.world.treasury, 1, sender=holder)
    face = 1_000 * 1_000_00
    paid = face * price // 1_000_000
    assert token.taxableAmount(REDEMPTION, 0, 1_000, 2) == paid - face
    assert pay(road.world, token, REDEMPTION, 0, holder) == [paid]
    assert token.totalSupply() == 0


def test_a_call_below_the_face_is_no_income(world: World) -> None:
    road = Road(world, calls=((epoch_day(date(2027, 1, 1)), 990_000),))
    road.give(holder=1)
    called(road, date(2027, 6, 1))
    assert road.token.taxableAmount(REDEMPTION, 0, 1, 2) == 0
    assert road.token.obligationAmount(REDEMPTION, 0, 1, 2) == 990_00


def test_only_the_issuer_calls(road: Road) -> None:
    for officer in strangers(road, Role.ISSUER):
        with reverts("AccessManagedUnauthorized", officer):
            road.token.call(epoch_day(date(2027, 6, 1)), bytes(32), sender=officer)


def test_a_call_keeps_to_the_schedule_and_its_notice(road: Road, holder: Actor) -> None:
    issuer, decision = road.world[Role.ISSUER], keccak(text="decision")
    for day in (date(2026, 12, 31), END, date(2031, 1, 1)):
        with reverts("NotCallable", epoch_day(day)):
            road.token.call(epoch_day(day), decision, sender=issuer)
    day = epoch_day(date(2027, 6, 1))
    last = start_of_day_karachi(date(2027, 5, 3)) - 1
    with road.evm.snapshot():
        road.evm.time = last + 1
        with reverts("CallTooLate", day, last):
            road.token.call(day, decision, sender=issuer)
    road.evm.time = last
    road.token.call(day, decision, sender=issuer)
    with reverts("AlreadyCalled", day):
        road.token.call(day + 1, decision, sender=issuer)


def test_without_notice_in_the_terms_a_call_is_for_tomorrow_at_the_earliest(world: World) -> None:
    road = Road(world, call_notice_days=0)
    road.give(holder=1)
    day, issuer = date(2027, 6, 1), world[Role.ISSUER]
    road.evm.time = start_of_day_karachi(day)
    with reverts("CallTooLate", epoch_day(day), start_of_day_karachi(day) - 1):
        road.token.call(epoch_day(day), bytes(32), sender=issuer)
    road.token.call(epoch_day(day) + 1, bytes(32), sender=issuer)


def test_a_series_without_a_schedule_is_never_called(world: World) -> None:
    road = Road(world, calls=(), call_notice_days=0)
    with reverts("NotCallable", epoch_day(date(2027, 6, 1))):
        road.token.call(epoch_day(date(2027, 6, 1)), bytes(32), sender=world[Role.ISSUER])


def test_a_call_stands_behind_the_record_dates_that_were_declared(
    road: Road, holder: Actor
) -> None:
    """And no later record date passes it."""
    for _ in QUARTERS[:5]:
        road.declare(QUARTER)
    record = date(2027, 4, 20)
    number = road.declare(QUARTER, record=record)
    for day in (record, date(2027, 4, 19)):
        with reverts("NotCallable", epoch_day(day)):
            road.token.call(epoch_day(day), bytes(32), sender=road.world[Role.ISSUER])
    called(road, date(2027, 7, 2))
    dates = road.token.recordDates()
    assert dates[-1] == start_of_day_karachi(date(2027, 7, 2))
    assert dates[-2] == road.token.obligation(REVENUE, number).recordAt
    with road.evm.snapshot():
        road.reach(QUARTERS[6])
        earliest, latest = road.today + 5, epoch_day(date(2027, 7, 1))
        with reverts("RecordDayInvalid", earliest, earliest, latest):
            attempt(road, road.statement(6, QUARTER))
    other = road.world.investor("other")
    road.evm.time = dates[-2]
    road.token.transfer(other, 1, sender=holder)
    assert road.token.balanceOfAt(holder, number) == 1_000
    road.evm.time = dates[-1]
    with reverts("SeriesMatured"):
        road.token.transfer(other, 1, sender=holder)
    assert road.token.balanceOfAt(holder, number + 1) == 999


def test_the_end_stands_behind_every_declaration_of_the_term(world: World) -> None:
    end = QUARTERS[3]
    road = brief(world, end, end_price=1_000_000)
    alice, bob = road.give(alice=300, bob=700)
    for _ in range(3):
        road.declare(QUARTER)
    road.evm.time = road.token.obligation(REVENUE, 2).recordAt
    road.token.transfer(bob, 100, sender=alice)
    road.reach(end)
    assert road.token.obligation(REDEMPTION, 0).recordId == 3
    assert pay(world, road.token, REDEMPTION, 0, alice, bob) == [200_000_00, 800_000_00]
    assert road.token.totalSupply() == 0
    number = road.declare(QUARTER, record=end)
    assert road.token.obligation(REVENUE, number).recordId == 3
    assert road.pay(number, alice, bob) == [20_00, 80_00], "burnt meanwhile, and owed all the same"
    assert road.pay(0, alice, bob) == [30_00, 70_00]


def test_the_last_quarter_is_declared_once_the_term_is_over(world: World) -> None:
    road = Road(world, revenue_from=epoch_day(date(2030, 4, 1)), end_price=1_000_000)
    alice, bob = road.give(alice=300, bob=700)
    early = Statement(0, 0, epoch_day(date(2030, 4, 1)), epoch_day(END), astuple(QUARTER))
    road.evm.time = start_of_day_karachi(END)
    last = epoch_day(END)
    for day in (last - 1, last + 5):
        with reverts("RecordDayInvalid", day, last, last):
            road.put(early, day, last)
    for day in (last - 1, last + 31):
        with reverts("PayDayInvalid", day, last, last + 30):
            road.put(early, last, day)
    road.put(early, last, last + 1)
    told = road.token.obligation(REVENUE, 0)
    assert (told.recordId, told.recordAt) == (0, start_of_day_karachi(END))
    assert road.token.obligation(REDEMPTION, 0).recordId == 0
    assert pay(world, road.token, REDEMPTION, 0, alice, bob) == [300_000_00, 700_000_00]
    assert road.pay(0, alice, bob) == [30_00, 70_00]


def test_what_is_still_carried_after_the_last_quarter_reaches_the_holders(world: World) -> None:
    road = Road(world, revenue_from=epoch_day(date(2030, 4, 1)))
    (holder,) = road.give(holder=10)
    last = epoch_day(END)
    road.evm.time = morning(END)
    statement = Statement(0, 0, epoch_day(date(2030, 4, 1)), last, astuple(quarter(400)))
    road.put(statement, last, last + 1)
    closing = Statement(1, 0, last, last, astuple(quarter(0)))
    with reverts("StatementPeriodInvalid", last, last, last):
        road.put(closing, last, last + 1)
    restated = replace(statement, revision=1, figures=astuple(quarter(440)))
    road.token.restate(astuple(restated), road.sign(restated), sender=road.officer)
    road.put(closing, last, last + 1)
    assert (road.token.declaration(1).pool, road.token.carried()) == (10_00, 0)
    assert road.pay(1, holder) == [10_00]


def test_certificates_lapse_where_the_terms_pay_nothing_at_the_end(
    road: Road, holder: Actor
) -> None:
    road.evm.time = start_of_day_karachi(END)
    assert road.token.obligationAmount(REDEMPTION, 0, 1_000, 2) == 0
    agent, world = road.world.paying_agent, road.world
    payment = agent.announce(road.token, REDEMPTION, 0, world.cash, sender=world[Role.PAYING_AGENT])
    agent.pay(payment, [holder], sender=world[Role.PAYING_AGENT])
    assert (road.token.totalSupply(), world.cash.balanceOf(holder)) == (0, 0)


def test_nothing_is_paid_back_before_the_end(road: Road, holder: Actor) -> None:
    """Nor announced: until then a declaration may still take a record date before it."""
    world = road.world
    with reverts("TermNotOver", start_of_day_karachi(END)):
        world.paying_agent.announce(
            road.token, REDEMPTION, 0, world.cash, sender=world[Role.PAYING_AGENT]
        )
    with reverts("TermNotOver", start_of_day_karachi(END)):
        road.token.redeem(holder, 1, bytes(32), sender=world[Role.REDEEMER])
