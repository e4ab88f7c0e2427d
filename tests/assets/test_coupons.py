"""Coupons and rentals, from the terms to the holder's cash: the published figures."""

from __future__ import annotations

from datetime import date

import pytest

from scripts._amanat.business_days import epoch_day, start_of_day_karachi
from tests.assets.periods import COUPON, REDEMPTION, RENTAL, morning, pay
from tests.evm import Actor, reverts
from tests.world import (
    ACT_365,
    AS_IT_FALLS,
    DISCOUNT,
    MODIFIED_FOLLOWING,
    THIRTY_360,
    BondTerms,
    Role,
    World,
)

ISSUED = date(2025, 11, 6)


def test_a_bond_pays_its_published_coupons_and_its_face(
    world: World, alice: Actor, bob: Actor
) -> None:
    """10.5 % on 1,000,000 of face pays 52,500.00 each half-year, whatever the days; what is sold
    on the record date is sold without the coupon (pitfall 28)."""
    bond = world.bond()
    world.evm.time = morning(ISSUED)
    world.mint(bond, alice, 1_000_000)
    world.mint(bond, bob, 100_000)
    assert [bond.obligationAmount(COUPON, n, 1_000_000, 2) for n in range(6)] == [52_500_00] * 6
    world.evm.time = start_of_day_karachi(date(2026, 1, 10))
    bond.transfer(bob, 1_000_000, sender=alice)  # in the very second: too late for this coupon
    assert pay(world, bond, COUPON, 0, alice, bob) == [52_500_00, 5_250_00]
    assert world.evm.time == start_of_day_karachi(date(2026, 1, 19))  # the 17th is a Saturday
    assert pay(world, bond, COUPON, 1, alice, bob) == [0, 57_750_00]
    for number in (2, 3, 4, 5):
        assert pay(world, bond, COUPON, number, bob) == [57_750_00]
    assert pay(world, bond, REDEMPTION, 0, bob) == [1_100_000_00]
    assert bond.totalSupply() == 0


def test_the_price_of_a_reopened_bond_is_the_published_one(world: World) -> None:
    """PIB 10.5 % of 17-Jul-2028, settled 6-Nov-2025: accrued 3.195652 (112/184), dirty
    100.920052 at the auction's 97.7244."""
    bond = world.bond()
    world.evm.time = morning(ISSUED)
    assert bond.accruedPer100() == 3_195_652
    assert bond.dirtyPrice(977_244) == 100_920_052
    assert bond.cleanPrice(100_920_052) == 977_244
    assert bond.costOf(1_000_000, 977_244, 2) == 977_244_00 + 31_956_52
    assert bond.accruedUp(1_000_000, 2) == 31_956_53
    assert bond.accruedUp(1_000_000, 18) == 31_956_521739130434782609  # 31,956.52173913…


def test_a_rental_is_the_published_figure(world: World, alice: Actor) -> None:
    """11 % on 100,000 over 184 days of ACT/365 is 5,545.21, half-up (pitfall 56)."""
    sukuk = world.sukuk(
        stated_maturity=epoch_day(date(2028, 7, 17)), accrual_start=epoch_day(date(2025, 7, 17))
    )
    world.evm.time = morning(ISSUED)
    world.mint(sukuk, alice, 300_000)
    assert sukuk.obligationAmount(RENTAL, 0, 100_000, 2) == 5_545_21
    assert pay(world, sukuk, RENTAL, 0, alice) == [3 * 5_545_21]


def test_an_international_bond_is_paid_by_30_360(world: World) -> None:
    """7.375 % on USD 200,000 from 8-Oct-2025 to 23-Feb-2026, 135 days: 5,531.25."""
    bond = world.bond(
        stated_maturity=epoch_day(date(2030, 2, 23)),
        accrual_start=epoch_day(date(2025, 10, 8)),
        issue_date=epoch_day(date(2025, 10, 8)),
        day_count=THIRTY_360,
        accrued_day_count=THIRTY_360,
        rate=73_750,
        currency=840,
        denomination=200_000,
        calculation_amount=200_000,
    )
    assert bond.obligationAmount(COUPON, 0, 200_000, 2) == 5_531_25
    assert bond.obligationAmount(COUPON, 1, 200_000, 2) == 7_375_00
    assert bond.currency() == 840


