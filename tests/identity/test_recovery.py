"""Lost wallets: notice, window, completion, successor."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from itertools import pairwise

import pytest

from tests.evm import Actor, Reverted, reverts
from tests.identity.onchainid import REVERTS
from tests.identity.registry import DAY, PAKISTAN, UAE, ZERO, Flag, Skip, Standing, Town

REFERENCE = b"\x42" * 32
WINDOW = 3 * DAY


def notice(town: Town, lost: str, successor: str) -> None:
    town.registry.noticeRecovery(lost, successor, REFERENCE, sender=town.recovery_agent)


def recover(town: Town, lost: str, successor: str) -> None:
    notice(town, lost, successor)
    town.evm.advance(seconds=WINDOW)
    town.registry.completeRecovery(lost, [], sender=town.stranger())


@pytest.fixture
def lost(town: Town) -> Actor:
    """A wallet, attested, about to be lost."""
    town.attest(town.wallet(1), country=UAE, investor_class=7)
    return town.wallet(1)


def test_a_lost_wallet_is_dead_from_the_notice_on(town: Town, lost: Actor) -> None:
    """Pitfall 44."""
    notice(town, lost, town.wallet(2))
    assert town.evm.receipt.events("RecoveryNoticed") == [
        {
            "lost": lost,
            "successor": town.wallet(2),
            "readyAt": town.evm.time + WINDOW,
            "referenceHash": REFERENCE,
        }
    ]
    assert town.standing(lost) == Standing.LOST
    assert not town.registry.contains(lost)
    assert town.registry.successorOf(lost) == lost
    assert town.registry.walletsOf(lost) == [lost]
    screening = town.screen(lost, town.wallet(8), town.wallet(9))
    assert screening.spender_dead


def test_a_recovery_is_completed_by_anyone_after_its_window(town: Town, lost: Actor) -> None:
    """Pitfalls 8 and 44."""
    successor = town.wallet(2)
    before = town.record(lost)
    notice(town, lost, successor)
    ready = town.evm.time + WINDOW
    town.evm.advance(seconds=WINDOW - 1)
    with reverts("RecoveryTooEarly", lost, ready):
        town.registry.completeRecovery(lost, [], sender=town.stranger())
    town.evm.advance(seconds=1)
    town.registry.completeRecovery(lost, [], sender=town.stranger())
    assert town.record(successor) == replace(before, flags=before.flags | Flag.LINKED)
    assert town.record(successor).investor == lost
    assert town.standing(successor) == Standing.VERIFIED
    assert town.standing(lost) == Standing.LOST
    assert town.registry.successorOf(lost) == successor
    assert town.registry.walletsOf(lost) == [lost, successor]
    assert town.registry.recoveryOf(lost) == (successor, ready, 2)
    with reverts("RecoveryNotNoticed", lost):
        town.registry.completeRecovery(lost, [], sender=town.stranger())
    with reverts("WalletNotRegistered", lost):
        notice(town, lost, town.wallet(3))


def test_the_holder_or_the_guardian_cancels_and_the_wallet_lives_again(
    town: Town, lost: Actor
) -> None:
    """Pitfall 44."""
    before = replace(town.record(lost), epoch=0)  # to be judged anew from its batch
    for who in (lost, town.guardian):
        notice(town, lost, town.wallet(2))
        with reverts("AccessManagedUnauthorized", town.stranger()):
            town.registry.cancelRecovery(lost, sender=town.stranger())
        town.registry.cancelRecovery(lost, sender=who)
        assert town.record(lost) == before
        assert town.standing(lost) == Standing.VERIFIED
        assert town.registry.recordOf(town.wallet(2)) == 0
        assert town.registry.recoveryOf(lost) == (ZERO, 0, 0)
        with reverts("RecoveryNotNoticed", lost):
            town.registry.completeRecovery(lost, [], sender=town.stranger())


def test_a_thief_cannot_cancel_once_the_wallet_is_suspended(town: Town, lost: Actor) -> None:
    town.registry.suspend(lost, sender=town.regulator)
    notice(town, lost, town.wallet(2))
    with reverts("AccessManagedUnauthorized", lost):
        town.registry.cancelRecovery(lost, sender=lost)


def test_a_completed_recovery_is_final(town: Town, lost: Actor) -> None:
    recover(town, lost, town.wallet(2))
    for who in (lost, town.guardian):
        with reverts("RecoveryNotNoticed", lost):
            town.registry.cancelRecovery(lost, sender=who)


def test_a_suspension_follows_to_the_successor(town: Town, lost: Actor) -> None:
    notice(town, lost, town.wallet(2))
    town.registry.suspend(lost, sender=town.regulator)
    town.evm.advance(seconds=WINDOW)
    town.registry.completeRecovery(lost, [], sender=town.stranger())
    assert town.standing(town.wallet(2)) == Standing.SUSPENDED


def test_a_successor_is_new_or_a_wallet_of_the_same_investor(town: Town, lost: Actor) -> None:
    """Pitfall 9: an agent cannot move one investor's tokens to another's wallet."""
    other = town.wallet(5)
    town.attest(other)
    suspended = town.wallet(6)
    town.registry.suspend(suspended, sender=town.regulator)
    for unfit in (other, lost, ZERO, suspended):
        with reverts("SuccessorUnfit", lost, unfit):
            notice(town, lost, unfit)
    with reverts("WalletNotRegistered", town.wallet(7)):
        notice(town, town.wallet(7), town.wallet(8))


def test_a_new_successor_is_reserved_from_the_notice_on(town: Town, lost: Actor) -> None:
    """Pitfalls 9 and 44: no issuer, registrar or other recovery can take it, nor can it act."""
    other, successor = town.wallet(5), town.wallet(2)
    town.attest(other)
    notice(town, lost, successor)
    town.evm.advance(seconds=1)
    town.attest(successor, issuer=town.broker)
    assert town.skipped() == [(0, Skip.WALLET_LOST)]
    with reverts("WalletAlreadyRegistered", 0, successor):
        town.registry.registerIdentity(successor, town.wallet(9), PAKISTAN, sender=town.registrar)
    with reverts("SuccessorUnfit", other, successor):
        notice(town, other, successor)
    with reverts("WalletNotRegistered", successor):
        notice(town, successor, town.wallet(6))
    with reverts("RecoveryNotNoticed", successor):
        town.registry.cancelRecovery(successor, sender=successor)
    assert town.standing(successor) == Standing.LOST
    assert town.registry.recoveryOf(successor) == (ZERO, 0, 0)


def test_a_reserved_wallet_that_is_suspended_stays_suspended(town: Town, lost: Actor) -> None:
    successor = town.wallet(2)
    for end in ("cancelRecovery", "completeRecovery"):
        with town.evm.snapshot():
            notice(town, lost, successor)
            town.registry.suspend(successor, sender=town.regulator)
            town.evm.advance(seconds=WINDOW)
            if end == "cancelRecovery":
                town.registry.cancelRecovery(lost, sender=town.guardian)
            else:
                town.registry.completeRecovery(lost, [], sender=town.stranger())
            assert town.standing(successor) == Standing.SUSPENDED


def test_a_wallet_named_as_successor_stays_with_its_investor_meanwhile(
    town: Town, lost: Actor
) -> None:
    """Pitfalls 9 and 44: nobody slips another investor's wallet into a recovery."""
    second = town.wallet(2)
    town.attest(second, investor=lost)
    notice(town, lost, second)
    for forbidden in (
        lambda: town.registry.deleteIdentity(second, sender=town.registrar),
        lambda: notice(town, second, town.wallet(3)),
    ):
        with reverts("WalletReserved", second):
            forbidden()
    assert town.standing(second) == Standing.VERIFIED
    town.evm.advance(seconds=1)
    town.attest(second)
    assert town.record(second).flags == Flag.ATTESTED | Flag.LINKED | Flag.HEIR
    town.registry.withdraw(second, sender=town.bank)
    town.evm.advance(seconds=WINDOW)
    with reverts("SuccessorUnfit", lost, second):
        town.registry.completeRecovery(lost, [], sender=town.stranger())
    town.registry.cancelRecovery(lost, sender=town.guardian)
    assert town.record(lost).investor == lost
    assert town.record(second).flags == Flag.ATTESTED | Flag.LINKED | Flag.WITHDRAWN


