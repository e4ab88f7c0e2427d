"""The cached verdict is never wrong: against a model, over random lives of a registry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evm import Evm, Reverted
from tests.identity.registry import AML, DAY, KYC, Standing, Town, build_town

WALLETS = range(4)
STEPS = st.one_of(
    st.tuples(
        st.just("attest"),
        st.sampled_from(["bank", "broker"]),
        st.sets(st.sampled_from(WALLETS), min_size=1),
        st.sampled_from([(KYC,), (AML,), (KYC, AML)]),
        st.integers(1, 24 * 500),
    ),
    st.tuples(st.just("revoke"), st.integers(1, 6)),
    st.tuples(st.just("withdraw"), st.sampled_from(WALLETS)),
    st.tuples(st.just("delete"), st.sampled_from(WALLETS)),
    st.tuples(st.just("require"), st.sampled_from([KYC, AML])),
    st.tuples(st.just("release"), st.sampled_from([KYC, AML])),
    st.tuples(
        st.just("trust"),
        st.sampled_from(["bank", "broker"]),
        st.sets(st.sampled_from([KYC, AML]), min_size=1),
    ),
    st.tuples(st.just("distrust"), st.sampled_from(["bank", "broker"])),
    st.tuples(st.just("age"), st.integers(1, 400)),
    st.tuples(st.just("pass"), st.integers(1, 200 * 24)),
    st.tuples(st.just("refresh")),
)


@dataclass
class Kept:
    """What the model knows of an attested wallet."""

    issuer: str
    batch: int
    until_hour: int
    withdrawn: bool = False
    released: bool = False


@dataclass
class Model:
    """The registry as the README would tell it: no caches, no epochs."""

    town: Town
    required: set[int] = field(default_factory=lambda: {KYC})
    trusted: dict[str, set[int]] = field(
        default_factory=lambda: {"bank": {KYC, AML}, "broker": {KYC}}
    )
    age: int = 365 * DAY
    batches: dict[int, tuple[str, set[int], int]] = field(default_factory=dict)
    revoked: set[int] = field(default_factory=set)
    wallets: dict[int, Kept] = field(default_factory=dict)

    def expected(self, number: int) -> Standing:
        kept = self.wallets.get(number)
        if kept is None:
            return Standing.UNKNOWN
        if kept.withdrawn:
            return Standing.WITHDRAWN
        issuer, topics, issued_at = self.batches[kept.batch]
        covered = topics & self.trusted.get(issuer, set())
        if kept.batch in self.revoked or issuer not in self.trusted or self.required - covered:
            return Standing.UNTRUSTED
        end = min(kept.until_hour, (issued_at + self.age) // 3600)
        return Standing.VERIFIED if self.town.evm.time // 3600 < end else Standing.LAPSED

    def allows(self, issuer: str, topics: tuple[int, ...]) -> bool:
        may = self.trusted.get(issuer, set())
        return set(topics) <= may and self.required <= set(topics)

    def step(self, name: str, *how: Any) -> None:
        getattr(self, f"do_{name}")(*how)
        for number in WALLETS:
            wallet = self.town.wallet(number)
            assert self.town.standing(wallet) == self.expected(number), (name, how, number)
            assert self.town.registry.isVerified(wallet) == (
                self.expected(number) == Standing.VERIFIED
            )

    def do_attest(
        self, issuer: str, numbers: set[int], topics: tuple[int, ...], hours: int
    ) -> None:
        until = self.town.hour(hours=hours)
        how = {"issuer": self.town.people[issuer], "topics": topics, "until_hour": until}
        wallets = [self.town.wallet(n) for n in sorted(numbers)]
        try:
            batch = self.town.attest(*wallets, **how)
        except Reverted as error:
            again = error.name == "BatchAlreadyAttested"
            assert again or not self.allows(issuer, topics), str(error)
            return
        assert self.allows(issuer, topics)
        now = self.town.evm.time
        self.batches[batch] = (issuer, set(topics), now)
        for number in numbers:
            kept = self.wallets.get(number)
            if kept and self.batches[kept.batch][2] >= now:
                continue
            if kept and not kept.released and kept.issuer != issuer:
                continue
            end = min(until, (now + self.age) // 3600)
            self.wallets[number] = Kept(issuer, batch, end)

    def do_revoke(self, batch: int) -> None:
        if batch in self.batches and batch not in self.revoked:
            self.town.registry.revokeBatch(batch, sender=self.town.compliance_officer)
            self.revoked.add(batch)

    def do_withdraw(self, number: int) -> None:
        kept = self.wallets.get(number)
        if kept and not kept.withdrawn:
            self.town.registry.withdraw(
                self.town.wallet(number), sender=self.town.people[kept.issuer]
            )
            kept.withdrawn = True

    def do_delete(self, number: int) -> None:
        kept = self.wallets.get(number)
        if kept and not kept.released:
            self.town.registry.deleteIdentity(self.town.wallet(number), sender=self.town.registrar)
            kept.withdrawn = kept.released = True

    def do_require(self, topic: int) -> None:
        if topic not in self.required:
            self.town.registry.addClaimTopic(topic, sender=self.town.compliance_officer)
            self.required.add(topic)

    def do_release(self, topic: int) -> None:
        if topic in self.required:
            self.town.registry.removeClaimTopic(topic, sender=self.town.compliance_officer)
            self.required.remove(topic)

    def do_trust(self, issuer: str, topics: set[int]) -> None:
        change = "updateIssuerClaimTopics" if issuer in self.trusted else "addTrustedIssuer"
        self.town.registry[change](
            self.town.people[issuer], sorted(topics), sender=self.town.compliance_officer
        )
        self.trusted[issuer] = set(topics)

    def do_distrust(self, issuer: str) -> None:
        if issuer in self.trusted:
            self.town.registry.removeTrustedIssuer(
                self.town.people[issuer], sender=self.town.compliance_officer
            )
            del self.trusted[issuer]

    def do_age(self, days: int) -> None:
        self.town.registry.setMaxAttestationAge(days * DAY, sender=self.town.compliance_officer)
        self.age = days * DAY

    def do_pass(self, hours: int) -> None:
        self.town.evm.advance(hours=hours)

    def do_refresh(self) -> None:
        """Keeps the shortened end of those it finds verified: only renewals lengthen."""
        verified = [n for n in WALLETS if self.expected(n) == Standing.VERIFIED]
        before = {n: self.town.record(self.town.wallet(n)).epoch for n in verified}
        self.town.registry.refresh(
            [self.town.wallet(n) for n in WALLETS], sender=self.town.stranger()
        )
        for number in verified:
            kept = self.wallets[number]
            if before[number] != self.town.epoch():
                issued_at = self.batches[kept.batch][2]
                kept.until_hour = min(kept.until_hour, (issued_at + self.age) // 3600)


TOWN = None


def shared_town() -> Town:
    global TOWN
    TOWN = TOWN or build_town(Evm())
    return TOWN


@settings(max_examples=60)
@given(st.lists(STEPS, min_size=1, max_size=14))
def test_a_cached_verdict_is_what_judging_afresh_would_say(steps: list[Any]) -> None:
    """Pitfalls 3, 39, 40 and 41; after changes of topics and issuers, expiry, withdrawal."""
    town = shared_town()
    with town.evm.snapshot():
        model = Model(town)
        for step in steps:
            model.step(*step)
