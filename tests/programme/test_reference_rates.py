"""Reference rates: evidence, bounds in one move and over a period, age; two institutions beyond."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts._amanat.measures import (
    commodity_unit,
    currency_unit,
    evidence_of,
    unit_id,
    unit_name,
    wad,
)
from tests.evm import Contract, Evm, reverts
from tests.world import (
    OPENING_RATES,
    REFERENCE,
    BondTerms,
    CommodityTerms,
    PeriodicTerms,
    Role,
    World,
)

PKR, DOLLAR, GOLD = unit_id("PKR"), unit_id("USD"), unit_id("GOLD/FINE TROY OUNCE")
DAY = 86_400
START = 35 * 10**14
BOUNDS = (200, 1_000, 30 * DAY, 7 * DAY)
"""2 % a move, 10 % in thirty days, a week old at most."""


@pytest.fixture
def rates(world: World) -> Contract:
    """The world's rates, the rupee's under bounds that bite."""
    move(world, START, BOUNDS)
    return world.rates


def move(world: World, rate: int, bounds: Any = BOUNDS, unit: bytes = PKR) -> None:
    """By board and regulator together."""
    world.rates.proposeRate(unit, rate, bounds, REFERENCE, sender=world[Role.BOARD])
    world.rates.confirmRate(unit, rate, bounds, REFERENCE, sender=world[Role.REGULATOR])


def put(world: World, rate: int, unit: bytes = PKR) -> None:
    world.rates.setRate(unit, rate, REFERENCE, sender=world[Role.RATE_AGENT])


def test_a_deployment_brings_units_with_rates_and_the_dollar_is_one(world: World) -> None:
    rates = world.rates
    assert rates.units() == [DOLLAR, *(unit for unit, *_ in OPENING_RATES)]
    assert tuple(rates.rateOf(DOLLAR))[0] == 10**18
    for unit, rate, bounds, _ in OPENING_RATES:
        assert rates.freshRateOf(unit) == rate
        assert tuple(rates.boundsOf(unit)) == bounds
    for act in (
        lambda: put(world, 2 * 10**18, DOLLAR),
        lambda: move(world, 2 * 10**18, unit=DOLLAR),
        lambda: rates.tightenBounds(DOLLAR, (0, 0, 1, 1), sender=world[Role.REGULATOR]),
    ):
        with reverts("UnitFixed", DOLLAR):
            act()


def test_the_agent_moves_a_rate_within_its_bounds_with_evidence(
    world: World, rates: Contract
) -> None:
    put(world, START * 102 // 100)
    told = world.evm.receipt.events("RateSet")
    who = world[Role.RATE_AGENT]
    assert told == [{"unit": PKR, "rate": START * 102 // 100, "evidence": REFERENCE, "setter": who}]
    assert tuple(rates.rateOf(PKR)) == (START * 102 // 100, world.evm.time)
    with reverts("RateWithoutEvidence", PKR):
        rates.setRate(PKR, START, bytes(32), sender=who)
    for rate in (0, 2**96):
        with reverts("RateInvalid", PKR, rate):
            put(world, rate)
    other = unit_id("TEA/TONNE")
    for ask in (
        lambda: put(world, 1, other),
        lambda: rates.rateOf(other),
        lambda: rates.boundsOf(other),
    ):
        with reverts("UnitUnknown", other):
            ask()


@pytest.mark.parametrize("rate", [START * 102 // 100 + 1, START * 98 // 100 - 1])
def test_one_move_is_bounded_both_ways(world: World, rates: Contract, rate: int) -> None:
    with reverts("RateMovesTooFar", PKR, rate, START, 200):
        put(world, rate)


def test_no_moves_together_leave_the_bound_of_any_period(world: World, rates: Contract) -> None:
    """Each by 2 %, and yet no further than 10 % from any rate of the last thirty days."""
    at = START
    for _ in range(4):
        at = at * 102 // 100
        put(world, at)
    with reverts("RateDriftsTooFar", PKR, at * 102 // 100, START, 1_000):
        put(world, at * 102 // 100)
    world.evm.advance(days=29)
    with reverts("RateDriftsTooFar"):
        put(world, at * 102 // 100)
    world.evm.advance(days=1)
    put(world, at * 102 // 100)  # the first has been out of force for thirty days


def test_a_rate_counts_for_the_period_until_it_was_replaced_not_until_it_was_set(
    world: World, rates: Contract
) -> None:
    world.evm.advance(days=40)
    at = START
    for _ in range(4):
        at = at * 102 // 100
        put(world, at)
    with reverts("RateDriftsTooFar", PKR, at * 102 // 100, START, 1_000):
        put(world, at * 102 // 100)


def test_an_old_rate_measures_nothing_new_and_can_be_looked_at(
    world: World, rates: Contract
) -> None:
    set_at = world.evm.time
    assert rates.valueOf(PKR, 3) == 1  # rounded up
    assert rates.valueOf(PKR, 10**18) == START
    world.evm.advance(days=7)
    assert rates.freshRateOf(PKR) == START
    world.evm.advance(seconds=1)
    for ask in (lambda: rates.freshRateOf(PKR), lambda: rates.valueOf(PKR, 1)):
        with reverts("RateStale", PKR, set_at, 7 * DAY):
            ask()
    assert rates.lastValueOf(PKR, 10**18) == START
    put(world, START)
    assert rates.freshRateOf(PKR) == START


def test_beyond_the_bounds_board_and_regulator_agree_value_for_value(world: World) -> None:
    rates, board, regulator = world.rates, world[Role.BOARD], world[Role.REGULATOR]
    wanted = (PKR, START // 2, BOUNDS, REFERENCE)
    rates.proposeRate(*wanted, sender=board)
    assert world.evm.receipt.events("RateProposed")[0]["rate"] == START // 2
    with reverts("NotProposed", subject=PKR):
        rates.confirmRate(PKR, START // 2 + 1, BOUNDS, REFERENCE, sender=regulator)
    assert rates.freshRateOf(PKR) == START
    rates.confirmRate(*wanted, sender=regulator)
    assert rates.freshRateOf(PKR) == START // 2
    assert tuple(rates.boundsOf(PKR)) == BOUNDS
    with reverts("NotProposed", subject=PKR):
        rates.confirmRate(*wanted, sender=regulator)
    put(world, START // 2 * 102 // 100)  # a period begins anew


def test_a_proposal_lapses_and_a_later_one_takes_its_place(world: World) -> None:
    rates, board, regulator = world.rates, world[Role.BOARD], world[Role.REGULATOR]
    rates.proposeRate(PKR, START // 2, BOUNDS, REFERENCE, sender=board)
    rates.proposeRate(PKR, START // 3, BOUNDS, REFERENCE, sender=board)
    with reverts("NotProposed", subject=PKR):
        rates.confirmRate(PKR, START // 2, BOUNDS, REFERENCE, sender=regulator)
    until = rates.proposalOn(PKR).until
    assert until == world.evm.time + 7 * DAY
    world.evm.time = until
    with world.evm.snapshot():
        rates.confirmRate(PKR, START // 3, BOUNDS, REFERENCE, sender=regulator)
    world.evm.time = until + 1
    with reverts("ProposalLapsed", PKR, until):
        rates.confirmRate(PKR, START // 3, BOUNDS, REFERENCE, sender=regulator)


def test_who_proposes_does_not_confirm(world: World) -> None:
    """Should one hand ever have both roles: the authority refuses that as well."""
    board, admin = world[Role.BOARD], world.admin
    with reverts("RolesIncompatible", board, Role.BOARD, Role.REGULATOR):
        world.authority.grantRole(Role.REGULATOR, board, 0, sender=admin)
    world.rates.proposeRate(PKR, START // 2, BOUNDS, REFERENCE, sender=board)
    world.authority.revokeRole(Role.BOARD, board, sender=admin)
    world.authority.grantRole(Role.REGULATOR, board, 0, sender=admin)
    with reverts("ProposerCannotConfirm", board):
        world.rates.confirmRate(PKR, START // 2, BOUNDS, REFERENCE, sender=board)


def test_the_regulator_tightens_at_once_and_loosens_nothing(world: World, rates: Contract) -> None:
    regulator = world[Role.REGULATOR]
    for wider in (
        (201, 1_000, 30 * DAY, 7 * DAY),
        (200, 1_001, 30 * DAY, 7 * DAY),
        (200, 1_000, 30 * DAY - 1, 7 * DAY),
        (200, 1_000, 30 * DAY, 7 * DAY + 1),
    ):
        with reverts("BoundsWider", wider, BOUNDS):
            rates.tightenBounds(PKR, wider, sender=regulator)
    tighter = (0, 0, 60 * DAY, DAY)
    rates.tightenBounds(PKR, tighter, sender=regulator)
    assert tuple(rates.boundsOf(PKR)) == tighter
    with reverts("RateMovesTooFar", PKR, START + 1, START, 0):
        put(world, START + 1)


@pytest.mark.parametrize(
    "bounds", [(2, 1, DAY, DAY), (1, 10_000, DAY, DAY), (1, 1, 0, DAY), (1, 1, DAY, 0)]
)
def test_bounds_that_bound_nothing_are_refused(world: World, bounds: tuple[int, ...]) -> None:
    with reverts("BoundsInvalid", bounds):
        move(world, START, bounds)
    with reverts("BoundsInvalid", bounds):
        world.rates.tightenBounds(PKR, bounds, sender=world[Role.REGULATOR])


def test_units_are_sixteen_at_most(world: World) -> None:
    for number in range(16 - len(world.rates.units())):
        move(world, 10**18, unit=unit_id(f"THING {number}"))
    with reverts("UnitsTooMany", 16):
        move(world, 10**18, unit=unit_id("ONE TOO MANY"))


@settings(max_examples=15)
@given(moves=st.lists(st.tuples(st.integers(-250, 250), st.integers(0, 12)), max_size=25))
def test_two_rates_in_force_within_a_period_never_part_by_more_than_its_bound(
    moves: list[tuple[int, int]],
) -> None:
    """Whatever the agent tries, and whenever."""
    world = shared()
    with world.evm.snapshot():
        move(world, START, BOUNDS)
        taken = [(world.evm.time, START)]
        for part, days in moves:
            world.evm.advance(seconds=days * DAY + 1)
            rate = taken[-1][1] * (10_000 + part) // 10_000
            recent = [r for (_, r), (end, _) in zip(taken, taken[1:], strict=False)
                      if end > world.evm.time - 30 * DAY]  # fmt: skip
            fits = all(abs(rate - r) * 10 <= r for r in [*recent, taken[-1][1]])
            fits = fits and abs(rate - taken[-1][1]) * 50 <= taken[-1][1]
            try:
                put(world, rate)
            except Exception as refusal:
                assert not fits, refusal
            else:
                assert fits
                taken.append((world.evm.time, rate))


def shared(made: list[World] = []) -> World:  # noqa: B006
    if not made:
        made.append(World(Evm()))
    return made[0]


# ---------------------------------------------------------------- what series are counted in


def test_every_class_says_what_a_unit_of_it_counts_as(world: World) -> None:
    for token in (world.bill(), world.bond(), world.sukuk()):
        assert tuple(token.measure()) == (PKR, 10**18)
    assert tuple(world.revenue().measure()) == (PKR, 1_000 * 10**18)
    assert tuple(world.commodity().measure()) == (GOLD, 10**15)
    assert tuple(world.commodity(decimals=0).measure()) == (GOLD, 10**18)


@pytest.mark.parametrize(("code", "name"), [(586, "PKR"), (840, "USD"), (36, "CURRENCY 036")])
def test_currencies_have_their_names_in_both_languages(world: World, code: int, name: str) -> None:
    terms = BondTerms(periodic=PeriodicTerms(currency=code))
    token = world.propose(None, terms, asset_class="GovernmentBond")
    assert token.measure().unit == unit_id(name) == unit_id(currency_unit(code))
    assert unit_name(unit_id(name)) == name


def test_a_commodity_of_a_long_name_is_its_hash(world: World) -> None:
    commodity, unit = "LIQUEFIED PETROLEUM GAS", "METRIC TONNE"
    keepers = {"custodian": str(world[Role.CUSTODIAN]), "auditor": str(world[Role.AUDITOR])}
    terms = CommodityTerms(commodity=commodity.encode(), unit=unit.encode(), **keepers)
    token = world.propose(None, terms, asset_class="CommodityReserve")
    assert token.measure().unit == unit_id(commodity_unit(commodity, unit))
    assert len(unit_name(unit_id(commodity_unit(commodity, unit)))) == 66


def test_dollars_are_kept_with_eighteen_decimals() -> None:
    assert wad(Decimal("0.00355")) == 355 * 10**13
    assert evidence_of("a source") != evidence_of("another")
