"""Trades between investors: two signed orders, both legs or neither (pitfall 57)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.evm import CHAIN_ID, GENESIS, Actor, Contract, Evm, reverts
from tests.settlement.conftest import DAY, DOOR_SHUT, PKR, World, make_world

BUY, SELL = 0, 1
CLEAN, DIRTY = 0, 1
NOBODY: Final = "0x" + "00" * 20
CANCELLED: Final = 2**256 - 1
FIELDS: Final = (
    "address maker,address counterparty,address venue,address token,address cash,uint8 side,"
    "uint8 basis,uint256 units,uint256 minimumFill,uint256 consideration,uint256 expiry,"
    "uint256 salt"
)
TYPES: Final = {
    "TradeOrder": [
        dict(zip(("type", "name"), field.split(), strict=True)) for field in FIELDS.split(",")
    ]
}


@dataclass(frozen=True)
class Order:
    """The order as the market would write it down; field order is the struct's."""

    maker: str
    token: str
    cash: str
    side: int
    units: int = 1_000
    consideration: int = 98_000
    counterparty: str = NOBODY
    venue: str = NOBODY
    basis: int = DIRTY
    minimum_fill: int = 0
    expiry: int = GENESIS + DAY
    salt: int = 1

    @property
    def row(self) -> tuple[Any, ...]:
        return (
            self.maker,
            self.counterparty,
            self.venue,
            self.token,
            self.cash,
            self.side,
            self.basis,
            self.units,
            self.minimum_fill,
            self.consideration,
            self.expiry,
            self.salt,
        )

    def signed(
        self, signer: Actor, contract: Contract, chain: int = CHAIN_ID
    ) -> tuple[tuple[Any, ...], bytes]:
        domain = {
            "name": "Amanat Delivery versus Payment",
            "version": "1",
            "chainId": chain,
            "verifyingContract": contract.address,
        }
        names = [field["name"] for field in TYPES["TradeOrder"]]
        message = dict(zip(names, self.row, strict=True))
        return self.row, signer.sign_typed(domain, TYPES, message)


@dataclass
class Market:
    world: World
    cash: Contract
    seller: Actor
    buyer: Actor
    venue: Actor
    ask: Order
    bid: Order

    def settle(
        self, maker: Order, taker: Order, sender: Actor | None = None, **signers: Actor
    ) -> tuple[int, int]:
        """The answer of settling ``maker`` against ``taker``, which is then carried out."""
        delivery = self.world.delivery
        by = {str(self.seller): self.seller, str(self.buyer): self.buyer}
        first = maker.signed(signers.get("maker", by.get(maker.maker, self.seller)), delivery)
        second = taker.signed(signers.get("taker", by.get(taker.maker, self.buyer)), delivery)
        answer = delivery.settle.call(first, second, sender=sender or self.venue)
        delivery.settle(first, second, sender=sender or self.venue)
        return int(answer[0]), int(answer[1])

    def balances(self) -> tuple[int, int, int, int]:
        """Units and cash of the seller, then of the buyer."""
        series, cash = self.world.series, self.cash
        return (
            series.balanceOf(self.seller),
            cash.balanceOf(self.seller),
            series.balanceOf(self.buyer),
            cash.balanceOf(self.buyer),
        )

    def digest(self, order: Order) -> bytes:
        return bytes(self.world.delivery.orderDigest(order.row))


def make_market(world: World, cash: Contract) -> Market:
    seller, buyer, venue = map(world.evm.actor, ("seller", "buyer", "venue"))
    world.series.mint(seller, 1_000, b"\0" * 32, sender=world.admin)
    cash.mint(buyer, 200_000, sender=world.admin)
    world.series.approve(world.delivery, 2**256 - 1, sender=seller)
    cash.approve(world.delivery, 2**256 - 1, sender=buyer)
    ask = Order(str(seller), world.series.address, cash.address, SELL)
    bid = replace(ask, maker=str(buyer), side=BUY)
    return Market(world, cash, seller, buyer, venue, ask, bid)