@pytest.mark.parametrize(("decimals", "unit"), [(2, 1), (6, 10**4), (18, 10**16)])
def test_whole_lots_add_up_exactly_and_an_odd_holding_is_floored(
    world: World, decimals: int, unit: int
) -> None:
    """Pitfalls 29, 30 and 56: half-up on a calculation amount, down on a share of it."""
    sukuk = world.sukuk(
        stated_maturity=epoch_day(date(2028, 7, 17)), accrual_start=epoch_day(date(2025, 7, 17))
    )
    for lots in (1, 3, 1_000):
        whole = sukuk.obligationAmount(RENTAL, 0, 100_000 * lots, decimals)
        assert whole == 5_545_21 * lots * unit
    assert sukuk.obligationAmount(RENTAL, 0, 1, decimals) == 5_545_21 * unit // 100_000
    owed = sukuk.entitlement(RENTAL, 0, decimals)
    assert (owed.units, owed.amount, owed.taxable) == (100_000, 5_545_21 * unit, 5_545_21 * unit)


def test_a_payment_on_a_closed_day_comes_by_the_convention(world: World) -> None:
    """The 31st of May 2026 is a Sunday; accruals and record dates run to it all the same."""
    dates = {
        "stated_maturity": epoch_day(date(2028, 5, 31)),
        "accrual_start": epoch_day(date(2025, 11, 30)),
        "issue_date": epoch_day(date(2025, 12, 1)),
    }
    paid = {}
    for convention in (AS_IT_FALLS, 1, MODIFIED_FOLLOWING):
        bond = world.bond(business_days=convention, **dates)
        when = bond.obligation(COUPON, 0)
        assert when.recordAt == start_of_day_karachi(date(2026, 5, 24))
        paid[convention] = when.due
    assert paid == {
        AS_IT_FALLS: start_of_day_karachi(date(2026, 5, 31)),
        1: start_of_day_karachi(date(2026, 6, 1)),
        MODIFIED_FOLLOWING: start_of_day_karachi(date(2026, 5, 29)),
    }


def test_no_payment_is_brought_forward_to_before_its_record_date(world: World) -> None:
    """Modified following at a month's end, without record days: Sunday's holders are paid on
    Sunday, since nobody knows them on Friday."""
    bond = world.bond(
        stated_maturity=epoch_day(date(2026, 5, 31)),
        accrual_start=epoch_day(date(2025, 11, 30)),
        issue_date=epoch_day(date(2025, 12, 1)),
        business_days=MODIFIED_FOLLOWING,
        record_days=0,
    )
    sunday = start_of_day_karachi(date(2026, 5, 31))
    assert tuple(bond.obligation(COUPON, 0)) == (0, sunday, sunday)
    assert tuple(bond.obligation(REDEMPTION, 0)) == (1, sunday, sunday)
    assert bond.period(0).due == sunday


def test_a_newer_calendar_moves_only_what_is_still_to_come(world: World) -> None:
    bond = world.bond()
    world.evm.time = morning(date(2026, 7, 16))
    assert bond.obligation(COUPON, 1).due == start_of_day_karachi(date(2026, 7, 17))
    known = [date(2026, 2, 5), date(2026, 3, 23)]
    world.set_holidays(2026, [*known, date(2026, 7, 17)])
    assert bond.obligation(COUPON, 1).due == start_of_day_karachi(date(2026, 7, 20))
    world.evm.time = morning(date(2026, 7, 17))
    with reverts("CalendarDayPassed"):
        world.set_holidays(2026, known)


