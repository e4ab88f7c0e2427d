"""T-REX 4.1.6 and ONCHAINID 2.2.1 from the bytecode their packages publish, set up as they advise.

The suite comes from `TREXFactory`: every contract behind its proxy and the implementation
authority. One claim topic, one claim issuer, whose claims are signed by one of its keys; each
investor has an identity of the `IdFactory` with one claim.

Three modules say what our three rules say. The six add those whose work is nearest to our lot,
velocity and maximum holders, for which T-REX has no module but the second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from eth_abi.abi import encode
from eth_account.messages import encode_defunct
from eth_utils.crypto import keccak

from scripts._amanat.artifacts import Artifact
from scripts._amanat.build import ROOT
from scripts._amanat.local_chain import LocalChain
from tests.bench.live import LiveEvm
from tests.bench.rows import Gas, share
from tests.evm import Actor, Contract

COUNTRY: Final = 586
TOPIC: Final = 1
NOBODY: Final = "0x" + "00" * 20

_TREX: Final = "node_modules/@tokenysolutions/t-rex/artifacts/contracts"
_ONCHAINID: Final = "node_modules/@onchain-id/solidity/artifacts/contracts"
_MANAGEMENT, _CLAIM_SIGNER, _ECDSA = 1, 3, 1


@dataclass(frozen=True)
class Module:
    """A compliance module, and the one function that sets it for the token."""

    name: str
    setting: str
    arguments: tuple[Any, ...]


THREE: Final = (
    Module("CountryAllowModule", "batchAllowCountries", ([COUNTRY],)),
    Module("MaxBalanceModule", "setMaxBalance", (10_000_000,)),
    Module("SupplyLimitModule", "setSupplyLimit", (1_000_000_000,)),
)
SIX: Final = (
    *THREE,
    Module("CountryRestrictModule", "batchRestrictCountries", ([408],)),
    Module("TimeTransfersLimitsModule", "setTimeTransferLimit", ((30 * 86_400, 1_000_000),)),
    Module("TransferRestrictModule", "batchAllowUsers", ([Actor("alice"), Actor("bob")],)),
)


def measure(chain: LocalChain) -> Gas:
    """Every row that T-REX has a counterpart of."""
    return _Bench(LiveEvm(chain)).rows()


class _Bench:
    def __init__(self, evm: LiveEvm) -> None:
        self.evm = evm
        self.owner, self.agent = evm.actor("T-REX owner"), evm.actor("T-REX agent")
        self.signer = evm.actor("T-REX claim signer")
        self._deploy_onchainid()
        self._deploy_factory()
        self._suites = 0
        self.alice, self.bob, self.carol = map(evm.actor, ("alice", "bob", "carol"))
        self.identity = {w: self._identity(w)[0] for w in (self.alice, self.bob, self.carol)}
        self.three = self._held(self._suite(THREE))

    # The suite

    def _deploy_onchainid(self) -> None:
        make, owner = self.evm.deploy, self.owner
        library = make(_onchainid("Identity"), owner, True, sender=owner)
        identities = make(_onchainid("proxy/ImplementationAuthority"), library, sender=owner)
        self.id_factory = make(_onchainid("factory/IdFactory"), identities, sender=owner)
        self.issuer = make(_onchainid("ClaimIssuer"), owner, sender=owner)
        self.issuer.addKey(_key(self.signer), _CLAIM_SIGNER, _ECDSA, sender=owner)

    def _deploy_factory(self) -> None:
        make, owner = self.evm.deploy, self.owner
        implementations = [
            make(_trex(name), sender=owner)
            for name in (
                "token/Token",
                "registry/implementation/ClaimTopicsRegistry",
                "registry/implementation/IdentityRegistry",
                "registry/implementation/IdentityRegistryStorage",
                "registry/implementation/TrustedIssuersRegistry",
                "compliance/modular/ModularCompliance",
            )
        ]
        authority = make(
            _trex("proxy/authority/TREXImplementationAuthority"), True, NOBODY, NOBODY, sender=owner
        )
        authority.addAndUseTREXVersion((4, 1, 6), implementations, sender=owner)
        self.factory = make(_trex("factory/TREXFactory"), authority, self.id_factory, sender=owner)
        authority.setTREXFactory(self.factory, sender=owner)
        self.id_factory.addTokenFactory(self.factory, sender=owner)

    def _suite(self, modules: Sequence[Module]) -> Contract:
        """A token in use, with registries and a compliance of its own and three investors."""
        contracts = [self._module(module.name) for module in modules]
        token = self._deploy_suite(modules, contracts)
        token.unpause(sender=self.agent)
        for wallet, identity in self.identity.items():
            self._register(self._registry(token), wallet, identity)
        return token

    def _deploy_suite(self, modules: Sequence[Module], contracts: Sequence[Contract]) -> Contract:
        self._suites += 1
        settings = [
            contract[module.setting].encode(*module.arguments)
            for module, contract in zip(modules, contracts, strict=True)
        ]
        details = (
            *(self.owner, "Bill", "BILL", 0, NOBODY, NOBODY),
            *([self.agent], [self.agent], contracts, settings),
        )
        salt, claims = f"suite {self._suites}", ([TOPIC], [self.issuer], [[TOPIC]])
        self.factory.deployTREXSuite(salt, details, claims, sender=self.owner)
        return self.evm.at(self.factory.getToken(salt), _trex("token/Token"))

    def _module(self, name: str) -> Contract:
        artifact = _trex(f"compliance/modular/modules/{name}")
        code = self.evm.deploy(artifact, sender=self.owner)
        start = code.initialize.encode()
        proxy = _trex("compliance/modular/modules/ModuleProxy")
        return self.evm.at(self.evm.deploy(proxy, code, start, sender=self.owner), artifact)

    def _registry(self, token: Contract) -> Contract:
        artifact = _trex("registry/implementation/IdentityRegistry")
        return self.evm.at(token.identityRegistry(), artifact)

    # Investors

    def _register(self, registry: Contract, wallet: Actor, identity: Contract) -> int:
        registry.registerIdentity(wallet, identity, COUNTRY, sender=self.agent)
        return self.evm.receipt.gas_used

    def _identity(self, wallet: Actor) -> tuple[Contract, int]:
        """An identity with its claim, and the gas of the two."""
        self.id_factory.createIdentity(wallet, wallet.name, sender=self.owner)
        gas = self.evm.receipt.gas_used
        identity = self.evm.at(self.id_factory.getIdentity(wallet), _onchainid("Identity"))
        data = b"verified"
        digest = keccak(encode(["address", "uint256", "bytes"], [identity.address, TOPIC, data]))
        signed = self.signer.account.sign_message(encode_defunct(digest))
        claim = (TOPIC, 1, self.issuer, bytes(signed.signature), data, "")
        identity.addClaim(*claim, sender=wallet)
        return identity, gas + self.evm.receipt.gas_used

    def _held(self, token: Contract) -> Contract:
        for holder in (self.alice, self.bob):
            token.mint(holder, 100_000, sender=self.agent)
        return token

    # Rows

    def rows(self) -> Gas:
        token, alice, bob, agent = self.three, self.alice, self.bob, self.agent
        gas = self.evm.gas_of
        return {
            "transfer_3_rules": gas(token.transfer, bob, 100, sender=alice),
            "transfer_3_rules_new_holder": gas(token.transfer, self.carol, 100, sender=alice),
            "transfer_6_rules": self._transfer_under_six(),
            "transfer_0_rules": self._transfer_under_none(),
            "transferFrom_3_rules": self._transfer_from(),
            "onboard_attested_per_investor": self._onboard(),
            "register_onchainid_per_investor": self._batch_register(50),
            "mint_existing_3_rules": gas(token.mint, bob, 100, sender=agent),
            "batch_mint_50_per_new_holder": self._batch_mint(50),
            "forced_transfer_3_rules": gas(token.forcedTransfer, alice, bob, 100, sender=agent),
            "freeze_partial": gas(token.freezePartialTokens, alice, 100, sender=agent),
            "recover_wallet": self._recover(),
            "deploy_series": self._deploy_series(),
        }

    def _transfer_under_none(self) -> int:
        with self.evm.snapshot():
            token = self._held(self._suite(()))
            return self.evm.gas_of(token.transfer, self.bob, 100, sender=self.alice)

    def _transfer_under_six(self) -> int:
        with self.evm.snapshot():
            token = self._held(self._suite(SIX))
            token.transfer(self.bob, 100, sender=self.alice)  # the time limit has its slot now
            return self.evm.gas_of(token.transfer, self.bob, 100, sender=self.alice)

    def _transfer_from(self) -> int:
        with self.evm.snapshot():
            self.three.approve(self.carol, 1_000, sender=self.alice)
            arguments = (self.alice, self.bob, 100)
            return self.evm.gas_of(self.three.transferFrom, *arguments, sender=self.carol)

    def _onboard(self) -> int:
        """An identity, a claim on it, and its registration: three transactions."""
        with self.evm.snapshot():
            wallet = self.evm.actor("dora")
            identity, gas = self._identity(wallet)
            return gas + self._register(self._registry(self.three), wallet, identity)

    def _batch_register(self, count: int) -> int:
        """Registration alone: identities and claims come on top, as in the row above."""
        gas = self.evm.gas_of(
            self._registry(self.three).batchRegisterIdentity,
            [Actor(f"investor {n}") for n in range(count)],
            [Actor(f"identity {n}") for n in range(count)],
            [COUNTRY] * count,
            sender=self.agent,
        )
        return share(gas, count)

    def _batch_mint(self, count: int) -> int:
        """Wallets of investors who hold nothing yet; their identities are verified."""
        with self.evm.snapshot():
            wallets = [Actor(f"investor {n}") for n in range(count)]
            for wallet in wallets:
                self._register(self._registry(self.three), wallet, self._identity(wallet)[0])
            amounts = [1_000] * count
            gas = self.evm.gas_of(self.three.batchMint, wallets, amounts, sender=self.agent)
            return share(gas, count)

    def _recover(self) -> int:
        """To a wallet that is a key of the identity already."""
        found = self.evm.actor("alice's new wallet")
        with self.evm.snapshot():
            identity = self.identity[self.alice]
            identity.addKey(_key(found), _MANAGEMENT, _ECDSA, sender=self.alice)
            arguments = (self.alice, found, identity)
            return self.evm.gas_of(self.three.recoveryAddress, *arguments, sender=self.agent)

    def _deploy_series(self) -> int:
        """The factory's one call; the modules are there already, as they can serve many tokens."""
        with self.evm.snapshot():
            self._deploy_suite(THREE, [self._module(module.name) for module in THREE])
            return self.evm.receipt.gas_used


def _key(wallet: Actor) -> bytes:
    """What an identity knows a wallet by."""
    return keccak(encode(["address"], [wallet]))


@cache
def _trex(path: str) -> Artifact:
    return Artifact.read(ROOT / _TREX / f"{path}.sol" / f"{Path(path).name}.json")


@cache
def _onchainid(path: str) -> Artifact:
    return Artifact.read(ROOT / _ONCHAINID / f"{path}.sol" / f"{Path(path).name}.json")
