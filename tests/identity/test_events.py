"""Folding the registry's events alone rebuilds every record (pitfall 61)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.identity.register_fold import RegisterFold
from tests.identity.registry import AML, DAY, KYC, PAKISTAN, UAE, Town


def test_folding_the_events_rebuilds_every_record(town: Town) -> None:
    """Pitfall 61: a life with everything in it, checked after each step."""
    fold = RegisterFold()
    fold.policy["epoch"] = town.epoch()
    registry, w = town.registry, town.wallet
    identity = town.evm.actor("identity")
    agent, officer, registrar = town.recovery_agent, town.compliance_officer, town.registrar

    def later(days: int = 0) -> None:
        town.evm.advance(days=days, seconds=1)

    def renew() -> None:
        later()
        town.attest(w(1), w(2), country=UAE, investor_class=3)

    def take_over() -> None:
        later()
        town.attest(w(3), issuer=town.broker)

    def complete() -> None:
        later(days=4)
        registry.completeRecovery(w(2), [], sender=town.stranger())

    life: list[Callable[[], Any]] = [
        lambda: town.attest(w(1), w(2), w(3)),
        lambda: town.attest(w(4), investor=w(1), topics=(KYC, AML)),
        renew,
        lambda: registry.suspend(w(9), sender=town.regulator),
        lambda: registry.suspend(w(2), sender=town.regulator),
        lambda: registry.unsuspend(w(2), sender=town.releaser),
        lambda: registry.setVenue(w(3), True, sender=officer),
        lambda: registry.batchRegisterIdentity(
            [w(5), w(6)], [identity] * 2, [PAKISTAN] * 2, sender=registrar
        ),
        lambda: registry.updateIdentity(w(6), w(90), sender=registrar),
        lambda: registry.updateIdentity(w(6), identity, sender=registrar),
        lambda: registry.updateClass(w(5), 8, sender=registrar),
        lambda: registry.updateCountry(w(5), UAE, sender=registrar),
        lambda: registry.setMaxAttestationAge(90 * DAY, sender=officer),
        lambda: registry.refresh([w(1), w(2), w(3), w(4)], sender=town.stranger()),
        lambda: registry.withdraw(w(3), sender=town.bank),
        lambda: registry.deleteIdentity(w(3), sender=registrar),
        take_over,
        lambda: registry.noticeRecovery(w(2), w(7), bytes(32), sender=agent),
        lambda: registry.suspend(w(7), sender=town.regulator),
        lambda: registry.cancelRecovery(w(2), sender=town.guardian),
        lambda: registry.noticeRecovery(w(2), w(8), bytes(32), sender=agent),
        lambda: registry.noticeRecovery(w(1), w(4), bytes(32), sender=agent),
        lambda: registry.suspend(w(1), sender=town.regulator),
        complete,
        lambda: registry.completeRecovery(w(1), [], sender=town.stranger()),
        lambda: registry.deleteIdentity(w(5), sender=registrar),
        lambda: registry.removeClaimTopic(KYC, sender=officer),
        lambda: registry.refresh([w(6), w(8)], sender=town.stranger()),
    ]
    for number, step in enumerate(life):
        step()
        for event in town.evm.receipt.all_events:
            fold.read(town.evm.time, event)
        for i in range(1, 10):
            assert fold.record_of(w(i)) == town.record(w(i)), (number, i)
        for investor in (w(1), w(2), w(3), w(90), identity):
            assert fold.wallets_of(investor) == registry.walletsOf(investor), (number, investor)
