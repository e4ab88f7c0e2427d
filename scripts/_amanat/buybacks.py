"""Buying back: accepted offers, paid from the treasury against units that are cancelled.

Each accepted offer is one row, paid and cancelled in one transaction with its page; a row that
cannot be settled moves nothing and stops no other. A row is named by the series, the day of
settlement and the offer's number: it settles once. Whoever offered allows the settlement contract
to take what was accepted; on a local chain the development keys of the investors do it, anywhere
else its rows are pending until the investor has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from scripts._amanat.business_days import day_in_karachi, start_of_day_karachi
from scripts._amanat.buyback_files import BuybackResult, Purchase, read_buyback
from scripts._amanat.command import Desk, Work
from scripts._amanat.errors import InputRefused, ProofFailed
from scripts._amanat.investors import read_investors
from scripts._amanat.limits import reconciliation
from scripts._amanat.onchain import Contract, Programme, Series
from scripts._amanat.onchain import Status as OnBooks
from scripts._amanat.plan import Call, Pending, Plan, Ref, Step, digest
from scripts._amanat.pricing import Paisa, rupees
from scripts._amanat.proof import Check
from scripts._amanat.reopening import quoted

OPERATION = "buy_back"
FISCAL_AGENT = "fiscal_agent"
TREASURY = "treasury"
DESK = "DeliveryVersusPayment"
PAGE = 40  # rows a transaction

BUY_BACK_MANY = "buyBackMany((address,address,uint256,uint256,address,uint256,bytes32,bytes32)[])"


@dataclass(frozen=True)
class Buyback:
    """Which series, the auction's result, the day it is settled, and the list of investors."""

    series: str
    result: Path
    settlement: date
    investors: Path


@dataclass(frozen=True)
class Row:
    """One accepted offer as it is settled."""

    id: bytes
    purchase: Purchase
    cost: int  # smallest units of the cash token


@dataclass(frozen=True)
class Before:
    """The chain before a run: what the proof counts from."""

    settled: frozenset[bytes]
    balances: Mapping[str, int]
    supply: int
    treasury: int


def buy_back(wish: Buyback, *, command: str) -> Work:
    """Settle the accepted offers that are not settled yet; run again, it plans what is left."""
    made: list[_BuyingBack] = []

    def of(desk: Desk) -> _BuyingBack:
        if not made:
            made.append(_BuyingBack(desk, wish, command))
        return made[0]

    return Work(
        operation=OPERATION,
        wish=digest((wish.series, wish.settlement)),
        plan=lambda desk: of(desk).plan(),
        verify=lambda desk: of(desk).prove(),
        report=lambda desk: of(desk).report(),
        inputs=(wish.result, wish.investors),
    )


