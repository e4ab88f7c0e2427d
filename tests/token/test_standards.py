"""The standards a series speaks, by their ids and fixed answers."""

from __future__ import annotations

import pytest
from eth_utils.crypto import keccak

from scripts._amanat import artifacts
from tests.evm import Contract, reverts
from tests.world import MATURITY_INSTANT, NOBODY, Role, World

INTERFACES = {
    "ERC-165": 0x01FFC9A7,
    "ERC-7943 fungible": 0x3EDBB4C4,
    "ERC-20": 0x36372B07,
    "ERC-20 metadata": 0xA219A025,
    "ERC-2612": 0x9D8FF7DA,
    "ERC-5267": 0x84B0196E,
    "ERC-1404": 0xAB84A5C8,
}
"""As the standards print them, or as the exclusive-or of the selectors that they name."""

ERC3643 = (
    *("onchainID()", "version()", "identityRegistry()", "compliance()", "paused()"),
    *("isFrozen(address)", "getFrozenTokens(address)", "setName(string)", "setSymbol(string)"),
    *("setOnchainID(address)", "pause()", "unpause()", "setAddressFrozen(address,bool)"),
    *("freezePartialTokens(address,uint256)", "unfreezePartialTokens(address,uint256)"),
    *("setIdentityRegistry(address)", "setCompliance(address)"),
    *("forcedTransfer(address,address,uint256)", "mint(address,uint256)", "burn(address,uint256)"),
    "recoveryAddress(address,address,address)",
    *("batchTransfer(address[],uint256[])", "batchMint(address[],uint256[])"),
    *("batchForcedTransfer(address[],address[],uint256[])", "batchBurn(address[],uint256[])"),
    "batchSetAddressFrozen(address[],bool[])",
    "batchFreezePartialTokens(address[],uint256[])",
    "batchUnfreezePartialTokens(address[],uint256[])",
    *("isAgent(address)", "addAgent(address)", "removeAgent(address)"),
    *("owner()", "transferOwnership(address)"),
)
"""Every function of ERC-3643's token, its agents and its owner."""


@pytest.mark.parametrize("name", INTERFACES)
def test_a_series_says_that_it_speaks_the_standard(bill: Contract, name: str) -> None:
    assert bill.supportsInterface(INTERFACES[name].to_bytes(4, "big")) is True


def test_a_series_does_not_claim_what_nobody_speaks(bill: Contract) -> None:
    assert bill.supportsInterface(b"\xff\xff\xff\xff") is False
    assert bill.supportsInterface(b"\x80\xac\x58\xcd") is False  # ERC-721


def test_every_function_of_erc3643_is_there_under_its_own_name() -> None:
    abi = artifacts.load("TreasuryBill").abi
    spoken = {artifacts.signature(entry) for entry in abi if entry["type"] == "function"}
    assert set(ERC3643) - spoken == set()


def test_the_desk_answers_every_selector_that_the_series_announces(
    world: World, bill: Contract
) -> None:
    """The fallback leads to the desk, and a selector of neither is refused."""
    assert bill.version() == "1.0.0"
    assert bill.onchainID() == NOBODY
    assert bill.getAllDocuments() == []
    with reverts(""):
        world.evm.message(bill, keccak(text="nobody()")[:4], keep=False)


def test_powers_are_told_from_the_authority_and_not_changed_here(
    world: World, bill: Contract
) -> None:
    """Pitfall 26."""
    assert bill.owner() == bill.authority() == world.authority
    assert bill.isAgent(world[Role.FREEZER]) is True
    assert bill.isAgent(world[Role.MINTER]) is True
    for nobody in (world.admin, world[Role.REGISTRAR], world[Role.RELEASER]):
        assert bill.isAgent(nobody) is False
    for act in ("addAgent", "removeAgent", "transferOwnership"):
        with reverts("PowersLiveInAuthority", world.authority):
            bill[act](world.admin, sender=world.admin)
    with reverts("AuthorityIsFixed", world.authority):
        bill.setAuthority(world.admin, sender=world.admin)
    with reverts("AuthorityIsFixed", world.authority):
        world.authority.updateAuthority(bill, world.admin, sender=world.admin)


def test_the_terms_are_immutable(world: World, bill: Contract) -> None:
    for act, value in (("setName", "x"), ("setSymbol", "x"), ("setOnchainID", NOBODY)):
        with reverts("TermsAreImmutable"):
            bill[act](value, sender=world.admin)
    assert (bill.name(), bill.symbol(), bill.decimals()) == (
        "Market Treasury Bill 26-Dec-2025",
        "MTB-3M",
        0,
    )
    assert bill.maturity() == MATURITY_INSTANT
    assert bill.recordDates() == [MATURITY_INSTANT]


def test_documents_are_kept_replaced_and_removed(world: World, bill: Contract) -> None:
    issuer, name, other = world[Role.ISSUER], b"TERM_SHEET".ljust(32, b"\0"), b"NOTICE".ljust(32)
    digest, better = keccak(text="first"), keccak(text="second")
    bill.setDocument(name, "ipfs://1", digest, sender=issuer)
    bill.setDocument(other, "ipfs://2", digest, sender=issuer)
    told = world.evm.receipt.events("DocumentUpdated")
    assert told == [{"name": other, "uri": "ipfs://2", "documentHash": digest}]
    world.evm.advance(hours=1)
    bill.setDocument(name, "ipfs://3", better, sender=issuer)
    assert tuple(bill.getDocument(name)) == ("ipfs://3", better, world.evm.time)
    assert bill.getAllDocuments() == [name, other]
    bill.removeDocument(name, sender=issuer)
    told = world.evm.receipt.events("DocumentRemoved")
    assert told == [{"name": name, "uri": "ipfs://3", "documentHash": better}]
    assert bill.getAllDocuments() == [other]
    assert tuple(bill.getDocument(name)) == ("", bytes(32), 0)
    bill.removeDocument(other, sender=issuer)
    assert bill.getAllDocuments() == []
    with reverts("DocumentUnknown", name):
        bill.removeDocument(name, sender=issuer)


def test_the_shelf_of_documents_stands_where_erc7201_puts_it(world: World, bill: Contract) -> None:
    """Under a slot of its own, so that no class's storage meets it."""
    shelf = keccak((int.from_bytes(keccak(text="amanat.documents"), "big") - 1).to_bytes(32, "big"))
    slot = int.from_bytes(shelf, "big") & ~0xFF
    assert world.evm.storage(bill, slot + 1) == 0
    bill.setDocument(b"A".ljust(32), "ipfs://1", bytes(32), sender=world[Role.ISSUER])
    assert world.evm.storage(bill, slot + 1) == 1
