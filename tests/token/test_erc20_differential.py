"""Ours does what OpenZeppelin's ERC-20 does, wherever everyone is verified and no rule is on.

The oracle is OpenZeppelin's `ERC20Permit` on the same chain, under the same acts. One of its
errors is spoken in ERC-7943's words by ours: `TRANSLATED`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evm import Actor, Contract, Reverted, reverts
from tests.world import NOBODY, Role, Rules, World

ACTORS = 4
UNLIMITED = 2**256 - 1
TRANSLATED = {"ERC20InvalidSender": "ERC7943CannotSend"}

Step = tuple[str, int, int, int, int]


class Pair:
    """Our token and the oracle, with the same holders."""

    def __init__(self) -> None:
        self.world = World()
        self.ours = self.world.bill(Rules(maximum_holders=100))
        self.oracle = self.world.evm.deploy(
            "OpenZeppelinOracle", "Oracle", "ORACLE", sender=self.world.admin
        )
        people = [self.world.investor(f"investor {n}") for n in range(ACTORS)]
        self.people: list[Actor] = people
        for actor in people:
            self.world.mint(self.ours, actor, 100)
            self.oracle.mint(actor, 100, sender=self.world.admin)

    @property
    def addresses(self) -> list[str]:
        """The people and, last, the zero address."""
        return [*self.people, NOBODY]

    def both(self, step: Step) -> tuple[Any, Any]:
        return self.outcome(self.ours, step), self.outcome(self.oracle, step)

    def outcome(self, token: Contract, step: Step) -> Any:
        """The answer and the events of an act, or the error and its values."""
        name, who, source, to, amount = step
        sender, addresses = self.people[who % ACTORS], self.addresses
        try:
            if name == "transfer":
                answer = token.transfer(addresses[to], amount, sender=sender)
            elif name == "approve":
                answer = token.approve(addresses[to], amount, sender=sender)
            elif name == "transferFrom":
                answer = token.transferFrom(addresses[source], addresses[to], amount, sender=sender)
            else:
                answer = self.supply(token, name, addresses[to], amount)
        except Reverted as error:
            return TRANSLATED.get(error.name, error.name), tuple(error.arguments.values())
        logs = [(e.name, dict(e.arguments)) for e in self.world.evm.receipt.all_events]
        return answer, [each for each in logs if each[0] in ("Transfer", "Approval")]

    def supply(self, token: Contract, name: str, holder: str, amount: int) -> None:
        if token == self.ours:
            (self.world.mint if name == "mint" else self.world.burn)(token, holder, amount)
        else:
            token[name](holder, amount, sender=self.world.admin)

    def check(self) -> None:
        assert self.ours.totalSupply() == self.oracle.totalSupply()
        for owner in self.addresses:
            assert self.ours.balanceOf(owner) == self.oracle.balanceOf(owner)
            for spender in self.addresses:
                expected = self.oracle.allowance(owner, spender)
                assert self.ours.allowance(owner, spender) == expected


@cache
def pair() -> Pair:
    return Pair()


index = st.integers(0, ACTORS)
amounts = st.one_of(
    st.integers(0, 120), st.sampled_from([0, 100, 2**112 - 1, 2**112, UNLIMITED - 1, UNLIMITED])
)
supplied = st.integers(0, 120)
moves = st.tuples(
    st.sampled_from(["transfer", "approve", "transferFrom", "transferFrom"]),
    index,
    st.integers(0, ACTORS - 1),  # from the zero address: below, the errors differ there
    index,
    amounts,
)
supplies = st.tuples(st.sampled_from(["mint", "burn"]), index, index, index, supplied)


@settings(max_examples=150)
@given(steps=st.lists(st.one_of(moves, moves, supplies), max_size=25))
def test_random_lives_end_with_the_oracles_balances_allowances_events_and_errors(
    steps: list[Step],
) -> None:
    both = pair()
    with both.world.evm.snapshot():
        for step in steps:
            ours, oracles = both.both(step)
            assert ours == oracles, step
        both.check()


@pytest.mark.parametrize("amount", [0, 1, 100])
def test_a_transfer_to_oneself_changes_nothing_and_tells_transfer(amount: int) -> None:
    """Pitfalls 23 and 48."""
    both = pair()
    with both.world.evm.snapshot():
        ours, oracles = both.both(("transfer", 0, 0, 0, amount))
        assert ours == oracles
        assert ours[0] is True
        me = both.people[0]
        assert ours[1] == [("Transfer", {"from": me, "to": me, "value": amount})]
        assert both.ours.balanceOf(me) == 100
        assert both.ours.holders() == ACTORS


def test_a_transfer_to_oneself_of_more_than_the_balance_is_refused() -> None:
    both = pair()
    me = both.people[0]
    with reverts("ERC20InsufficientBalance", me, 100, 101):
        both.ours.transfer(me, 101, sender=me)


def test_a_transfer_of_zero_passes_the_gate_and_moves_no_counter() -> None:
    """Pitfalls 23 and 48."""
    both = pair()
    world, token = both.world, both.ours
    with world.evm.snapshot():
        empty = world.investor("holds nothing")
        assert token.transfer(empty, 0, sender=both.people[0]) is True
        assert token.transferFrom(both.people[0], empty, 0, sender=both.people[1]) is True
        assert token.holders() == ACTORS
        with reverts("ERC7943CannotReceive", world.evm.actor("stranger")):
            token.transfer(world.evm.actor("stranger"), 0, sender=both.people[0])


def test_an_unlimited_allowance_is_never_used_up_and_a_finite_one_is_without_an_event() -> None:
    both = pair()
    owner, spender = both.people[:2]
    token = both.ours
    with both.world.evm.snapshot():
        token.approve(spender, UNLIMITED, sender=owner)
        token.transferFrom(owner, spender, 60, sender=spender)
        assert token.allowance(owner, spender) == UNLIMITED
        token.approve(spender, 50, sender=owner)
        token.transferFrom(owner, spender, 20, sender=spender)
        assert token.allowance(owner, spender) == 30
        assert both.world.evm.receipt.events("Approval") == []
        with reverts("ERC20InsufficientAllowance", spender, 30, 31):
            token.transferFrom(owner, spender, 31, sender=spender)


def test_a_balance_cannot_pass_the_112_bits_of_its_field() -> None:
    """The packed slot's fields never spill into each other."""
    world = World()
    beyond_all = (2**255, 366 * 86_400, [(b"OpenEndedToken".ljust(32, b"\0"), 2**255)])
    world.programme.proposeLimits(beyond_all, sender=world[Role.BOARD])
    world.programme.confirmLimits(beyond_all, sender=world[Role.REGULATOR])
    token = world.open_ended(Rules(maximum_holders=9), maximum_issue=2**112 - 1)
    rich, other = world.investor("rich"), world.investor("other")
    world.mint(token, rich, 2**112 - 1)
    assert token.balanceOf(rich) == token.totalSupply() == 2**112 - 1
    with reverts("MaximumIssueExceeded", 2**112 - 1, 1, 2**112 - 1):
        world.mint(token, other, 1)
    token.setFrozenTokens(rich, 2**256 - 1, sender=world[Role.FREEZER])
    assert token.getFrozenTokens(rich) == 2**112 - 1
    assert token.balanceOf(rich) == 2**112 - 1
    with reverts("MaximumIssueExceeded", 2**112 - 1, 2**256 - 1, 2**112 - 1):
        world.mint(token, other, 2**256 - 1)
    world.force(token, rich, other, 2**112 - 1)
    assert (token.balanceOf(rich), token.balanceOf(other)) == (0, 2**112 - 1)
    assert token.holders() == 1


def test_the_zero_address_holds_nothing_and_has_no_history() -> None:
    """Its account keeps the supply; nobody is to see that."""
    both = pair()
    assert both.ours.balanceOf(NOBODY) == 0
    assert both.ours.canSend(NOBODY) is False
    assert both.ours.canReceive(NOBODY) is False
    with reverts("ERC7943CannotSend", NOBODY):
        both.ours.transferFrom(NOBODY, both.people[0], 0, sender=both.people[0])
    with reverts("ERC20InsufficientAllowance", both.people[0], 0, 1):
        both.ours.transferFrom(NOBODY, both.people[0], 1, sender=both.people[0])
    with reverts("ERC7943CannotSend", NOBODY):
        both.world.burn(both.ours, NOBODY, 1)
    with reverts("ERC7943CannotSend", NOBODY):
        both.world.force(both.ours, NOBODY, both.people[0], 1)
