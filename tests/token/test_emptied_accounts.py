"""An account emptied after the maturity keeps what it held at it in its own word (pitfall 31)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from scripts._amanat.business_days import start_of_day_karachi
from tests.evm import Actor, Contract, reverts
from tests.world import MATURITY_INSTANT, REFERENCE, Role, Rules, World

DAY = 86_400
HELD = 1_000


def redeem(world: World, token: Contract, holder: str, most: int = HELD) -> None:
    token.redeem(holder, most, REFERENCE, sender=world[Role.REDEEMER])


def matured(world: World, bill: Contract, *holders: Actor) -> None:
    for holder in holders:
        world.mint(bill, holder, HELD)
    world.evm.time = MATURITY_INSTANT


def test_a_redeemed_holding_still_answers_for_the_maturity(
    world: World, bill: Contract, alice: Actor, bob: Actor
) -> None:
    matured(world, bill, bob)
    redeem(world, bill, alice)
    assert (bill.balanceOf(alice), bill.balanceOfAt(alice, 0)) == (0, HELD)
    assert bill.balancesOfAt([alice, bob], 0) == [HELD, HELD]
    assert bill.getFrozenTokens(alice) == 0
    assert (bill.totalSupply(), bill.totalSupplyAt(0)) == (HELD, 2 * HELD)


def test_the_last_redemption_leaves_no_supply_and_all_of_its_history(
    world: World, bill: Contract, alice: Actor
) -> None:
    matured(world, bill)
    redeem(world, bill, alice)
    assert (bill.totalSupply(), bill.totalSupplyAt(0)) == (0, HELD)


def test_a_holding_redeemed_in_two_parts_answers_for_the_whole(
    world: World, bill: Contract, alice: Actor
) -> None:
    matured(world, bill)
    redeem(world, bill, alice, 400)
    redeem(world, bill, alice)
    assert (bill.balanceOf(alice), bill.balanceOfAt(alice, 0)) == (0, HELD)
    assert (bill.totalSupply(), bill.totalSupplyAt(0)) == (0, HELD)


def test_where_nothing_is_left_nothing_is_redeemed(
    world: World, bill: Contract, alice: Actor
) -> None:
    """Not even refused: whoever pays a page passes over who was paid before."""
    matured(world, bill)
    redeem(world, bill, alice)
    world.freeze(bill, alice)
    assert bill.redeem.call(alice, HELD, REFERENCE, sender=world[Role.REDEEMER]) == 0
    redeem(world, bill, alice)
    assert world.evm.receipt.logs == ()


def test_what_is_frozen_of_an_emptied_account_is_a_freeze_and_no_history(
    world: World, bill: Contract, alice: Actor
) -> None:
    """Pitfall 47: more can be frozen than is held."""
    matured(world, bill)
    redeem(world, bill, alice)
    freezer, releaser = world[Role.FREEZER], world[Role.RELEASER]
    with reverts("FreezeExceedsBalance", alice, 1, 0):
        bill.freezePartialTokens(alice, 1, sender=freezer)
    with reverts("UnfreezeExceedsFrozen", alice, 1, 0):
        bill.unfreezePartialTokens(alice, 1, sender=releaser)
    bill.setFrozenTokens(alice, 0, sender=freezer)
    assert (bill.getFrozenTokens(alice), bill.balanceOfAt(alice, 0)) == (0, HELD)
    bill.setFrozenTokens(alice, 7, sender=freezer)
    assert world.evm.receipt.events("TokensFrozen") == [{"userAddress": alice, "amount": 7}]
    assert (bill.getFrozenTokens(alice), bill.balanceOfAt(alice, 0)) == (7, HELD)
    bill.unfreezePartialTokens(alice, 7, sender=releaser)
    assert (bill.getFrozenTokens(alice), bill.balanceOfAt(alice, 0)) == (0, HELD)


def test_an_emptied_account_can_be_frozen_as_a_whole(
    world: World, bill: Contract, alice: Actor
) -> None:
    matured(world, bill)
    redeem(world, bill, alice)
    world.freeze(bill, alice)
    assert (bill.isFrozen(alice), bill.balanceOfAt(alice, 0)) == (True, HELD)
    world.release(bill, alice)
    assert (bill.isFrozen(alice), bill.balanceOfAt(alice, 0)) == (False, HELD)


def test_a_recovery_into_an_emptied_account_keeps_both_histories(
    world: World, bill: Contract, alice: Actor
) -> None:
    """Pitfalls 10 and 44: what comes from the lost wallet is redeemed from its successor."""
    second = world.investor("second", of=alice)
    world.mint(bill, second, 300)
    matured(world, bill)
    redeem(world, bill, alice)
    world.recover(second, alice, bill)
    assert (bill.balanceOf(alice), bill.balanceOf(second)) == (300, 0)
    assert bill.balancesOfAt([alice, second], 0) == [HELD, 300]
    redeem(world, bill, alice)
    bill.follow(second, sender=alice)  # a second time, and nothing happens
    assert world.evm.receipt.logs == ()
    assert bill.balancesOfAt([alice, second], 0) == [HELD, 300]
    assert (bill.balanceOf(alice), bill.totalSupply(), bill.totalSupplyAt(0)) == (0, 0, 1_300)


def test_a_counted_holder_is_counted_no_more(world: World, bob: Actor) -> None:
    bill = world.bill(Rules(maximum_holders=9))
    carol = world.investor("carol")
    matured(world, bill, bob, carol)
    redeem(world, bill, bob)
    assert (bill.holders(), bill.balanceOfAt(bob, 0)) == (1, HELD)
    bill.recount([bob, carol], sender=bob)
    assert (bill.holders(), bill.balanceOfAt(bob, 0)) == (1, HELD)


def test_the_record_dates_before_the_maturity_answer_as_before(world: World) -> None:
    """A bond: seven dates, three of them with a change after them."""
    world.registry.setMaxAttestationAge(3 * 365 * DAY, sender=world[Role.COMPLIANCE_OFFICER])
    ann, ben = (
        world.investor(name, until=world.evm.time + 3 * 365 * DAY) for name in ("ann", "ben")
    )
    bond = world.bond()
    dates = bond.recordDates()
    world.mint(bond, ann, 500_000)
    world.evm.time = dates[1]
    bond.transfer(ben, 100_000, sender=ann)
    world.evm.time = dates[3]
    bond.transfer(ben, 100_000, sender=ann)
    kept = {ann: [500_000] * 2 + [400_000] * 2 + [300_000] * 3}
    kept[ben] = [500_000 - held for held in kept[ann]]
    world.set_holidays(2028, [])
    world.evm.time = max(bond.obligation(1, 0).due, start_of_day_karachi(date(2028, 7, 17)))
    for holder in (ann, ben):
        redeem(world, bond, holder, 500_000)
    for holder, held in kept.items():
        assert [bond.balanceOfAt(holder, number) for number in range(7)] == held
    assert [bond.totalSupplyAt(number) for number in range(7)] == [500_000] * 7


# ------------------------------------------------------------------ at random


@dataclass(frozen=True)
class Stage:
    """A bill's last day: three people, each with a second wallet under notice of recovery."""

    world: World
    bill: Contract
    people: tuple[Actor, ...]
    heirs: tuple[Actor, ...]