@pytest.fixture
def market(world: World) -> Market:
    return make_market(world, world.cash())


def test_two_orders_that_meet_move_both_legs(market: Market) -> None:
    assert market.settle(market.ask, market.bid) == (1_000, 98_000)
    assert market.balances() == (0, 98_000, 1_000, 102_000)
    assert market.world.evm.receipt.events("Traded") == [
        {
            "maker": market.digest(market.ask),
            "taker": market.digest(market.bid),
            "token": market.world.series.address,
            "seller": market.seller,
            "buyer": market.buyer,
            "units": 1_000,
            "cash": market.cash.address,
            "payment": 98_000,
        }
    ]
    delivery = market.world.delivery
    assert market.cash.balanceOf(delivery) == market.world.series.balanceOf(delivery) == 0


def test_the_price_of_the_order_that_was_there_first_holds(market: Market) -> None:
    eager = replace(market.bid, consideration=99_000)
    assert market.settle(market.ask, eager) == (1_000, 98_000)


def test_a_price_outside_the_limit_of_the_taker_is_refused(market: Market) -> None:
    with reverts("TradePriceRefused", 98_000, 97_999):
        market.settle(market.ask, replace(market.bid, consideration=97_999))
    with reverts("TradePriceRefused", 98_000, 98_001):
        market.settle(market.bid, replace(market.ask, consideration=98_001))
    assert market.balances() == (1_000, 0, 0, 200_000)


def test_a_fill_is_paid_rounded_up_for_the_buyer(market: Market) -> None:
    """Pitfalls 56 and 57: a third of 100.00 is 33.34 to pay."""
    ask = replace(market.ask, units=3, consideration=10_000)
    bid = replace(market.bid, units=1, consideration=3_334)
    assert market.settle(ask, bid) == (1, 3_334)
    assert market.world.delivery.filled(market.digest(ask)) == 1


def test_an_order_is_filled_in_parts_and_then_spent(market: Market) -> None:
    for salt, units in enumerate((400, 600), start=1):
        part = replace(market.bid, units=units, consideration=98 * units, salt=salt)
        assert market.settle(market.ask, part) == (units, 98 * units)
    with reverts("OrderSpent", market.digest(market.ask)):
        market.settle(market.ask, replace(market.bid, salt=3))


def test_a_trade_sent_again_after_a_lost_answer_does_not_trade_again(market: Market) -> None:
    """Pitfall 33."""
    market.settle(market.ask, market.bid)
    with reverts("OrderSpent", market.digest(market.ask)):
        market.settle(market.ask, market.bid)


def test_a_fill_below_the_minimum_is_refused_unless_it_is_the_rest(market: Market) -> None:
    ask = replace(market.ask, minimum_fill=600)
    with reverts("OrderFillTooSmall", market.digest(ask), 599, 600):
        market.settle(ask, replace(market.bid, units=599))
    market.settle(ask, replace(market.bid, units=700, consideration=68_600))
    market.settle(ask, replace(market.bid, units=300, consideration=29_400))
    assert market.balances()[2] == 1_000


def test_an_order_cancelled_by_its_maker_trades_no_more(market: Market) -> None:
    delivery, digest = market.world.delivery, market.digest(market.ask)
    with reverts("OrderNotOfCaller", market.seller, market.buyer):
        delivery.cancel(market.ask.row, sender=market.buyer)
    delivery.cancel(market.ask.row, sender=market.seller)
    assert market.world.evm.receipt.events("OrderCancelled") == [
        {"order": digest, "maker": market.seller}
    ]
    assert delivery.filled(digest) == CANCELLED
    with reverts("OrderSpent", digest):
        market.settle(market.ask, market.bid)


def test_an_order_expires_at_the_second_it_names(market: Market) -> None:
    with market.world.evm.snapshot():
        market.world.evm.time = market.ask.expiry - 1
        market.settle(market.ask, market.bid)
    market.world.evm.time = market.ask.expiry
    with reverts("OrderExpired", market.digest(market.ask), market.ask.expiry):
        market.settle(market.ask, market.bid)


