"""Calldata read a second time, by a reader of our own (pitfall 36).

What people sign is shown to them from here. It shares nothing with the library that encodes, it was
written from the ABI's specification, and it is strict where decoders are lenient: every offset must
point where the part before it ends, every padding must be zero, and not a byte may be left over. So
there is one reading of the bytes or none.

https://docs.soliditylang.org/en/v0.8.34/abi-spec.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scripts._amanat.errors import InputRefused

WORD = 32

_ABOUT_CALLS: Mapping[str, Callable[[Sequence[Any]], Sequence[bytes]]] = {
    "schedule(address,bytes,uint48)": lambda values: values[1:2],
    "execute(address,bytes)": lambda values: values[1:2],
    "multicall(bytes[])": lambda values: values[0],
}
"""Functions of the `Authority` that are about other calls, and where these stand."""

Parameter = dict[str, Any]
"""An entry of `inputs` in an ABI: name, type, and the components of a struct."""


class NotReadable(InputRefused):
    """Bytes that are not, to the last one, what the ABI says."""

    what_to_do = "Sign nothing: find out who made this calldata, and with which software."


def read(parameters: Sequence[Parameter], data: bytes) -> tuple[Any, ...]:
    """The values, in order: integers, booleans, bytes, text, checksummed addresses; tuples of them
    for lists and structs. NotReadable for anything but their one canonical encoding."""
    values, end = _Reader(data).sequence(parameters, 0)
    if end != len(data):
        raise NotReadable(f"{len(data) - end} bytes follow the last argument")
    return values


class _Reader:
    """`read` of one piece of calldata; a place is counted in bytes from its beginning."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def sequence(self, parameters: Sequence[Parameter], base: int) -> tuple[tuple[Any, ...], int]:
        """Values that stand one after another, and where the next one would: heads first, then the
        tails of those whose length is not known beforehand."""
        values: list[Any] = []
        head, end = base, base + sum(map(_head_size, parameters))
        for parameter in parameters:
            if _is_dynamic(parameter):
                if base + self._number(head) != end:
                    raise NotReadable(f"the offset at byte {head} points elsewhere")
                value, end = self._dynamic(parameter, end)
                head += WORD
            else:
                value, head = self._static(parameter, head)
            values.append(value)
        return tuple(values), end

    def _static(self, parameter: Parameter, at: int) -> tuple[Any, int]:
        if (listed := _list_of(parameter)) is not None:
            element, length = listed
            return self.sequence([element] * int(length or 0), at)
        if parameter["type"] == "tuple":
            return self.sequence(parameter["components"], at)
        return self._scalar(parameter["type"], at), at + WORD

    def _dynamic(self, parameter: Parameter, at: int) -> tuple[Any, int]:
        if (listed := _list_of(parameter)) is not None:
            element, length = listed
            if length is not None:
                return self.sequence([element] * length, at)
            count = self._number(at)
            if count * _head_size(element) > len(self._data):
                raise NotReadable(f"a list of {count} elements at byte {at} cannot be")
            return self.sequence([element] * count, at + WORD)
        if parameter["type"] == "tuple":
            return self.sequence(parameter["components"], at)
        return self._text(parameter["type"], at)

    def _text(self, kind: str, at: int) -> tuple[bytes | str, int]:
        """`bytes` or `string`: a length, and that many bytes, filled up with zeros."""
        start, length = at + WORD, self._number(at)
        end = start + -(-length // WORD) * WORD
        if end > len(self._data):
            raise NotReadable(f"{length} bytes at byte {at} are more than there are")
        content, padding = self._data[start : start + length], self._data[start + length : end]
        if any(padding):
            raise NotReadable(f"what fills up the text at byte {at} is not zero")
        if kind == "bytes":
            return content, end
        try:
            return content.decode("utf-8"), end
        except UnicodeDecodeError:
            raise NotReadable(f"the text at byte {at} is not UTF-8") from None

    def _scalar(self, kind: str, at: int) -> Any:
        word = self._word(at)
        number = int.from_bytes(word, "big")
        stem, size = _stem_and_size(kind)
        if stem == "bytes":
            value, rest = word[:size], word[size:]
            if any(rest):
                raise NotReadable(f"what fills up the {kind} at byte {at} is not zero")
            return value
        if stem == "int":
            signed = int.from_bytes(word, "big", signed=True)
            if not -(1 << size - 1) <= signed < 1 << size - 1:
                raise NotReadable(f"{signed} at byte {at} is no {kind}")
            return signed
        if number >> size:
            raise NotReadable(f"{number} at byte {at} is no {kind}")
        if stem == "address":
            return _address(word)
        return bool(number) if stem == "bool" else number

    def _number(self, at: int) -> int:
        return int.from_bytes(self._word(at), "big")

    def _word(self, at: int) -> bytes:
        word = self._data[at : at + WORD]
        if len(word) != WORD:
            raise NotReadable(f"the bytes end before byte {at + WORD}")
        return word


def canonical(name: str, parameters: Sequence[Parameter]) -> str:
    """A function's signature, whose hash begins with the selector."""
    return f"{name}({','.join(map(_type, parameters))})"


def _type(parameter: Parameter) -> str:
    kind: str = parameter["type"]
    if kind.startswith("tuple"):
        return canonical("", parameter["components"]) + kind[len("tuple") :]
    return kind


def _list_of(parameter: Parameter) -> tuple[Parameter, int | None] | None:
    """The element and the length of a list, whose length None is told by the data."""
    found = re.fullmatch(r"(.+)\[(\d*)\]", parameter["type"])
    if found is None:
        return None
    return {**parameter, "type": found[1]}, int(found[2]) if found[2] else None


def _is_dynamic(parameter: Parameter) -> bool:
    if (listed := _list_of(parameter)) is not None:
        element, length = listed
        return length is None or _is_dynamic(element)
    if parameter["type"] == "tuple":
        return any(map(_is_dynamic, parameter["components"]))
    return parameter["type"] in ("bytes", "string")


def _head_size(parameter: Parameter) -> int:
    """Bytes that it takes among the heads."""
    if _is_dynamic(parameter):
        return WORD
    if (listed := _list_of(parameter)) is not None:
        element, length = listed
        return int(length or 0) * _head_size(element)
    if parameter["type"] == "tuple":
        return sum(map(_head_size, parameter["components"]))
    return WORD


def _stem_and_size(kind: str) -> tuple[str, int]:
    """What a word is: bits of a number, bytes of a `bytesN`."""
    if kind in ("address", "bool"):
        return kind, 160 if kind == "address" else 1
    found = re.fullmatch(r"(uint|int|bytes)(\d+)", kind)
    if found is None:
        raise NotReadable(f"{kind} is no type that this reader knows")
    return found[1], int(found[2])


def _address(word: bytes) -> str:
    from eth_utils.address import to_checksum_address

    return str(to_checksum_address(word[-20:]))


# ---------------------------------------------------------------- calls, in words


@dataclass(frozen=True)
class Explained:
    """A call that both readers explain alike."""

    function: str
    parameters: tuple[Parameter, ...]
    values: tuple[Any, ...]
    inner: tuple[Explained, ...] = ()
    """The calls that this one schedules or makes."""

    def sentence(self, names: Mapping[str, str]) -> str:
        """Every argument by name and in full; `names` are words for addresses in lower case."""
        shown = [
            f"{p['name'] or at}: {_in_words(p, value, names)}"
            for at, (p, value) in enumerate(zip(self.parameters, self.values, strict=True))
            if not (self.inner and p["type"].startswith("bytes"))
        ]
        said = f"{self.function.partition('(')[0]}({', '.join(shown)})"
        inner = "; ".join(each.sentence(names) for each in self.inner)
        return f"{said}: {inner}" if inner else said


def explained(data: bytes) -> Explained:
    """A call of one of the programme's contracts, read twice.

    NotReadable where no ABI of ours knows the function, or the two readings are not the same.
    """
    entry = _entry_of(data[:4])
    values = read(entry["inputs"], data[4:])
    _require_the_same(entry, data[4:], values)
    function = canonical(entry["name"], entry["inputs"])
    calls_in = _ABOUT_CALLS.get(function)
    inner = calls_in(values) if calls_in else ()
    return Explained(function, tuple(entry["inputs"]), values, tuple(map(explained, inner)))


def unpacked(data: bytes) -> list[tuple[str, int, bytes]]:
    """Target, value in wei and data of each call that MultiSendCallOnly would make."""
    calls, at = [], 0
    while at < len(data):
        kind, target, head = data[at], data[at + 1 : at + 21], data[at + 21 : at + 85]
        length = int.from_bytes(head[32:], "big")
        if kind or len(head) != 64 or at + 85 + length > len(data):
            raise NotReadable(f"the packed call at byte {at} is none")
        content = data[at + 85 : at + 85 + length]
        calls.append((_address(target), int.from_bytes(head[:32], "big"), content))
        at += 85 + length
    return calls


def _entry_of(selector: bytes) -> Parameter:
    from eth_utils.crypto import keccak

    from scripts._amanat import artifacts

    for entry in artifacts.functions().get(selector, []):
        if keccak(text=canonical(entry["name"], entry["inputs"]))[:4] == selector:
            return entry
    raise NotReadable(f"no contract of the programme has a function 0x{selector.hex()}")


def _require_the_same(entry: Parameter, body: bytes, values: tuple[Any, ...]) -> None:
    from eth_abi.exceptions import DecodingError

    from scripts._amanat import artifacts

    try:
        other = artifacts.decode(entry["inputs"], body)
    except DecodingError as fault:
        raise NotReadable(f"{entry['name']}: only one of two readers reads it: {fault}") from None
    if _plain(other) != _plain(values):
        raise NotReadable(f"{entry['name']}: two readers read two things in the same bytes")


def _plain(value: Any) -> Any:
    return tuple(map(_plain, value)) if isinstance(value, (list, tuple)) else value


def _in_words(parameter: Parameter, value: Any, names: Mapping[str, str]) -> str:
    if (listed := _list_of(parameter)) is not None:
        return f"[{', '.join(_in_words(listed[0], each, names) for each in value)}]"
    if parameter["type"] == "tuple":
        members = zip(parameter["components"], value, strict=True)
        said = ", ".join(f"{each['name']}: {_in_words(each, v, names)}" for each, v in members)
        return "{" + said + "}"
    if parameter["type"] == "address":
        return named_in_full(value, names)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, bytes):
        text = value.rstrip(b"\0")
        printable = len(text) > 2 and all(0x20 <= byte < 0x7F for byte in text)
        return f"0x{value.hex()}" + (f" ({text.decode()!r})" if printable else "")
    return f"{value:,}" if isinstance(value, int) else repr(value)


def named_in_full(address: str, names: Mapping[str, str]) -> str:
    """An address, all of it, after what it is known as."""
    name = names.get(address.lower())
    return f"{name} {address}" if name else address
