"""What an operation would do, as pure data: made from the chain's state and the wish, then shown.

A plan function reads the chain and answers with the steps that are still missing; where nothing is
missing the plan is empty. Contracts that the plan itself creates are named by `Ref`, so that a plan
can be made, shown and hashed before their addresses exist.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from typing import Any, Protocol

from scripts._amanat.errors import InputRefused

Abi = Sequence[Mapping[str, Any]]


class Artifacts(Protocol):
    """Compiled contracts by name, as `artifacts.py` loads them."""

    def abi(self, name: str) -> Abi:
        """The contract's ABI; KeyError for an unknown name."""

    def creation_code(self, name: str) -> bytes:
        """The bytes that deploy it, without constructor arguments, linked."""

    def explain_revert(self, data: bytes) -> str:
        """Revert bytes in words: the error's name and its values."""


@dataclass(frozen=True)
class Ref:
    """The address of a contract by its name in the record: known when it is deployed."""

    name: str

    def __str__(self) -> str:
        return f"<{self.name}>"


Address = str | Ref
Resolve = Callable[[Ref], str]
"""The address behind a Ref; KeyError while it is not deployed."""


@dataclass(frozen=True)
class Call:
    """A function of a contract. `signature` is canonical, `freezePartialTokens(address,uint256)`,
    so that overloads are never confused."""

    target: Address
    artifact: str
    signature: str
    args: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Deployment:
    """A contract to create; it is recorded as `name`."""

    name: str
    artifact: str
    args: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Creates:
    """A contract that a call brings into being at an address known beforehand."""

    name: str
    artifact: str
    address: str


@dataclass(frozen=True)
class Step:
    """One transaction: who signs what, and what will be true afterwards.

    Steps go one after another. Neighbours that share a non-empty `bulk` label and a signer do not
    depend on each other, and are sent together without waiting for each receipt.
    """

    title: str
    role: str
    act: Call | Deployment
    expects: str = ""
    value: int = 0  # wei
    bulk: str = ""
    key: str = ""  # tells apart steps that are otherwise equal, such as two equal rows of a file
    creates: tuple[Creates, ...] = ()

    @cached_property
    def id(self) -> str:
        """Twelve hex digits of the content; words shown to people do not count."""
        return digest((self.role, self.act, self.value, self.key))[:12]

    @property
    def needs(self) -> frozenset[str]:
        """Names of contracts whose address this step must know."""
        target = (self.act.target,) if isinstance(self.act, Call) else ()
        return frozenset(ref.name for ref in _refs((*target, *self.act.args)))

    @property
    def subject(self) -> str:
        """`Contract.function` or `new Contract`, for tables."""
        if isinstance(self.act, Deployment):
            return f"new {self.act.artifact}"
        return f"{self.act.artifact}.{self.act.signature.split('(')[0]}"


@dataclass(frozen=True)
class Pending:
    """What this run cannot do: it needs a delay to pass, or another person."""

    what: str
    who: str
    from_when: int | None  # Unix seconds of the chain's clock; None: as soon as they like
    command: str  # finishes it


@dataclass(frozen=True)
class Plan:
    """The steps that are missing between the chain's state and the wish, in order."""

    operation: str
    wish: str  # hash of all inputs: `digest(...)`
    steps: tuple[Step, ...] = ()
    notes: tuple[str, ...] = ()
    pending: tuple[Pending, ...] = ()

    def __post_init__(self) -> None:
        seen: dict[str, Step] = {}
        for step in self.steps:
            if (twin := seen.setdefault(step.id, step)) is not step:
                raise InputRefused(
                    f"{self.operation}: {twin.title!r} and {step.title!r} are the same step",
                    what_to_do="Remove the duplicate, or give each a key of its own.",
                )

    @property
    def is_empty(self) -> bool:
        """True when the wish already stands on the chain."""
        return not self.steps and not self.pending


@dataclass(frozen=True)
class Decoded:
    """What calldata says, read back from its bytes by the ABI alone."""

    function: str
    args: tuple[tuple[str, Any], ...]  # name and value


