"""Whatever is interrupted, nothing is ever done twice (pitfalls 33 and 34)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scripts._amanat.errors import ChainRefused, NodeTrouble, NotConfirmed, NotPermitted
from scripts._amanat.execute import Patience
from scripts._amanat.fees import GWEI, Fees
from scripts._amanat.journal import Journal
from scripts._amanat.network import connect
from scripts._amanat.signers import Signers, development_account
from tests.scripts.office import (
    Crash,
    LostAnswer,
    Office,
    open_notebook,
    plan,
    running_anvil,
    write,
)

Forward = Callable[[], Any]
SEND = "eth_sendRawTransaction"


def once(method: str, act: Callable[[Forward], Any]) -> Callable[[str, Any, Forward], Any]:
    """A fault that strikes the first request of a method."""
    struck: list[bool] = []

    def fault(asked: str, params: Any, forward: Forward) -> Any:
        if asked != method or struck:
            return None
        struck.append(True)
        return act(forward)

    return fault


def crash_before(forward: Forward) -> Any:
    raise Crash


def crash_after(forward: Forward) -> Any:
    forward()
    raise Crash


def lose_answer(forward: Forward) -> Any:
    forward()
    raise LostAnswer


def refuse(message: str) -> Callable[[Forward], Any]:
    return lambda forward: {"error": {"code": -32000, "message": message}}


def test_a_plan_deploys_and_calls_what_it_deployed(office: Office) -> None:
    with office.run() as executor:
        done = executor.execute(plan(open_notebook(), write(1), write(2)))
    assert [each.title for each in done] == ["open the notebook", "write page 1", "write page 2"]
    assert office.written() == 2
    contract = office.record.contracts["Notebook"]
    assert contract.address == done[0].contract
    assert contract.args == ["7"]
    assert office.record.find("Notebook", office.chain) == contract.address
    assert office.record.operations[0].txs == [each.tx for each in done]


@pytest.mark.parametrize("crash", [crash_before, crash_after])
def test_a_crash_around_the_broadcast_does_nothing_twice(
    notebook: Office, crash: Callable[[Forward], Any]
) -> None:
    """pitfall 34: the transaction is found, or sent again, by its hash; never signed anew."""
    notebook.node.faults = [once(SEND, crash)]
    with pytest.raises(Crash), notebook.run() as executor:
        executor.execute(plan(write(1), write(2)))
    signed_before = [slot.first.hash for slot in notebook.journal().slots()]

    with notebook.run() as executor:
        done = executor.execute(plan(write(1), write(2)))
    assert done[0].tx == signed_before[-1]
    assert len(notebook.journal().slots()) == len(signed_before) + 1
    assert notebook.written() == 2


def test_a_deployment_interrupted_before_its_receipt_is_recorded_by_the_next_run(
    office: Office,
) -> None:
    """pitfall 34: the record is completed from the journal."""
    office.node.faults = [once(SEND, crash_after)]
    with pytest.raises(Crash), office.run() as executor:
        executor.execute(plan(open_notebook()))
    assert "Notebook" not in office.record.contracts

    with office.run() as executor:
        assert executor.unfinished() == []
    assert office.record.find("Notebook", office.chain) is not None


def test_a_lost_answer_is_not_answered_by_a_second_transaction(notebook: Office) -> None:
    """pitfall 33: a retry after a lost answer pays twice; ours looks for the hash first."""
    notebook.node.faults = [once(SEND, lose_answer)]
    before = notebook.node.sent()
    with notebook.run() as executor:
        executor.execute(plan(write(1)))
    assert notebook.written() == 1
    assert notebook.node.sent() == before + 1


def test_a_send_that_never_arrived_is_sent_again_as_it_was_signed(notebook: Office) -> None:
    def break_line(forward: Forward) -> Any:
        raise LostAnswer

    notebook.node.faults = [once(SEND, break_line)]
    with notebook.run() as executor:
        executor.execute(plan(write(1)))
    assert notebook.written() == 1
    assert [len(slot.attempts) for slot in notebook.journal().slots()] == [1, 1]


def test_a_transaction_already_known_to_the_node_counts_as_sent(notebook: Office) -> None:
    def known(forward: Forward) -> Any:
        forward()
        return {"error": {"code": -32003, "message": "transaction already imported"}}

    notebook.node.faults = [once(SEND, known)]
    with notebook.run() as executor:
        executor.execute(plan(write(1)))
    assert notebook.written() == 1


def test_nonce_too_low_for_our_own_mined_transaction_finds_its_receipt(notebook: Office) -> None:
    def mined_already(forward: Forward) -> Any:
        forward()
        return {"error": {"code": -32003, "message": "nonce too low"}}

    notebook.node.faults = [once(SEND, mined_already)]
    with notebook.run() as executor:
        executor.execute(plan(write(1)))
    assert notebook.written() == 1
    assert not any(slot.void for slot in notebook.journal().slots())


def test_a_node_that_counts_too_few_nonces_is_believed_only_once(notebook: Office) -> None:
    """A lagging node is tolerated: the nonce it offers is refused, and the next one taken."""
    deployer = notebook.signers["deployer"].address
    stranger = {"from": deployer, "to": deployer, "value": "0x0"}
    notebook.rpc("eth_sendTransaction", stranger)  # signed elsewhere: our journal knows nothing
    stale = hex(notebook.journal().next_nonce(deployer))
    notebook.node.faults = [once("eth_getTransactionCount", lambda forward: {"result": stale})]
    with notebook.run() as executor:
        executor.execute(plan(write(1)))
    assert notebook.written() == 1
    assert [slot.void for slot in notebook.journal().slots()] == [False, True, False]


def test_a_lagging_node_never_makes_a_nonce_be_used_twice(notebook: Office) -> None:
    """pitfall 34: exact nonces are not demanded of a node; the journal knows the higher one."""

    def stale(method: str, params: Any, forward: Forward) -> Any:
        return {"result": "0x0"} if method == "eth_getTransactionCount" else None

    notebook.node.faults = [stale]
    with notebook.run() as executor:
        executor.execute(plan(write(1), write(2)))
    assert [slot.first.nonce for slot in notebook.journal().slots()] == [
        notebook.journal().slots()[0].first.nonce + n for n in range(3)
    ]
    assert notebook.written() == 2


def test_a_receipt_that_a_lagging_node_misses_is_looked_for_again(notebook: Office) -> None:
    notebook.node.faults = [once("eth_getTransactionReceipt", lambda forward: {"result": None})]
    with notebook.run() as executor:
        executor.execute(plan(write(1)))
    assert notebook.written() == 1
    assert len(notebook.journal().slots()) == 2


def test_the_next_step_waits_until_the_node_has_seen_the_last_receipts_block(
    office: Office,
) -> None:
    """A node behind a balancer would find no contract yet and report a false revert."""
    office.node.faults = [once("eth_blockNumber", lambda forward: {"result": "0x0"})]
    with office.run() as executor:
        executor.execute(plan(open_notebook(), write(1)))
    assert office.written() == 1
    heights = office.node.asked.count("eth_blockNumber")
    assert heights >= 3 and office.naps >= 1


def test_a_second_run_signs_nothing(notebook: Office) -> None:
    with notebook.run() as executor:
        executor.execute(plan(write(1)))
    before = notebook.node.sent()
    with notebook.run() as executor:
        assert executor.unfinished() == []
        assert executor.execute(plan()) == []
    assert set(notebook.journal().done("note", "w1")) == {write(1).id}
    assert notebook.node.sent() == before


def test_a_dropped_transaction_is_broadcast_again(notebook: Office) -> None:
    notebook.rpc("evm_setAutomine", False)
    with pytest.raises(NotConfirmed), notebook.run(drive_blocks=False) as executor:
        executor.execute(plan(write(1)))
    notebook.rpc("anvil_dropAllTransactions")

    notebook.rpc("evm_setAutomine", True)
    with notebook.run(drive_blocks=False) as executor:
        assert [slot.first.title for slot in executor.unfinished()] == ["write page 1"]
        done = executor.execute(plan(write(1)))
    assert [each.tx for each in done] == [notebook.journal().slots()[-1].latest.hash]
    assert notebook.written() == 1


def test_a_transaction_that_lingers_is_replaced_under_its_nonce_at_a_tenth_more(
    notebook: Office,
) -> None:
    notebook.rpc("evm_setAutomine", False)
    with pytest.raises(NotConfirmed, match="write page 1.*in no block yet"):  # noqa: SIM117
        with notebook.run(Patience(looks=1, pause=0, bumps=2), drive_blocks=False) as executor:
            executor.execute(plan(write(1)))
    slot = notebook.journal().open_slots()[0]
    assert len(slot.attempts) == 3
    assert len({attempt.hash for attempt in slot.attempts}) == 3
    for lower, higher in zip(slot.attempts, slot.attempts[1:], strict=False):
        assert higher.nonce == lower.nonce
        assert higher.max_fee * 10 >= lower.max_fee * 11
        assert higher.tip * 10 >= lower.tip * 11

    notebook.rpc("evm_mine")
    with notebook.run() as executor:
        assert executor.unfinished() == []
    assert notebook.written() == 1
    settled = notebook.journal().slots()[-1].settled
    assert settled is not None and settled.hash == slot.latest.hash


def test_fees_are_raised_by_a_tenth_rounded_up_or_to_todays_quote() -> None:
    assert Fees(101, 1).raised(Fees(50, 1)) == Fees(112, 2)
    assert Fees(101, 1).raised(Fees(500, 9)) == Fees(500, 9)


def test_a_fee_above_the_ceiling_stops_before_signing(notebook: Office) -> None:
    with pytest.raises(NodeTrouble, match="the ceiling is"):  # noqa: SIM117
        with notebook.run(Patience(fee_ceiling=1)) as executor:
            executor.execute(plan(write(1)))
    assert notebook.journal().open_slots() == []


def test_a_block_that_is_full_does_not_stall_a_local_run(notebook: Office) -> None:
    """Anvil that mines on arrival leaves behind what did not fit; blocks are driven then."""
    notebook.rpc("evm_setAutomine", False)
    with notebook.run() as executor:
        executor.execute(plan(write(1)))
    assert notebook.written() == 1


def test_a_step_that_would_revert_is_refused_before_anything_is_signed(notebook: Office) -> None:
    with notebook.run() as executor:
        executor.execute(plan(write(1)))
        before = notebook.node.sent()
        again = replace(write(1), title="write page 1 again", role="writer")
        with pytest.raises(ChainRefused) as refusal:
            executor.execute(plan(again, wish="w2"))
    writer = notebook.signers["writer"].address.lower()
    assert refusal.value.reason == f"AlreadyWritten(page=1, by={writer})"
    assert refusal.value.step == "write page 1 again"
    assert notebook.node.sent() == before


def test_a_reverted_receipt_stops_the_plan_with_the_decoded_reason(notebook: Office) -> None:
    """Two signers write the same page in one window: both pass the estimate, one reverts."""
    notebook.rpc("evm_setAutomine", False)
    rival = replace(write(1, bulk="pages"), title="the rival's page 1", key="rival")
    with notebook.run() as executor, pytest.raises(ChainRefused) as refusal:
        executor.execute(plan(write(1, bulk="pages"), rival, write(2)))
    assert refusal.value.step == "the rival's page 1"
    assert refusal.value.reason.startswith("AlreadyWritten(page=1")
    assert notebook.written() == 1  # page 2 was never tried


def test_simulation_finds_the_step_in_the_middle_that_would_revert(notebook: Office) -> None:
    twice = replace(write(2), title="write page 2 twice", key="again")
    with notebook.run() as executor:
        before = notebook.node.sent()
        assert executor.simulate(plan(write(1), write(2))) == 2
        with pytest.raises(ChainRefused, match="write page 2 twice.*AlreadyWritten"):
            executor.simulate(plan(write(1), write(2), twice))
    assert notebook.node.sent() == before


def test_simulation_without_sequences_tries_the_first_step(notebook: Office) -> None:
    missing = {"error": {"code": -32601, "message": "method not found"}}
    notebook.node.faults = [once("eth_simulateV1", lambda forward: missing)]
    with notebook.run() as executor:
        assert executor.simulate(plan(write(1), write(2))) == 1


def test_bulk_steps_are_under_way_together(notebook: Office) -> None:
    notebook.rpc("evm_setAutomine", False)
    pages = [write(page, bulk="pages") for page in range(1, 101)]
    seen: list[str] = []
    with notebook.run() as executor:
        done = executor.execute(plan(*pages), progress=lambda each: seen.append(each.title))
    assert notebook.written() == 100
    assert len({each.block for each in done}) < 10
    assert seen == [page.title for page in pages]


def test_a_sender_without_funds_is_told_so_before_signing(notebook: Office) -> None:
    notebook.rpc("anvil_setBalance", notebook.signers["writer"].address, "0x0")
    with notebook.run() as executor, pytest.raises(NodeTrouble, match="write page 1"):
        executor.execute(plan(write(1, role="writer")))
    assert notebook.journal().open_slots() == []


def test_a_nonce_taken_by_another_program_stops_and_asks_to_run_again(notebook: Office) -> None:
    """The state may have changed under us: only a new plan can say what is still missing."""
    deployer = notebook.signers["deployer"].address

    def rival(forward: Forward) -> Any:
        notebook.rpc("eth_sendTransaction", {"from": deployer, "to": deployer, "value": "0x0"})
        raise LostAnswer

    notebook.node.faults = [once(SEND, rival)]
    with pytest.raises(NotConfirmed, match="signed elsewhere"), notebook.run() as executor:
        executor.execute(plan(write(1)))
    with notebook.run() as executor:
        executor.execute(plan(write(1)))
    assert notebook.written() == 1


def test_an_encrypted_keyfile_deploys_where_development_keys_are_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A second Anvil with a testnet's chain id is not local; no secret is written anywhere."""
    from eth_account import Account

    account = Account.create()
    keyfile, passphrase = tmp_path / "deployer.json", "correct horse battery staple"
    import json

    keyfile.write_text(json.dumps(Account.encrypt(account.key, passphrase, iterations=2)))
    with running_anvil("--chain-id", "11155111") as url:
        office = Office(url, tmp_path / "records", development=False)
        assert not office.chain.is_local
        with pytest.raises(NotPermitted, match="chain 11155111.*is not local"):
            Signers(office.chain, development={"deployer": 0})["deployer"]
        office.rpc("anvil_setBalance", account.address, hex(10**18))
        office.signers = Signers(
            office.chain, {"deployer": str(keyfile)}, passphrase=lambda role: passphrase
        )
        with office.run() as executor:
            executor.execute(plan(open_notebook(), write(1)))
        assert office.written() == 1
        written = "".join(
            path.read_text() for path in (tmp_path / "records").rglob("*") if path.is_file()
        )
    said = "".join(capfd.readouterr()) + repr(office.signers["deployer"]) + written
    assert passphrase not in said
    assert account.key.hex() not in said


