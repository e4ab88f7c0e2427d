"""The journal survives whatever happens to the machine (pitfall 34)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts._amanat.errors import AmanatError, Busy
from scripts._amanat.journal import Journal, JournalDamaged, Settled, Signed

SENDER = "0x00000000000000000000000000000000000000A1"


def signed(nonce: int, digest: str, step: str = "s1") -> Signed:
    return Signed("note", "w1", step, "write", "writer", SENDER, nonce, digest, "0x02", 10, 1)


def settled(digest: str, *, succeeded: bool = True) -> Settled:
    return Settled(digest, succeeded, 5, "0xb5", 21_000)


def test_what_was_signed_is_read_back_by_the_next_run(tmp_path: Path) -> None:
    with Journal.held(tmp_path) as journal:
        journal.signed(signed(0, "0xa"))
        journal.signed(signed(0, "0xb"))
        journal.signed(signed(1, "0xc", "s2"))
        journal.settled(settled("0xb"))
    journal = Journal.read(tmp_path)
    assert [slot.first.hash for slot in journal.open_slots()] == ["0xc"]
    assert [each.hash for each in journal.slot(SENDER, 0).attempts] == ["0xa", "0xb"]
    assert journal.next_nonce(SENDER) == 2
    assert journal.next_nonce("0xelse") == 0
    assert journal.done("note", "w1") == {"s1": settled("0xb")}
    assert journal.done("note", "w2") == {}


def test_what_was_read_once_is_read_on_from_there(tmp_path: Path) -> None:
    """Also where another process has written since."""
    with Journal.held(tmp_path) as first:
        first.signed(signed(0, "0xa"))
    with Journal.held(tmp_path) as other:
        other.settled(settled("0xa"))
        other.signed(signed(1, "0xb"))
    journal = Journal.read(tmp_path, known=first)
    assert [slot.first.hash for slot in journal.open_slots()] == ["0xb"]
    assert journal.done("note", "w1") == {"s1": settled("0xa")}
    assert len(Journal.read(tmp_path, known=journal).slots()) == 2


def test_a_reverted_step_does_not_count_as_done(tmp_path: Path) -> None:
    with Journal.held(tmp_path) as journal:
        journal.signed(signed(0, "0xa"))
        journal.settled(settled("0xa", succeeded=False))
        assert journal.done("note", "w1") == {}
        assert journal.open_slots() == []


@pytest.mark.parametrize("torn", [b"{", b'{"v":1,"event":"sig', b'{"v":1,"event":"signed"\xff'])
def test_a_torn_last_line_is_as_if_it_had_never_been_begun(tmp_path: Path, torn: bytes) -> None:
    """The line reaches the disk before the transaction leaves: what is torn was never sent."""
    with Journal.held(tmp_path) as journal:
        journal.signed(signed(0, "0xa"))
    path = tmp_path / "journal.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + torn)
    assert len(Journal.read(tmp_path).slots()) == 1
    with Journal.held(tmp_path) as journal:
        journal.signed(signed(1, "0xb"))
    assert path.read_bytes().startswith(whole)
    assert [slot.first.nonce for slot in Journal.read(tmp_path).slots()] == [0, 1]


def test_a_damaged_line_in_the_middle_stops_everything(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").write_text("{}}\n" + json.dumps({"v": 1}) + "\n")
    with pytest.raises(JournalDamaged, match="line 1 does not read"):
        Journal.read(tmp_path)


def test_a_line_of_an_unknown_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").write_text(json.dumps({"v": 2, "event": "signed"}) + "\n")
    with pytest.raises(JournalDamaged, match="line 1 is of an unknown version"):
        Journal.read(tmp_path)


def test_two_runs_on_one_chain_never_interleave(tmp_path: Path) -> None:
    with (
        Journal.held(tmp_path),
        pytest.raises(Busy, match=r"another run \(process \d+\)"),
        Journal.held(tmp_path),
    ):
        pass
    with Journal.held(tmp_path):
        pass  # the lock is free again


def test_the_journal_is_its_owners_alone(tmp_path: Path) -> None:
    """Whoever has a raw transaction can broadcast it."""
    with Journal.held(tmp_path):
        pass
    assert (tmp_path / "journal.jsonl").stat().st_mode & 0o077 == 0


def test_a_journal_opened_for_reading_takes_no_entry(tmp_path: Path) -> None:
    with pytest.raises(AmanatError, match="opened for reading"):
        Journal.read(tmp_path).signed(signed(0, "0xa"))
