"""Two signed orders, settled against each other: tokens and cash in one transaction or not at all.

Before anything is sent each leg is asked by itself whether it would pass, so that a refusal says
which leg it is of and why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from scripts._amanat.command import Desk, Work
from scripts._amanat.errors import ChainRefused
from scripts._amanat.offers import DELIVERY
from scripts._amanat.onchain import Contract, Programme, Query
from scripts._amanat.plan import Call, Plan, Step, digest
from scripts._amanat.proof import Check
from scripts._amanat.restrictions import restriction_of
from scripts._amanat.trade_orders import (
    ORDER,
    Basis,
    Side,
    SignedOrder,
    TradeOrder,
    read_signed_order,
    require_ours,
)

OPERATION = "settle"
VENUE = "fiscal_agent"
SETTLE = f"settle(({ORDER},bytes),({ORDER},bytes))"


class TradeRefused(ChainRefused):
    """A trade would be refused; nothing was sent and nothing moved."""

    what_to_do = "Nothing was sent. Put right what the reason names, or ask for other orders."

    def __init__(self, title: str, legs: Mapping[str, str], data: bytes = b"") -> None:
        reason = "; ".join(f"{leg}: {why}" for leg, why in legs.items())
        super().__init__(title, reason, data)
        self.details = {"legs": dict(legs)}


@dataclass(frozen=True)
class Orders:
    """The maker's order, which was there first and whose price holds, and the taker's."""

    maker_path: Path
    taker_path: Path
    venue: str = VENUE
    """Whose key brings them to settlement; anyone's, unless an order names its venue."""


def settle(wish: Orders) -> Work:
    """Settle them for as many units as both have left; the same orders again plan nothing."""
    maker, taker = read_signed_order(wish.maker_path), read_signed_order(wish.taker_path)
    before: dict[str, int] = {}

    def plan(desk: Desk) -> Plan:
        act = _Settling(desk, wish, maker, taker)
        made = act.plan()
        before.clear()
        before.update(act.balances())
        return made

    return Work(
        operation=OPERATION,
        wish=digest((maker.digest, taker.digest)),
        plan=plan,
        verify=lambda desk: _Settling(desk, wish, maker, taker).verify(before),
        report=lambda desk: _Settling(desk, wish, maker, taker).report(),
        inputs=(wish.maker_path, wish.taker_path),
    )


