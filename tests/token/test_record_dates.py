"""Balances at record dates: exact to the second, however late they are kept (pitfalls 31, 46)."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evm import Actor, Contract, reverts
from tests.world import MATURITY_INSTANT, Role, World

HOUR = 3_600
DAY = 86_400


@pytest.fixture
def fund(world: World) -> Contract:
    """A series without maturity."""
    return world.open_ended()


@pytest.fixture
def pair(world: World, fund: Contract) -> tuple[Actor, Actor]:
    """Ann holds 100, Ben nothing."""
    ann, ben = world.investor("ann"), world.investor("ben")
    world.mint(fund, ann, 100)
    return ann, ben


def announce(world: World, token: Contract, at: int) -> int:
    number: int = token.announceRecordDate(at, sender=world[Role.ISSUER])
    return number


# ------------------------------------------------------------------ announcing


def test_a_record_date_is_announced_under_its_number(world: World, fund: Contract) -> None:
    start = world.evm.time
    for number in range(3):
        at = start + (number + 1) * DAY
        assert announce(world, fund, at) == number
        told = world.evm.receipt.events("RecordDateAnnounced")
        assert told == [{"recordId": number, "at": at}]
    assert fund.recordDates() == [start + DAY, start + 2 * DAY, start + 3 * DAY]


def test_a_record_date_is_in_the_future_and_an_hour_after_the_one_before(
    world: World, fund: Contract
) -> None:
    now = world.evm.time
    for at in (0, now - 1, now):
        with reverts("RecordDateNotInFuture", at, now + 1):
            announce(world, fund, at)
    announce(world, fund, now + 1)
    for at in (now + 1, now + HOUR):
        with reverts("RecordDateNotInFuture", at, now + 1 + HOUR):
            announce(world, fund, at)
    announce(world, fund, now + 1 + HOUR)
    with reverts("RecordDateNotInFuture", 2**32, now + 1 + 2 * HOUR):
        announce(world, fund, 2**32)
    world.evm.advance(days=1)
    with reverts("RecordDateNotInFuture", world.evm.time, world.evm.time + 1):
        announce(world, fund, world.evm.time)


def test_record_dates_are_bounded_in_number_and_the_last_still_answers(
    world: World, fund: Contract, pair: tuple[Actor, Actor]
) -> None:
    """250: what bounds the walk through an account that moved after each of them."""
    ann, ben = pair
    start = world.evm.time
    for number in range(250):
        announce(world, fund, start + (number + 1) * HOUR)
    with reverts("RecordDatesExhausted", 250):
        announce(world, fund, start + 251 * HOUR)
    for number in range(250):
        world.evm.time = start + (number + 1) * HOUR
        if number < 100:
            fund.transfer(ben, 1, sender=ann)
    assert [fund.balanceOfAt(ann, n) for n in (0, 1, 99, 100, 249)] == [100, 99, 1, 0, 0]
    assert [fund.balanceOfAt(ben, n) for n in (0, 1, 99, 100, 249)] == [0, 1, 99, 100, 100]
    fund.transfer(ann, 100, sender=ben)  # passes 150 unvisited dates in one transaction
    assert world.evm.receipt.gas_used < 1_000_000
    assert [fund.balanceOfAt(ben, n) for n in (100, 249)] == [100, 100]


def test_a_bill_announces_its_maturity_and_nothing_else_ever(world: World, bill: Contract) -> None:
    """One after it would let holdings move that stand still until they are redeemed."""
    assert bill.recordDates() == [MATURITY_INSTANT]
    for at in (MATURITY_INSTANT - 1, MATURITY_INSTANT + HOUR):
        with reverts("RecordDatesAreTerms"):
            announce(world, bill, at)
    world.evm.time = MATURITY_INSTANT
    with reverts("RecordDatesAreTerms"):
        announce(world, bill, MATURITY_INSTANT + HOUR)


def test_what_is_not_announced_or_not_reached_has_no_answer(
    world: World, fund: Contract, pair: tuple[Actor, Actor]
) -> None:
    ann, at = pair[0], world.evm.time + DAY
    with reverts("RecordDateUnknown", 0, 0):
        fund.balanceOfAt(ann, 0)
    announce(world, fund, at)
    world.evm.time = at - 1
    for view, arguments in ((fund.balanceOfAt, (ann, 0)), (fund.totalSupplyAt, (0,))):
        with reverts("RecordDateNotReached", 0, at):
            view(*arguments)
    world.evm.time = at
    assert (fund.balanceOfAt(ann, 0), fund.totalSupplyAt(0)) == (100, 100)
    with reverts("RecordDateUnknown", 1, 1):
        fund.totalSupplyAt(1)


# ------------------------------------------------------------------ what is kept


def test_the_second_of_the_record_date_itself_comes_after_it(
    world: World, fund: Contract, pair: tuple[Actor, Actor]
) -> None:
    """Pitfall 46: the last second before counts, the very second does not."""
    ann, ben = pair
    at = world.evm.time + DAY
    announce(world, fund, at)
    world.evm.time = at - 1
    fund.transfer(ben, 10, sender=ann)
    world.evm.time = at
    fund.transfer(ben, 20, sender=ann)
    world.mint(fund, ben, 5)
    assert (fund.balanceOfAt(ann, 0), fund.balanceOfAt(ben, 0)) == (90, 10)
    assert (fund.balanceOf(ann), fund.balanceOf(ben)) == (70, 35)
    assert (fund.totalSupplyAt(0), fund.totalSupply()) == (100, 105)


def test_several_dates_that_nobody_visited_are_resolved(
    world: World, fund: Contract, pair: tuple[Actor, Actor]
) -> None:
    ann, ben = pair
    start = world.evm.time
    for number in range(4):
        announce(world, fund, start + (number + 1) * DAY)
    world.evm.time = start + DAY + 5
    fund.transfer(ben, 10, sender=ann)
    world.evm.time = start + 4 * DAY + 5  # past numbers 1, 2 and 3
    assert [fund.balanceOfAt(ann, n) for n in range(4)] == [100, 90, 90, 90]
    fund.transfer(ben, 20, sender=ann)
    assert [fund.balanceOfAt(ann, n) for n in range(4)] == [100, 90, 90, 90]
    assert [fund.balanceOfAt(ben, n) for n in range(4)] == [0, 10, 10, 10]
    assert [fund.totalSupplyAt(n) for n in range(4)] == [100] * 4


def test_a_date_announced_after_others_have_passed_is_kept_too(
    world: World, fund: Contract, pair: tuple[Actor, Actor]
) -> None:
    ann, ben = pair
    announce(world, fund, world.evm.time + DAY)
    world.evm.advance(days=2)
    announce(world, fund, world.evm.time + DAY)
    fund.transfer(ben, 1, sender=ann)
    world.evm.advance(days=2)
    fund.transfer(ben, 1, sender=ann)
    assert [fund.balanceOfAt(ann, n) for n in range(2)] == [100, 99]


def test_an_account_emptied_and_filled_again_keeps_its_zeros(
    world: World, fund: Contract, pair: tuple[Actor, Actor]
) -> None:
    ann, ben = pair
    start = world.evm.time
    for number in range(3):
        announce(world, fund, start + (number + 1) * DAY)
    fund.transfer(ben, 100, sender=ann)
    world.evm.time = start + DAY
    fund.transfer(ann, 100, sender=ben)
    world.evm.time = start + 2 * DAY
    fund.transfer(ben, 100, sender=ann)
    world.evm.time = start + 3 * DAY
    fund.transfer(ann, 100, sender=ben)
    assert [fund.balanceOfAt(ann, n) for n in range(3)] == [0, 100, 0]
    assert [fund.balanceOfAt(ben, n) for n in range(3)] == [100, 0, 100]


def test_freezing_after_a_record_date_loses_no_history(
    world: World, fund: Contract, pair: tuple[Actor, Actor]
) -> None:
    """Every write of an account's slot saves its old balance, not transfers alone."""
    ann, ben = pair
    announce(world, fund, world.evm.time + DAY)
    world.evm.advance(days=2)
    fund.setFrozenTokens(ann, 40, sender=world[Role.FREEZER])
    world.freeze(fund, ben)
    world.force(fund, ann, world.investor("cyd"), 70)
    assert (fund.balanceOfAt(ann, 0), fund.balanceOf(ann)) == (100, 30)
    assert (fund.balanceOfAt(ben, 0), fund.getFrozenTokens(ann)) == (0, 30)


