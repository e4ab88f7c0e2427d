"""Commodities by their commands: issued, attested, sold, encumbered, redeemed in kind."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from scripts import (
    allot,
    attest_reserve,
    encumber,
    issue,
    pay_storage,
    publish_price,
    record_date,
    redeem_in_kind,
    sell,
    status,
)
from scripts._amanat.business_days import day_in_karachi, start_of_day_karachi
from tests.journeys.live_commodity import (
    BAR,
    GOLD,
    INVESTORS,
    SHEET,
    live_gold,
    row,
    sales,
    sold,
    statement,
)
from tests.journeys.live_programme import SERIES, Answer, LiveProgramme

pytestmark = pytest.mark.chain

FINE = 398_344
DAY = 86_400


@pytest.fixture
def gold(live: LiveProgramme) -> LiveProgramme:
    live_gold(live)
    return live


@pytest.fixture
def buyer(live: LiveProgramme) -> str:
    return live.cast.largest[0]


def supply(live: LiveProgramme) -> int:
    found: int = live.programme.find_series(GOLD).supply
    return found


def test_a_sheet_becomes_a_series_and_again_nothing(live: LiveProgramme) -> None:
    done = live.run(issue.cli, SHEET)
    assert done.exit_code == 0 and len(done.planned) == 4  # proposed, its sheet, approved, opened
    assert all(check["ok"] for check in done.document["proof"])
    before = live.height
    again = live.run(issue.cli, SHEET)
    assert (again.exit_code, again.planned, live.height) == (0, [], before)
    refused = live.run(allot.cli, SHEET, str(sales(live, "")), *INVESTORS)
    assert refused.exit_code == 2 and "is not auctioned" in refused.stderr


# ---------------------------------------------------------------- attesting


def test_a_statement_is_attested_once_by_both_keepers(live: LiveProgramme) -> None:
    live.run(issue.cli, SHEET)
    file = str(statement(live))
    rehearsed = live.run(attest_reserve.cli, file, "--dry-run")
    assert rehearsed.exit_code == 0 and len(rehearsed.planned) == 1
    done = live.run(attest_reserve.cli, file)
    assert (done.exit_code, done.document["reserve"], done.document["short"]) == (0, FINE, False)
    before = live.height
    again = live.run(attest_reserve.cli, file)
    assert (again.exit_code, again.planned, live.height) == (0, [], before)
    listed = live.run(status.cli).document["series"]
    gold = next(each for each in listed if each["symbol"] == GOLD)
    assert (gold["reserve"], gold["lots"], gold["unit"]) == (FINE, ["KHI-01"], "fine troy ounce")


def test_a_keeper_signs_elsewhere_and_its_file_is_brought(
    live: LiveProgramme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The auditor's key is not on the machine that sends."""
    from scripts._amanat import signers

    live.run(issue.cli, SHEET)
    file, out = str(statement(live)), str(live.root / "auditor.json")
    signed = live.run(attest_reserve.cli, file, "--sign-as", "auditor", "--out", out)
    assert (signed.exit_code, signed.planned) == (0, [])
    assert live.run(attest_reserve.cli, file, "--sign-as", "auditor", "--out", out).exit_code == 0
    fewer = {name: key for name, key in signers.DEVELOPMENT_ROLES.items() if name != "auditor"}
    monkeypatch.setattr(signers, "DEVELOPMENT_ROLES", fewer)
    lacking = live.run(attest_reserve.cli, file)
    assert lacking.exit_code == 10
    assert "--sign-as auditor --out auditor.json" in lacking.pending[0]["command"]
    done = live.run(attest_reserve.cli, file, "--signature", out)
    assert (done.exit_code, done.document["reserve"]) == (0, FINE)
    longer = statement(live, BAR | {"insured_until": "2027-02-10"}, name="next")
    late = live.run(attest_reserve.cli, str(longer), "--signature", out)
    assert late.exit_code == 2 and "of another statement" in late.stderr


