"""Folding the registry's events alone rebuilds every record (pitfall 61)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.identity.registry import AML, DAY, KYC, PAKISTAN, UAE, ZERO, Flag, Record, Town

KEPT = Flag.LINKED | Flag.VENUE | Flag.SUSPENDED | Flag.HEIR


class Fold:
    """Records, rebuilt from events in order; nothing is read from the chain."""

    def __init__(self) -> None:
        self.records: dict[str, dict[str, Any]] = {}
        self.epoch = 0
        self.heirs: dict[str, tuple[str, bool]] = {}

    def __getitem__(self, wallet: str) -> dict[str, Any]:
        blank = {
            "investor": ZERO,
            "country": 0,
            "investor_class": 0,
            "flags": Flag(0),
            "until_hour": 0,
            "epoch": 0,
            "batch": 0,
        }
        return self.records.setdefault(wallet, blank)

    def take(self, name: str, event: dict[str, Any]) -> None:
        handler = getattr(self, f"on_{name}", None)
        if handler:
            handler(**event)

    def on_EpochBegun(self, epoch: int) -> None:
        self.epoch = epoch

    def on_InvestorAttested(self, wallet: str, investor: str, **told: Any) -> None:
        record = self[wallet]
        record["flags"] = record["flags"] & KEPT | Flag.ATTESTED
        record.update(investor=investor, country=told["country"], batch=told["batch"])
        record.update(investor_class=told["class"], until_hour=told["untilHour"], epoch=self.epoch)

    def on_IdentityRegistered(self, investorAddress: str, identity: str) -> None:
        record = self[investorAddress]
        if record["flags"] & Flag.ATTESTED:
            return  # told by InvestorAttested already
        record["flags"] &= Flag.LINKED | Flag.VENUE | Flag.SUSPENDED
        record.update(investor=identity, investor_class=1, until_hour=0, epoch=0)

    def on_WalletReassigned(self, wallet: str, identity: str) -> None:
        self[wallet]["flags"] &= Flag.VENUE | Flag.SUSPENDED
        self[wallet].update(investor=identity, until_hour=0, epoch=0)

    def on_IdentityRemoved(self, investorAddress: str, identity: str) -> None:
        record = self[investorAddress]
        record["flags"] = record["flags"] & ~(Flag.ATTESTED | Flag.LINKED) | Flag.WITHDRAWN

    def on_WalletLinked(self, investor: str, wallet: str) -> None:
        for each, record in self.records.items():
            held = record["flags"] & (Flag.ATTESTED | Flag.WITHDRAWN) != Flag.WITHDRAWN
            if record["investor"] == investor and held and not record["flags"] & Flag.LOST:
                self[each]["flags"] |= Flag.LINKED
        self[wallet]["flags"] |= Flag.LINKED

    def on_CountryUpdated(self, investorAddress: str, country: int) -> None:
        self[investorAddress]["country"] = country

    def on_ClassUpdated(self, wallet: str, **told: Any) -> None:
        self[wallet]["investor_class"] = told["class"]

    def on_VerdictCached(self, wallet: str, epoch: int, untilHour: int) -> None:
        self[wallet].update(epoch=epoch, until_hour=untilHour)

    def on_WalletSuspended(self, wallet: str) -> None:
        self[wallet]["flags"] |= Flag.SUSPENDED

    def on_WalletUnsuspended(self, wallet: str) -> None:
        self[wallet]["flags"] &= ~Flag.SUSPENDED

    def on_VenueSet(self, wallet: str, isVenue: bool) -> None:
        flags = self[wallet]["flags"]
        self[wallet]["flags"] = flags | Flag.VENUE if isVenue else flags & ~Flag.VENUE

    def on_WalletWithdrawn(self, wallet: str, by: str) -> None:
        self[wallet]["flags"] |= Flag.WITHDRAWN

    def on_RecoveryNoticed(self, lost: str, successor: str, **_: Any) -> None:
        is_new = self[successor]["investor"] == ZERO
        self.heirs[lost] = (successor, is_new)
        if is_new:
            self.records[successor] = dict(self[lost])
            self[successor]["flags"] |= Flag.LOST
        self[successor]["flags"] |= Flag.HEIR
        self[lost]["flags"] |= Flag.LOST
        self[lost]["epoch"] = 0

    def on_RecoveryCancelled(self, lost: str, by: str) -> None:
        successor, is_new = self.heirs.pop(lost)
        self[lost]["flags"] &= ~Flag.LOST
        if is_new:
            suspended = self[successor]["flags"] & Flag.SUSPENDED
            del self.records[successor]
            self[successor]["flags"] = suspended
        else:
            self[successor]["flags"] &= ~Flag.HEIR

    def on_WalletRecovered(self, lost: str, successor: str, investor: str) -> None:
        self[lost]["flags"] |= Flag.RECOVERED | Flag.LINKED
        kept = self[successor]["flags"] & ~(Flag.HEIR | Flag.LOST) | Flag.LINKED
        self[successor]["flags"] = kept | self[lost]["flags"] & Flag.SUSPENDED


def test_folding_the_events_rebuilds_every_record(town: Town) -> None:
    """Pitfall 61: a life with everything in it, checked after each step."""
    fold = Fold()
    fold.epoch = town.epoch()
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
            fold.take(event.name, dict(event.arguments))
        for i in range(1, 10):
            assert Record(**fold[w(i)]) == town.record(w(i)), (number, i)
