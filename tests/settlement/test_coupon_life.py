"""The ledger of a coupon under any order of events, on the real bond (pitfalls 28, 30, 33).

Invariants 1 and 2 of `PaymentState` hold after every act; nobody is ever paid twice or more than
its share; and at the end of every story each holder was paid once, by whichever way.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.evm import Actor, Evm, Reverted
from tests.settlement.distribution import LOT, Stage
from tests.world import Role, World

HOLDERS = 5
NOBODY = "0x" + "00" * 20
ACTS = ("page", "claim", "left out", "block", "free", "tax", "remit", "escheat", "residual", "late")

act = st.tuples(
    st.sampled_from(ACTS),
    st.integers(0, HOLDERS - 1),
    st.sets(st.integers(0, HOLDERS - 1), min_size=1),
)


class Refused(Reverted):
    """No page proves that the holder was left out."""

    def __init__(self) -> None:
        Exception.__init__(self, "listed, or beyond the pages")


class Story:
    """A coupon, what the world knows of its pages, and whom it settled."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.coupon = stage, stage.funded()
        self.pages: list[tuple[str, list[Actor]]] = []
        self.cursor = NOBODY
        self.settled: list[str] = []

    def perform(self, name: str, number: int, several: set[int]) -> None:
        holder = self.stage.holders[number]
        agent, officer, coupon = self.stage.agent, self.stage.officer, self.coupon
        half = agent.escheatPeriod() // 2
        deeds: dict[str, Callable[[], object]] = {
            "page": lambda: self.turn(sorted(several)),
            "claim": lambda: agent.claim(coupon, holder, sender=holder),
            "left out": lambda: self.prove(holder),
            "block": lambda: self.stage.block(holder),
            "free": lambda: self.stage.block(holder, False),
            "tax": lambda: self.stage.world.tax(100_000 * number),
            "remit": lambda: agent.remitTax(coupon, sender=officer),
            "escheat": lambda: agent.escheat(coupon, [holder], sender=officer),
            "residual": lambda: agent.withdrawResidual(coupon, sender=officer),
            "late": lambda: self.stage.evm.advance(seconds=half),
        }
        self.attempt(deeds[name])

    def attempt(self, deed: Callable[[], object]) -> None:
        """A refusal may come at any time; what matters is what it leaves."""
        before = self.stage.evm.receipt
        try:
            deed()
        except Reverted:
            return
        receipt = self.stage.evm.receipt
        if receipt is before:
            return
        for name in ("Paid", "Escheated"):
            self.settled += [str(event["holder"]) for event in receipt.events(name)]

    def turn(self, several: list[int]) -> None:
        page = [self.stage.holders[number] for number in several]
        self.stage.agent.pay(self.coupon, page, sender=self.stage.officer)
        listed = [each for each in page if int(each, 16) > int(self.cursor, 16)]
        if listed:
            self.pages.append((self.cursor, listed))
            self.cursor = listed[-1]

    def prove(self, holder: Actor) -> None:
        """With every page there is: only the right one proves it."""
        agent, coupon = self.stage.agent, self.coupon
        for page, (fence, listed) in enumerate(self.pages):
            proof = (coupon, holder, page, fence, listed)
            try:
                agent.claimPassedOver(*proof, sender=holder)
            except Reverted:
                continue
            return
        raise Refused

    def end(self) -> None:
        """Everybody is free and comes: by a page, by proof, or by a claim."""
        for holder in self.stage.holders:
            self.stage.block(holder, False)
        self.perform("page", 0, set(range(HOLDERS)))
        for number in range(HOLDERS):
            self.perform("left out", number, set())
            self.perform("claim", number, set())


@cache
def prepared() -> Stage:
    """Deployed once; every example is undone at its end."""
    stage = Stage(World(Evm()), HOLDERS)
    stage.agent.setEscheatPeriod(180 * 86_400, sender=stage.world[Role.STEWARD])
    return stage


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(act, min_size=3, max_size=14))
def test_every_holder_is_paid_once_whatever_happens(
    steps: list[tuple[str, int, set[int]]],
) -> None:
    stage = prepared()
    with stage.evm.snapshot():
        story = Story(stage)
        for step in steps:
            story.perform(*step)
            stage.check(story.coupon)
        story.end()
        state = stage.check(story.coupon)
        assert sorted(story.settled) == sorted(stage.holders)
        assert state.unitsPaid == HOLDERS * LOT
        tax = state.taxHeld + state.taxRemitted
        assert state.paid + tax + state.escheated == state.total
        assert sum(stage.received(*stage.holders)) == state.paid
