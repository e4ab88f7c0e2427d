"""Who may do what: the roles of the programme, and the functions each of them opens.

This one table is what the deployment writes into the `Authority`, what `tests/programme` holds
against every state-changing function of every contract, and what the README's matrix says in words.
A function that stands nowhere here is closed to everyone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import Final


class Role(IntEnum):
    """Ids as in `contracts/programme/Roles.sol`."""

    ADMIN = 0
    ISSUER = 1
    REGISTRAR = 2
    MINTER = 3
    REGULATOR = 4
    FREEZER = 5
    RELEASER = 6
    COMPLIANCE_OFFICER = 7
    ORDER_EXECUTOR = 8
    RECOVERY_AGENT = 9
    GUARDIAN = 10
    PAYING_AGENT = 11
    FISCAL_AGENT = 12
    PAUSE_CONFIRMER = 13
    STEWARD = 14
    FACTORY = 15
    REDEEMER = 16
    STANDARD_FORM = 17
    TAX_AGENT = 18
    CUSTODIAN = 19
    AUDITOR = 20
    EMERGENCY = 21
    RATE_AGENT = 22
    BOARD = 23
    LICENSOR = 24
    STAGE_KEEPER = 25
    LICENSING = 26
    EXCHANGER = 27

    @property
    def label(self) -> str:
        """The role's name in words, as it stands on the chain."""
        return self.name.lower().replace("_", " ")


Functions = Mapping[Role, tuple[str, ...]]

TOKEN: Final[Functions] = MappingProxyType(
    {
        Role.MINTER: (
            "mint(address,uint256,bytes32)",
            "batchMint(address[],uint256[],bytes32)",
            "burn(address,uint256,bytes32)",
            "burnFrom(address,uint256,bytes32)",
        ),
        Role.EMERGENCY: ("pause()",),
        Role.PAUSE_CONFIRMER: ("confirmPause()",),
        Role.FREEZER: (
            "setAddressFrozen(address,bool)",
            "batchSetAddressFrozen(address[],bool[])",
            "freezePartialTokens(address,uint256)",
            "batchFreezePartialTokens(address[],uint256[])",
            "setFrozenTokens(address,uint256)",
        ),
        Role.RELEASER: (
            "unpause()",
            "releaseAddress(address)",
            "unfreezePartialTokens(address,uint256)",
            "batchUnfreezePartialTokens(address[],uint256[])",
        ),
        Role.ORDER_EXECUTOR: ("forcedTransfer(address,address,uint256,(bytes32,uint256,uint256))",),
        Role.ISSUER: (
            "announceRecordDate(uint256)",
            "setDocument(bytes32,string,bytes32)",
            "removeDocument(bytes32)",
        ),
        Role.STEWARD: ("setIdentityRegistry(address)", "setCompliance(address)"),
        Role.EXCHANGER: (
            "exchangeBegin()",
            "exchangeOut(address,bytes32[],address,bytes32)",
            "exchangeIn((address,uint256,uint256,bool,(address,address,uint112,uint32,uint40)[]),"
            "bytes32[],address,bytes32)",
        ),
        Role.STANDARD_FORM: (
            "mint(address,uint256)",
            "batchMint(address[],uint256[])",
            "burn(address,uint256)",
            "batchBurn(address[],uint256[])",
            "forcedTransfer(address,address,uint256)",
            "batchForcedTransfer(address[],address[],uint256[])",
        ),
    }
)
"""Every class of asset; labelled once on the class's implementation."""

SERIES: Final[Functions] = MappingProxyType(
    {**TOKEN, Role.REDEEMER: ("redeem(address,uint256,bytes32)",)}
)
"""Classes that end by being paid back in money."""

PERIODIC: Final[Functions] = MappingProxyType(
    {
        Role.FISCAL_AGENT: ("resetRate(uint256,uint256,uint8,bytes32)",),
    }
)
"""Beside those: classes that run in periods."""

BOND: Final[Functions] = MappingProxyType({Role.ISSUER: ("call(uint256,bytes32)",)})
"""Beside those: government bonds."""

REVENUE: Final[Functions] = MappingProxyType(
    {
        Role.FISCAL_AGENT: (
            "declare((uint256,uint256,uint32,uint32,(uint112,uint112,uint112,uint112),bytes32),"
            "uint32,uint32,bytes)",
            "restate((uint256,uint256,uint32,uint32,(uint112,uint112,uint112,uint112),bytes32),"
            "bytes)",
        ),
        Role.ISSUER: ("call(uint32,bytes32)",),
    }
)
"""Beside those: revenue shares."""

