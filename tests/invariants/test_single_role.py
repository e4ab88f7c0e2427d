"""What one stolen key can do: random sequences of everything that its role opens, and of everything
that is open to anyone (pitfalls 50 to 53).

What holds for every role of people, alone, and as long as holders gave no consent of their own (an
allowance, a pledge, a signed order):

- No series' supply ever exceeds the maximum issue of its terms, nor what the programme authorised;
  and neither the ceiling nor any class's allocation is ever raised.
- No holder's balance, of a series or of the cash, ever grows less.

For four roles that is so only until what they scheduled or noticed has waited, in which time others
see and cancel it: the administrator (48 h), the steward (48 h), who executes orders (2 h), and who
opens recoveries (the window, 24 h at least). These four move tokens or change who may: the README
says that Safes hold them. For all others it holds however long they go on. Roles that contracts of
the programme hold are no person's.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any, Final

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from scripts._amanat import artifacts, powers
from scripts._amanat.artifacts import AbiEntry
from scripts._amanat.build import ROOT
from scripts._amanat.programme import OF_PEOPLE, read_programme
from tests.evm import Contract, Reverted
from tests.world import FORCED_TRANSFER, NOBODY, REFERENCE, Role, World

HOUR: Final = 3_600
HELD: Final = 1_000
CASH: Final = 50_000_00
ACTS: Final = 12

DELAYS: Final[dict[Role, int]] = {
    role: duty.delay
    for role, duty in read_programme(ROOT / "scripts/_pilot/programme.yaml").duties.items()
}
"""Seconds that each role of the pilot's file waits."""

WINDOW: Final = 24 * HOUR
BOUNDED: Final = {
    Role.ADMIN: DELAYS[Role.ADMIN],
    Role.STEWARD: DELAYS[Role.STEWARD],
    Role.ORDER_EXECUTOR: DELAYS[Role.ORDER_EXECUTOR],
    Role.RECOVERY_AGENT: WINDOW,
}
"""How long the others have, against the four that could move tokens in the end."""


