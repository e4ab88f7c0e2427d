"""`ape run stage`: widened by board and regulator, narrowed by the regulator alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from scripts import stage, transfer
from scripts._amanat.measures import ONE
from scripts._amanat.stages import LIMITS, LimitValues, Stage
from scripts._amanat.stages import NARROW as NARROW_CALL
from tests.journeys.live_programme import SERIES, Answer, LiveProgramme

pytestmark = pytest.mark.chain

BEGUN = """stage: pilot
per_series_usd: 1,200,000,000
total_usd: 2,000,000,000
last_day: 2030-12-31
"""
"""As the sample programme begins."""
NARROW = (
    BEGUN
    + """
holding_usd: 2,000,000
transaction_usd: 10,000.00
investors: 60
investor_classes: [retail, primary_dealer, bank, institution, corporate, professional, insurer,
                   mutual_fund, pension_fund, islamic_bank]
jurisdictions: [PK, AE]
"""
)
LARGEST = 10_000 * ONE * ONE // (355 * 10**13 * ONE)
"""Rupees for 10,000 dollars at the rate of the sample programme, 0.00355 a rupee."""


def bring(live: LiveProgramme, text: str, *words: str) -> Answer:
    Path("wish.yaml").write_text(text)
    return live.run(stage.cli, "wish.yaml", *words)


def test_the_stage_and_what_is_used_of_it_are_shown(live: LiveProgramme) -> None:
    before = live.height
    shown = live.run(stage.cli)
    assert (shown.exit_code, shown.planned, live.height) == (0, [], before)
    told = shown.document
    assert (told["stage"], told["held"], told["ended"]) == ("pilot", False, False)
    used = told["series"][0]
    assert used["outstanding"] == live.series.supply * 355 * 10**13
    assert used["investors"] == live.series.counted
    assert 0 < used["largest_holding"] <= used["outstanding"] == told["outstanding"]


def test_a_narrower_stage_is_in_force_at_once_and_bounds_the_series(live: LiveProgramme) -> None:
    done = bring(live, NARROW, "--narrow")
    assert (done.exit_code, done.planned) == (0, ["narrow the stage"]), done.stderr
    rules = live.programme.rules(live.series)
    assert rules.maximumTransaction == LARGEST
    assert live.programme.countries(live.series) == [586, 784]
    assert bring(live, NARROW, "--narrow").planned == []
    first, second = live.cast.largest[:2]
    more = live.run(transfer.cli, SERIES, "2,820,000", "--from", first, "--to", second)
    assert more.exit_code == 5 and "code 43" in more.document["error"]["message"]
    shown = live.run(stage.cli).document
    assert shown["limits"]["transaction"] == 10_000 * ONE


def test_a_stage_is_widened_by_two_institutions_after_the_boards_delay(live: LiveProgramme) -> None:
    bring(live, NARROW, "--narrow")
    wider = NARROW.replace("10,000.00", "50,000")
    first = bring(live, wider)
    assert (first.exit_code, first.planned) == (10, ["schedule: propose the stage pilot"])
    assert bring(live, wider).planned == []
    live.wait(first.pending[0])
    last = bring(live, wider)
    assert last.planned == ["propose the stage pilot", "confirm the stage pilot"], last.stderr
    assert last.exit_code == 0
    # What the rules say stays as it was until the compliance officer widens it.
    assert live.programme.rules(live.series).maximumTransaction == LARGEST
    assert bring(live, wider).planned == []


def test_an_end_that_has_passed_ends_the_stage_now(live: LiveProgramme) -> None:
    wish = BEGUN.replace("2030-12-31", "2025-09-01")
    assert bring(live, wish, "--narrow").exit_code == 0
    assert bring(live, wish, "--narrow").planned == []
    assert live.run(stage.cli).document["ended"]
    first, second = live.cast.largest[:2]
    refused = live.run(transfer.cli, SERIES, "5,000", "--from", first, "--to", second)
    assert "code 13" in refused.document["error"]["message"]


@pytest.mark.parametrize(
    ("text", "words", "told"),
    [
        ("stage: expansion\n", ("--narrow",), "in the stage pilot"),
        ("stage: full\n", (), "no way to full"),
        ("stage: pilot\nlast_day: 2025-09-01\n", (), "last_day: 2025-09-01 has passed"),
        ("stage: trial\n", (), "stage: 'trial'"),
        ("stage: full\nholding_usd: -1\n", (), "holding_usd"),
        ("stage: full\njurisdictions: [PK, PK]\n", (), "jurisdictions"),
    ],
)
def test_a_stage_that_cannot_be_is_refused_before_anything_is_sent(
    live: LiveProgramme, text: str, words: tuple[str, ...], told: str
) -> None:
    before = live.height
    wrong = bring(live, text, *words)
    assert wrong.exit_code == 2
    assert told in wrong.document["error"]["message"]
    assert live.height == before


def test_what_is_left_to_conform_anyone_conforms_by_the_same_command(live: LiveProgramme) -> None:
    """Here because the regulator conformed nothing with the narrowing."""
    found = LimitValues.of(live.programme["PilotStage"].read("current").limits)
    limits = found._replace(investors=50)
    data = keccak(text=NARROW_CALL)[:4] + encode([LIMITS, "uint256"], [tuple(limits), 0])
    contract, regulator = live.programme["PilotStage"], live.desk.signers["regulator"].address
    call = {"from": regulator, "to": contract.address, "data": "0x" + data.hex()}
    live.chain.rpc("anvil_impersonateAccount", regulator)
    live.chain.rpc("eth_sendTransaction", call)
    assert live.run(stage.cli, yes=False).document["error"]["kind"] == "Declined"
    done = live.run(stage.cli)
    assert (done.exit_code, done.planned) == (0, ["conform the rules of 1 series"])
    assert live.programme.rules(live.series).maximumHolders == 50
    assert live.run(stage.cli).planned == [] and not live.run(stage.cli).document["held"]


def test_narrowing_names_what_it_would_loosen(live: LiveProgramme) -> None:
    bring(live, NARROW, "--narrow")
    wrong = bring(live, NARROW.replace("10,000.00", "20,000"), "--narrow")
    assert "this would loosen: transaction" in wrong.document["error"]["message"]
    assert live.programme["PilotStage"].read("current").stage == Stage.PILOT
