"""The sentences behind the reason codes."""

from __future__ import annotations

import re

from scripts._amanat.build import ROOT
from tests.compliance.rule_world import World

STANDINGS = ("Unknown", "Lapsed", "Untrusted", "Withdrawn", "Suspended", "Lost")


def published() -> set[int]:
    """Every code that Restriction.sol gives a meaning, standings included."""
    source = (ROOT / "contracts/compliance/Restriction.sol").read_text()
    named = {name: int(n) for name, n in re.findall(r"constant (\w+) = (\d+);", source)}
    bases = {named.pop("SENDER_STANDING"), named.pop("RECIPIENT_STANDING")}
    standings = {base + n for base in bases for n in range(1, len(STANDINGS) + 1)}
    return set(named.values()) | standings


def test_every_published_code_has_a_sentence_of_its_own(world: World) -> None:
    sentences = {code: world.book.message(code) for code in published()}
    assert len(set(sentences.values())) == len(sentences)
    assert "Unknown reason" not in sentences.values()
    assert all(re.fullmatch(r"[A-Z][\w' ]+\w", text) for text in sentences.values())


def test_no_other_code_has_one(world: World) -> None:
    for code in set(range(256)) - published():
        assert world.book.message(code) == "Unknown reason"


def test_standings_say_whose_they_are(world: World) -> None:
    assert world.book.message(16 + 2) == "The sender's verification has lapsed"
    assert world.book.message(24 + 1) == "The recipient is not a registered investor"