def test_an_order_binds_venue_and_counterparty(market: Market) -> None:
    stranger = market.world.evm.actor("stranger")
    ask = replace(market.ask, venue=str(market.venue))
    with reverts("OrderVenueRefused", market.digest(ask), market.venue, stranger):
        market.settle(ask, market.bid, sender=stranger)
    chosen = replace(ask, counterparty=str(stranger))
    with reverts("OrderCounterpartyRefused", market.digest(chosen), stranger, market.buyer):
        market.settle(chosen, market.bid)
    market.settle(replace(ask, counterparty=str(market.buyer)), market.bid)
    assert market.balances()[2] == 1_000


def test_orders_that_do_not_meet_are_refused(market: Market) -> None:
    world = market.world
    other_cash, other_series = world.cash(6), world.another_series()
    for taker in (
        replace(market.bid, side=SELL),
        replace(market.bid, basis=CLEAN),
        replace(market.bid, cash=other_cash.address),
        replace(market.bid, token=other_series.address),
        replace(market.bid, maker=market.ask.maker),
    ):
        with reverts("OrdersDoNotMeet", market.digest(market.ask), market.digest(taker)):
            market.settle(market.ask, taker)


def test_a_signature_binds_signer_chain_contract_and_every_field(market: Market) -> None:
    """Pitfall 57."""
    world, delivery = market.world, market.world.delivery
    elsewhere = world.evm.deploy(
        "DeliveryVersusPayment",
        world.authority,
        world.programme,
        world.treasury,
        sender=world.admin,
    )
    bid = market.bid.signed(market.buyer, delivery)
    good = market.ask.signed(market.seller, delivery)
    for row, signature in (
        market.ask.signed(market.buyer, delivery),
        market.ask.signed(market.seller, elsewhere),
        market.ask.signed(market.seller, delivery, chain=1),
        (good[0], b""),
        (good[0], good[1][:64]),
        (replace(market.ask, units=999).row, good[1]),
        (replace(market.ask, consideration=97_000).row, good[1]),
        (replace(market.ask, salt=2).row, good[1]),
    ):
        digest = delivery.orderDigest(row)
        with reverts("OrderSignatureInvalid", digest, market.seller):
            delivery.settle((row, signature), bid, sender=market.venue)


def test_a_contract_trades_under_erc_1271(market: Market) -> None:
    world = market.world
    custodian = world.evm.deploy("FakeWallet", sender=world.admin)
    world.series.transfer(custodian, 1_000, sender=market.seller)
    custodian.allow(world.series, world.delivery, 1_000, sender=world.admin)
    ask = replace(market.ask, maker=custodian.address)
    with reverts("OrderSignatureInvalid", market.digest(ask), custodian):
        market.settle(ask, market.bid)
    custodian.accept(market.digest(ask), sender=world.admin)
    market.settle(ask, market.bid)
    assert market.cash.balanceOf(custodian) == 98_000


def test_only_series_of_the_programme_and_approved_cash_are_traded(market: Market) -> None:
    world = market.world
    foreign = world.evm.deploy("FakeCash", 2, sender=world.admin)
    calls: tuple[Callable[[], object], ...] = (
        lambda: market.settle(
            replace(market.ask, token=foreign.address), replace(market.bid, token=foreign.address)
        ),
        lambda: market.settle(
            replace(market.ask, cash=foreign.address), replace(market.bid, cash=foreign.address)
        ),
    )
    with reverts("SettlementUnknownSeries", foreign):
        calls[0]()
    with reverts("CashNotApproved", foreign, PKR):
        calls[1]()


