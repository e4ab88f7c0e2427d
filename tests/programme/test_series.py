"""How a series comes to be: proposed by one, opened by another, at an address known beforehand."""

from __future__ import annotations

import pytest
from eth_utils.crypto import keccak

from scripts._amanat import powers
from tests.evm import Contract, reverts
from tests.world import APPROVAL, MANDATE, NOBODY, BillTerms, Role, Rules, World, padded

BILL = padded(b"TreasuryBill")
PROPOSED, APPROVED, OPEN, CLOSED, MATURED, REDEEMED, CANCELLED = 1, 2, 3, 4, 5, 6, 7


def terms(text: str = "terms") -> BillTerms:
    return BillTerms(term_sheet_hash=keccak(text=text))


def test_a_series_stands_at_the_address_foretold(world: World) -> None:
    """Pitfall 54: the address commits to chain and terms, and nobody squats it."""
    foretold = world.programme.predictSeries(BILL, terms().encoded())
    assert world.evm.code(foretold) == b""
    token = world.propose(None, terms())
    assert token == foretold
    assert world.programme.predictSeries(BILL, terms("other").encoded()) != foretold
    assert token.termsHash() == keccak(terms().encoded())


def test_a_series_is_made_wired_enrolled_and_registered_in_one_transaction(world: World) -> None:
    """Pitfall 54."""
    token = world.propose(Rules(lot=5), terms(), [586])
    receipt = world.evm.receipt
    told = receipt.events("SeriesProposed")[0]
    compliance = world.rule_book.complianceOf(token)
    assert told["token"] == token and told["class"] == BILL
    assert told["proposer"] == world[Role.ISSUER]
    assert told["compliance"] == compliance == token.compliance()
    assert told["termsHash"] == keccak(told["terms"]) == keccak(terms().encoded())
    assert receipt.events("Enrolled") == [
        {"target": token.address, "class": world.bill_class.address}
    ]
    assert receipt.events("IdentityRegistryAdded") == [{"identityRegistry": world.registry.address}]
    assert receipt.events("ComplianceAdded") == [{"compliance": compliance}]
    assert receipt.events("UpdatedTokenInformation") == [
        {
            "newName": token.name(),
            "newSymbol": token.symbol(),
            "newDecimals": 0,
            "newVersion": token.version(),
            "newOnchainID": NOBODY,
        }
    ]
    assert world.authority.classOf(token) == world.bill_class
    assert world.programme.isSeries(token) is True
    authority, document = MANDATE
    assert tuple(told["mandate"]) == (authority, document)
    issuer, nothing = world[Role.ISSUER], bytes(32)
    book = (PROPOSED, False, BILL, 0, 0, issuer, authority, nothing)
    assert tuple(world.programme.seriesOf(token)) == book
    assert (world.programme.seriesCount(), world.programme.seriesAt(0)) == (1, token)
    assert world.rule_book.rulesOf(token).lot == 5
    assert world.rule_book.isCountryListed(token, 586) is True
    assert token.identityRegistry() == world.registry
    with reverts("AlreadyEnrolled", token, world.bill_class):
        world.authority.enrol(token, NOBODY, sender=world[Role.FACTORY])


def test_a_series_is_initialised_by_the_programme_alone(world: World) -> None:
    token = world.propose(None, terms())
    for who in (world.admin, world[Role.ISSUER], world[Role.FACTORY]):
        with reverts("OnlyProgramme", who):
            token.initialize(NOBODY, sender=who)


def test_the_factory_keeps_no_power_over_what_it_made(world: World) -> None:
    """Pitfall 7: of all that a role can open at a series, the programme may call nothing."""
    token = world.propose(None, terms())
    guarded = [each for functions in powers.SERIES.values() for each in functions]
    for signature in guarded:
        selector = keccak(text=signature)[:4]
        assert tuple(world.authority.canCall(world.programme, token, selector)) == (False, 0)
    assert len(guarded) > 20


def test_the_same_terms_are_not_a_series_twice(world: World) -> None:
    world.propose(None, terms())
    with reverts("FailedDeployment"):
        world.propose(Rules(lot=5), terms())
    assert world.programme.seriesCount() == 1


@pytest.mark.parametrize(
    "unsound",
    [
        {"maximum_issue": 0},
        {"unit_face": 0},
        {"issue_date": 20_448},
        {"payment_date": 20_447},
        {"payment_date": 2**31},
        {"term_sheet_hash": bytes(32)},
        {"cut_off_price": 0},
        {"cut_off_price": 1_000_001},
    ],
    ids=str,
)
def test_terms_that_can_be_no_bill_are_refused(world: World, unsound: dict[str, int]) -> None:
    given = BillTerms(**{"term_sheet_hash": keccak(text="terms"), **unsound})  # type: ignore[arg-type]
    with reverts("TermsUnsound"):
        world.propose(None, given)
    assert world.programme.seriesCount() == 0


