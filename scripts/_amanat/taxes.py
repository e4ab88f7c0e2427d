"""Publishing withholding rates and certificates: what the table says and the chain does not yet.

A rate is never dated back. One that begins later takes the place of whatever was to begin later
for the same taxpayers. Who is certified is named by a wallet; the chain keeps it by investor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from scripts._amanat.command import Desk, Work
from scripts._amanat.console import instant
from scripts._amanat.delayed import Prepared, prepare
from scripts._amanat.errors import InputRefused
from scripts._amanat.onchain import NOBODY, Contract, Programme
from scripts._amanat.payments import Kind
from scripts._amanat.plan import Call, Plan, Step, digest
from scripts._amanat.proof import Check

OPERATION = "set_tax"
TAX_AGENT = "tax_agent"
TAX = "WithholdingTax"
PAGE = 40  # rates in one transaction

_SET_RATES = "setRates(((uint8,uint8,bool),uint24,bool,uint40)[])"
_GRANT = "grantCertificate(uint8,address,uint24,uint40,bytes32)"
_REVOKE = "revokeCertificate(uint8,address)"


@dataclass(frozen=True)
class Taxpayers:
    """Whom a rate is for; class 0 is every class without a rate of its own."""

    kind: Kind
    investor_class: int
    resident: bool


@dataclass(frozen=True)
class Rate:
    """Millionths of what is income; `since` is Unix seconds, 0 for at once."""

    who: Taxpayers
    rate: int
    reducible: bool
    since: int = 0

    @property
    def row(self) -> tuple[Any, ...]:
        """As the contract takes it."""
        who = self.who
        key = (int(who.kind), who.investor_class, who.resident)
        return (key, self.rate, self.reducible, self.since)


@dataclass(frozen=True)
class Certificate:
    """Taxed at most at `rate` millionths before `until`, Unix seconds."""

    kind: Kind
    wallet: str
    rate: int
    until: int
    evidence: bytes


@dataclass(frozen=True)
class TaxTable:
    """Everything that one file asks for."""

    rates: tuple[Rate, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    revoked: tuple[tuple[Kind, str], ...] = ()


def set_tax(table: TaxTable, path: Path, *, command: str) -> Work:
    """Publish what is missing; the same table again plans nothing."""
    return Work(
        operation=OPERATION,
        wish=digest(table),
        plan=lambda desk: _Act(desk, table, command).plan(),
        verify=lambda desk: _Act(desk, table, command).verify(),
        report=lambda desk: _Act(desk, table, command).report(),
        left=lambda desk: _Act(desk, table, command).plan().pending,
        inputs=(path,),
    )


class _Act:
    """One look at the chain, and what follows from it."""

    def __init__(self, desk: Desk, table: TaxTable, command: str) -> None:
        self._desk, self._table, self._command = desk, table, command
        self._programme = Programme(desk.chain, desk.record)
        self._now = desk.chain.now()

    @property
    def _tax(self) -> Contract:
        return self._programme[TAX]

    # ---------------------------------------------------------------- what stands

    @cached_property
    def _missing_rates(self) -> tuple[Rate, ...]:
        queries = [self._tax.query("rateRow", rate.row[0]) for rate in self._table.rates]
        rows = self._programme.ask(queries)
        pairs = zip(self._table.rates, rows, strict=True)
        return tuple(rate for rate, row in pairs if not self._stands(rate, row))

    def _stands(self, rate: Rate, row: Any) -> bool:
        if rate.since > self._now:
            if (row.nextRate, row.nextFrom) != (rate.rate, rate.since):
                return False
            return self._announced_as(rate)
        return bool(row.isSet and (row.rate, row.reducible) == (rate.rate, rate.reducible))

    def _announced_as(self, rate: Rate) -> bool:
        """Whether the rate to come was last announced as reducible as the table says."""
        found = [
            event["reducible"]
            for event in self._events
            if (event["kind"], event["class"], event["resident"]) == rate.row[0]
            and event["from"] == rate.since
        ]
        return bool(found) and found[-1] == rate.reducible

    @cached_property
    def _events(self) -> list[Mapping[str, Any]]:
        return [event.arguments for event in self._programme.events(TAX, "TaxRateSet")]

    @cached_property
    def _investors(self) -> dict[str, str]:
        """The investor behind each wallet that the table names."""
        wallets = [each.wallet for each in self._table.certificates]
        wallets += [wallet for _, wallet in self._table.revoked]
        records = self._programme.records(dict.fromkeys(wallets))
        if unknown := [wallet for wallet, record in records.items() if record.investor == NOBODY]:
            raise InputRefused(
                "certificates name wallets that no investor is registered with", unknown
            )
        return {wallet: record.investor for wallet, record in records.items()}

    @cached_property
    def _missing_certificates(self) -> tuple[Certificate, ...]:
        listed = self._table.certificates
        rows = self._certified([(each.kind, each.wallet) for each in listed])
        return tuple(
            each
            for each, row in zip(listed, rows, strict=True)
            if (row.rate, row.until) != (each.rate, each.until)
        )

    @cached_property
    def _missing_revocations(self) -> tuple[tuple[Kind, str], ...]:
        rows = self._certified(self._table.revoked)
        return tuple(each for each, row in zip(self._table.revoked, rows, strict=True) if row.until)

    def _certified(self, named: Sequence[tuple[Kind, str]]) -> list[Any]:
        return self._programme.ask(
            [
                self._tax.query("certificateOf", int(kind), self._investors[wallet])
                for kind, wallet in named
            ]
        )

    # ---------------------------------------------------------------- the plan

    def plan(self) -> Plan:
        """What the table says and the chain does not; refused where it is dated back."""
        self._refuse_what_has_passed()
        prepared = Prepared()
        for step in self._steps():
            prepared += prepare(self._desk, step, command=self._command)
        count = len(self._table.rates) + len(self._table.certificates) + len(self._table.revoked)
        left = len(self._missing_rates) + len(self._missing_certificates)
        left += len(self._missing_revocations)
        notes = (f"{count - left} of {count} rows stand already", *self._rate_notes())
        return Plan(OPERATION, digest(self._table), prepared.steps, notes, prepared.pending)

    def _rate_notes(self) -> Iterator[str]:
        for rate in self._missing_rates:
            who, since = rate.who, instant(rate.since) if rate.since else "now"
            yield (
                f"{who.kind.name.lower()}, class {who.investor_class or 'any'}, "
                f"{'resident' if who.resident else 'non-resident'}: {rate.rate / 10_000:g} % "
                f"from {since}{', reducible' if rate.reducible else ''}"
            )

    def _steps(self) -> Iterator[Step]:
        rates = self._missing_rates
        for start in range(0, len(rates), PAGE):
            page = rates[start : start + PAGE]
            args = ([rate.row for rate in page],)
            yield self._step(f"set {len(page)} rates", _SET_RATES, args)
        for each in self._missing_certificates:
            investor = self._investors[each.wallet]
            args_ = (int(each.kind), investor, each.rate, each.until, each.evidence)
            title = f"certificate of {each.wallet} for its {each.kind.name.lower()}s"
            yield self._step(title, _GRANT, args_)
        for kind, wallet in self._missing_revocations:
            title = f"revoke the certificate of {wallet} for its {kind.name.lower()}s"
            yield self._step(title, _REVOKE, (int(kind), self._investors[wallet]))

    def _step(self, title: str, signature: str, args: tuple[Any, ...]) -> Step:
        return Step(title, TAX_AGENT, Call(self._tax.address, TAX, signature, args), "it stands")

    def _refuse_what_has_passed(self) -> None:
        """Both kinds of faults together: a rate cannot be dated back, nor a certificate."""
        faults = [
            f"rates: {rate.who.kind.name.lower()}, class {rate.who.investor_class}: "
            f"{instant(rate.since)} has passed; right: a later day, or no `from`"
            for rate in self._missing_rates
            if 0 < rate.since <= self._now
        ]
        faults += [
            f"certificates: {each.wallet}: ended {instant(each.until)}; right: a later day"
            for each in self._missing_certificates
            if each.until <= self._now
        ]
        if faults:
            raise InputRefused("the table is dated back", faults)

    # ---------------------------------------------------------------- the proof

    def verify(self) -> Sequence[Check]:
        """Every row read back, but for those that wait."""
        if self.plan().pending:
            return []
        return [
            Check("rates that do not stand", 0, len(self._missing_rates)),
            Check("certificates that do not stand", 0, len(self._missing_certificates)),
            Check("certificates still to be revoked", 0, len(self._missing_revocations)),
        ]

    def report(self) -> Mapping[str, Any]:
        """How much of the table there is."""
        table = self._table
        return {
            "rates": len(table.rates),
            "certificates": len(table.certificates),
            "revoked": len(table.revoked),
        }
