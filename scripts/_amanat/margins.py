"""What bidders keep with the auctions, free of any bid, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence

from scripts._amanat.auction_house import HOUSE
from scripts._amanat.command import Desk, Work
from scripts._amanat.onchain import Programme
from scripts._amanat.plan import Call, Plan, Ref, Step, digest
from scripts._amanat.pricing import Paisa, rupees
from scripts._amanat.proof import Check

OPERATION = "withdraw_margin"


def withdraw_margin(wallet: str) -> Work:
    """Pay out the wallet's free margin; where there is none, it plans nothing."""

    def plan(desk: Desk) -> Plan:
        margin, decimals = _margin(desk, wallet)
        if not margin:
            return Plan(OPERATION, digest(wallet), notes=(f"{wallet} keeps no margin",))
        cash = Programme(desk.chain, desk.record).cash.address
        call = Call(Ref(HOUSE), HOUSE, "withdrawMargin(address,address)", (cash, wallet))
        title = f"withdraw Rs {rupees(Paisa(margin // 10 ** (decimals - 2)))}"
        key = f"withdrawal {_withdrawals(desk, wallet)}"  # the same sum may be there again
        return Plan(OPERATION, digest(wallet), (Step(title, wallet, call, "all of it", key=key),))

    def verify(desk: Desk) -> Sequence[Check]:
        return [Check("margin, smallest units of cash", 0, _margin(desk, wallet)[0])]

    return Work(OPERATION, digest(wallet), plan, verify)


def _withdrawals(desk: Desk, wallet: str) -> int:
    """How often the wallet's margin was withdrawn before."""
    told = Programme(desk.chain, desk.record).events(HOUSE, "MarginWithdrawn")
    return sum(event.arguments["account"] == wallet for event in told)


def _margin(desk: Desk, wallet: str) -> tuple[int, int]:
    """In smallest units of cash; and the decimals of those."""
    programme = Programme(desk.chain, desk.record)
    cash = programme.cash
    margin = programme[HOUSE].read("marginOf", cash.address, wallet)
    return margin, cash.read("decimals")
