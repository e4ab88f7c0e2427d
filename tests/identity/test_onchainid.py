"""ONCHAINID wallets, judged against the published bytecode of ONCHAINID 2.2.1."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.evm import TRANSACTION_GAS, Actor, Contract, reverts
from tests.identity import onchainid
from tests.identity.onchainid import ORDER, add_claim, claim_id, expiring, sign_claim
from tests.identity.registry import AML, DAY, KYC, PAKISTAN, Standing, Town


@dataclass
class House:
    """A wallet with an identity, and a claim issuer the registry trusts on KYC."""

    town: Town
    owner: Actor
    signer: Actor
    wallet: Actor
    identity: Contract
    issuer: Contract

    def claim(self, topic: int = KYC, data: bytes = b"") -> bytes:
        return add_claim(self.identity, self.issuer, self.signer, self.owner, topic, data)

    def standing(self) -> Standing:
        return self.town.standing(self.wallet)

    def refresh(self, gas: int = TRANSACTION_GAS) -> None:
        self.town.registry.refresh([self.wallet], sender=self.town.stranger(), gas=gas)


@pytest.fixture
def house(town: Town) -> House:
    owner, signer = town.evm.actor("identity owner"), town.evm.actor("claim signer")
    identity = onchainid.identity(town.evm, owner)
    issuer = onchainid.claim_issuer(town.evm, signer)
    town.registry.addTrustedIssuer(issuer, [KYC], sender=town.compliance_officer)
    wallet = town.wallet(1)
    town.registry.registerIdentity(wallet, identity, PAKISTAN, sender=town.registrar)
    return House(town, owner, signer, wallet, identity, issuer)


def test_a_claim_added_verifies_and_a_claim_removed_does_not(house: House) -> None:
    assert house.standing() == Standing.UNTRUSTED
    claim = house.claim()
    assert house.standing() == Standing.VERIFIED
    house.identity.removeClaim(claim, sender=house.owner)
    assert house.standing() == Standing.UNTRUSTED


def test_an_identity_that_names_itself_as_issuer_is_not_verified(house: House) -> None:
    """Pitfall 1."""
    signature = sign_claim(house.owner, house.identity, KYC, b"")
    house.identity.addClaim(KYC, 1, house.identity, signature, b"", "", sender=house.owner)
    assert house.identity.isClaimValid(house.identity, KYC, signature, b"")
    assert house.standing() == Standing.UNTRUSTED


def test_a_claim_counts_only_for_the_topic_and_identity_it_was_made_for(house: House) -> None:
    other = onchainid.identity(house.town.evm, house.owner)
    add_claim(other, house.issuer, house.signer, house.owner, KYC, b"")
    house.claim(AML)
    assert house.standing() == Standing.UNTRUSTED


def test_an_expired_claim_lapses_to_the_second(house: House) -> None:
    """Pitfall 3."""
    house.claim(data=expiring(house.town.evm.time + 100))
    assert house.standing() == Standing.VERIFIED
    house.town.evm.advance(seconds=99)
    assert house.standing() == Standing.VERIFIED
    house.town.evm.advance(seconds=1)
    assert house.standing() == Standing.LAPSED


def test_data_that_does_not_begin_with_a_date_has_no_expiry(house: House) -> None:
    for data in (b"", b"\x01", (32).to_bytes(32, "big"), b"\xff" * 40):
        with house.town.evm.snapshot():
            house.claim(data=data)
            assert house.standing() == Standing.VERIFIED


def test_a_revoked_claim_stays_revoked_when_its_signature_is_encoded_anew(house: House) -> None:
    """Pitfall 2: v = 1 instead of 28, and the high-s twin, still pass ONCHAINID's own check."""
    house.claim()
    signature = sign_claim(house.signer, house.identity, KYC, b"")
    house.issuer.revokeClaimBySignature(signature, sender=house.signer)
    assert house.standing() == Standing.UNTRUSTED
    r, s, v = signature[:32], int.from_bytes(signature[32:64], "big"), signature[64]
    twin = r + (ORDER - s).to_bytes(32, "big") + bytes([55 - v])
    for forged in (signature[:64] + bytes([v - 27]), twin):
        house.identity.addClaim(KYC, 1, house.issuer, forged, b"", "", sender=house.owner)
        assert house.issuer.isClaimValid(house.identity, KYC, forged, b"")
        assert house.standing() == Standing.UNTRUSTED


