"""The ceiling: what series may have out, in dollars of the day it is committed, and never after."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from eth_utils.crypto import keccak
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from scripts._amanat import artifacts
from scripts._amanat.measures import unit_id
from scripts._amanat.onchain import Status
from scripts._amanat.stages import LimitValues
from tests.evm import Actor, Contract, Evm, Reverted, reverts
from tests.world import (
    APPROVAL,
    MATURITY_INSTANT,
    NOBODY,
    REFERENCE,
    BillTerms,
    RevenueTerms,
    Role,
    World,
    padded,
)

PKR, GOLD = unit_id("PKR"), unit_id("GOLD/FINE TROY OUNCE")
BILL, BOND, SUKUK, COMMODITY = map(
    padded, (b"TreasuryBill", b"GovernmentBond", b"IjarahSukuk", b"CommodityReserve")
)
USD: Final = 10**18
RUPEE: Final = 35 * 10**14
"""The world's rate: a rupee is 0.35 cents, a million rupees 3,500 dollars."""
AGE: Final = 90 * 86_400
DAY: Final = 86_400
BOUNDS: Final = (5_000, 9_000, DAY, 2**32 - 1)


def limit(world: World, ceiling: int, *allocations: tuple[bytes, int], age: int = AGE) -> None:
    """By board and regulator, in whole dollars."""
    wanted = (ceiling * USD, age, [(klass, usd * USD) for klass, usd in allocations])
    world.programme.proposeLimits(wanted, sender=world[Role.BOARD])
    world.programme.confirmLimits(wanted, sender=world[Role.REGULATOR])


def rate(world: World, dollars: int, unit: bytes = PKR) -> None:
    """By board and regulator, whatever it was."""
    given = (unit, dollars, BOUNDS, REFERENCE)
    world.rates.proposeRate(*given, sender=world[Role.BOARD])
    world.rates.confirmRate(*given, sender=world[Role.REGULATOR])


def proposed(world: World, maximum: int = 1_000_000, name: str = "") -> Contract:
    """A bill, approved and not yet open; a million of it is 3,500 dollars."""
    sheet = keccak(text=f"{name} {world.programme.seriesCount()}")
    token = world.propose(None, BillTerms(maximum_issue=maximum, term_sheet_hash=sheet))
    world.programme.approveSeries(token, APPROVAL, sender=world[Role.FISCAL_AGENT])
    return token


def opened(world: World, maximum: int = 1_000_000) -> Contract:
    token = proposed(world, maximum)
    open_it(world, token)
    return token


def open_it(world: World, token: Contract) -> None:
    world.programme.openSeries(token, sender=world[Role.FISCAL_AGENT])


def authorise(world: World, token: Contract, amount: int) -> None:
    world.programme.authorise(token, amount, sender=world[Role.FISCAL_AGENT])


def status(world: World, token: Contract) -> Status:
    return Status(world.programme.seriesOf(token).status)


# ---------------------------------------------------------------- what is committed


def test_an_open_series_commits_its_maximum_issue_in_its_unit(world: World) -> None:
    token = opened(world)
    until = world.evm.time + 366 * DAY
    told = world.evm.receipt.events("SeriesAuthorised")
    assert told == [{"token": token.address, "authorised": 1_000_000, "until": until}]
    book = world.programme.seriesOf(token)
    assert (book.authorised, book.authorisedUntil) == (1_000_000, until)
    assert world.programme.committed(PKR) == 1_000_000 * USD
    assert world.programme.committedOf(BILL, PKR) == 1_000_000 * USD
    assert world.programme.committedValue() == 3_500 * USD
    assert world.programme.outstanding(PKR) == 0
    world.mint(token, world.investor("alice"), 400)
    assert world.programme.outstanding(PKR) == 400 * USD
    assert world.programme.unitsCommitted() == [PKR]


def test_a_proposal_and_its_approval_commit_nothing(world: World) -> None:
    proposed(world)
    assert world.programme.committedValue() == 0
    assert world.programme.unitsCommitted() == []


def test_an_issue_that_would_pass_the_ceiling_is_refused_at_the_last_cent(world: World) -> None:
    limit(world, 3_500)
    token = proposed(world, 1_000_001)
    over = 3_500 * USD + RUPEE
    with reverts("CeilingExceeded", over, 3_500 * USD):
        open_it(world, token)
    world.programme.openSeriesFor(token, 1_000_000, sender=world[Role.FISCAL_AGENT])
    with reverts("CeilingExceeded", over, 3_500 * USD):
        authorise(world, token, 1_000_001)


