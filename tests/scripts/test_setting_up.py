"""From an empty chain to a settled auction, by the commands that an operator runs.

One chain for the whole module; each test takes it as it finds it after the ones before and puts it
back as it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from scripts._amanat import powers
from scripts._amanat.business_days import start_of_day_karachi
from scripts._amanat.onchain import Flag, Standing, Status
from scripts._amanat.powers import Role
from scripts._amanat.signers import development_account
from tests.scripts.registry_office import (
    AUCTION,
    INVESTORS,
    PROGRAMME,
    TERMS,
    RegistryOffice,
    opened,
)

DEPLOYER = development_account(0).address
SERIES = "mtb-3m-2025-12-26"
ALLOT = ("allot", TERMS, AUCTION, "--investors", INVESTORS)


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegistryOffice]:
    """The whole of the setting up, once: its own assertions are in `done`."""
    with opened(tmp_path_factory.mktemp("setting-up")) as office:
        office.done("deploy", "--programme", PROGRAMME)
        office.done("register_investors", INVESTORS)
        office.done("issue", TERMS)
        yield office


@pytest.fixture
def office(chain: RegistryOffice) -> Iterator[RegistryOffice]:
    snapshot = chain.chain.rpc("evm_snapshot")
    records = {path: path.read_bytes() for path in chain.folder.rglob("*") if path.is_file()}
    yield chain
    assert chain.chain.rpc("evm_revert", snapshot)
    for path in [path for path in chain.folder.rglob("*") if path.is_file()]:
        path.unlink()
    for path, content in records.items():
        path.write_bytes(content)


# ------------------------------------------------------------------ deploy


def test_a_second_deployment_plans_nothing(office: RegistryOffice) -> None:
    height = office.height()
    assert office.done("deploy", "--programme", PROGRAMME).steps == []
    assert office.height() == height


def test_the_deployer_has_no_power_left(office: RegistryOffice) -> None:
    """pitfall 31: whoever deployed keeps nothing, shown from the authority's own events."""
    members = office.programme.members()
    assert not [role for role, held in members.items() if DEPLOYER in held]
    assert list(members[Role.ADMIN]) == [development_account(16).address]
    assert members[Role.ADMIN][development_account(16).address].delay == 48 * 3_600
    assert Role.STANDARD_FORM not in members


def test_what_protects_acts_at_once_and_what_widens_power_waits(office: RegistryOffice) -> None:
    delays = {
        role: {each.delay for each in held.values()}
        for role, held in office.programme.members().items()
    }
    assert delays[Role.REGULATOR] == delays[Role.FREEZER] == {0}
    assert delays[Role.RELEASER] == {2 * 3_600}
    assert delays[Role.COMPLIANCE_OFFICER] == {24 * 3_600}
    assert delays[Role.STEWARD] == {48 * 3_600}


def test_a_power_that_appears_afterwards_fails_the_proof(office: RegistryOffice) -> None:
    """The administrator grants the registrar's role to a stranger, past the file."""
    authority = office.programme["Authority"]
    admin, stranger = development_account(16).address, development_account(40).address
    grant = authority.query("grantRole", int(Role.REGISTRAR), stranger, 0).request
    schedule = authority.query(
        "schedule", authority.address, bytes.fromhex(grant["data"][2:]), 0
    ).request
    office.chain.rpc("anvil_impersonateAccount", admin)
    office.chain.rpc("eth_sendTransaction", {**schedule, "from": admin})
    office.chain.advance_to(office.chain.time + 48 * 3_600 + 1)
    office.chain.rpc("eth_sendTransaction", {**grant, "from": admin})

    answer = office.run("deploy", "--programme", PROGRAMME)
    assert answer.exit_code == 9
    assert answer.failed == ["holders of the role registrar"]
    assert stranger in answer.said


def test_every_function_of_the_table_is_opened_by_its_role_alone(office: RegistryOffice) -> None:
    programme = office.programme
    assert len(programme.labels()) == sum(len(label.functions) for label in powers.labels())


