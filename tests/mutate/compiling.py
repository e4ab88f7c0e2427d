"""Compiling a mutant: of each unit only the contracts that the broken file can reach."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from scripts._amanat.build import CANONICAL, ROOT, TEST_CONTRACTS, Json, Unit, gather, install_solc
from tests.mutate.mutants import Mutant, Node, nodes, of_file

_CODE: Final = [
    "evm.bytecode.object",
    "evm.deployedBytecode.object",
    "evm.deployedBytecode.immutableReferences",
]
_METADATA: Final = re.compile(r"a2646970667358221220[0-9a-f]{64}64736f6c6343[0-9a-f]{6}0033")

Codes = Mapping[str, Json]
"""By an artifact's path from the root: what of it the mutant replaces."""


@dataclass(frozen=True)
class Broken:
    """A mutant that compiles to something else."""

    mutant: Mutant
    codes: Codes


class Sources:
    """Both units as they stand, to be broken."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.units = {unit: gather(root, unit) for unit in (CANONICAL, TEST_CONTRACTS)}

    @cached_property
    def mutants(self) -> list[Mutant]:
        """Every mutant of every contract of the programme."""
        sources = self.units[CANONICAL]["sources"]
        return [
            mutant
            for file, tree in self._trees[CANONICAL].items()
            if file.startswith(CANONICAL.sources + "/")
            for mutant in of_file(file, sources[file]["content"], tree)
        ]

    def broken(self, mutant: Mutant) -> Broken | None:
        """The mutant's code; None where it does not compile or changes no code at all."""
        codes: dict[str, Json] = {}
        for unit in self.units:
            compiled = self._compiled(unit, mutant)
            if compiled is None:
                return None
            codes |= compiled
        changed = {path: code for path, code in codes.items() if self._differs(path, code)}
        return Broken(mutant, changed) if changed else None

    def _compiled(self, unit: Unit, mutant: Mutant) -> dict[str, Json] | None:
        reached = self._reached(unit, mutant.file)
        if not reached:
            return {}
        standard = self.units[unit]
        source = standard["sources"][mutant.file]["content"]
        output = self._solc(
            standard["sources"] | {mutant.file: {"content": mutant.applied(source)}},
            standard["settings"] | {"outputSelection": {each: {"*": _CODE} for each in reached}},
        )
        if any(each["severity"] == "error" for each in output.get("errors", [])):
            return None
        return {
            f"{unit.artifacts}/{name}.json": _code(compiled)
            for contracts in output["contracts"].values()
            for name, compiled in contracts.items()
        }

    def _reached(self, unit: Unit, file: str) -> list[str]:
        """The unit's own sources that import ``file``, directly or not, and itself."""
        reached: set[str] = {file}
        before: set[str] = set()
        while reached != before:
            before = set(reached)
            reached |= {name for name, used in self._imports[unit].items() if used & before}
        return sorted(each for each in reached if each.startswith(unit.sources + "/"))

    @cached_property
    def _imports(self) -> dict[Unit, dict[str, set[str]]]:
        return {
            unit: {
                name: {
                    node["absolutePath"]
                    for node in nodes(tree)
                    if node["nodeType"] == "ImportDirective"
                }
                for name, tree in trees.items()
            }
            for unit, trees in self._trees.items()
        }

    @cached_property
    def _trees(self) -> dict[Unit, dict[str, Node]]:
        trees = {}
        for unit, standard in self.units.items():
            selected = {"outputSelection": {"*": {"": ["ast"]}}}
            output = self._solc(standard["sources"], standard["settings"] | selected)
            trees[unit] = {name: each["ast"] for name, each in output["sources"].items()}
        return trees

    def _solc(self, sources: Json, settings: Json) -> Json:
        wish = {"language": "Solidity", "sources": sources, "settings": settings}
        completed = subprocess.run(
            [install_solc(self.root), "--standard-json"],
            input=json.dumps(wish),
            capture_output=True,
            text=True,
            check=True,
        )
        output: Json = json.loads(completed.stdout)
        return output

    def _differs(self, path: str, code: Json) -> bool:
        whole = json.loads((self.root / path).read_text(encoding="utf-8"))
        return any(
            _bare(whole[part]["bytecode"]) != _bare(code[part]["bytecode"]) for part in _PARTS
        )


_PARTS: Final = ("deploymentBytecode", "runtimeBytecode")


def _code(compiled: Json) -> Json:
    creation, runtime = compiled["evm"]["bytecode"], compiled["evm"]["deployedBytecode"]
    return {
        "deploymentBytecode": {"bytecode": "0x" + creation["object"]},
        "runtimeBytecode": {"bytecode": "0x" + runtime["object"]},
        "immutableReferences": runtime.get("immutableReferences", {}),
    }


def _bare(code: str) -> Any:
    """Code without the hashes of its sources, which every change of a byte changes."""
    return _METADATA.sub("", code)
