"""Claims of others on a lot: two parties make them, and let them go."""

from __future__ import annotations

from typing import Any

import pytest

from tests.evm import reverts
from tests.reserve.vault import FINE, Vault
from tests.world import REFERENCE, Role, padded

LOT = padded(b"LOT-1")
WEEK = 7 * 86_400


def what(vault: Vault, encumbered: bool = True, **changes: Any) -> tuple[Any, ...]:
    fields = {"token": vault.token, "lot": LOT, "encumbered": encumbered, "document": REFERENCE}
    return tuple((fields | changes).values())


def test_an_encumbered_lot_does_not_count_until_it_is_released(vault: Vault) -> None:
    vault.attest(vault.lot("LOT-1"), vault.lot("LOT-2"))
    vault.lots.proposeEncumbrance(*what(vault), sender=vault.custodian)
    assert vault.evm.receipt.events("EncumbranceProposed") == [
        {
            "token": vault.token.address,
            "lotId": LOT,
            "encumbered": True,
            "document": REFERENCE,
            "custodian": vault.custodian,
            "expiry": vault.evm.time + WEEK,
        }
    ]
    assert vault.reserve == 2 * FINE
    vault.lots.confirmEncumbrance(*what(vault), sender=vault.fiscal)
    by = {"custodian": vault.custodian, "confirmer": vault.fiscal}
    where = {"token": vault.token.address, "lotId": LOT, "document": REFERENCE}
    assert vault.evm.receipt.events("LotEncumbered") == [where | by]
    assert vault.reserve == FINE
    vault.attest(vault.lot("LOT-1"), vault.lot("LOT-2"))  # a new count does not release it
    assert vault.reserve == FINE
    with reverts("ReserveExceeded"):
        vault.mint(vault.holder(), FINE + 1)
    vault.encumber(encumbered=False)
    assert vault.evm.receipt.events("LotReleased") == [where | by]
    assert vault.reserve == 2 * FINE


@pytest.mark.parametrize("encumbered", [True, False])
def test_neither_party_does_it_alone(vault: Vault, encumbered: bool) -> None:
    vault.attest()
    if not encumbered:
        vault.encumber()
    act = what(vault, encumbered)
    with reverts("EncumbranceNotProposed", LOT, encumbered, REFERENCE):
        vault.lots.confirmEncumbrance(*act, sender=vault.fiscal)
    vault.lots.proposeEncumbrance(*act, sender=vault.custodian)
    with reverts("AccessManagedUnauthorized", vault.custodian):
        vault.lots.confirmEncumbrance(*act, sender=vault.custodian)
    with reverts("AccessManagedUnauthorized", vault.fiscal):
        vault.lots.proposeEncumbrance(*act, sender=vault.fiscal)
    vault.lots.confirmEncumbrance(*act, sender=vault.fiscal)
    with reverts("EncumbranceNotProposed", LOT, encumbered, REFERENCE):
        vault.lots.confirmEncumbrance(*act, sender=vault.fiscal)


def test_what_is_confirmed_is_what_was_proposed_and_in_time(vault: Vault) -> None:
    vault.attest(vault.lot("LOT-1"), vault.lot("LOT-2"))
    vault.lots.proposeEncumbrance(*what(vault), sender=vault.custodian)
    for other in (
        what(vault, document=bytes(31) + b"\1"),
        what(vault, encumbered=False),
        what(vault, lot=padded(b"LOT-2")),
    ):
        with reverts("EncumbranceNotProposed"):
            vault.lots.confirmEncumbrance(*other, sender=vault.fiscal)
    vault.evm.advance(seconds=WEEK)
    with reverts("EncumbranceNotProposed", LOT, True, REFERENCE):
        vault.lots.confirmEncumbrance(*what(vault), sender=vault.fiscal)


def test_what_makes_no_sense_is_not_proposed(vault: Vault) -> None:
    vault.attest()
    for nonsense in (
        what(vault, document=bytes(32)),
        what(vault, encumbered=False),  # it is free
        what(vault, lot=padded(b"LOT-9")),  # there is none
    ):
        with reverts("EncumbranceUnsound"):
            vault.lots.proposeEncumbrance(*nonsense, sender=vault.custodian)
    vault.encumber()
    with reverts("EncumbranceUnsound", LOT, True, REFERENCE):
        vault.lots.proposeEncumbrance(*what(vault), sender=vault.custodian)


def test_what_holders_have_a_claim_on_cannot_be_encumbered(vault: Vault) -> None:
    vault.attest(vault.lot("LOT-1"), vault.lot("LOT-2"))
    holder = vault.holder(units=FINE + 1)
    vault.lots.proposeEncumbrance(*what(vault), sender=vault.custodian)
    with reverts("EncumbranceUncovers", LOT, FINE + 1, FINE):
        vault.lots.confirmEncumbrance(*what(vault), sender=vault.fiscal)
    vault.world.burn(vault.token, holder, 1)
    vault.lots.confirmEncumbrance(*what(vault), sender=vault.fiscal)


def test_the_custodian_of_another_series_has_no_say(vault: Vault) -> None:
    other = vault.evm.actor("another vault")
    vault.world.authority.grantRole(Role.CUSTODIAN, other, 0, sender=vault.world.admin)
    vault.attest()
    with reverts("CustodianOnly", vault.token, other):
        vault.lots.proposeEncumbrance(*what(vault), sender=other)


def test_a_lot_that_is_being_redeemed_is_not_encumbered_nor_an_encumbered_one_redeemed(
    vault: Vault,
) -> None:
    vault.attest(vault.lot("LOT-1"), vault.lot("LOT-2"))
    holder = vault.holder(units=200_000)
    first = vault.request(holder, 100_000)
    vault.assign(first, 100_000)
    vault.lots.proposeEncumbrance(*what(vault), sender=vault.custodian)
    with reverts("LotIsAssigned", LOT, 100_000):
        vault.lots.confirmEncumbrance(*what(vault), sender=vault.fiscal)
    vault.desk.cancel(first, sender=holder)
    vault.lots.confirmEncumbrance(*what(vault), sender=vault.fiscal)
    second = vault.request(holder, 100_000, instructions=REFERENCE)
    with reverts("LotIsEncumbered", LOT):
        vault.assign(second, 100_000)
    vault.assign(second, 100_000, "LOT-2")