def test_a_leg_that_is_refused_undoes_the_other_and_says_why(market: Market) -> None:
    world = market.world
    world.series.freeze(market.seller, True, sender=world.admin)
    with reverts("SeriesFrozen", market.seller):
        market.settle(market.ask, market.bid)
    world.series.freeze(market.seller, False, sender=world.admin)
    world.series.refuse(market.buyer, True, sender=world.admin)
    with reverts("SeriesRefused", market.buyer):
        market.settle(market.ask, market.bid)
    world.series.refuse(market.buyer, False, sender=world.admin)
    market.cash.setManner(market.seller, 1, sender=world.admin)
    with reverts("CashRefused", market.seller):
        market.settle(market.ask, market.bid)
    assert market.balances() == (1_000, 0, 0, 200_000)
    assert world.delivery.filled(market.digest(market.ask)) == 0


def test_cash_that_takes_a_fee_is_refused(market: Market) -> None:
    """Pitfall 32."""
    market.cash.setFee(100, sender=market.world.admin)
    with reverts("CashReceiptMismatch", market.cash, 98_000, 97_020):
        market.settle(market.ask, market.bid)


def test_cash_that_calls_back_finds_the_door_shut(market: Market) -> None:
    """Pitfall 27."""
    delivery = market.world.delivery
    ask, bid = replace(market.ask, salt=7), replace(market.bid, salt=7)
    again = delivery.settle.encode(
        ask.signed(market.seller, delivery), bid.signed(market.buyer, delivery)
    )
    market.cash.setCallBack(market.seller, delivery, again, sender=market.world.admin)
    with reverts("CallBackRefused", DOOR_SHUT):
        market.settle(market.ask, market.bid)


def test_a_clean_price_is_paid_with_what_accrued_rounded_up(market: Market) -> None:
    """Pitfall 57: half a paisa a unit; 333 units accrue 166.5 paisa, 167 to pay."""
    ask = replace(market.ask, units=333, consideration=33_300, basis=CLEAN)
    bid = replace(market.bid, units=333, consideration=33_300, basis=CLEAN)
    with reverts("TradeWithoutAccrual", market.world.series):
        market.settle(ask, bid)
    market.world.series.setAccrues(sender=market.world.admin)
    assert market.settle(ask, bid) == (333, 33_300 + 167)


world_once: list[Market] = []


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    units=st.integers(1, 1_000),
    consideration=st.integers(1, 150_000),
    fills=st.lists(st.integers(1, 400), min_size=1, max_size=6),
    seller_first=st.booleans(),
)
def test_no_order_is_filled_beyond_its_units_or_below_its_price(
    units: int, consideration: int, fills: list[int], seller_first: bool
) -> None:
    """Over any fills: no seller is paid too little, no buyer pays a unit a fill more."""
    if not world_once:
        world = make_world(Evm())
        world_once.append(make_market(world, world.cash()))
    market = world_once[0]
    with market.world.evm.snapshot():
        resting, other = (market.ask, market.bid) if seller_first else (market.bid, market.ask)
        resting = replace(resting, units=units, consideration=consideration)
        traded = paid = 0
        for salt, wanted in enumerate(fills, start=1):
            if traded == units:
                break
            share = consideration * wanted
            limit = -(-share // units) if seller_first else share // units  # of buyer, of seller
            taker = replace(other, units=wanted, consideration=limit, salt=salt)
            filled, payment = market.settle(resting, taker)
            assert filled == min(wanted, units - traded)
            traded, paid = traded + filled, paid + payment
        assert market.balances() == (1_000 - traded, paid, traded, 200_000 - paid)
        assert consideration * traded <= paid * units < consideration * traded + units * len(fills)


def test_a_full_signed_trade_costs_little_beside_its_legs(market: Market) -> None:
    """Both parties hold both already; the fake series has no rules."""
    world = market.world
    market.cash.mint(market.seller, 5, sender=world.admin)
    world.series.mint(market.buyer, 5, b"\0" * 32, sender=world.admin)
    world.series.mint(market.seller, 5, b"\0" * 32, sender=world.admin)
    world.delivery.settle(
        market.ask.signed(market.seller, world.delivery),
        market.bid.signed(market.buyer, world.delivery),
        sender=market.venue,
    )
    print(f"signed trade of the fake series: {world.evm.receipt.gas_used:,}")
    assert world.evm.receipt.gas_used < 145_000
