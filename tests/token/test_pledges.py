"""Pledges: given by the holder, released or taken by the pledgee, counted apart from a freeze."""

from __future__ import annotations

import pytest
from eth_utils.crypto import keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evm import Actor, Contract, reverts
from tests.settlement.conftest import REDEMPTION
from tests.world import EMIRATES, MATURITY_INSTANT, NOBODY, PAKISTAN, Role, Rules, World

DAY = 86_400
LOAN, REPO = keccak(text="a loan agreement"), keccak(text="a repurchase agreement")
UNPLEDGED = 12


@pytest.fixture
def bank(world: World) -> Actor:
    """The pledgee."""
    return world.investor("bank")


def pledge(
    bill: Contract, holder: str, bank: str, amount: int, document: bytes = LOAN, notice: int = 0
) -> bytes:
    """The holder pledges; the pledge's id."""
    bill.pledge(bank, amount, document, notice, sender=holder)
    identity: bytes = bill.pledgeId(holder, bank, document)
    return identity


def freeze_part(world: World, bill: Contract, account: str, amount: int) -> None:
    bill.setFrozenTokens(account, amount, sender=world[Role.FREEZER])


# ------------------------------------------------------------------ giving


def test_pledged_tokens_stay_with_the_holder_and_cannot_be_transferred(
    world: World, bill: Contract, alice: Actor, bob: Actor, bank: Actor
) -> None:
    """Pitfall 48: the views say so beforehand, to the holder and to a spender."""
    bill.approve(bob, 1_000, sender=alice)
    pledge(bill, alice, bank, 600)
    assert (bill.balanceOf(alice), bill.pledgedOf(alice), bill.getFrozenTokens(alice)) == (
        1_000,
        600,
        0,
    )
    assert bill.detectTransferRestriction(alice, bob, 401) == UNPLEDGED
    assert bill.detectTransferRestrictionFrom(bob, alice, bob, 401) == UNPLEDGED
    assert bill.messageForTransferRestriction(12) == "Part of the sender's holding is pledged"
    assert bill.canTransfer(alice, bob, 401) is False
    with reverts("TokensPledged", alice, 401, 400):
        bill.transfer(bob, 401, sender=alice)
    with reverts("TokensPledged", alice, 401, 400):
        bill.transferFrom(alice, bob, 401, sender=bob)
    with reverts("TokensPledged", alice, 601, 400):
        bill.transfer(alice, 601, sender=alice)
    assert bill.canTransfer(alice, bob, 400) is True
    bill.transfer(bob, 400, sender=alice)
    assert (bill.balanceOf(alice), bill.canSend(alice), bill.canReceive(alice)) == (600, True, True)


def test_a_pledge_is_told_with_its_agreement(bill: Contract, alice: Actor, bank: Actor) -> None:
    """Pitfall 61: by events alone, who pledged how much to whom, and under what."""
    identity = pledge(bill, alice, bank, 600, notice=3 * DAY)
    told = bill.evm.receipt.events("Pledged")
    assert told == [
        {
            "pledgeId": identity,
            "holder": alice,
            "pledgee": bank,
            "amount": 600,
            "document": LOAN,
            "notice": 3 * DAY,
        }
    ]
    assert tuple(bill.pledgeOf(identity)) == (alice, bank, 600, 3 * DAY, 0)


def test_a_holder_has_several_pledges_and_each_its_own_agreement(
    world: World, bill: Contract, alice: Actor, bob: Actor, bank: Actor
) -> None:
    """Sent twice, as after a lost answer, a pledge is made once (pitfall 33)."""
    first, second = pledge(bill, alice, bank, 300), pledge(bill, alice, bob, 300)
    third = pledge(bill, alice, bank, 100, REPO)
    assert len({first, second, third}) == 3
    assert bill.pledgedOf(alice) == 700
    with reverts("PledgeAlreadyMade", first):
        bill.pledge(bank, 300, LOAN, 0, sender=alice)
    bill.releasePledge(first, 300, sender=bank)
    with reverts("PledgeAlreadyMade", first):
        bill.pledge(bank, 1, LOAN, 0, sender=alice)
    assert [bill.pledgeOf(each).amount for each in (first, second, third)] == [0, 300, 100]


