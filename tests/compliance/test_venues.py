"""What venues may take in and give out: licence, clients, limits of their stage, travel rule."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.compliance.rule_world import CODES, LINKED, ZERO, Door, World
from tests.compliance.venue_hall import (
    AML,
    ANY,
    CUSTODY,
    DAY,
    EXCHANGE,
    INCORPORATED,
    LICENSED,
    NOC,
    REVOKED,
    SUSPENDED,
    VENUE,
    Hall,
    Licence,
    VenueStageRules,
)
from tests.evm import Actor, Reverted, reverts

MIDNIGHT = 1_756_666_800  # 2025-09-01 in Pakistan


@pytest.fixture
def hall(world: World) -> Hall:
    return Hall(world)


# Whether it stands


@pytest.mark.parametrize("stage", [NOC, AML, INCORPORATED, LICENSED])
def test_a_venue_of_a_stage_that_permits_takes_in_and_gives_out(hall: Hall, stage: int) -> None:
    world = hall.world
    hall.licence(hall.binance, stage=stage)
    world.transfer(world.alice, hall.binance, 300)
    world.mint(hall.binance, 1_000)
    world.transfer(hall.binance, world.bob, 10**12)


@pytest.mark.parametrize("stage", [0, SUSPENDED, REVOKED, 7, 255])
def test_a_venue_without_a_standing_licence_takes_nothing_in(hall: Hall, stage: int) -> None:
    world = hall.world
    hall.licence(hall.binance, stage=stage)
    refusal = ("VenueNotLicensed", hall.binance, stage, 2**40 - 1)
    with reverts(*refusal):
        world.transfer(world.alice, hall.binance, 1)
    with reverts(*refusal):
        world.mint(hall.binance, 1)
    with reverts(*refusal):
        world.transfer(hall.htx, hall.binance, 1)


@pytest.mark.parametrize("stage", [SUSPENDED, REVOKED])
def test_a_suspended_venue_gives_to_its_customers_alone(hall: Hall, stage: int) -> None:
    """Pitfall 60."""
    world = hall.world
    hall.name(hall.binance, world.bob)
    hall.licence(hall.binance, stage=stage)
    world.transfer(hall.binance, world.bob, 10**12)
    for other in (world.alice, hall.htx):
        with reverts("VenueNotLicensed", hall.binance, stage, 2**40 - 1):
            world.transfer(hall.binance, other, 1)
    hall.name(hall.binance, world.bob, False)
    with reverts("VenueNotLicensed", hall.binance, stage, 2**40 - 1):
        world.transfer(hall.binance, world.bob, 1)


def test_a_licence_runs_out_without_a_transaction(hall: Hall) -> None:
    """Pitfall 60: expiry acts by the clock."""
    world, until = hall.world, hall.evm.time + 100
    hall.name(hall.binance, world.bob)
    hall.licence(hall.binance, until=until)
    hall.evm.time = until - 1
    world.transfer(world.alice, hall.binance, 1)
    world.transfer(hall.binance, world.alice, 1)
    hall.evm.time = until
    with reverts("VenueNotLicensed", hall.binance, LICENSED, until):
        world.transfer(world.alice, hall.binance, 1)
    with reverts("VenueNotLicensed", hall.binance, LICENSED, until):
        world.transfer(hall.binance, world.alice, 1)
    world.transfer(hall.binance, world.bob, 1)


@pytest.mark.parametrize("door", [Door.BURN, Door.FORCE, Door.RECOVERY])
def test_a_suspended_venue_redeems_and_obeys_orders(hall: Hall, door: Door) -> None:
    """Pitfall 15."""
    world = hall.world
    hall.licence(hall.binance, stage=SUSPENDED)
    hall.licence(hall.htx, stage=REVOKED)
    to = ZERO if door is Door.BURN else hall.htx
    world.present(world.movement(hall.binance, to, 5, door))


def test_a_venues_wallet_that_became_another_investors_takes_nothing_in(hall: Hall) -> None:
    """Pitfall 60: a venue's wallet is no investor's; the mark outlives a registration."""
    world, wallet = hall.world, hall.evm.actor("sold wallet")
    world.register(wallet, world.alice, flags=VENUE)
    with reverts("VenueNotLicensed", world.alice, 0, 0):
        world.transfer(world.bob, wallet, 1)


# Whom it serves


def test_a_venue_serves_the_classes_of_its_licence_alone(hall: Hall) -> None:
    world = hall.world
    hall.licence(hall.binance, stage=AML, serves=1 << 3)
    for method in (
        lambda: world.transfer(world.alice, hall.binance, 1),
        lambda: world.transfer(hall.binance, world.alice, 1),
    ):
        with reverts("VenueMayNotServe", hall.binance, 1):
            method()
    world.register(world.alice, investor_class=3)
    world.transfer(world.alice, hall.binance, 1)
    world.transfer(hall.binance, world.alice, 1)


def test_a_customer_whose_class_is_no_longer_served_gets_his_own_back(hall: Hall) -> None:
    world = hall.world
    hall.name(hall.binance, world.alice)
    hall.licence(hall.binance, serves=1 << 3)
    world.transfer(hall.binance, world.alice, 1)
    with reverts("VenueMayNotServe", hall.binance, 1):
        world.transfer(world.alice, hall.binance, 1)


def test_investors_among_themselves_are_asked_nothing(hall: Hall) -> None:
    hall.limit(hold=0, trade=0)
    hall.world.transfer(hall.world.alice, hall.world.bob, 10**20)
    hall.world.mint(hall.world.bob, 10**20)


def test_a_series_that_does_not_ask_lets_venues_be(hall: Hall) -> None:
    world = hall.world
    hall.licence(hall.binance, stage=REVOKED)
    hall.limit(asks=False)
    world.transfer(world.alice, hall.binance, 10**20)
    asks, stages = hall.rules.rulesOf(world.token)
    assert not asks and [each.hold for each in stages] == [1_000] * 4


def test_other_rules_and_modules_leave_the_venues_rules_on(hall: Hall) -> None:
    world = hall.world
    hall.licence(hall.binance, stage=REVOKED)
    world.configure(maximumHolding=5)
    world.configure()
    assert world.token.refuses()
    with reverts("VenueNotLicensed"):
        world.transfer(world.alice, hall.binance, 1)
    hall.limit(asks=False)
    assert not world.token.refuses()


# Limits of the stage


def test_each_stage_has_limits_of_its_own(hall: Hall) -> None:
    world = hall.world
    table = [VenueStageRules(10 * n, 5 * n) for n in range(1, 5)]
    hall.stages(True, *table)
    for stage, allowed in enumerate(table, NOC):
        hall.evm.advance(days=1)
        hall.licence(hall.binance, stage=stage)
        world.mint(hall.binance, allowed.hold)
        with reverts("VenueHoldingExceeded", hall.binance, allowed.hold + 1, allowed.hold):
            world.mint(hall.binance, 1, toBalance=allowed.hold)
        world.transfer(world.alice, hall.binance, allowed.trade)
        with reverts("VenueTradeExceeded", hall.binance, allowed.trade + 1, allowed.trade):
            world.transfer(world.alice, hall.binance, 1)


def test_a_stage_without_limits_set_may_hold_nothing(hall: Hall) -> None:
    """A NOC is no licence: it permits preparing."""
    world = hall.world
    hall.stages(True, *[VenueStageRules()] * 3, VenueStageRules(hold=1_000, trade=300))
    hall.licence(hall.htx, stage=NOC)
    with reverts("VenueHoldingExceeded", hall.htx, 1, 0):
        world.transfer(world.alice, hall.htx, 1)
    world.transfer(world.alice, hall.htx, 0)
    world.transfer(world.alice, hall.binance, 1)


def test_the_day_begins_at_midnight_in_pakistan(hall: Hall) -> None:
    world = hall.world
    hall.evm.time = MIDNIGHT + 40 * DAY
    world.transfer(world.alice, hall.binance, 300)
    hall.evm.advance(seconds=DAY - 1)
    with reverts("VenueTradeExceeded", hall.binance, 301, 300):
        world.transfer(world.alice, hall.binance, 1)
    hall.evm.advance(seconds=1)
    assert hall.used(hall.binance) == 0
    world.transfer(world.alice, hall.binance, 300)
    assert hall.used(hall.binance) == 300


def test_what_a_venue_gives_out_no_limit_holds_back(hall: Hall) -> None:
    """Pitfall 15: a limit must not hold customers' tokens."""
    world = hall.world
    world.transfer(world.alice, hall.binance, 300)
    world.transfer(hall.binance, world.alice, 10**20)
    assert hall.used(hall.binance) == 300