def test_a_deployment_without_a_programme_file_is_refused(office: RegistryOffice) -> None:
    answer = office.run("deploy")
    assert answer.exit_code == 2
    assert "no programme file is given" in answer.said


# ------------------------------------------------------------------ register_investors


def test_every_wallet_of_the_list_is_verified_and_linked(office: RegistryOffice) -> None:
    rows = [line.split(",") for line in INVESTORS.read_text("utf-8").splitlines()[1:]]
    standings = office.programme.standings([row[0] for row in rows])
    assert len(standings) == 262
    assert set(standings.values()) == {Standing.VERIFIED}
    first_wallets: dict[str, str] = {}
    for wallet, investor, *_ in rows:
        first_wallets.setdefault(investor, wallet)
    records = office.programme.records([row[0] for row in rows])
    assert all(records[row[0]].investor == first_wallets[row[1]] for row in rows)


def test_a_second_registration_plans_nothing(office: RegistryOffice) -> None:
    assert office.done("register_investors", INVESTORS).steps == []


def test_a_renewal_or_a_change_attests_just_the_wallets_concerned(office: RegistryOffice) -> None:
    lines = INVESTORS.read_text("utf-8").splitlines()
    renewed, moved = lines[3].split(","), lines[6].split(",")  # lines 5 and 6 are one investor
    lines[3] = ",".join((*renewed[:4], "2026-12-31", *renewed[5:]))
    for at in (5, 6):
        cells = lines[at].split(",")
        lines[at] = ",".join((*cells[:2], "AE", "bank", *cells[4:]))
    changed = office.written("changed.csv", "\n".join(lines) + "\n")

    office.chain.advance_to(office.chain.time + 60)  # an attestation is newer by its second
    answer = office.done("register_investors", changed)
    assert answer.steps == ["attest 3 wallets, batch 1 of 1"]
    records = office.programme.records([renewed[0], moved[0]])
    assert (records[moved[0]].country, records[moved[0]].investor_class) == (784, 6)
    assert Flag.LINKED in records[moved[0]].flags
    assert office.done("register_investors", changed).steps == []


def test_a_withdrawn_wallet_is_not_brought_back_by_an_old_list(office: RegistryOffice) -> None:
    wallet = INVESTORS.read_text("utf-8").splitlines()[1].split(",")[0]
    withdraw = office.programme["IdentityRegistry"].query("withdraw", wallet).request
    issuer = development_account(15).address
    office.chain.rpc("anvil_impersonateAccount", issuer)
    office.chain.rpc("eth_sendTransaction", {**withdraw, "from": issuer})

    answer = office.done("register_investors", INVESTORS)
    assert answer.steps == []
    assert answer.document["notes"] == [f"{wallet} is withdrawn and stays as it is"]
    assert office.programme.standings([wallet]) == {wallet: Standing.WITHDRAWN}

    office.chain.advance_to(office.chain.time + 60)
    office.done("register_investors", INVESTORS, "--reinstate", wallet)
    assert office.programme.standings([wallet]) == {wallet: Standing.VERIFIED}


def test_a_verification_that_has_ended_cannot_be_registered(office: RegistryOffice) -> None:
    lines = INVESTORS.read_text("utf-8").splitlines()
    cells = lines[1].split(",")
    late = office.written(
        "late.csv", "\n".join([lines[0], ",".join([*cells[:3], "bank", "2025-08-31", *cells[5:]])])
    )
    height = office.height()
    answer = office.run("register_investors", late)
    assert answer.exit_code == 2
    assert "row 2, verified_until: '2025-08-31' has passed" in answer.said
    assert office.height() == height


def test_an_investor_without_its_identity_contract_is_pending(office: RegistryOffice) -> None:
    wallet = development_account(300).address
    listed = office.written(
        "onchainid.csv",
        "wallet,investor,country,class,verified_until,kind,onchain_id\n"
        f"{wallet},INV-NEW7Q2Z,PK,bank,2026-06-30,onchainid,\n",
    )
    answer = office.run("register_investors", listed)
    assert answer.exit_code == 10
    assert [each["what"] for each in answer.document["pending"]] == [
        "INV-NEW7Q2Z (row 2) has no identity contract yet"
    ]


