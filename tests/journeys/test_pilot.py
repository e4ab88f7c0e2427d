"""`ape run pilot`: one run, looked at from all sides."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts._amanat.build import ROOT

pytestmark = [pytest.mark.chain, pytest.mark.slow]

REFUSED = {
    "unverified": 25,
    "lapsed": 26,
    "country": 32,
    "class": 33,
    "lot": 34,
    "maximum holding": 35,
    "too many holders": 36,
    "sender frozen": 3,
    "recipient frozen": 4,
    "frozen in part": 7,
    "paused": 1,
    "locked up": 38,
    "register closed": 39,
    "velocity": 40,
    "matured": 8,
    "wallet lost": 22,
    "sender lapsed": 18,
    "more than held": 6,
}


def play(*words: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "ape"), "run", "pilot", "--json", *words]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, "KEEP": ""}, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def result() -> dict[str, Any]:
    done = play()
    assert done.returncode == 0, done.stderr[-3_000:]
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def test_every_check_held(result: dict[str, Any]) -> None:
    checks = [check for act in result["acts"] for check in act["checks"]]
    assert result["holds"]
    assert result["error"] is None
    assert len(checks) > 200
    assert [check["name"] for check in checks if not check["ok"]] == []


def test_each_refusal_has_its_code_and_the_transaction_agrees(result: dict[str, Any]) -> None:
    """pitfall 21: what is asked and what is done cannot disagree."""
    refusals = [refusal for act in result["acts"] for refusal in act["refusals"]]
    assert {each["topic"]: each["code"] for each in refusals} == REFUSED
    assert all(each["agrees"] for each in refusals)
    assert all(each["message"] for each in refusals)


def test_every_rupee_is_accounted_for(result: dict[str, Any]) -> None:
    """Face 3,484,495,000 at the bids' own prices; the discount is the auction file's."""
    accounts = result["accounts"]
    assert accounts["face"] == 3_484_495_000
    assert accounts["discount"] == accounts["face"] * 100 - accounts["paid_for_it"]
    assert accounts["minted"] == accounts["with_investors"] + accounts["with_treasury"]
    assert accounts["with_investors"] == accounts["redeemed"] == accounts["face"] * 100


def test_it_is_told_for_the_ministry(result: dict[str, Any]) -> None:
    page = (ROOT / ".build" / "pilot-report.md").read_text("utf-8")
    assert "Every check held" in page
    assert "The amount is not a whole number of lots" in page


def test_its_chain_and_its_record_are_gone(result: dict[str, Any]) -> None:
    assert result["url"] is None


def test_it_holds_on_another_client_too() -> None:
    """Hardhat's node: another implementation of the EVM and of its RPC."""
    done = play("--client", "hardhat")
    assert done.returncode == 0, done.stderr[-3_000:]
    document = json.loads(done.stdout)
    assert (document["client"], document["holds"]) == ("hardhat", True)
