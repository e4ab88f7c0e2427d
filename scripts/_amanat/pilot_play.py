"""The pilot, act by act: a three-month bill from its term sheet to its last rupee.

What moves is also written into a plain ledger, here, by hand; at the end the chain must read as the
ledger does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cached_property

import click

from scripts import allot, deploy, issue, register_investors
from scripts._amanat import orders, pauses, paying, pilot_money, recoveries, transfers
from scripts._amanat.command import Outcome, Work
from scripts._amanat.freezes import Freeze, freeze
from scripts._amanat.onchain import Series
from scripts._amanat.order_files import read_order
from scripts._amanat.payments import Payment
from scripts._amanat.pilot_cast import Cast, morning
from scripts._amanat.pilot_money import rupees
from scripts._amanat.pilot_stage import Stage, work_of

LITTLE = 50_000  # what a newcomer buys


class Play:
    """The story, its parts and its ledger."""

    def __init__(self, stage: Stage, cast: Cast) -> None:
        self.stage, self.cast, self.terms = stage, cast, cast.terms
        self.units: Counter[str] = Counter()
        """The ledger: smallest units by wallet."""
        self.minted: Counter[str] = Counter()
        """Paisa that came into circulation, by wallet."""
        self.free_transfers = 0

    def acts(self) -> Sequence[Callable[[], None]]:
        """Every act, in the order of the chain's clock."""
        return (
            self.deployment,
            self.registration,
            self.issue,
            self.allotment,
            self.locked_up,
            self.trading,
            self.newcomers,
            self.freezing,
            self.pausing,
            self.forced_transfer,
            self.lapsing,
            self.recovery,
            self.lapsed_holder,
            self.closing,
            self.redemption,
        )

    @cached_property
    def series_name(self) -> str:
        """How the commands are told which series."""
        return self.terms.series

    @property
    def series(self) -> Series:
        """The series as it stands now."""
        return self.stage.programme.find_series(self.series_name)

    @cached_property
    def _series(self) -> Series:
        return self.series

    # ---------------------------------------------------------------- from nothing to a live bill

    def deployment(self) -> None:
        """The contracts, and all power from the deployer to the programme's roles."""
        with self.stage.act("The programme is deployed"):
            outcome = self.stage.finish(work_of(deploy.cli, self.stage.desk))
            contracts = len(outcome.report["contracts"])
            self.stage.note(
                f"{contracts} contracts; every power is with its role, none with who deployed"
            )

    def registration(self) -> None:
        """Investors, attested in batches."""
        with self.stage.act("Investors are registered"):
            path = self.cast.files.investors
            outcome = self._command(register_investors.cli, investors=path)
            self.stage.note(
                f"{outcome.report['investors']} investors with {outcome.report['wallets']} wallets"
            )

    def issue(self) -> None:
        """One proposes the series, another opens it."""
        self.stage.until(morning(self.terms.auction.date))
        with self.stage.act("The series is issued from its term sheet"):
            self._command(issue.cli, terms=self.cast.files.bill)
            self.stage.note(f"{self.terms.name}, at {self.series.address}")

    def allotment(self) -> None:
        """Each bidder at its own price, against payment."""
        self.stage.until(morning(self.terms.issue_date))
        with self.stage.act("Settlement day: delivery against payment"):
            files, auction = self.cast.files, self.cast.auction
            self._command(
                allot.cli,
                terms=files.bill,
                auction=files.auction,
                investors=files.investors,
                fund_on_local_chain=True,
            )
            self.minted.update(self.cast.costs)
            self.stage.note(
                f"{len(self.cast.costs)} wallets bring {rupees(auction.payment)}, and allow "
                "the settlement to take what their bids cost"
            )
            self.units.update(self.cast.allotted)
            self.stage.note(
                f"{len(auction.allotments)} bids settled: {auction.face:,} of face, average price "
                f"{auction.weighted_average_price}"
            )
            self.stage.check("supply after the allotment", auction.face, self.series.supply)
            treasury = self.stage.desk.signers["treasury"].address
            cash = self.stage.programme["PilotRupee"]
            received = cash.read("balanceOf", treasury)
            self.stage.check("what the treasury received", auction.payment, received)
            self._holders_are_exact()

    # ---------------------------------------------------------------- trading

    def locked_up(self) -> None:
        """On the day of issue nothing moves yet."""
        with self.stage.act("The first day: the bill is locked up"):
            first, second = self.cast.largest[:2]
            self._refused("locked up", first, second, 5_000, 38, "LockedUp")

    def trading(self) -> None:
        """Investors trade freely, within the rules."""
        opening = self.terms.compliance.lock_up_until or self.terms.issue_date
        self.stage.until(morning(opening))
        with self.stage.act("Trading opens, within the rules"):
            self._large_trades()
            self._between_own_wallets()
            self._turned_away()
            self._holders_are_exact()

    def _large_trades(self) -> None:
        """One dealer sells everything to another, who then holds nearly as much as it may."""
        first, second, third = self.cast.largest[:3]
        self._transfer(second, first, self.units[second])
        self.stage.note(
            f"{self.cast.name(second)} sells all to {self.cast.name(first)}, who now holds "
            f"{self.units[first]:,}"
        )
        rest = (self.terms.compliance.maximum_holding or 0) - self.units[first] + 5_000
        self._refused("maximum holding", third, first, rest, 35, "MaximumHoldingExceeded")
        velocity = self.terms.compliance.velocity
        assert velocity is not None
        small = self.cast.bidder("pension_fund")
        self._refused("velocity", first, small, velocity.maximum + 5_000, 40, "VelocityExceeded")

    def newcomers(self) -> None:
        """Retail investors buy, until there are as many holders as there may be."""
        with self.stage.act("Retail investors buy, until the register is full"):
            dealer = self.cast.largest[2]
            places = (self.terms.compliance.maximum_holders or 0) - self.series.holders
            buyers, late = self.cast.newcomers[:places], self.cast.newcomers[places]
            for buyer in buyers:
                self._transfer(dealer, buyer, LITTLE)
            self.stage.note(f"{len(buyers)} investors buy {LITTLE:,} each")
            self._refused("too many holders", dealer, late, LITTLE, 36, "MaximumHoldersExceeded")
            self.stage.note(f"{self.free_transfers} transfers so far, each by its holder's own key")
            self._holders_are_exact()

    def _between_own_wallets(self) -> None:
        """One investor stays one holder."""
        wallet, other = self.cast.two_wallets
        before = self.series.holders
        self._transfer(wallet, other, self.units[wallet] // 2 // 5_000 * 5_000)
        self.stage.check("holders after a move between own wallets", before, self.series.holders)

    def _turned_away(self) -> None:
        """Whom and what the rules refuse."""
        dealer, cast = self.cast.largest[2], self.cast
        fund = cast.bidder("pension_fund")
        cannot_receive = "ERC7943CannotReceive"
        self._refused("unverified", dealer, cast.stranger, 5_000, 25, cannot_receive)
        foreigner, broker = cast.foreigner.main_wallet, cast.broker.main_wallet
        self._refused("country", dealer, foreigner, 5_000, 32, "JurisdictionNotAllowed")
        self._refused("class", dealer, broker, 5_000, 33, "InvestorClassNotAllowed")
        self._refused("lot", dealer, fund, 4_999, 34, "LotNotWhole")
        too_much = self.units[fund] + 5_000
        self._refused("more than held", fund, dealer, too_much, 6, "ERC20InsufficientBalance")

    # ---------------------------------------------------------------- freezing, pausing, lapsing

    def freezing(self) -> None:
        """A freeze is instant, a release waits."""
        self.stage.until(morning(date(2025, 10, 6)))
        with self.stage.act("A holding is frozen, and released"):
            fund, dealer = self.cast.bidder("pension_fund"), self.cast.largest[2]
            self.stage.finish(self._freeze(fund))
            self.stage.note(f"{self.cast.name(fund)} is frozen at once, as a whole")
            self._refused("sender frozen", fund, dealer, 5_000, 3, "ERC7943CannotSend")
            self._refused("recipient frozen", dealer, fund, 5_000, 4, "ERC7943CannotReceive")
            self.stage.finish(self._freeze(fund, release=True), done="and released after the delay")
            self._transfer(fund, dealer, 5_000)

    def pausing(self) -> None:
        """The regulator stops the series, and somebody else lets it go on."""
        self.stage.until(morning(date(2025, 10, 7)))
        with self.stage.act("The series is paused, and goes on"):
            first, second = self.cast.largest[0], self.cast.largest[2]
            self.stage.finish(pauses.pause(pauses.Pause(self.series_name), command="ape run pause"))
            self._refused("paused", first, second, 5_000, 1, "TokenPaused")
            release = pauses.Pause(self.series_name, release=True)
            self.stage.finish(
                pauses.pause(release, command=f"ape run pause {self.series_name} --release"),
                done="released after the delay, by the releaser",
            )

    def forced_transfer(self) -> None:
        """A court's order takes from a holding that is frozen in part."""
        order = read_order(self.cast.files.order)
        self.stage.until(morning(date(2025, 10, 9)))
        with self.stage.act("A court's order is executed"):
            debtor, creditor, amount = order.sender, order.recipient, order.amount
            frozen = 3_000_000
            self.stage.finish(self._freeze(debtor, frozen))
            self.stage.note(f"{frozen:,} of {self.cast.name(debtor)} are frozen")
            free = self.units[debtor] - frozen
            error = "ERC7943InsufficientUnfrozenBalance"
            self._refused("frozen in part", debtor, creditor, free + 5_000, 7, error)
            command = "ape run force_transfer scripts/_pilot/orders/decree-2025-017.yaml"
            self.stage.finish(
                orders.force_transfer(order, command=command),
                done=f"{amount:,} moved to {self.cast.name(creditor)}, once and for all",
            )
            self._move(debtor, creditor, amount)
            left = frozen - max(0, amount - free)
            found = self._series.token.read("getFrozenTokens", debtor)
            self.stage.check("frozen part that is left after the order", left, found)
            self.stage.finish(self._freeze(debtor, 0, release=True), done="the rest is released")
            self._holders_are_exact()

    def lapsing(self) -> None:
        """A verification ends by itself, at midnight."""
        newcomer = self.cast.lapsing
        self.stage.until(newcomer.lapses_at)
        with self.stage.act("A verification lapses"):
            dealer = self.cast.largest[2]
            wallet = newcomer.main_wallet
            self._refused("lapsed", dealer, wallet, 5_000, 26, "ERC7943CannotReceive")
            self.stage.note(
                f"{self.cast.name(wallet)} was verified until {newcomer.verified_until}"
            )

    def lapsed_holder(self) -> None:
        """Who lapsed keeps what it has, and may not send it."""
        holder = self.cast.lapsing_holder
        self.stage.until(holder.lapses_at)
        with self.stage.act("A holder's verification lapses"):
            dealer, wallet = self.cast.largest[2], holder.main_wallet
            self._refused("sender lapsed", wallet, dealer, 5_000, 18, "ERC7943CannotSend")
            self.stage.note("what it holds stays its own, and is paid at maturity")

    # ---------------------------------------------------------------- recovery

    def recovery(self) -> None:
        """A lost wallet, with a frozen part, is followed by a new one."""
        self.stage.until(morning(date(2025, 10, 20)))
        with self.stage.act("A lost wallet is recovered"):
            lost, successor = self.cast.bidder("professional"), self.cast.new_wallet
            frozen, amount = 1_000_000, self.units[lost]
            holders = self.series.holders
            self.stage.finish(self._freeze(lost, frozen))
            wish = recoveries.Recovery(
                lost, successor, orders.document_hash(self.cast.files.decision)
            )
            command = f"ape run recover_wallet {lost} --successor {successor} --document …"
            recovery = recoveries.recover(wish, command=command)
            self.stage.do(recovery)
            error = "ERC7943CannotSend"
            self._refused("wallet lost", lost, self.cast.largest[2], 5_000, 22, error)
            self.stage.finish(recovery, done=f"{amount:,} followed to {successor[:8]}…")
            self._move(lost, successor, amount)
            token = self._series.token
            self.stage.check(
                "frozen part of the successor", frozen, token.read("getFrozenTokens", successor)
            )
            self.stage.check("frozen part left behind", 0, token.read("getFrozenTokens", lost))
            self.stage.check("balance left behind", 0, token.read("balanceOf", lost))
            self.stage.check("holders after the recovery", holders, self.series.holders)
            self.stage.finish(self._freeze(successor, 0, release=True), done="its frozen part too")
            self._transfer(successor, self.cast.largest[2], 5_000)

    # ---------------------------------------------------------------- the end

    def closing(self) -> None:
        """Before maturity the register closes."""
        closing = self.terms.compliance.register_closing
        assert closing is not None
        self.stage.until(morning(closing.first - timedelta(days=1)))
        with self.stage.act("The register closes"):
            self.frozen_at_the_end = self.cast.bidder("retail")
            self.stage.finish(self._freeze(self.frozen_at_the_end))
            self.stage.note(f"{self.cast.name(self.frozen_at_the_end)} is under inquiry: frozen")
            self.stage.until(morning(closing.first))
            first, second = self.cast.largest[0], self.cast.largest[2]
            self._refused("register closed", first, second, 5_000, 39, "RegisterClosed")

    def redemption(self) -> None:
        """Paid at par, in pages; one holder is set aside, and paid after its release."""
        self.stage.until(morning(self.terms.payment_date))
        with self.stage.act("Maturity: the bill is redeemed at par"):
            first, second = self.cast.largest[0], self.cast.largest[2]
            self._refused("matured", first, second, 5_000, 8, "SeriesMatured")
            self._treasury_brings_the_discount()
            wish = Payment(self.series_name, page=20)
            work = paying.redeem(wish, command=f"ape run redeem {self.series_name}")
            outcome = self.stage.do(work)
            pages = sum(done.title.startswith("pay page") for done in outcome.done)
            self.stage.note(f"funded in full by the treasury, paid in {pages} pages")
            waiting = outcome.report["set_aside"]
            for each in waiting:
                self.stage.note(f"set aside: {self.cast.name(each['holder'])}: {each['reason']}")
            self.stage.check(
                "holders set aside",
                [self.frozen_at_the_end],
                [each["holder"] for each in waiting],
            )
            self.stage.check_nothing_is_left(work)
            self.stage.finish(self._freeze(self.frozen_at_the_end, release=True))
            final = self.stage.do(work)
            self.stage.check_nothing_is_left(work)
            self.stage.note("released after the delay, and paid by running `redeem` again")
            self.stage.check("status of the redemption", "completed", final.report["status"])

    def _treasury_brings_the_discount(self) -> None:
        """What investors paid lies with the treasury; the rest of par comes from the budget."""
        treasury = self.stage.desk.signers["treasury"].address
        par, paid = self.cast.auction.face * 100, self.cast.auction.payment
        self.stage.finish(pilot_money.bring({treasury: par}))
        self.minted[treasury] += par - paid
        self.stage.note(f"the budget brings the discount of {rupees(par - paid)}")

    # ---------------------------------------------------------------- in few words

    def _command(self, command: click.Command, **options: object) -> Outcome:
        return self.stage.finish(work_of(command, self.stage.desk, **options))

    def _transfer(self, sender: str, recipient: str, amount: int) -> None:
        self.free_transfers += 1
        # Two of a kind are two: the number is the reference.
        wish = transfers.Transfer(
            self.series_name, sender, recipient, amount, f"pilot {self.free_transfers}"
        )
        self.stage.do(transfers.transfer(wish))
        self._move(sender, recipient, amount)

    def _move(self, sender: str, recipient: str, amount: int) -> None:
        self.units[sender] -= amount
        self.units[recipient] += amount

    def _freeze(self, wallet: str, part: int | None = None, release: bool = False) -> Work:
        words = ["ape run freeze", self.series_name, wallet]
        words += [f"--part {part}"] * (part is not None) + ["--release"] * release
        return freeze(Freeze(self.series_name, wallet, part, release), command=" ".join(words))

    def _refused(
        self, topic: str, sender: str, recipient: str, amount: int, code: int, error: str
    ) -> None:
        tried = f"{amount:,} from {self.cast.name(sender)} to {self.cast.name(recipient)}"
        self.stage.refused(
            topic, tried, self._series, sender, recipient, amount, code=code, error=error
        )

    def _holders_are_exact(self) -> None:
        """Holders are investors, not wallets."""
        cast = self.cast
        holding = {
            cast.owner(wallet).reference if cast.is_listed(wallet) else wallet
            for wallet, units in self.units.items()
            if units
        }
        self.stage.check("holders, counted by the ledger", len(holding), self.series.holders)
