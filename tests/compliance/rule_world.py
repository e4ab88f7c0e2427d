"""A rule book, its roles, and a token and registry that say what a test tells them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final

from tests.evm import Actor, Contract, Evm, Reverted

ZERO: Final = "0x" + "00" * 20
LINKED: Final = 2
PAKISTAN: Final = 586
# Of Restriction.sol, by the error that each rule refuses with.
CODES: Final = {
    "JurisdictionNotAllowed": 32,
    "InvestorClassNotAllowed": 33,
    "LotNotWhole": 34,
    "MaximumHoldingExceeded": 35,
    "MaximumHoldersExceeded": 36,
    "SupplyCapExceeded": 37,
    "LockedUp": 38,
    "RegisterClosed": 39,
    "VelocityExceeded": 40,
    "NotPreApproved": 41,
    "PartySanctioned": 42,
    "MaximumTransactionExceeded": 43,
    "VenueNotLicensed": 44,
    "VenueMayNotServe": 45,
    "VenueHoldingExceeded": 46,
    "VenueTradeExceeded": 47,
    "ModuleRefused": 48,
    "TravelReferenceMissing": 50,
}
OFF: Final[dict[str, Any]] = {
    "maximumHolding": 0,
    "supplyCap": 0,
    "lot": 0,
    "maximumHolders": 0,
    "velocityLimit": 0,
    "velocityWindow": 0,
    "classes": 0,
    "lockedUntil": 0,
    "closedFrom": 0,
    "closedUntil": 0,
    "jurisdictions": False,
    "preApproval": False,
    "sanctions": False,
    "maximumTransaction": 0,
}
# Numbers of contracts/programme/Roles.sol.
ROLES: Final = {
    "factory": (15, ["open"]),
    "officer": (7, ["configure", "setJurisdictions", "addModule", "removeModule"]),
    "registrar": (2, ["preApprove", "withdrawPreApproval"]),
    "regulator": (4, ["imposeSanctions"]),
    "releaser": (6, ["liftSanctions"]),
    "licensing": (26, ["setVenueWords", "askAboutVenues"]),
}


class Door(IntEnum):
    """The doors of Movement.sol."""

    TRANSFER = 0
    MINT = 1
    BURN = 2
    FORCE = 3
    RECOVERY = 4


def rules(**on: Any) -> dict[str, Any]:
    """The rules named are on, all others off."""
    assert set(on) <= set(OFF), on
    return OFF | on


def record(investor: str, country: int = PAKISTAN, investor_class: int = 1, flags: int = 0) -> int:
    """The word of InvestorRecord.sol."""
    return int(investor, 16) | country << 160 | investor_class << 170 | flags << 176


@dataclass
class World:
    """What the tests of the rules begin with: token open, every rule off."""

    evm: Evm
    book: Contract
    registry: Contract
    token: Contract
    actors: dict[str, Actor]
    records: dict[str, int] = field(default_factory=dict)

    @staticmethod
    def of(evm: Evm) -> World:
        """Deploy and hand out the roles."""
        actors = {name: evm.actor(name) for name in ["admin", *ROLES, "alice", "bob", "carol"]}
        admin = actors["admin"]
        authority = evm.deploy("PlainAuthority", admin, sender=admin)
        registry = evm.deploy("FakeRegistry", sender=admin)
        # Nothing limits anything before the stage has begun.
        stage = evm.deploy("PilotStage", authority, ZERO, registry, sender=admin)
        book = evm.deploy("RuleBook", authority, registry, stage, sender=admin)
        for name, (role, functions) in ROLES.items():
            authority.grantRole(role, actors[name], 0, sender=admin)
            selectors = [book[function].selector for function in functions]
            authority.setTargetFunctionRole(book, selectors, role, sender=admin)
        world = World(evm, book, registry, book, actors)
        world.token = world.another_token()
        for name in ("alice", "bob", "carol"):
            world.register(actors[name])
        return world

    def __getattr__(self, name: str) -> Actor:
        actors: dict[str, Actor] = self.__dict__.get("actors", {})
        if name not in actors:
            raise AttributeError(name)
        return actors[name]

    def another_token(self, **on: Any) -> Contract:
        """A token of its own with these rules on."""
        token = self.evm.deploy("RuledToken", self.book, self.registry, sender=self.admin)
        self.book.open(token, rules(**on), [], sender=self.factory)
        return token

    def register(self, wallet: str, investor: str | None = None, **known: Any) -> None:
        """Give a wallet its record, by default that of an investor of its own."""
        self.records[str(wallet)] = record(investor or wallet, **known)
        self.registry.setRecord(wallet, self.records[str(wallet)], sender=self.admin)

    def link(self, investor: str, wallets: list[Any]) -> None:
        """Make all wallets the investor's, and flag them as linked."""
        for wallet in wallets:
            self.register(wallet, investor, flags=LINKED)
        self.registry.setWallets(investor, wallets, sender=self.admin)

    def configure(self, token: Contract | None = None, **on: Any) -> None:
        """The rules named are on from here, all others off."""
        self.book.configure(token or self.token, rules(**on), sender=self.officer)

    def movement(
        self, origin: str, to: str, amount: int, door: Door = Door.TRANSFER, **given: Any
    ) -> dict[str, Any]:
        """What a token would present; balances, supply and holders as given, else zero."""
        plain = {
            "door": door,
            "operator": origin,
            "from": origin,
            "to": to,
            "amount": amount,
            "sender": self.records.get(str(origin), 0),
            "recipient": self.records.get(str(to), 0),
            "fromBalance": 0,
            "toBalance": 0,
            "supply": 0,
            "holders": 0,
        }
        assert set(given) <= set(plain), given
        return plain | given

    def transfer(self, origin: str, to: str, amount: int, **given: Any) -> None:
        """Book a transfer."""
        self.present(self.movement(origin, to, amount, **given))

    def mint(self, to: str, amount: int, **given: Any) -> None:
        """Book a mint."""
        self.present(self.movement(ZERO, to, amount, Door.MINT, **given))

    def present(self, movement: dict[str, Any], token: Contract | None = None) -> None:
        """Book a movement; the view must have foretold what comes of it (pitfall 21)."""
        token = token or self.token
        foretold = self.book.restrictionOf(token, movement)
        try:
            token.book(movement, sender=self.admin)
        except Reverted as refusal:
            assert CODES.get(refusal.name) == foretold, f"{foretold} was foretold, not {refusal}"
            raise
        assert foretold == 0, f"{foretold} was foretold, nothing was refused"
