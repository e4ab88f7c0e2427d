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
    "sale, securities leg": 32,
    "sale, cash leg": None,
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
    accounts = result["accounts"]
    parts = ("with_investors", "with_treasury", "with_others")
    assert accounts["brought"] == sum(accounts[part] for part in parts)


def test_every_series_reconciles_to_zero(result: dict[str, Any]) -> None:
    """Tokens, cash and tax: the chain's events against themselves and against the ledger."""
    for row in result["accounts"]["series"]:
        assert row["differences"] == {"tokens": 0, "cash": 0, "tax": 0}
        assert row["outstanding"] == 0
        assert row["issued"] == row["redeemed"] > 0


def test_the_bill_costs_its_discount(result: dict[str, Any]) -> None:
    """Face 3,484,495,000 at the bids' own prices; the rest is the auction file's discount."""
    bill = result["accounts"]["series"][0]
    assert bill["issued"] == 3_484_495_000
    assert bill["gross"] == bill["issued"] * 100
    assert bill["gross"] - bill["subscribed"] == 8_686_731_329


def test_a_secondary_sale_moves_both_legs_or_neither(result: dict[str, Any]) -> None:
    """pitfall 57: each leg was refused once by its own rules, and nothing moved."""
    (act,) = (act for act in result["acts"] if act["title"].startswith("A secondary sale"))
    stayed = [c for c in act["checks"] if c["name"].startswith("tokens and cash stay")]
    assert [check["ok"] for check in stayed] == [True, True]


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