def test_no_two_issues_together_pass_it(world: World) -> None:
    """Both were approved while there was room for each: the second to be opened finds none."""
    limit(world, 5_000)
    first, second = proposed(world), proposed(world)
    open_it(world, first)
    with reverts("CeilingExceeded", 7_000 * USD, 5_000 * USD):
        open_it(world, second)
    world.programme.cancelSeries(first, sender=world[Role.ISSUER])
    open_it(world, second)


def test_each_class_has_its_part_and_units_of_all_classes_add_up(world: World) -> None:
    limit(world, 100_000_000, (BILL, 3_500), (COMMODITY, 4_000))
    bill = opened(world)
    with reverts("AllocationExceeded", BILL, 3_500 * USD + RUPEE, 3_500 * USD):
        opened(world, 1)
    world.bond(maximum_issue=1_000_000)
    with reverts("AllocationExceeded", COMMODITY, 8_000 * USD, 4_000 * USD):
        world.commodity(maximum_issue=2_000)
    world.commodity(maximum_issue=1_000)
    assert world.programme.committedValueOf(COMMODITY) == 4_000 * USD
    assert world.programme.committedValueOf(BILL) == 3_500 * USD
    assert world.programme.committedValue() == 11_000 * USD
    assert world.programme.committed(GOLD) == USD
    assert status(world, bill) is Status.OPEN


def test_a_class_without_an_allocation_issues_nothing(world: World) -> None:
    limit(world, 10**9, (SUKUK, 0))
    with reverts("AllocationExceeded", SUKUK, 35_000_000 * USD, 0):
        world.sukuk()


# ---------------------------------------------------------------- rates


