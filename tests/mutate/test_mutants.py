"""The mutator itself: what it finds in a contract that has one of each, and in which order."""

from __future__ import annotations

import json
import subprocess
from itertools import islice
from typing import Final

import pytest

from scripts._amanat.build import ROOT, install_solc
from tests.mutate.__main__ import Verdict, judged
from tests.mutate.arena import Outcome
from tests.mutate.compiling import Broken
from tests.mutate.mutants import Mutant, in_turns, of_file

FILE: Final = "contracts/token/Sample.sol"
SOURCE: Final = """
pragma solidity 0.8.34;
contract Sample {
    uint256 private constant LIMIT = 7;
    mapping(address => uint256) private _held; // a comment – with a letter of three bytes
    modifier guarded() { _; }
    function move(address from, address to, uint256 amount) external guarded returns (bool) {
        if (amount > LIMIT) revert();
        _held[from] -= amount;
        _held[to] += amount;
        _note(from, to);
        for (uint256 i; i < 2; ++i) {}
        return amount == 0 ? true : false;
    }
    function _note(address, address) private pure {
        assembly { mstore(0, add(1, 2)) }
    }
}
"""


@pytest.fixture(scope="module")
def mutants() -> list[Mutant]:
    wish = {
        "language": "Solidity",
        "sources": {FILE: {"content": SOURCE}},
        "settings": {"outputSelection": {"*": {"": ["ast"]}}},
    }
    command = [str(install_solc(ROOT)), "--standard-json"]
    done = subprocess.run(
        command, input=json.dumps(wish), capture_output=True, text=True, check=True
    )
    return of_file(FILE, SOURCE, json.loads(done.stdout)["sources"][FILE]["ast"])


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("operator", ">", ">="),
        ("operator", "==", "!="),
        ("operator", "-=", "+="),
        ("operator", "++", "--"),
        ("condition", "amount > LIMIT", "!(amount > LIMIT)"),
        ("condition", "amount > LIMIT", "false"),
        ("statement", "_note(from, to);", "{}"),
        ("statement", "revert();", "{}"),
        ("modifier", "guarded", ""),
        ("arguments", "from, to", "to, from"),
        ("branches", "true : false", "false : true"),
        ("constant", "7", "(7 + 1)"),
        ("constant", "true", "false"),
        ("assembly", "add", "sub"),
        ("assembly", "mstore(0, add(1, 2))", ""),
    ],
)
def test_a_contract_is_broken_in_this_way(
    mutants: list[Mutant], kind: str, before: str, after: str
) -> None:
    assert (kind, before, after) in [(each.kind, each.before, each.text) for each in mutants]


def test_a_mutant_changes_its_own_bytes_and_tells_its_line(mutants: list[Mutant]) -> None:
    found = next(each for each in mutants if each.before == "_note(from, to);")
    assert found.applied(SOURCE) == SOURCE.replace("_note(from, to);", "{}")
    assert SOURCE.splitlines()[found.line - 1].strip() == found.before
    assert str(found) == f"{FILE}:{found.line}: statement: _note(from, to); → {{}}"


def test_a_loops_step_is_turned_round_but_not_taken_out(mutants: list[Mutant]) -> None:
    steps = [each.text for each in mutants if each.before in ("++i", "++")]
    assert steps == ["--"]


def test_the_order_is_the_seeds_and_goes_round_folders_and_kinds(mutants: list[Mutant]) -> None:
    other = [Mutant("contracts/identity/A.sol", n, "operator", n, n, "+", "-") for n in range(9)]
    first = list(in_turns(mutants + other, seed=3))
    assert first == list(in_turns(mutants + other, seed=3)) != list(in_turns(mutants, seed=4))
    assert sorted(first, key=repr) == sorted(mutants + other, key=repr)
    start = list(islice(first, 14))
    assert {each.area for each in start[::2]} == {"identity"}
    assert len({each.kind for each in start[1::2]}) == len(start[1::2])


def test_as_many_are_judged_as_were_asked_for_where_some_do_not_compile(
    mutants: list[Mutant],
) -> None:
    def trial(mutant: Mutant) -> Verdict | None:
        if mutant.kind == "operator":
            return None
        return Verdict(Broken(mutant, {}), Outcome(noticed=True, by="", seconds=0))

    compiling = [each for each in mutants if each.kind != "operator"]
    for count in (0, 1, 5, len(compiling), len(mutants)):
        verdicts = list(judged(trial, iter(mutants), count, workers=2))
        found = {each.broken.mutant for each in verdicts}
        assert found == set(compiling[:count])
