"""Bids at an auction on the chain: sealed, shown after the close, or open and without a price.

A bid is kept in its owner's records before it is sealed. Bond and consent come first: what the
bidder's margin lacks is allowed and deposited, to the unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from scripts._amanat.auction_house import HOUSE, Outcome, Sale, find_auction
from scripts._amanat.command import Desk, Work
from scripts._amanat.console import instant
from scripts._amanat.errors import AmanatError, InputRefused
from scripts._amanat.onchain import Contract, Programme, Standing
from scripts._amanat.plan import Call, Pending, Plan, Ref, Step, digest
from scripts._amanat.pricing import QUOTED_PLACES
from scripts._amanat.proof import Check
from scripts._amanat.sealed_bids import REVEAL, Place, SealedBid, kept_bids, salt_of

CASH_ISSUER = "fiscal_agent"
DEALER = 5


@dataclass(frozen=True)
class Bid:
    """What a bidder wants. `price` is per 100 of face; None bids without one."""

    auction: int
    wallet: str
    units: int
    price: Decimal | None = None
    number: int = 0
    """Tells apart the sealed bids of one investor."""

    @property
    def wish(self) -> str:
        """What records keep of it: nothing that tells a sealed bid, not even its hash without a
        salt, which could be guessed."""
        openly = self.units if self.price is None else None
        return digest((self.auction, self.wallet, self.number, openly))


def bid(wish: Bid, *, fund_on_local_chain: bool = False) -> Work:
    """One bid, once: the same again plans nothing."""

    def act(desk: Desk) -> _Bidding:
        return _Bidding(desk, wish, fund=fund_on_local_chain)

    return Work(
        operation="bid",
        wish=wish.wish,
        plan=lambda desk: act(desk).plan(),
        verify=lambda desk: act(desk).verify(),
        report=lambda desk: act(desk).report(),
    )


def bid_all(wishes: Sequence[Bid]) -> Work:
    """Several bids, of one auction, in one run; each as `bid` makes it."""
    together = digest([wish.wish for wish in wishes])

    def bids(desk: Desk) -> list[_Bidding]:
        sale = find_auction(Programme(desk.chain, desk.record), wishes[0].auction)
        return [_Bidding(desk, wish, fund=False, sale=sale) for wish in wishes]

    def plan(desk: Desk) -> Plan:
        plans = [each.plan() for each in bids(desk)]
        return Plan("bid", together, tuple(step for each in plans for step in each.steps))

    return Work(
        operation="bid",
        wish=together,
        plan=plan,
        verify=lambda desk: [check for each in bids(desk) for check in each.verify()],
    )


def reveal(auction: int, lost: Bid | None = None, *, wallet: str = "", command: str) -> Work:
    """Show every bid of the auction that is kept here (of one wallet, if it is named), or the one
    whose file was `lost`."""

    def act(desk: Desk) -> _Revealing:
        return _Revealing(desk, auction, lost, wallet, command)

    return Work(
        operation="reveal",
        wish=digest((auction, lost, wallet)),
        plan=lambda desk: act(desk).plan(),
        verify=lambda desk: act(desk).verify(),
        left=lambda desk: act(desk).left(),
        report=lambda desk: act(desk).report(),
    )


class _AtAuction:
    """One look at an auction, for somebody who bids at it."""

    def __init__(self, desk: Desk, auction: int, sale: Sale | None = None) -> None:
        self._desk, self._auction, self._known = desk, auction, sale
        self._programme = Programme(desk.chain, desk.record)

    @cached_property
    def _sale(self) -> Sale:
        return self._known or find_auction(self._programme, self._auction)

    @property
    def _house(self) -> Contract:
        return self._sale.house

    @property
    def _place(self) -> Place:
        return Place(self._desk.chain.chain_id, self._programme[HOUSE].address)

    def _sealed(self, wish: Bid) -> SealedBid:
        """The bid under its own salt. What is signed for that never leaves this process."""
        assert wish.price is not None
        self._require_same_reading()
        salt = salt_of(self._desk.signers[wish.wallet], self._place, self._auction, wish.number)
        price = int(wish.price.scaleb(QUOTED_PLACES))
        investor = self._programme.records([wish.wallet])[wish.wallet].investor
        return SealedBid(self._auction, investor, wish.wallet, wish.number, price, wish.units, salt)

    def _require_same_reading(self) -> None:
        """The contract reads a bid as it is hashed here; asked of one that nobody makes."""
        nobody = "0x" + "11" * 20
        blank = SealedBid(0, nobody, nobody, 1, 2, 3, bytes(32))
        if self._programme[HOUSE].read("commitmentOf", blank.row) != blank.commitment(self._place):
            raise AmanatError("the contract hashes a bid in another way than this version does")

    def _commitment_on_chain(self, sealed: SealedBid) -> bytes | None:
        """What was sealed under the bid's number; None where nothing was."""
        for event in self._programme.events(HOUSE, "BidSealed"):
            told = event.arguments
            if (told["auctionId"], told["investor"], told["number"]) == (
                sealed.auction,
                sealed.investor,
                sealed.number,
            ):
                return bytes(told["commitment"])
        return None


