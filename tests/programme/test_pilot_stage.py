"""How far the programme is let: stages that two institutions widen and one narrows at once."""

from __future__ import annotations

from dataclasses import astuple, replace
from decimal import Decimal
from typing import Any

import pytest

from scripts._amanat.measures import unit_id, wad
from scripts._amanat.stages import NO_LIMITS, LimitValues, Stage
from tests.evm import Actor, Contract, reverts
from tests.world import (
    EMIRATES,
    INSTITUTION,
    MATURITY_INSTANT,
    PAKISTAN,
    REFERENCE,
    RETAIL,
    YEAR,
    BillTerms,
    Role,
    Rules,
    World,
)

DAY = 86_400
RATE = 35 * 10**14  # US dollars of a rupee, as the world begins
FOUND = Rules(
    maximum_holding=10**9,
    maximum_transaction=10**9,
    maximum_holders=100,
    classes=1 << RETAIL | 1 << INSTITUTION,
    jurisdictions=True,
)
"""What a series may have agreed before the stage says less."""
FOUND_COUNTRIES = [PAKISTAN, EMIRATES]


def dollars(amount: int) -> int:
    return amount * 10**18


def units(amount: int, rate: int = RATE) -> int:
    """Rupees for dollars, rounded down."""
    return dollars(amount) // rate


TIGHT = LimitValues(
    holding=dollars(1_000),
    transaction=dollars(100),
    investors=3,
    classes=1 << RETAIL,
    countries=(PAKISTAN,),
)
CONFORMED = Rules(
    maximum_holding=units(1_000),
    maximum_transaction=units(100),
    maximum_holders=3,
    classes=1 << RETAIL,
    jurisdictions=True,
)
STAGED: dict[str, LimitValues] = {
    "JurisdictionNotAllowed": LimitValues(countries=(EMIRATES,)),
    "InvestorClassNotAllowed": LimitValues(classes=1 << INSTITUTION),
    "MaximumHoldingExceeded": LimitValues(holding=dollars(100)),
    "MaximumHoldersExceeded": LimitValues(investors=2),
    "MaximumTransactionExceeded": LimitValues(transaction=dollars(10)),
}
"""A limit of each kind, by the refusal of a transfer of 10,000 to a newcomer that comes of it."""
CODES = dict(zip(STAGED, (32, 33, 35, 36, 43), strict=True))


def rules_of(world: World, token: Contract) -> Rules:
    return Rules(*world.rule_book.rulesOf(token))


def countries_of(world: World, token: Contract) -> set[int]:
    words = world.rule_book.jurisdictionsOf(token)
    return {n for n in range(1, 1_000) if words[n >> 8] >> (n & 255) & 1}


def found(world: World) -> Contract:
    return world.bill(FOUND, countries=FOUND_COUNTRIES)


# ---------------------------------------------------------------- from stage to stage


def test_the_programme_begins_once_and_issues_nothing_before(world: World) -> None:
    stage, steward = world.stage, world[Role.STEWARD]
    with reverts("StageBegunBefore", Stage.FULL):
        stage.begin(world.programme, world.rule_book, 1, NO_LIMITS, sender=steward)
    fresh = world.evm.deploy(
        "PilotStage", world.authority, world.rates, world.registry, sender=world.admin
    )
    assert not fresh.isRunning() and stage.isRunning()
    assert (stage.register(), stage.ruleBook()) == (
        world.programme.address,
        world.rule_book.address,
    )


def test_a_stage_goes_one_step_on_where_the_regulator_confirms_what_the_board_proposed(
    world: World,
) -> None:
    stage, board, regulator = world.stage, world[Role.BOARD], world[Role.REGULATOR]
    fresh = begun(world, Stage.SANDBOX, TIGHT)
    with reverts("StageNotNext", Stage.SANDBOX, Stage.EXPANSION):
        fresh.proposeStage(Stage.EXPANSION, NO_LIMITS, sender=board)
    wider = TIGHT._replace(holding=0, investors=9)
    fresh.proposeStage(Stage.PILOT, wider, sender=board)
    for other in (TIGHT, wider._replace(countries=(PAKISTAN, EMIRATES)), NO_LIMITS):
        with reverts("NotProposed"):
            fresh.confirmStage(Stage.PILOT, other, 50, sender=regulator)
    with reverts("NotProposed"):
        fresh.confirmStage(Stage.SANDBOX, wider, 50, sender=regulator)
    fresh.confirmStage(Stage.PILOT, wider, 50, sender=regulator)
    now, limits = fresh.current()
    assert (now, LimitValues.of(limits)) == (Stage.PILOT, wider)
    told = world.evm.receipt.events("StageSet")
    assert [(each["stage"], each["by"]) for each in told] == [(Stage.PILOT, regulator)]
    for behind in (Stage.NONE, Stage.SANDBOX):
        with reverts("StageNotNext", Stage.PILOT, behind):
            fresh.proposeStage(behind, NO_LIMITS, sender=board)
    assert stage.current()[0] == Stage.FULL


