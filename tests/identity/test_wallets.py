"""Several wallets of one investor."""

from __future__ import annotations

from tests.evm import reverts
from tests.identity.registry import KYC, PAKISTAN, UAE, Flag, Skip, Standing, Town


def test_a_linked_wallet_belongs_to_the_investor_of_the_wallet_it_names(town: Town) -> None:
    first, second, third = (town.wallet(i) for i in (1, 2, 3))
    town.present(
        town.batch(
            town.leaf(first), town.leaf(second, investor=first), town.leaf(third, investor=second)
        )
    )
    assert town.skipped() == []
    assert town.registry.walletsOf(first) == [first, second, third]
    for each in (first, second, third):
        assert town.record(each).investor == first
        assert town.record(each).flags == Flag.ATTESTED | Flag.LINKED
        assert town.registry.isVerified(each)


def test_a_renewal_leaves_a_wallet_with_its_investor(town: Town) -> None:
    first, second = town.wallet(1), town.wallet(2)
    town.attest(first)
    town.attest(second, investor=first)
    town.evm.advance(seconds=1)
    town.attest(second, country=UAE)
    assert (town.record(second).investor, town.record(second).country) == (first, UAE)
    assert town.registry.walletsOf(first) == [first, second]


def test_a_wallet_with_an_id_of_its_own_is_linked_by_its_own_issuer_alone(town: Town) -> None:
    """Pitfall 41."""
    first, second = town.wallet(1), town.wallet(2)
    town.attest(first)
    town.attest(second)
    town.evm.advance(seconds=1)
    town.attest(second, investor=first, issuer=town.broker)
    assert town.skipped() == [(0, Skip.OTHER_ISSUER)]
    town.attest(town.wallet(3), investor=first, issuer=town.broker)
    assert town.skipped() == [(0, Skip.INVESTOR_NOT_OURS)]
    town.attest(second, investor=first)
    assert town.registry.walletsOf(first) == [first, second]
    assert town.registry.walletsOf(second) == []


def test_a_wallet_of_one_investor_does_not_pass_to_another(town: Town) -> None:
    """Pitfall 41: it takes the registrar."""
    a, b, c, d = (town.wallet(i) for i in range(1, 5))
    town.attest(a, c)
    town.attest(b, investor=a)
    town.attest(d, investor=c)
    town.evm.advance(seconds=1)
    town.attest(b, investor=c)
    assert town.skipped() == [(0, Skip.OTHER_INVESTOR)]
    town.evm.advance(seconds=1)
    town.attest(c, investor=a)
    assert town.skipped() == [(0, Skip.OTHER_INVESTOR)]
    town.registry.deleteIdentity(b, sender=town.registrar)
    assert town.registry.walletsOf(a) == [a]
    town.attest(b, investor=c)
    assert town.registry.walletsOf(c) == [c, d, b]


def test_an_investor_has_eight_wallets_at_most(town: Town) -> None:
    first = town.wallet(0)
    town.attest(first)
    town.attest(*(town.wallet(i) for i in range(1, 10)), investor=first)
    assert town.skipped() == [(7, Skip.TOO_MANY_WALLETS), (8, Skip.TOO_MANY_WALLETS)]
    assert len(town.registry.walletsOf(first)) == 8
    identity = town.evm.actor("identity")
    for i in range(20, 28):
        town.registry.registerIdentity(town.wallet(i), identity, PAKISTAN, sender=town.registrar)
    with reverts("InvestorWalletsTooMany", 0, identity, 8):
        town.registry.registerIdentity(town.wallet(28), identity, PAKISTAN, sender=town.registrar)
    wallets, identities = [town.wallet(28), town.wallet(29)], [town.evm.actor("other"), identity]
    with reverts("InvestorWalletsTooMany", 1, identity, 8):
        town.registry.batchRegisterIdentity(
            wallets, identities, [PAKISTAN] * 2, sender=town.registrar
        )


def test_the_wallet_that_names_its_investor_is_deleted_last(town: Town) -> None:
    """Pitfall 41: its name must not fall free while another wallet bears it."""
    first, second = town.wallet(1), town.wallet(2)
    town.attest(first)
    town.attest(second, investor=first)
    with reverts("InvestorHasWallets", first, 2):
        town.registry.deleteIdentity(first, sender=town.registrar)
    town.registry.deleteIdentity(second, sender=town.registrar)
    town.registry.deleteIdentity(first, sender=town.registrar)
    assert town.registry.walletsOf(first) == []


