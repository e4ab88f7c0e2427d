"""A three-month bill, act by act, from its term sheet to its last rupee."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from scripts import allot, issue
from scripts._amanat import orders, pauses, pilot_money, pricing, recoveries
from scripts._amanat.order_files import read_order
from scripts._amanat.pilot_cast import morning
from scripts._amanat.pilot_instrument import Instrument
from scripts._amanat.pilot_leg import Scene, Surroundings
from scripts._amanat.pilot_money import PAISA, rupees
from scripts._amanat.pilot_payment import Due, Share
from scripts._amanat.pilot_trade import Trade

PRICE_SCALE = 10_000  # prices have four decimals
LITTLE = 50_000  # what a newcomer buys


class Bill(Instrument):
    """Market Treasury Bill of October 2025."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around, around.cast.terms.series)
        self.terms = self.cast.terms

    def scenes(self) -> Iterable[Scene]:
        terms, cast = self.terms, self.cast
        opening = terms.compliance.lock_up_until or terms.issue_date
        sale = "A secondary sale: delivery against payment, or neither"
        yield Scene(terms.auction.date, "The series is issued from its term sheet", self.issue)
        yield Scene(terms.issue_date, "Settlement day: delivery against payment", self.allotment)
        yield Scene(terms.issue_date, "The first day: the bill is locked up", self.locked_up)
        yield Scene(opening, "Trading opens, within the rules", self.trading)
        yield Scene(opening, "Retail investors buy, until the register is full", self.newcomers)
        yield Scene(date(2025, 10, 6), "A holding is frozen, and released", self.freezing)
        yield Scene(date(2025, 10, 7), "The series is paused, and goes on", self.pausing)
        yield Scene(date(2025, 10, 9), "A court's order is executed", self.forced_transfer)
        yield Scene(cast.lapsing.lapses_at, "A verification lapses", self.lapsing)
        yield Scene(date(2025, 10, 14), sale, self.secondary_sale)
        yield Scene(date(2025, 10, 20), "A lost wallet is recovered", self.recovery)
        lapse = cast.lapsing_holder.lapses_at
        yield Scene(lapse, "A holder's verification lapses", self.lapsed_holder)
        yield Scene(self._closing - timedelta(days=1), "The register closes", self.closing)
        yield Scene(terms.payment_date, "Maturity: the bill is redeemed at par", self.redemption)

    @property
    def _closing(self) -> date:
        """The first day on which nothing moves any more."""
        closing = self.terms.compliance.register_closing
        assert closing is not None
        return closing.first

    # ---------------------------------------------------------------- from a term sheet to holders

    def issue(self) -> None:
        """One proposes the series, another opens it."""
        self.command(issue.cli, terms=self.cast.files.bill)
        self.stage.note(f"{self.terms.name}, at {self.series.address}")

    def allotment(self) -> None:
        """Each bidder at its own price, against payment."""
        files, auction = self.cast.files, self.cast.auction
        self.command(
            allot.cli,
            terms=files.bill,
            auction=files.auction,
            investors=files.investors,
            fund_on_local_chain=True,
        )
        for wallet, cost in self.cast.costs.items():
            self.ledger.bring(wallet, cost)
            self.ledger.pay(wallet, self.treasury, cost)
            self.book.subscribed += cost
        self.stage.note(
            f"{len(self.cast.costs)} wallets bring {rupees(auction.payment)}, and allow "
            "the settlement to take what their bids cost"
        )
        for wallet, units in self.cast.allotted.items():
            self.book.issue(wallet, units)
        self.stage.note(
            f"{len(auction.allotments)} bids settled: {auction.face:,} of face, average price "
            f"{auction.weighted_average_price}"
        )
        self.stage.check("supply after the allotment", auction.face, self.series.supply)
        cash = self.stage.programme["PilotRupee"]
        received = cash.read("balanceOf", self.treasury)
        self.stage.check("what the treasury received", auction.payment, received)
        self.holders_are_exact()

    # ---------------------------------------------------------------- trading

    def locked_up(self) -> None:
        """On the day of issue nothing moves yet."""
        first, second = self.cast.largest[:2]
        self.refused("locked up", first, second, 5_000, 38, "LockedUp")

    def trading(self) -> None:
        """Investors trade freely, within the rules."""
        self._large_trades()
        self._between_own_wallets()
        self._turned_away()
        self.holders_are_exact()

    def _large_trades(self) -> None:
        """One dealer sells everything to another, who then holds nearly as much as it may."""
        first, second, third = self.cast.largest[:3]
        self.transfer(second, first, self.book.units[second])
        self.stage.note(
            f"{self.cast.name(second)} sells all to {self.cast.name(first)}, who now holds "
            f"{self.book.units[first]:,}"
        )
        rest = (self.terms.compliance.maximum_holding or 0) - self.book.units[first] + 5_000
        self.refused("maximum holding", third, first, rest, 35, "MaximumHoldingExceeded")
        velocity = self.terms.compliance.velocity
        assert velocity is not None
        small = self.cast.bidder("pension_fund")
        self.refused("velocity", first, small, velocity.maximum + 5_000, 40, "VelocityExceeded")

    def newcomers(self) -> None:
        """Retail investors buy, until there are as many holders as there may be."""
        dealer = self.cast.largest[2]
        places = (self.terms.compliance.maximum_holders or 0) - self.series.holders
        buyers, late = self.cast.newcomers[:places], self.cast.newcomers[places]
        for buyer in buyers:
            self.transfer(dealer, buyer, LITTLE)
        self.stage.note(f"{len(buyers)} investors buy {LITTLE:,} each")
        self.refused("too many holders", dealer, late, LITTLE, 36, "MaximumHoldersExceeded")
        self.stage.note(f"{self.transfers} transfers so far, each by its holder's own key")
        self.holders_are_exact()

    def _between_own_wallets(self) -> None:
        """One investor stays one holder."""
        wallet, other = self.cast.two_wallets
        before = self.series.holders
        self.transfer(wallet, other, self.book.units[wallet] // 2 // 5_000 * 5_000)
        self.stage.check("holders after a move between own wallets", before, self.series.holders)

    def _turned_away(self) -> None:
        """Whom and what the rules refuse."""
        dealer, cast = self.cast.largest[2], self.cast
        fund = cast.bidder("pension_fund")
        cannot_receive = "ERC7943CannotReceive"
        self.refused("unverified", dealer, cast.stranger, 5_000, 25, cannot_receive)
        foreigner, broker = cast.foreigner.main_wallet, cast.broker.main_wallet
        self.refused("country", dealer, foreigner, 5_000, 32, "JurisdictionNotAllowed")
        self.refused("class", dealer, broker, 5_000, 33, "InvestorClassNotAllowed")
        self.refused("lot", dealer, fund, 4_999, 34, "LotNotWhole")
        too_much = self.book.units[fund] + 5_000
        self.refused("more than held", fund, dealer, too_much, 6, "ERC20InsufficientBalance")

    # ---------------------------------------------------------------- freezing, pausing, lapsing

    def freezing(self) -> None:
        """A freeze is instant, a release waits."""
        fund, dealer = self.cast.bidder("pension_fund"), self.cast.largest[2]
        self.stage.finish(self.frozen(fund))
        self.stage.note(f"{self.cast.name(fund)} is frozen at once, as a whole")
        self.refused("sender frozen", fund, dealer, 5_000, 3, "ERC7943CannotSend")
        self.refused("recipient frozen", dealer, fund, 5_000, 4, "ERC7943CannotReceive")
        self.stage.finish(self.frozen(fund, release=True), done="and released after the delay")
        self.transfer(fund, dealer, 5_000)

    def pausing(self) -> None:
        """One desk stops the series, and somebody else lets it go on."""
        first, second = self.cast.largest[0], self.cast.largest[2]
        self.stage.finish(pauses.pause(pauses.Pause(self.series_name), command="ape run pause"))
        self.refused("paused", first, second, 5_000, 1, "TokenPaused")
        release = pauses.Pause(self.series_name, release=True)
        self.stage.finish(
            pauses.pause(release, command=f"ape run pause {self.series_name} --release"),
            done="released after the delay, by the releaser",
        )

    def forced_transfer(self) -> None:
        """A court's order takes from a holding that is frozen in part."""
        order = read_order(self.cast.files.order)
        debtor, creditor, amount = order.sender, order.recipient, order.amount
        frozen = 3_000_000
        self.stage.finish(self.frozen(debtor, frozen))
        self.stage.note(f"{frozen:,} of {self.cast.name(debtor)} are frozen")
        free = self.book.units[debtor] - frozen
        error = "ERC7943InsufficientUnfrozenBalance"
        self.refused("frozen in part", debtor, creditor, free + 5_000, 7, error)
        command = "ape run force_transfer scripts/_pilot/orders/decree-2025-017.yaml"
        self.stage.finish(
            orders.force_transfer(order, command=command),
            done=f"{amount:,} moved to {self.cast.name(creditor)}, once and for all",
        )
        self.book.move(debtor, creditor, amount)
        left = frozen - max(0, amount - free)
        found = self.first_seen.token.read("getFrozenTokens", debtor)
        self.stage.check("frozen part that is left after the order", left, found)
        self.stage.finish(self.frozen(debtor, 0, release=True), done="the rest is released")
        self.holders_are_exact()

    def secondary_sale(self) -> None:
        """Tokens against cash by two signed orders; and each leg by itself may be refused."""
        dealer, fund = self.cast.largest[2], self.cast.bidder("pension_fund")
        units, price = 10_000_000, 979_000_000
        self.bring_money(fund, price)
        with Trade(self, dealer, fund, units, price) as trade:
            trade.settle()
        foreigner = self.cast.foreigner.main_wallet
        self.bring_money(foreigner, price)
        with Trade(self, dealer, foreigner, units, price) as trade:
            error = "JurisdictionNotAllowed"
            trade.refused("sale, securities leg", "securities", 32, error)
        self.bring_money(fund, price)
        with Trade(self, dealer, fund, units, price) as trade:
            self.stage.finish(pilot_money.block(fund))
            self.stage.note(f"the issuer of the cash blocks {self.cast.name(fund)}")
            trade.refused("sale, cash leg", "cash", 0, "PilotRupeeBlocked")
        self.stage.finish(pilot_money.block(fund, release=True))

    def lapsing(self) -> None:
        """A verification ends by itself, at midnight."""
        newcomer = self.cast.lapsing
        dealer = self.cast.largest[2]
        wallet = newcomer.main_wallet
        self.refused("lapsed", dealer, wallet, 5_000, 26, "ERC7943CannotReceive")
        self.stage.note(f"{self.cast.name(wallet)} was verified until {newcomer.verified_until}")

    def lapsed_holder(self) -> None:
        """Who lapsed keeps what it has, and may not send it."""
        holder = self.cast.lapsing_holder
        dealer, wallet = self.cast.largest[2], holder.main_wallet
        self.refused("sender lapsed", wallet, dealer, 5_000, 18, "ERC7943CannotSend")
        self.stage.note("what it holds stays its own, and is paid at maturity")

    # ---------------------------------------------------------------- recovery

    def recovery(self) -> None:
        """A lost wallet, with a frozen part, is followed by a new one."""
        lost, successor = self.cast.bidder("professional"), self.cast.new_wallet
        frozen, amount = 1_000_000, self.book.units[lost]
        holders = self.series.holders
        self.stage.finish(self.frozen(lost, frozen))
        wish = recoveries.Recovery(lost, successor, orders.document_hash(self.cast.files.decision))
        command = f"ape run recover_wallet {lost} --successor {successor} --document …"
        recovery = recoveries.recover(wish, command=command)
        self.stage.do(recovery)
        error = "ERC7943CannotSend"
        self.refused("wallet lost", lost, self.cast.largest[2], 5_000, 22, error)
        self.stage.finish(recovery, done=f"{amount:,} followed to {successor[:8]}…")
        self.book.move(lost, successor, amount)
        self.cast.stands_in[successor] = lost
        token = self.first_seen.token
        self.stage.check(
            "frozen part of the successor", frozen, token.read("getFrozenTokens", successor)
        )
        self.stage.check("frozen part left behind", 0, token.read("getFrozenTokens", lost))
        self.stage.check("balance left behind", 0, token.read("balanceOf", lost))
        self.stage.check("holders after the recovery", holders, self.series.holders)
        self.stage.finish(self.frozen(successor, 0, release=True), done="its frozen part too")
        self.transfer(successor, self.cast.largest[2], 5_000)

    # ---------------------------------------------------------------- the end

    def closing(self) -> None:
        """Before maturity the register closes."""
        self.frozen_at_the_end = self.cast.bidder("retail")
        self.stage.finish(self.frozen(self.frozen_at_the_end))
        self.stage.note(f"{self.cast.name(self.frozen_at_the_end)} is under inquiry: frozen")
        self.stage.until(morning(self._closing))
        first, second = self.cast.largest[0], self.cast.largest[2]
        self.refused("register closed", first, second, 5_000, 39, "RegisterClosed")

    def redemption(self) -> None:
        """Paid at par, in pages; one holder is set aside, and paid after its release."""
        first, second = self.cast.largest[0], self.cast.largest[2]
        self.refused("matured", first, second, 5_000, 8, "SeriesMatured")
        due = Due(self, self._par).fix()
        self.bring_money(self.treasury, due.total)
        outcome = due.redeem(waiting=[self.frozen_at_the_end])
        pages = sum(done.title.startswith("pay page") for done in outcome.done)
        self.stage.note(f"funded in full, paid in {pages} pages")
        self.stage.finish(self.frozen(self.frozen_at_the_end, release=True))
        due.redeem()
        self.stage.note("released after the delay, and paid by running `redeem` again")

    @property
    def _par(self) -> Share:
        """On units on which a price of four decimals comes out whole; the discount is income."""
        units = 100 * PRICE_SCALE
        discount = units - pricing.to_price_e4(self.terms.auction.cut_off_price)
        return Share(units, units * PAISA, discount * PAISA)

    def prove(self) -> None:
        """What it cost: bid by bid from the auction's file, and by what went in and out."""
        allotments, book = self.cast.auction.allotments, self.book
        by_bid = sum(a.face * PAISA - pricing.payment_for(a.face, a.price) for a in allotments)
        self.stage.check("discount of the bill, bid by bid", by_bid, book.gross - book.subscribed)
        face = rupees(book.issued * PAISA)
        self.stage.note(
            f"the bill: face {face}, paid {rupees(book.subscribed)}, discount {rupees(by_bid)}"
        )
