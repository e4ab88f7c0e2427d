"""Attestation batches: what a claim issuer signs, and what is presented to the registry.

    batch = Batch(issuer, topics=(1,), issued_at=now, leaves=(Attestation(wallet, 586, 1, until),))
    batch.typed_data(chain_id, registry)      # for the issuer's wallet, EIP-712
    registry.attest(batch.header, batch.rows, signature)

Everything here is pure. The tree is OpenZeppelin's ``StandardMerkleTree`` over
``(uint256, address)`` with the leaves in the order given, so that its proofs verify with
``MerkleProof``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from eth_account.messages import encode_typed_data
from eth_utils.address import is_checksum_address, to_checksum_address
from eth_utils.crypto import keccak

ZERO_ADDRESS: Final = "0x" + "00" * 20
SECONDS_AN_HOUR: Final = 3_600

DOMAIN_NAME: Final = "Amanat Identity Registry"
DOMAIN_VERSION: Final = "1"
TYPES: Final[dict[str, list[dict[str, str]]]] = {
    "AttestationBatch": [
        {"name": "issuer", "type": "address"},
        {"name": "root", "type": "bytes32"},
        {"name": "size", "type": "uint256"},
        {"name": "topics", "type": "uint256[]"},
        {"name": "issuedAt", "type": "uint256"},
    ]
}

Header = tuple[str, bytes, int, tuple[int, ...], int]
Row = tuple[int, str]


class AttestationError(ValueError):
    """An attestation that the registry would pass over; the message names the field."""


@dataclass(frozen=True, slots=True)
class Attestation:
    """One wallet of a batch.

    ``country`` is ISO 3166-1 numeric (1..999), ``investor_class`` 1..63, ``until_hour`` the Unix
    time in hours at which the attestation ends. ``investor`` is any wallet of the investor that
    this one belongs to; None where the wallet itself is the investor, or for a renewal that
    leaves it with whom it is. Raises AttestationError.
    """

    wallet: str
    country: int
    investor_class: int
    until_hour: int
    investor: str | None = None

    def __post_init__(self) -> None:
        for name in ("wallet", "investor"):
            address = getattr(self, name)
            if address is None and name == "investor":
                continue
            if not is_checksum_address(address) or address == ZERO_ADDRESS:
                raise AttestationError(f"{name}: {address!r} is no checksummed address")
        for name, most in (("country", 999), ("investor_class", 63), ("until_hour", 2**24 - 1)):
            if not 1 <= getattr(self, name) <= most:
                raise AttestationError(f"{name}: {getattr(self, name)} is not in 1..{most}")

    @property
    def packed(self) -> int:
        """The leaf's first word: wallet 160 bits, country 10, class 6, hour 24."""
        return (
            int(self.wallet, 16)
            | self.country << 160
            | self.investor_class << 170
            | self.until_hour << 176
        )

    @property
    def row(self) -> Row:
        """The leaf as the registry takes it."""
        return self.packed, self.investor or ZERO_ADDRESS


@dataclass(frozen=True)
class Batch:
    """Attestations that one signature of ``issuer`` covers, given at ``issued_at`` (Unix time)."""

    issuer: str
    topics: tuple[int, ...]
    issued_at: int
    leaves: tuple[Attestation, ...]

    def __post_init__(self) -> None:
        if not self.leaves:
            raise AttestationError("leaves: a batch has one at least")
        wallets = [leaf.wallet for leaf in self.leaves]
        if len(set(wallets)) != len(wallets):
            twice = next(each for each in wallets if wallets.count(each) > 1)
            raise AttestationError(f"leaves: {twice} stands twice; only the first would count")

    @cached_property
    def root(self) -> bytes:
        """The Merkle root."""
        return merkle_tree([leaf_hash(row) for row in self.rows])[0]

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The leaves as the registry takes them."""
        return tuple(leaf.row for leaf in self.leaves)

    @property
    def header(self) -> Header:
        """The header as the registry takes it."""
        return self.issuer, self.root, len(self.leaves), self.topics, self.issued_at

    @property
    def message(self) -> dict[str, Any]:
        """The header as EIP-712 wants it."""
        names = (field["name"] for field in TYPES["AttestationBatch"])
        return dict(zip(names, (*self.header[:3], list(self.topics), self.issued_at), strict=True))

    def typed_data(self, chain_id: int, registry: str) -> dict[str, Any]:
        """The whole EIP-712 message, ready for a wallet."""
        return {
            "domain": domain(chain_id, registry),
            "types": TYPES,
            "primaryType": "AttestationBatch",
            "message": self.message,
        }

    def digest(self, chain_id: int, registry: str) -> bytes:
        """What is signed, and what the registry's ``batchOf`` knows the batch by."""
        signable = encode_typed_data(domain(chain_id, registry), TYPES, self.message)
        return keccak(b"\x19" + signable.version + signable.header + signable.body)


def domain(chain_id: int, registry: str) -> dict[str, Any]:
    """The registry's EIP-712 domain: a signature holds on one chain for one registry."""
    return {
        "name": DOMAIN_NAME,
        "version": DOMAIN_VERSION,
        "chainId": chain_id,
        "verifyingContract": to_checksum_address(registry),
    }


def leaf_hash(row: Row) -> bytes:
    """keccak256(keccak256(abi.encode(uint256, address))): no leaf can pass for an inner node."""
    packed, investor = row
    return keccak(keccak(packed.to_bytes(32, "big") + bytes(12) + bytes.fromhex(investor[2:])))


def merkle_tree(leaves: Sequence[bytes]) -> list[bytes]:
    """All nodes of the tree, the root first: node i has the children 2i+1 and 2i+2.

    The leaves are the last nodes, in reverse. Pairs are hashed in ascending order.
    """
    tree = [b""] * (len(leaves) - 1) + list(reversed(leaves))
    for node in reversed(range(len(leaves) - 1)):
        tree[node] = keccak(b"".join(sorted(tree[2 * node + 1 : 2 * node + 3])))
    return tree


def merkle_proof(tree: Sequence[bytes], leaf: int) -> list[bytes]:
    """The siblings from leaf number ``leaf`` up to the root, as ``MerkleProof.verify`` wants."""
    node = len(tree) - 1 - leaf
    proof = []
    while node:
        proof.append(tree[node + 1 if node % 2 else node - 1])
        node = (node - 1) // 2
    return proof
