"""What stands on a chain: contracts, operations and series, in `.records/<chain>/record.json`.

Written whole and put in place by a rename, after every confirmed step. A contract is found by its
name here and by the hash of its code on the chain, never by position (pitfall 34). Nothing secret
is ever written: no key, no passphrase, no URL.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from scripts._amanat.errors import InputRefused, WrongChain
from scripts._amanat.network import Chain
from scripts._amanat.plan import NotDeployed, Ref

SCHEMA = 1


@dataclass(frozen=True)
class Contract:
    """A contract, how it came to be, and the hash of the code found there then."""

    address: str
    artifact: str
    code_hash: str  # keccak-256 of the runtime code
    tx: str
    block: int
    args: Sequence[Any] = ()  # constructor arguments as text


@dataclass
class OperationEntry:
    """One run of an operation that sent something."""

    operation: str
    wish: str
    inputs: dict[str, str]  # file name to SHA-256
    started: str  # UTC
    finished: str | None = None
    result: str = "unfinished"  # then "done", "pending" or "failed"
    txs: list[str] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)


Entry = TypeVar("Entry", Contract, OperationEntry)


class Record:
    """The record of one chain. Every change is on the disk when the method returns."""

    def __init__(
        self, path: Path, chain_id: int, instance: str, *, outlives_machine: bool = True
    ) -> None:
        self._path, self.chain_id, self.instance = path, chain_id, instance
        self._outlives_machine = outlives_machine
        self._checked: set[str] = set()
        self.contracts: dict[str, Contract] = {}
        self.operations: list[OperationEntry] = []
        self.series: dict[str, dict[str, Any]] = {}
        if path.is_file():
            self._load(json.loads(path.read_text("utf-8")))

    @classmethod
    def of(cls, chain: Chain, records: Path) -> Record:
        """The chain's record under the folder `records`; empty where there is none yet."""
        path = records / chain.folder_name / "record.json"
        return cls(path, chain.chain_id, chain.instance, outlives_machine=not chain.is_local)

    @property
    def folder(self) -> Path:
        """Where the record and the journal of this chain are."""
        return self._path.parent

    def resolve(self, ref: Ref) -> str:
        """The address behind a name; NotDeployed where it has none."""
        if ref.name not in self.contracts:
            raise NotDeployed(ref.name)
        return self.contracts[ref.name].address

    def find(self, name: str, chain: Chain) -> str | None:
        """The address of a contract whose code is still what it was; None where not recorded.

        Raises WrongChain where the code at the address has another hash.
        """
        if (contract := self.contracts.get(name)) is None:
            return None
        if code_hash(chain.code(contract.address)) != contract.code_hash:
            raise WrongChain(
                f"{name}: {contract.address} on chain {chain.chain_id} does not hold the code "
                f"that {self._path} says"
            )
        return contract.address

    def check(self, chain: Chain) -> None:
        """Every recorded contract is where the record says, with the code it had.

        Each is looked at once by one run: code does not change.
        """
        for name in self.contracts.keys() - self._checked:
            self.find(name, chain)
            self._checked.add(name)

    def add_contract(self, name: str, contract: Contract) -> None:
        """A name is given once; the same contract again changes nothing."""
        known = self.contracts.get(name)
        if known is not None and known.address != contract.address:
            raise InputRefused(f"{name} is recorded already, at {known.address}")
        self.contracts[name] = contract
        self.save()

    def add_series(self, series: str, facts: Mapping[str, Any]) -> None:
        """What a series is, for `status` and for the commands that name one."""
        self.series[series] = {**self.series.get(series, {}), **facts}
        self.save()

    def begin(self, operation: str, wish: str, inputs: Iterable[Path] = ()) -> OperationEntry:
        """Open an entry, or go on with the unfinished one of the same wish."""
        for entry in self.operations:
            if (entry.operation, entry.wish) == (operation, wish) and entry.result != "done":
                return entry
        hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in inputs}
        entry = OperationEntry(operation, wish, hashes, _utc_now())
        self.operations.append(entry)
        self.save()
        return entry

    def note(self, entry: OperationEntry, sent: Iterable[tuple[str, int]]) -> None:
        """Transactions, with their blocks, that an operation has brought into the chain."""
        for tx, block in sent:
            if tx not in entry.txs:
                entry.txs.append(tx)
                entry.blocks.append(block)
        self.save()

    def finish(self, entry: OperationEntry, result: str) -> None:
        """Close an entry: "done", "pending" or "failed"."""
        entry.finished, entry.result = _utc_now(), result
        self.save()

    def is_done(self, operation: str, wish: str) -> bool:
        """True where the same wish was carried out before, to its end."""
        return any(
            (e.operation, e.wish, e.result) == (operation, wish, "done") for e in self.operations
        )

    def save(self) -> None:
        """Write beside, flush, rename: the file is at every moment the old or the new one.

        A machine that goes down takes a local chain with it: there the disk is not waited for.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(".json.new")
        content = {
            "schema": SCHEMA,
            "chain_id": self.chain_id,
            "instance": self.instance,
            "contracts": {name: vars(contract) for name, contract in self.contracts.items()},
            "operations": [vars(entry) for entry in self.operations],
            "series": self.series,
        }
        with beside.open("w", encoding="utf-8") as stream:
            stream.write(_in_lines(content))
            stream.flush()
            if self._outlives_machine:
                os.fsync(stream.fileno())
        beside.replace(self._path)

    def _load(self, content: dict[str, Any]) -> None:
        if content.get("schema") != SCHEMA:
            raise InputRefused(
                f"{self._path} has schema {content.get('schema')!r}, this software knows {SCHEMA}",
                what_to_do="Use the version of this software that wrote it, or a newer one.",
            )
        if (content["chain_id"], content["instance"]) != (self.chain_id, self.instance):
            raise WrongChain(f"{self._path} belongs to another chain ({content['chain_id']})")
        self.contracts = {n: _made(Contract, c) for n, c in content["contracts"].items()}
        self.operations = [_made(OperationEntry, e) for e in content["operations"]]
        self.series = content["series"]


def _in_lines(content: Mapping[str, Any]) -> str:
    """JSON with a line an entry: people read it, and it is written after every transaction."""
    parts = [f"{json.dumps(name)}: {_part(part)}" for name, part in content.items()]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _part(part: Any) -> str:
    if isinstance(part, dict):
        rows = [f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in part.items()]
        return "{\n" + ",\n".join(rows) + "\n}"
    if isinstance(part, list):
        return "[\n" + ",\n".join(f"  {json.dumps(entry)}" for entry in part) + "\n]"
    return json.dumps(part)


def code_hash(code: bytes) -> str:
    """Keccak-256 of runtime code, as hex."""
    from eth_utils.crypto import keccak

    return "0x" + keccak(code).hex()


def as_text(value: Any) -> Any:
    """A constructor argument as JSON can hold it without loss."""
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, (list, tuple)):
        return [as_text(item) for item in value]
    return value if isinstance(value, bool) else str(value)


def _made(kind: type[Entry], content: Mapping[str, Any]) -> Entry:
    names = {f.name for f in fields(kind)}
    if set(content) - names:
        raise InputRefused(f"record: unknown fields {sorted(set(content) - names)}")
    return kind(**content)


def _utc_now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
