"""A series is replaced by another: two institutions decide, anyone carries, and nothing is lost."""

from __future__ import annotations

from datetime import date

import pytest
from eth_utils.crypto import keccak

from scripts._amanat.business_days import start_of_day_karachi
from scripts._amanat.waterfall import Figures
from tests.assets.periods import COUPON, REDEMPTION, morning, pay
from tests.assets.revenue import Road
from tests.evm import Actor, Contract, Reverted, reverts
from tests.programme.departure import (
    BEGUN,
    COMPLETED,
    DECISION,
    NOTHING,
    Swap,
    open_for_nothing,
    position,
)
from tests.settlement.test_instructions import Sale
from tests.world import (
    EMIRATES,
    MATURITY_INSTANT,
    NOBODY,
    REFERENCE,
    BillTerms,
    Role,
    Rules,
    World,
)

DAY = 86_400
LOAN = keccak(text="a loan agreement")
BURN, FORCE = 2, 3
ALL_HOOKS = 127
PROPOSED, REDEEMED = 1, 6


@pytest.fixture
def swap(world: World) -> Swap:
    """A bill to be replaced by another."""
    return Swap(world, world.bill(), world.bill())


@pytest.fixture
def alice(world: World, swap: Swap) -> Actor:
    """An investor who holds 1,000 of the old series."""
    actor = world.investor("alice")
    world.mint(swap.old, actor, 1_000)
    return actor


@pytest.fixture
def bank(world: World) -> Actor:
    """A pledgee, who holds nothing."""
    return world.investor("bank")


def pledged(token: Contract, holder: str, pledgee: str, units: int, notice: int = 0) -> bytes:
    """The holder pledges under the loan; the pledge's id."""
    token.pledge(pledgee, units, LOAN, notice, sender=holder)
    identity: bytes = token.pledgeId(holder, pledgee, LOAN)
    return identity


# ------------------------------------------------------------------ two institutions


def test_the_board_proposes_and_the_regulator_confirms_the_very_same(
    swap: Swap, alice: Actor
) -> None:
    """Pitfall 50: a delay is no approval."""
    other = keccak(text="another decision")
    swap.propose()
    with reverts("DepartureNotIn", swap.old, BEGUN, 0):
        swap.carry(alice)
    subject = swap.evm.receipt.events("Proposed")[0]["subject"]
    assert int.from_bytes(subject) == int(swap.old.address, 16)
    for series, document in ((swap.new, other), (swap.old, DECISION)):
        with reverts("NotProposed"):
            swap.exchange.confirmExchange(swap.old, series, document, sender=swap.regulator)
    with reverts("AccessManagedUnauthorized", swap.board):
        swap.exchange.confirmExchange(swap.old, swap.new, DECISION, sender=swap.board)
    swap.exchange.confirmExchange(swap.old, swap.new, DECISION, sender=swap.regulator)
    assert swap.evm.receipt.events("ExchangeBegun") == [
        {
            "series": swap.old.address,
            "successor": swap.new.address,
            "document": DECISION,
            "supply": 1_000,
        }
    ]
    found = swap.leaving()
    assert (found.successor, found.status, found.document) == (swap.new, BEGUN, DECISION)
    assert (found.supply, found.carried, found.begunAt) == (1_000, 0, swap.evm.time)
    assert swap.exchange.formerOf(swap.new) == swap.old


def test_a_proposal_lapses_after_seven_days(swap: Swap, alice: Actor) -> None:
    swap.propose()
    swap.evm.advance(days=7, seconds=1)
    with reverts("ProposalLapsed"):
        swap.exchange.confirmExchange(swap.old, swap.new, DECISION, sender=swap.regulator)