def test_a_lost_wallets_record_still_names_its_investor(town: Town, lost: Actor) -> None:
    """Pitfall 10."""
    notice(town, lost, town.wallet(2))
    assert town.record(lost).investor == lost
    town.evm.advance(seconds=WINDOW)
    town.registry.completeRecovery(lost, [], sender=town.stranger())
    recover(town, town.wallet(2), town.wallet(3))
    for each in (lost, town.wallet(2), town.wallet(3)):
        assert town.record(each).investor == lost
        assert town.screen(ZERO, each, ZERO).sender == town.record(each)
    assert town.record(lost).country == UAE


def test_links_form_no_circle_and_every_lost_wallet_finds_the_last_successor(
    town: Town, lost: Actor
) -> None:
    """Pitfall 44."""
    second, third = town.wallet(2), town.wallet(3)
    recover(town, lost, second)
    with reverts("SuccessorUnfit", second, lost):
        notice(town, second, lost)
    recover(town, second, third)
    assert town.registry.successorOf(lost) == third
    assert town.registry.successorOf(second) == third
    assert town.registry.walletsOf(lost) == [lost, second, third]
    assert town.record(third).investor == lost


def test_one_wallet_of_several_is_succeeded_by_a_new_one(town: Town, lost: Actor) -> None:
    second, new = town.wallet(2), town.wallet(3)
    town.attest(second, investor=lost)
    recover(town, lost, new)
    assert town.registry.walletsOf(lost) == [lost, new, second]
    assert town.record(new).flags == Flag.ATTESTED | Flag.LINKED


