"""Our rows of settlement: a coupon pulled and pushed, a signed trade, a redemption, and a bid at an
auction, sealed and shown.

Each is of a series under three rules; all parties hold cash already. Coupons are the series' first,
and payments are taxed, in the pilot's rupee. A page has fifty payees, and its whole cost is shared
between them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

from scripts._amanat.business_days import start_of_day_karachi
from scripts._amanat.claims import Attestation
from scripts._amanat.powers import Role
from tests.bench.rows import Gas, share
from tests.evm import Actor, Contract
from tests.settlement.auction_hall import Hall
from tests.settlement.test_trades import BUY, SELL, Order
from tests.world import PAKISTAN, REFERENCE, RETAIL, YEAR, Rules, World

PAGE: Final = 50
LOT: Final = 100_000
UNITS: Final = 5_000
PRICE: Final = 975_000
MONEY: Final = 4_875 * 10**18
REDEMPTION, COUPON = 1, 2
_BATCH_MINT: Final = "batchMint(address[],uint256[],bytes32)"


def rows(world: World, rules: Rules) -> Gas:
    """These rows, each from the same moment."""
    return _Settlement(world, rules).rows()


class _Settlement:
    def __init__(self, world: World, rules: Rules) -> None:
        self.world, self.evm, self.rules = world, world.evm, rules
        self.payees = sorted(
            (Actor(f"payee {number}") for number in range(PAGE)), key=lambda actor: int(actor, 16)
        )

    def rows(self) -> Gas:
        with self.evm.snapshot():
            self.world.tax(150_000)
            self._admit()
            return {
                "coupon_claim": self._of_payment(self._bond, COUPON, self._claim),
                "coupon_push_per_payee": self._of_payment(self._bond, COUPON, self._push),
                "dvp_signed": self._trade(),
                "redeem_per_holder": self._of_payment(self._bill, REDEMPTION, self._push),
                "auction_commit": self._commit(),
                "auction_reveal": self._reveal(),
            }

    # ---------------------------------------------------------------- series and payments

    def _admit(self) -> None:
        """Fifty investors, until after the last payment, with a paisa each."""
        until = (self.evm.time + YEAR - 86_400) // 3_600
        rows = [Attestation(str(each), PAKISTAN, RETAIL, until) for each in self.payees]
        self.world.attest(rows)
        for payee in self.payees:
            self.world.cash.mint(payee, 1, sender=self.world[Role.FISCAL_AGENT])

    def _bond(self) -> Contract:
        bond = self.world.bond(self.rules, countries=[PAKISTAN])
        self.evm.time = start_of_day_karachi(date(2025, 11, 6))
        return bond

    def _bill(self) -> Contract:
        return self.world.bill(self.rules, countries=[PAKISTAN])

    def _of_payment(
        self, make: Callable[[], Contract], kind: int, pay: Callable[[bytes], int]
    ) -> int:
        """What it costs when all hold a lot, and the payment is due and funded."""
        world, agent = self.world, self.world.paying_agent
        with self.evm.snapshot():
            token = make()
            minter = world[Role.MINTER]
            token[_BATCH_MINT](self.payees, [LOT] * PAGE, REFERENCE, sender=minter)
            payment: bytes = agent.paymentIdOf(token, kind, 0)
            agent.announce(token, kind, 0, world.cash, sender=world[Role.PAYING_AGENT])
            self.evm.time = agent.payment(payment).due
            due = agent.missing(payment)
            world.cash.mint(world.treasury, due, sender=world[Role.FISCAL_AGENT])
            world.cash.approve(agent, due, sender=world.treasury)
            agent.fund(payment, due, sender=world.treasury)
            return pay(payment)

    def _claim(self, payment: bytes) -> int:
        first = self.payees[0]
        return self.evm.gas_of(self.world.paying_agent.claim, payment, first, sender=first)

    def _push(self, payment: bytes) -> int:
        officer = self.world[Role.PAYING_AGENT]
        gas = self.evm.gas_of(self.world.paying_agent.pay, payment, self.payees, sender=officer)
        return share(gas, PAGE)

    # ---------------------------------------------------------------- trade

    def _trade(self) -> int:
        """Two signed orders that meet whole, for plain cash, each of what was allowed for it; a
        stranger brings them. Both parties hold both, and keep some."""
        world, seller, buyer = self.world, self.payees[0], self.payees[1]
        with self.evm.snapshot():
            bill, cash = self._bill(), self._plain_cash()
            for holder in (seller, buyer):
                self._allot(bill, cash, holder)
                cash.mint(holder, 10 * MONEY, sender=world.admin)
            bill.approve(world.dvp, UNITS, sender=seller)
            cash.approve(world.dvp, MONEY, sender=buyer)
            ask = Order(str(seller), bill.address, cash.address, SELL, UNITS, MONEY)
            ask = replace(ask, expiry=self.evm.time + 3_600)
            bid = replace(ask, maker=str(buyer), side=BUY)
            orders = ask.signed(seller, world.dvp), bid.signed(buyer, world.dvp)
            return self.evm.gas_of(world.dvp.settle, *orders, sender=self.evm.actor("venue"))

    def _plain_cash(self) -> Contract:
        cash = self.evm.deploy("OpenZeppelinToken", sender=self.world.admin)
        self.world.dvp.approveCash(cash, 586, True, sender=self.world[Role.STEWARD])
        return cash

    def _allot(self, bill: Contract, cash: Contract, holder: Actor) -> None:
        """As a bill comes to anybody: against payment."""
        cost = bill.costOf(LOT, PRICE, 18)
        cash.mint(holder, cost, sender=self.world.admin)
        cash.approve(self.world.dvp, cost, sender=holder)
        row = (bill, holder, LOT, PRICE, cash, cost, REFERENCE, bytes.fromhex(holder[2:]).rjust(32))
        self.world.dvp.allot(row, sender=self.world[Role.FISCAL_AGENT])

    # ---------------------------------------------------------------- auction

    def _commit(self) -> int:
        """A dealer's first bid, of the auction's first; its margin keeps something."""
        with self.evm.snapshot():
            hall = self._hall()
            dealer = hall.dealers[0]
            commitment = hall.auction.commitmentOf(hall.sealed(dealer, PRICE, LOT).told)
            arguments = (hall.auction.auctionCount(), 0, commitment)
            return self.evm.gas_of(hall.auction.commit, *arguments, sender=dealer)

    def _reveal(self) -> int:
        with self.evm.snapshot():
            hall = self._hall()
            dealer = hall.dealers[0]
            bid = hall.sealed(dealer, PRICE, LOT)
            hall.commit(bid, dealer)
            hall.close()
            return self.evm.gas_of(hall.auction.reveal, bid.told, sender=dealer)

    def _hall(self) -> Hall:
        hall = Hall(self.world, dealers=1, savers=0)
        hall.deposit(hall.dealers[0])
        hall.open()
        return hall
