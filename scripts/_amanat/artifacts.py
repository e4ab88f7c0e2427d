"""What was compiled, typed: artifacts by name, and the ABI's encoding both ways.

Selectors and topics are looked up over *all* artifacts, since an error or an event of one contract
reaches the caller through another.
"""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from eth_abi.abi import encode as abi_encode
from eth_abi.codec import ABIDecoder
from eth_abi.decoding import UnsignedIntegerDecoder
from eth_abi.exceptions import DecodingError, InsufficientDataBytes
from eth_abi.registry import BaseEquals, registry
from eth_utils.crypto import keccak

from scripts._amanat.build import CANONICAL, ROOT, TEST_CONTRACTS

Abi = list[dict[str, Any]]
AbiEntry = dict[str, Any]

_BUILT_IN_ERRORS: Final[Abi] = [
    {"type": "error", "name": "Error", "inputs": [{"name": "reason", "type": "string"}]},
    {"type": "error", "name": "Panic", "inputs": [{"name": "code", "type": "uint256"}]},
]


class ArtifactError(Exception):
    """An artifact is missing or cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """One compiled contract. Codes are hex with ``0x``; an interface's are ``0x`` alone."""

    name: str
    source: str
    abi: Abi = field(repr=False)
    creation_hex: str = field(repr=False)
    runtime_hex: str = field(repr=False)
    immutable_references: Mapping[str, Any] = field(repr=False, default_factory=dict)
    storage_layout: Mapping[str, Any] = field(repr=False, default_factory=dict)
    userdoc: Mapping[str, Any] = field(repr=False, default_factory=dict)
    devdoc: Mapping[str, Any] = field(repr=False, default_factory=dict)
    compiler: str = ""
    input_hash: str = ""

    @property
    def creation_code(self) -> bytes:
        """The bytes that a deployment sends, before constructor arguments."""
        return self._code(self.creation_hex)

    @property
    def runtime_code(self) -> bytes:
        """The deployed bytes; immutables stand in them as zeros."""
        return self._code(self.runtime_hex)

    def entries(self, kind: str, name: str | None = None) -> Abi:
        """The ABI's entries of a kind (``function``, ``event``, ``error``), by name if given."""
        return [e for e in self.abi if e["type"] == kind and name in (None, e["name"])]

    def deployment_data(self, *arguments: Any) -> bytes:
        """Creation code and encoded constructor arguments."""
        constructors = [e for e in self.abi if e["type"] == "constructor"]
        inputs = constructors[0]["inputs"] if constructors else []
        return self.creation_code + encode(inputs, arguments)

    def _code(self, code: str) -> bytes:
        if code in ("", "0x"):
            raise ArtifactError(f"{self.name} has no code: it is abstract or an interface")
        if "__$" in code:
            raise ArtifactError(f"{self.name} calls libraries that are not linked")
        return bytes.fromhex(code.removeprefix("0x"))

    @staticmethod
    def read(path: Path) -> Artifact:
        """Read one artifact: ours, or one in the form that Hardhat writes and packages publish."""
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise ArtifactError(f"{path} does not exist: run `make build`") from error
        creation = data.get("deploymentBytecode", {}).get("bytecode", data.get("bytecode", "0x"))
        runtime = data.get("runtimeBytecode", {}).get("bytecode", data.get("deployedBytecode"))
        return Artifact(
            name=data["contractName"],
            source=data.get("sourceId") or data.get("sourceName", ""),
            abi=data["abi"],
            creation_hex=creation,
            runtime_hex=runtime or "0x",
            immutable_references=data.get("immutableReferences", {}),
            storage_layout=data.get("storageLayout", {}),
            userdoc=data.get("userdoc", {}),
            devdoc=data.get("devdoc", {}),
            compiler=data.get("compiler", ""),
            input_hash=data.get("inputHash", ""),
        )


@cache
def load(name: str, root: Path = ROOT) -> Artifact:
    """The artifact of the contract ``name``, of ``contracts/`` or ``tests/contracts/``."""
    for unit in (CANONICAL, TEST_CONTRACTS):
        path = root / unit.artifacts / f"{name}.json"
        if path.is_file():
            return Artifact.read(path)
    raise ArtifactError(f"no contract is named {name}; if it is new, run `make build`")


