"""No mint without a reserve: what is recognised, and what stops when it is not known."""

from __future__ import annotations

from typing import Any

import pytest

from tests.evm import reverts
from tests.reserve.vault import FINE, HEARTBEAT, Vault
from tests.world import NOBODY, REFERENCE, Role, World


def test_the_published_example_mints_to_the_thousandth_and_no_further(vault: Vault) -> None:
    """domain.md: 400.025 oz × 0.9958 → 398.344; supply 398.0: 0.344 mints, 0.345 reverts."""
    vault.attest()
    assert vault.reserve == FINE == 398_344
    holder = vault.holder(units=398_000)
    with reverts("ReserveExceeded", 398_000, 345, 398_344):
        vault.mint(holder, 345)
    vault.mint(holder, 344)
    assert vault.token.totalSupply() == 398_344
    with reverts("ReserveExceeded", 398_344, 1, 398_344):
        vault.mint(holder, 1)


@pytest.mark.parametrize("door", ["mint", "mint, standard", "batch", "batch, standard"])
def test_every_door_of_a_mint_asks_for_the_reserve(vault: Vault, door: str) -> None:
    """The series' own, the desk's, the batches', the standard's: one gate is behind them all."""
    vault.attest()
    world, token, holder = vault.world, vault.token, vault.holder()
    world.authority.grantRole(Role.STANDARD_FORM, world[Role.STANDARD_FORM], 0, sender=world.admin)
    desk = world.evm.at(token, "CommodityReserve")
    functions: dict[str, Any] = {
        "mint": lambda n: vault.mint(holder, n),
        "mint, standard": lambda n: desk["mint(address,uint256)"](
            holder, n, sender=world[Role.STANDARD_FORM]
        ),
        "batch": lambda n: desk["batchMint(address[],uint256[],bytes32)"](
            [holder, holder], [n - 1, 1], REFERENCE, sender=world[Role.MINTER]
        ),
        "batch, standard": lambda n: desk["batchMint(address[],uint256[])"](
            [holder, holder], [n - 1, 1], sender=world[Role.STANDARD_FORM]
        ),
    }
    with reverts("ReserveExceeded", 0, FINE + 1, FINE):
        functions[door](FINE + 1)
    functions[door](FINE)
    assert token.totalSupply() == FINE


def test_a_bill_asks_for_no_reserve(vault: Vault) -> None:
    world = vault.world
    bill, holder = world.bill(), world.investor("holder")
    world.mint(bill, holder, 5_000)
    assert world.programme.seriesOf(bill).backed is False
    assert world.programme.seriesOf(vault.token).backed is True


def test_nothing_is_minted_before_the_first_attestation(vault: Vault) -> None:
    with reverts("ReserveStale", 0, HEARTBEAT):
        vault.mint(vault.holder(), 1)


def test_the_sale_of_a_commodity_against_payment_asks_too(vault: Vault) -> None:
    """The door that production uses: Rs 1,150,000.0000 an ounce, half-up to the paisa."""
    world, holder = vault.world, vault.holder()
    vault.cash.approve(world.dvp, 2**256 - 1, sender=holder)
    cost = vault.token.costOf(344, 1_150_000_0000, 2)
    assert cost == 395_600_00
    row = (vault.token, holder, 344, 1_150_000_0000, vault.cash, cost, REFERENCE, REFERENCE)
    with reverts("ReserveStale", 0, HEARTBEAT):
        world.dvp.allot(row, sender=vault.fiscal)
    vault.attest()
    world.dvp.allot(row, sender=vault.fiscal)
    assert vault.token.balanceOf(holder) == 344
    assert vault.cash.balanceOf(world.treasury) == cost


def test_a_stale_reserve_stops_mints_and_nothing_else(vault: Vault) -> None:
    vault.attest()
    attested = vault.evm.time
    holder, other = vault.holder(units=200_000), vault.holder("other")
    vault.evm.time = attested + HEARTBEAT
    vault.mint(holder, 1_000)  # the last second of the heartbeat
    vault.evm.advance(seconds=1)
    with reverts("ReserveStale", attested, HEARTBEAT):
        vault.mint(holder, 1)
    vault.token.transfer(other, 50_000, sender=holder)
    vault.world.burn(vault.token, other, 1_000)
    redemption = vault.request(holder, 100_000)
    vault.assign(redemption, 100_000)
    vault.desk.accept(redemption, sender=holder)
    vault.deliver(redemption, holder)
    assert vault.token.totalSupply() == 100_000
    vault.attest(vault.lot(gross=300_000))
    vault.mint(holder, 1)


