"""What the gate refuses: the code a wallet is told beforehand is the error it would meet.

Each refusal is one row of `REFUSALS`: what brings it about, its ERC-1404 code, and the error with
its values. The rules' own codes (32 and above) are tested here for their agreement alone; what
each rule means is for tests/compliance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts._amanat.claims import Attestation
from scripts._amanat.onchain import Status
from tests.evm import Actor, Contract, Reverted, reverts
from tests.world import (
    EMIRATES,
    INSTITUTION,
    MATURITY_INSTANT,
    NOBODY,
    PAKISTAN,
    REFERENCE,
    RETAIL,
    Role,
    Rules,
    World,
)

UNLIMITED = 2**256 - 1
SENDER, RECIPIENT = 16, 24
UNKNOWN, LAPSED, UNTRUSTED, WITHDRAWN, SUSPENDED, LOST = range(1, 7)


@dataclass
class Scene:
    """A holder, somebody who is to receive, and a spender with an unlimited allowance."""

    world: World
    token: Contract
    holder: Actor
    to: str
    spender: Actor
    amount: int = 10

    @staticmethod
    def make(rules: Rules | None = None) -> Scene:
        world = World()
        token = world.bill(rules, countries=[PAKISTAN])
        holder, to = world.investor("holder"), world.investor("recipient")
        spender = world.investor("spender")
        world.mint(token, holder, 100)
        token.approve(spender, UNLIMITED, sender=holder)
        return Scene(world, token, holder, to, spender)

    def configure(self, rules: Rules) -> None:
        officer = self.world[Role.COMPLIANCE_OFFICER]
        self.world.rule_book.configure(self.token, tuple(vars(rules).values()), sender=officer)

    def expire(self, wallet: str, **attested: Any) -> None:
        """Attest anew for one hour, and let it pass."""
        row = {"country": PAKISTAN, "investor_class": RETAIL} | attested
        self.world.attest(
            [Attestation(str(wallet), **row, until_hour=self.world.evm.time // 3600 + 1)]
        )
        self.world.evm.advance(hours=2)


Setup = Callable[[Scene], Any]
Expected = Callable[[Scene], tuple[Any, ...]]


@dataclass(frozen=True)
class Refusal:
    """What a scene is brought to, and what is then told and done."""

    name: str
    setup: Setup
    code: int
    error: str
    values: Expected
    sentence: str
    spender_alone: bool = False


def officer(role: Role, contract: str, function: str, *arguments: Any) -> Setup:
    """An act of an officer. Arguments that are callable are asked of the scene."""

    def act(scene: Scene) -> None:
        target = scene.token if contract == "token" else getattr(scene.world, contract)
        given = [each(scene) if callable(each) else each for each in arguments]
        target[function](*given, sender=scene.world[role])

    return act


def holder(scene: Scene) -> Any:
    return scene.holder


def to(scene: Scene) -> Any:
    return scene.to


def spender(scene: Scene) -> Any:
    return scene.spender


def token(scene: Scene) -> Any:
    return scene.token


def of(*values: Any) -> Expected:
    return lambda scene: tuple(each(scene) if callable(each) else each for each in values)


def standing(who: Setup, base: int) -> list[Refusal]:
    """The refusals that the registry's standing of one party gives."""
    party = "sender" if base == SENDER else "recipient"
    error = "ERC7943CannotSend" if base == SENDER else "ERC7943CannotReceive"
    suspend = officer(Role.REGULATOR, "registry", "suspend", who)
    withdraw = officer(Role.REGISTRAR, "registry", "withdraw", who)

    def lose(scene: Scene) -> None:
        scene.world.lose(who(scene), scene.world.evm.actor("successor"))

    rows = [
        ("lapsed", lambda scene: scene.expire(who(scene)), LAPSED, "has lapsed"),
        ("withdrawn", withdraw, WITHDRAWN, "was withdrawn"),
        ("suspended", suspend, SUSPENDED, "is suspended by the regulator"),
        ("lost", lose, LOST, "is reported lost"),
    ]
    return [
        Refusal(f"{party} {name}", setup, base + code, error, of(who), sentence)
        for name, setup, code, sentence in rows
    ]


def become_unknown(scene: Scene) -> None:
    scene.to = scene.world.evm.actor("stranger")