def test_what_cannot_be_exchanged_is_refused(world: World, swap: Swap, alice: Actor) -> None:
    exchange, stranger = swap.exchange, world.evm.actor("stranger")
    for old, new, document in (
        (swap.old, NOBODY, DECISION),
        (swap.old, swap.new, bytes(32)),
        (stranger, swap.new, DECISION),
    ):
        with reverts("DepartureUnsound", old, new):
            exchange.proposeExchange(old, new, document, sender=swap.board)

    def confirm(new: object) -> None:
        exchange.proposeExchange(swap.old, new, DECISION, sender=swap.board)
        exchange.confirmExchange(swap.old, new, DECISION, sender=swap.regulator)

    with reverts("SeriesStillInIssue", swap.old):
        confirm(swap.new)
    dearer = world.bill(terms=BillTerms(unit_face=200))
    open_for_nothing(world, dearer)
    world.programme.closeSeries(swap.old, sender=world[Role.ISSUER])
    for new in (stranger, swap.old.address):
        with reverts("DepartureUnsound", swap.old, new):
            confirm(new)
    small = world.bill(terms=BillTerms(maximum_issue=1_500))
    with reverts("SuccessorTooSmall", small, 0, 1_000):
        confirm(small)
    world.programme.authorise(small, 501, sender=world[Role.FISCAL_AGENT])
    with reverts("SuccessorTooSmall", small, 999, 1_000):
        confirm(small)
    with reverts("MeasuredOtherwise", swap.old, dearer):
        confirm(dearer)
    unopened = world.propose(None, BillTerms(term_sheet_hash=REFERENCE))
    with reverts("SeriesNotOpen", unopened, PROPOSED):
        confirm(unopened)
    held = world.bill()
    world.mint(held, alice, 1)
    with reverts("SuccessorNotFresh", held):
        confirm(held)


def test_a_successor_replaces_one_series_and_is_not_on_its_way_out_itself(
    world: World, swap: Swap, alice: Actor
) -> None:
    """So the way back from a pledge to the series it was made on is short, and no circle."""
    swap.begin()
    second = Swap(world, world.bill(), swap.new)
    with reverts("SuccessorNotFresh", swap.new):
        second.begin()
    third = Swap(world, world.bill(), swap.old)
    assert swap.carry(alice) == []
    with reverts("SuccessorNotFresh", swap.old):
        third.begin()


def test_another_decision_can_take_its_place_until_somebody_was_carried(
    world: World, swap: Swap, alice: Actor
) -> None:
    swap.begin()
    better = world.bill()
    open_for_nothing(world, better)
    swap.exchange.proposeExchange(swap.old, better, DECISION, sender=swap.board)
    swap.exchange.confirmExchange(swap.old, better, DECISION, sender=swap.regulator)
    assert swap.exchange.formerOf(swap.new) == NOBODY
    swap.exchange.carry(swap.old, [(alice, [])], sender=swap.anyone)
    assert better.balanceOf(alice) == 1_000
    swap.exchange.proposeExchange(swap.old, swap.new, DECISION, sender=swap.board)
    with reverts("DepartureNotIn", swap.old, 0, COMPLETED):
        swap.exchange.confirmExchange(swap.old, swap.new, DECISION, sender=swap.regulator)


# ------------------------------------------------------------------ the old series stands still


def test_the_old_series_stands_still_for_good(world: World, swap: Swap, alice: Actor) -> None:
    """Whoever may lift the pause lifts it until the next page."""
    bob = world.investor("bob")
    swap.begin()
    world.evm.advance(days=30)
    with reverts("TokenPaused", 2**24 - 1):
        swap.old.transfer(bob, 1, sender=alice)
    swap.old.unpause(sender=world[Role.RELEASER])
    swap.old.transfer(bob, 1, sender=alice)
    assert swap.carry(alice) == []
    assert swap.old.paused() is True
    swap.new.transfer(bob, 99, sender=alice)
    assert swap.carry(bob) == []
    assert (swap.new.balanceOf(alice), swap.new.balanceOf(bob)) == (900, 100)


def test_orders_and_allowances_end_with_the_old_series(
    world: World, swap: Swap, alice: Actor
) -> None:
    """They name its address; consent to another series is given anew."""
    bob = world.investor("bob")
    swap.old.approve(bob, 500, sender=alice)
    swap.begin()
    assert swap.carry(alice) == []
    assert swap.new.allowance(alice, bob) == 0
    with reverts("TokenPaused"):
        swap.old.transferFrom(alice, bob, 1, sender=bob)


