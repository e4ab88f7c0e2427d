"""The regulator's settings, what a token is told of a movement, the standard's registries."""

from __future__ import annotations

from typing import Any

import pytest

from tests.evm import reverts
from tests.identity.registry import AML, DAY, KYC, PAKISTAN, UAE, ZERO, Flag, Record, Standing, Town


def test_screening_tells_both_parties_the_spender_and_the_switches(town: Town) -> None:
    """Pitfalls 12, 13 and 42."""
    sender, recipient, spender = (town.wallet(i) for i in (1, 2, 3))
    town.attest(sender, until_hour=town.hour(hours=1))
    town.attest(recipient, country=UAE)
    town.evm.advance(hours=1)
    screening = town.screen(spender, sender, recipient)
    assert screening.sender == town.record(sender)
    assert screening.recipient.country == UAE
    assert screening.standings == (Standing.LAPSED, Standing.VERIFIED)
    assert (screening.spender_dead, screening.halted) == (False, False)
    town.registry.setLapsedMaySend(True, sender=town.compliance_officer)
    town.registry.halt(sender=town.emergency)
    town.registry.suspend(spender, sender=town.regulator)
    screening = town.screen(spender, sender, recipient)
    assert screening.standings == (Standing.VERIFIED, Standing.VERIFIED)  # the switch is on
    assert (screening.spender_dead, screening.halted) == (True, True)
    town.registry.resume(sender=town.releaser)
    assert not town.screen(spender, sender, recipient).halted


def test_a_halt_lapses_within_a_week_unless_it_is_confirmed(town: Town) -> None:
    """Pitfall 52: what one person stops ends by itself; what two stop, when it is released."""
    registry, evm = town.registry, town.evm
    for act, who in (("confirmHalt", town.pause_confirmer), ("resume", town.releaser)):
        with reverts("NotHalted"):
            registry[act](sender=who)
    evm.advance(seconds=1_234)
    registry.halt(sender=town.emergency)
    lapses = registry.haltedUntilHour() * 3_600
    assert 7 * DAY - 3_600 < lapses - evm.time <= 7 * DAY
    evm.advance(days=6)
    registry.halt(sender=town.emergency)  # neither shortens nor prolongs
    evm.time = lapses - 1
    assert registry.policy().halted and town.screen(ZERO, ZERO, ZERO).halted
    evm.time = lapses
    assert not registry.policy().halted and not town.screen(ZERO, ZERO, ZERO).halted
    assert registry.haltedUntilHour() == 0
    registry.halt(sender=town.emergency)
    registry.confirmHalt(sender=town.pause_confirmer)
    assert evm.receipt.events("HaltConfirmed") == [{"by": town.pause_confirmer}]
    registry.halt(sender=town.emergency)
    evm.advance(days=60)
    assert registry.haltedUntilHour() == 2**24 - 1
    assert town.screen(ZERO, ZERO, ZERO).halted
    registry.resume(sender=town.releaser)
    assert town.screen(ZERO, ZERO, ZERO).verdict == 0


def test_a_stage_ends_at_its_second_and_can_be_given_another_end(town: Town) -> None:
    registry, end = town.registry, town.evm.time + 100
    registry.setStageEnd(end, sender=town.stage_keeper)
    assert town.evm.receipt.events("StageEndSet") == [{"at": end}]
    assert registry.stageEnd() == end
    town.evm.time = end - 1
    assert town.screen(ZERO, ZERO, ZERO).verdict == 0
    town.evm.time = end
    assert town.screen(ZERO, ZERO, ZERO).stage_ended
    for other in (end + 1, 0):
        registry.setStageEnd(other, sender=town.stage_keeper)
        assert town.screen(ZERO, ZERO, ZERO).verdict == 0


def test_a_party_there_is_none_of_is_passed_over(town: Town) -> None:
    town.attest(town.wallet(1))
    mint = town.screen(town.stranger(), ZERO, town.wallet(1))
    assert (mint.sender, mint.standings[0]) == (Record.of(0), Standing.VERIFIED)
    burn = town.screen(ZERO, town.wallet(1), ZERO)
    assert (burn.recipient, burn.standings[1]) == (Record.of(0), Standing.VERIFIED)
    assert town.standing(ZERO) == Standing.UNKNOWN
    assert town.standing(town.stranger()) == Standing.UNKNOWN


