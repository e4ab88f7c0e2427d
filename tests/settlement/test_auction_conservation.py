"""An auction conserves cash and lots, whatever its bidders, its operator and the banks do.

Invariants, after every act:

1. The contract holds the margins and the bonds of bids that are sealed or stand, to the unit.
2. No cash comes or goes: wallets, treasury and contract together hold what was there before.
3. Supply grows by what was settled and no more, and what is allotted is what was decided.
4. The events alone tell margins and bids (pitfall 61).
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scripts._amanat import allocation
from scripts._amanat.powers import Role
from tests.evm import Reverted
from tests.settlement.auction_hall import (
    ALLOTTED,
    BOND,
    BOND_PER_LOT,
    DECISION,
    LOT,
    MULTIPLE,
    SETTLED,
    STANDING,
    UNIFORM,
    Hall,
    SealedBid,
    as_imported,
    rules_of,
)
from tests.settlement.test_auction_decision import last_of
from tests.world import World

PRICES: Final = (960_000, 970_000, 970_001, 1_000_001)
"""The last is outside the rules: it cannot be shown."""
ACTS: Final = (
    *("commit", "commit", "open", "reveal", "reveal", "block", "unblock", "poor", "rich"),
    *("freeze", "accept", "accept", "reject", "abandon", "settle", "settle", "forfeit", "release"),
    *("withdraw", "pause", "later", "later"),
)
act = st.tuples(st.sampled_from(ACTS), st.integers(0, 5), st.integers(0, 30))


@cache
def prepared() -> Hall:
    return Hall(World(), dealers=4, savers=4)


class Story:
    """One auction played out of order, and what was seen of it."""

    def __init__(self, hall: Hall, pricing: int) -> None:
        self.hall, self.world = hall, hall.world
        self.cash_before, self.supply_before = self.all_cash(), hall.bill.totalSupply()
        self.margins: Counter[str] = Counter()
        self.bonds: dict[int, tuple[str, int]] = {}
        self.sealed: dict[int, SealedBid] = {}
        hall.open(target=40 * LOT, pricing=pricing)
        self.number = hall.auction.auctionCount()

    def all_cash(self) -> int:
        holders = [*self.hall.everybody, self.hall.auction]
        return sum(self.hall.cash.balanceOf(holder) for holder in holders)

    def perform(self, name: str, who: int, how_much: int) -> None:
        try:
            getattr(self, f"_{name}")(who % 4, how_much)
        except Reverted:
            return  # a refusal may come at any time; what matters is what it leaves
        self.check()

    # ---------------------------------------------------------------- acts

    def _commit(self, who: int, lots: int) -> None:
        hall, dealer = self.hall, self.hall.dealers[who]
        number = sum(bid.bidder == str(dealer) for bid in self.sealed.values())
        bid = hall.sealed(dealer, PRICES[lots % 4], lots * LOT, number)
        hall.deposit(dealer, amount=BOND)
        self.fold()
        hall.commit(bid, dealer)
        self.fold()
        self.sealed[len(self.bonds) - 1] = bid

    def _open(self, who: int, lots: int) -> None:
        self.hall.bid_openly(self.hall.savers[who], lots * LOT)
        self.fold()

    def _reveal(self, who: int, which: int) -> None:
        if self.sealed:
            bid = list(self.sealed.values())[which % len(self.sealed)]
            self.hall.reveal(bid, sender=self.hall.dealers[who])
            self.fold()

    def _block(self, who: int, which: int) -> None:
        target = self._anyone(which)
        self.hall.cash.blockAccount(target, sender=self.world[Role.FISCAL_AGENT])

    def _unblock(self, who: int, which: int) -> None:
        target = self._anyone(which)
        self.hall.cash.unblockAccount(target, sender=self.world[Role.FISCAL_AGENT])

    def _poor(self, who: int, which: int) -> None:
        self.hall.cash.approve(self.hall.auction, 0, sender=self._anyone(which))

    def _rich(self, who: int, which: int) -> None:
        self.hall.cash.approve(self.hall.auction, 2**255, sender=self._anyone(which))

    def _freeze(self, who: int, which: int) -> None:
        self.world.freeze(self.hall.bill, self._anyone(which))

    def _accept(self, who: int, which: int) -> None:
        imported = as_imported(self.hall.bids())
        prices = sorted({bid.price for bid in imported if bid.price is not None})
        if not prices:
            return
        rules, cut_off = rules_of(self.hall.announced[self.number]), prices[which % len(prices)]
        self.hall.accept(int(cut_off.scaleb(4)), last=last_of(imported, rules, cut_off))
        self.fold()
        self.wanted = allocation.allot(imported, rules, cut_off)

    def _reject(self, who: int, which: int) -> None:
        self.hall.auction.reject(self.number, DECISION, sender=self.world[Role.ISSUER])
        self.fold()

    def _abandon(self, who: int, which: int) -> None:
        self.hall.auction.abandon(self.number, sender=self.hall.dealers[who])
        self.fold()

    def _settle(self, who: int, which: int) -> None:
        self.hall.settle(range(which % 3, 12))
        self.fold()

    def _forfeit(self, who: int, which: int) -> None:
        agent = self.world[Role.FISCAL_AGENT]
        self.hall.auction.forfeit(self.number, range(12), sender=agent)
        self.fold()

    def _release(self, who: int, which: int) -> None:
        self.hall.auction.release(self.number, range(12), sender=self.hall.dealers[who])
        self.fold()

    def _withdraw(self, who: int, which: int) -> None:
        owner = self._anyone(which)
        self.hall.auction.withdrawMargin(self.hall.cash, owner, sender=owner)
        self.fold()

    def _pause(self, who: int, which: int) -> None:
        if self.hall.bill.paused():
            self.hall.bill.unpause(sender=self.world[Role.RELEASER])
        else:
            self.hall.bill.pause(sender=self.world[Role.EMERGENCY])

    def _later(self, who: int, which: int) -> None:
        """The next moment at which something begins or ends."""
        announced, now = self.hall.announced[self.number], self.hall.evm.time
        moments = (
            announced.commit_end,
            announced.reveal_end,
            announced.settle_from,
            announced.settle_end,
            announced.settle_end + 7 * 86_400,
        )
        self.hall.evm.time = next((m for m in moments if m > now), now)

    def _anyone(self, which: int) -> Any:
        return [*self.hall.dealers, *self.hall.savers][which % 8]

    # ---------------------------------------------------------------- what the events tell

    def fold(self) -> None:
        for event in self.hall.evm.receipt.all_events:
            told = event.arguments
            match event.name:
                case "MarginDeposited" | "MarginCredited":
                    self.margins[told["account"]] += told["amount"]
                case "MarginWithdrawn":
                    self.margins[told["account"]] -= told["amount"]
                case "BidSealed":
                    self.margins[told["bidder"]] -= BOND
                    self.bonds[told["sequence"]] = (told["bidder"], BOND)
                case "BidNonCompetitively":
                    bond = told["units"] // LOT * BOND_PER_LOT
                    self.margins[told["bidder"]] -= bond
                    self.bonds[told["sequence"]] = (told["bidder"], bond)
                case "BidRevealed":
                    self.sealed.pop(told["sequence"])
                case "BidVoided" | "BidSettled" | "BidForfeited" | "BidReleased":
                    self.bonds.pop(told["sequence"])
                case "BondsForfeited":
                    assert told["count"] == len(self.sealed)
                    for sequence in self.sealed:
                        self.bonds.pop(sequence)

    # ---------------------------------------------------------------- the invariants

    def check(self) -> None:
        hall = self.hall
        held = hall.cash.balanceOf(hall.auction)
        assert held == hall.owed(), "1"
        assert self.all_cash() == self.cash_before, "2"
        bids = hall.bids()
        settled = sum(bid.allotted for bid in bids if bid.status == SETTLED)
        assert hall.bill.totalSupply() == self.supply_before + settled, "3"
        state = hall.auction.auctionOf(self.number)
        if state.outcome == ALLOTTED:
            assert sum(bid.allotted for bid in bids) == state.accepted == self.wanted.face, "3"
        for who in hall.everybody:
            assert hall.auction.marginOf(hall.cash, who) == self.margins[who], "4"
        assert sum(self.margins.values()) + sum(bond for _, bond in self.bonds.values()) == held


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    pricing=st.sampled_from([MULTIPLE, UNIFORM]),
    bids=st.lists(act.map(lambda each: ("commit", *each[1:])), min_size=3, max_size=6),
    steps=st.lists(act, min_size=8, max_size=40),
)
def test_an_auction_conserves_cash_and_lots(
    pricing: int, bids: list[tuple[str, int, int]], steps: list[tuple[str, int, int]]
) -> None:
    hall = prepared()
    with hall.evm.snapshot():
        hall.announced.clear()
        story = Story(hall, pricing)
        for step in (*bids, *steps):
            story.perform(*step)
        story.perform("unblock", 0, 0)
        end(story)


def end(story: Story) -> None:
    """However it went: when its time is over, nothing is left of it."""
    hall = story.hall
    for step in (*["later"] * 5, "abandon", "settle", "release"):
        story.perform(step, 0, 0)
    assert [bid for bid in hall.bids() if bid.status == STANDING] == []
    assert story.bonds == {}
    for place in range(8):
        story.perform("unblock", 0, place)
        story.perform("withdraw", 0, place)
    assert hall.cash.balanceOf(hall.auction) == hall.auction.marginOf(
        hall.cash, hall.world.treasury
    )