# ------------------------------------------------------------------ nothing is lost


def test_a_holder_is_carried_with_everything(
    world: World, swap: Swap, alice: Actor, bank: Actor
) -> None:
    """Balance, frozen part, freeze as a whole and pledge, as they were; told as a burn and a mint
    under the decision."""
    loan = pledged(swap.old, alice, bank, 300, notice=3 * DAY)
    swap.old.giveNotice(loan, sender=bank)
    made = swap.old.pledgeOf(loan)
    swap.old.setFrozenTokens(alice, 200, sender=world[Role.FREEZER])
    world.freeze(swap.old, alice)
    swap.begin()
    assert swap.carry((alice, [loan])) == []
    told = world.evm.receipt
    assert told.events("HolderCarried") == [
        {
            "series": swap.old.address,
            "account": alice,
            "units": 1_000,
            "frozen": 200,
            "isFrozen": True,
            "pledged": 300,
        }
    ]
    assert told.events("Transfer", swap.old) == [{"from": alice, "to": NOBODY, "value": 1_000}]
    assert told.events("Transfer", swap.new) == [{"from": NOBODY, "to": alice, "value": 1_000}]
    assert told.events("Retired") == [{"reference_": DECISION, "amount": 1_000}]
    assert told.events("Issued") == [{"reference_": DECISION, "amount": 1_000}]
    assert told.events("Frozen", swap.old) == [{"account": alice, "amount": 0}]
    assert told.events("Frozen", swap.new) == [{"account": alice, "amount": 200}]
    assert position(swap.old, alice) == NOTHING
    assert position(swap.new, alice) == (1_000, 200, True, 300)
    assert swap.new.pledgeOf(loan) == made
    assert swap.old.pledgeOf(loan).amount == 0
    assert told.events("DepartureCompleted") == [
        {"series": swap.old.address, "successor": swap.new.address, "carried": 1_000}
    ]
    assert swap.leaving().status == COMPLETED


def test_a_pledge_keeps_its_id_and_is_found_by_its_agreement(
    world: World, swap: Swap, alice: Actor, bank: Actor
) -> None:
    """Also by who knows the new series alone; and a notice runs on."""
    loan = pledged(swap.old, alice, bank, 300, notice=3 * DAY)
    swap.old.giveNotice(loan, sender=bank)
    swap.begin()
    assert swap.carry((alice, [loan])) == []
    assert swap.new.pledgeId(alice, bank, LOAN) == loan
    assert swap.new.pledgeId(bank, alice, LOAN) != swap.old.pledgeId(bank, alice, LOAN)
    with reverts("PledgeAlreadyMade", loan):
        swap.new.pledge(bank, 1, LOAN, 0, sender=alice)
    with reverts("TokensPledged", alice, 701, 700):
        swap.new.transfer(bank, 701, sender=alice)
    with reverts("PledgeExceeded", loan, 1, 0):
        swap.old.releasePledge(loan, 1, sender=bank)
    with reverts("PledgeNoticeNotRun"):
        swap.new.enforcePledge(loan, bank, 1, sender=bank)
    world.evm.advance(days=3)
    swap.new.enforcePledge(loan, bank, 100, sender=bank)
    swap.new.releasePledge(loan, 200, sender=bank)
    assert position(swap.new, alice) == (900, 0, False, 0)


def test_a_pledge_survives_two_exchanges(
    world: World, swap: Swap, alice: Actor, bank: Actor
) -> None:
    loan = pledged(swap.old, alice, bank, 300)
    swap.begin()
    swap.carry((alice, [loan]))
    again = Swap(world, swap.new, world.bill())
    again.begin()
    assert again.carry((alice, [loan])) == []
    assert again.new.pledgeId(alice, bank, LOAN) == loan
    assert again.new.pledgeOf(loan).amount == 300


