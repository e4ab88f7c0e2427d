"""What a programme file says of one chain: contracts, holders by address, labels, memberships."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scripts._amanat import powers
from scripts._amanat.errors import InputRefused
from scripts._amanat.plan import Ref, digest
from scripts._amanat.powers import Role
from scripts._amanat.programme import INCOMPATIBLE, MUST_NOT_WAIT, ProgrammeFile

if TYPE_CHECKING:
    from scripts._amanat.command import Desk

DEPLOYER = "deployer"
FOUNDATIONS = (Ref("Authority"), Ref("IdentityRegistry"), Ref("RuleBook"), Ref("Programme"))
SETTLEMENT = ("DeliveryVersusPayment", "Auction", "PayingAgent", "RedemptionDesk")


@dataclass(frozen=True)
class Holders:
    """The addresses behind the programme file on one chain."""

    deployer: str
    roles: dict[Role, tuple[str, ...]]
    claim_issuers: tuple[str, ...]
    treasury: str
    tax_authority: str


class Blueprint:
    """One programme file as it is to stand on one chain."""

    def __init__(self, desk: Desk, file: ProgrammeFile) -> None:
        self._desk, self.file = desk, file

    @property
    def wish(self) -> str:
        """The hash of everything asked for."""
        return digest(self.file.model_dump(mode="python"))

    @cached_property
    def holders(self) -> Holders:
        """Every holder's address; InputRefused where one of them cannot be."""
        file, signers = self.file, self._desk.signers
        found = Holders(
            deployer=self._deployer,
            roles={
                role: tuple(file.address_of(holder, signers) for holder in duty.holders)
                for role, duty in file.duties.items()
            },
            claim_issuers=tuple(file.address_of(i.holder, signers) for i in file.claim_issuers),
            treasury=file.address_of(file.treasury, signers),
            tax_authority=file.address_of(file.tax.authority, signers),
        )
        _refuse_unfit(found, file)
        return found

    @property
    def _deployer(self) -> str:
        """Who deployed what stands, whose key nobody needs any more; else who is to deploy."""
        if "Authority" in self._desk.record.contracts:
            return str(self._desk.record.contracts["Authority"].args[0])
        return self._desk.signers[DEPLOYER].address

    @property
    def contracts(self) -> dict[str, tuple[Any, ...]]:
        """Every contract by name, with its constructor's arguments, in order."""
        authority, registry = Ref("Authority"), Ref("IdentityRegistry")
        rule_book, programme = Ref("RuleBook"), Ref("Programme")
        treasury = self.holders.treasury
        contracts: dict[str, tuple[Any, ...]] = {
            "Authority": (self.holders.deployer,),
            "IdentityRegistry": (authority,),
            "ReferenceRates": (authority, [rate.opening for rate in self.file.rates]),
            "PilotStage": (authority, Ref("ReferenceRates"), registry),
            "RuleBook": (authority, registry, Ref("PilotStage")),
            "Programme": (
                authority,
                rule_book,
                Ref("ReferenceRates"),
                Ref("PilotStage"),
                self.file.ceiling.limits,
            ),
            "LicenceRegistry": (authority, registry, rule_book),
            "VenueRules": (authority, rule_book),
            "CustomerReturns": (authority, registry, Ref("LicenceRegistry"), programme),
            "SeriesExchange": (authority, programme),
            "PledgeDesk": (FOUNDATIONS,),
            "TokenDesk": (FOUNDATIONS, Ref("PledgeDesk")),
            "TreasuryBill": (FOUNDATIONS, Ref("TokenDesk")),
            "HolidayCalendar": (authority,),
            "BondDesk": (FOUNDATIONS, Ref("TokenDesk"), Ref("HolidayCalendar")),
            "GovernmentBond": (FOUNDATIONS, Ref("BondDesk")),
            "SukukDesk": (FOUNDATIONS, Ref("TokenDesk"), Ref("HolidayCalendar")),
            "IjarahSukuk": (FOUNDATIONS, Ref("SukukDesk")),
            "RevenueDesk": (FOUNDATIONS, Ref("TokenDesk"), Ref("HolidayCalendar")),
            "RevenueShare": (FOUNDATIONS, Ref("RevenueDesk")),
            "LotRegister": (authority, programme),
            "CommodityReserve": (FOUNDATIONS, Ref("TokenDesk"), Ref("LotRegister")),
            "DeliveryVersusPayment": (authority, programme, treasury),
            "Auction": (authority, programme, registry, treasury),
            "RedemptionDesk": (authority, programme, registry, Ref("LotRegister"), treasury),
            "WithholdingTax": (authority, self.file.country.numeric),
            "PayingAgent": (
                authority,
                programme,
                registry,
                Ref("WithholdingTax"),
                treasury,
                self.holders.tax_authority,
            ),
        }
        if self.file.cash.is_pilot_rupee:
            contracts["PilotRupee"] = (authority,)
        return contracts

    @property
    def cash(self) -> str | Ref:
        """The token that settles."""
        return Ref("PilotRupee") if self.file.cash.is_pilot_rupee else self.file.cash.token

    @property
    def table(self) -> list[powers.Label]:
        """Which role opens which functions."""
        return list(powers.labels(with_cash=self.file.cash.is_pilot_rupee))

    @property
    def enrolled(self) -> list[str]:
        """Contracts that answer to labels of their own: all that have some, but the authority
        itself and the classes, whose labels are their series'."""
        labelled = dict.fromkeys(label.contract for label in self.table)
        return [n for n in labelled if n != "Authority" and n not in powers.ASSET_CLASSES]

    @property
    def guarded(self) -> list[Role]:
        """Roles whose acts wait, and can be cancelled by the guardians meanwhile."""
        return [
            role
            for role, duty in self.file.duties.items()
            if duty.delay and role not in (Role.ADMIN, *MUST_NOT_WAIT)
        ]

    @property
    def memberships(self) -> list[tuple[Role, str | Ref, int]]:
        """Every membership that is to stand: role, holder, delay in seconds."""
        people: list[tuple[Role, str | Ref, int]] = [
            (role, address, self.file.duties[role].delay)
            for role, addresses in self.holders.roles.items()
            for address in addresses
        ]
        contracts: list[tuple[Role, str | Ref, int]] = [
            (role, Ref(name), 0) for role, names in powers.OF_CONTRACTS.items() for name in names
        ]
        return people + contracts

    def refuse_cash_of_elsewhere(self) -> None:
        """InputRefused where the file's cash cannot settle on this chain."""
        chain, cash = self._desk.chain, self.file.cash
        if cash.is_pilot_rupee and not chain.is_local:
            raise InputRefused(
                f"cash: the pilot's rupee is for local chains, not for chain {chain.chain_id}",
                what_to_do="Name the address of the cash token in the programme file.",
            )
        if not cash.is_pilot_rupee and not chain.code(cash.token):
            raise InputRefused(f"cash: there is no contract at {cash.token}")


def selector_of(signature: str) -> bytes:
    """The four bytes that name a function in calldata."""
    from eth_utils.crypto import keccak

    return bytes(keccak(text=signature)[:4])


def _refuse_unfit(found: Holders, file: ProgrammeFile) -> None:
    """A deployer who stays, and roles that meet in one hand under two names of it."""
    faults = [
        f"roles.{role.name.lower()}: {found.deployer} deploys, and keeps no power"
        for role, addresses in found.roles.items()
        if found.deployer in addresses
    ]
    for role, others in INCOMPATIBLE.items():
        for other in sorted(others):
            if other < role and other in found.roles and role in found.roles:
                shared = set(found.roles[role]) & set(found.roles[other])
                faults += [
                    f"roles.{role.name.lower()}: {address} is {other.label}, which must not meet it"
                    for address in sorted(shared)
                ]
    if faults:
        raise InputRefused(f"{file.name}: {len(faults)} holders cannot be", faults)
