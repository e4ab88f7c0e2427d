"""One signer is no proof: what a joint attestation must be, and what it changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scripts._amanat.lots import MILLIONTHS, Attestation
from tests.evm import CHAIN_ID, reverts
from tests.reserve.vault import DAY, DOCUMENT, FINE, FINENESS, GROSS, Vault, contract_wallet
from tests.world import Role, padded

GRADE = 1


def test_both_keepers_sign_one_record_and_anyone_brings_it(vault: Vault) -> None:
    lot = vault.lot()
    vault.attest(lot)
    (told,) = vault.evm.receipt.events("ReserveAttested")
    assert (told["token"], told["sequence"], told["document"]) == (vault.token, 1, DOCUMENT)
    assert (told["custodian"], told["auditor"]) == (vault.custodian, vault.auditor)
    assert (told["asOf"], told["reserve"]) == (vault.evm.time, FINE)
    assert [tuple(each) for each in told["lots"]] == [lot.values]
    assert vault.lots.lotsOf(vault.token) == [padded(b"LOT-1")]
    state = vault.lots.lot(vault.token, padded(b"LOT-1"))
    assert tuple(state) == (FINE, 0, lot.insured_until // 3_600, False)


def test_python_and_the_register_agree_on_what_is_signed(vault: Vault) -> None:
    record = vault.record(vault.lot(), vault.lot("LOT-2"))
    digest = vault.lots.attestationDigest(record.values)
    assert digest == record.digest(CHAIN_ID, vault.lots.address)


@pytest.mark.parametrize("signer", ["custodian", "auditor"])
def test_one_signature_is_no_proof(vault: Vault, signer: str) -> None:
    """Neither twice the same hand, nor a stranger's, nor none."""
    record = vault.record()
    role = Role.CUSTODIAN if signer == "auditor" else Role.AUDITOR
    other = vault.custodian if role == Role.CUSTODIAN else vault.auditor
    good = vault.sign(record, getattr(vault, signer))
    for bad in (good, vault.sign(record, vault.anyone), b"", bytes(65)):
        both = {"custodian": bad, "auditor": bad} | {signer: good}
        with reverts("AttestationNotSigned", other, role):
            vault.submit(record, **both)


def test_a_signature_holds_for_no_other_record(vault: Vault) -> None:
    record = vault.record()
    signed = vault.sign(record, vault.custodian), vault.sign(record, vault.auditor)
    lot = vault.lot(gross=GROSS + 1_000)
    forged: list[Attestation] = [
        replace(record, document=bytes(31) + b"\1"),
        replace(record, as_of=record.as_of - 1),
        replace(record, lots=(lot,)),
        replace(record, lots=()),
        replace(record, token=vault.world.commodity().address),
    ]
    for each in forged:
        with reverts("AttestationNotSigned", vault.custodian, Role.CUSTODIAN):
            vault.submit(each, *signed)
    vault.submit(record, *signed)


def test_an_attestation_is_used_once_and_in_its_turn(vault: Vault) -> None:
    record = vault.record()
    signed = vault.sign(record, vault.custodian), vault.sign(record, vault.auditor)
    vault.submit(record, *signed)
    with reverts("AttestationOutOfSequence", vault.token, 1, 2):
        vault.submit(record, *signed)
    with reverts("AttestationOutOfSequence", vault.token, 3, 2):
        vault.attest(sequence=3)


def test_what_was_signed_before_a_delivery_cannot_put_it_back(vault: Vault) -> None:
    vault.attest()
    holder = vault.holder(units=200_000)
    record = vault.record()
    redemption = vault.request(holder, 100_000)
    vault.assign(redemption, 100_000)
    vault.desk.accept(redemption, sender=holder)
    vault.deliver(redemption, holder)
    assert vault.net() == vault.reserve == FINE - 100_000
    with reverts("AttestationOutOfSequence", vault.token, 2, 3):
        vault.submit(record)
    with reverts("AttestationTimeInvalid", vault.evm.time - 1, vault.evm.time, vault.evm.time):
        vault.attest(as_of=vault.evm.time - 1)  # signed anew, but counted before


