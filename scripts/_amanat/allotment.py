"""From the result of an auction to tokens in the bidders' wallets and money in the treasury.

Each accepted bid is one row, delivered against payment in one transaction with its page; a row that
cannot be settled moves nothing and stops no other. A row is named by the series, the auction's day
and the bid's number, whatever a spreadsheet did to the file: it settles once.

What an investor allows the settlement contract to spend is its consent. On a local chain the
development keys of the investors give it; anywhere else the investor does, and until then its rows
are pending.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from scripts._amanat.auction import Allotment, AuctionResult
from scripts._amanat.business_days import day_in_karachi, start_of_day_karachi
from scripts._amanat.command import Desk, Work
from scripts._amanat.errors import InputRefused, ProofFailed
from scripts._amanat.limits import authorisation_for
from scripts._amanat.onchain import Contract, Programme, Status
from scripts._amanat.plan import Call, Pending, Plan, Ref, Step, digest
from scripts._amanat.pricing import Paisa, rupees
from scripts._amanat.proof import Check

FISCAL_AGENT = "fiscal_agent"
DESK = "DeliveryVersusPayment"
PAGE = 40  # rows a transaction: about half of the gas that one may use

_ALLOT_MANY = "allotMany((address,address,uint256,uint256,address,uint256,bytes32,bytes32)[])"


@dataclass(frozen=True)
class Sources:
    """What is allotted, by the files that were read; how the rows are named and finished."""

    operation: str
    series: str
    """For sentences."""
    token: Callable[[Desk], Contract]
    """Where the series stands, or would."""
    day: date
    """The auction's, which names its rows with the bids' numbers."""
    result: AuctionResult
    auction_path: Path
    command: str
    """What settles what is left."""
    amount: Callable[[int], str] = "{:,} of face".format
    """Smallest units in words."""
    settlement: date | None = None
    """The only day on which the payments hold, since interest accrues; None: on any."""


@dataclass(frozen=True)
class Row:
    """One accepted bid as it is settled."""

    id: bytes
    bid: Allotment
    cost: int  # smallest units of the cash token


@dataclass(frozen=True)
class Purse:
    """What one wallet has, and what it allows the settlement contract to take, in cash."""

    balance: int
    allowance: int


@dataclass(frozen=True)
class Before:
    """The chain before a run: what the proof counts from."""

    settled: frozenset[bytes]
    balances: Mapping[str, int]
    treasury: int
    supply: int


def allotting(sources: Sources, *, inputs: tuple[Path, ...], fund_on_local_chain: bool) -> Work:
    """Settle the rows that are not settled yet; run again, it plans what is left."""
    made: list[Allotting] = []

    def of(desk: Desk) -> Allotting:
        if not made:
            made.append(Allotting(desk, sources, fund_on_local_chain=fund_on_local_chain))
        return made[0]

    result = sources.result
    return Work(
        operation=sources.operation,
        plan=lambda desk: of(desk).plan(),
        verify=lambda desk: of(desk).prove(),
        report=lambda desk: {"bids": len(result.allotments), "face": int(result.face)},
        inputs=inputs,
    )


class Allotting:
    """One auction's result against one chain."""

    def __init__(self, desk: Desk, sources: Sources, *, fund_on_local_chain: bool = False) -> None:
        self._desk, self._sources = desk, sources
        self._fund = fund_on_local_chain
        self._programme = Programme(desk.chain, desk.record)
        self._before: Before | None = None

    @property
    def result(self) -> AuctionResult:
        """The auction's, as its file was read."""
        return self._sources.result

    @cached_property
    def _token(self) -> Contract:
        return self._sources.token(self._desk)

    @property
    def wish(self) -> str:
        """The hash of everything asked for."""
        return digest([(row.id, row.bid.wallet, row.bid.face, row.cost) for row in self.rows])

    # ---------------------------------------------------------------- the plan

    def plan(self) -> Plan:
        """Rows that are not settled yet: paid for where they can be, pending where not."""
        if self._fund and not self._desk.chain.is_local:
            raise InputRefused("--fund-on-local-chain: this chain is not local")
        self._require_open_series()
        settled = self._settled()
        self._before = self._look(settled)
        unsettled = [row for row in self.rows if row.id not in settled]
        if unsettled and (waiting := self._until_settlement()):
            return Plan(self._sources.operation, self.wish, pending=(waiting,))
        self._require_equal_costs(unsettled)
        funding, approvals, ready, pending = self._arrange(unsettled)
        return Plan(
            self._sources.operation,
            self.wish,
            (*funding, *approvals, *self._authorisation(ready), *self._pages(ready)),
            notes=(
                f"{len(settled)} of {len(self.rows)} bids are settled already, "
                f"{len(ready)} are settled now",
                *self._price_notes(ready),
            ),
            pending=tuple(pending),
        )

    def _authorisation(self, rows: Sequence[Row]) -> Sequence[Step]:
        """Before bids are settled that what is authorised does not cover, or no longer."""
        assert self._before is not None
        minted, supply = sum(int(row.bid.face) for row in rows), self._before.supply
        name, address = self._sources.series, self._token.address
        return authorisation_for(self._desk, self._programme, name, address, minted, supply)

    def _until_settlement(self) -> Pending | None:
        """What waits where the day of settlement has not come; InputRefused where it is over."""
        settlement = self._sources.settlement
        today = day_in_karachi(self._desk.chain.now())
        if settlement is None or settlement == today:
            return None
        if settlement > today:
            when = start_of_day_karachi(settlement)
            return Pending("settle the bids", FISCAL_AGENT, when, self._sources.command)
        raise InputRefused(
            f"the payments are those of a settlement on {settlement}; the chain's day is {today}",
            what_to_do="Have the rest priced for another day, and name it with --settlement.",
        )

    def _price_notes(self, rows: Sequence[Row]) -> Iterator[str]:
        """Clean, accrued and what it comes to, where the price does not say it all."""
        accrued = sum(row.bid.accrued for row in rows)
        if not accrued:
            return
        face, paid = sum(row.bid.face for row in rows), sum(row.bid.payment for row in rows)
        average = self._sources.result.weighted_average_price
        yield (
            f"{face:,} of face at {average} clean on average: {rupees(Paisa(paid - accrued))} and "
            f"accrued {rupees(Paisa(accrued))} make {rupees(Paisa(paid))}"
        )

    def _arrange(
        self, rows: Sequence[Row]
    ) -> tuple[list[Step], list[Step], list[Row], list[Pending]]:
        """Per wallet: what it lacks for its rows, and whether that can be made good here."""
        funding: list[Step] = []
        approvals: list[Step] = []
        ready: list[Row] = []
        pending: list[Pending] = []
        costs: dict[str, int] = {}
        for row in rows:
            costs[row.bid.wallet] = costs.get(row.bid.wallet, 0) + row.cost
        purses = self._purses(costs)
        for wallet, cost in costs.items():
            purse = purses[wallet]
            short = max(0, cost - purse.balance)
            if short and self._fund:
                funding.append(self._mint(wallet, short))
            if purse.allowance < cost and self._desk.chain.is_local:
                approvals.append(self._approve(wallet, cost))
            lacks_cash = short and not self._fund
            lacks_consent = purse.allowance < cost and not self._desk.chain.is_local
            if lacks_cash or lacks_consent:
                pending.append(self._pending(wallet, cost, purse))
        waiting = {each.who for each in pending}
        ready = [row for row in rows if row.bid.wallet not in waiting]
        paying = {row.bid.wallet for row in ready}
        approvals = [step for step in approvals if step.role in paying]
        return funding, approvals, ready, pending

    def _pages(self, rows: Sequence[Row]) -> Iterator[Step]:
        for start in range(0, len(rows), PAGE):
            page = rows[start : start + PAGE]
            face = sum(row.bid.face for row in page)
            yield Step(
                f"settle bids {page[0].bid.bid} to {page[-1].bid.bid}",
                FISCAL_AGENT,
                Call(Ref(DESK), DESK, _ALLOT_MANY, ([self._argument(row) for row in page],)),
                f"{len(page)} bids for {self._sources.amount(face)} are delivered and paid",
            )

    def _argument(self, row: Row) -> tuple[Any, ...]:
        return (
            self._token.address,
            row.bid.wallet,
            int(row.bid.face),
            int(row.bid.price_e4),
            self._cash,
            row.cost,
            self.reference,
            row.id,
        )

    def _mint(self, wallet: str, amount: int) -> Step:
        return Step(
            "give a bidder pilot rupees",
            FISCAL_AGENT,
            Call(Ref("PilotRupee"), "PilotRupee", "mint(address,uint256)", (wallet, amount)),
            "it can pay for its bids",
            bulk="funding",
            key=wallet,
        )

    def _approve(self, wallet: str, amount: int) -> Step:
        desk = self._programme[DESK].address
        return Step(
            "a bidder allows exactly the cost of its bids",
            wallet,
            Call(self._cash, "PilotRupee", "approve(address,uint256)", (desk, amount)),
            "its rows can be settled",
        )

    def _pending(self, wallet: str, cost: int, purse: Purse) -> Pending:
        desk = self._programme[DESK].address
        has = f"has {purse.balance}" if purse.balance < cost else "has enough"
        return Pending(
            f"approve {cost} of {self._cash} to {desk} (allowed: {purse.allowance}; {has})",
            wallet,
            None,
            self._sources.command,
        )

    # ---------------------------------------------------------------- the proof

    def prove(self) -> Sequence[Check]:
        """Every settled row read back from its events; and what this run moved, from balances."""
        settled = self._settled()
        if len(settled) < len(self.rows) and self._until_settlement():
            return []
        return [
            *self._prove_rows(settled),
            *(self._prove_movements(settled) if self._before else ()),
        ]

    def _prove_rows(self, settled: frozenset[bytes]) -> Iterator[Check]:
        dvp = self._programme.events(DESK, "Allotted")
        found = {event.arguments["allotmentId"]: event.arguments for event in dvp}
        wrong = [
            row.bid.bid
            for row in self.rows
            if row.id in settled and not self._is_as_allotted(row, found[row.id])
        ]
        yield Check(f"settled bids of {len(settled)} that differ from the result", [], wrong)
        waiting = {each.who for each in self._arrange_again(settled)}
        refused = [
            f"{row.bid.bid}: {self._why_refused(row)}"
            for row in self.rows
            if row.id not in settled and row.bid.wallet not in waiting
        ]
        yield Check("bids that were paid for and refused", [], refused)
        if len(settled) == len(self.rows):
            face = sum(found[row.id]["units"] for row in self.rows)
            paid = sum(found[row.id]["cost"] for row in self.rows)
            yield Check("face delivered", int(self._sources.result.face), face)
            yield Check("cash paid to the treasury", sum(row.cost for row in self.rows), paid)

    def _prove_movements(self, settled: frozenset[bytes]) -> Iterator[Check]:
        """Balances before and after, for the rows that this run settled."""
        before = self._before
        assert before is not None
        new = [row for row in self.rows if row.id in settled - before.settled]
        if not new:
            return
        after = self._look(settled)
        delivered: dict[str, int] = {}
        for row in new:
            delivered[row.bid.wallet] = delivered.get(row.bid.wallet, 0) + row.bid.face
        wrong = [
            wallet
            for wallet, face in delivered.items()
            if after.balances[wallet] - before.balances[wallet] != face
        ]
        yield Check(f"wallets of {len(delivered)} that hold another amount", [], wrong)
        yield Check(
            "cash that came to the treasury now, smallest units",
            sum(row.cost for row in new),
            after.treasury - before.treasury,
        )
        yield Check("supply that was added", sum(delivered.values()), after.supply - before.supply)

    def _arrange_again(self, settled: frozenset[bytes]) -> list[Pending]:
        return self._arrange([row for row in self.rows if row.id not in settled])[3]

    def _is_as_allotted(self, row: Row, found: Mapping[str, Any]) -> bool:
        stated = {
            "token": self._token.address,
            "investor": row.bid.wallet,
            "units": row.bid.face,
            "price": row.bid.price_e4,
            "cash": self._cash,
            "cost": row.cost,
        }
        return all(found[name] == value for name, value in stated.items())

    def _why_refused(self, row: Row) -> str:
        from scripts._amanat.artifacts import decode_error

        reasons = [
            event.arguments["reason"]
            for event in self._programme.events(DESK, "AllotmentRefused")
            if event.arguments["allotmentId"] == row.id
        ]
        return str(decode_error(reasons[-1])) if reasons else "not tried"

    # ---------------------------------------------------------------- the rows

    @cached_property
    def rows(self) -> list[Row]:
        """Every accepted bid, in the order of the file."""
        scale = 10 ** (self._decimals - 2)
        return [
            Row(self._id_of(bid), bid, int(bid.payment) * scale)
            for bid in self._sources.result.allotments
        ]

    def _id_of(self, bid: Allotment) -> bytes:
        """keccak256(abi.encode(series, auction's day as YYYY-MM-DD, bid's number))."""
        from eth_abi.abi import encode
        from eth_utils.crypto import keccak

        day = self._sources.day.isoformat()
        named = encode(["address", "string", "string"], [self._token.address, day, bid.bid.upper()])
        return bytes(keccak(named))

    @cached_property
    def reference(self) -> bytes:
        """keccak256 of the result's file: the tokens are minted under it."""
        from eth_utils.crypto import keccak

        return bytes(keccak(self._sources.auction_path.read_bytes()))

    @property
    def unsettled_units(self) -> int:
        """Smallest units of the rows that are not settled yet."""
        settled = self._settled()
        return sum(row.bid.face for row in self.rows if row.id not in settled)

    # ---------------------------------------------------------------- the chain

    @property
    def _cash(self) -> str:
        return self._programme.cash.address

    @cached_property
    def _decimals(self) -> int:
        terms = self._programme[DESK].read("cashTerms", self._cash)
        decimals: int = terms.decimals
        return decimals

    def _settled(self) -> frozenset[bytes]:
        desk = self._programme[DESK]
        found = self._programme.ask([desk.query("isSettled", row.id) for row in self.rows])
        return frozenset(row.id for row, yes in zip(self.rows, found, strict=True) if yes)

    def _purses(self, wallets: Mapping[str, int]) -> dict[str, Purse]:
        cash, desk = self._programme.cash, self._programme[DESK].address
        balances = self._programme.ask([cash.query("balanceOf", w) for w in wallets])
        allowances = self._programme.ask([cash.query("allowance", w, desk) for w in wallets])
        return {
            wallet: Purse(balance, allowance)
            for wallet, balance, allowance in zip(wallets, balances, allowances, strict=True)
        }

    def _look(self, settled: frozenset[bytes]) -> Before:
        token, cash = self._token, self._programme.cash
        treasury = self._programme[DESK].read("treasury")
        wallets = sorted({row.bid.wallet for row in self.rows})
        return Before(
            settled=settled,
            balances=self._programme.balances(token, wallets),
            treasury=cash.read("balanceOf", treasury),
            supply=token.read("totalSupply"),
        )

    def _require_open_series(self) -> None:
        found = Status(self._programme.book(self._token.address).status)
        if found is not Status.OPEN:
            raise InputRefused(
                f"{self._sources.series} is not open for issue: {found.label}",
                what_to_do="Run `ape run issue` with its term sheet first.",
            )

    def _require_equal_costs(self, rows: Sequence[Row]) -> None:
        """Each payment that we computed is what the series computes; it would refuse another."""
        token, decimals = self._token, self._decimals
        found = self._programme.ask(
            [
                token.query("costOf", int(row.bid.face), int(row.bid.price_e4), decimals)
                for row in rows
            ]
        )
        wrong = [
            f"{row.bid.bid}: {row.cost}, the series says {cost}"
            for row, cost in zip(rows, found, strict=True)
            if row.cost != cost
        ]
        if wrong:
            raise ProofFailed("\n  ".join(("payments are computed otherwise on-chain", *wrong)))
