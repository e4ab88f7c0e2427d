"""A bond whose coupons the tests of the paying agent pay: 10.5 % half-yearly, on the real token.

stage = Stage(world, 3)                 # three investors hold 100,000 each, in page order
coupon = stage.funded()                 # coupon 0: due, and its 5,250.00 a holder paid in
stage.pay(coupon, stage.holders)
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from tests.assets.periods import COUPON, fund, in_page_order, morning
from tests.evm import Actor
from tests.world import Role, Rules, World

LOT: Final = 100_000
GROSS: Final = 5_250_00
"""Paisa that a lot is paid half-yearly."""


class Stage:
    """The programme, a bond, and investors who hold a lot of it each."""

    def __init__(self, world: World, holders: int, rules: Rules | None = None, **of: Any) -> None:
        self.world, self.evm, self.agent = world, world.evm, world.paying_agent
        names = [f"holder {number}" for number in range(holders)]
        self.holders = sorted(
            (world.investor(name, **of) for name in names), key=lambda actor: int(actor, 16)
        )
        self.bond = world.bond(rules, countries=[586] if rules and rules.jurisdictions else ())
        world.evm.time = morning(date(2025, 11, 6))
        for holder in self.holders:
            world.mint(self.bond, holder, LOT)

    @property
    def officer(self) -> Actor:
        return self.world[Role.PAYING_AGENT]

    def announced(self, number: int = 0, cash: Any = None) -> bytes:
        payment: bytes = self.agent.announce(
            self.bond, COUPON, number, cash or self.world.cash, sender=self.officer
        )
        return payment

    def fund(self, payment: bytes, amount: int | None = None) -> None:
        """The treasury pays in what is missing, or so much."""
        amount = self.agent.missing(payment) if amount is None else amount
        fund(self.world, amount)
        self.agent.fund(payment, amount, sender=self.world.treasury)

    def funded(self, number: int = 0) -> bytes:
        """A coupon that can be paid now."""
        payment = self.announced(number)
        self.evm.time = max(self.evm.time, self.agent.payment(payment).due)
        self.fund(payment)
        return payment

    def pay(self, payment: bytes, page: list[Actor]) -> list[str]:
        """Pay a page in order; whom it set aside."""
        self.agent.pay(payment, in_page_order(page), sender=self.officer)
        return [str(event["holder"]) for event in self.evm.receipt.events("SetAside")]

    def received(self, *holders: str) -> list[int]:
        return [self.world.cash.balanceOf(holder) for holder in holders]

    def block(self, holder: str, blocked: bool = True) -> None:
        """Let the cash token refuse a holder, or no longer."""
        rupee, officer = self.world.cash, self.world[Role.FISCAL_AGENT]
        (rupee.blockAccount if blocked else rupee.unblockAccount)(holder, sender=officer)

    def check(self, payment: bytes) -> Any:
        """Invariants 1 and 2 of `PaymentState`; the state."""
        state = self.agent.payment(payment)
        gone = state.paid + state.taxRemitted + state.withdrawn + state.escheated
        kept = state.taxHeld + state.reserved + state.residual
        assert state.funded == gone + kept
        assert self.world.cash.balanceOf(self.agent) == kept
        return state
