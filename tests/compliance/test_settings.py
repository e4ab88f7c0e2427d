"""Who sets rules, how they are told, and that each token has its own."""

from __future__ import annotations

import re
from typing import Any

import pytest

from scripts._amanat.build import ROOT
from tests.compliance.rule_world import OFF, PAKISTAN, ROLES, ZERO, World, rules
from tests.evm import Contract, reverts

DAY = 86_400
EVERY: dict[str, Any] = {
    "maximumHolding": 2**112 - 1,
    "supplyCap": 2**112 - 2,
    "lot": 2**64 - 1,
    "maximumHolders": 2**32 - 1,
    "velocityLimit": 2**112 - 3,
    "velocityWindow": 2**32 - 2,
    "classes": 2**64 - 2,
    "lockedUntil": 2**40 - 1,
    "closedFrom": 2**40 - 3,
    "closedUntil": 2**40 - 2,
    "jurisdictions": True,
    "preApproval": True,
    "sanctions": True,
    "maximumTransaction": 2**72 - 1,
}


@pytest.fixture
def second(world: World) -> Contract:
    """Another token of the same book."""
    return world.another_token()


def kept(world: World, token: Contract) -> dict[str, Any]:
    return dict(world.book.rulesOf(token)._asdict())


def test_every_figure_comes_back_as_it_was_set(world: World) -> None:
    world.configure(**EVERY)
    assert kept(world, world.token) == EVERY
    for name in OFF:
        if name in ("velocityWindow", "closedFrom", "closedUntil", "velocityLimit"):
            continue
        world.configure(**{name: EVERY[name]})
        assert kept(world, world.token) == rules(**{name: EVERY[name]})
    world.configure()
    assert kept(world, world.token) == OFF


def test_each_rule_has_the_bit_of_its_reason_code() -> None:
    """The bits are written out in the rules, for the compiler's sake: Rules.sol says why."""
    folder = ROOT / "contracts/compliance"
    codes = dict(re.findall(r"(\w+) = (\d+);", (folder / "Restriction.sol").read_text()))
    files = [*(folder / "rules").glob("*.sol"), folder / "ModuleCalls.sol"]
    assert len(files) == 15
    for file in files:
        source = file.read_text()
        code = re.search(r"CODE = Restriction\.(\w+);", source)
        if file.stem == "TravelRule":
            continue  # on with the rules about venues
        bit = re.search(r"ON = 1 << (\d+);", source)
        assert code and bit and int(codes[code[1]]) - 32 == int(bit[1]), file.name


def test_two_tokens_share_no_state(world: World, second: Contract) -> None:
    """Pitfall 18."""
    world.book.setJurisdictions(world.token, [PAKISTAN], True, sender=world.officer)
    world.configure(
        preApproval=True, jurisdictions=True, velocityLimit=10, velocityWindow=DAY, lot=5
    )
    world.configure(second, velocityLimit=10, velocityWindow=DAY, preApproval=True)
    world.book.preApprove(
        world.token, world.alice, world.bob, 10, world.evm.time, sender=world.registrar
    )
    assert world.book.jurisdictionsOf(second) == [0, 0, 0, 0]
    assert world.book.preApprovalOf(second, world.alice, world.bob, 10) == 0
    movement = world.movement(world.alice, world.bob, 10)
    with reverts("NotPreApproved", world.alice, world.bob, 10):
        world.present(movement, second)
    world.present(movement)
    assert world.book.usageOf(world.token, world.alice).used == 10
    assert world.book.usageOf(second, world.alice).used == 0


def test_booking_reaches_the_callers_own_book_alone(world: World) -> None:
    """Pitfall 18: a stranger who books, books for himself."""
    world.configure(velocityLimit=10, velocityWindow=DAY)
    movement = world.movement(world.alice, world.bob, 10)
    world.book.book(movement, sender=world.carol)
    assert world.book.usageOf(world.token, world.alice).used == 0
    world.present(movement)