def test_between_venues_the_one_that_takes_in_is_counted(hall: Hall) -> None:
    world = hall.world
    world.transfer(hall.binance, hall.htx, 200)
    assert (hall.used(hall.binance), hall.used(hall.htx)) == (0, 200)
    with reverts("VenueTradeExceeded", hall.htx, 301, 300):
        world.transfer(hall.binance, hall.htx, 101)


def test_other_limits_and_decisions_count_from_the_next_transfer(hall: Hall) -> None:
    world = hall.world
    world.transfer(world.alice, hall.binance, 200)
    hall.limit(trade=250)
    with reverts("VenueTradeExceeded", hall.binance, 251, 250):
        world.transfer(world.alice, hall.binance, 51)
    world.transfer(world.alice, hall.binance, 50)
    hall.stages(
        True, VenueStageRules(), VenueStageRules(1_000, 260), VenueStageRules(), VenueStageRules()
    )
    hall.licence(hall.binance, stage=AML)
    world.transfer(world.alice, hall.binance, 10)
    with reverts("VenueTradeExceeded", hall.binance, 261, 260):
        world.transfer(world.alice, hall.binance, 1)


def test_no_limit_of_a_day_counts_nothing(hall: Hall) -> None:
    world = hall.world
    hall.limit(hold=ANY, trade=ANY)
    for _ in range(3):
        world.transfer(world.alice, hall.binance, 2**63)
    assert hall.used(hall.binance) == 0
    with reverts("VenueHoldingExceeded", hall.binance, 2**256 - 1, ANY):
        world.transfer(world.alice, hall.binance, 2**256 - 1)


