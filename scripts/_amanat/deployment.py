"""From a programme file to a programme that stands, with no power left to who deployed it.

The deployer is the authority's first administrator. It deploys the contracts, writes the table of
`powers` and the regulator's settings, grants every role to its holder, and then gives up its own,
the administrator's last. Each step is planned from what the chain lacks, so that a run which was
interrupted anywhere goes on where it stopped, and a finished one plans nothing.

Once handed over, what differs from the file is not for the deployer to change: the proof shows it,
and the administrator changes it after its delay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scripts._amanat import powers
from scripts._amanat.errors import InputRefused
from scripts._amanat.onchain import NOBODY, Contract, Membership, Programme
from scripts._amanat.plan import Call, Deployment, Plan, Ref, Step, digest
from scripts._amanat.powers import Role
from scripts._amanat.programme import MUST_NOT_WAIT, ProgrammeFile
from scripts._amanat.proof import Check

if TYPE_CHECKING:
    from scripts._amanat.artifacts import Artifact
    from scripts._amanat.command import Desk

OPERATION = "deploy"
DEPLOYER = "deployer"
TEMPORARY = (Role.COMPLIANCE_OFFICER, Role.STEWARD, Role.FACTORY)
"""Roles that the deployer holds while it writes the settings."""

FOUNDATIONS = (Ref("Authority"), Ref("IdentityRegistry"), Ref("RuleBook"), Ref("Programme"))
SETTLEMENT = ("DeliveryVersusPayment", "PayingAgent")


@dataclass(frozen=True)
class Holders:
    """The addresses behind the programme file on one chain."""

    deployer: str
    roles: dict[Role, tuple[str, ...]]
    claim_issuers: tuple[str, ...]
    treasury: str


class Setup:
    """One programme file against one chain: what is missing, and whether all stands."""

    def __init__(self, desk: Desk, file: ProgrammeFile) -> None:
        self._desk, self._file = desk, file
        self._programme = Programme(desk.chain, desk.record)

    @property
    def wish(self) -> str:
        """The hash of everything asked for."""
        return digest(self._file.model_dump(mode="python"))

    @cached_property
    def holders(self) -> Holders:
        """Every holder's address; InputRefused where one of them cannot be."""
        file, signers = self._file, self._desk.signers
        found = Holders(
            deployer=signers[DEPLOYER].address,
            roles={
                role: tuple(file.address_of(holder, signers) for holder in duty.holders)
                for role, duty in file.duties.items()
            },
            claim_issuers=tuple(file.address_of(i.holder, signers) for i in file.claim_issuers),
            treasury=file.address_of(file.treasury, signers),
        )
        _refuse_unfit(found, file)
        return found

    # ---------------------------------------------------------------- the plan

    def plan(self) -> Plan:
        """What the chain lacks. InputRefused where the file cannot stand on this chain."""
        self._refuse_cash_of_elsewhere()
        steps = [*self._deployments()]
        if self._is_handed_over:
            return Plan(OPERATION, self.wish, tuple(steps))
        settings = [*self._settings()]
        steps += [*self._labels(), *settings, *self._hand_over(settings)]
        return Plan(OPERATION, self.wish, tuple(steps))

    @cached_property
    def _is_handed_over(self) -> bool:
        return "Authority" in self._programme and not self._has(Role.ADMIN, self.holders.deployer)

    @property
    def contracts(self) -> dict[str, tuple[Any, ...]]:
        """Every contract by name, with its constructor's arguments, in order."""
        authority, registry = Ref("Authority"), Ref("IdentityRegistry")
        rule_book, programme = Ref("RuleBook"), Ref("Programme")
        treasury = self.holders.treasury
        contracts: dict[str, tuple[Any, ...]] = {
            "Authority": (self.holders.deployer,),
            "IdentityRegistry": (authority,),
            "RuleBook": (authority, registry),
            "Programme": (authority, rule_book),
            "TokenDesk": (FOUNDATIONS,),
            "TreasuryBill": (FOUNDATIONS, Ref("TokenDesk")),
            "DeliveryVersusPayment": (authority, programme, treasury),
            "PayingAgent": (authority, programme, registry, treasury),
        }
        if self._file.cash.is_pilot_rupee:
            contracts["PilotRupee"] = (authority,)
        return contracts

    @property
    def cash(self) -> str | Ref:
        """The token that settles."""
        return Ref("PilotRupee") if self._file.cash.is_pilot_rupee else self._file.cash.token

    def _deployments(self) -> Iterator[Step]:
        for name, args in self.contracts.items():
            if name not in self._programme:
                yield Step(
                    f"deploy {name}", DEPLOYER, Deployment(name, name, args), f"{name} has code"
                )

    def _labels(self) -> Iterator[Step]:
        """Which role opens which function, what each role is called, and who may cancel."""
        for label in self._table:
            missing = [s for s in label.functions if self._opened_by(label.contract, s) is None]
            wrong = [
                s
                for s in label.functions
                if self._opened_by(label.contract, s) not in (None, label.role)
            ]
            if missing + wrong:
                yield self._act(
                    f"open {label.contract} to the {label.role.label}",
                    "Authority.setTargetFunctionRole(address,bytes4[],uint64)",
                    (Ref(label.contract), [_selector(s) for s in missing + wrong], label.role),
                    f"{', '.join(_short(s) for s in missing + wrong)} need that role",
                    bulk="labels",
                )
        for role in Role:
            if role is not Role.ADMIN and role not in self._named_roles:
                yield self._act(
                    f"name the role {role.label}",
                    "Authority.labelRole(uint64,string)",
                    (role, role.label),
                    bulk="labels",
                )
        for role in self._guarded:
            if self._authority("getRoleGuardian", role) != Role.GUARDIAN:
                yield self._act(
                    f"let guardians cancel what the {role.label} schedules",
                    "Authority.setRoleGuardian(uint64,uint64)",
                    (role, Role.GUARDIAN),
                    bulk="labels",
                )

    def _settings(self) -> Iterator[Step]:
        """The regulator's settings, written under roles that the deployer holds for the while."""
        steps = [
            *self._enrolments(),
            *self._policy(),
            *self._trust(),
            *self._classes_and_cash(),
        ]
        for role in TEMPORARY if steps else ():
            if not self._has(role, self.holders.deployer):
                yield self._grant(role, self.holders.deployer, 0, "for the settings that follow")
        yield from steps

    def _enrolments(self) -> Iterator[Step]:
        """The authority answers for what is enrolled alone; the factory enrols each series."""
        for name in self._enrolled:
            if self._authority("classOf", self._address(name) or NOBODY) != self._address(name):
                yield self._act(
                    f"let {name} answer to its labels",
                    "Authority.enrol(address,address)",
                    (Ref(name), Ref(name)),
                    bulk="enrolments",
                )

    def _policy(self) -> Iterator[Step]:
        wanted = self._file.policy
        for setter, field, value in (
            ("setMaxAge(uint32)", "maxAge", wanted.max_age),
            ("setMaxAttestationAge(uint32)", "maxAttestationAge", wanted.max_attestation_age),
            ("setRecoveryWindow(uint32)", "recoveryWindow", wanted.recovery_window),
            ("setLapsedMaySend(bool)", "lapsedMaySend", wanted.lapsed_may_send),
        ):
            policy = self._read("IdentityRegistry", "policy")
            if policy is None or getattr(policy, field) != value:
                yield self._act(
                    f"set the registry's {field}", f"IdentityRegistry.{setter}", (value,)
                )

    def _trust(self) -> Iterator[Step]:
        required = self._read("IdentityRegistry", "getClaimTopics") or []
        for name, topic in self._file.claim_topics.items():
            if topic not in required:
                yield self._act(
                    f"require the topic {name}", "IdentityRegistry.addClaimTopic(uint256)", (topic,)
                )
        trusted = self._read("IdentityRegistry", "getTrustedIssuers") or []
        for issuer, address in zip(
            self._file.claim_issuers, self.holders.claim_issuers, strict=True
        ):
            if address not in trusted:
                yield self._act(
                    "trust a claim issuer",
                    "IdentityRegistry.addTrustedIssuer(address,uint256[])",
                    (address, self._file.topics_of(issuer)),
                    f"{address} vouches on {', '.join(issuer.topics)}",
                )

    def _classes_and_cash(self) -> Iterator[Step]:
        for name in powers.ASSET_CLASSES:
            if self._class_of(name) != self._address(name):
                yield self._act(
                    f"make {name} a class of asset",
                    "Programme.setClass(bytes32,address)",
                    (class_id(name), Ref(name)),
                )
        for desk in SETTLEMENT:
            if self._cash_terms(desk) != self._file.cash.currency_code:
                yield self._act(
                    f"let {desk} settle in {self._file.cash.currency}",
                    f"{desk}.approveCash(address,uint16,bool)",
                    (self.cash, self._file.cash.currency_code, True),
                )

    def _hand_over(self, settings: Sequence[Step]) -> Iterator[Step]:
        """Roles to their holders, and nothing left to the deployer; the administrator last."""
        for name in self.contracts:
            delay = self._file.duties[Role.ADMIN].delay
            if name != "Authority" and self._relabel_delays.get(self._address(name)) != delay:
                yield self._act(
                    f"make every new label of {name} wait",
                    "Authority.setTargetAdminDelay(address,uint32)",
                    (Ref(name), delay),
                    "five days from now, whoever is administrator",
                    bulk="hand over",
                )
        for role, who, delay in self._wanted:
            known = who if isinstance(who, str) else self._address(who.name)
            if role is not Role.ADMIN and not self._has(role, known):
                yield self._grant(role, who, delay, "from this block on", bulk="hand over")
        for role in TEMPORARY:
            if settings or self._has(role, self.holders.deployer):
                yield self._give_up(role, "the deployer no longer has it")
        for role, who, delay in self._wanted:
            if role is Role.ADMIN and not self._has(role, str(who)):
                yield self._grant(role, who, delay, "the programme has its administrator")
        yield self._give_up(Role.ADMIN, "the deployer has no power left")

    # ---------------------------------------------------------------- the proof

    def prove(self) -> Sequence[Check]:
        """Read the whole programme back and compare it with the files and the table."""
        return [
            *self._prove_code(),
            *self._prove_labels(),
            *self._prove_members(),
            *self._prove_settings(),
        ]

    def _prove_code(self) -> Iterator[Check]:
        from scripts._amanat.artifacts import load

        inner = {
            "ClaimJudge": self._programme["IdentityRegistry"].read("claimJudge"),
            "Compliance": self._programme["RuleBook"].read("complianceImplementation"),
        }
        addresses = {name: self._programme[name].address for name in self.contracts} | inner
        codes = self._desk.chain.request_many(
            "eth_getCode", [(address, "latest") for address in addresses.values()]
        )
        other = [
            name
            for name, code in zip(addresses, codes, strict=True)
            if not is_code_of(load(name), bytes.fromhex(code[2:]))
        ]
        yield Check(f"contracts of {len(addresses)} whose code is not the artifact's", [], other)

    def _prove_labels(self) -> Iterator[Check]:
        wanted = {
            (self._programme[label.contract].address, _selector(signature)): int(label.role)
            for label in self._table
            for signature in label.functions
        }
        authority = self._programme["Authority"]
        asked = self._programme.ask(
            [authority.query("getTargetFunctionRole", *each) for each in wanted]
        )
        found = self._programme.labels() | dict(zip(wanted, asked, strict=True))
        wrong = sorted(
            f"{address} 0x{selector.hex()}"
            for address, selector in wanted.keys() | found.keys()
            if wanted.get((address, selector)) != found.get((address, selector))
        )
        yield Check(
            f"functions of {len(wanted)} opened by another role than the table's", [], wrong
        )
        closed = [
            name
            for name in self._enrolled
            if authority.read("classOf", self._address(name)) != self._address(name)
        ]
        yield Check("contracts that do not answer to their labels", [], closed)
        unguarded = [
            role.label
            for role in self._guarded
            if authority.read("getRoleGuardian", role) != Role.GUARDIAN
        ]
        yield Check("delayed roles whose acts no guardian can cancel", [], unguarded)

    def _prove_members(self) -> Iterator[Check]:
        members = self._programme.members()
        wanted: dict[Role | int, dict[str, int]] = {}
        for role, who, delay in self._wanted:
            address = who if isinstance(who, str) else self._programme[who.name].address
            wanted.setdefault(role, {})[address] = delay
        for each in sorted(wanted.keys() | members.keys()):
            yield Check(
                f"holders of the role {_name_of(each)}",
                _described({a: Membership(0, d) for a, d in wanted.get(each, {}).items()}),
                _described(members.get(each, {})),
            )
        left = [_name_of(each) for each, held in members.items() if self.holders.deployer in held]
        yield Check("roles left to the deployer", [], left)
        standard_form = members.get(Role.STANDARD_FORM, {})
        yield Check("holders of acts without a reference", [], list(standard_form))

    def _prove_settings(self) -> Iterator[Check]:
        registry, file = self._programme["IdentityRegistry"], self._file
        policy = registry.read("policy")
        for field, value in (
            ("maxAge", file.policy.max_age),
            ("maxAttestationAge", file.policy.max_attestation_age),
            ("recoveryWindow", file.policy.recovery_window),
            ("lapsedMaySend", file.policy.lapsed_may_send),
        ):
            yield Check(f"the registry's {field}", value, getattr(policy, field))
        topics = sorted(file.claim_topics.values())
        yield Check("required claim topics", topics, sorted(registry.read("getClaimTopics")))
        trusted = sorted(registry.read("getTrustedIssuers"))
        yield Check("trusted claim issuers", sorted(self.holders.claim_issuers), trusted)
        for issuer, address in zip(file.claim_issuers, self.holders.claim_issuers, strict=True):
            found = (
                sorted(registry.read("getTrustedIssuerClaimTopics", address))
                if address in trusted
                else []
            )
            yield Check(f"topics of {issuer.holder}", file.topics_of(issuer), found)
        for name in powers.ASSET_CLASSES:
            yield Check(
                f"implementation of the class {name}",
                self._programme[name].address,
                self._class_of(name),
            )
        for desk in SETTLEMENT:
            yield Check(
                f"currency that {desk} settles in", file.cash.currency_code, self._cash_terms(desk)
            )
            yield Check(
                f"treasury of {desk}", self.holders.treasury, self._programme[desk].read("treasury")
            )

    # ---------------------------------------------------------------- the wish, in addresses

    @property
    def _table(self) -> list[powers.Label]:
        return list(powers.labels(with_cash=self._file.cash.is_pilot_rupee))

    @property
    def _enrolled(self) -> list[str]:
        """Contracts that answer to labels of their own: all that have some, but the authority
        itself and the classes, whose labels are their series'."""
        labelled = dict.fromkeys(label.contract for label in self._table)
        return [n for n in labelled if n != "Authority" and n not in powers.ASSET_CLASSES]

    @property
    def _guarded(self) -> list[Role]:
        return [
            role
            for role, duty in self._file.duties.items()
            if duty.delay and role not in (Role.ADMIN, *MUST_NOT_WAIT)
        ]

    @property
    def _wanted(self) -> list[tuple[Role, str | Ref, int]]:
        """Every membership that is to stand: role, holder, delay in seconds."""
        people: list[tuple[Role, str | Ref, int]] = [
            (role, address, self._file.duties[role].delay)
            for role, addresses in self.holders.roles.items()
            for address in addresses
        ]
        contracts: list[tuple[Role, str | Ref, int]] = [
            (role, Ref(name), 0) for role, names in powers.OF_CONTRACTS.items() for name in names
        ]
        return people + contracts

    def _refuse_cash_of_elsewhere(self) -> None:
        chain, cash = self._desk.chain, self._file.cash
        if cash.is_pilot_rupee and not chain.is_local:
            raise InputRefused(
                f"cash: the pilot's rupee is for local chains, not for chain {chain.chain_id}",
                what_to_do="Name the address of the cash token in the programme file.",
            )
        if not cash.is_pilot_rupee and not chain.code(cash.token):
            raise InputRefused(f"cash: there is no contract at {cash.token}")

    # ---------------------------------------------------------------- the chain, where it stands

    def _address(self, name: str) -> str:
        return self._programme[name].address if name in self._programme else ""

    def _read(self, contract: str, function: str, *args: Any) -> Any:
        """An answer of a contract; None where it is not deployed."""
        if contract not in self._programme:
            return None
        return self._programme[contract].read(function, *args)

    def _authority(self, function: str, *args: Any) -> Any:
        return self._read("Authority", function, *args)

    def _has(self, role: Role, account: str) -> bool:
        return bool(account) and account in self._members.get(role, {})

    def _class_of(self, name: str) -> str | None:
        found: str | None = self._read("Programme", "implementationOf", class_id(name))
        return found

    def _cash_terms(self, desk: str) -> int | None:
        cash = self.cash if isinstance(self.cash, str) else self._address(self.cash.name)
        if desk not in self._programme or not cash:
            return None
        currency: int = self._programme[desk].read("cashTerms", cash).currency
        return currency

    def _opened_by(self, contract: str, signature: str) -> int | None:
        return self._labelled.get((self._address(contract), _selector(signature)))

    @cached_property
    def _members(self) -> dict[Role | int, dict[str, Membership]]:
        return self._programme.members() if "Authority" in self._programme else {}

    @cached_property
    def _labelled(self) -> dict[tuple[str, bytes], int]:
        return self._programme.labels() if "Authority" in self._programme else {}

    @cached_property
    def _named_roles(self) -> set[int]:
        return {e.arguments["roleId"] for e in self._authority_events("RoleLabel")}

    @cached_property
    def _relabel_delays(self) -> dict[str, int]:
        events = self._authority_events("TargetAdminDelayUpdated")
        return {e.arguments["target"]: e.arguments["delay"] for e in events}

    def _authority_events(self, name: str) -> list[Any]:
        if "Authority" not in self._programme:
            return []
        return list(self._programme.events("Authority", name))

    # ---------------------------------------------------------------- steps

    def _grant(self, role: Role, who: str | Ref, delay: int, expects: str, bulk: str = "") -> Step:
        waits = f", {delay // 3_600} h delay" if delay else ""
        return self._act(
            f"grant {role.label}{waits}",
            "Authority.grantRole(uint64,address,uint32)",
            (role, who, delay),
            expects,
            bulk,
        )

    def _give_up(self, role: Role, expects: str) -> Step:
        return self._act(
            f"give up the role {role.label}",
            "Authority.renounceRole(uint64,address)",
            (role, self.holders.deployer),
            expects,
        )

    def _act(
        self, title: str, function: str, args: tuple[Any, ...], expects: str = "", bulk: str = ""
    ) -> Step:
        return Step(title, DEPLOYER, self._call(function, args), expects, bulk=bulk)

    def _call(self, function: str, args: tuple[Any, ...]) -> Call:
        contract, signature = function.split(".", 1)
        plain = tuple(int(arg) if isinstance(arg, Role) else arg for arg in args)
        return Call(Ref(contract), contract, signature, plain)


