"""Reference rates, the ceiling, and a series step by step, as commands of the desks."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import approve, cancel, ceiling, issue, propose, rate, status
from scripts._amanat import signers
from scripts._amanat.build import ROOT
from scripts._amanat.measures import ONE, dollars_of
from scripts._amanat.onchain import Status
from tests.journeys.live_programme import SERIES, Answer, LiveProgramme

pytestmark = pytest.mark.chain

SHEET = str(ROOT / "scripts/_pilot/bonds/gis-2026-07-17.yaml")
NAME, SYMBOL = "gis-2026-07-17", "GIS-17JUL26"
FACE = 10_000_000_000
BILL = 5_000_000_000
RATE = 355 * 10**13
DAY = 86_400


@pytest.fixture
def evidence(live: LiveProgramme) -> str:
    """A publication, and what it is taken for elsewhere: an order, a decision."""
    path = live.root / "publication.md"
    path.write_text("published\n", "utf-8")
    return str(path)


def limits(live: LiveProgramme, usd: str, **allocations: str) -> str:
    """A file of limits."""
    rows = "".join(f"  {name}: {amount}\n" for name, amount in allocations.items()) or "  {}\n"
    path = Path(live.root / "limits.yaml")
    path.write_text(f'usd: "{usd}"\nauthorisation_days: 60\nallocations:\n{rows}', "utf-8")
    return str(path)


def line(answer: Answer, name: str) -> dict[str, str]:
    """A line of the ceiling as the document gives it."""
    rows = answer.document["ceiling"]["lines"]
    (found,) = [row for row in rows if row["class"] == name]
    return dict(found)


# ---------------------------------------------------------------- rates


def test_the_agent_sets_a_rate_within_its_bounds_once(live: LiveProgramme, evidence: str) -> None:
    words = ("PKR", "--dollars", "0.0036", "--evidence", evidence)
    tried = live.run(rate.cli, *words, "--dry-run")
    assert (tried.exit_code, tried.planned) == (0, ["set the rate of PKR"]), tried.stderr
    done = live.run(rate.cli, *words)
    assert (done.exit_code, len(done.document["sent"])) == (0, 1), done.stderr
    height = live.height
    again = live.run(rate.cli, *words)
    assert (again.exit_code, again.planned, live.height) == (0, [], height)
    shown = {each["unit"]: each for each in live.run(rate.cli).document["rates"]}
    assert shown["PKR"]["dollars"] == "0.0036" and shown["PKR"]["stale"] is False
    assert shown["USD"]["dollars"] == "1"


def test_a_rate_beyond_its_bounds_is_refused_with_figures(
    live: LiveProgramme, evidence: str
) -> None:
    height = live.height
    refused = live.run(rate.cli, "PKR", "--dollars", "0.0040", "--evidence", evidence)
    assert refused.exit_code == 2
    said = "PKR: 0.004 is 12.68 % from 0.00355, the rate in force; right: 2 % at most"
    assert said in refused.document["error"]["message"]
    assert "--beyond" in refused.stderr
    unknown = live.run(rate.cli, "TIN/TONNE", "--dollars", "30,000", "--evidence", evidence)
    assert unknown.exit_code == 2 and "has no rate yet" in unknown.stderr
    assert live.run(rate.cli, "PKR", "--dollars", "1").exit_code == 2
    assert live.height == height


def test_beyond_its_bounds_board_and_regulator_agree(live: LiveProgramme, evidence: str) -> None:
    """One command: scheduled, proposed and confirmed, a new unit with its bounds included."""
    bounds = ("--move", "5", "--drift", "20", "--days", "30", "--age-days", "7")
    words = ("TIN/TONNE", "--dollars", "30,000.5", "--evidence", evidence, "--beyond", *bounds)
    first = live.run(rate.cli, *words)
    assert first.exit_code == 10, first.stderr
    assert first.planned == ["schedule: propose the rate of TIN/TONNE"]
    live.wait(first.pending[-1])
    done = live.run(rate.cli, *words)
    assert done.planned == ["propose the rate of TIN/TONNE", "confirm the rate of TIN/TONNE"]
    assert done.exit_code == 0, done.stderr
    assert live.run(rate.cli, *words).planned == []
    shown = {each["unit"]: each for each in done.document["rates"]}
    assert shown["TIN/TONNE"]["dollars"] == "30,000.5"
    assert shown["TIN/TONNE"]["bounds"]["per_period"] == 2_000


# ---------------------------------------------------------------- the ceiling


def test_the_ceiling_shows_what_is_committed_out_and_left(live: LiveProgramme) -> None:
    shown = live.run(ceiling.cli)
    assert shown.exit_code == 0, shown.stderr
    bills, whole = line(shown, "TreasuryBill"), line(shown, "all")
    committed = BILL * RATE
    assert int(bills["committed"]) == committed == int(whole["committed"])
    assert int(bills["outstanding"]) == live.series.supply * RATE
    assert int(whole["room"]) == 2_000_000_000 * ONE - committed
    assert {check["name"] for check in shown.document["proof"]} == {
        "outstanding in PKR",
        "committed in dollars",
    }


def test_limits_are_raised_by_two_and_lowered_at_once(live: LiveProgramme) -> None:
    more = limits(live, "3,000,000,000", treasury_bill="900,000,000")
    refused = live.run(ceiling.cli, "--lower", more)
    assert refused.exit_code == 2
    assert "TreasuryBill: 900,000,000 is more than 300,000,000" in refused.stderr
    nothing = live.run(ceiling.cli, "--confirm", more)
    assert nothing.exit_code == 2 and "this is not what was proposed" in nothing.stderr

    first = live.run(ceiling.cli, "--raise", more)
    assert (first.exit_code, first.planned) == (10, ["schedule: propose the limits"]), first.stderr
    assert "all: 2,000,000,000 becomes 3,000,000,000" in first.document["notes"]
    live.wait(first.pending[-1])
    done = live.run(ceiling.cli, "--raise", more)
    assert done.exit_code == 0, done.stderr[-3000:]
    assert done.planned == ["propose the limits", "confirm the limits"]
    assert (done.exit_code, line(done, "TreasuryBill")["limit"]) == (0, str(900_000_000 * ONE))
    assert live.run(ceiling.cli, "--raise", more).planned == []

    less = limits(live, "1", treasury_bill="0")
    lowered = live.run(ceiling.cli, "--lower", less)
    assert (lowered.exit_code, lowered.planned) == (0, ["lower the limits"]), lowered.stderr
    assert int(line(lowered, "all")["room"]) < 0


def test_the_regulator_confirms_what_the_board_proposed_elsewhere(
    live: LiveProgramme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each with its own key alone: the first run ends where the other's begins."""
    more = limits(live, "2,500,000,000")
    live.wait(live.run(ceiling.cli, "--raise", more).pending[-1])
    monkeypatch.setenv("AMANAT_SIGNER_REGULATOR", address_of("regulator"))
    proposed = live.run(ceiling.cli, "--raise", more)
    assert proposed.exit_code == 10, proposed.stderr
    assert [each["title"] for each in proposed.document["sent"]] == ["propose the limits"]
    assert proposed.pending[0]["what"] == "confirm the limits"

    monkeypatch.delenv("AMANAT_SIGNER_REGULATOR")
    monkeypatch.setenv("AMANAT_SIGNER_BOARD", address_of("board"))
    confirmed = live.run(ceiling.cli, "--confirm", more)
    assert (confirmed.exit_code, confirmed.planned) == (0, ["confirm the limits"]), confirmed.stderr
    assert int(line(confirmed, "all")["limit"]) == 2_500_000_000 * ONE


