"""A toll road's revenue by its commands: issued, sold, declared, restated, paid, called, ended."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scripts import allot, announce_coupon, call, declare_revenue, fund, issue, pay, redeem, status
from scripts._amanat.build import ROOT
from scripts._amanat.business_days import start_of_day_karachi
from scripts._amanat.pilot import SAMPLE
from scripts._amanat.pilot_cast import morning
from scripts._amanat.signers import development_account
from tests.journeys.live_bond import bring, cash_of, publish_calendar
from tests.journeys.live_programme import Answer, LiveProgramme

pytestmark = pytest.mark.chain

ROAD = "MRS-01JAN27"
FILES = ROOT / SAMPLE / "revenue"
SHEET = str(FILES / "mrs-2027-01-01.yaml")
AUCTION = str(ROOT / SAMPLE / "auction-2025-11-05-mrs.csv")
INVESTORS = str(ROOT / SAMPLE / "investors.csv")
FACE = 600_001_000
FIRST_POOL = 47_979_022_43
"""A quarter of 191,916,089.75, floored to the paisa."""
DIFFERENCE = -1_704_280_00
"""A quarter of 185,098,969.75 less that."""
SECOND_SHARE = 52_365_323_62
AUDITOR = 291
"""The development key that plays it."""


@pytest.fixture
def road(live: LiveProgramme) -> LiveProgramme:
    """Issued and sold; the morning of 10-Jan-2026, when a quarter is over."""
    assert publish_calendar(live).exit_code == 0
    assert live.run(issue.cli, SHEET).exit_code == 0
    live.chain.advance_to(morning(date(2025, 11, 6)))
    assert sell(live).exit_code == 0
    live.chain.advance_to(morning(date(2026, 1, 10)))
    return live


def sell(live: LiveProgramme) -> Answer:
    return live.run(allot.cli, SHEET, AUCTION, "--investors", INVESTORS, "--fund-on-local-chain")


def declare(live: LiveProgramme, name: str = "tolls-2025-q4", *more: str) -> Answer:
    return live.run(declare_revenue.cli, ROAD, str(FILES / f"{name}.yaml"), *more)


def read(live: LiveProgramme, function: str, *args: Any) -> Any:
    return live.programme.find_series(ROAD).token.read(function, *args)


def treasury_of(live: LiveProgramme) -> str:
    return live.desk.signers["treasury"].address


def signature_of(key: int, digest: str) -> str:
    signed = development_account(key).unsafe_sign_hash(bytes.fromhex(digest[2:]))
    return "0x" + bytes(signed.signature).hex()


def pay_out(live: LiveProgramme, period: str, pool: int) -> Answer:
    """Announce, wait, fund and pay a declaration."""
    which = (ROAD, "--period", period)
    announced = live.run(announce_coupon.cli, *which)
    assert (announced.exit_code, announced.document["kind"]) == (0, "revenue")
    assert announced.document["total"] == pool
    live.chain.advance_to(announced.document["due"])
    bring(live, {treasury_of(live): pool})
    assert live.run(fund.cli, *which).exit_code == 0
    return live.run(pay.cli, *which)


def test_a_share_is_issued_and_sold_and_a_second_run_plans_nothing(live: LiveProgramme) -> None:
    first = live.run(issue.cli, SHEET)
    name = "mrs-2027-01-01"
    wanted = [f"propose {name}", "set its term sheet", f"approve {name}", f"open {name}"]
    assert (first.exit_code, first.planned) == (0, wanted), first.stderr
    assert all(check["ok"] for check in first.document["proof"])
    assert first.document["series"]["class"] == "RevenueShare"
    live.chain.advance_to(morning(date(2025, 11, 6)))
    sold = sell(live)
    assert (sold.exit_code, sold.document["face"]) == (0, FACE), sold.stderr
    before = live.height
    assert live.run(issue.cli, SHEET).planned == sell(live).planned == []
    assert live.height == before
    told = live.run(status.cli).document["series"]
    found = next(each for each in told if each["symbol"] == ROAD)
    assert (found["outstanding"], found["missed_payments"]) == (FACE * 100, [])


def test_a_quarter_is_declared_paid_restated_and_the_next_one_nets_it(road: LiveProgramme) -> None:
    first = declare(road)
    assert (first.exit_code, len(first.planned)) == (0, 1), first.stderr
    assert all(check["ok"] for check in first.document["proof"])
    assert (first.document["pool"], first.document["carried"]) == (FIRST_POOL, 0)
    assert (
        "leave 191,916,089.75; the holders' share is 47,979,022.43" in (first.document["notes"][0])
    )
    before = road.height
    assert (declare(road).planned, road.height) == ([], before)
    told = road.run(status.cli).document["series"]
    upcoming = next(each for each in told if each["symbol"] == ROAD)["next_payment"]
    assert (upcoming["kind"], upcoming["number"]) == ("revenue", 0)

    small = road.cast.investors.by_reference["INV-5SCG3CN8"].main_wallet
    had = cash_of(road, small)
    paid = pay_out(road, "0", FIRST_POOL)
    assert (paid.exit_code, paid.document["status"]) == (0, "completed"), paid.stderr
    gross = FIRST_POOL * 1_001_000 // FACE
    tax = round(gross * 15 / 100)
    assert abs(cash_of(road, small) - had - (gross - tax)) <= 1
    assert road.run(pay.cli, ROAD, "--period", "0").planned == []

    restated = declare(road, "tolls-2025-q4-restated", "--restate")
    assert (restated.exit_code, restated.document["carried"]) == (0, DIFFERENCE)
    assert restated.document["pool"] == FIRST_POOL, "what was declared is paid"
    before = road.height
    assert declare(road, "tolls-2025-q4-restated", "--restate").planned == []
    assert (declare(road).planned, road.height) == ([], before)

    road.chain.advance_to(morning(date(2026, 4, 10)))
    second = declare(road, "tolls-2026-q1")
    assert (second.exit_code, second.document["carried"]) == (0, 0)
    assert second.document["share"] == SECOND_SHARE
    assert second.document["pool"] == SECOND_SHARE + DIFFERENCE
    paid = pay_out(road, "1", SECOND_SHARE + DIFFERENCE)
    assert paid.exit_code == 0
    left = paid.document["residual"]
    assert 0 < left < 8, "less than a paisa a holder"
    had = cash_of(road, treasury_of(road))
    cleared = road.run(pay.cli, ROAD, "--period", "1", "--residual")
    assert (cleared.exit_code, cleared.document["withdrawn"]) == (0, left)
    assert cash_of(road, treasury_of(road)) - had == left
    assert road.run(pay.cli, ROAD, "--period", "1", "--residual").planned == []


def test_everything_that_cannot_be_declared_is_told_at_once(road: LiveProgramme) -> None:
    folder = Path(shutil.copytree(FILES, road.root / "files"))

    def refused(*changes: tuple[str, str], name: str = "tolls-2025-q4", more: str = "") -> str:
        path = folder / "changed.yaml"
        text = (folder / f"{name}.yaml").read_text("utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path.write_text(text, "utf-8")
        answer = road.run(declare_revenue.cli, ROAD, str(path), *more.split())
        assert answer.exit_code == 2, answer.stderr
        message: str = answer.document["error"]["message"]
        return message

    before = road.height
    bill = road.run(declare_revenue.cli, "MTB-26DEC25", str(folder / "tolls-2025-q4.yaml"))
    assert bill.exit_code == 2
    assert "shares no revenue" in bill.document["error"]["message"]
    told = refused(
        ("first: 2025-10-01, last: 2025-12-31", "first: 2025-10-02, last: 2026-01-31"),
        ("2026-01-20", "2026-01-14"),
        ("2026-01-26", "2026-02-20"),
    )
    assert "period.first: is 2025-10-02; next to declare is what begins on 2025-10-01" in told
    assert "period.last: 2026-01-31 is not over yet" in told
    assert "record_day: is 2026-01-14; right: 2026-01-15 to 2026-12-31" in told
    assert "payment_day: is 2026-02-20; right: 2026-01-14 to 2026-02-13" in told
    told = refused(("record_day: 2026-01-20\n", ""))
    assert "record_day, payment_day: a declaration names both" in told
    told = refused(
        ('"412650300.00"', "412650300.00"),
        ('"20632515.00"', '"20632515.005"'),
        ("last: 2025-12-31", "last: 2025-08-31"),
        ("payment_day: 2026-01-26", "payment_day: 2026-01-19"),
        ("audited:", "audit:"),
    )
    for key in ("figures.gross", "figures.reserve", "period.last", "payment_day", "audit"):
        assert key in told
    assert "is not declared, so nothing can be restated" in refused(
        name="tolls-2025-q4-restated", more="--restate"
    )
    assert "has no place in a restatement" in refused(more="--restate")
    assert "No such file" in refused(("audited-2025-q4.md", "audited-2025-q5.md"))
    assert road.height == before
    assert declare(road).exit_code == 0
    assert "was declared already, with other figures or days" in refused(
        ('"412650300.00"', '"412650301.00"')
    )


def test_an_auditor_signs_elsewhere(road: LiveProgramme, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its key is not on the fiscal agent's machine: the digest goes out, the signature comes in."""
    monkeypatch.setenv("AMANAT_SIGNER_AUDITOR", "development:20")
    before = road.height
    waits = declare(road)
    assert (waits.exit_code, waits.planned, road.height) == (10, [], before)
    digest = waits.document["digest"]
    assert digest in waits.pending[0]["what"]
    assert development_account(AUDITOR).address in waits.pending[0]["who"]
    refused = declare(road, "tolls-2025-q4", "--signature", signature_of(20, digest))
    assert (refused.exit_code, road.height) == (5, before)
    assert "StatementSignatureInvalid" in refused.document["error"]["message"]
    done = declare(road, "tolls-2025-q4", "--signature", signature_of(AUDITOR, digest))
    assert (done.exit_code, done.document["pool"]) == (0, FIRST_POOL)


