"""Batches: all rows or none, and the row that is to blame is named with its reason (pitfall 24)."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

import pytest

from scripts._amanat import artifacts
from scripts._amanat.onchain import Status
from tests.evm import Actor, Contract, Reverted, reverts
from tests.world import NOBODY, REFERENCE, Role, Rules, World

BATCH_MINT = "batchMint(address[],uint256[],bytes32)"
STANDARD_FORMS = {
    "batchMint(address[],uint256[])": 2,
    "batchBurn(address[],uint256[])": 2,
    "batchForcedTransfer(address[],address[],uint256[])": 3,
    "mint(address,uint256)": 0,
    "burn(address,uint256)": 0,
    "forcedTransfer(address,address,uint256)": 0,
}


@pytest.fixture
def agent(world: World) -> Actor:
    """Somebody who may do all that batches do, the standard's forms included."""
    actor = world.evm.actor("agent")
    for role in (Role.STANDARD_FORM, Role.FREEZER, Role.RELEASER):
        world.authority.grantRole(role, actor, 0, sender=world.admin)
    return actor


def refused_row(call: Any, *arguments: Any, sender: Any) -> tuple[int, str, tuple[Any, ...]]:
    """The row, and the error it would have met alone."""
    try:
        call(*arguments, sender=sender)
    except Reverted as error:
        assert error.name == "BatchRowRefused", error
        reason = artifacts.decode_error(error.arguments["reason"])
        return error.arguments["row"], reason.name, tuple(reason.arguments.values())
    raise AssertionError("nothing was refused")


def test_a_batch_of_transfers_moves_every_row(
    world: World, bill: Contract, alice: Actor, bob: Actor
) -> None:
    carol = world.investor("carol")
    bill.batchTransfer([bob, carol, bob], [1, 2, 3], sender=alice)
    assert [each["value"] for each in world.evm.receipt.events("Transfer")] == [1, 2, 3]
    assert [bill.balanceOf(each) for each in (alice, bob, carol)] == [994, 4, 2]


def test_a_bad_row_of_transfers_is_named_and_nothing_moves(
    world: World, bill: Contract, alice: Actor, bob: Actor, stranger: Actor
) -> None:
    call, amounts = bill.batchTransfer, [1, 2, 3]
    blamed = refused_row(call, [bob, bob, stranger], amounts, sender=alice)
    assert blamed == (2, "ERC7943CannotReceive", (stranger,))
    blamed = refused_row(call, [bob, bob], [600, 401], sender=alice)
    assert blamed == (1, "ERC20InsufficientBalance", (alice, 400, 401))
    officer = world[Role.COMPLIANCE_OFFICER]
    world.rule_book.setJurisdictions(bill, [784], True, sender=officer)
    world.rule_book.configure(bill, astuple(Rules(jurisdictions=True)), sender=officer)
    blamed = refused_row(call, [bob], [1], sender=alice)
    assert blamed == (0, "JurisdictionNotAllowed", (bob, 586))
    assert bill.balanceOf(alice) == 1_000


def test_the_refusal_after_a_batch_names_no_row(
    bill: Contract, alice: Actor, bob: Actor, stranger: Actor
) -> None:
    """The row is forgotten at the end of its batch, by success or by refusal."""
    bill.batchTransfer([bob], [1], sender=alice)
    with reverts("ERC7943CannotReceive", stranger):
        bill.transfer(stranger, 1, sender=alice)
    refused_row(bill.batchTransfer, [stranger], [1], sender=alice)
    with reverts("ERC7943CannotReceive", stranger):
        bill.transfer(stranger, 1, sender=alice)


def test_a_batch_of_nothing_does_nothing(world: World, bill: Contract, alice: Actor) -> None:
    bill.batchTransfer([], [], sender=alice)
    assert world.evm.receipt.all_events == ()


