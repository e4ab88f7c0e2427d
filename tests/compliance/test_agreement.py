"""Any rules, any movements: the engine against a plain model, and the view against the booking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.compliance.rule_world import CODES, LINKED, OFF, ZERO, Door, World
from tests.evm import Reverted

COUNTRIES = (4, 586, 784)
LIMIT = 2**112 - 1
START = 1_756_684_800

small = st.integers(0, 30)
limits = st.one_of(st.just(0), st.integers(1, 40), st.just(LIMIT))
moments = st.one_of(st.just(0), st.integers(START, START + 300))


@st.composite
def rule_sets(draw: st.DrawFn) -> dict[str, Any]:
    """Rules of small figures, so that each boundary is met often."""
    velocity = draw(limits)
    closed_from = draw(moments)
    return {
        "maximumHolding": draw(limits),
        "supplyCap": draw(limits),
        "lot": draw(st.integers(0, 4)),
        "maximumHolders": draw(st.integers(0, 4)),
        "velocityLimit": velocity,
        "velocityWindow": draw(st.integers(1, 200)) if velocity else 0,
        "classes": draw(st.sampled_from([0, 0, 2, 4, 6, 2**64 - 2])),
        "lockedUntil": draw(moments),
        "closedFrom": closed_from,
        "closedUntil": closed_from + draw(st.integers(1, 100)) if closed_from else 0,
        "jurisdictions": draw(st.booleans()),
        "preApproval": draw(st.sampled_from([False, False, True])),
        "sanctions": draw(st.booleans()),
        "maximumTransaction": min(draw(limits), 2**72 - 1),
    }


@dataclass
class Wallet:
    """A wallet of the model: who it belongs to, and where that investor lives."""

    address: str
    investor: str
    country: int
    investor_class: int
    linked: bool = False


@dataclass
class Model:
    """What the rules mean, said without any packing."""

    rules: dict[str, Any] = field(default_factory=lambda: dict(OFF))
    countries: set[int] = field(default_factory=set)
    sanctioned: set[str] = field(default_factory=set)
    approvals: dict[tuple[str, str, int], int] = field(default_factory=dict)
    windows: dict[str, tuple[int, int]] = field(default_factory=dict)  # investor: start, used
    balances: dict[str, int] = field(default_factory=dict)
    wallets: dict[str, Wallet] = field(default_factory=dict)

    def used(self, investor: str, now: int) -> int:
        start, used = self.windows.get(investor, (0, 0))
        return used if now < start + self.rules["velocityWindow"] else 0

    def forbidding(self, m: dict[str, Any], now: int) -> set[str]:
        """Every rule that forbids the movement: the engine names one of these."""
        if m["door"] not in (Door.TRANSFER, Door.MINT):
            return set()
        transfer = m["door"] is Door.TRANSFER
        to = self.wallets[m["to"]]
        origin = self.wallets[m["from"]] if transfer else None
        another = m["amount"] > 0 and (origin is None or origin.investor != to.investor)
        rules = self.rules
        parties = {m["from"], m["to"], m["operator"], to.investor}
        parties |= {origin.investor} if origin else set()
        holding = m["amount"] + sum(
            balance
            for address, balance in self.balances.items()
            if self.wallets[address].investor == to.investor
        )
        verdicts = {
            "JurisdictionNotAllowed": rules["jurisdictions"] and to.country not in self.countries,
            "InvestorClassNotAllowed": rules["classes"]
            and not rules["classes"] >> to.investor_class & 1,
            "LotNotWhole": rules["lot"] and m["amount"] % rules["lot"],
            "MaximumHoldingExceeded": rules["maximumHolding"]
            and another
            and holding > rules["maximumHolding"],
            "MaximumHoldersExceeded": rules["maximumHolders"]
            and m["holders"] > rules["maximumHolders"],
            "SupplyCapExceeded": rules["supplyCap"] and m["supply"] > rules["supplyCap"],
            "LockedUp": transfer and now < rules["lockedUntil"],
            "RegisterClosed": transfer and rules["closedFrom"] <= now < rules["closedUntil"],
            "VelocityExceeded": transfer
            and another
            and rules["velocityLimit"]
            and self.used(m["sender_id"], now) + m["amount"] > rules["velocityLimit"],
            "NotPreApproved": transfer
            and another
            and rules["preApproval"]
            and now > self.approvals.get((m["from"], m["to"], m["amount"]), 0),
            "PartySanctioned": rules["sanctions"] and parties & self.sanctioned,
            "MaximumTransactionExceeded": rules["maximumTransaction"]
            and m["amount"] > rules["maximumTransaction"],
        }
        return {error for error, forbids in verdicts.items() if forbids}

    def book(self, m: dict[str, Any], now: int) -> None:
        """Count what was allowed."""
        if m["door"] is not Door.TRANSFER or m["amount"] == 0:
            return
        if self.wallets[m["to"]].investor == m["sender_id"]:
            return
        if self.rules["velocityLimit"]:
            start, _ = self.windows.get(m["sender_id"], (0, 0))
            used = self.used(m["sender_id"], now)
            start = start if now < start + self.rules["velocityWindow"] else now
            self.windows[m["sender_id"]] = (start, used + m["amount"])
        if self.rules["preApproval"]:
            del self.approvals[m["from"], m["to"], m["amount"]]


class Machine:
    """The engine and the model side by side."""

    def __init__(self, world: World, data: st.DataObject) -> None:
        self.world, self.data = world, data
        self.model = Model()
        for name in ("alice", "bob", "carol"):
            self.add_wallet(name, name)
        self.add_wallet("bob's second", "bob")
        for wallet in self.model.wallets.values():
            flags = LINKED if wallet.linked else 0
            world.register(
                wallet.address,
                wallet.investor,
                country=wallet.country,
                investor_class=wallet.investor_class,
                flags=flags,
            )
        twins = [w.address for w in self.model.wallets.values() if w.linked]
        world.registry.setWallets(world.bob, twins, sender=world.admin)

    def add_wallet(self, name: str, investor: str) -> None:
        wallet = Wallet(
            address=str(self.world.evm.actor(name)),
            investor=str(self.world.evm.actor(investor)),
            country=self.draw(st.sampled_from(COUNTRIES)),
            investor_class=self.draw(st.integers(1, 2)),
            linked=investor == "bob",
        )
        self.model.wallets[wallet.address] = wallet
        balance = self.draw(small)
        self.model.balances[wallet.address] = balance
        self.world.token.hold(wallet.address, balance, sender=self.world.admin)

    def draw(self, strategy: st.SearchStrategy[Any]) -> Any:
        return self.data.draw(strategy)

    def steps(self) -> list[Callable[[], None]]:
        """What can happen; most of it is movements."""
        return [self.move] * 5 + [self.configure, self.list_parties, self.wait]

    def wait(self) -> None:
        self.world.evm.advance(seconds=self.draw(st.integers(1, 120)))

    def configure(self) -> None:
        rules = self.draw(rule_sets())
        if rules["velocityLimit"] and not self.model.rules["velocityLimit"]:
            self.model.windows.clear()
        self.world.configure(**rules)
        self.model.rules = rules

    def list_parties(self) -> None:
        world, token = self.world, self.world.token
        country = self.draw(st.sampled_from(COUNTRIES))
        listed = country not in self.model.countries
        world.book.setJurisdictions(token, [country], listed, sender=world.officer)
        self.model.countries ^= {country}
        party = self.draw(st.sampled_from(sorted(self.model.wallets)))
        if party in self.model.sanctioned:
            world.book.liftSanctions([party], sender=world.releaser)
        else:
            world.book.imposeSanctions([party], sender=world.regulator)
        self.model.sanctioned ^= {party}

    def move(self) -> None:
        movement = self.movement()
        now = self.world.evm.time
        if self.draw(st.booleans()):
            key = (movement["from"], movement["to"], movement["amount"])
            self.world.book.preApprove(
                self.world.token, *key, now + 50, sender=self.world.registrar
            )
            self.model.approvals[key] = now + 50
        plain = {k: v for k, v in movement.items() if k != "sender_id"}
        forbidding = self.model.forbidding(movement, now)
        code = self.world.book.restrictionOf(self.world.token, plain)
        assert (code == 0) == (not forbidding), (code, forbidding)
        assert not code or code in {CODES[error] for error in forbidding}
        try:
            self.world.present(plain)  # which compares booking and view
        except Reverted as refusal:
            assert refusal.name in forbidding
        else:
            self.model.book(movement, now)
        for investor in {w.investor for w in self.model.wallets.values()}:
            if self.model.rules["velocityLimit"]:
                told = self.world.book.usageOf(self.world.token, investor).used
                assert told == self.model.used(investor, now)

    def movement(self) -> dict[str, Any]:
        door = self.draw(st.sampled_from([Door.TRANSFER] * 4 + list(Door)))
        wallets = st.sampled_from(sorted(self.model.wallets))
        origin = ZERO if door is Door.MINT else self.draw(wallets)
        to = ZERO if door is Door.BURN else self.draw(wallets)
        supply = self.draw(small) if door is Door.MINT else 0
        sender = self.model.wallets.get(origin)
        movement = self.world.movement(
            origin,
            to,
            self.draw(small),
            door,
            operator=self.draw(st.one_of(st.just(origin), wallets)),
            fromBalance=self.model.balances.get(origin, 0),
            toBalance=self.model.balances.get(to, 0),
            supply=supply,
            holders=self.draw(st.integers(0, 5)),
        )
        return movement | {"sender_id": sender.investor if sender else ""}


@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_engine_view_and_model_agree(world: World, data: st.DataObject) -> None:
    """Pitfalls 15, 17, 19, 21 and 48: over changing rules, each movement has one answer."""
    with world.evm.snapshot():
        machine = Machine(world, data)
        machine.configure()
        for _ in range(data.draw(st.integers(1, 12))):
            data.draw(st.sampled_from(machine.steps()))()
