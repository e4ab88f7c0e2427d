"""The ledger that the pilot keeps by hand, beside the chain: who holds what, and who paid whom.

Nothing here is read from the chain. At the end the chain must read as the ledger does, account by
account and to the paisa.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Book:
    """One series: smallest units by wallet, and in paisa what money went in and out for them."""

    name: str
    units: Counter[str] = field(default_factory=Counter)
    issued: int = 0  # units
    redeemed: int = 0  # units
    subscribed: int = 0
    """What investors paid for it at issue."""
    gross: int = 0
    """What it paid, before tax: distributions and redemption."""
    tax: int = 0
    net: int = 0
    """What its holders received."""
    residual: int = 0
    """What rounding left, and went back to the treasury."""
    escheated: int = 0
    """What nobody could be paid, and went back to the treasury."""
    bought: int = 0  # units, cancelled
    bought_for: int = 0
    """What the treasury paid for them."""
    fees: int = 0
    """What the treasury received for redemptions in kind."""
    shortfalls: int = 0
    """What it paid for what deliveries fell short."""

    @property
    def outstanding(self) -> int:
        """Units that somebody holds."""
        return self.units.total()

    @property
    def holding(self) -> dict[str, int]:
        """Whoever holds some, and how much."""
        return {wallet: units for wallet, units in self.units.items() if units}

    def issue(self, wallet: str, units: int) -> None:
        """New units come to a wallet."""
        self.issued += units
        self.units[wallet] += units

    def move(self, sender: str, recipient: str, units: int) -> None:
        """Units change hands."""
        self.units[sender] -= units
        self.units[recipient] += units

    def redeem(self, wallet: str, units: int) -> None:
        """Units are paid back and are no more."""
        self.redeemed += units
        self.units[wallet] -= units

    def buy_back(self, wallet: str, units: int, paisa: int) -> None:
        """The treasury buys units, which are no more."""
        self.bought += units
        self.bought_for += paisa
        self.units[wallet] -= units


class Ledger:
    """All series, and all cash."""

    def __init__(self) -> None:
        self.books: dict[str, Book] = {}
        self.cash: Counter[str] = Counter()
        """Paisa by account."""
        self.brought: Counter[str] = Counter()
        """Paisa that came into circulation, by the account that brought them."""

    def book(self, series: str) -> Book:
        """The book of a series; a new one is opened when it is first asked for."""
        return self.books.setdefault(series, Book(series))

    def bring(self, account: str, paisa: int) -> None:
        """Cash comes into circulation."""
        self.brought[account] += paisa
        self.cash[account] += paisa

    def pay(self, payer: str, payee: str, paisa: int) -> None:
        """Cash changes hands."""
        self.cash[payer] -= paisa
        self.cash[payee] += paisa

    @property
    def purses(self) -> dict[str, int]:
        """Every account that has cash, and how much."""
        return {account: paisa for account, paisa in self.cash.items() if paisa}
