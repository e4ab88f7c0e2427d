"""The README, held against what it speaks of: powers, commands, codes, classes and files."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from scripts._amanat import errors, powers
from scripts._amanat.build import ROOT
from scripts._amanat.investors import INVESTOR_CLASSES
from scripts._amanat.powers import Role

README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = sorted(
    path.stem for path in (ROOT / "scripts").glob("*.py") if not path.stem.startswith("_")
)


def generated(name: str) -> list[str]:
    """The table between `<!-- name -->` and `<!-- /name -->`."""
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", README, re.DOTALL)
    assert found, f"the README has no table {name}"
    return found[1].strip().splitlines()


def table(titles: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    lines = [titles, ["---"] * len(titles), *rows]
    return ["| " + " | ".join(str(cell) for cell in line) + " |" for line in lines]


def in_columns(pairs: Sequence[tuple[object, str]], columns: int) -> list[list[object]]:
    """Pairs filled row by row, the last row padded."""
    rows = []
    for start in range(0, len(pairs), columns):
        row: list[object] = [cell for pair in pairs[start : start + columns] for cell in pair]
        rows.append(row + [""] * (2 * columns - len(row)))
    return rows


# ---------------------------------------------------------------- roles


def test_the_matrix_of_roles_is_the_table_of_powers() -> None:
    rows = [(role.label, held_by(role), waits(role), opens(role)) for role in Role]
    assert generated("roles") == table(("Role", "Held by", "Waits", "Opens"), rows)


def held_by(role: Role) -> str:
    if role is Role.STANDARD_FORM:
        return "nobody"
    contracts = powers.OF_CONTRACTS.get(role, ())
    people = () if role in (*powers.NEVER_OF_PEOPLE, Role.MINTER) else ("people",)
    return ", ".join((*people, *(f"`{name}`" for name in contracts)))


def waits(role: Role) -> str:
    programme = yaml.safe_load((ROOT / "scripts/_pilot/programme.yaml").read_text("utf-8"))
    hours = programme["roles"].get(role.name.lower(), {}).get("delay_hours")
    return f"{hours} h" if hours else ""


def opens(role: Role) -> str:
    """Every function of the role, by contract; a series', which most roles are about, first."""
    if role is Role.ADMIN:
        return "`Authority`: roles, labels, delays"
    tables = {"series": powers.SERIES, "bond, sukuk": powers.PERIODIC, "bond": powers.BOND}
    tables["revenue share"] = powers.REVENUE
    tables |= {f"`{name}`": functions for name, functions in powers.CONTRACTS.items()}
    found = []
    for contract, functions in tables.items():
        names = [f"`{function.partition('(')[0]}`" for function in functions.get(role, ())]
        if names:
            found.append(f"{contract}: {', '.join(names)}")
    return "; ".join(found)


# ---------------------------------------------------------------- codes, classes, exit codes


def test_the_reason_codes_are_those_of_the_contracts() -> None:
    titles = ("Code", "A wallet shows") * 3
    assert generated("codes") == table(titles, in_columns(list(reasons()), 3))


def reasons() -> Iterator[tuple[str, str]]:
    """Codes and sentences as Restriction.sol and Messages.sol give them; standings in pairs."""
    source = (ROOT / "contracts/compliance/Restriction.sol").read_text("utf-8")
    codes = {name: int(code) for name, code in re.findall(r"constant (\w+) = (\d+);", source)}
    messages = (ROOT / "contracts/compliance/Messages.sol").read_text("utf-8")
    sentences = dict(re.findall(r'Restriction\.(\w+)\) return "(.+?)";', messages))
    of_party = dict(
        re.findall(r'Standing\.(\w+)\)\) \{?\s*return string\.concat\(party, "(.+?)"', messages)
    )
    record = (ROOT / "contracts/identity/InvestorRecord.sol").read_text("utf-8")
    standings = re.search(r"enum Standing \{(.*?)\}", record, re.DOTALL)
    assert standings
    for name, code in codes.items():
        if name == "SENDER_STANDING":
            for number, standing in enumerate(re.findall(r"\w+", standings[1])[1:], start=1):
                both = f"{code + number}, {codes['RECIPIENT_STANDING'] + number}"
                yield both, "The sender / the recipient" + of_party[standing]
        elif name != "RECIPIENT_STANDING":
            yield str(code), sentences[name]


def test_the_classes_of_investors_are_those_that_lists_may_name() -> None:
    pairs = [(code, f"`{name}`") for name, code in INVESTOR_CLASSES.items()]
    assert generated("classes") == table(("Code", "Class") * 4, in_columns(pairs, 4))


def test_the_exit_codes_are_those_of_the_errors() -> None:
    rows = [(kind.exit_code, f"`{kind.__name__}`", advice(kind)) for kind in kinds_of_error()]
    assert generated("exits") == table(("Exit code", "What", "What to do"), rows)


def advice(kind: type[errors.AmanatError]) -> str:
    return kind.what_to_do.replace("<", "&lt;")  # which Markdown would take for a tag


def kinds_of_error() -> list[type[errors.AmanatError]]:
    kinds = [errors.AmanatError, *errors.AmanatError.__subclasses__(), errors.NotConfirmed]
    return sorted(
        {kind for kind in kinds if kind.__module__ == errors.__name__},
        key=lambda kind: (kind.exit_code, kind is errors.NotConfirmed),
    )


# ---------------------------------------------------------------- commands


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_of_a_command_is_the_one_its_help_gives(name: str) -> None:
    command: Any = importlib.import_module(f"scripts.{name}").cli
    example = command.get_help(click.Context(command, info_name=name, max_content_width=500))
    line = example.partition("Example:")[2].strip()
    assert line.startswith(f"ape run {name}")
    assert line in README.splitlines()


def test_no_other_command_is_named() -> None:
    assert set(re.findall(r"ape run (\w+)", README)) == set(COMMANDS)


def test_every_target_of_make_that_is_named_exists() -> None:
    targets = set(re.findall(r"^(\w+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE))
    assert {"pilot", "test"} <= named <= targets


# ---------------------------------------------------------------- the map


def mapped() -> list[str]:
    """Every file that the map names, by its path."""
    tree = README.partition("## Map\n\n```\n")[2].partition("```")[0]
    folders: list[tuple[int, str]] = []
    files = []
    for line in tree.splitlines():
        depth = len(line) - len(line.lstrip())
        while folders and folders[-1][0] >= depth:
            folders.pop()
        for word in line.split():
            if word.endswith("/"):
                if not folders or folders[-1][0] < depth:
                    folders.append((depth, word))
            elif re.fullmatch(r"\w+\.(sol|py|cjs)", word):
                files.append("".join(name for _, name in folders) + word)
            else:
                break  # the rest of the line is prose
    return files


@pytest.mark.parametrize("folder", ["contracts", "scripts"])
def test_the_map_names_every_file_once(folder: str) -> None:
    there = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".sol", ".py", ".cjs")
    ]
    assert sorted(path for path in mapped() if path.startswith(folder)) == sorted(there)


def test_every_file_of_the_tests_that_is_mapped_exists() -> None:
    assert all(Path(ROOT / path).is_file() for path in mapped())
