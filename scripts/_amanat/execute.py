"""The only module that has transactions signed, and sends them.

The order is always the same: estimate, sign, write into the journal, broadcast, look for the
receipt by hash, write into the record. Whatever is interrupted, the next run first brings to an end
what the journal holds, and only then is anything new signed; so nothing is ever done twice
(pitfalls 33 and 34).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import groupby
from pathlib import Path
from typing import Any

from scripts._amanat.errors import ChainRefused, NodeTrouble, NotConfirmed, NotPermitted
from scripts._amanat.fees import CEILING, Fees, quote
from scripts._amanat.journal import Journal, Settled, Signed, Slot
from scripts._amanat.network import Chain, RpcError
from scripts._amanat.plan import Artifacts, Deployment, Plan, Step
from scripts._amanat.record import Contract, OperationEntry, Record, as_text, code_hash
from scripts._amanat.signers import Signers
from scripts._amanat.simulate import Simulator

WINDOW = 64  # transactions of a bulk run that are under way at once
FIRST_PAUSE = 0.005  # seconds
DRIVE_AFTER = 4  # looks: about 75 milliseconds
FRESH_NONCES = 3  # times that a nonce which is refused at once is replaced by another


@dataclass(frozen=True)
class Patience:
    """How long to look for a receipt, and how much to pay for it."""

    looks: int = 120
    pause: float = 0.5  # seconds between looks; the first ones follow each other faster
    bumps: int = 4  # times that the fees are raised
    confirmations: int = 0  # blocks to wait for on top of the last receipt
    fee_ceiling: int = CEILING  # wei per gas; a quote above it stops the run


@dataclass(frozen=True)
class Done:
    """A step that stands on the chain."""

    step: str
    title: str
    tx: str
    block: int
    gas_used: int
    contract: str | None = None


Progress = Callable[[Done], None]


class Verdict(Enum):
    """What a node says of a transaction that it is given."""

    TAKEN = auto()  # accepted, or known already
    NONCE_USED = auto()
    UNCLEAR = auto()  # no answer, or one that leaves open whether it was taken


class Executor:
    """Carries out plans on one chain, under the lock that `journal` holds."""

    def __init__(
        self,
        chain: Chain,
        signers: Signers,
        artifacts: Artifacts,
        record: Record,
        journal: Journal,
        *,
        patience: Patience | None = None,
        sleep: Callable[[float], None] = time.sleep,
        drive_blocks: bool | None = None,
    ) -> None:
        self._chain, self._signers = chain, signers
        self._record, self._journal = record, journal
        self._simulator = Simulator(chain, signers, artifacts, record)
        self._patience = patience or Patience()
        self._sleep = sleep
        # A local node that mines on arrival leaves behind transactions that did not fit a block.
        self._drive_blocks = chain.is_local if drive_blocks is None else drive_blocks
        self._nonces: dict[str, int] = {}
        self._highest_block = 0

    # What earlier runs left behind

    def unfinished(self) -> list[Slot]:
        """What was signed earlier and is in no block yet. Looks, notes what it finds, and sends
        nothing."""
        self._reopen_what_was_reorganised()
        for slot in self._journal.open_slots():
            self._look(slot)
        for slot in self._journal.slots():
            self._record_contracts(slot)
        return self._journal.open_slots()

    def settle(self) -> list[Slot]:
        """Bring to an end what was signed earlier: rebroadcast what was dropped, pay more where it
        lingers. The slots that were open. Raises NotConfirmed where nothing helps."""
        open_before = self._journal.open_slots()
        for slot in self.unfinished():
            self._bring_to_end(slot)
            self._record_contracts(slot)
        return open_before

    def _reopen_what_was_reorganised(self) -> None:
        """A receipt young enough to vanish is looked for again; a node that lags is believed only
        when its own chain has reached the block."""
        if not self._chain.finality_depth:
            return
        height = self._chain.height()
        for slot in self._journal.slots():
            settled = slot.settled
            if settled is None or not 0 <= height - settled.block < self._chain.finality_depth:
                continue
            if self._chain.request("eth_getTransactionReceipt", settled.hash) is None:
                self._journal.reopened(settled)

    # Plans

    def simulate(self, plan: Plan) -> int:
        """Try the plan without sending; see `Simulator.try_plan`."""
        return self._simulator.try_plan(plan)

    def execute(
        self, plan: Plan, *, inputs: Iterable[Path] = (), progress: Progress = lambda done: None
    ) -> list[Done]:
        """Carry out the steps in order; safe to call again with the same plan.

        Raises ChainRefused where a step reverts (those before it stand), NotConfirmed where a
        transaction does not get into a block, NodeTrouble where the node fails.
        """
        finished = _finished(self.settle(), plan)
        if not plan.steps:
            return []
        entry = self._record.begin(plan.operation, plan.wish, inputs)
        done: list[Done] = []
        for steps in _windows(plan.steps):
            done += self._window(steps, plan, finished, entry, progress)
        self._await_confirmations()
        return done

    def _window(
        self,
        steps: Sequence[Step],
        plan: Plan,
        finished: Mapping[str, Slot],
        entry: OperationEntry,
        progress: Progress,
    ) -> list[Done]:
        """Send all, then follow all; what is on its way is followed even where one is refused."""
        slots: list[tuple[Step, Slot]] = []
        done: list[Done] = []
        refusals: list[ChainRefused] = []
        for step in steps:
            try:
                slots.append((step, finished.get(step.id) or self._send(step, plan)))
            except ChainRefused as refusal:
                refusals.append(refusal)
                break
        for step, slot in slots:
            try:
                done.append(self._follow(step, slot))
                progress(done[-1])
            except ChainRefused as refusal:
                refusals.append(refusal)
        self._record.note(entry, [(each.tx, each.block) for each in done])
        if refusals:
            raise refusals[0]
        return done

    def _follow(self, step: Step, slot: Slot) -> Done:
        settled = slot.settled or self._bring_to_end(slot)
        if settled is None:
            raise NotConfirmed(
                f"{step.title}: its nonce was used by a transaction signed elsewhere",
                what_to_do="Find out who else signs with this key; then run the same command "
                "again: it plans anew from the chain's state.",
            )
        if not settled.succeeded:
            reason, data = self._simulator.why_reverted(step, settled.block)
            raise ChainRefused(step.title, reason, data)
        self._record_contracts(slot)
        return Done(
            step.id, step.title, settled.hash, settled.block, settled.gas_used, settled.contract
        )

    # One transaction

    def _send(self, step: Step, plan: Plan) -> Slot:
        self._catch_up()
        request = self._simulator.request_of(step)
        gas = self._simulator.estimate(step, request) * 6 // 5
        fees = quote(self._chain, self._patience.fee_ceiling)
        sender = request["from"]
        self._require_funds(step, sender, step.value + gas * fees.max_fee)
        draft = Signed(
            operation=plan.operation,
            wish=plan.wish,
            step=step.id,
            title=step.title,
            role=step.role,
            sender=sender,
            creates=_creates(step),
        )
        content: dict[str, Any] = {
            "type": 2,
            "chainId": self._chain.chain_id,
            "to": request.get("to", b""),
            "value": step.value,
            "data": request["data"],
            "gas": gas,
            "accessList": [],
        }
        for _ in range(FRESH_NONCES):
            signed = self._sign(draft, {**content, "nonce": self._next_nonce(sender)}, fees)
            slot = self._journal.slot(sender, signed.nonce)
            if self._broadcast(signed) is not Verdict.NONCE_USED or self._is_known(slot):
                return slot
            # Refused at once and known nowhere: this node, or the last one, had counted too few.
            self._journal.voided(signed)
            del self._nonces[sender]
        raise NodeTrouble(f"{step.title}: the node refuses every nonce as used")

    def _sign(self, draft: Signed, content: Mapping[str, Any], fees: Fees) -> Signed:
        """Sign and journal: when this returns the transaction is on the disk and nowhere else."""
        transaction = {
            **content,
            "maxFeePerGas": fees.max_fee,
            "maxPriorityFeePerGas": fees.tip,
        }
        sealed = self._signers[draft.role].sign_transaction(transaction)
        signed = replace(
            draft,
            nonce=transaction["nonce"],
            hash=sealed.hash.to_0x_hex(),
            raw=sealed.raw_transaction.to_0x_hex(),
            max_fee=fees.max_fee,
            tip=fees.tip,
        )
        self._journal.signed(signed)
        return signed

    def _broadcast(self, signed: Signed) -> Verdict:
        try:
            self._chain.request("eth_sendRawTransaction", signed.raw)
        except NodeTrouble:
            return Verdict.UNCLEAR
        except RpcError as answer:
            return _verdict(answer)
        return Verdict.TAKEN

    def _bring_to_end(self, slot: Slot) -> Settled | None:
        """Until a block holds one of the slot's transactions; None where none ever can."""
        for bump in range(self._patience.bumps + 1):
            if bump and not self._pay_more(slot):
                break
            self._wait(slot)
            if not slot.is_open:
                return slot.settled
        raise NotConfirmed(
            f"{slot.first.title}: transaction {slot.latest.hash} (nonce {slot.first.nonce} of "
            f"{slot.first.sender}) is in no block yet"
        )

    def _wait(self, slot: Slot) -> None:
        nonce_was_used = 0
        for look in range(self._patience.looks):
            if self._look(slot):
                return
            if not self._is_known(slot):
                if self._count(slot.first.sender, "latest") > slot.first.nonce:
                    nonce_was_used += 1  # by another; or the receipt's node lags: look again
                else:
                    self._broadcast(slot.latest)
            if self._drive_blocks and look >= DRIVE_AFTER:
                self._chain.request("evm_mine")
            self._rest(look)
        if nonce_was_used == self._patience.looks:
            self._journal.voided(slot.latest)

    def _look(self, slot: Slot) -> bool:
        """Look for a receipt of every hash that was ever signed under the nonce."""
        for signed in reversed(slot.attempts):
            receipt = self._chain.request("eth_getTransactionReceipt", signed.hash)
            if receipt and receipt.get("blockNumber"):
                settled = _settled(signed, receipt)
                self._journal.settled(settled)
                self._highest_block = max(self._highest_block, settled.block)
                return True
        return False

    def _is_known(self, slot: Slot) -> bool:
        return any(
            self._chain.request("eth_getTransactionByHash", signed.hash) is not None
            for signed in slot.attempts
        )

    def _pay_more(self, slot: Slot) -> bool:
        """Replace the transaction under its own nonce; False where we cannot sign for its sender.

        The content is taken from the signed bytes, so that nothing but the fees can change.
        """
        from eth_account.typed_transactions.typed_transaction import TypedTransaction
        from hexbytes import HexBytes

        latest = slot.latest
        try:
            if self._signers[latest.role].address != latest.sender:
                return False
        except NotPermitted:
            return False
        content = TypedTransaction.from_bytes(HexBytes(latest.raw)).as_dict()
        unsigned = {k: v for k, v in content.items() if k not in ("v", "r", "s")}
        today = quote(self._chain, self._patience.fee_ceiling)
        fees = Fees(latest.max_fee, latest.tip).raised(today)
        self._broadcast(self._sign(latest, unsigned, fees))
        return True

    def _next_nonce(self, sender: str) -> int:
        """The highest of what the journal and the node say: a node that lags says too little."""
        if sender not in self._nonces:
            self._nonces[sender] = self._count(sender, "pending")
        self._nonces[sender] = max(self._nonces[sender], self._journal.next_nonce(sender))
        return self._nonces[sender]

    def _count(self, sender: str, state: str) -> int:
        return int(self._chain.request("eth_getTransactionCount", sender, state), 16)

    def _require_funds(self, step: Step, sender: str, wei: int) -> None:
        if (balance := self._chain.balance(sender)) < wei:
            raise NodeTrouble(
                f"{step.title}: {sender} holds {balance} wei, the step may cost {wei}",
                what_to_do=f"Fund {sender} on chain {self._chain.chain_id} and run again.",
            )

    def _catch_up(self) -> None:
        """Until the node we ask has seen the blocks that we have receipts from."""
        self._await_block(self._highest_block)

    def _await_confirmations(self) -> None:
        if self._highest_block and self._patience.confirmations:
            self._await_block(self._highest_block + self._patience.confirmations)

    def _await_block(self, block: int) -> None:
        if not block:
            return
        for look in range(self._patience.looks * (self._patience.bumps + 1)):
            if self._chain.height() >= block:
                return
            self._rest(look)
        raise NodeTrouble(f"the node has not reached block {block}")

    def _rest(self, look: int) -> None:
        self._sleep(min(self._patience.pause, FIRST_PAUSE * 2 ** min(look, 10)))

    # The record

    def _record_contracts(self, slot: Slot) -> None:
        if slot.settled is None or not slot.settled.succeeded:
            return
        for made in slot.first.creates:
            if made["name"] not in self._record.contracts:
                self._record_contract(made, slot.settled)

    def _record_contract(self, made: Mapping[str, Any], settled: Settled) -> None:
        self._await_block(settled.block)
        address = str(made["address"] or settled.contract)
        if not (code := self._chain.code(address)):
            raise ChainRefused(f"deploy {made['name']}", f"no code at {address} after its receipt")
        self._record.add_contract(
            made["name"],
            Contract(
                address=address,
                artifact=made["artifact"],
                code_hash=code_hash(code),
                tx=settled.hash,
                block=settled.block,
                args=made["args"],
            ),
        )