def test_a_recovery_leaves_the_history_where_it_was(
    world: World, fund: Contract, pair: tuple[Actor, Actor]
) -> None:
    """Pitfalls 10 and 44: at the record date the lost wallet held; its successor is found by the
    registry, and both later sums are exact."""
    ann = pair[0]
    heir = world.evm.actor("ann's new wallet")
    announce(world, fund, world.evm.time + DAY)
    announce(world, fund, world.evm.time + 10 * DAY)
    world.evm.advance(days=1)
    world.recover(ann, heir, fund)
    world.evm.advance(days=10)
    assert (fund.balanceOfAt(ann, 0), fund.balanceOfAt(heir, 0)) == (100, 0)
    assert (fund.balanceOfAt(ann, 1), fund.balanceOfAt(heir, 1)) == (0, 100)
    assert world.registry.successorOf(ann) == heir


def test_a_recovery_settled_late_moves_what_was_held_in_between(
    world: World, fund: Contract, pair: tuple[Actor, Actor]
) -> None:
    """A record date between completion and `follow` finds the balance still with the lost one."""
    ann = pair[0]
    heir = world.evm.actor("ann's new wallet")
    world.recover(ann, heir)
    announce(world, fund, world.evm.time + DAY)
    world.evm.advance(days=2)
    fund.follow(ann, sender=heir)
    assert (fund.balanceOfAt(ann, 0), fund.balanceOfAt(heir, 0)) == (100, 0)
    assert (fund.balanceOf(ann), fund.balanceOf(heir)) == (0, 100)