def begun(world: World, stage: Stage, limits: LimitValues) -> Contract:
    """A stage of its own, with the same officers, over no series."""
    fresh = world.evm.deploy(
        "PilotStage", world.authority, world.rates, world.registry, sender=world.admin
    )
    for role, name in (
        (Role.STEWARD, "begin"),
        (Role.BOARD, "proposeStage"),
        (Role.REGULATOR, "confirmStage"),
    ):
        world.authority.setTargetFunctionRole(
            fresh, [fresh[name].selector], role, sender=world.admin
        )
    world.authority.enrol(fresh, fresh, sender=world[Role.FACTORY])
    world.authority.grantRole(Role.STAGE_KEEPER, fresh, 0, sender=world.admin)
    fresh.begin(world.programme, world.rule_book, stage, limits, sender=world[Role.STEWARD])
    return fresh


def test_a_proposal_lapses_after_seven_days_and_with_any_change_meanwhile(world: World) -> None:
    stage, board, regulator = world.stage, world[Role.BOARD], world[Role.REGULATOR]
    stage.proposeStage(Stage.FULL, TIGHT, sender=board)
    with world.evm.snapshot():
        world.evm.advance(seconds=7 * DAY + 1)
        with reverts("ProposalLapsed"):
            stage.confirmStage(Stage.FULL, TIGHT, 50, sender=regulator)
    world.narrow(LimitValues(ends_at=world.evm.time + DAY))
    with reverts("NotProposed"):
        stage.confirmStage(Stage.FULL, TIGHT, 50, sender=regulator)


@pytest.mark.parametrize(
    "unsound",
    [
        LimitValues(classes=1 | 1 << RETAIL),
        LimitValues(countries=(0,)),
        LimitValues(countries=(1_000,)),
        LimitValues(countries=(EMIRATES, PAKISTAN)),
        LimitValues(countries=(PAKISTAN, PAKISTAN)),
        LimitValues(ends_at=1),
    ],
)
def test_limits_that_cannot_be_are_refused(world: World, unsound: LimitValues) -> None:
    with reverts("StageLimitsInvalid"):
        world.stage.proposeStage(Stage.FULL, unsound, sender=world[Role.BOARD])
    if not unsound.ends_at:
        with reverts("StageLimitsInvalid"):
            world.narrow(unsound)


@pytest.mark.parametrize(
    ("field", "looser"),
    [
        ("per_series", dollars(6)),
        ("total", dollars(8)),
        ("holding", dollars(1_001)),
        ("transaction", dollars(101)),
        ("investors", 4),
        ("classes", 1 << RETAIL | 1 << INSTITUTION),
        ("ends_at", 2**40 - 1),
        ("countries", (PAKISTAN, EMIRATES)),
    ],
)
@pytest.mark.parametrize("off", [False, True])
def test_narrowing_loosens_no_limit(world: World, field: str, looser: Any, off: bool) -> None:
    tight = TIGHT._replace(
        per_series=dollars(5), total=dollars(7), ends_at=world.evm.time + 100 * DAY
    )
    world.narrow(tight)
    none = () if field == "countries" else 0
    with reverts("StageWouldWiden"):
        world.narrow(tight._replace(**{field: none if off else looser}))
    world.narrow(tight)


def test_an_end_that_has_passed_is_an_end_now_and_stays(world: World) -> None:
    bill = found(world)
    alice, bob = world.investor("alice"), world.investor("bob")
    world.mint(bill, alice, 1_000)
    world.narrow(LimitValues(ends_at=1))
    ended = world.evm.time
    assert world.stage.current()[1][6] == world.registry.stageEnd() == ended
    assert not world.stage.isRunning()
    with reverts("StageEnded"):
        bill.transfer(bob, 1, sender=alice)
    world.evm.advance(seconds=DAY)
    world.narrow(LimitValues(ends_at=world.evm.time, holding=dollars(9)))
    assert world.stage.current()[1][6] == ended
    world.widen(NO_LIMITS)
    assert world.stage.isRunning() and world.registry.stageEnd() == 0
    bill.transfer(bob, 1, sender=alice)


# ---------------------------------------------------------------- the rules of the series


