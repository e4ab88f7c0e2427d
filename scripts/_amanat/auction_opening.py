"""Opening an auction on the chain from its announcement, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from scripts._amanat.auction_house import HOUSE, Sale, find_auction
from scripts._amanat.auction_sheets import AuctionSheet, read_auction_sheet
from scripts._amanat.command import Desk, Work
from scripts._amanat.console import instant
from scripts._amanat.onchain import Programme, Series
from scripts._amanat.orders import document_hash
from scripts._amanat.plan import Call, Plan, Ref, Step, digest
from scripts._amanat.powers import CONTRACTS, Role
from scripts._amanat.proof import Check

OPERATION = "open_auction"
AGENT = "fiscal_agent"
OPEN = CONTRACTS[HOUSE][Role.FISCAL_AGENT][0]


def opening(series: str, path: Path) -> Work:
    """Announce it; the same file again plans nothing."""
    sheet = read_auction_sheet(path)
    document = document_hash(path)

    def act(desk: Desk) -> _Opening:
        return _Opening(desk, series, sheet, document)

    return Work(
        operation=OPERATION,
        wish=digest((series, document)),
        plan=lambda desk: act(desk).plan(),
        verify=lambda desk: act(desk).verify(),
        report=lambda desk: act(desk).report(),
        inputs=(path,),
    )


class _Opening:
    """One look at the chain, and what follows from it."""

    def __init__(self, desk: Desk, series: str, sheet: AuctionSheet, document: bytes) -> None:
        self._desk, self._word, self._sheet, self._document = desk, series, sheet, document
        self._programme = Programme(desk.chain, desk.record)

    @cached_property
    def _series(self) -> Series:
        return self._programme.find_series(self._word)

    @cached_property
    def _wanted(self) -> tuple[Any, ...]:
        cash = self._programme.cash
        decimals = int(cash.read("decimals"))
        return self._sheet.announcement(
            self._series.address, cash.address, decimals, self._document
        )

    @property
    def _number(self) -> int | None:
        """Under which it was opened; None where it was not."""
        for event in self._programme.events(HOUSE, "AuctionOpened"):
            told = event.arguments
            if (told["token"], told["document"]) == (self._series.address, self._document):
                return int(told["auctionId"])
        return None

    def plan(self) -> Plan:
        """One step, or none."""
        wish = digest(self._wanted)
        if (number := self._number) is not None:
            return Plan(OPERATION, wish, notes=(f"opened already, as auction {number}",))
        sheet = self._sheet
        step = Step(
            f"open an auction of {sheet.target:,} of {self._series.id}",
            AGENT,
            Call(Ref(HOUSE), HOUSE, OPEN, (self._wanted,)),
            f"bids are taken until {instant(sheet.close)}",
        )
        notes = (
            f"bids are shown until {instant(sheet.reveal_until)}, settled from "
            f"{instant(sheet.settle_from)}, in default from {instant(sheet.settle_until)}",
        )
        return Plan(OPERATION, wish, (step,), notes)

    def verify(self) -> Sequence[Check]:
        """What was announced, word by word as the chain tells it."""
        if (number := self._number) is None:
            return [Check("the auction is open", True, False)]
        sale = self._sale(number)
        names = ("token", "cash", "target", "lot", "bond", "commitEnd", "revealEnd", "settleEnd")
        told = sale.announced._asdict()
        return [
            Check("what was announced", self._wanted, _plain(sale.announced)),
            *(Check(f"auction: {n}", told[n], getattr(sale.state, n)) for n in names),
        ]

    def report(self) -> Mapping[str, Any]:
        """The number that everything else asks for."""
        return {"auction": self._number, "series": self._series.id}

    def _sale(self, number: int) -> Sale:
        return find_auction(self._programme, number)


def _plain(value: Any) -> Any:
    """A tuple of the chain without the names of its fields."""
    return tuple(map(_plain, value)) if isinstance(value, tuple) else value