def test_a_recovered_wallet_is_followed_first(
    world: World, swap: Swap, alice: Actor, bank: Actor
) -> None:
    """Pitfall 10: with what was frozen and pledged, though nobody had settled it on this series."""
    heir = world.evm.actor("heir")
    loan = pledged(swap.old, alice, bank, 300)
    swap.old.setFrozenTokens(alice, 50, sender=world[Role.FREEZER])
    world.recover(alice, heir)
    swap.begin()
    assert swap.carry((alice, [loan]), alice, heir) == []
    assert position(swap.new, heir) == (1_000, 50, False, 300)
    assert position(swap.new, alice) == NOTHING
    assert swap.new.pledgeOf(loan).holder == heir
    assert swap.new.pledgeId(alice, bank, LOAN) == loan


def test_a_wallet_under_notice_of_recovery_goes_as_it_is_and_is_recovered_there(
    world: World, swap: Swap, alice: Actor, bank: Actor
) -> None:
    heir = world.evm.actor("heir")
    loan = pledged(swap.old, alice, bank, 300)
    world.lose(alice, heir)
    swap.begin()
    assert swap.carry((alice, [loan])) == []
    assert swap.new.balanceOf(alice) == 1_000
    world.evm.time = world.registry.recoveryOf(alice).readyAt
    world.registry.completeRecovery(alice, [swap.new], sender=swap.anyone)
    assert position(swap.new, heir) == (1_000, 0, False, 300)
    assert swap.new.pledgeOf(loan).holder == heir


def test_nobody_is_judged_on_the_way(world: World) -> None:
    """Neither by the registry nor by the rules of the new series."""
    rules = Rules(maximum_holding=10, lot=7, maximum_holders=1, jurisdictions=True, sanctions=True)
    swap = Swap(world, world.bill(), world.bill(rules, countries=[EMIRATES]))
    names = ("suspended", "withdrawn", "sanctioned", "lapsed", "frozen")
    holders = {name: world.investor(name) for name in names}
    for holder in holders.values():
        world.mint(swap.old, holder, 100)
    world.registry.suspend(holders["suspended"], sender=world[Role.REGULATOR])
    world.registry.withdraw(holders["withdrawn"], sender=world[Role.REGISTRAR])
    world.rule_book.imposeSanctions([holders["sanctioned"]], sender=world[Role.REGULATOR])
    world.freeze(swap.old, holders["frozen"])
    swap.begin()
    assert swap.carry(*holders.values()) == []
    assert [swap.new.balanceOf(holder) for holder in holders.values()] == [100] * 5
    assert swap.new.holders() == 5


def test_an_empty_account_that_is_frozen_stays_frozen(world: World, swap: Swap) -> None:
    """Also where it is carried after the last holder."""
    alice, empty = world.investor("alice"), world.investor("empty")
    world.mint(swap.old, alice, 10)
    world.freeze(swap.old, empty)
    swap.old.setFrozenTokens(empty, 70, sender=world[Role.FREEZER])
    swap.begin()
    assert swap.carry(alice) == []
    assert swap.leaving().status == COMPLETED
    assert swap.carry(empty) == []
    assert position(swap.new, empty) == (0, 70, True, 0)


def test_more_frozen_than_held_stays_so(world: World, swap: Swap, alice: Actor) -> None:
    """Pitfall 47."""
    swap.old.setFrozenTokens(alice, 2**256 - 1, sender=world[Role.FREEZER])
    swap.begin()
    assert swap.carry(alice) == []
    assert position(swap.new, alice) == (1_000, 2**112 - 1, False, 0)


