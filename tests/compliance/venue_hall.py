"""Venues before a rule book: their licences, limits and customers as the words that it reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from tests.compliance.rule_world import World
from tests.evm import Actor, Contract

VENUE: Final = 4
NOC, AML, INCORPORATED, LICENSED, SUSPENDED, REVOKED = range(1, 7)
CUSTODY, EXCHANGE = 1, 2
ANY: Final = 2**64 - 1
DAY: Final = 86_400


@dataclass(frozen=True)
class VenueStageRules:
    """`VenueStageRules` of contracts/compliance/VenueRules.sol, in its order; zero is nothing."""

    hold: int = 0
    trade: int = 0
    travel_above: int = ANY
    services: int = 0


@dataclass(frozen=True)
class Licence:
    """`LicenceWord` of contracts/compliance/rules/VenueLicence.sol; serves classes 1 and 3."""

    stage: int = LICENSED
    services: int = CUSTODY
    until: int = 2**40 - 1
    serves: int = 1 << 1 | 1 << 3
    number: int = 1

    @property
    def word(self) -> int:
        upper = self.serves << 64 | self.number << 128
        return self.stage | self.services << 8 | self.until << 24 | upper


class Hall:
    """A token that asks about venues: two of them, and two investors."""

    def __init__(self, world: World) -> None:
        self.world, self.evm = world, world.evm
        authority = world.book.authority()
        self.rules: Contract = self.evm.deploy(
            "VenueRules", authority, world.book, sender=world.admin
        )
        plain = self.evm.at(authority, "PlainAuthority")
        plain.grantRole(26, self.rules, 0, sender=world.admin)
        plain.grantRole(7, world.officer, 0, sender=world.admin)
        plain.setTargetFunctionRole(
            self.rules, [self.rules.setRules.selector], 7, sender=world.admin
        )
        self.binance, self.htx = self.evm.actor("binance"), self.evm.actor("htx")
        self.licences: dict[str, Licence] = {}
        for venue in (self.binance, self.htx):
            world.register(venue, flags=VENUE, investor_class=7)
            self.licence(venue, Licence())
        self.limit()

    def limit(self, asks: bool = True, *, until_stage: int = LICENSED, **rules: Any) -> None:
        """The same for every stage up to one; 1,000 held and 300 a day unless told."""
        stage = replace(VenueStageRules(hold=1_000, trade=300), **rules)
        table = [stage if each <= until_stage else VenueStageRules() for each in range(1, 5)]
        self.stages(asks, *table)

    def stages(self, asks: bool, *table: VenueStageRules) -> None:
        rows = [(each.hold, each.trade, each.travel_above, each.services) for each in table]
        self.rules.setRules(self.world.token, asks, rows, sender=self.world.officer)

    def licence(self, venue: Actor, licence: Licence | None = None, **changes: Any) -> None:
        """Another decision on a venue, as the licence registry tells it."""
        last = self.licences.get(venue)
        licence = licence or replace(
            self.licences[venue], number=(last.number if last else 0) + 1, **changes
        )
        self.licences[venue] = licence
        self.write(bytes(12) + bytes.fromhex(str(venue)[2:]), licence.word)

    def name(self, venue: Actor, customer: Actor, are: bool = True) -> None:
        """Make an investor a venue's customer."""
        from eth_abi.abi import encode
        from eth_utils.crypto import keccak

        what = b"customer".ljust(32, b"\0")
        kinds = ["bytes32", "address", "address", "uint256", "bytes32"]
        self.write(keccak(encode(kinds, [what, venue, customer, 0, what])), int(are))
        assert self.rules.isCustomer(venue, customer) is are

    def write(self, key: bytes, word: int) -> None:
        self.world.book.setVenueWords([key], [word], sender=self.world.licensing)

    def used(self, venue: Actor) -> int:
        used: int = self.rules.dayOf(self.world.token, venue).used
        return used

    def note(self, origin: Actor, to: Actor, amount: int) -> None:
        self.rules.noteTravel(self.world.token, to, amount, b"\1" * 32, sender=origin)