def test_the_same_agreement_on_two_series_is_two_pledges(world: World, bill: Contract) -> None:
    other, holder, bank = world.bill(), world.investor("holder"), world.investor("bank")
    assert bill.pledgeId(holder, bank, LOAN) != other.pledgeId(holder, bank, LOAN)


def test_a_pledge_needs_an_amount_an_agreement_and_another(
    bill: Contract, alice: Actor, bank: Actor
) -> None:
    for given_ in ((bank, 0, LOAN), (bank, 1, bytes(32)), (alice, 1, LOAN)):
        with reverts("PledgeUnsound", *given_):
            bill.pledge(*given_, 0, sender=alice)


def test_what_is_not_free_cannot_be_pledged(
    world: World, bill: Contract, alice: Actor, bob: Actor, bank: Actor
) -> None:
    """Neither what is not held, nor what is frozen, nor what is pledged already."""
    with reverts("ERC20InsufficientBalance", alice, 1_000, 1_001):
        bill.pledge(bank, 1_001, LOAN, 0, sender=alice)
    with reverts("ERC20InsufficientBalance", alice, 1_000, 2**256 - 1):
        bill.pledge(bank, 2**256 - 1, LOAN, 0, sender=alice)
    freeze_part(world, bill, alice, 200)
    with reverts("ERC7943InsufficientUnfrozenBalance", alice, 801, 800):
        bill.pledge(bank, 801, LOAN, 0, sender=alice)
    pledge(bill, alice, bank, 500)
    with reverts("TokensPledged", alice, 301, 300):
        bill.pledge(bob, 301, LOAN, 0, sender=alice)
    pledge(bill, alice, bob, 300)


def test_both_must_stand_for_a_pledge(
    world: World, bill: Contract, alice: Actor, bank: Actor, stranger: Actor
) -> None:
    """Pitfalls 12 and 44: who cannot send cannot pledge, and who cannot receive takes none."""
    with reverts("ERC7943CannotReceive", stranger):
        bill.pledge(stranger, 1, LOAN, 0, sender=alice)
    with world.evm.snapshot():
        world.freeze(bill, bank)
        with reverts("ERC7943CannotReceive", bank):
            bill.pledge(bank, 1, LOAN, 0, sender=alice)
    with world.evm.snapshot():
        world.freeze(bill, alice)
        with reverts("ERC7943CannotSend", alice):
            bill.pledge(bank, 1, LOAN, 0, sender=alice)
    with world.evm.snapshot():
        world.lose(alice, stranger)
        with reverts("ERC7943CannotSend", alice):
            bill.pledge(bank, 1, LOAN, 0, sender=alice)
    with world.evm.snapshot():
        bill.pause(sender=world[Role.EMERGENCY])
        with reverts("TokenPaused"):
            bill.pledge(bank, 1, LOAN, 0, sender=alice)
    world.evm.time = MATURITY_INSTANT
    with reverts("SeriesMatured"):
        bill.pledge(bank, 1, LOAN, 0, sender=alice)


def test_a_locked_up_holding_can_be_pledged_and_is_not_taken_before_its_time(world: World) -> None:
    """The rules speak when tokens move, not when they are pledged."""
    until = world.evm.time + 10 * DAY
    bill = world.bill(Rules(locked_until=until, lot=100))
    holder, bank = world.investor("holder"), world.investor("bank")
    world.mint(bill, holder, 1_000)
    identity = pledge(bill, holder, bank, 250)
    with reverts("LockedUp", until):
        bill.enforcePledge(identity, bank, 200, sender=bank)
    world.evm.time = until
    with reverts("LotNotWhole", 250, 100):
        bill.enforcePledge(identity, bank, 250, sender=bank)
    bill.enforcePledge(identity, bank, 200, sender=bank)
    assert (bill.balanceOf(bank), bill.pledgedOf(holder)) == (200, 50)