def test_a_transfer_between_record_dates_saves_nothing_more(
    world: World, fund: Contract, pair: tuple[Actor, Actor]
) -> None:
    """Pitfall 31: a checkpoint is one slot an account and date, at its first change."""
    ann, ben = pair
    fund.transfer(ben, 50, sender=ann)
    announce(world, fund, world.evm.time + DAY)
    world.evm.advance(days=1)
    fund.transfer(ben, 1, sender=ann)
    first = world.evm.receipt.gas_used
    fund.transfer(ben, 1, sender=ann)
    assert first - world.evm.receipt.gas_used > 30_000  # two slots that were zero
    assert [fund.balanceOfAt(each, 0) for each in (ann, ben)] == [50, 50]


# ------------------------------------------------------------------ at random


class Life:
    """The chain beside a plain model: balances, and a copy of them at each record date."""

    def __init__(self) -> None:
        self.world = World()
        self.token = self.world.open_ended()
        self.people = [self.world.investor(f"investor {n}") for n in range(4)]


@cache
def life() -> Life:
    return Life()


step = st.one_of(
    st.tuples(st.just("announce"), st.integers(1, 4 * HOUR), st.just(0), st.just(0)),
    st.tuples(st.just("wait"), st.sampled_from([1, HOUR, 3 * HOUR]), st.just(0), st.just(0)),
    st.tuples(st.just("reach"), st.integers(-1, 1), st.just(0), st.just(0)),
    st.tuples(
        st.sampled_from(["mint", "burn", "move", "move", "freeze"]),
        st.integers(0, 3),
        st.integers(0, 3),
        st.integers(0, 50),
    ),
)


@settings(max_examples=200)
@given(steps=st.lists(step, max_size=40))
def test_random_lives_answer_as_a_plain_copy_of_the_balances_would(
    steps: list[tuple[str, int, int, int]],
) -> None:
    """Several dates, unvisited ones, and changes in the very second."""
    here = life()
    with here.world.evm.snapshot():
        balances = [0] * 4
        changes: list[tuple[int, list[int]]] = [(here.world.evm.time, [0] * 4)]
        for each in steps:
            perform(here, each, balances)
            changes.append((here.world.evm.time, list(balances)))
        compare(here, changes)


def perform(here: Life, step: tuple[str, int, int, int], balances: list[int]) -> None:
    name, first, second, amount = step
    world, token = here.world, here.token
    dates = token.recordDates()
    if name == "announce":
        earliest = max([world.evm.time + 1, *[at + HOUR for at in dates[-1:]]])
        announce(world, token, earliest + first)
    elif name == "wait":
        world.evm.advance(seconds=first)
    elif name == "reach":
        coming = [at + first for at in dates if at + first > world.evm.time]
        world.evm.time = coming[0] if coming else world.evm.time
    elif name == "mint":
        world.mint(token, here.people[first], amount)
        balances[first] += amount
    elif name == "burn":
        amount = min(amount, balances[first])
        world.burn(token, here.people[first], amount)
        balances[first] -= amount
    elif name == "freeze":
        world.freeze(token, here.people[first])
        world.release(token, here.people[first])
    else:
        amount = min(amount, balances[first])
        token.transfer(here.people[second], amount, sender=here.people[first])
        balances[first] -= amount
        balances[second] += amount


def compare(here: Life, changes: list[tuple[int, list[int]]]) -> None:
    token = here.token
    assert [token.balanceOf(each) for each in here.people] == changes[-1][1]
    for number, at in enumerate(token.recordDates()):
        if at > here.world.evm.time:
            with reverts("RecordDateNotReached", number, at):
                token.totalSupplyAt(number)
            continue
        kept = next(balances for moment, balances in reversed(changes) if moment < at)
        assert [token.balanceOfAt(each, number) for each in here.people] == kept
        assert token.totalSupplyAt(number) == sum(kept)
