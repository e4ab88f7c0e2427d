"""Powers that check each other: a Safe executes orders, an emergency is rehearsed, and thieves of
every key try everything else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from scripts import drill, powers
from scripts._amanat import artifacts
from scripts._amanat.onchain import NOBODY, Contract, Query
from scripts._amanat.pilot_leg import Leg, Scene
from scripts._amanat.pilot_safe import SafeContracts
from scripts._amanat.pilot_stage import work_of
from scripts._amanat.powers import ASSET_CLASSES, Role, labels
from scripts._amanat.restrictions import Restriction

OWNERS: Final = ("order_executor", "tax_authority", "pause_confirmer")
"""Who keeps the keys of the Safe; two of them must sign."""
ADMINISTRATION: Final = (
    *("grantRole(uint64,address,uint32)", "revokeRole(uint64,address)"),
    *("labelRole(uint64,string)", "setRoleAdmin(uint64,uint64)"),
    *("setRoleGuardian(uint64,uint64)", "setGrantDelay(uint64,uint32)"),
    *("setTargetAdminDelay(address,uint32)", "setTargetClosed(address,bool)"),
    *("setTargetFunctionRole(address,bytes4[],uint64)", "updateAuthority(address,address)"),
)
"""What the authority lets administrators alone do."""
FILE: Final = ".build/pilot-programme.yaml"
"""The programme file as it reads once the Safe is in office."""


class Powers(Leg):
    """Who holds what, and what it is worth to a thief."""

    def scenes(self) -> Iterable[Scene]:
        yield Scene(date(2025, 10, 3), "The power over orders passes to a Safe", self.take_office)
        yield Scene(date(2026, 4, 16), "An emergency is rehearsed", self.rehearsal)
        title = "Whoever holds a role tries everything else, in vain"
        yield Scene(date(2026, 4, 16), title, self.siege)

    def take_office(self) -> None:
        """The administrator gives the role to two of three owners, and takes it from one key."""
        stage = self.stage
        contracts = SafeContracts.deploy(stage.local_chain)
        safe = contracts.safe(OWNERS, 2)
        text = self.cast.files.programme.read_text("utf-8")
        one = "order_executor: {holders: [order_executor]"
        stage.check("places of the file that name the executor", 1, text.count(one))
        path = stage.desk.options.root / FILE
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            text.replace(one, f"order_executor: {{holders: ['{safe}']")
            + f"\nsafe: {{multi_send: '{contracts.multi_send}'}}\n",
            "utf-8",
        )
        stage.use_programme(path)
        stage.cosigners = OWNERS[:2]
        stage.finish(work_of(powers.cli, stage.desk))
        held = stage.programme.members()[Role.ORDER_EXECUTOR]
        stage.check("who executes orders", [safe], sorted(set(held) - self._contracts))
        stage.note(f"two of three owners of {safe} execute orders from now on, no single key")

    def rehearsal(self) -> None:
        """Every stop, by every desk, tried and not sent."""
        rows = self.stage.do(work_of(drill.cli, self.stage.desk)).report["drill"]
        self.stage.note(
            f"{len(rows)} stops, of one series, a class or everything: each by one call of either "
            "of two desks, let go by others"
        )

    def siege(self) -> None:
        """Every function that a holder's roles do not open, called in its name."""
        targets, tried = self._targets(), 0
        members = self.stage.programme.members()
        roles_of: dict[str, set[Role]] = {}
        for role, held in members.items():
            for who in held:
                roles_of.setdefault(who, set()).add(Role(role))
        for role, held in sorted(members.items()):
            for who in sorted(set(held) - self._contracts):
                foreign = [*_foreign(targets, roles_of[who])]
                passed = self._passing(foreign, who)
                self.stage.check(f"acts beyond {Role(role).label} that pass", [], passed)
                tried += len(foreign)
        self.stage.note(f"{tried:,} acts of others tried, and none passed")
        self._send_some(targets)

    @property
    def _contracts(self) -> set[str]:
        """The programme's own, whose powers are nobody's key."""
        return {entry.address for entry in self.stage.desk.record.contracts.values()}

    def _targets(self) -> dict[str, Contract]:
        """Each contract, and of each class a series that stands."""
        programme = self.stage.programme
        series = {each.class_name: each.token for each in programme.series()}
        names = {label.contract for label in labels()} - set(ASSET_CLASSES)
        return {name: programme[name] for name in sorted(names)} | series

    def _passing(self, foreign: list[tuple[str, Query]], who: str) -> list[str]:
        requests = [({**query.request, "from": who}, "latest") for _, query in foreign]
        answers = self.stage.desk.chain.try_many("eth_call", requests)
        told = zip(foreign, answers, strict=True)
        return [name for (name, _), answer in told if not isinstance(answer, Exception)]

    def _send_some(self, targets: dict[str, Contract]) -> None:
        """A few are sent all the same, from keys that the roles are known by."""
        signers, bill = self.stage.desk.signers, targets["TreasuryBill"]
        registry, authority = targets["IdentityRegistry"], targets["Authority"]
        thief = signers["issuer"].address
        acts = {
            "issuer": bill.query("mint(address,uint256,bytes32)", thief, 1, b"\1" * 32),
            "fiscal_agent": bill.query("unpause"),
            "regulator": registry.query("resume"),
            "deployer": authority.query("grantRole", Role.MINTER, thief, 0),
        }
        for name, query in acts.items():
            who = signers[name].address
            error = self.stage.answer(query, who)
            told = Restriction(0, "The role does not open this", error)
            kind = told.error_name
            self.stage.check(f"{name} is refused", True, kind.endswith(("Unauthorized", "Account")))
            tried = f"{query.function['name']} by the {name.replace('_', ' ')}"
            self.stage.sent_in_vain(f"in vain: {name}", tried, told, (0, kind), query, who)
            self.stage.note(f"refused: {tried}: {kind}")


def _foreign(targets: dict[str, Contract], own: set[Role]) -> Iterator[tuple[str, Query]]:
    """What other roles open, each with the emptiest of arguments."""
    for label in labels():
        if label.role in own or label.contract not in targets:
            continue
        contract = targets[label.contract]
        for signature in label.functions:
            yield f"{label.contract}.{signature}", _emptily(contract, signature)
    if Role.ADMIN not in own:
        for signature in ADMINISTRATION:
            yield f"Authority.{signature}", _emptily(targets["Authority"], signature)


def _emptily(contract: Contract, signature: str) -> Query:
    declared = artifacts.load(contract.artifact).entries("function")
    (entry,) = (each for each in declared if artifacts.signature(each) == signature)
    return Query(contract.address, entry, tuple(map(_nothing, entry["inputs"])))


def _nothing(parameter: artifacts.AbiEntry) -> Any:
    """The zero of a type."""
    kind = parameter["type"]
    if kind.endswith("]"):
        length = kind[kind.rindex("[") + 1 : -1]
        member = {**parameter, "type": kind[: kind.rindex("[")]}
        return [_nothing(member) for _ in range(int(length or 0))]
    if kind == "tuple":
        return tuple(_nothing(each) for each in parameter["components"])
    zeros: dict[str, Any] = {"address": NOBODY, "bool": False, "string": "", "bytes": b""}
    if kind in zeros:
        return zeros[kind]
    return bytes(int(kind[5:])) if kind.startswith("bytes") else 0
