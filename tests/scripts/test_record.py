"""The record finds contracts by name and by their code, and never half-written."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from scripts._amanat.errors import InputRefused, WrongChain
from scripts._amanat.plan import NotDeployed, Ref
from scripts._amanat.record import Contract, Record
from tests.scripts.office import Crash, Office

CONTRACT = Contract("0xA1", "Notebook", "0xhash", "0xtx", 7, ["7"])


def fresh(tmp_path: Path) -> Record:
    return Record(tmp_path / "record.json", 31337, "instance")


def test_what_was_recorded_is_there_for_the_next_run(tmp_path: Path) -> None:
    source = tmp_path / "terms.yaml"
    source.write_text("lot: 5000\n")
    record = fresh(tmp_path)
    record.add_contract("Notebook", CONTRACT)
    record.add_series("MTB-3M", {"class": "TreasuryBill"})
    entry = record.begin("issue", "w1", [source])
    record.note(entry, [("0xtx", 7)])
    assert not record.is_done("issue", "w1")
    record.finish(entry, "done")

    again = fresh(tmp_path)
    assert again.contracts == {"Notebook": CONTRACT}
    assert again.series == {"MTB-3M": {"class": "TreasuryBill"}}
    assert again.is_done("issue", "w1")
    assert again.operations == [entry]
    # sha256sum of the file above
    assert list(again.operations[0].inputs) == ["terms.yaml"]
    assert len(again.operations[0].inputs["terms.yaml"]) == 64


def test_an_unfinished_operation_is_gone_on_with(tmp_path: Path) -> None:
    record = fresh(tmp_path)
    entry = record.begin("issue", "w1")
    assert record.begin("issue", "w1") is entry
    record.finish(entry, "done")
    assert record.begin("issue", "w1") is not entry


def test_a_name_is_given_once(tmp_path: Path) -> None:
    record = fresh(tmp_path)
    record.add_contract("Notebook", CONTRACT)
    record.add_contract("Notebook", CONTRACT)
    with pytest.raises(InputRefused, match="Notebook is recorded already, at 0xA1"):
        record.add_contract("Notebook", replace(CONTRACT, address="0xB2"))


def test_a_name_without_a_contract_is_not_deployed(tmp_path: Path) -> None:
    with pytest.raises(NotDeployed, match="Notebook"):
        fresh(tmp_path).resolve(Ref("Notebook"))


def test_a_record_of_an_unknown_schema_is_refused(tmp_path: Path) -> None:
    (tmp_path / "record.json").write_text(json.dumps({"schema": 99}))
    with pytest.raises(InputRefused, match="has schema 99, this software knows 1"):
        fresh(tmp_path)


def test_a_record_of_another_chain_is_refused(tmp_path: Path) -> None:
    """pitfall 38: also where somebody copied the folder."""
    fresh(tmp_path).save()
    with pytest.raises(WrongChain, match="belongs to another chain"):
        Record(tmp_path / "record.json", 31337, "another instance")


def test_a_contract_whose_code_has_changed_is_not_taken_for_the_recorded_one(
    notebook: Office,
) -> None:
    """pitfall 34: a contract is known by the hash of its code, never by its position."""
    address = notebook.record.find("Notebook", notebook.chain)
    assert address is not None
    code = notebook.rpc("eth_getCode", address, "latest")
    notebook.rpc("anvil_setCode", address, "0x00")
    with pytest.raises(WrongChain, match=f"Notebook: {address}.*does not hold the code"):
        notebook.record.check(notebook.chain)
    notebook.rpc("anvil_setCode", address, code)
    notebook.record.check(notebook.chain)


def test_a_crash_while_writing_leaves_the_old_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = fresh(tmp_path)
    record.add_contract("Notebook", CONTRACT)

    def crash(fd: int) -> None:
        raise Crash

    monkeypatch.setattr(os, "fsync", crash)
    with pytest.raises(Crash):
        record.add_series("MTB-3M", {})
    monkeypatch.undo()
    again = fresh(tmp_path)
    assert again.contracts == {"Notebook": CONTRACT}
    assert again.series == {}
