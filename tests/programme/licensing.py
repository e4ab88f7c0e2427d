"""Venues of a whole programme: investors whom the licensing desk moves from stage to stage."""

from __future__ import annotations

from typing import Any, Final

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from tests.evm import Actor, Contract
from tests.world import INSTITUTION, REFERENCE, RETAIL, Role, World

NONE, NOC, AML, INCORPORATED, LICENSED, SUSPENDED, REVOKED = range(7)
STAGES: Final = range(7)
CUSTODY, EXCHANGE, BROKERAGE, ISSUANCE = 1, 2, 4, 8
SERVES: Final = 1 << RETAIL | 1 << INSTITUTION
YEAR: Final = 365 * 86_400
ANY: Final = 2**64 - 1
PART: Final = "(uint256,address,address,address,uint256)"


class Licensing:
    """The licensing desk, and what stands behind it."""

    def __init__(self, world: World) -> None:
        self.world, self.registry = world, world.licences
        self.venue: Actor = world.investor("binance", klass=INSTITUTION)

    def decide(self, stage: int, venue: Actor | None = None, **terms: Any) -> None:
        """The next decision of the licensing desk, by terms good for a year unless told."""
        venue = venue or self.venue
        number = terms.pop("number", None)
        number = self.registry.decisions(venue) if number is None else number
        plain = {
            "services": CUSTODY,
            "serves": SERVES,
            "validUntil": self.world.evm.time + YEAR,
            "conditions": REFERENCE,
        }
        assert set(terms) <= set(plain), terms
        self.registry.decide(venue, number, stage, plain | terms, sender=self.world[Role.LICENSOR])

    def suspend(self, venue: Actor | None = None) -> None:
        regulator = self.world[Role.REGULATOR]
        self.registry.suspend(venue or self.venue, REFERENCE, sender=regulator)

    def revoke(self, venue: Actor | None = None) -> None:
        regulator = self.world[Role.REGULATOR]
        self.registry.revoke(venue or self.venue, REFERENCE, sender=regulator)

    def bring(self, stage: int, venue: Actor | None = None, **terms: Any) -> None:
        """From nothing to a stage, by the steps that lead there; a suspension is of a licence."""
        last = LICENSED if stage >= SUSPENDED else stage
        for each in range(NOC, last + 1):
            self.decide(each, venue, **terms)
        if stage == SUSPENDED:
            self.suspend(venue)
        if stage == REVOKED:
            self.revoke(venue)

    def permit(self, token: Contract, hold: int = ANY, trade: int = ANY, travel: int = ANY) -> None:
        """Let venues of every stage do the same with a token."""
        rows = [(hold, trade, travel, 0)] * 4
        officer = self.world[Role.COMPLIANCE_OFFICER]
        self.world.venue_rules.setRules(token, True, rows, sender=officer)


def leaf_of(part: dict[str, Any]) -> bytes:
    """As `CustomerReturns.leafOf`."""
    return keccak(keccak(encode([PART], [tuple(part.values())])))


def root_of(leaves: list[bytes]) -> bytes:
    """Of a tree whose pairs are hashed in order of their values; an odd one goes up alone."""
    while len(leaves) > 1:
        leaves = [join(leaves[i : i + 2]) for i in range(0, len(leaves), 2)]
    return leaves[0]


def proof_of(leaves: list[bytes], index: int) -> list[bytes]:
    """The hashes that lead from a leaf to the root."""
    proof = []
    while len(leaves) > 1:
        beside = index ^ 1
        if beside < len(leaves):
            proof.append(leaves[beside])
        leaves = [join(leaves[i : i + 2]) for i in range(0, len(leaves), 2)]
        index //= 2
    return proof


def join(pair: list[bytes]) -> bytes:
    return keccak(b"".join(sorted(pair))) if len(pair) == 2 else pair[0]
