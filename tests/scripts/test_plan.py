"""A plan is pure data, and what is shown of it is read from the bytes (pitfall 36)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from scripts._amanat.artifacts import selector
from scripts._amanat.errors import InputRefused
from scripts._amanat.plan import (
    Call,
    Compiled,
    Decoded,
    Deployment,
    NotDeployed,
    Plan,
    Ref,
    Step,
    decode,
    digest,
    encode,
)
from tests.scripts.office import NOTEBOOK_ABI, NOTEBOOK_CODE, NotebookArtifacts, write

ARTIFACTS = NotebookArtifacts()


def nowhere(ref: Ref) -> str:
    raise NotDeployed(ref.name)


def test_a_steps_id_is_its_content_and_not_its_words() -> None:
    step = write(1)
    assert replace(step, title="something else", expects="", bulk="b").id == step.id
    for other in (
        replace(step, role="writer"),
        replace(step, value=1),
        replace(step, key="second row"),
        write(2),
    ):
        assert other.id != step.id


def test_a_plan_with_the_same_step_twice_is_refused() -> None:
    with pytest.raises(InputRefused, match="'write page 1' and 'again' are the same step"):
        Plan("note", "w", (write(1), replace(write(1), title="again")))
    Plan("note", "w", (write(1), replace(write(1), key="second row")))


def test_a_digest_tells_kinds_apart_and_refuses_floats() -> None:
    values = [b"\x01", "01", 1, True, Decimal("1"), Decimal("1.0"), Ref("1"), None, ["1"]]
    assert len({digest(value) for value in values}) == len(values)
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    with pytest.raises(TypeError, match="floats are refused"):
        digest({"price": 97.4913})


def test_calldata_is_read_back_as_it_was_meant() -> None:
    data = encode(write(5), ARTIFACTS, nowhere)
    assert data[:4] == selector(NOTEBOOK_ABI[1])
    assert decode(data, "Notebook", ARTIFACTS) == Decoded(
        "write(uint256,uint256)", (("page", 5), ("words", 105))
    )
    creation = encode(Step("open", "d", Deployment("N", "Notebook", (7,))), ARTIFACTS, nowhere)
    assert creation == NOTEBOOK_CODE + (7).to_bytes(32)
    assert decode(creation, "Notebook", ARTIFACTS, deploys=True) == Decoded(
        "new Notebook", (("first", 7),)
    )


def test_bytes_that_the_abi_does_not_explain_are_refused() -> None:
    """pitfall 36: nobody signs what cannot be read."""
    with pytest.raises(InputRefused, match="no function with selector 0xdeadbeef"):
        decode(bytes.fromhex("deadbeef"), "Notebook", ARTIFACTS)
    import ape.utils.abi  # noqa: F401 - as in every command; it loosens the decoders that all share

    whole = encode(write(5), ARTIFACTS, nowhere)
    for cut in (whole[:-1], whole[:-32], whole[:4]):
        with pytest.raises(InputRefused, match="do not decode"):
            decode(cut, "Notebook", ARTIFACTS)
    with pytest.raises(InputRefused, match="do not deploy Notebook"):
        decode(b"\x60\x80", "Notebook", ARTIFACTS, deploys=True)


@pytest.mark.parametrize(
    ("signature", "args", "fault"),
    [
        ("write(uint256,uint256)", (1,), "expected .uint256 page, uint256 words."),
        ("write(uint256,uint256)", (1, -1), "Cannot be encoded in 256 bits"),
        ("write(uint256,uint256)", (1, "two"), "cannot be encoded|str"),
        ("write(uint256)", (1,), "has no function write.uint256."),
    ],
)
def test_arguments_that_do_not_fit_the_abi_are_refused(
    signature: str, args: tuple[object, ...], fault: str
) -> None:
    step = Step("write", "d", Call("0x" + "11" * 20, "Notebook", signature, args))
    with pytest.raises(InputRefused, match=fault):
        encode(step, ARTIFACTS, nowhere)


def test_a_ref_is_resolved_wherever_it_stands_among_the_arguments() -> None:
    class OneFunction(NotebookArtifacts):
        def abi(self, name: str) -> list[dict[str, object]]:
            return [
                {
                    "type": "function",
                    "name": "f",
                    "inputs": [{"name": "to", "type": "address[]"}],
                }
            ]

    step = Step("f", "d", Call(Ref("X"), "Any", "f(address[])", ([Ref("Y")],)))
    with pytest.raises(NotDeployed, match="Y"):
        encode(step, OneFunction(), nowhere)
    data = encode(step, OneFunction(), lambda ref: "0x" + "22" * 20)
    assert decode(data, "Any", OneFunction()).args == (("to", ["0x" + "22" * 20]),)


def test_an_unknown_artifact_says_what_to_do() -> None:
    with pytest.raises(InputRefused, match="no contract is named NoSuch") as refusal:
        Compiled().abi("NoSuch")
    assert refusal.value.what_to_do == "Run `make build`."