@cache
def stage() -> Stage:
    world = World()
    bill = world.bill(Rules(maximum_holders=9))
    people = tuple(world.investor(f"investor {n}") for n in range(3))
    heirs = tuple(world.evm.actor(f"heir {n}") for n in range(3))
    for number, each in enumerate(people):
        world.mint(bill, each, 100 * number)
    return Stage(world, bill, people, heirs)


ACTS = ("redeem", "burn", "freeze", "release", "set", "recover", "recount")


@settings(max_examples=100)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(ACTS), st.integers(0, 5), st.integers(0, 250)), max_size=25
    )
)
def test_whatever_comes_after_the_maturity_its_balances_stand(
    steps: list[tuple[str, int, int]],
) -> None:
    here = stage()
    world, bill = here.world, here.bill
    wallets = [*here.people, *here.heirs]
    with world.evm.snapshot():
        world.evm.time = MATURITY_INSTANT
        balances = [0, 100, 200, 0, 0, 0]
        at_maturity = list(balances)
        frozen, locked = [0] * 6, [False] * 6
        lost: set[int] = set()
        for act, who, amount in steps:
            wallet = wallets[who]
            if act == "redeem" and not frozen[who] and not locked[who]:
                redeem(world, bill, wallet, amount)
                balances[who] -= min(amount, balances[who])
            elif act == "burn":
                amount = min(amount, balances[who])
                world.burn(bill, wallet, amount)
                balances[who] -= amount
                frozen[who] = min(frozen[who], max(frozen[who] - amount, balances[who]))
            elif act in ("freeze", "release"):
                getattr(world, act)(bill, wallet)
                locked[who] = act == "freeze"
            elif act == "set" and amount >= frozen[who]:
                bill.setFrozenTokens(wallet, amount, sender=world[Role.FREEZER])
                frozen[who] = amount
            elif act == "recover" and who < 3 and who not in lost:
                lost.add(who)
                world.recover(wallet, here.heirs[who], bill)
                heir = who + 3
                balances[heir], balances[who] = balances[heir] + balances[who], 0
                frozen[heir], frozen[who] = frozen[heir] + frozen[who], 0
                locked[heir], locked[who] = locked[heir] or locked[who], False
            elif act == "recount":
                bill.recount(wallets, sender=wallet)
        assert [bill.balanceOf(each) for each in wallets] == balances
        assert [bill.getFrozenTokens(each) for each in wallets] == frozen
        assert [bill.isFrozen(each) for each in wallets] == locked
        assert bill.balancesOfAt(wallets, 0) == at_maturity
        assert (bill.totalSupply(), bill.totalSupplyAt(0)) == (sum(balances), 300)
        assert bill.holders() == sum(1 for held in balances if held)
