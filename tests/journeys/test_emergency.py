"""`ape run pause` and `ape run drill`: one call stops one series, a class or everything; what one
desk stopped another confirms, and others let go of, slowly (pitfall 52)."""

from __future__ import annotations

import pytest

from scripts import drill, pause
from scripts._amanat.powers import Role
from tests.journeys.live_programme import SERIES, LiveProgramme

pytestmark = pytest.mark.chain

SCOPES = [
    ((SERIES,), "mtb-3m-2025-12-26", 1),
    (("--class", "treasury_bill"), "every treasury bill", 14),
    (("--everything",), "everything", 2),
]


@pytest.mark.parametrize(("words", "name", "code"), SCOPES)
def test_it_is_stopped_at_once_confirmed_by_another_and_let_go_slowly(
    live: LiveProgramme, words: tuple[str, ...], name: str, code: int
) -> None:
    alice, bob = live.cast.largest[:2]

    def told() -> int:
        return int(live.read("detectTransferRestriction", alice, bob, 5_000))

    nothing = live.run(pause.cli, *words, "--confirm")
    assert nothing.exit_code == 2 and f"{name} is not paused" in nothing.stderr
    first = live.run(pause.cli, *words)
    assert (first.exit_code, first.planned) == (0, [f"pause {name}"])
    assert "lapses at" in first.document["plan"][0]["then"]
    assert told() == code
    assert live.run(pause.cli, *words).planned == []
    confirming = live.run(pause.cli, *words, "--confirm")
    assert confirming.planned == [f"confirm the pause of {name}"]
    assert live.run(pause.cli, *words, "--confirm").planned == []
    releasing = live.run(pause.cli, *words, "--release")
    assert releasing.exit_code == 10 and told() == code
    (pending,) = releasing.pending
    assert pending["who"] == "releaser"
    live.wait(pending)
    last = live.run(pause.cli, *words, "--release")
    assert (last.exit_code, last.planned, told()) == (0, [f"unpause {name}"], 0)
    assert live.run(pause.cli, *words, "--release").planned == []


def test_a_class_or_everything_says_how_much_it_reaches(live: LiveProgramme) -> None:
    for words in (("--class", "treasury_bill"), ("--everything",)):
        tried = live.run(pause.cli, *words, "--dry-run")
        assert tried.exit_code == 0
        assert tried.document["notes"][0] == f"Reaches 1 series: {live.series.id}."
    none = live.run(pause.cli, "--class", "ijarah_sukuk", "--dry-run")
    assert none.document["notes"][0] == "Reaches 0 series: none."


def test_what_is_stopped_is_named_once(live: LiveProgramme) -> None:
    for words in ((), (SERIES, "--everything"), (SERIES, "--class", "treasury_bill")):
        wrong = live.run(pause.cli, *words)
        assert wrong.exit_code == 2 and "name one SERIES" in wrong.stderr
    unknown = live.run(pause.cli, "--class", "tulips")
    assert unknown.exit_code == 2 and "treasury_bill" in unknown.stderr


def test_a_drill_sends_nothing_and_tells_who_can_stop_what(live: LiveProgramme) -> None:
    before = live.height
    found = live.run(drill.cli)
    assert (found.exit_code, live.height) == (0, before), found.stderr
    rows = {row["what"]: row for row in found.document["drill"]}
    assert [*rows][:2] == ["everything", "every treasury bill"] and live.series.id in rows
    desks = live.programme.members()[Role.EMERGENCY]
    assert len(desks) == 2
    for row in rows.values():
        assert row["stopped at once by"] == ", ".join(desks)
        assert (row["lapses after"], row["after"]) == ("7 days", "2 h")
    assert {each["role"] for each in found.document["single_keys"]} >= {"releaser", "regulator"}


def test_a_drill_fails_where_one_desk_alone_could_stop_things(live: LiveProgramme) -> None:
    issuer = live.desk.signers["issuer"].address
    leaving = live.programme["Authority"].query("renounceRole", Role.EMERGENCY, issuer).request
    live.chain.rpc("anvil_impersonateAccount", issuer)
    live.chain.rpc("eth_sendTransaction", {**leaving, "from": issuer})
    found = live.run(drill.cli)
    assert found.exit_code == 9 and "2 desks or more can stop everything" in found.stderr


def test_a_live_drill_pauses_one_series_and_releases_it(live: LiveProgramme) -> None:
    words = ("--live", SERIES)
    first = live.run(drill.cli, *words)
    assert first.exit_code == 10, first.stderr
    assert first.planned == [f"pause {live.series.id}", f"schedule: unpause {live.series.id}"]
    assert live.read("paused")
    assert live.run(drill.cli, *words).planned == []
    live.wait(first.pending[0])
    last = live.run(drill.cli, *words)
    assert (last.exit_code, last.planned) == (0, [f"unpause {live.series.id}"]), last.stderr
    assert not live.read("paused")