class _Settling:
    """One look at the chain, and what follows from it."""

    def __init__(self, desk: Desk, wish: Orders, maker: SignedOrder, taker: SignedOrder) -> None:
        self._desk, self._wish, self._maker, self._taker = desk, wish, maker, taker
        self._programme = Programme(desk.chain, desk.record)

    # ---------------------------------------------------------------- who and what

    @property
    def _delivery(self) -> Contract:
        return self._programme[DELIVERY]

    @cached_property
    def _token(self) -> Contract:
        return self._programme.find_series(self._maker.order.token).token

    @property
    def _cash(self) -> Contract:
        return Contract(self._desk.chain, "PilotRupee", self._maker.order.cash)

    @property
    def _parties(self) -> tuple[str, str]:
        """Seller and buyer."""
        maker, taker = self._maker.order, self._taker.order
        sells = maker.side is Side.SELL
        return (maker.maker, taker.maker) if sells else (taker.maker, maker.maker)

    @cached_property
    def _units(self) -> int:
        """As many as both orders have left."""
        left: list[int] = [
            max(0, signed.order.units - self._delivery.read("filled", signed.digest))
            for signed in (self._maker, self._taker)
        ]
        return min(left)

    @cached_property
    def _payment(self) -> int:
        """By the maker's price, rounded up; accrued interest on top of a clean one."""
        maker = self._maker.order
        share = _share_up(maker, self._units)
        if maker.basis is Basis.DIRTY:
            return share
        return share + int(self._token.read("accruedUp", self._units, self._cash.read("decimals")))

    # ---------------------------------------------------------------- the plan

    def plan(self) -> Plan:
        """One step; raises TradeRefused, with the leg and its reason, where it would fail."""
        wish = digest((self._maker.digest, self._taker.digest))
        chain_id = self._desk.chain.chain_id
        require_ours(self._maker, self._wish.maker_path, self._delivery, chain_id)
        require_ours(self._taker, self._wish.taker_path, self._delivery, chain_id)
        if done := self._traded:
            note = f"settled already: {done['units']:,} units for {done['payment']:,} of cash"
            return Plan(OPERATION, wish, notes=(note,))
        if refusal := self._refusal():
            raise refusal
        note = f"{self._parties[1]} pays {self._payment:,} to {self._parties[0]} (smallest units)"
        return Plan(OPERATION, wish, (self._step,), (note,))

    @property
    def _step(self) -> Step:
        act = Call(self._delivery.address, DELIVERY, SETTLE, (self._maker.row, self._taker.row))
        expects = "tokens and cash have changed hands, or neither has"
        return Step(f"settle {self._units:,} units", self._wish.venue, act, expects)

    def _refusal(self) -> TradeRefused | None:
        """Why the settlement would fail now: by leg, else by the orders themselves."""
        caller = self._desk.signers[self._wish.venue].address
        query = self._delivery.query("settle", self._maker.row, self._taker.row)
        reason, data = self._tried(query, caller)
        if not reason:
            return None
        legs = dict(self._legs()) if self._units else {}
        return TradeRefused(self._step.title, legs or {"orders": reason}, data)

    def _legs(self) -> Iterator[tuple[str, str]]:
        """Each leg by itself, as the settlement contract would call it."""
        seller, buyer = self._parties
        place = self._delivery.address
        delivery = self._token.query("transferFrom", seller, buyer, self._units)
        if why := self._tried(delivery, place)[0]:
            told = restriction_of(self._token, seller, buyer, self._units)
            in_words = "" if told.allows else f"{told.message} (code {told.code}): "
            yield "securities", in_words + why
        payment = self._cash.query("transferFrom", buyer, seller, self._payment)
        if why := self._tried(payment, place)[0]:
            yield "cash", why

    def _tried(self, query: Query, caller: str) -> tuple[str, bytes]:
        """The decoded error of a call, and its bytes; empty where it passes."""
        revert = self._desk.chain.revert_of({**query.request, "from": caller})
        if revert is None:
            return "", b""
        data = revert.data
        return (self._desk.artifacts.explain_revert(data) if data else revert.message), data

    # ---------------------------------------------------------------- the proof

    @cached_property
    def _traded(self) -> Mapping[str, Any] | None:
        """The trade of these two orders, as its event tells it."""
        wanted = (self._maker.digest, self._taker.digest)
        for event in self._programme.events(DELIVERY, "Traded"):
            if (event.arguments["maker"], event.arguments["taker"]) == wanted:
                return event.arguments
        return None

    def balances(self) -> dict[str, int]:
        """Units and cash of seller and buyer, in smallest units."""
        seller, buyer = self._parties
        units = self._programme.balances(self._token, (seller, buyer))
        cash = self._programme.balances(self._cash, (seller, buyer))
        return {
            "units of the seller": units[seller],
            "units of the buyer": units[buyer],
            "cash of the seller": cash[seller],
            "cash of the buyer": cash[buyer],
        }

    def verify(self, before: Mapping[str, int]) -> Sequence[Check]:
        """The trade's own event; and all four balances, where this run settled it."""
        trade, after = self._traded, self.balances()
        checks = [Check("the trade stands on the chain", True, trade is not None)]
        if trade is not None and after != before:
            units, payment = trade["units"], trade["payment"]
            moved = (-units, units, payment, -payment)
            checks += [
                Check(name, before[name] + change, after[name])
                for name, change in zip(before, moved, strict=True)
            ]
        return checks

    def report(self) -> Mapping[str, Any]:
        """What changed hands."""
        trade = self._traded or {}
        names = ("token", "seller", "buyer", "units", "cash", "payment")
        return {"trade": {name: trade.get(name) for name in names}}


def _share_up(order: TradeOrder, units: int) -> int:
    return -(-order.consideration * units // order.units)
