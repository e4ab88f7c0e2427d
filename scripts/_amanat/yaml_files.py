"""YAML files that describe money: read as exact text, judged by a strict model.

Of YAML only mappings, lists and scalars are used. Every scalar stays the text that was written, so
that 97.4913 never passes through a binary float and the country NO never becomes a boolean; an
unquoted number with decimals is refused all the same, because other readers of the same file would
make a float of it. Duplicate keys, aliases and tags are refused. Types come from the model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml  # type: ignore[import-untyped]
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from .reading import Findings, Unreadable, clean, decode, show

T = TypeVar("T")
M = TypeVar("M", bound="StrictModel")

Place = tuple[str | int, ...]
Fault = tuple[str, str, str]
"""The key within a field where a fault lies ('' for the field), what is wrong, what is right."""
Tree = dict[str, "Tree"] | list["Tree"] | str

_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "bool", "null", "timestamp")
)
_MISMATCHES = {
    "model_type": "a mapping of keys and values",
    "dict_type": "a mapping of keys and values",
    "list_type": "a list",
    "tuple_type": "a list",
    "string_type": "one value",
}


class StrictModel(BaseModel):
    """A part of a file: no unknown keys, no conversion of types, never changed once read."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True
    )


def parsed(parse: Callable[[str], T]) -> BeforeValidator:
    """Let a field of a model be read by one of the parsers of cells."""

    def read(value: object) -> T:
        if not isinstance(value, str):
            raise refusal("is not a single value", "one value")
        try:
            return parse(value)
        except Unreadable as error:
            raise refusal(error.wrong, error.right) from None

    return BeforeValidator(read)


def refusal(wrong: str, right: str) -> PydanticCustomError:
    """What a validator raises of its field."""
    return PydanticCustomError("refusal", "refused", {"faults": [("", wrong, right)]})


def refuse_all(faults: Iterable[Fault]) -> None:
    """Raise all `faults` of a field together, if there are any."""
    found = list(faults)
    if found:
        raise PydanticCustomError("refusal", "refused", {"faults": found})


def read_model(path: Path, model: type[M], context: Mapping[str, Any] | None = None) -> M:
    """Read a file into `model`; raises `InputProblems` with all that is wrong, by line and key.

    `context` is handed to the model's validators, with the file's folder added as `folder`.
    """
    findings = Findings(path)
    document = _read(path, findings)
    try:
        result = model.model_validate(
            document.tree, context={"folder": path.parent, **(context or {})}
        )
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            _book(detail, document, findings)
        findings.settle()
        raise  # Every fault was one of a refused scalar, booked and settled above.
    findings.settle()
    return result


@dataclass
class _Document:
    """What was written, and on which line each key stands."""

    tree: Tree
    lines: dict[Place, int]
    refused: set[Place]


def _read(path: Path, findings: Findings) -> _Document:
    try:
        root = yaml.compose(decode(path.read_bytes()), Loader=yaml.SafeLoader)
    except OSError as error:
        findings.problem(None, "", "", f"cannot be read: {error.strerror}", "a readable file")
    except Unreadable as error:
        findings.problem(None, "", "", error.wrong, error.right)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        what = error.problem or "is unreadable"
        findings.problem(line, "", "", f"is not YAML: {what}", "well-formed YAML")
    except yaml.YAMLError as error:
        findings.problem(None, "", "", f"is not YAML: {error}", "well-formed YAML")
    else:
        if isinstance(root, yaml.MappingNode):
            document = _Document({}, {}, set())
            document.tree = _grow(root, (), document, findings, set())
            return document
        findings.problem(1, "", "", "holds no keys and values", "a mapping of keys and values")
    findings.settle()
    raise AssertionError("unreachable: a problem was booked")


def _grow(
    node: yaml.Node, place: Place, document: _Document, findings: Findings, seen: set[int]
) -> Tree:
    line = document.lines.setdefault(place, node.start_mark.line + 1)
    if id(node) in seen:
        document.refused.add(place)
        findings.problem(line, _dotted(place), "", "is an alias", "the value written out")
        return ""
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, document, findings, seen)
    if isinstance(node, yaml.SequenceNode):
        return [
            _grow(item, (*place, index), document, findings, seen)
            for index, item in enumerate(node.value)
        ]
    return _scalar(node, place, document, findings)


def _mapping(
    node: yaml.MappingNode,
    place: Place,
    document: _Document,
    findings: Findings,
    seen: set[int],
) -> Tree:
    tree: dict[str, Tree] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        line = key_node.start_mark.line + 1
        if key in tree:
            first = document.lines[(*place, key)]
            findings.problem(
                line, _dotted((*place, key)), "", f"stands in line {first} already", "one of them"
            )
            continue
        document.lines[(*place, key)] = line
        tree[key] = _grow(value_node, (*place, key), document, findings, seen)
    return tree


def _scalar(node: yaml.ScalarNode, place: Place, document: _Document, findings: Findings) -> str:
    text = str(node.value)
    line = document.lines[place]
    try:
        if node.style is None and node.tag == "tag:yaml.org,2002:float":
            raise Unreadable("is unquoted and would be a binary float elsewhere", f'"{text}"')
        if node.style is None and node.tag not in _PLAIN_TAGS or node.tag.startswith("!"):
            raise Unreadable(f"has the tag {node.tag}", "a plain value")
        return clean(text)
    except Unreadable as error:
        document.refused.add(place)
        findings.unreadable(line, _dotted(place), text, error)
        return text


def _book(detail: ErrorDetails, document: _Document, findings: Findings) -> None:
    """Turn what pydantic found into problems, unless the scalar was refused already."""
    for at, wrong, right in _faults(detail):
        place: Place = (*detail["loc"], *at.split(".")) if at else detail["loc"]
        if place in document.refused:
            continue
        value = _value_at(document.tree, place)
        findings.problem(
            _line_of(place, document), _dotted(place), show(value) if value else "", wrong, right
        )


def _faults(detail: ErrorDetails) -> Iterable[Fault]:
    kind = detail["type"]
    if kind == "refusal":
        faults: list[Fault] = detail["ctx"]["faults"]
        return faults
    if kind == "missing":
        return [("", "is missing", "a value")]
    if kind == "extra_forbidden":
        return [("", "is not a key of this file", "the keys that the sample file shows")]
    return [("", f"is not right: {detail['msg']}", _MISMATCHES.get(kind, ""))]


def _line_of(place: Place, document: _Document) -> int | None:
    """The line of the innermost key of `place` that was written."""
    for length in range(len(place), -1, -1):
        line = document.lines.get(place[:length])
        if line is not None:
            return line
    return None


def _value_at(tree: Tree, place: Place) -> str:
    for step in place:
        if isinstance(tree, dict):
            tree = tree.get(str(step), "")
        elif isinstance(tree, list) and isinstance(step, int) and step < len(tree):
            tree = tree[step]
        else:
            return ""
    return tree if isinstance(tree, str) else ""


def _dotted(place: Place) -> str:
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in place)
