"""The other side of a proposal: whoever signs works it out anew, from the file and the chain.

The file is believed in nothing. Its calls are hashed again under the Safe as it stands on this
chain, read again by two readers, and refused where anything comes out differently from what the
file says. On a local chain, where keys are public, the signatures can be collected here as well and
the Safe made to act; anywhere else the owners sign with their own devices, in Safe's own app.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from scripts._amanat.command import Desk, Work
from scripts._amanat.errors import InputRefused, WrongChain
from scripts._amanat.plan import Call, Pending, Plan, Step, digest
from scripts._amanat.proof import Check
from scripts._amanat.proposals import Calls, Proposal, checksum, described, drawn_up, show
from scripts._amanat.reading import parse_address
from scripts._amanat.safes import EXECUTE, read_safe
from scripts._amanat.signers import DEVELOPMENT_ROLES, DevelopmentSigner

OPERATION = "cosign"
_HASHES = ("domain_hash", "message_hash", "safe_transaction_hash")
COURIER = "deployer"
"""Sends what the owners have signed, and pays for it: it needs no power."""


@dataclass(frozen=True)
class ProposalFile:
    """What stands in a file, typed and not yet believed."""

    path: Path
    chain_id: int
    safe: str
    role: str
    nonce: int
    to: str
    calls: Calls
    transactions: Sequence[Mapping[str, Any]]
    hashes: Mapping[str, str]


def cosign(path: Path, names: Sequence[str], *, command: str) -> Work:
    """Review a proposal; with names of development keys, sign it by them and execute it.

    `command` is the reviewer's own: later it tells whether the Safe has executed it.
    """
    file = read_proposal(path)

    def review(desk: Desk) -> _Review:
        return _Review(desk, file, names, command)

    return Work(
        operation=OPERATION,
        wish=digest(file.hashes),
        plan=lambda desk: review(desk).plan(),
        verify=lambda desk: review(desk).verify(),
        report=lambda desk: review(desk).report(),
        inputs=(path,),
    )


def read_proposal(path: Path) -> ProposalFile:
    """Read a file; InputRefused where it is no proposal, or was changed after it was written."""
    try:
        document = json.loads(path.read_text("utf-8"))
        proposal, transactions = document["proposal"], document["transactions"]
        stated, role = document["meta"].pop("checksum"), proposal["role"]
        if not re.fullmatch(r"[a-z_]{1,40}", role) or not transactions:
            raise ValueError("no role, or no transactions")
        file = ProposalFile(
            path=path,
            chain_id=_number(document["chainId"]),
            safe=parse_address(document["meta"]["createdFromSafeAddress"]),
            role=role,
            nonce=_number(proposal["nonce"]),
            to=parse_address(proposal["to"]),
            calls=tuple(
                (parse_address(each["to"]), _number(each["value"]), _bytes(each["data"]))
                for each in transactions
            ),
            transactions=transactions,
            hashes={name: str(proposal[name]) for name in _HASHES},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        kind = type(fault).__name__
        raise InputRefused(f"{path} is no proposal of this software: {kind}: {fault}") from None
    if checksum(document) != stated:
        raise InputRefused(f"{path} was changed after it was written: its checksum is another")
    return file


def _number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,77}", text):
        raise ValueError(f"{text!r} is no whole number")
    return int(text)


def _bytes(text: str) -> bytes:
    if not re.fullmatch(r"0x([0-9a-f]{2})+", text):
        raise ValueError("calldata that is not 0x and pairs of hex digits")
    return bytes.fromhex(text[2:])


class _Review:
    """One file against one chain."""

    def __init__(self, desk: Desk, file: ProposalFile, names: Sequence[str], command: str) -> None:
        self._desk, self._file, self._names, self._command = desk, file, names, command

    def plan(self) -> Plan:
        """The one transaction that executes it, or who has to sign; nothing once it is executed."""
        proposal, wish = self._proposal, digest(self._file.hashes)
        show(self._desk, proposal, self._file.path)
        if self._is_executed:
            return Plan(OPERATION, wish, notes=("the Safe has executed it",))
        self._require_its_turn()
        if not self._names:
            signing = Pending("sign and execute it", proposal.who, None, self._command)
            return Plan(OPERATION, wish, pending=(signing,))
        return Plan(OPERATION, wish, (self._execution(),))

    def verify(self) -> Sequence[Check]:
        """Executed, by the Safe's own event; nothing where nobody was asked to sign."""
        if not self._names:
            return []
        return [Check("the Safe has executed the proposal", True, self._is_executed)]

    def report(self) -> Mapping[str, Any]:
        """The proposal as it was worked out here."""
        return {"proposal": described(self._proposal, self._file.path)}

    # ---------------------------------------------------------------- what is to be signed

    @cached_property
    def _proposal(self) -> Proposal:
        """From the calls alone; InputRefused where the file says anything else of them."""
        file, chain = self._file, self._desk.chain
        if file.chain_id != chain.chain_id:
            raise WrongChain(f"{file.path} is for chain {file.chain_id}, not {chain.chain_id}")
        safe = read_safe(chain, file.safe)
        found = drawn_up(self._desk, file.role, safe, file.calls, file.nonce, file.to)
        faults = [
            f"{name}: {stated}; worked out here: {found.facts[name]}"
            for name, stated in file.hashes.items()
            if stated != found.facts[name]
        ]
        if file.transactions != found.transactions:
            faults.append("transactions: more than the bytes of the calls")
        if faults:
            raise InputRefused(f"{file.path} says of its calls what they are not", faults)
        return found

    @property
    def _is_executed(self) -> bool:
        found, contracts = self._proposal, self._desk.record.contracts
        since = contracts["Authority"].block if "Authority" in contracts else 0
        return found.safe.has_executed(found.operation, found.hashes, since)

    def _require_its_turn(self) -> None:
        """A Safe's transactions go in the order of their nonces, one each."""
        due, ours = self._proposal.safe.nonce, self._file.nonce
        if ours != due:
            why = "another took its place" if ours < due else "those before it come first"
            raise InputRefused(
                f"{self._file.path} has nonce {ours}, the Safe is at {due}: {why}",
                what_to_do="Execute what comes before it, or propose again.",
            )

    # ---------------------------------------------------------------- signed by development keys

    def _execution(self) -> Step:
        safe, operation = self._proposal.safe, self._proposal.operation
        call = Call(safe.address, "ISafe", EXECUTE, (*operation.row, self._signatures))
        expects = "all of its calls are made, or none"
        return Step(f"execute nonce {operation.nonce} of {safe.address}", COURIER, call, expects)

    @property
    def _signatures(self) -> bytes:
        """As the Safe takes them: in ascending order of the owners."""
        from eth_account.messages import encode_typed_data

        proposal, chain = self._proposal, self._desk.chain
        document = proposal.operation.document(chain.chain_id, proposal.safe.address)
        signable = encode_typed_data(full_message=document)
        keys = sorted(self._keys(), key=lambda key: int(key.address, 16))
        return b"".join(key.sign_message(signable) for key in keys)

    def _keys(self) -> Sequence[DevelopmentSigner]:
        safe = self._proposal.safe
        keys = {key.address: key for key in map(self._key, self._names)}
        if strangers := keys.keys() - set(safe.owners):
            raise InputRefused(f"{', '.join(sorted(strangers))}: no owner of {safe.address}")
        if len(keys) < safe.threshold:
            raise InputRefused(
                f"{safe.threshold} of {len(safe.owners)} owners must sign, here are {len(keys)}"
            )
        return list(keys.values())

    def _key(self, name: str) -> DevelopmentSigner:
        """Only on a local chain, as everywhere: elsewhere these keys are everyone's."""
        if name not in DEVELOPMENT_ROLES and not name.isdecimal():
            known = ", ".join(DEVELOPMENT_ROLES)
            raise InputRefused(f"{name} is no development key: a number, or one of {known}")
        index = int(name) if name.isdecimal() else DEVELOPMENT_ROLES[name]
        return DevelopmentSigner.on(self._desk.chain, index)