def address_of(role: str) -> str:
    return str(signers.development_account(signers.DEVELOPMENT_ROLES[role]).address)


def test_a_file_of_limits_is_judged_whole(live: LiveProgramme) -> None:
    wrong = limits(live, "1.0000000000000000001", lottery="5")
    refused = live.run(ceiling.cli, "--raise", wrong)
    assert refused.exit_code == 2
    said = refused.document["error"]["message"]
    assert "usd: '1.0000000000000000001' is not a quantity" in said
    assert "allocations.lottery: " in said and "is not a class of asset" in said


def test_the_fiscal_agent_authorises_less_and_more_of_a_series(live: LiveProgramme) -> None:
    supply = live.series.supply
    less = live.run(ceiling.cli, "--authorise", SERIES, f"{supply:,}")
    assert (less.exit_code, less.planned) == (
        0,
        [f"authorise {supply:,} of mtb-3m-2025-12-26"],
    ), less.stderr
    assert int(line(less, "TreasuryBill")["committed"]) == supply * RATE
    assert live.run(ceiling.cli, "--authorise", SERIES, str(supply)).planned == []
    refused = live.run(ceiling.cli, "--authorise", SERIES, str(supply - 1))
    assert refused.exit_code != 0 and "AuthorisedTooLittle" in refused.stderr
    more = live.run(ceiling.cli, "--authorise", SERIES, str(BILL))
    assert (more.exit_code, int(line(more, "all")["committed"])) == (0, BILL * RATE)