def test_a_claim_revoked_through_the_registry_is_revoked_however_it_is_signed(
    house: House,
) -> None:
    """Pitfall 40: keyed on issuer, identity, topic and data."""
    from eth_utils.crypto import keccak

    data = expiring(house.town.evm.time + 90 * DAY)
    house.claim(data=data)
    house.refresh()
    assert house.standing() == Standing.VERIFIED
    call = house.town.registry.revokeClaim.encode(house.identity, KYC, keccak(data))
    house.issuer.execute(house.town.registry, 0, call, sender=house.signer)
    told = {"issuer": house.issuer.address, "identity": house.identity.address, "topic": KYC}
    assert house.town.evm.receipt.events("ClaimRevoked") == [told | {"dataHash": keccak(data)}]
    assert house.town.registry.isClaimRevoked(house.issuer, house.identity, KYC, keccak(data))
    assert house.standing() == Standing.UNTRUSTED
    house.issuer.execute(house.town.registry, 0, call, sender=house.signer)
    assert house.town.evm.receipt.events("ClaimRevoked") == []  # again, and nothing is to do
    house.claim(data=expiring(house.town.evm.time + 91 * DAY))
    assert house.standing() == Standing.VERIFIED
    with reverts("TrustedIssuerUnknown", house.town.stranger()):
        house.town.registry.revokeClaim(
            house.identity, KYC, keccak(data), sender=house.town.stranger()
        )


def test_every_required_topic_needs_its_claim(house: House) -> None:
    house.claim()
    officer = house.town.compliance_officer
    house.town.registry.addClaimTopic(AML, sender=officer)
    assert house.standing() == Standing.UNTRUSTED
    house.claim(AML)
    assert house.standing() == Standing.UNTRUSTED  # the issuer is trusted on KYC alone
    house.town.registry.updateIssuerClaimTopics(house.issuer, [KYC, AML], sender=officer)
    assert house.standing() == Standing.VERIFIED
    house.town.registry.removeTrustedIssuer(house.issuer, sender=officer)
    assert house.standing() == Standing.UNTRUSTED


def test_where_no_topic_is_required_a_registration_suffices(house: House) -> None:
    house.town.registry.removeClaimTopic(KYC, sender=house.town.compliance_officer)
    assert house.standing() == Standing.VERIFIED


def test_a_cached_verdict_holds_for_the_maximum_age_and_no_longer(house: House) -> None:
    """Pitfall 42."""
    claim = house.claim()
    house.refresh()
    record = house.town.record(house.wallet)
    assert record.until_hour == house.town.hour(days=1)
    assert record.epoch == house.town.epoch()
    house.identity.removeClaim(claim, sender=house.owner)
    assert house.standing() == Standing.VERIFIED  # told honestly: for at most maxAge
    house.town.evm.advance(days=1)
    assert house.standing() == Standing.UNTRUSTED


def test_a_cached_verdict_does_not_outlive_the_earliest_claim(house: House) -> None:
    """Pitfall 3."""
    house.claim(data=expiring(house.town.evm.time + 5 * 3_600 + 1_800))
    house.refresh()
    assert house.town.record(house.wallet).until_hour == house.town.hour(hours=5)


def test_with_a_maximum_age_of_zero_nothing_is_cached(house: House) -> None:
    """Pitfall 42."""
    house.town.registry.setMaxAge(0, sender=house.town.compliance_officer)
    claim = house.claim()
    house.refresh()
    assert house.town.record(house.wallet).until_hour == 0
    house.identity.removeClaim(claim, sender=house.owner)
    assert house.standing() == Standing.UNTRUSTED


def test_a_refresh_by_anyone_ends_a_verdict_that_no_longer_holds(house: House) -> None:
    claim = house.claim()
    house.refresh()
    house.identity.removeClaim(claim, sender=house.owner)
    house.refresh()
    assert house.standing() == Standing.UNTRUSTED
    assert house.town.evm.receipt.events("VerdictCached") == [
        {"wallet": house.wallet, "epoch": 0, "untilHour": 0}
    ]


BAD_CONTRACTS = {
    "reverts": onchainid.REVERTS,
    "burns all gas": onchainid.BURNS_ALL_GAS,
    "answers nothing": onchainid.ANSWERS_NOTHING,
    "answers ones": onchainid.ANSWERS_ONES,
    "answers a megabyte": onchainid.ANSWERS_A_MEGABYTE,
    "answers far offsets": onchainid.FAR_OFFSETS,
}