CONTRACTS: Final[Mapping[str, Functions]] = MappingProxyType(
    {
        "Authority": {Role.FACTORY: ("enrol(address,address)",)},
        "Programme": {
            Role.ISSUER: (
                "proposeSeries(bytes32,bytes,(uint112,uint112,uint64,uint32,uint112,uint32,uint64,"
                "uint40,uint40,uint40,bool,bool,bool,uint72),uint16[],(bytes32,bytes32))",
                "closeSeries(address)",
                "cancelSeries(address)",
            ),
            Role.FISCAL_AGENT: (
                "approveSeries(address,bytes32)",
                "openSeries(address)",
                "openSeriesFor(address,uint256)",
                "authorise(address,uint256)",
            ),
            Role.STEWARD: ("setClass(bytes32,address)",),
            Role.BOARD: ("proposeLimits((uint256,uint32,(bytes32,uint256)[]))",),
            Role.REGULATOR: (
                "confirmLimits((uint256,uint32,(bytes32,uint256)[]))",
                "lowerLimits((uint256,uint32,(bytes32,uint256)[]))",
            ),
            Role.EXCHANGER: ("exchangeCommitment(address,address,uint256)",),
        },
        "SeriesExchange": {
            Role.BOARD: (
                "proposeExchange(address,address,bytes32)",
                "proposeMigration(address,bytes32)",
            ),
            Role.REGULATOR: (
                "confirmExchange(address,address,bytes32)",
                "confirmMigration(address,bytes32,bytes32)",
                "fixRegister(address,bytes32)",
            ),
        },
        "ReferenceRates": {
            Role.RATE_AGENT: ("setRate(bytes32,uint256,bytes32)",),
            Role.BOARD: ("proposeRate(bytes32,uint256,(uint16,uint16,uint32,uint32),bytes32)",),
            Role.REGULATOR: (
                "confirmRate(bytes32,uint256,(uint16,uint16,uint32,uint32),bytes32)",
                "tightenBounds(bytes32,(uint16,uint16,uint32,uint32))",
            ),
        },
        "IdentityRegistry": {
            Role.REGISTRAR: (
                "registerIdentity(address,address,uint16)",
                "batchRegisterIdentity(address[],address[],uint16[])",
                "deleteIdentity(address)",
                "updateCountry(address,uint16)",
                "updateIdentity(address,address)",
                "updateClass(address,uint8)",
                "withdraw(address)",
            ),
            Role.REGULATOR: ("suspend(address)",),
            Role.EMERGENCY: ("halt()", "pauseClass(address)"),
            Role.PAUSE_CONFIRMER: ("confirmHalt()", "confirmClassPause(address)"),
            Role.RELEASER: ("resume()", "unpauseClass(address)", "unsuspend(address)"),
            Role.STAGE_KEEPER: ("setStageEnd(uint40)",),
            Role.COMPLIANCE_OFFICER: (
                "addClaimTopic(uint256)",
                "removeClaimTopic(uint256)",
                "addTrustedIssuer(address,uint256[])",
                "removeTrustedIssuer(address)",
                "updateIssuerClaimTopics(address,uint256[])",
                "setMaxAge(uint32)",
                "setMaxAttestationAge(uint32)",
                "setLapsedMaySend(bool)",
            ),
            Role.FREEZER: ("revokeBatch(uint24)",),
            Role.RECOVERY_AGENT: ("noticeRecovery(address,address,bytes32)",),
            Role.GUARDIAN: ("cancelRecovery(address)",),
            Role.LICENSING: ("setVenue(address,bool)",),
            Role.STEWARD: (
                "setRecoveryWindow(uint32)",
                "setIdentityRegistryStorage(address)",
                "setClaimTopicsRegistry(address)",
                "setTrustedIssuersRegistry(address)",
            ),
        },
        "PilotStage": {
            Role.STEWARD: (
                "begin(address,address,uint8,(uint256,uint256,uint256,uint256,uint32,uint64,uint40,"
                "uint16[]))",
            ),
            Role.BOARD: (
                "proposeStage(uint8,(uint256,uint256,uint256,uint256,uint32,uint64,uint40,"
                "uint16[]))",
            ),
            Role.REGULATOR: (
                "confirmStage(uint8,(uint256,uint256,uint256,uint256,uint32,uint64,uint40,"
                "uint16[]),uint256)",
                "narrowStage((uint256,uint256,uint256,uint256,uint32,uint64,uint40,uint16[]),"
                "uint256)",
            ),
        },
        "RuleBook": {
            Role.FACTORY: (
                "open(address,(uint112,uint112,uint64,uint32,uint112,uint32,uint64,uint40,uint40,"
                "uint40,bool,bool,bool,uint72),uint16[])",
            ),
            Role.COMPLIANCE_OFFICER: (
                "configure(address,(uint112,uint112,uint64,uint32,uint112,uint32,uint64,uint40,"
                "uint40,uint40,bool,bool,bool,uint72))",
                "setJurisdictions(address,uint16[],bool)",
                "addModule(address,address,uint8)",
                "removeModule(address,address)",
            ),
            Role.REGISTRAR: (
                "preApprove(address,address,address,uint256,uint40)",
                "withdrawPreApproval(address,address,address,uint256)",
            ),
            Role.REGULATOR: ("imposeSanctions(address[])",),
            Role.STAGE_KEEPER: (
                "narrow(address,(uint112,uint112,uint64,uint32,uint112,uint32,uint64,uint40,uint40,"
                "uint40,bool,bool,bool,uint72),uint16[],uint16[])",
            ),
            Role.RELEASER: ("liftSanctions(address[])",),
            Role.LICENSING: (
                "setVenueWords(bytes32[],uint256[])",
                "askAboutVenues(address,bool)",
            ),
        },
        "VenueRules": {
            Role.COMPLIANCE_OFFICER: ("setRules(address,bool,(uint64,uint64,uint64,uint16)[4])",),
        },
        "LicenceRegistry": {
            Role.LICENSOR: (
                "decide(address,uint256,uint8,(uint16,uint64,uint40,bytes32))",
                "approveWallet(address)",
                "releaseWallet(address)",
                "nameCustomersOf(address,address[],bool,bytes32)",
            ),
            Role.REGULATOR: ("suspend(address,bytes32)", "revoke(address,bytes32)"),
        },
        "CustomerReturns": {
            Role.LICENSOR: (
                "post(address,bytes32,bytes32,(address,uint256)[])",
                "withdrawList(uint256,bytes32)",
            ),
            Role.ORDER_EXECUTOR: ("confirm(uint256,bytes32)",),
        },
        "HolidayCalendar": {
            Role.STEWARD: ("setCalendar(bytes32,uint256,(uint8,uint256[2]),bytes32)",),
        },
        "PayingAgent": {
            Role.PAYING_AGENT: (
                "announce(address,uint8,uint256,address)",
                "cancelAnnouncement(bytes32)",
                "pay(bytes32,address[])",
                "escheat(bytes32,address[])",
                "remitTax(bytes32)",
                "withdrawResidual(bytes32)",
            ),
            Role.STEWARD: (
                "approveCash(address,uint16,bool)",
                "setTreasury(address)",
                "setRegistry(address)",
                "setTax(address,address)",
                "setEscheatPeriod(uint256)",
            ),
        },
        "WithholdingTax": {
            Role.TAX_AGENT: (
                "setRates(((uint8,uint8,bool),uint24,bool,uint40)[])",
                "grantCertificate(uint8,address,uint24,uint40,bytes32)",
                "revokeCertificate(uint8,address)",
            ),
        },
        "DeliveryVersusPayment": {
            Role.FISCAL_AGENT: (
                "allot((address,address,uint256,uint256,address,uint256,bytes32,bytes32))",
                "allotWithPermit((address,address,uint256,uint256,address,uint256,bytes32,bytes32),"
                "(uint256,uint8,bytes32,bytes32))",
                "allotMany((address,address,uint256,uint256,address,uint256,bytes32,bytes32)[])",
                "buyBack((address,address,uint256,uint256,address,uint256,bytes32,bytes32))",
                "buyBackWithPermit((address,address,uint256,uint256,address,uint256,bytes32,"
                "bytes32),(uint256,uint8,bytes32,bytes32))",
                "buyBackMany((address,address,uint256,uint256,address,uint256,bytes32,bytes32)[])",
                "confirmPayment((address,address,address,uint256,uint256,bytes32,uint256,uint256),"
                "bytes32)",
            ),
            Role.STEWARD: ("approveCash(address,uint16,bool)", "setTreasury(address)"),
        },
        "Auction": {
            Role.FISCAL_AGENT: (
                "open((address,address,uint256,uint256,uint256,uint256,uint256,uint256,uint256,"
                "uint8,uint256,uint256,uint256,uint256,(uint256,uint256,uint256,bool,bool),uint256,"
                "uint256,uint256,uint256,bytes32))",
                "forfeit(uint256,uint256[])",
            ),
            Role.ISSUER: (
                "accept(uint256,(uint256,uint256,uint256,bytes32))",
                "reject(uint256,bytes32)",
            ),
            Role.STEWARD: ("approveCash(address,uint16,bool)", "setTreasury(address)"),
        },
        "LotRegister": {
            Role.CUSTODIAN: ("proposeEncumbrance(address,bytes32,bool,bytes32)",),
            Role.FISCAL_AGENT: ("confirmEncumbrance(address,bytes32,bool,bytes32)",),
            Role.STEWARD: ("setKeepers(address,address,address)",),
            Role.REDEEMER: (
                "assign(address,bytes32,uint112)",
                "unassign(address,bytes32,uint112)",
                "deliver(address,bytes32,uint112)",
            ),
        },
        "RedemptionDesk": {
            Role.CUSTODIAN: (
                "assign(bytes32,bytes32,uint112,bytes32)",
                "confirmDelivery(bytes32,bytes32)",
            ),
            Role.AUDITOR: ("certifyDelivery(bytes32,bytes32)",),
            Role.FISCAL_AGENT: ("publishPrice(address,uint128,bytes32)",),
            Role.STEWARD: ("approveCash(address,uint16,bool)", "setTreasury(address)"),
        },
        "PilotRupee": {
            Role.FISCAL_AGENT: (
                "mint(address,uint256)",
                "burn(uint256)",
                "blockAccount(address)",
                "unblockAccount(address)",
                "pause()",
                "unpause()",
            ),
        },
    }
)
"""Every other contract, by its own address."""

