"""A series goes over to the depository: the final register is fixed, and everybody leaves by it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from eth_utils.crypto import keccak

from tests.evm import Actor, Contract, reverts
from tests.programme.departure import (
    BEGUN,
    COMPLETED,
    DECISION,
    NOTHING,
    open_for_nothing,
    position,
)
from tests.world import NOBODY, REFERENCE, Role, World

FILE = keccak(text="the final register")
REDEEMED = 6
LOAN = keccak(text="a loan agreement")


class Migration:
    """A series that the depository takes over."""

    def __init__(self, world: World, series: Contract) -> None:
        self.world, self.series, self.exchange = world, series, world.exchange
        self.board, self.regulator = world[Role.BOARD], world[Role.REGULATOR]
        self.anyone: Actor = world.evm.actor("passer-by")
        self.told: list[Any] = []

    def propose(self) -> None:
        self.world.programme.closeSeries(self.series, sender=self.world[Role.ISSUER])
        self.exchange.proposeMigration(self.series, DECISION, sender=self.board)

    def confirm(self, register: bytes = FILE) -> None:
        self.exchange.confirmMigration(self.series, DECISION, register, sender=self.regulator)

    def begin(self) -> None:
        self.propose()
        self.series.pause(sender=self.world[Role.EMERGENCY])
        self.confirm()

    def carry(self, *rows: tuple[str, list[bytes]]) -> list[str]:
        self.exchange.carry(self.series, list(rows), sender=self.anyone)
        receipt = self.world.evm.receipt
        self.told += receipt.events("HolderCarried") + receipt.events("PledgeLeft")
        return [each["account"] for each in receipt.events("HolderLeftBehind")]


@pytest.fixture
def leaving(world: World) -> Migration:
    return Migration(world, world.bill())


def test_the_register_is_fixed_while_the_series_is_paused(world: World, leaving: Migration) -> None:
    """So that what the regulator confirms is what there is."""
    leaving.propose()
    with reverts("SeriesNotPaused", leaving.series):
        leaving.confirm()
    leaving.series.pause(sender=world[Role.EMERGENCY])
    with reverts("DepartureUnsound", leaving.series, NOBODY):
        leaving.confirm(bytes(32))
    leaving.confirm()
    told = world.evm.receipt
    assert told.events("MigrationBegun") == [
        {"series": leaving.series.address, "document": DECISION, "supply": 0}
    ]
    assert told.events("RegisterFixed") == [
        {"series": leaving.series.address, "registerHash": FILE}
    ]
    found = leaving.exchange.leavingOf(leaving.series)
    assert (found.successor, found.registerHash, found.status) == (NOBODY, FILE, BEGUN)
    world.evm.advance(days=30)
    assert leaving.series.paused() is True


def test_a_migration_is_no_exchange_that_nobody_confirmed(world: World, leaving: Migration) -> None:
    leaving.propose()
    with reverts("NotProposed"):
        leaving.exchange.confirmExchange(
            leaving.series, world.bill(), DECISION, sender=leaving.regulator
        )


def test_everybody_leaves_with_an_entry_of_the_register(world: World, leaving: Migration) -> None:
    """The entries alone are the register: balances, freezes, pledges; and nothing is left."""
    series, bank = leaving.series, world.investor("bank")
    holders = [world.investor(name) for name in ("alice", "bob", "carol")]
    for number, holder in enumerate(holders, start=1):
        world.mint(series, holder, 100 * number)
    series.setFrozenTokens(holders[0], 40, sender=world[Role.FREEZER])
    world.freeze(series, holders[1])
    series.pledge(bank, 120, LOAN, 0, sender=holders[2])
    series.pledge(bank, 60, REFERENCE, 0, sender=holders[2])
    pledges = [series.pledgeId(holders[2], bank, each) for each in (LOAN, REFERENCE)]
    heir = world.evm.actor("heir")
    world.recover(holders[0], heir)
    register = {str(each): position(series, each) for each in holders[1:]}
    register[str(heir)] = position(series, holders[0])
    leaving.begin()
    assert leaving.carry((holders[2], pledges[:1]), (holders[0], [])) == []
    assert leaving.carry((holders[2], pledges[1:]), (holders[1], []), (heir, [])) == []
    assert rebuilt(leaving.told) == register
    lien = [(each["pledgee"], each["amount"]) for each in leaving.told if "pledgee" in each]
    assert lien == [(bank, 120), (bank, 60)]
    for each in (*holders, heir):
        assert position(series, each) == NOTHING
    assert series.totalSupply() == 0
    found = leaving.exchange.leavingOf(series)
    assert (found.status, found.supply, found.carried) == (COMPLETED, 600, 600)
    assert world.evm.receipt.events("DepartureCompleted") == [
        {"series": series.address, "successor": NOBODY, "carried": 600}
    ]
    world.programme.reconcile(series, sender=leaving.anyone)
    assert world.programme.seriesOf(series).status == REDEEMED
    assert world.programme.seriesOf(series).authorised == 0


def rebuilt(told: list[Any]) -> dict[str, tuple[int, int, bool, int]]:
    """The register from the entries, which add up by account."""
    units: Counter[str] = Counter()
    frozen: Counter[str] = Counter()
    pledged: Counter[str] = Counter()
    held: set[str] = set()
    for each in told:
        if "units" in each:
            account = each["account"]
            units[account] += each["units"]
            frozen[account] += each["frozen"]
            pledged[account] += each["pledged"]
            held |= {account} if each["isFrozen"] else set()
    return {each: (units[each], frozen[each], each in held, pledged[each]) for each in units}


def test_the_register_is_fixed_anew_where_an_order_changed_it(
    world: World, leaving: Migration
) -> None:
    holder, other = world.investor("holder"), world.investor("other")
    world.mint(leaving.series, holder, 100)
    leaving.begin()
    world.force(leaving.series, holder, other, 30)
    with reverts("AccessManagedUnauthorized", leaving.board):
        leaving.exchange.fixRegister(leaving.series, REFERENCE, sender=leaving.board)
    leaving.exchange.fixRegister(leaving.series, REFERENCE, sender=leaving.regulator)
    assert leaving.exchange.leavingOf(leaving.series).registerHash == REFERENCE
    assert leaving.carry((holder, []), (other, [])) == []
    with reverts("DepartureNotIn", leaving.series, BEGUN, COMPLETED):
        leaving.exchange.fixRegister(leaving.series, FILE, sender=leaving.regulator)


def test_an_exchange_has_no_register_to_fix(world: World, leaving: Migration) -> None:
    world.programme.closeSeries(leaving.series, sender=world[Role.ISSUER])
    heir = world.bill()
    open_for_nothing(world, heir)
    leaving.exchange.proposeExchange(leaving.series, heir, DECISION, sender=leaving.board)
    leaving.exchange.confirmExchange(leaving.series, heir, DECISION, sender=leaving.regulator)
    with reverts("DepartureUnsound", leaving.series, heir):
        leaving.exchange.fixRegister(leaving.series, FILE, sender=leaving.regulator)
