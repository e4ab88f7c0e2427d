"""From the word after `--network` to a handle of one chain.

The network is an argument of every command and never the name of a file. It is a URL, a name or
an Ape network choice declared in `ape-config.yaml`; without the option it is `AMANAT_NETWORK`,
else the chain that `make pilot KEEP=1` left running, else an Anvil on the usual port.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scripts._amanat.errors import InputRefused, NodeTrouble, WrongChain

if TYPE_CHECKING:
    from web3 import Web3
    from web3.providers.base import BaseProvider

DEFAULT_URL = "http://127.0.0.1:8545"
LOCAL_CHAIN_IDS = frozenset({1337, 31337})
FINALITY_DEPTH = 64  # blocks: two epochs of a proof-of-stake chain, the safe side of the others
READ_ATTEMPTS = 5
Read = Callable[[str, Mapping[str, Any]], Any]
"""What is made of an answer: its result, or something else."""
BATCH = 100  # calls in one round trip; public nodes take no more
TIMEOUT_SECONDS = (5, 60)  # to connect, to answer
SENDS = ("eth_sendRawTransaction", "eth_sendTransaction", "evm_", "anvil_", "hardhat_")


class RpcError(Exception):
    """An error answer of the node; `data` are the revert bytes where it gives them."""

    def __init__(self, method: str, code: int, message: str, data: bytes = b"") -> None:
        super().__init__(f"{method}: {message} ({code})")
        self.method, self.code, self.message, self.data = method, code, message, data

    @property
    def is_revert(self) -> bool:
        """True where a contract reverted, False where the node itself complains."""
        return self.code == 3 or bool(self.data) or "revert" in self.message.lower()


@dataclass(frozen=True)
class Declared:
    """What a network argument resolves to; `chain_id` is checked where it was declared."""

    url: str = field(repr=False)  # may carry an access key
    chain_id: int | None = None


@dataclass(frozen=True)
class Chain:
    """One chain, as seen through one node."""

    web3: Web3 = field(repr=False, compare=False)
    chain_id: int
    client: str
    is_local: bool
    instance: str
    """What tells two chains of one id apart: a local node's instance id, else the genesis hash."""
    host: str

    @property
    def folder_name(self) -> str:
        """The chain's folder under `.records/`; local chains never share one (pitfall 38)."""
        return f"{self.chain_id}-{self.instance[:8]}" if self.is_local else str(self.chain_id)

    @property
    def finality_depth(self) -> int:
        """Blocks after which a receipt is not looked for again."""
        return 0 if self.is_local else FINALITY_DEPTH

    def request(self, method: str, *params: Any) -> Any:
        """One JSON-RPC call: the plain result, `RpcError`, or `NodeTrouble`."""
        return _answer(self.web3.provider, method, params)

    def request_many(self, method: str, params: Sequence[Sequence[Any]]) -> list[Any]:
        """The same call with many parameters, in few round trips; raises as `request` does."""
        results: list[Any] = []
        for start in range(0, len(params), BATCH):
            results += _answers(self.web3.provider, method, params[start : start + BATCH])
        return results

    def try_many(self, method: str, params: Sequence[Sequence[Any]]) -> list[Any]:
        """As `request_many`, with an `RpcError` in the place of each answer that is one."""
        results: list[Any] = []
        for start in range(0, len(params), BATCH):
            page = params[start : start + BATCH]
            results += _answers(self.web3.provider, method, page, _result_or_error)
        return results

    def revert_of(self, call: Mapping[str, Any], block: str = "latest") -> RpcError | None:
        """Why a contract would revert a call that is only tried; None where it would pass.

        What the node itself has against it is raised.
        """
        try:
            self.request("eth_call", call, block)
        except RpcError as answer:
            if not answer.is_revert:
                raise
            return answer
        return None

    def now(self) -> int:
        """The chain's clock: the time of its latest block, in Unix seconds."""
        return int(self.request("eth_getBlockByNumber", "latest", False)["timestamp"], 16)

    def height(self) -> int:
        """The number of the latest block."""
        return int(self.request("eth_blockNumber"), 16)

    def code(self, address: str) -> bytes:
        """The code at an address now; empty where there is no contract."""
        return bytes.fromhex(self.request("eth_getCode", address, "latest")[2:])

    def balance(self, address: str) -> int:
        """The native balance in wei."""
        return int(self.request("eth_getBalance", address, "latest"), 16)