OF_CLASSES: Final[Mapping[str, tuple[Functions, ...]]] = MappingProxyType(
    {
        "TreasuryBill": (SERIES,),
        "GovernmentBond": (SERIES, PERIODIC, BOND),
        "IjarahSukuk": (SERIES, PERIODIC),
        "RevenueShare": (SERIES, REVENUE),
        "CommodityReserve": (TOKEN,),
    }
)
"""What the series of each class of asset have."""

ASSET_CLASSES: Final = tuple(OF_CLASSES)

CLASS_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(): name for name in ASSET_CLASSES}
)
"""The contract of each class by its name in term sheets and commands: treasury_bill."""


def class_id(name: str) -> bytes:
    """The name of a class of asset as the programme keeps it: ASCII, padded with zeros."""
    return name.encode("ascii").ljust(32, b"\0")


def class_name(identity: bytes) -> str:
    """The name behind an id."""
    return identity.rstrip(b"\0").decode("ascii")


OF_CONTRACTS: Final[Mapping[Role, tuple[str, ...]]] = MappingProxyType(
    {
        Role.FACTORY: ("Programme",),
        Role.MINTER: ("DeliveryVersusPayment", "Auction", "RedemptionDesk"),
        Role.REDEEMER: ("PayingAgent", "RedemptionDesk"),
        Role.STAGE_KEEPER: ("PilotStage",),
        Role.LICENSING: ("LicenceRegistry", "VenueRules"),
        Role.ORDER_EXECUTOR: ("CustomerReturns",),
        Role.EXCHANGER: ("SeriesExchange",),
    }
)
"""Roles that contracts of the programme hold; the rest are people's."""

NEVER_OF_PEOPLE: Final = tuple(
    role for role in OF_CONTRACTS if role not in (Role.MINTER, Role.ORDER_EXECUTOR)
)
"""Roles that a programme file cannot give to anybody. A minter beside the contracts it can name."""


@dataclass(frozen=True)
class Label:
    """One entry of the table: `functions` of `contract` are opened by `role`."""

    contract: str
    role: Role
    functions: tuple[str, ...]


def labels(*, with_cash: bool = True) -> Iterator[Label]:
    """The whole table, in a fixed order. `with_cash` is False where the cash token is another's."""
    tables = dict(CONTRACTS) | {name: functions_of(name) for name in ASSET_CLASSES}
    for contract, functions in tables.items():
        if contract == "PilotRupee" and not with_cash:
            continue
        for role, signatures in functions.items():
            yield Label(contract, role, signatures)


def functions_of(asset_class: str) -> Functions:
    """What the roles open on every series of a class."""
    tables = OF_CLASSES[asset_class]
    roles = dict.fromkeys(role for table in tables for role in table)
    return {role: tuple(f for table in tables for f in table.get(role, ())) for role in roles}
