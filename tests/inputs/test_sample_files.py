"""The pilot's sample files: sound, consistent, and as varied as the pilot needs them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from eth_account import Account

from scripts._amanat import pricing
from scripts._amanat.auction import AuctionResult, BidKind, Sale, read_auction
from scripts._amanat.investors import Investors, Kind, read_investors
from scripts._amanat.terms import BillTerms, read_bill
from tests.inputs.samples import CHAIN_DATE

MNEMONIC = "test test test test test test test test test test test junk"
"""Anvil's published one; its first twenty accounts hold the programme's roles."""
FIRST_INVESTOR_KEY = 20


@pytest.fixture(scope="module")
def terms(root: Path) -> BillTerms:
    return read_bill(root / "scripts/_pilot/bills/mtb-3m-2025-10-02.yaml", chain_date=CHAIN_DATE)


@pytest.fixture(scope="module")
def investors(root: Path) -> Investors:
    return read_investors(root / "scripts/_pilot/investors.csv", as_of=CHAIN_DATE)


@pytest.fixture(scope="module")
def result(root: Path, terms: BillTerms, investors: Investors) -> AuctionResult:
    return read_auction(root / "scripts/_pilot/auction-2025-10-01.csv", Sale.of(terms), investors)


def test_the_investors_are_many_and_unlike(investors: Investors, terms: BillTerms) -> None:
    assert (len(investors.all), len(investors.by_wallet)) == (250, 262)
    assert not investors.remarks
    foreign = {i.country.alpha_2 for i in investors.all if i.country.alpha_2 != "PK"}
    assert len(foreign) >= 12
    wallets = Counter(len(investor.wallets) for investor in investors.all)
    assert {2, 3, 4} <= set(wallets)
    assert sum(1 for investor in investors.all if investor.kind is Kind.ATTESTED) == 250
    lapsing = [i for i in investors.all if i.verified_until < terms.stated_maturity]
    assert len(lapsing) == 10


def test_some_investors_are_of_a_country_or_class_that_the_bill_does_not_admit(
    investors: Investors, terms: BillTerms
) -> None:
    rules = terms.compliance
    assert any(i.country not in rules.jurisdictions for i in investors.all)
    assert any(i.class_name not in rules.investor_classes for i in investors.all)


def test_every_wallet_can_be_opened_on_a_local_chain(investors: Investors) -> None:
    Account.enable_unaudited_hdwallet_features()
    listed = [wallet for investor in investors.all for wallet in investor.wallets]
    for place in (0, 1, 100, len(listed) - 1):
        path = f"m/44'/60'/0'/0/{FIRST_INVESTOR_KEY + place}"
        assert Account.from_mnemonic(MNEMONIC, account_path=path).address == listed[place]


def test_the_auction_is_a_multiple_price_one(result: AuctionResult, terms: BillTerms) -> None:
    kinds = Counter(allotment.kind for allotment in result.allotments)
    assert kinds[BidKind.COMPETITIVE] >= 35
    assert kinds[BidKind.NON_COMPETITIVE] >= 12
    prices = {a.price for a in result.allotments if a.kind is BidKind.COMPETITIVE}
    assert len(prices) >= 8
    assert min(prices) == terms.auction.cut_off_price
    assert min(prices) < result.weighted_average_price < max(prices)
    assert result.face <= terms.maximum_issue


def test_the_payments_add_up_to_the_face_less_the_discount(result: AuctionResult) -> None:
    discounts = sum(pricing.discount_for(a.face, a.price) for a in result.allotments)
    assert result.payment + discounts == pricing.redemption_amount(result.face)