def test_the_issuer_calls_it_for_a_day_and_it_is_redeemed_at_the_scheduled_price(
    road: LiveProgramme,
) -> None:
    document = road.root / "decision.pdf"
    document.write_text("decision\n", "utf-8")

    def run(*words: str) -> Answer:
        return road.run(call.cli, ROAD, *words, "--document", str(document))

    before = road.height
    for words in ((), ("--period", "0", "--day", "2026-08-03")):
        assert run(*words).exit_code == 2
    assert "let nobody call it like that" in run("--period", "0").document["error"]["message"]
    told = run("--day", "2026-06-30").document["error"]["message"]
    assert "right: 2026-07-01 or later, and before 2027-01-01" in told
    assert road.height == before
    road.chain.advance_to(morning(date(2026, 7, 1)))
    late = run("--day", "2026-07-20").document["error"]["message"]
    assert "30 days of notice are not left" in late

    done = run("--day", "2026-08-03")
    assert (done.exit_code, done.document["price"]) == (0, "102.0000"), done.stderr
    before = road.height
    assert (run("--day", "2026-08-03").planned, road.height) == ([], before)
    assert (
        "was called already, for 2026-08-03"
        in (run("--day", "2026-08-04").document["error"]["message"])
    )
    early = road.run(redeem.cli, ROAD)
    assert early.exit_code == 5 and "TermNotOver" in early.document["error"]["message"]
    road.chain.advance_to(start_of_day_karachi(date(2026, 8, 3)))
    bring(road, {treasury_of(road): FACE * 102})
    redeemed = road.run(redeem.cli, ROAD)
    assert (redeemed.exit_code, redeemed.document["supply"]) == (0, 0), redeemed.stderr
    assert redeemed.document["total"] == FACE * 102
    assert read(road, "totalSupply") == 0