@pytest.mark.parametrize("kind", ["bill", "bond", "sukuk"])
def test_every_class_of_asset_can_be_pledged(world: World, kind: str) -> None:
    series = getattr(world, kind)()
    holder, bank = world.investor("holder"), world.investor("bank")
    world.mint(series, holder, 1_000)
    identity = pledge(series, holder, bank, 600)
    assert series.detectTransferRestriction(holder, bank, 401) == UNPLEDGED
    series.releasePledge(identity, 100, sender=bank)
    series.enforcePledge(identity, bank, 500, sender=bank)
    assert (series.balanceOf(holder), series.balanceOf(bank)) == (500, 500)


# ------------------------------------------------------------------ releasing


def test_the_pledgee_releases_a_part_and_then_the_rest(
    bill: Contract, alice: Actor, bob: Actor, bank: Actor
) -> None:
    identity = pledge(bill, alice, bank, 600)
    for amount, left in ((200, 400), (400, 0)):
        bill.releasePledge(identity, amount, sender=bank)
        assert bill.evm.receipt.events("PledgeReleased") == [
            {
                "pledgeId": identity,
                "holder": alice,
                "pledgee": bank,
                "amount": amount,
                "left": left,
            }
        ]
        assert bill.pledgedOf(alice) == bill.pledgeOf(identity).amount == left
    with reverts("PledgeExceeded", identity, 1, 0):
        bill.releasePledge(identity, 1, sender=bank)
    bill.transfer(bob, 1_000, sender=alice)


def test_nobody_else_releases_notices_or_takes(
    world: World, bill: Contract, alice: Actor, bob: Actor, bank: Actor
) -> None:
    """Pitfall 26: not the holder, not another pledgee, not an officer of any role."""
    identity, other = pledge(bill, alice, bank, 600), pledge(bill, alice, bob, 100)
    for who in (alice, bob, world.admin, *world.officers.values()):
        with reverts("PledgeeOnly", identity, who):
            bill.releasePledge(identity, 1, sender=who)
        with reverts("PledgeeOnly", identity, who):
            bill.giveNotice(identity, sender=who)
        with reverts("PledgeeOnly", identity, who):
            bill.enforcePledge(identity, who, 1, sender=who)
    unknown = keccak(text="no pledge")
    for act in (
        lambda: bill.releasePledge(unknown, 0, sender=bank),
        lambda: bill.giveNotice(unknown, sender=bank),
        lambda: bill.enforcePledge(unknown, bank, 0, sender=bank),
        lambda: bill.pledgeOf(unknown),
    ):
        with reverts("PledgeUnknown", unknown):
            act()
    assert (bill.pledgeOf(identity).amount, bill.pledgeOf(other).amount) == (600, 100)


def test_a_release_needs_no_open_market(
    world: World, bill: Contract, alice: Actor, bank: Actor
) -> None:
    """Nothing moves: neither pause, halt, maturity nor the holder's own standing is asked."""
    identity = pledge(bill, alice, bank, 600)
    bill.pause(sender=world[Role.EMERGENCY])
    world.registry.halt(sender=world[Role.EMERGENCY])
    world.registry.suspend(alice, sender=world[Role.REGULATOR])
    world.freeze(bill, alice)
    bill.releasePledge(identity, 1, sender=bank)
    world.evm.time = MATURITY_INSTANT
    bill.releasePledge(identity, 599, sender=bank)
    assert bill.pledgedOf(alice) == 0


# ------------------------------------------------------------------ taking


