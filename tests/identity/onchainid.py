"""ONCHAINID 2.2.1 from its published bytecode, and contracts that behave badly."""

from __future__ import annotations

from functools import cache
from typing import Final

from eth_abi.abi import encode
from eth_account.messages import encode_defunct
from eth_utils.crypto import keccak

from scripts._amanat.artifacts import Artifact
from scripts._amanat.build import ROOT
from tests.evm import Actor, Contract, Evm

ORDER: Final = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
CLAIM_SIGNER: Final = 3
ECDSA: Final = 1

REVERTS: Final = bytes.fromhex("5f5ffd")
BURNS_ALL_GAS: Final = bytes.fromhex("5b5f56")
ANSWERS_NOTHING: Final = bytes.fromhex("00")
ANSWERS_ONES: Final = bytes.fromhex("5f195f525f1960205260c05ff3")
"""Two words of ones and four of zeros: offsets and a topic that mean nothing."""
ANSWERS_A_MEGABYTE: Final = bytes.fromhex("62100000" + "5ff3")
FAR_OFFSETS: Final = bytes.fromhex("5f19606052" + "5f19608052" + "60c05ff3")
"""Signature and data at offset 2^256 - 1."""


@cache
def published(name: str) -> Artifact:
    """An artifact of the package."""
    folder = ROOT / "node_modules/@onchain-id/solidity/artifacts/contracts"
    return Artifact.read(folder / f"{name}.sol" / f"{name}.json")


def identity(evm: Evm, owner: Actor) -> Contract:
    """An identity that ``owner`` manages."""
    return evm.deploy(published("Identity"), owner, False, sender=owner)


def claim_issuer(evm: Evm, owner: Actor) -> Contract:
    """A claim issuer whose claims ``owner`` signs."""
    issuer = evm.deploy(published("ClaimIssuer"), owner, sender=owner)
    key = keccak(encode(["address"], [str(owner)]))
    issuer.addKey(key, CLAIM_SIGNER, ECDSA, sender=owner)
    return issuer


def sign_claim(signer: Actor, subject: Contract, topic: int, data: bytes) -> bytes:
    """The signature of a claim, as ONCHAINID wants it."""
    digest = keccak(encode(["address", "uint256", "bytes"], [subject.address, topic, data]))
    signed = signer.account.sign_message(encode_defunct(digest))
    return bytes(signed.signature)


def add_claim(
    subject: Contract, issuer: Contract, signer: Actor, owner: Actor, topic: int, data: bytes
) -> bytes:
    """Put a claim on an identity; its id."""
    signature = sign_claim(signer, subject, topic, data)
    subject.addClaim(topic, ECDSA, issuer, signature, data, "", sender=owner)
    return claim_id(issuer, topic)


def claim_id(issuer: Contract, topic: int) -> bytes:
    """keccak256(abi.encode(issuer, topic))."""
    return keccak(encode(["address", "uint256"], [issuer.address, topic]))


def expiring(at: int) -> bytes:
    """Claim data whose first word is an expiry."""
    return at.to_bytes(32, "big")
