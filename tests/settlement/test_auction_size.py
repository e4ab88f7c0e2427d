"""An auction of five hundred bids: no transaction of it above what real networks take."""

from __future__ import annotations

from typing import Final

import pytest

from scripts._amanat import allocation
from scripts._amanat.powers import Role
from tests.evm import TRANSACTION_GAS
from tests.settlement.auction_hall import BOND, DECISION, LOT, Hall, Tranche, as_imported, rules_of
from tests.settlement.test_auction_decision import last_of
from tests.world import PAKISTAN, Rules, World

DEALERS: Final = 55
EACH: Final = 8
SAVERS: Final = 60
PAGE: Final = 100
THREE_RULES: Final = Rules(jurisdictions=True, maximum_holding=10**10, supply_cap=10**10)


@pytest.fixture(scope="module")
def hall() -> Hall:
    """440 sealed bids, all of them at one price, and 60 without: the dearest decision there is."""
    world = World()
    hall = Hall(world, DEALERS, SAVERS)
    hall.bill = world.bill(THREE_RULES, countries=[PAKISTAN])
    hall.deposit(*hall.dealers, amount=EACH * BOND)
    hall.open(
        target=3_000 * LOT,
        maximum=3_000 * LOT,
        most_bids=440,
        most_bids_each=EACH,
        non_competitive=Tranche(within_target=True),
    )
    shown = [
        hall.sealed(dealer, 975_000, (7 + (place * EACH + number) % 13) * LOT, number)
        for place, dealer in enumerate(hall.dealers)
        for number in range(EACH)
    ]
    for bid in shown:
        dealer = hall.dealers[[str(each) for each in hall.dealers].index(bid.bidder)]
        hall.commit(bid, dealer)
    for saver in hall.savers:
        hall.bid_openly(saver, LOT)
    hall.close()
    hall.reveal(*shown)
    hall.end_revealing()
    return hall


@pytest.mark.chain
def test_no_transaction_of_five_hundred_bids_is_too_large(hall: Hall) -> None:
    """Pitfall 4; receipts' gas, every slot cold."""
    evm, auction, issuer = hall.evm, hall.auction, hall.world[Role.ISSUER]
    bids = as_imported(hall.bids())
    assert len(bids) == 500
    rules = rules_of(hall.announced[1])
    cut_off = next(bid.price for bid in bids if bid.price is not None)
    last = last_of(bids, rules, cut_off)
    told = (975_000, 3_000 * LOT, last, DECISION)
    gas = {"accept": evm.gas_of(auction.accept, 1, told, sender=issuer)}
    auction.accept(1, told, sender=issuer)
    wanted = {
        award.bid.number: award.face for award in allocation.allot(bids, rules, cut_off).awards
    }
    assert [bid.allotted for bid in hall.bids()] == [wanted.get(f"{n}", 0) for n in range(500)]
    gas["settle"] = settle_first_page(hall)
    gas["forfeit"] = forfeit_a_page(hall)
    gas["release"] = release_a_page(hall)
    print(", ".join(f"{name} {used:,}" for name, used in gas.items()))
    assert max(gas.values()) < TRANSACTION_GAS


def settle_first_page(hall: Hall) -> int:
    """All of them new holders."""
    hall.begin_settling()
    firsts = [place * EACH for place in range(DEALERS)] + list(range(440, 485))
    gas = hall.evm.gas_of(hall.auction.settle, 1, firsts, sender=hall.dealers[0])
    with hall.evm.snapshot():
        hall.settle(firsts)
        assert len(hall.evm.receipt.events("BidSettled")) == PAGE == len(firsts)
    return gas


def forfeit_a_page(hall: Hall) -> int:
    """None of them can pay."""
    with hall.evm.snapshot():
        for dealer in hall.dealers:
            hall.cash.approve(hall.auction, 0, sender=dealer)
        hall.evm.time = hall.announced[1].settle_end
        agent = hall.world[Role.FISCAL_AGENT]
        return hall.evm.gas_of(hall.auction.forfeit, 1, range(PAGE), sender=agent)


def release_a_page(hall: Hall) -> int:
    """All of them blocked by the bank: kept as margins."""
    with hall.evm.snapshot():
        agent = hall.world[Role.FISCAL_AGENT]
        for dealer in hall.dealers:
            hall.cash.blockAccount(dealer, sender=agent)
        hall.evm.time = hall.announced[1].settle_end + 7 * 86_400
        return hall.evm.gas_of(hall.auction.release, 1, range(2 * PAGE), sender=agent)