def test_the_pledgee_takes_to_itself_and_to_another_eligible_wallet(
    bill: Contract, alice: Actor, bob: Actor, bank: Actor
) -> None:
    identity = pledge(bill, alice, bank, 600)
    bill.enforcePledge(identity, bank, 150, sender=bank)
    receipt = bill.evm.receipt
    assert receipt.events("PledgeEnforced") == [
        {
            "pledgeId": identity,
            "holder": alice,
            "to": bank,
            "pledgee": bank,
            "amount": 150,
            "left": 450,
        }
    ]
    assert receipt.events("Transfer") == [{"from": alice, "to": bank, "value": 150}]
    bill.enforcePledge(identity, bob, 450, sender=bank)
    assert [bill.balanceOf(each) for each in (alice, bob, bank)] == [400, 450, 150]
    assert bill.pledgedOf(alice) == 0
    with reverts("PledgeExceeded", identity, 1, 0):
        bill.enforcePledge(identity, bank, 1, sender=bank)
    bill.transfer(bob, 400, sender=alice)


def test_a_taking_passes_the_rules_with_the_pledgee_as_operator(world: World) -> None:
    """Pitfalls 14 and 22: the rules judge, count and hear who acted; nobody refused gets tokens."""
    rules = Rules(jurisdictions=True, velocity_limit=500, velocity_window=DAY)
    bill = world.bill(rules, countries=[PAKISTAN])
    holder, bank = world.investor("holder"), world.investor("bank")
    abroad, stranger = world.investor("abroad", country=EMIRATES), world.evm.actor("stranger")
    world.mint(bill, holder, 1_000)
    identity = pledge(bill, holder, bank, 600)
    with reverts("JurisdictionNotAllowed", abroad, EMIRATES):
        bill.enforcePledge(identity, abroad, 1, sender=bank)
    with reverts("ERC7943CannotReceive", stranger):
        bill.enforcePledge(identity, stranger, 1, sender=bank)
    with reverts("ERC20InvalidReceiver", NOBODY):
        bill.enforcePledge(identity, NOBODY, 1, sender=bank)
    bill.enforcePledge(identity, bank, 400, sender=bank)
    with reverts("VelocityExceeded"):
        bill.enforcePledge(identity, bank, 101, sender=bank)
    assert (bill.pledgeOf(identity).amount, bill.pledgedOf(holder)) == (200, 200)


def test_a_pledge_with_notice_is_taken_after_it_and_not_for_ever(
    world: World, bill: Contract, alice: Actor, bank: Actor
) -> None:
    identity = pledge(bill, alice, bank, 600, notice=3 * DAY)
    with reverts("PledgeNoticeNotRun", identity, 0, 0):
        bill.enforcePledge(identity, bank, 1, sender=bank)
    bill.giveNotice(identity, sender=bank)
    start = world.evm.time + 3 * DAY
    end = start + 30 * DAY
    assert world.evm.receipt.events("PledgeNoticed") == [
        {"pledgeId": identity, "pledgee": bank, "enforceableFrom": start}
    ]
    for instant in (start - 1, end + 1):
        world.evm.time = instant
        with reverts("PledgeNoticeNotRun", identity, start, end):
            bill.enforcePledge(identity, bank, 1, sender=bank)
    bill.giveNotice(identity, sender=bank)
    world.evm.advance(days=3)
    bill.enforcePledge(identity, bank, 200, sender=bank)
    world.evm.advance(days=30)
    bill.enforcePledge(identity, bank, 400, sender=bank)
    assert bill.balanceOf(bank) == 600


def test_a_frozen_suspended_or_lost_pledgee_does_nothing(
    world: World, bill: Contract, alice: Actor, bank: Actor, stranger: Actor
) -> None:
    """Pitfalls 44 and 49: as a spender would be refused."""
    identity = pledge(bill, alice, bank, 600)
    for act in (
        lambda: world.freeze(bill, bank),
        lambda: world.registry.suspend(bank, sender=world[Role.REGULATOR]),
        lambda: world.lose(bank, stranger),
    ):
        with world.evm.snapshot():
            act()
            with reverts("SpenderRefused", bank):
                bill.releasePledge(identity, 1, sender=bank)
            with reverts("SpenderRefused", bank):
                bill.giveNotice(identity, sender=bank)
            with reverts("SpenderRefused", bank):
                bill.enforcePledge(identity, alice, 1, sender=bank)
    world.registry.withdraw(bank, sender=world[Role.REGISTRAR])
    with reverts("ERC7943CannotReceive", bank):
        bill.enforcePledge(identity, alice, 1, sender=bank)
    bill.releasePledge(identity, 600, sender=bank)


