"""Deployments that are interrupted, that use real keys, and that are refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from eth_account import Account

from scripts._amanat import artifacts
from scripts._amanat.audit import is_code_of
from scripts._amanat.blueprint import DEPLOYER
from scripts._amanat.command import Desk, Options, Work, perform
from scripts._amanat.deployment import Setup
from scripts._amanat.journal import Journal
from scripts._amanat.local_chain import LocalChain
from scripts._amanat.network import chain_of, connect
from scripts._amanat.plan import Deployment
from scripts._amanat.powers import Role
from scripts._amanat.programme import FOR_TWO, INCOMPATIBLE, ProgrammeFile, read_programme
from scripts._amanat.reading import InputProblems
from tests.evm import Evm
from tests.scripts.office import Crash, FaultyProvider
from tests.scripts.registry_office import INVESTORS, PROGRAMME, TERMS, opened

Forward = Callable[[], Any]
SEPOLIA = 11_155_111
PASSPHRASE = "correct horse battery staple"


# ------------------------------------------------------------------ interruptions


def deploy(desk: Desk) -> Any:
    file = read_programme(PROGRAMME)
    return perform(
        desk, Work("deploy", "", lambda d: Setup(d, file).plan(), lambda d: Setup(d, file).prove())
    )


@pytest.mark.parametrize("answered", [True, False], ids=["after sending", "before sending"])
def test_a_deployment_that_crashes_anywhere_is_finished_without_doing_anything_twice(
    tmp_path: Path, answered: bool
) -> None:
    """pitfall 34: found by journal and code, never by position; each contract stands once."""
    with opened(tmp_path) as office:
        real = connect(office.chain.url, root=tmp_path).web3.provider
        options = Options(yes=True, as_json=True, root=tmp_path)

        def desk(crash_at: int) -> Desk:
            node = FaultyProvider(real)
            node.faults = [crashing(crash_at, answered)]
            return Desk(options, chain_of(node, office.chain.url))

        plan = Setup(desk(0), read_programme(PROGRAMME)).plan()
        assert [note.split(":")[0] for note in plan.notes] == [role.label for role in FOR_TWO]
        planned = plan.steps
        for crash_at in (1, 4, 30, 40, 12, 9, 3):
            with pytest.raises(Crash):
                deploy(desk(crash_at))
        deploy(desk(0))  # raises where a check of the proof does not hold

        last = desk(0)
        deployer = last.signers[DEPLOYER].address
        sent = int(last.chain.request("eth_getTransactionCount", deployer, "latest"), 16)
        slots = Journal.read(last.record.folder).slots()
        assert len({slot.first.step for slot in slots}) == len(slots) == sent
        assert sent <= len(planned)  # once a contract stands, a default need not be set
        assert {step.act.name for step in planned if isinstance(step.act, Deployment)} == set(
            last.record.contracts
        )
        assert deploy(desk(0)).plan.steps == ()


def crashing(at: int, answered: bool) -> Callable[[str, Any, Forward], Any]:
    """The machine goes dark with the `at`-th transaction, before or after the node has it."""
    count = 0

    def fault(method: str, params: Any, forward: Forward) -> Any:
        nonlocal count
        if method != "eth_sendRawTransaction":
            return None
        count += 1
        if count == at:
            if answered:
                forward()
            raise Crash
        return None

    return fault


# ------------------------------------------------------------------ real keys


def keyfile(folder: Path, name: str) -> tuple[str, str]:
    """A fresh key of that name in an encrypted keyfile: its path and its address."""
    account = Account.create()
    path = folder / f"{name}.json"
    path.write_text(json.dumps(Account.encrypt(account.key, PASSPHRASE, iterations=2)), "utf-8")
    return str(path), account.address


def test_keyfiles_deploy_to_a_testnet_and_development_keys_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second Anvil with a testnet's chain id is no local chain."""
    passphrase = tmp_path / "passphrase"
    passphrase.write_text(PASSPHRASE + "\n", "utf-8")
    passphrase.chmod(0o600)
    monkeypatch.setenv("AMANAT_PASSPHRASE_FILE", str(passphrase))
    content = yaml.safe_load(PROGRAMME.read_text("utf-8"))

    with opened(tmp_path, SEPOLIA) as office:

        def programme(**changes: Any) -> Path:
            return office.written("programme.yaml", yaml.safe_dump({**content, **changes}))

        cash = {"token": rupee_of_others(office.chain), "currency": "PKR"}
        height = office.height()
        refused = office.run("deploy", "--programme", programme(cash=cash))
        assert refused.exit_code == 3
        assert f"chain {SEPOLIA}" in refused.said and "is not local" in refused.said

        names = [*(name for name in content["roles"]), "deployer", "claim_issuer", "treasury"]
        names.append("tax_authority")
        keys = {name: keyfile(tmp_path, name) for name in names}
        for name in ("deployer", "issuer"):
            office.chain.rpc("anvil_setBalance", keys[name][1], hex(10**20))
        signers = {name: path for name, (path, _) in keys.items()}
        elsewhere = office.run("deploy", "--programme", programme(signers=signers))
        assert elsewhere.exit_code == 2
        assert "pilot's rupee is for local chains" in elsewhere.said
        assert office.height() == height

        whole = {"signers": signers, "cash": cash, "chain_id": SEPOLIA}
        real = programme(**whole)
        office.done("deploy", "--programme", real)
        assert office.done("deploy", "--programme", real).steps == []
        members = office.programme.members()
        assert list(members[Role.ADMIN]) == [keys["admin"][1]]

        keyless = {n: path for n, path in signers.items() if n != "claim_issuer"}
        without = programme(signers=keyless, chain_id=SEPOLIA)
        unsigned = office.run("register_investors", INVESTORS, "--programme", without)
        assert unsigned.exit_code == 3 and "--export FILE" in unsigned.said
        out = tmp_path / "batches.json"
        words = ("register_investors", INVESTORS, "--programme", without, "--export", out)
        assert office.done(*words).document["exported"] == 3

        alone = {n: path for n, path in signers.items() if n != "fiscal_agent"}
        proposed = office.run("issue", TERMS, "--programme", programme(signers=alone))
        assert proposed.exit_code == 10, proposed.said
        assert proposed.failed == []
        (left,) = proposed.document["pending"]
        assert left["what"] == "approve and open mtb-3m-2025-12-26"
        written = "".join(path.read_text("utf-8") for path in tmp_path.rglob(".records/**/*.json*"))
        assert PASSPHRASE not in written

        office.chain.rpc("anvil_setBalance", keys["fiscal_agent"][1], hex(10**20))
        opened_series = office.done("issue", TERMS, "--programme", programme(**whole))
        assert opened_series.steps == [f"{act} mtb-3m-2025-12-26" for act in ("approve", "open")]


