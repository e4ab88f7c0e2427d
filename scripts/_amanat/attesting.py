"""A reserve is attested: custodian and auditor sign one statement, and anyone brings it.

Each keeper signs where its key is, into a file if that is another machine than the one that sends.
The statement is the whole truth of what is in store, so that to attest again is to restate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from scripts._amanat.command import Desk, Work
from scripts._amanat.console import instant
from scripts._amanat.errors import AmanatError, InputRefused
from scripts._amanat.lots import ATTESTATION, Attestation, Lot, Measure, content_down
from scripts._amanat.onchain import NOBODY
from scripts._amanat.plan import Call, Pending, Plan, Step, digest
from scripts._amanat.proof import Check
from scripts._amanat.quantities import shown, smallest
from scripts._amanat.reading import Unreadable
from scripts._amanat.reserve_files import KeeperSignature, LotEntry, Statement, read_signature
from scripts._amanat.reserves import (
    AUDITOR,
    CUSTODIAN,
    FISCAL_AGENT,
    REGISTER,
    Reserve,
    lot_id_of,
    signs,
)

OPERATION, SIGNING = "attest_reserve", "sign_attestation"
ATTEST = f"attest({ATTESTATION},bytes,bytes)"
KEEPERS = (CUSTODIAN, AUDITOR)


def attest(statement: Statement, signatures: Sequence[Path]) -> Work:
    """Bring a statement to the register once; the same statement again plans nothing."""
    given = [read_signature(path) for path in signatures]
    return Work(
        operation=OPERATION,
        wish=digest(statement.content.model_dump(mode="json")),
        plan=lambda desk: _Attesting(desk, statement, given).plan(),
        verify=lambda desk: _Attesting(desk, statement, given).verify(),
        report=lambda desk: _Attesting(desk, statement, given).report(),
        inputs=(statement.path, *signatures),
    )


def sign(statement: Statement, role: str, out: Path) -> Work:
    """Sign a statement as the one or the other keeper, into a file; sends nothing."""
    return Work(
        operation=SIGNING,
        wish=digest((statement.content.model_dump(mode="json"), role)),
        plan=lambda desk: _Attesting(desk, statement, ()).plan_signing(role, out),
        report=lambda desk: _Attesting(desk, statement, ()).signed(role, out),
        inputs=(statement.path,),
    )


class _Attesting:
    """One look at the chain, and what follows from it."""

    def __init__(self, desk: Desk, statement: Statement, given: Sequence[KeeperSignature]) -> None:
        self._desk, self._statement, self._given = desk, statement, given
        self._content = statement.content
        self._reserve = Reserve(desk, self._content.series)

    # ---------------------------------------------------------------- the record

    @cached_property
    def lots(self) -> tuple[Lot, ...]:
        """The lots as they are signed; InputRefused with everything that the terms forbid."""
        faults = [fault for entry in self._content.lots for fault in self._faults_of(entry)]
        if faults:
            raise InputRefused(f"{self._statement.path}: the statement is not sound", faults)
        made = (self._lot(entry) for entry in self._content.lots)
        return tuple(sorted(made, key=lambda lot: lot.lot_id))

    def _lot(self, entry: LotEntry) -> Lot:
        places = self._reserve.precision
        return Lot(
            lot_id_of(entry.id),
            smallest(entry.gross, places),
            entry.quality,
            smallest(entry.net, places),
            lot_id_of(entry.vault),
            self._statement.hash_of(entry.serials),
            self._statement.hash_of(entry.assay),
            entry.insured_to,
        )

    def _faults_of(self, entry: LotEntry) -> Iterator[str]:
        terms, where = self._reserve.terms, f"lot {entry.id}"
        if not terms.minimumQuality <= entry.quality <= terms.maximumQuality:
            right = " to ".join(map(_in_ones, (terms.minimumQuality, terms.maximumQuality)))
            yield f"{where}, quality: {_in_ones(entry.quality)} is off grade; right: {right}"
        try:
            gross, net = (smallest(q, terms.decimals) for q in (entry.gross, entry.net))
        except Unreadable as error:
            yield f"{where}: a quantity {error.wrong}; right: {error.right}"
            return
        holds = content_down(gross, entry.quality)
        if terms.measure == Measure.CONTENT and net != holds:
            right = shown(holds, terms.decimals)
            yield f"{where}, net: {entry.net} is not gross times quality; right: {right}"
        if terms.measure == Measure.GRADE and net > gross:
            yield f"{where}, net: {entry.net} is more than the gross; right: {entry.gross} or less"

    @cached_property
    def record(self) -> Attestation:
        """What is signed now: next in the register's sequence."""
        series = self._reserve.series.address
        sequence = self._reserve.register.read("sequenceOf", series) + 1
        document = self._statement.hash_of(self._content.document)
        return Attestation(series, sequence, self._content.as_of, document, self.lots)

    @cached_property
    def _standing(self) -> Mapping[str, Any] | None:
        """The same statement, where it was attested already, as its event tells it."""
        wanted = self.record
        lots = [lot.values for lot in wanted.lots]
        for event in self._reserve.programme.events(REGISTER, "ReserveAttested"):
            told = event.arguments
            head = (told["token"], told["asOf"], told["document"])
            same = head == (wanted.token, wanted.as_of, wanted.document)
            if same and [tuple(lot) for lot in told["lots"]] == lots:
                return dict(told)
        return None

    # ---------------------------------------------------------------- the plan

    def plan(self) -> Plan:
        """The attestation, where both keepers have signed it; else whose signature lacks."""
        wish = digest(self.record.values[2:])
        if self._standing:
            note = f"attested already, as number {self._standing['sequence']}"
            return Plan(OPERATION, wish, notes=(note,))
        self._refuse_wrong_times()
        found = {role: self._signature(role) for role in KEEPERS}
        pending = tuple(self._lacking(role) for role, each in found.items() if each is None)
        steps = () if pending else (self._step(found),)
        return Plan(OPERATION, wish, steps, tuple(self._notes()), pending)

    def _step(self, found: Mapping[str, bytes | None]) -> Step:
        call = Call(
            self._reserve.register.address,
            REGISTER,
            ATTEST,
            (self.record.values, found[CUSTODIAN], found[AUDITOR]),
        )
        net = self._reserve.shown(sum(lot.net for lot in self.lots))
        title = f"attest {len(self.lots)} lots of {net}"
        return Step(title, self._bearer, call, "mints are judged by it")

    @property
    def _bearer(self) -> str:
        """Whose key brings it, which gives it no weight: a keeper's, if it is here."""
        here = [role for role in KEEPERS if self._reserve.signs_for(role)]
        return here[0] if here else FISCAL_AGENT

    def _signature(self, role: str) -> bytes | None:
        keeper, chain_id = self._reserve.keepers.of(role), self._desk.chain.chain_id
        place = self._reserve.register.address
        for each in self._given:
            if each.keeper == keeper:
                stated = (each.chain_id, each.contract, each.digest)
                if stated != (chain_id, place, self._digest):
                    raise InputRefused(
                        f"the signature of {keeper} is of another statement, chain or turn",
                        what_to_do="Have it signed anew: something was attested or delivered.",
                    )
                return each.signature
        if not signs(self._desk, role, keeper):
            return None
        return self._desk.signers[role].sign_message(self.record.signable(chain_id, place))

    @cached_property
    def _digest(self) -> bytes:
        register = self._reserve.register
        found = self.record.digest(self._desk.chain.chain_id, register.address)
        if found != register.read("attestationDigest", self.record.values):
            raise AmanatError("the contract reads another statement than the one to be signed")
        return found

    def _lacking(self, role: str) -> Pending:
        path = self._statement.path
        command = f"ape run attest_reserve {path} --sign-as {role} --out {role}.json"
        return Pending(
            f"sign the statement as {role}", self._reserve.keepers.of(role), None, command
        )

    def _refuse_wrong_times(self) -> None:
        now, as_of = self._desk.chain.now(), self._content.as_of
        if as_of > now:
            raise InputRefused(f"as_of: {instant(as_of)} is still to come, now is {instant(now)}")

    def _notes(self) -> Iterator[str]:
        reserve, supply = self._reserve, self._reserve.series.supply
        yield f"counted {instant(self._content.as_of)}; {reserve.shown(supply)} circulate"
        now = self._desk.chain.now()
        held = [lot for lot in self.lots if reserve.lot(lot.lot_id).encumbered]
        counted = sum(lot.net for lot in self.lots if lot not in held and lot.insured_until > now)
        if reserve.terms.feed == NOBODY and counted < supply:
            yield f"short by {reserve.shown(supply - counted)}: mints stop, and everybody is told"

    # ---------------------------------------------------------------- signing alone

    def plan_signing(self, role: str, out: Path) -> Plan:
        """Nothing to send; what is signed is shown."""
        keeper = self._reserve.keepers.of(role)
        if not signs(self._desk, role, keeper):
            raise InputRefused(f"the key of {role} here is not {keeper}'s, who must sign")
        if out.exists() and read_signature(out).digest != self._digest:
            raise InputRefused(f"{out} is there already, and signs another statement")
        total = self._reserve.shown(sum(lot.net for lot in self.lots))
        signed = f"signs: {keeper}: {len(self.lots)} lots of {total}"
        return Plan(SIGNING, digest((self._digest, role)), notes=(signed, f"written to {out}"))

    def signed(self, role: str, out: Path) -> Mapping[str, Any]:
        """The signature, in its file."""
        register, chain_id = self._reserve.register.address, self._desk.chain.chain_id
        if not out.exists():
            keeper = self._reserve.keepers.of(role)
            self._desk.console.confirm(f"Sign 0x{self._digest.hex()[:12]}… as {role}.")
            message = self.record.signable(chain_id, register)
            signature = self._desk.signers[role].sign_message(message)
            KeeperSignature(chain_id, register, keeper, self._digest, signature).write(out)
        return {"file": str(out), "digest": "0x" + self._digest.hex()}

    # ---------------------------------------------------------------- the proof

    def verify(self) -> Sequence[Check]:
        """Every lot read back, where the last attestation is this one."""
        told = self._standing
        if told is None:
            return []  # a signature lacks; or the step failed and has said so
        checks = [Check("attested by", self._signers, (told["custodian"], told["auditor"]))]
        if told["sequence"] != self.record.sequence - 1:
            return checks  # restated, or delivered from, since
        found = self._reserve.register.read("lotsOf", self._reserve.series.address)
        checks.append(Check("lots in store", [lot.lot_id for lot in self.lots], list(found)))
        wrong = [lot.lot_id for lot in self.lots if self._reserve.lot(lot.lot_id).net != lot.net]
        checks.append(Check("lots recognised for another net", [], wrong))
        return checks

    @property
    def _signers(self) -> tuple[str, str]:
        return self._reserve.keepers.custodian, self._reserve.keepers.auditor

    def report(self) -> Mapping[str, Any]:
        """What is recognised, and what circulates."""
        recognised, why = self._reserve.recognised()
        supply = self._reserve.series.supply
        return {
            "series": self._reserve.series.id,
            "sequence": self._standing["sequence"] if self._standing else None,
            "reserve": recognised,
            "unknown_because": why,
            "supply": supply,
            "short": recognised is None or recognised < supply,
        }


def _in_ones(millionths: int) -> str:
    from decimal import Decimal

    return f"{Decimal(millionths).scaleb(-6).normalize():f}"