def test_a_count_is_neither_of_the_future_nor_from_before_the_last(vault: Vault) -> None:
    now = vault.evm.time
    for as_of in (0, now + 1):
        with reverts("AttestationTimeInvalid", as_of, 0, now):
            vault.attest(as_of=as_of)
    vault.attest(as_of=now - 60)
    with reverts("AttestationTimeInvalid", now - 61, now - 60, now):
        vault.attest(as_of=now - 61)
    with reverts("AttestationTimeInvalid", 2**40 - 1, now - 60, now):
        vault.attest(as_of=2**40 - 1)


def test_contracts_sign_under_erc_1271(vault: Vault) -> None:
    custodian, auditor = contract_wallet(vault), contract_wallet(vault)
    here = Vault(vault.world, custodian=custodian.address, auditor=auditor.address)
    record = here.record()
    digest = record.digest(CHAIN_ID, here.lots.address)
    for role, wallet in ((Role.CUSTODIAN, custodian), (Role.AUDITOR, auditor)):
        with reverts("AttestationNotSigned", wallet, role):
            here.submit(record, b"", b"")
        wallet.accept(digest, sender=here.anyone)
        with reverts("AttestationNotSigned", wallet, role):
            here.submit(record, b"", b"")  # it signs, but holds no role
        here.world.authority.grantRole(role, wallet, 0, sender=here.world.admin)
    here.submit(record, b"", b"")
    assert here.reserve == FINE


def test_who_lost_its_role_attests_no_more(vault: Vault) -> None:
    admin = vault.world.admin
    for role, keeper in ((Role.CUSTODIAN, vault.custodian), (Role.AUDITOR, vault.auditor)):
        vault.world.authority.revokeRole(role, keeper, sender=admin)
        with reverts("AttestationNotSigned", keeper, role):
            vault.attest()
        vault.world.authority.grantRole(role, keeper, 0, sender=admin)
    vault.attest()


def test_the_steward_lets_others_stand_in_for_the_keepers(vault: Vault) -> None:
    world, (custodian, auditor) = vault.world, map(vault.evm.actor, ("new vault", "new auditor"))
    steward = world[Role.STEWARD]
    for pair in ((custodian, custodian), ("0x" + "00" * 20, auditor), (auditor, "0x" + "00" * 20)):
        with reverts("KeepersUnsound"):
            vault.lots.setKeepers(vault.token, *pair, sender=steward)
    vault.lots.setKeepers(vault.token, custodian, auditor, sender=steward)
    assert tuple(vault.lots.keepersOf(vault.token)) == (custodian, auditor)
    with reverts("AttestationNotSigned", custodian, Role.CUSTODIAN):
        vault.attest()
    for role, who in ((Role.CUSTODIAN, custodian), (Role.AUDITOR, auditor)):
        world.authority.grantRole(role, who, 0, sender=world.admin)
    record = vault.record()
    vault.submit(record, vault.sign(record, custodian), vault.sign(record, auditor))


# ---------------------------------------------------------------- lots


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"net": FINE + 1}, "LotNetInvalid"),
        ({"net": FINE - 1}, "LotNetInvalid"),
        ({"net": GROSS}, "LotNetInvalid"),
        ({"quality": 994_999}, "LotOffGrade"),
        ({"quality": 1_000_001}, "LotOffGrade"),
        ({"quality": 2**32 - 1}, "LotOffGrade"),
        ({"lot_id": bytes(32)}, "LotOutOfOrder"),
    ],
)
def test_a_lot_that_cannot_be_is_refused(vault: Vault, changes: dict[str, Any], error: str) -> None:
    with reverts(error):
        vault.attest(vault.lot(**changes))


def test_each_lot_is_named_once_and_they_are_not_too_many(vault: Vault) -> None:
    with reverts("LotOutOfOrder", padded(b"LOT-1")):
        vault.attest(vault.lot(), vault.lot())
    with reverts("LotOutOfOrder", padded(b"LOT-1")):
        vault.attest(vault.lot("LOT-2"), vault.lot("LOT-1"))
    many = [vault.lot(f"LOT-{number:03}") for number in range(51)]
    with reverts("LotsTooMany", 51, 50):
        vault.attest(*many)
    vault.attest(*many[:50])
    assert vault.reserve == 50 * FINE


