"""Random lives of a series against the plain model; the numbers are those of README.md here."""

from __future__ import annotations

import os
from functools import cache

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.invariants.life import WALLETS, Life

THOROUGH = os.environ.get("AMANAT_LIVES") == "thorough"

wallet = st.integers(0, WALLETS - 1)
amount = st.one_of(st.integers(0, 60), st.integers(0, 700))


@cache
def life() -> Life:
    """Deployed once; each example plays on a snapshot of it."""
    return Life()


class Series(RuleBasedStateMachine):
    """One life: rules by kind, so that no kind crowds out another."""

    def __init__(self) -> None:
        super().__init__()
        self.life = life()
        self.start = self.life.evm.snapshot()
        self.life.begin()
        self.steps = 0
        for number in range(6):
            self.life.perform(("mint", number, 0, 0, 100))

    def teardown(self) -> None:
        self.life.check_history()
        self.life.check_holders()
        self.start.revert()

    def act(self, name: str, first: int = 0, second: int = 0, third: int = 0, n: int = 0) -> None:
        """Aimed in three of four steps, blindly in the fourth."""
        act = (name, first, second, third, n)
        self.life.perform(act if self.steps % 4 == 3 else self.life.aim(act))
        self.steps += 1

    @rule(to=wallet, n=amount)
    def mint(self, to: int, n: int) -> None:
        self.act("mint", to, n=n)

    @rule(source=wallet, to=wallet, n=amount)
    def transfer(self, source: int, to: int, n: int) -> None:
        self.act("transfer", source, to, n=n)

    @rule(source=wallet, to=wallet)
    def transfer_all(self, source: int, to: int) -> None:
        self.act("transfer", source, to, n=self.life.free(self.life.wallets[source]))

    @rule(source=wallet, to=wallet, by=wallet, n=amount)
    def transfer_from(self, source: int, to: int, by: int, n: int) -> None:
        self.act("transfer_from", source, to, by, n)

    @rule(name=st.sampled_from(["burn", "force"]), source=wallet, to=wallet, n=amount)
    def agents_act(self, name: str, source: int, to: int, n: int) -> None:
        self.act(name, source, to, n=n)

    @rule(name=st.sampled_from(["burn", "force"]), source=wallet, to=wallet)
    def agents_take_all(self, name: str, source: int, to: int) -> None:
        self.act(name, source, to, n=self.life.balances[self.life.wallets[source]])

    @rule(
        name=st.sampled_from(["freeze", "release", "freeze_part", "unfreeze_part", "set_frozen"]),
        who=wallet,
        n=amount,
    )
    def freezing(self, name: str, who: int, n: int) -> None:
        self.act(name, who, n=n)

    @rule(holder=wallet, pledgee=wallet, n=amount)
    def pledge(self, holder: int, pledgee: int, n: int) -> None:
        self.act("pledge", holder, pledgee, n=n)

    @rule(
        name=st.sampled_from(["release_pledge", "enforce", "enforce"]),
        to=wallet,
        by=wallet,
        n=amount,
    )
    def pledgees_act(self, name: str, to: int, by: int, n: int) -> None:
        self.act(name, 0, to, by, n)

    @rule(name=st.sampled_from(["release_pledge", "enforce"]), to=wallet)
    def pledgees_finish(self, name: str, to: int) -> None:
        for pledge in self.life.pledges:
            by = self.life.wallets.index(self.life.world.registry.successorOf(pledge.pledgee))
            self.act(name, 0, to, by, pledge.amount)

    @rule(lost=wallet, successor=wallet)
    def lose(self, lost: int, successor: int) -> None:
        self.act("lose", lost, successor)

    @rule(
        name=st.sampled_from(["complete", "complete", "cancel", "follow", "follow"]),
        lost=wallet,
        by=wallet,
        n=st.integers(0, 1),
    )
    def recovery(self, name: str, lost: int, by: int, n: int) -> None:
        self.act(name, lost, third=by, n=n)

    @rule(
        name=st.sampled_from(
            [
                *("attest", "attest", "attest", "link", "link", "link", "recount"),
                *("release", "release", "withdraw", "unlink", "suspend"),
            ]
        ),
        who=wallet,
        other=wallet,
        n=st.integers(1, 2_000),
    )
    def register(self, name: str, who: int, other: int, n: int) -> None:
        self.act(name, who, other, other, n)

    @rule(
        name=st.sampled_from(["onboard", "onboard", "reassign", "classify", "venue"]),
        who=wallet,
        n=st.integers(0, 998),
    )
    def registrars_act(self, name: str, who: int, n: int) -> None:
        self.act(name, who, n=n)

    @rule(
        name=st.sampled_from(["document", "document", "shred", "add_module", "remove_module"]),
        n=st.integers(0, 500),
    )
    def documents_and_modules(self, name: str, n: int) -> None:
        self.act(name, n=n)

    @rule(
        name=st.sampled_from(["move_abroad", "refresh", "change_policy"]),
        who=wallet,
        n=st.integers(0, 998),
    )
    def judging(self, name: str, who: int, n: int) -> None:
        self.act(name, who, who, who, n)

    @rule(
        name=st.sampled_from(
            [
                *("wait", "reach", "reach", "announce", "announce"),
                *("pause", "confirm", "unpause", "unpause", "unpause"),
            ]
        ),
        n=st.integers(0, 60),
    )
    def time_and_pause(self, name: str, n: int) -> None:
        self.act(name, n=n)

    @rule(by=wallet, source=wallet, to=wallet, n=amount)
    def ask(self, by: int, source: int, to: int, n: int) -> None:
        wallets = self.life.wallets
        self.life.check_question(wallets[by], wallets[source], wallets[to], n)

    @invariant()
    def balances_and_freezes_are_the_models(self) -> None:
        self.life.check()

    @precondition(lambda self: self.steps % 8 == 7)
    @invariant()
    def holders_and_history_are_the_models(self) -> None:
        self.life.check_history()
        self.life.check_holders()


TestSeries = Series.TestCase
TestSeries.settings = settings(
    max_examples=2_000 if THOROUGH else 100,
    stateful_step_count=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