def test_the_operator_who_is_a_party_is_not_a_spender(town: Town) -> None:
    wallet = town.wallet(1)
    town.registry.suspend(wallet, sender=town.regulator)
    assert not town.screen(wallet, wallet, ZERO).spender_dead
    assert not town.screen(wallet, ZERO, wallet).spender_dead
    assert town.screen(wallet, ZERO, ZERO).spender_dead


def test_a_venue_is_marked_and_stays_marked_through_renewals(town: Town) -> None:
    """Pitfall 60."""
    wallet = town.wallet(1)
    with reverts("WalletNotRegistered", wallet):
        town.registry.setVenue(wallet, True, sender=town.compliance_officer)
    town.attest(wallet)
    town.registry.setVenue(wallet, True, sender=town.compliance_officer)
    town.evm.advance(seconds=1)
    town.attest(wallet)
    assert town.record(wallet).flags == Flag.ATTESTED | Flag.VENUE
    town.registry.setVenue(wallet, False, sender=town.compliance_officer)
    assert town.record(wallet).flags == Flag.ATTESTED


def test_the_ages_have_hard_bounds(town: Town) -> None:
    """Pitfall 42."""
    officer = town.compliance_officer
    with reverts("PolicySecondsOutOfRange", 30 * DAY + 1, 0, 30 * DAY):
        town.registry.setMaxAge(30 * DAY + 1, sender=officer)
    for seconds in (DAY - 1, 3 * 365 * DAY + 1):
        with reverts("PolicySecondsOutOfRange", seconds, DAY, 3 * 365 * DAY):
            town.registry.setMaxAttestationAge(seconds, sender=officer)
    town.registry.setMaxAge(30 * DAY, sender=officer)
    town.registry.setMaxAttestationAge(3 * 365 * DAY, sender=officer)
    town.registry.setRecoveryWindow(2 * DAY, sender=officer)
    town.registry.setLapsedMaySend(True, sender=officer)
    assert tuple(town.registry.policy())[1:] == (
        0b1,
        30 * DAY,
        3 * 365 * DAY,
        2 * DAY,
        True,
        False,
    )


def test_topics_are_required_and_released(town: Town) -> None:
    officer = town.compliance_officer
    with reverts("ClaimTopicAlreadyRequired", KYC):
        town.registry.addClaimTopic(KYC, sender=officer)
    with reverts("ClaimTopicNotRequired", AML):
        town.registry.removeClaimTopic(AML, sender=officer)
    with reverts("ClaimTopicUnknown", 77):
        town.registry.removeClaimTopic(77, sender=officer)
    town.registry.addClaimTopic(2**256 - 1, sender=officer)
    assert town.registry.getClaimTopics() == [KYC, 2**256 - 1]
    town.registry.removeClaimTopic(KYC, sender=officer)
    assert town.registry.getClaimTopics() == [2**256 - 1]
    assert town.registry.topicIndex(AML) == 1


def test_issuers_are_trusted_updated_and_removed(town: Town) -> None:
    officer, bank, broker = town.compliance_officer, town.bank, town.broker
    registry = town.registry
    assert registry.getTrustedIssuers() == [bank, broker]
    assert registry.getTrustedIssuersForClaimTopic(AML) == [bank]
    assert registry.getTrustedIssuersForClaimTopic(KYC) == [bank, broker]
    assert registry.getTrustedIssuersForClaimTopic(77) == []
    assert registry.getTrustedIssuerClaimTopics(bank) == [KYC, AML]
    assert registry.hasClaimTopic(bank, AML)
    assert not registry.hasClaimTopic(broker, AML)
    assert not registry.hasClaimTopic(bank, 77)
    with reverts("TrustedIssuerAlreadyAdded", bank):
        registry.addTrustedIssuer(bank, [KYC], sender=officer)
    with reverts("TrustedIssuerInvalid", town.wallet(1), 0):
        registry.addTrustedIssuer(town.wallet(1), [], sender=officer)
    with reverts("TrustedIssuerInvalid", ZERO, 1):
        registry.addTrustedIssuer(ZERO, [KYC], sender=officer)
    for change in ("removeTrustedIssuer", "getTrustedIssuerClaimTopics"):
        with reverts("TrustedIssuerUnknown", town.wallet(1)):
            registry[change](town.wallet(1), sender=officer)
    registry.updateIssuerClaimTopics(broker, [AML], sender=officer)
    registry.removeTrustedIssuer(bank, sender=officer)
    assert registry.getTrustedIssuers() == [broker]
    assert registry.getTrustedIssuersForClaimTopic(AML) == [broker]
    assert not registry.isTrustedIssuer(bank)