def test_an_absurd_amount_is_answered_with_a_reason(hall: Hall) -> None:
    """Pitfall 21."""
    world = hall.world
    world.transfer(world.alice, hall.binance, 1)
    hall.limit(hold=ANY)
    with reverts("VenueTradeExceeded", hall.binance, ANY + 1, 300):
        world.transfer(world.alice, hall.binance, ANY)


def test_the_wallets_of_a_venue_count_together(hall: Hall) -> None:
    """Pitfall 60: one venue of several wallets is one venue."""
    world, cold = hall.world, hall.evm.actor("cold wallet")
    for wallet in (hall.binance, cold):
        world.register(wallet, hall.binance, flags=VENUE | LINKED, investor_class=7)
    world.registry.setWallets(hall.binance, [hall.binance, cold], sender=world.admin)
    world.token.hold(hall.binance, 900, sender=world.admin)
    with reverts("VenueHoldingExceeded", hall.binance, 1_001, 1_000):
        world.transfer(world.alice, cold, 101)
    world.transfer(world.alice, cold, 100)
    with reverts("VenueTradeExceeded", hall.binance, 301, 300):
        world.transfer(world.alice, hall.binance, 201, toBalance=0)
    world.transfer(hall.binance, cold, 10**20)  # among its own, whatever its licence
    hall.licence(hall.binance, stage=SUSPENDED)
    world.transfer(cold, hall.binance, 10**20)


def test_a_token_asks_for_services(hall: Hall) -> None:
    world = hall.world
    hall.limit(services=CUSTODY | EXCHANGE)
    with reverts("VenueNotLicensed", hall.binance, LICENSED, 2**40 - 1):
        world.transfer(world.alice, hall.binance, 1)
    hall.licence(hall.binance, services=CUSTODY | EXCHANGE | 8)
    world.transfer(world.alice, hall.binance, 1)


def test_tokens_count_apart(hall: Hall) -> None:
    world = hall.world
    other = world.another_token()
    world.transfer(world.alice, hall.binance, 300)
    rows = [(1_000, 300, ANY, 0)] * 4
    hall.rules.setRules(other, True, rows, sender=world.officer)
    world.present(world.movement(world.alice, hall.binance, 300), other)


# Travel rule