def test_wallets_of_an_onchainid_investor_are_listed_and_unlisted(town: Town) -> None:
    identity, other = town.evm.actor("identity"), town.evm.actor("other identity")
    a, b, c = (town.wallet(i) for i in (1, 2, 3))
    town.registry.batchRegisterIdentity(
        [a, b, c], [identity] * 3, [PAKISTAN] * 3, sender=town.registrar
    )
    assert town.registry.walletsOf(identity) == [a, b, c]
    assert all(town.record(each).flags == Flag.LINKED for each in (a, b, c))
    town.registry.deleteIdentity(a, sender=town.registrar)
    assert town.registry.walletsOf(identity) == [c, b]
    town.registry.updateIdentity(b, other, sender=town.registrar)
    assert town.evm.receipt.events("IdentityUpdated") == [
        {"oldIdentity": identity, "newIdentity": other}
    ]
    assert town.registry.walletsOf(identity) == [c]
    assert town.registry.walletsOf(other) == [b]
    assert town.record(b).flags == Flag(0)
    town.registry.deleteIdentity(c, sender=town.registrar)
    assert town.registry.walletsOf(identity) == []


def test_an_issuer_cannot_fill_an_onchainid_investors_list(town: Town) -> None:
    """Pitfall 41: attesting the identity contract as if it were a wallet opens nothing."""
    identity = town.evm.actor("identity")
    town.registry.registerIdentity(town.wallet(1), identity, PAKISTAN, sender=town.registrar)
    town.attest(identity)
    town.attest(town.wallet(2), investor=identity)
    assert town.skipped() == [(0, Skip.OTHER_INVESTOR)]
    assert town.registry.walletsOf(identity) == [town.wallet(1)]


def test_registering_says_which_row_is_wrong(town: Town) -> None:
    """Pitfall 24."""
    a, b = town.wallet(1), town.wallet(2)
    identity = town.evm.actor("identity")
    zero = "0x" + "00" * 20
    register = town.registry.batchRegisterIdentity
    with reverts("BatchLengthsDiffer", 2, 1, 2):
        register([a, b], [identity], [PAKISTAN] * 2, sender=town.registrar)
    with reverts("WalletAlreadyRegistered", 1, a):
        register([a, a], [identity] * 2, [PAKISTAN] * 2, sender=town.registrar)
    with reverts("WalletOrIdentityZero", 1):
        register([a, b], [identity, zero], [PAKISTAN] * 2, sender=town.registrar)
    with reverts("WalletOrIdentityZero", 0):
        register([zero], [identity], [PAKISTAN], sender=town.registrar)
    for country in (0, 1000):
        with reverts("CountryInvalid", 1, country):
            register([a, b], [identity] * 2, [PAKISTAN, country], sender=town.registrar)
    town.attest(a)
    with reverts("WalletAlreadyRegistered", 0, a):
        town.registry.registerIdentity(a, identity, PAKISTAN, sender=town.registrar)


def test_country_and_class_are_the_registrars_to_change(town: Town) -> None:
    wallet = town.wallet(1)
    with reverts("WalletNotRegistered", wallet):
        town.registry.updateCountry(wallet, UAE, sender=town.registrar)
    town.attest(wallet)
    town.registry.updateCountry(wallet, UAE, sender=town.registrar)
    town.registry.updateClass(wallet, 9, sender=town.registrar)
    assert (town.record(wallet).country, town.record(wallet).investor_class) == (UAE, 9)
    with reverts("CountryInvalid", 0, 1000):
        town.registry.updateCountry(wallet, 1000, sender=town.registrar)
    for wrong in (0, 64):
        with reverts("ClassInvalid", wrong):
            town.registry.updateClass(wallet, wrong, sender=town.registrar)
    with reverts("WalletAttested", wallet):
        town.registry.updateIdentity(wallet, town.wallet(5), sender=town.registrar)
    assert town.standing(wallet) == Standing.VERIFIED


def test_every_power_asks_the_authority(town: Town) -> None:
    """Pitfalls 6 and 26."""
    wallet, identity = town.wallet(1), town.wallet(2)
    town.attest(wallet)
    calls = {
        "registerIdentity": (town.wallet(3), identity, PAKISTAN),
        "batchRegisterIdentity": ([], [], []),
        "deleteIdentity": (wallet,),
        "updateIdentity": (wallet, identity),
        "updateCountry": (wallet, UAE),
        "updateClass": (wallet, 2),
        "suspend": (wallet,),
        "unsuspend": (wallet,),
        "setVenue": (wallet, True),
        "halt": (),
        "resume": (),
        "addClaimTopic": (5,),
        "removeClaimTopic": (KYC,),
        "addTrustedIssuer": (identity, [KYC]),
        "removeTrustedIssuer": (town.bank,),
        "updateIssuerClaimTopics": (town.bank, [KYC]),
        "setMaxAge": (1,),
        "setMaxAttestationAge": (86_400,),
        "setRecoveryWindow": (86_400,),
        "setLapsedMaySend": (True,),
        "revokeBatch": (1,),
        "withdraw": (wallet,),
        "noticeRecovery": (wallet, town.wallet(4), bytes(32)),
        "setIdentityRegistryStorage": (town.registry,),
        "setClaimTopicsRegistry": (town.registry,),
        "setTrustedIssuersRegistry": (town.registry,),
    }
    for name, arguments in calls.items():
        with reverts("AccessManagedUnauthorized", town.stranger()):
            town.registry[name](*arguments, sender=town.stranger())