def test_everything_wrong_with_a_statement_is_told_at_once(live: LiveProgramme) -> None:
    live.run(issue.cli, SHEET)
    off = BAR | {"quality": "0.90", "net": "398.345"}
    fine = BAR | {"id": "KHI-02", "gross": "400.0251"}
    refused = live.run(attest_reserve.cli, str(statement(live, off, fine)))
    assert refused.exit_code == 2
    told = refused.document["error"]
    listed = " ".join([told["message"], *told.get("faults", ())]) + refused.stderr
    assert "quality: 0.9 is off grade; right: 0.995 to 1" in listed
    assert "net: 398.345 is not gross times quality; right: 360.022" in listed
    assert "has more than 3 decimals" in listed
    path = statement(live)
    content = yaml.safe_load(path.read_text("utf-8"))
    content["lots"][0] |= {"serials": "nowhere.csv", "assay": "../assay.md"}
    content |= {"as_of": "yesterday", "extra": "1"}
    path.write_text(yaml.safe_dump(content, default_style='"'), "utf-8")
    refused = live.run(attest_reserve.cli, str(path))
    for word in ("serials", "assay", "as_of", "extra"):
        assert word in refused.stderr


# ---------------------------------------------------------------- selling


def test_what_is_in_store_is_sold_and_not_an_ounce_more(gold: LiveProgramme, buyer: str) -> None:
    """domain.md: 398.344 recognised; supply 398.0: 0.344 sells, 0.345 does not."""
    first = sold(gold, row("S-1", buyer, "398.000"))
    assert first.exit_code == 0
    assert (supply(gold), first.document["reserve"]) == (398_000, FINE)
    before = gold.height
    refused = sold(gold, row("S-2", buyer, "0.345"), name="more")
    assert (refused.exit_code, gold.height) == (5, before)
    assert "ReserveExceeded: 398.000" in refused.document["error"]["message"]
    assert sold(gold, row("S-2", buyer, "0.344"), name="more").exit_code == 0
    assert supply(gold) == FINE
    again = sold(gold, row("S-2", buyer, "0.344"), name="more")
    assert (again.exit_code, again.planned) == (0, [])


def test_nothing_is_sold_by_a_stale_reserve(gold: LiveProgramme, buyer: str) -> None:
    gold.chain.advance_to(gold.desk.chain.now() + 3 * DAY)
    before = gold.height
    refused = sold(gold, row("S-1", buyer, "1.000"))
    assert (refused.exit_code, gold.height) == (5, before)
    assert "ReserveStale" in refused.document["error"]["message"]
    assert gold.run(attest_reserve.cli, str(statement(gold))).exit_code == 0
    assert sold(gold, row("S-1", buyer, "1.000")).exit_code == 0


def test_a_file_of_sales_is_refused_whole(gold: LiveProgramme, buyer: str) -> None:
    file = sales(gold, row("S-1", buyer, "1.0001"), row("s-1", buyer, "0"), "S-3,,,,,")
    refused = gold.run(sell.cli, GOLD, str(file), "--day", "2025-10-20", *INVESTORS)
    assert refused.exit_code == 2
    for word in ("more than 3 decimals", "row 2 already", "is zero", "row 4"):
        assert word in refused.stderr


# ---------------------------------------------------------------- encumbering


def test_a_lot_is_encumbered_by_two_and_released_by_two(gold: LiveProgramme) -> None:
    (gold.root / "agreement.md").write_text("a claim\n", "utf-8")
    words = (GOLD, "KHI-01", "--document", str(gold.root / "agreement.md"))
    done = gold.run(encumber.cli, *words)
    assert done.exit_code == 0
    assert [title.split()[0] for title in done.planned] == ["propose", "confirm"]
    assert (done.document["encumbered"], done.document["reserve"]) == (True, None)
    assert "ReserveNotPositive" in done.document["unknown_because"]
    assert gold.run(encumber.cli, *words).planned == []
    freed = gold.run(encumber.cli, *words, "--release")
    assert (freed.exit_code, freed.document["reserve"]) == (0, FINE)
    assert gold.run(encumber.cli, *words, "--release").planned == []
    refused = gold.run(encumber.cli, GOLD, "KHI-09", *words[2:])
    assert refused.exit_code == 2 and "there are: KHI-01" in refused.stderr


