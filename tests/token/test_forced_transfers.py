"""Forced transfers: under an order, in its turn, once, and to somebody who may receive."""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from tests.evm import CHAIN_ID, Actor, Contract, reverts
from tests.world import FORCED_TRANSFER, MATURITY_INSTANT, REFERENCE, Role, Rules, World

DOMAIN = ("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)",)
ORDER = (
    "Order(address from,address to,uint256 amount,bytes32 document,uint256 sequence,uint256 expiry)"
)


def digest(token: Contract, source: str, to: str, amount: int, order: dict[str, Any]) -> bytes:
    """EIP-712, worked out beside the contract."""
    domain = keccak(
        encode(
            ["bytes32", "bytes32", "bytes32", "uint256", "address"],
            [
                keccak(text=DOMAIN[0]),
                keccak(text=token.name()),
                keccak(text="1"),
                CHAIN_ID,
                token.address,
            ],
        )
    )
    struct = keccak(
        encode(
            ["bytes32", "address", "address", "uint256", "bytes32", "uint256", "uint256"],
            [keccak(text=ORDER), source, to, amount, *order.values()],
        )
    )
    return keccak(b"\x19\x01" + domain + struct)


def order_of(world: World, sequence: int = 0) -> dict[str, Any]:
    return {"document": REFERENCE, "sequence": sequence, "expiry": world.evm.time + 60}


def test_an_order_is_executed_and_told_by_its_digest(
    world: World, bill: Contract, alice: Actor, bob: Actor
) -> None:
    """Pitfall 45: the digest binds chain, token, from, to, amount, document, turn and expiry."""
    order = order_of(world)
    executor = world[Role.ORDER_EXECUTOR]
    assert bill[FORCED_TRANSFER](alice, bob, 40, order, sender=executor) is True
    receipt = world.evm.receipt
    assert receipt.events("Transfer") == [{"from": alice, "to": bob, "value": 40}]
    assert receipt.events("ForcedTransfer") == [{"from": alice, "to": bob, "amount": 40}]
    told = {
        "order": digest(bill, alice, bob, 40, order),
        "document": REFERENCE,
        "from": alice,
        "to": bob,
        "amount": 40,
    }
    assert receipt.events("OrderExecuted") == [told]
    assert (bill.balanceOf(alice), bill.balanceOf(bob)) == (960, 40)


def test_every_part_of_an_order_is_in_its_digest(
    world: World, bill: Contract, alice: Actor, bob: Actor
) -> None:
    """Pitfall 45."""
    order, other = order_of(world), world.bill()
    seen = {digest(bill, alice, bob, 40, order)}
    executor = world[Role.ORDER_EXECUTOR]
    world.mint(other, alice, 100)
    carol = world.investor("carol")
    cases = [
        (bill, alice, bob, 41, order),
        (bill, alice, carol, 40, order),
        (bill, alice, bob, 40, order | {"document": bytes(32)}),
        (bill, alice, bob, 40, order | {"expiry": order["expiry"] + 1}),
        (other, alice, bob, 40, order),
    ]
    for token, source, to, amount, given in cases:
        with world.evm.snapshot():
            token[FORCED_TRANSFER](source, to, amount, given, sender=executor)
            told = world.evm.receipt.events("OrderExecuted")[0]["order"]
            assert told == digest(token, source, to, amount, given)
            seen.add(told)
    assert len(seen) == 1 + len(cases)


def test_an_order_is_executed_once(world: World, bill: Contract, alice: Actor, bob: Actor) -> None:
    """Pitfalls 33 and 45: a retry after a lost answer moves nothing twice."""
    order, executor = order_of(world), world[Role.ORDER_EXECUTOR]
    bill[FORCED_TRANSFER](alice, bob, 40, order, sender=executor)
    assert bill.orderSequence(alice) == 1
    with reverts("OrderOutOfSequence", alice, 0, 1):
        bill[FORCED_TRANSFER](alice, bob, 40, order, sender=executor)
    assert bill.balanceOf(bob) == 40


@pytest.mark.parametrize("sequence", [1, 2, 65_535, 65_536, 2**256 - 1])
def test_an_order_out_of_its_turn_is_refused(
    world: World, bill: Contract, alice: Actor, bob: Actor, sequence: int
) -> None:
    with reverts("OrderOutOfSequence", alice, sequence, 0):
        world.force(bill, alice, bob, 1, sequence=sequence)


def test_each_account_has_turns_of_its_own(
    world: World, bill: Contract, alice: Actor, bob: Actor
) -> None:
    world.force(bill, alice, bob, 10)
    world.force(bill, alice, bob, 10)
    assert (bill.orderSequence(alice), bill.orderSequence(bob)) == (2, 0)
    world.force(bill, bob, alice, 5)
    assert (bill.orderSequence(alice), bill.orderSequence(bob)) == (2, 1)


def test_an_order_lapses_after_the_second_of_its_expiry(
    world: World, bill: Contract, alice: Actor, bob: Actor
) -> None:
    order, executor = order_of(world), world[Role.ORDER_EXECUTOR]
    world.evm.time = order["expiry"]
    with world.evm.snapshot():
        bill[FORCED_TRANSFER](alice, bob, 1, order, sender=executor)
    world.evm.advance(seconds=1)
    with reverts("OrderExpired", order["expiry"]):
        bill[FORCED_TRANSFER](alice, bob, 1, order, sender=executor)


