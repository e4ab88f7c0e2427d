"""Coupons, rentals and redemptions: announced, funded, paid in pages, proved.

Each act does what the chain's clock allows and tells what is pending. A holder who cannot be paid
is set aside with the reason and stops nobody; a later run asks the chain whether that has changed,
pays whom it can, and sends nothing to those it still cannot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import Flag, auto
from functools import cached_property
from typing import Any

from scripts._amanat.artifacts import decode_error
from scripts._amanat.command import Desk, Work
from scripts._amanat.console import instant
from scripts._amanat.errors import InputRefused
from scripts._amanat.limits import reconciliation
from scripts._amanat.onchain import Programme
from scripts._amanat.payments import Kind, Ledger, Payment, Status, distribution_kind
from scripts._amanat.plan import Call, Pending, Plan, Step, digest
from scripts._amanat.proof import Check

AGENT = "paying_agent"
PAYING_AGENT = "PayingAgent"
ESCHEAT = "escheat(bytes32,address[])"
WITHDRAW = "withdrawResidual(bytes32)"


class Act(Flag):
    """What a command does of a payment's life."""

    ANNOUNCE = auto()
    FUND = auto()
    PAY = auto()
    ESCHEAT = auto()
    RESIDUAL = auto()


ALL = Act.ANNOUNCE | Act.FUND | Act.PAY


def announce(wish: Payment, *, command: str) -> Work:
    """Announce a payment in the time and by the record date of the series' own terms."""
    return _work("announce_coupon", wish, Act.ANNOUNCE, command)


def announce_next(series: str, *, command: str) -> Work:
    """The same of the distribution that is due next."""
    found: list[Payment] = []

    def wish(desk: Desk) -> Payment:
        if not found:
            found.append(Payment(series, next_period(desk, series)))
        return found[0]

    def of(desk: Desk) -> _Acting:
        return _Acting(desk, "announce_coupon", wish(desk), Act.ANNOUNCE, command)

    return Work(
        operation="announce_coupon",
        plan=lambda desk: of(desk).plan(),
        verify=lambda desk: of(desk).verify(),
        report=lambda desk: of(desk).report(),
    )


def fund(wish: Payment, *, command: str) -> Work:
    """Pay in what is missing, or up to an amount."""
    return _work("fund", wish, Act.FUND, command)


def pay(wish: Payment, *, command: str, escheat: bool = False, residual: bool = False) -> Work:
    """Pay the holders in pages; what was due and is not there is marked as missed.

    `escheat`: what holders could not be paid goes to the treasury, once its period has passed.
    `residual`: what rounding left goes there too, once everyone is paid.
    """
    acts = Act.PAY
    if escheat:
        acts |= Act.ESCHEAT
    if residual:
        acts |= Act.RESIDUAL
    return _work("pay", wish, acts, command)


def redeem(wish: Payment, *, command: str) -> Work:
    """As far towards the redemption as the chain's clock and the holders' standing allow."""
    return _work("redeem", replace(wish, period=None), ALL, command)


def next_period(desk: Desk, series: str) -> int:
    """Number of the distribution that is due next; InputRefused where none is to come."""
    found = Programme(desk.chain, desk.record).find_series(series)
    wanted = distribution_kind(found)
    upcoming = found.token.read("nextPayment")
    if upcoming.kind != wanted:
        raise InputRefused(
            f"{found.id} has no {wanted.name.lower()} to come; next is its redemption",
            what_to_do=f"Name an earlier one with --period, or run `ape run redeem {found.id}`.",
        )
    return int(upcoming.number)


def _work(operation: str, wish: Payment, acts: Act, command: str) -> Work:
    def of(desk: Desk) -> _Acting:
        return _Acting(desk, operation, wish, acts, command)

    return Work(
        operation=operation,
        wish=digest(wish),
        plan=lambda desk: of(desk).plan(),
        verify=lambda desk: of(desk).verify(),
        report=lambda desk: of(desk).report(),
        left=lambda desk: of(desk).left(),
    )


