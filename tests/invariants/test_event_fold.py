"""Folding the logs alone rebuilds the programme (pitfall 61; invariant 11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from datetime import date
from functools import cache
from typing import Any

from eth_utils.crypto import keccak
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from scripts._amanat import artifacts, powers
from scripts._amanat.artifacts import DecodedEvent
from scripts._amanat.measures import unit_id
from scripts._amanat.onchain import Status
from scripts._amanat.stages import LimitValues, Stage
from scripts._amanat.waterfall import Figures
from tests.assets.revenue import Road
from tests.evm import Contract, Evm, Receipt, Snapshot
from tests.identity.registry import Record
from tests.invariants.event_fold import Fold, Series
from tests.invariants.life import WALLETS, Act, Life
from tests.programme.departure import Swap, chosen
from tests.programme.test_customer_returns import Ended
from tests.world import NOBODY, REFERENCE, Role, Rules, World, padded

ACTS = (
    *("mint", "mint", "transfer", "transfer", "transfer_from", "burn", "force"),
    *("pledge", "pledge", "release_pledge", "enforce"),
    *("freeze", "release", "freeze_part", "unfreeze_part", "set_frozen"),
    *("lose", "lose", "complete", "complete", "cancel", "follow"),
    *("attest", "attest", "link", "link", "withdraw", "unlink", "suspend", "recount"),
    "revoke_batch",
    *("move_abroad", "refresh", "change_policy", "wait", "reach", "announce", "announce"),
    *("pause", "confirm", "unpause", "unpause"),
    *("onboard", "onboard", "reassign", "classify", "venue"),
    *("document", "document", "shred", "add_module", "add_module", "remove_module"),
)


class Recorder(Evm):
    """A chain that keeps the logs of every transaction with the time of its block."""

    def __init__(self) -> None:
        self.kept: list[tuple[int, Receipt]] = []
        super().__init__()

    def _transact(self, run: Any) -> Any:
        answer = super()._transact(run)
        self.kept.append((self.time, self.receipt))
        return answer

    def snapshot(self) -> Snapshot:
        """What is undone was never logged."""
        inner, length = super().snapshot(), len(self.kept)

        def restore() -> None:
            inner.revert()
            del self.kept[length:]

        return Snapshot(restore)

    def logs(self) -> list[tuple[int, DecodedEvent]]:
        """Every log of the chain's life in its order."""
        return [(time, event) for time, receipt in self.kept for event in receipt.all_events]


@cache
def recorded() -> tuple[Recorder, Life]:
    """A life on a chain that was recorded from its first block."""
    evm = Recorder()
    return evm, Life(evm)


wallet = st.integers(0, WALLETS - 1)
act = st.tuples(st.sampled_from(ACTS), wallet, wallet, wallet, st.integers(0, 900))