def test_one_wallet_of_several_is_succeeded_by_another_of_them(town: Town, lost: Actor) -> None:
    second = town.wallet(2)
    town.attest(second, investor=lost)
    town.registry.suspend(lost, sender=town.regulator)
    before = town.record(second)
    recover(town, lost, second)
    assert town.registry.walletsOf(lost) == [lost, second]
    assert town.record(second).flags == before.flags | Flag.SUSPENDED
    assert town.record(second).country == before.country


def test_an_onchainid_investors_list_follows(town: Town) -> None:
    a, b, new = (town.wallet(i) for i in (1, 2, 3))
    identity = town.evm.actor("identity")
    town.registry.batchRegisterIdentity(
        [a, b], [identity] * 2, [PAKISTAN] * 2, sender=town.registrar
    )
    recover(town, b, new)
    assert town.registry.walletsOf(identity) == [a, b, new]
    assert town.registry.identity(new) == identity
    recover(town, a, new)
    assert town.registry.walletsOf(identity) == [a, new, b]


def test_a_successors_further_wallets_join_the_same_investor(town: Town, lost: Actor) -> None:
    new, further = town.wallet(2), town.wallet(3)
    recover(town, lost, new)
    town.attest(new)
    assert town.record(new).investor == lost
    town.evm.advance(seconds=1)
    town.attest(further, investor=new)
    assert town.registry.walletsOf(lost) == [lost, new, further]
    assert town.record(further).flags == Flag.ATTESTED | Flag.LINKED


def test_a_wallet_of_an_onchainid_investor_alone_is_linked_with_its_successor(town: Town) -> None:
    a, new = town.wallet(1), town.wallet(2)
    identity = town.evm.actor("identity")
    town.registry.registerIdentity(a, identity, PAKISTAN, sender=town.registrar)
    assert town.record(a).flags == Flag(0)
    recover(town, a, new)
    assert town.registry.walletsOf(identity) == [a, new]
    assert town.record(new).flags == Flag.LINKED