def test_where_no_calendar_reaches_the_schedule_says_so_and_nothing_can_be_announced(
    world: World,
) -> None:
    bond = world.bond(stated_maturity=epoch_day(date(2031, 7, 17)))
    assert [bool(each.due) for each in bond.schedule()] == [True] * 10 + [False] * 2
    with reverts("CalendarNotCovered", year=2031):
        bond.obligation(COUPON, 11)
    with reverts("CalendarNotCovered", year=2031):
        bond.obligation(REDEMPTION, 0)


def test_a_zero_coupon_bond_owes_its_face_alone_and_its_discount_is_income(
    world: World, alice: Actor
) -> None:
    """PIB zero of 17-Jul-2027, a Saturday: 83.1943 at the auction, paid on the Monday."""
    bond = world.bond(
        rate_type=DISCOUNT,
        frequency=0,
        rate=0,
        stated_maturity=epoch_day(date(2027, 7, 17)),
        issue_price=831_943,
        accrual_start=epoch_day(ISSUED),
    )
    world.evm.time = morning(ISSUED)
    world.mint(bond, alice, 1_000_000)
    assert (bond.periodCount(), bond.schedule(), bond.accruedPer100()) == (0, [], 0)
    assert bond.costOf(1_000_000, 831_943, 2) == 831_943_00
    assert bond.accruedUp(1_000_000, 2) == 0
    assert bond.taxableAmount(REDEMPTION, 0, 1_000_000, 2) == 168_057_00
    with reverts("ObligationUnknown", COUPON, 0):
        bond.obligation(COUPON, 0)
    with reverts("RateNotVariable"):
        bond.resetRate.call(1, 1, 0, bytes(31) + b"1", sender=world[Role.FISCAL_AGENT])
    assert bond.recordDates() == [start_of_day_karachi(date(2027, 7, 17))]
    assert pay(world, bond, REDEMPTION, 0, alice) == [1_000_000_00]
    assert world.evm.time == start_of_day_karachi(date(2027, 7, 19))


def test_the_redemption_of_a_coupon_bond_is_no_income_but_for_a_premium(world: World) -> None:
    bond = world.bond(terms=BondTerms())
    assert bond.taxableAmount(COUPON, 0, 1_000_000, 2) == 52_500_00
    assert bond.taxableAmount(REDEMPTION, 0, 1_000_000, 2) == 0


def test_what_was_issued_before_2020_accrues_by_another_convention_than_it_pays(
    world: World,
) -> None:
    """ACT/365 for the cash accrued, ACT/ACT for the coupon: 10.5 x 112/365 = 3.221918."""
    bond = world.bond(accrued_day_count=ACT_365)
    world.evm.time = morning(ISSUED)
    assert bond.accruedPer100() == 3_221_918
    assert bond.obligationAmount(COUPON, 0, 1_000_000, 2) == 52_500_00


@pytest.mark.parametrize(("kind", "number"), [(0, 0), (1, 1), (2, 6), (3, 0), (2, 2**200)])
def test_a_bond_owes_its_coupons_and_one_redemption(world: World, kind: int, number: int) -> None:
    bond = world.bond()
    for ask, arguments in (
        (bond.obligation, ()),
        (bond.obligationAmount, (1, 2)),
        (bond.entitlement, (2,)),
        (bond.taxableAmount, (1, 2)),
    ):
        with reverts("ObligationUnknown", kind, number):
            ask(kind, number, *arguments)


def test_nothing_is_redeemed_before_its_day_nor_a_frozen_holding(
    world: World, alice: Actor
) -> None:
    bond = world.bond()
    world.mint(bond, alice, 100_000)
    redeemer = world.evm.actor("redeemer")
    due = start_of_day_karachi(date(2028, 7, 17))
    world.evm.time = due - 1
    with reverts("RedemptionNotDue", due):
        bond.redeem(alice, 100_000, bytes(32), sender=redeemer)
    world.evm.time = due
    world.freeze(bond, alice)
    with reverts("HoldingFrozen", alice):
        bond.redeem(alice, 100_000, bytes(32), sender=redeemer)