# ------------------------------------------------------------------ a regulator's freeze


def test_a_freeze_and_a_pledge_add_up(
    world: World, bill: Contract, alice: Actor, bob: Actor, bank: Actor
) -> None:
    """Two claims of different people: neither hides in the other's tokens."""
    pledge(bill, alice, bank, 600)
    freeze_part(world, bill, alice, 300)
    assert (bill.getFrozenTokens(alice), bill.pledgedOf(alice)) == (300, 600)
    with reverts("TokensPledged", alice, 101, 100):
        bill.transfer(bob, 101, sender=alice)
    with reverts("ERC7943InsufficientUnfrozenBalance", alice, 701, 700):
        bill.transfer(bob, 701, sender=alice)
    bill.transfer(bob, 100, sender=alice)


def test_a_freeze_reaches_pledged_tokens_and_the_pledgee_cannot_take_them(
    world: World, bill: Contract, alice: Actor, bob: Actor, bank: Actor
) -> None:
    """Pitfall 11: nothing underflows where both exceed the balance. A pledge to a friend is no way
    out of a freeze."""
    identity = pledge(bill, alice, bank, 600)
    bill.freezePartialTokens(alice, 900, sender=world[Role.FREEZER])
    with reverts("TokensPledged", alice, 1, 0):
        bill.transfer(bob, 1, sender=alice)
    with reverts("ERC7943InsufficientUnfrozenBalance", alice, 101, 100):
        bill.enforcePledge(identity, bank, 101, sender=bank)
    bill.enforcePledge(identity, bank, 100, sender=bank)
    assert (bill.balanceOf(alice), bill.getFrozenTokens(alice), bill.pledgedOf(alice)) == (
        900,
        900,
        500,
    )
    world.freeze(bill, alice)
    with reverts("ERC7943CannotSend", alice):
        bill.enforcePledge(identity, bank, 0, sender=bank)


def test_another_pledge_is_not_taken_with_the_first(
    bill: Contract, alice: Actor, bob: Actor, bank: Actor
) -> None:
    first, second = pledge(bill, alice, bank, 600), pledge(bill, alice, bob, 400)
    with reverts("PledgeExceeded", first, 601, 600):
        bill.enforcePledge(first, bank, 601, sender=bank)
    bill.enforcePledge(first, bank, 600, sender=bank)
    bill.enforcePledge(second, bob, 400, sender=bob)
    assert [bill.balanceOf(each) for each in (alice, bank, bob)] == [0, 600, 400]


# ------------------------------------------------------------------ burn, order, redemption


def test_what_is_pledged_is_not_burnt(
    world: World, bill: Contract, alice: Actor, bank: Actor
) -> None:
    """An agent's burn releases what is frozen, but nobody's pledge."""
    pledge(bill, alice, bank, 600)
    freeze_part(world, bill, alice, 900)
    with reverts("TokensPledged", alice, 401, 400):
        world.burn(bill, alice, 401)
    world.burn(bill, alice, 400)
    assert (bill.balanceOf(alice), bill.getFrozenTokens(alice), bill.pledgedOf(alice)) == (
        600,
        600,
        600,
    )


