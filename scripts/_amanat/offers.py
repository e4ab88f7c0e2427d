"""A holder's offer to trade: the settlement is allowed exactly what it may take, then it is signed.

The signed order is a file that the holder hands to a venue or to the other side; nothing of it is
on the chain until it is settled. What is signed is compared with what the contract itself says of
the order, so that the signature covers what was shown. Taking an order back is an act on the chain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from scripts._amanat.command import Desk, Work
from scripts._amanat.console import instant
from scripts._amanat.errors import AmanatError, InputRefused
from scripts._amanat.onchain import NOBODY, Contract, Programme, Series
from scripts._amanat.plan import Call, Plan, Step, digest
from scripts._amanat.proof import Check
from scripts._amanat.trade_orders import (
    ORDER,
    Basis,
    Side,
    SignedOrder,
    TradeOrder,
    digest_of,
    read_signed_order,
    require_ours,
)

DELIVERY = "DeliveryVersusPayment"
CANCELLED = 2**256 - 1


@dataclass(frozen=True)
class Offer:
    """What a holder offers. `money`: for all units, at most for a buyer, at least for a seller."""

    series: str
    wallet: str
    side: Side
    units: int
    money: Decimal  # of the currency, to the paisa
    expiry: int  # Unix seconds from which it can no longer be settled
    basis: Basis = Basis.DIRTY
    counterparty: str = NOBODY
    venue: str = NOBODY
    minimum_fill: int = 0
    reference: str = ""
    """Tells apart offers that are otherwise equal."""

    def __post_init__(self) -> None:
        faults = []
        if self.units <= 0:
            faults.append(f"units: {self.units} is nothing to trade")
        if self.money <= 0:
            faults.append(f"money: {self.money} is no consideration")
        if self.minimum_fill > self.units:
            faults.append(f"minimum: {self.minimum_fill:,} is more than the {self.units:,} offered")
        if self.counterparty == self.wallet:
            faults.append(f"counterparty: {self.wallet} would trade with itself")
        if faults:
            raise InputRefused("the offer is not sound", faults)


def offer(wish: Offer, path: Path) -> Work:
    """Allow, sign, and write to `path`; the same offer again signs nothing."""
    return Work(
        operation="order",
        wish=digest(wish),
        plan=lambda desk: _Offering(desk, wish, path).plan(),
        verify=lambda desk: _Offering(desk, wish, path).verify(),
        report=lambda desk: _Offering(desk, wish, path).report(),
    )


def cancel(path: Path) -> Work:
    """Take a signed order back, for good."""
    signed = read_signed_order(path)
    return Work(
        operation="cancel_order",
        wish=digest(signed.digest),
        plan=lambda desk: _cancel(desk, signed, path),
        verify=lambda desk: _cancelled(desk, signed),
        report=lambda desk: {"digest": "0x" + signed.digest.hex()},
        inputs=(path,),
    )


class _Offering:
    """One look at the chain, and what follows from it."""

    def __init__(self, desk: Desk, wish: Offer, path: Path) -> None:
        self._desk, self._wish, self._path = desk, wish, path
        self._programme = Programme(desk.chain, desk.record)

    @cached_property
    def _series(self) -> Series:
        return self._programme.find_series(self._wish.series)

    @property
    def _delivery(self) -> Contract:
        return self._programme[DELIVERY]

    @cached_property
    def _decimals(self) -> int:
        return int(self._programme.cash.read("decimals"))

    @cached_property
    def order(self) -> TradeOrder:
        """The order under its own names, amounts in smallest units."""
        from eth_utils.crypto import keccak

        wish = self._wish
        salt = int.from_bytes(keccak(text=wish.reference)) if wish.reference else 0
        return TradeOrder(
            maker=wish.wallet,
            counterparty=wish.counterparty,
            venue=wish.venue,
            token=self._series.address,
            cash=self._programme.cash.address,
            side=wish.side,
            basis=wish.basis,
            units=wish.units,
            minimum_fill=wish.minimum_fill,
            consideration=int(wish.money.scaleb(self._decimals)),
            expiry=wish.expiry,
            salt=salt,
        )

    # ---------------------------------------------------------------- the plan

    def plan(self) -> Plan:
        """The allowance that lacks; what is signed is shown beside it."""
        if (now := self._desk.chain.now()) >= self._wish.expiry:
            raise InputRefused(f"expiry: the order would end {now - self._wish.expiry:,} s ago")
        self._refuse_another_file()
        self._refuse_what_is_not_held()
        return Plan("order", digest(self._wish), tuple(self._allowance()), self._notes())

    def _allowance(self) -> Sequence[Step]:
        wish, delivery = self._wish, self._delivery.address
        what, wanted = self._at_stake
        if what.read("allowance", wish.wallet, delivery) >= wanted:
            return ()
        act = what.approval(delivery, wanted)
        title = f"allow the settlement {wanted:,}, which is what the order may take"
        return (Step(title, wish.wallet, act, "the order can be settled"),)

    @cached_property
    def _at_stake(self) -> tuple[Contract, int]:
        """What the maker gives at most: its tokens, or its cash."""
        if self._wish.side is Side.SELL:
            return self._series.token, self._wish.units
        return self._programme.cash, self.order.consideration + self._most_accrued

    @property
    def _most_accrued(self) -> int:
        """On a clean price: never more than one period distributes, whatever day it is settled."""
        if self._wish.basis is Basis.DIRTY:
            return 0
        token = self._series.token
        period = token.read("period", token.read("currentPeriod"))
        lot = self._programme.terms(self._series).periodic.calculationAmount
        hundredths = -(-self._wish.units * period.distribution // lot)
        return int(hundredths * 10 ** (self._decimals - 2))

    def _notes(self) -> tuple[str, ...]:
        wish = self._wish
        verb = "sells" if wish.side is Side.SELL else "buys"
        least = "at least" if wish.side is Side.SELL else "at most"
        basis = "all in" if wish.basis is Basis.DIRTY else "clean: accrued comes on top"
        who = "" if wish.counterparty == NOBODY else f", with {wish.counterparty} alone"
        where = "" if wish.venue == NOBODY else f", brought by {wish.venue} alone"
        return (
            f"signs: {wish.wallet} {verb} {wish.units:,} of {self._series.id} for {least} "
            f"{wish.money:,} ({basis}) until {instant(wish.expiry)}{who}{where}",
            f"written to {self._path}"
            if self._standing is None
            else f"signed already, in {self._path}",
            "other open orders of this wallet need their own allowance beside this one",
        )

    def _refuse_what_is_not_held(self) -> None:
        what, wanted = self._at_stake
        if (held := what.read("balanceOf", self._wish.wallet)) < wanted:
            raise InputRefused(
                f"{self._wish.wallet} holds {held:,} of the {wanted:,} that the order may take"
            )

    def _refuse_another_file(self) -> None:
        if self._path.exists() and self._standing is None:
            raise InputRefused(
                f"{self._path} is there already, and is another order",
                what_to_do="Name another file with --out.",
            )

    # ---------------------------------------------------------------- the signature

    @cached_property
    def _standing(self) -> SignedOrder | None:
        """The same order, where its file is there already."""
        if not self._path.exists():
            return None
        found = read_signed_order(self._path)
        return found if (found.order, found.contract) == (self.order, self._place) else None

    @property
    def _place(self) -> str:
        return self._delivery.address

    def _sign(self) -> SignedOrder:
        chain_id = self._desk.chain.chain_id
        message = self.order.message(chain_id, self._place)
        found = digest_of(message)
        if found != self._delivery.read("orderDigest", self.order.row):
            raise AmanatError("the contract reads another order than the one to be signed")
        self._desk.console.confirm(f"Sign the order 0x{found.hex()[:12]}… with {self.order.maker}.")
        signature = self._desk.signers[self.order.maker].sign_message(message)
        signed = SignedOrder(chain_id, self._place, self.order, found, signature)
        signed.write(self._path)
        return signed

    def verify(self) -> Sequence[Check]:
        """What the order may take is allowed."""
        what, wanted = self._at_stake
        allowed = what.read("allowance", self._wish.wallet, self._place)
        return [Check("the settlement may take what the order says", True, allowed >= wanted)]

    def report(self) -> Mapping[str, Any]:
        """The signed order, written where the operator wanted it."""
        signed = self._standing or self._sign()
        return {"order": signed.document(), "file": str(self._path)}


def _cancel(desk: Desk, signed: SignedOrder, path: Path) -> Plan:
    programme = Programme(desk.chain, desk.record)
    delivery = programme[DELIVERY]
    require_ours(signed, path, delivery, desk.chain.chain_id)
    wish = digest(signed.digest)
    if delivery.read("filled", signed.digest) == CANCELLED:
        return Plan("cancel_order", wish, notes=("taken back already",))
    act = Call(delivery.address, DELIVERY, f"cancel({ORDER})", (signed.order.row,))
    title = f"take back order 0x{signed.digest.hex()[:12]}…"
    return Plan("cancel_order", wish, (Step(title, signed.order.maker, act, "nobody can use it"),))


def _cancelled(desk: Desk, signed: SignedOrder) -> Sequence[Check]:
    delivery = Programme(desk.chain, desk.record)[DELIVERY]
    found = delivery.read("filled", signed.digest) == CANCELLED
    return [Check("the order is taken back", True, found)]