def test_a_batch_of_mints_carries_one_reference(
    world: World, bill: Contract, alice: Actor, bob: Actor, stranger: Actor
) -> None:
    minter, mint = world[Role.MINTER], bill[BATCH_MINT]
    mint([alice, bob], [10, 20], REFERENCE, sender=minter)
    assert world.evm.receipt.events("Issued") == [{"reference_": REFERENCE, "amount": 30}]
    assert (bill.balanceOf(bob), bill.totalSupply()) == (20, 1_030)
    blamed = refused_row(mint, [alice, stranger], [1, 2], REFERENCE, sender=minter)
    assert blamed == (1, "ERC7943CannotReceive", (stranger,))
    with reverts("MaximumIssueExceeded", 1_030, 10**10 + 1, 10**10):  # the sum is at fault
        mint([alice, bob], [1, 10**10], REFERENCE, sender=minter)
    with reverts("MaximumIssueExceeded", 1_030, 2**256 - 1, 10**10):  # nor can the sum wrap
        mint([alice, bob], [2**255, 2**255], REFERENCE, sender=minter)
    assert bill.totalSupply() == 1_030


def test_a_batch_of_mints_of_a_closed_series_is_refused_as_a_whole(
    world: World, bill: Contract, alice: Actor
) -> None:
    world.programme.closeSeries(bill, sender=world[Role.ISSUER])
    with reverts("SeriesNotOpen", bill, Status.CLOSED):
        bill[BATCH_MINT]([alice], [1], REFERENCE, sender=world[Role.MINTER])


@pytest.mark.parametrize(
    ("function", "lists"),
    [
        ("batchTransfer", 2),
        (BATCH_MINT, 2),
        ("batchMint(address[],uint256[])", 2),
        ("batchBurn", 2),
        ("batchSetAddressFrozen", 2),
        ("batchFreezePartialTokens", 2),
        ("batchUnfreezePartialTokens", 2),
        ("batchForcedTransfer", 3),
    ],
)
def test_lists_of_different_lengths_are_named(
    world: World, bill: Contract, alice: Actor, agent: Actor, function: str, lists: int
) -> None:
    """Pitfall 24: no panic."""
    sender = world[Role.MINTER] if function == BATCH_MINT else agent
    extra = [REFERENCE] if function == BATCH_MINT else []
    last = [True] if function == "batchSetAddressFrozen" else [1]
    whole = [[alice]] * (lists - 1) + [last]
    for short in range(lists):
        given = [[] if at == short else each for at, each in enumerate(whole)]
        expected = (0, 1) if short == 0 else (1, 0)
        with reverts("BatchLengthsDiffer", *expected):
            bill[function](*given, *extra, sender=sender)


def test_bad_rows_of_the_agents_batches_are_named(
    bill: Contract, alice: Actor, bob: Actor, agent: Actor, stranger: Actor
) -> None:
    by = {"sender": agent}
    blamed = refused_row(bill.batchBurn, [alice, bob], [1, 1], **by)
    assert blamed == (1, "ERC20InsufficientBalance", (bob, 0, 1))
    force = bill.batchForcedTransfer
    blamed = refused_row(force, [alice, alice], [bob, alice], [1, 1], **by)
    assert blamed == (1, "ForcedTransferToSelf", (alice,))
    blamed = refused_row(force, [alice, alice], [bob, stranger], [1, 1], **by)
    assert blamed == (1, "ERC7943CannotReceive", (stranger,))
    blamed = refused_row(bill.batchFreezePartialTokens, [alice, alice], [999, 2], **by)
    assert blamed == (1, "FreezeExceedsBalance", (alice, 2, 1))
    blamed = refused_row(bill.batchUnfreezePartialTokens, [alice], [1], **by)
    assert blamed == (0, "UnfreezeExceedsFrozen", (alice, 1, 0))
    mint = bill["batchMint(address[],uint256[])"]
    blamed = refused_row(mint, [alice, stranger], [1, 1], **by)
    assert blamed == (1, "ERC7943CannotReceive", (stranger,))
    assert (bill.balanceOf(alice), bill.getFrozenTokens(alice)) == (1_000, 0)


def test_a_row_that_would_release_is_named_where_the_sender_may_not(
    world: World, bill: Contract, alice: Actor, bob: Actor
) -> None:
    freezer = world[Role.FREEZER]
    accounts, freeze = [alice, bob], [True, False]
    blamed = refused_row(bill.batchSetAddressFrozen, accounts, freeze, sender=freezer)
    assert blamed == (1, "AccessManagedUnauthorized", (freezer,))
    assert bill.isFrozen(alice) is False
    with reverts("AccessManagedUnauthorized", freezer):
        bill.setAddressFrozen(bob, False, sender=freezer)