def test_what_holders_have_a_claim_on_is_not_encumbered(gold: LiveProgramme, buyer: str) -> None:
    sold(gold, row("S-1", buyer, "1.000"))
    (gold.root / "agreement.md").write_text("a claim\n", "utf-8")
    refused = gold.run(encumber.cli, GOLD, "KHI-01", "--document", str(gold.root / "agreement.md"))
    assert refused.exit_code == 5
    assert "EncumbranceUncovers" in refused.document["error"]["message"]


# ---------------------------------------------------------------- redemption in kind


@pytest.fixture
def bar(gold: LiveProgramme, buyer: str) -> str:
    """A request for 200 ounces of a buyer of 300, and the papers that go with it."""
    assert sold(gold, row("S-1", buyer, "300.000")).exit_code == 0
    for name in ("delivery.md", "list.csv", "receipt.md", "fixing.md"):
        (gold.root / name).write_text(f"{name}\n", "utf-8")
    path = gold.root / "bar.yaml"
    content = {"series": GOLD, "holder": buyer, "units": "200.000", "instructions": "delivery.md"}
    path.write_text(yaml.safe_dump(content, default_style='"'), "utf-8")
    return str(path)


def paper(live: LiveProgramme, name: str) -> str:
    return str(live.root / name)


def take(live: LiveProgramme, bar: str, *words: str) -> Answer:
    """A stage, and the same again, which plans nothing."""
    done = live.run(redeem_in_kind.cli, bar, *words)
    if done.exit_code == 0:
        before = live.height
        again = live.run(redeem_in_kind.cli, bar, *words)
        assert (again.exit_code, again.planned, live.height) == (0, [], before)
    return done


def assigning(live: LiveProgramme, weight: str = "198.344") -> tuple[str, ...]:
    return ("--assign", "KHI-01", "--weight", weight, "--bars", paper(live, "list.csv"))


def test_a_bar_is_redeemed_stage_by_stage(gold: LiveProgramme, bar: str, buyer: str) -> None:
    """198.344 oz for 200.000: the fee is paid, the shortfall of 1.656 oz settled in cash."""
    cash = gold.programme.cash
    asked = take(gold, bar)
    assert (asked.exit_code, asked.document["status"]) == (0, "requested")
    early = take(gold, bar, "--accept")
    assert early.exit_code == 2 and "chooses a lot with --assign" in early.stderr
    unpriced = take(gold, bar, *assigning(gold))
    assert unpriced.exit_code == 2 and "publish_price" in unpriced.stderr
    priced = (GOLD, "--price", "1,150,000.00", "--evidence", paper(gold, "fixing.md"))
    assert gold.run(publish_price.cli, *priced).exit_code == 0
    assert gold.run(publish_price.cli, *priced).planned == []
    chosen = take(gold, bar, *assigning(gold))
    assert (chosen.exit_code, chosen.document["shortfall"]) == (0, 1_904_400_00)
    other = take(gold, bar, *assigning(gold, "199.000"))
    assert other.exit_code == 2 and "are chosen already" in other.stderr
    fee = 50_000_00 + 99_172_00
    assert chosen.document["fee"] == fee
    give_cash(gold, buyer, fee)
    held = cash.read("balanceOf", buyer)
    assert take(gold, bar, "--accept").document["status"] == "accepted"
    assert take(gold, bar, "--deliver", paper(gold, "receipt.md")).exit_code == 0
    done = take(gold, bar, "--acknowledge")
    assert (done.exit_code, done.document["status"]) == (0, "settled")
    assert cash.read("balanceOf", buyer) == held - fee + 1_904_400_00
    assert supply(gold) == 100_000
    late = gold.run(redeem_in_kind.cli, bar, "--cancel")
    assert late.exit_code == 2 and "it has ended" in late.stderr.lower()


def give_cash(live: LiveProgramme, wallet: str, amount: int) -> None:
    """Pilot rupees of the fiscal agent."""
    from scripts._amanat.command import Desk, Work, perform
    from scripts._amanat.pilot_stage import StageConsole
    from scripts._amanat.plan import Call, Plan, Ref, Step

    call = Call(Ref("PilotRupee"), "PilotRupee", "mint(address,uint256)", (wallet, amount))

    def plan(_: Desk) -> Plan:
        return Plan("give_cash", f"{wallet} {amount}", (Step("give cash", "fiscal_agent", call),))

    desk = live.desk
    desk.console = StageConsole(assume_yes=True)
    perform(desk, Work("give_cash", plan=plan))