def test_an_onchainid_wallet_is_registered_with_its_class(office: RegistryOffice) -> None:
    wallet, identity = development_account(300).address, office.programme["RuleBook"].address
    listed = office.written(
        "onchainid.csv",
        "wallet,investor,country,class,verified_until,kind,onchain_id\n"
        f"{wallet},INV-NEW7Q2Z,AE,bank,2026-06-30,onchainid,{identity}\n",
    )
    answer = office.run("register_investors", listed)
    assert answer.steps == [
        "register 1 wallets with their ONCHAINID, page 1",
        "INV-NEW7Q2Z is of class bank",
    ]
    assert answer.failed == ["wallets of 1 that are not verified"]  # it holds no claims
    record = office.programme.records([wallet])[wallet]
    assert (record.investor, record.country, record.investor_class) == (identity, 784, 6)


def test_a_successor_that_would_leave_its_investor_is_refused_by_its_row(
    office: RegistryOffice,
) -> None:
    """What the lost wallet is still owed goes where its successor is registered."""
    lost, successor = (development_account(number).address for number in (300, 301))
    first, second = (office.programme[name].address for name in ("RuleBook", "Programme"))

    def listed(wallet: str, identity: str) -> Path:
        return office.written(
            "onchainid.csv",
            "wallet,investor,country,class,verified_until,kind,onchain_id\n"
            f"{wallet},INV-NEW7Q2Z,AE,bank,2026-06-30,onchainid,{identity}\n",
        )

    office.run("register_investors", listed(lost, first))
    decision = office.written("decision.md", "recovered\n")
    recovery = "recover_wallet", lost, "--successor", successor, "--document", decision
    office.chain.advance_to(office.run(*recovery).document["pending"][0]["from_when"])
    office.done(*recovery)

    height = office.height()
    answer = office.run("register_investors", listed(successor, second))
    assert (answer.exit_code, office.height()) == (2, height)
    assert f"row 2, {successor}: WalletSucceeds(wallet={successor}, lost={lost})" in answer.said
    office.run("register_investors", listed(successor, first))
    assert office.programme.records([successor])[successor].investor == first


def test_batches_are_signed_elsewhere_and_come_back_as_a_file(office: RegistryOffice) -> None:
    wallet = development_account(300).address
    row = f"{wallet},INV-NEW7Q2Z,PK,bank,2026-06-30,attested,\n"
    header = "wallet,investor,country,class,verified_until,kind,onchain_id\n"
    listed = office.written("one.csv", header + row)
    out = office.folder / "batches.json"
    assert office.done("register_investors", listed, "--export", out).document["exported"] == 1

    unsigned = office.run("register_investors", listed, "--batch", out)
    assert unsigned.exit_code == 2 and "no signature yet" in unsigned.said

    content = json.loads(out.read_text("utf-8"))
    digest = bytes.fromhex(content["batches"][0]["digest"][2:])
    signature = development_account(15).unsafe_sign_hash(digest).signature
    content["batches"][0]["signature"] = signature.to_0x_hex()
    out.write_text(json.dumps(content), "utf-8")

    other = office.written("other.csv", header + row.replace(",PK,", ",AE,"))
    slipped_in = office.run("register_investors", other, "--batch", out)
    assert slipped_in.exit_code == 2
    assert f"batch 1: {wallet} differs from" in slipped_in.said

    office.done("register_investors", listed, "--batch", out)
    assert office.programme.standings([wallet]) == {wallet: Standing.VERIFIED}
    assert office.done("register_investors", listed, "--batch", out).steps == []


