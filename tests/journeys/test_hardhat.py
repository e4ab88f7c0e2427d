"""The same journey on Hardhat's node as on Anvil: two EVMs that nobody shares agree on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import pytest

from scripts._amanat import local_chain
from tests.bench.live import LiveEvm
from tests.bench.ours import THREE_RULES
from tests.evm import Reverted
from tests.world import KOREA_NORTH, PAKISTAN, World

pytestmark = [pytest.mark.chain, pytest.mark.slow]


@dataclass(frozen=True)
class Journey:
    """What happened: each step's gas, the refusals in words, and what the books say at the end."""

    gas: dict[str, int]
    refusals: list[str]
    restriction: int
    balances: tuple[int, int]
    supply: int
    holders: int
    events: list[str]


@cache
def play(client: local_chain.Client) -> Journey:
    """Register, issue, mint, transfer, and be refused, on a chain of this client."""
    with local_chain.start(client) as chain:
        world = World(LiveEvm(chain))
        gas = {}
        alice = world.investor("alice")
        gas["register"] = world.evm.receipt.gas_used
        bob, kim = world.investor("bob"), world.investor("kim", country=KOREA_NORTH)
        rules = replace(THREE_RULES, maximum_holders=100)  # else holders are not counted
        token = world.bill(rules, countries=[PAKISTAN])
        gas["open"] = world.evm.receipt.gas_used
        world.mint(token, alice, 100_000)
        gas["mint"] = world.evm.receipt.gas_used
        token.transfer(bob, 40_000, sender=alice)
        gas["transfer"] = world.evm.receipt.gas_used
        events = [event.name for event in world.evm.receipt.all_events]
        refusals = []
        for to, amount in ((kim, 1), (world.evm.actor("stranger"), 1), (bob, 60_001)):
            with pytest.raises(Reverted) as refused:
                token.transfer(to, amount, sender=alice)
            refusals.append(str(refused.value))
        return Journey(
            gas,
            refusals,
            token.detectTransferRestriction(alice, kim, 1),
            (token.balanceOf(alice), token.balanceOf(bob)),
            token.totalSupply(),
            token.holders(),
            events,
        )


def test_a_bill_is_issued_held_moved_and_refused_on_hardhats_node() -> None:
    journey = play("hardhat")
    assert journey.balances == (60_000, 40_000)
    assert (journey.supply, journey.holders) == (100_000, 2)
    assert "Transfer" in journey.events
    country, unverified, balance = journey.refusals
    assert "Jurisdiction" in country
    assert "stranger" in unverified
    assert balance.startswith("ERC20InsufficientBalance(")


def test_hardhats_node_and_anvil_agree_on_results_and_gas() -> None:
    assert play("hardhat") == play("anvil")
