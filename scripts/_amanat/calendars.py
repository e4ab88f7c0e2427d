"""Publishing a market's calendar: each whole year of the file that the chain has otherwise.

A year is published whole, so a file must say something of every day of its years; and a correction
can only change days that are still to come. The steward's act waits: the same command, run again
after the delay, executes what the first run scheduled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from scripts._amanat.artifacts import decode_error
from scripts._amanat.business_days import MarketCalendar
from scripts._amanat.command import Desk, Work
from scripts._amanat.delayed import Prepared, prepare
from scripts._amanat.errors import InputRefused
from scripts._amanat.network import RpcError
from scripts._amanat.onchain import Contract, Programme
from scripts._amanat.orders import document_hash
from scripts._amanat.plan import Call, Plan, Step, digest
from scripts._amanat.proof import Check
from scripts._amanat.terms import read_calendar

OPERATION = "holidays"
STEWARD = "steward"
CALENDAR = "HolidayCalendar"
_WORD = 256
_SET = "setCalendar(bytes32,uint256,(uint8,uint256[2]),bytes32)"


@dataclass(frozen=True)
class Year:
    """A year as the contract keeps it: a bit a weekday from Monday, and a bit a day of the year."""

    number: int
    weekend: int
    holidays: tuple[int, int]

    @property
    def content(self) -> tuple[int, tuple[int, int]]:
        return (self.weekend, self.holidays)


def years_of(calendar: MarketCalendar) -> list[Year]:
    """Every year of the calendar; InputRefused where it leaves days of one unsaid."""
    first, last = calendar.first, calendar.last
    if (first.month, first.day) != (1, 1) or (last.month, last.day) != (12, 31):
        raise InputRefused(
            f"{calendar.name} covers {first} to {last}, which are no whole years",
            what_to_do=f"Let it cover {first.year}-01-01 to {last.year}-12-31, with all holidays.",
        )
    return [_year(calendar, number) for number in range(first.year, last.year + 1)]


def publish(path: Path, *, name: str, command: str) -> Work:
    """Publish the years of the file at `path` under the calendar's `name` on the chain."""
    return Work(
        operation=OPERATION,
        wish=digest((name, document_hash(path))),
        plan=lambda desk: _Act(desk, path, name, command).plan(),
        verify=lambda desk: _Act(desk, path, name, command).verify(),
        report=lambda desk: _Act(desk, path, name, command).report(),
        left=lambda desk: _Act(desk, path, name, command).plan().pending,
        inputs=(path,),
    )


class _Act:
    """One look at the chain, and what follows from it."""

    def __init__(self, desk: Desk, path: Path, name: str, command: str) -> None:
        self._desk, self._path, self._command = desk, path, command
        self._name = _word(name)
        self._programme = Programme(desk.chain, desk.record)

    @property
    def _contract(self) -> Contract:
        return self._programme[CALENDAR]

    @cached_property
    def _file(self) -> MarketCalendar:
        return read_calendar(self._path)

    @cached_property
    def _years(self) -> list[Year]:
        return years_of(self._file)

    @cached_property
    def _missing(self) -> list[Year]:
        return [year for year in self._years if self._found(year.number)[0] != year.content]

    def _found(self, year: int) -> tuple[tuple[int, tuple[int, int]] | None, int]:
        """What stands of a year, and its version; None where it was never published."""
        try:
            found = self._contract.read("calendarYear", self._name, year)
        except RpcError as answer:
            if decode_error(answer.data).name != "CalendarNotCovered":
                raise
            return None, 0
        content = found.content
        return (content.weekend, tuple(content.holidays)), found.version

    def plan(self) -> Plan:
        """A step a year; what must wait is scheduled, and pending."""
        prepared = Prepared()
        for year in self._missing:
            prepared += prepare(self._desk, self._step(year), command=self._command)
        notes = tuple(
            f"{year.number}: {len(self._holidays(year.number))} holidays, "
            + (f"version {version + 1}" if year in self._missing else f"version {version} stands")
            for year, version in ((year, self._found(year.number)[1]) for year in self._years)
        )
        wish = digest((self._name, document_hash(self._path)))
        return Plan(OPERATION, wish, prepared.steps, notes, prepared.pending)

    def _holidays(self, year: int) -> list[date]:
        return [day for day in self._file.holidays if day.year == year]

    def _step(self, year: Year) -> Step:
        args = (self._name, year.number, year.content, document_hash(self._path))
        act = Call(self._contract.address, CALENDAR, _SET, args)
        expects = "payments that are still to come are moved off its closed days"
        return Step(f"publish {year.number} of {self._file.name}", STEWARD, act, expects)

    def verify(self) -> Sequence[Check]:
        """Every year read back, but for what waits."""
        if self.plan().pending:
            return []
        return [
            Check(f"{year.number} of the calendar", year.content, self._found(year.number)[0])
            for year in self._years
        ]

    def report(self) -> Mapping[str, Any]:
        """The version of each year that stands."""
        return {
            "calendar": self._file.name,
            "years": {year.number: self._found(year.number)[1] for year in self._years},
        }


def _year(calendar: MarketCalendar, number: int) -> Year:
    bits = 0
    for day in calendar.holidays:
        if day.year == number:
            bits |= 1 << (day - date(number, 1, 1)).days
    weekend = sum(1 << weekday for weekday in calendar.weekend)
    return Year(number, weekend, (bits % (1 << _WORD), bits >> _WORD))


def _word(name: str) -> bytes:
    """A name as contracts keep it: ASCII, padded with zeros to a word."""
    encoded = name.encode("ascii")
    if not 0 < len(encoded) <= 32:
        raise InputRefused(f"{name!r} is not the name of a calendar of 1 to 32 letters")
    return encoded.ljust(32, b"\0")
