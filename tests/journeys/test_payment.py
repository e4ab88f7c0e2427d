"""`ape run fund` and `ape run pay`: funded in part, missed, cured, paid in pages."""

from __future__ import annotations

import pytest

from scripts import announce_coupon, fund, pay, redeem
from tests.journeys.live_programme import SERIES, LiveProgramme
from tests.journeys.test_redemption import mature

pytestmark = pytest.mark.chain

REDEMPTION = (SERIES, "--redemption")


@pytest.fixture
def due(live: LiveProgramme) -> LiveProgramme:
    """The redemption announced and due, and par in the treasury."""
    assert live.run(redeem.cli, SERIES).exit_code == 10
    mature(live)
    return live


def test_what_is_due_and_not_funded_is_missed_and_cured_by_late_money(due: LiveProgramme) -> None:
    """A part is kept and pays nobody; the rest cures it, and then all are paid."""
    par = due.series.supply * 100
    first = due.run(pay.cli, *REDEMPTION)
    assert (first.exit_code, first.planned) == (
        10,
        ["note that the redemption of mtb-3m-2025-12-26 is missed"],
    )
    assert first.document["status"] == "missed"
    assert [(each["who"], each["command"]) for each in first.pending] == [
        ("treasury", f"ape run fund {SERIES} --redemption")
    ]
    assert due.run(pay.cli, *REDEMPTION).planned == []

    part = due.run(fund.cli, *REDEMPTION, "--amount", "1,000,000.00")
    assert (part.exit_code, part.planned[-1]) == (0, "fund 1,000,000.00")
    assert (part.document["missing"], part.document["status"]) == (par - 100_000_000, "missed")
    assert due.run(fund.cli, *REDEMPTION, "--amount", "1,000,000.00").planned == []

    assert due.run(fund.cli, *REDEMPTION).document["status"] == "funded"
    last = due.run(pay.cli, *REDEMPTION, "--page", "40")
    assert (last.exit_code, last.document["status"]) == (0, "completed")
    assert (last.document["paid"], due.series.supply) == (par, 0)
    before = due.height
    again = due.run(pay.cli, *REDEMPTION)
    assert (again.exit_code, again.planned, due.height) == (0, [], before)


def test_more_than_a_payment_takes_is_refused(due: LiveProgramme) -> None:
    refused = due.run(fund.cli, *REDEMPTION, "--amount", "99,000,000,000.00")
    assert refused.exit_code == 2
    assert "is more than the redemption" in refused.document["error"]["message"]


def test_what_was_not_announced_is_neither_funded_nor_paid(live: LiveProgramme) -> None:
    for command in (fund.cli, pay.cli):
        refused = live.run(command, *REDEMPTION)
        assert refused.exit_code == 2
        assert refused.document["error"]["what_to_do"] == f"Run `ape run redeem {SERIES}` first."


@pytest.mark.parametrize("words", [(), ("--period", "0", "--redemption")])
def test_exactly_one_payment_is_named(live: LiveProgramme, words: tuple[str, ...]) -> None:
    refused = live.run(pay.cli, SERIES, *words)
    assert refused.exit_code == 2
    assert "either --period or --redemption" in refused.stderr


def test_a_bill_has_no_coupon(live: LiveProgramme) -> None:
    for words in ((SERIES,), (SERIES, "--period", "0")):
        refused = live.run(announce_coupon.cli, *words)
        assert refused.exit_code == 2
        assert "pays nothing before its redemption" in refused.document["error"]["message"]