def test_what_is_new_is_measured_at_todays_rate(world: World) -> None:
    limit(world, 5_000)
    token = opened(world)
    rate(world, 2 * RUPEE)
    assert world.programme.committedValue() == 7_000 * USD
    with reverts("CeilingExceeded", 7_000 * USD + 2 * RUPEE, 5_000 * USD):
        opened(world, 1)
    with reverts("CeilingExceeded", 7_000 * USD, 5_000 * USD):
        authorise(world, token, 1_000_000)  # to renew is to measure anew
    rate(world, RUPEE // 2)
    authorise(world, token, 1_000_000)


def test_a_move_of_the_rate_stops_nothing_that_was_authorised(world: World) -> None:
    limit(world, 3_500)
    token, alice, bob = opened(world), world.investor("alice"), world.investor("bob")
    world.mint(token, alice, 500_000)
    rate(world, 3 * RUPEE)
    world.mint(token, alice, 500_000)
    token.transfer(bob, 10, sender=alice)
    world.burn(token, bob, 10)
    authorise(world, token, 999_990)
    world.programme.closeSeries(token, sender=world[Role.ISSUER])
    world.programme.reconcile(token, sender=bob)
    assert world.programme.committed(PKR) == 999_990 * USD


def test_a_stale_rate_stops_what_is_new_and_nothing_else(world: World) -> None:
    """Of any unit that is committed, whatever the unit of the new issue."""
    token, alice = opened(world), world.investor("alice")
    gold = world.commodity(maximum_issue=1_000)
    tight = (1_000, 5_000, 30 * DAY, 60)
    world.rates.tightenBounds(GOLD, tight, sender=world[Role.REGULATOR])
    set_at = tuple(world.rates.rateOf(GOLD))[1]
    world.evm.time = set_at + 61
    with reverts("RateStale", GOLD, set_at, 60):
        opened(world)
    world.mint(token, alice, 5)
    world.burn(token, alice, 5)
    authorise(world, token, 7)
    world.programme.closeSeries(token, sender=world[Role.ISSUER])
    world.programme.cancelSeries(gold, sender=world[Role.ISSUER])
    opened(world)  # nothing of gold is committed any more


def test_a_unit_without_a_rate_is_not_issued(world: World) -> None:
    with reverts("UnitUnknown", unit_id("TIN/TONNE")):
        world.commodity(commodity=b"TIN", unit=b"TONNE")


# ---------------------------------------------------------------- what is authorised


def test_a_mint_past_what_is_authorised_is_refused_by_any_door(world: World) -> None:
    token, alice = opened(world), world.investor("alice")
    authorise(world, token, 100)
    world.mint(token, alice, 60)
    with reverts("IssueExceedsAuthorised", token, 101, 100):
        world.mint(token, alice, 41)
    minter = world[Role.MINTER]
    with reverts("IssueExceedsAuthorised", token, 101, 100):
        token["batchMint(address[],uint256[],bytes32)"](
            [alice, alice], [40, 1], REFERENCE, sender=minter
        )
    world.mint(token, alice, 40)
    world.burn(token, alice, 1)
    world.mint(token, alice, 1)  # net of what was burnt


def test_what_was_authorised_serves_for_its_age_and_no_longer(world: World) -> None:
    limit(world, 10**9, age=AGE)
    token, alice = opened(world), world.investor("alice", until=world.evm.time + 300 * DAY)
    until = world.programme.seriesOf(token).authorisedUntil
    assert until == world.evm.time - 1 + AGE  # the investor's attestation took a second
    world.evm.time = until
    bond = world.bond()
    world.mint(bond, alice, 1)
    world.evm.time = until + AGE + 1
    with reverts("AuthorisationLapsed", bond, until + AGE):
        world.mint(bond, alice, 1)
    authorise(world, bond, bond.maximumIssue())
    world.mint(bond, alice, 1)


def test_lowering_keeps_what_is_out_and_asks_for_no_room(world: World) -> None:
    token, alice = opened(world), world.investor("alice")
    world.mint(token, alice, 60)
    until = world.programme.seriesOf(token).authorisedUntil
    world.evm.advance(days=1)
    with reverts("AuthorisedTooLittle", token, 59, 60):
        authorise(world, token, 59)
    world.programme.lowerLimits((0, 1, []), sender=world[Role.REGULATOR])
    authorise(world, token, 60)
    assert world.programme.seriesOf(token).authorisedUntil == until
    assert world.programme.committed(PKR) == 60 * USD
    with reverts("AuthorisedTooMuch", token, 1_000_001, 1_000_000):
        authorise(world, token, 1_000_001)


# ---------------------------------------------------------------- limits


def test_limits_are_raised_by_two_and_lowered_by_one(world: World) -> None:
    board, regulator = world[Role.BOARD], world[Role.REGULATOR]
    wanted = (7 * USD, AGE, [(BILL, 5 * USD), (BOND, 2 * USD)])
    world.programme.proposeLimits(wanted, sender=board)
    other = (7 * USD, AGE, [(BILL, 5 * USD), (BOND, 3 * USD)])
    with reverts("NotProposed", subject=padded(b"CEILING")):
        world.programme.confirmLimits(other, sender=regulator)
    world.programme.confirmLimits(wanted, sender=regulator)
    found = world.programme.limits()
    assert (found.ceiling, found.authorisationAge) == (7 * USD, AGE)
    told = {each[0]: each[1] for each in map(tuple, found.allocations)}
    assert (told[BILL], told[BOND]) == (5 * USD, 2 * USD)
    for raised, error in (
        ((7 * USD + 1, AGE, []), ("LimitRaised", bytes(32), 7 * USD + 1, 7 * USD)),
        ((0, AGE, [(BILL, 5 * USD + 1)]), ("LimitRaised", BILL, 5 * USD + 1, 5 * USD)),
        ((0, AGE + 1, []), ("LimitsInvalid", AGE + 1)),
    ):
        with reverts(*error):
            world.programme.lowerLimits(raised, sender=regulator)
    world.programme.lowerLimits((6 * USD, DAY, [(BILL, 0)]), sender=regulator)
    assert world.programme.allocationOf(BILL) == 0
    for age in (0, 367 * DAY):
        with reverts("LimitsInvalid", age):
            world.programme.proposeLimits((USD, age, []), sender=board)


def test_limits_below_what_is_committed_stop_only_what_is_new(world: World) -> None:
    token, alice = opened(world), world.investor("alice")
    world.programme.lowerLimits((1, AGE, []), sender=world[Role.REGULATOR])
    world.mint(token, alice, 1_000_000)
    world.burn(token, alice, 1_000_000)
    with reverts("CeilingExceeded"):
        opened(world, 1)


# ---------------------------------------------------------------- stages


def test_a_stage_limits_what_one_series_and_all_together_may_have_out(world: World) -> None:
    """Beside the ceiling, and likewise in dollars of the day it is committed."""
    opener = world[Role.FISCAL_AGENT]
    world.narrow(LimitValues(per_series=3_000 * USD, total=5_000 * USD))
    first, second = proposed(world), proposed(world)
    with reverts("StageSeriesExceeded", first, 3_500 * USD, 3_000 * USD):
        open_it(world, first)
    world.programme.openSeriesFor(first, 800_000, sender=opener)
    with reverts("StageTotalExceeded", 5_600 * USD, 5_000 * USD):
        world.programme.openSeriesFor(second, 800_000, sender=opener)
    world.programme.openSeriesFor(second, 600_000, sender=opener)
    authorise(world, first, 700_000)  # less is always allowed
    with reverts("StageTotalExceeded"):
        authorise(world, first, 900_000)


def test_past_its_end_a_stage_commits_nothing_new_and_lets_go(world: World) -> None:
    token, waiting, alice = opened(world), proposed(world), world.investor("alice")
    world.mint(token, alice, 10)
    world.narrow(LimitValues(ends_at=world.evm.time + DAY))
    world.evm.advance(days=2)
    with reverts("StageNotRunning"):
        open_it(world, waiting)
    with reverts("StageNotRunning"):
        authorise(world, token, 1_000_000)
    authorise(world, token, 10)
    world.burn(token, alice, 10)
    world.programme.closeSeries(token, sender=world[Role.ISSUER])
    assert world.programme.committed(PKR) == 0


# ---------------------------------------------------------------- how a series ends


def test_a_closed_series_lets_go_what_was_not_issued_and_then_what_is_burnt(world: World) -> None:
    token, alice = opened(world), world.investor("alice")
    world.mint(token, alice, 300)
    world.programme.closeSeries(token, sender=world[Role.ISSUER])
    assert world.programme.committed(PKR) == 300 * USD
    world.burn(token, alice, 100)
    world.programme.reconcile(token, sender=alice)
    assert world.programme.committed(PKR) == 200 * USD
    assert status(world, token) is Status.CLOSED
    world.burn(token, alice, 200)
    world.programme.reconcile(token, sender=alice)
    assert world.evm.receipt.events("SeriesRedeemed") == [{"token": token.address}]
    assert (status(world, token), world.programme.committed(PKR)) == (Status.REDEEMED, 0)
    with reverts("SeriesNotSo", token, Status.REDEEMED):
        world.programme.reconcile(token, sender=alice)


def test_a_series_matures_by_its_terms_whoever_says_so(world: World) -> None:
    token = opened(world)
    alice = world.investor("alice", until=MATURITY_INSTANT + 30 * DAY)
    world.mint(token, alice, 300)
    with reverts("SeriesNotSo", token, Status.OPEN):
        world.programme.reconcile(token, sender=alice)
    world.evm.time = MATURITY_INSTANT
    world.programme.reconcile(token, sender=alice)
    assert world.evm.receipt.events("SeriesMatured") == [{"token": token.address}]
    assert (status(world, token), world.programme.committed(PKR)) == (Status.MATURED, 300 * USD)
    world.burn(token, alice, 300)
    world.programme.reconcile(token, sender=alice)
    assert (status(world, token), world.programme.committed(PKR)) == (Status.REDEEMED, 0)


def test_bonds_and_shares_mature_too_and_commodities_never(world: World) -> None:
    series = [world.bond(), world.sukuk(), world.revenue(), world.commodity()]
    last = RevenueTerms().stated_maturity  # of the three, and no holiday
    world.evm.time = last * DAY
    for each in series[:3]:
        world.programme.reconcile(each, sender=world.treasury)
        assert status(world, each) is Status.REDEEMED  # nothing of it was out
    with reverts("SeriesNotSo", series[3], Status.OPEN):
        world.programme.reconcile(series[3], sender=world.treasury)


def test_what_never_came_to_anything_is_cancelled(world: World) -> None:
    issuer = world[Role.ISSUER]
    waiting = world.propose(None, BillTerms(term_sheet_hash=keccak(text="never")))
    approved, idle, live = proposed(world), opened(world), opened(world)
    world.mint(live, world.investor("alice"), 1)
    for token in (waiting, approved, idle):
        world.programme.cancelSeries(token, sender=issuer)
        told = world.evm.receipt.events("SeriesCancelled")
        assert told == [{"token": token.address, "canceller": issuer}]
        assert status(world, token) is Status.CANCELLED
        with reverts("SeriesNotSo", token, Status.CANCELLED):
            world.programme.cancelSeries(token, sender=issuer)
    assert world.programme.committed(PKR) == 1_000_000 * USD
    with reverts("SeriesOutstanding", live, 1):
        world.programme.cancelSeries(live, sender=issuer)
    with reverts("NotASeries", world.admin):
        world.programme.cancelSeries(world.admin, sender=issuer)


# ---------------------------------------------------------------- exchange


def test_what_is_committed_moves_to_a_successor_that_counts_alike(world: World) -> None:
    limit(world, 3_500)
    old, new = opened(world), proposed(world)
    with reverts("CeilingExceeded"):
        open_it(world, new)
    world.programme.openSeriesFor(new, 0, sender=world[Role.FISCAL_AGENT])
    world.rates.tightenBounds(PKR, (0, 0, 30 * DAY, 1), sender=world[Role.REGULATOR])
    world.evm.advance(days=3)  # no rate is asked
    exchanger = world[Role.EXCHANGER]
    world.programme.exchangeCommitment(old, new, 400_000, sender=exchanger)
    assert [world.programme.seriesOf(each).authorised for each in (old, new)] == [600_000, 400_000]
    assert world.programme.committed(PKR) == world.programme.committedOf(BILL, PKR)
    assert world.programme.committed(PKR) == 1_000_000 * USD
    with reverts("AuthorisedTooMuch", old, 600_001, 600_000):
        world.programme.exchangeCommitment(old, new, 600_001, sender=exchanger)
    with reverts("SeriesNotOpen", NOBODY, Status.NONE):
        world.programme.exchangeCommitment(old, NOBODY, 1, sender=exchanger)


def test_what_counts_otherwise_or_fits_no_more_takes_no_ones_place(world: World) -> None:
    exchanger = world[Role.EXCHANGER]
    old, small = opened(world), proposed(world, 10)
    world.programme.openSeriesFor(small, 0, sender=world[Role.FISCAL_AGENT])
    with reverts("AuthorisedTooMuch", small, 11, 10):
        world.programme.exchangeCommitment(old, small, 11, sender=exchanger)
    for other in (world.revenue(), world.commodity()):
        with reverts("MeasuredOtherwise", old, other):
            world.programme.exchangeCommitment(old, other, 1, sender=exchanger)
    bond = world.bond(maximum_issue=1_000_000)
    authorise(world, bond, 0)
    world.programme.exchangeCommitment(old, bond, 7, sender=exchanger)
    assert world.programme.committedOf(BOND, PKR) == 7 * USD
    assert world.programme.committedOf(BILL, PKR) == (1_000_000 - 7) * USD


# ---------------------------------------------------------------- any order of all of it


ACTS: Final = (
    *("mint", "mint", "mint", "burn", "burn", "authorise", "authorise", "authorise"),
    *("rate", "rate", "gold", "exchange", "exchange", "close", "reconcile", "reconcile"),
    *("open", "open", "cancel", "lower", "raise", "wait", "mature"),
)
Act = tuple[str, int, int]
CEILING: Final = 20_000 * USD


@dataclass
class Programme:
    """Several series of two classes and two units, some of them open, and what holds of them."""

    world: World
    holder: Actor
    tokens: list[Contract] = field(default_factory=list)

    @classmethod
    def begun(cls, world: World) -> Programme:
        limit(world, 20_000, (BILL, 12_000), (BOND, 9_000), (COMMODITY, 9_000))
        far = world.evm.time + 360 * DAY
        made = cls(world, world.investor("holder", until=far))
        made.tokens = [opened(world), proposed(world, 2_000_000), proposed(world)]
        world.programme.openSeriesFor(made.tokens[2], 0, sender=world[Role.FISCAL_AGENT])
        made.tokens.append(world.bond(maximum_issue=1_000_000))
        made.tokens.append(world.commodity(maximum_issue=1_500))
        return made

    def perform(self, act: Act) -> None:
        """One act; what the contracts refuse is no harm, but for what they must never refuse."""
        name, which, size = act
        token, world = self.tokens[which % len(self.tokens)], self.world
        before = self.committed
        try:
            getattr(self, f"_{name}")(token, size)
        except Reverted as refusal:
            assert name not in ("burn", "rate", "gold", "wait", "mature", "lower"), refusal
        else:
            if name in ("authorise", "open") and self.committed > before:
                self.within_limits(token)
        for each in self.tokens:
            book = world.programme.seriesOf(each)
            assert each.totalSupply() <= book.authorised <= each.maximumIssue()
        self.agree()

    @property
    def committed(self) -> tuple[int, int]:
        return self.world.programme.committed(PKR), self.world.programme.committed(GOLD)

    def within_limits(self, token: Contract) -> None:
        """At any increase: value at the rates of now, by the figures of Python."""
        limits = self.world.programme.limits()
        allocations = {bytes(a): b for a, b in map(tuple, limits.allocations)}
        assert self.value(None) <= limits.ceiling
        klass = bytes(self.world.programme.seriesOf(token)[2])
        assert self.value(klass) <= allocations[klass]

    def value(self, klass: bytes | None) -> int:
        """Dollars of what is authorised, each unit rounded up."""
        sums = {PKR: 0, GOLD: 0}
        for each in self.tokens:
            book = self.world.programme.seriesOf(each)
            unit, content = each.measure()
            if klass is None or bytes(book[2]) == klass:
                sums[bytes(unit)] += book.authorised * content
        rates = {unit: self.world.rates.freshRateOf(unit) for unit in sums}
        return sum(-(-sums[unit] * rates[unit] // USD) for unit in sums)

    def agree(self) -> None:
        """The books by unit and by class are the sums of the series."""
        programme = self.world.programme
        assert programme.committedValue() == self.value(None)
        for klass in (BILL, BOND, COMMODITY):
            assert programme.committedValueOf(klass) == self.value(klass)

    # ------------------------------------------------------------ acts

    def _mint(self, token: Contract, size: int) -> None:
        self.world.mint(token, self.holder, size * token.maximumIssue() // 40 + 1)

    def _burn(self, token: Contract, size: int) -> None:
        held = token.balanceOf(self.holder)
        if held:
            self.world.burn(token, self.holder, 1 + (held - 1) * size // 40)

    def _authorise(self, token: Contract, size: int) -> None:
        authorise(self.world, token, token.maximumIssue() * size // 40)

    def _rate(self, token: Contract, size: int) -> None:
        rate(self.world, RUPEE * (10 + size) // 30)

    def _gold(self, token: Contract, size: int) -> None:
        rate(self.world, 4_000 * USD * (10 + size) // 30, GOLD)

    def _exchange(self, token: Contract, size: int) -> None:
        """As an exchange does a page: burnt here, moved, minted there."""
        other = self.tokens[(size + 1) % len(self.tokens)]
        amount = token.balanceOf(self.holder) // 2
        exchanger = self.world[Role.EXCHANGER]
        self.world.programme.exchangeCommitment.call(token, other, amount, sender=exchanger)
        if amount:
            self.world.burn(token, self.holder, amount)
        self.world.programme.exchangeCommitment(token, other, amount, sender=exchanger)

    def _close(self, token: Contract, size: int) -> None:
        if size < 8:
            self.world.programme.closeSeries(token, sender=self.world[Role.ISSUER])

    def _reconcile(self, token: Contract, size: int) -> None:
        self.world.programme.reconcile(token, sender=self.holder)

    def _open(self, token: Contract, size: int) -> None:
        open_it(self.world, token)

    def _cancel(self, token: Contract, size: int) -> None:
        if size < 8:
            self.world.programme.cancelSeries(token, sender=self.world[Role.ISSUER])

    def _lower(self, token: Contract, size: int) -> None:
        ceiling = min(self.world.programme.limits().ceiling, CEILING * (size + 20) // 60)
        self.world.programme.lowerLimits((ceiling, DAY, []), sender=self.world[Role.REGULATOR])

    def _raise(self, token: Contract, size: int) -> None:
        limit(self.world, 10_000 + size * 250)

    def _wait(self, token: Contract, size: int) -> None:
        self.world.evm.advance(days=size)

    def _mature(self, token: Contract, size: int) -> None:
        if size < 4:
            self.world.evm.time = max(self.world.evm.time, MATURITY_INSTANT)


_BEGUN: list[Programme] = []

act = st.tuples(st.sampled_from(ACTS), st.integers(0, 4), st.integers(0, 40))


@settings(max_examples=25, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(acts=st.lists(act, min_size=15, max_size=40))
def test_the_ceiling_holds_whatever_order_things_happen_in(acts: list[Act]) -> None:
    """Mints, burns, rates, authorisations, closings, exchanges and limits, over five series."""
    if not _BEGUN:
        _BEGUN.append(Programme.begun(World(Evm())))
    programme = _BEGUN[0]
    with programme.world.evm.snapshot():
        for each in acts:
            programme.perform(each)


def test_what_a_mint_reads_of_its_series_is_one_slot() -> None:
    layout: Any = artifacts.load("Programme").storage_layout
    sizes = {each["label"]: each["numberOfBytes"] for each in layout["types"].values()}
    assert sizes["SeriesBook"] == "32"
