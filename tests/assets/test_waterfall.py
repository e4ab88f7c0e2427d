"""The waterfall of a revenue share: exact, and the same on the chain and beside it."""

from __future__ import annotations

from dataclasses import astuple
from functools import cache
from itertools import permutations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scripts._amanat.waterfall import WHOLE, Figures, Rule, Tier, netted, waterfall
from tests.evm import Contract, Evm

LARGEST = 2**112 - 1
PAISA = 100


@cache
def harness() -> Contract:
    evm = Evm()
    return evm.deploy("WaterfallHarness", sender=evm.actor("anyone"))


def rupees(*amounts: int) -> Figures:
    return Figures(*(amount * PAISA for amount in amounts))


# Sums beyond what a column of the audit could hold, and small ones in which every tier can lack.
amounts = st.one_of(st.integers(0, LARGEST), st.integers(0, 1_000))
figures = st.builds(Figures, amounts, amounts, amounts, amounts)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    floor = draw(amounts)
    cap = draw(st.one_of(st.just(0), st.integers(floor, LARGEST)))
    order = tuple(draw(st.permutations(list(Tier))))
    return Rule(order, draw(st.integers(1, WHOLE)), floor, cap)


def test_a_net_of_400_at_a_quarter_is_a_share_of_100() -> None:
    """The programme's own example: net 400, 25 % share, 100."""
    split = waterfall(rupees(1_000, 350, 150, 100), Rule(share=2_500))
    assert (split.net, split.share, split.rest) == (400 * PAISA, 100 * PAISA, 300 * PAISA)


@pytest.mark.parametrize(
    ("floor", "cap", "share"),
    [(0, 0, 100), (0, 90, 90), (120, 0, 120), (120, 130, 120), (500, 0, 400), (100, 100, 100)],
)
def test_cap_and_floor_hold_as_far_as_the_net_reaches(floor: int, cap: int, share: int) -> None:
    rule = Rule(share=2_500, floor=floor * PAISA, cap=cap * PAISA)
    assert waterfall(rupees(1_000, 350, 150, 100), rule).share == share * PAISA


def test_a_fraction_of_the_paisa_stays_with_the_issuer() -> None:
    """Pitfall 56: a pot that is divided floors."""
    split = waterfall(Figures(399, 0, 0, 0), Rule(share=2_500))
    assert (split.share, split.rest) == (99, 300)


def test_who_comes_first_is_served_first_where_it_does_not_suffice() -> None:
    for order in permutations(Tier):
        split = waterfall(rupees(100, 80, 80, 80), Rule(order))
        served = {
            Tier.OPERATING_COSTS: split.operating_costs,
            Tier.TAXES_AND_ROYALTIES: split.taxes_and_royalties,
            Tier.RESERVE: split.reserve,
        }
        assert [served[tier] for tier in order] == [80 * PAISA, 20 * PAISA, 0]
        assert (split.net, split.share) == (0, 0)


@given(figures, rules())
@example(Figures(LARGEST, 0, 0, 0), Rule(share=WHOLE, floor=LARGEST))
def test_a_waterfall_never_pays_more_than_it_received(given_: Figures, rule: Rule) -> None:
    split = waterfall(given_, rule)
    tiers = split.operating_costs + split.taxes_and_royalties + split.reserve
    assert tiers + split.share + split.rest == given_.gross
    assert min(astuple(split)) >= 0
    assert split.share <= split.net <= given_.gross


@given(figures, rules())
@example(Figures(LARGEST, LARGEST, LARGEST, LARGEST), Rule(cap=LARGEST))
def test_the_chain_divides_as_the_twin_does(given_: Figures, rule: Rule) -> None:
    assert tuple(harness().split(astuple(given_), astuple(rule))) == astuple(
        waterfall(given_, rule)
    )


@given(amounts, st.integers(-LARGEST, LARGEST))
@example(100, -100)
@example(100, -101)
def test_what_is_carried_is_paid_or_comes_off_and_nothing_is_lost(share: int, carried: int) -> None:
    pool, left = netted(share, carried)
    assert (pool + left, pool >= 0, left <= 0) == (share + carried, True, True)
    assert pool == 0 or left == 0
    assert tuple(harness().net(share, carried)) == (pool, left)


@pytest.mark.parametrize(
    "wrong",
    [
        {"order": (Tier.RESERVE, Tier.RESERVE, Tier.OPERATING_COSTS)},
        {"order": (Tier.RESERVE,)},
        {"share": 0},
        {"share": WHOLE + 1},
        {"floor": 2, "cap": 1},
    ],
)
def test_a_rule_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"once|share|floor"):
        Rule(**wrong)  # type: ignore[arg-type]
