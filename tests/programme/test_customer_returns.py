"""The customers' way out of a venue whose licence ended, without the venue's signature."""

from __future__ import annotations

from typing import Any

import pytest

from tests.evm import Actor, Contract, reverts
from tests.programme.licensing import LICENSED, Licensing, leaf_of, proof_of, root_of
from tests.world import REFERENCE, Role, World


class Ended:
    """A venue that holds 900 of a bill for three customers, and is suspended and frozen."""

    def __init__(self, world: World) -> None:
        self.world, self.desk = world, Licensing(world)
        self.venue, self.returns = self.desk.venue, world.returns
        self.bill: Contract = world.bill()
        self.customers = [world.investor(name) for name in ("alice", "bob", "carol")]
        self.desk.permit(self.bill)
        self.desk.bring(LICENSED)
        world.mint(self.bill, self.venue, 900)
        self.desk.suspend()
        world.freeze(self.bill, self.venue)
        self.parts = [self.part(n, each, 300) for n, each in enumerate(self.customers)]

    def part(self, index: int, customer: Actor, amount: int, **other: Any) -> dict[str, Any]:
        plain = {
            "index": index,
            "token": self.bill.address,
            "from": str(self.venue),
            "customer": str(customer),
            "amount": amount,
        }
        return plain | {name: str(value) for name, value in other.items()}

    @property
    def leaves(self) -> list[bytes]:
        return [leaf_of(each) for each in self.parts]

    def post(self, total: int = 900) -> int:
        totals = [(self.bill, total)]
        root = root_of(self.leaves)
        number: int = self.returns.post(
            self.venue, root, REFERENCE, totals, sender=self.world[Role.LICENSOR]
        )
        return number

    def confirm(self, number: int) -> None:
        executor = self.world[Role.ORDER_EXECUTOR]
        self.returns.confirm(number, root_of(self.leaves), sender=executor)

    def listed(self, total: int = 900) -> int:
        number = self.post(total)
        self.confirm(number)
        return number

    def claim(self, number: int, index: int) -> None:
        proof = proof_of(self.leaves, index)
        anyone = self.world.evm.actor("passer-by")
        self.returns.claim(number, self.parts[index], proof, sender=anyone)

    def balances(self) -> list[int]:
        return [self.bill.balanceOf(each) for each in (*self.customers, self.venue)]


@pytest.fixture
def ended(world: World) -> Ended:
    return Ended(world)


def test_customers_leave_without_the_venues_signature(ended: Ended) -> None:
    """Pitfall 60."""
    number = ended.listed()
    assert tuple(ended.returns.listOf(number)) == (
        ended.venue,
        True,
        root_of(ended.leaves),
        REFERENCE,
    )
    for index in (2, 0, 1):
        ended.claim(number, index)
        assert ended.returns.isClaimed(number, index)
    assert ended.balances() == [300, 300, 300, 0]
    assert ended.returns.leftOf(number, ended.bill) == 0
    event = ended.world.evm.receipt.events("OrderExecuted")[0]
    assert event["document"] == REFERENCE


def test_each_part_is_returned_once(ended: Ended) -> None:
    ended.parts[1] = ended.parts[0] | {"index": 1}  # alike, and yet another
    number = ended.listed()
    ended.claim(number, 0)
    with reverts("ReturnClaimed", number, 0):
        ended.claim(number, 0)
    ended.claim(number, 1)
    assert ended.balances() == [600, 0, 0, 300]


def test_nothing_is_claimed_before_another_confirmed_the_very_list(ended: Ended) -> None:
    number = ended.post()
    with reverts("ReturnsNotConfirmed", number):
        ended.claim(number, 0)
    executor = ended.world[Role.ORDER_EXECUTOR]
    with reverts("ReturnsNotToConfirm", number, root_of(ended.leaves)):
        ended.returns.confirm(number, bytes(31) + b"\1", sender=executor)
    ended.confirm(number)
    with reverts("ReturnsNotToConfirm", number, root_of(ended.leaves)):
        ended.confirm(number)