def new_topic(scene: Scene) -> None:
    """Nobody's attestation covers it."""
    scene.world.registry.addClaimTopic(3, sender=scene.world[Role.COMPLIANCE_OFFICER])


def pay_zero_address(scene: Scene) -> None:
    scene.to = NOBODY


def take_more(amount: int) -> Setup:
    def setup(scene: Scene) -> None:
        scene.amount = amount

    return setup


def with_rules(**rules: Any) -> Setup:
    return lambda scene: scene.configure(Rules(**rules))


def abroad(scene: Scene) -> None:
    scene.configure(Rules(jurisdictions=True))
    scene.to = scene.world.investor("abroad", country=EMIRATES)


def sanctioned(scene: Scene) -> None:
    scene.configure(Rules(sanctions=True))
    scene.world.rule_book.imposeSanctions([scene.to], sender=scene.world[Role.REGULATOR])


def spend_the_limit(scene: Scene) -> None:
    scene.configure(Rules(velocity_limit=15, velocity_window=3_600))
    scene.token.transfer(scene.to, 10, sender=scene.holder)


def limit_holders(scene: Scene) -> None:
    scene.configure(Rules(maximum_holders=1))
    scene.token.recount([scene.holder], sender=scene.to)


def forbid_by_foreign_rules(scene: Scene) -> None:
    foreign = scene.world.evm.deploy("ForeignCompliance", sender=scene.world.admin)
    foreign.setTemper(1, 0, sender=scene.world.admin)
    scene.token.setCompliance(foreign, sender=scene.world[Role.STEWARD])


def freeze(who: Setup) -> Setup:
    return officer(Role.FREEZER, "token", "setAddressFrozen", who, True)


def pledge_most(scene: Scene) -> None:
    scene.token.pledge(scene.spender, 95, REFERENCE, 0, sender=scene.holder)


def mature(scene: Scene) -> None:
    scene.world.evm.time = MATURITY_INSTANT


def end_stage(scene: Scene) -> None:
    registry, keeper = scene.world.registry, scene.world[Role.STAGE_KEEPER]
    registry.setStageEnd(scene.world.evm.time, sender=keeper)


def pause_class(scene: Scene) -> None:
    scene.world.registry.pauseClass(scene.world.bill_class, sender=scene.world[Role.EMERGENCY])


