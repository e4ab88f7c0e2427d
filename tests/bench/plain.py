"""Plain ERC-20s: what a token costs that asks nobody. No rules, so one figure in every such row."""

from __future__ import annotations

from scripts._amanat.local_chain import LocalChain
from tests.bench.live import LiveEvm
from tests.bench.rows import Gas


def measure(chain: LocalChain, contract: str) -> Gas:
    """The rows an ERC-20 has, of the test contract of this name."""
    evm = LiveEvm(chain)
    alice, bob, carol = map(evm.actor, ("alice", "bob", "carol"))
    token = evm.deploy(contract, sender=alice)
    for holder in (alice, bob):
        token.mint(holder, 100_000, sender=alice)
    token.approve(carol, 1_000, sender=alice)
    transfer = evm.gas_of(token.transfer, bob, 100, sender=alice)
    return {
        "transfer_3_rules": transfer,
        "transfer_3_rules_new_holder": evm.gas_of(token.transfer, carol, 100, sender=alice),
        "transfer_6_rules": transfer,
        "transfer_0_rules": transfer,
        "transferFrom_3_rules": evm.gas_of(token.transferFrom, alice, bob, 100, sender=carol),
        "mint_existing_3_rules": evm.gas_of(token.mint, bob, 100, sender=alice),
    }
