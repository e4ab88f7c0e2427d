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
    "replaced": 1,
    "locked up": 38,
    "register closed": 39,
    "velocity": 40,
    "matured": 8,
    "sale, securities leg": 32,
    "sale, cash leg": None,
    "rate set twice": None,
    "pledged": 12,
    "wallet lost": 22,
    "beyond the stage": 43,
    "past the stage": 13,
    "sender lapsed": 18,
    "more than held": 6,
    "a NOC is no licence": 46,
    "a venue's day": 47,
    "whom a venue may serve": 45,
    "the travel rule": 50,
    "a venue to a venue with a NOC": 46,
    "into a suspended venue": 44,
    "from a suspended venue": 44,
    **dict.fromkeys(
        ("in vain: issuer", "in vain: fiscal_agent", "in vain: regulator", "in vain: deployer")
    ),
}


BILL, BOND = "mtb-3m-2025-12-26", "pib-2026-08-05"
FLOATER, SUKUK = "pfl-2028-11-06", "gis-2026-07-17"
ROAD, AUCTIONED = "mrs-2027-01-01", "mtb-1m-2025-11-25"
GOLD, OIL = "gold-2026", "oil-2026"
WRONG_ISIN, RIGHT_ISIN = "mtb-3m-2026-05-04", "mtb-3m-2026-05-04-b"


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


def account_of(result: dict[str, Any], series: str) -> dict[str, Any]:
    """The row of the last table."""
    rows: list[dict[str, Any]] = result["accounts"]["series"]
    return next(row for row in rows if row["series"] == series)


def act_of(result: dict[str, Any], words: str) -> dict[str, Any]:
    """The act whose title has these words."""
    acts: list[dict[str, Any]] = result["acts"]
    return next(act for act in acts if words in act["title"])


def lines_of(result: dict[str, Any], words: str) -> str:
    return "\n".join(act_of(result, words)["lines"])


def test_every_check_held(result: dict[str, Any]) -> None:
    checks = [check for act in result["acts"] for check in act["checks"]]
    assert result["holds"]
    assert result["error"] is None
    assert len(checks) > 700
    assert [check["name"] for check in checks if not check["ok"]] == []


def test_each_refusal_has_its_code_and_the_transaction_agrees(result: dict[str, Any]) -> None:
    """pitfall 21: what is asked and what is done cannot disagree."""
    refusals = [refusal for act in result["acts"] for refusal in act["refusals"]]
    assert {each["topic"]: each["code"] for each in refusals} == REFUSED
    assert all(each["agrees"] for each in refusals)
    assert all(each["message"] for each in refusals)


def test_orders_are_executed_by_two_of_the_owners_of_a_safe(result: dict[str, Any]) -> None:
    """Two people: each call proposed, refused with one signature, executed with two."""
    act, told = act_of(result, "A court's order"), lines_of(result, "A court's order")
    assert told.count("a Safe acts, signed by order executor and tax authority") == 2
    alone = [each for each in act["checks"] if "one owner alone" in each["name"]]
    assert [each["found"] for each in alone] == ["refused"] * 2


def test_a_thief_of_any_key_gets_nothing_that_others_open(result: dict[str, Any]) -> None:
    """Every function of every other role, called by each holder: a check a role."""
    act = act_of(result, "tries everything else, in vain")
    walked = [each for each in act["checks"] if each["name"].startswith("acts beyond ")]
    assert len(walked) >= 21 and all(each["found"] == [] for each in walked)
    assert "none passed" in act["lines"][0]
    assert "each by one call of either of two desks" in lines_of(result, "An emergency is")


def test_every_rupee_is_accounted_for(result: dict[str, Any]) -> None:
    accounts = result["accounts"]
    parts = ("with_investors", "with_treasury", "with_others")
    assert accounts["brought"] == sum(accounts[part] for part in parts)


def test_every_series_reconciles_to_zero(result: dict[str, Any]) -> None:
    """Tokens, cash and tax: the chain's events against themselves and against the ledger.

    Nothing is outstanding of any series: each is played to its last payment.
    """
    rows = result["accounts"]["series"]
    assert {BILL, BOND, FLOATER, SUKUK, ROAD, GOLD, OIL} <= {row["series"] for row in rows}
    for row in rows:
        assert row["differences"] == {"tokens": 0, "cash": 0, "tax": 0}
        assert row["issued"] == row["redeemed"] + row["bought"] > 0
        assert row["outstanding"] == 0


def test_the_bill_costs_its_discount(result: dict[str, Any]) -> None:
    """Face 3,484,495,000 at the bids' own prices; the rest is the auction file's discount."""
    bill = account_of(result, BILL)
    assert bill["issued"] == 3_484_495_000
    assert bill["gross"] == bill["issued"] * 100
    assert bill["gross"] - bill["subscribed"] == 8_686_731_329


