"""`ape run transfer`: sent once, or refused in words."""

from __future__ import annotations

import pytest

from scripts import freeze, transfer
from tests.journeys.live_programme import SERIES, LiveProgramme

pytestmark = pytest.mark.chain


def words(sender: str, recipient: str, amount: str) -> tuple[str, ...]:
    return SERIES, amount, "--from", sender, "--to", recipient


def test_a_transfer_is_sent_once_however_often_it_is_run(live: LiveProgramme) -> None:
    """pitfall 33: retried after a lost answer, it moves nothing twice."""
    seller, buyer = live.cast.largest[0], live.cast.newcomers[0]
    first = live.run(transfer.cli, *words(seller, buyer, "50,000"))
    assert (first.exit_code, live.read("balanceOf", buyer)) == (0, 50_000)
    before = live.height
    again = live.run(transfer.cli, *words(seller, buyer, "50000"))
    assert (again.exit_code, again.planned) == (0, [])
    assert "give a --reference" in again.document["notes"][0]
    assert again.document["transaction"] == first.document["transaction"]
    assert live.height == before


def test_the_series_by_another_word_is_the_same_transfer(live: LiveProgramme) -> None:
    seller, buyer = live.cast.largest[0], live.cast.newcomers[0]
    live.run(transfer.cli, *words(seller, buyer, "50000"))
    again = live.run(transfer.cli, live.series.address, "50000", "--from", seller, "--to", buyer)
    assert again.planned == []


def test_an_equal_transfer_under_another_reference_is_another(live: LiveProgramme) -> None:
    seller, buyer = live.cast.largest[0], live.cast.newcomers[0]
    for reference in ("invoice 1", "invoice 2"):
        given = (*words(seller, buyer, "5000"), "--reference", reference)
        assert live.run(transfer.cli, *given).exit_code == 0
    assert live.read("balanceOf", buyer) == 10_000


def test_a_refused_transfer_is_told_in_words_and_nothing_is_sent(live: LiveProgramme) -> None:
    """The ERC-1404 code, its sentence and the error of the call itself, with its values."""
    seller, buyer = live.cast.largest[0], live.cast.newcomers[0]
    before = live.height
    refused = live.run(transfer.cli, *words(seller, buyer, "4999"))
    assert refused.exit_code == 5
    assert refused.document["error"]["kind"] == "TransferRefused"
    assert refused.document["error"]["restriction"] == {
        "code": 34,
        "message": "The amount is not a whole number of lots",
        "error": "LotNotWhole(amount=4999, lot=5000)",
    }
    assert "not a whole number of lots" in refused.stderr
    assert live.height == before


def test_a_frozen_holder_is_told_so(live: LiveProgramme) -> None:
    seller, buyer = live.cast.largest[0], live.cast.newcomers[0]
    assert live.run(freeze.cli, SERIES, seller).exit_code == 0
    refused = live.run(transfer.cli, *words(seller, buyer, "5000"))
    assert refused.document["error"]["restriction"]["code"] == 3


def test_a_dry_run_sends_nothing(live: LiveProgramme) -> None:
    seller, buyer = live.cast.largest[0], live.cast.newcomers[0]
    before = live.height
    dry = live.run(transfer.cli, *words(seller, buyer, "5000"), "--dry-run", yes=False)
    assert (dry.exit_code, len(dry.planned), live.height) == (0, 1, before)


@pytest.mark.parametrize(
    ("amount", "told"),
    [("5E+03", "scientific notation"), ("-5000", "formula"), ("five", "not a whole number")],
)
def test_an_amount_that_a_spreadsheet_mangled_is_refused(
    live: LiveProgramme, amount: str, told: str
) -> None:
    seller, buyer = live.cast.largest[0], live.cast.newcomers[0]
    options = ("--from", seller, "--to", buyer)
    refused = live.run(transfer.cli, *options, "--", SERIES, amount)
    assert refused.exit_code == 2
    assert told in refused.stderr


def test_a_wallet_with_a_wrong_checksum_is_refused(live: LiveProgramme) -> None:
    seller, buyer = live.cast.largest[0], live.cast.newcomers[0]
    mistaken = buyer[:-1] + buyer[-1].swapcase() if buyer[-1].isalpha() else buyer.swapcase()
    mistaken = "0x" + mistaken[2:]
    refused = live.run(transfer.cli, *words(seller, mistaken, "5000"))
    assert refused.exit_code == 2
    assert "checksum" in refused.stderr
