"""From what a revenue account received to what its holders share, to the paisa.

    split = waterfall(Figures(gross=…, operating_costs=…, taxes_and_royalties=…, reserve=…), rule)
    pool, left = netted(split.share, carried)

`contracts/assets/Waterfall.sol` computes the same on-chain and the tests hold the two together.
Amounts are paisa, whole and never negative; only what is carried has a sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

WHOLE: Final = 10_000
"""A share of 1 (the whole): shares are ten-thousandths."""


class Tier(IntEnum):
    """What is taken before anything is shared, as in `Waterfall.sol`."""

    OPERATING_COSTS = 0
    TAXES_AND_ROYALTIES = 1
    RESERVE = 2


@dataclass(frozen=True)
class Figures:
    """The audited figures of one period."""

    gross: int
    operating_costs: int
    taxes_and_royalties: int
    reserve: int

    def claim(self, tier: Tier) -> int:
        """What a tier asks for."""
        return (self.operating_costs, self.taxes_and_royalties, self.reserve)[tier]


@dataclass(frozen=True)
class Rule:
    """Who comes when, and what the holders' part of the rest is; a cap of 0 is none."""

    order: tuple[Tier, ...] = tuple(Tier)
    share: int = WHOLE
    floor: int = 0
    cap: int = 0

    def __post_init__(self) -> None:
        if sorted(self.order) != list(Tier):
            raise ValueError(f"an order has each tier once: {self.order}")
        if not 0 < self.share <= WHOLE:
            raise ValueError(f"a share is more than nothing and at most {WHOLE}: {self.share}")
        if self.cap and self.floor > self.cap:
            raise ValueError(f"the floor {self.floor} is above the cap {self.cap}")


@dataclass(frozen=True)
class Split:
    """Where the gross went; all but `net` add up to it."""

    operating_costs: int
    taxes_and_royalties: int
    reserve: int
    net: int
    share: int
    rest: int


def waterfall(figures: Figures, rule: Rule) -> Split:
    """Serve each tier in its order with what is left, and divide the net.

    The share is floored to the paisa, then capped, then raised to the floor, never beyond the net.
    """
    left, served = figures.gross, {}
    for tier in rule.order:
        served[tier] = min(figures.claim(tier), left)
        left -= served[tier]
    share = left * rule.share // WHOLE
    if rule.cap:
        share = min(share, rule.cap)
    share = min(max(share, rule.floor), left)
    return Split(
        served[Tier.OPERATING_COSTS],
        served[Tier.TAXES_AND_ROYALTIES],
        served[Tier.RESERVE],
        net=left,
        share=share,
        rest=left - share,
    )


def netted(share: int, carried: int) -> tuple[int, int]:
    """What is paid of a share and what was carried to it, and what stays to be carried.

    What was paid too much comes off what is paid next; nothing is ever claimed back.
    """
    total = share + carried
    return max(total, 0), min(total, 0)
