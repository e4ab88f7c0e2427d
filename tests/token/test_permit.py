"""Permits (ERC-2612) and the domain they are signed under (ERC-5267)."""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from tests.evm import CHAIN_ID, Actor, Contract, reverts
from tests.world import NOBODY, World

PERMIT = {
    "Permit": [
        {"name": "owner", "type": "address"},
        {"name": "spender", "type": "address"},
        {"name": "value", "type": "uint256"},
        {"name": "nonce", "type": "uint256"},
        {"name": "deadline", "type": "uint256"},
    ]
}
HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def domain(token: Contract, **other: Any) -> dict[str, Any]:
    """The domain as a wallet builds it from `eip712Domain`."""
    told = token.eip712Domain()
    return {
        "name": told.name,
        "version": told.version_,
        "chainId": told.chainId,
        "verifyingContract": told.verifyingContract,
    } | other


def signed(
    token: Contract, owner: Actor, spender: str, value: int, deadline: int, **other: Any
) -> tuple[int, bytes, bytes]:
    """v, r and s of the owner's permit."""
    message = {
        "owner": str(owner),
        "spender": str(spender),
        "value": value,
        "nonce": token.nonces(owner),
        "deadline": deadline,
    }
    signer = other.pop("signer", owner)
    signature = signer.sign_typed(domain(token, **other), PERMIT, message)
    return signature[64], signature[:32], signature[32:64]


@pytest.fixture
def deadline(world: World) -> int:
    return world.evm.time + 600


def test_the_domain_told_is_the_domain_signed_under(bill: Contract) -> None:
    told = bill.eip712Domain()
    assert told.fields == b"\x0f"
    assert (told.version_, told.chainId, told.verifyingContract) == (
        "1",
        CHAIN_ID,
        bill.address,
    )
    assert (told.salt, told.extensions) == (bytes(32), [])
    assert told.name == bill.name() == "Market Treasury Bill 26-Dec-2025"
    kind = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    separator = keccak(
        encode(
            ["bytes32", "bytes32", "bytes32", "uint256", "address"],
            [
                keccak(text=kind),
                keccak(text=told.name),
                keccak(text="1"),
                CHAIN_ID,
                bill.address,
            ],
        )
    )
    assert bill.DOMAIN_SEPARATOR() == separator


def test_a_permit_approves_and_tells_so(
    world: World, bill: Contract, alice: Actor, bob: Actor, stranger: Actor, deadline: int
) -> None:
    v, r, s = signed(bill, alice, bob, 70, deadline)
    bill.permit(alice, bob, 70, deadline, v, r, s, sender=stranger)
    assert world.evm.receipt.events("Approval") == [{"owner": alice, "spender": bob, "value": 70}]
    assert bill.allowance(alice, bob) == 70
    assert bill.nonces(alice) == 1
    bill.transferFrom(alice, bob, 70, sender=bob)
    assert bill.balanceOf(bob) == 70


def test_a_permit_serves_in_the_second_of_its_deadline_and_not_after(
    world: World, bill: Contract, alice: Actor, bob: Actor, deadline: int
) -> None:
    v, r, s = signed(bill, alice, bob, 70, deadline)
    world.evm.time = deadline
    with world.evm.snapshot():
        bill.permit(alice, bob, 70, deadline, v, r, s, sender=bob)
    world.evm.advance(seconds=1)
    with reverts("ERC2612ExpiredSignature", deadline):
        bill.permit(alice, bob, 70, deadline, v, r, s, sender=bob)


def test_a_permit_is_used_once(bill: Contract, alice: Actor, bob: Actor, deadline: int) -> None:
    v, r, s = signed(bill, alice, bob, 70, deadline)
    bill.permit(alice, bob, 70, deadline, v, r, s, sender=bob)
    with reverts("ERC2612InvalidSigner", owner=alice):
        bill.permit(alice, bob, 70, deadline, v, r, s, sender=bob)
    assert bill.nonces(alice) == 1


def test_a_permit_of_another_signer_is_refused(
    bill: Contract, alice: Actor, bob: Actor, deadline: int
) -> None:
    v, r, s = signed(bill, alice, bob, 70, deadline, signer=bob)
    with reverts("ERC2612InvalidSigner", bob, alice):
        bill.permit(alice, bob, 70, deadline, v, r, s, sender=bob)
    assert (bill.allowance(alice, bob), bill.nonces(alice)) == (0, 0)