def test_two_lines_that_end_in_one_wallet_tell_it_once(town: Town, lost: Actor) -> None:
    """A line keeps its place among the eight even where it ends in another of them."""
    second, third, last = (town.wallet(i) for i in (2, 3, 4))
    town.attest(second, third, investor=lost)
    recover(town, lost, third)
    recover(town, second, third)
    recover(town, third, last)
    assert town.registry.walletsOf(lost) == [lost, third, last, second]
    town.evm.advance(seconds=1)
    town.attest(last)
    town.attest(*(town.wallet(i) for i in range(10, 16)), investor=last)
    assert town.skipped() == [(5, Skip.TOO_MANY_WALLETS)]


@pytest.mark.parametrize("listed", [False, True])
def test_the_last_eight_wallets_of_a_line_are_remembered(
    town: Town, lost: Actor, listed: bool
) -> None:
    """What a sum by investor costs is bounded, however many wallets were lost."""
    further = [town.wallet(30)] if listed else []
    if listed:
        town.attest(*further, investor=lost)
    line = [lost, *(town.wallet(i) for i in range(2, 12))]
    for number, (each, successor) in enumerate(pairwise(line), start=2):
        recover(town, each, successor)
        told = line[max(number - 8, 0) : number]
        assert town.registry.walletsOf(lost) == [*told, *further], number
    assert town.registry.successorOf(lost) == line[-1]
    assert town.record(line[-1]).investor == lost
    with reverts("WalletSucceeds", line[-1], line[-2]):
        town.registry.deleteIdentity(line[-1], sender=town.registrar)


def test_an_issuer_cannot_fill_a_list_that_a_successor_is_not_on(town: Town, lost: Actor) -> None:
    """Pitfall 41: a list of the same name is an ONCHAINID investor's."""
    town.registry.registerIdentity(town.wallet(5), lost, PAKISTAN, sender=town.registrar)
    recover(town, lost, town.wallet(2))
    town.attest(town.wallet(2))
    town.evm.advance(seconds=1)
    town.attest(town.wallet(3), investor=town.wallet(2))
    assert town.skipped() == [(0, Skip.OTHER_INVESTOR)]
    assert town.registry.walletsOf(lost) == [town.wallet(5)]


# ------------------------------------------------------------ a successor stays with its investor


def test_a_successor_stays_with_its_attested_investor(town: Town, lost: Actor) -> None:
    """Pitfalls 9 and 44: what still follows must not end with somebody else."""
    successor, other = town.wallet(2), town.wallet(5)
    town.attest(other)
    recover(town, lost, successor)
    with reverts("WalletSucceeds", successor, lost):
        town.registry.deleteIdentity(successor, sender=town.registrar)
    with reverts("WalletAttested", successor):
        town.registry.updateIdentity(successor, other, sender=town.registrar)
    with reverts("WalletAlreadyRegistered", 0, successor):
        town.registry.registerIdentity(successor, other, PAKISTAN, sender=town.registrar)
    town.registry.withdraw(successor, sender=town.bank)
    for issuer, named, skip in (
        (town.bank, other, Skip.OTHER_INVESTOR),
        (town.broker, None, Skip.OTHER_ISSUER),
        (town.broker, other, Skip.OTHER_ISSUER),
    ):
        town.evm.advance(seconds=1)
        town.attest(successor, issuer=issuer, investor=named)
        assert town.skipped() == [(0, skip)]
        assert town.record(successor).investor == lost
    town.evm.advance(seconds=1)
    town.attest(successor)
    assert town.record(successor).investor == lost
    assert town.standing(successor) == Standing.VERIFIED


def test_a_successor_stays_with_its_onchainid_investor(town: Town) -> None:
    """Pitfalls 9 and 44: a new wallet, and one that the investor had already."""
    a, b, new = (town.wallet(i) for i in (1, 2, 3))
    identity, other = town.evm.actor("identity"), town.evm.actor("other identity")
    town.registry.batchRegisterIdentity(
        [a, b], [identity] * 2, [PAKISTAN] * 2, sender=town.registrar
    )
    for lost, successor in ((a, new), (new, b)):
        recover(town, lost, successor)
        with reverts("WalletSucceeds", successor, lost):
            town.registry.deleteIdentity(successor, sender=town.registrar)
        with reverts("WalletSucceeds", successor, lost):
            town.registry.updateIdentity(successor, other, sender=town.registrar)
        with reverts("WalletAlreadyRegistered", 0, successor):
            town.registry.registerIdentity(successor, other, PAKISTAN, sender=town.registrar)
        town.attest(successor)
        assert town.skipped() == [(0, Skip.ONCHAINID_WALLET)]
    assert [town.record(each).investor for each in (a, b, new)] == [identity] * 3