class _BuyingBack:
    """One result against one chain."""

    def __init__(self, desk: Desk, wish: Buyback, command: str) -> None:
        self._desk, self._wish, self._command = desk, wish, command
        self._programme = Programme(desk.chain, desk.record)
        self._before: Before | None = None

    # ---------------------------------------------------------------- the plan

    def plan(self) -> Plan:
        """Rows that are not settled yet; all that is wrong with them is told at once."""
        settled = self._settled()
        self._before = self._look(settled)
        left = [row for row in self.rows if row.id not in settled]
        if left and (waiting := self._until_settlement()):
            return Plan(OPERATION, self._digest, pending=(waiting,))
        self._refuse_what_cannot_be(left)
        approvals, ready, pending = self._consents(left)
        steps = (*self._money(ready), *approvals, *self._pages(ready), *self._reconciliation(ready))
        return Plan(OPERATION, self._digest, steps, self._notes(settled, ready), tuple(pending))

    def _reconciliation(self, ready: Sequence[Row]) -> Sequence[Step]:
        """Of a series that issues no more; what an open one took back it may issue again."""
        if self._series.status is OnBooks.OPEN or not ready:
            return ()
        return reconciliation(self._programme, self._series, FISCAL_AGENT, burns=True)

    @property
    def _digest(self) -> str:
        return digest([(row.id, row.purchase.face, row.cost) for row in self.rows])

    def _consents(self, rows: Sequence[Row]) -> tuple[list[Step], list[Row], list[Pending]]:
        """What sellers must allow the settlement to take: made good here, or pending."""
        token, desk = self._series.token, self._programme[DESK].address
        wanted: dict[str, int] = {}
        for row in rows:
            wallet = row.purchase.wallet
            wanted[wallet] = wanted.get(wallet, 0) + row.purchase.face
        found = self._programme.ask([token.query("allowance", w, desk) for w in wanted])
        short = [
            wallet
            for wallet, allowed in zip(wanted, found, strict=True)
            if allowed < wanted[wallet]
        ]
        if self._desk.chain.is_local:
            return [self._allow(token, wallet, wanted[wallet]) for wallet in short], list(rows), []
        pending = [
            Pending(
                f"approve {wanted[wallet]:,} of {self._series.id} to {desk}",
                wallet,
                None,
                self._command,
            )
            for wallet in short
        ]
        return [], [row for row in rows if row.purchase.wallet not in short], pending

    def _allow(self, token: Contract, wallet: str, units: int) -> Step:
        act = token.approval(self._programme[DESK].address, units)
        return Step("a seller allows exactly what was accepted", wallet, act, "it can be bought")

    def _money(self, rows: Sequence[Row]) -> Iterator[Step]:
        """The treasury lets the settlement take exactly what the rows cost."""
        cost = sum(row.cost for row in rows)
        cash, desk = self._programme.cash, self._programme[DESK].address
        if not cost:
            return
        held = cash.read("balanceOf", self._treasury)
        if held < cost:
            raise InputRefused(
                f"the treasury ({self._treasury}) holds {held:,} of the {cost:,} that the accepted "
                "offers cost (smallest units of cash)",
                what_to_do="Bring the money to the treasury and run the same command again.",
            )
        if cash.read("allowance", self._treasury, desk) < cost:
            act = cash.approval(desk, cost)
            yield Step("let the settlement take the money", TREASURY, act, "")

    def _pages(self, rows: Sequence[Row]) -> Iterator[Step]:
        for start in range(0, len(rows), PAGE):
            page = rows[start : start + PAGE]
            face = sum(row.purchase.face for row in page)
            yield Step(
                f"settle offers {page[0].purchase.offer} to {page[-1].purchase.offer}",
                FISCAL_AGENT,
                Call(Ref(DESK), DESK, BUY_BACK_MANY, ([self._argument(row) for row in page],)),
                f"{len(page)} offers of {face:,} of face are paid and cancelled",
            )

    def _argument(self, row: Row) -> tuple[Any, ...]:
        return (
            self._series.address,
            row.purchase.wallet,
            int(row.purchase.face),
            int(row.purchase.price_e4),
            self._programme.cash.address,
            row.cost,
            self._reference,
            row.id,
        )

    def _notes(self, settled: frozenset[bytes], ready: Sequence[Row]) -> tuple[str, ...]:
        result = self.result
        offered = sum(each.offered for each in result.purchases)
        accrued = sum(each.accrued for each in result.purchases)
        return (
            f"{len(settled)} of {len(self.rows)} accepted offers are settled already, "
            f"{len(ready)} are settled now; {result.turned_down} were turned down",
            f"{result.face:,} accepted of {offered:,}: {rupees(result.payment)}, of which "
            f"{rupees(Paisa(accrued))} accrued",
        )

    # ---------------------------------------------------------------- what is refused

    def _refuse_what_cannot_be(self, rows: Sequence[Row]) -> None:
        """Sellers who hold too little, and payments that the series computes otherwise."""
        token = self._series.token
        held = self._programme.balances(token, sorted({row.purchase.wallet for row in rows}))
        sold: dict[str, int] = {}
        faults = []
        for row in rows:
            wallet, face = row.purchase.wallet, row.purchase.face
            sold[wallet] = sold.get(wallet, 0) + face
            if sold[wallet] > held[wallet] >= sold[wallet] - face:
                faults.append(
                    f"{self._wish.result}, row {row.purchase.row}, accepted: brings {wallet} to "
                    f"{sold[wallet]:,}; right: at most the {held[wallet]:,} that it holds"
                )
        if faults:
            raise InputRefused("more was accepted than is held", faults)
        self._require_equal_costs(rows)

    def _require_equal_costs(self, rows: Sequence[Row]) -> None:
        token, decimals = self._series.token, self._decimals
        found = self._programme.ask(
            [
                token.query("costOf", int(row.purchase.face), int(row.purchase.price_e4), decimals)
                for row in rows
            ]
        )
        wrong = [
            f"{row.purchase.offer}: {row.cost}, the series says {cost}"
            for row, cost in zip(rows, found, strict=True)
            if row.cost != cost
        ]
        if wrong:
            raise ProofFailed("\n  ".join(("payments are computed otherwise on-chain", *wrong)))

    def _until_settlement(self) -> Pending | None:
        settlement, today = self._wish.settlement, day_in_karachi(self._desk.chain.now())
        if settlement > today:
            when = start_of_day_karachi(settlement)
            return Pending("settle the offers", FISCAL_AGENT, when, self._command)
        if settlement < today:
            raise InputRefused(
                f"the payments are those of a settlement on {settlement}; the chain's day is "
                f"{today}",
                what_to_do="Have the rest priced for another day, and name it with --settlement.",
            )
        return None

    # ---------------------------------------------------------------- the proof

    def prove(self) -> Sequence[Check]:
        """Every row read back; and what this run moved and cancelled, from balances."""
        settled = self._settled()
        if len(settled) < len(self.rows) and self._wish.settlement > day_in_karachi(
            self._desk.chain.now()
        ):
            return []
        waiting = {each.who for each in self._consents([*self._open(settled)])[2]}
        refused = [
            f"{row.purchase.offer}: {self._why_refused(row)}"
            for row in self._open(settled)
            if row.purchase.wallet not in waiting
        ]
        checks = [Check("offers that were to be settled and were refused", [], refused)]
        return [*checks, *(self._moved(settled) if self._before else ())]

    def _open(self, settled: frozenset[bytes]) -> Iterator[Row]:
        return (row for row in self.rows if row.id not in settled)

    def _moved(self, settled: frozenset[bytes]) -> Iterator[Check]:
        before, after = self._before, self._look(settled)
        assert before is not None
        new = [row for row in self.rows if row.id in settled - before.settled]
        sold: dict[str, int] = {}
        for row in new:
            sold[row.purchase.wallet] = sold.get(row.purchase.wallet, 0) + row.purchase.face
        wrong = [
            wallet
            for wallet, face in sold.items()
            if before.balances[wallet] - after.balances[wallet] != face
        ]
        yield Check(f"wallets of {len(sold)} that gave up another amount", [], wrong)
        yield Check("supply that was cancelled", sum(sold.values()), before.supply - after.supply)
        cost = sum(row.cost for row in new)
        yield Check("cash the treasury paid now", cost, before.treasury - after.treasury)

    def _why_refused(self, row: Row) -> str:
        from scripts._amanat.artifacts import decode_error

        reasons = [
            event.arguments["reason"]
            for event in self._programme.events(DESK, "BuybackRefused")
            if row.id in event.arguments.values()
        ]
        return str(decode_error(reasons[-1])) if reasons else "not tried"

    def report(self) -> Mapping[str, Any]:
        """What was bought, what it cost, and what is left in circulation."""
        return {
            "series": self._series.id,
            "offers": len(self.rows),
            "face": int(self.result.face),
            "payment": int(self.result.payment),
            "supply": self._series.token.read("totalSupply"),
        }

    # ---------------------------------------------------------------- the rows, and the chain

    @cached_property
    def result(self) -> BuybackResult:
        """The file, read by the terms that stand on the chain."""
        terms = self._programme.terms(self._series)
        lot = getattr(terms, "periodic", terms).denomination
        quote = quoted(self._programme, self._series, self._wish.settlement)
        investors = read_investors(self._wish.investors, as_of=None)
        return read_buyback(self._wish.result, quote, lot, investors)

    @cached_property
    def rows(self) -> list[Row]:
        """Every accepted offer, in the order of the file."""
        scale = 10 ** (self._decimals - 2)
        return [
            Row(self._id_of(each), each, int(each.payment) * scale)
            for each in self.result.purchases
        ]

    def _id_of(self, purchase: Purchase) -> bytes:
        """keccak256(abi.encode("buyback", series, settlement as YYYY-MM-DD, offer's number))."""
        from eth_abi.abi import encode
        from eth_utils.crypto import keccak

        kinds = ["string", "address", "string", "string"]
        day, offer = self._wish.settlement.isoformat(), purchase.offer.upper()
        return bytes(keccak(encode(kinds, ["buyback", self._series.address, day, offer])))

    @cached_property
    def _reference(self) -> bytes:
        """keccak256 of the result's file: the units are burnt under it."""
        from eth_utils.crypto import keccak

        return bytes(keccak(self._wish.result.read_bytes()))

    @cached_property
    def _series(self) -> Series:
        return self._programme.find_series(self._wish.series)

    @cached_property
    def _decimals(self) -> int:
        return int(self._programme[DESK].read("cashTerms", self._programme.cash.address).decimals)

    @cached_property
    def _treasury(self) -> str:
        found: str = self._programme[DESK].read("treasury")
        return found

    def _settled(self) -> frozenset[bytes]:
        desk = self._programme[DESK]
        found = self._programme.ask([desk.query("isSettled", row.id) for row in self.rows])
        return frozenset(row.id for row, yes in zip(self.rows, found, strict=True) if yes)

    def _look(self, settled: frozenset[bytes]) -> Before:
        token = self._series.token
        wallets = sorted({row.purchase.wallet for row in self.rows})
        return Before(
            settled=settled,
            balances=self._programme.balances(token, wallets),
            supply=token.read("totalSupply"),
            treasury=self._programme.cash.read("balanceOf", self._treasury),
        )