def test_an_order_takes_pledged_tokens_last_and_says_so(
    world: World, bill: Contract, alice: Actor, bob: Actor, bank: Actor
) -> None:
    """Pitfall 14: a pledge to a friend is no way out of an order, and no claim is forgotten."""
    identity = pledge(bill, alice, bank, 600)
    world.force(bill, alice, bob, 400)
    assert world.evm.receipt.events("PledgesUncovered") == []
    world.force(bill, alice, bob, 250)
    assert world.evm.receipt.events("PledgesUncovered") == [
        {"account": alice, "pledged": 600, "balance": 350}
    ]
    assert (bill.balanceOf(alice), bill.pledgedOf(alice)) == (350, 600)
    with reverts("TokensPledged", alice, 1, 0):
        bill.transfer(bob, 1, sender=alice)
    with reverts("ERC20InsufficientBalance", alice, 350, 351):
        bill.enforcePledge(identity, bank, 351, sender=bank)
    bill.transfer(alice, 100, sender=bob)
    with reverts("TokensPledged", alice, 1, 0):  # the pledge stands on what comes in, too
        bill.transfer(bob, 1, sender=alice)
    bill.enforcePledge(identity, bank, 450, sender=bank)
    bill.releasePledge(identity, 150, sender=bank)
    assert (bill.balanceOf(alice), bill.pledgedOf(alice), bill.balanceOf(bank)) == (0, 0, 450)


def test_what_was_seized_is_free_of_the_pledge(
    world: World, bill: Contract, alice: Actor, bob: Actor, bank: Actor
) -> None:
    pledge(bill, alice, bank, 1_000)
    world.force(bill, alice, bob, 1_000)
    assert bill.pledgedOf(bob) == 0
    bill.transfer(bank, 1_000, sender=bob)


def test_a_redemption_is_set_aside_until_the_pledgee_releases(
    world: World, bill: Contract, alice: Actor, bob: Actor, bank: Actor
) -> None:
    """Pitfall 30: it stops nobody else. Pledges are enforced before the maturity or not at all."""
    world.mint(bill, bob, 500)
    identity = pledge(bill, alice, bank, 600)
    agent, cash = world.paying_agent, world.cash
    payment = agent.paymentIdOf(bill, REDEMPTION, 0)
    agent.announce(bill, REDEMPTION, 0, cash, sender=world[Role.PAYING_AGENT])
    world.evm.time = MATURITY_INSTANT
    with reverts("SeriesMatured"):
        bill.enforcePledge(identity, bank, 600, sender=bank)
    owed = agent.missing(payment)
    cash.mint(world.treasury, owed, sender=world[Role.FISCAL_AGENT])
    cash.approve(agent, owed, sender=world.treasury)
    agent.fund(payment, owed, sender=world.treasury)
    agent.pay(payment, [alice, bob], sender=world[Role.PAYING_AGENT])
    assert [each["holder"] for each in world.evm.receipt.events("SetAside")] == [alice]
    assert (cash.balanceOf(alice), cash.balanceOf(bob)) == (0, 50_000)
    with reverts("TokensPledged", alice, 1_000, 400):
        agent.claim(payment, alice, sender=alice)
    bill.releasePledge(identity, 600, sender=bank)
    agent.claim(payment, alice, sender=bank)
    assert (cash.balanceOf(alice), bill.totalSupply()) == (100_000, 0)


def test_a_pledged_balance_is_the_holders_at_a_record_date(world: World) -> None:
    """Coupons are still the holder's; and what is taken after the date was his at it."""
    token, holder, bank = world.open_ended(), world.investor("holder"), world.investor("bank")
    world.mint(token, holder, 1_000)
    identity = pledge(token, holder, bank, 600)
    at = world.evm.time + DAY
    token.announceRecordDate(at, sender=world[Role.ISSUER])
    world.evm.time = at
    token.enforcePledge(identity, bank, 600, sender=bank)
    assert (token.balanceOfAt(holder, 0), token.balanceOfAt(bank, 0)) == (1_000, 0)
    assert (token.balanceOf(holder), token.balanceOf(bank)) == (400, 600)


