"""EIP-2612 permits, as a wallet signs them."""

from __future__ import annotations

from typing import Any, Final

from tests.evm import CHAIN_ID, Actor, Contract

DEADLINE: Final = 2**40
_FIELDS: Final = {
    "owner": "address",
    "spender": "address",
    "value": "uint256",
    "nonce": "uint256",
    "deadline": "uint256",
}


def permit_of(token: Contract, owner: Actor, spender: Any, value: int) -> tuple[Any, ...]:
    """Deadline and signature, v, r, s, over exactly this value and the owner's next nonce."""
    domain = {
        "name": token.name(),
        "version": "1",
        "chainId": CHAIN_ID,
        "verifyingContract": token.address,
    }
    address = str(getattr(spender, "address", spender))
    values = (str(owner), address, value, token.nonces(owner), DEADLINE)
    types = {"Permit": [{"name": name, "type": kind} for name, kind in _FIELDS.items()]}
    signature = owner.sign_typed(domain, types, dict(zip(_FIELDS, values, strict=True)))
    return (DEADLINE, signature[64], signature[:32], signature[32:64])