def test_an_issue_that_the_ceiling_refuses_stays_approved(live: LiveProgramme) -> None:
    live.run(ceiling.cli, "--lower", limits(live, "40,000,000"))
    refused = live.run(issue.cli, SHEET)
    over = (BILL + FACE) * RATE
    assert refused.exit_code != 0
    assert f"CeilingExceeded(usd={over}, ceiling={40_000_000 * ONE})" in refused.stderr


# ---------------------------------------------------------------- a series, desk by desk


def test_a_series_is_proposed_approved_opened_and_cancelled_by_its_desks(
    live: LiveProgramme, evidence: str
) -> None:
    proposed = live.run(propose.cli, SHEET, "--document", evidence)
    assert (proposed.exit_code, proposed.planned) == (0, [f"propose {NAME}", "set its term sheet"])
    assert live.run(propose.cli, SHEET, "--document", evidence).planned == []
    assert live.programme.find_series(SYMBOL).status is Status.PROPOSED

    words = (SYMBOL, "--document", evidence)
    approved = live.run(approve.cli, *words)
    assert (approved.exit_code, approved.planned) == (0, [f"approve {NAME}"]), approved.stderr
    assert live.run(approve.cli, *words).planned == []
    other = live.root / "other.md"
    other.write_text("another decision\n", "utf-8")
    refused = live.run(approve.cli, SYMBOL, "--document", str(other))
    assert refused.exit_code == 2 and "approved on another decision" in refused.stderr

    opened = live.run(approve.cli, *words, "--open")
    assert (opened.exit_code, opened.planned) == (0, [f"open {NAME}"]), opened.stderr
    assert live.run(issue.cli, SHEET).planned == []
    cancelled = live.run(cancel.cli, "--series", SYMBOL)
    assert (cancelled.exit_code, cancelled.planned) == (0, [f"cancel {NAME}"]), cancelled.stderr
    assert live.run(cancel.cli, "--series", SYMBOL).planned == []
    stand = {each["symbol"]: each["status"] for each in live.run(status.cli).document["series"]}
    assert stand[SYMBOL] == "cancelled"
    assert int(line(live.run(ceiling.cli), "IjarahSukuk")["committed"]) == 0


def test_what_is_out_is_not_cancelled(live: LiveProgramme) -> None:
    refused = live.run(cancel.cli, "--series", SERIES)
    assert refused.exit_code == 2
    assert f"{live.series.supply:,} of it are out" in refused.stderr


@pytest.mark.parametrize(
    ("amount", "shown"), [(ONE, "1"), (RATE, "0.00355"), (1_500 * ONE, "1,500"), (1, f"0.{1:018d}")]
)
def test_dollars_are_shown_without_zeros_that_say_nothing(amount: int, shown: str) -> None:
    assert dollars_of(amount) == shown