def test_narrowing_writes_every_limit_into_the_rules_of_every_series(world: World) -> None:
    bills = [
        found(world),
        world.bill(),
        world.bill(Rules(lot=7, sanctions=True, maximum_holders=1)),
    ]
    world.narrow(TIGHT)
    assert rules_of(world, bills[0]) == CONFORMED
    assert rules_of(world, bills[1]) == CONFORMED
    assert rules_of(world, bills[2]) == replace(CONFORMED, lot=7, sanctions=True, maximum_holders=1)
    for bill in bills:
        assert countries_of(world, bill) == {PAKISTAN}
    assert world.stage.isRunning() and world.stage.conformed() == (3, 3)
    assert world.registry.stageEnd() == 0


def test_rules_that_lie_within_the_stage_are_left_as_they_are(world: World) -> None:
    bill = world.bill(CONFORMED, countries=[PAKISTAN])
    world.narrow(TIGHT)
    assert world.evm.receipt.events("SeriesConformed") == []
    assert rules_of(world, bill) == CONFORMED


@pytest.mark.parametrize("error", STAGED)
def test_each_limit_stops_the_transfer_and_the_mint_that_pass_it(world: World, error: str) -> None:
    bill, alice, bob = found(world), world.investor("alice"), world.investor("bob")
    for holder in (alice, world.investor("other")):
        world.mint(bill, holder, 50_000)
    world.narrow(STAGED[error])
    assert bill.detectTransferRestriction(alice, bob, 10_000 + 20_000) == CODES[error]
    with reverts(error):
        bill.transfer(bob, 30_000, sender=alice)
    with reverts(error):
        world.mint(bill, bob, 30_000)
    world.burn(bill, alice, 50_000)


@pytest.mark.parametrize("error", STAGED)
@pytest.mark.parametrize("off", [False, True])
def test_no_rule_is_configured_beyond_the_stage(world: World, error: str, off: bool) -> None:
    """Whether it lets through more or is off; nor does a series begin so."""
    world.narrow(TIGHT)
    bill = world.bill(CONFORMED, countries=[PAKISTAN])
    field, wider = {
        "JurisdictionNotAllowed": ("jurisdictions", True),
        "InvestorClassNotAllowed": ("classes", 1 << RETAIL | 1 << INSTITUTION),
        "MaximumHoldingExceeded": ("maximum_holding", units(1_000) + 1),
        "MaximumHoldersExceeded": ("maximum_holders", 4),
        "MaximumTransactionExceeded": ("maximum_transaction", units(100) + 1),
    }[error]
    officer, code = world[Role.COMPLIANCE_OFFICER], CODES[error]
    rules = replace(CONFORMED, **{field: type(wider)() if off else wider})
    if rules == CONFORMED:  # the list of countries has a setter of its own
        with reverts("RulesBeyondStage", bill, code):
            world.rule_book.setJurisdictions(bill, [EMIRATES], True, sender=officer)
        with reverts("RulesBeyondStage", code=code):
            world.propose(CONFORMED, BillTerms(), [PAKISTAN, EMIRATES])
        return
    with reverts("RulesBeyondStage", bill, code):
        world.rule_book.configure(bill, astuple(rules), sender=officer)
    with reverts("RulesBeyondStage", code=code):
        world.propose(rules, BillTerms(), [PAKISTAN])
    world.rule_book.configure(bill, astuple(replace(CONFORMED, lot=3)), sender=officer)
    world.rule_book.setJurisdictions(bill, [PAKISTAN], False, sender=officer)


def test_limits_in_dollars_are_rounded_down_to_units_at_the_rate_last_set(world: World) -> None:
    bill, gold = world.bill(), world.commodity()
    world.narrow(LimitValues(holding=wad_of("3.5"), transaction=wad_of("7.003499")))
    limits = world.stage.limitsOf(bill)
    assert (limits.maximumHolding, limits.maximumTransaction) == (1_000, 2_000)
    limits = world.stage.limitsOf(gold)  # 0.001 of an ounce of $4,000 is $4
    assert limits.shut and not world.stage.limitsOf(bill).shut
    world.evm.advance(seconds=3 * YEAR)
    assert world.stage.limitsOf(bill).maximumHolding == 1_000


def wad_of(amount: str) -> int:
    return wad(Decimal(amount))


