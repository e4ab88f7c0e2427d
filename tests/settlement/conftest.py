"""A small world for the settlement contracts: an authority, a bill, cash, and who may do what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pytest
from eth_utils.crypto import keccak

from tests.evm import GENESIS, Actor, Contract, Evm

DAY: Final = 86_400
RECORD_AT: Final = GENESIS + 30 * DAY
DUE: Final = RECORD_AT + DAY
PKR: Final = 586
PAKISTAN: Final = 586
REDEMPTION, COUPON, RENTAL = 1, 2, 3

DOOR_SHUT: Final = keccak(text="ReentrancyGuardReentrantCall()")[:4]
"""What a call back finds."""

PAYING_AGENT, FISCAL_AGENT, STEWARD, TAX_AGENT, CASH_ISSUER = 11, 12, 14, 18, 100
PAYING_AGENT_FUNCTIONS: Final = (
    "announce",
    "cancelAnnouncement",
    "pay",
    "escheat",
    "remitTax",
    "withdrawResidual",
)
STEWARD_FUNCTIONS: Final = ("approveCash", "setTreasury")


@dataclass
class World:
    """Everything deployed, and the actors by role."""

    evm: Evm
    admin: Actor
    agent: Actor
    fiscal: Actor
    steward: Actor
    ministry: Actor
    treasury: Actor
    collector: Actor
    authority: Contract
    programme: Contract
    series: Contract
    agency: Contract
    delivery: Contract
    tax: Contract

    def investor(self, number: int) -> Actor:
        return self.evm.actor(f"investor {number}")

    def investors(self, count: int) -> list[Actor]:
        return [self.investor(number) for number in range(1, count + 1)]

    def open(self, target: Contract, role: int, holder: Actor, *functions: str) -> None:
        selectors = [target[name].selector for name in functions]
        self.authority.setTargetFunctionRole(target, selectors, role, sender=self.admin)
        self.authority.grantRole(role, holder, 0, sender=self.admin)

    def cash(self, decimals: int = 2, contract: str = "FakeCash") -> Contract:
        """A cash token that both settlement contracts take."""
        arguments = (decimals,) if contract == "FakeCash" else ()
        cash = self.evm.deploy(contract, *arguments, sender=self.admin)
        for desk in (self.agency, self.delivery):
            desk.approveCash(cash, PKR, True, sender=self.steward)
        return cash

    def another_series(self) -> Contract:
        series = self.evm.deploy("FakeSeries", self.programme, RECORD_AT, DUE, sender=self.admin)
        self.programme.enrol(series, sender=self.admin)
        return series

    def announce(self, cash: Contract, series: Contract | None = None) -> bytes:
        identity: bytes = self.agency.paymentIdOf(series or self.series, REDEMPTION, 0)
        self.agency.announce(series or self.series, REDEMPTION, 0, cash, sender=self.agent)
        return identity

    def fund(self, payment: bytes, cash: Contract, amount: int) -> int:
        """The ministry pays in ``amount``, which it is given first; what was taken."""
        cash.mint(self.ministry, amount, sender=self.admin)
        cash.approve(self.agency, amount, sender=self.ministry)
        taken: int = self.agency.fund.call(payment, amount, sender=self.ministry)
        self.agency.fund(payment, amount, sender=self.ministry)
        return taken

    def ready(self, cash: Contract, *units: int) -> bytes:
        """Investors 1, 2, … hold ``units``; the redemption is due and funded in full."""
        for number, held in enumerate(units, start=1):
            self.series.mint(self.investor(number), held, b"\0" * 32, sender=self.admin)
        payment = self.announce(cash)
        self.evm.time = DUE
        self.fund(payment, cash, sum(units) * 10 ** cash.decimals())
        return payment

    def state(self, payment: bytes) -> Any:
        return self.agency.payment(payment)


def make_world(evm: Evm) -> World:
    admin, agent, fiscal, steward, ministry, treasury, collector = map(
        evm.actor,
        (
            "admin",
            "paying agent",
            "fiscal agent",
            "steward",
            "ministry",
            "treasury",
            "tax authority",
        ),
    )
    authority = evm.deploy("SettlementAuthority", admin, sender=admin)
    programme = evm.deploy("FakeProgramme", sender=admin)
    series = evm.deploy("FakeSeries", programme, RECORD_AT, DUE, sender=admin)
    programme.enrol(series, sender=admin)
    tax = evm.deploy("WithholdingTax", authority, PAKISTAN, sender=admin)
    agency = evm.deploy(
        "PayingAgent", authority, programme, programme, tax, treasury, collector, sender=admin
    )
    delivery = evm.deploy("DeliveryVersusPayment", authority, programme, treasury, sender=admin)
    world = World(
        evm,
        admin,
        agent,
        fiscal,
        steward,
        ministry,
        treasury,
        collector,
        authority,
        programme,
        series,
        agency,
        delivery,
        tax,
    )
    world.open(agency, PAYING_AGENT, agent, *PAYING_AGENT_FUNCTIONS)
    world.open(
        agency, STEWARD, steward, *STEWARD_FUNCTIONS, "setRegistry", "setTax", "setEscheatPeriod"
    )
    world.open(tax, TAX_AGENT, collector, "setRates", "grantCertificate", "revokeCertificate")
    world.open(delivery, STEWARD, steward, *STEWARD_FUNCTIONS)
    world.open(delivery, FISCAL_AGENT, fiscal, "allot", "allotWithPermit", "allotMany")
    return world


@pytest.fixture
def world(evm: Evm) -> World:
    return make_world(evm)
