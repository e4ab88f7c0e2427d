"""The test chain's interface, over a node: the same contracts and worlds, with receipts' gas.

    with local_chain.start() as chain:
        world = World(LiveEvm(chain))
        world.evm.receipt.gas_used          # what the receipt says

Anybody may send: the node signs for whom it is told to. Each transaction is a block of its own, a
second after the one before, so that all it touches is cold.
"""

from __future__ import annotations

import http.client
import json
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from scripts._amanat import artifacts
from scripts._amanat.artifacts import Abi, checksum
from scripts._amanat.local_chain import LocalChain
from tests.evm import TRANSACTION_GAS, Evm, Function, Receipt, Reverted, Snapshot

_WEALTH: Final = 10**24
_NOBODY: Final = "0x" + "00" * 20


class Log(NamedTuple):
    """A log as pyrevm gives it: topics and data together."""

    address: str
    data: tuple[list[bytes], bytes]


class LiveEvm(Evm):
    """A node that mines each transaction at once: Anvil, or Hardhat's."""

    def __init__(self, chain: LocalChain) -> None:
        self.chain = chain
        self.labels: dict[str, str] = {}
        self._known: Abi = []
        self._senders: set[str] = set()
        self._connection = http.client.HTTPConnection(urlsplit(chain.url).netloc, timeout=60)
        self._read_clock()

    def deploy_code(
        self, code: bytes, *, sender: str, value: int = 0, also: Abi | None = None
    ) -> str:
        self._learn(also or [])
        receipt = self._send({"data": _hex(code), "value": hex(value)}, sender, TRANSACTION_GAS)
        return checksum(receipt["contractAddress"])

    def message(
        self,
        to: Any,
        data: bytes = b"",
        sender: Any = None,
        value: int = 0,
        gas: int = TRANSACTION_GAS,
        *,
        keep: bool = True,
        static: bool = False,
    ) -> bytes:
        target = str(getattr(to, "address", to))
        caller = str(getattr(sender, "address", sender or _NOBODY))
        wish = {"to": target, "data": _hex(data), "value": hex(value)}
        if keep:
            self._fund(caller)
        answer = self.rpc("eth_call", {**wish, "from": caller, "gas": hex(gas)}, "latest")
        if keep:
            self._send(wish, caller, gas)
        return bytes.fromhex(answer[2:])

    def _send(self, wish: dict[str, str], sender: str, gas: int) -> Any:
        self._fund(str(sender))
        self.rpc("evm_setNextBlockTimestamp", self._time + 1)
        wish = {**wish, "from": str(sender), "gas": hex(gas)}
        receipt = self.chain.receipt(self.rpc("eth_sendTransaction", wish))
        self._read_clock()
        if receipt["status"] != "0x1":
            raise Reverted(artifacts.DecodedError("", {}), b"", self.labels)
        logs: Any = tuple(map(_log, receipt["logs"]))
        self.receipt = Receipt(logs, self._known, int(receipt["gasUsed"], 16))
        return receipt

    def _fund(self, sender: str) -> None:
        if sender not in self._senders:
            self._senders.add(sender)
            self.rpc("hardhat_impersonateAccount", sender)
            self.rpc("hardhat_setBalance", sender, hex(_WEALTH))

    # Accounts

    def etch(self, address: Any, code: bytes) -> None:
        self.rpc("hardhat_setCode", str(address), _hex(code))

    def code(self, address: Any) -> bytes:
        return bytes.fromhex(self.rpc("eth_getCode", _address(address), "latest")[2:])

    def storage(self, address: Any, slot: int) -> int:
        return int(self.rpc("eth_getStorageAt", _address(address), hex(slot), "latest"), 16)

    def balance(self, address: Any) -> int:
        return int(self.rpc("eth_getBalance", _address(address), "latest"), 16)

    def fund(self, address: Any, wei: int) -> None:
        self.rpc("hardhat_setBalance", _address(address), hex(wei))

    # Time and snapshots

    def _set_clock(self, timestamp: int, number: int) -> None:
        if timestamp > self._time:
            self.rpc("evm_setNextBlockTimestamp", timestamp)
        self.rpc("evm_mine")
        self._read_clock()

    def _read_clock(self) -> None:
        block = self.rpc("eth_getBlockByNumber", "latest", False)
        self._time, self._block_number = int(block["timestamp"], 16), int(block["number"], 16)

    def snapshot(self) -> Snapshot:
        moment, senders = self.rpc("evm_snapshot"), set(self._senders)

        def restore() -> None:
            assert self.rpc("evm_revert", moment), "a snapshot is undone once"
            self._senders = senders
            self._read_clock()

        return Snapshot(restore)

    def gas_of(self, function: Function, *arguments: Any, sender: Any, value: int = 0) -> int:
        with self.snapshot():
            function(*arguments, sender=sender, value=value)
            return self.receipt.gas_used

    # The wire

    def rpc(self, method: str, *params: Any) -> Any:
        """One request over a connection that is kept. A refused call raises Reverted."""
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        self._connection.request("POST", "/", body, {"Content-Type": "application/json"})
        answer = json.loads(self._connection.getresponse().read())
        if "error" not in answer:
            return answer["result"]
        data = answer["error"].get("data")
        if isinstance(data, dict):
            data = data.get("data")
        if not isinstance(data, str) or method not in ("eth_call", "eth_sendTransaction"):
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        payload = bytes.fromhex(data[2:])
        raise Reverted(artifacts.decode_error(payload, self._known), payload, self.labels)


def _log(raw: dict[str, Any]) -> Log:
    topics = [bytes.fromhex(topic[2:]) for topic in raw["topics"]]
    return Log(checksum(raw["address"]), (topics, bytes.fromhex(raw["data"][2:])))


def _address(address: Any) -> str:
    return str(getattr(address, "address", address))


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
