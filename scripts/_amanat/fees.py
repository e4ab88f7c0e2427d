"""What a transaction pays for its gas (EIP-1559), in wei per gas."""

from __future__ import annotations

from dataclasses import dataclass

from scripts._amanat.errors import NodeTrouble
from scripts._amanat.network import Chain, RpcError

GWEI = 10**9
USUAL_TIP = GWEI  # where the node has no opinion
CEILING = 500 * GWEI


@dataclass(frozen=True)
class Fees:
    """The most that is paid in all, and the part of it that goes to the block's maker."""

    max_fee: int
    tip: int

    def raised(self, quote: Fees) -> Fees:
        """Enough to replace a transaction that paid this: a tenth more, rounded up, which is what
        geth asks for (Anvil is content with a twentieth), or today's quote where that is more."""
        return Fees(
            max(quote.max_fee, -(-self.max_fee * 11 // 10)),
            max(quote.tip, -(-self.tip * 11 // 10)),
        )


def quote(chain: Chain, ceiling: int = CEILING) -> Fees:
    """Fees for the next blocks: the base fee may double before the transaction is stuck.

    Raises NodeTrouble where that is more than `ceiling`.
    """
    base = int(chain.request("eth_getBlockByNumber", "latest", False)["baseFeePerGas"], 16)
    try:
        tip = int(chain.request("eth_maxPriorityFeePerGas"), 16)
    except RpcError:
        tip = USUAL_TIP
    fees = Fees(2 * base + tip, tip)
    if fees.max_fee > ceiling:
        raise NodeTrouble(
            f"gas costs up to {fees.max_fee / GWEI:.1f} gwei, the ceiling is {ceiling / GWEI:.1f}",
            what_to_do="Wait for a calmer hour, or raise AMANAT_MAX_FEE_GWEI.",
        )
    return fees
