"""A real chain to execute on, a node that misbehaves on demand, and one small contract."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from eth_abi.abi import decode as abi_decode
from web3.providers.base import BaseProvider

from scripts._amanat.artifacts import Abi
from scripts._amanat.execute import Executor, Patience
from scripts._amanat.journal import Journal
from scripts._amanat.network import Chain, chain_of, connect
from scripts._amanat.plan import Call, Deployment, Plan, Ref, Step
from scripts._amanat.record import Record
from scripts._amanat.signers import Signers

ANVIL = Path(__file__).parents[2] / "node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil"

UINT = {"type": "uint256"}
NOTEBOOK_ABI: Abi = [
    {"type": "constructor", "inputs": [{"name": "first", **UINT}]},
    {
        "type": "function",
        "name": "write",
        "inputs": [{"name": "page", **UINT}, {"name": "words", **UINT}],
    },
    {"type": "function", "name": "written", "inputs": []},
]
NOTEBOOK_CODE = bytes.fromhex(
    "6080604052348015600e575f5ffd5b506040516101c93803806101c9833981016040819052602b916058565b5f8080"
    "526020527fad3228b676f7d3cd4284a5443f17f1962b36e491b30a40b2405849e597ba5fb555606e565b5f60208284"
    "0312156067575f5ffd5b5051919050565b61014e8061007b5f395ff3fe608060405234801561000f575f5ffd5b5060"
    "04361061003f575f3560e01c80635c3e9cc2146100435780639c0e3f7a14610074578063a47b328914610089575b5f"
    "5ffd5b6100626100513660046100f3565b5f6020819052908152604090205481565b60405190815260200160405180"
    "910390f35b61008761008236600461010a565b610092565b005b61006260015481565b5f8281526020819052604090"
    "2054156100cb5760405163e374546560e01b81526004810183905233602482015260440160405180910390fd5b5f82"
    "8152602081905260408120829055600180549091906100eb9061012a565b909155505050565b5f6020828403121561"
    "0103575f5ffd5b5035919050565b5f5f6040838503121561011b575f5ffd5b50508035926020909101359150565b5f"
    "6001820161014757634e487b7160e01b5f52601160045260245ffd5b506001019056"
)
"""
contract Notebook {
    error AlreadyWritten(uint256 page, address by);
    mapping(uint256 page => uint256 words) public pages;
    uint256 public written;
    constructor(uint256 first) { pages[0] = first; }
    function write(uint256 page, uint256 words) external {
        if (pages[page] != 0) revert AlreadyWritten(page, msg.sender);
        pages[page] = words;
        ++written;
    }
}
"""


class NotebookArtifacts:
    """The artifacts of a project whose only contract is the notebook."""

    def abi(self, name: str) -> Abi:
        return {"Notebook": NOTEBOOK_ABI}[name]

    def creation_code(self, name: str) -> bytes:
        return {"Notebook": NOTEBOOK_CODE}[name]

    def explain_revert(self, data: bytes) -> str:
        assert data[:4].hex() == "e3745465"
        page, by = abi_decode(["uint256", "address"], data[4:])
        return f"AlreadyWritten(page={page}, by={by})"


class FaultyProvider(BaseProvider):
    """Passes requests on to a real node; `faults` may answer, alter or fail them first."""

    def __init__(self, provider: Any) -> None:
        super().__init__()
        self.provider = provider
        self.faults: list[Callable[[str, Any, Callable[[], Any]], Any]] = []
        self.asked: list[str] = []

    def make_request(self, method: str, params: Any) -> Any:
        self.asked.append(method)

        def forward() -> Any:
            return self.provider.make_request(method, params)

        for fault in self.faults:
            if (answer := fault(method, params, forward)) is not None:
                return answer
        return forward()

    def sent(self) -> int:
        """Transactions that were broadcast or meant to be."""
        return self.asked.count("eth_sendRawTransaction")


class Office:
    """An operator's desk: everything that a run needs, on one chain and one folder."""

    def __init__(self, url: str, folder: Path, *, development: bool = True) -> None:
        real = connect(url, root=folder)
        self.node = FaultyProvider(real.web3.provider)
        self.chain: Chain = chain_of(self.node, url)
        self.folder = folder
        self.artifacts = NotebookArtifacts()
        roles = {"deployer": 0, "writer": 1}
        self.signers = Signers(self.chain, development=roles if development else None)
        self.record = Record.of(self.chain, folder)
        self.naps = 0

    def rpc(self, method: str, *params: Any) -> Any:
        """Straight to the node, past all faults."""
        answer = self.node.provider.make_request(method, list(params))
        assert "error" not in answer, answer
        return answer["result"]

    @contextmanager
    def run(self, patience: Patience | None = None, **options: Any) -> Iterator[Executor]:
        """One run of a command: takes the lock, reads the record and the journal from disk."""
        self.record = Record.of(self.chain, self.folder)
        with Journal.held(self.record.folder) as journal:
            yield Executor(
                self.chain,
                self.signers,
                self.artifacts,
                self.record,
                journal,
                patience=patience or Patience(looks=6, pause=0, bumps=2),
                sleep=self._nap,
                **options,
            )

    def journal(self) -> Journal:
        return Journal.read(self.record.folder)

    def written(self) -> int:
        """How many pages the notebook holds: one for every `write` that happened."""
        call = {"to": self.record.contracts["Notebook"].address, "data": "0xa47b3289"}
        return int(self.rpc("eth_call", call, "latest"), 16)

    def _nap(self, seconds: float) -> None:
        self.naps += 1


def open_notebook() -> Step:
    """The step that deploys the notebook with 7 words on its first page."""
    return Step("open the notebook", "deployer", Deployment("Notebook", "Notebook", (7,)))


def write(page: int, *, role: str = "deployer", bulk: str = "") -> Step:
    """The step that writes a page, once."""
    act = Call(Ref("Notebook"), "Notebook", "write(uint256,uint256)", (page, 100 + page))
    return Step(f"write page {page}", role, act, f"page {page} is written", bulk=bulk)


def plan(*steps: Step, wish: str = "w1") -> Plan:
    """A plan of the operation `note`."""
    return Plan("note", wish, tuple(steps))


@contextmanager
def running_anvil(*options: str) -> Iterator[str]:
    """The URL of an Anvil on a port of its own choice; it ends with the block."""
    process = subprocess.Popen(
        [str(ANVIL), "--port", "0", *options], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        line = next(line for line in process.stdout if line.startswith("Listening on"))
        threading.Thread(target=process.stdout.read, daemon=True).start()
        yield f"http://{line.split()[-1]}"
    finally:
        process.kill()
        process.wait()


class LostAnswer(requests.ConnectionError):
    """The line broke after the node had the request."""


class Crash(BaseException):
    """The operator's machine went dark."""