def test_the_agents_batches_do_every_row(
    bill: Contract, alice: Actor, bob: Actor, agent: Actor
) -> None:
    bill["batchMint(address[],uint256[])"]([alice, bob], [5, 50], sender=agent)
    bill.batchFreezePartialTokens([alice, bob], [100, 50], sender=agent)
    bill.batchForcedTransfer([bob, alice], [alice, bob], [10, 1], sender=agent)
    assert (bill.getFrozenTokens(alice), bill.getFrozenTokens(bob)) == (100, 40)
    assert (bill.balanceOf(alice), bill.balanceOf(bob)) == (1_014, 41)
    bill.batchUnfreezePartialTokens([alice, bob], [100, 40], sender=agent)
    bill.batchBurn([alice, bob], [14, 41], sender=agent)
    bill.batchSetAddressFrozen([alice, bob], [True, True], sender=agent)
    assert (bill.isFrozen(alice), bill.isFrozen(bob)) == (True, True)
    bill.batchSetAddressFrozen([alice, bob], [False, True], sender=agent)
    assert (bill.isFrozen(alice), bill.isFrozen(bob)) == (False, True)
    assert (bill.balanceOf(alice), bill.balanceOf(bob)) == (1_000, 0)


@pytest.mark.parametrize("form", STANDARD_FORMS)
def test_the_forms_that_carry_no_reference_are_closed_in_production(
    world: World, bill: Contract, alice: Actor, bob: Actor, form: str
) -> None:
    """Pitfall 45: labelled with a role that is granted to nobody."""
    given: list[Any] = {
        0: [alice, bob, 1] if form.startswith("forced") else [alice, 1],
        2: [[alice], [1]],
        3: [[alice], [bob], [1]],
    }[STANDARD_FORMS[form]]
    for who in (*world.officers.values(), world.admin, alice):
        with reverts("AccessManagedUnauthorized", who):
            bill[form](*given, sender=who)


def test_the_forms_that_carry_no_reference_issue_and_retire_like_the_others(
    world: World, bill: Contract, alice: Actor, bob: Actor, agent: Actor
) -> None:
    """Where a private chain opens them: the same cap, the same gate and the same events."""

    def told(event: str) -> list[int]:
        found = world.evm.receipt.events(event)
        assert {each["reference_"] for each in found} == {bytes(32)}
        return [each["amount"] for each in found]

    mint, mint_all = bill["mint(address,uint256)"], bill["batchMint(address[],uint256[])"]
    burn = bill["burn(address,uint256)"]
    mint(alice, 5, sender=agent)
    assert told("Issued") == [5]
    mint_all([alice, bob], [1, 2], sender=agent)
    assert told("Issued") == [3]
    burn(alice, 6, sender=agent)
    assert told("Retired") == [6]
    bill.batchBurn([alice, bob], [1, 2], sender=agent)
    assert told("Retired") == [3]
    assert (bill.balanceOf(alice), bill.balanceOf(bob), bill.totalSupply()) == (999, 0, 999)
    with reverts("MaximumIssueExceeded", 999, 10**10 - 998, 10**10):
        mint(alice, 10**10 - 998, sender=agent)
    with reverts("MaximumIssueExceeded", 999, 10**10 - 998, 10**10):
        mint_all([alice, bob], [10**10 - 999, 1], sender=agent)
    world.programme.closeSeries(bill, sender=world[Role.ISSUER])
    for refused in (
        lambda: mint(alice, 1, sender=agent),
        lambda: mint_all([bob], [1], sender=agent),
    ):
        with reverts("SeriesNotOpen", bill, Status.CLOSED):
            refused()


def test_the_form_of_forcing_without_an_order_moves_and_tells(
    world: World, bill: Contract, alice: Actor, bob: Actor, agent: Actor
) -> None:
    force = bill["forcedTransfer(address,address,uint256)"]
    assert force.call(alice, bob, 7, sender=agent) is True
    force(alice, bob, 7, sender=agent)
    told = [{"from": alice, "to": bob, "amount": 7}]
    assert world.evm.receipt.events("ForcedTransfer") == told
    assert (bill.balanceOf(alice), bill.balanceOf(bob)) == (993, 7)
    with reverts("ForcedTransferToSelf", alice):
        force(alice, alice, 1, sender=agent)
    with reverts("ERC7943CannotSend", NOBODY):
        force(NOBODY, bob, 0, sender=agent)
