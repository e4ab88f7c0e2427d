"""A series on its way out, and those who decide and carry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from eth_utils.crypto import keccak

from tests.evm import Actor, Contract
from tests.invariants.life import Life
from tests.world import Role, World

DECISION: Final = keccak(text="the decision to replace it")
FOR_GOOD: Final = 2**24 - 1
BEGUN, COMPLETED = 1, 2

Row = tuple[str, Sequence[bytes]]


class Swap:
    """An old series, the one that replaces it, and the institutions."""

    def __init__(self, world: World, old: Contract, new: Contract) -> None:
        self.world, self.evm, self.old, self.new = world, world.evm, old, new
        self.exchange = world.exchange
        self.board, self.regulator = world[Role.BOARD], world[Role.REGULATOR]
        self.anyone: Actor = world.evm.actor("passer-by")
        open_for_nothing(world, new)

    def propose(self) -> None:
        """The issue is closed, and the board proposes."""
        self.world.programme.closeSeries(self.old, sender=self.world[Role.ISSUER])
        self.exchange.proposeExchange(self.old, self.new, DECISION, sender=self.board)

    def begin(self) -> None:
        """Proposed and confirmed."""
        self.propose()
        self.exchange.confirmExchange(self.old, self.new, DECISION, sender=self.regulator)

    def carry(self, *rows: str | Row) -> list[str]:
        """One page; whom it left behind."""
        supply = self.supply
        page = [(row, []) if isinstance(row, str) else row for row in rows]
        self.exchange.carry(self.old, page, sender=self.anyone)
        assert self.supply == supply, "a page conserves the sum of both supplies"
        told = self.evm.receipt.events("HolderLeftBehind")
        return [each["account"] for each in told]

    @property
    def supply(self) -> int:
        return int(self.old.totalSupply()) + int(self.new.totalSupply())

    def leaving(self) -> Any:
        return self.exchange.leavingOf(self.old)


def open_for_nothing(world: World, successor: Contract) -> None:
    """What is exchanged alone may be outstanding of it."""
    if successor.totalSupply() == 0:
        world.programme.authorise(successor, 0, sender=world[Role.FISCAL_AGENT])


def position(token: Contract, account: str) -> tuple[int, int, bool, int]:
    """Balance, frozen units, frozen as a whole, pledged."""
    return (
        token.balanceOf(account),
        token.getFrozenTokens(account),
        token.isFrozen(account),
        token.pledgedOf(account),
    )


def register(token: Contract, accounts: Iterable[str]) -> Mapping[str, tuple[int, int, bool, int]]:
    """What everybody has, but for who has nothing."""
    found = {str(each): position(token, each) for each in accounts}
    return {each: has for each, has in found.items() if has != (0, 0, False, 0)}


NOTHING: Final = (0, 0, False, 0)


def chosen(here: Life, number: int, mask: int) -> Row:
    """A wallet, with some of the pledges of its line: a row of a page may be anything."""
    heir = here.world.registry.successorOf
    line = heir(here.wallets[number])
    of_line = [pledge for pledge in here.pledges if heir(pledge.holder) == line]
    some = [pledge.identity for n, pledge in enumerate(of_line) if mask >> n & 1]
    return here.wallets[number], some
