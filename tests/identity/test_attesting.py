"""The attested way in: batches, sequences, namespaces, withdrawal."""

from __future__ import annotations

from dataclasses import replace

from scripts._amanat.claims import TYPES, Batch, domain
from tests.evm import CHAIN_ID, reverts
from tests.identity.registry import AML, DAY, KYC, PAKISTAN, UAE, Flag, Skip, Standing, Town

ALWAYS_SIGNED = bytes.fromhex("631626ba7e60e01b5f5260205ff3")
"""Runtime code of a contract that answers every ERC-1271 question with the magic value."""


def test_an_attested_wallet_is_verified_and_is_its_own_investor(town: Town) -> None:
    wallet = town.wallet(1)
    until = town.hour(days=180)
    batch = town.attest(wallet, country=UAE, investor_class=5, until_hour=until)
    record = town.record(wallet)
    assert (record.investor, record.country, record.investor_class) == (wallet, UAE, 5)
    assert (record.flags, record.until_hour, record.batch) == (Flag.ATTESTED, until, batch)
    assert record.epoch == town.epoch()
    assert town.registry.isVerified(wallet)
    assert town.registry.contains(wallet)
    assert town.registry.identity(wallet) == wallet
    assert town.registry.investorCountry(wallet) == UAE
    assert town.registry.walletsOf(wallet) == [wallet]


def test_an_attestation_ends_at_its_hour(town: Town) -> None:
    wallet = town.wallet(1)
    town.attest(wallet, until_hour=town.hour(hours=2))
    town.evm.advance(hours=2, seconds=-1)
    assert town.standing(wallet) == Standing.VERIFIED
    town.evm.advance(seconds=1)
    assert town.standing(wallet) == Standing.LAPSED


def test_an_attestation_ends_at_the_latest_when_the_policy_says(town: Town) -> None:
    wallet = town.wallet(1)
    town.attest(wallet, until_hour=town.hour(days=5_000))
    assert town.record(wallet).until_hour == town.hour(days=365)


def test_a_contract_issuer_signs_by_erc_1271(town: Town) -> None:
    issuer = town.evm.actor("contract bank")
    town.evm.etch(issuer, ALWAYS_SIGNED)
    town.registry.addTrustedIssuer(issuer, [KYC], sender=town.compliance_officer)
    batch = town.batch(town.leaf(town.wallet(1)), issuer=issuer)
    town.registry.attest(batch.header, batch.rows, b"", sender=town.stranger())
    assert town.registry.isVerified(town.wallet(1))


def test_a_signature_for_another_chain_or_registry_is_refused(town: Town) -> None:
    """Pitfall 40: the root is bound to chain and registry."""
    batch = town.batch(town.leaf(town.wallet(1)))
    for where in (domain(1, town.registry.address), domain(CHAIN_ID, town.wallet(9))):
        signature = town.bank.sign_typed(where, TYPES, batch.message)
        with reverts("BatchSignatureInvalid", town.bank):
            town.registry.attest(batch.header, batch.rows, signature, sender=town.stranger())


def test_the_high_s_twin_of_a_signature_is_refused(town: Town) -> None:
    """Pitfall 40."""
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    batch = town.batch(town.leaf(town.wallet(1)))
    signature = town.sign(batch)
    twin_s = order - int.from_bytes(signature[32:64], "big")
    twin = signature[:32] + twin_s.to_bytes(32, "big") + bytes([55 - signature[64]])
    with reverts("BatchSignatureInvalid", town.bank):
        town.registry.attest(batch.header, batch.rows, twin, sender=town.stranger())


def test_a_header_is_presented_once(town: Town) -> None:
    """Pitfall 40: nothing is keyed on signature bytes."""
    batch = town.batch(town.leaf(town.wallet(1)))
    number = town.present(batch)
    digest = batch.digest(CHAIN_ID, town.registry.address)
    assert town.registry.batchOf(digest) == number
    with reverts("BatchAlreadyAttested", number):
        town.present(batch)


