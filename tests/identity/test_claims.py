"""The Python that builds batches, against the contract and against OpenZeppelin's tree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts._amanat.claims import (
    ZERO_ADDRESS,
    Attestation,
    AttestationError,
    Batch,
    leaf_hash,
    merkle_proof,
    merkle_tree,
)
from tests.evm import CHAIN_ID, Actor
from tests.identity.registry import KYC, Town

WALLET = str(Actor("wallet"))


def test_the_digest_is_the_contracts(town: Town) -> None:
    batch = town.batch(town.leaf(town.wallet(1)), topics=(KYC, 5, 2**255))
    assert batch.digest(CHAIN_ID, town.registry.address) == town.registry.batchDigest(batch.header)
    fields = town.registry.eip712Domain()
    assert (fields[1], fields[2]) == ("Amanat Identity Registry", "1")


def test_the_tree_of_openzeppelins_example_is_rebuilt() -> None:
    """The first example of @openzeppelin/merkle-tree's README: two rows of (address, uint256)."""
    rows = [
        (0x1111111111111111111111111111111111111111, 5 * 10**18),
        (0x2222222222222222222222222222222222222222, 25 * 10**17),
    ]
    hashes = sorted(_double_hash(address, amount) for address, amount in rows)
    root = "d4dee0beab2d53f2cc83e567171bd2820e49898130a22622b10ead383e90bd77"
    assert merkle_tree(hashes)[0].hex() == root


def _double_hash(first: int, second: int) -> bytes:
    from eth_utils.crypto import keccak

    return keccak(keccak(first.to_bytes(32, "big") + second.to_bytes(32, "big")))


@given(st.integers(1, 40), st.data())
def test_every_proof_leads_to_the_root(size: int, data: st.DataObject) -> None:
    from eth_utils.crypto import keccak

    leaves = [leaf_hash((number, ZERO_ADDRESS)) for number in range(size)]
    tree = merkle_tree(leaves)
    leaf = data.draw(st.integers(0, size - 1))
    node = leaves[leaf]
    for sibling in merkle_proof(tree, leaf):
        node = keccak(min(node, sibling) + max(node, sibling))
    assert node == tree[0]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("wallet", WALLET.lower()),
        ("wallet", ZERO_ADDRESS),
        ("investor", "0x12"),
        ("country", 0),
        ("country", 1000),
        ("investor_class", 64),
        ("until_hour", 2**24),
        ("until_hour", 0),
    ],
)
def test_what_the_registry_would_pass_over_is_refused_before_it_is_signed(
    field: str, value: object
) -> None:
    good = {"wallet": WALLET, "country": 586, "investor_class": 1, "until_hour": 490_000}
    with pytest.raises(AttestationError, match=field):
        Attestation(**{**good, field: value})  # type: ignore[arg-type]


def test_a_batch_holds_each_wallet_once_and_one_at_least() -> None:
    leaf = Attestation(WALLET, 586, 1, 490_000)
    with pytest.raises(AttestationError, match="twice"):
        Batch(WALLET, (KYC,), 1, (leaf, leaf))
    with pytest.raises(AttestationError, match="one at least"):
        Batch(WALLET, (KYC,), 1, ())