def test_a_secondary_sale_moves_both_legs_or_neither(result: dict[str, Any]) -> None:
    """pitfall 57: each leg was refused once by its own rules, and nothing moved."""
    act = act_of(result, "A secondary sale")
    stayed = [c for c in act["checks"] if c["name"].startswith("tokens and cash stay")]
    assert [check["ok"] for check in stayed] == [True, True]


def test_time_goes_forward(result: dict[str, Any]) -> None:
    """All series live on the one clock of the chain."""
    began = [act["began"] for act in result["acts"]]
    assert began == sorted(began)


def test_a_coupon_on_a_holiday_is_paid_the_next_business_day(result: dict[str, Any]) -> None:
    """10.5 % pays 5,250.00 on 100,000 for a half-year; 5 February is Kashmir Day."""
    assert "PIB-05AUG26: Rs 5,250.00 for each 100,000" in lines_of(result, "are announced")
    assert "funded, and not paid before the 6th" in lines_of(result, "falls on a holiday")
    checks = act_of(result, "The bond pays its first coupon")["checks"]
    day = next(check for check in checks if check["name"] == "the day of payment")
    assert day["found"] == 1_770_318_000  # 6 February 2026, 00:00 in Karachi


def test_a_recovery_after_the_record_date_keeps_the_coupon(result: dict[str, Any]) -> None:
    recovery = act_of(result, "lost between record date and payment")
    at_record, now = (
        next(check for check in recovery["checks"] if check["name"] == name)
        for name in ("held at the record date, under the lost name", "held now")
    )
    assert at_record["found"] == now["found"] > 0


def test_a_missed_coupon_is_cured_late_and_a_blocked_payee_paid(result: dict[str, Any]) -> None:
    """Paid in two parts; who could not take cash was set aside twice, then paid."""
    due, late = (act_of(result, words) for words in ("is missed", "funded late"))
    missed = [check["found"] for check in due["checks"] if check["name"].startswith("status")]
    assert missed == ["funded", "missed"]
    found = [check["found"] for check in late["checks"] if check["name"].startswith("status")]
    assert found == ["missed", "funded", "completed", "completed"]
    for act in (due, late):
        assert sum("PilotRupeeBlocked" in line for line in act["lines"]) == 1


def test_the_bond_pays_two_coupons_and_its_face(result: dict[str, Any]) -> None:
    """52,500.00 on 1,000,000 each half-year, whatever the days; what was bought earns one."""
    bond = account_of(result, BOND)
    coupons = (2 * bond["issued"] - bond["bought"]) // 100_000 * 525_000
    assert bond["gross"] == bond["redeemed"] * 100 + coupons


def test_an_auction_on_the_chain_is_settled_but_for_who_cannot_pay(result: dict[str, Any]) -> None:
    """pitfall 58: 40 sealed bids of which 3 are never shown, 60 without a price, one default."""
    assert "8 dealers seal 40 bids, 60 savers bid" in lines_of(result, "An auction is opened")
    decision = lines_of(result, "accepts at a cut-off")
    assert "480,750,000 to 90 bids, the dealers' down to 99.1530" in decision
    assert "Rs 750,000.00 of bonds forfeit" in decision
    assert "forfeit Rs 1,000,000.00" in lines_of(result, "in default forfeits")
    assert account_of(result, AUCTIONED)["issued"] == 422_305_000


def test_offers_are_bought_back_in_part_and_cancelled(result: dict[str, Any]) -> None:
    """Clean price and 69 of 181 days of 5.25: 2.001381 on 100, each row half-up for itself."""
    lines = lines_of(result, "A buyback auction")
    assert "12,500,000 of 30,000,000 at 99.7600" in lines and "1 offer turned down" in lines
    bond = account_of(result, BOND)
    assert (bond["bought"], bond["bought_for"]) == (42_800_000, 4_354_812_616)


def test_the_floater_is_called_and_what_nobody_can_be_paid_escheats(
    result: dict[str, Any],
) -> None:
    """At 100.25 with its notice; half a year later the treasury has what was left, before tax."""
    assert "at 100.2500 for 100 of face" in lines_of(result, "is called, with its notice")
    last = act_of(result, "What nobody could be paid escheats")
    assert last["lines"][-1].endswith("go to the treasury")
    floater = account_of(result, FLOATER)
    assert floater["escheated"] == 200_000 * 10_025 // 100
    coupons = floater["issued"] // 100_000 * 272_500
    first = floater["gross"] + floater["escheated"] - coupons - floater["issued"] * 10_025 // 100
    assert first == floater["issued"] // 100_000 * 283_748


def test_the_floater_pays_a_quarter_at_its_fallback_rate(result: dict[str, Any]) -> None:
    """10.6 % and 0.30 %: 2,725.00 on 100,000 for a quarter."""
    assert "10.9000 % for the second period" in lines_of(result, "reset by its fallback")
    assert "PFL-06NOV28: Rs 2,725.00 for each 100,000" in lines_of(result, "second coupons")


