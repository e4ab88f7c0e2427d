"""A registry with its authority, its people and its claim issuers, for the tests of identity."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final

from scripts._amanat.claims import TYPES, Attestation, Batch, domain
from scripts._amanat.onchain import NOBODY, Flag, InvestorRecord, Standing
from tests.evm import CHAIN_ID, Actor, Contract, Evm

KYC: Final = 0xA11CE
AML: Final = 0xB0B
PAKISTAN: Final = 586
UAE: Final = 784
DAY: Final = 86_400
ZERO: Final = NOBODY

ROLES: Final[dict[str, tuple[str, ...]]] = {
    "registrar": (
        "registerIdentity",
        "batchRegisterIdentity",
        "deleteIdentity",
        "updateIdentity",
        "updateCountry",
        "updateClass",
        "withdraw",
    ),
    "regulator": ("suspend",),
    "emergency": ("halt", "pauseClass"),
    "pause_confirmer": ("confirmHalt", "confirmClassPause"),
    "releaser": ("unsuspend", "resume", "unpauseClass"),
    "compliance_officer": (
        "addClaimTopic",
        "removeClaimTopic",
        "addTrustedIssuer",
        "removeTrustedIssuer",
        "updateIssuerClaimTopics",
        "setMaxAge",
        "setMaxAttestationAge",
        "setLapsedMaySend",
        "setRecoveryWindow",
        "setVenue",
        "revokeBatch",
    ),
    "recovery_agent": ("noticeRecovery",),
    "guardian": ("cancelRecovery",),
    "steward": (
        "setIdentityRegistryStorage",
        "setClaimTopicsRegistry",
        "setTrustedIssuersRegistry",
    ),
    "stage_keeper": ("setStageEnd",),
}
ROLE_IDS: Final = {
    "registrar": 2,
    "regulator": 4,
    "releaser": 6,
    "compliance_officer": 7,
    "recovery_agent": 9,
    "guardian": 10,
    "pause_confirmer": 13,
    "steward": 14,
    "emergency": 21,
    "stage_keeper": 25,
}


class Skip(IntEnum):
    """Why a leaf was passed over; the order of the contract."""

    MALFORMED = 1
    NOT_NEWER = 2
    WALLET_LOST = 3
    ONCHAINID_WALLET = 4
    OTHER_ISSUER = 5
    OTHER_INVESTOR = 6
    INVESTOR_NOT_OURS = 7
    TOO_MANY_WALLETS = 8


@dataclass(frozen=True)
class Record:
    """A record, taken apart."""

    investor: str
    country: int
    investor_class: int
    flags: Flag
    until_hour: int
    epoch: int
    batch: int

    @classmethod
    def of(cls, word: int) -> Record:
        told = InvestorRecord(word)
        return cls(
            told.investor,
            told.country,
            told.investor_class,
            told.flags,
            told.until_hour,
            told.epoch,
            told.batch,
        )


@dataclass(frozen=True)
class Screening:
    """What a token is told of a movement."""

    sender: Record
    recipient: Record
    verdict: int

    @property
    def standings(self) -> tuple[Standing, Standing]:
        return Standing(self.verdict & 0xFF), Standing(self.verdict >> 8 & 0xFF)

    @property
    def spender_dead(self) -> bool:
        return bool(self.verdict >> 16 & 1)

    @property
    def halted(self) -> bool:
        return bool(self.verdict >> 17 & 1)

    @property
    def stage_ended(self) -> bool:
        return bool(self.verdict >> 18 & 1)


@dataclass
class Town:
    """The registry and everyone around it."""

    evm: Evm
    registry: Contract
    people: dict[str, Actor]
    events: list[Any] = field(default_factory=list)

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    def wallet(self, number: int) -> Actor:
        return self.evm.actor(f"wallet {number}")

    def stranger(self) -> Actor:
        return self.evm.actor("stranger")

    def standing(self, wallet: str) -> Standing:
        return Standing(self.registry.standingOf(wallet))

    def screen(self, operator: str, sender: str, recipient: str) -> Screening:
        one, other, verdict = self.registry.screen(operator, sender, recipient)
        return Screening(Record.of(one), Record.of(other), verdict)

    def record(self, wallet: str) -> Record:
        return Record.of(self.registry.recordOf(wallet))

    def epoch(self) -> int:
        return int(self.registry.policy()[0])

    def hour(self, *, days: int = 0, hours: int = 0) -> int:
        return self.evm.time // 3600 + 24 * days + hours

    def leaf(self, wallet: str, **changes: Any) -> Attestation:
        fields: dict[str, Any] = {
            "country": PAKISTAN,
            "investor_class": 1,
            "until_hour": self.hour(days=180),
        }
        return Attestation(str(wallet), **{**fields, **changes})

    def batch(
        self,
        *leaves: Attestation,
        issuer: Actor | None = None,
        topics: tuple[int, ...] = (KYC,),
        issued_at: int | None = None,
    ) -> Batch:
        when = self.evm.time if issued_at is None else issued_at
        return Batch(str(issuer or self.bank), topics, when, leaves)

    def sign(self, batch: Batch, by: Actor | None = None) -> bytes:
        signer = by or next(each for each in self.people.values() if str(each) == batch.issuer)
        return signer.sign_typed(domain(CHAIN_ID, self.registry.address), TYPES, batch.message)

    def present(self, batch: Batch) -> int:
        number = self.registry.attest(
            batch.header, batch.rows, self.sign(batch), sender=self.stranger()
        )
        return int(number)

    def attest(self, *wallets: str, **how: Any) -> int:
        """Attest wallets now, in one batch; the batch's number."""
        leaf = {
            k: how.pop(k)
            for k in ("country", "investor_class", "until_hour", "investor")
            if k in how
        }
        return self.present(self.batch(*(self.leaf(each, **leaf) for each in wallets), **how))

    def skipped(self) -> list[tuple[int, Skip]]:
        """Leaves that the last batch passed over."""
        found = self.evm.receipt.events("AttestationSkipped")
        return [(each["index"], Skip(each["reason"])) for each in found]


def build_town(evm: Evm) -> Town:
    """A registry that requires KYC, and trusts two banks: one on KYC and AML, one on KYC."""
    names = (*ROLES, "bank", "broker", "admin")
    people = {name: evm.actor(name) for name in names}
    admin = people["admin"]
    authority = evm.deploy("PlainAuthority", admin, sender=admin)
    registry = evm.deploy("IdentityRegistry", authority, sender=admin)
    for role, functions in ROLES.items():
        selectors = [registry[name].selector for name in functions]
        authority.setTargetFunctionRole(registry, selectors, ROLE_IDS[role], sender=admin)
        authority.grantRole(ROLE_IDS[role], people[role], 0, sender=admin)
    officer = people["compliance_officer"]
    registry.addClaimTopic(KYC, sender=officer)
    registry.addTrustedIssuer(people["bank"], [KYC, AML], sender=officer)
    registry.addTrustedIssuer(people["broker"], [KYC], sender=officer)
    return Town(evm, registry, people)
