"""A commodity's terms: what no series can be made of, and what it says of itself."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from tests.evm import reverts
from tests.world import NOBODY, Role, World


@cache
def here() -> World:
    return World()


@pytest.mark.parametrize(
    "changes",
    [
        {"maximum_issue": 0},
        {"stated_maturity": 20_448},
        {"commodity": b""},
        {"unit": b""},
        {"decimals": 19},
        {"minimum_quality": 0},
        {"minimum_quality": 1_000_001},
        {"heartbeat": 0},
        {"minimum_redemption": 0},
        {"tolerance": 100_000},
        {"issue_date": 2_932_897},
        {"response_time": 0},
        {"payment_time": 0},
        {"delivery_time": 0},
        {"custodian": NOBODY},
        {"auditor": NOBODY},
        {"auditor": str(here()[Role.CUSTODIAN])},
        {"term_sheet_hash": bytes(32)},
    ],
    ids=str,
)
def test_terms_that_cannot_be_a_series_are_refused(changes: dict[str, Any]) -> None:
    with reverts("TermsUnsound"):
        here().commodity(**changes)


@pytest.mark.parametrize("decimals", [0, 3, 18])
def test_a_series_says_what_its_terms_say(decimals: int) -> None:
    world = here()
    with world.evm.snapshot():
        token = world.commodity(decimals=decimals)
        assert (token.name(), token.symbol()) == ("State Gold", "PKGOLD")
        assert (token.decimals(), token.currency()) == (decimals, 586)
        terms = token.terms()
        assert terms.unit.rstrip(b"\0") == b"FINE TROY OUNCE"
        assert (terms.custodian, terms.auditor) == (
            world[Role.CUSTODIAN],
            world[Role.AUDITOR],
        )
        assert token.isBacked() is True


@pytest.mark.parametrize(
    ("units", "price", "decimals", "cost"),
    [
        (1_000, 1_150_000_0000, 2, 1_150_000_00),
        (344, 1_150_000_0000, 2, 395_600_00),
        (1, 1_150_000_1234, 2, 1_150_00),
        (1, 1_150_005_0000, 2, 1_150_01),  # 1,150.005: half-up
        (1, 1_150_004_9999, 2, 1_150_00),
        (344, 1_150_000_0000, 18, 395_600 * 10**18),
        (1, 49, 2, 0),
    ],
)
def test_a_purchase_costs_its_price_half_up_to_the_paisa(
    units: int, price: int, decimals: int, cost: int
) -> None:
    assert here().commodity().costOf(units, price, decimals) == cost


def test_a_reserve_has_no_end_and_its_record_dates_are_announced() -> None:
    world = here()
    with world.evm.snapshot():
        token = world.commodity()
        assert token.recordDates() == []
        token.announceRecordDate(world.evm.time + 86_400, sender=world[Role.ISSUER])
        world.evm.advance(days=2)
        assert token.recordDate(0) == world.evm.time - 86_400