def test_leaves_other_than_those_signed_are_refused(town: Town) -> None:
    batch = town.batch(town.leaf(town.wallet(1)), town.leaf(town.wallet(2)))
    forged = town.batch(town.leaf(town.wallet(1)), town.leaf(town.wallet(3)))
    with reverts("BatchRootMismatch", batch.root, forged.root):
        town.registry.attest(batch.header, forged.rows, town.sign(batch), sender=town.stranger())
    with reverts("BatchSizeMismatch", 2, 1):
        town.registry.attest(batch.header, batch.rows[:1], town.sign(batch), sender=town.stranger())
    empty = (str(town.bank), bytes(32), 0, (KYC,), town.evm.time)
    with reverts("BatchSizeMismatch", 0, 0):
        town.registry.attest(empty, [], b"", sender=town.stranger())


def test_a_batch_of_the_future_or_of_long_ago_is_refused(town: Town) -> None:
    for when in (town.evm.time + 1, town.evm.time - 365 * DAY):
        with reverts("BatchTimeInvalid", when, town.evm.time):
            town.attest(town.wallet(1), issued_at=when)


def test_a_batch_must_cover_the_required_topics_and_no_more_than_its_issuer_may(
    town: Town,
) -> None:
    town.registry.addClaimTopic(AML, sender=town.compliance_officer)
    with reverts("BatchTopicsInvalid", 0b11, 0b01, 0b11):
        town.attest(town.wallet(1))
    with reverts("BatchTopicsInvalid", 0b11, 0b11, 0b01):
        town.attest(town.wallet(1), topics=(KYC, AML), issuer=town.broker)
    with reverts("ClaimTopicUnknown", 77):
        town.attest(town.wallet(1), topics=(KYC, AML, 77))
    town.attest(town.wallet(1), topics=(KYC, AML))
    assert town.registry.isVerified(town.wallet(1))


def test_an_untrusted_issuer_attests_nobody(town: Town) -> None:
    """Pitfall 1."""
    town.people["quack"] = town.evm.actor("quack")
    with reverts("TrustedIssuerUnknown", town.quack):
        town.attest(town.wallet(1), issuer=town.quack)


def test_malformed_leaves_are_passed_over_and_stop_nobody(town: Town) -> None:
    """Pitfalls 5 and 24: the event names the row."""
    good = town.leaf(town.wallet(1))
    rows = [
        good.row,
        (town.leaf(town.wallet(2)).packed & ~(0x3FF << 160), good.row[1]),  # no country
        (town.leaf(town.wallet(3)).packed | 0x3FF << 160, good.row[1]),  # country 1023
        (town.leaf(town.wallet(4)).packed & ~(0x3F << 170), good.row[1]),  # no class
        (good.packed >> 160 << 160, good.row[1]),  # no wallet
        (town.leaf(town.wallet(5)).packed | 1 << 200, good.row[1]),  # bits that mean nothing
        town.leaf(town.wallet(6)).row,
    ]
    from scripts._amanat.claims import leaf_hash, merkle_tree

    batch = town.batch(good)
    object.__setattr__(batch, "rows", tuple(rows))
    object.__setattr__(batch, "root", merkle_tree([leaf_hash(row) for row in rows])[0])
    object.__setattr__(batch, "leaves", (good,) * len(rows))
    town.present(batch)
    assert town.skipped() == [(row, Skip.MALFORMED) for row in range(1, 6)]
    assert town.registry.isVerified(town.wallet(1))
    assert town.registry.isVerified(town.wallet(6))


def test_a_renewal_changes_country_class_and_expiry(town: Town) -> None:
    wallet = town.wallet(1)
    town.attest(wallet)
    town.evm.advance(days=1)
    until = town.hour(days=20)
    town.attest(wallet, country=UAE, investor_class=7, until_hour=until)
    record = town.record(wallet)
    assert (record.country, record.investor_class, record.until_hour) == (UAE, 7, until)
    assert town.evm.receipt.events("CountryUpdated") == [
        {"investorAddress": wallet, "country": UAE}
    ]
    assert town.evm.receipt.events("IdentityRegistered") == []