def test_holders_are_counted_on_both(world: World) -> None:
    """Pitfall 15: an investor of two wallets is one."""
    rules = Rules(maximum_holders=9)
    swap = Swap(world, world.bill(rules), world.bill(rules))
    alice, bob = world.investor("alice"), world.investor("bob")
    second = world.investor("alice's second", of=str(alice))
    for each in (alice, second, bob):
        world.mint(swap.old, each, 10)
    swap.begin()
    assert swap.carry(second, bob) == []
    assert (swap.old.holders(), swap.new.holders()) == (1, 2)
    assert swap.carry(alice) == []
    assert (swap.old.holders(), swap.new.holders()) == (0, 2)
    swap.new.transfer(bob, 10, sender=alice)
    swap.new.transfer(bob, 10, sender=second)
    assert swap.new.holders() == 1


def test_modules_are_told_and_stop_nothing(world: World, swap: Swap, alice: Actor) -> None:
    """Pitfall 14: what no rule may refuse is booked all the same; of an arrival as of force."""
    officer = world[Role.COMPLIANCE_OFFICER]
    modules = {
        token: world.evm.deploy("WaywardModule", sender=world.admin)
        for token in (swap.old, swap.new)
    }
    for token, module in modules.items():
        world.rule_book.addModule(token, module, ALL_HOOKS, sender=officer)
        module.behave(1, 0, sender=swap.anyone)  # forbids whatever it is asked about
    swap.begin()
    assert swap.carry(alice) == []
    told = world.evm.receipt.events("Told")
    assert [(each["token"], each["movement"].door) for each in told] == [
        (swap.old.address, BURN),
        (swap.new.address, FORCE),
    ]
    assert (told[1]["movement"].to, told[1]["movement"].amount) == (alice, 1_000)
    assert swap.new.balanceOf(alice) == 1_000


def test_what_may_be_outstanding_moves_with_the_holders(
    world: World, swap: Swap, alice: Actor
) -> None:
    """The ceiling is asked nothing and loses nothing; nobody mints beside the exchange; and an old
    series that nobody holds is over."""
    bob, unit = world.investor("bob"), b"PKR".ljust(32, b"\0")
    world.mint(swap.old, bob, 200)
    swap.begin()
    committed = world.programme.committed(unit)

    def authorised() -> tuple[int, int]:
        books = (world.programme.seriesOf(each) for each in (swap.old, swap.new))
        old, new = (int(book.authorised) for book in books)
        return old, new

    assert authorised() == (1_200, 0)
    swap.carry(bob)
    assert authorised() == (1_000, 200)
    with reverts("IssueExceedsAuthorised", swap.new, 201, 200):
        world.mint(swap.new, bob, 1)
    swap.carry(alice)
    assert authorised() == (0, 1_200)
    assert world.programme.committed(unit) == committed
    world.programme.reconcile(swap.old, sender=swap.anyone)
    assert world.programme.seriesOf(swap.old).status == REDEEMED


# ------------------------------------------------------------------ who stays behind


def test_a_row_that_fails_stops_none_after_it(
    world: World, swap: Swap, alice: Actor, bank: Actor
) -> None:
    """Pitfall 30: and is as it was."""
    bob = world.investor("bob")
    world.mint(swap.old, bob, 10)
    loan = pledged(swap.old, alice, bank, 300)
    swap.begin()
    assert swap.carry((bob, [loan]), (alice, [bytes(32)]), alice, (alice, [loan, loan])) == [
        bob,
        alice,
    ]
    told = world.evm.receipt.events("HolderLeftBehind")
    assert told[0]["reason"][:4] == keccak(text="PledgeNotOf(bytes32,address)")[:4]
    assert told[1]["reason"][:4] == keccak(text="PledgeUnknown(bytes32)")[:4]
    assert position(swap.new, alice) == (1_000, 0, False, 300)
    assert position(swap.old, bob) == (10, 0, False, 0)


