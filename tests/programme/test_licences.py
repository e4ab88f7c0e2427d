"""Licences of venues: stages and their table, validity, history, wallets and customers."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.evm import Reverted, reverts
from tests.programme.licensing import (
    AML,
    INCORPORATED,
    LICENSED,
    NOC,
    NONE,
    REVOKED,
    SERVES,
    STAGES,
    SUSPENDED,
    YEAR,
    Licensing,
)
from tests.world import INSTITUTION, NOBODY, REFERENCE, Role, World

FORWARD = {
    NONE: {NOC},
    NOC: {NOC, AML},
    AML: {AML, INCORPORATED},
    INCORPORATED: {INCORPORATED, LICENSED},
    LICENSED: {LICENSED},
    SUSPENDED: {NOC, AML, INCORPORATED, LICENSED},
    REVOKED: {NOC},
}
"""What the licensing desk may decide after what; PVARA's phases, one at a time."""
ENDS = {NOC, AML, INCORPORATED, LICENSED}


@pytest.fixture
def desk(world: World) -> Licensing:
    return Licensing(world)


# Stages


@pytest.mark.parametrize(("before", "after"), list(product(STAGES, STAGES)))
def test_a_stage_follows_another_as_the_table_says(
    desk: Licensing, before: int, after: int
) -> None:
    desk.bring(before)
    if after in FORWARD[before]:
        desk.decide(after)
        assert desk.registry.licenceOf(desk.venue).stage == after
    else:
        with reverts("LicenceStepRefused", desk.venue, before, after):
            desk.decide(after)


@pytest.mark.parametrize("before", STAGES)
def test_the_regulator_suspends_and_revokes_what_can_be(desk: Licensing, before: int) -> None:
    desk.bring(before)
    for act, after, allowed in (
        (desk.suspend, SUSPENDED, before in ENDS),
        (desk.revoke, REVOKED, before in ENDS | {SUSPENDED}),
    ):
        with desk.world.evm.snapshot():
            if allowed:
                act()
                assert desk.registry.licenceOf(desk.venue).stage == after
            else:
                with reverts("LicenceStepRefused", desk.venue, before, after):
                    act()


@pytest.mark.parametrize("suspended", sorted(ENDS))
def test_a_reinstatement_leads_no_higher_than_what_was_suspended(
    desk: Licensing, suspended: int
) -> None:
    desk.bring(suspended)
    desk.suspend()
    for stage in sorted(ENDS):
        with desk.world.evm.snapshot():
            if stage <= suspended:
                desk.decide(stage)
            else:
                with reverts("LicenceStepRefused", desk.venue, SUSPENDED, stage):
                    desk.decide(stage)


def test_a_decision_made_before_a_suspension_does_not_undo_it(desk: Licensing) -> None:
    """What was scheduled, delayed, names the decision that it follows."""
    desk.bring(AML)
    desk.suspend()
    with reverts("LicenceDecisionOutdated", desk.venue, 2, 3):
        desk.decide(AML, number=2)
    desk.decide(AML)


def test_a_licence_is_valid_for_a_time_ahead_and_five_years_at_most(desk: Licensing) -> None:
    now = desk.world.evm.time
    for until in (0, now, now + 5 * YEAR + 1, 2**40 - 1):
        with reverts("LicenceValidityInvalid", until):
            desk.decide(NOC, validUntil=until)
    desk.decide(NOC, validUntil=now + 1)
    desk.decide(NOC, validUntil=now + 5 * YEAR)


def test_a_decision_stands_on_a_document_and_serves_known_classes(desk: Licensing) -> None:
    with reverts("LicenceDocumentZero"):
        desk.decide(NOC, conditions=bytes(32))
    with reverts("LicenceClassesInvalid", 3):
        desk.decide(NOC, serves=3)
    desk.decide(NOC)
    with reverts("LicenceDocumentZero"):
        desk.registry.suspend(desk.venue, bytes(32), sender=desk.world[Role.REGULATOR])


def test_a_venue_is_an_investor(desk: Licensing) -> None:
    with reverts("VenueUnknown", desk.world.treasury):
        desk.decide(NOC, desk.world.treasury)
    desk.decide(NOC)
    assert desk.registry.venues() == [desk.venue]


def test_a_suspension_keeps_the_terms_that_it_suspends(desk: Licensing) -> None:
    desk.bring(LICENSED, services=7)
    desk.suspend()
    licence = desk.registry.licenceOf(desk.venue)
    assert (licence.services, licence.serves, licence.conditions) == (7, SERVES, REFERENCE)


# Time