# No shrinking: an example folds hundreds of logs, and the act that a failure names tells enough.
@settings(max_examples=30, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(acts=st.lists(act, min_size=20, max_size=60))
def test_a_random_life_is_rebuilt_from_its_logs(acts: list[Act]) -> None:
    evm, life = recorded()
    with evm.snapshot():
        life.begin()
        for each in [*[("mint", n, 0, 0, 100) for n in range(6)], *acts]:
            life.perform(life.aim(each))
        fold = Fold()
        for time, event in evm.logs():
            fold.read(time, event)
        compare_series(fold, life)
        compare_documents_and_modules(fold, life)
        compare_identities(fold, life)
        compare_holders(fold, life)


@settings(max_examples=8, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    acts=st.lists(act, min_size=20, max_size=40),
    page=st.lists(st.tuples(wallet, st.integers(0, 2**12 - 1)), min_size=1, max_size=10),
)
def test_a_series_that_is_replaced_and_its_successor_are_rebuilt_from_the_logs(
    acts: list[Act], page: list[tuple[int, int]]
) -> None:
    evm, life = recorded()
    with evm.snapshot():
        life.begin()
        for each in [*[("mint", n, 0, 0, 100) for n in range(6)], *acts]:
            life.perform(life.aim(each))
        swap = Swap(life.world, life.token, life.world.open_ended(Rules(maximum_holders=50)))
        swap.begin()
        swap.carry(*[chosen(life, *each) for each in page])
        fold = Fold()
        for time, event in evm.logs():
            fold.read(time, event)
        for token in (swap.old, swap.new):
            compare_positions(fold.series[token.address], token, life.wallets)
            compare_pledges(fold.series[token.address], token)
        told, found = fold.leaving[swap.old.address], swap.leaving()
        assert (told.successor, told.document, told.register) == (
            found.successor,
            found.document,
            found.registerHash,
        )
        assert (told.status, told.supply, told.carried) == (
            found.status,
            found.supply,
            found.carried,
        )


def compare_series(fold: Fold, life: Life) -> None:
    """Balances, supply, frozen parts, freezes, turns, pause, record dates and their balances."""
    token, series = life.token, fold.series[life.token.address]
    assert fold.status[token.address] == "open"
    assert token.compliance() == series.compliance
    assert token.recordDates() == series.dates
    compare_positions(series, token, life.wallets)
    compare_pledges(series, token)
    for each in life.wallets:
        assert token.orderSequence(each) == series.orders[each]
        assert token.allowance(each, life.wallets[0]) == series.allowances[each, life.wallets[0]]
    for number, at in enumerate(series.dates):
        if at <= life.evm.time:
            kept = series.at(number)
            assert token.totalSupplyAt(number) == sum(kept.values())
            for each in life.wallets:
                assert token.balanceOfAt(each, number) == kept[each]


def compare_positions(series: Series, token: Contract, wallets: Sequence[str]) -> None:
    assert token.totalSupply() == series.supply
    assert token.paused() is (token.evm.time < series.paused_until * 3_600)
    for each in wallets:
        assert token.balanceOf(each) == series.balances[each]
        assert token.getFrozenTokens(each) == series.frozen.get(each, 0)
        assert token.isFrozen(each) is (each in series.held)
        assert token.pledgedOf(each) == series.pledged[each]


def compare_pledges(series: Series, token: Contract) -> None:
    for identity, pledge in series.pledges.items():
        told = token.pledgeOf(identity)
        assert (told.holder, told.amount) == (pledge.holder, pledge.left)
        assert token.pledgeId(pledge.maker, pledge.pledgee, pledge.document) == identity


def compare_documents_and_modules(fold: Fold, life: Life) -> None:
    """In their order, which removal changes."""
    token, series = life.token, fold.series[life.token.address]
    assert token.getAllDocuments() == list(series.documents)
    for name, document in series.documents.items():
        assert tuple(token.getDocument(name)) == document
    modules = [tuple(each) for each in life.world.rule_book.modulesOf(token)]
    assert modules == list(series.modules.items())


def compare_identities(fold: Fold, life: Life) -> None:
    """Record, successor and investor's wallets of every wallet; policy, topics and issuers."""
    registry = life.world.registry
    for each in life.wallets:
        assert fold.record_of(each) == Record.of(registry.recordOf(each)), each.name
        assert registry.successorOf(each) == fold.successor_of(str(each))
    for investor in {fold.record_of(each).investor for each in life.wallets} | set(fold.lines):
        assert registry.walletsOf(investor) == fold.wallets_of(investor)
    policy = registry.policy()
    for name, value in fold.policy.items():
        assert getattr(policy, name) == value, name
    assert policy.halted is (life.evm.time < fold.halted_until * 3_600)
    assert set(registry.getClaimTopics()) == fold.topics
    assert registry.getTrustedIssuers() == list(fold.issuers)
    for batch, (issuer, issued_at) in fold.batches.items():
        kept = registry.batchInfo(batch)
        assert (kept.issuer, kept.issuedAt) == (issuer, issued_at)
        assert kept.revoked is (batch in fold.revoked)
    for issuer, topics in fold.issuers.items():
        assert set(registry.getTrustedIssuerClaimTopics(issuer)) == topics


def compare_holders(fold: Fold, life: Life) -> None:
    """Once recoveries are settled and links recounted, as everywhere."""
    evm, lost = life.evm, [each for each in life.wallets if fold.successor_of(str(each)) != each]
    with evm.snapshot():
        for each in lost:
            life.token.follow(each, sender=life.desk)
        life.token.recount(life.wallets, sender=life.desk)
        again = Fold()
        assert isinstance(evm, Recorder)
        for time, event in evm.logs():
            again.read(time, event)
        assert life.token.holders() == again.holders(life.token.address)


def test_roles_labels_and_classes_are_rebuilt_from_the_logs() -> None:
    evm, life = recorded()
    world = life.world
    with evm.snapshot():
        world.authority.revokeRole(Role.MINTER, world[Role.MINTER], sender=world.admin)
        pause = world.bill_class.pause.selector
        world.authority.setTargetFunctionRole(world.bill_class, [pause], 99, sender=world.admin)
        bill = world.bill()
        fold = Fold()
        for time, event in evm.logs():
            fold.read(time, event)
        people = [world.admin, *world.officers.values(), *world.contracts.values(), life.desk]
        for role in (*Role, 99):
            for who in people:
                address = str(getattr(who, "address", who))
                held = world.authority.hasRole(role, who).isMember
                assert held is ((int(role), address) in fold.members), (role, who)
        for target in (*world.contracts.values(), life.token, bill):
            made_of = world.authority.classOf(target)
            assert made_of == fold.classes.get(target.address, NOBODY)
            compare_labels(fold, world.authority, target, made_of)


def compare_labels(fold: Fold, authority: Any, target: Any, made_of: str) -> None:
    by_class = target.address if made_of == NOBODY else made_of
    for entry in target.abi:
        if entry["type"] == "function":
            selector = artifacts.selector(entry)
            told = fold.labels.get((by_class, selector), 0)
            expected = told or 2**64 - 2
            assert authority.getTargetFunctionRole(target, selector) == expected


def test_rules_countries_sanctions_and_status_are_rebuilt_from_the_logs() -> None:
    evm, life = recorded()
    world = life.world
    with evm.snapshot():
        officer, party = world[Role.COMPLIANCE_OFFICER], life.wallets[0]
        bill = world.bill(Rules(lot=5, jurisdictions=True), countries=[586, 784])
        changed = Rules(maximum_holding=7, velocity_limit=9, velocity_window=60, sanctions=True)
        world.rule_book.configure(bill, astuple(changed), sender=officer)
        world.rule_book.setJurisdictions(bill, [784, 50], False, sender=officer)
        world.rule_book.setJurisdictions(bill, [400], True, sender=officer)
        registrar, other = world[Role.REGISTRAR], life.wallets[1]
        for expires in (world.evm.time + 60, world.evm.time + 90):
            world.rule_book.preApprove(bill, party, other, expires, expires, sender=registrar)
        world.rule_book.withdrawPreApproval(bill, party, other, expires, sender=registrar)
        parties = [party, life.wallets[1]]
        world.rule_book.imposeSanctions(parties, sender=world[Role.REGULATOR])
        world.rule_book.liftSanctions([party], sender=world[Role.RELEASER])
        world.programme.closeSeries(bill, sender=world[Role.ISSUER])
        limits = LimitValues(investors=9, classes=2, countries=(400,), ends_at=2**33)
        world.narrow(limits, most=1)
        stop_much(world)
        fold = Fold()
        for time, event in evm.logs():
            fold.read(time, event)
        series = fold.series[bill.address]
        assert tuple(world.rule_book.rulesOf(bill)) == series.rules == astuple(changed)
        listed = {n for n in range(1, 1_000) if world.rule_book.isCountryListed(bill, n)}
        assert listed == series.countries == {586, 400}
        asked = [(party, other, amount) for amount in (expires - 30, expires)]
        told = [world.rule_book.preApprovalOf(bill, *each) for each in asked]
        assert told == [series.approvals.get(each, 0) for each in asked] == [expires - 30, 0]
        for each in parties:
            assert world.rule_book.isSanctioned(each) is (each in fold.sanctioned)
        assert fold.status[bill.address] == "closed"
        stage, found = world.stage.current()
        assert fold.stage == (stage, LimitValues.of(found)) == (Stage.FULL, limits)
        assert fold.stage_held and not world.stage.isRunning()
        registry = world.registry
        assert registry.haltedUntilHour() == fold.halted_until
        assert registry.stageEnd() == fold.stage_end == 2**33
        for each in world.classes.values():
            paused = fold.class_pauses.get(each.address, 0)
            assert registry.classPausedUntilHour(each) == paused
        assert len(fold.class_pauses) == 2
        assert bill.recordDates() == series.dates


def stop_much(world: World) -> None:
    """A halt, a stage with an end, and three classes paused: for a while, for good, released."""
    duty, registry = world[Role.EMERGENCY], world.registry
    registry.halt(sender=duty)
    registry.setStageEnd(2**33, sender=world[Role.STAGE_KEEPER])
    for each in (world.bill_class, world.bond_class, world.sukuk_class):
        registry.pauseClass(each, sender=duty)
    registry.confirmClassPause(world.bond_class, sender=world[Role.PAUSE_CONFIRMER])
    registry.unpauseClass(world.sukuk_class, sender=world[Role.RELEASER])


def test_licences_venues_and_returns_are_rebuilt_from_the_logs() -> None:
    evm, life = recorded()
    world = life.world
    with evm.snapshot():
        ended = Ended(world)
        registry, venue, bill = world.licences, ended.venue, ended.bill
        first, second = ended.listed(), ended.post()
        ended.claim(first, 1)
        world.returns.withdrawList(second, REFERENCE, sender=world[Role.LICENSOR])
        ended.desk.decide(3)
        ended.desk.permit(bill, hold=500, trade=400, travel=9)
        for wallet in (venue, world.investor("cold", of=venue), world.investor("hot", of=venue)):
            registry.declareWallet(wallet, sender=venue)
        for act in (registry.approveWallet, registry.releaseWallet):
            act(wallet, sender=world[Role.LICENSOR])
        registry.approveWallet(venue, sender=world[Role.LICENSOR])
        registry.nameCustomers(ended.customers, True, sender=venue)
        registry.nameCustomers(ended.customers[:1], False, sender=venue)
        other = world.investor("htx")
        ended.desk.bring(1, other)
        world.release(bill, venue)
        for amount in (10, 20):
            world.venue_rules.noteTravel(bill, other, amount, REFERENCE, sender=venue)
        bill.transfer(other, 10, sender=venue)
        fold = Fold()
        for time, event in evm.logs():
            fold.read(time, event)
        compare_venues(fold, world, ended)
        series = fold.series[bill.address]
        told = world.venue_rules.rulesOf(bill)
        assert told.asks is series.venues[0] is True
        assert list(told.stages) == list(series.venues[1])
        assert series.travel == {(str(venue), str(other), 20): evm.time + 86_400}
        kept = [world.venue_rules.travelNotedUntil(bill, venue, other, n) for n in (10, 20)]
        assert kept == [0, evm.time + 86_400]


def compare_venues(fold: Fold, world: World, ended: Ended) -> None:
    registry = world.licences
    assert registry.venues() == list(fold.licences)
    for each, decisions in fold.licences.items():
        assert registry.decisions(each) == len(decisions)
        for number, (since, stage, terms) in enumerate(decisions, 1):
            kept = registry.decision(each, number)
            assert (kept.since, kept.stage) == (since, stage)
            assert (kept.services, kept.serves, kept.validUntil, kept.conditions) == tuple(terms)
    for wallet, (of, approved) in fold.venue_wallets.items():
        assert registry.declaredBy(wallet) == of
        assert registry.venueOf(wallet) == (of if approved else NOBODY)
    assert sum(approved for _, approved in fold.venue_wallets.values()) == 1
    for each in ended.customers:
        known = (str(ended.venue), str(each)) in fold.customers
        assert world.venue_rules.isCustomer(ended.venue, each) is known
    for number, made in fold.returns.items():
        told = world.returns.listOf(number)
        assert (told.venue, told.confirmed, told.root) == (made.venue, made.confirmed, made.root)
        assert world.returns.leftOf(number, ended.bill) == made.left[ended.bill.address]
        assert made.claimed == {n for n in range(3) if world.returns.isClaimed(number, n)}


def test_ceiling_rates_authorisations_and_statuses_are_rebuilt_from_the_logs() -> None:
    evm, life = recorded()
    world = life.world
    with evm.snapshot():
        programme, opener, issuer = world.programme, world[Role.FISCAL_AGENT], world[Role.ISSUER]
        regulator, holder = world[Role.REGULATOR], life.wallets[0]
        bills = [world.bill() for _ in range(4)]
        bond, gold = world.bond(), world.commodity()
        programme.authorise(bills[2], 0, sender=opener)
        programme.authorise(bond, 700, sender=opener)
        programme.closeSeries(bills[0], sender=issuer)
        programme.reconcile(bills[0], sender=holder)
        programme.cancelSeries(bills[1], sender=issuer)
        programme.exchangeCommitment(bond, bills[2], 7, sender=world[Role.EXCHANGER])
        programme.authorise(gold, 5, sender=opener)
        limits = (10**25, 86_400, [(padded(b"TreasuryBill"), 10**24)])
        programme.lowerLimits(limits, sender=regulator)
        pkr = unit_id("PKR")
        world.rates.setRate(pkr, 36 * 10**14, REFERENCE, sender=world[Role.RATE_AGENT])
        world.rates.tightenBounds(pkr, (1, 2, 2**32 - 1, 5), sender=regulator)
        fold = Fold()
        for time, event in evm.logs():
            fold.read(time, event)
        compare_programme(fold, world)
        assert [fold.status[each.address] for each in bills[:2]] == ["redeemed", "cancelled"]


def compare_programme(fold: Fold, world: World) -> None:
    """Each series' book and papers; the limits; each unit's rate, bounds and commitments."""
    programme, rates = world.programme, world.rates
    for index in range(programme.seriesCount()):
        token = programme.seriesAt(index)
        book = programme.seriesOf(token)
        assert Status(book.status).label == fold.status[token]
        assert (book.authorised, book.authorisedUntil) == fold.authorised[token]
        assert book[2] == fold.classes_by_name[token]
        authority, _, approval = fold.papers[token]
        assert (book.legalAuthority, book.approval) == (authority, approval)
    limits = programme.limits()
    kept = {each[0]: each[1] for each in limits.allocations}
    assert (limits.ceiling, limits.authorisationAge) == fold.limits[:2]
    assert kept == dict.fromkeys(kept, 0) | fold.limits[2]
    for unit in rates.units():
        assert tuple(rates.rateOf(unit)) == fold.rates[unit]
        assert tuple(rates.boundsOf(unit)) == fold.bounds[unit]
        assert programme.committed(unit) == fold.committed(unit)
        for klass in kept:
            assert programme.committedOf(klass, unit) == fold.committed(unit, klass)


def test_declarations_their_dates_and_what_is_carried_are_rebuilt_from_the_logs() -> None:
    evm, life = recorded()
    with evm.snapshot():
        road = Road(life.world)
        road.give(holder=10)
        for number in range(3):
            road.declare(Figures(100_00 + number, 0, 0, 0))
        road.restate(0, Figures(60_00, 0, 0, 0))
        road.restate(0, Figures(80_00, 0, 0, 0))
        road.reach(date(2027, 1, 2))
        road.token.call(20_950, keccak(text="decision"), sender=life.world[Role.ISSUER])
        fold = Fold()
        for time, event in evm.logs():
            fold.read(time, event)
        series = fold.series[road.token.address]
        assert (road.token.carried(), road.token.calledFor()) == (-5_00, 20_950)
        assert (series.carried, series.called_for) == (-5_00, 20_950)
        # The end is a term, or the day of the call; the others were told.
        assert road.token.recordDates()[:-1] == series.dates
        assert len(series.declared) == road.token.declarationCount() == 3
        for number, made in enumerate(series.declared):
            told = road.token.declaration(number)
            assert (told.pool, told.share, told.payDay) == (made.pool, made.share, made.pay_day)
            assert (told.revision, told.auditedHash) == (made.revision, made.audited)


def test_every_label_of_the_table_was_told_by_a_log() -> None:
    evm, life = recorded()
    fold = Fold()
    for time, event in evm.logs():
        fold.read(time, event)
    for label in powers.labels():
        target = life.world.contracts[label.contract].address
        for function in label.functions:
            selector = keccak(text=function)[:4]
            assert fold.labels[target, selector] == label.role