def test_what_pledges_stand_on_waits_for_them(
    world: World, swap: Swap, alice: Actor, bank: Actor
) -> None:
    """Somebody with more pledges than a row can carry goes in parts; a freeze goes last."""
    swap.old.pledge(bank, 600, LOAN, 0, sender=alice)
    swap.old.pledge(bank, 200, REFERENCE, 0, sender=alice)
    swap.old.setFrozenTokens(alice, 50, sender=world[Role.FREEZER])
    first, second = (swap.old.pledgeId(alice, bank, each) for each in (LOAN, REFERENCE))
    swap.begin()
    assert swap.carry(alice) == []
    assert position(swap.old, alice) == (850, 50, False, 800)
    assert position(swap.new, alice) == (150, 0, False, 0)
    assert swap.carry((alice, [first])) == []
    assert position(swap.old, alice) == (250, 50, False, 200)
    assert position(swap.new, alice) == (750, 0, False, 600)
    world.freeze(swap.old, alice)
    assert swap.carry(alice) == []
    assert position(swap.old, alice) == (250, 50, True, 200)
    assert swap.carry((alice, [second])) == []
    assert position(swap.old, alice) == NOTHING
    assert position(swap.new, alice) == (1_000, 50, True, 800)


def test_a_holder_who_is_frozen_leaves_no_freeze_behind_by_a_pledge(
    world: World, swap: Swap, alice: Actor, bank: Actor
) -> None:
    """Frozen as a whole, it goes as a whole: the new series never has its units free."""
    loan = pledged(swap.old, alice, bank, 300)
    swap.old.pledge(bank, 200, REFERENCE, 0, sender=alice)
    world.freeze(swap.old, alice)
    swap.begin()
    assert swap.carry((alice, [loan])) == []
    assert position(swap.new, alice) == (0, 0, False, 300)
    assert position(swap.old, alice) == (1_000, 0, True, 200)
    assert swap.carry((alice, [swap.old.pledgeId(alice, bank, REFERENCE)])) == []
    assert position(swap.new, alice) == (1_000, 0, True, 500)


def test_a_sale_under_way_is_waited_for(world: World) -> None:
    """What is locked for a sale stays until it is released; all else of the seller goes."""
    sale = Sale()
    world = sale.world
    bank = world.investor("bank")
    swap = Swap(world, sale.bill, world.bill())
    what = sale.what()
    digest = sale.lock(what)
    lock = sale.bill.pledgeId(sale.seller, world.dvp, digest)
    held, units = sale.bill.balanceOf(sale.seller), sale.bill.pledgeOf(lock).amount
    swap.begin()
    assert swap.carry((sale.seller, [lock])) == [sale.seller]
    reason = world.evm.receipt.events("HolderLeftBehind")[0]["reason"]
    assert reason[:4] == keccak(text="PledgeInSettlement(bytes32,address)")[:4]
    assert swap.carry(sale.seller, bank) == []
    assert sale.bill.balanceOf(sale.seller) == units
    assert swap.new.balanceOf(sale.seller) == held - units
    with reverts("TokenPaused"):
        world.dvp.confirmPayment(what, REFERENCE, sender=world[Role.FISCAL_AGENT])
    world.dvp.release(what, sender=sale.buyer)
    assert swap.carry(sale.seller) == []
    assert swap.new.balanceOf(sale.seller) == held


def test_a_page_short_of_gas_leaves_nobody_behind(swap: Swap, alice: Actor) -> None:
    """Pitfall 39: who is sparing with gas makes no good row look refused."""
    swap.begin()
    refused = 0
    for gas in range(60_000, 200_000, 10_000):
        with swap.evm.snapshot():
            try:
                swap.exchange.carry(swap.old, [(alice, [])], sender=swap.anyone, gas=gas)
            except Reverted:
                refused += 1
            else:
                assert swap.evm.receipt.events("HolderLeftBehind") == []
    assert refused
    assert swap.carry(alice) == []


def test_a_row_is_the_exchanges_own(swap: Swap, alice: Actor) -> None:
    swap.begin()
    with reverts("OnlySelf", swap.regulator):
        swap.exchange.carryRow(swap.old, (alice, []), sender=swap.regulator)


def test_a_second_page_of_the_same_does_nothing(swap: Swap, alice: Actor) -> None:
    """Pitfall 33."""
    swap.begin()
    swap.carry(alice)
    assert swap.carry(alice) == []
    assert swap.evm.receipt.events("HolderCarried") == []
    assert swap.new.balanceOf(alice) == swap.leaving().carried == 1_000


