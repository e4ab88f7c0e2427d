"""The table on the chain and `withholding.py` withhold alike, whatever is set, and on every day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from scripts._amanat import powers
from scripts._amanat.business_days import day_in_karachi, start_of_day_karachi
from scripts._amanat.countries import CountryCode
from scripts._amanat.investors import INVESTOR_CLASSES
from scripts._amanat.payments import Kind
from scripts._amanat.pricing import Paisa
from scripts._amanat.withholding import (
    TaxCertificate,
    Taxpayer,
    TaxRate,
    WithholdingError,
    WithholdingTable,
)
from tests.evm import Contract, reverts
from tests.world import EMIRATES, PAKISTAN, REFERENCE, Role, World

PAISA_DECIMALS: Final = 2
KINDS: Final = (Kind.REDEMPTION, Kind.COUPON)
CLASSES: Final = ("retail", "bank")
INVESTORS: Final = 3


@dataclass(frozen=True)
class Rate:
    """A rate from today on, or from a later day."""

    kind: Kind
    investor_class: str | None
    resident: bool
    in_days: int
    millionths: int
    reducible: bool


@dataclass(frozen=True)
class Certificate:
    kind: Kind
    investor: int
    millionths: int
    days: int


@dataclass(frozen=True)
class Payee:
    kind: Kind
    investor: int
    investor_class: str
    country: int


@cache
def stage() -> tuple[World, Contract]:
    """A table in which nobody set a rate."""
    world = World()
    table = world.evm.deploy("WithholdingTax", world.authority, PAKISTAN, sender=world.admin)
    for signatures in powers.CONTRACTS["WithholdingTax"].values():
        selectors = [table[each.split("(")[0]].selector for each in signatures]
        world.authority.setTargetFunctionRole(table, selectors, Role.TAX_AGENT, sender=world.admin)
    world.authority.enrol(table, table, sender=world[Role.FACTORY])
    return world, table


millionths = st.integers(0, 1_000_000) | st.sampled_from([0, 150_000, 200_000, 1_000_000])
kinds = st.sampled_from(KINDS)
investors = st.integers(1, INVESTORS)
rates = st.lists(
    st.builds(
        Rate,
        kinds,
        st.none() | st.sampled_from(CLASSES),
        st.booleans(),
        st.sampled_from([0, 0, 1, 7, 30]),
        millionths,
        st.booleans(),
    ),
    max_size=12,
    unique_by=lambda each: (each.kind, each.investor_class, each.resident, each.in_days > 0),
)
certificates = st.lists(
    st.builds(Certificate, kinds, investors, millionths, st.integers(0, 40)),
    max_size=4,
    unique_by=lambda each: (each.kind, each.investor),
)
payees = st.builds(
    Payee, kinds, investors, st.sampled_from(CLASSES), st.sampled_from([PAKISTAN, EMIRATES])
)


@settings(max_examples=200)
@given(
    rates=rates,
    certificates=certificates,
    payee=payees,
    moment=st.tuples(st.integers(0, 40), st.sampled_from([0, 1, 43_200, 86_399])),
    money=st.tuples(st.integers(0, 10**15), st.integers(0, 10**15)).map(sorted),
)
def test_the_chain_withholds_what_python_withholds(
    rates: list[Rate],
    certificates: list[Certificate],
    payee: Payee,
    moment: tuple[int, int],
    money: list[int],
) -> None:
    world, table = stage()
    taxable, gross = money
    with world.evm.snapshot():
        today = day_in_karachi(world.evm.time)
        set_on_the_chain(world, table, today, rates, certificates)
        days, seconds = moment
        day = today + timedelta(days)
        world.evm.time = max(world.evm.time, start_of_day_karachi(day) + seconds)
        asked = (int(payee.kind), record_of(payee), taxable, PAISA_DECIMALS)
        try:
            said = in_python(today, rates, certificates).withhold(
                day,
                payee.kind,
                Taxpayer(str(payee.investor), payee.investor_class, CountryCode(payee.country)),
                Paisa(gross),
                Paisa(taxable),
            )
        except WithholdingError:
            with reverts("TaxRateUnset"):
                table.taxOn(*asked)
            return
        assert table.taxOn(*asked)[0] == said.tax


def set_on_the_chain(
    world: World,
    table: Contract,
    today: date,
    rates: list[Rate],
    certificates: list[Certificate],
) -> None:
    agent = world[Role.TAX_AGENT]
    rows = []
    for each in sorted(rates, key=lambda each: each.in_days):
        klass = 0 if each.investor_class is None else INVESTOR_CLASSES[each.investor_class]
        since = start_of_day_karachi(today + timedelta(each.in_days)) if each.in_days else 0
        who = (int(each.kind), klass, each.resident)
        rows.append((who, each.millionths, each.reducible, since))
    table.setRates(rows, sender=agent)
    for made in certificates:
        table.grantCertificate(
            int(made.kind),
            f"0x{made.investor:040x}",
            made.millionths,
            start_of_day_karachi(today + timedelta(made.days + 1)),
            REFERENCE,
            sender=agent,
        )


def in_python(today: date, rates: list[Rate], certificates: list[Certificate]) -> WithholdingTable:
    return WithholdingTable(
        [
            TaxRate(
                each.kind,
                each.investor_class,
                each.resident,
                today + timedelta(each.in_days),
                percent(each.millionths),
                each.reducible,
            )
            for each in rates
        ],
        [
            TaxCertificate(
                made.kind,
                str(made.investor),
                percent(made.millionths),
                today,
                today + timedelta(made.days),
            )
            for made in certificates
        ],
    )


def percent(millionths: int) -> Decimal:
    return Decimal(millionths).scaleb(-4)


def record_of(payee: Payee) -> int:
    """An `InvestorRecord` of that investor, country and class."""
    return payee.investor | payee.country << 160 | INVESTOR_CLASSES[payee.investor_class] << 170
