"""Real Safes on a private chain, from the bytecode of the published package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts._amanat import artifacts
from scripts._amanat.artifacts import Artifact
from scripts._amanat.build import ROOT
from scripts._amanat.errors import ChainRefused
from scripts._amanat.local_chain import LocalChain
from scripts._amanat.onchain import NOBODY
from scripts._amanat.signers import DEVELOPMENT_ROLES, development_account

PACKAGE = ROOT / "node_modules/@safe-global/safe-contracts/build/artifacts/contracts"


@dataclass(frozen=True)
class SafeContracts:
    """What every Safe of one chain stands on."""

    chain: LocalChain
    singleton: str
    factory: str
    multi_send: str

    @classmethod
    def deploy(cls, chain: LocalChain) -> SafeContracts:
        """The singleton, the factory and MultiSendCallOnly of release 1.4.1."""
        return cls(
            chain,
            *(
                _deployed(chain, published(path))
                for path in ("SafeL2", "proxies/SafeProxyFactory", "libraries/MultiSendCallOnly")
            ),
        )

    def safe(self, owners: Sequence[str], threshold: int) -> str:
        """A new Safe of these development keys."""
        setup = _call(
            published("SafeL2"),
            "setup",
            [owner_of(name) for name in owners],
            threshold,
            *(NOBODY, b"", NOBODY, NOBODY, 0, NOBODY),
        )
        factory = published("proxies/SafeProxyFactory")
        data = _call(factory, "createProxyWithNonce", self.singleton, setup, self._count())
        receipt = sent(self.chain, self.factory, data)
        (log,) = [each for each in receipt["logs"] if each["address"] == self.factory.lower()]
        return artifacts.checksum("0x" + log["topics"][1][-40:])

    def _count(self) -> int:
        return int(self.chain.rpc("eth_blockNumber"), 16)


def published(path: str) -> Artifact:
    """A contract of the package, by its folder and name."""
    return Artifact.read(PACKAGE / f"{path}.sol" / f"{Path(path).name}.json")


def owner_of(name: str) -> str:
    """The address of a development key."""
    return str(development_account(DEVELOPMENT_ROLES[name]).address)


def sent(chain: LocalChain, target: str | None, data: bytes) -> dict[str, Any]:
    """The receipt of a transaction of the deployer's."""
    request = {"from": owner_of("deployer"), "data": "0x" + data.hex(), "gas": hex(8_000_000)}
    if target is not None:
        request["to"] = target
    receipt = chain.receipt(chain.rpc("eth_sendTransaction", request))
    if receipt["status"] != "0x1":
        raise ChainRefused("set up a Safe", "its set-up reverted")
    return receipt


def _deployed(chain: LocalChain, artifact: Artifact) -> str:
    return artifacts.checksum(sent(chain, None, artifact.creation_code)["contractAddress"])


def _call(artifact: Artifact, function: str, *args: Any) -> bytes:
    (entry,) = artifact.entries("function", function)
    return artifacts.selector(entry) + artifacts.encode(entry["inputs"], args)
