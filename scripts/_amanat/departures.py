"""A series is replaced by another, or handed over to the depository: decided by two institutions,
then carried out holder by holder.

The board proposes, after its delay, and the regulator confirms the very same. Then anyone carries
holders, in pages; each run plans who is left, so that an interrupted one is finished by the same
command. Who has locked something for a sale or a redemption in kind waits until that ends.

What is proved at the end is worked out from events alone: the register without the exchange's own
transactions must be what was carried and what is left, line by line; and what was carried must be
what arrived. A line is a wallet, or all that succeeded one another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from scripts._amanat.agreement import BOARD, REGULATOR, content_of, stands
from scripts._amanat.artifacts import DecodedEvent
from scripts._amanat.command import Desk, Work
from scripts._amanat.console import instant
from scripts._amanat.delayed import Prepared, prepare
from scripts._amanat.errors import InputRefused
from scripts._amanat.onchain import NOBODY, Contract, Programme, Series, Status
from scripts._amanat.plan import Call, Pending, Plan, Ref, Step, digest
from scripts._amanat.proof import Check
from scripts._amanat.registers import (
    Entry,
    Register,
    Telling,
    as_file,
    merged,
    outside,
)

EXCHANGE = "SeriesExchange"
ISSUER, ANYONE = "issuer", "fiscal_agent"
PAGE = 20
"""Rows a transaction: a fifth of the gas that one may use, or less."""
MOST_LIENS = 8
"""Pledges a row, which has a million gas."""


class Stage(IntEnum):
    """How far a series is on its way out, as in `ISeriesExchange.sol`."""

    NONE = 0
    BEGUN = 1
    COMPLETED = 2


@dataclass(frozen=True)
class Departure:
    """Which series leaves, and for which other; for the depository where there is none."""

    series: str
    document: bytes
    """Hash of the decision."""
    successor: str = ""
    register: Path | None = None
    """The file that the depository is given."""

    @property
    def operation(self) -> str:
        return "exchange" if self.successor else "migrate"

    @property
    def digest(self) -> str:
        """Hash of what is asked for."""
        return digest((self.series, self.document, self.successor))


def depart(wish: Departure, *, command: str, page: int = PAGE) -> Work:
    """As far as keys and delays allow; run again, it does what is left."""

    def act(desk: Desk) -> _Act:
        return _Act(desk, wish, command, page)

    return Work(
        operation=wish.operation,
        wish=wish.digest,
        plan=lambda desk: act(desk).plan(),
        verify=lambda desk: act(desk).verify(),
        report=lambda desk: act(desk).report(),
        left=lambda desk: act(desk).plan().pending,
    )


@dataclass(frozen=True)
class Row:
    """One holder of a page, as `SeriesExchange.carry` takes it."""

    account: str
    pledges: tuple[bytes, ...] = ()


class _Act:
    """One look at the chain, and what follows from it."""

    def __init__(self, desk: Desk, wish: Departure, command: str, page: int) -> None:
        self._desk, self._wish, self._command, self._page = desk, wish, command, page
        self._programme = Programme(desk.chain, desk.record)
        self._since = desk.record.contracts["Programme"].block

    # ---------------------------------------------------------------- what stands

    @cached_property
    def _series(self) -> Series:
        return self._programme.find_series(self._wish.series)

    @cached_property
    def _successor(self) -> Series | None:
        if not self._wish.successor:
            return None
        return self._programme.find_series(self._wish.successor)

    @property
    def _destination(self) -> str:
        return self._successor.address if self._successor else NOBODY

    @cached_property
    def _exchange(self) -> Contract:
        return self._programme[EXCHANGE]

    @cached_property
    def _leaving(self) -> Any:
        return self._exchange.read("leavingOf", self._series.address)

    @cached_property
    def _stage(self) -> Stage:
        """Of this decision: another one stands in its way once somebody was carried by it."""
        stage, leaving = Stage(self._leaving.status), self._leaving
        if stage is Stage.NONE:
            return stage
        same = (leaving.successor, leaving.document) == (self._destination, self._wish.document)
        if same:
            return stage
        if leaving.carried or stage is Stage.COMPLETED:
            raise InputRefused(
                f"{self._series.id} left by another decision, 0x{leaving.document.hex()}, for "
                f"{leaving.successor}: {leaving.carried:,} units were carried"
            )
        return Stage.NONE

    @cached_property
    def _telling(self) -> Telling:
        return Telling(self._series.token, self._since)

    @cached_property
    def _left(self) -> Register:
        """Who is still in the old series."""
        return self._telling.at()

    @cached_property
    def _carryings(self) -> list[DecodedEvent]:
        told = self._programme.events(EXCHANGE, "HolderCarried")
        return [each for each in told if each.arguments["series"] == self._series.address]

    @cached_property
    def _carried(self) -> Register:
        """What left, by the account that it left from."""
        told = (each.arguments for each in self._carryings)
        positions = [
            {each["account"]: Entry(each["units"], each["frozen"], each["isFrozen"])}
            for each in told
        ]
        liens = [
            {each.arguments["holder"]: Entry(liens=(self._telling.lien(each.arguments),))}
            for each in self._telling.events("PledgeLeft")
        ]
        return merged(*positions, *liens)

    def _heir(self, account: str) -> str:
        return self._heirs.get(account, account)

    @cached_property
    def _heirs(self) -> Mapping[str, str]:
        """Who stands in for each account that the series knows."""
        accounts = list({*self._left, *self._carried, *self._without_exchange})
        registry = self._programme["IdentityRegistry"]
        heirs = self._programme.ask([registry.query("successorOf", each) for each in accounts])
        return dict(zip(accounts, heirs, strict=True))

    @cached_property
    def _without_exchange(self) -> Register:
        """The register as it would stand had nobody been carried."""
        return self._telling.at(outside(each.transaction for each in self._carryings))

    # ---------------------------------------------------------------- the plan

    def plan(self) -> Plan:
        """What is missing; what another has to do, or must end first, is pending."""
        decided = Prepared() if self._stage is not Stage.NONE else self._deciding()
        steps, pending = decided.steps, decided.pending
        if not pending:
            steps += (*self._register_steps(), *self._pages(), *self._settling())
            pending = tuple(self._waits())
        return Plan(self._wish.operation, self._wish.digest, steps, tuple(self._notes()), pending)

    def _deciding(self) -> Prepared:
        """Proposed by the board, after its delay; confirmed by the regulator."""
        proposed = Prepared() if self._is_proposed else self._proposal()
        if proposed.pending:
            return proposed
        return proposed + Prepared((*self._readying(), self._confirmation()))

    def _proposal(self) -> Prepared:
        wish = self._wish
        if self._successor is None:
            args: tuple[Any, ...] = (self._series.address, wish.document)
            call = self._call("proposeMigration(address,bytes32)", args)
        else:
            args = (self._series.address, self._destination, wish.document)
            call = self._call("proposeExchange(address,address,bytes32)", args)
        step = Step(f"propose that {self._aim}", BOARD, call, "the regulator can confirm it")
        return prepare(self._desk, step, command=self._command)

    def _readying(self) -> Iterator[Step]:
        """The issue of the old series is over, and the new one is open, or its register final."""
        if self._series.status is Status.OPEN:
            call = self._on_programme("closeSeries(address)", (self._series.address,))
            yield Step(f"close {self._series.id}", ISSUER, call, "nothing can be minted any more")
        if self._successor is not None and self._successor.status is not Status.OPEN:
            raise InputRefused(
                f"{self._successor.id} is {self._successor.status.label}, not open",
                what_to_do="Run `ape run issue` on its sheet with --for-exchange first.",
            )
        if self._successor is None and not self._series.token.read("paused"):
            raise InputRefused(
                f"{self._series.id} is not paused, so its register is not final",
                what_to_do=f"Run `ape run pause {self._wish.series}`, then this command again.",
            )

    def _confirmation(self) -> Step:
        document, address = self._wish.document, self._series.address
        title, expects = f"confirm that {self._aim}", f"{self._series.id} stands still for good"
        if self._successor is not None:
            args: tuple[Any, ...] = (address, self._destination, document)
            call = self._call("confirmExchange(address,address,bytes32)", args)
        else:
            args = (address, document, self._write_register())
            call = self._call("confirmMigration(address,bytes32,bytes32)", args)
        return Step(title, REGULATOR, call, expects)

    @property
    def _is_proposed(self) -> bool:
        subject = bytes(12) + bytes.fromhex(self._series.address[2:])
        content = content_of(["address", "bytes32"], [self._destination, self._wish.document])
        return stands(self._desk, self._exchange, subject, content)

    def _pages(self) -> Iterator[Step]:
        rows = self._rows
        count = -(-len(rows) // self._page)
        for number in range(count):
            page = rows[number * self._page : (number + 1) * self._page]
            args = (self._series.address, [(row.account, list(row.pledges)) for row in page])
            call = self._call("carry(address,(address,bytes32[])[])", args)
            title = f"carry page {number + 1} of {count}: {len(page)} rows"
            expects = "they hold the same elsewhere, or stay with the reason"
            yield Step(title, ANYONE, call, expects, key=f"after {self._leaving.carried}")

    def _settling(self) -> Iterator[Step]:
        """What nobody holds any more is off the programme's books."""
        if not self._waiting and self._series.status < Status.REDEEMED:
            call = self._on_programme("reconcile(address)", (self._series.address,))
            yield Step(f"note that {self._series.id} is over", ANYONE, call, "it is redeemed")

    def _on_programme(self, signature: str, args: tuple[Any, ...]) -> Call:
        return Call(Ref("Programme"), "Programme", signature, args)

    def _call(self, signature: str, args: tuple[Any, ...]) -> Call:
        return Call(Ref(EXCHANGE), EXCHANGE, signature, args)

    @property
    def _aim(self) -> str:
        if self._successor is None:
            return f"the depository take {self._series.id} over"
        return f"{self._successor.id} replace {self._series.id}"

    # ---------------------------------------------------------------- the walk

    @cached_property
    def _lines(self) -> Mapping[str, list[str]]:
        """Accounts by who stands in for them: the recovered ones first, who are followed first."""
        found: dict[str, list[str]] = {}
        for account in self._left:
            heir = self._heir(account)
            members = found.setdefault(heir, [])
            members.insert(len(members) if account == heir else 0, account)
        # Freezes first: an account that is frozen and holds nothing is so before others can send.
        whole = merged(self._left, heir=self._heir)
        return dict(sorted(found.items(), key=lambda item: whole[item[0]].units != 0))

    @cached_property
    def _rows(self) -> list[Row]:
        return [row for line in self._lines for row in self._rows_of(line)]

    def _rows_of(self, line: str) -> Iterator[Row]:
        if line in self._waiting and not self._goes_in_part(line):
            return
        for account in self._lines[line]:
            free = [each.id for each in self._left[account].liens if not self._locks(each.pledgee)]
            for at in range(0, max(len(free), 1), MOST_LIENS):
                yield Row(account, tuple(free[at : at + MOST_LIENS]))

    def _goes_in_part(self, line: str) -> bool:
        """Whether something of it can go beside what is locked: pledges, or what is free."""
        whole = merged(self._left, heir=self._heir)[line]
        if any(not self._locks(each.pledgee) for each in whole.liens):
            return True
        return not whole.is_frozen and whole.units > whole.frozen + self._waiting[line]

    @cached_property
    def _waiting(self) -> Mapping[str, int]:
        """Units that are locked for a sale or a redemption in kind, by line."""
        whole = merged(self._left, heir=self._heir)
        locked = {
            line: sum(each.units for each in entry.liens if self._locks(each.pledgee))
            for line, entry in whole.items()
        }
        return {line: units for line, units in locked.items() if units}

    def _locks(self, pledgee: str) -> bool:
        """Whether it is a settlement contract of the programme."""
        return pledgee in self._settlement

    @cached_property
    def _settlement(self) -> frozenset[str]:
        known = ("DeliveryVersusPayment", "Auction", "RedemptionDesk")
        return frozenset(self._programme[name].address for name in known if name in self._programme)

    def _waits(self) -> Iterator[Pending]:
        for line, units in self._waiting.items():
            what = f"end what {units:,} units of {line} are locked for, then carry them"
            yield Pending(what, "buyer or custodian, or anyone in time", None, self._command)

    # ---------------------------------------------------------------- the depository's register

    @cached_property
    def _final(self) -> Register:
        """What was carried, and what is left, as it would be carried now."""
        return merged(self._carried, merged(self._left, heir=self._heir))

    def _write_register(self) -> bytes:
        """The hash of the final register, whose file is written where it is not there yet."""
        from eth_utils.crypto import keccak

        content, path = as_file(self._final), self._wish.register
        if path and not self._desk.options.dry_run:
            known = path.read_bytes() if path.is_file() else b""
            if known != content:
                draft = path.with_suffix(path.suffix + ".draft")
                draft.write_bytes(content)
                draft.replace(path)
        return keccak(content)

    def _register_steps(self) -> Iterator[Step]:
        """The register is fixed anew where an order, a burn or a pledgee changed what is left."""
        if self._successor is not None or self._stage is not Stage.BEGUN:
            return
        found = self._write_register()
        if found != self._leaving.registerHash:
            call = self._call("fixRegister(address,bytes32)", (self._series.address, found))
            title = "fix the register anew, which was changed since"
            yield Step(title, REGULATOR, call, f"it is 0x{found.hex()}")

    # ---------------------------------------------------------------- what is said of it

    def _notes(self) -> Iterator[str]:
        holders = sum(1 for entry in self._final.values() if entry.units)
        yield f"{holders:,} holders in all, {self._series.supply:,} units still in the old series"
        if self._stage is not Stage.NONE:
            begun = instant(self._leaving.begunAt)
            yield f"begun {begun}: {self._leaving.carried:,} of {self._leaving.supply:,} carried"
        if self._successor is None and self._stage is not Stage.NONE:
            yield f"hash of the register: 0x{self._leaving.registerHash.hex()}"

    def report(self) -> Mapping[str, Any]:
        """How far it is."""
        return {
            "series": self._series.id,
            "successor": self._successor.id if self._successor else None,
            "document": "0x" + self._wish.document.hex(),
            "stage": self._stage.name.lower(),
            "carried": self._leaving.carried,
            "left": self._series.supply,
            "waiting": dict(self._waiting),
        }

    # ---------------------------------------------------------------- the proof

    def verify(self) -> Sequence[Check]:
        """Nothing was lost and nothing appeared; nothing to say before it has begun."""
        if self._stage is Stage.NONE:
            return []
        return [*self._complete(), *self._kept(), *self._arrived(), *self._registered()]

    def _complete(self) -> Iterator[Check]:
        yield Check("rows that nothing keeps and that were not carried", [], self._rows)
        if not self._waiting:
            yield Check("units left in the old series", 0, self._series.supply)
            yield Check("it is over", Stage.COMPLETED, self._stage)

    def _kept(self) -> Iterator[Check]:
        owned = merged(self._without_exchange, heir=self._heir)
        found = merged(self._carried, self._left, heir=self._heir)
        title = f"lines of {len(owned):,} that are not what the old register says"
        yield Check(title, {}, _differences(owned, found))

    def _arrived(self) -> Iterator[Check]:
        if self._successor is None:
            return
        telling = Telling(self._successor.token, self._since)
        carryings = {each.transaction for each in self._carryings}
        units = [
            {each.arguments["to"]: Entry(each.arguments["value"])}
            for each in telling.events("Transfer")
            if each.transaction in carryings and each.arguments["from"] == NOBODY
        ]
        liens = [
            {each.arguments["holder"]: Entry(liens=(telling.lien(each.arguments),))}
            for each in telling.events("PledgeArrived")
            if each.transaction in carryings
        ]
        gone = merged({line: Entry(e.units, liens=e.liens) for line, e in self._carried.items()})
        title = f"holders of {len(gone):,} to whom arrived what had not left"
        yield Check(title, {}, _differences(gone, merged(*units, *liens)))

    def _registered(self) -> Iterator[Check]:
        from eth_utils.crypto import keccak

        if self._successor is not None:
            return
        content = as_file(self._final)
        fixed = "0x" + self._leaving.registerHash.hex()
        yield Check(
            "the register by the entries is the one fixed", fixed, "0x" + keccak(content).hex()
        )
        if self._wish.register:
            kept = self._wish.register.read_bytes() if self._wish.register.is_file() else b""
            yield Check("the file is that register", True, kept == content)


def _differences(owned: Register, found: Register) -> dict[str, tuple[Entry, Entry]]:
    """Entries by account where the two do not agree."""
    nothing = Entry()
    return {
        account: (owned.get(account, nothing), found.get(account, nothing))
        for account in {*owned, *found}
        if owned.get(account, nothing) != found.get(account, nothing)
    }