def test_fifty_lots_are_counted_at_a_mint_within_reason(vault: Vault) -> None:
    vault.attest(*[vault.lot(f"LOT-{number:03}") for number in range(50)])
    holder = vault.holder()
    mint = vault.token["mint(address,uint256,bytes32)"]
    used = vault.evm.gas_of(mint, holder, 1, DOCUMENT, sender=vault.world[Role.MINTER])
    assert used < 500_000


def test_oil_is_recognised_as_measured_and_judged_by_its_gravity(vault: Vault) -> None:
    oil = Vault(
        vault.world,
        commodity=b"CRUDE OIL",
        unit=b"BARREL",
        decimals=0,
        measure=GRADE,
        minimum_quality=30 * MILLIONTHS,
        maximum_quality=42 * MILLIONTHS,
        minimum_redemption=500_000,
    )
    api = 34_200_000
    with reverts("LotOffGrade", padded(b"TANK-1"), 22 * MILLIONTHS, 30 * MILLIONTHS, 42_000_000):
        oil.attest(oil.lot("TANK-1", 1_000_000, quality=22 * MILLIONTHS, net=998_000))
    with reverts("LotNetInvalid", padded(b"TANK-1"), 1_000_001, 1_000_000):
        oil.attest(oil.lot("TANK-1", 1_000_000, quality=api, net=1_000_001))
    oil.attest(oil.lot("TANK-1", 1_000_000, quality=api, net=997_500))  # less water and sediment
    assert oil.reserve == 997_500


def test_gas_is_recognised_by_its_heating_value(vault: Vault) -> None:
    """1,000,000 thousand cubic feet of 1.037 MMBtu each."""
    terms = {"commodity": b"NATURAL GAS", "unit": b"MMBTU", "decimals": 0}
    gas = Vault(vault.world, **terms, maximum_quality=1_200_000)
    gas.attest(gas.lot("WELL-1", 1_000_000, quality=1_037_000))
    assert gas.reserve == 1_037_000


# ---------------------------------------------------------------- restatements


def test_a_restatement_below_the_supply_warns_and_stops_mints_and_burns_nothing(
    vault: Vault,
) -> None:
    vault.attest()
    holder, other = vault.holder(units=300_000), vault.holder("other")
    less = vault.lot(gross=250_000)
    vault.attest(less)
    assert vault.evm.receipt.events("ReserveShort") == [
        {"token": vault.token.address, "supply": 300_000, "reserve": less.net}
    ]
    assert vault.token.totalSupply() == vault.token.balanceOf(holder) == 300_000
    with reverts("ReserveExceeded", 300_000, 1, less.net):
        vault.mint(holder, 1)
    vault.token.transfer(other, 100_000, sender=holder)
    vault.attest(vault.lot())
    assert vault.evm.receipt.events("ReserveShort") == []
    vault.mint(holder, 1)


def test_a_lot_that_an_attestation_does_not_name_is_there_no_more(vault: Vault) -> None:
    vault.attest(vault.lot("LOT-1"), vault.lot("LOT-2"))
    vault.attest(vault.lot("LOT-2"))
    assert vault.reserve == FINE
    assert vault.net("LOT-1") == 0
    vault.attest(lots=())
    with reverts("ReserveNotPositive", 0):
        vault.mint(vault.holder(), 1)


def test_anyone_warns_of_what_time_has_done(vault: Vault) -> None:
    """An insurance ends without a transaction: nobody need wait for the keepers to say so."""
    vault.attest(vault.lot(insured_until=vault.evm.time + DAY))
    vault.holder(units=1_000)
    with reverts("ReserveSuffices", 1_000, FINE):
        vault.lots.raiseAlarm(vault.token, sender=vault.anyone)
    vault.evm.advance(days=1)
    vault.lots.raiseAlarm(vault.token, sender=vault.anyone)
    assert vault.evm.receipt.events("ReserveShort") == [
        {"token": vault.token.address, "supply": 1_000, "reserve": 0}
    ]


def test_the_finest_gold_and_the_end_of_time_fit(vault: Vault) -> None:
    lot = vault.lot(quality=MILLIONTHS, insured_until=2**40 - 1)
    vault.attest(lot)
    assert vault.lots.lot(vault.token, padded(b"LOT-1")).insuredUntilHour == 2**24 - 1
    assert vault.reserve == GROSS != GROSS * FINENESS // MILLIONTHS
