"""The second reader of calldata, against the first and against bytes that are not canonical."""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi.abi import encode
from eth_abi.exceptions import DecodingError
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from hypothesis import given
from hypothesis import strategies as st

from scripts._amanat import artifacts, calldata
from scripts._amanat.calldata import NotReadable, Parameter, explained, read, unpacked
from scripts._amanat.safes import packed

ALICE = to_checksum_address("0x" + "a1" * 20)
WORD = 32


def scalars() -> st.SearchStrategy[tuple[Parameter, Any]]:
    """A type that takes one word or a text, and a value of it."""
    sizes = st.integers(1, 32)
    return st.one_of(
        sizes.flatmap(lambda n: pair(f"uint{8 * n}", st.integers(0, (1 << 8 * n) - 1))),
        sizes.flatmap(
            lambda n: pair(f"int{8 * n}", st.integers(-(1 << 8 * n - 1), (1 << 8 * n - 1) - 1))
        ),
        sizes.flatmap(lambda n: pair(f"bytes{n}", st.binary(min_size=n, max_size=n))),
        pair("address", st.binary(min_size=20, max_size=20).map(to_checksum_address)),
        pair("bool", st.booleans()),
        pair("bytes", st.binary(max_size=70)),
        pair("string", st.text(max_size=40)),
    )


def pair(kind: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Parameter, Any]]:
    return values.map(lambda value: ({"name": "", "type": kind}, value))


def nested(
    inner: st.SearchStrategy[tuple[Parameter, Any]],
) -> st.SearchStrategy[tuple[Parameter, Any]]:
    return st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(struct),
        st.tuples(inner, st.integers(0, 3)).map(lambda of: listed(*of, "")),
        st.tuples(inner, st.integers(1, 3)).map(lambda of: listed(*of, str(of[1]))),
    )


def struct(members: list[tuple[Parameter, Any]]) -> tuple[Parameter, Any]:
    kind = {"name": "", "type": "tuple", "components": [each for each, _ in members]}
    return kind, tuple(value for _, value in members)


def listed(element: tuple[Parameter, Any], count: int, length: str) -> tuple[Parameter, Any]:
    kind, value = element
    return {**kind, "type": f"{kind['type']}[{length}]"}, (value,) * count


PARAMETERS = st.lists(st.recursive(scalars(), nested, max_leaves=6), max_size=4)


def encoded(given: list[tuple[Parameter, Any]]) -> tuple[list[Parameter], bytes]:
    kinds = [kind for kind, _ in given]
    return kinds, encode([artifacts.abi_type(kind) for kind in kinds], [v for _, v in given])


@given(PARAMETERS)
def test_it_reads_whatever_the_library_encodes(given: list[tuple[Parameter, Any]]) -> None:
    kinds, data = encoded(given)
    assert read(kinds, data) == tuple(value for _, value in given)


@given(PARAMETERS, st.data())
def test_no_other_bytes_read_as_the_same_values(
    given: list[tuple[Parameter, Any]], draw: st.DataObject
) -> None:
    """One reading, one encoding: a changed byte is refused, or read as something else."""
    kinds, data = encoded(given)
    if not data:
        return
    at = draw.draw(st.integers(0, len(data) - 1))
    changed = bytearray(data)
    changed[at] ^= draw.draw(st.integers(1, 255))
    try:
        other = read(kinds, bytes(changed))
    except NotReadable:
        return
    assert other != tuple(value for _, value in given)


