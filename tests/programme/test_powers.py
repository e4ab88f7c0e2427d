"""Every state-changing function of every contract, against everybody.

The table of `scripts/_amanat/powers.py` is the whole truth: who holds the role of a function gets
past its door and nobody else does; what stands nowhere in the table is public by design, and then
on the list below, or closed (pitfalls 26 and 51).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from scripts._amanat import artifacts, powers
from scripts._amanat.artifacts import AbiEntry
from tests.evm import Actor, Contract, Reverted
from tests.world import NOBODY, Role, World

OF_A_SERIES = {
    *("transfer", "transferFrom", "approve", "permit", "batchTransfer"),
    *("pledge", "releasePledge", "giveNotice", "enforcePledge"),  # the holder's, the pledgee's
    *("follow", "recoveryAddress", "recount"),  # carry out or count what others decided
    *("initialize", "setRuleHooks"),  # for the programme and the rule book alone, see below
}
PUBLIC: dict[str, set[str]] = dict.fromkeys(powers.ASSET_CLASSES, OF_A_SERIES) | {
    "IdentityRegistry": {
        "attest",  # the issuer's signature is the authority
        "revokeClaim",  # trusted issuers, each its own
        *("completeRecovery", "refresh"),  # carry out or look up what stands
    },
    "RuleBook": {"book"},  # keeps the caller's own books
    "LicenceRegistry": {
        *("declareWallet", "nameCustomers"),  # a venue's own wallets
        "markWallets",  # says of wallets what their investor is
    },
    "VenueRules": {"noteTravel"},  # of the caller's own transfer
    "CustomerReturns": {"claim"},  # carries out what was confirmed
    "PayingAgent": {"claim", "claimPassedOver", "fund", "markMissed", "payHolder", "redate"},
    "WithholdingTax": set(),
    "DeliveryVersusPayment": {
        *("allotRow", "buyBackRow", "cancel", "settle"),
        *("instruct", "release", "giveBack"),
    },
    "Auction": {
        *("commit", "reveal", "bidNonCompetitively"),  # each investor its own
        *("deposit", "depositWithPermit", "withdrawMargin", "payBack"),
        *("abandon", "settle", "settleRow", "release"),  # carry out what was decided, or was not
    },
    "LotRegister": {
        "attest",  # the two signatures are the authority
        *("openFeed", "raiseAlarm"),  # show what stands
    },
    "RedemptionDesk": {
        *("request", "accept", "acknowledge", "cancel", "giveBack"),  # the holder's
        *("timeOut", "claimCredit", "payStorage", "payOut"),
    },
    "PilotRupee": {"transfer", "transferFrom", "approve", "permit"},
    "Authority": {
        *("schedule", "execute", "cancel", "consumeScheduledOp", "multicall", "renounceRole")
    },
    "Programme": {"reconcile"},  # brings the books to what the series says it is
    "ReferenceRates": set(),
    "PilotStage": {"conform", "conformSeries"},  # carry out what was decided
    "HolidayCalendar": set(),
    "SeriesExchange": {"carry", "carryRow", "complete"},  # carry out what two decided
}
"""Opened to everyone by design; each refuses by itself what is not the caller's to do."""

ADMINISTRATION = {
    *("grantRole", "revokeRole", "labelRole", "setRoleAdmin", "setRoleGuardian", "setGrantDelay"),
    *("setTargetAdminDelay", "setTargetClosed", "setTargetFunctionRole", "updateAuthority"),
}
"""Of the Authority: for the administrator alone."""

UNAUTHORIZED = {"AccessManagedUnauthorized", "AccessManagerUnauthorizedAccount"}


class Stage:
    """Every contract, a series a class, moments that some functions need to reach their door."""

    def __init__(self) -> None:
        self.world = world = World()
        world.authority.grantRole(
            Role.STANDARD_FORM, world[Role.STANDARD_FORM], 0, sender=world.admin
        )
        world.authority.grantRole(Role.FACTORY, world[Role.FACTORY], 0, sender=world.admin)
        series = {
            "TreasuryBill": world.bill(),
            "GovernmentBond": world.bond(),
            "IjarahSukuk": world.sukuk(),
            "RevenueShare": world.revenue(),
            "CommodityReserve": world.commodity(),
        }
        self.contracts: dict[str, Contract] = world.contracts | series
        attested = world.investor("attested")
        lost = world.investor("lost")
        world.lose(lost, world.evm.actor("successor"))
        self.given: dict[str, tuple[Any, ...]] = {
            "revokeBatch": (1,),
            "withdraw": (attested,),
            "cancelRecovery": (lost,),
        }
        stranger = world.evm.actor("stranger")
        self.given["setAddressFrozen"] = (stranger, True)  # to release asks for one role more
        self.people: dict[Role | None, Actor] = {Role.ADMIN: world.admin, None: stranger}
        self.people |= world.officers

    def outcome(self, contract: Contract, entry: AbiEntry, sender: Actor) -> str:
        """The error's name, or nothing."""
        function = contract[artifacts.signature(entry)]
        given = self.given.get(entry["name"]) or [nothing(each) for each in entry["inputs"]]
        try:
            function.call(*given, sender=sender)
        except Reverted as error:
            if error.name == "AccessManagedUnauthorized":
                assert error.arguments["caller"] == sender
            return error.name
        return ""