def _finished(slots: Iterable[Slot], plan: Plan) -> dict[str, Slot]:
    """Steps of this very plan that an earlier run signed and that have succeeded by now."""
    return {
        slot.first.step: slot
        for slot in slots
        if (slot.first.operation, slot.first.wish) == (plan.operation, plan.wish)
        and slot.settled
        and slot.settled.succeeded
    }


def _windows(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """One step at a time, but bulk neighbours of one signer up to WINDOW together."""
    for (bulk, _), group in groupby(steps, key=lambda step: (step.bulk, step.role)):
        neighbours = list(group)
        size = WINDOW if bulk else 1
        for start in range(0, len(neighbours), size):
            yield neighbours[start : start + size]


def _creates(step: Step) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = [
        {"name": c.name, "artifact": c.artifact, "address": c.address, "args": []}
        for c in step.creates
    ]
    if isinstance(step.act, Deployment):
        act = step.act
        args = as_text(act.args)
        made.append({"name": act.name, "artifact": act.artifact, "address": None, "args": args})
    return made


def _verdict(answer: RpcError) -> Verdict:
    """Clients word their refusals differently; what no wording settles is looked up by hash."""
    message = answer.message.lower()
    if "already known" in message or "already imported" in message or answer.is_revert:
        return Verdict.TAKEN  # Hardhat mines a transaction that reverts, and answers the revert
    if "nonce" in message and ("too low" in message or "already been used" in message):
        return Verdict.NONCE_USED
    return Verdict.UNCLEAR


def _settled(signed: Signed, receipt: Mapping[str, Any]) -> Settled:
    from eth_utils.address import to_checksum_address

    contract = receipt.get("contractAddress")
    return Settled(
        hash=signed.hash,
        succeeded=int(receipt["status"], 16) == 1,
        block=int(receipt["blockNumber"], 16),
        block_hash=receipt["blockHash"],
        gas_used=int(receipt["gasUsed"], 16),
        contract=to_checksum_address(contract) if contract else None,
    )