def test_what_nobody_chose_in_time_anyone_undoes(gold: LiveProgramme, bar: str, buyer: str) -> None:
    take(gold, bar)
    waiting = gold.run(redeem_in_kind.cli, bar, "--time-out")
    assert waiting.exit_code == 10
    gold.wait(waiting.pending[0])
    late = gold.run(redeem_in_kind.cli, bar, *assigning(gold, "200.000"))
    assert late.exit_code == 2 and "--time-out" in late.stderr
    done = take(gold, bar, "--time-out")
    assert (done.exit_code, done.document["status"]) == (0, "timed out")
    token = gold.programme.find_series(GOLD).token
    assert token.read("pledgedOf", buyer) == 0
    again = gold.run(redeem_in_kind.cli, bar)
    assert again.exit_code == 2 and "instructions of its own" in again.stderr


def test_the_holder_takes_its_request_back(gold: LiveProgramme, bar: str) -> None:
    take(gold, bar)
    assert take(gold, bar, *assigning(gold, "200.000")).document["shortfall"] == 0
    done = take(gold, bar, "--cancel")
    assert (done.exit_code, done.document["status"]) == (0, "cancelled")


def test_what_a_request_cannot_be_is_told_before_anything_is_sent(
    gold: LiveProgramme, bar: str
) -> None:
    before = gold.height
    path = Path(bar)
    content = yaml.safe_load(path.read_text("utf-8"))
    for units, word in (("99.999", "100.000"), ("200.0001", "more than 3 decimals")):
        path.write_text(yaml.safe_dump(content | {"units": units}, default_style='"'), "utf-8")
        refused = gold.run(redeem_in_kind.cli, bar)
        assert refused.exit_code == 2 and word in refused.stderr
    refused = gold.run(redeem_in_kind.cli, bar, "--accept", "--cancel")
    assert refused.exit_code == 2 and "name one stage" in refused.stderr
    refused = gold.run(redeem_in_kind.cli, bar, "--assign", "KHI-01")
    assert refused.exit_code == 2 and "together" in refused.stderr
    assert gold.height == before


def test_who_owes_nothing_for_storage_pays_nothing(gold: LiveProgramme, buyer: str) -> None:
    done = gold.run(pay_storage.cli, GOLD, buyer)
    assert (done.exit_code, done.planned, done.document["owed"]) == (0, [], 0)


def test_storage_accrues_at_a_record_date_that_the_issuer_announced(
    gold: LiveProgramme, bar: str, buyer: str
) -> None:
    day = day_in_karachi(gold.chain.time) + timedelta(days=365)
    words = (GOLD, "--day", day.isoformat())
    told = gold.run(record_date.cli, *words)
    assert (told.exit_code, len(told.planned)) == (0, 1), told.stderr
    assert told.document["record_dates"] == [start_of_day_karachi(day)]
    assert gold.run(record_date.cli, *words).planned == []
    assert gold.run(pay_storage.cli, GOLD, buyer).planned == []

    gold.chain.advance_to(start_of_day_karachi(day))
    token = gold.programme.find_series(GOLD).address
    owed, _ = gold.programme["RedemptionDesk"].read("storageOwed", token, buyer)
    assert owed > 0
    give_cash(gold, buyer, owed)
    paid = gold.run(pay_storage.cli, GOLD, buyer)
    assert (paid.exit_code, paid.document["owed"]) == (0, 0), paid.stderr
    assert gold.run(pay_storage.cli, GOLD, buyer).planned == []


def test_a_record_date_that_is_a_term_is_announced_by_nobody(live: LiveProgramme) -> None:
    before = live.height
    refused = live.run(record_date.cli, SERIES, "--day", "2025-12-01")
    assert refused.exit_code == 5 and "RecordDatesAreTerms" in refused.stderr
    assert live.height == before
