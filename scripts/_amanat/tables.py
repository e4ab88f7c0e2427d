"""Tables as spreadsheets save them: comma, semicolon or tab; any line ending; quotes or none.

Rows are numbered as the spreadsheet shows them, the heading being row 1. Empty rows are skipped.
"""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from .reading import Findings, Unreadable, clean, decode, show

T = TypeVar("T")

_SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True)
class Row:
    """One row; a cell that was refused already is absent from `cells` and reads as None."""

    number: int
    cells: Mapping[str, str]
    findings: Findings

    def read(self, column: str, parse: Callable[[str], T]) -> T | None:
        """The cell's value; None once what is wrong with it, or that it is empty, is booked."""
        if self.cells.get(column) == "":
            self.findings.problem(self.number, column, "", "is empty", "a value")
            return None
        return self.read_optional(column, parse)

    def read_optional(self, column: str, parse: Callable[[str], T]) -> T | None:
        """The cell's value; None where it is empty, or once what is wrong with it is booked."""
        text = self.cells.get(column, "")
        if text == "":
            return None
        try:
            return parse(text)
        except Unreadable as error:
            self.findings.unreadable(self.number, column, text, error)
            return None

    def refuse(self, column: str, wrong: str, right: str) -> None:
        """Book a problem with a cell that reads well by itself."""
        self.findings.problem(self.number, column, show(self.cells.get(column, "")), wrong, right)

    @property
    def is_sound(self) -> bool:
        return not self.findings.has_problem_in(self.number)


def read_table(path: Path, columns: Sequence[str]) -> tuple[list[Row], Findings]:
    """The rows of a table with exactly these `columns`, in any order, and what is wrong so far.

    A table that cannot be read at all (encoding, missing column, no rows) raises `InputProblems`
    at once; everything else is booked, for the caller to add to and settle.
    """
    findings = Findings(path)
    records = _records(path, columns, findings)
    heading = _heading(records[0], columns, findings)
    rows = [
        _row(number, record, heading, findings)
        for number, record in enumerate(records[1:], start=2)
        if any(cell.strip() for cell in record)
    ]
    if not rows:
        findings.problem(None, "", "", "has no rows below its heading", "at least one row")
        findings.settle()
    return rows, findings


def _records(path: Path, columns: Sequence[str], findings: Findings) -> list[list[str]]:
    try:
        text = decode(path.read_bytes())
        records = _parse(text, columns)
    except OSError as error:
        findings.problem(None, "", "", f"cannot be read: {error.strerror}", "a readable file")
    except Unreadable as error:
        findings.problem(None, "", "", error.wrong, error.right)
    except csv.Error as error:
        findings.problem(None, "", "", f"is not a table: {error}", "closed quotes in every cell")
    else:
        if records:
            return records
        findings.problem(None, "", "", "is empty", "a heading: " + ",".join(columns))
    findings.settle()
    raise AssertionError("unreachable: a problem was booked")


def _parse(text: str, columns: Sequence[str]) -> list[list[str]]:
    """Split by the separator under which the heading shows most of the expected columns."""
    first_line = text.split("\n", 1)[0].split("\r", 1)[0]

    def known_columns(separator: str) -> int:
        names = next(csv.reader([first_line], delimiter=separator), [])
        return len({name.strip().casefold() for name in names} & set(columns))

    separator = max(_SEPARATORS, key=known_columns)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))


def _heading(record: list[str], columns: Sequence[str], findings: Findings) -> list[str]:
    names = [cell.strip().casefold() for cell in record]
    for place, name in enumerate(names):
        if name == "":
            continue
        if name in names[:place]:
            findings.problem(1, name, "", "is a column twice", "one column of each name")
        elif name not in columns:
            close = difflib.get_close_matches(name, columns, n=1)
            right = f"{close[0]}?" if close else "only the columns " + ", ".join(columns)
            findings.problem(1, name, "", "is not a column of this table", right)
    missing = [column for column in columns if column not in names]
    for column in missing:
        findings.problem(1, column, "", "is missing from the heading", ",".join(columns))
    if missing:
        findings.settle()
    return names


def _row(number: int, record: list[str], heading: list[str], findings: Findings) -> Row:
    surplus = [cell for cell in record[len(heading) :] if cell.strip()]
    if surplus:
        findings.problem(
            number,
            "",
            show(surplus[0]),
            f"stands beyond the last of {len(heading)} columns",
            "quotes around a cell that contains the separator",
        )
    cells: dict[str, str] = {}
    for place, column in enumerate(heading):
        if column in heading[:place] and column:
            continue  # Refused with the heading; the first one counts.
        raw = record[place] if place < len(record) else ""
        try:
            cells[column] = clean(raw)
        except Unreadable as error:
            findings.unreadable(number, column or f"column {place + 1}", raw, error)
        if column == "" and cells.pop("", ""):
            findings.problem(number, "", show(raw), "stands under no heading", "an empty cell")
    return Row(number, cells, findings)
