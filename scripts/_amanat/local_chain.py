"""Private chains on this machine: Anvil, and Hardhat's node as a second implementation.

    with start(chain_id=31_337) as chain:
        chain.rpc("eth_blockNumber")

The process ends with the block, also on Ctrl-C or SIGTERM, unless it is asked to be kept.
"""

from __future__ import annotations

import json
import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Any, Final, Literal

from scripts._amanat.build import ROOT, node_executable

Client = Literal["anvil", "hardhat"]

GENESIS: Final = 1_756_684_800
"""2025-09-01 00:00 UTC: a month before the first bill of the sample programme settles."""
MNEMONIC: Final = "test test test test test test test test test test test junk"
"""The well-known development accounts; their keys are public."""

_START_SECONDS: Final = 30
_STOP_SECONDS: Final = 5
_ATTEMPTS: Final = 3
_LOOK_SECONDS: Final = 0.005
_PATIENT_LOOKS: Final = 400
_RECEIPT_LOOKS: Final = 1_000
_NO_PROXY: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class LocalChainError(Exception):
    """A local chain did not start, or refused a request."""


@dataclass(frozen=True, slots=True)
class LocalChain:
    """A running chain on the loopback interface."""

    client: Client
    url: str
    chain_id: int
    pid: int

    def rpc(self, method: str, *params: Any) -> Any:
        """One JSON-RPC request. Raises LocalChainError where the node answers with an error."""
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        request = urllib.request.Request(
            self.url, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with _NO_PROXY.open(request, timeout=60) as response:
            answer = json.load(response)
        if "error" in answer:
            raise LocalChainError(f"{method}: {answer['error'].get('message', answer['error'])}")
        return answer["result"]

    @property
    def time(self) -> int:
        """The timestamp of the latest block."""
        return int(self.rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16)

    def receipt(self, transaction: str) -> dict[str, Any]:
        """The receipt of a transaction that was sent, whether it succeeded or reverted.

        The client answers before it has mined, and a busy Anvil sometimes forgets to: it is then
        told to. Raises LocalChainError where no block holds the transaction after that.
        """
        for look in range(_RECEIPT_LOOKS):
            if found := self.rpc("eth_getTransactionReceipt", transaction):
                receipt: dict[str, Any] = found
                return receipt
            if look >= _PATIENT_LOOKS:
                self.rpc("evm_mine")
            time.sleep(_LOOK_SECONDS)
        raise LocalChainError(f"transaction {transaction} is in no block")

    def advance_to(self, timestamp: int) -> None:
        """Mine a block at this time, which must be later than the latest block's."""
        self.rpc("evm_setNextBlockTimestamp", timestamp)
        self.rpc("evm_mine")


@contextmanager
def start(
    client: Client = "anvil",
    *,
    chain_id: int = 31_337,
    timestamp: int = GENESIS,
    accounts: int = 10,
    hardfork: str = "",
    keep: bool = False,
    root: Path = ROOT,
) -> Iterator[LocalChain]:
    """Run a chain whose clock starts at ``timestamp`` for as long as the block runs.

    ``accounts`` development accounts are funded. ``hardfork`` is the client's newest if not given.
    ``keep`` leaves the chain running after a block that succeeded.
    """
    command = _hardhat_command if client == "hardhat" else _anvil_command
    process, url = _launch(
        lambda port, folder: command(root, folder, port, chain_id, timestamp, accounts, hardfork),
        root,
    )
    kept = False
    try:
        with _sigterm_as_exit():
            yield LocalChain(client, url, chain_id, process.pid)
        kept = keep
    finally:
        if not kept:
            _stop(process)


def anvil_executable(root: Path = ROOT) -> Path:
    """The native Anvil. npm's own ``anvil`` is a Node wrapper that can leave it running."""
    machine = platform.machine().lower()
    arch = "arm64" if machine in ("arm64", "aarch64") else "amd64"
    package = f"@foundry-rs/anvil-{platform.system().lower()}-{arch}"
    path = root / "node_modules" / package / "bin" / "anvil"
    if not path.is_file():
        raise LocalChainError(f"{path} does not exist: run `make setup`")
    return path


def _anvil_command(
    root: Path,
    folder: Path,
    port: int,
    chain_id: int,
    timestamp: int,
    accounts: int,
    hardfork: str,
) -> list[str]:
    options = {
        "--host": "127.0.0.1",
        "--port": port,
        "--chain-id": chain_id,
        "--timestamp": timestamp,
        "--accounts": accounts,
        "--mnemonic": MNEMONIC,
        **({"--hardfork": hardfork} if hardfork else {}),
    }
    flat = [str(word) for option in options.items() for word in option]
    # Real networks take no transaction above 16.7 million gas; nor may we, here.
    return [str(anvil_executable(root)), *flat, "--enable-tx-gas-limit", "--quiet"]


def _hardhat_command(
    root: Path,
    folder: Path,
    port: int,
    chain_id: int,
    timestamp: int,
    accounts: int,
    hardfork: str,
) -> list[str]:
    network = {
        "type": "edr-simulated",
        "chainId": chain_id,
        "initialDate": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(timestamp)),
        "accounts": {"mnemonic": MNEMONIC, "count": accounts},
        **({"hardfork": hardfork} if hardfork else {}),
    }
    (folder / "package.json").write_text('{"type": "module"}\n')
    config = json.dumps({"networks": {"node": network}})
    (folder / "hardhat.config.js").write_text(f"export default {config};\n")
    cli = root / "node_modules" / "hardhat" / "dist" / "src" / "cli.js"
    if not cli.is_file():
        raise LocalChainError(f"{cli} does not exist: run `make setup`")
    options = ["--hostname", "127.0.0.1", "--port", str(port), "--chain-id", str(chain_id)]
    return [str(node_executable()), str(cli), "node", *options]


def _launch(command: Any, root: Path) -> tuple[subprocess.Popen[bytes], str]:
    for attempt in range(_ATTEMPTS):
        port = _free_port()
        folder = root / ".build" / "chains" / str(port)
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile() as log:
            process = subprocess.Popen(
                command(port, folder),
                cwd=folder,
                # Both clients write caches to the home directory.
                env={**os.environ, "HOME": str(folder), "CI": "1"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # the terminal's Ctrl-C is for us; we end the chain
            )
            url = f"http://127.0.0.1:{port}"
            try:
                if _answers(process, url):
                    return process, url
            except BaseException:
                _stop(process)
                raise
            _stop(process)
            if attempt == _ATTEMPTS - 1:
                raise LocalChainError(f"the chain did not start:\n{_tail(log)}")
    raise AssertionError("unreachable")


def _answers(process: subprocess.Popen[bytes], url: str) -> bool:
    chain = LocalChain("anvil", url, 0, process.pid)
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            chain.rpc("eth_chainId")
        except (OSError, urllib.error.URLError):
            time.sleep(0.02)
        else:
            return process.poll() is None  # or another process has taken the port
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _tail(log: IO[bytes]) -> str:
    log.seek(0)
    return log.read().decode(errors="replace")[-2_000:].strip()


@contextmanager
def _sigterm_as_exit() -> Iterator[None]:
    """Let SIGTERM unwind the stack, so that the chain ends with us."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def leave(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