def test_a_wallet_beside_a_lost_one_is_free_to_leave(town: Town, lost: Actor) -> None:
    second = town.wallet(2)
    town.attest(second, investor=lost)
    recover(town, lost, town.wallet(3))
    town.registry.deleteIdentity(second, sender=town.registrar)
    assert town.registry.walletsOf(lost) == [lost, town.wallet(3)]


def test_nobody_revives_a_lost_wallet(town: Town, lost: Actor) -> None:
    """Pitfalls 8 and 44."""
    recover(town, lost, town.wallet(2))
    town.attest(lost)
    assert town.skipped() == [(0, Skip.WALLET_LOST)]
    town.attest(town.wallet(3), investor=lost)
    assert town.skipped() == [(0, Skip.INVESTOR_NOT_OURS)]
    with reverts("WalletNotRegistered", lost):
        town.registry.deleteIdentity(lost, sender=town.registrar)
    with reverts("WalletAlreadyRegistered", 0, lost):
        town.registry.registerIdentity(lost, town.wallet(9), PAKISTAN, sender=town.registrar)


def test_a_token_that_fails_to_follow_stops_no_other(town: Town, lost: Actor) -> None:
    """Pitfalls 8 and 30."""
    good, bad, nothing = (town.evm.actor(name) for name in ("good", "bad", "nothing"))
    town.evm.etch(good, bytes.fromhex("5f355f5260205fa000"))  # logs the call's first word
    town.evm.etch(bad, REVERTS)
    notice(town, lost, town.wallet(2))
    town.evm.advance(seconds=WINDOW)
    town.registry.completeRecovery(lost, [bad, nothing, good], sender=town.stranger())
    assert [each["token"] for each in town.evm.receipt.events("FollowFailed")] == [bad, nothing]
    called = [log for log in town.evm.receipt.logs if log.address == good]
    assert len(called) == 1


def test_a_failure_to_follow_counts_only_with_the_gas_to_follow(town: Town, lost: Actor) -> None:
    """Pitfall 8: with less, the least that a node estimates would leave every token behind."""
    bad = town.evm.actor("bad")
    town.evm.etch(bad, REVERTS)
    notice(town, lost, town.wallet(2))
    town.evm.advance(seconds=WINDOW)

    def is_enough(gas: int) -> bool:
        try:
            town.registry.completeRecovery.call(lost, [bad], sender=town.stranger(), gas=gas)
        except Reverted as error:
            assert error.name == "FollowStarved"
            return False
        return True

    least = bisect_left(range(1_000_000), True, lo=300_000, key=is_enough)
    with reverts("FollowStarved", bad, 499_999, 500_000):
        town.registry.completeRecovery(lost, [bad], sender=town.stranger(), gas=least - 1)
    town.registry.completeRecovery(lost, [bad], sender=town.stranger(), gas=least)
    assert [each["token"] for each in town.evm.receipt.events("FollowFailed")] == [bad]


def test_the_recovery_window_is_one_day_at_least(town: Town, lost: Actor) -> None:
    for seconds in (DAY - 1, 30 * DAY + 1):
        with reverts("PolicySecondsOutOfRange", seconds, DAY, 30 * DAY):
            town.registry.setRecoveryWindow(seconds, sender=town.compliance_officer)
    town.registry.setRecoveryWindow(DAY, sender=town.compliance_officer)
    notice(town, lost, town.wallet(2))
    town.evm.advance(days=1)
    town.registry.completeRecovery(lost, [], sender=town.stranger())
