"""The build is canonical: the same bytes everywhere, under the settings that were decided."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from scripts._amanat import artifacts, build

SAMPLE = """// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;
contract Sample {{ uint256 public constant ANSWER = {answer}; string url = "https://x"; }}
"""


TRIED = "contracts/programme/Programme.sol"


@pytest.fixture
def checkout(tmp_path: Path, root: Path) -> Path:
    """An empty checkout that shares the compiler and the packages of this one."""
    (tmp_path / "contracts").mkdir()
    (tmp_path / "node_modules").symlink_to(root / "node_modules")
    build.install_solc(root)
    shutil.copytree(root / ".build" / "solcx", tmp_path / ".build" / "solcx")
    return tmp_path


def kept_input(root: Path) -> str:
    return (root / ".build" / "standard-input.json").read_text()


def write(checkout: Path, path: str, text: str) -> None:
    (checkout / path).parent.mkdir(parents=True, exist_ok=True)
    (checkout / path).write_text(text)


@pytest.mark.slow
def test_another_folder_gives_the_same_input_and_from_it_the_same_bytes(
    checkout: Path, root: Path
) -> None:
    """All that the compiler is told is the same; what one contract becomes is tried with it, alone
    where the build had it in a share with others."""
    shutil.rmtree(checkout / "contracts")
    shutil.copytree(root / "contracts", checkout / "contracts")
    wish = build.gather(checkout)
    assert json.dumps(wish, sort_keys=True, indent=1) == kept_input(root)
    selected = wish["settings"]["outputSelection"]
    wish["settings"]["outputSelection"] = {TRIED: selected[TRIED]}
    tried = build.compile_input(checkout, wish)["contracts"][TRIED]["Programme"]["evm"]
    kept = artifacts.load("Programme", root)
    assert "0x" + tried["bytecode"]["object"] == kept.creation_hex
    assert "0x" + tried["deployedBytecode"]["object"] == kept.runtime_hex


def test_the_kept_input_is_self_contained_and_of_the_decided_settings(root: Path) -> None:
    kept = json.loads(kept_input(root))
    settings = kept["settings"]
    assert settings["evmVersion"] == "cancun"
    assert settings["optimizer"] == {"enabled": True, "runs": 200}
    assert settings["viaIR"] is True
    assert "remappings" not in settings
    for name, source in kept["sources"].items():
        assert name.startswith(("contracts/", "@openzeppelin/contracts/")), name
        assert source["content"]


def test_every_artifact_names_the_compiler(root: Path) -> None:
    for artifact in artifacts.load_all(root):
        assert artifact.compiler.startswith("0.8.34"), artifact.name


def test_asset_classes_keep_15_percent_below_the_code_size_limit(root: Path) -> None:
    """Pitfall 25."""
    for artifact in artifacts.load_all(root):
        if artifact.source.startswith("contracts/assets/") and artifact.runtime_hex != "0x":
            assert len(artifact.runtime_code) <= build.CODE_SIZE_LIMIT * 85 // 100, artifact.name


def test_ape_sees_exactly_these_artifacts(root: Path) -> None:
    from ape import Project

    project = Project(root)
    deployable = [a for a in artifacts.load_all(root) if a.source.startswith("contracts/")]
    for artifact in deployable:
        if artifact.creation_hex != "0x":
            seen = getattr(project, artifact.name).contract_type
            assert seen.deployment_bytecode.bytecode == artifact.creation_hex


def test_nothing_is_compiled_twice(checkout: Path) -> None:
    write(checkout, "contracts/Sample.sol", SAMPLE.format(answer=42))
    assert build.build(checkout).seconds > 0
    assert build.build(checkout).seconds == 0
    write(checkout, "contracts/Sample.sol", SAMPLE.format(answer=43))
    assert build.build(checkout).seconds > 0
    assert build.build(checkout, force=True).seconds > 0


def test_two_contracts_of_one_name_are_refused(checkout: Path) -> None:
    write(checkout, "contracts/a/Sample.sol", SAMPLE.format(answer=1))
    write(checkout, "contracts/b/Sample.sol", SAMPLE.format(answer=2))
    with pytest.raises(
        build.BuildError, match="contracts/b/Sample.sol: Sample is already the name"
    ):
        build.build(checkout)


def test_a_test_contract_cannot_take_a_contracts_name(checkout: Path) -> None:
    write(checkout, "contracts/Sample.sol", SAMPLE.format(answer=1))
    write(checkout, "tests/contracts/Sample.sol", SAMPLE.format(answer=1))
    build.build(checkout)
    with pytest.raises(build.BuildError, match=r"tests/contracts/Sample\.sol: Sample is already"):
        build.build(checkout, build.TEST_CONTRACTS)


def test_a_missing_import_names_its_importer(checkout: Path) -> None:
    write(checkout, "contracts/A.sol", 'import {B} from "./x/../B.sol";\n')
    with pytest.raises(
        build.BuildError, match=r"contracts/A\.sol: cannot read .*/contracts/B\.sol"
    ):
        build.build(checkout)


def test_a_commented_import_is_none(checkout: Path) -> None:
    text = '// import "./a.sol";\n/*\nimport "./b.sol";\n*/\n' + SAMPLE.format(answer=1)
    write(checkout, "contracts/Sample.sol", text)
    assert list(build.gather(checkout)["sources"]) == ["contracts/Sample.sol"]


def test_an_error_of_the_compiler_keeps_its_place(checkout: Path) -> None:
    write(checkout, "contracts/Sample.sol", SAMPLE.format(answer="wrong"))
    with pytest.raises(build.BuildError, match=r"contracts/Sample\.sol:3:\d+"):
        build.build(checkout)
    assert not (checkout / ".build" / "artifacts").exists(), "a failed build leaves no artifact"


def test_the_shim_answers_as_the_native_compiler(checkout: Path) -> None:
    """Whichever is installed natively, npm's build behind the shim gives the same bytes."""
    write(checkout, "contracts/Sample.sol", SAMPLE.format(answer=42))
    build.build(checkout)
    first = (checkout / ".build" / "artifacts" / "Sample.json").read_bytes()
    solc = checkout / ".build" / "solcx" / f"solc-v{build.SOLC_VERSION}"
    solc.unlink()
    build.install_shim(checkout, solc)
    build.build(checkout, force=True)
    assert (checkout / ".build" / "artifacts" / "Sample.json").read_bytes() == first
    version = subprocess.run([solc, "--version"], capture_output=True, text=True, check=True)
    assert "Version: 0.8.34+commit." in version.stdout
    refused = subprocess.run([solc, "--bin"], capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout) == (1, "")