def connect(
    network: str | None = None, *, root: Path | None = None, expect_chain_id: int | None = None
) -> Chain:
    """The chain that `network` names.

    Raises InputRefused for an unknown name, NodeTrouble where nobody answers, and WrongChain where
    the node serves another chain than was declared or expected.
    """
    declared = resolve(network, root or Path.cwd())
    chain = chain_of(_patient_provider(declared.url), declared.url)
    for expected, by in (
        (declared.chain_id, "ape-config.yaml"),
        (expect_chain_id, "the programme file"),
    ):
        if expected is not None and expected != chain.chain_id:
            raise WrongChain(f"{by} says chain {expected}, the node serves {chain.chain_id}")
    return chain


def chain_of(provider: BaseProvider, url: str) -> Chain:
    """A handle made from a provider; tests put faulty ones here."""
    from web3 import Web3

    chain_id = int(_answer(provider, "eth_chainId", ()), 16)
    client = str(_answer(provider, "web3_clientVersion", ()))
    host = urlsplit(url).hostname or url
    is_local = (
        chain_id in LOCAL_CHAIN_IDS
        and client.lower().startswith(("anvil", "hardhat"))
        and is_loopback(url)
    )
    return Chain(Web3(provider), chain_id, client, is_local, _instance(provider, client), host)


def resolve(network: str | None, root: Path) -> Declared:
    """Turn the argument into a URL. Reads `.env`, `ape-config.yaml` and the kept chain's file."""
    _load_dotenv(root)
    if not (name := network or os.environ.get("AMANAT_NETWORK", "")):
        return _kept_chain(root) or Declared(DEFAULT_URL)
    if name.startswith(("http://", "https://")):
        return Declared(name)
    return _declared(name, _ape_config(root))


def _load_dotenv(root: Path) -> None:
    if (dotenv := root / ".env").is_file():
        from dotenv import load_dotenv

        load_dotenv(dotenv)


def _kept_chain(root: Path) -> Declared | None:
    """The chain that a pilot left running, if its process is still alive."""
    kept = root / ".records" / "kept-chain.json"
    if not kept.is_file():
        return None
    facts = json.loads(kept.read_text("utf-8"))
    if not _is_running(int(facts["pid"])):
        return None
    return Declared(str(facts["url"]), int(facts["chain_id"]))


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _ape_config(root: Path) -> Mapping[str, Any]:
    import yaml  # type: ignore[import-untyped]

    path = root / "ape-config.yaml"
    return (yaml.safe_load(path.read_text("utf-8")) or {}) if path.is_file() else {}


def _declared(name: str, config: Mapping[str, Any]) -> Declared:
    """Look up `network`, `ecosystem:network` or `ecosystem:network:provider` of Ape."""
    ecosystem, network, *_ = name.split(":") if ":" in name else ("ethereum", name)
    if network == "local":
        url = os.environ.get("APE_FOUNDRY_HOST") or config.get("foundry", {}).get("host")
        return Declared(str(url) if url and url != "auto" else DEFAULT_URL)
    chain_id = next(
        (
            int(custom["chain_id"])
            for custom in config.get("networks", {}).get("custom", ())
            if custom.get("name") == network and custom.get("ecosystem", ecosystem) == ecosystem
        ),
        None,
    )
    uri = config.get("node", {}).get(ecosystem, {}).get(network, {}).get("uri")
    if uri is None:
        raise InputRefused(
            f"network {name!r} is neither a URL nor declared in ape-config.yaml",
            what_to_do="Pass a URL, or declare the network under `node:` in ape-config.yaml.",
        )
    return Declared(_with_environment(str(uri)), chain_id)