@pytest.mark.parametrize("kind", ["bond", "sukuk"])
def test_a_record_date_that_is_a_term_is_not_the_end_of_the_series(world: World, kind: str) -> None:
    """Pitfall 46: each door of the pledges may be the first that notices it."""
    series = getattr(world, kind)()
    holder, bank = world.investor("holder"), world.investor("bank")
    world.mint(series, holder, 1_000)

    def reach(record_id: int) -> None:
        """The instant of a record date, with both verified anew: an attestation ages."""
        world.evm.time = series.recordDate(record_id) - 60
        for name in ("holder", "bank"):
            world.investor(name)
        world.evm.time = series.recordDate(record_id)

    reach(0)
    identity = pledge(series, holder, bank, 300)
    reach(1)
    series.releasePledge(identity, 100, sender=bank)
    reach(2)
    series.enforcePledge(identity, bank, 200, sender=bank)
    assert [series.balanceOfAt(holder, number) for number in range(3)] == [1_000] * 3
    series.transfer(bank, 800, sender=holder)
    assert series.balanceOf(bank) == 1_000


# ------------------------------------------------------------------ recovery


def test_pledges_follow_a_recovered_holder(
    world: World, bill: Contract, alice: Actor, bob: Actor, bank: Actor
) -> None:
    """Pitfalls 10 and 44: nobody sheds a lien by a new wallet, and no pledgee loses one."""
    heir = world.evm.actor("heir")
    identity, other = pledge(bill, alice, bank, 600), pledge(bill, alice, bob, 100)
    world.lose(alice, heir)
    with reverts("ERC7943CannotSend", alice):
        bill.enforcePledge(identity, bank, 1, sender=bank)
    world.evm.time = world.registry.recoveryOf(alice).readyAt
    world.registry.completeRecovery(alice, [bill], sender=bob)
    assert world.evm.receipt.events("PledgesFollowed") == [
        {"lost": alice, "successor": heir, "amount": 700}
    ]
    assert (bill.pledgedOf(alice), bill.pledgedOf(heir)) == (0, 700)
    with reverts("TokensPledged", heir, 301, 300):
        bill.transfer(bob, 301, sender=heir)
    assert bill.pledgeOf(identity).holder == heir
    bill.enforcePledge(identity, bank, 600, sender=bank)
    bill.releasePledge(other, 100, sender=bob)
    assert (bill.pledgedOf(heir), bill.balanceOf(heir)) == (0, 400)
    bill.follow(alice, sender=bob)
    assert world.evm.receipt.all_events == ()


def test_pledges_of_both_wallets_add_up_and_follow_again(
    world: World, bill: Contract, alice: Actor, bank: Actor
) -> None:
    """Pitfall 44: through a chain of recoveries, each pledge finds its tokens."""
    second, third = world.investor("alice's second", of=alice), world.evm.actor("third")
    world.mint(bill, second, 50)
    first, own = pledge(bill, alice, bank, 600), pledge(bill, second, bank, 20)
    world.recover(alice, second, bill)
    assert bill.pledgedOf(second) == 620
    world.recover(second, third, bill)
    assert [bill.pledgeOf(each).holder for each in (first, own)] == [third, third]
    bill.releasePledge(first, 600, sender=bank)
    bill.enforcePledge(own, bank, 20, sender=bank)
    assert (bill.balanceOf(third), bill.pledgedOf(third), bill.balanceOf(bank)) == (1_030, 0, 20)


def test_before_the_token_follows_a_pledge_stands_where_the_tokens_are(
    world: World, bill: Contract, alice: Actor, bank: Actor
) -> None:
    heir, identity = world.evm.actor("heir"), pledge(bill, alice, bank, 600)
    world.recover(alice, heir)
    assert (bill.pledgeOf(identity).holder, bill.pledgedOf(alice)) == (alice, 600)
    bill.releasePledge(identity, 100, sender=bank)
    bill.follow(alice, sender=bank)
    assert (bill.pledgedOf(alice), bill.pledgedOf(heir)) == (0, 500)


def test_pledges_that_an_order_left_without_tokens_follow_too(
    world: World, bill: Contract, alice: Actor, bob: Actor, bank: Actor
) -> None:
    heir, identity = world.evm.actor("heir"), pledge(bill, alice, bank, 600)
    world.force(bill, alice, bob, 1_000)
    world.recover(alice, heir, bill)
    bill.transfer(heir, 600, sender=bob)
    bill.enforcePledge(identity, bank, 600, sender=bank)
    assert bill.balanceOf(bank) == 600