def test_an_older_attestation_is_never_applied(town: Town) -> None:
    """Pitfall 40: an old country, class or expiry cannot be replayed, not even after a
    withdrawal or a deletion."""
    wallet = town.wallet(1)
    old = town.batch(town.leaf(wallet, country=UAE))
    same_time = town.batch(town.leaf(wallet, country=UAE, investor_class=2))
    town.evm.advance(seconds=1)
    town.attest(wallet)
    town.present(old)
    assert town.skipped() == [(0, Skip.NOT_NEWER)]
    town.registry.withdraw(wallet, sender=town.bank)
    town.present(same_time)
    assert town.skipped() == [(0, Skip.NOT_NEWER)]
    town.registry.deleteIdentity(wallet, sender=town.registrar)
    older = town.batch(town.leaf(wallet, country=UAE, investor_class=3), issued_at=old.issued_at)
    town.present(older)
    assert town.skipped() == [(0, Skip.NOT_NEWER)]
    town.registry.registerIdentity(wallet, town.wallet(70), PAKISTAN, sender=town.registrar)
    town.registry.deleteIdentity(wallet, sender=town.registrar)
    town.present(replace(older, leaves=(town.leaf(wallet, investor_class=4),)))
    assert town.skipped() == [(0, Skip.NOT_NEWER)]
    assert town.standing(wallet) == Standing.WITHDRAWN


def test_no_issuer_touches_anothers_wallet_until_the_registrar_released_it(town: Town) -> None:
    """Pitfall 41."""
    wallet = town.wallet(1)
    town.attest(wallet)
    town.evm.advance(seconds=1)
    town.attest(wallet, town.wallet(2), issuer=town.broker, country=UAE)
    assert town.skipped() == [(0, Skip.OTHER_ISSUER)]
    assert town.record(wallet).country == PAKISTAN
    assert town.registry.isVerified(town.wallet(2))
    town.registry.withdraw(wallet, sender=town.bank)
    town.evm.advance(seconds=1)
    town.attest(wallet, issuer=town.broker, country=UAE)
    assert town.skipped() == [(0, Skip.OTHER_ISSUER)]
    town.registry.deleteIdentity(wallet, sender=town.registrar)
    town.evm.advance(seconds=1)
    town.attest(wallet, issuer=town.broker, country=UAE)
    assert town.record(wallet).country == UAE


def test_no_issuer_touches_a_wallet_the_registrar_registered(town: Town) -> None:
    """Pitfall 41."""
    wallet = town.wallet(1)
    town.registry.registerIdentity(wallet, town.wallet(70), PAKISTAN, sender=town.registrar)
    town.attest(wallet)
    assert town.skipped() == [(0, Skip.ONCHAINID_WALLET)]


def test_a_withdrawn_wallet_comes_back_by_a_later_attestation_of_its_issuer(town: Town) -> None:
    wallet = town.wallet(1)
    town.attest(wallet)
    with reverts("AccessManagedUnauthorized", town.broker):
        town.registry.withdraw(wallet, sender=town.broker)
    town.registry.withdraw(wallet, sender=town.bank)
    assert town.standing(wallet) == Standing.WITHDRAWN
    assert not town.registry.contains(wallet)
    assert town.registry.investorCountry(wallet) == 0
    with reverts("WalletNotRegistered", wallet):
        town.registry.withdraw(wallet, sender=town.bank)
    town.evm.advance(seconds=1)
    town.attest(wallet)
    assert town.standing(wallet) == Standing.VERIFIED
    town.registry.withdraw(wallet, sender=town.registrar)
    assert town.standing(wallet) == Standing.WITHDRAWN


def test_what_was_never_attested_is_not_withdrawn(town: Town) -> None:
    wallet = town.wallet(1)
    with reverts("WalletNotRegistered", wallet):
        town.registry.withdraw(wallet, sender=town.registrar)
    town.registry.registerIdentity(wallet, town.wallet(70), PAKISTAN, sender=town.registrar)
    with reverts("WalletNotAttested", wallet):
        town.registry.withdraw(wallet, sender=town.registrar)
    assert town.registry.contains(wallet)


