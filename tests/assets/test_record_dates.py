"""The record dates of a series with periods are terms: exact to the second, announced by nobody."""

from __future__ import annotations

from datetime import date

import pytest

from scripts._amanat.business_days import epoch_day, start_of_day_karachi
from tests.evm import Actor, Contract, reverts
from tests.world import Role, World

FIRST, SECOND = date(2026, 1, 10), date(2026, 7, 10)
MATURITY = start_of_day_karachi(date(2028, 7, 17))


@pytest.fixture
def bond(world: World, alice: Actor) -> Contract:
    """Alice holds 500,000."""
    bond = world.bond()
    world.mint(bond, alice, 500_000)
    return bond


def test_they_lie_before_each_period_ends_and_the_last_is_the_maturity(bond: Contract) -> None:
    months = [(2026, 1), (2026, 7), (2027, 1), (2027, 7), (2028, 1), (2028, 7)]
    expected = [start_of_day_karachi(date(year, month, 10)) for year, month in months]
    assert bond.recordDates() == [*expected, MATURITY]
    assert [bond.recordDate(n) for n in (0, 6, 7, 2**255)] == [expected[0], MATURITY, 0, 0]
    assert [each.recordAt for each in bond.schedule()] == expected


def test_nobody_announces_another(world: World, bond: Contract) -> None:
    with reverts("RecordDatesAreTerms"):
        bond.announceRecordDate(world.evm.time + 3_600, sender=world[Role.ISSUER])


def test_the_second_of_the_record_date_itself_comes_after_it(
    world: World, bond: Contract, alice: Actor, bob: Actor
) -> None:
    """Pitfall 46: the last second before counts, the very second does not."""
    at = start_of_day_karachi(FIRST)
    world.evm.time = at - 1
    bond.transfer(bob, 100_000, sender=alice)
    with reverts("RecordDateNotReached", 0, at):
        bond.balanceOfAt(alice, 0)
    world.evm.time = at
    bond.transfer(bob, 50_000, sender=alice)
    world.mint(bond, bob, 10_000)
    world.burn(bond, alice, 20_000)
    assert (bond.balanceOfAt(alice, 0), bond.balanceOfAt(bob, 0)) == (400_000, 100_000)
    assert (bond.totalSupplyAt(0), bond.totalSupply()) == (500_000, 490_000)


def test_several_unvisited_ones_answer_as_if_each_had_been_noticed(
    world: World, bond: Contract, alice: Actor, bob: Actor
) -> None:
    """Pitfalls 31 and 46: nothing is written for them until an account moves, and then once."""
    world.evm.time = start_of_day_karachi(date(2027, 2, 1))
    assert [bond.balanceOfAt(alice, n) for n in range(3)] == [500_000] * 3
    with reverts("RecordDateNotReached", 3, start_of_day_karachi(date(2027, 7, 10))):
        bond.balanceOfAt(alice, 3)
    with reverts("RecordDateUnknown", 7, 7):
        bond.totalSupplyAt(7)
    bond.batchTransfer([bob], [200_000], sender=alice)  # the desk notices them as well
    world.evm.time = start_of_day_karachi(date(2027, 8, 1))
    bond.transfer(bob, 100_000, sender=alice)
    assert [bond.balanceOfAt(alice, n) for n in range(4)] == [500_000] * 3 + [300_000]
    assert [bond.balanceOfAt(bob, n) for n in range(4)] == [0] * 3 + [200_000]


def test_holdings_stand_still_from_the_stated_maturity(
    world: World, bond: Contract, alice: Actor, bob: Actor
) -> None:
    """A maturity on a holiday counts as printed, whenever it is paid."""
    world.evm.time = MATURITY - 1
    bond.transfer(bob, 100_000, sender=alice)
    world.evm.time = MATURITY
    with reverts("SeriesMatured"):
        bond.transfer(bob, 1, sender=alice)
    with reverts("SeriesMatured"):
        world.mint(bond, alice, 1)
    assert bond.balanceOfAt(alice, 6) == 400_000


def test_a_record_date_on_the_last_day_of_a_period_shares_its_instant_with_the_redemption(
    world: World, alice: Actor, bob: Actor
) -> None:
    """Without record days, the last coupon's and the redemption's instants are equal."""
    bond = world.bond(record_days=0)
    world.mint(bond, alice, 500_000)
    dates = bond.recordDates()
    assert dates[-2:] == [MATURITY, MATURITY]
    world.evm.time = dates[0]
    bond.transfer(bob, 100_000, sender=alice)
    world.evm.time = MATURITY
    with reverts("SeriesMatured"):
        bond.transfer(bob, 1, sender=alice)
    for number, held in ((0, 500_000), (5, 400_000), (6, 400_000)):
        assert bond.balanceOfAt(alice, number) == held


def test_a_series_is_not_made_after_its_first_record_date(world: World) -> None:
    """Pitfall 46: what would have passed unseen belongs to nobody."""
    at = start_of_day_karachi(FIRST)
    world.evm.time = at
    with reverts("RecordDateNotInFuture", at, at + 1):
        world.bond()


def test_a_series_is_not_issued_after_its_first_record_date(world: World) -> None:
    day = epoch_day(FIRST)
    with reverts("TermsUnsound"):
        world.bond(issue_date=day)
    world.bond(issue_date=day - 1)


def test_the_first_transfer_after_one_writes_one_slot_an_account(
    world: World, bond: Contract, alice: Actor, bob: Actor
) -> None:
    """Pitfall 31: eager snapshots cost 265,000 gas and more. Beside the two slots, the series reads
    its terms once for the date that comes next."""
    world.mint(bond, bob, 100_000)
    before = world.evm.gas_of(bond.transfer, bob, 1_000, sender=alice)
    world.evm.time = start_of_day_karachi(FIRST)
    first = world.evm.gas_of(bond.transfer, bob, 1_000, sender=alice)
    assert first - before < 95_000