def test_a_licence_ends_without_a_transaction(desk: Licensing) -> None:
    """Pitfall 60."""
    until = desk.world.evm.time + 100
    desk.decide(NOC, validUntil=until)
    assert desk.registry.stands(desk.venue)
    desk.world.evm.time = until - 1
    assert desk.registry.stands(desk.venue)
    desk.world.evm.time = until
    assert not desk.registry.stands(desk.venue)
    assert desk.registry.stoodAt(desk.venue, until - 1)
    assert not desk.registry.stoodAt(desk.venue, until)
    desk.decide(NOC)
    assert desk.registry.stands(desk.venue)
    assert not desk.registry.stoodAt(desk.venue, until - 101)


def test_the_history_is_told_at_any_time(desk: Licensing) -> None:
    evm, told = desk.world.evm, {}
    assert desk.registry.licenceAt(desk.venue, evm.time).stage == NONE
    for stage in (NOC, AML, INCORPORATED, LICENSED, SUSPENDED, AML, REVOKED, NOC):
        evm.advance(days=1)
        act = {SUSPENDED: desk.suspend, REVOKED: desk.revoke}.get(stage)
        act() if act else desk.decide(stage)
        told[evm.time] = stage
    evm.advance(days=1)
    for number, (time, stage) in enumerate(told.items(), 1):
        licence = desk.registry.decision(desk.venue, number)
        assert (licence.since, licence.stage) == (time, stage)
        for moment in (time, time + 86_399):
            assert desk.registry.licenceAt(desk.venue, moment) == licence
        assert desk.registry.stoodAt(desk.venue, time) is (stage in ENDS)


def test_of_two_decisions_in_one_second_the_last_counts(desk: Licensing) -> None:
    desk.bring(SUSPENDED)
    assert desk.registry.licenceAt(desk.venue, desk.world.evm.time).stage == SUSPENDED


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.tuples(st.sampled_from(STAGES), st.integers(0, 3)), max_size=20))
def test_history_rule_book_and_model_agree(desk: Licensing, steps: list[tuple[int, int]]) -> None:
    """Over any sequence of decisions, suspensions, revocations and waiting."""
    world, registry = desk.world, desk.registry
    with world.evm.snapshot():
        history: list[tuple[int, int]] = []
        for stage, wait in steps:
            world.evm.advance(seconds=wait)
            stages = [NONE, *(each for _, each in history)]
            allowed = stage in FORWARD[stages[-1]]
            if stages[-1] == SUSPENDED and stage != REVOKED:
                allowed &= stage <= stages[-2]
            if stage in (SUSPENDED, REVOKED):
                allowed = stages[-1] in ENDS | ({SUSPENDED} if stage == REVOKED else set())
            act = {SUSPENDED: desk.suspend, REVOKED: desk.revoke}.get(stage)
            try:
                act() if act else desk.decide(stage)
            except Reverted as refusal:
                assert refusal.name == "LicenceStepRefused" and not allowed
            else:
                assert allowed
                history.append((world.evm.time, stage))
        assert registry.decisions(desk.venue) == len(history)
        for moment in {time + more for time, _ in history for more in (-1, 0, 1)}:
            known = [each for time, each in history if time <= moment] or [NONE]
            assert registry.licenceAt(desk.venue, moment).stage == known[-1]
        word = world.venue_rules.licenceWordOf(desk.venue)
        assert word & 0xFF == (history[-1][1] if history else NONE)
        assert word >> 128 == len(history)


# Wallets


def is_marked(world: World, wallet: Any) -> bool:
    return bool(world.registry.recordOf(wallet) >> 176 & 4)


def test_from_the_first_decision_all_its_wallets_are_a_venues(desk: Licensing) -> None:
    world = desk.world
    cold = world.investor("cold wallet", klass=INSTITUTION, of=desk.venue)
    lost = world.investor("lost wallet", klass=INSTITUTION, of=desk.venue)
    world.lose(lost, cold)
    desk.decide(NOC)
    assert [is_marked(world, each) for each in (desk.venue, cold, lost)] == [True, True, False]


def test_a_wallet_is_declared_by_the_venue_and_approved_by_the_desk(desk: Licensing) -> None:
    world, licensor = desk.world, desk.world[Role.LICENSOR]
    desk.decide(NOC)
    cold = world.investor("cold wallet", klass=INSTITUTION, of=desk.venue)
    with reverts("WalletNotDeclared", cold):
        desk.registry.approveWallet(cold, sender=licensor)
    desk.registry.declareWallet(cold, sender=desk.venue)
    assert (desk.registry.declaredBy(cold), desk.registry.venueOf(cold)) == (desk.venue, NOBODY)
    desk.registry.approveWallet(cold, sender=licensor)
    assert desk.registry.venueOf(cold) == desk.venue and is_marked(world, cold)


