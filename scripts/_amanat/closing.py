"""The end of an auction on the chain: decided, settled, and every bond back or forfeited.

Who gets what is worked out here, by the library that imported results go through, and again by the
contract; at the end the two are compared bid by bid. Run again, it does what is left by then:
decide once all could show their bids, settle from the day of settlement on, let those in default
forfeit once their time is over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from scripts._amanat.allocation import AllocationError, Award, Result
from scripts._amanat.allocation import Outcome as Ending
from scripts._amanat.auction_house import (
    HOUSE,
    Bid,
    BidStatus,
    Outcome,
    Sale,
    auctions,
    find_auction,
    margins,
)
from scripts._amanat.command import Desk, Work
from scripts._amanat.console import instant
from scripts._amanat.errors import InputRefused
from scripts._amanat.onchain import Contract, Programme
from scripts._amanat.plan import Call, Pending, Plan, Ref, Step, digest
from scripts._amanat.pricing import QUOTED_PLACES
from scripts._amanat.proof import Check

OPERATION = "close_auction"
ISSUER, AGENT = "issuer", "fiscal_agent"
ACCEPT = "accept(uint256,(uint256,uint256,uint256,bytes32))"
PAGE = 80
"""Bids a transaction: about half of the gas that one may use."""


@dataclass(frozen=True)
class Closing:
    """What the issuer decided. Without a cut-off: the one that places the amount on offer."""

    auction: int
    document: bytes
    """Hash of the decision."""
    cut_off: Decimal | None = None
    amount: int | None = None
    """Most units to place; None for the target."""
    reject: bool = False


def close_auction(wish: Closing, *, command: str, page: int = PAGE) -> Work:
    """Bring the auction to its end, as far as the clock allows."""
    before: dict[str, int] = {}

    def act(desk: Desk) -> _Act:
        return _Act(desk, wish, command, page)

    def plan(desk: Desk) -> Plan:
        look = act(desk)
        before.clear()
        before.update(look.amounts())
        return look.plan()

    return Work(
        operation=OPERATION,
        wish=digest(wish),
        plan=plan,
        verify=lambda desk: act(desk).verify(before),
        report=lambda desk: act(desk).report(),
        left=lambda desk: act(desk).left(),
    )


class _Act:
    """One look at the chain, and what follows from it."""

    def __init__(self, desk: Desk, wish: Closing, command: str, page: int) -> None:
        self._desk, self._wish, self._command, self._page = desk, wish, command, page
        self._programme = Programme(desk.chain, desk.record)

    @cached_property
    def _sale(self) -> Sale:
        return find_auction(self._programme, self._wish.auction)

    @cached_property
    def _now(self) -> int:
        return self._desk.chain.now()

    @property
    def _cash(self) -> Contract:
        return Contract(self._desk.chain, "PilotRupee", self._sale.announced.cash)

    @property
    def _token(self) -> Contract:
        return self._programme.find_series(self._sale.announced.token).token

    # ---------------------------------------------------------------- who gets what

    @cached_property
    def _cut_off(self) -> Decimal | None:
        """As it was decided on the chain, else as it is wished, else what places the target."""
        if self._sale.outcome is Outcome.ALLOTTED:
            return Decimal(self._sale.state.cutOff).scaleb(-QUOTED_PLACES)
        if self._sale.outcome is not Outcome.OPEN or self._wish.reject:
            return None
        return self._wish.cut_off or self._sale.stop_out

    @cached_property
    def _result(self) -> Result | None:
        """None where nothing is allotted."""
        if self._cut_off is None:
            return None
        try:
            result = self._sale.result(self._cut_off, self._amount)
        except AllocationError as fault:
            raise InputRefused(f"cut-off: {fault}") from None
        return result if result.outcome is Ending.ALLOTTED else None

    @cached_property
    def _amount(self) -> int:
        """Most units to place."""
        if self._sale.outcome is not Outcome.ALLOTTED:
            return self._wish.amount or self._sale.announced.target
        for event in self._programme.events(HOUSE, "AuctionAllotted"):
            if event.arguments["auctionId"] == self._wish.auction:
                return int(event.arguments["amount"])
        raise AssertionError("an auction that is allotted has told so")

    @property
    def _awards(self) -> Mapping[int, Award]:
        """By the bid's sequence."""
        awards = self._result.awards if self._result else ()
        return {int(award.bid.number): award for award in awards}

    def _standing(self, *, awarded: bool) -> list[Bid]:
        return [
            bid
            for bid in self._sale.bids
            if bid.status is BidStatus.STANDING and (bid.sequence in self._awards) is awarded
        ]

    # ---------------------------------------------------------------- the plan

    def plan(self) -> Plan:
        """What the clock allows of what is left."""
        told = self._sale.announced
        if self._sale.outcome is Outcome.OPEN and self._now < told.revealEnd:
            return self._planned()
        self._refuse_unsound()
        return self._planned(*self._decision(), *self._settlement(), *self._releases())

    def _planned(self, *steps: Step) -> Plan:
        return Plan(OPERATION, digest(self._wish), steps, self._notes(), self.left())

    def _refuse_unsound(self) -> None:
        wish, prices = self._wish, {bid.price for bid in self._sale.bids}
        if self._sale.outcome is Outcome.OPEN and wish.cut_off not in (None, *prices):
            raise InputRefused(
                f"cut-off: nobody bids {wish.cut_off}",
                what_to_do="Name the lowest price that is accepted.",
            )
        decided = {Outcome.REJECTED, Outcome.NO_BIDS, Outcome.ABANDONED}
        other = self._sale.outcome is Outcome.ALLOTTED and (
            wish.reject or wish.cut_off not in (None, self._cut_off)
        )
        if other or (self._sale.outcome in decided and wish.cut_off is not None):
            raise InputRefused(f"the auction has ended otherwise: {self._sale.outcome.label}")

    def _decision(self) -> Iterator[Step]:
        if self._sale.outcome is not Outcome.OPEN:
            return
        number = self._wish.auction
        if self._result is None:
            act = Call(Ref(HOUSE), HOUSE, "reject(uint256,bytes32)", (number, self._wish.document))
            yield Step(f"reject the bids of auction {number}", ISSUER, act, "it is over")
            return
        assert self._cut_off is not None
        last = self._sale.last_favoured(self._cut_off, self._amount)
        price = int(self._cut_off.scaleb(QUOTED_PLACES))
        told = (price, self._amount, last, self._wish.document)
        yield Step(
            f"accept {self._result.face:,} at a cut-off of {self._cut_off}",
            ISSUER,
            Call(Ref(HOUSE), HOUSE, ACCEPT, (number, told)),
            f"{len(self._result.awards)} bids are allotted",
        )

    def _settlement(self) -> Iterator[Step]:
        """Those that can pay are settled; those in default forfeit, after one more try."""
        told, winners = self._sale.announced, self._standing(awarded=True)
        if self._now < told.settleFrom:
            return
        approvals, ready = self._consents(winners)
        yield from approvals
        yield from self._pages("settle", ready, "are delivered and paid")
        if self._now >= told.settleEnd:
            late = [bid for bid in winners if bid not in ready]
            yield from self._pages("forfeit", late, "have no claim any more")

    def _releases(self) -> Iterator[Step]:
        """Bonds of those who are allotted nothing."""
        yield from self._pages("release", self._standing(awarded=False), "have their bonds back")

    def _pages(self, verb: str, bids: Sequence[Bid], then: str) -> Iterator[Step]:
        for start in range(0, len(bids), self._page):
            page = [bid.sequence for bid in bids[start : start + self._page]]
            act = Call(Ref(HOUSE), HOUSE, f"{verb}(uint256,uint256[])", (self._wish.auction, page))
            title = f"{verb} {len(page)} bids, {page[0]} to {page[-1]}"
            yield Step(title, AGENT, act, f"{len(page)} bids {then}")

    # ---------------------------------------------------------------- consent

    @cached_property
    def _costs(self) -> Mapping[int, int]:
        """What each standing winner still pays beyond its bond, as the series says today."""
        winners, decimals = self._standing(awarded=True), int(self._cash.read("decimals"))
        queries = [
            self._token.query("costOf", int(award.face), _e4(award.price), decimals)
            for award in (self._awards[bid.sequence] for bid in winners)
        ]
        costs = self._programme.ask(queries)
        return {
            bid.sequence: max(0, cost - self._sale.bond_of(bid))
            for bid, cost in zip(winners, costs, strict=True)
        }

    def _consents(self, winners: Sequence[Bid]) -> tuple[list[Step], list[Bid]]:
        """What development wallets allow here; and the bids that are paid for then."""
        approvals: list[Step] = []
        ready: list[Bid] = []
        purses = self._purses(winners)
        for wallet, (balance, allowed) in purses.items():
            own = [bid for bid in winners if bid.bidder == wallet]
            cost = sum(self._costs[bid.sequence] for bid in own)
            if balance < cost:
                continue
            if allowed < cost:
                if not self._desk.chain.is_local:
                    continue
                approvals.append(self._approve(wallet, cost))
            ready += own
        return approvals, sorted(ready, key=lambda bid: bid.sequence)

    def _approve(self, wallet: str, cost: int) -> Step:
        act = self._cash.approval(self._sale.house.address, cost)
        return Step("a winner allows what its bids cost beyond the bond", wallet, act, "it can pay")

    def _purses(self, winners: Sequence[Bid]) -> dict[str, tuple[int, int]]:
        """Balance and allowance of each."""
        wallets = sorted({bid.bidder for bid in winners})
        house = self._sale.house.address
        balances = self._programme.ask([self._cash.query("balanceOf", w) for w in wallets])
        allowed = self._programme.ask([self._cash.query("allowance", w, house) for w in wallets])
        return {w: (b, a) for w, b, a in zip(wallets, balances, allowed, strict=True)}

    # ---------------------------------------------------------------- what is left

    def left(self) -> tuple[Pending, ...]:
        """What waits for the clock, or for a winner."""
        told = self._sale.announced
        if self._sale.outcome is Outcome.OPEN and self._now < told.revealEnd:
            return (Pending("decide", ISSUER, told.revealEnd, self._command),)
        winners = self._standing(awarded=True)
        if not winners:
            return ()
        if self._now < told.settleFrom:
            what = f"settle {len(winners)} bids"
            return (Pending(what, AGENT, told.settleFrom, self._command),)
        return tuple(self._waiting(winners))

    def _waiting(self, winners: Sequence[Bid]) -> Iterator[Pending]:
        """Who is asked to pay, and from when it forfeits; what is settled now waits for nobody."""
        ready = self._consents(winners)[1]
        when = self._sale.announced.settleEnd
        for wallet, (balance, allowed) in self._purses(winners).items():
            own = [bid for bid in winners if bid.bidder == wallet and bid not in ready]
            if not own or self._now >= when:
                continue
            cost = sum(self._costs[bid.sequence] for bid in own)
            yield Pending(
                f"bring and allow {cost:,} of cash to {self._sale.house.address} (has "
                f"{balance:,}, allows {allowed:,}), or forfeit from {instant(when)}",
                wallet,
                None,
                self._command,
            )

    def _notes(self) -> tuple[str, ...]:
        sale, told = self._sale, self._sale.announced
        if sale.outcome is Outcome.OPEN and self._now < told.revealEnd:
            return (f"bids are shown until {instant(told.revealEnd)}",)
        hidden = f"{sale.state.sealedBids} of {len(sale.bids)} bids were never shown and forfeit"
        if self._result is None:
            return (hidden,)
        return (
            hidden,
            f"cut-off {self._cut_off}, weighted average {self._result.weighted_average}: "
            f"{self._result.face:,} to {len(self._result.awards)} bids",
        )

    # ---------------------------------------------------------------- the proof

    def amounts(self) -> dict[str, int]:
        """What a run is counted from: the treasury's cash, the supply, and what explains them."""
        treasury = self._sale.house.read("treasury")
        settled = [bid for bid in self._sale.bids if bid.status is BidStatus.SETTLED]
        return {
            "treasury": self._cash.read("balanceOf", treasury),
            "due to it": sum(self._due()),
            "supply": self._token.read("totalSupply"),
            "settled": sum(bid.allotted for bid in settled),
        }

    def _due(self) -> Iterator[int]:
        """What the auction's events say the treasury was paid."""
        for name, amount in (
            ("BidSettled", "cost"),
            ("BidForfeited", "bond"),
            ("BondsForfeited", "amount"),
        ):
            for event in self._programme.events(HOUSE, name):
                if event.arguments["auctionId"] == self._wish.auction:
                    yield event.arguments[amount]

    def verify(self, before: Mapping[str, int]) -> Sequence[Check]:
        """The chain's allotment against ours, bid by bid; and all of the money and the units."""
        if self._sale.outcome is Outcome.OPEN:
            return []
        after = self.amounts()
        moved = {name: after[name] - before[name] for name in after}
        return [
            Check("bids allotted otherwise than by the library", [], [*self._differences()]),
            Check("bids that were paid for and refused", [], [*self._refused()]),
            Check("units that came into being", moved["settled"], moved["supply"]),
            Check("cash that came to the treasury", moved["due to it"], moved["treasury"]),
            Check("cash held for margins and bonds", self._owed(), self._held()),
        ]

    def _refused(self) -> Iterator[str]:
        """Winners who brought their money and could not be settled, and why."""
        winners = self._standing(awarded=True)
        if not winners or self._now < self._sale.announced.settleFrom:
            return
        from scripts._amanat.artifacts import decode_error

        reasons = {
            event.arguments["sequence"]: event.arguments["reason"]
            for event in self._programme.events(HOUSE, "BidNotSettled")
            if event.arguments["auctionId"] == self._wish.auction
        }
        for bid in self._consents(winners)[1]:
            reason = reasons.get(bid.sequence)
            yield f"{bid.sequence}: {decode_error(reason) if reason else 'not tried'}"

    def _differences(self) -> Iterator[str]:
        for bid in self._sale.bids:
            award = self._awards.get(bid.sequence)
            wanted = (int(award.face), _e4(award.price)) if award else (0, 0)
            if (bid.allotted, bid.allotted_price) != wanted:
                yield f"{bid.sequence}: {bid.allotted:,} at {bid.allotted_price}, not {wanted}"

    def _owed(self) -> int:
        cash = self._cash
        bonds = sum(
            sale.bonds_held
            for sale in auctions(self._programme)
            if sale.announced.cash == cash.address
        )
        return bonds + sum(margins(self._programme, cash).values())

    def _held(self) -> int:
        return int(self._cash.read("balanceOf", self._sale.house.address))

    def report(self) -> Mapping[str, Any]:
        """How it ended, and how each bid stands."""
        statuses = [bid.status.name.lower() for bid in self._sale.bids]
        return {
            "auction": self._wish.auction,
            "outcome": self._sale.outcome.label,
            "cut_off": str(self._cut_off) if self._cut_off else None,
            "accepted": self._sale.state.accepted,
            "bids": {status: statuses.count(status) for status in sorted(set(statuses))},
        }


def _e4(price: Decimal) -> int:
    return int(price.scaleb(QUOTED_PLACES))
