"""A foreign ERC-3643 compliance contract: called the standard way, and never trusted with a veto
over what cannot be refused (pitfalls 15, 18, 20).

T-REX 4.1.6's are deployed from its published bytecode.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts._amanat import artifacts
from scripts._amanat.artifacts import Artifact
from scripts._amanat.build import ROOT
from tests.evm import Actor, Contract, Reverted, reverts
from tests.token.test_batches import refused_row
from tests.world import EMIRATES, NOBODY, PAKISTAN, REFERENCE, Role, Rules, World

MODULAR: Path = ROOT / "node_modules/@tokenysolutions/t-rex/artifacts/contracts/compliance/modular"
ALLOWS, FORBIDS = 0, 1
REFUSES_BY_REVERT, REFUSES_MUTELY, ANSWERS_GARBAGE = 3, 4, 5
KEEPS, REVERTS, BURNS_GAS, ANSWERS_AT_LENGTH = range(4)
TEMPERS = {"reverts": REVERTS, "burns all gas": BURNS_GAS}


def published(name: str, folder: str = "modules") -> Artifact:
    return Artifact.read(MODULAR / folder / f"{name}.sol" / f"{name}.json")


@pytest.fixture
def foreign(world: World, bill: Contract, alice: Actor) -> Contract:
    """Bound to the bill; its temper is the test's to set."""
    contract = world.evm.deploy("ForeignCompliance", sender=world.admin)
    bill.setCompliance(contract, sender=world[Role.STEWARD])
    return contract


class Trex:
    """A ModularCompliance of T-REX, bound to a token, with one module."""

    def __init__(self, world: World, token: Contract, module: str) -> None:
        evm, self.owner = world.evm, world.evm.actor("owner of the foreign compliance")
        logic = evm.deploy(published("ModularCompliance", ""), sender=self.owner)
        proxy = evm.deploy(published("ModuleProxy"), logic, logic.init.encode(), sender=self.owner)
        self.compliance = evm.at(proxy, published("ModularCompliance", ""))
        code = published(module)
        logic = evm.deploy(code, sender=self.owner)
        proxy = evm.deploy(
            published("ModuleProxy"), logic, logic.initialize.encode(), sender=self.owner
        )
        self.module = evm.at(proxy, code)
        self.compliance.addModule(self.module, sender=self.owner)
        token.setCompliance(self.compliance, sender=world[Role.STEWARD])

    def tell(self, function: str, *arguments: object) -> None:
        """A setting of the module, through the compliance it belongs to."""
        call = self.module[function].encode(*arguments)
        self.compliance.callModuleFunction(call, self.module, sender=self.owner)


@pytest.fixture
def trex(world: World, bill: Contract, alice: Actor) -> Trex:
    """Pakistan alone is allowed."""
    made = Trex(world, bill, "CountryAllowModule")
    made.tell("addAllowedCountry", PAKISTAN)
    return made


# ------------------------------------------------------------------ T-REX as published


def test_trex_is_bound_and_told_so(world: World, bill: Contract, trex: Trex) -> None:
    assert bill.compliance() == trex.compliance
    assert trex.compliance.getTokenBound() == bill
    own = world.rule_book.complianceOf(bill)
    assert own != NOBODY


def test_trex_allows_and_refuses_transfers(
    world: World, bill: Contract, alice: Actor, bob: Actor, trex: Trex
) -> None:
    abroad = world.investor("abroad", country=EMIRATES)
    assert bill.detectTransferRestriction(alice, bob, 10) == 0
    bill.transfer(bob, 10, sender=alice)
    assert bill.detectTransferRestriction(alice, abroad, 10) == 49
    with reverts("ForeignComplianceRefused", trex.compliance):
        bill.transfer(abroad, 10, sender=alice)
    with reverts("BatchRowRefused", row=1):
        bill.batchTransfer([bob, abroad], [1, 1], sender=alice)
    assert (bill.balanceOf(bob), bill.balanceOf(abroad)) == (10, 0)