@given(PARAMETERS, st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(given: list[tuple[Parameter, Any]], data: bytes) -> None:
    """Never a crash, never for ever; what it reads, the library encodes to the same bytes."""
    kinds, _ = encoded(given)
    try:
        values = read(kinds, data)
    except NotReadable:
        return
    assert encode([artifacts.abi_type(kind) for kind in kinds], values) == data


def word(number: int) -> bytes:
    return number.to_bytes(WORD, "big")


@pytest.mark.parametrize(
    ("kind", "data", "told"),
    [
        ("uint8", word(256), "256 at byte 0 is no uint8"),
        ("bool", word(2), "2 at byte 0 is no bool"),
        ("address", word(1 << 160), "is no address"),
        ("int8", word(128), "128 at byte 0 is no int8"),
        ("bytes4", b"abcde".ljust(WORD, b"\0"), "what fills up the bytes4"),
        ("uint256", word(1) + b"\0", "1 bytes follow the last argument"),
        ("uint256", word(1)[:-1], "the bytes end before byte 32"),
        ("bytes", word(64) + word(0) + word(0), "the offset at byte 0 points elsewhere"),
        ("bytes", word(32) + word(1 << 255), "are more than there are"),
        ("bytes", word(32) + word(1) + b"ab".ljust(WORD, b"\0"), "what fills up the text"),
        ("string", word(32) + word(1) + b"\xff".ljust(WORD, b"\0"), "is not UTF-8"),
        ("uint256[]", word(32) + word(1 << 200), "cannot be"),
        ("function", word(0), "no type that this reader knows"),
    ],
)
def test_what_is_not_canonical_is_refused(kind: str, data: bytes, told: str) -> None:
    with pytest.raises(NotReadable, match=told):
        read([{"name": "", "type": kind}], data)


# ---------------------------------------------------------------- calls


def call(signature: str, types: list[str], *args: Any) -> bytes:
    return keccak(text=signature)[:4] + encode(types, args)


FREEZE = call("setAddressFrozen(address,bool)", ["address", "bool"], ALICE, True)


def test_a_scheduled_call_is_read_within_its_scheduling() -> None:
    """Pitfall 36: nobody signs a scheduling without seeing what is scheduled."""
    types = ["address", "bytes", "uint48"]
    data = call("schedule(address,bytes,uint48)", types, ALICE, FREEZE, 0)
    found = explained(data)
    assert [each.values for each in found.inner] == [(ALICE, True)]
    said = found.sentence({ALICE.lower(): "MTB-26DEC25"})
    assert said.startswith(f"schedule(target: MTB-26DEC25 {ALICE}, when: 0): setAddressFrozen(")
    assert said.endswith(": true)")


def test_calls_within_a_call_are_all_read() -> None:
    """What one would hide in a bundle, and a bundle in another."""
    bundle = call("multicall(bytes[])", ["bytes[]"], [FREEZE, FREEZE])
    said = explained(call("multicall(bytes[])", ["bytes[]"], [bundle])).sentence({})
    assert said.startswith("multicall(): multicall(): setAddressFrozen(")
    assert said.count(f"{ALICE}, ") == 2
    with pytest.raises(NotReadable, match="no contract of the programme"):
        explained(call("multicall(bytes[])", ["bytes[]"], [b"\1\2\3\4"]))


def test_calldata_that_one_reader_reads_and_the_other_does_not_is_refused() -> None:
    """What follows the last argument: the library overlooks it."""
    assert artifacts.decode([{"name": "", "type": "bool"}], word(1) + b"\0") == (True,)
    with pytest.raises(NotReadable, match="1 bytes follow the last argument"):
        explained(FREEZE + b"\0")


@pytest.mark.parametrize("answer", [(ALICE, False), DecodingError("no")])
def test_two_readers_who_do_not_agree_are_not_believed(
    answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other(parameters: Any, data: bytes) -> Any:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(artifacts, "decode", other)
    with pytest.raises(NotReadable, match="two readers"):
        explained(FREEZE)


def test_an_unknown_function_is_not_signed_for() -> None:
    with pytest.raises(NotReadable, match="no contract of the programme has a function 0x00000001"):
        explained(bytes.fromhex("00000001"))


@given(
    st.lists(
        st.tuples(
            st.binary(min_size=20, max_size=20).map(to_checksum_address),
            st.integers(0, (1 << 256) - 1),
            st.binary(max_size=80),
        ),
        max_size=4,
    )
)
def test_packed_calls_read_as_they_were_packed(calls: list[tuple[str, int, bytes]]) -> None:
    assert unpacked(packed(calls)) == calls


@pytest.mark.parametrize("cut", [1, 40, 86])
def test_packed_calls_that_are_cut_short_are_refused(cut: int) -> None:
    with pytest.raises(NotReadable, match="the packed call at byte 0 is none"):
        unpacked(packed([(ALICE, 0, FREEZE)])[:cut])


def test_a_packed_call_may_not_run_foreign_code() -> None:
    """MultiSendCallOnly refuses it on the chain as well: only calls."""
    with pytest.raises(NotReadable, match="is none"):
        unpacked(b"\x01" + packed([(ALICE, 0, FREEZE)])[1:])


def test_long_values_are_told_in_full() -> None:
    """Nothing that is signed is left out, be it long."""
    many = [to_checksum_address(bytes([n]) * 20) for n in range(1, 9)]
    data = call("recount(address[])", ["address[]"], many)
    said = explained(data).sentence({})
    assert all(each in said for each in many)
    assert calldata.named_in_full(ALICE, {}) == ALICE
