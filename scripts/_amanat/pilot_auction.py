"""A one-month bill, sold by an auction on the chain: sealed, shown, decided, settled, redeemed.

Eight dealers seal five bids each, of which three are never shown; sixty savers bid without a price.
One dealer wins and brings no money. The ledger's side is worked out from the bids as they were made
here, not from what the chain says of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Final

from scripts import close_auction, issue, open_auction, reveal
from scripts._amanat import allocation, pilot_money, pricing
from scripts._amanat.allocation import Award
from scripts._amanat.auction_house import HOUSE, Sale, find_auction
from scripts._amanat.auction_sheets import AuctionSheet, read_auction_sheet
from scripts._amanat.bidding import Bid, bid_all
from scripts._amanat.command import Desk, Outcome, Work
from scripts._amanat.pilot_instrument import Instrument
from scripts._amanat.pilot_leg import Scene, Surroundings
from scripts._amanat.pilot_money import PAISA, rupees
from scripts._amanat.pilot_payment import Due, Share
from scripts._amanat.pilot_stage import work_of
from scripts._amanat.plan import Call, Plan, Ref, Step
from scripts._amanat.pricing import Units
from scripts._amanat.sealed_bids import FOLDER
from scripts._amanat.terms import BillTerms, read_bill

DEALERS, SAVERS = 8, 60
PRICES: Final = tuple(map(Decimal, ("99.1720", "99.1650", "99.1590", "99.1530", "99.1480")))
"""What each dealer bids, as its bids 0 to 4."""
NEVER_SHOWN: Final = ((1, 4), (3, 0), (5, 2))
"""Dealer and number of the bids that nobody shows."""
DEFAULTS: Final = 7
"""The dealer that wins and brings no money."""
MILLION: Final = 1_000_000
LOT: Final = 5_000


class AuctionedBill(Instrument):
    """Market Treasury Bill of October 2025, of one month."""

    def __init__(self, around: Surroundings) -> None:
        self.terms: BillTerms = read_bill(around.cast.files.auctioned_bill, chain_date=None)
        super().__init__(around, self.terms.series)
        self.sheet: AuctionSheet = read_auction_sheet(self.cast.files.announcement)
        self.number = 0
        """Of the auction, once it is open."""
        self.bonds: Counter[str] = Counter()
        """Paisa that each bidder has bound."""

    def scenes(self) -> Iterable[Scene]:
        sheet = self.sheet
        day = self.terms.auction.date
        yield Scene(day, "An auction is opened, and bids are sealed", self.bidding)
        yield Scene(sheet.close, "The auction closes: bids are shown", self.showing)
        yield Scene(sheet.reveal_until, "The ministry accepts at a cut-off", self.decision)
        yield Scene(sheet.settle_from, "Accepted bids are settled; one cannot pay", self.settlement)
        yield Scene(sheet.settle_until, "A winner in default forfeits its bonds", self.default)
        yield Scene(self.terms.payment_date, "The auctioned bill is redeemed", self.redemption)

    # ---------------------------------------------------------------- who bids what

    @property
    def dealers(self) -> list[str]:
        """Those who bid with a price."""
        return self.cast.dealers[:DEALERS]

    @property
    def savers(self) -> list[str]:
        """Those who bid without one."""
        return self.cast.newcomers[:SAVERS]

    @cached_property
    def bids(self) -> list[Bid]:
        """In the order in which they are made."""
        sealed = [
            Bid(self.number, dealer, _millions(place, number) * MILLION, price, number)
            for place, dealer in enumerate(self.dealers)
            for number, price in enumerate(PRICES)
        ]
        opened = [
            Bid(self.number, saver, LOT * (1 + place * 37 % 200))
            for place, saver in enumerate(self.savers)
        ]
        return sealed + opened

    @cached_property
    def hidden(self) -> list[Bid]:
        """Those that are never shown."""
        lost = {(self.dealers[place], number) for place, number in NEVER_SHOWN}
        return [bid for bid in self.bids if bid.price and (bid.wallet, bid.number) in lost]

    @cached_property
    def awards(self) -> list[Award]:
        """Who gets what, by the library, of the bids that are shown."""
        shown = [
            allocation.Bid(f"{place}", bid.wallet, Units(bid.units), bid.price)
            for place, bid in enumerate(self.bids)
            if bid not in self.hidden
        ]
        cut_off = allocation.stop_out(shown, self._sale.rules)
        return list(allocation.allot(shown, self._sale.rules, cut_off).awards)

    def _bond(self, bid: Bid) -> int:
        """Paisa."""
        tranche = self.sheet.non_competitive
        assert tranche is not None
        if bid.price is not None:
            return int(self.sheet.bond * PAISA)
        return int(tranche.bond_per_lot * PAISA) * (bid.units // LOT)

    @property
    def _sale(self) -> Sale:
        return find_auction(self.stage.programme, self.number)

    @cached_property
    def _house(self) -> str:
        return self.stage.programme[HOUSE].address

    # ---------------------------------------------------------------- bidding

    def bidding(self) -> None:
        """The series is issued, the auction opened, and everybody bids."""
        files = self.cast.files
        self.command(issue.cli, terms=files.auctioned_bill)
        opening = self.command(
            open_auction.cli, series=self.series_name, announcement=files.announcement
        )
        self.number = opening.report["auction"]
        self.stage.note(f"{self.terms.name}: {self.sheet.target:,} on offer")
        for bid in self.bids:
            self.bonds[bid.wallet] += self._bond(bid)
        self._bring(
            {wallet: self.bonds[wallet] + self._cost_at_most(wallet) for wallet in self.bonds}
        )
        self.stage.do(self._consent())
        self.stage.finish(bid_all(self.bids))
        for wallet, paisa in self.bonds.items():
            self.ledger.pay(wallet, self._house, paisa)
        cash = self.stage.programme["PilotRupee"]
        held = cash.read("balanceOf", self._house)
        self.stage.check("bonds that are bound", self.bonds.total(), held)
        self.stage.note(
            f"{len(self.dealers)} dealers seal {len(self.dealers) * len(PRICES)} bids, "
            f"{len(self.savers)} savers bid without a price; bonds of {rupees(held)}"
        )
        hidden = [bid for bid in self._sale.bids if bid.units and bid.price is not None]
        self.stage.check("sealed bids that anybody can read", [], hidden)

    def _cost_at_most(self, wallet: str) -> int:
        """What its bids cost at par, beyond the bonds; nothing of the dealer that will not pay."""
        if wallet == self.dealers[DEFAULTS]:
            return 0
        units = sum(bid.units for bid in self.bids if bid.wallet == wallet)
        return units * PAISA - self.bonds[wallet]

    def _bring(self, wanted: Mapping[str, int]) -> None:
        self.stage.finish(pilot_money.bring(wanted))
        for account, paisa in wanted.items():
            self.ledger.bring(account, max(0, paisa - self.ledger.cash[account]))

    def _consent(self) -> Work:
        """What bidders allow the auctions, once; and the dealers' margins."""

        def plan(desk: Desk) -> Plan:
            cash, steps = self.stage.programme["PilotRupee"], []
            for wallet, bond in self.bonds.items():
                most = bond + self._cost_at_most(wallet)
                act = cash.approval(self._house, most)
                steps.append(Step("allow the auctions bond and payment", wallet, act))
                if wallet in self.dealers:
                    act = Call(Ref(HOUSE), HOUSE, "deposit(address,uint256)", (cash.address, bond))
                    steps.append(Step("deposit the bonds as margin", wallet, act))
            return Plan("margins", self.series_name, tuple(steps))

        return Work("margins", plan=plan)

    # ---------------------------------------------------------------- the close

    def showing(self) -> None:
        """Whoever still has its bid shows it."""
        for bid in self.hidden:
            name = f"auction-{self.number}-{bid.wallet}-{bid.number}.json"
            (self.stage.desk.record.folder / FOLDER / name).unlink()
        self.stage.finish(self._revealing())
        seen = {(b.bidder, b.price, b.units) for b in self._sale.bids if b.units}
        wanted = {(b.wallet, b.price, b.units) for b in self.bids if b not in self.hidden}
        self.stage.check("bids that everybody sees", wanted, seen)
        self.stage.note(f"{len(self.hidden)} bids are not shown by their dealers")

    def _revealing(self) -> Work:
        return work_of(reveal.cli, self.stage.desk, auction=self.number)

    def _closing(self) -> Work:
        return work_of(
            close_auction.cli,
            self.stage.desk,
            auction=self.number,
            document=self.cast.files.acceptance,
        )

    def decision(self) -> None:
        """At the price that places what is on offer; who is allotted nothing has its bond back."""
        self._close()
        sale = self._sale
        wanted = {int(award.bid.number): int(award.face) for award in self.awards}
        found = {bid.sequence: bid.allotted for bid in sale.bids if bid.allotted}
        self.stage.check("allotments, bid by bid, as the library has them", wanted, found)
        lost = sum(self._bond(bid) for bid in self.hidden)
        self.ledger.pay(self._house, self.treasury, lost)
        for place, bid in enumerate(self.bids):
            if place not in wanted and bid not in self.hidden:
                self.ledger.pay(self._house, bid.wallet, self._bond(bid))
        self.stage.note(
            f"{sum(wanted.values()):,} to {len(wanted)} bids, the dealers' down to "
            f"{min(award.price for award in self.awards)}; {rupees(lost)} of bonds forfeit"
        )
        self._prove_the_house()

    def settlement(self) -> None:
        """Each pays its own price, its bond included; nobody waits for who does not pay."""
        outcome = self._close()
        assert outcome.plan is not None
        in_default = self.dealers[DEFAULTS]
        self.stage.check(
            "who is asked to pay", [in_default], [each.who for each in outcome.plan.pending]
        )
        for award in self.awards:
            if award.bid.investor != in_default:
                self._settled(award)
        self.stage.check("supply after the settlement", self.book.issued, self.series.supply)
        self.stage.note(
            f"{self.book.issued:,} of face for {rupees(self.book.subscribed)}; "
            f"{self.cast.name(in_default)} brings nothing"
        )
        self.holders_are_exact()
        self._prove_the_house()

    def _settled(self, award: Award) -> None:
        bid = self.bids[int(award.bid.number)]
        cost, bond = pricing.payment_for(award.face, award.price), self._bond(bid)
        self.ledger.pay(self._house, self.treasury, bond)
        self.ledger.pay(bid.wallet, self.treasury, cost - bond)
        self.book.issue(bid.wallet, award.face)
        self.book.subscribed += cost

    def default(self) -> None:
        """Its time is over: the bonds are the state's."""
        self._close()
        in_default = self.dealers[DEFAULTS]
        lost = [a for a in self.awards if a.bid.investor == in_default]
        paisa = sum(self._bond(self.bids[int(award.bid.number)]) for award in lost)
        self.ledger.pay(self._house, self.treasury, paisa)
        self.stage.check_nothing_is_left(self._closing())
        self.stage.note(f"{len(lost)} bids of {self.cast.name(in_default)} forfeit {rupees(paisa)}")
        self._prove_the_house()

    def _close(self) -> Outcome:
        """One run; what it leaves waits for the next scene."""
        return self.stage.do(self._closing())

    def _prove_the_house(self) -> None:
        held = self.stage.programme["PilotRupee"].read("balanceOf", self._house)
        self.stage.check("bonds that are left", self.ledger.cash[self._house], held)

    # ---------------------------------------------------------------- the end

    def redemption(self) -> None:
        """At par."""
        due = Due(self, self._par).fix()
        self.bring_money(self.treasury, due.total)
        due.redeem()

    @property
    def _par(self) -> Share:
        """The discount to the price of the terms is income, whatever was paid."""
        units = 1_000_000
        discount = units - pricing.to_price_e4(self.terms.auction.cut_off_price)
        return Share(units, units * PAISA, discount * PAISA)

    def prove(self) -> None:
        """Nothing is left with the auctions."""
        self.stage.check("cash of the auctions", 0, self.ledger.cash[self._house])
        self.stage.note(
            f"the auctioned bill: face {rupees(self.book.issued * PAISA)}, "
            f"paid {rupees(self.book.subscribed)}"
        )


def _millions(place: int, number: int) -> int:
    """Of face, of the `number`th bid of a dealer."""
    return 10 + 2 * ((place * 5 + number * 3) % 7)
