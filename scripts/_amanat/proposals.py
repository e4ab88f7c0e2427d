"""Steps of a Safe, handed to its owners: a file that Safe's Transaction Builder loads.

    {"version": "1.0", "chainId": "1", "createdAt": …, "meta": {…, "checksum": "0x…"},
     "transactions": [{"to": "0x…", "value": "0", "data": "0x…", …}],
     "proposal": {"safe": "0x…", "nonce": "7", "safe_transaction_hash": "0x…", …}}

`proposal` is ours: what the owners will find on the screens of their devices, so that each of them
compares it with what this software works out on a machine of his own (`cosign`). One call is made
directly, several through MultiSendCallOnly, all of them or none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts._amanat import artifacts, calldata
from scripts._amanat.errors import InputRefused
from scripts._amanat.plan import Call, Pending, Plan, Step, encode
from scripts._amanat.safes import (
    CALL,
    IN_ITS_OWN_NAME,
    Hashes,
    Operation,
    Safe,
    packed,
    read_safe,
    require_multi_send,
)

if TYPE_CHECKING:
    from scripts._amanat.command import Desk

FORMAT, BUILDER = "1.0", "1.18.2"
"""The format, and the release of the Transaction Builder whose files these are like."""

Calls = tuple[tuple[str, int, bytes], ...]
"""Target, value in wei and data of each."""


@dataclass(frozen=True)
class Proposal:
    """One transaction of one Safe, ready to be signed."""

    role: str
    safe: Safe
    calls: Calls
    operation: Operation
    hashes: Hashes
    words: tuple[str, ...]
    """What each call does, as the second reader reads it."""

    @property
    def name(self) -> str:
        """Of its file; another proposal has another."""
        return f"{self.role}-{self.operation.nonce}-{self.hashes.transaction[2:10]}.json"

    @property
    def who(self) -> str:
        """Who has to sign."""
        return f"{self.safe.threshold} of {len(self.safe.owners)} owners of {self.safe.address}"

    @property
    def facts(self) -> dict[str, str]:
        """What everyone who signs compares."""
        safe = self.safe
        return {
            "role": self.role,
            "safe": safe.address,
            "threshold": f"{safe.threshold} of {len(safe.owners)}",
            "owners": ", ".join(safe.owners),
            "modules": ", ".join(safe.modules) or "none",
            "nonce": str(self.operation.nonce),
            "to": self.operation.to,
            "operation": "call" if self.operation.kind == CALL else "several calls (MultiSend)",
            "domain_hash": self.hashes.domain,
            "message_hash": self.hashes.message,
            "safe_transaction_hash": self.hashes.transaction,
        }

    @property
    def transactions(self) -> list[dict[str, Any]]:
        """The calls as the Transaction Builder takes them: by their bytes, which leave it nothing
        to encode."""
        return [
            {
                "to": to,
                "value": str(value),
                "data": "0x" + data.hex(),
                "contractMethod": None,
                "contractInputsValues": None,
            }
            for to, value, data in self.calls
        ]

    def document(self, chain_id: int, created: int) -> dict[str, Any]:
        """As it stands in the file; `created` in Unix seconds."""
        document: dict[str, Any] = {
            "version": FORMAT,
            "chainId": str(chain_id),
            "createdAt": created * 1_000,
            "meta": {
                "name": f"{self.role}, nonce {self.operation.nonce}",
                "description": "\n".join(self.words),
                "txBuilderVersion": BUILDER,
                "createdFromSafeAddress": self.safe.address,
                "createdFromOwnerAddress": "",
            },
            "transactions": self.transactions,
            "proposal": self.facts,
        }
        document["meta"]["checksum"] = checksum(document)
        return document


def propose(desk: Desk, steps: Sequence[Step]) -> list[Proposal]:
    """A proposal for each run of steps of one role; nonces follow each other where one Safe has
    several. Raises InputRefused where a holder is no Safe, or a step cannot be proposed."""
    proposals: list[Proposal] = []
    for role, group in groupby(steps, key=lambda step: step.role):
        safe = read_safe(desk.chain, desk.signers[role].address)
        before = sum(each.safe.address == safe.address for each in proposals)
        calls = tuple(_call_of(desk, step) for step in group)
        proposals.append(drawn_up(desk, role, safe, calls, safe.nonce + before))
    return proposals


def drawn_up(
    desk: Desk, role: str, safe: Safe, calls: Calls, nonce: int, through: str | None = None
) -> Proposal:
    """The proposal of these calls, hashed and read twice.

    `through` is the MultiSendCallOnly of a file that was read; else the programme file names it.
    Raises InputRefused, WrongChain, or NotReadable where the bytes do not read as one thing.
    """
    names = desk.console.names
    if len(calls) == 1:
        ((to, value, data),) = calls
        operation = Operation(to, value, data, CALL, nonce)
    else:
        to = through or _multi_send(desk)
        require_multi_send(desk.chain, to)
        (entry,) = artifacts.load("IMultiSend").entries("function")
        data = artifacts.selector(entry) + artifacts.encode(entry["inputs"], (packed(calls),))
        operation = Operation(to, 0, data, IN_ITS_OWN_NAME, nonce)
        if tuple(calldata.unpacked(*calldata.explained(data).values)) != calls:
            raise calldata.NotReadable("the packed calls do not read as those that were planned")
    words = tuple(
        f"{calldata.named_in_full(to, names)}: {calldata.explained(data).sentence(names)}"
        + (f", with {value:,} wei" if value else "")
        for to, value, data in calls
    )
    return Proposal(role, safe, calls, operation, safe.hashes(operation), words)


@dataclass(frozen=True)
class HandedOver:
    """What became of a plan that others carry out."""

    proposals: tuple[Mapping[str, Any], ...]
    pending: tuple[Pending, ...]


def hand_over(desk: Desk, plan: Plan, folder: Path, command: str) -> HandedOver:
    """Write the files of the leading steps whose signers are elsewhere, show them, and say what is
    left: the owners' signatures, then `command`, which does the steps that have a key here."""
    steps = [*takewhile(lambda step: not desk.signers.acts_here(step.role), plan.steps)]
    if not steps:
        first = plan.steps[0]
        raise InputRefused(
            f"{first.title}: {first.role} signs here, so there is nothing to propose yet",
            what_to_do=f"Run first: {command}",
        )
    proposals = {folder / each.name: each for each in propose(desk, steps)}
    for path, each in proposals.items():
        _write(path, each.document(desk.chain.chain_id, desk.chain.now()))
        show(desk, each, path)
    signatures = [
        Pending(f"sign and execute {path}", each.who, None, command)
        for path, each in proposals.items()
    ]
    rest = left_to_others(desk, plan.steps[len(steps) :], command)
    return HandedOver(
        tuple(described(each, path) for path, each in proposals.items()),
        (*signatures, *rest, *plan.pending),
    )


