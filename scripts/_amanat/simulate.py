"""Trying transactions without sending them, and saying in words why one would revert."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scripts._amanat.artifacts import DecodedError, decode_error
from scripts._amanat.errors import ChainRefused, NodeTrouble
from scripts._amanat.network import Chain, RpcError
from scripts._amanat.plan import Artifacts, Call, Deployment, NotDeployed, Plan, Step, encode
from scripts._amanat.record import Record
from scripts._amanat.signers import Signers

if TYPE_CHECKING:
    from scripts._amanat.command import Desk

LONGEST_SEQUENCE = 200  # steps: nodes simulate at most 256 blocks in one call

Request = Mapping[str, str]
"""A call as JSON-RPC takes it: from, to (left out for a deployment), data and value."""


def refusal_of(desk: Desk, step: Step) -> DecodedError | None:
    """Why the chain would refuse a step now; None where it would not."""
    call = {
        "from": desk.signers[step.role].address,
        "to": _target(desk, step),
        "data": "0x" + encode(step, desk.artifacts, desk.record.resolve).hex(),
    }
    revert = desk.chain.revert_of(call)
    return decode_error(revert.data) if revert else None


def _target(desk: Desk, step: Step) -> str:
    assert isinstance(step.act, Call), "a deployment is tried whole"
    target = step.act.target
    return target if isinstance(target, str) else desk.record.resolve(target)


class Simulator:
    """Asks a node what a step would do."""

    def __init__(
        self, chain: Chain, signers: Signers, artifacts: Artifacts, record: Record
    ) -> None:
        self._chain, self._signers = chain, signers
        self._artifacts, self._record = artifacts, record

    def request_of(self, step: Step) -> dict[str, str]:
        """The step as a call of its signer. NotDeployed where it needs an address that
        nobody knows yet."""
        request = {
            "from": self._signers[step.role].address,
            "data": "0x" + encode(step, self._artifacts, self._record.resolve).hex(),
            "value": hex(step.value),
        }
        if isinstance(step.act, Deployment):
            return request
        target = step.act.target
        return {
            **request,
            "to": target if isinstance(target, str) else self._record.resolve(target),
        }

    def estimate(self, step: Step, request: Request) -> int:
        """Gas that the step uses now; ChainRefused with the decoded reason where it reverts."""
        return int(self._ask(step, "eth_estimateGas", request), 16)

    def try_plan(self, plan: Plan) -> int:
        """Try a plan without sending; the number of leading steps that were tried.

        Raises ChainRefused for the first step that would revert. A node that can simulate a
        sequence tries every step up to the first that needs a contract not deployed yet; any other
        tries the one that comes first, because the rest may need what it does.
        """
        leading = self._leading(plan.steps[:LONGEST_SEQUENCE])
        if not leading:
            return 0
        if len(leading) > 1 and self._try_sequence(leading):
            return len(leading)
        self._ask(leading[0][0], "eth_call", leading[0][1])
        return 1

    def why_reverted(self, step: Step, block: int) -> tuple[str, bytes]:
        """The reason of a step that reverted in `block`, worked out on the state before it."""
        for state in (block - 1, block):
            try:
                self._chain.request("eth_call", self.request_of(step), hex(state))
            except RpcError as answer:
                return self._reason(answer), answer.data
        return "reverted in its block, though the same call passes on the state around it", b""

    def _leading(self, steps: Sequence[Step]) -> list[tuple[Step, Request]]:
        leading: list[tuple[Step, Request]] = []
        for step in steps:
            try:
                leading.append((step, self.request_of(step)))
            except NotDeployed:
                break
        return leading

    def _try_sequence(self, leading: Sequence[tuple[Step, Request]]) -> bool:
        """One simulated block a step; False where the node cannot simulate this sequence."""
        blocks = [{"calls": [request]} for _, request in leading]
        try:
            answers = self._chain.request(
                "eth_simulateV1", {"blockStateCalls": blocks, "validation": False}, "latest"
            )
            outcomes = [answer["calls"][0] for answer in answers]
        except (RpcError, KeyError, IndexError, TypeError):
            return False
        for (step, _), outcome in zip(leading, outcomes, strict=True):
            if outcome["status"] != "0x1":
                raise self._refusal(step, _error_of(outcome))
        return True

    def _ask(self, step: Step, method: str, request: Request) -> str:
        try:
            return str(self._chain.request(method, request))
        except RpcError as answer:
            if answer.is_revert:
                raise self._refusal(step, answer) from None
            raise NodeTrouble(f"{step.title}: {answer}") from None

    def _refusal(self, step: Step, answer: RpcError) -> ChainRefused:
        return ChainRefused(step.title, self._reason(answer), answer.data)

    def _reason(self, answer: RpcError) -> str:
        return self._artifacts.explain_revert(answer.data) if answer.data else answer.message


def _error_of(outcome: Mapping[str, Any]) -> RpcError:
    error = outcome.get("error") or {}
    data = str(error.get("data") or outcome.get("returnData") or "0x")
    message = str(error.get("message", "reverted without a reason"))
    return RpcError("eth_simulateV1", 3, message, bytes.fromhex(data[2:]))
