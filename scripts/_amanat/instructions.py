"""A sale whose money moves elsewhere: the seller locks, a confirmed payment delivers.

    series: PIB-17JUL28              id, symbol, ISIN or address
    seller: "0x…"                    whose units are locked meanwhile
    buyer: "0x…"
    units: 1,000,000
    payment: "985,000.00"            rupees, in the central bank's system
    payment_reference: RTGS-2026-17  that the payment will carry; the chain keeps its hash
    expiry: 2026-05-08               the last day on which it can be confirmed
    reference: second of two         tells apart sales that are otherwise equal; may be left out

The seller's lock is a pledge to the settlement contract under the instruction's digest, so the
seller agrees to every word of it. From the expiry on anyone releases what was not confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from scripts._amanat.artifacts import decode_error
from scripts._amanat.command import Desk, Work
from scripts._amanat.console import instant
from scripts._amanat.errors import InputRefused, NotPermitted
from scripts._amanat.network import RpcError
from scripts._amanat.onchain import Contract, Programme, Series
from scripts._amanat.orders import end_of_day
from scripts._amanat.plan import Call, Pending, Plan, Step, digest
from scripts._amanat.proof import Check
from scripts._amanat.reading import parse_address, parse_amount, parse_date, parse_positive
from scripts._amanat.terms import Text
from scripts._amanat.yaml_files import StrictModel, parsed, read_model

FISCAL_AGENT = "fiscal_agent"
DELIVERY = "DeliveryVersusPayment"
_INSTRUCTION = "(address,address,address,uint256,uint256,bytes32,uint256,uint256)"


class Status(IntEnum):
    """Where an instruction stands, as `InstructionStatus` of `IInstructions.sol`."""

    UNKNOWN = 0
    LOCKED = 1
    DELIVERED = 2
    RELEASED = 3


class Move(StrEnum):
    """What is to become of an instruction."""

    LOCK = "instruct"
    CONFIRM = "confirm_payment"
    RELEASE = "release_instruction"


class InstructionFile(StrictModel):
    """What stands in the file."""

    series: str
    seller: Annotated[str, parsed(parse_address)]
    buyer: Annotated[str, parsed(parse_address)]
    units: Annotated[int, parsed(parse_positive)]
    payment: Annotated[Decimal, parsed(parse_amount)]
    payment_reference: Text
    expiry: Annotated[date, parsed(parse_date)]
    reference: Text | None = None


@dataclass(frozen=True)
class Instructed:
    """An instruction as it was read, and what is to become of it."""

    path: Path
    content: InstructionFile
    move: Move = Move.LOCK
    evidence: bytes = b""
    """Hash of the confirmation of the payment."""


def read_instruction(path: Path) -> InstructionFile:
    """Read a file; raises `InputProblems` with everything that is wrong in it."""
    return read_model(path, InstructionFile)


def instruct(wish: Instructed, *, command: str) -> Work:
    """Lock, confirm or release, once; `command` finishes what has to wait."""
    return Work(
        operation=wish.move.value,
        wish=digest((wish.content.model_dump(mode="json"), wish.move.value, wish.evidence)),
        plan=lambda desk: _Act(desk, wish, command).plan(),
        verify=lambda desk: _Act(desk, wish, command).verify(),
        report=lambda desk: _Act(desk, wish, command).report(),
        left=lambda desk: _Act(desk, wish, command).plan().pending,
        inputs=(wish.path,),
    )


class _Act:
    """One look at the chain, and what follows from it."""

    def __init__(self, desk: Desk, wish: Instructed, command: str) -> None:
        self._desk, self._wish, self._command = desk, wish, command
        self._sale = wish.content
        self._programme = Programme(desk.chain, desk.record)

    # ---------------------------------------------------------------- what it is, and stands at

    @cached_property
    def _series(self) -> Series:
        return self._programme.find_series(self._sale.series)

    @property
    def _delivery(self) -> Contract:
        return self._programme[DELIVERY]

    @cached_property
    def _row(self) -> tuple[Any, ...]:
        """The instruction as the contract takes it."""
        from eth_utils.crypto import keccak

        sale = self._sale
        salt = int.from_bytes(keccak(text=sale.reference)) if sale.reference else 0
        return (
            self._series.address,
            sale.seller,
            sale.buyer,
            sale.units,
            int(sale.payment * 100),
            keccak(text=sale.payment_reference),
            self._expires_at,
            salt,
        )

    @property
    def _expires_at(self) -> int:
        return end_of_day(self._sale.expiry) + 1

    @cached_property
    def _id(self) -> bytes:
        found: bytes = self._delivery.read("instructionDigest", self._row)
        return found

    @cached_property
    def _status(self) -> Status:
        return Status(self._delivery.read("instructionStatus", self._id))

    @cached_property
    def _is_pledged(self) -> bool:
        """Whether the seller has pledged under the digest already."""
        token = self._series.token
        pledge = token.read("pledgeId", self._sale.seller, self._delivery.address, self._id)
        try:
            return bool(token.read("pledgeOf", pledge).amount)
        except RpcError as answer:
            if decode_error(answer.data).name != "PledgeUnknown":
                raise
            return False

    # ---------------------------------------------------------------- the plan

    def plan(self) -> Plan:
        """What is missing; refused where the instruction has ended otherwise."""
        steps: Sequence[Step] = ()
        pending: tuple[Pending, ...] = ()
        if self._status is not self._wanted:
            self._refuse_another_end()
            if self._wish.move is Move.LOCK:
                steps = self._locking()
            elif self._wish.move is Move.CONFIRM:
                steps = (self._confirming(),)
            else:
                steps, pending = self._releasing()
        wish = digest((self._id, self._wish.move.value))
        return Plan(self._wish.move.value, wish, tuple(steps), self._notes(), pending)

    @property
    def _wanted(self) -> Status:
        wanted = {Move.LOCK: Status.LOCKED, Move.CONFIRM: Status.DELIVERED}
        return wanted.get(self._wish.move, Status.RELEASED)

    def _refuse_another_end(self) -> None:
        if self._status in (Status.DELIVERED, Status.RELEASED):
            raise InputRefused(
                f"the instruction is {self._status.name.lower()} already",
                what_to_do="Another sale takes an instruction of its own, with its reference.",
            )
        if self._wish.move is not Move.LOCK and self._status is Status.UNKNOWN:
            raise InputRefused(
                "no such instruction is locked",
                what_to_do=f"Run `ape run instruct {self._wish.path}`.",
            )
        if self._wish.move is not Move.RELEASE and self._desk.chain.now() >= self._expires_at:
            raise InputRefused(f"expiry: its time ran out {instant(self._expires_at)}")

    def _locking(self) -> tuple[Step, ...]:
        sale, token = self._sale, self._series.token
        args = (self._delivery.address, sale.units, self._id, 0)
        act = Call(token.address, token.artifact, "pledge(address,uint256,bytes32,uint32)", args)
        lock = Step(f"lock {sale.units:,} {self._series.symbol}", sale.seller, act, "they stay put")
        title, expects = "open the instruction", "the fiscal agent can confirm its payment"
        opening = self._step(title, sale.seller, f"instruct({_INSTRUCTION})", (self._row,), expects)
        return (opening,) if self._is_pledged else (lock, opening)

    def _confirming(self) -> Step:
        args = (self._row, self._wish.evidence)
        signature = f"confirmPayment({_INSTRUCTION},bytes32)"
        title = f"confirm the payment of {self._sale.payment:,} and deliver"
        expects = f"{self._sale.buyer} holds {self._sale.units:,} more"
        return self._step(title, FISCAL_AGENT, signature, args, expects)

    def _releasing(self) -> tuple[tuple[Step, ...], tuple[Pending, ...]]:
        """By the buyer at any time; from the expiry on by the seller, or anyone."""
        title, signature = f"release {self._sale.units:,}", f"release({_INSTRUCTION})"
        has_ended = self._desk.chain.now() >= self._expires_at
        who = self._sale.seller if has_ended else self._sale.buyer
        if not has_ended and not self._signs(who):
            what = (Pending(title, "anyone, or the buyer before", self._expires_at, self._command),)
            return (), what
        return (self._step(title, who, signature, (self._row,), "they are free"),), ()

    def _signs(self, wallet: str) -> bool:
        try:
            return self._desk.signers[wallet].address == wallet
        except NotPermitted:
            return False

    def _step(
        self, title: str, role: str, signature: str, args: tuple[Any, ...], expects: str
    ) -> Step:
        return Step(title, role, Call(self._delivery.address, DELIVERY, signature, args), expects)

    def _notes(self) -> tuple[str, ...]:
        sale = self._sale
        return (
            f"{sale.seller} delivers {sale.units:,} of {self._series.id} to {sale.buyer} for "
            f"{sale.payment:,} under {sale.payment_reference}, until {instant(self._expires_at)}",
        )

    # ---------------------------------------------------------------- the proof

    def verify(self) -> Sequence[Check]:
        """Where it stands, and that nothing stays locked once it has ended."""
        if self._wish.move is Move.RELEASE and self._status is Status.LOCKED:
            return []  # promised for later; or the step failed and has said so
        checks = [Check("the instruction", self._wanted.name.lower(), self._status.name.lower())]
        return [
            *checks,
            Check("its units are locked", self._wanted is Status.LOCKED, self._is_pledged),
        ]

    def report(self) -> Mapping[str, Any]:
        """The instruction and where it stands."""
        return {
            "instruction": "0x" + self._id.hex(),
            "status": self._status.name.lower(),
            "series": self._series.id,
            "units": self._sale.units,
            "expiry": self._expires_at,
        }
