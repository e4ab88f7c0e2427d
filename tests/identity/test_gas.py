"""What onboarding, judging and recovering may cost, from Anvil's receipts."""

from __future__ import annotations

import pytest

from tests.identity.registry import DAY, PAKISTAN, ZERO, Town

pytestmark = pytest.mark.chain


def test_attesting_costs_at_most_31_000_gas_an_investor_in_batches_of_100(town: Town) -> None:
    batch = town.batch(*(town.leaf(town.wallet(i)) for i in range(100)))
    gas = town.evm.gas_of(
        town.registry.attest, batch.header, batch.rows, town.sign(batch), sender=town.stranger()
    )
    print("attest", gas / 100)
    assert gas / 100 <= 31_000


def test_registering_costs_at_most_51_000_gas_an_investor_in_batches_of_50(town: Town) -> None:
    wallets = [town.wallet(i) for i in range(50)]
    identities = [town.evm.actor(f"identity {i}") for i in range(50)]
    gas = town.evm.gas_of(
        town.registry.batchRegisterIdentity,
        wallets,
        identities,
        [PAKISTAN] * 50,
        sender=town.registrar,
    )
    print("register", gas / 50)
    assert gas / 50 <= 51_000


def test_a_cached_verdict_costs_one_cold_slot_a_party(town: Town) -> None:
    town.attest(town.wallet(1), town.wallet(2))

    def gas(sender: str, recipient: str) -> int:
        return town.evm.gas_of(town.registry.screen, ZERO, sender, recipient, sender=town.admin)

    none, one, two = gas(ZERO, ZERO), gas(ZERO, town.wallet(1)), gas(*map(town.wallet, (1, 2)))
    print("screen", none, one, two)
    assert one - none <= 3_100
    assert two - one <= 3_100


def test_recovering_a_wallet_costs_at_most_109_000_gas(town: Town) -> None:
    """Both transactions together, without what the tokens do."""
    lost, successor = town.wallet(1), town.wallet(2)
    town.attest(lost)
    order = (lost, successor, b"\x11" * 32)
    notice = town.evm.gas_of(town.registry.noticeRecovery, *order, sender=town.recovery_agent)
    town.registry.noticeRecovery(*order, sender=town.recovery_agent)
    town.evm.advance(seconds=3 * DAY)
    completion = town.evm.gas_of(town.registry.completeRecovery, lost, [], sender=town.stranger())
    print("recover", notice, completion)
    assert notice + completion <= 109_000
