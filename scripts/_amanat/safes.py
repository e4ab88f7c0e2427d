"""A Safe that holds a role: who its owners are, and what exactly they sign.

Only release 1.4.1 is known, by the hashes of its published code: a proxy, the singleton behind it,
and MultiSendCallOnly, which the Safe runs in its own name and which therefore has to be the very
one. Every hash is worked out here by EIP-712 and compared with the Safe's own answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scripts._amanat.errors import InputRefused, WrongChain
from scripts._amanat.network import Chain
from scripts._amanat.onchain import NOBODY, Contract, ask
from scripts._amanat.record import code_hash

VERSION = "1.4.1"
PROXY = "0xd7d408ebcd99b2b70be43e20253d6d92a8ea8fab29bd3be7f55b10032331fb4c"
SINGLETONS = (
    "0x1fe2df852ba3299d6534ef416eefa406e56ced995bca886ab7a553e6d0c5e1c4",  # Safe
    "0xb1f926978a0f44a2c0ec8fe822418ae969bd8c3f18d61e5103100339894f81ff",  # SafeL2
)
MULTI_SEND = "0xecd5bd14a08c5d2122379900b2f272bdf107a7e92423c10dd5fe3254386c9939"
"""Hashes of release 1.4.1's runtime code, as its package and `safe-deployments` give them."""

CALL, IN_ITS_OWN_NAME = 0, 1
EXECUTE = (
    "execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)"
)

_FIRST = "0x" + "00" * 19 + "01"  # before the first module of the list
_MODULES_READ = 50
_FIELDS = (
    "address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,"
    "uint256 gasPrice,address gasToken,address refundReceiver,uint256 nonce"
)
_TYPES = {
    "EIP712Domain": [
        {"name": "chainId", "type": "uint256"},
        {"name": "verifyingContract", "type": "address"},
    ],
    "SafeTx": [
        dict(zip(("type", "name"), field.split(), strict=True)) for field in _FIELDS.split(",")
    ],
}


@dataclass(frozen=True)
class Operation:
    """One transaction of a Safe. It refunds no gas: whoever sends it pays."""

    to: str
    value: int  # wei
    data: bytes
    kind: int  # CALL or IN_ITS_OWN_NAME
    nonce: int

    @property
    def row(self) -> tuple[Any, ...]:
        """The arguments that all of the Safe's functions about it begin with."""
        return (self.to, self.value, self.data, self.kind, 0, 0, 0, NOBODY, NOBODY)

    def document(self, chain_id: int, safe: str) -> dict[str, Any]:
        """What the owners sign, as EIP-712 writes it."""
        names = (field["name"] for field in _TYPES["SafeTx"])
        return {
            "types": _TYPES,
            "primaryType": "SafeTx",
            "domain": {"chainId": chain_id, "verifyingContract": safe},
            "message": dict(zip(names, (*self.row, self.nonce), strict=True)),
        }


@dataclass(frozen=True)
class Hashes:
    """What a signing device shows: the domain, the message, and the two as one."""

    domain: str
    message: str
    transaction: str


@dataclass(frozen=True)
class Safe:
    """One Safe, as it was read from the chain."""

    contract: Contract
    threshold: int
    owners: tuple[str, ...]
    nonce: int
    modules: tuple[str, ...]
    """What acts for it without its owners; none, where two people are to be needed."""

    @property
    def address(self) -> str:
        return self.contract.address

    def hashes(self, operation: Operation) -> Hashes:
        """Of one operation; WrongChain where the Safe itself answers with another."""
        from eth_account.messages import encode_typed_data
        from eth_utils.crypto import keccak

        chain = self.contract.chain
        signable = encode_typed_data(full_message=operation.document(chain.chain_id, self.address))
        transaction = keccak(b"\x19\x01" + signable.header + signable.body)
        own = ask(
            chain,
            [
                self.contract.query("domainSeparator"),
                self.contract.query("getTransactionHash", *operation.row, operation.nonce),
            ],
        )
        if own != [signable.header, transaction]:
            raise WrongChain(f"the Safe {self.address} gives another hash than EIP-712")
        return Hashes(
            *("0x" + each.hex() for each in (signable.header, signable.body, transaction))
        )

    def has_executed(self, operation: Operation, hashes: Hashes, since: int) -> bool:
        """Whether it has carried out the operation of these hashes, in block `since` or later."""
        if self.nonce <= operation.nonce:
            return False
        events = self.contract.events("ExecutionSuccess", since)
        return any("0x" + each.arguments["txHash"].hex() == hashes.transaction for each in events)


def read_safe(chain: Chain, address: str) -> Safe:
    """The Safe at an address; InputRefused where there is none of release 1.4.1."""
    if code_hash(chain.code(address)) != PROXY or not _has_known_singleton(chain, address):
        raise InputRefused(
            f"{address} is no Safe {VERSION}: its code is not the published one",
            what_to_do="Name the Safe that holds the role, or the key that signs for it.",
        )
    contract = Contract(chain, "ISafe", address)
    threshold, owners, nonce, (modules, _) = ask(
        chain,
        [
            contract.query("getThreshold"),
            contract.query("getOwners"),
            contract.query("nonce"),
            contract.query("getModulesPaginated", _FIRST, _MODULES_READ),
        ],
    )
    return Safe(contract, threshold, tuple(owners), nonce, tuple(modules))


def require_multi_send(chain: Chain, address: str) -> None:
    """InputRefused where an address does not hold MultiSendCallOnly, byte for byte."""
    if code_hash(chain.code(address)) != MULTI_SEND:
        raise InputRefused(
            f"{address} is not MultiSendCallOnly {VERSION}: its code is not the published one",
            what_to_do="Name the right one as `multi_send` under `safe` in the programme file.",
        )


def packed(calls: Sequence[tuple[str, int, bytes]]) -> bytes:
    """Target, value in wei and data of each call, as MultiSendCallOnly takes them."""
    return b"".join(
        bytes([CALL])
        + bytes.fromhex(target[2:])
        + value.to_bytes(32, "big")
        + len(data).to_bytes(32, "big")
        + data
        for target, value, data in calls
    )


def _has_known_singleton(chain: Chain, address: str) -> bool:
    """A proxy keeps the address of the code that it runs in its first slot."""
    slot = chain.request("eth_getStorageAt", address, "0x0", "latest")
    return code_hash(chain.code("0x" + slot[-40:])) in SINGLETONS