def digest(value: object) -> str:
    """SHA-256 of a value's canonical JSON, as hex; equal content gives equal digests."""
    text = json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def encode(step: Step, artifacts: Artifacts, resolve: Resolve) -> bytes:
    """The transaction's data. KeyError where a Ref is not deployed; InputRefused where the
    arguments do not fit the ABI."""
    from eth_abi.abi import encode as abi_encode
    from eth_abi.exceptions import EncodingError
    from eth_utils.crypto import keccak

    act = step.act
    if isinstance(act, Deployment):
        prefix, types = artifacts.creation_code(act.artifact), _constructor_types(act, artifacts)
    else:
        entry = _function(act, artifacts)
        prefix, types = keccak(text=act.signature)[:4], [_type(i) for i in entry["inputs"]]
    args = tuple(_resolved(arg, resolve) for arg in act.args)
    if len(args) != len(types):
        raise InputRefused(f"{step.title}: {step.subject} takes {len(types)} arguments")
    try:
        return prefix + abi_encode(types, args)
    except (EncodingError, TypeError, ValueError) as fault:
        raise InputRefused(f"{step.title}: {step.subject}: {fault}") from None


def decode(data: bytes, artifact: str, artifacts: Artifacts, *, deploys: bool = False) -> Decoded:
    """Read calldata back by the ABI alone (pitfall 36).

    What an operator is shown comes from here, from the bytes about to be signed, and not from the
    wish they were made of. Raises InputRefused for bytes that the ABI does not explain.
    """
    from eth_abi.abi import decode as abi_decode
    from eth_abi.exceptions import DecodingError

    if deploys:
        code = artifacts.creation_code(artifact)
        if not data.startswith(code):
            raise InputRefused(f"these bytes do not deploy {artifact}")
        name, inputs, body = f"new {artifact}", _constructor(artifact, artifacts), data[len(code) :]
    else:
        entry = _by_selector(data[:4], artifact, artifacts)
        name, inputs, body = signature_of(entry), entry["inputs"], data[4:]
    try:
        values = abi_decode([_type(i) for i in inputs], body)
    except DecodingError as fault:
        raise InputRefused(f"{name}: these bytes do not decode: {fault}") from None
    names = [i.get("name") or str(n) for n, i in enumerate(inputs)]
    return Decoded(name, tuple(zip(names, values, strict=True)))


def signature_of(entry: Mapping[str, Any]) -> str:
    """The canonical signature of an ABI entry."""
    return f"{entry['name']}({','.join(_type(i) for i in entry['inputs'])})"


def _function(call: Call, artifacts: Artifacts) -> Mapping[str, Any]:
    for entry in artifacts.abi(call.artifact):
        if entry["type"] == "function" and signature_of(entry) == call.signature:
            return entry
    raise InputRefused(f"{call.artifact} has no function {call.signature}")


def _by_selector(selector: bytes, artifact: str, artifacts: Artifacts) -> Mapping[str, Any]:
    from eth_utils.crypto import keccak

    for entry in artifacts.abi(artifact):
        if entry["type"] == "function" and keccak(text=signature_of(entry))[:4] == selector:
            return entry
    raise InputRefused(f"{artifact} has no function with selector 0x{selector.hex()}")


def _constructor(artifact: str, artifacts: Artifacts) -> Sequence[Mapping[str, Any]]:
    for entry in artifacts.abi(artifact):
        if entry["type"] == "constructor":
            inputs: Sequence[Mapping[str, Any]] = entry["inputs"]
            return inputs
    return ()


def _constructor_types(act: Deployment, artifacts: Artifacts) -> list[str]:
    return [_type(i) for i in _constructor(act.artifact, artifacts)]


def _type(item: Mapping[str, Any]) -> str:
    kind = str(item["type"])
    if not kind.startswith("tuple"):
        return kind
    return f"({','.join(_type(c) for c in item['components'])}){kind[5:]}"


def _resolved(value: Any, resolve: Resolve) -> Any:
    if isinstance(value, Ref):
        return resolve(value)
    if isinstance(value, (list, tuple)):
        return tuple(_resolved(item, resolve) for item in value)
    return value


def _refs(value: Any) -> list[Ref]:
    if isinstance(value, Ref):
        return [value]
    if isinstance(value, (list, tuple)):
        return [ref for item in value for ref in _refs(item)]
    return []


def _plain(value: object) -> object:
    """JSON's own types, with the kind kept where two values would otherwise look alike."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if is_dataclass(value):
        content = {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
        return {type(value).__name__: content}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        raise TypeError("floats are refused: money and rates are integers or Decimal")
    return {type(value).__name__: str(value)}
