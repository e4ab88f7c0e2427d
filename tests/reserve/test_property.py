"""A reserve under any order of events: invariants 14 to 16 of `tests/invariants`."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.evm import Actor, Reverted
from tests.reserve.reserve_fold import ReserveFold
from tests.reserve.vault import HEARTBEAT, Vault
from tests.world import REFERENCE, padded

LOTS = ("LOT-1", "LOT-2")
HOLDERS = ("one", "two")
STATUSES = ("", "requested", "assigned", "accepted", "settled", "cancelled", "timed out")
ACTS = (
    *("attest", "mint", "mint", "wait", "encumber", "encumber", "request", "request"),
    *("assign", "assign", "accept", "accept", "deliver", "cancel", "time_out", "block"),
)
act = st.tuples(
    st.sampled_from(ACTS), st.integers(0, 1), st.integers(0, 400_000), st.integers(0, 5)
)


class Story:
    """A vault, two holders, and the fold of everything that was told."""

    def __init__(self, vault: Vault, holders: list[Actor]) -> None:
        self.vault, self.holders, self.fold = vault, holders, ReserveFold()
        self.made: list[bytes] = []
        self.salt = 0

    def do(self, act: str, which: int, amount: int, choice: int) -> None:
        """One act; a refusal leaves nothing behind but what is checked after it."""
        try:
            getattr(self, act)(which, amount, choice)
            self.listen()
        except Reverted:
            pass

    def attest(self, _: int, gross: int, hours: int) -> None:
        vault = self.vault
        insured_until = vault.evm.time + hours * 40_000
        vault.attest(
            vault.lot("LOT-1", gross=gross), vault.lot("LOT-2", insured_until=insured_until)
        )

    def mint(self, which: int, units: int, _: int) -> None:
        """Invariant 14: what is minted is covered, and what is not minted was not."""
        recognised = self.fold.recognised(self.vault.evm.time, HEARTBEAT)
        after = self.vault.token.totalSupply() + units
        try:
            self.vault.mint(self.holders[which], units)
        except Reverted as error:
            assert error.name in ("ReserveExceeded", "ReserveStale", "ReserveNotPositive")
            assert after > recognised or recognised == 0
        else:
            assert after <= recognised

    def wait(self, _: int, seconds: int, __: int) -> None:
        self.vault.evm.advance(seconds=seconds)

    def encumber(self, which: int, amount: int, _: int) -> None:
        vault = self.vault
        what = (vault.token, padded(LOTS[which].encode()), amount % 2 == 0, REFERENCE)
        vault.lots.proposeEncumbrance(*what, sender=vault.custodian)
        self.listen()
        vault.lots.confirmEncumbrance(*what, sender=vault.fiscal)

    def request(self, which: int, amount: int, _: int) -> None:
        vault, holder = self.vault, self.holders[which]
        self.salt += 1
        what = (vault.token, 100_000 + amount // 4, vault.cash, self.salt.to_bytes(32, "big"))
        document = vault.desk.redemptionId(holder, *what)
        vault.token.pledge(vault.desk, what[1], document, 0, sender=holder)
        vault.desk.request(*what, sender=holder)
        self.made.append(document)

    def assign(self, which: int, _: int, choice: int) -> None:
        made = self.one(choice)
        self.vault.publish()
        units = self.vault.desk.redemption(made).units
        self.vault.assign(made, max(units - choice * 1_200, 1), LOTS[which])

    def accept(self, _: int, __: int, choice: int) -> None:
        made = self.one(choice)
        self.vault.desk.accept(made, sender=self.holder_of(made))

    def deliver(self, _: int, __: int, choice: int) -> None:
        made = self.one(choice)
        self.vault.desk.confirmDelivery(made, REFERENCE, sender=self.vault.custodian)
        self.listen()
        self.vault.desk.acknowledge(made, sender=self.holder_of(made))

    def cancel(self, _: int, __: int, choice: int) -> None:
        made = self.one(choice)
        self.vault.desk.cancel(made, sender=self.holder_of(made))

    def time_out(self, _: int, __: int, choice: int) -> None:
        self.vault.desk.timeOut(self.one(choice), sender=self.vault.anyone)

    def block(self, which: int, _: int, choice: int) -> None:
        cash = self.vault.cash
        block = cash.unblockAccount if choice % 2 else cash.blockAccount
        block(self.holders[which], sender=self.vault.fiscal)

    def one(self, choice: int) -> bytes:
        return self.made[choice % len(self.made)] if self.made else bytes(32)

    def holder_of(self, redemption: bytes) -> str:
        return str(self.vault.desk.redemption(redemption).pledger)

    def listen(self) -> None:
        for event in self.vault.evm.receipt.all_events:
            self.fold.take(event.name, event.arguments)

    # ---------------------------------------------------------------- what must hold

    def check(self) -> None:
        vault, fold = self.vault, self.fold
        running = fold.running("requested", "assigned", "accepted")
        assigned = fold.running("assigned", "accepted")
        accepted = fold.running("accepted")
        for holder in self.holders:
            pledged = sum(each.units for each in running if each.holder == holder)
            assert vault.token.pledgedOf(holder) == pledged
        owed = sum(each.shortfall for each in assigned) + sum(each.fee for each in accepted)
        assert vault.cash.balanceOf(vault.desk) == owed + sum(fold.credits.values())
        for lot_id, seen in fold.lots.items():
            state = vault.lots.lot(vault.token, lot_id)
            assert (state.net, state.assigned, state.insuredUntilHour, state.encumbered) == (
                seen.net,
                seen.assigned,
                seen.insured_until_hour,
                seen.encumbered,
            )
            assert seen.assigned == sum(each.weight for each in assigned if each.lot == lot_id)
        assert vault.lots.sequenceOf(vault.token) == fold.sequence
        assert vault.lots.lotsOf(vault.token) == fold.order
        for number, seen in fold.redemptions.items():
            self.check_redemption(vault.desk.redemption(number), seen)
        for (cash, account), amount in fold.credits.items():
            assert vault.desk.creditOf(cash, account) == amount

    def check_redemption(self, made: Any, seen: Any) -> None:
        assert STATUSES[made.status] == seen.status
        assert (made.token, made.pledger, made.cash) == (seen.token, seen.holder, seen.cash)
        assert (made.units, made.deadline) == (seen.units, seen.deadline)
        assert (made.lotId, made.weight) == (seen.lot, seen.weight)
        assert (made.fee, made.shortfall) == (seen.fee, seen.shortfall)
        assert made.handedOver == (self.vault.custodian in seen.confirmed)
        assert made.received == (seen.holder in seen.confirmed)


@cache
def prepared() -> tuple[Vault, list[Actor]]:
    """Made once; every example is undone at its end."""
    vault = Vault()
    vault.give_cash(vault.world.treasury, 10**15)
    return vault, [vault.holder(name) for name in HOLDERS]


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(act, min_size=8, max_size=30))
def test_whatever_happens_what_circulates_was_covered_and_every_rupee_is_accounted_for(
    steps: list[tuple[str, int, int, int]],
) -> None:
    """Invariants 14, 15 and 16 as one property."""
    vault, holders = prepared()
    with vault.evm.snapshot():
        story = Story(vault, holders)
        for step in (("attest", 0, 400_000, 5), ("mint", 0, 300_000, 0), ("mint", 1, 150_000, 0)):
            story.do(*step)
        for step in steps:
            story.do(*step)
            story.check()