def test_a_venue_declares_only_what_the_registry_knows_as_its_own(desk: Licensing) -> None:
    """Pitfall 60: a venue's wallet is no investor's."""
    world = desk.world
    alice = world.investor("alice")
    desk.decide(NOC)
    with reverts("WalletOfAnother", alice, alice, desk.venue):
        desk.registry.declareWallet(alice, sender=desk.venue)
    with reverts("CallerNotOfVenue", alice):
        desk.registry.declareWallet(alice, sender=alice)
    desk.suspend()
    with reverts("CallerNotOfVenue", desk.venue):
        desk.registry.declareWallet(desk.venue, sender=desk.venue)


def test_a_suspended_wallet_does_not_speak_for_its_venue(desk: Licensing) -> None:
    desk.decide(NOC)
    desk.world.registry.suspend(desk.venue, sender=desk.world[Role.REGULATOR])
    with reverts("CallerNotOfVenue", desk.venue):
        desk.registry.nameCustomers([desk.venue], True, sender=desk.venue)


def test_anyone_marks_a_wallet_that_a_venue_kept_to_itself(desk: Licensing) -> None:
    world = desk.world
    desk.decide(NOC)
    hidden = world.investor("hidden wallet", klass=INSTITUTION, of=desk.venue)
    alice, passer_by = world.investor("alice"), world.evm.actor("passer-by")
    assert not is_marked(world, hidden)
    desk.registry.markWallets([hidden, desk.venue], sender=passer_by)
    assert is_marked(world, hidden)
    with reverts("NotAVenue", alice):
        desk.registry.markWallets([alice], sender=passer_by)


def test_a_wallet_stays_marked_while_a_venue_is_its_investor(desk: Licensing) -> None:
    world, licensor = desk.world, desk.world[Role.LICENSOR]
    desk.decide(NOC)
    desk.registry.declareWallet(desk.venue, sender=desk.venue)
    desk.registry.approveWallet(desk.venue, sender=licensor)
    desk.registry.releaseWallet(desk.venue, sender=licensor)
    assert desk.registry.venueOf(desk.venue) == NOBODY and is_marked(world, desk.venue)
    alice = world.investor("alice")
    world.registry.setVenue(alice, True, sender=world[Role.LICENSING])
    desk.registry.releaseWallet(alice, sender=licensor)
    assert not is_marked(world, alice)


# Customers


def test_a_venue_names_its_customers_while_its_licence_stands(desk: Licensing) -> None:
    world, rules = desk.world, desk.world.venue_rules
    alice, bob = world.investor("alice"), world.investor("bob")
    desk.decide(NOC)
    desk.registry.nameCustomers([alice, bob], True, sender=desk.venue)
    desk.registry.nameCustomers([bob], False, sender=desk.venue)
    assert [rules.isCustomer(desk.venue, each) for each in (alice, bob)] == [True, False]
    desk.suspend()
    with reverts("CallerNotOfVenue", desk.venue):
        desk.registry.nameCustomers([bob], True, sender=desk.venue)
    licensor = world[Role.LICENSOR]
    with reverts("LicenceDocumentZero"):
        desk.registry.nameCustomersOf(desk.venue, [bob], True, bytes(32), sender=licensor)
    desk.registry.nameCustomersOf(desk.venue, [bob], True, REFERENCE, sender=licensor)
    assert rules.isCustomer(desk.venue, bob)
    with reverts("NotAVenue", alice):
        desk.registry.nameCustomersOf(alice, [bob], True, REFERENCE, sender=licensor)


# On a token


def test_a_venue_on_its_way_holds_what_its_stage_allows(desk: Licensing) -> None:
    world = desk.world
    bill, alice = world.bill(), world.investor("alice")
    world.mint(bill, alice, 1_000)
    officer = world[Role.COMPLIANCE_OFFICER]
    rows = [(100 * n, 50 * n, 2**64 - 1, 0) for n in range(4)]
    world.venue_rules.setRules(bill, True, rows, sender=officer)
    desk.decide(NOC)
    assert bill.detectTransferRestriction(alice, desk.venue, 1) == 46
    assert "stage" in bill.messageForTransferRestriction(46)
    with reverts("VenueHoldingExceeded", desk.venue, 1, 0):
        bill.transfer(desk.venue, 1, sender=alice)
    desk.decide(AML)
    bill.transfer(desk.venue, 50, sender=alice)
    with reverts("VenueTradeExceeded", desk.venue, 51, 50):
        bill.transfer(desk.venue, 1, sender=alice)
    desk.registry.nameCustomers([alice], True, sender=desk.venue)
    desk.suspend()
    assert bill.detectTransferRestriction(alice, desk.venue, 1) == 44
    bill.transfer(alice, 20, sender=desk.venue)
    world.burn(bill, desk.venue, 10)  # as a redemption does
    assert bill.balanceOf(desk.venue) == 20