def class_id(name: str) -> bytes:
    """The name of a class of asset as the programme keeps it: ASCII, padded with zeros."""
    return name.encode("ascii").ljust(32, b"\0")


def is_code_of(artifact: Artifact, code: bytes) -> bool:
    """Whether deployed code is the artifact's, but for its immutables, which stand in it as zeros
    before deployment."""
    expected, found = bytearray(artifact.runtime_code), bytearray(code)
    if len(expected) != len(found):
        return False
    for places in artifact.immutable_references.values():
        for place in places:
            start, end = place["start"], place["start"] + place["length"]
            expected[start:end] = found[start:end] = bytes(place["length"])
    return expected == found


def deployed(programme: Programme) -> dict[str, Contract]:
    """The programme's own contracts that stand, by name."""
    names = [*powers.CONTRACTS, "TokenDesk", *powers.ASSET_CLASSES]
    return {name: programme[name] for name in names if name in programme}


def _refuse_unfit(found: Holders, file: ProgrammeFile) -> None:
    """A deployer who stays, and roles that meet in one hand under two names of it."""
    from scripts._amanat.programme import INCOMPATIBLE

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


def _name_of(role: Role | int) -> str:
    return role.label if isinstance(role, Role) else f"number {role}"


def _described(held: dict[str, Membership]) -> list[str]:
    return sorted(
        f"{address} after {each.delay // 3_600} h" if each.delay else address
        for address, each in held.items()
    )


def _selector(signature: str) -> bytes:
    from eth_utils.crypto import keccak

    return bytes(keccak(text=signature)[:4])


def _short(signature: str) -> str:
    return signature.split("(")[0]