@pytest.mark.parametrize("role", ROLES)
def test_each_setting_has_its_role(world: World, role: str) -> None:
    arguments: dict[str, tuple[Any, ...]] = {
        "open": (world.evm.actor("new token"), rules(), []),
        "configure": (world.token, rules()),
        "setJurisdictions": (world.token, [PAKISTAN], True),
        "addModule": (world.token, world.registry, 1),
        "removeModule": (world.token, world.registry),
        "preApprove": (world.token, world.alice, world.bob, 1, world.evm.time),
        "withdrawPreApproval": (world.token, world.alice, world.bob, 1),
        "imposeSanctions": ([world.carol],),
        "liftSanctions": ([world.carol],),
        "setVenueWords": ([bytes(32)], [1]),
        "askAboutVenues": (world.token, True),
    }
    for function in ROLES[role][1]:
        for other in [*(set(ROLES) - {role}), "alice", "admin"]:
            with reverts("AccessManagedUnauthorized", world.actors[other]):
                world.book[function](*arguments[function], sender=world.actors[other])
        world.book[function](*arguments[function], sender=world.actors[role])


def test_a_token_that_was_never_opened_has_no_settings(world: World) -> None:
    stranger = world.evm.deploy("RuledToken", world.book, world.registry, sender=world.admin)
    officer, registrar = world.officer, world.registrar
    with reverts("TokenUnknown", stranger):
        world.book.configure(stranger, rules(), sender=officer)
    with reverts("TokenUnknown", stranger):
        world.book.setJurisdictions(stranger, [1], True, sender=officer)
    with reverts("TokenUnknown", stranger):
        world.book.askAboutVenues(stranger, True, sender=world.licensing)
    with reverts("TokenUnknown", stranger):
        world.book.addModule(stranger, world.registry, 1, sender=officer)
    with reverts("TokenUnknown", stranger):
        world.book.removeModule(stranger, world.registry, sender=officer)
    with reverts("TokenUnknown", stranger):
        world.book.preApprove(stranger, world.alice, world.bob, 1, world.evm.time, sender=registrar)
    assert world.book.complianceOf(stranger) == ZERO
    with reverts("TokenUnknown", ZERO):
        world.book.open(ZERO, rules(), [], sender=world.factory)


def test_opening_configures_and_tells_the_token_in_one_call(world: World) -> None:
    token = world.evm.deploy("RuledToken", world.book, world.registry, sender=world.admin)
    expected = world.book.predictCompliance(token)
    on = rules(jurisdictions=True, maximumHolding=5)
    assert world.book.open.call(token, on, [PAKISTAN], sender=world.factory) == expected
    world.book.open(token, on, [PAKISTAN], sender=world.factory)
    assert world.book.complianceOf(token) == expected
    assert kept(world, token) == on
    assert world.book.isCountryListed(token, PAKISTAN)
    assert (token.refuses(), token.books()) == (True, False)
    with reverts("TokenAlreadyOpen", token):
        world.book.open(token, on, [], sender=world.factory)


def test_a_token_can_be_opened_before_it_exists_while_no_rule_is_on(world: World) -> None:
    unborn = world.evm.actor("a token yet to be deployed")
    world.book.open(unborn, rules(), [PAKISTAN], sender=world.factory)
    assert world.book.complianceOf(unborn) == world.book.predictCompliance(unborn)


def test_no_rule_means_no_call(world: World) -> None:
    """Pitfall 20: a rule that is off costs nothing."""
    assert (world.token.refuses(), world.token.books()) == (False, False)
    world.configure(lot=5)
    assert (world.token.refuses(), world.token.books()) == (True, False)
    world.configure()
    assert (world.token.refuses(), world.token.books()) == (False, False)


@pytest.mark.parametrize(
    ("wrong", "error", "values"),
    [
        ({"velocityLimit": 5}, "InvalidVelocity", (5, 0)),
        ({"velocityWindow": 5}, "InvalidVelocity", (0, 5)),
        ({"closedFrom": 5}, "InvalidRegisterClosing", (5, 0)),
        ({"closedFrom": 5, "closedUntil": 5}, "InvalidRegisterClosing", (5, 5)),
        ({"classes": 3}, "InvalidClasses", (3,)),
    ],
)
def test_rules_that_mean_nothing_are_refused(
    world: World, wrong: dict[str, Any], error: str, values: tuple[int, ...]
) -> None:
    with reverts(error, *values):
        world.configure(**wrong)


