"""What onboarding, judging and recovering may cost, from receipts."""

from __future__ import annotations

from tests.identity.registry import DAY, PAKISTAN, ZERO, Town


def test_attesting_costs_at_most_31_000_gas_an_investor_in_batches_of_100(town: Town) -> None:
    town.attest(town.wallet(999))  # the first batch of a registry writes its first counters
    town.attest(*(town.wallet(i) for i in range(100)))
    assert town.skipped() == []
    assert town.evm.receipt.gas_used / 100 <= 31_000
    print("attest", town.evm.receipt.gas_used / 100)


def test_registering_costs_at_most_51_000_gas_an_investor_in_batches_of_50(town: Town) -> None:
    wallets = [town.wallet(i) for i in range(50)]
    identities = [town.evm.actor(f"identity {i}") for i in range(50)]
    town.registry.batchRegisterIdentity(
        wallets, identities, [PAKISTAN] * 50, sender=town.registrar
    )
    assert town.evm.receipt.gas_used / 50 <= 51_000
    print("register", town.evm.receipt.gas_used / 50)


def test_a_cached_verdict_costs_two_cold_slots(town: Town) -> None:
    town.attest(town.wallet(1), town.wallet(2))
    before = town.evm.actor("nobody")
    gas = {}
    for name, parties in {
        "none": (ZERO, ZERO),
        "one": (ZERO, town.wallet(1)),
        "two": (town.wallet(1), town.wallet(2)),
    }.items():
        data = town.registry.screen.encode(before if name == "" else ZERO, *parties)
        town.evm.message(town.registry, data, sender=before)
        gas[name] = town.evm.receipt.gas_used
    print(gas)
    assert gas["one"] - gas["none"] <= 3_000
    assert gas["two"] - gas["one"] <= 3_000


def test_recovering_a_wallet_costs_at_most_125_000_gas(town: Town) -> None:
    town.attest(town.wallet(1), town.wallet(3))
    spent = 0
    for lost, successor in ((1, 2), (3, 4)):
        town.registry.noticeRecovery(
            town.wallet(lost), town.wallet(successor), b"\x11" * 32, sender=town.recovery_agent
        )
        notice = town.evm.receipt.gas_used
        town.evm.advance(seconds=3 * DAY)
        town.registry.completeRecovery(town.wallet(lost), [], sender=town.stranger())
        spent = notice + town.evm.receipt.gas_used
        print("recover", notice, town.evm.receipt.gas_used)
    assert spent <= 125_000


