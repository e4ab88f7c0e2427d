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
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scripts._amanat import powers
from scripts._amanat.audit import Audit
from scripts._amanat.blueprint import DEPLOYER, SETTLEMENT, Blueprint, selector_of
from scripts._amanat.onchain import NOBODY, Membership, Programme
from scripts._amanat.plan import Call, Deployment, Plan, Ref, Step
from scripts._amanat.powers import Role, class_id
from scripts._amanat.programme import FOR_TWO, ProgrammeFile
from scripts._amanat.proof import Check
from scripts._amanat.stages import BEGIN, Stage

if TYPE_CHECKING:
    from scripts._amanat.command import Desk

OPERATION = "deploy"
TEMPORARY = (Role.COMPLIANCE_OFFICER, Role.STEWARD, Role.FACTORY, Role.TAX_AGENT)
"""Roles that the deployer holds while it writes the settings."""


class Setup:
    """One programme file against one chain: what is missing, and whether all stands."""

    def __init__(self, desk: Desk, file: ProgrammeFile) -> None:
        self._desk, self._file = desk, file
        self._blueprint = Blueprint(desk, file)
        self._programme = Programme(desk.chain, desk.record)

    def prove(self) -> Sequence[Check]:
        """Read the whole programme back; see `Audit`."""
        return Audit(self._desk, self._blueprint).checks()

    # ---------------------------------------------------------------- the plan

    def plan(self) -> Plan:
        """What the chain lacks. InputRefused where the file cannot stand on this chain."""
        self._blueprint.refuse_cash_of_elsewhere()
        steps = [*self._deployments()]
        if self._is_handed_over:
            return Plan(OPERATION, self._blueprint.wish, tuple(steps))
        settings = [*self._settings()]
        steps += [*self._labels(), *self._own_roles(), *settings, *self._hand_over(settings)]
        return Plan(OPERATION, self._blueprint.wish, tuple(steps), tuple(self._notes()))

    def _notes(self) -> Iterator[str]:
        """What two people should hold and one key does: told, because a pilot may do so."""
        code = self._desk.chain.code
        for role in FOR_TWO:
            if keys := [who for who in self._blueprint.holders.roles[role] if not code(who)]:
                yield f"{role.label}: {', '.join(keys)} is a key of one person; give it to a Safe"

    @cached_property
    def _deployer(self) -> str:
        return self._blueprint.holders.deployer

    @cached_property
    def _is_handed_over(self) -> bool:
        return "Authority" in self._programme and not self._has(Role.ADMIN, self._deployer)

    def _deployments(self) -> Iterator[Step]:
        for name, args in self._blueprint.contracts.items():
            if name not in self._programme:
                yield Step(
                    f"deploy {name}", DEPLOYER, Deployment(name, name, args), f"{name} has code"
                )

    def _labels(self) -> Iterator[Step]:
        """Which role opens which function, what each role is called, and who may cancel."""
        for label in self._blueprint.table:
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
                    (Ref(label.contract), [selector_of(s) for s in missing + wrong], label.role),
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
        for role in self._blueprint.guarded:
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
            *self._stage(),
            *self._classes_and_cash(),
            *self._tax(),
            *self._escheat(),
        ]
        for role in TEMPORARY if steps else ():
            if not self._has(role, self._deployer):
                yield self._grant(role, self._deployer, 0, "for the settings that follow")
        yield from steps

    def _own_roles(self) -> Iterator[Step]:
        """Contracts' roles come before the settings, some of which they carry further."""
        for role, who, delay in self._blueprint.memberships:
            if isinstance(who, Ref) and not self._has(role, self._address(who.name)):
                yield self._grant(role, who, delay, f"{who.name} has it", bulk="roles of contracts")

    def _enrolments(self) -> Iterator[Step]:
        """The authority answers for what is enrolled alone; the factory enrols each series."""
        for name in self._blueprint.enrolled:
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
            self._file.claim_issuers, self._blueprint.holders.claim_issuers, strict=True
        ):
            if address not in trusted:
                yield self._act(
                    "trust a claim issuer",
                    "IdentityRegistry.addTrustedIssuer(address,uint256[])",
                    (address, self._file.topics_of(issuer)),
                    f"{address} vouches on {', '.join(issuer.topics)}",
                )

    def _stage(self) -> Iterator[Step]:
        """Where the programme begins; later the board and the regulator move it."""
        found = self._read("PilotStage", "current")
        if found is None or found.stage == Stage.NONE:
            begun = self._file.stage
            yield self._act(
                f"begin in the stage {begun.stage.label}",
                f"PilotStage.{BEGIN}",
                (Ref("Programme"), Ref("RuleBook"), begun.stage, begun.values),
                "until board and regulator widen it, or the regulator narrows it",
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
                    (self._blueprint.cash, self._file.cash.currency_code, True),
                )

    def _tax(self) -> Iterator[Step]:
        """The rates to begin with: all of them in one act."""
        if missing := [row for row in self._file.tax.rows if not self._holds(row)]:
            yield self._act(
                f"set {len(missing)} rates of withholding tax",
                "WithholdingTax.setRates(((uint8,uint8,bool),uint24,bool,uint40)[])",
                (missing,),
                "every kind of income has a rate",
            )

    def _escheat(self) -> Iterator[Step]:
        """How long what could not be paid is kept for its owner."""
        days, period = self._file.policy.escheat_days, self._file.policy.escheat_period
        if self._read("PayingAgent", "escheatPeriod") != period:
            yield self._act(
                "set the period of escheat",
                "PayingAgent.setEscheatPeriod(uint256)",
                (period,),
                f"what could not be paid is kept for {days:,} days",
            )

    def _holds(self, row: tuple[tuple[int, int, bool], int, bool, int]) -> bool:
        who, rate, reducible, _ = row
        found = self._read("WithholdingTax", "rateRow", who)
        return found is not None and tuple(found[:3]) == (True, rate, reducible)

    def _hand_over(self, settings: Sequence[Step]) -> Iterator[Step]:
        """Roles to their holders, and nothing left to the deployer; the administrator last."""
        for name in self._blueprint.contracts:
            delay = self._file.duties[Role.ADMIN].delay
            if name != "Authority" and self._relabel_delays.get(self._address(name)) != delay:
                yield self._act(
                    f"make every new label of {name} wait",
                    "Authority.setTargetAdminDelay(address,uint32)",
                    (Ref(name), delay),
                    "five days from now, whoever is administrator",
                    bulk="hand over",
                )
        for role, who, delay in self._blueprint.memberships:
            if role is not Role.ADMIN and isinstance(who, str) and not self._has(role, who):
                yield self._grant(role, who, delay, "from this block on", bulk="hand over")
        for role in TEMPORARY:
            if settings or self._has(role, self._deployer):
                yield self._give_up(role, "the deployer no longer has it")
        for role, who, delay in self._blueprint.memberships:
            if role is Role.ADMIN and not self._has(role, str(who)):
                yield self._grant(role, who, delay, "the programme has its administrator")
        yield self._give_up(Role.ADMIN, "the deployer has no power left")

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
        cash = (
            self._blueprint.cash
            if isinstance(self._blueprint.cash, str)
            else self._address(self._blueprint.cash.name)
        )
        if desk not in self._programme or not cash:
            return None
        currency: int = self._programme[desk].read("cashTerms", cash).currency
        return currency

    def _opened_by(self, contract: str, signature: str) -> int | None:
        return self._labelled.get((self._address(contract), selector_of(signature)))

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
            (role, self._deployer),
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


def _short(signature: str) -> str:
    return signature.split("(")[0]
