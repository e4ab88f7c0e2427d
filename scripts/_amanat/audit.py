"""The proof of a deployment: the whole programme read back, against its file and the table.

Nothing is taken from what the deployment did: code, labels, holders and settings are read from the
chain as it stands, so that the same proof finds what anybody changed since.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from scripts._amanat import powers
from scripts._amanat.blueprint import SETTLEMENT, Blueprint, selector_of
from scripts._amanat.measures import DOLLAR, unit_name
from scripts._amanat.onchain import Membership, Programme
from scripts._amanat.powers import Role, class_id
from scripts._amanat.proof import Check

if TYPE_CHECKING:
    from scripts._amanat.artifacts import Artifact
    from scripts._amanat.command import Desk


class Audit:
    """One blueprint against one chain."""

    def __init__(self, desk: Desk, blueprint: Blueprint) -> None:
        self._desk, self._blueprint = desk, blueprint
        self._programme = Programme(desk.chain, desk.record)

    def checks(self) -> Sequence[Check]:
        """Read the whole programme back and compare it with the files and the table."""
        return [
            *self._prove_code(),
            *self._prove_wiring(),
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
        addresses = {
            name: self._programme[name].address for name in self._blueprint.contracts
        } | inner
        codes = self._desk.chain.request_many(
            "eth_getCode", [(address, "latest") for address in addresses.values()]
        )
        other = [
            name
            for name, code in zip(addresses, codes, strict=True)
            if not is_code_of(load(name), bytes.fromhex(code[2:]))
        ]
        yield Check(f"contracts of {len(addresses)} whose code is not the artifact's", [], other)

    def _prove_wiring(self) -> Iterator[Check]:
        """Immutables are masked when code is compared: the one that matters is read."""
        authority = self._programme["Authority"].address
        other = [
            name
            for name in self._blueprint.enrolled
            if self._programme[name].read("authority") != authority
        ]
        yield Check("contracts that obey another authority", [], other)
        stage, rule_book = self._programme["PilotStage"], self._programme["RuleBook"]
        yield Check("the stage that rules must lie within", stage.address, rule_book.read("stage"))
        wanted = [self._programme[name].address for name in ("Programme", "RuleBook")]
        found = [stage.read("register"), stage.read("ruleBook")]
        yield Check("whose series and rules the stage conforms", wanted, found)
        changed = {
            event.arguments["roleId"]: event.arguments["admin"]
            for event in self._programme.events("Authority", "RoleAdminChanged")
        }
        elsewhere = [role for role, admin in changed.items() if admin != Role.ADMIN]
        yield Check("roles that another than the administrator grants", [], elsewhere)

    def _prove_labels(self) -> Iterator[Check]:
        wanted = {
            (self._programme[label.contract].address, selector_of(signature)): int(label.role)
            for label in self._blueprint.table
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
            for name in self._blueprint.enrolled
            if authority.read("classOf", self._programme[name].address)
            != self._programme[name].address
        ]
        yield Check("contracts that do not answer to their labels", [], closed)
        unguarded = [
            role.label
            for role in self._blueprint.guarded
            if authority.read("getRoleGuardian", role) != Role.GUARDIAN
        ]
        yield Check("delayed roles whose acts no guardian can cancel", [], unguarded)

    def _prove_members(self) -> Iterator[Check]:
        members = self._programme.members()
        wanted: dict[Role | int, dict[str, int]] = {}
        for role, who, delay in self._blueprint.memberships:
            address = who if isinstance(who, str) else self._programme[who.name].address
            wanted.setdefault(role, {})[address] = delay
        for each in sorted(wanted.keys() | members.keys()):
            yield Check(
                f"holders of the role {_name_of(each)}",
                _described({a: Membership(0, d) for a, d in wanted.get(each, {}).items()}),
                _described(members.get(each, {})),
            )
        left = [
            _name_of(each)
            for each, held in members.items()
            if self._blueprint.holders.deployer in held
        ]
        yield Check("roles left to the deployer", [], left)
        standard_form = members.get(Role.STANDARD_FORM, {})
        yield Check("holders of acts without a reference", [], list(standard_form))

    def _prove_settings(self) -> Iterator[Check]:
        registry, file = self._programme["IdentityRegistry"], self._blueprint.file
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
        yield Check("trusted claim issuers", sorted(self._blueprint.holders.claim_issuers), trusted)
        for issuer, address in zip(
            file.claim_issuers, self._blueprint.holders.claim_issuers, strict=True
        ):
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
                self._programme["Programme"].read("implementationOf", class_id(name)),
            )
        programme = self._programme["Programme"]
        yield Check(
            "what the programme is measured by",
            self._programme["ReferenceRates"].address,
            programme.read("rates"),
        )
        yield from self._prove_tax()
        known = {DOLLAR} | {rate.unit for rate in file.rates}
        units = {unit_name(each) for each in self._programme["ReferenceRates"].read("units")}
        yield Check("units of the file that have no reference rate", [], sorted(known - units))
        named = self._blueprint.cash
        cash = named if isinstance(named, str) else self._programme[named.name].address
        for desk in SETTLEMENT:
            yield Check(
                f"currency that {desk} settles in",
                file.cash.currency_code,
                self._programme[desk].read("cashTerms", cash).currency,
            )
            yield Check(
                f"treasury of {desk}",
                self._blueprint.holders.treasury,
                self._programme[desk].read("treasury"),
            )

    def _prove_tax(self) -> Iterator[Check]:
        tax, file = self._programme["WithholdingTax"], self._blueprint.file
        yield Check("country that levies the tax", file.country.numeric, tax.read("residence"))
        other = [
            who
            for who, rate, reducible, _ in file.tax.rows
            if tuple(tax.read("rateRow", who)[:3]) != (True, rate, reducible)
        ]
        yield Check("rates of withholding tax that are not the file's", [], other)
        agent = self._programme["PayingAgent"]
        found = (agent.read("withholding"), agent.read("taxAuthority"))
        wanted = (tax.address, self._blueprint.holders.tax_authority)
        yield Check("who says what is withheld, and who receives it", wanted, found)
        kept, period = file.policy.escheat_period, agent.read("escheatPeriod")
        yield Check("seconds after which what was not paid escheats", kept, period)


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


def _name_of(role: Role | int) -> str:
    return role.label if isinstance(role, Role) else f"number {role}"


def _described(held: dict[str, Membership]) -> list[str]:
    return sorted(
        f"{address} after {each.delay // 3_600} h" if each.delay else address
        for address, each in held.items()
    )
