"""Which chain is meant, and that it is that one."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import requests
from web3 import HTTPProvider
from web3.providers.base import BaseProvider

from scripts._amanat.errors import InputRefused, NodeTrouble, WrongChain
from scripts._amanat.network import Declared, RpcError, chain_of, connect, resolve
from tests.scripts.office import Office

SECRET = "https://rpc.example.org/v2/topsecret"


class Node(BaseProvider):
    """A node that says it is whatever the test wants."""

    def __init__(self, chain_id: int, client: str) -> None:
        super().__init__()
        self.answers: dict[str, Any] = {
            "eth_chainId": hex(chain_id),
            "web3_clientVersion": client,
            "hardhat_metadata": {"instanceId": "0x1234567890abcdef"},
            "eth_getBlockByNumber": {"hash": "0xfeed", "timestamp": "0x68de0000"},
        }

    def make_request(self, method: Any, params: Any) -> Any:
        return {"result": self.answers[method]}


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AMANAT_NETWORK", "APE_FOUNDRY_HOST", "SEPOLIA_RPC"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("chain_id", "client", "url", "is_local"),
    [
        (31337, "anvil/v1.7.1", "http://127.0.0.1:8545", True),
        (1337, "HardhatNetwork/3.0.0", "http://localhost:8545", True),
        (11155111, "anvil/v1.7.1", "http://127.0.0.1:8545", False),
        (31337, "Geth/v1.16", "http://127.0.0.1:8545", False),
        (31337, "anvil/v1.7.1", "http://10.0.0.7:8545", False),
    ],
)
def test_a_chain_is_local_by_id_client_and_host_together(
    chain_id: int, client: str, url: str, is_local: bool
) -> None:
    chain = chain_of(Node(chain_id, client), url)
    assert chain.is_local is is_local
    assert chain.folder_name == (f"{chain_id}-12345678" if is_local else str(chain_id))
    assert chain.finality_depth == (0 if is_local else 64)
    assert chain.now() == 0x68DE0000


def test_the_option_stands_over_the_environment_and_that_over_the_usual_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert resolve(None, tmp_path) == Declared("http://127.0.0.1:8545")
    monkeypatch.setenv("AMANAT_NETWORK", "http://env:1")
    assert resolve(None, tmp_path) == Declared("http://env:1")
    assert resolve("http://option:1", tmp_path) == Declared("http://option:1")


def test_a_kept_chain_is_found_while_its_process_lives(tmp_path: Path) -> None:
    (tmp_path / ".records").mkdir()
    kept = tmp_path / ".records/kept-chain.json"
    kept.write_text(json.dumps({"url": "http://kept:1", "chain_id": 31337, "pid": os.getpid()}))
    assert resolve(None, tmp_path) == Declared("http://kept:1", 31337)
    kept.write_text(json.dumps({"url": "http://kept:1", "chain_id": 31337, "pid": 2**22 + 1}))
    assert resolve(None, tmp_path) == Declared("http://127.0.0.1:8545")


def test_a_network_is_named_as_ape_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ape-config.yaml").write_text(
        "networks:\n  custom:\n    - {name: pilot, ecosystem: ethereum, chain_id: 4242}\n"
        "node:\n  ethereum:\n    pilot: {uri: 'http://pilot:1'}\n"
        "    sepolia: {uri: '${SEPOLIA_RPC}'}\n"
    )
    assert resolve("pilot", tmp_path) == Declared("http://pilot:1", 4242)
    assert resolve("ethereum:pilot:node", tmp_path) == Declared("http://pilot:1", 4242)
    assert resolve("ethereum:local:foundry", tmp_path) == Declared("http://127.0.0.1:8545")
    with pytest.raises(InputRefused, match=r"\$SEPOLIA_RPC, which is not set"):
        resolve("sepolia", tmp_path)
    monkeypatch.setenv("SEPOLIA_RPC", SECRET)
    assert resolve("sepolia", tmp_path).url == SECRET
    with pytest.raises(InputRefused, match="'nowhere' is neither a URL nor declared"):
        resolve("nowhere", tmp_path)


def test_a_node_of_another_chain_than_declared_is_refused(office: Office, tmp_path: Path) -> None:
    url = office.node.provider.endpoint_uri
    (tmp_path / "ape-config.yaml").write_text(
        "networks:\n  custom:\n    - {name: pilot, ecosystem: ethereum, chain_id: 4242}\n"
        f"node:\n  ethereum:\n    pilot: {{uri: '{url}'}}\n"
    )
    with pytest.raises(WrongChain, match="ape-config.yaml says chain 4242, the node serves 31337"):
        connect("pilot", root=tmp_path)
    with pytest.raises(WrongChain, match="the programme file says chain 1, the node serves 31337"):
        connect(url, root=tmp_path, expect_chain_id=1)


def test_an_access_key_in_a_url_is_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Any, method: Any, data: bytes) -> bytes:
        raise requests.HTTPError(f"403 for {SECRET}")

    monkeypatch.setattr(HTTPProvider, "_make_request", fail)
    with pytest.raises(NodeTrouble) as trouble:
        connect(SECRET, root=tmp_path)
    assert "topsecret" not in str(trouble.value) + repr(Declared(SECRET))


def test_reads_are_tried_again_and_sends_are_not(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pitfall 33: only `execute` may repeat a send, because it looks for the hash first."""
    chain = connect(office.node.provider.endpoint_uri, root=office.folder)
    tried: list[str] = []
    real = HTTPProvider._make_request

    def flaky(self: Any, method: Any, data: bytes) -> bytes:
        tried.append(method)
        if len(tried) == 1:
            raise requests.ConnectionError
        return real(self, method, data)

    monkeypatch.setattr(HTTPProvider, "_make_request", flaky)
    assert chain.height() >= 0
    assert tried == ["eth_blockNumber"] * 2
    tried.clear()
    with pytest.raises(NodeTrouble, match="no answer to eth_sendRawTransaction"):
        chain.request("eth_sendRawTransaction", "0x")
    assert tried == ["eth_sendRawTransaction"]


def test_a_nodes_own_complaint_is_told_from_a_revert(office: Office) -> None:
    with pytest.raises(RpcError) as complaint:
        office.chain.request("eth_noSuchMethod")
    assert not complaint.value.is_revert