def test_a_recovered_pledgees_rights_are_its_successors(
    world: World, bill: Contract, alice: Actor, bank: Actor
) -> None:
    """Pitfall 44: the thief of the pledgee's key neither frees the holder nor takes."""
    heir, identity = world.evm.actor("new bank wallet"), pledge(bill, alice, bank, 600)
    with reverts("PledgeeOnly", identity, heir):
        bill.releasePledge(identity, 1, sender=heir)
    world.recover(bank, heir)
    with reverts("PledgeeOnly", identity, bank):
        bill.releasePledge(identity, 1, sender=bank)
    assert bill.pledgeOf(identity).pledgee == heir
    bill.releasePledge(identity, 100, sender=heir)
    bill.enforcePledge(identity, heir, 500, sender=heir)
    assert bill.balanceOf(heir) == 500


# ------------------------------------------------------------------ where it stands, and at random


def test_the_book_of_pledges_stands_where_erc7201_puts_it(
    world: World, bill: Contract, alice: Actor, bank: Actor
) -> None:
    """Under a slot of its own, so that no class's storage meets it."""
    book = keccak((int.from_bytes(keccak(text="amanat.pledges"), "big") - 1).to_bytes(32, "big"))
    base = int.from_bytes(book, "big") & ~0xFF
    pledge(bill, alice, bank, 600)
    key = bytes.fromhex(str(alice)[2:]).rjust(32, b"\0") + (base + 1).to_bytes(32, "big")
    assert world.evm.storage(bill, int.from_bytes(keccak(key), "big")) == 600


@settings(max_examples=60)
@given(
    held=st.integers(1, 60),
    frozen=st.integers(0, 80),
    pledged=st.integers(1, 60),
    wanted=st.integers(0, 70),
    act=st.sampled_from(["transfer", "enforce", "burn", "force"]),
)
def test_every_door_takes_what_its_claim_allows(
    held: int, frozen: int, pledged: int, wanted: int, act: str
) -> None:
    """Pitfalls 11 and 48. The model: a holder moves what exceeds both claims, a pledgee what is
    pledged and not frozen, an agent's burn what is not pledged, an order everything."""
    world = World()
    bill = world.bill()
    holder, bank, other = (world.investor(name) for name in ("holder", "bank", "other"))
    world.mint(bill, holder, held)
    pledged = min(pledged, held)
    identity = pledge(bill, holder, bank, pledged)
    freeze_part(world, bill, holder, frozen)
    free = max(held - frozen, 0)
    most = {
        "transfer": max(free - pledged, 0),
        "enforce": min(pledged, free),
        "burn": held - pledged,
        "force": held,
    }[act]
    doors = {
        "transfer": lambda: bill.transfer(other, wanted, sender=holder),
        "enforce": lambda: bill.enforcePledge(identity, other, wanted, sender=bank),
        "burn": lambda: world.burn(bill, holder, wanted),
        "force": lambda: world.force(bill, holder, other, wanted),
    }
    if act == "transfer":
        assert bill.canTransfer(holder, other, wanted) is (wanted <= most)
    if wanted > most:
        with reverts(why(act, held, free, pledged, wanted)):
            doors[act]()
        assert (bill.balanceOf(holder), bill.pledgedOf(holder)) == (held, pledged)
        return
    doors[act]()
    assert bill.balanceOf(holder) == held - wanted
    assert bill.pledgedOf(holder) == pledged - (wanted if act == "enforce" else 0)
    assert bill.pledgeOf(identity).amount == bill.pledgedOf(holder)


def why(act: str, held: int, free: int, pledged: int, wanted: int) -> str:
    """The error of what was too much."""
    if act == "enforce" and wanted > pledged:
        return "PledgeExceeded"
    if wanted > held:
        return "ERC20InsufficientBalance"
    if act != "burn" and wanted > free:
        return "ERC7943InsufficientUnfrozenBalance"
    return "TokensPledged"