def test_verdicts_that_went_stale_are_refreshed(office: RegistryOffice) -> None:
    wallets = [line.split(",")[0] for line in INVESTORS.read_text("utf-8").splitlines()[1:]]
    registry, officer = office.programme["IdentityRegistry"], development_account(7).address
    add = registry.query("addTrustedIssuer", development_account(41).address, [1]).request
    authority = office.programme["Authority"]
    data = bytes.fromhex(add["data"][2:])
    schedule = authority.query("schedule", registry.address, data, 0).request
    office.chain.rpc("anvil_impersonateAccount", officer)
    office.chain.rpc("eth_sendTransaction", {**schedule, "from": officer})
    office.chain.advance_to(office.chain.time + 24 * 3_600 + 1)
    office.chain.rpc("eth_sendTransaction", {**add, "from": officer})

    answer = office.done("refresh", "--investors", INVESTORS)
    assert answer.steps == [
        "judge 100 wallets anew",
        "judge 100 wallets anew",
        "judge 62 wallets anew",
    ]
    epoch = registry.read("policy").epoch
    assert {record.epoch for record in office.programme.records(wallets).values()} == {epoch}
    assert office.done("refresh", "--investors", INVESTORS).steps == []


# ------------------------------------------------------------------ issue


def test_a_second_issue_plans_nothing(office: RegistryOffice) -> None:
    answer = office.done("issue", TERMS)
    assert answer.steps == []
    assert answer.document["series"]["id"] == SERIES
    assert answer.document["series"]["status"] == Status.OPEN.label


def test_another_term_sheet_under_the_same_name_is_refused(office: RegistryOffice) -> None:
    folder = office.folder / "bills"
    folder.mkdir(exist_ok=True)
    for path in (TERMS, TERMS.with_suffix(".md")):
        (folder / path.name).write_bytes(path.read_bytes())
    calendar = office.folder / "calendars" / "pk-2025.yaml"
    calendar.parent.mkdir(exist_ok=True)
    calendar.write_bytes((TERMS.parent.parent / "calendars" / "pk-2025.yaml").read_bytes())
    text = TERMS.read_text("utf-8").replace(
        "maximum_issue: 5,000,000,000", "maximum_issue: 6,000,000,000"
    )
    (folder / TERMS.name).write_text(text, "utf-8")

    answer = office.run("issue", folder / TERMS.name)
    assert answer.exit_code == 2
    assert f"{SERIES} stands at" in answer.said


def test_a_series_is_found_by_its_id_symbol_isin_and_address(office: RegistryOffice) -> None:
    series = office.programme.series()[0]
    for word in (SERIES, "MTB-26DEC25", "pkpilot26129", series.address.lower()):
        assert office.programme.find_series(word).address == series.address


# ------------------------------------------------------------------ allot


def test_bids_are_settled_to_the_paisa_and_once(office: RegistryOffice) -> None:
    answer = office.done(*ALLOT, "--fund-on-local-chain")
    found = {check["name"]: check["found"] for check in answer.document["proof"]}
    assert found["face delivered"] == 3_484_495_000
    assert found["cash that came to the treasury now, smallest units"] == 339_762_768_671
    series = office.programme.find_series(SERIES)
    assert (series.supply, series.holders) == (3_484_495_000, 44)
    assert office.done(*ALLOT).steps == []


def test_a_result_that_a_spreadsheet_saved_anew_settles_nothing_twice(
    office: RegistryOffice,
) -> None:
    """pitfall 33: a row is named by series, day and bid, not by the bytes of its file."""
    office.done(*ALLOT, "--fund-on-local-chain")
    text = AUCTION.read_text("utf-8").replace(",", ";").replace("\n", "\r\n")
    resaved = office.written("resaved.csv", "\ufeff" + text)
    assert office.done("allot", TERMS, resaved, "--investors", INVESTORS).steps == []


def test_a_bid_that_was_changed_after_it_was_settled_fails_the_proof(
    office: RegistryOffice,
) -> None:
    office.done(*ALLOT, "--fund-on-local-chain")
    changed = office.written(
        "changed.csv",
        AUCTION.read_text("utf-8").replace("competitive,124000000,", "competitive,124005000,", 1),
    )
    answer = office.run("allot", TERMS, changed, "--investors", INVESTORS)
    assert answer.exit_code == 9
    assert answer.failed[0] == "settled bids of 53 that differ from the result"