@cache
def load_all(root: Path = ROOT) -> tuple[Artifact, ...]:
    """Every artifact of both units, in order of name."""
    paths = [*(root / CANONICAL.artifacts).glob("*.json")]
    paths += (root / TEST_CONTRACTS.artifacts).glob("*.json")
    return tuple(load(path.stem, root) for path in sorted(paths, key=lambda path: path.stem))


def signature(entry: AbiEntry) -> str:
    """The canonical signature, ``transfer(address,uint256)``; structs as tuples."""
    return f"{entry['name']}({','.join(map(abi_type, entry['inputs']))})"


def abi_type(parameter: AbiEntry) -> str:
    """The type as the ABI encodes it: a struct is the tuple of its members."""
    kind: str = parameter["type"]
    if not kind.startswith("tuple"):
        return kind
    members = ",".join(map(abi_type, parameter["components"]))
    return f"({members}){kind.removeprefix('tuple')}"


def selector(entry: AbiEntry) -> bytes:
    """The four bytes that name a function or an error in calldata."""
    return keccak(text=signature(entry))[:4]


def topic(event: AbiEntry) -> bytes:
    """The first topic of an event that is not anonymous."""
    return keccak(text=signature(event))


def encode(parameters: Sequence[AbiEntry], values: Sequence[Any]) -> bytes:
    """Encode ``values``. Addresses may be anything with an ``address``, structs mappings too."""
    if len(parameters) != len(values):
        expected = ", ".join(f"{abi_type(p)} {p['name']}".strip() for p in parameters)
        raise TypeError(f"expected ({expected}), got {len(values)} values: {values!r}")
    plain = [_plain(p, p["type"], value) for p, value in zip(parameters, values, strict=True)]
    return abi_encode([abi_type(p) for p in parameters], plain)


def _plain(parameter: AbiEntry, kind: str, value: Any) -> Any:
    if kind.endswith("]"):
        return [_plain(parameter, kind[: kind.rindex("[")], each) for each in value]
    if kind == "tuple":
        members = parameter["components"]
        if isinstance(value, Mapping):
            value = [value[member["name"]] for member in members]
        return tuple(_plain(m, m["type"], v) for m, v in zip(members, value, strict=True))
    if kind == "address":
        return str(getattr(value, "address", value))
    if kind.startswith("bytes") and isinstance(value, str):
        return bytes.fromhex(value.removeprefix("0x"))
    return value


def decode(parameters: Sequence[AbiEntry], data: bytes) -> tuple[Any, ...]:
    """Decode to checksummed addresses, ``bytes``, and named tuples for structs.

    Raises eth_abi's DecodingError where the data are not of these types.
    """
    values = _decoder().decode([abi_type(p) for p in parameters], data)
    return tuple(_rich(p, p["type"], v) for p, v in zip(parameters, values, strict=True))


@cache
def _decoder() -> ABIDecoder:
    """eth_abi's, as published: Ape, once imported, makes the registry that all share read numbers
    which are cut short, or not there, as if they were."""
    own = registry.copy()  # type: ignore[no-untyped-call]
    own.unregister_decoder("uint")
    numbers = BaseEquals("uint")  # type: ignore[no-untyped-call]
    own.register_decoder(numbers, UnsignedIntegerDecoder, label="uint")
    return ABIDecoder(own)


def decode_named(parameters: Sequence[AbiEntry], data: bytes) -> dict[str, Any]:
    """Decode to a mapping by parameter name; a nameless parameter is known by its position."""
    values = decode(parameters, data)
    return {
        p["name"] or str(at): value
        for at, (p, value) in enumerate(zip(parameters, values, strict=True))
    }


def decode_result(parameters: Sequence[AbiEntry], data: bytes) -> Any:
    """A function's answer: None, the one value, or a named tuple of several."""
    values = decode(parameters, data)
    if len(values) < 2:
        return values[0] if values else None
    return _tuple_type(tuple(p["name"] for p in parameters))(*values)


def _rich(parameter: AbiEntry, kind: str, value: Any) -> Any:
    if kind.endswith("]"):
        return [_rich(parameter, kind[: kind.rindex("[")], each) for each in value]
    if kind == "tuple":
        members = parameter["components"]
        values = (_rich(m, m["type"], v) for m, v in zip(members, value, strict=True))
        return _tuple_type(tuple(m["name"] for m in members))(*values)
    return checksum(value) if kind == "address" else value


