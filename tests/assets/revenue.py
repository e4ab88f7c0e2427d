"""A toll road whose revenue is shared, for the tests of revenue shares.

road = Road(world, alice=3_000_000)
road.declare(gross=1_000_000)               # the next quarter, signed by the auditor
road.restate(0, gross=900_000)
road.pay(0, alice)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any, Final

from eth_utils.crypto import keccak

from scripts._amanat.business_days import epoch_day, from_epoch_day
from scripts._amanat.waterfall import Figures
from tests.assets.periods import morning, pay
from tests.evm import CHAIN_ID, Actor
from tests.world import Role, Rules, World

REVENUE: Final = 4
STARTS: Final = date(2025, 10, 1)
QUARTERS: Final = [
    *(date(year, month, 1) for year in range(2026, 2030) for month in (1, 4, 7, 10)),
    *(date(2030, 1, 1), date(2030, 4, 1), date(2030, 7, 1)),
]
"""Ends of the periods: each the first day of the next."""
NOTICE: Final = 5
MEMBERS: Final = {
    "Figures": [
        {"name": name, "type": "uint112"}
        for name in ("gross", "operatingCosts", "taxesAndRoyalties", "reserve")
    ],
    "Statement": [
        {"name": "number", "type": "uint256"},
        {"name": "revision", "type": "uint256"},
        {"name": "periodStart", "type": "uint32"},
        {"name": "periodEnd", "type": "uint32"},
        {"name": "figures", "type": "Figures"},
        {"name": "auditedHash", "type": "bytes32"},
    ],
}


@dataclass(frozen=True)
class Statement:
    """`Statement` of IRevenueShare.sol, in its order."""

    number: int
    revision: int
    start: int
    end: int
    figures: tuple[int, int, int, int]
    audited: bytes = keccak(text="audited statement")


class Road:
    """The series, its holders, and declarations quarter by quarter."""

    def __init__(self, world: World, rules: Rules | None = None, **terms: Any) -> None:
        self.world, self.evm = world, world.evm
        self.officer, self.auditor = world[Role.FISCAL_AGENT], world.auditor
        self.token = world.revenue(rules, **terms)

    def give(self, **holdings: int) -> list[Actor]:
        """New investors by name, each with so many certificates."""
        until = self.evm.time + 5 * 365 * 86_400
        holders = [self.world.investor(name, until=until) for name in holdings]
        for holder, units in zip(holders, holdings.values(), strict=True):
            self.world.mint(self.token, holder, units)
        return holders

    # ---------------------------------------------------------------- statements

    def statement(self, number: int, figures: Figures, **changes: Any) -> Statement:
        """Of a quarter, in the turn of its revisions."""
        begins, ends = [STARTS, *QUARTERS][number], QUARTERS[number]
        known = {
            "revision": 0,
            "start": epoch_day(begins),
            "end": epoch_day(ends),
            "figures": astuple(figures),
        }
        return Statement(number, **known | changes)

    def sign(self, statement: Statement, signer: Actor | None = None) -> bytes:
        domain = {
            "name": self.token.name(),
            "version": "1",
            "chainId": CHAIN_ID,
            "verifyingContract": self.token.address,
        }
        figures = [field["name"] for field in MEMBERS["Figures"]]
        fields = [field["name"] for field in MEMBERS["Statement"]]
        message = dict(zip(fields, astuple(statement), strict=True))
        message["figures"] = dict(zip(figures, statement.figures, strict=True))
        return (signer or self.auditor).sign_typed(domain, MEMBERS, message)

    # ---------------------------------------------------------------- declaring

    def reach(self, day: date) -> None:
        self.evm.time = max(self.evm.time, morning(day))

    def declare(
        self, figures: Figures, *, record: date | None = None, paid: date | None = None
    ) -> int:
        """The next quarter, once it is over; its number."""
        number: int = self.token.declarationCount()
        self.reach(QUARTERS[number])
        record_day = epoch_day(record) if record else self.today + NOTICE
        pay_day = epoch_day(paid) if paid else record_day + 3
        self.put(self.statement(number, figures), record_day, pay_day)
        return number

    def put(self, statement: Statement, record_day: int, pay_day: int, **by: Any) -> None:
        """Declare a statement as it stands, with the auditor's signature unless told otherwise."""
        signature = by.get("signature") or self.sign(statement)
        sender = by.get("sender", self.officer)
        self.token.declare(astuple(statement), record_day, pay_day, signature, sender=sender)

    def restate(self, number: int, figures: Figures) -> None:
        """Other figures for a declared quarter."""
        revision = self.token.declaration(number).revision + 1
        statement = self.statement(number, figures, revision=revision)
        self.token.restate(astuple(statement), self.sign(statement), sender=self.officer)

    @property
    def today(self) -> int:
        return (self.evm.time + 5 * 3_600) // 86_400

    # ---------------------------------------------------------------- paying

    def pay(self, number: int, *holders: str) -> list[int]:
        """Announce, fund and pay a declaration; what each holder received."""
        return pay(self.world, self.token, REVENUE, number, *holders)

    def pools(self) -> Iterable[int]:
        return [self.token.declaration(n).pool for n in range(self.token.declarationCount())]


def day_of(number: int) -> date:
    """The date of days since 1970-01-01."""
    return from_epoch_day(number)