@pytest.mark.parametrize("country", [0, 1_000, 65_535])
def test_numbers_that_are_no_country_are_refused(world: World, country: int) -> None:
    with reverts("InvalidCountry", country):
        world.book.setJurisdictions(world.token, [PAKISTAN, country], True, sender=world.officer)
    assert not world.book.isCountryListed(world.token, country)


def test_an_approval_that_is_over_is_refused(world: World) -> None:
    over = world.evm.time - 1
    with reverts("InvalidExpiry", over):
        world.book.preApprove(world.token, world.alice, world.bob, 1, over, sender=world.registrar)


def test_folding_the_events_rebuilds_the_settings(world: World) -> None:
    """Pitfall 61."""
    folded = Fold()
    book, token, officer = world.book, world.token, world.officer
    module = world.evm.deploy("WaywardModule", sender=world.admin)
    other = world.evm.deploy("WaywardModule", sender=world.admin)
    soon = world.evm.time + DAY
    steps: list[tuple[str, tuple[Any, ...], Any]] = [
        ("configure", (token, EVERY), officer),
        ("configure", (token, rules(lot=3, preApproval=True)), officer),
        ("setJurisdictions", (token, [586, 784, 4, 999], True), officer),
        ("setJurisdictions", (token, [784, 5], False), officer),
        ("addModule", (token, module, 77), officer),
        ("addModule", (token, other, 3), officer),
        ("removeModule", (token, module), officer),
        ("imposeSanctions", ([world.bob, world.carol],), world.regulator),
        ("liftSanctions", ([world.bob],), world.releaser),
        ("preApprove", (token, world.alice, world.bob, 3, soon), world.registrar),
        ("preApprove", (token, world.alice, world.bob, 6, soon), world.registrar),
        ("preApprove", (token, world.alice, world.bob, 9, soon), world.registrar),
        ("withdrawPreApproval", (token, world.alice, world.bob, 9), world.registrar),
    ]
    for function, arguments, sender in steps:
        book[function](*arguments, sender=sender)
        folded.take(world.evm.receipt.all_events)
    world.book.removeModule(token, other, sender=officer)
    folded.take(world.evm.receipt.all_events)
    world.transfer(world.alice, world.bob, 3)
    folded.take(world.evm.receipt.all_events)
    assert folded.rules == kept(world, token)
    listed = {n for n in range(1000) if book.isCountryListed(token, n)}
    assert folded.countries == listed == {586, 4, 999}
    assert folded.modules == {m.target: m.hooks for m in book.modulesOf(token)} == {}
    assert folded.sanctioned == {world.carol}
    assert folded.approvals == {(world.alice, world.bob, 6): soon}
    assert book.preApprovalOf(token, world.alice, world.bob, 6) == soon
    assert book.isSanctioned(world.carol) and not book.isSanctioned(world.bob)


class Fold:
    """The settings of one token, rebuilt from events alone."""

    def __init__(self) -> None:
        self.rules: dict[str, Any] = {}
        self.countries: set[int] = set()
        self.modules: dict[str, int] = {}
        self.sanctioned: set[str] = set()
        self.approvals: dict[tuple[str, str, int], int] = {}

    def take(self, events: Any) -> None:
        for event in events:
            getattr(self, event.name)(event.arguments)

    def RulesConfigured(self, told: Any) -> None:
        self.rules = dict(told["rules"]._asdict())

    def JurisdictionsSet(self, told: Any) -> None:
        named = set(told["countries"])
        self.countries = self.countries | named if told["allowed"] else self.countries - named

    def ModuleAdded(self, told: Any) -> None:
        self.modules[told["module"]] = told["hooks"]

    def ModuleRemoved(self, told: Any) -> None:
        del self.modules[told["module"]]

    def SanctionImposed(self, told: Any) -> None:
        self.sanctioned.add(told["party"])

    def SanctionLifted(self, told: Any) -> None:
        self.sanctioned.remove(told["party"])

    def TransferPreApproved(self, told: Any) -> None:
        self.approvals[told["from"], told["to"], told["amount"]] = told["expires"]

    def PreApprovalUsed(self, told: Any) -> None:
        del self.approvals[told["from"], told["to"], told["amount"]]

    PreApprovalWithdrawn = PreApprovalUsed