def test_what_is_not_on_the_list_is_not_returned(ended: Ended) -> None:
    number = ended.listed()
    for change in ({"amount": 301}, {"customer": str(ended.venue)}, {"index": 7}):
        forged = ended.parts[0] | change
        proof = proof_of(ended.leaves, 0)
        with reverts("ReturnNotListed", number, forged["index"]):
            ended.returns.claim(number, forged, proof, sender=ended.customers[0])


def test_a_list_takes_no_more_than_its_total(ended: Ended) -> None:
    number = ended.listed(total=500)
    ended.claim(number, 0)
    with reverts("ReturnTotalExceeded", number, ended.bill, 300, 200):
        ended.claim(number, 1)


def test_a_list_takes_from_wallets_of_its_venue_alone(ended: Ended) -> None:
    dora = ended.world.investor("dora")
    ended.parts[0] |= {"from": str(dora)}
    number = ended.listed()
    with reverts("ReturnNotFromVenue", dora, ended.venue):
        ended.claim(number, 0)


def test_a_claim_needs_the_venues_wallet_frozen(ended: Ended) -> None:
    """What it may still give back itself could be given twice."""
    number = ended.listed()
    ended.world.release(ended.bill, ended.venue)
    with reverts("WalletNotFrozen", ended.bill, ended.venue):
        ended.claim(number, 0)


def test_a_venue_whose_licence_stands_gives_back_itself(ended: Ended) -> None:
    number, other = ended.listed(), ended.post()
    ended.desk.decide(LICENSED)
    with reverts("VenueStands", ended.venue):
        ended.claim(number, 0)
    with reverts("VenueStands", ended.venue):
        ended.confirm(other)
    with reverts("VenueStands", ended.venue):
        ended.post()


def test_an_expired_licence_opens_the_way_out_too(ended: Ended) -> None:
    ended.desk.decide(LICENSED, validUntil=ended.world.evm.time + 10)
    ended.world.evm.advance(seconds=10)
    ended.claim(ended.listed(), 0)


def test_a_list_found_wrong_is_withdrawn(ended: Ended) -> None:
    number = ended.listed()
    ended.returns.withdrawList(number, REFERENCE, sender=ended.world[Role.LICENSOR])
    with reverts("ReturnsUnknown", number):
        ended.claim(number, 0)
    with reverts("ReturnsUnknown", 9):
        ended.confirm(9)


def test_a_customer_who_cannot_receive_now_is_served_later(ended: Ended) -> None:
    number, alice = ended.listed(), ended.customers[0]
    ended.world.registry.suspend(alice, sender=ended.world[Role.REGULATOR])
    with reverts("ERC7943CannotReceive", alice):
        ended.claim(number, 0)
    ended.claim(number, 1)
    ended.world.registry.unsuspend(alice, sender=ended.world[Role.RELEASER])
    ended.claim(number, 0)


def test_a_customer_who_lost_his_wallet_is_served_at_its_successor(ended: Ended) -> None:
    number, new = ended.listed(), ended.world.evm.actor("alice's new wallet")
    ended.world.recover(ended.customers[0], new)
    ended.claim(number, 0)
    assert ended.bill.balanceOf(new) == 300


def test_a_list_is_of_series_each_once_on_a_document(ended: Ended) -> None:
    licensor, bill, root = ended.world[Role.LICENSOR], ended.bill, root_of(ended.leaves)
    for arguments in (
        (ended.venue, bytes(32), REFERENCE, [(bill, 1)]),
        (ended.venue, root, bytes(32), [(bill, 1)]),
        (ended.venue, root, REFERENCE, [(bill, 1), (bill, 2)]),
        (ended.venue, root, REFERENCE, [(ended.world.cash, 1)]),
    ):
        with reverts("ReturnsInvalid"):
            ended.returns.post(*arguments, sender=licensor)


def test_an_odd_leaf_goes_up_alone(ended: Ended) -> None:
    """Every size of tree up to nine has a proof for each of its leaves."""
    for size in range(1, 10):
        with ended.world.evm.snapshot():
            ended.parts = [ended.part(n, ended.customers[n % 3], 1 + n) for n in range(size)]
            number = ended.listed()
            for index in range(size):
                assert ended.returns.leafOf(ended.parts[index]) == ended.leaves[index]
                ended.claim(number, index)