@cache
def _tuple_type(names: tuple[str, ...]) -> Any:
    return namedtuple("Struct", names, rename=True)  # a member may bear a keyword's name


@lru_cache(maxsize=65_536)
def checksum(address: str) -> str:
    """The EIP-55 form of an address in hex."""
    plain = address.lower().removeprefix("0x")
    digest = keccak(text=plain).hex()
    return "0x" + "".join(
        char.upper() if int(nibble, 16) > 7 else char
        for char, nibble in zip(plain, digest, strict=False)
    )


@dataclass(frozen=True, slots=True)
class DecodedError:
    """Why a call was refused. An unknown selector is its own name, in hex."""

    name: str
    arguments: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.name}({', '.join(f'{k}={v}' for k, v in self.arguments.items())})"


@dataclass(frozen=True, slots=True)
class DecodedEvent:
    """One log. A log that no known ABI describes bears its first topic as its name."""

    address: str
    name: str
    arguments: Mapping[str, Any]
    transaction: str = ""
    """The hash of its transaction, where it was read from a chain."""

    def __str__(self) -> str:
        return f"{self.name}({', '.join(f'{k}={v}' for k, v in self.arguments.items())})"


def decode_error(data: bytes, also: Iterable[AbiEntry] = (), root: Path = ROOT) -> DecodedError:
    """Name a revert payload by the errors of all artifacts, and first by the ABI ``also``."""
    if not data:
        return DecodedError("", {})
    wanted = data[:4]
    candidates = [e for e in also if e["type"] == "error" and selector(e) == wanted]
    for entry in candidates + errors(root).get(wanted, []):
        try:
            return DecodedError(entry["name"], decode_named(entry["inputs"], data[4:]))
        except (DecodingError, InsufficientDataBytes):
            continue
    return DecodedError("0x" + wanted.hex(), {"data": data[4:]})


def decode_event(
    address: str,
    topics: Sequence[bytes],
    data: bytes,
    also: Iterable[AbiEntry] = (),
    root: Path = ROOT,
) -> DecodedEvent:
    """Name a log by the events of all artifacts, and first by the ABI ``also``.

    An indexed parameter of dynamic type stands for itself by its hash, as the chain keeps it.
    """
    first = topics[0] if topics else b""
    candidates = [e for e in also if e["type"] == "event" and topic(e) == first]
    for entry in candidates + events(root).get(first, []):
        indexed = [p for p in entry["inputs"] if p["indexed"]]
        if len(indexed) != len(topics) - 1:
            continue  # ERC-20 and ERC-721 share the topic of Transfer
        plain = decode_named([p for p in entry["inputs"] if not p["indexed"]], data)
        shown = [p if _fits_topic(p) else {**p, "type": "bytes32"} for p in indexed]
        from_topics = decode_named(shown, b"".join(topics[1:]))
        values = {**from_topics, **plain}
        return DecodedEvent(
            checksum(address),
            entry["name"],
            {p["name"]: values[p["name"]] for p in entry["inputs"]},
        )
    return DecodedEvent(checksum(address), "0x" + first.hex(), {"data": data})


def _fits_topic(parameter: AbiEntry) -> bool:
    kind: str = parameter["type"]
    return not (kind in ("string", "bytes") or kind.endswith("]") or kind.startswith("tuple"))


@cache
def errors(root: Path = ROOT) -> Mapping[bytes, Abi]:
    """Every error by selector, with the compiler's own ``Error`` and ``Panic``."""
    return _index("error", root, _BUILT_IN_ERRORS)


@cache
def events(root: Path = ROOT) -> Mapping[bytes, Abi]:
    """Every event by its first topic."""
    return _index("event", root)


@cache
def functions(root: Path = ROOT) -> Mapping[bytes, Abi]:
    """Every function by selector: what decodes calldata that is about to be signed."""
    return _index("function", root)


def _index(kind: str, root: Path, known: Abi | None = None) -> Mapping[bytes, Abi]:
    found: dict[bytes, Abi] = {}
    declared = (entry for artifact in load_all(root) for entry in artifact.entries(kind))
    for entry in [*(known or []), *declared]:
        key = topic(entry) if kind == "event" else selector(entry)
        same = found.setdefault(key, [])
        if entry not in same:
            same.append(entry)
    return found