def test_trex_is_asked_of_mints_and_only_told_of_burns_and_force(
    world: World, bill: Contract, alice: Actor, trex: Trex
) -> None:
    abroad = world.investor("abroad", country=EMIRATES)
    world.mint(bill, alice, 5)
    with reverts("ForeignComplianceRefused", trex.compliance):
        world.mint(bill, abroad, 5)
    world.force(bill, alice, abroad, 50)
    assert world.evm.receipt.events("ForeignComplianceFailed") == []
    world.burn(bill, abroad, 50)
    assert world.evm.receipt.events("ForeignComplianceFailed") == []
    world.recover(alice, world.evm.actor("heir"), bill)
    assert bill.balanceOf(world.evm.actor("heir")) == 955


def test_the_programmes_own_rules_rest_meanwhile_and_come_back(
    world: World, bill: Contract, alice: Actor, bob: Actor, trex: Trex
) -> None:
    """Pitfall 18: the one that is left has no say in it."""
    officer = world[Role.COMPLIANCE_OFFICER]
    world.rule_book.configure(bill, tuple(vars(Rules(lot=7)).values()), sender=officer)
    bill.transfer(bob, 10, sender=alice)
    own = world.rule_book.complianceOf(bill)
    bill.setCompliance(own, sender=world[Role.STEWARD])
    assert world.evm.receipt.events("ComplianceAdded") == [{"compliance": own}]
    assert trex.compliance.getTokenBound() == NOBODY
    with reverts("LotNotWhole", 10, 7):
        bill.transfer(bob, 10, sender=alice)
    abroad = world.investor("abroad", country=EMIRATES)
    bill.transfer(abroad, 14, sender=alice)


def test_a_supply_limit_of_trex_is_met_exactly(
    world: World, bill: Contract, alice: Actor, bob: Actor
) -> None:
    """Its module reads `totalSupply()` and adds the mint: it must be asked before, as ERC-3643
    does and as `canTransfer` is (pitfall 21)."""
    trex = Trex(world, bill, "SupplyLimitModule")
    trex.tell("setSupplyLimit", 1_100)
    world.mint(bill, bob, 100)
    with reverts("ForeignComplianceRefused", trex.compliance):
        world.mint(bill, bob, 1)


def test_foreign_rules_over_balances_agree_with_the_view(
    world: World, bill: Contract, alice: Actor, bob: Actor, foreign: Contract
) -> None:
    """Pitfall 21."""
    foreign.setMaximumHolding(100, sender=world.admin)
    assert bill.canTransfer(alice, bob, 80) is True
    bill.transfer(bob, 80, sender=alice)
    assert bill.canTransfer(alice, bob, 21) is False
    with reverts("ForeignComplianceRefused", foreign):
        bill.transfer(bob, 21, sender=alice)


# ------------------------------------------------------------------ every temper


def test_every_door_is_told_under_the_standards_hook(
    world: World, bill: Contract, alice: Actor, bob: Actor, foreign: Contract
) -> None:
    def told() -> list[tuple[str, str, str, int]]:
        return [tuple(each.values()) for each in world.evm.receipt.events("Booked")]

    world.mint(bill, alice, 1)
    assert told() == [("created", NOBODY, alice, 1)]
    bill.transfer(bob, 2, sender=alice)
    assert told() == [("transferred", alice, bob, 2)]
    world.force(bill, alice, bob, 3)
    assert told() == [("transferred", alice, bob, 3)]
    world.burn(bill, alice, 4)
    assert told() == [("destroyed", alice, NOBODY, 4)]
    heir = world.evm.actor("heir")
    world.recover(alice, heir, bill)
    assert told() == [("transferred", alice, heir, 992)]


