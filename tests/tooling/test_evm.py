"""The in-process EVM tells what a chain would tell."""

from __future__ import annotations

import pytest
from eth_abi.abi import encode
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils.crypto import keccak

from scripts._amanat import artifacts, local_chain
from tests.evm import CHAIN_ID, GENESIS, Actor, Contract, Evm, reverts

COMMITMENT = keccak(text="terms")


@pytest.fixture
def alice(evm: Evm) -> Actor:
    return evm.actor("alice")


@pytest.fixture
def bob(evm: Evm) -> Actor:
    return evm.actor("bob")


@pytest.fixture
def sample(evm: Evm, alice: Actor) -> Contract:
    return evm.deploy("HarnessSample", "first", COMMITMENT, sender=alice)


def test_constructor_arguments_arrive(sample: Contract) -> None:
    assert sample.label() == "first"
    assert sample.COMMITMENT() == COMMITMENT


def test_overloads_are_told_apart_by_signature(sample: Contract, alice: Actor, bob: Actor) -> None:
    assert sample["put(uint256)"](3, sender=alice) == 3
    assert sample["put(address,uint256)"](bob, 4, sender=alice) == 4
    with pytest.raises(AttributeError, match=r"put\(uint256\), put\(address,uint256\)"):
        sample.put(3, sender=alice)


def test_structs_go_in_as_mappings_or_tuples_and_come_out_named(
    sample: Contract, alice: Actor, bob: Actor
) -> None:
    total = sample.sum([{"holder": bob, "amount": 2}, (alice, 5)])
    assert (total.total, total.first) == (7, bob)
    sample["put(uint256)"](3, sender=alice)
    assert sample.holding(alice)._asdict() == {"holder": alice, "amount": 3}


def test_a_transaction_must_say_who_sends_it(sample: Contract) -> None:
    with pytest.raises(TypeError, match="say who sends it"):
        sample.take(1)


def test_a_refusal_carries_its_error_and_its_values(sample: Contract, alice: Actor) -> None:
    with reverts("NotEnough", alice, 9):
        sample.take(9, sender=alice)
    with reverts("NotEnough", asked=9):
        sample.take(9, sender=alice)
    with pytest.raises(AssertionError), reverts("NotEnough", alice, 8):
        sample.take(9, sender=alice)


def test_the_compilers_own_errors_are_decoded(
    evm: Evm, sample: Contract, alice: Actor, bob: Actor
) -> None:
    with reverts("Error", "because"):
        sample.refuse("because")
    sample["put(address,uint256)"](bob, 2**256 - 1, sender=alice)
    with reverts("Panic", 0x11):
        sample["put(address,uint256)"](bob, 1, sender=alice)
    with reverts("OutOfGas"):
        sample["put(uint256)"](1, sender=alice, gas=30_000)


def test_reverts_fails_when_nothing_is_refused(sample: Contract) -> None:
    with pytest.raises(AssertionError, match="nothing was refused"), reverts("NotEnough"):
        sample.label()


def test_events_are_decoded_and_a_view_leaves_the_receipt_alone(
    evm: Evm, sample: Contract, alice: Actor
) -> None:
    sample["put(uint256)"](3, sender=alice)
    sample.held(alice)
    (moved,) = evm.receipt.events("Moved", sample)
    assert moved["from"] == alice
    assert moved["tag"] == keccak(text="put"), "an indexed string is kept as its hash"
    assert moved["after_"].amount == 3


def test_call_answers_without_effect(sample: Contract, alice: Actor) -> None:
    assert sample["put(uint256)"].call(3, sender=alice) == 3
    assert sample.held(alice) == 0


def test_snapshots_nest_and_undo_state_and_time(evm: Evm, sample: Contract, alice: Actor) -> None:
    put = sample["put(uint256)"]
    put(1, sender=alice)
    for _ in range(3):
        with evm.snapshot():
            put(1, sender=alice)
            evm.advance(days=1)
            with evm.snapshot():
                put(1, sender=alice)
                with reverts("NotEnough"):
                    sample.take(99, sender=alice)
                assert sample.held(alice) == 3
            assert sample.held(alice) == 2
        assert sample.held(alice) == 1
        assert sample.clock() == (GENESIS, 1, CHAIN_ID)


def test_time_moves_on_demand_and_never_back(evm: Evm, sample: Contract) -> None:
    evm.advance(days=1, hours=2, seconds=3)
    assert sample.clock().time == GENESIS + 86_400 + 7_200 + 3
    assert sample.clock().number == 2
    with pytest.raises(AssertionError, match="forward only"):
        evm.time = GENESIS


def test_etched_code_answers(evm: Evm, sample: Contract, alice: Actor) -> None:
    elsewhere = "0x00000000000000000000000000000000000Ca5e5"
    evm.etch(elsewhere, evm.code(sample))
    twin = evm.at(elsewhere, "HarnessSample")
    assert evm.code(twin) == evm.code(sample)
    assert twin.COMMITMENT() == COMMITMENT
    assert twin.label() == "", "storage stays behind"


def test_an_actor_signs_as_its_address(alice: Actor) -> None:
    domain = {"name": "Amanat", "chainId": CHAIN_ID}
    types = {"Order": [{"name": "amount", "type": "uint256"}]}
    signed = encode_typed_data(domain, types, {"amount": 5})
    signature = alice.sign_typed(domain, types, {"amount": 5})
    assert Account.recover_message(signed, signature=signature) == alice


@pytest.mark.chain
def test_gas_is_what_a_chains_receipt_says(evm: Evm, sample: Contract, alice: Actor) -> None:
    """A first write costs 17,100 more than the next one: EIP-2200 and EIP-2929."""
    put = sample["put(uint256)"]
    first = evm.gas_of(put, 1, sender=alice)
    assert sample.held(alice) == 0, "measuring changes nothing"
    put(1, sender=alice)
    with evm.snapshot():
        evm.advance(days=1)
        assert first - evm.gas_of(put, 1, sender=alice) == 17_100


@pytest.mark.chain
def test_gas_on_a_copy_of_the_state_is_that_of_the_state_itself(evm: Evm, sample: Contract) -> None:
    """The same transactions, sent to an Anvil that lived through all of them."""
    artifact = artifacts.load("HarnessSample")
    with local_chain.start(hardfork="cancun") as chain:
        sender = artifacts.checksum(chain.rpc("eth_accounts")[0])

        def receipt_of(**transaction: str) -> dict[str, str]:
            wish = {"from": sender, "gas": hex(5_000_000), **transaction}
            receipt = chain.receipt(chain.rpc("eth_sendTransaction", wish))
            assert receipt["status"] == "0x1"
            return receipt

        creation = artifact.deployment_data("first", COMMITMENT)
        address = receipt_of(data="0x" + creation.hex())["contractAddress"]
        for name, amount in (("put(uint256)", 5), ("put(uint256)", 5), ("take(uint256)", 10)):
            function = sample[name]
            data = function.selector + encode(["uint256"], [amount])
            receipt = receipt_of(to=address, data="0x" + data.hex())
            assert evm.gas_of(function, amount, sender=sender) == int(receipt["gasUsed"], 16), name
            function(amount, sender=sender)
