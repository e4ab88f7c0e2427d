"""One payment of a series in the pilot: what the commands do, and what the ledger makes of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal

from scripts._amanat import paying
from scripts._amanat.business_days import day_in_karachi
from scripts._amanat.command import Outcome, Work
from scripts._amanat.payments import Kind, Payment, distribution_kind
from scripts._amanat.pilot_instrument import Instrument
from scripts._amanat.pilot_money import PAISA, rupees

PAGE = 20  # holders in one transaction


@dataclass(frozen=True)
class Share:
    """What so many units are paid, in paisa; a holding is paid its part of it, floored."""

    units: int
    amount: int
    income: int
    """The part of the amount that is taxed."""


class Due:
    """What a series owes at one time to those who hold it at the record date."""

    def __init__(self, instrument: Instrument, share: Share, period: int | None = None) -> None:
        """`period` is counted from 0; None is the redemption."""
        self._of, self.share = instrument, share
        self.number = period or 0
        is_last = period is None
        self._kind = Kind.REDEMPTION if is_last else distribution_kind(instrument.first_seen)
        self._wish = Payment(instrument.series_name, period, page=PAGE)
        self.unpaid: dict[str, int] = {}
        """Units by holder of the record date who was not paid yet."""
        self.stands_in: dict[str, str] = {}
        """By lost wallet, the one that is paid in its place."""
        self._in = self._out = 0  # paisa

    @property
    def total(self) -> int:
        """What is still to be paid, before tax."""
        return sum(self._gross(units) for units in self.unpaid.values())

    @property
    def in_full(self) -> int:
        """What is to be funded for it, of which rounding leaves a little where holdings are odd."""
        return self._gross(sum(self.unpaid.values()))

    @property
    def words(self) -> str:
        """The options that name it on a command line."""
        return self._wish.words

    # ---------------------------------------------------------------- what is done

    def fix(self) -> Due:
        """At the record date: who holds now is who will be paid."""
        self.unpaid = dict(self._of.book.holding)
        return self

    def announce(self) -> Outcome:
        """The entitlement, to everyone who will hold."""
        command = self._words("announce_coupon")
        return self._of.stage.finish(paying.announce(self._wish, command=command))

    def fund(self, paisa: int | None = None) -> Outcome:
        """From the treasury: all of it, or until so much stands paid in."""
        amount = None if paisa is None else Decimal(paisa) / PAISA
        wish = replace(self._wish, amount=amount)
        outcome = self._of.stage.do(paying.fund(wish, command=self._words("fund")))
        self._funded(self.in_full if paisa is None else paisa)
        return outcome

    def wait(self, until: int) -> None:
        """Who pays before the day is told from when it can be done; nothing is sent."""
        outcome = self._of.stage.do(paying.pay(self._wish, command=self._words("pay")))
        assert outcome.plan is not None
        waits = [(len(outcome.done), each.from_when) for each in outcome.plan.pending]
        self._of.stage.check("the payment waits for its day", [(0, until)], waits)

    def miss(self) -> None:
        """It is due and not funded: whoever looks sees that, and nobody is paid."""
        stage = self._of.stage
        outcome = stage.do(paying.pay(self._wish, command=self._words("pay")))
        stage.check("status of the payment", "missed", outcome.report["status"])
        stage.note(f"due and not there: {rupees(outcome.report['missing'])}, marked as missed")

    def pay(self, waiting: Collection[str] = ()) -> Outcome:
        """Everyone but who must wait, who is set aside with a reason."""
        return self._settle(paying.pay(self._wish, command=self._words("pay")), waiting)

    def escheat(self) -> None:
        """What nobody could be paid in its time goes to the treasury, before tax."""
        of, command = self._of, f"{self._words('pay')} --escheat"
        outcome = of.stage.finish(paying.pay(self._wish, command=command, escheat=True))
        for holder, units in self.unpaid.items():
            gross = self._gross(units)
            of.ledger.pay(self._agent, of.treasury, gross)
            of.book.escheated += gross
            if self._kind is Kind.REDEMPTION:
                of.book.redeem(holder, units)
            of.stage.note(f"{rupees(gross)} of {of.cast.name(holder)} go to the treasury")
        self.unpaid.clear()
        of.stage.check("status of the payment", "completed", outcome.report["status"])

    def give_back(self) -> int:
        """What rounding left goes to the treasury, once everyone is paid; how much."""
        of, command = self._of, f"{self._words('pay')} --residual"
        of.stage.finish(paying.pay(self._wish, command=command, residual=True))
        left = self._in - self._out
        self._out += left
        of.ledger.pay(self._agent, of.treasury, left)
        of.book.residual += left
        return left

    def redeem(self, waiting: Collection[str] = ()) -> Outcome:
        """The same of a redemption, which announces and funds itself on the way."""
        command = f"ape run redeem {self._wish.series}"
        work = paying.redeem(self._wish, command=command)
        if not self._in:
            self._funded(self.in_full)
        return self._settle(work, waiting)

    def _settle(self, work: Work, waiting: Collection[str]) -> Outcome:
        stage = self._of.stage
        outcome = stage.do(work)
        found = outcome.report["set_aside"]
        for each in found:
            stage.note(f"set aside: {self._of.cast.name(each['holder'])}: {each['reason']}")
        stage.check("holders set aside", sorted(waiting), sorted(e["holder"] for e in found))
        stage.check_nothing_is_left(work)
        self._prove_the_record()
        withheld = self._of.book.tax
        for holder in [each for each in self.unpaid if each not in waiting]:
            self._paid(holder, self.unpaid.pop(holder))
        if withheld := self._of.book.tax - withheld:
            stage.note(f"withheld, and remitted to the tax authority: {rupees(withheld)}")
        stage.check("status of the payment", self._status(waiting), outcome.report["status"])
        return outcome

    def _prove_the_record(self) -> None:
        """Who held how much at the record date, as the ledger had it then."""
        stage, token = self._of.stage, self._of.first_seen.token
        held_at = token.read("obligation", int(self._kind), self.number).recordId
        asked = [token.query("balanceOfAt", holder, held_at) for holder in self.unpaid]
        found = dict(zip(self.unpaid, stage.programme.ask(asked), strict=True))
        stage.check("holdings at the record date, wallet by wallet", dict(self.unpaid), found)

    def _status(self, waiting: Collection[str]) -> str:
        return "funded" if waiting else "completed"

    def _words(self, command: str) -> str:
        return f"ape run {command} {self._wish.words}"

    # ---------------------------------------------------------------- the ledger's side

    @property
    def _agent(self) -> str:
        return self._of.stage.programme["PayingAgent"].address

    def _gross(self, units: int) -> int:
        return self.share.amount * units // self.share.units

    def _funded(self, stands: int) -> None:
        paisa, self._in = stands - self._in, stands
        self._of.ledger.pay(self._of.treasury, self._agent, paisa)
        self._of.stage.note(f"the treasury pays in {rupees(paisa)}")

    def _paid(self, holder: str, units: int) -> None:
        """The holder its net, the tax authority the rest; a redeemed unit is no more."""
        of, gross = self._of, self._gross(units)
        income = self.share.income * units // self.share.units
        today = day_in_karachi(of.stage.now)
        payee = self.stands_in.get(holder, holder)
        tax = of.taxation.tax(today, self._kind, payee, gross, income)
        of.ledger.pay(self._agent, payee, gross - tax)
        of.ledger.pay(self._agent, of.tax_authority, tax)
        self._out += gross
        of.book.gross += gross
        of.book.tax += tax
        of.book.net += gross - tax
        if self._kind is Kind.REDEMPTION:
            of.book.redeem(holder, units)