@pytest.mark.parametrize("temper", TEMPERS)
def test_foreign_rules_that_fail_stop_transfers_and_mints_alone(
    world: World, bill: Contract, alice: Actor, bob: Actor, foreign: Contract, temper: str
) -> None:
    """Pitfall 15: the way out and the regulator's acts stay open; the failure is told."""
    foreign.setTemper(ALLOWS, TEMPERS[temper], sender=world.admin)
    for act in (
        lambda: bill.transfer(bob, 1, sender=alice),
        lambda: world.mint(bill, bob, 1),
    ):
        with pytest.raises(Reverted):
            act()
    world.burn(bill, alice, 1)
    failed = world.evm.receipt.events("ForeignComplianceFailed")
    assert [each["compliance"] for each in failed] == [foreign.address]
    world.force(bill, alice, bob, 1)
    assert len(world.evm.receipt.events("ForeignComplianceFailed")) == 1
    world.lose(alice, world.evm.actor("heir"))
    world.evm.time = world.registry.recoveryOf(alice).readyAt
    world.registry.completeRecovery(alice, [], sender=bob)
    bill.follow(alice, sender=bob)
    assert bill.balanceOf(world.evm.actor("heir")) == 998
    assert bill.totalSupply() == 999


def test_a_booking_that_fails_refuses_a_transfer_with_its_own_reason(
    world: World, bill: Contract, alice: Actor, bob: Actor, foreign: Contract
) -> None:
    foreign.setTemper(ALLOWS, REVERTS, sender=world.admin)
    with reverts("BookingFailed", alice, bob, 1):
        bill.transfer(bob, 1, sender=alice)
    with reverts("BatchRowRefused", row=0):
        bill.batchTransfer([bob], [1], sender=alice)


def test_foreign_rules_that_refuse_by_a_revert_give_their_own_reason(
    world: World, bill: Contract, alice: Actor, bob: Actor, foreign: Contract
) -> None:
    """Pitfalls 21 and 24: the row of a batch is named, and the views say no instead of failing."""
    foreign.setTemper(REFUSES_BY_REVERT, KEEPS, sender=world.admin)
    with reverts("NotAllowed", alice, bob, 1):
        bill.transfer(bob, 1, sender=alice)
    assert refused_row(bill.batchTransfer, [bob], [1], sender=alice) == (
        0,
        "NotAllowed",
        (alice, bob, 1),
    )
    assert bill.canTransfer(alice, bob, 1) is False
    assert bill.detectTransferRestriction(alice, bob, 1) == 49
    world.burn(bill, alice, 1)


@pytest.mark.parametrize("verdict", [REFUSES_MUTELY, ANSWERS_GARBAGE])
def test_foreign_rules_that_give_no_answer_refuse(
    world: World, bill: Contract, alice: Actor, bob: Actor, foreign: Contract, verdict: int
) -> None:
    """Pitfalls 5 and 24."""
    foreign.setTemper(verdict, KEEPS, sender=world.admin)
    with reverts("ForeignComplianceRefused", foreign):
        bill.transfer(bob, 1, sender=alice)
    blamed = refused_row(bill.batchTransfer, [bob], [1], sender=alice)
    assert blamed == (0, "ForeignComplianceRefused", (foreign.address,))
    assert bill.detectTransferRestriction(alice, bob, 1) == 49


def test_foreign_rules_that_answer_at_length_stop_no_burn(
    world: World, bill: Contract, alice: Actor, foreign: Contract
) -> None:
    """Pitfalls 5 and 15."""
    foreign.setTemper(ALLOWS, ANSWERS_AT_LENGTH, sender=world.admin)
    world.burn(bill, alice, 1)
    assert bill.totalSupply() == 999


def test_foreign_rules_cannot_veto_their_removal(
    world: World, bill: Contract, alice: Actor, bob: Actor, foreign: Contract
) -> None:
    """Pitfall 18."""
    foreign.setTemper(FORBIDS, REVERTS, sender=world.admin)
    foreign.setStubborn(True, sender=world.admin)
    bill.setCompliance(world.rule_book.complianceOf(bill), sender=world[Role.STEWARD])
    bill.transfer(bob, 1, sender=alice)