def nothing(parameter: AbiEntry) -> Any:
    """The zero of a type."""
    kind = parameter["type"]
    if kind.endswith("]"):
        length = kind[kind.rindex("[") + 1 : -1]
        member = {**parameter, "type": kind[: kind.rindex("[")]}
        return [nothing(member) for _ in range(int(length or 0))]
    if kind == "tuple":
        return tuple(nothing(each) for each in parameter["components"])
    zeros: dict[str, Any] = {"address": NOBODY, "bool": False, "string": "", "bytes": b""}
    if kind in zeros:
        return zeros[kind]
    return bytes(int(kind[5:])) if kind.startswith("bytes") else 0


@cache
def stage() -> Stage:
    return Stage()


def state_changing(contract: str) -> Iterator[AbiEntry]:
    for entry in artifacts.load(contract).abi:
        if entry["type"] == "function" and entry["stateMutability"] not in ("view", "pure"):
            yield entry


def labelled(contract: str) -> dict[str, Role]:
    of_a_class = contract in powers.ASSET_CLASSES
    table = powers.functions_of(contract) if of_a_class else powers.CONTRACTS.get(contract, {})
    return {signature: role for role, signatures in table.items() for signature in signatures}


LABELLED = [
    (contract, signature, role)
    for contract in PUBLIC
    for signature, role in labelled(contract).items()
]


@pytest.mark.parametrize(
    ("contract", "signature", "role"),
    LABELLED,
    ids=[f"{contract}.{signature.partition('(')[0]}" for contract, signature, _ in LABELLED],
)
def test_the_roles_holder_passes_and_nobody_else(contract: str, signature: str, role: Role) -> None:
    here = stage()
    target = here.contracts[contract]
    entry = target[signature].entry
    outcomes = {who: here.outcome(target, entry, actor) for who, actor in here.people.items()}
    passed = {who for who, outcome in outcomes.items() if outcome not in UNAUTHORIZED}
    assert passed == {role}, outcomes


@pytest.mark.parametrize("contract", PUBLIC)
def test_what_has_no_label_is_public_by_design_or_closed(contract: str) -> None:
    """Pitfall 51: a forgotten label closes a function, it does not open it."""
    here = stage()
    target, known = here.contracts[contract], labelled(contract)
    public, closed = set(), set()
    for entry in state_changing(contract):
        if artifacts.signature(entry) in known:
            continue
        outcomes = {here.outcome(target, entry, actor) for actor in here.people.values()}
        if outcomes <= UNAUTHORIZED:
            closed.add(entry["name"])
        elif entry["name"] not in ADMINISTRATION:
            public.add(entry["name"])
    assert public == PUBLIC[contract]
    assert closed <= {"setAuthority"}


@pytest.mark.parametrize("contract", PUBLIC)
def test_the_table_names_no_function_that_is_not_there(contract: str) -> None:
    there = {artifacts.signature(entry) for entry in state_changing(contract)}
    assert set(labelled(contract)) - there == set()


def test_every_contract_of_the_programme_is_walked() -> None:
    assert set(PUBLIC) == set(stage().world.contracts)
    assert set(PUBLIC) == set(powers.CONTRACTS) | set(powers.ASSET_CLASSES)


@pytest.mark.parametrize("name", sorted(ADMINISTRATION))
def test_the_authority_is_administered_by_the_administrator_alone(name: str) -> None:
    here = stage()
    entry = here.contracts["Authority"][name].entry
    for who, actor in here.people.items():
        outcome = here.outcome(here.contracts["Authority"], entry, actor)
        assert (outcome == "AccessManagerUnauthorizedAccount") is (who is not Role.ADMIN)


def test_no_role_is_opened_by_the_administrators() -> None:
    """Pitfall 26: an administrator holds no role implicitly."""
    assert Role.ADMIN not in {role for _, _, role in LABELLED}
    authority = stage().world.authority
    admin = stage().world.admin
    for name in powers.ASSET_CLASSES:
        for entry in state_changing(name):
            selector = artifacts.selector(entry)
            series = stage().contracts[name]
            assert tuple(authority.canCall(admin, series, selector)) == (False, 0)


BEHIND = [
    *("desk", "pledge_desk", "bond_desk", "sukuk_desk", "revenue_desk"),
    *("bill_class", "bond_class", "sukuk_class", "revenue_class", "commodity_class"),
]


@pytest.mark.parametrize("name", BEHIND)
def test_the_code_behind_the_series_can_do_nothing_by_itself(name: str) -> None:
    """Pitfall 54: called directly, neither the implementation nor the desk obeys anybody."""
    here = stage()
    target: Contract = getattr(here.world, name)
    guarded = labelled("GovernmentBond") | labelled("RevenueShare")
    for entry in target.abi:
        if entry["type"] != "function" or artifacts.signature(entry) not in guarded:
            continue
        for actor in here.people.values():
            assert here.outcome(target, entry, actor) == "AccessManagedUnauthorized", entry["name"]


def test_the_code_behind_the_series_is_initialised_by_nobody() -> None:
    """Pitfall 54."""
    here = stage()
    series = [here.contracts[name] for name in powers.ASSET_CLASSES]
    behind = [getattr(here.world, name) for name in BEHIND if name != "pledge_desk"]  # has none
    for target in [*behind, *series]:
        for actor in here.people.values():
            entry = target["initialize"].entry
            assert here.outcome(target, entry, actor) == "OnlyProgramme"


def test_the_hints_of_the_rules_are_the_rule_books_alone() -> None:
    here = stage()
    for name in powers.ASSET_CLASSES:
        for actor in here.people.values():
            entry = here.contracts[name]["setRuleHooks"].entry
            assert here.outcome(here.contracts[name], entry, actor) == "OnlyRuleBook"