def test_the_sukuk_pays_rentals_and_nothing_else(result: dict[str, Any]) -> None:
    """11 % on 100,000 for 184 days is 5,545.21; the word interest has no place in its story."""
    assert "GIS-17JUL26: Rs 5,545.21 for each 100,000" in lines_of(result, "are announced")
    sukuk = account_of(result, SUKUK)
    rentals = sukuk["issued"] // 100_000 * (554_521 + 545_479)
    assert sukuk["gross"] == rentals + sukuk["issued"] * 100
    told = [act for act in result["acts"] if "sukuk" in act["title"]]
    assert "interest" not in json.dumps(told).lower()


def test_the_toll_road_shares_what_was_audited_and_nets_its_restatement(
    result: dict[str, Any],
) -> None:
    """A quarter of 191,916,089.75; of 209,461,294.50 less 1,704,280.00; of 290,645,065.20."""
    pools = (47_979_022_43, 52_365_323_62 - 1_704_280_00, 72_661_266_30)
    acts = ("first quarter is", "next quarter nets", "until its end")
    for act, pool in zip(acts, pools, strict=True):
        assert f"Rs {pool // 100:,}.{pool % 100:02} is paid" in lines_of(result, act)
    road = account_of(result, ROAD)
    called = road["issued"] * 102
    assert road["gross"] + road["residual"] == sum(pools) + called
    assert 0 < road["residual"] < 3 * 10, "less than a paisa a holder and payment"
    assert "keeps what was declared" in lines_of(result, "a sale after it")


def test_a_venue_goes_its_way_and_its_customers_leave_without_it(result: dict[str, Any]) -> None:
    """pitfall 60: a phase at a time, and the way out needs no signature of the venue."""
    last = lines_of(result, "licence is suspended")
    assert "noc → aml registered → incorporated → licensed → suspended" in last
    assert "2 customers have what was theirs" in lines_of(result, "leave without its signature")


def test_gold_is_minted_to_the_thousandth_and_no_further(result: dict[str, Any]) -> None:
    """domain.md: 400.025 oz of 0.9958 are 398.344; on 398.000, 0.344 is minted and 0.345 is not."""
    first = lines_of(result, "Gold is attested by two")
    assert "attest to 398.344 fine troy ounces" in first
    assert "ReserveExceeded(supply=398000, amount=345, reserve=398344)" in first
    assert "0.344 fine troy ounces sold" in first
    assert "ReserveStale" in lines_of(result, "mints stop, trades do not")


def test_a_bar_is_delivered_and_a_request_nobody_served_is_undone(result: dict[str, Any]) -> None:
    """198.344 oz for 200.344: 2 oz at Rs 1,150,000; fees of Rs 50,000 each and Rs 500 an ounce."""
    assert "198.344 fine troy ounces of KHI-01" in lines_of(result, "A bar of gold")
    assert "198.000 fine troy ounces are free" in lines_of(result, "nobody served")
    gold = account_of(result, GOLD)
    assert gold["issued"] == gold["redeemed"] == 498_344
    assert gold["shortfalls"] == 2 * 1_150_000_00
    assert gold["fees"] == 3 * 50_000_00 + (198_344 + 198_000 + 100_000) * 500_00 // 1_000


def test_an_encumbered_tank_does_not_count(result: dict[str, Any]) -> None:
    lines = lines_of(result, "Oil is attested")
    assert "TANK-2 is encumbered" in lines
    assert "amount=900000, reserve=997500" in lines
    assert account_of(result, OIL)["fees"] == 1_000_000_00 + 100_000 * 20_00


def test_tax_is_withheld_by_class_residence_and_date(result: dict[str, Any]) -> None:
    """15 % of residents' coupons, 20 % from July 2026; nothing of banks' and, from 2026, funds'."""
    assert "5 rates, 1 certificate" in lines_of(result, "tax agent publishes")
    tax = {row["series"]: row["tax"] for row in result["accounts"]["series"]}
    assert tax == {
        BILL: 0,
        AUCTIONED: 0,
        BOND: 562_878_750,
        FLOATER: 113_724_903,
        SUKUK: 466_565_000,
        ROAD: 2_569_519_983,
        GOLD: 0,
        OIL: 0,
        WRONG_ISIN: 0,
        RIGHT_ISIN: 0,
    }
    for row in result["accounts"]["series"]:
        assert row["gross"] == row["tax"] + row["net"]
    assert result["accounts"]["with_others"] == sum(tax.values())


def test_an_issue_beyond_the_ceiling_is_refused_until_two_raise_it(
    result: dict[str, Any],
) -> None:
    """The series was proposed and approved by its desks; the ceiling alone stood against it."""
    assert "CeilingExceeded" in lines_of(result, "beyond the ceiling")
    assert "$2,000,000,000 again" in lines_of(result, "raise the ceiling again")


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