def test_a_compliance_address_of_another_series_or_of_nobody_is_refused(
    world: World, bill: Contract, stranger: Actor
) -> None:
    """Pitfall 19: no state leaks between series."""
    other = world.bill()
    steward = world[Role.STEWARD]
    with reverts("ComplianceTokenNotBound", bill):
        bill.setCompliance(world.rule_book.complianceOf(other), sender=steward)
    with reverts(""):
        bill.setCompliance(stranger, sender=steward)
    bill.setCompliance(bill.compliance(), sender=steward)
    assert world.evm.receipt.all_events == ()


# ------------------------------------------------------------------ re-entry


def test_re_entry_from_foreign_rules_finds_everything_written(
    world: World, bill: Contract, alice: Actor, bob: Actor, foreign: Contract
) -> None:
    """Pitfalls 27 and 46: balances and checkpoints stand before anybody outside is called."""
    world.evm.time = bill.maturity() - 10
    call = bill["transferFrom(address,address,uint256)"].encode(alice, bob, 600)
    bill.approve(foreign, 10_000, sender=alice)
    foreign.setCallBack(bill, call, sender=world.admin)
    bill.transfer(bob, 500, sender=alice)
    assert foreign.calledBack() is True
    assert foreign.answer()[:4] == bill_error(bill, "ERC20InsufficientBalance")
    assert (bill.balanceOf(alice), bill.balanceOf(bob)) == (500, 500)


def test_re_entry_that_is_allowed_is_booked_like_any_other_transfer(
    world: World, bill: Contract, alice: Actor, bob: Actor, foreign: Contract
) -> None:
    """Pitfall 27: here the inner transfer empties the sender whom the outer one left with 500."""
    carol = world.investor("carol")
    call = bill["transferFrom(address,address,uint256)"].encode(alice, carol, 500)
    bill.approve(foreign, 500, sender=alice)
    foreign.setCallBack(bill, call, sender=world.admin)
    bill.transfer(bob, 500, sender=alice)
    held = [bill.balanceOf(each) for each in (alice, bob, carol)]
    assert held == [0, 500, 500]
    assert (bill.totalSupply(), foreign.answer()) == (1_000, b"")


def test_re_entry_in_the_second_of_a_record_date_keeps_the_first_balance(
    world: World, alice: Actor, bob: Actor
) -> None:
    """Pitfall 46: the checkpoint is the balance before both transfers."""
    fund = world.open_ended()
    world.mint(fund, alice, 1_000)
    foreign = world.evm.deploy("ForeignCompliance", sender=world.admin)
    fund.setCompliance(foreign, sender=world[Role.STEWARD])
    fund.announceRecordDate(world.evm.time + 60, sender=world[Role.ISSUER])
    fund.approve(foreign, 500, sender=alice)
    call = fund["transferFrom(address,address,uint256)"].encode(alice, bob, 500)
    foreign.setCallBack(fund, call, sender=world.admin)
    world.evm.advance(seconds=60)
    fund.transfer(bob, 300, sender=alice)
    assert (fund.balanceOf(alice), fund.balanceOf(bob)) == (200, 800)
    assert (fund.balanceOfAt(alice, 0), fund.balanceOfAt(bob, 0)) == (1_000, 0)


def test_a_recovery_re_entered_moves_nothing_twice(
    world: World, bill: Contract, alice: Actor, foreign: Contract
) -> None:
    """Pitfalls 10 and 46."""
    heir = world.evm.actor("heir")
    foreign.setCallBack(bill, bill.follow.encode(alice), sender=world.admin)
    world.recover(alice, heir, bill)
    assert foreign.calledBack() is True
    assert len(world.evm.receipt.events("Transfer")) == 1
    assert (bill.balanceOf(heir), bill.totalSupply()) == (1_000, 1_000)


def bill_error(token: Contract, name: str) -> bytes:
    """The selector of one of the token's errors."""
    entry = next(e for e in token.abi if e["type"] == "error" and e["name"] == name)
    return artifacts.selector(entry)


def test_the_reference_of_a_mint_is_not_lost_under_foreign_rules(
    world: World, bill: Contract, bob: Actor, foreign: Contract
) -> None:
    world.mint(bill, bob, 3)
    assert world.evm.receipt.events("Issued") == [{"reference_": REFERENCE, "amount": 3}]