def test_who_left_by_another_door_ends_it_too(world: World, swap: Swap, alice: Actor) -> None:
    swap.begin()
    with reverts("DepartureNotIn", swap.old, COMPLETED, BEGUN):
        swap.exchange.complete(swap.old, sender=swap.anyone)
    world.burn(swap.old, alice, 1_000)
    swap.exchange.complete(swap.old, sender=swap.anyone)
    assert (swap.leaving().status, swap.leaving().carried) == (COMPLETED, 0)


# ------------------------------------------------------------------ what was earned


def test_a_coupon_is_paid_by_the_series_of_its_record_date(world: World) -> None:
    """Who held at it is paid from the old series after the exchange; the next is the new one's;
    and a record date in the midst of the walk is paid from both, each its own part."""
    swap = Swap(world, world.bond(), world.bond())
    alice, bob = world.investor("alice"), world.investor("bob")
    world.evm.time = morning(date(2025, 11, 6))
    world.mint(swap.old, alice, 1_000_000)
    world.mint(swap.old, bob, 100_000)
    swap.begin()
    assert swap.carry(alice) == []
    world.evm.time = start_of_day_karachi(date(2026, 1, 10)) + 1
    assert swap.carry(bob) == []
    assert swap.old.totalSupply() == 0
    assert pay(world, swap.old, COUPON, 0, alice, bob) == [0, 5_250_00]
    assert pay(world, swap.new, COUPON, 0, alice, bob) == [52_500_00, 0]
    assert pay(world, swap.new, COUPON, 1, alice, bob) == [52_500_00, 5_250_00]


def test_a_payment_that_was_announced_before_is_paid_after(world: World) -> None:
    swap = Swap(world, world.bond(), world.bond())
    alice = world.investor("alice")
    world.evm.time = morning(date(2025, 11, 6))
    world.mint(swap.old, alice, 1_000_000)
    world.evm.time = start_of_day_karachi(date(2026, 1, 12))
    swap.begin()
    assert swap.carry(alice) == []
    assert swap.old.balanceOfAt(alice, 0) == swap.old.totalSupplyAt(0) == 1_000_000
    assert pay(world, swap.old, COUPON, 0, alice) == [52_500_00]
    assert pay(world, swap.new, COUPON, 1, alice) == [52_500_00]


def test_the_new_series_is_redeemed(world: World, swap: Swap, alice: Actor) -> None:
    swap.begin()
    swap.carry(alice)
    world.evm.time = MATURITY_INSTANT
    assert pay(world, swap.new, REDEMPTION, 0, alice) == [1_000_00]
    assert swap.supply == 0


def test_a_matured_series_is_redeemed_and_not_exchanged(
    world: World, swap: Swap, alice: Actor
) -> None:
    """Its entitlements stand since the maturity: who left would part from them."""
    bob = world.investor("bob")
    world.mint(swap.old, bob, 10)
    swap.begin()
    assert swap.carry(alice) == []
    world.evm.time = MATURITY_INSTANT
    assert swap.carry(bob) == [bob]
    assert pay(world, swap.old, REDEMPTION, 0, bob) == [10_00]
    assert swap.old.totalSupply() == 0
    assert swap.leaving().carried == 1_000


def test_nobody_leaves_between_a_declaration_and_its_record_date(world: World) -> None:
    """One pot for who holds then: who had left would have no part of it."""
    road = Road(world)
    road.give(holder=10)
    holder = world.evm.actor("holder")
    swap = Swap(world, road.token, world.revenue())
    road.declare(Figures(100_00, 0, 0, 0))
    at = road.token.declaration(0).recordAt
    assert at > world.evm.time
    swap.begin()
    with reverts("DeclarationPending", road.token, at):
        swap.carry(holder)
    world.evm.time = at
    assert swap.carry(holder) == []
    assert swap.new.balanceOf(holder) == 10
