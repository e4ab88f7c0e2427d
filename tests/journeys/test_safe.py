"""Two people: what a Safe holds is proposed, signed by two of three, and executed by the Safe.

The Safe, its factory and MultiSendCallOnly are the published bytecode of release 1.4.1.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from eth_account.messages import encode_typed_data
from eth_utils.crypto import keccak

from scripts import cosign, issue, pause, powers, rules, status
from scripts._amanat import artifacts, cosigning, safes
from scripts._amanat.build import ROOT
from scripts._amanat.command import Desk, Options
from scripts._amanat.errors import InputRefused, NotPermitted, WrongChain
from scripts._amanat.network import RpcError
from scripts._amanat.onchain import Contract
from scripts._amanat.pilot import SAMPLE
from scripts._amanat.pilot_safe import SafeContracts, owner_of
from scripts._amanat.plan import Call, Step
from scripts._amanat.powers import Role
from scripts._amanat.proposals import Proposal, checksum, propose
from scripts._amanat.signers import DEVELOPMENT_ROLES, development_account
from tests.journeys.live_programme import SERIES, Answer, LiveProgramme

pytestmark = pytest.mark.chain

OWNERS = ("issuer", "treasury", "tax_agent")
SEATS = ("compliance_officer", "emergency", "fiscal_agent")
SHEET = str(ROOT / "scripts/_pilot/bonds/gis-2026-07-17.yaml")
SAMPLE_FILE = (ROOT / SAMPLE / "programme.yaml").read_text("utf-8")
RULES = """compliance:
  jurisdictions: [PK, AE]
  investor_classes: [retail, primary_dealer, bank]
  lot: 5,000
  maximum_holders: 60
"""
FILE = ("--programme", "programme.yaml")
PROPOSE = (*FILE, "--propose", "out")


class Board:
    """A Safe of three owners, two of whom must sign, and the file that gives it offices."""

    def __init__(self, live: LiveProgramme) -> None:
        self.live = live
        contracts = SafeContracts.deploy(live.chain)
        self.address, self.multi_send = contracts.safe(OWNERS, 2), contracts.multi_send
        text = SAMPLE_FILE + f"\nsafe: {{multi_send: '{self.multi_send}'}}\n"
        for seat in SEATS:
            text = text.replace(f"{seat}: {{holders: [{seat}", f"{seat}: {{holders: [{self}")
        Path("programme.yaml").write_text(text)
        Path("rules.yaml").write_text(RULES)

    def __str__(self) -> str:
        return f"'{self.address}'"

    def take_office(self) -> None:
        """The administrator rotates the roles to the Safe, after the delay."""
        first = self.live.run(powers.cli, *FILE)
        self.live.wait(max(first.pending, key=lambda each: int(each["from_when"])))
        last = self.live.run(powers.cli, *FILE)
        assert last.exit_code == 0, last.stderr
        assert set(self.live.programme.members()[Role.FISCAL_AGENT]) == {self.address}

    @property
    def nonce(self) -> int:
        return safes.read_safe(self.live.desk.chain, self.address).nonce

    def cosign(self, answer: Answer, *names: str) -> Answer:
        (proposal,) = answer.document["proposals"]
        return self.live.run(cosign.cli, proposal["file"], "--signers", ",".join(names))


@pytest.fixture
def board(live: LiveProgramme) -> Board:
    return Board(live)


def test_what_waits_is_scheduled_and_executed_by_the_safe(board: Board) -> None:
    """Pitfall 50: a file each time, two of three, the same Safe; then whoever has a key goes on."""
    live = board.live
    board.take_office()
    words = (SERIES, "rules.yaml", *PROPOSE)
    first = live.run(rules.cli, *words)
    assert (first.exit_code, len(first.planned)) == (10, 2), first.stderr
    assert all(title.startswith("schedule: ") for title in first.planned)
    (proposal,) = first.document["proposals"]
    assert [proposal[fact] for fact in ("threshold", "nonce", "modules")] == ["2 of 3", "0", "none"]
    assert proposal["operation"] == "several calls (MultiSend)"
    assert proposal["to"] == board.multi_send
    rule_book = live.desk.record.contracts["RuleBook"].address
    assert f"schedule(target: RuleBook {rule_book}, when: 0): configure(" in proposal["calls"][0]
    assert first.pending[0]["who"] == f"2 of 3 owners of {board.address}"

    assert live.run(rules.cli, *words).document["proposals"][0] == proposal
    alone = board.cosign(first, "issuer")
    assert alone.exit_code == 2 and "2 of 3 owners must sign" in alone.stderr
    assert board.cosign(first, "issuer", "tax_agent").exit_code == 0
    assert board.cosign(first, "issuer", "tax_agent").planned == []

    waiting = live.run(rules.cli, *words)
    assert (waiting.exit_code, waiting.planned) == (10, [])
    live.wait(max(waiting.pending, key=lambda each: int(each["from_when"])))
    last = live.run(rules.cli, *words)
    assert [title.split()[0] for title in last.planned] == ["set", "no"]
    assert board.cosign(last, "treasury", "issuer").exit_code == 0
    assert board.nonce == 2

    proof = live.run(rules.cli, SERIES, "rules.yaml", *FILE)
    assert proof.exit_code == 0, proof.stderr
    assert all(title.startswith("count ") for title in proof.planned)
    assert live.programme.rules(live.series).maximumHolders == 60
    assert live.run(rules.cli, SERIES, "rules.yaml", *FILE).planned == []


def test_what_does_not_wait_takes_two_people_as_well(board: Board) -> None:
    """A step with a key here goes first, then the Safe's; a call alone goes without MultiSend."""
    live = board.live
    board.take_office()
    first = live.run(issue.cli, SHEET, *FILE)
    assert first.exit_code == 10, first.stderr
    assert len(first.document["sent"]) == 2 and first.document["proof"] == []
    (left,) = first.pending
    assert left["who"] == f"fiscal_agent, {board.address}"
    assert left["command"].endswith(" --propose FOLDER")

    opening = live.run(issue.cli, SHEET, *PROPOSE)
    (proposal,) = opening.document["proposals"]
    assert (proposal["operation"], opening.planned) == (
        "several calls (MultiSend)",
        ["approve gis-2026-07-17", "open gis-2026-07-17"],
    )
    assert board.cosign(opening, "issuer", "treasury").exit_code == 0
    proof = live.run(issue.cli, SHEET, *FILE)
    assert (proof.exit_code, proof.planned) == (0, []), proof.stderr

    pausing = live.run(pause.cli, SERIES, *PROPOSE)
    assert pausing.document["proposals"][0]["operation"] == "call"
    assert not live.read("paused")
    assert board.cosign(pausing, "tax_agent", "treasury").exit_code == 0
    assert live.read("paused")
    assert live.run(pause.cli, SERIES, *FILE).exit_code == 0


