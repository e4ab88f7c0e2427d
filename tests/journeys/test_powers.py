"""`ape run powers`: every power of every address, and the holders brought to the programme file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from eth_utils.address import to_checksum_address

from scripts import powers
from scripts._amanat.artifacts import functions
from scripts._amanat.build import ROOT
from scripts._amanat.pilot import SAMPLE
from scripts._amanat.powers import Role
from tests.journeys.live_programme import LiveProgramme

pytestmark = pytest.mark.chain

SAMPLE_FILE = (ROOT / SAMPLE / "programme.yaml").read_text("utf-8")
NEW_FREEZER = to_checksum_address("0x" + "00" * 18 + "abc1")


def programme(*changes: tuple[str, str]) -> tuple[str, str]:
    """The option that names the sample's programme file with these changes."""
    text = SAMPLE_FILE
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    Path("programme.yaml").write_text(text)
    return "--programme", "programme.yaml"


def test_every_power_of_every_address_is_told(live: LiveProgramme) -> None:
    told = live.run(powers.cli)
    assert (told.exit_code, told.planned) == (0, [])
    held = told.document["powers"]
    desk = live.desk
    (minting,) = held[desk.record.contracts["PayingAgent"].address]
    assert (minting["role"], minting["opens"]) == (
        "redeemer",
        ["assign", "deliver", "redeem", "unassign"],
    )
    releaser = held[desk.signers["releaser"].address]
    assert [(each["role"], each["delay"]) for each in releaser] == [("releaser", 7_200)]
    assert desk.signers["deployer"].address not in held


def test_the_matrix_of_the_readme_is_what_the_chain_says(live: LiveProgramme) -> None:
    """Who holds each role, how long it waits, and what it opens, from the authority's own logs."""
    names = {entry.address: name for name, entry in live.desk.record.contracts.items()}
    members, opened = live.programme.members(), live.programme.labels()
    rows = re.findall(r"^\| ([a-z ]+) \| (.*?) \| (.*?) \| (.*) \|$", matrix(), re.MULTILINE)
    assert [row[0] for row in rows] == [role.label for role in Role]
    for role, (_, held_by, waits, opens) in zip(Role, rows, strict=True):
        held = members.get(role, {})
        people = [access.delay for who, access in held.items() if who not in names]
        contracts = {f"`{names[who]}`" for who in held if who in names}
        told = {*filter(None, held_by.split(", "))} - {"people", "nobody"}
        assert (bool(people), contracts) == ("people" in held_by, told), role
        assert {f"{delay // 3_600} h" if delay else "" for delay in people} <= {waits}, role
        selectors = {selector for (_, selector), label in opened.items() if label == role}
        found = {entry["name"] for each in selectors for entry in functions()[each]}
        if role is not Role.ADMIN:
            assert found == set(re.findall(r"`(\w+)`(?!:)", opens)), role


def matrix() -> str:
    readme = (ROOT / "README.md").read_text("utf-8")
    found = re.search(r"<!-- roles -->\n.*?\n.*?\n(.*?)<!-- /roles -->", readme, re.DOTALL)
    assert found
    return found[1]


def test_what_stands_as_the_file_says_needs_nothing(live: LiveProgramme) -> None:
    same = live.run(powers.cli, *programme())
    assert (same.exit_code, same.planned, same.pending) == (0, [], [])
    assert len(same.document["proof"]) > 30
    assert all(check["ok"] for check in same.document["proof"])


def test_a_key_is_rotated_by_the_administrator_after_the_delay(live: LiveProgramme) -> None:
    """Pitfall 50: scheduled, then executed by the same hand; the old key is out in the end."""
    given = programme(("freezer: {holders: [freezer]}", f"freezer: {{holders: ['{NEW_FREEZER}']}}"))
    old = live.desk.signers["freezer"].address
    first = live.run(powers.cli, *given)
    assert first.exit_code == 10
    assert first.planned == [
        f"schedule: revoke freezer of {old}",
        f"schedule: grant freezer to {NEW_FREEZER}",
    ]
    assert {each["who"] for each in first.pending} == {"admin"}
    assert live.run(powers.cli, *given).planned == []
    assert list(live.programme.members()[Role.FREEZER]) == [old]

    live.wait(max(first.pending, key=lambda each: int(each["from_when"])))
    last = live.run(powers.cli, *given)
    assert (last.exit_code, len(last.planned)) == (0, 2), last.stderr
    assert list(live.programme.members()[Role.FREEZER]) == [NEW_FREEZER]
    assert live.run(powers.cli, *given).planned == []


def test_the_last_act_of_an_administrator_is_to_leave(live: LiveProgramme) -> None:
    """The loss of a key: another administrator is granted first, the old one revoked last."""
    given = programme(
        ("holders: [admin], delay_hours: 48", "holders: [tax_authority], delay_hours: 48")
    )
    first = live.run(powers.cli, *given)
    assert [each.split()[1] for each in first.planned] == ["grant", "revoke"]
    live.wait(max(first.pending, key=lambda each: int(each["from_when"])))
    last = live.run(powers.cli, *given)
    assert last.exit_code == 0, last.stderr
    assert list(live.programme.members()[Role.ADMIN]) == [
        live.desk.signers["tax_authority"].address
    ]


def test_a_shorter_delay_for_a_role_is_a_change_too(live: LiveProgramme) -> None:
    given = programme(("[releaser], delay_hours: 2", "[releaser], delay_hours: 3"))
    first = live.run(powers.cli, *given)
    (title,) = first.planned
    assert title.startswith("schedule: grant releaser") and title.endswith("waiting 3 h")