def rupee_of_others(chain: LocalChain) -> str:
    """A cash token that stands already."""
    address = Account.create().address
    chain.rpc("anvil_setCode", address, artifacts.load("PilotRupee").runtime_hex)
    return str(address)


# ------------------------------------------------------------------ the programme file


def read(folder: Path, *replacements: tuple[str, str]) -> ProgrammeFile:
    text = PROGRAMME.read_text("utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "programme.yaml"
    path.write_text(text, "utf-8")
    return read_programme(path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "fiscal_agent: {holders: [fiscal_agent]}",
            "fiscal_agent: {holders: [issuer]}",
            "fiscal_agent.holders: gives issuer, who is issuer, a role that must not meet it",
        ),
        (
            "registrar: {holders: [registrar]}",
            "registrar: {holders: []}",
            "registrar.holders: is empty",
        ),
        ("  guardian: {holders: [guardian]}\n", "", "roles.guardian: is missing"),
        ("releaser], delay_hours: 2}", "releaser]}", "releaser.delay_hours: is nothing"),
        (
            "freezer: {holders: [freezer]}",
            "freezer: {holders: [freezer], delay_hours: 1}",
            "freezer.delay_hours: '1' makes a protection wait",
        ),
        (
            "  steward:",
            "  standard_form: {holders: [issuer]}\n  steward:",
            "standard_form: opens acts without a reference",
        ),
        (
            "  steward:",
            "  factory: {holders: [issuer]}\n  steward:",
            "factory: is held by the programme's own contract Programme",
        ),
        ("topics: [kyc, aml]", "topics: [kyc, tax]", "claim_issuers.1.topics: names tax"),
        (
            "recovery_window_hours: 24",
            "recovery_window_hours: 2",
            "policy.recovery_window_hours: '2' is out of range; right: 24 to 720 hours",
        ),
        ("treasury: treasury", "treasury: 0x09DB0a93B389bEF724429898f539AEB7ac2Dd55F", "treasury"),
        (
            "treasury: treasury",
            "treasury: treasury\nowner: me",
            "owner: 'me' is not a key of this file",
        ),
    ],
)
def test_a_wrong_programme_file_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(InputProblems) as refusal:
        read(tmp_path, (old, new))
    assert said in str(refusal.value)


def test_every_fault_of_the_roles_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputProblems) as refusal:
        read(
            tmp_path,
            ("registrar: {holders: [registrar]}", "registrar: {holders: [issuer]}"),
            (
                "pause_confirmer: {holders: [pause_confirmer]}",
                "pause_confirmer: {holders: [regulator]}",
            ),
            ("releaser], delay_hours: 2}", "releaser]}"),
            ("recovery_window_hours: 24", "recovery_window_hours: 2"),
        )
    assert len(refusal.value.problems) == 4


def test_the_roles_refused_in_one_hand_are_the_authoritys(evm: Evm) -> None:
    admin = evm.actor("admin")
    authority = evm.deploy("Authority", admin, sender=admin)
    for role in Role:
        found = authority.incompatibleWith(role)
        assert {other for other in Role if found >> other & 1} == INCOMPATIBLE.get(
            role, frozenset()
        )


def test_code_with_one_byte_changed_is_not_the_artifacts() -> None:
    artifact = artifacts.load("Programme")
    code = bytearray(artifact.runtime_code)
    assert is_code_of(artifact, bytes(code))
    place = next(iter(artifact.immutable_references.values()))[0]["start"]
    code[place] ^= 1  # an immutable, which the deployment wrote
    assert is_code_of(artifact, bytes(code))
    code[20] ^= 1
    assert not is_code_of(artifact, bytes(code))