@pytest.mark.parametrize("code", BAD_CONTRACTS.values(), ids=BAD_CONTRACTS)
def test_a_bad_identity_blocks_nobody_and_records_nothing(house: House, code: bytes) -> None:
    """Pitfalls 5 and 39."""
    town = house.town
    house.claim()
    house.refresh()
    bad, good = town.wallet(2), town.wallet(3)
    bad_identity = town.evm.actor("bad identity")
    town.evm.etch(bad_identity, code)
    town.registry.registerIdentity(bad, bad_identity, PAKISTAN, sender=town.registrar)
    town.registry.registerIdentity(good, house.identity, PAKISTAN, sender=town.registrar)
    before = town.record(house.wallet)
    assert town.standing(bad) == Standing.UNTRUSTED
    town.registry.refresh([bad, good], sender=town.stranger())
    assert town.evm.receipt.events("VerdictCached") == [
        {"wallet": good, "epoch": town.epoch(), "untilHour": town.hour(days=1)}
    ]
    assert town.record(house.wallet) == before
    town.evm.etch(house.identity.address, code)
    house.refresh()
    assert town.record(house.wallet) == before


BAD_ISSUERS = {k: v for k, v in BAD_CONTRACTS.items() if k != "answers far offsets"}
"""Without the one whose first word, all that is read of an issuer, is a well-formed "no"."""


@pytest.mark.parametrize("code", BAD_ISSUERS.values(), ids=BAD_ISSUERS)
def test_a_bad_issuer_neither_verifies_nor_keeps_another_from_vouching(
    house: House, code: bytes
) -> None:
    """Pitfalls 5 and 39."""
    town = house.town
    house.claim()
    house.refresh()
    before = town.record(house.wallet)
    town.evm.etch(house.issuer.address, code)
    town.evm.advance(days=1)
    assert house.standing() == Standing.UNTRUSTED
    house.refresh()
    assert town.record(house.wallet) == before
    second = onchainid.claim_issuer(town.evm, house.signer)
    town.registry.addTrustedIssuer(second, [KYC], sender=town.compliance_officer)
    add_claim(house.identity, second, house.signer, house.owner, KYC, b"")
    assert house.standing() == Standing.VERIFIED
    house.refresh()
    assert town.record(house.wallet).until_hour == town.hour(days=1)


def test_a_starved_refresh_reverts_and_records_nothing(house: House) -> None:
    """Pitfall 39: whatever gas is sent, a good claim is never found wanting for lack of it."""
    house.claim()
    house.refresh()
    needed = house.town.evm.receipt.events("VerdictCached")
    assert needed
    before = house.town.record(house.wallet)
    refused = set()
    for gas in range(30_000, 700_000, 10_000):
        with house.town.evm.snapshot():
            try:
                house.refresh(gas=gas)
            except Exception as error:  # out of gas is a halt, not an error of the contract
                refused.add(getattr(error, "name", ""))
            assert house.town.record(house.wallet) == before
    assert "InsufficientGasForClaims" in refused


def test_judging_is_bounded_however_many_topics_and_issuers_there_are(town: Town) -> None:
    """Pitfalls 4 and 39: eight topics, sixteen issuers, an identity that burns what it gets."""
    officer = town.compliance_officer
    topics = [KYC, *range(100, 107)]
    for topic in topics[1:]:
        town.registry.addClaimTopic(topic, sender=officer)
    with reverts("ClaimTopicsTooMany", 8):
        town.registry.addClaimTopic(999, sender=officer)
    for number in range(14):
        burner = town.evm.actor(f"burner {number}")
        town.evm.etch(burner, onchainid.BURNS_ALL_GAS)
        town.registry.addTrustedIssuer(burner, topics, sender=officer)
    with reverts("TrustedIssuersTooMany", 16):
        town.registry.addTrustedIssuer(town.wallet(50), topics, sender=officer)
    bad = town.evm.actor("bad identity")
    town.evm.etch(bad, onchainid.BURNS_ALL_GAS)
    town.registry.registerIdentity(town.wallet(1), bad, PAKISTAN, sender=town.registrar)
    town.registry.refresh([town.wallet(1)], sender=town.stranger(), gas=700_000)
    assert town.standing(town.wallet(1)) == Standing.UNTRUSTED


def test_a_burning_issuer_is_asked_once(house: House) -> None:
    """Pitfall 4: eight claims of one issuer that burns all gas cost one budget."""
    officer = house.town.compliance_officer
    house.claim()
    for topic in range(100, 107):
        house.claim(topic)
        house.town.registry.addClaimTopic(topic, sender=officer)
    house.town.registry.updateIssuerClaimTopics(
        house.issuer, [KYC, *range(100, 107)], sender=officer
    )
    assert house.standing() == Standing.VERIFIED
    house.town.evm.etch(house.issuer.address, onchainid.BURNS_ALL_GAS)
    house.refresh(gas=900_000)
    assert house.standing() == Standing.UNTRUSTED


def test_the_claim_id_is_the_published_one(house: House) -> None:
    claim = house.claim()
    assert claim == claim_id(house.issuer, KYC)
    assert house.identity.getClaimIdsByTopic(KYC) == [claim]
