"""Invariant: after any narrowing that is conformed, nothing passes that the stage forbids.

Random stages are tightened and widened over series with random rules and living registers, rates
move, rules are configured anew; then every transfer and mint between a few investors is tried, and
whatever passes is held against the stage itself, in dollars.
"""

from __future__ import annotations

from dataclasses import astuple
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from scripts._amanat.measures import unit_id
from scripts._amanat.stages import LimitValues, Stage
from tests.evm import Actor, Contract, Reverted
from tests.world import EMIRATES, INSTITUTION, PAKISTAN, REFERENCE, RETAIL, Role, Rules, World

RATE: Final = 35 * 10**14
COUNTRIES: Final = (PAKISTAN, EMIRATES)
CLASSES: Final = (RETAIL, INSTITUTION)
AMOUNTS: Final = (1, 300, 2_900, 31_000)


def figures(*some: int) -> st.SearchStrategy[int]:
    return st.sampled_from((0, 0, *some))


DOLLARS = figures(10**15, 10**18, 10**19, 10**20)
limits = st.builds(
    LimitValues,
    per_series=st.just(0),
    total=st.just(0),
    ends_at=st.just(0),
    holding=DOLLARS,
    transaction=DOLLARS,
    investors=figures(1, 2, 3),
    classes=figures(1 << RETAIL, 1 << INSTITUTION),
    countries=st.sampled_from(((), (), (PAKISTAN,), (EMIRATES,), COUNTRIES)),
)
rules = st.builds(
    Rules,
    maximum_holding=figures(200, 3_000),
    maximum_transaction=figures(200, 3_000),
    maximum_holders=figures(1, 3),
    classes=figures(1 << RETAIL, 1 << RETAIL | 1 << INSTITUTION),
    jurisdictions=st.booleans(),
)
acts = st.lists(
    st.one_of(
        st.tuples(st.just("set"), limits),
        st.tuples(st.just("rate"), st.sampled_from((95, 100, 105))),
        st.tuples(st.just("configure"), rules),
        st.tuples(st.just("admit"), st.sampled_from(COUNTRIES)),
    ),
    min_size=1,
    max_size=4,
)


class Scene:
    """A world, its series, and investors of each country and class."""

    def __init__(self) -> None:
        self.world = World()
        self.people: dict[str, tuple[Actor, int, int]] = {}
        for country in COUNTRIES:
            for klass in CLASSES:
                name = f"{country} {klass}"
                actor = self.world.investor(name, country=country, klass=klass)
                self.people[name] = (actor, country, klass)

    def act(self, act: tuple[str, Any], bills: list[Contract]) -> None:
        world, (name, value) = self.world, act
        officer = world[Role.COMPLIANCE_OFFICER]
        try:
            if name == "set":
                world.widen(value)
            elif name == "rate":
                agent = world[Role.RATE_AGENT]
                world.rates.setRate(unit_id("PKR"), RATE * value // 100, REFERENCE, sender=agent)
                world.stage.conformSeries(bills, sender=officer)
            elif name == "configure":
                world.rule_book.configure(bills[0], astuple(value), sender=officer)
                # As `ape run rules` does: who held while nobody counted is counted now.
                bills[0].recount([actor for actor, *_ in self.people.values()], sender=officer)
            else:
                world.rule_book.setJurisdictions(bills[0], [value], True, sender=officer)
        except Reverted:
            return  # refused whole: nothing has changed

    def holders(self, bill: Contract) -> int:
        return sum(bill.balanceOf(actor) != 0 for actor, *_ in self.people.values())


SCENE = Scene()


@settings(max_examples=20, deadline=None)
@given(found=st.lists(rules, min_size=2, max_size=2), acts=acts, final=limits)
def test_whatever_passes_lies_within_the_stage(
    found: list[Rules], acts: list[tuple[str, Any]], final: LimitValues
) -> None:
    world = SCENE.world
    with world.evm.snapshot():
        bills = [world.bill(each, countries=[PAKISTAN]) for each in found]
        people = list(SCENE.people.values())
        for bill in bills:
            for actor, *_ in people[:2]:
                try:
                    world.mint(bill, actor, 150)
                except Reverted:
                    continue
        for act in acts:
            SCENE.act(act, bills)
        world.widen(final)
        now, limits_ = world.stage.current()
        assert (now, LimitValues.of(limits_)) == (Stage.FULL, final)
        assert world.stage.isRunning()
        for bill in bills:
            for to, country, klass in people:
                for amount in AMOUNTS:
                    _try(world, bill, to, (country, klass), amount, final)


def _try(
    world: World,
    bill: Contract,
    to: Actor,
    who: tuple[int, int],
    amount: int,
    stage: LimitValues,
) -> None:
    """A mint and a transfer of the amount; what passes is judged in dollars."""
    sender = next(actor for actor, *_ in SCENE.people.values() if actor is not to)
    worth = world.rates.rateOf(unit_id("PKR"))[0]
    with world.evm.snapshot():
        held, holders = bill.balanceOf(to), SCENE.holders(bill)
        doors = [lambda: world.mint(bill, to, amount)]
        if bill.balanceOf(sender) >= amount:
            doors.append(lambda: bill.transfer(to, amount, sender=sender))
        for door in doors:
            with world.evm.snapshot():
                try:
                    door()
                except Reverted:
                    continue
                assert not stage.transaction or amount * worth <= stage.transaction
                assert not stage.holding or (held + amount) * worth <= stage.holding
                assert not stage.classes or stage.classes >> who[1] & 1
                assert not stage.countries or who[0] in stage.countries
                more = SCENE.holders(bill)
                assert not stage.investors or more <= max(stage.investors, holders)
