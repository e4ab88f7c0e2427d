"""What a sukuk is and what it is not."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from scripts._amanat import artifacts
from tests.assets.periods import COUPON, REDEMPTION, RENTAL
from tests.evm import reverts
from tests.world import SukukTerms, World


@pytest.mark.parametrize("word", ["interest", "coupon"])
@pytest.mark.parametrize("contract", ["IjarahSukuk", "SukukDesk"])
def test_the_word_appears_nowhere_in_its_abi(contract: str, word: str) -> None:
    """Nor in what a wallet shows of it."""
    told = artifacts.load(contract)
    assert word not in json.dumps(told.abi).lower()
    assert word not in json.dumps(told.userdoc).lower()


def test_it_names_its_asset_its_approval_and_what_a_holder_owns(world: World) -> None:
    sukuk = world.sukuk()
    terms, wanted = sukuk.terms(), SukukTerms()
    assert terms.assetId.rstrip(b"\0") == wanted.asset_id
    assert (terms.assetHash, terms.shariahApproval) == (
        wanted.asset_hash,
        wanted.shariah_approval,
    )
    assert "undivided share in the ownership of the leased asset" in sukuk.ownership()


@pytest.mark.parametrize("field", ["asset_id", "asset_hash", "shariah_approval"])
def test_there_is_none_without_its_asset_and_its_approval(world: World, field: str) -> None:
    with reverts("TermsUnsound"):
        world.sukuk(terms=replace(SukukTerms(), **{field: bytes(32)}))


def test_it_pays_rentals_and_no_call_ends_it(world: World) -> None:
    sukuk = world.sukuk()
    assert sukuk.obligation(RENTAL, 0).recordId == 0
    with reverts("ObligationUnknown", COUPON, 0):
        sukuk.obligation(COUPON, 0)
    assert sukuk.nextPayment().kind == RENTAL
    assert sukuk.taxableAmount(REDEMPTION, 0, 100_000, 2) == 0
    assert not any(
        each["name"] == "call" for each in artifacts.load("IjarahSukuk").entries("function")
    )