def test_bidders_without_cash_are_pending_and_stop_nobody(office: RegistryOffice) -> None:
    poor = office.run(*ALLOT)
    assert poor.exit_code == 10
    assert poor.steps == []
    assert len(poor.document["pending"]) == 45
    assert poor.document["pending"][0]["who"] == development_account(27).address
    assert poor.document["pending"][0]["command"].endswith(f"--investors {INVESTORS}")


def test_a_bid_that_the_series_refuses_is_named_with_its_reason(office: RegistryOffice) -> None:
    """A bidder suspended between auction and settlement; the others are settled."""
    wallet = development_account(31).address
    suspend = office.programme["IdentityRegistry"].query("suspend", wallet).request
    regulator = development_account(4).address
    office.chain.rpc("anvil_impersonateAccount", regulator)
    office.chain.rpc("eth_sendTransaction", {**suspend, "from": regulator})

    answer = office.run(*ALLOT, "--fund-on-local-chain")
    assert answer.exit_code == 9
    assert answer.failed == ["bids that were paid for and refused"]
    found = [check["found"] for check in answer.document["proof"] if not check["ok"]]
    assert found == [[f"C-034: ERC7943CannotReceive(account={wallet})"]]
    assert office.programme.find_series(SERIES).supply > 0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (",124000000,", ",1.24E+08,", "row 2, face"),
        (",97.5365,", ",97.53651,", "row 2, price"),
        ("INV-2DQR3RNY", "INV-STRANGER", "row 2, investor"),
        ("C-002", "C-001", "row 3, bid"),
    ],
)
def test_a_wrong_result_is_refused_and_nothing_is_sent(
    office: RegistryOffice, old: str, new: str, said: str
) -> None:
    wrong = office.written("wrong.csv", AUCTION.read_text("utf-8").replace(old, new, 1))
    height = office.height()
    answer = office.run("allot", TERMS, wrong, "--investors", INVESTORS)
    assert answer.exit_code == 2
    assert said in answer.said
    assert office.height() == height


# ------------------------------------------------------------------ status


def test_status_tells_contracts_and_series_as_json(office: RegistryOffice) -> None:
    answer = office.done("status")
    series = office.programme.find_series(SERIES)
    assert answer.document["chain_id"] == 31_337
    assert answer.document["contracts"]["Programme"] == office.programme["Programme"].address
    assert answer.document["series"] == [
        {
            "id": SERIES,
            "class": "TreasuryBill",
            "symbol": "MTB-26DEC25",
            "status": "open",
            "address": series.address,
            "compliance": series.token.read("compliance"),
            "supply": 0,
            "holders": 0,
            "outstanding": 0,
            "next_payment": {
                "kind": "redemption",
                "number": 0,
                "record_at": start_of_day_karachi(date(2025, 12, 26)),
                "due": start_of_day_karachi(date(2025, 12, 26)),
                "status": "unknown",
            },
            "missed_payments": [],
        }
    ]


def test_status_of_the_kept_chain_needs_no_arguments(
    office: RegistryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from scripts.status import cli

    kept = {"url": office.chain.url, "chain_id": 31_337, "pid": office.chain.pid}
    office.written(".records/kept-chain.json", json.dumps(kept))
    monkeypatch.chdir(office.folder)
    monkeypatch.delenv("AMANAT_NETWORK", raising=False)
    result = CliRunner(mix_stderr=False).invoke(cli, ["--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["series"][0]["id"] == SERIES


def test_status_of_a_chain_without_a_programme_tells_so(
    office: RegistryOffice, tmp_path: Path
) -> None:
    answer = RegistryOffice(office.chain, tmp_path).done("status")
    assert (answer.document["contracts"], answer.document["series"]) == ({}, [])