REFUSALS: list[Refusal] = [
    Refusal(
        "paused",
        officer(Role.EMERGENCY, "token", "pause"),
        1,
        "TokenPaused",
        lambda scene: (scene.world.evm.time // 3_600 + 168,),
        "This token is paused",
    ),
    Refusal(
        "programme halted",
        officer(Role.EMERGENCY, "registry", "halt"),
        2,
        "ProgrammeHalted",
        of(),
        "All transfers are halted",
    ),
    Refusal("stage ended", end_stage, 13, "StageEnded", of(), "stage has ended"),
    Refusal("class paused", pause_class, 14, "AssetClassPaused", of(), "token of this class"),
    Refusal(
        "sender frozen", freeze(holder), 3, "ERC7943CannotSend", of(holder), "sender is frozen"
    ),
    Refusal(
        "recipient frozen", freeze(to), 4, "ERC7943CannotReceive", of(to), "recipient is frozen"
    ),
    Refusal(
        "spender frozen",
        freeze(spender),
        5,
        "SpenderRefused",
        of(spender),
        "The spender is frozen",
        spender_alone=True,
    ),
    Refusal(
        "too little held",
        take_more(101),
        6,
        "ERC20InsufficientBalance",
        of(holder, 100, 101),
        "holds less",
    ),
    Refusal(
        "too little unfrozen",
        officer(Role.FREEZER, "token", "freezePartialTokens", holder, 95),
        7,
        "ERC7943InsufficientUnfrozenBalance",
        of(holder, 10, 5),
        "is frozen",
    ),
    Refusal(
        "too little unpledged",
        pledge_most,
        12,
        "TokensPledged",
        of(holder, 10, 5),
        "is pledged",
    ),
    Refusal("matured", mature, 8, "SeriesMatured", of(), "has matured"),
    Refusal(
        "no recipient", pay_zero_address, 9, "ERC20InvalidReceiver", of(NOBODY), "No recipient"
    ),
    Refusal(
        "spender suspended",
        officer(Role.REGULATOR, "registry", "suspend", spender),
        10,
        "SpenderRefused",
        of(spender),
        "suspended or lost",
        spender_alone=True,
    ),
    Refusal(
        "spender lost",
        lambda scene: scene.world.lose(scene.spender, scene.world.evm.actor("successor")),
        10,
        "SpenderRefused",
        of(spender),
        "suspended or lost",
        spender_alone=True,
    ),
    Refusal(
        "everyone untrusted",
        new_topic,
        SENDER + UNTRUSTED,
        "ERC7943CannotSend",
        of(holder),
        "no longer meets",
    ),
    *standing(holder, SENDER),
    *standing(to, RECIPIENT),
    Refusal(
        "recipient unknown",
        become_unknown,
        RECIPIENT + UNKNOWN,
        "ERC7943CannotReceive",
        of(to),
        "is not a registered investor",
    ),
    Refusal(
        "abroad", abroad, 32, "JurisdictionNotAllowed", of(to, EMIRATES), "country is not admitted"
    ),
    Refusal(
        "class",
        with_rules(classes=1 << INSTITUTION),
        33,
        "InvestorClassNotAllowed",
        of(to, RETAIL),
        "class of investor",
    ),
    Refusal("odd lot", with_rules(lot=7), 34, "LotNotWhole", of(10, 7), "whole number of lots"),
    Refusal(
        "maximum holding",
        with_rules(maximum_holding=9),
        35,
        "MaximumHoldingExceeded",
        of(to, 10, 9),
        "more than one investor may",
    ),
    Refusal(
        "maximum holders",
        limit_holders,
        36,
        "MaximumHoldersExceeded",
        of(2, 1),
        "as many holders",
    ),
    Refusal("locked up", with_rules(locked_until=2**33), 38, "LockedUp", of(2**33), "is locked up"),
    Refusal(
        "register closed",
        with_rules(closed_from=1, closed_until=2**33),
        39,
        "RegisterClosed",
        of(1, 2**33),
        "register is closed",
    ),
    Refusal(
        "velocity",
        spend_the_limit,
        40,
        "VelocityExceeded",
        lambda scene: (scene.holder, 20, 15, scene.world.evm.time + 3_600),
        "as much as this period allows",
    ),
    Refusal(
        "not approved beforehand",
        with_rules(pre_approval=True),
        41,
        "NotPreApproved",
        of(holder, to, 10),
        "approval beforehand",
    ),
    Refusal(
        "maximum transaction",
        with_rules(maximum_transaction=9),
        43,
        "MaximumTransactionExceeded",
        of(10, 9),
        "one transaction may move",
    ),
    Refusal("sanctioned", sanctioned, 42, "PartySanctioned", of(to), "under sanctions"),
    Refusal(
        "foreign rules",
        forbid_by_foreign_rules,
        49,
        "ForeignComplianceRefused",
        lambda scene: (scene.token.compliance(),),
        "compliance contract forbids",
    ),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.name)
def test_the_code_told_beforehand_is_the_error_met(refusal: Refusal) -> None:
    """Pitfalls 21 and 48."""
    scene = Scene.make()
    refusal.setup(scene)
    token, holder, to, amount = scene.token, scene.holder, scene.to, scene.amount
    by_holder = 0 if refusal.spender_alone else refusal.code
    assert token.detectTransferRestriction(holder, to, amount) == by_holder
    assert token.canTransfer(holder, to, amount) is refusal.spender_alone
    assert token.detectTransferRestrictionFrom(scene.spender, holder, to, amount) == refusal.code
    assert refusal.sentence in token.messageForTransferRestriction(refusal.code)
    values = refusal.values(scene)
    if not refusal.spender_alone:
        with reverts(refusal.error, *values):
            token.transfer(to, amount, sender=holder)
    with reverts(refusal.error, *values):
        token.transferFrom(holder, to, amount, sender=scene.spender)
    assert token.balanceOf(holder) + token.balanceOf(to) == 100


def test_too_small_an_allowance_is_told_to_the_spender() -> None:
    """Pitfall 48: as `transferFrom` it comes before every other reason."""
    scene = Scene.make()
    token, holder, spender = scene.token, scene.holder, scene.spender
    token.approve(spender, 9, sender=holder)
    assert token.detectTransferRestrictionFrom(spender, holder, scene.to, 10) == 11
    assert "spender" in token.messageForTransferRestriction(11)
    with reverts("ERC20InsufficientAllowance", spender, 9, 10):
        token.transferFrom(holder, scene.to, 10, sender=spender)
    assert token.detectTransferRestrictionFrom(spender, holder, scene.to, 9) == 0
    assert token.detectTransferRestrictionFrom(holder, holder, scene.to, 10) == 0


def test_what_nothing_forbids_is_told_as_zero_and_passes() -> None:
    scene = Scene.make()
    assert scene.token.detectTransferRestriction(scene.holder, scene.to, 10) == 0
    assert scene.token.messageForTransferRestriction(0) == "Nothing forbids this transfer"
    assert scene.token.canTransfer(scene.holder, scene.to, 10) is True
    scene.token.transfer(scene.to, 10, sender=scene.holder)
    assert scene.token.balanceOf(scene.to) == 10


def test_codes_are_unique_and_each_has_a_sentence() -> None:
    """A code, once published, never changes its meaning."""
    scene = Scene.make()
    codes = {refusal.code for refusal in REFUSALS} | {11, 37, 44, 45, 46, 47, 48, 50}
    sentences = {code: scene.token.messageForTransferRestriction(code) for code in codes}
    assert len(set(sentences.values())) == len(codes)
    assert "Unknown reason" not in sentences.values()
    for unused in (15, 23, 31, 51, 255):
        assert scene.token.messageForTransferRestriction(unused) == "Unknown reason"


def test_a_question_about_an_absurd_amount_is_answered() -> None:
    scene = Scene.make(Rules(maximum_holding=10**6, lot=1, maximum_holders=5))
    assert scene.token.detectTransferRestriction(scene.holder, scene.to, UNLIMITED) == 6
    assert scene.token.canTransfer(NOBODY, scene.to, 1) is False
    assert scene.token.detectTransferRestriction(NOBODY, scene.to, 1) == SENDER + UNKNOWN


# ------------------------------------------------------------------ canSend and canReceive


@pytest.mark.parametrize(
    ("act", "sends", "receives"),
    [
        (officer(Role.FREEZER, "token", "setAddressFrozen", to, True), False, False),
        (officer(Role.REGULATOR, "registry", "suspend", to), False, False),
        (officer(Role.REGISTRAR, "registry", "withdraw", to), False, False),
        (lambda scene: scene.expire(scene.to), False, False),
        (lambda scene: None, True, True),
        (officer(Role.EMERGENCY, "token", "pause"), True, True),
    ],
    ids=["frozen", "suspended", "withdrawn", "lapsed", "verified", "token paused"],
)
def test_can_send_and_can_receive_speak_of_the_account_alone(
    act: Setup, sends: bool, receives: bool
) -> None:
    scene = Scene.make()
    act(scene)
    assert scene.token.canSend(scene.to) is sends
    assert scene.token.canReceive(scene.to) is receives


def test_a_stranger_can_neither_send_nor_receive() -> None:
    scene = Scene.make()
    stranger = scene.world.evm.actor("stranger")
    assert scene.token.canSend(stranger) is False
    assert scene.token.canReceive(stranger) is False


def test_whether_a_lapsed_holder_may_still_send_is_the_regulators_switch() -> None:
    """Pitfalls 13 and 42: he may send, never receive."""
    scene = Scene.make()
    scene.expire(scene.holder)
    with reverts("ERC7943CannotSend", scene.holder):
        scene.token.transfer(scene.to, 1, sender=scene.holder)
    scene.world.registry.setLapsedMaySend(True, sender=scene.world[Role.COMPLIANCE_OFFICER])
    assert scene.token.canSend(scene.holder) is True
    assert scene.token.canReceive(scene.holder) is False
    assert scene.token.detectTransferRestriction(scene.holder, scene.to, 1) == 0
    scene.token.transfer(scene.to, 1, sender=scene.holder)
    with reverts("ERC7943CannotReceive", scene.holder):
        scene.token.transfer(scene.holder, 1, sender=scene.to)


def test_the_switch_is_for_the_lapsed_and_for_nobody_else() -> None:
    """Pitfall 13: who was withdrawn or suspended stays where he is."""
    for act in ("withdraw", "suspend"):
        scene = Scene.make()
        scene.world.registry.setLapsedMaySend(True, sender=scene.world[Role.COMPLIANCE_OFFICER])
        role = Role.REGISTRAR if act == "withdraw" else Role.REGULATOR
        scene.world.registry[act](scene.holder, sender=scene.world[role])
        assert scene.token.canSend(scene.holder) is False
        with reverts("ERC7943CannotSend", scene.holder):
            scene.token.transfer(scene.to, 1, sender=scene.holder)


def test_an_unregistered_contract_may_spend_what_it_was_allowed() -> None:
    """A settlement contract needs no investor identity (pitfall 57)."""
    scene = Scene.make()
    venue = scene.world.evm.actor("a contract nobody registered")
    scene.token.approve(venue, 10, sender=scene.holder)
    scene.token.transferFrom(scene.holder, scene.to, 10, sender=venue)
    assert scene.token.balanceOf(scene.to) == 10


# ------------------------------------------------------------------ mint and burn


MINT_REFUSALS: list[tuple[str, Setup, str, Expected]] = [
    ("paused", officer(Role.EMERGENCY, "token", "pause"), "TokenPaused", REFUSALS[0].values),
    ("halted", officer(Role.EMERGENCY, "registry", "halt"), "ProgrammeHalted", of()),
    ("matured", mature, "SeriesMatured", of()),
    ("recipient frozen", freeze(to), "ERC7943CannotReceive", of(to)),
    ("no recipient", pay_zero_address, "ERC20InvalidReceiver", of(NOBODY)),
    ("unknown", become_unknown, "ERC7943CannotReceive", of(to)),
    ("lapsed", lambda scene: scene.expire(scene.to), "ERC7943CannotReceive", of(to)),
    ("abroad", abroad, "JurisdictionNotAllowed", of(to, EMIRATES)),
    ("supply cap", with_rules(supply_cap=109), "SupplyCapExceeded", of(110, 109)),
    (
        "terms' maximum",
        take_more(10_000_000_000),
        "MaximumIssueExceeded",
        of(100, 10_000_000_000, 10_000_000_000),
    ),
    (
        "series closed",
        officer(Role.ISSUER, "programme", "closeSeries", token),
        "SeriesNotOpen",
        lambda scene: (scene.token, Status.CLOSED),
    ),
]


@pytest.mark.parametrize("case", MINT_REFUSALS, ids=lambda case: case[0])
def test_a_mint_passes_the_gate(case: tuple[str, Setup, str, Expected]) -> None:
    """Pitfall 11: nothing is minted to a frozen or unverified wallet; pitfall 52: nor paused."""
    _, setup, error, values = case
    scene = Scene.make()
    setup(scene)
    with reverts(error, *values(scene)):
        scene.world.mint(scene.token, scene.to, scene.amount)
    assert scene.token.totalSupply() == 100


def test_a_mint_and_a_burn_carry_their_reference() -> None:
    scene = Scene.make()
    reference = b"\x07" * 32
    minter = scene.world[Role.MINTER]
    scene.token["mint(address,uint256,bytes32)"](scene.to, 5, reference, sender=minter)
    receipt = scene.world.evm.receipt
    assert receipt.events("Transfer") == [{"from": NOBODY, "to": scene.to, "value": 5}]
    assert receipt.events("Issued") == [{"reference_": reference, "amount": 5}]
    scene.token["burn(address,uint256,bytes32)"](scene.to, 2, reference, sender=minter)
    receipt = scene.world.evm.receipt
    assert receipt.events("Transfer") == [{"from": scene.to, "to": NOBODY, "value": 2}]
    assert receipt.events("Retired") == [{"reference_": reference, "amount": 2}]
    assert (scene.token.totalSupply(), scene.token.balanceOf(scene.to)) == (103, 3)


@pytest.mark.parametrize(
    "setup",
    [
        lambda scene: None,
        freeze(holder),
        officer(Role.EMERGENCY, "token", "pause"),
        officer(Role.EMERGENCY, "registry", "halt"),
        officer(Role.REGULATOR, "registry", "suspend", holder),
        officer(Role.REGISTRAR, "registry", "withdraw", holder),
        officer(Role.ISSUER, "programme", "closeSeries", token),
        mature,
        with_rules(lot=7, locked_until=2**33, sanctions=True),
        forbid_by_foreign_rules,
    ],
)
def test_no_state_of_holder_token_or_rules_stops_a_burn(setup: Setup) -> None:
    """Pitfalls 15 and 16; and what pause means for a burn (52)."""
    scene = Scene.make()
    setup(scene)
    scene.world.burn(scene.token, scene.holder, 10)
    assert (scene.token.totalSupply(), scene.token.balanceOf(scene.holder)) == (90, 90)


def test_more_than_the_balance_is_not_burnt() -> None:
    scene = Scene.make()
    with reverts("ERC20InsufficientBalance", scene.holder, 100, 101):
        scene.world.burn(scene.token, scene.holder, 101)


# ------------------------------------------------------------------ agreement at random


@cache
def crowd() -> tuple[World, Contract, list[Actor]]:
    world = World()
    rules = Rules(lot=5, maximum_holding=60, maximum_holders=3, jurisdictions=True, sanctions=True)
    token = world.bill(rules, countries=[PAKISTAN])
    people = [world.investor(f"person {n}") for n in range(3)]
    people.append(world.investor("person 0 again", of=people[0]))
    people.append(world.investor("foreigner", country=EMIRATES))
    people.append(world.evm.actor("stranger"))
    for actor in people[:3]:
        world.mint(token, actor, 30)
    for actor in people:
        for other in people:
            token.approve(other, UNLIMITED, sender=actor)
    return world, token, people


person = st.integers(0, 5)
STATES: dict[str, Callable[[World, Contract, Actor], Any]] = {
    "freeze": lambda w, t, a: t.setAddressFrozen(a, True, sender=w[Role.FREEZER]),
    "freeze part": lambda w, t, a: t.setFrozenTokens(a, 22, sender=w[Role.FREEZER]),
    "suspend": lambda w, t, a: w.registry.suspend(a, sender=w[Role.REGULATOR]),
    "sanction": lambda w, t, a: w.rule_book.imposeSanctions([a], sender=w[Role.REGULATOR]),
    "lose": lambda w, t, a: w.lose(a, w.evm.actor(f"successor of {a}")),
    "pause": lambda w, t, a: t.pause(sender=w[Role.EMERGENCY]),
    "halt": lambda w, t, a: w.registry.halt(sender=w[Role.EMERGENCY]),
    "pause class": lambda w, t, a: w.registry.pauseClass(w.bill_class, sender=w[Role.EMERGENCY]),
    "lapse": lambda w, t, a: w.evm.advance(days=200),
}
state = st.tuples(st.sampled_from([*STATES]), person)
amount = st.sampled_from([0, 1, 5, 10, 30, 35, 60, 2**112, UNLIMITED])


@settings(max_examples=150)
@given(
    states=st.lists(state, max_size=3),
    questions=st.lists(st.tuples(person, person, person, amount), min_size=1, max_size=12),
)
def test_the_view_says_zero_exactly_where_transfer_from_passes(
    states: list[tuple[str, int]], questions: list[tuple[int, int, int, int]]
) -> None:
    """Pitfalls 21 and 48, whoever asks for whomever."""
    world, token, people = crowd()
    with world.evm.snapshot():
        for name, who in states:
            try:
                STATES[name](world, token, people[who])
            except Reverted as error:
                assert error.name == "WalletNotRegistered"  # a stranger cannot be lost
        for by, source, to, value in questions:
            agree(world, token, people[by], people[source], people[to], value)


def agree(world: World, token: Contract, by: Actor, source: Actor, to: Actor, value: int) -> None:
    told = token.detectTransferRestrictionFrom(by, source, to, value)
    act = (token.transferFrom, (source, to, value))
    try:
        assert act[0].call(*act[1], sender=by) is True
        assert told == 0
    except Reverted:
        assert told != 0
    if by != source:
        return
    assert token.detectTransferRestriction(source, to, value) == told
    assert token.canTransfer(source, to, value) is (told == 0)
    if told == 0:
        assert token.transfer.call(to, value, sender=by) is True
        assert token.canSend(source) and token.canReceive(to)
    else:
        with pytest.raises(Reverted):
            token.transfer.call(to, value, sender=by)