Tampering = Callable[[dict[str, Any]], None]


def _other_calldata(file: dict[str, Any]) -> None:
    file["transactions"][0]["data"] = "0x" + keccak(text="unpause()")[:4].hex()


def _other_target(file: dict[str, Any]) -> None:
    file["transactions"][0]["to"] = owner_of("issuer")


def _other_nonce(file: dict[str, Any]) -> None:
    file["proposal"]["nonce"] = "1"


def _other_chain(file: dict[str, Any]) -> None:
    file["chainId"] = "1"


def _other_value(file: dict[str, Any]) -> None:
    file["transactions"][0]["value"] = "1"


def _another_call(file: dict[str, Any]) -> None:
    file["transactions"].append(dict(file["transactions"][0]))


def _words_to_encode(file: dict[str, Any]) -> None:
    file["transactions"][0]["contractMethod"] = {"name": "unpause", "inputs": []}


def _other_hash(file: dict[str, Any]) -> None:
    file["proposal"]["safe_transaction_hash"] = "0x" + "11" * 32


def _other_safe(file: dict[str, Any]) -> None:
    file["meta"]["createdFromSafeAddress"] = owner_of("issuer")


TAMPERINGS: dict[Tampering, str] = {
    _other_calldata: "says of its calls what they are not",
    _other_target: "says of its calls what they are not",
    _other_nonce: "says of its calls what they are not",
    _other_chain: "is for chain 1, not 31337",
    _other_value: "says of its calls what they are not",
    _another_call: "is not MultiSendCallOnly 1.4.1",
    _words_to_encode: "more than the bytes of the calls",
    _other_hash: "says of its calls what they are not",
    _other_safe: "is no Safe 1.4.1",
}


def test_a_file_is_believed_in_nothing(board: Board) -> None:
    """Changed in any way, with the checksum made to fit or not, it is refused and nothing sent."""
    live = board.live
    path = _pausing(board)
    right, before = json.loads(path.read_text()), live.height
    for tamper, told in TAMPERINGS.items():
        file = json.loads(json.dumps(right))
        tamper(file)
        path.write_text(json.dumps(file))
        torn = live.run(cosign.cli, str(path), "--signers", "issuer,treasury")
        assert "was changed after it was written" in torn.stderr, tamper.__name__
        file["meta"]["checksum"] = checksum(file)
        path.write_text(json.dumps(file))
        forged = live.run(cosign.cli, str(path), "--signers", "issuer,treasury")
        assert forged.exit_code in (2, 4) and told in forged.stderr, (tamper, forged.stderr)
    assert live.height == before


def test_a_proposal_waits_for_its_turn(board: Board) -> None:
    """A Safe's nonces go one by one: what was signed for one place is not executed in another."""
    live = board.live
    freezing = Call(board.address, "ISafe", "nonce()")  # a call that any Safe may make
    due, next_one = propose(
        _desk(board),
        [Step("look", "emergency", freezing), Step("look", "fiscal_agent", freezing)],
    )
    early = live.run(cosign.cli, str(_written(board, next_one)), "--signers", "issuer,treasury")
    assert early.exit_code == 2 and "those before it come first" in early.stderr
    rival = _pausing(board)
    done = live.run(cosign.cli, str(_written(board, due)), "--signers", "1,17")
    assert done.exit_code == 0, done.stderr
    late = live.run(cosign.cli, str(rival), "--signers", "issuer,treasury")
    assert late.exit_code == 2 and "another took its place" in late.stderr