class _Bidding(_AtAuction):
    """One bid against one chain."""

    def __init__(self, desk: Desk, wish: Bid, *, fund: bool, sale: Sale | None = None) -> None:
        super().__init__(desk, wish.auction, sale)
        self._wish, self._fund = wish, fund

    # ---------------------------------------------------------------- the plan

    def plan(self) -> Plan:
        """Consent, bond and bid, as far as they lack."""
        if self._fund and not self._desk.chain.is_local:
            raise InputRefused("--fund-on-local-chain: this chain is not local")
        wish = self._wish.wish
        if done := self._done():
            return Plan("bid", wish, notes=(done,))
        self._refuse_unsound()
        steps = (*self._bond(), self._step())
        if self._wish.price is not None and not self._desk.options.dry_run:
            self._bid.keep(self._desk.record.folder)
        return Plan("bid", wish, steps, (self._note(),))

    @cached_property
    def _bid(self) -> SealedBid:
        return self._sealed(self._wish)

    def _done(self) -> str:
        """How it stands already; empty where it does not, InputRefused where another does."""
        if self._wish.price is None:
            return self._done_openly()
        found = self._commitment_on_chain(self._bid)
        if found is None:
            return ""
        if found != self._bid.commitment(self._place):
            raise InputRefused(
                f"number: another bid of {self._wish.wallet} is sealed as {self._wish.number}",
                what_to_do="Give this one a number of its own with --number.",
            )
        return "sealed already"

    def _done_openly(self) -> str:
        investor = self._programme.records([self._wish.wallet])[self._wish.wallet].investor
        for event in self._programme.events(HOUSE, "BidNonCompetitively"):
            told = event.arguments
            if (told["auctionId"], told["investor"]) != (self._auction, investor):
                continue
            if told["units"] == self._wish.units:
                return "bid already"
            raise InputRefused(
                f"this investor bid for {told['units']:,} already; a second bid would void both"
            )
        return ""

    def _refuse_unsound(self) -> None:
        """Everything wrong with the bid together."""
        told, wish = self._sale.announced, self._wish
        faults = [*self._faults_of_amount(), *self._faults_of_bidder()]
        if wish.price is not None:
            price = int(wish.price.scaleb(QUOTED_PLACES))
            if not told.leastPrice <= price <= told.mostPrice:
                least, most = (Decimal(p).scaleb(-QUOTED_PLACES) for p in told[7:9])
                faults.append(f"price: {wish.price}; right: from {least} to {most}")
            if wish.number >= told.mostBidsEach:
                faults.append(f"number: {wish.number}; right: below {told.mostBidsEach}")
        if self._desk.chain.now() >= told.commitEnd:
            faults.append(f"auction: bids were taken until {instant(told.commitEnd)}")
        if faults:
            raise InputRefused(f"the bid at auction {self._auction} is not sound", faults)

    def _faults_of_amount(self) -> Iterator[str]:
        told, units = self._sale.announced, self._wish.units
        least, most = told.leastUnits, told.mostUnits
        if self._wish.price is None:
            least, most = told.lot, told.nonCompetitive.mostUnits
            if not most:
                yield "price: is missing; this auction takes no bids without one"
                return
        if units % told.lot:
            yield f"amount: {units:,} is not some lots of {told.lot:,}"
        if not least <= units <= most:
            yield f"amount: {units:,}; right: from {least:,} to {most:,}"

    def _faults_of_bidder(self) -> Iterator[str]:
        wallet = self._wish.wallet
        standing = self._programme.standings([wallet])[wallet]
        if standing is not Standing.VERIFIED:
            yield f"wallet: {wallet} is {standing.label}, not verified"
        elif self._wish.price is not None:
            record = self._programme.records([wallet])[wallet]
            if record.investor_class != DEALER:
                yield f"wallet: {wallet} is no primary dealer's; leave --price out"

    # ---------------------------------------------------------------- steps

    def _bond(self) -> Iterator[Step]:
        """What the margin lacks of the bond: given, allowed, deposited."""
        wallet, cash = self._wish.wallet, self._programme.cash
        house = self._house.address
        free, held, allowed = self._programme.ask(
            [
                self._house.query("marginOf", cash.address, wallet),
                cash.query("balanceOf", wallet),
                cash.query("allowance", wallet, house),
            ]
        )
        lacks = max(0, self._bond_needed - free)
        if lacks > held:
            if not self._fund:
                raise InputRefused(f"{wallet} has {held:,} of the {lacks:,} that the bond lacks")
            act = Call(cash.address, cash.artifact, "mint(address,uint256)", (wallet, lacks - held))
            yield Step("give the bidder pilot rupees", CASH_ISSUER, act, "it can bind its bond")
        if lacks > allowed:
            act = cash.approval(house, lacks)
            yield Step("allow the auctions what the bond lacks", wallet, act, "it can be taken")
        if lacks and self._wish.price is not None:
            act = Call(Ref(HOUSE), HOUSE, "deposit(address,uint256)", (cash.address, lacks))
            yield Step("deposit it as margin", wallet, act, "the bond can be bound")

    @property
    def _bond_needed(self) -> int:
        told = self._sale.announced
        if self._wish.price is not None:
            return int(told.bond)
        return int(told.nonCompetitive.bondPerLot * (self._wish.units // told.lot))

    def _step(self) -> Step:
        wish, number = self._wish, self._auction
        if wish.price is None:
            act = Call(
                Ref(HOUSE), HOUSE, "bidNonCompetitively(uint256,uint256)", (number, wish.units)
            )
            title = f"bid for {wish.units:,} without a price at auction {number}"
            return Step(title, wish.wallet, act, "the bid stands, and everybody sees it")
        arguments = (number, wish.number, self._bid.commitment(self._place))
        act = Call(Ref(HOUSE), HOUSE, "commit(uint256,uint256,bytes32)", arguments)
        title = f"seal bid {wish.number} at auction {number}"
        return Step(title, wish.wallet, act, "nobody sees it before it is shown")

    def _note(self) -> str:
        told, bond = self._sale.announced, f"{self._bond_needed:,}"
        if self._wish.price is None:
            return f"the bond of {bond} (smallest units of cash) counts towards the payment"
        return (
            f"show it from {instant(told.commitEnd)} to {instant(told.revealEnd)} "
            f"(`ape run reveal {self._auction}`), or the bond of {bond} is lost; kept in "
            f"{self._bid.path(self._desk.record.folder)}"
        )

    # ---------------------------------------------------------------- the proof

    def verify(self) -> Sequence[Check]:
        """The bid stands as it was meant."""
        return [Check("the bid stands on the chain", True, bool(self._done()))]

    def report(self) -> Mapping[str, Any]:
        """Nothing of a sealed bid but where it is kept."""
        told: dict[str, Any] = {"auction": self._auction, "wallet": self._wish.wallet}
        if self._wish.price is not None:
            told["file"] = str(self._bid.path(self._desk.record.folder))
        return told


class _Revealing(_AtAuction):
    """What is kept of one auction, against one chain."""

    def __init__(
        self, desk: Desk, auction: int, lost: Bid | None, wallet: str, command: str
    ) -> None:
        super().__init__(desk, auction)
        self._lost, self._wallet, self._command = lost, wallet, command

    @cached_property
    def _bids(self) -> list[SealedBid]:
        """Those that were sealed, whether shown or not."""
        if self._lost:
            bids = [self._sealed(self._lost)]
        else:
            kept = kept_bids(self._desk.record.folder, self._auction)
            bids = [bid for bid in kept if self._wallet in ("", bid.bidder)]
        sealed = [b for b in bids if self._commitment_on_chain(b) == b.commitment(self._place)]
        if self._lost and not sealed:
            raise InputRefused(
                "what is named is not what was sealed",
                what_to_do="Name wallet, number, price and amount exactly as they were bid.",
            )
        return sealed

    def _hidden(self) -> list[SealedBid]:
        """Those not shown yet."""
        house = self._programme[HOUSE]
        seals = self._programme.ask(
            [house.query("sealOf", bid.auction, bid.investor, bid.number) for bid in self._bids]
        )
        return [bid for bid, seal in zip(self._bids, seals, strict=True) if not seal.isRevealed]

    def plan(self) -> Plan:
        """A step a bid, once bidding is over."""
        wish = digest((self._auction, self._lost, self._wallet))
        hidden, told = self._hidden(), self._sale.announced
        now = self._desk.chain.now()
        if hidden and (now >= told.revealEnd or self._sale.outcome is not Outcome.OPEN):
            raise InputRefused(
                f"{len(hidden)} bids were not shown by {instant(told.revealEnd)}",
                what_to_do="Their bonds are lost; nothing more can be done.",
            )
        notes = (f"{len(self._bids) - len(hidden)} of {len(self._bids)} bids are shown already",)
        steps = tuple(map(self._step, hidden)) if now >= told.commitEnd else ()
        return Plan("reveal", wish, steps, notes, self.left())

    def _step(self, bid: SealedBid) -> Step:
        price = Decimal(bid.price).scaleb(-QUOTED_PLACES)
        return Step(
            f"show bid {bid.number}: {bid.units:,} at {price}",
            bid.bidder,
            Call(Ref(HOUSE), HOUSE, REVEAL, (bid.row,)),
            "everybody sees it, for good",
        )

    def left(self) -> tuple[Pending, ...]:
        """What must wait for the close."""
        told = self._sale.announced
        if self._desk.chain.now() >= told.commitEnd:
            return ()
        return tuple(
            Pending(f"show bid {bid.number}", bid.bidder, told.commitEnd, self._command)
            for bid in self._hidden()
        )

    def verify(self) -> Sequence[Check]:
        """All of them stand as they were sealed; nothing to prove before the close."""
        if self._desk.chain.now() < self._sale.announced.commitEnd:
            return []
        seen = {
            (bid.bidder, int(bid.price.scaleb(QUOTED_PLACES)), bid.units)
            for bid in self._sale.bids
            if bid.price is not None
        }
        wanted = [(bid.bidder, bid.price, bid.units) for bid in self._bids]
        return [Check("bids that everybody sees", wanted, [w for w in wanted if w in seen])]

    def report(self) -> Mapping[str, Any]:
        """How many."""
        return {"auction": self._auction, "bids": len(self._bids)}