class Siege:
    """A live programme with holders, and a thief who is also a verified investor."""

    def __init__(self) -> None:
        self.world = world = World()
        self.evm = world.evm
        series = {
            "TreasuryBill": world.bill(),
            "GovernmentBond": world.bond(),
            "IjarahSukuk": world.sukuk(),
            "RevenueShare": world.revenue(),
            "CommodityReserve": world.commodity(),
        }
        self.held = [series[name] for name in ("TreasuryBill", "GovernmentBond", "IjarahSukuk")]
        self.contracts: dict[str, Contract] = world.contracts | series
        self.victims = [world.investor(f"holder {n}") for n in range(3)]
        self.thief = world.investor("thief")
        agent = world[Role.FISCAL_AGENT]
        for victim in self.victims:
            for token in self.held:
                world.mint(token, victim, HELD)
            world.cash["mint(address,uint256)"](victim, CASH, sender=agent)
        self.series = list(series.values())
        targets = [*self.contracts.values(), *self.victims]
        self.addresses = [str(getattr(each, "address", each)) for each in targets]
        self.addresses += [*([str(self.thief)] * 8), *map(str, self.victims * 4), NOBODY]

        self.allowed = self.caps()
        now = self.evm.time
        self.fitting: dict[str, list[Any]] = {
            **dict.fromkeys(("token", "series"), [each.address for each in self.held]),
            **dict.fromkeys(("from", "lost", "account", "holder"), [*map(str, self.victims)]),
            **dict.fromkeys(("to", "successor"), [str(self.thief), str(world.evm.actor("new"))]),
            "cash": [world.cash.address],
            "class": [each.address for each in world.classes.values()],
            **dict.fromkeys(("country", "currency"), [586]),
            **dict.fromkeys(("expiry", "expires", "until"), [now + 90 * 86_400]),
            "sequence": [0],
            "document": [REFERENCE],
            **dict.fromkeys(("amount", "units", "value"), [1, 10, HELD]),
            "unit": [b"PKR".ljust(32, b"\0"), b"XAU oz".ljust(32, b"\0")],
        }
        """What an argument of a name takes mostly: blind guesses would nearly all be refused."""

    def caps(self) -> tuple[int, dict[bytes, int]]:
        """The ceiling, and each class's allocation."""
        limits = self.world.programme.limits()
        named = {each[0]: each[1] for each in limits.allocations}
        return limits.ceiling, named

    def own(self, role: Role) -> list[tuple[Contract, AbiEntry]]:
        """What the role opens."""
        own = [
            (self.contracts[label.contract], self.contracts[label.contract][each].entry)
            for label in powers.labels()
            if label.role == role
            for each in label.functions
        ]
        if role is Role.ADMIN:
            authority = self.contracts["Authority"]
            own = [(authority, each) for each in _state_changing(authority)]
        return own

    def weapons(self, role: Role) -> list[tuple[Contract, AbiEntry]]:
        """What the role opens, so often that it is most, and what is open to anyone, or closed."""
        own, others = self.own(role), list(self.anyones)
        return own * (2 * len(others) // max(1, len(own))) + others

    @property
    def anyones(self) -> Iterator[tuple[Contract, AbiEntry]]:
        for name, contract in self.contracts.items():
            known = {
                f for label in powers.labels() if label.contract == name for f in label.functions
            }
            for entry in _state_changing(contract):
                if artifacts.signature(entry) not in known:
                    yield contract, entry

    def something(self, parameter: AbiEntry, dice: Random) -> Any:
        """A value of a type, of those that mean something here."""
        kind, name = parameter["type"], parameter["name"].strip("_")
        fitting = [each for each in self.fitting.get(name, ()) if _is_of(each, kind)]
        if fitting and dice.random() < 0.8:
            return dice.choice(fitting)
        if kind.endswith("]"):
            length = kind[kind.rindex("[") + 1 : -1]
            member = {**parameter, "type": kind[: kind.rindex("[")]}
            return [self.something(member, dice) for _ in range(int(length or dice.randint(1, 2)))]
        if kind == "tuple":
            return tuple(self.something(each, dice) for each in parameter["components"])
        if kind == "address":
            return dice.choice(self.addresses)
        if kind == "bool":
            return dice.random() < 0.5
        if kind in ("string", "bytes"):
            return "" if kind == "string" else b""
        if kind.startswith("bytes"):
            return dice.choice([REFERENCE, bytes(32), b"TreasuryBill".ljust(32, b"\0")])[
                : int(kind[5:])
            ]
        bits = int(kind.removeprefix("uint").removeprefix("int"))
        now = self.evm.time
        number = dice.choice(
            [0, 1, 2, 5, HELD, 10 * HELD, now, now + HOUR, now + 90 * 86_400, 2**255]
        )
        return min(number, 2 ** (bits - 1) - 1)

    def strike(self, role: Role, number: int, until: int) -> None:
        """One act of the thief's; what must wait is scheduled, and called when it has waited."""
        dice = Random(number)
        if dice.random() < 0.1:
            self.evm.time = min(self.evm.time + dice.choice([1, 25, 24 * 8]) * HOUR, until)
            return
        contract, entry = dice.choice(_weapons(role))
        function = contract[artifacts.signature(entry)]
        given = [self.something(each, dice) for each in entry["inputs"]]
        authority = self.world.authority
        try:
            if DELAYS.get(role) and dice.random() < 0.8 and (contract, entry) in _own(role):
                authority.schedule(contract, function.encode(*given), 0, sender=self.thief)
                self.evm.time = min(self.evm.time + DELAYS[role], until)
            function(*given, sender=self.thief)
        except Reverted:
            pass

    def check(self) -> None:
        """What must hold after whatever was done."""
        programme = self.world.programme
        for token in self.series:
            authorised = programme.seriesOf(token).authorised
            assert token.totalSupply() <= min(token.maximumIssue(), authorised), token
        ceiling, allocations = self.caps()
        assert ceiling <= self.allowed[0]
        assert all(usd <= self.allowed[1].get(name, 0) for name, usd in allocations.items())
        for victim in self.victims:
            for token in self.held:
                assert token.balanceOf(victim) >= HELD, token
            assert self.world.cash.balanceOf(victim) >= CASH


def _is_of(value: Any, kind: str) -> bool:
    if kind == "address":
        return isinstance(value, str)
    if kind.startswith("uint") and not kind.endswith("]"):
        return isinstance(value, int) and value < 2 ** int(kind.removeprefix("uint"))
    return kind == "bytes32" and isinstance(value, bytes)


def _state_changing(contract: Contract) -> list[AbiEntry]:
    return [
        each
        for each in contract.abi
        if each["type"] == "function" and each["stateMutability"] not in ("view", "pure")
    ]


@cache
def siege() -> Siege:
    return Siege()


@cache
def _own(role: Role) -> list[tuple[Contract, AbiEntry]]:
    return siege().own(role)


@cache
def _weapons(role: Role) -> list[tuple[Contract, AbiEntry]]:
    return siege().weapons(role)


@pytest.mark.parametrize("role", OF_PEOPLE, ids=lambda role: role.name)
@settings(max_examples=8, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(numbers=st.lists(st.integers(0, 2**32), min_size=ACTS, max_size=ACTS))
def test_one_role_alone_mints_past_no_cap_and_takes_from_no_holder(
    role: Role, numbers: list[int]
) -> None:
    here = siege()
    world, evm = here.world, here.evm
    with evm.snapshot():
        delay = DELAYS.get(role, 0)
        world.authority.grantRole(role, here.thief, delay, sender=world.admin)
        until = evm.time + BOUNDED.get(role, 60 * 86_400) - 1
        for number in numbers:
            here.strike(role, number, until)
        here.check()


def test_what_waits_is_what_protects_from_an_executor_of_orders() -> None:
    """The check has teeth: past its delay, and with nobody to cancel, that key takes."""
    here = siege()
    world, evm = here.world, here.evm
    token, (victim, *_) = here.held[0], here.victims
    with evm.snapshot():
        delay = DELAYS[Role.ORDER_EXECUTOR]
        world.authority.grantRole(Role.ORDER_EXECUTOR, here.thief, delay, sender=world.admin)
        order = (victim, here.thief, 1, (REFERENCE, 0, evm.time + 2 * delay))
        call = token[FORCED_TRANSFER].encode(*order)
        world.authority.schedule(token, call, 0, sender=here.thief)
        evm.advance(seconds=delay)
        token[FORCED_TRANSFER](*order, sender=here.thief)
        with pytest.raises(AssertionError):
            here.check()