def test_a_reviewer_sees_the_same_hashes_and_signs_elsewhere(board: Board) -> None:
    live = board.live
    path, before = _pausing(board), live.height
    seen = live.run(cosign.cli, str(path))
    assert (seen.exit_code, seen.planned, live.height) == (10, [], before)
    assert seen.pending[0]["who"] == f"2 of 3 owners of {board.address}"
    proposal = seen.document["proposal"]
    safe = safes.read_safe(live.desk.chain, board.address)
    own = safe.contract.read("getTransactionHash", *_operation(board).row, 0)
    assert proposal["safe_transaction_hash"] == "0x" + own.hex()
    assert proposal["domain_hash"] == "0x" + safe.contract.read("domainSeparator").hex()
    assert proposal["calls"] == [f"{live.series.id} {live.series.address}: pause()"]


def test_development_keys_sign_on_local_chains_alone(board: Board) -> None:
    desk = board.live.desk
    desk.chain = replace(desk.chain, is_local=False)
    work = cosigning.cosign(_pausing(board), ["issuer", "treasury"], command="")
    assert work.plan is not None
    with pytest.raises(NotPermitted, match="development keys are public"):
        work.plan(desk)


@pytest.mark.parametrize(
    ("signers", "code"), [(("issuer",), "GS020"), (("issuer", "admin"), "GS026")]
)
def test_the_safe_itself_refuses_fewer_and_strangers(
    board: Board, signers: tuple[str, ...], code: str
) -> None:
    """GS020: too few signatures; GS026: one of them is no owner's."""
    operation, chain_id = _operation(board), board.live.chain.chain_id
    signable = encode_typed_data(full_message=operation.document(chain_id, board.address))
    accounts = sorted((development_account(DEVELOPMENT_ROLES[s]) for s in signers), key=_number)
    signatures = b"".join(bytes(each.sign_message(signable).signature) for each in accounts)
    safe = Contract(board.live.desk.chain, "ISafe", board.address)
    with pytest.raises(RpcError) as refusal:
        safe.read("execTransaction", *operation.row, signatures)
    assert str(artifacts.decode_error(refusal.value.data)) == f"Error(reason={code})"


def test_a_safe_that_answers_with_another_hash_is_not_believed(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    safe, operation = safes.read_safe(board.live.desk.chain, board.address), _operation(board)
    monkeypatch.setattr(safes, "ask", lambda chain, queries: [b"\0" * 32, b"\0" * 32])
    with pytest.raises(WrongChain, match="gives another hash than EIP-712"):
        safe.hashes(operation)


def test_only_safes_and_their_own_parts_are_proposed_to(board: Board) -> None:
    """A library that runs in the Safe's own name must be the published one, byte for byte."""
    text, steps = Path("programme.yaml").read_text(), [_pause(board), _pause(board, key="again")]
    assert len(propose(_desk(board), steps)[0].calls) == 2
    Path("programme.yaml").write_text(text.replace(board.multi_send, board.address))
    with pytest.raises(InputRefused, match="is not MultiSendCallOnly 1.4.1"):
        propose(_desk(board), steps)
    Path("programme.yaml").write_text(text.partition("\nsafe:")[0])
    with pytest.raises(InputRefused, match="several calls at once need MultiSendCallOnly"):
        propose(_desk(board), steps)
    Path("programme.yaml").write_text(text.replace(str(board), f"'{board.multi_send}'"))
    with pytest.raises(InputRefused, match=f"{board.multi_send} is no Safe 1.4.1"):
        propose(_desk(board), steps)


def test_there_is_nothing_to_propose_where_nothing_is_a_safes(board: Board) -> None:
    live = board.live
    reading = live.run(status.cli, *PROPOSE)
    assert reading.exit_code == 2 and "status only reads" in reading.stderr
    here = live.run(pause.cli, SERIES, "--propose", "out")
    assert here.exit_code == 2 and "emergency signs here" in here.stderr
    assert not Path("out").exists()


# ---------------------------------------------------------------- proposals without the office


def _desk(board: Board) -> Desk:
    return Desk(Options(board.live.chain.url, Path("programme.yaml"), root=board.live.root))


def _pause(board: Board, role: str = "emergency", key: str = "") -> Step:
    token = board.live.series.token
    return Step("pause", role, Call(token.address, token.artifact, "pause()"), key=key)


def _operation(board: Board) -> safes.Operation:
    return propose(_desk(board), [_pause(board)])[0].operation


def _pausing(board: Board) -> Path:
    return _written(board, propose(_desk(board), [_pause(board)])[0])


def _written(board: Board, proposal: Proposal) -> Path:
    chain, path = board.live.desk.chain, Path(proposal.name)
    path.write_text(json.dumps(proposal.document(chain.chain_id, chain.now())))
    return path


def _number(account: Any) -> int:
    return int(account.address, 16)