def test_the_expiry_of_an_insurance_takes_a_lot_out_by_itself(vault: Vault) -> None:
    vault.attest(
        vault.lot("LOT-1", insured_until=vault.evm.time // 3_600 * 3_600 + 5 * 3_600),
        vault.lot("LOT-2"),
    )
    holder = vault.holder(units=FINE)
    assert vault.reserve == 2 * FINE
    vault.evm.time = vault.evm.time // 3_600 * 3_600 + 5 * 3_600 - 1
    assert vault.reserve == 2 * FINE
    vault.evm.advance(seconds=1)
    assert vault.reserve == FINE
    with reverts("ReserveExceeded", FINE, 1, FINE):
        vault.mint(holder, 1)


def test_when_all_lots_are_out_the_reserve_is_nothing(vault: Vault) -> None:
    vault.attest(vault.lot(insured_until=vault.evm.time + 7_200))
    vault.evm.advance(seconds=7_200)
    with reverts("ReserveNotPositive", 0):
        vault.mint(vault.holder(), 1)


# ---------------------------------------------------------------- a feed of others


class Fed(Vault):
    """A series on a feed of others, 8 decimals, which says 398.34489500."""

    def __init__(self, world: World) -> None:
        self.feed = world.evm.deploy("FakeFeed", sender=world.admin)
        super().__init__(world, feed=self.feed.address)
        self.tell(398_34489500, self.evm.time)

    def tell(self, answer: int, at: int) -> None:
        self.feed.tell(answer, at, sender=self.anyone)


@pytest.fixture
def fed(vault: Vault) -> Fed:
    return Fed(vault.world)


def test_the_decimals_of_a_feed_are_scaled_down(fed: Fed) -> None:
    assert fed.reserve == FINE
    holder = fed.holder(units=FINE)
    with reverts("ReserveExceeded", FINE, 1, FINE):
        fed.mint(holder, 1)


@pytest.mark.parametrize(
    ("decimals", "answer", "reserve"),
    [(0, 398, 398_000), (2, 398_34, 398_340), (3, 398_344, 398_344), (18, 398_344_999 * 10**12, 0)],
)
def test_a_feed_may_have_fewer_decimals_or_more(
    fed: Fed, decimals: int, answer: int, reserve: int
) -> None:
    fed.feed.tellDecimals(decimals, sender=fed.anyone)
    fed.tell(answer, fed.evm.time)
    assert fed.reserve == (reserve or 398_344)


def test_an_answer_beyond_all_reason_overflows_nothing(fed: Fed) -> None:
    """Some feeds say "unlimited" so: then the other caps of a mint are what holds."""
    fed.feed.tellDecimals(0, sender=fed.anyone)
    fed.tell(2**255 - 1, fed.evm.time)
    assert fed.reserve == (2**191 - 1) * 1_000


def test_every_failure_of_a_feed_stops_mints_and_says_why(fed: Fed) -> None:
    """Zero, negative, stale, of the future, reverting, malformed, without code."""
    holder, now, feed = fed.holder(), fed.evm.time, fed.feed
    for answer in (0, -1, -(2**255)):
        fed.tell(answer, now)
        with reverts("ReserveNotPositive", answer):
            fed.mint(holder, 1)
    fed.tell(1, now)  # a millionth of an ounce: nothing, floored
    with reverts("ReserveNotPositive", 0):
        fed.mint(holder, 1)
    fed.tell(10**12, now + 1)
    with reverts("ReserveFromTheFuture", now + 1):
        fed.mint(holder, 1)
    fed.tell(10**12, now - HEARTBEAT - 1)
    with reverts("ReserveStale", now - HEARTBEAT - 1, HEARTBEAT):
        fed.mint(holder, 1)
    fed.tell(10**12, 0)
    with reverts("ReserveStale", 0, HEARTBEAT):
        fed.mint(holder, 1)
    fed.tell(10**12, 2**40)
    with reverts("ReserveUnanswered", feed):
        fed.mint(holder, 1)
    feed.breakDown(sender=fed.anyone)
    with reverts("ReserveUnanswered", feed):
        fed.mint(holder, 1)
    fed.tell(10**12, now)
    for decimals in (37, 255, 256, 2**255):
        feed.tellDecimals(decimals, sender=fed.anyone)
        with reverts("ReserveUnanswered", feed):
            fed.mint(holder, 1)
    feed.tellDecimals(8, sender=fed.anyone)
    feed.tellBytes(bytes(159), sender=fed.anyone)
    with reverts("ReserveUnanswered", feed):
        fed.mint(holder, 1)
    fed.tell(2**255 - 1, now)  # more than there is in the world: the terms' maximum is left
    with reverts("MaximumIssueExceeded"):
        fed.mint(holder, 100_000_001)
    fed.mint(holder, 100_000_000)


def test_a_feed_without_code_is_no_answer(vault: Vault) -> None:
    nowhere = vault.evm.actor("nowhere")
    here = Vault(vault.world, feed=str(nowhere))
    with reverts("ReserveUnanswered", nowhere):
        here.mint(here.holder(), 1)


def test_what_the_register_knows_better_is_taken_off_a_feed(fed: Fed) -> None:
    """An encumbered lot and an uninsured one, though the feed counts them."""
    fed.tell(1_000_00000000, fed.evm.time)
    fed.attest(
        fed.lot("LOT-1"),
        fed.lot("LOT-2", insured_until=fed.evm.time + 3_600),
        fed.lot("LOT-3"),
    )
    assert fed.reserve == 1_000_000
    fed.encumber("LOT-1")
    assert fed.reserve == 1_000_000 - FINE
    fed.evm.advance(seconds=7_200)
    assert fed.reserve == 1_000_000 - 2 * FINE
    fed.tell(700_00000000, fed.evm.time)
    with reverts("ReserveNotPositive", 0):
        fed.mint(fed.holder(), 1)


def test_after_a_delivery_a_feed_must_have_spoken_again(fed: Fed) -> None:
    """What left the vault since its last word would be counted twice."""
    told = fed.evm.time
    fed.attest()
    holder = fed.holder(units=200_000)
    redemption = fed.request(holder, 100_000)
    fed.assign(redemption, 100_000)
    fed.desk.accept(redemption, sender=holder)
    fed.evm.advance(seconds=60)
    fed.deliver(redemption, holder)
    with reverts("ReserveBeforeDelivery", told, fed.evm.time):
        fed.mint(holder, 1)
    fed.evm.advance(seconds=60)
    fed.tell(298_34400000, fed.evm.time)
    fed.mint(holder, 198_344)


# ---------------------------------------------------------------- our own feed


def test_the_attested_reserve_is_a_feed_for_everybody(vault: Vault) -> None:
    vault.attest()
    address = vault.lots.feedOf(vault.token)
    assert vault.lots.openFeed.call(vault.token, sender=vault.anyone) == address
    vault.lots.openFeed(vault.token, sender=vault.anyone)
    assert vault.evm.receipt.events("FeedOpened") == [
        {"token": vault.token.address, "feed": address}
    ]
    feed, at = vault.evm.at(address, "ReserveFeed"), vault.evm.time
    assert (feed.decimals(), feed.description(), feed.version()) == (3, "PKGOLD reserve", 1)
    assert tuple(feed.latestRoundData()) == (1, FINE, at, at, 1)
    vault.evm.advance(days=1)
    vault.attest(vault.lot(), vault.lot("LOT-2"))
    assert tuple(feed.latestRoundData())[:2] == (2, 2 * FINE)
    assert tuple(feed.getRoundData(1)) == (1, FINE, at, at, 1)
    with reverts("RoundUnknown", vault.token, 3):
        feed.getRoundData(3)
    with reverts("FailedDeployment"):
        vault.lots.openFeed(vault.token, sender=vault.anyone)


def test_a_feed_without_an_attestation_says_nothing(vault: Vault) -> None:
    vault.lots.openFeed(vault.token, sender=vault.anyone)
    feed = vault.evm.at(vault.lots.feedOf(vault.token), "ReserveFeed")
    with reverts("RoundUnknown", vault.token, 0):
        feed.latestRoundData()


def test_our_feed_feeds_another_series(vault: Vault) -> None:
    """`AggregatorV3Interface` is all that a series asks of the feed of its terms."""
    vault.attest()
    vault.lots.openFeed(vault.token, sender=vault.anyone)
    other = Vault(vault.world, feed=vault.lots.feedOf(vault.token), decimals=2)
    assert other.reserve == FINE // 10
    vault.evm.advance(seconds=HEARTBEAT + 1)
    with reverts("ReserveStale"):
        other.mint(other.holder(), 1)


def test_the_register_knows_series_of_the_programme_alone(vault: Vault) -> None:
    for token in (NOBODY, vault.cash):
        with reverts("LotsOfNoSeries", token):
            vault.lots.recognisedReserve(token)


def test_a_foreign_token_cannot_ask_the_gate(vault: Vault) -> None:
    with reverts("NotASeries", vault.anyone):
        vault.world.programme.requireIssuable.call(1, 1, sender=vault.anyone)
