"""Where Solidity can be broken, from the compiler's syntax tree: one small change each.

Each is a change of bytes in one file. It may turn out not to compile, or to compile to the same
code; what it means is for the tests to say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, zip_longest
from random import Random
from typing import Any, Final

Node = dict[str, Any]

_OPERATORS: Final[Mapping[str, str]] = {
    **{"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="},
    **{"+": "-", "-": "+", "*": "/", "/": "*", "%": "/"},
    **{"&&": "||", "||": "&&", "&": "|", "|": "&", "^": "|", "<<": ">>", ">>": "<<"},
}
_ASSIGNMENTS: Final[Mapping[str, str]] = {"+=": "-=", "-=": "+=", "|=": "&=", "&=": "|="}
_ASSEMBLY: Final[Mapping[str, str]] = {
    **{"add": "sub", "sub": "add", "and": "or", "or": "and", "shl": "shr", "shr": "shl"},
    **{"lt": "gt", "gt": "lt", "mul": "add", "div": "mul", "iszero": "not"},
}
_STEPS: Final[Mapping[str, str]] = {"++": "--", "--": "++"}
_REMOVABLE: Final = frozenset(
    {"ExpressionStatement", "EmitStatement", "RevertStatement", "Return", "Continue", "Break"}
)


@dataclass(frozen=True)
class Mutant:
    """Bytes ``start`` to ``end`` of ``file`` become ``text``."""

    file: str
    line: int
    kind: str
    start: int
    end: int
    before: str
    text: str

    @property
    def area(self) -> str:
        """The folder below contracts/, ``token``."""
        return self.file.split("/")[1]

    def __str__(self) -> str:
        before, after = (" ".join(each.split()) or "nothing" for each in (self.before, self.text))
        return f"{self.file}:{self.line}: {self.kind}: {before} → {after}"

    def applied(self, source: str) -> str:
        """The file's text with the change."""
        data = source.encode()
        return (data[: self.start] + self.text.encode() + data[self.end :]).decode()


def of_file(file: str, source: str, tree: Node) -> list[Mutant]:
    """All mutants of a file, in the order of its text."""
    found = _Finder(file, source.encode()).of_tree(tree)
    return sorted(found, key=lambda mutant: (mutant.start, mutant.end, mutant.text))


def in_turns(mutants: Iterable[Mutant], seed: int) -> Iterator[Mutant]:
    """All of them in an order fixed by the seed: by turns of areas, and of kinds in each area."""
    by_area: dict[str, dict[str, list[Mutant]]] = defaultdict(lambda: defaultdict(list))
    for mutant in mutants:
        by_area[mutant.area][mutant.kind].append(mutant)
    random = Random(seed)
    areas = []
    for _, by_kind in sorted(by_area.items()):
        kinds = [random.sample(each, len(each)) for _, each in sorted(by_kind.items())]
        random.shuffle(kinds)
        areas.append(list(_turns(kinds)))
    return _turns(areas)


def _turns(lists: list[list[Mutant]]) -> Iterator[Mutant]:
    return (each for each in chain.from_iterable(zip_longest(*lists)) if each is not None)


def nodes(tree: Any) -> Iterator[Node]:
    """Every node of a syntax tree, parents first."""
    if isinstance(tree, dict):
        if "nodeType" in tree:
            yield tree
        for child in tree.values():
            yield from nodes(child)
    elif isinstance(tree, list):
        for child in tree:
            yield from nodes(child)


