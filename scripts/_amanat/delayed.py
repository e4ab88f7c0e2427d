"""Powers that wait: what the `Authority` delays is scheduled first, and called by the same hands
when the delay has passed.

A delay is not an approval (pitfall 50): who scheduled an operation is who executes it. The
operation is scheduled at the authority and then called directly, so that the officer stays the
operator that contracts and rules see. Both runs are the same command: it finds on the chain how far
the matter is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts._amanat.console import instant
from scripts._amanat.errors import InputRefused, NotPermitted
from scripts._amanat.onchain import Contract, Programme
from scripts._amanat.plan import Call, Decoded, Pending, Ref, Step, encode
from scripts._amanat.powers import Role

if TYPE_CHECKING:
    from scripts._amanat.command import Desk

SCHEDULE = "schedule(address,bytes,uint48)"
AS_SOON_AS_POSSIBLE = 0


@dataclass(frozen=True)
class Prepared:
    """What can be done now of acts that may have to wait, and what is left for later."""

    steps: tuple[Step, ...] = ()
    pending: tuple[Pending, ...] = ()

    def __add__(self, other: Prepared) -> Prepared:
        return Prepared(self.steps + other.steps, self.pending + other.pending)


def scheduled_call(decoded: Decoded) -> Decoded | None:
    """The call that a scheduling is about, decoded from its bytes by the ABI alone; None where
    this is no scheduling, or no ABI of ours explains the bytes (pitfall 36)."""
    return explained(dict(decoded.args)["data"]) if decoded.function == SCHEDULE else None


def explained(data: bytes) -> Decoded | None:
    """A call from its bytes, by the ABI alone; None where no ABI of ours explains them."""
    from scripts._amanat import artifacts

    for entry in artifacts.functions().get(data[:4], []):
        args = artifacts.decode_named(entry["inputs"], data[4:])
        return Decoded(artifacts.signature(entry), tuple(args.items()))
    return None


def prepare(desk: Desk, step: Step, *, command: str) -> Prepared:
    """The step itself where its signer may call now; else its scheduling, or the wait for it.

    `command` is what finishes the matter later. Raises NotPermitted where the signer may not call
    at all. An operation that was scheduled and has expired is scheduled anew.
    """
    act = step.act
    if not isinstance(act, Call):
        raise InputRefused(f"{step.title}: only calls can be scheduled")
    target = act.target if isinstance(act.target, str) else desk.record.resolve(act.target)
    data = encode(step, desk.artifacts, desk.record.resolve)
    officer = desk.signers[step.role].address
    authority = Programme(desk.chain, desk.record)["Authority"]
    at_once, delay = _may_call(authority, officer, target, data[:4])
    if at_once:
        return Prepared((step,))
    if not delay:
        raise NotPermitted(
            f"{step.title}: {officer} ({step.role}) may not call {step.subject}",
            what_to_do="Let the admin grant the role to this signer, or name the right one.",
        )
    return _with_delay(desk, step, authority, officer, target, data, delay, command)


def _may_call(authority: Contract, officer: str, target: str, selector: bytes) -> tuple[bool, int]:
    """Whether at once, else after how long; no delay at all means never. The authority's own
    functions stand in no table: they are the administrator's."""
    if target == authority.address:
        is_admin, delay = authority.read("hasRole", Role.ADMIN, officer)
        return is_admin and not delay, delay
    at_once, delay = authority.read("canCall", officer, target, selector)
    return at_once, delay


def _with_delay(
    desk: Desk,
    step: Step,
    authority: Contract,
    officer: str,
    target: str,
    data: bytes,
    delay: int,
    command: str,
) -> Prepared:
    operation = authority.read("hashOperation", officer, target, data)
    ready, now = authority.read("getSchedule", operation), desk.chain.now()
    if ready and ready <= now:
        return Prepared((step,))
    if ready:
        return Prepared(pending=(Pending(step.title, step.role, ready, command),))
    when = now + delay
    scheduling = Step(
        title=f"schedule: {step.title}",
        role=step.role,
        act=Call(Ref("Authority"), "Authority", SCHEDULE, (target, data, AS_SOON_AS_POSSIBLE)),
        expects=f"can be executed from {instant(when)} on",
        # The same operation may be scheduled again once it was executed or has expired.
        key=f"{operation.hex()}:{authority.read('getNonce', operation)}",
    )
    return Prepared((scheduling,), (Pending(step.title, step.role, when, command),))