def test_a_suspension_survives_renewal_and_only_its_own_role_lifts_it(town: Town) -> None:
    wallet = town.wallet(1)
    town.attest(wallet)
    town.registry.suspend(wallet, sender=town.regulator)
    assert town.standing(wallet) == Standing.SUSPENDED
    town.evm.advance(seconds=1)
    town.attest(wallet)
    assert town.skipped() == []
    assert town.standing(wallet) == Standing.SUSPENDED
    with reverts("AccessManagedUnauthorized", town.regulator):
        town.registry.unsuspend(wallet, sender=town.regulator)
    town.registry.unsuspend(wallet, sender=town.releaser)
    assert town.standing(wallet) == Standing.VERIFIED


def test_a_wallet_nobody_registered_can_be_suspended(town: Town) -> None:
    wallet = town.wallet(1)
    town.registry.suspend(wallet, sender=town.regulator)
    assert town.standing(wallet) == Standing.SUSPENDED
    assert not town.registry.contains(wallet)
    town.attest(wallet)
    assert town.standing(wallet) == Standing.SUSPENDED
    town.registry.unsuspend(wallet, sender=town.releaser)
    assert town.standing(wallet) == Standing.VERIFIED


def test_a_revoked_batch_verifies_nobody_at_once(town: Town) -> None:
    """Pitfall 40: a root can be revoked."""
    batch = town.attest(town.wallet(1), town.wallet(2))
    other = town.attest(town.wallet(3))
    with reverts("AccessManagedUnauthorized", town.broker):
        town.registry.revokeBatch(batch, sender=town.broker)
    town.registry.revokeBatch(batch, sender=town.bank)
    assert town.standing(town.wallet(1)) == Standing.UNTRUSTED
    assert town.standing(town.wallet(2)) == Standing.UNTRUSTED
    assert town.standing(town.wallet(3)) == Standing.VERIFIED
    with reverts("BatchNotInForce", batch):
        town.registry.revokeBatch(batch, sender=town.bank)
    with reverts("BatchNotInForce", 99):
        town.registry.revokeBatch(99, sender=town.compliance_officer)
    town.registry.revokeBatch(other, sender=town.compliance_officer)
    assert town.standing(town.wallet(3)) == Standing.UNTRUSTED


def test_a_change_of_topics_or_issuers_is_felt_at_once(town: Town) -> None:
    """Pitfall 41: worked out from the record, without a claim contract."""
    officer = town.compliance_officer
    both, one = town.wallet(1), town.wallet(2)
    town.attest(both, topics=(KYC, AML))
    town.attest(one, issuer=town.broker)
    town.registry.addClaimTopic(AML, sender=officer)
    assert (town.standing(both), town.standing(one)) == (Standing.VERIFIED, Standing.UNTRUSTED)
    town.registry.updateIssuerClaimTopics(town.bank, [AML], sender=officer)
    assert town.standing(both) == Standing.UNTRUSTED
    town.registry.removeClaimTopic(KYC, sender=officer)
    assert town.standing(both) == Standing.VERIFIED
    town.registry.removeTrustedIssuer(town.bank, sender=officer)
    assert town.standing(both) == Standing.UNTRUSTED
    town.registry.removeClaimTopic(AML, sender=officer)
    assert town.standing(both) == Standing.UNTRUSTED  # no topic is required, but who vouches?
    assert town.standing(one) == Standing.VERIFIED


def test_a_shorter_attestation_age_is_felt_at_once(town: Town) -> None:
    wallet = town.wallet(1)
    town.attest(wallet)
    town.evm.advance(days=30)
    town.registry.setMaxAttestationAge(30 * DAY, sender=town.compliance_officer)
    assert town.standing(wallet) == Standing.LAPSED


def test_the_batch_is_kept_as_it_was_signed(town: Town) -> None:
    number = town.attest(town.wallet(1), topics=(AML, KYC))
    issuer, issued_at, topics, revoked = town.registry.batchInfo(number)
    assert (issuer, issued_at, topics, revoked) == (town.bank, town.evm.time, 0b11, False)


def test_a_batch_of_one_and_of_many_hash_to_their_root(town: Town) -> None:
    for size in (1, 2, 3, 5, 8, 13):
        wallets = [town.wallet(100 * size + i) for i in range(size)]
        batch: Batch = town.batch(*(town.leaf(each) for each in wallets))
        town.present(batch)
        assert all(town.registry.isVerified(each) for each in wallets)