def left_to_others(desk: Desk, steps: Sequence[Step], command: str) -> Iterator[Pending]:
    """Steps that follow on what others do first, a line for each run of one role."""
    for role, group in groupby(steps, key=lambda step: step.role):
        titles = "; ".join(step.title for step in group)
        yield Pending(titles, f"{role}, {desk.signers[role].address}", None, command)


def show(desk: Desk, proposal: Proposal, path: Path) -> None:
    """Everything that an owner has to compare before signing."""
    facts = [{"fact": name, "value": value} for name, value in proposal.facts.items()]
    desk.console.show_table(f"Proposal {path}", facts)
    words = [{"call": str(at), "does": said} for at, said in enumerate(proposal.words, 1)]
    desk.console.show_table("Its calls, by a second reading of the bytes", words)


def described(proposal: Proposal, path: Path) -> dict[str, Any]:
    """For the JSON document."""
    return {"file": str(path), **proposal.facts, "calls": list(proposal.words)}


def checksum(document: dict[str, Any]) -> str:
    """The one that the Transaction Builder writes and looks for: of everything but the name of the
    batch and the checksum itself, each mapping as its sorted keys and then its values."""
    from eth_utils.crypto import keccak

    meta = {**document["meta"], "name": None}
    meta.pop("checksum", None)
    return "0x" + keccak(text=_serial({**document, "meta": meta})).hex()


def _write(path: Path, document: Mapping[str, Any]) -> None:
    """An existing file is replaced whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    draft.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", "utf-8")
    draft.replace(path)


def _serial(value: Any) -> str:
    if isinstance(value, list):
        return f"[{','.join(map(_serial, value))}]"
    if isinstance(value, dict):
        keys = sorted(value)
        return "{" + _json(keys) + "".join(f"{_serial(value[key])}," for key in keys) + "}"
    return _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _call_of(desk: Desk, step: Step) -> tuple[str, int, bytes]:
    act = step.act
    if not isinstance(act, Call):
        raise InputRefused(f"{step.title}: only calls can be proposed to a Safe")
    target = act.target if isinstance(act.target, str) else desk.record.resolve(act.target)
    return target, step.value, encode(step, desk.artifacts, desk.record.resolve)


def _multi_send(desk: Desk) -> str:
    file = desk.programme_file
    if file is None or file.safe is None:
        raise InputRefused(
            "several calls at once need MultiSendCallOnly",
            what_to_do="Name its address as `multi_send` under `safe` in the programme file.",
        )
    return file.safe.multi_send