def _with_environment(uri: str) -> str:
    def value(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        if name not in os.environ:
            raise InputRefused(f"ape-config.yaml asks for ${name}, which is not set")
        return os.environ[name]

    return re.sub(r"\$(?:\{(\w+)\}|(\w+))", value, uri)


def _patient_provider(url: str) -> BaseProvider:
    """HTTP that tries reads again after a broken connection, and sends exactly once.

    A send whose answer is lost is not repeated here: only `execute` knows how to look for it.
    """
    import requests
    from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential
    from web3 import HTTPProvider
    from web3.types import RPCEndpoint

    retrying = Retrying(
        retry=retry_if_exception_type((requests.ConnectionError, requests.Timeout)),
        stop=stop_after_attempt(READ_ATTEMPTS),
        wait=wait_exponential(multiplier=0.1, max=2),
        reraise=True,
    )

    class PatientProvider(HTTPProvider):
        def _make_request(self, method: RPCEndpoint, request_data: bytes) -> bytes:
            if method.startswith(SENDS):
                return super()._make_request(method, request_data)
            return retrying(super()._make_request, method, request_data)

    session = requests.Session()
    # Looking for proxies costs more than a request to a node on this machine, which has none.
    session.trust_env = not is_loopback(url)
    return PatientProvider(
        url,
        request_kwargs={"timeout": TIMEOUT_SECONDS},
        session=session,
        exception_retry_configuration=None,
    )


def is_loopback(url: str) -> bool:
    """Whether a URL is of this very machine."""
    return urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")


def _answer(provider: Any, method: str, params: tuple[Any, ...], read: Read | None = None) -> Any:
    import requests

    try:
        answer = provider.make_request(method, list(params))
    except (requests.RequestException, OSError, ValueError) as trouble:
        # The URL stays out of the message: it may carry an access key.
        raise NodeTrouble(f"no answer to {method}: {type(trouble).__name__}") from None
    return (read or _result)(method, answer)


def _answers(
    provider: Any,
    method: str,
    params: Sequence[Sequence[Any]],
    read: Read | None = None,
) -> list[Any]:
    """One batch request; one request each where the provider or the node takes no batches."""
    import requests

    answers: Any = None
    if hasattr(provider, "make_batch_request") and len(params) > 1:
        try:
            answers = provider.make_batch_request([(method, list(each)) for each in params])
        except (requests.RequestException, OSError, ValueError) as trouble:
            raise NodeTrouble(f"no answer to {method}: {type(trouble).__name__}") from None
    if not isinstance(answers, list) or len(answers) != len(params):
        return [_answer(provider, method, tuple(each), read) for each in params]
    return [(read or _result)(method, answer) for answer in answers]


def _result(method: str, answer: Mapping[str, Any]) -> Any:
    if (error := answer.get("error")) is None:
        return answer.get("result")
    if isinstance(error, str):
        raise RpcError(method, 0, error)
    raise RpcError(
        method, int(error.get("code", 0)), str(error.get("message", "")), _revert_bytes(error)
    )


def _result_or_error(method: str, answer: Mapping[str, Any]) -> Any:
    try:
        return _result(method, answer)
    except RpcError as error:
        return error


def _revert_bytes(error: Mapping[str, Any]) -> bytes:
    """Revert data as Anvil, geth and Hardhat give it: a string, or one nested in an object."""
    data = error.get("data")
    if isinstance(data, Mapping):
        data = data.get("data") or data.get("result")
    if isinstance(data, str) and re.fullmatch(r"0x([0-9a-fA-F]{2})*", data):
        return bytes.fromhex(data[2:])
    return b""


def _instance(provider: BaseProvider, client: str) -> str:
    if client.lower().startswith(("anvil", "hardhat")):
        instance = _answer(provider, "hardhat_metadata", ())["instanceId"]
    else:
        instance = _answer(provider, "eth_getBlockByNumber", ("0x0", False))["hash"]
    return str(instance).removeprefix("0x")