def test_above_the_threshold_venues_need_a_reference_each_time(hall: Hall) -> None:
    world = hall.world
    hall.limit(travel_above=100)
    world.transfer(hall.binance, hall.htx, 100)
    missing = ("TravelReferenceMissing", hall.binance, hall.htx, 101)
    with reverts(*missing):
        world.transfer(hall.binance, hall.htx, 101)
    hall.note(hall.binance, hall.htx, 101)
    with reverts("TravelReferenceMissing", hall.binance, hall.htx, 102):
        world.transfer(hall.binance, hall.htx, 102)
    world.transfer(hall.binance, hall.htx, 101)
    assert hall.evm.receipt.events("TravelReferenceUsed")
    with reverts(*missing):
        world.transfer(hall.binance, hall.htx, 101)


def test_a_reference_serves_for_a_day_and_its_own_direction(hall: Hall) -> None:
    world = hall.world
    hall.limit(travel_above=0)
    hall.note(hall.binance, hall.htx, 5)
    with reverts("TravelReferenceMissing", hall.htx, hall.binance, 5):
        world.transfer(hall.htx, hall.binance, 5)
    until = hall.evm.time + DAY
    assert hall.rules.travelNotedUntil(world.token, hall.binance, hall.htx, 5) == until
    hall.evm.time = until
    world.transfer(hall.binance, hall.htx, 5)
    hall.note(hall.binance, hall.htx, 5)
    hall.evm.time = until + DAY + 1
    with reverts("TravelReferenceMissing", hall.binance, hall.htx, 5):
        world.transfer(hall.binance, hall.htx, 5)


def test_a_reference_of_zero_is_none(hall: Hall) -> None:
    with reverts("TravelReferenceZero"):
        hall.rules.noteTravel(hall.world.token, hall.htx, 1, bytes(32), sender=hall.binance)


def test_between_a_venue_and_an_investor_no_reference_is_asked_for(hall: Hall) -> None:
    world = hall.world
    hall.limit(travel_above=0)
    world.transfer(world.alice, hall.binance, 5)
    world.transfer(hall.binance, world.alice, 5)


def test_keys_and_words_come_in_pairs(hall: Hall) -> None:
    with reverts("VenueWordsUneven", 1, 0):
        hall.world.book.setVenueWords([bytes(32)], [], sender=hall.world.licensing)


# Any sequence


class Model:
    """What the rules of venues mean, said without any packing."""

    def __init__(self, hall: Hall) -> None:
        self.hall, self.world = hall, hall.world
        self.table = [VenueStageRules(1_000, 300)] * 4
        self.asks = True
        self.taken: dict[tuple[str, int], int] = {}
        self.customers: set[tuple[str, str]] = set()
        self.notes: dict[tuple[str, str, int], int] = {}

    def stands(self, venue: Any) -> bool:
        licence = self.hall.licences[venue]
        return NOC <= licence.stage <= LICENSED and self.hall.evm.time < licence.until

    def forbidding(self, m: dict[str, Any]) -> set[str]:
        """Every reason against the movement: the engine gives one of these."""
        if not self.asks or m["door"] > Door.MINT or not m["amount"] or m["from"] == m["to"]:
            return set()
        reasons = self.against_sender(m) if m["from"] in self.hall.licences else set()
        if m["to"] in self.hall.licences:
            reasons |= self.against_recipient(m)
        return reasons

    def against_sender(self, m: dict[str, Any]) -> set[str]:
        venue, licence = m["from"], self.hall.licences[m["from"]]
        if m["to"] not in self.hall.licences and (venue, m["to"]) in self.customers:
            return set()
        if not self.stands(venue):
            return {"VenueNotLicensed"}
        if m["to"] not in self.hall.licences:
            return set() if licence.serves >> 1 & 1 else {"VenueMayNotServe"}
        noted = self.notes.get((venue, m["to"], m["amount"]), 0)
        above = m["amount"] > self.table[licence.stage - 1].travel_above
        return {"TravelReferenceMissing"} if above and self.hall.evm.time > noted else set()

    def against_recipient(self, m: dict[str, Any]) -> set[str]:
        venue, licence = m["to"], self.hall.licences[m["to"]]
        if not self.stands(venue):
            return {"VenueNotLicensed"}
        rules, transfer = self.table[licence.stage - 1], m["door"] is Door.TRANSFER
        client = transfer and m["from"] not in self.hall.licences
        verdicts = {
            "VenueMayNotServe": client and not licence.serves >> 1 & 1,
            "VenueNotLicensed": rules.services & ~licence.services,
            "VenueHoldingExceeded": m["toBalance"] + m["amount"] > rules.hold,
            "VenueTradeExceeded": transfer
            and rules.trade != ANY
            and self.used(venue) + m["amount"] > rules.trade,
        }
        return {name for name, forbids in verdicts.items() if forbids}

    def used(self, venue: str) -> int:
        return self.taken.get((venue, self.today), 0)

    @property
    def today(self) -> int:
        return (self.hall.evm.time + 5 * 3_600) // DAY

    def book(self, m: dict[str, Any]) -> None:
        if not self.asks or m["door"] is not Door.TRANSFER or m["from"] == m["to"]:
            return
        if (licence := self.hall.licences.get(m["to"])) and m["amount"]:
            if self.table[licence.stage - 1].trade != ANY:
                self.taken[m["to"], self.today] = self.used(m["to"]) + m["amount"]
            self.notes.pop((m["from"], m["to"], m["amount"]), None)