class _Finder:
    def __init__(self, file: str, source: bytes) -> None:
        self.file, self.source = file, source

    def of_tree(self, tree: Node) -> Iterator[Mutant]:
        for node in nodes(tree):
            if node["nodeType"] == "FunctionDefinition" and node["implemented"]:
                yield from self._modifiers(node)
                for inner in nodes(node["body"]):
                    yield from self._of_node(inner)
            elif node["nodeType"] == "VariableDeclaration" and node.get("stateVariable"):
                for inner in nodes(node.get("value")):
                    yield from self._of_node(inner)

    def _of_node(self, node: Node) -> Iterator[Mutant]:
        kind = node["nodeType"]
        finder = getattr(self, "_of_" + kind.lower(), None)
        if kind in _REMOVABLE:
            yield from self._removed(node)
        elif finder:
            yield from finder(node)

    # ---------------------------------------------------------------- by kind of node

    def _modifiers(self, node: Node) -> Iterator[Mutant]:
        if node["kind"] != "constructor":
            for each in node["modifiers"]:
                yield self._mutant("modifier", *_span(each), "")

    def _removed(self, node: Node) -> Iterator[Mutant]:
        start, end = _span(node)
        rest = self.source[end:]
        gap = len(rest) - len(rest.lstrip())
        if self.source[start:end].endswith(b";"):
            yield self._mutant("statement", start, end, "{}")
        elif rest[gap : gap + 1] == b";":
            yield self._mutant("statement", start, end + gap + 1, "{}")

    def _of_binaryoperation(self, node: Node) -> Iterator[Mutant]:
        if node["operator"] in _OPERATORS:
            left, right = _span(node["leftExpression"]), _span(node["rightExpression"])
            yield from self._swapped(node["operator"], _OPERATORS, left[1], right[0])

    def _of_assignment(self, node: Node) -> Iterator[Mutant]:
        if node["operator"] in _ASSIGNMENTS:
            left, right = _span(node["leftHandSide"]), _span(node["rightHandSide"])
            yield from self._swapped(node["operator"], _ASSIGNMENTS, left[1], right[0])

    def _of_unaryoperation(self, node: Node) -> Iterator[Mutant]:
        operator, (start, end) = node["operator"], _span(node)
        if operator == "!":
            yield self._mutant("operator", start, start + 1, "")
        elif operator in _STEPS:
            yield from self._swapped(operator, _STEPS, start, end)

    def _of_ifstatement(self, node: Node) -> Iterator[Mutant]:
        start, end = _span(node["condition"])
        yield self._mutant("condition", start, end, f"!({self._text(start, end)})")
        yield self._mutant("condition", start, end, "false")

    def _of_conditional(self, node: Node) -> Iterator[Mutant]:
        yes, no = _span(node["trueExpression"]), _span(node["falseExpression"])
        yield self._exchanged("branches", yes, no)

    def _of_functioncall(self, node: Node) -> Iterator[Mutant]:
        if node["names"]:
            return
        arguments = node["arguments"]
        for one, other in zip(arguments, arguments[1:], strict=False):
            if _type(one) == _type(other) and self._of(one) != self._of(other):
                yield self._exchanged("arguments", _span(one), _span(other))

    def _of_literal(self, node: Node) -> Iterator[Mutant]:
        start, end = _span(node)
        if node["kind"] == "bool":
            yield self._mutant(
                "constant", start, end, "false" if node["value"] == "true" else "true"
            )
        elif node["kind"] == "number":
            digits = self._text(start, end).split()[0]
            yield self._mutant("constant", start, start + len(digits), f"({digits} + 1)")

    def _of_yulexpressionstatement(self, node: Node) -> Iterator[Mutant]:
        yield self._mutant("assembly", *_span(node), "")

    def _of_yulfunctioncall(self, node: Node) -> Iterator[Mutant]:
        name = node["functionName"]
        if name["name"] in _ASSEMBLY:
            yield self._mutant("assembly", *_span(name), _ASSEMBLY[name["name"]])

    # ---------------------------------------------------------------- bytes

    def _swapped(
        self, operator: str, others: Mapping[str, str], start: int, end: int
    ) -> Iterator[Mutant]:
        at = self.source.find(operator.encode(), start, end)
        if at >= 0:
            yield self._mutant("operator", at, at + len(operator), others[operator])

    def _exchanged(self, kind: str, one: tuple[int, int], other: tuple[int, int]) -> Mutant:
        between = self._text(one[1], other[0])
        return self._mutant(kind, one[0], other[1], self._text(*other) + between + self._text(*one))

    def _mutant(self, kind: str, start: int, end: int, text: str) -> Mutant:
        line = self.source.count(b"\n", 0, start) + 1
        return Mutant(self.file, line, kind, start, end, self._text(start, end), text)

    def _of(self, node: Node) -> str:
        return self._text(*_span(node))

    def _text(self, start: int, end: int) -> str:
        return self.source[start:end].decode()


def _span(node: Node) -> tuple[int, int]:
    start, length, _ = map(int, node["src"].split(":"))
    return start, start + length


def _type(node: Node) -> Any:
    return node.get("typeDescriptions", {}).get("typeString")