def test_terms_of_the_wrong_shape_are_refused(world: World) -> None:
    rules, issuer = tuple(vars(Rules()).values()), world[Role.ISSUER]
    for junk in (b"", b"\x01" * 31, b"\xff" * 544):
        with reverts(""):
            world.programme.proposeSeries(BILL, junk, rules, [], MANDATE, sender=issuer)


def test_an_unknown_class_has_no_series(world: World) -> None:
    rules, unknown = tuple(vars(Rules()).values()), padded(b"Lottery")
    issuer = world[Role.ISSUER]
    with reverts("ClassUnknown", unknown):
        world.programme.proposeSeries(unknown, b"", rules, [], MANDATE, sender=issuer)
    with reverts("NoCode", world.admin):
        world.programme.setClass(unknown, world.admin, sender=world[Role.STEWARD])


def test_what_is_proposed_by_one_is_opened_by_another(world: World) -> None:
    """Pitfall 53: the roles never meet in one hand, and the contract asks once more."""
    token = world.propose(None, terms())
    alice = world.investor("alice")
    with reverts("SeriesNotOpen", token, PROPOSED):
        world.mint(token, alice, 1)
    opener = world[Role.FISCAL_AGENT]
    with reverts("RolesIncompatible", opener, Role.FISCAL_AGENT, Role.ISSUER):
        world.authority.grantRole(Role.ISSUER, opener, 0, sender=world.admin)
    # Who proposed and was then moved to the other desk still cannot open his own.
    proposer = world[Role.ISSUER]
    world.authority.revokeRole(Role.ISSUER, proposer, sender=world.admin)
    world.authority.grantRole(Role.FISCAL_AGENT, proposer, 0, sender=world.admin)
    with reverts("SeriesNotApproved", token, PROPOSED):
        world.programme.openSeries(token, sender=opener)
    with reverts("ProposerCannotApprove", token, proposer):
        world.programme.approveSeries(token, APPROVAL, sender=proposer)
    with reverts("WithoutApproval", token):
        world.programme.approveSeries(token, bytes(32), sender=opener)
    world.programme.approveSeries(token, APPROVAL, sender=opener)
    told = world.evm.receipt.events("SeriesApproved")
    assert told == [{"token": token.address, "approver": opener, "approval": APPROVAL}]
    assert world.programme.seriesOf(token).approval == APPROVAL
    with reverts("SeriesNotOpen", token, APPROVED):
        world.mint(token, alice, 1)
    with reverts("ProposerCannotOpen", token, proposer):
        world.programme.openSeries(token, sender=proposer)
    world.programme.openSeries(token, sender=opener)
    told = world.evm.receipt.events("SeriesOpened")
    assert told == [{"token": token.address, "opener": opener}]
    with reverts("SeriesNotApproved", token, OPEN):
        world.programme.openSeries(token, sender=opener)
    with reverts("SeriesNotProposed", token, OPEN):
        world.programme.approveSeries(token, APPROVAL, sender=opener)
    world.mint(token, alice, 1)


def test_a_closed_series_issues_no_more_and_lives_on(world: World) -> None:
    token, issuer = world.bill(), world[Role.ISSUER]
    alice, bob = world.investor("alice"), world.investor("bob")
    world.mint(token, alice, 10)
    world.programme.closeSeries(token, sender=issuer)
    assert world.evm.receipt.events("SeriesClosed") == [{"token": token.address, "closer": issuer}]
    with reverts("SeriesNotOpen", token, CLOSED):
        world.mint(token, alice, 1)
    with reverts("SeriesNotOpen", token, CLOSED):
        world.programme.closeSeries(token, sender=issuer)
    with reverts("SeriesNotApproved", token, CLOSED):
        world.programme.openSeries(token, sender=world[Role.FISCAL_AGENT])
    token.transfer(bob, 5, sender=alice)
    world.burn(token, bob, 5)
    assert token.totalSupply() == 5


def test_a_stranger_to_the_programme_neither_mints_nor_burns(world: World) -> None:
    clone = world.evm.at(world.bill_class, "TreasuryBill")
    assert world.programme.isSeries(clone) is False
    for gate, *given in ((world.programme.requireIssuable, 1, 1), (world.programme.retire, 1)):
        with reverts("NotASeries", world.admin):
            gate(*given, sender=world.admin)


def test_a_series_keeps_the_class_that_it_was_made_of(world: World) -> None:
    """No proxies: a new implementation is for new series."""
    old = world.bill()
    better = world.evm.deploy("TreasuryBill", world.foundations, world.desk, sender=world.admin)
    code = world.evm.code(old)
    world.programme.setClass(BILL, better, sender=world[Role.STEWARD])
    assert world.evm.receipt.events("ClassSet") == [
        {"class": BILL, "implementation": better.address}
    ]
    assert world.evm.code(old) == code
    assert world.authority.classOf(old) == world.bill_class
    new: Contract = world.bill()
    assert world.authority.classOf(new) == better
    with reverts("AccessManagedUnauthorized", world[Role.MINTER]):
        world.mint(new, world.investor("alice"), 1)  # closed until the class is labelled
