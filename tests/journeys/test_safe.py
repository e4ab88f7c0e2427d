"""Two people: what a Safe holds is proposed, signed by two of three, and executed by the Safe."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts import cosign, powers, rules
from scripts._amanat.build import ROOT
from scripts._amanat.pilot import SAMPLE
from tests.journeys.live_programme import SERIES, Answer, LiveProgramme
from tests.journeys.safe_contracts import SafeContracts

pytestmark = pytest.mark.chain

OWNERS = ("issuer", "treasury", "tax_agent")
SAMPLE_FILE = (ROOT / SAMPLE / "programme.yaml").read_text("utf-8")
RULES = """compliance:
  jurisdictions: [PK, AE]
  investor_classes: [retail, primary_dealer, bank]
  lot: 5,000
"""
PROPOSE = ("--programme", "programme.yaml", "--propose", "out")
FILE = ("--programme", "programme.yaml")


class Board:
    """A programme whose compliance officer and regulator are one Safe, two of three."""

    def __init__(self, live: LiveProgramme) -> None:
        self.live = live
        contracts = SafeContracts.deploy(live.chain)
        self.safe, self.multi_send = contracts.safe(OWNERS, 2), contracts.multi_send
        text = SAMPLE_FILE
        for holder in ("compliance_officer", "regulator"):
            text = text.replace(f"holders: [{holder}]", f"holders: ['{self.safe}']")
        text += f"\nsafe: {{multi_send: '{self.multi_send}'}}\n"
        Path("programme.yaml").write_text(text)
        Path("rules.yaml").write_text(RULES)

    def take_office(self) -> None:
        """The administrator rotates both roles to the Safe."""
        first = self.live.run(powers.cli, *FILE)
        self.live.wait(max(first.pending, key=lambda each: int(each["from_when"])))
        assert self.live.run(powers.cli, *FILE).exit_code == 0

    def cosign(self, answer: Answer, *names: str) -> Answer:
        (proposal,) = answer.document["proposals"]
        return self.live.run(cosign.cli, proposal["file"], "--signers", ",".join(names))


@pytest.fixture
def board(live: LiveProgramme) -> Board:
    board = Board(live)
    board.take_office()
    return board


def test_a_safe_schedules_and_executes_what_waits(board: Board) -> None:
    """Pitfall 50: the Safe schedules, and the Safe executes: a file each time, two of three."""
    live = board.live
    first = live.run(rules.cli, SERIES, "rules.yaml", *PROPOSE)
    assert first.exit_code == 10, first.stderr
    assert [each.startswith("schedule: ") for each in first.planned] == [True, True]
    (proposal,) = first.document["proposals"]
    print(json.dumps(proposal, indent=1))
    assert board.cosign(first, "issuer", "tax_agent").exit_code == 0
    waiting = live.run(rules.cli, SERIES, "rules.yaml", *PROPOSE)
    assert (waiting.exit_code, waiting.planned) == (10, [])
    live.wait(waiting.pending[0])
    last = live.run(rules.cli, SERIES, "rules.yaml", *PROPOSE)
    assert len(last.planned) == 2
    assert board.cosign(last, "treasury", "issuer").exit_code == 0
    proof = live.run(rules.cli, SERIES, "rules.yaml", *FILE)
    assert (proof.exit_code, proof.planned) == (0, [])
    assert live.programme.rules(live.series).lot == 5_000