def test_anyone_conforms_a_series_when_the_rate_has_moved_and_nothing_is_ever_loosened(
    world: World,
) -> None:
    bill = world.bill()
    world.narrow(LimitValues(holding=dollars(100)))
    agent, anyone = world[Role.RATE_AGENT], world.evm.actor("passer-by")
    for rate in (RATE * 110 // 100, RATE):
        world.rates.setRate(unit_id("PKR"), rate, REFERENCE, sender=agent)
        world.stage.conformSeries([bill], sender=anyone)
        assert rules_of(world, bill).maximum_holding == units(100, RATE * 110 // 100)
    with reverts("NotASeries", anyone):
        world.stage.conformSeries([anyone], sender=anyone)


def test_widening_leaves_the_rules_to_the_compliance_officer(world: World) -> None:
    bill = found(world)
    world.narrow(TIGHT)
    world.widen(NO_LIMITS)
    assert rules_of(world, bill) == CONFORMED
    officer = world[Role.COMPLIANCE_OFFICER]
    world.rule_book.configure(bill, astuple(FOUND), sender=officer)
    assert rules_of(world, bill) == FOUND


# ---------------------------------------------------------------- held until conformed


def test_everything_stands_still_until_the_last_series_is_conformed(world: World) -> None:
    bills = [found(world) for _ in range(3)]
    alice, bob = world.investor("alice"), world.investor("bob")
    for bill in bills:
        world.mint(bill, alice, 1_000)
    world.narrow(TIGHT, most=0)
    anyone = world.evm.actor("passer-by")
    for done in range(3):
        assert world.stage.conformed() == (done, 3) and not world.stage.isRunning()
        for bill in bills:
            with reverts("StageEnded"):
                bill.transfer(bob, 1, sender=alice)
            with reverts("StageEnded"):
                world.mint(bill, alice, 1)
            world.burn(bill, alice, 1)
        world.stage.conform(1, sender=anyone)
    assert world.stage.isRunning()
    for bill in bills:
        assert rules_of(world, bill) == CONFORMED
        bill.transfer(bob, 1, sender=alice)
    with reverts("StageNotHeld"):
        world.stage.conform(1, sender=anyone)


def test_what_is_tightened_again_meanwhile_is_conformed_from_the_first_series_on(
    world: World,
) -> None:
    bills = [world.bill() for _ in range(3)]
    world.narrow(LimitValues(holding=dollars(100)), most=2)
    world.narrow(LimitValues(holding=dollars(50)), most=2)
    assert world.stage.conformed() == (2, 3)
    world.widen(LimitValues(holding=dollars(70)), most=0)
    assert world.stage.conformed() == (2, 3)  # the third has still to come within
    world.stage.conform(9, sender=world.admin)
    held = [rules_of(world, bill).maximum_holding for bill in bills]
    assert held == [units(50), units(50), units(70)]


def test_what_board_and_regulator_tighten_is_conformed_too(world: World) -> None:
    bill = world.bill()
    world.widen(LimitValues(holding=dollars(10)), most=0)
    assert not world.stage.isRunning()
    world.stage.conform(1, sender=world.admin)
    assert world.stage.isRunning() and rules_of(world, bill).maximum_holding == units(10)


def test_no_holder_module_pause_or_foreign_compliance_stands_in_the_way(world: World) -> None:
    """Each of them is one a series may have; none is asked."""
    bill, alice = found(world), world.investor("alice")
    world.mint(bill, alice, 1_000)
    module = world.evm.deploy("WaywardModule", sender=world.admin)
    world.rule_book.addModule(bill, module, 127, sender=world[Role.COMPLIANCE_OFFICER])
    world.freeze(bill, alice)
    bill.pause(sender=world[Role.EMERGENCY])
    foreign, ended = found(world), found(world)
    compliance = world.evm.deploy("ForeignCompliance", sender=world.admin)
    foreign.setCompliance(compliance, sender=world[Role.STEWARD])
    world.evm.time = MATURITY_INSTANT + DAY
    world.narrow(TIGHT)
    assert world.stage.isRunning()
    for each in (bill, foreign, ended):
        assert rules_of(world, each) == CONFORMED


# ---------------------------------------------------------------- nobody may receive it


def reopen(world: World, token: Contract, country: int = PAKISTAN) -> None:
    officer = world[Role.COMPLIANCE_OFFICER]
    world.rule_book.setJurisdictions(token, [country], True, sender=officer)


def test_a_series_that_nobody_has_rated_is_shut_until_somebody_does(world: World) -> None:
    terms = BillTerms(currency=784, term_sheet_hash=REFERENCE)
    dirhams, alice = world.propose(Rules(), terms), world.investor("alice")
    world.narrow(LimitValues(holding=dollars(1_000_000)))
    assert world.evm.receipt.events("SeriesConformed") == [{"token": dirhams.address, "shut": True}]
    assert countries_of(world, dirhams) == set() and rules_of(world, dirhams).jurisdictions
    assert dirhams.detectTransferRestriction(alice, alice, 0) == 32
    world.stage.requireWithin(dirhams)  # as it lets nobody in
    with reverts("SeriesShut", dirhams):
        reopen(world, dirhams)
    with reverts("SeriesShut"):
        world.propose(FOUND, replace(terms, symbol=b"OTHER"), [PAKISTAN])
    unit, bounds = unit_id("CURRENCY 784"), (100, 100, DAY, DAY)
    given = (unit, 27 * 10**16, bounds, REFERENCE)
    world.rates.proposeRate(*given, sender=world[Role.BOARD])
    world.rates.confirmRate(*given, sender=world[Role.REGULATOR])
    with reverts("RulesBeyondStage", dirhams, 35):
        reopen(world, dirhams)
    world.stage.conformSeries([dirhams], sender=alice)
    reopen(world, dirhams)


def test_a_series_that_admits_no_class_of_the_stages_is_shut_until_it_does(world: World) -> None:
    bill = world.bill(Rules(classes=1 << INSTITUTION))
    world.narrow(LimitValues(classes=1 << RETAIL))
    with reverts("RulesBeyondStage", bill, 33):
        reopen(world, bill)
    rules = Rules(classes=1 << RETAIL, jurisdictions=True)
    world.rule_book.configure(bill, astuple(rules), sender=world[Role.COMPLIANCE_OFFICER])
    reopen(world, bill)


def test_a_series_whose_holders_were_never_counted_is_shut_until_they_are(world: World) -> None:
    """Pitfall 15: a count that begins late would let in as many again."""
    bill, empty = world.bill(), world.bill()
    alice, bob = world.investor("alice"), world.investor("bob")
    for holder in (alice, bob):
        world.mint(bill, holder, 100)
    world.narrow(LimitValues(investors=2))
    assert world.evm.receipt.events("SeriesConformed") == [
        {"token": bill.address, "shut": True},
        {"token": empty.address, "shut": False},
    ]
    with reverts("JurisdictionNotAllowed"):
        bill.transfer(bob, 1, sender=alice)
    bill.recount([alice, bob], sender=alice)
    reopen(world, bill)
    bill.transfer(bob, 1, sender=alice)
    with reverts("MaximumHoldersExceeded", 3, 2):
        bill.transfer(world.investor("carol"), 1, sender=alice)


# ---------------------------------------------------------------- past its end


def test_past_its_end_a_stage_leaves_redemption_and_the_regulators_acts(world: World) -> None:
    """Burn, forced transfer, recovery and redemption; nothing else."""
    bill = found(world)
    alice, bob = world.investor("alice"), world.investor("bob")
    lost = world.investor("lost")
    successor = world.investor("found", of=lost)
    for holder in (alice, bob, lost):
        world.mint(bill, holder, 1_000)
    end = world.evm.time + 30 * DAY
    world.narrow(LimitValues(ends_at=end))
    world.evm.time = end - 1
    bill.transfer(bob, 1, sender=alice)
    world.evm.time = end
    assert bill.detectTransferRestriction(alice, bob, 1) == 13
    with reverts("StageEnded"):
        bill.transfer(bob, 1, sender=alice)
    with reverts("StageEnded"):
        world.mint(bill, alice, 1)
    world.burn(bill, alice, 1)
    world.force(bill, alice, bob, 10)
    world.recover(lost, successor, bill)
    assert bill.balanceOf(successor) == 1_000
    redeemed(world, bill, bob)


def redeemed(world: World, bill: Contract, holder: Actor) -> None:
    """Paid back at maturity, by the settlement contracts' own door."""
    world.evm.time = MATURITY_INSTANT + DAY
    redeemer = world.evm.actor("redeemer")
    world.authority.grantRole(Role.REDEEMER, redeemer, 0, sender=world.admin)
    bill.redeem(holder, bill.balanceOf(holder), REFERENCE, sender=redeemer)
    assert bill.balanceOf(holder) == 0


def test_an_end_in_an_unfinished_conforming_is_never_put_off(world: World) -> None:
    world.bill()
    end = world.evm.time + DAY
    world.narrow(LimitValues(ends_at=end))
    world.evm.time = end + DAY
    world.narrow(LimitValues(ends_at=end, holding=dollars(1)), most=0)
    assert world.registry.stageEnd() == end
    world.stage.conform(1, sender=world.admin)
    assert world.registry.stageEnd() == end
    with reverts("StageLimitsInvalid"):
        world.stage.proposeStage(Stage.FULL, LimitValues(ends_at=end), sender=world[Role.BOARD])
