"""What an operation would do, as pure data: made from the chain's state and the wish, then shown.

A plan function reads the chain and answers with the steps that are still missing; where nothing is
missing the plan is empty. Contracts that the plan itself creates are named by `Ref`, so that a plan
can be made, shown and hashed before their addresses exist.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from scripts._amanat.errors import InputRefused

if TYPE_CHECKING:
    from scripts._amanat.artifacts import Abi, AbiEntry, Artifact


class NotDeployed(KeyError):
    """A contract is named whose address nobody knows yet."""


class Artifacts(Protocol):
    """What steps need to know of compiled contracts."""

    def abi(self, name: str) -> Abi:
        """The contract's ABI; InputRefused for an unknown name."""

    def creation_code(self, name: str) -> bytes:
        """The bytes that deploy it, without constructor arguments, linked."""

    def explain_revert(self, data: bytes) -> str:
        """Revert bytes in words: the error's name and its values."""


class Compiled:
    """The artifacts of the canonical build."""

    def abi(self, name: str) -> Abi:
        return self._load(name).abi

    def creation_code(self, name: str) -> bytes:
        return self._load(name).creation_code

    def explain_revert(self, data: bytes) -> str:
        from scripts._amanat.artifacts import decode_error

        return str(decode_error(data))

    def _load(self, name: str) -> Artifact:
        from scripts._amanat.artifacts import ArtifactError, load

        try:
            return load(name)
        except ArtifactError as fault:
            raise InputRefused(str(fault), what_to_do="Run `make build`.") from None


@dataclass(frozen=True)
class Ref:
    """The address of a contract by its name in the record: known when it is deployed."""

    name: str

    def __str__(self) -> str:
        return f"<{self.name}>"


Address = str | Ref
Resolve = Callable[[Ref], str]
"""The address behind a Ref; NotDeployed while it has none."""


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
    """The transaction's data. NotDeployed where a Ref has no address; InputRefused where the
    arguments do not fit the ABI."""
    from eth_abi.exceptions import EncodingError
    from eth_utils.crypto import keccak

    from scripts._amanat import artifacts as codec

    act = step.act
    args = tuple(_resolved(arg, resolve) for arg in act.args)
    if isinstance(act, Deployment):
        prefix = artifacts.creation_code(act.artifact)
        inputs = _constructor(act.artifact, artifacts)
    else:
        prefix = keccak(text=act.signature)[:4]
        inputs = _function(act.artifact, prefix, act.signature, artifacts)["inputs"]
    try:
        return prefix + codec.encode(inputs, args)
    except (EncodingError, TypeError, ValueError, LookupError) as fault:
        raise InputRefused(f"{step.title}: {step.subject}: {fault}") from None


def decode(data: bytes, artifact: str, artifacts: Artifacts, *, deploys: bool = False) -> Decoded:
    """Read calldata back by the ABI alone (pitfall 36).

    What an operator is shown comes from here, from the bytes about to be signed, and not from the
    wish they were made of. Raises InputRefused for bytes that the ABI does not explain.
    """
    from eth_abi.exceptions import DecodingError

    from scripts._amanat import artifacts as codec

    if deploys:
        code = artifacts.creation_code(artifact)
        if not data.startswith(code):
            raise InputRefused(f"these bytes do not deploy {artifact}")
        name, inputs, body = f"new {artifact}", _constructor(artifact, artifacts), data[len(code) :]
    else:
        entry = _function(artifact, data[:4], f"with selector 0x{data[:4].hex()}", artifacts)
        name, inputs, body = codec.signature(entry), entry["inputs"], data[4:]
    try:
        return Decoded(name, tuple(codec.decode_named(inputs, body).items()))
    except DecodingError as fault:
        raise InputRefused(f"{name}: these bytes do not decode: {fault}") from None


def _function(artifact: str, selector: bytes, wanted: str, artifacts: Artifacts) -> AbiEntry:
    from scripts._amanat import artifacts as codec

    for entry in artifacts.abi(artifact):
        if entry["type"] == "function" and codec.selector(entry) == selector:
            return entry
    raise InputRefused(f"{artifact} has no function {wanted}")


def _constructor(artifact: str, artifacts: Artifacts) -> Abi:
    for entry in artifacts.abi(artifact):
        if entry["type"] == "constructor":
            inputs: Abi = entry["inputs"]
            return inputs
    return []


def _resolved(value: Any, resolve: Resolve) -> Any:
    if isinstance(value, Ref):
        return resolve(value)
    if isinstance(value, (list, tuple)):
        return tuple(_resolved(item, resolve) for item in value)
    if isinstance(value, Mapping):
        return {key: _resolved(item, resolve) for key, item in value.items()}
    return value


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
