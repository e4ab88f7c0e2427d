"""What the story of every instrument is told with: its series, its book, and a few words.

What moves is also written into the ledger, by hand; at the end the chain must read as the ledger
does.
"""

from __future__ import annotations

from functools import cached_property

import click

from scripts._amanat import pilot_money, transfers
from scripts._amanat.command import Outcome, Work
from scripts._amanat.freezes import Freeze, freeze
from scripts._amanat.onchain import Series
from scripts._amanat.pilot_ledger import Book
from scripts._amanat.pilot_leg import Leg, Surroundings
from scripts._amanat.pilot_stage import work_of


class Instrument(Leg):
    """One series in the pilot."""

    def __init__(self, around: Surroundings, name: str) -> None:
        super().__init__(around)
        self.series_name = name
        """How the commands are told which series."""
        self.transfers = 0
        self.trades = 0

    @property
    def series(self) -> Series:
        """The series as it stands now."""
        return self.stage.programme.find_series(self.series_name)

    @cached_property
    def first_seen(self) -> Series:
        """The series as it first stood: for its address and its contract, which never change."""
        return self.series

    @property
    def book(self) -> Book:
        """What the ledger says of it."""
        return self.ledger.book(self.series_name)

    # ---------------------------------------------------------------- in few words

    def command(self, command: click.Command, **options: object) -> Outcome:
        """A command as it is typed, to its end."""
        return self.stage.finish(work_of(command, self.stage.desk, **options))

    def bring_money(self, account: str, paisa: int) -> None:
        """Let an account have so much at least: what lacks comes into circulation."""
        lacking = max(0, paisa - self.ledger.cash[account])
        if lacking:
            self.stage.finish(pilot_money.bring({account: paisa}))
            self.ledger.bring(account, lacking)
            if account == self.treasury:
                self.stage.note(f"the budget brings {pilot_money.rupees(lacking)}")

    def transfer(self, sender: str, recipient: str, amount: int) -> None:
        """By the holder's own key."""
        self.transfers += 1
        # Two of a kind are two: the number is the reference.
        reference = f"pilot {self.transfers}"
        wish = transfers.Transfer(self.series_name, sender, recipient, amount, reference)
        self.stage.do(transfers.transfer(wish))
        self.book.move(sender, recipient, amount)

    def frozen(self, wallet: str, part: int | None = None, release: bool = False) -> Work:
        """A freeze, whole or in part, or the release from it."""
        words = ["ape run freeze", self.series_name, wallet]
        words += [f"--part {part}"] * (part is not None) + ["--release"] * release
        return freeze(Freeze(self.series_name, wallet, part, release), command=" ".join(words))

    def refused(
        self, topic: str, sender: str, recipient: str, amount: int, code: int, error: str
    ) -> None:
        """A transfer that must be refused, with the code and the error that are foretold."""
        tried = f"{amount:,} from {self.cast.name(sender)} to {self.cast.name(recipient)}"
        self.stage.refused(
            topic, tried, self.first_seen, sender, recipient, amount, code=code, error=error
        )

    def holders_are_exact(self) -> None:
        """Holders are investors, not wallets."""
        cast = self.cast
        holding = {
            cast.owner(wallet).reference if cast.is_listed(wallet) else wallet
            for wallet in self.book.holding
        }
        self.stage.check("holders, counted by the ledger", len(holding), self.series.holders)