def test_a_development_key_in_a_keyfile_is_refused_on_a_real_chain(tmp_path: Path) -> None:
    import json

    from eth_account import Account

    keyfile = tmp_path / "known.json"
    keyfile.write_text(json.dumps(Account.encrypt(development_account(0).key, "x", iterations=2)))
    with running_anvil("--chain-id", "11155111") as url:
        chain = connect(url, root=tmp_path)
        with pytest.raises(NotPermitted, match="everyone knows"):
            Signers(chain, {"deployer": str(keyfile)})["deployer"]


def test_two_local_chains_never_share_a_record(notebook: Office, tmp_path: Path) -> None:
    """pitfall 38: records are tied to the instance of a local node, not to its chain id alone."""
    with running_anvil() as url:
        other = Office(url, tmp_path)
        assert other.chain.chain_id == notebook.chain.chain_id
        assert other.record.folder != notebook.record.folder
        assert other.record.contracts == {}
        assert Journal.read(other.record.folder).slots() == []


def test_a_reorganised_receipt_is_looked_for_again(tmp_path: Path) -> None:
    """On a chain that is not local a young receipt can vanish: the same bytes are sent again."""
    with running_anvil("--chain-id", "11155111") as url:
        import json

        from eth_account import Account

        account = Account.create()
        keyfile = tmp_path / "deployer.json"
        keyfile.write_text(json.dumps(Account.encrypt(account.key, "x", iterations=2)))
        office = Office(url, tmp_path / "records", development=False)
        office.rpc("anvil_setBalance", account.address, hex(10**18))
        office.signers = Signers(
            office.chain, {"deployer": str(keyfile)}, passphrase=lambda role: "x"
        )
        with office.run() as executor:
            executor.execute(plan(open_notebook()))
        snapshot = office.rpc("evm_snapshot")
        with office.run() as executor:
            executor.execute(plan(write(1)))
        office.rpc("evm_revert", snapshot)
        office.rpc("anvil_mine", "0x3")
        assert office.written() == 0
        with office.run() as executor:
            executor.settle()
        assert office.written() == 1


def test_the_fee_ceiling_has_a_default_that_no_ordinary_day_reaches() -> None:
    assert Patience().fee_ceiling == 500 * GWEI