class _Acting:
    """One look at the chain, and what follows from it."""

    def __init__(self, desk: Desk, operation: str, wish: Payment, acts: Act, command: str) -> None:
        self._desk, self._operation, self._wish = desk, operation, wish
        self._acts, self._command = acts, command
        self._ledger = Ledger(desk, wish)

    # ---------------------------------------------------------------- the plan

    def plan(self) -> Plan:
        """Everything that the chain's clock allows; the rest is pending."""
        steps: list[Step] = []
        if Act.ANNOUNCE in self._acts:
            steps += self._announcement()
        else:
            self._require_announced()
        if Act.FUND in self._acts:
            steps += self._funding()
        if Act.PAY in self._acts:
            steps += self._paying()
        return Plan(
            self._operation, digest(self._wish), tuple(steps), tuple(self._notes()), self._pending()
        )

    def _announcement(self) -> Iterator[Step]:
        ledger = self._ledger
        if not ledger.is_announced:
            args = (ledger.series.address, int(ledger.kind), ledger.number, ledger.cash.address)
            signature = "announce(address,uint8,uint256,address)"
            yield self._step(
                f"announce {ledger.title}", signature, args, "record date and due time stand"
            )
        elif ledger.is_redated and not ledger.state.unitsPaid:
            title = f"read the dates of {ledger.title} anew"
            expects = f"it is paid from {instant(ledger.obligation.due)}"
            yield self._step(title, "redate(bytes32)", (ledger.id,), expects)

    def _funding(self) -> Iterator[Step]:
        """A redemption when the record date has fixed what is owed; a part where one is named."""
        ledger, wish = self._ledger, self._wish
        if self._waits_for_record_date or not (wanted := self._to_fund()):
            return
        funder = self._desk.signers[wish.funder].address
        self._require_money(funder, wanted)
        agent, cash = ledger.agent.address, ledger.cash
        if cash.read("allowance", funder, agent) < wanted:
            act = cash.approval(agent, wanted)
            yield Step("let the paying agent take the money", wish.funder, act, "")
        missing = ledger.missing - wanted
        title = f"fund {ledger.money(wanted)}" if missing else "fund in full"
        expects = f"{ledger.money(missing)} is missing" if missing else "nothing is missing"
        fund = Call(agent, PAYING_AGENT, "fund(bytes32,uint256)", (ledger.id, wanted))
        yield Step(title, wish.funder, fund, expects, key=f"from {ledger.state.funded}")

    def _paying(self) -> Iterator[Step]:
        ledger = self._ledger
        if ledger.now < ledger.due:
            return
        if ledger.missing and Act.FUND not in self._acts:
            if ledger.can_be_noted_missed:
                title = f"note that {ledger.title} is missed"
                signature, args = "markMissed(bytes32)", (ledger.id,)
                expects = f"{ledger.money(ledger.missing)} was due and is not there"
                yield self._step(title, signature, args, expects)
            return
        yield from self._pages()
        if ledger.kind is Kind.REDEMPTION and Act.FUND in self._acts:
            burns = bool(ledger.payable)
            yield from reconciliation(ledger.programme, ledger.series, AGENT, burns=burns)
        if Act.ESCHEAT in self._acts and ledger.set_aside and not self._escheats_from:
            holders = tuple(each.holder for each in ledger.set_aside)
            title = f"escheat what {len(holders)} holders could not be paid"
            expects = "it went to the treasury, before tax"
            yield self._step(title, ESCHEAT, (ledger.id, holders), expects)
        if tax := ledger.state.taxHeld + ledger.tax_to_come:
            title = f"remit the tax of {ledger.money(tax)}"
            yield self._step(title, "remitTax(bytes32)", (ledger.id,), "the tax authority has it")
        if self._leaves_residual:
            title = f"withdraw the {ledger.money(ledger.state.residual)} that rounding left"
            yield self._step(title, WITHDRAW, (ledger.id,), "the treasury has it")

    @property
    def _leaves_residual(self) -> bool:
        """Whether something is nobody's now, and is to go to the treasury."""
        ledger = self._ledger
        completed = ledger.status is Status.COMPLETED
        return Act.RESIDUAL in self._acts and completed and ledger.state.residual > 0

    @cached_property
    def _escheats_from(self) -> int:
        """The time from which what holders could not be paid escheats; 0 where that is now."""
        ledger = self._ledger
        holders = [each.holder for each in ledger.set_aside]
        query = ledger.agent.query("escheat", ledger.id, holders)
        call = {**query.request, "from": self._desk.signers[AGENT].address}
        if (revert := self._desk.chain.revert_of(call)) is None:
            return 0
        refusal = decode_error(revert.data)
        if refusal.name != "PaymentNotEscheatable":
            raise revert
        return int(refusal.arguments["from"])

    def _pages(self) -> Iterator[Step]:
        payable, size = self._ledger.payable, self._wish.page
        count = -(-len(payable) // size)
        for number in range(count):
            page = tuple(payable[number * size : (number + 1) * size])
            title = f"pay page {number + 1} of {count}: {len(page)} holders"
            args = (self._ledger.id, page)
            expects = "paid, or set aside with the reason"
            yield self._step(title, "pay(bytes32,address[])", args, expects)

    def _step(self, title: str, signature: str, args: tuple[Any, ...], expects: str) -> Step:
        act = Call(self._ledger.agent.address, PAYING_AGENT, signature, args)
        return Step(title, AGENT, act, expects)

    # ---------------------------------------------------------------- how much

    @property
    def _waits_for_record_date(self) -> bool:
        """A redemption is funded once it is known what is owed; a distribution at any time."""
        return self._ledger.kind is Kind.REDEMPTION and not self._ledger.record_has_passed

    def _to_fund(self) -> int:
        """What this run pays in: all that is missing, or what lacks of the amount named."""
        ledger, amount = self._ledger, self._wish.amount
        if amount is None:
            return ledger.missing
        wanted = ledger.smallest(amount)
        if wanted > ledger.state.funded + ledger.missing:
            raise InputRefused(
                f"amount: {amount:,} is more than {ledger.title} takes",
                what_to_do=f"At most {ledger.money(ledger.state.funded + ledger.missing)}; "
                "leave --amount out to fund in full.",
            )
        return max(0, wanted - int(ledger.state.funded))

    def _require_money(self, funder: str, wanted: int) -> None:
        ledger = self._ledger
        if (balance := ledger.cash.read("balanceOf", funder)) < wanted:
            raise InputRefused(
                f"{self._wish.funder} ({funder}) holds {balance:,} of the {wanted:,} that "
                f"{ledger.title} needs (smallest units of cash)",
                what_to_do="Bring the money to the funder and run the same command again.",
            )

    def _require_announced(self) -> None:
        if not self._ledger.is_announced:
            how = (
                f"redeem {self._wish.series}"
                if self._wish.period is None
                else f"announce_coupon {self._wish.words}"
            )
            raise InputRefused(
                f"{self._ledger.title} is not announced", what_to_do=f"Run `ape run {how}` first."
            )

    # ---------------------------------------------------------------- what is said of it

    def _notes(self) -> Iterator[str]:
        ledger = self._ledger
        yield (
            f"{ledger.title}: record date {instant(ledger.record_at)}, "
            f"paid from {instant(ledger.due)}{self._moved()}"
        )
        if ledger.kind is not Kind.REDEMPTION:
            yield from self._distribution_notes()
        for each in ledger.set_aside:
            yield f"{each.holder} is set aside, owed {each.gross:,}: {each.reason}"

    def _distribution_notes(self) -> Iterator[str]:
        ledger = self._ledger
        share = ledger.entitlement
        expected = "" if ledger.record_has_passed else ", as the supply stands now"
        yield (
            f"{ledger.money(share.amount)} for each {share.units:,} of face; "
            f"{ledger.money(ledger.total)} on {ledger.units:,} in all{expected}"
        )

    def _moved(self) -> str:
        """That the day of payment was moved off a holiday, and from where."""
        ledger = self._ledger
        if ledger.kind is Kind.REDEMPTION:
            return ""
        from scripts._amanat.business_days import day_in_karachi, from_epoch_day

        token, number = ledger.series.token, ledger.number
        if ledger.kind is Kind.REVENUE:
            ends = from_epoch_day(token.read("declaration", number).payDay)
        else:
            ends = from_epoch_day(token.read("period", number).end)
        paid = day_in_karachi(ledger.due)
        return "" if ends == paid else f": moved from {ends:%A %d-%b-%Y}, which is no business day"

    def left(self) -> tuple[Pending, ...]:
        """What this run could not do."""
        pending = self._pending()
        if self._leaves_residual:
            what = f"withdraw the {self._ledger.money(self._ledger.state.residual)} left"
            pending += (Pending(what, AGENT, None, self._command),)
        return pending

    def _pending(self) -> tuple[Pending, ...]:
        """What waits for its time, or for somebody else."""
        pending: list[Pending] = []
        if Act.FUND in self._acts and self._waits_for_record_date:
            when = self._ledger.record_at
            pending.append(Pending("fund in full", self._wish.funder, when, self._command))
        if Act.PAY in self._acts:
            pending += self._pending_payment()
        return tuple(pending)

    def _pending_payment(self) -> Iterator[Pending]:
        ledger = self._ledger
        if ledger.now < ledger.due:
            yield Pending("pay the holders", AGENT, ledger.due, self._command)
        if Act.FUND not in self._acts and ledger.missing:
            what = f"fund the {ledger.money(ledger.missing)} that is missing"
            yield Pending(what, self._wish.funder, None, f"ape run fund {self._wish.words}")
        if Act.ESCHEAT in self._acts and ledger.set_aside:
            if when := self._escheats_from:
                yield Pending("escheat what could not be paid", AGENT, when, self._command)
            return
        for each in ledger.set_aside:
            what = f"pay {each.holder} {each.gross:,}: {each.reason}"
            yield Pending(what, "who can lift the reason", None, self._command)

    # ---------------------------------------------------------------- the proof

    def verify(self) -> Sequence[Check]:
        """What each act promises; money in and out of the payment always adds up."""
        return [*self._kept(), *self._announced(), *self._funded(), *self._paid()]

    def _announced(self) -> Iterator[Check]:
        ledger = self._ledger
        yield Check(f"{ledger.title} is announced", True, ledger.is_announced)
        if ledger.is_announced:
            said = (ledger.obligation.recordAt, ledger.obligation.due)
            found = (ledger.state.recordAt, ledger.state.due)
            yield Check("record date and due time are the series' own", said, found)

    def _kept(self) -> Iterator[Check]:
        state = self._ledger.state
        kept = state.paid + state.taxHeld + state.reserved + state.residual
        gone = state.taxRemitted + state.withdrawn + state.escheated
        yield Check("money in = paid + tax + reserved + residual + gone", state.funded, kept + gone)

    def _funded(self) -> Iterator[Check]:
        if Act.FUND not in self._acts or self._waits_for_record_date:
            return
        ledger, amount = self._ledger, self._wish.amount
        if amount is None:
            yield Check("missing money", 0, ledger.missing)
        else:
            wanted = ledger.smallest(amount)
            yield Check("as much as was named is paid in", True, ledger.state.funded >= wanted)

    def _paid(self) -> Iterator[Check]:
        ledger = self._ledger
        if Act.PAY not in self._acts or ledger.now < ledger.due:
            return
        if ledger.missing:
            yield Check("missed, and noted so", False, ledger.can_be_noted_missed)
            return
        waiting = sum(each.gross for each in ledger.set_aside)
        rounding = ledger.state.reserved - waiting
        yield Check("holders not paid and not set aside", 0, len(ledger.payable))
        yield Check("tax that is held and not remitted", 0, ledger.state.taxHeld)
        yield Check("money is kept for those set aside", True, 0 <= rounding <= len(ledger.owed))
        if ledger.kind is Kind.REDEMPTION:
            outstanding = sum(each.units for each in ledger.owed.values())
            supply = ledger.series.supply
            yield Check("supply = what is owed to holders set aside", outstanding, supply)

    def report(self) -> Mapping[str, Any]:
        ledger = self._ledger
        state = ledger.state
        return {
            "series": ledger.series.id,
            "payment": "0x" + ledger.id.hex(),
            "kind": ledger.kind.name.lower(),
            "number": ledger.number,
            "status": ledger.status.name.lower(),
            "record_at": ledger.record_at,
            "due": ledger.due,
            "supply": ledger.series.supply,
            "total": ledger.total,
            "funded": state.funded,
            "missing": ledger.missing,
            "paid": state.paid,
            "tax": state.taxHeld + state.taxRemitted,
            "escheated": state.escheated,
            "reserved": state.reserved,
            "residual": state.residual,
            "withdrawn": state.withdrawn,
            "set_aside": [
                {"holder": each.holder, "gross": each.gross, "reason": each.reason}
                for each in ledger.set_aside
            ],
        }
