"""Changing the rules of a series that stands: what the file says and the chain does not yet.

The rules are replaced as a whole, as the term sheet stated them; the list of countries is changed
by those that are missing or too many. Both wait for the compliance officer's delay: the same
command after the delay executes them. Holders are counted only while a rule limits them, so where
that rule is switched on over a living register, every holder is counted then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from scripts._amanat import bill_arguments
from scripts._amanat.business_days import from_epoch_day
from scripts._amanat.command import Desk, Work
from scripts._amanat.delayed import Prepared, prepare
from scripts._amanat.errors import InputRefused
from scripts._amanat.onchain import Programme
from scripts._amanat.orders import document_hash
from scripts._amanat.plan import Call, Plan, Ref, Step, digest
from scripts._amanat.proof import Check
from scripts._amanat.terms import ComplianceTerms, SeriesRules, rule_faults
from scripts._amanat.yaml_files import StrictModel, read_model

OPERATION = "rules"
OFFICER = "compliance_officer"
ANYONE = "registrar"
PAGE = 100  # accounts counted in one transaction

_CONFIGURE = (
    "configure(address,(uint112,uint112,uint64,uint32,uint112,uint32,uint64,uint40,"
    "uint40,uint40,bool,bool,bool,uint72))"
)
_LIST = "setJurisdictions(address,uint16[],bool)"
_RECOUNT = "recount(address[])"


class RulesFile(StrictModel):
    """The rules of one series; a rule that is left out is off."""

    compliance: SeriesRules


def change_rules(series: str, path: Path, *, command: str) -> Work:
    """Put the rules of the file at `path` in force on the series."""
    stated = read_model(path, RulesFile).compliance

    def act(desk: Desk) -> _Act:
        return _Act(desk, series, path, stated, command)

    return Work(
        operation=OPERATION,
        wish=digest((series, document_hash(path))),
        plan=lambda desk: act(desk).plan(),
        verify=lambda desk: act(desk).verify(),
        left=lambda desk: act(desk).plan().pending,
        inputs=(path,),
    )


class _Act:
    """One look at the chain, and what follows from it."""

    def __init__(
        self, desk: Desk, series: str, path: Path, stated: ComplianceTerms, command: str
    ) -> None:
        self._desk, self._path, self._stated, self._command = desk, path, stated, command
        self._programme = Programme(desk.chain, desk.record)
        self._series = self._programme.find_series(series)

    def plan(self) -> Plan:
        """What is missing, delayed acts first; the count of holders once its rule is in force."""
        self._require_fit()
        found = Prepared()
        for step in (*self._configuring(), *self._listing()):
            found += prepare(self._desk, step, command=self._command)
        steps = found.steps if found.pending else (*found.steps, *self._counting())
        wish = digest((self._series.address, self._rules, self._countries))
        return Plan(OPERATION, wish, steps, self._notes, found.pending)

    def verify(self) -> Sequence[Check]:
        """The rules read back; nothing while they are only scheduled."""
        if self.plan().pending:
            return []
        return [
            *(
                Check(f"rules: {field}", value, self._found[field])
                for field, value in self._rules.items()
            ),
            Check("rules: countries", self._countries, sorted(self._listed)),
            *(
                [Check("holders counted", len(self._investors), self._series.counted)]
                if self._rules["maximumHolders"]
                else []
            ),
        ]

    # ---------------------------------------------------------------- what is missing

    def _configuring(self) -> Iterator[Step]:
        if self._rules == self._found:
            return
        changed = [field for field, value in self._rules.items() if value != self._found[field]]
        yield self._step(
            f"set the rules of {self._series.id}: {', '.join(changed)}",
            _CONFIGURE,
            (self._series.address, self._rules),
            "these rules judge from then on",
        )

    def _listing(self) -> Iterator[Step]:
        wanted, listed = set(self._countries), set(self._listed)
        for title, changed, allowed in (
            ("admit", wanted - listed, True),
            ("no longer admit", listed - wanted, False),
        ):
            if changed:
                yield self._step(
                    f"{title} {len(changed)} countries",
                    _LIST,
                    (self._series.address, sorted(changed), allowed),
                    "as recipients; who holds already keeps what it holds",
                )

    def _counting(self) -> Iterator[Step]:
        """Needed where the rule was off: what moved meanwhile was not counted."""
        if not self._rules["maximumHolders"] or self._series.counted == len(self._investors):
            return
        token = self._series.token
        for at in range(0, len(self._holders), PAGE):
            page = self._holders[at : at + PAGE]
            call = Call(token.address, token.artifact, _RECOUNT, (page,))
            yield Step(f"count {len(page)} accounts", ANYONE, call, "as holders, by investor")

    def _step(self, title: str, signature: str, args: tuple[Any, ...], expects: str) -> Step:
        return Step(title, OFFICER, Call(Ref("RuleBook"), "RuleBook", signature, args), expects)

    # ---------------------------------------------------------------- what stands

    @cached_property
    def _rules(self) -> dict[str, Any]:
        return bill_arguments.rules(self._stated)

    @cached_property
    def _countries(self) -> list[int]:
        return sorted(bill_arguments.countries(self._stated))

    @cached_property
    def _found(self) -> dict[str, Any]:
        found: dict[str, Any] = self._programme.rules(self._series)._asdict()
        return found

    @cached_property
    def _listed(self) -> list[int]:
        return self._programme.countries(self._series)

    @cached_property
    def _holders(self) -> list[str]:
        token = self._series.token
        balances = self._programme.balances(token, self._programme.accounts(token))
        return [account for account, balance in balances.items() if balance]

    @cached_property
    def _investors(self) -> set[str]:
        return {record.investor for record in self._programme.records(self._holders).values()}

    @property
    def _notes(self) -> tuple[str, ...]:
        """Who is beyond a new limit already: a rule judges what moves, and takes nothing back."""
        cap, most = self._rules["supplyCap"], self._rules["maximumHolders"]
        notes = []
        if cap and self._series.supply > cap:
            notes.append(f"{self._series.supply:,} exist, more than the cap of {cap:,}")
        if most and len(self._investors) > most:
            notes.append(f"{len(self._investors)} investors hold it, more than {most}")
        return tuple(notes)

    def _require_fit(self) -> None:
        """The rules against the series' own terms."""
        terms = _common(self._programme.terms(self._series))
        known = {
            "denomination": getattr(terms, "denomination", None),
            "maximum_issue": terms.maximumIssue,
            "stated_maturity": terms.statedMaturity and from_epoch_day(terms.statedMaturity),
        }
        faults = list(rule_faults(self._stated, known))
        if faults:
            raise InputRefused(
                "\n".join(
                    f"{self._path}: compliance.{key}: {wrong}; right: {right}"
                    for key, wrong, right in faults
                )
            )


def _common(terms: Any) -> Any:
    """What the terms of every class begin with."""
    return getattr(terms, "periodic", terms)
