"""Who holds which role, against the programme file: who is missing is granted it, who is too many
loses it.

The file is the wish, so that a rotation of keys is an edit of the file that others can read before
the administrator acts on it. The administrator's acts wait; the same command after the delay
executes them. In the end the whole programme is read back, and every difference is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts._amanat import powers
from scripts._amanat.audit import Audit
from scripts._amanat.blueprint import Blueprint
from scripts._amanat.command import Desk, Work
from scripts._amanat.delayed import Prepared, prepare
from scripts._amanat.errors import InputRefused
from scripts._amanat.onchain import Membership, Programme
from scripts._amanat.plan import Call, Pending, Plan, Ref, Step
from scripts._amanat.powers import Role
from scripts._amanat.programme import ProgrammeFile, read_programme

if TYPE_CHECKING:
    from scripts._amanat.proof import Check

OPERATION = "powers"
ADMIN = "admin"

_GRANT = "grantRole(uint64,address,uint32)"
_REVOKE = "revokeRole(uint64,address)"


def rotate(path: Path | None, *, command: str) -> Work:
    """Show every power of every address; with a programme file also bring the holders to it."""
    if path is None:
        return Work(operation=OPERATION, report=report)
    file = read_programme(path)
    return Work(
        operation=OPERATION,
        plan=lambda desk: _Act(desk, file, command).plan(),
        verify=lambda desk: _Act(desk, file, command).verify(),
        report=report,
        left=lambda desk: _Act(desk, file, command).left(),
        inputs=(path,),
    )


def report(desk: Desk) -> Mapping[str, Any]:
    """Every power of every address, as a table and for the JSON document."""
    members = Programme(desk.chain, desk.record).members()
    held: dict[str, list[dict[str, Any]]] = {}
    for role, accounts in sorted(members.items()):
        for account, membership in accounts.items():
            held.setdefault(account, []).append(_power(role, membership))
    names = {entry.address: name for name, entry in desk.record.contracts.items()}
    rows = [
        {
            "who": account,
            "is": names.get(account, ""),
            "role": each["role"],
            "waits": f"{each['delay'] / 3_600:g} h" if each["delay"] else "",
            "opens": ", ".join(each["opens"]),
        }
        for account, roles in held.items()
        for each in roles
    ]
    desk.console.show_table("Powers", rows)
    return {"powers": held}


def _power(role: Role | int, membership: Membership) -> dict[str, Any]:
    known = isinstance(role, Role)
    opens = {
        signature.split("(")[0]
        for label in powers.labels(with_cash=True)
        if label.role == role
        for signature in label.functions
    }
    return {
        "role": role.label if isinstance(role, Role) else f"number {role}",
        "since": membership.since,
        "delay": membership.delay,
        "opens": sorted(opens) if known else [],
    }


class _Act:
    """One look at the chain, and what follows from it."""

    def __init__(self, desk: Desk, file: ProgrammeFile, command: str) -> None:
        self._desk, self._command = desk, command
        self._blueprint = Blueprint(desk, file)
        self._programme = Programme(desk.chain, desk.record)

    def plan(self) -> Plan:
        """Grants and revocations that are missing."""
        found = Prepared()
        for step in self._steps():
            found += prepare(self._desk, step, command=self._command)
        return Plan(OPERATION, self._blueprint.wish, found.steps, pending=found.pending)

    def left(self) -> Sequence[Pending]:
        """What waits, and what became ready only while the rest was done."""
        plan, now = self.plan(), self._desk.chain.now()
        ready = (Pending(step.title, step.role, now, self._command) for step in plan.steps)
        return (*ready, *plan.pending)

    def verify(self) -> Sequence[Check]:
        """The whole programme against its file; nothing while changes are only scheduled."""
        if self.left():
            return []
        return Audit(self._desk, self._blueprint).checks()

    def _steps(self) -> Iterator[Step]:
        """Revocations first, so that nobody holds two roles that must not meet while one succeeds
        the other; of the administrator's own role last, the acting hand's at the very end."""
        grants, revocations = [*self._grants()], [*self._revocations()]
        acting = self._desk.signers[ADMIN].address if grants or revocations else ""
        others = [each for each in revocations if each[0] is not Role.ADMIN]
        admins = [each for each in revocations if each[0] is Role.ADMIN]
        for role, who in others:
            yield self._revocation(role, who)
        for role, who, delay in sorted(grants, key=lambda each: each[0] is Role.ADMIN):
            waits = f", waiting {delay // 3_600} h" if delay else ""
            yield self._step(f"grant {role.label} to {who}{waits}", _GRANT, (role, who, delay))
        for role, who in sorted(admins, key=lambda each: each[1] == acting):
            yield self._revocation(role, who)

    def _revocation(self, role: Role, who: str) -> Step:
        return self._step(f"revoke {role.label} of {who}", _REVOKE, (role, who))

    def _step(self, title: str, signature: str, args: tuple[Any, ...]) -> Step:
        call = Call(Ref("Authority"), "Authority", signature, args)
        return Step(title, ADMIN, call, "from that block on")

    # ---------------------------------------------------------------- what differs

    @cached_property
    def _wanted(self) -> dict[Role, dict[str, int]]:
        wanted: dict[Role, dict[str, int]] = {}
        for role, who, delay in self._blueprint.memberships:
            address = who if isinstance(who, str) else self._desk.record.resolve(who)
            wanted.setdefault(role, {})[address] = delay
        return wanted

    @cached_property
    def _found(self) -> dict[Role, dict[str, Membership]]:
        members = self._programme.members()
        unknown = [role for role in members if not isinstance(role, Role)]
        if unknown:
            raise InputRefused(
                f"roles of the numbers {unknown} have holders, and no name in this programme",
                what_to_do="Find out from the Authority's events who granted them, and why.",
            )
        return {role: held for role, held in members.items() if isinstance(role, Role)}

    def _grants(self) -> Iterator[tuple[Role, str, int]]:
        for role, accounts in sorted(self._wanted.items()):
            held = self._found.get(role, {})
            for account, delay in accounts.items():
                if account not in held or not self._will_wait(role, account, delay):
                    yield role, account, delay

    def _revocations(self) -> Iterator[tuple[Role, str]]:
        for role, held in sorted(self._found.items()):
            for account in held:
                if account not in self._wanted.get(role, {}):
                    yield role, account

    def _will_wait(self, role: Role, account: str, delay: int) -> bool:
        """Whether a holder's acts wait so long, or will once a change that runs has set in."""
        _, now, pending, sets_in = self._programme["Authority"].read("getAccess", role, account)
        return bool(delay == (pending if sets_in else now))
