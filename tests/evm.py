"""An EVM in this process, spoken to by the names of the ABI.

    evm = Evm()
    issuer, alice = evm.actor("issuer"), evm.actor("alice")
    token = evm.deploy("Token", "Treasury bill", sender=issuer)
    token.mint(alice, 5, sender=issuer)              # a transaction: committed, evm.receipt tells
    assert token.balanceOf(alice) == 5               # a view
    token.mint.call(alice, 5, sender=issuer)         # its answer, without its effects
    token["mint(address,uint256)"](alice, 5, …)      # one of several overloads
    with reverts("ERC20InsufficientBalance", alice, 5, 6):
        token.transfer(issuer, 6, sender=alice)
    with evm.snapshot():                             # undone at the end: one example of hypothesis
        evm.advance(days=1)

pyrevm keeps all storage warm from one transaction to the next, so gas is Anvil's to tell:

    evm.gas_of(token.mint, alice, 5, sender=issuer)  # the receipt's, on a copy of this state
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from types import TracebackType
from typing import Any, Final, TypeVar

import pyrevm
from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_typing import Hash32
from eth_utils.crypto import keccak

from scripts._amanat import artifacts, local_chain
from scripts._amanat.artifacts import Abi, AbiEntry, Artifact, DecodedEvent, checksum

CHAIN_ID: Final = 31_337
GENESIS: Final = 1_756_684_800
"""2025-09-01 00:00 UTC, a month before the first bill settles."""
TRANSACTION_GAS: Final = 2**24
"""EIP-7825: real networks take no transaction above 16.7 million gas."""

_REVERT: Final = re.compile(r"Revert \{ gas_used: \d+, output: 0x([0-9a-f]*) \}")
_ACCOUNT: Final = re.compile(
    r"(0x[0-9a-f]{40}): Account \{ info: .*?, storage: \{(.*?)\}, status: AccountStatus", re.DOTALL
)
_SLOT: Final = re.compile(r"(\d+): StorageSlot \{[^}]*present_value: (\d+) \}")
_HALT: Final = re.compile(r"Halt \{ reason: (\w+)")

T = TypeVar("T")


class Actor(str):
    """A role with a key: the string is its checksummed address."""

    name: str
    account: LocalAccount

    def __new__(cls, name: str) -> Actor:
        account: LocalAccount = Account.from_key(keccak(text=f"amanat actor {name}"))
        actor = super().__new__(cls, account.address)
        actor.name, actor.account = name, account
        return actor

    @property
    def key(self) -> bytes:
        return bytes(self.account.key)

    def sign_typed(self, domain: dict[str, Any], types: dict[str, Any], message: Any) -> bytes:
        """The EIP-712 signature, 65 bytes r‖s‖v."""
        return bytes(self.account.sign_typed_data(domain, types, message).signature)

    def sign_hash(self, digest: bytes) -> bytes:
        """The signature of a digest as it stands, 65 bytes r‖s‖v."""
        return bytes(self.account.unsafe_sign_hash(Hash32(digest)).signature)


class Reverted(Exception):
    """A call was refused. ``name`` and ``arguments`` are the custom error's, decoded.

    ``Error`` and ``Panic`` are the compiler's own; a halt (out of gas, code too large) has the
    EVM's reason as its name, and a bare ``revert()`` the empty one.
    """

    def __init__(self, error: artifacts.DecodedError, data: bytes, labels: dict[str, str]) -> None:
        self.name, self.arguments, self.data = error.name, error.arguments, data
        shown = {
            k: labels.get(v, v) if isinstance(v, str) else v for k, v in error.arguments.items()
        }
        super().__init__(str(artifacts.DecodedError(error.name, shown)))


@contextmanager
def reverts(name: str, *arguments: Any, **named: Any) -> Iterator[None]:
    """Assert that the block is refused with this error, and with these values if any are given."""
    try:
        yield
    except Reverted as error:
        assert error.name == name, f"expected {name}, got {error}"
        if arguments:
            expected = tuple(getattr(value, "address", value) for value in arguments)
            assert tuple(error.arguments.values()) == expected, str(error)
        for key, value in named.items():
            assert error.arguments[key] == getattr(value, "address", value), str(error)
    else:
        raise AssertionError(f"expected {name}, but nothing was refused")


@dataclass(frozen=True)
class Receipt:
    """What a transaction left behind."""

    logs: tuple[pyrevm.Log, ...]
    known: Abi
    gas_used: int
    """With storage warm from earlier transactions: to compare like with like, else ``gas_of``."""

    @cached_property
    def all_events(self) -> tuple[DecodedEvent, ...]:
        """The logs in order, decoded."""
        return tuple(self._decode(log) for log in self.logs)

    def events(self, name: str, address: Any = None) -> list[dict[str, Any]]:
        """The arguments of each event of this name, of one contract if given."""
        only = getattr(address, "address", address)
        return [
            dict(event.arguments)
            for event in self.all_events
            if event.name == name and only in (None, event.address)
        ]

    def _decode(self, log: pyrevm.Log) -> DecodedEvent:
        topics, data = log.data
        return artifacts.decode_event(
            log.address, [bytes(t) for t in topics], bytes(data), self.known
        )


class Function:
    """One function of a contract; called, it is a view or a transaction as its ABI says."""

    def __init__(self, contract: Contract, entry: AbiEntry) -> None:
        self.contract, self.entry = contract, entry
        self.signature = artifacts.signature(entry)
        self.selector = artifacts.selector(entry)

    def __call__(
        self, *arguments: Any, sender: Any = None, value: int = 0, gas: int = TRANSACTION_GAS
    ) -> Any:
        view = self.entry["stateMutability"] in ("view", "pure")
        if not view and sender is None:
            raise TypeError(f"{self.signature} is a transaction: say who sends it")
        return self._run(arguments, sender, value, gas, keep=not view, static=view)

    def call(
        self, *arguments: Any, sender: Any = None, value: int = 0, gas: int = TRANSACTION_GAS
    ) -> Any:
        """What the function would answer ``sender`` now; nothing is kept."""
        return self._run(arguments, sender, value, gas, keep=False, static=False)

    def encode(self, *arguments: Any) -> bytes:
        """The calldata."""
        return self.selector + artifacts.encode(self.entry["inputs"], arguments)

    def _run(
        self,
        arguments: tuple[Any, ...],
        sender: Any,
        value: int,
        gas: int,
        *,
        keep: bool,
        static: bool,
    ) -> Any:
        answer = self.contract.evm.message(
            self.contract.address,
            self.encode(*arguments),
            sender,
            value,
            gas,
            keep=keep,
            static=static,
        )
        return artifacts.decode_result(self.entry["outputs"], answer)


class Contract:
    """An address and the ABI it is spoken to by."""

    def __init__(self, evm: Evm, address: str, abi: Abi) -> None:
        self.evm, self.address, self.abi = evm, checksum(address), abi
        self._functions: dict[str, Function] = {}

    def __getitem__(self, signature: str) -> Function:
        """The function of this exact signature, or of this name if only one has it."""
        if signature not in self._functions:
            entries = [e for e in self.abi if e["type"] == "function"]
            found = [e for e in entries if signature in (e["name"], artifacts.signature(e))]
            if len(found) != 1:
                overloads = ", ".join(map(artifacts.signature, found)) or "none"
                raise AttributeError(f"{signature} at {self}: {overloads} of that name")
            self._functions[signature] = Function(self, found[0])
        return self._functions[signature]

    def __getattr__(self, name: str) -> Function:
        if name.startswith("__"):
            raise AttributeError(name)  # what copy and pickle ask for is no function of a contract
        return self[name]

    def __eq__(self, other: object) -> bool:
        return self.address == getattr(other, "address", other)

    def __hash__(self) -> int:
        return hash(self.address)

    def __repr__(self) -> str:
        return self.evm.labels.get(self.address, self.address)


class Snapshot:
    """A moment to come back to, once; also a context manager that does so at its end."""

    def __init__(self, restore: Callable[[], None]) -> None:
        self._restore = restore

    def revert(self) -> None:
        """Undo all since; snapshots are undone in the reverse of the order they were taken."""
        self._restore()

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.revert()


class Evm:
    """A chain of one: chain id 31337, gas is free, time stands still until it is moved."""

    receipt: Receipt
    """Of the last transaction that succeeded."""

    def __init__(self, time: int = GENESIS) -> None:
        self.labels: dict[str, str] = {}
        self._open_snapshots = 0
        self._known: Abi = []  # ABIs of peers that are no artifacts of ours
        self._revm = _new_revm()
        self._set_clock(time, 1)

    def actor(self, name: str) -> Actor:
        """The actor of this name: the same address and key in every test."""
        actor = Actor(name)
        self.labels[str(actor)] = name
        return actor

    # Contracts

    def deploy(
        self,
        contract: str | Artifact,
        *arguments: Any,
        sender: str,
        value: int = 0,
        label: str = "",
    ) -> Contract:
        """Deploy an artifact, by name or as loaded (a peer's too), with constructor arguments."""
        artifact = artifacts.load(contract) if isinstance(contract, str) else contract
        address = self.deploy_code(
            artifact.deployment_data(*arguments), sender=sender, value=value, also=artifact.abi
        )
        self.labels[address] = label or artifact.name
        return self.at(address, artifact)

    def deploy_code(
        self, code: bytes, *, sender: str, value: int = 0, also: Abi | None = None
    ) -> str:
        """Deploy raw creation code; the address."""
        self._learn(also or [])
        return checksum(
            self._execute(
                lambda: self._revm.deploy(str(sender), code, value, TRANSACTION_GAS), keep=True
            )
        )

    def at(self, address: Any, contract: str | Artifact | Abi) -> Contract:
        """Speak to an address by the ABI of an artifact: a clone, for one."""
        artifact = artifacts.load(contract) if isinstance(contract, str) else contract
        abi = artifact.abi if isinstance(artifact, Artifact) else artifact
        self._learn(abi)
        return Contract(self, str(getattr(address, "address", address)), abi)

    def etch(self, address: Any, code: bytes) -> None:
        """Put runtime code at an address; not undone by snapshots, so not done inside one."""
        assert not self._open_snapshots, "etch before the snapshot"
        self._revm.insert_account_info(str(address), pyrevm.AccountInfo(nonce=1, code=code))

    def code(self, address: Any) -> bytes:
        """The runtime code at an address, empty if there is none."""
        account = self._revm.basic(str(getattr(address, "address", address)))
        code = bytes(account.code or b"")
        # revm keeps code with 33 zero bytes of its analysis behind it
        return code if keccak(code) == bytes(account.code_hash or b"") else code[:-33]

    def storage(self, address: Any, slot: int) -> int:
        """One word of storage."""
        return int(self._revm.storage(str(getattr(address, "address", address)), slot))

    def balance(self, address: Any) -> int:
        """Wei of an address."""
        return int(self._revm.get_balance(str(getattr(address, "address", address))))

    def fund(self, address: Any, wei: int) -> None:
        """Set the wei of an address; not undone by snapshots, so not done inside one."""
        assert not self._open_snapshots, "fund before the snapshot"
        self._revm.set_balance(str(getattr(address, "address", address)), wei)

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
        """Send raw calldata; a transaction unless ``keep`` is False. The raw answer."""
        caller = str(getattr(sender, "address", sender or "0x" + "00" * 20))
        target = str(getattr(to, "address", to))
        return self._execute(
            lambda: bytes(
                self._revm.message_call(caller, target, data, value, gas, is_static=static)
            ),
            keep=keep,
        )

    # Time

    @property
    def time(self) -> int:
        """The block's timestamp."""
        return self._time

    @time.setter
    def time(self, timestamp: int) -> None:
        assert timestamp >= self.time, f"time runs forward only: {timestamp} < {self.time}"
        self._set_clock(timestamp, self.block_number + 1)

    @property
    def block_number(self) -> int:
        return self._block_number

    def advance(self, *, seconds: int = 0, hours: int = 0, days: int = 0) -> None:
        """Move the clock; the next block."""
        self.time += seconds + 3_600 * hours + 86_400 * days

    def _set_clock(self, timestamp: int, number: int) -> None:
        self._time, self._block_number = timestamp, number
        self._revm.set_block_env(pyrevm.BlockEnv(number=number, timestamp=timestamp, basefee=0))

    # Snapshots and gas

    def snapshot(self) -> Snapshot:
        """Remember this moment."""
        checkpoint, clock = self._revm.snapshot(), (self.time, self.block_number)
        self._open_snapshots += 1
        depth = self._open_snapshots

        def restore() -> None:
            assert self._open_snapshots == depth, "the later snapshots come first, and each once"
            self._revm.revert(checkpoint)
            self._open_snapshots -= 1
            self._set_clock(*clock)

        return Snapshot(restore)

    def gas_of(self, function: Function, *arguments: Any, sender: Any, value: int = 0) -> int:
        """The gas that the receipt of this transaction would tell; nothing changes here.

        Measured on an Anvil that is given this state (a fifth of a second).
        """
        wish = {
            "from": str(getattr(sender, "address", sender)),
            "to": function.contract.address,
            "data": "0x" + function.encode(*arguments).hex(),
            "value": hex(value),
            "gas": hex(TRANSACTION_GAS),
        }
        with local_chain.start(timestamp=self.time - 1, hardfork="cancun") as chain:
            self._copy_state(chain)
            chain.rpc("anvil_setBalance", wish["from"], hex(10**24 + value))
            chain.rpc("anvil_impersonateAccount", wish["from"])
            chain.rpc("evm_setNextBlockTimestamp", self.time)
            transaction = chain.rpc("eth_sendTransaction", wish)
            receipt = chain.receipt(transaction)
        assert receipt["status"] == "0x1", f"{function.signature} is refused"
        return int(receipt["gasUsed"], 16)

    def _copy_state(self, chain: local_chain.LocalChain) -> None:
        accounts = {**self._revm.db_accounts, **self._revm.journal_state}
        for address in accounts:
            code = self.code(address)
            if code.strip(b"\0"):
                chain.rpc("anvil_setCode", address, "0x" + code.hex())
        for address, storage in _ACCOUNT.findall(self._revm.journal_str):
            for slot, held in _SLOT.findall(storage):
                word = f"0x{int(held):064x}"
                chain.rpc("anvil_setStorageAt", address, hex(int(slot)), word)

    # Execution

    def _execute(self, run: Callable[[], T], *, keep: bool) -> T:
        try:
            return self._transact(run) if keep else self._simulate(run)
        except RuntimeError as error:
            raise self._reverted(str(error)) from None
        finally:
            self._revm.reset_transient_storage()

    def _transact(self, run: Callable[[], T]) -> T:
        answer = run()
        result = self._revm.result
        assert result
        self.receipt = Receipt(tuple(result.logs), self._known, result.gas_used)
        return answer

    def _simulate(self, run: Callable[[], T]) -> T:
        before = self._revm.snapshot()
        try:
            return run()
        finally:
            self._revm.revert(before)

    def _learn(self, abi: Abi) -> None:
        for entry in abi:
            if entry["type"] in ("error", "event") and entry not in self._known:
                self._known.append(entry)

    def _reverted(self, message: str) -> Reverted:
        halt = _HALT.search(message)
        if halt:
            return Reverted(artifacts.DecodedError(halt[1], {}), b"", self.labels)
        revert = _REVERT.search(message)
        if not revert:
            raise RuntimeError(message)  # no answer of a contract: an argument that is no address
        data = bytes.fromhex(revert[1])
        return Reverted(artifacts.decode_error(data, self._known), data, self.labels)


def _new_revm() -> pyrevm.EVM:
    config = pyrevm.CfgEnv(chain_id=CHAIN_ID)
    return pyrevm.EVM(pyrevm.Env(config), gas_limit=TRANSACTION_GAS, spec_id="CANCUN")