@pytest.mark.parametrize(
    "foreign",
    [{"chainId": 1}, {"verifyingContract": NOBODY}, {"name": "Another"}, {"version": "2"}],
    ids=lambda foreign: next(iter(foreign)),
)
def test_a_permit_of_another_domain_is_refused(
    bill: Contract, alice: Actor, bob: Actor, deadline: int, foreign: dict[str, Any]
) -> None:
    v, r, s = signed(bill, alice, bob, 70, deadline, **foreign)
    with reverts("ERC2612InvalidSigner", owner=alice):
        bill.permit(alice, bob, 70, deadline, v, r, s, sender=bob)


@pytest.mark.parametrize("part", ["spender", "value", "deadline"])
def test_a_permit_says_nothing_else_than_was_signed(
    bill: Contract, alice: Actor, bob: Actor, stranger: Actor, deadline: int, part: str
) -> None:
    v, r, s = signed(bill, alice, bob, 70, deadline)
    given = {"spender": bob, "value": 70, "deadline": deadline}
    given |= {"spender": {"spender": stranger}, "value": {"value": 71}}.get(
        part, {"deadline": deadline + 1}
    )
    with reverts("ERC2612InvalidSigner", owner=alice):
        bill.permit(alice, *given.values(), v, r, s, sender=bob)


def test_the_high_twin_of_a_signature_is_no_signature(
    bill: Contract, alice: Actor, bob: Actor, deadline: int
) -> None:
    """Pitfall 2: nothing hangs on the encoding of a signature."""
    v, r, s = signed(bill, alice, bob, 70, deadline)
    twin = (ORDER - int.from_bytes(s, "big")).to_bytes(32, "big")
    assert int.from_bytes(twin, "big") > HALF_ORDER
    with reverts("ECDSAInvalidSignatureS", twin):
        bill.permit(alice, bob, 70, deadline, 55 - v, r, twin, sender=bob)
    with reverts("ECDSAInvalidSignature"):
        bill.permit(NOBODY, bob, 70, deadline, 0, r, s, sender=bob)


def test_who_runs_ahead_with_a_permit_breaks_no_flow(
    bill: Contract, alice: Actor, bob: Actor, stranger: Actor, deadline: int
) -> None:
    """Pitfall 49: the second `permit` reverts, the allowance it asked for stands."""
    v, r, s = signed(bill, alice, bob, 70, deadline)
    bill.permit(alice, bob, 70, deadline, v, r, s, sender=stranger)
    with reverts("ERC2612InvalidSigner", owner=alice):
        bill.permit(alice, bob, 70, deadline, v, r, s, sender=bob)
    bill.transferFrom(alice, bob, 70, sender=bob)
    assert bill.balanceOf(bob) == 70


def test_a_permit_of_one_series_is_no_permit_of_another(
    world: World, bill: Contract, alice: Actor, bob: Actor, deadline: int
) -> None:
    other = world.bill()
    v, r, s = signed(bill, alice, bob, 70, deadline)
    with reverts("ERC2612InvalidSigner", owner=alice):
        other.permit(alice, bob, 70, deadline, v, r, s, sender=bob)


def test_a_frozen_owners_permit_can_be_told_but_not_spent(
    world: World, bill: Contract, alice: Actor, bob: Actor, deadline: int
) -> None:
    """Pitfall 49."""
    v, r, s = signed(bill, alice, bob, 70, deadline)
    world.freeze(bill, alice)
    bill.permit(alice, bob, 70, deadline, v, r, s, sender=bob)
    with reverts("ERC7943CannotSend", alice):
        bill.transferFrom(alice, bob, 70, sender=bob)


def test_a_lost_owners_permit_is_dead(
    world: World, bill: Contract, alice: Actor, bob: Actor, stranger: Actor, deadline: int
) -> None:
    """Pitfalls 12, 44 and 49: before the recovery is completed, and for good after it."""
    deadline += 10 * 86_400
    v, r, s = signed(bill, alice, bob, 70, deadline)
    world.lose(alice, stranger)
    bill.permit(alice, bob, 70, deadline, v, r, s, sender=bob)
    with reverts("ERC7943CannotSend", alice):
        bill.transferFrom(alice, bob, 70, sender=bob)
    world.evm.time = world.registry.recoveryOf(alice).readyAt
    world.registry.completeRecovery(alice, [bill], sender=bob)
    with reverts("ERC7943CannotSend", alice):
        bill.transferFrom(alice, bob, 70, sender=bob)
    assert bill.allowance(stranger, bob) == 0
