"""What the operator sees: the plan before, progress meanwhile, the proof after.

With `--json` exactly one JSON document goes to standard output and all else to standard error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from scripts._amanat.errors import AmanatError, Declined

if TYPE_CHECKING:
    from rich.table import Table

    from scripts._amanat.execute import Done
    from scripts._amanat.journal import Slot
    from scripts._amanat.plan import Decoded, Pending, Plan
    from scripts._amanat.proof import Check

KARACHI = ZoneInfo("Asia/Karachi")
PLAN_COLUMNS = ("#", "step", "signs", "does", "with", "then")
ROWS_SHOWN = 60  # of a longer plan, the first rows; --json gives all
LIST_ITEMS_SHOWN = 4
YES = "yes"


class Console:
    """Tables and questions on one stream, the JSON document on the other."""

    def __init__(self, *, as_json: bool = False, assume_yes: bool = False) -> None:
        from rich.console import Console as Rich

        self._rich = Rich(stderr=as_json, highlight=False, soft_wrap=False)
        self._as_json, self._assume_yes = as_json, assume_yes
        self.names: dict[str, str] = {}
        """Words for addresses: lower-case address to name."""

    def say(self, text: str) -> None:
        """One line."""
        self._rich.print(text, markup=False)

    def show_plan(self, plan: Plan, rows: Sequence[Mapping[str, str]]) -> None:
        """The plan as one table, from rows that `command` decoded from the calldata itself."""
        if plan.is_empty:
            self.say(f"{plan.operation}: nothing to send; the chain is as wished.")
        elif not plan.steps:
            self.say(f"{plan.operation}: nothing to send now.")
        else:
            shown = [{column: row[column] for column in PLAN_COLUMNS} for row in rows[:ROWS_SHOWN]]
            self._table(f"Plan: {plan.operation}", shown)
            if len(rows) > ROWS_SHOWN:
                self.say(f"… and {len(rows) - ROWS_SHOWN} more steps (all of them with --json)")
        for note in plan.notes:
            self.say(f"Note: {note}")
        self.show_pending(plan.pending)

    def show_unfinished(self, slots: Sequence[Slot]) -> None:
        """What an earlier run signed and no block holds."""
        self._table(
            "Signed by an earlier run and not in a block yet",
            [
                {"step": s.first.title, "nonce": str(s.first.nonce), "transaction": s.latest.hash}
                for s in slots
            ],
        )

    def show_pending(self, pending: Sequence[Pending]) -> None:
        """What another person, or a later hour, has to finish, and the command to run then.

        Lines are not folded: addresses and commands are there to be copied.
        """
        for command in dict.fromkeys(each.command for each in pending):
            self._line("Pending:")
            for each in pending:
                if each.command == command:
                    when = "now" if each.from_when is None else f"from {instant(each.from_when)}"
                    self._line(f"  {each.who}, {when}: {each.what}")
            self._line(f"  then run: {command}")

    def show_proof(self, checks: Sequence[Check]) -> None:
        """What was read back from the chain."""
        if checks:
            self._table(
                "Proof, read back from the chain",
                [
                    {
                        "check": check.name,
                        "expected": self.words(check.expected),
                        "found": self.words(check.found),
                        "": "ok" if check.ok else "FAILED",
                    }
                    for check in checks
                ],
            )

    def show_table(self, title: str, rows: Sequence[Mapping[str, str]]) -> None:
        """Any table; nothing where it has no rows."""
        if rows:
            self._table(title, rows)

    def show_error(self, error: AmanatError) -> None:
        """What went wrong, and what to do next; always on standard error."""
        print(
            f"{type(error).__name__}: {error}\n-> {error.what_to_do}", file=sys.stderr, flush=True
        )

    def confirm(self, question: str) -> None:
        """Declined unless the word yes is typed (pitfall 35), or --yes was given."""
        if self._assume_yes:
            return
        if not sys.stdin.isatty():
            raise Declined(f"{question} Nobody is there to answer, and --yes was not given.")
        print(f"{question} Type {YES} to go on: ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip() != YES:
            raise Declined("The answer was not yes.")

    @contextmanager
    def progress(self, total: int, title: str) -> Iterator[Callable[[Done], None]]:
        """A bar that goes on by one for every step that stands on the chain."""
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=self._rich, transient=True) as bar:
            task = bar.add_task(title, total=total)
            yield lambda done: bar.update(task, advance=1, description=done.title[:60])

    def emit(self, document: Mapping[str, Any]) -> None:
        """The one JSON document of `--json`; nothing without it."""
        if self._as_json:
            print(json.dumps(document, default=str, ensure_ascii=False))

    def words(self, value: Any) -> str:
        """A decoded value as people read it: names for addresses, separators in big numbers."""
        if isinstance(value, bool) or value is None:
            return str(value).lower()
        if isinstance(value, int):
            return f"{value:,}"
        if isinstance(value, bytes):
            return _text_of(value) or (
                f"0x{value.hex()}" if len(value) <= 32 else f"{len(value)} bytes"
            )
        if isinstance(value, (list, tuple)):
            shown = ", ".join(self.words(item) for item in value[:LIST_ITEMS_SHOWN])
            rest = len(value) - LIST_ITEMS_SHOWN
            return f"[{shown}, … {rest} more]" if rest > 0 else f"[{shown}]"
        name = self.names.get(str(value).lower())
        return f"{name} ({value[:8]}…{value[-4:]})" if name else str(value)

    def sentence(self, decoded: Decoded) -> str:
        """Decoded arguments, one after another."""
        return ", ".join(f"{name}: {self.words(value)}" for name, value in decoded.args)

    def _line(self, text: str) -> None:
        self._rich.print(text, markup=False, soft_wrap=True)

    def _table(self, title: str, rows: Sequence[Mapping[str, str]]) -> None:
        from rich.table import Table

        table: Table = Table(title=title, title_justify="left", show_lines=False)
        for column in rows[0] if rows else ():
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*(_plain(cell) for cell in row.values()))
        self._rich.print(table)


def instant(seconds: int) -> str:
    """A moment of the chain's clock, as it is read in Karachi."""
    return datetime.fromtimestamp(seconds, KARACHI).strftime("%d-%b-%Y %H:%M:%S PKT")


def _text_of(word: bytes) -> str:
    """What a word padded with zeros spells; empty where it is no ASCII text."""
    text = word.rstrip(b"\0")
    if len(word) == 32 and len(text) > 2 and all(0x20 <= byte < 0x7F for byte in text):
        return repr(text.decode("ascii"))
    return ""


def _plain(cell: str) -> str:
    from rich.markup import escape

    return escape(cell)
