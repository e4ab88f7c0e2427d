"""Announcing a record date, where it is neither a term nor comes with a declaration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from scripts._amanat.business_days import start_of_day_karachi
from scripts._amanat.command import Desk, Work
from scripts._amanat.console import instant
from scripts._amanat.onchain import Programme, Series
from scripts._amanat.plan import Call, Plan, Step, digest
from scripts._amanat.proof import Check

OPERATION = "record_date"
ISSUER = "issuer"


def announce_record_date(series: str, day: date) -> Work:
    """Announce it once; the chain refuses one in the past, too near another, or of a series whose
    record dates are terms."""
    at = start_of_day_karachi(day)

    def plan(desk: Desk) -> Plan:
        found = _series(desk, series)
        wish = digest((found.address, at))
        if at in _announced(found):
            return Plan(OPERATION, wish, notes=(f"{instant(at)} is announced already",))
        token = found.token
        call = Call(token.address, token.artifact, "announceRecordDate(uint256)", (at,))
        title = f"announce a record date of {found.id}: {instant(at)}"
        return Plan(OPERATION, wish, (Step(title, ISSUER, call, "who holds then is on record"),))

    def verify(desk: Desk) -> Sequence[Check]:
        return [Check("the record date stands", True, at in _announced(_series(desk, series)))]

    def report(desk: Desk) -> Mapping[str, Any]:
        return {"record_dates": [*_announced(_series(desk, series))]}

    return Work(OPERATION, digest((series, at)), plan, verify, report)


def _announced(series: Series) -> Iterator[int]:
    """Their instants, in Unix seconds, in order."""
    number = 0
    while at := series.token.read("recordDate", number):
        yield at
        number += 1


def _series(desk: Desk, word: str) -> Series:
    return Programme(desk.chain, desk.record).find_series(word)
