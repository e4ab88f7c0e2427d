"""What two institutions agree on: the board proposes, after its delay, and the regulator confirms.

The confirming call names everything that was proposed once more; the contract compares hashes. One
command serves both: run where the board's key is, it proposes; run where the regulator's is, it
confirms what stands. What was proposed stands for seven days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scripts._amanat.delayed import Prepared, prepare
from scripts._amanat.errors import InputRefused
from scripts._amanat.plan import Step

if TYPE_CHECKING:
    from scripts._amanat.command import Desk
    from scripts._amanat.onchain import Contract

BOARD, REGULATOR = "board", "regulator"


@dataclass(frozen=True)
class Agreement:
    """One matter, as both sides call it; `content` is the hash that the contract compares."""

    subject: bytes
    content: bytes
    proposing: Step
    confirming: Step

    def stands(self, desk: Desk, contract: Contract) -> bool:
        """Whether it is what can be confirmed now."""
        return stands(desk, contract, self.subject, self.content)

    def prepared(self, desk: Desk, contract: Contract, *, command: str) -> Prepared:
        """The proposal, once it may be made, and the confirmation after it; the latter alone where
        it stands already."""
        if self.stands(desk, contract):
            return Prepared((self.confirming,))
        proposed = prepare(desk, self.proposing, command=command)
        return proposed if proposed.pending else proposed + Prepared((self.confirming,))

    def confirmed(self, desk: Desk, contract: Contract) -> Prepared:
        """The confirmation alone; InputRefused where anything else, or nothing, was proposed."""
        if not self.stands(desk, contract):
            raise InputRefused(
                f"{self.confirming.title}: this is not what was proposed",
                what_to_do="Compare it with the proposal; the board proposes it anew if it lapsed.",
            )
        return Prepared((self.confirming,))


def stands(desk: Desk, contract: Contract, subject: bytes, content: bytes) -> bool:
    """Whether this is what was proposed last on a subject, and can still be confirmed."""
    found = contract.read("proposalOn", subject)
    return bool(found.content == content and desk.chain.now() <= found.until)


def content_of(types: list[str], values: list[Any]) -> bytes:
    """keccak-256 of `abi.encode`, as the contracts hash a proposal."""
    from eth_abi.abi import encode
    from eth_utils.crypto import keccak

    return bytes(keccak(encode(types, values)))