def test_a_refused_order_is_not_used_up(
    world: World, bill: Contract, alice: Actor, bob: Actor
) -> None:
    with reverts("ERC20InsufficientBalance", alice, 1_000, 1_001):
        world.force(bill, alice, bob, 1_001)
    assert bill.orderSequence(alice) == 0


def test_nothing_is_forced_after_the_maturity(
    world: World, bill: Contract, alice: Actor, bob: Actor
) -> None:
    """What is redeemed stands by the record date of the maturity: a holding would part from it."""
    world.evm.time = MATURITY_INSTANT - 1
    world.force(bill, alice, bob, 1)
    world.evm.time = MATURITY_INSTANT
    with reverts("SeriesMatured"):
        world.force(bill, alice, bob, 1)


def test_force_passes_freezes_pauses_halts_and_rules(
    world: World, bill: Contract, alice: Actor, bob: Actor
) -> None:
    """Pitfall 52: what pause means for force. Frozen tokens are released last."""
    rules = Rules(lot=7, locked_until=2**33, maximum_holding=1, maximum_holders=1, sanctions=True)
    officer = world[Role.COMPLIANCE_OFFICER]
    world.rule_book.configure(bill, tuple(vars(rules).values()), sender=officer)
    world.freeze(bill, alice)
    bill.setFrozenTokens(alice, 900, sender=world[Role.FREEZER])
    bill.pause(sender=world[Role.EMERGENCY])
    world.registry.halt(sender=world[Role.EMERGENCY])
    world.registry.suspend(alice, sender=world[Role.REGULATOR])
    world.force(bill, alice, bob, 100)
    assert (bill.balanceOf(alice), bill.getFrozenTokens(alice)) == (900, 900)
    world.force(bill, alice, bob, 300)
    told = world.evm.receipt.events("TokensUnfrozen")
    assert told == [{"userAddress": alice, "amount": 300}]
    assert (bill.balanceOf(alice), bill.getFrozenTokens(alice)) == (600, 600)
    assert (bill.balanceOf(bob), bill.isFrozen(alice)) == (400, True)


@pytest.mark.parametrize("why", ["frozen", "unknown", "suspended", "withdrawn", "lost"])
def test_nothing_is_forced_upon_who_may_not_receive(
    world: World, bill: Contract, alice: Actor, bob: Actor, stranger: Actor, why: str
) -> None:
    """Pitfalls 11 and 45."""
    to = stranger if why == "unknown" else bob
    if why == "frozen":
        world.freeze(bill, bob)
    elif why == "suspended":
        world.registry.suspend(bob, sender=world[Role.REGULATOR])
    elif why == "withdrawn":
        world.registry.withdraw(bob, sender=world[Role.REGISTRAR])
    elif why == "lost":
        world.lose(bob, stranger)
    assert bill.canReceive(to) is False
    with reverts("ERC7943CannotReceive", to):
        world.force(bill, alice, to, 1)


def test_nothing_is_forced_upon_the_holder_himself(
    world: World, bill: Contract, alice: Actor
) -> None:
    """Pitfall 11: it would release what is frozen."""
    bill.setFrozenTokens(alice, 900, sender=world[Role.FREEZER])
    with reverts("ForcedTransferToSelf", alice):
        world.force(bill, alice, alice, 500)
    assert bill.getFrozenTokens(alice) == 900


def test_the_standards_form_is_open_to_nobody_in_production(
    world: World, bill: Contract, alice: Actor, bob: Actor
) -> None:
    """Pitfall 45: it has no room for an order. Where somebody is given it, the turn counts on."""
    form = bill["forcedTransfer(address,address,uint256)"]
    for role in Role:
        who = world.admin if role is Role.ADMIN else world[role]
        with reverts("AccessManagedUnauthorized", who):
            form(alice, bob, 1, sender=who)
    special = world[Role.STANDARD_FORM]
    world.authority.grantRole(Role.STANDARD_FORM, special, 0, sender=world.admin)
    assert form(alice, bob, 1, sender=special) is True
    assert bill.orderSequence(alice) == 1
    with reverts("ForcedTransferToSelf", alice):
        form(alice, alice, 1, sender=special)


def test_force_is_booked_with_the_rules_it_overrides(
    world: World, bill: Contract, alice: Actor
) -> None:
    """Pitfall 14: holders and holdings stay exact where the maximum was overridden."""
    rules = Rules(maximum_holders=1, maximum_holding=2_000)
    officer = world[Role.COMPLIANCE_OFFICER]
    world.rule_book.configure(bill, tuple(vars(rules).values()), sender=officer)
    bob, carol = world.investor("bob"), world.investor("carol")
    bill.recount([alice], sender=carol)
    world.force(bill, alice, bob, 400)
    assert bill.holders() == 2
    with reverts("MaximumHoldersExceeded", 3, 1):
        bill.transfer(carol, 1, sender=bob)
    bill.transfer(bob, 600, sender=alice)
    assert bill.holders() == 1
    bill.transfer(carol, 1_000, sender=bob)
    assert bill.holders() == 1
