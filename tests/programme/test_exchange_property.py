"""Whatever happened to a series before, and in whatever pages its holders are carried: nothing is
lost, nothing appears, and nobody gets what is another's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from functools import cache

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.evm import Contract, Reverted
from tests.invariants.life import WALLETS, WIDEST, Act, Life
from tests.programme.departure import COMPLETED, NOTHING, Swap, chosen, position
from tests.world import Rules

BEFORE = (
    *("mint", "mint", "transfer", "burn", "force", "pledge", "pledge", "pledge"),
    *("release_pledge", "enforce", "freeze", "release", "freeze_part", "set_frozen"),
    *("lose", "lose", "complete", "complete", "follow", "link", "withdraw", "suspend", "wait"),
)
DURING = ("lose", "complete", "complete", "withdraw", "suspend", "wait", "attest")
"""What the registry's keepers may do while holders are carried."""

Position = tuple[int, int, bool, int]

wallet = st.integers(0, WALLETS - 1)
before = st.tuples(st.sampled_from(BEFORE), wallet, wallet, wallet, st.integers(0, 900))
during = st.tuples(st.sampled_from(DURING), wallet, wallet, wallet, st.integers(0, 900))
row = st.tuples(wallet, st.integers(0, 2**12 - 1))
page = st.lists(row, min_size=1, max_size=4)


@cache
def life() -> Life:
    """Deployed once; each example plays on a snapshot of it."""
    return Life()


@settings(max_examples=25, phases=[Phase.explicit, Phase.reuse, Phase.generate], deadline=None)
@given(
    past=st.lists(before, min_size=10, max_size=40),
    pages=st.lists(st.tuples(page, st.none() | during), min_size=2, max_size=12),
)
def test_in_any_pages_and_any_order_nothing_is_lost(
    past: list[Act], pages: list[tuple[list[tuple[int, int]], Act | None]]
) -> None:
    here = life()
    with here.evm.snapshot():
        here.begin()
        for each in [*[("mint", n, 0, 0, 100) for n in range(6)], *past]:
            here.perform(here.aim(each))
        swap = Swap(here.world, here.token, here.world.open_ended(Rules(maximum_holders=50)))
        swap.begin()
        owned = estate(here, swap)
        for rows, act in pages:
            swap.carry(*[chosen(here, *each) for each in rows])
            assert estate(here, swap) == owned
            if act:
                move_on(here, act)
                owned = estate(here, swap)
        finish(here, swap)
        assert estate(here, swap) == owned
        check_pledges(here, swap)


def estate(here: Life, swap: Swap) -> Mapping[str, Position]:
    """What each line of succession owns, on both series together."""
    heir = here.world.registry.successorOf
    lines: dict[str, list[Position]] = defaultdict(list)
    for each in here.wallets:
        lines[heir(each)] += [position(swap.old, each), position(swap.new, each)]
    found = {line: together(positions) for line, positions in lines.items()}
    return {line: owned for line, owned in found.items() if owned != NOTHING}


def together(positions: list[Position]) -> Position:
    units, frozen, is_frozen, pledged = zip(*positions, strict=True)
    return sum(units), min(sum(frozen), WIDEST), any(is_frozen), sum(pledged)


def move_on(here: Life, act: Act) -> None:
    """The registry's life goes on; the model of the old series is not asked any more."""
    if act[0] != "complete":
        return here.perform(act)
    lost = here.wallets[act[1]]
    if here.recovery(lost) == 1:
        here.evm.time = max(here.evm.time, here.world.registry.recoveryOf(lost).readyAt)
        with suppress(Reverted):  # its successor may have been lost itself, or withdrawn
            here.world.registry.completeRecovery(lost, [], sender=here.desk)


def finish(here: Life, swap: Swap) -> None:
    """Everybody, with all pledges."""
    for number in range(WALLETS):
        assert swap.carry(chosen(here, number, -1)) == []
    for each in here.wallets:
        assert position(swap.old, each) == NOTHING
    assert swap.old.totalSupply() == 0
    assert swap.leaving().status == COMPLETED
    follow_all(here, swap.new)


def follow_all(here: Life, token: Contract) -> None:
    for each in here.wallets:
        if here.recovery(each) == 2:
            token.follow(each, sender=here.desk)


def check_pledges(here: Life, swap: Swap) -> None:
    """Each pledge as it was, and their sums those of their holders."""
    sums: dict[str, int] = defaultdict(int)
    for pledge in here.pledges:
        before = swap.old.pledgeOf(pledge.identity)
        assert before.amount == 0
        if pledge.amount:
            now = swap.new.pledgeOf(pledge.identity)
            assert now.amount == pledge.amount
            sums[now.holder] += now.amount
    for each in here.wallets:
        assert swap.new.pledgedOf(each) == sums[str(each)]