@pytest.mark.parametrize(
    ("change", "values", "after"),
    [
        ("addClaimTopic", (AML,), Standing.UNTRUSTED),
        ("removeClaimTopic", (KYC,), Standing.VERIFIED),
        ("addTrustedIssuer", ("another", [KYC]), Standing.VERIFIED),
        ("updateIssuerClaimTopics", ("bank", [AML]), Standing.UNTRUSTED),
        ("removeTrustedIssuer", ("bank",), Standing.UNTRUSTED),
        ("setMaxAge", (DAY // 2,), Standing.VERIFIED),
        ("setMaxAttestationAge", (DAY,), Standing.LAPSED),
    ],
)
def test_each_change_of_policy_ends_the_verdicts_cached_before_it(
    town: Town, change: str, values: tuple[Any, ...], after: Standing
) -> None:
    """Pitfall 41: a verdict reached a moment ago is no excuse."""
    wallet, epoch = town.wallet(1), town.epoch()
    town.attest(wallet, topics=(KYC,))
    assert town.record(wallet).epoch == epoch
    town.evm.advance(days=1)
    given = [town.evm.actor(each) if isinstance(each, str) else each for each in values]
    town.registry[change](*given, sender=town.compliance_officer)
    assert town.evm.receipt.events("EpochBegun") == [{"epoch": epoch + 1}]
    assert town.epoch() == epoch + 1
    assert town.standing(wallet) == after
    assert town.registry.isVerified(wallet) is (after == Standing.VERIFIED)


def test_the_standards_other_registries_are_this_one(town: Town) -> None:
    registry = town.registry
    for view in ("identityStorage", "issuersRegistry", "topicsRegistry"):
        assert registry[view]() == registry.address
    for name, event in {
        "setIdentityRegistryStorage": "IdentityStorageSet",
        "setClaimTopicsRegistry": "ClaimTopicsRegistrySet",
        "setTrustedIssuersRegistry": "TrustedIssuersRegistrySet",
    }.items():
        registry[name](registry, sender=town.steward)
        assert len(town.evm.receipt.events(event)) == 1
        with reverts("RegistryHoldsItsOwn", town.wallet(1)):
            registry[name](town.wallet(1), sender=town.steward)


def test_the_standard_interfaces_are_supported(town: Town) -> None:
    supports = town.registry.supportsInterface
    assert supports(bytes.fromhex("01ffc9a7"))
    assert not supports(bytes.fromhex("ffffffff"))
    assert not supports(bytes.fromhex("deadbeef"))


def test_a_deleted_wallet_answers_as_if_it_were_not_there(town: Town) -> None:
    wallet, identity = town.wallet(1), town.evm.actor("identity")
    town.registry.registerIdentity(wallet, identity, PAKISTAN, sender=town.registrar)
    town.registry.deleteIdentity(wallet, sender=town.registrar)
    assert town.evm.receipt.events("IdentityRemoved") == [
        {"investorAddress": wallet, "identity": identity}
    ]
    assert not town.registry.contains(wallet)
    assert town.registry.identity(wallet) == ZERO
    assert town.registry.investorCountry(wallet) == 0
    assert town.standing(wallet) == Standing.WITHDRAWN
    with reverts("WalletNotRegistered", wallet):
        town.registry.deleteIdentity(wallet, sender=town.registrar)
    town.registry.registerIdentity(wallet, identity, PAKISTAN, sender=town.registrar)
    assert town.registry.contains(wallet)