small = st.integers(0, 12)
stage_rules = st.builds(
    VenueStageRules,
    hold=st.one_of(small, st.just(ANY)),
    trade=st.one_of(small, st.just(ANY)),
    travel_above=st.one_of(small, st.just(ANY)),
    services=st.sampled_from([0, 0, CUSTODY, EXCHANGE]),
)


def play(model: Model, draw: Any) -> None:
    """One step of the life of two venues and two investors."""
    hall, world = model.hall, model.world
    venues, investors = [hall.binance, hall.htx], [world.alice, world.bob]
    venue: Actor = draw(st.sampled_from(venues))
    step = draw(st.sampled_from(["move"] * 6 + ["licence", "limit", "name", "note", "wait"]))
    if step == "wait":
        hall.evm.advance(seconds=draw(st.integers(1, 2 * DAY)))
    elif step == "limit":
        model.asks = draw(st.sampled_from([True, True, False]))
        model.table = [draw(stage_rules) for _ in range(4)]
        hall.stages(model.asks, *model.table)
    elif step == "licence":
        until = hall.evm.time + draw(st.integers(0, 3 * DAY))
        stage, serves = draw(st.integers(1, 6)), draw(st.sampled_from([2, 2, 8]))
        services = draw(st.integers(0, 3))
        hall.licence(venue, stage=stage, until=until, serves=serves, services=services)
    elif step == "name":
        customer = draw(st.sampled_from(investors))
        hall.name(venue, customer)
        model.customers.add((str(venue), str(customer)))
    elif step == "note":
        other, amount = venues[venue is hall.binance], draw(small)
        hall.note(venue, other, amount)
        model.notes[str(venue), str(other), amount] = hall.evm.time + DAY
    else:
        move(model, draw, [*venues, *investors])


def move(model: Model, draw: Any, people: list[Actor]) -> None:
    world = model.world
    door = draw(st.sampled_from([Door.TRANSFER] * 4 + list(Door)))
    origin = ZERO if door is Door.MINT else draw(st.sampled_from(people))
    to = ZERO if door is Door.BURN else draw(st.sampled_from(people))
    m = world.movement(origin, to, draw(small), door, toBalance=draw(small))
    forbidding = model.forbidding(m)
    code = world.book.restrictionOf(world.token, m)
    assert (code == 0) == (not forbidding), (code, forbidding)
    try:
        world.present(m)  # which compares booking and view
    except Reverted as refusal:
        assert refusal.name in forbidding and CODES[refusal.name] == code
    else:
        model.book(m)
    for venue in (model.hall.binance, model.hall.htx):
        if model.table[model.hall.licences[venue].stage % 5 - 1].trade != ANY:
            assert model.hall.used(venue) == model.used(venue)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_engine_view_and_model_agree_about_venues(hall: Hall, data: st.DataObject) -> None:
    """Pitfalls 21 and 60: over changing licences and limits, each movement has one answer."""
    begun = dict(hall.licences)
    with hall.evm.snapshot():
        model = Model(hall)
        try:
            for _ in range(data.draw(st.integers(1, 25))):
                play(model, data.draw)
        finally:
            hall.licences.update(begun)


def test_a_licence_is_told_by_its_word(hall: Hall) -> None:
    assert hall.rules.licenceWordOf(hall.binance) == Licence().word
