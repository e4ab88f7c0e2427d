"""What was signed, written down before anyone else can know of it.

One line of JSON an event, flushed to the disk before the transaction is broadcast, in
`.records/<chain>/journal.jsonl`. Whatever happens afterwards (a crash, a lost answer, a second
run), the next run finds here every hash that may be on the chain, and under which nonce.

Events: `signed` (a transaction that may from now on be anywhere), `settled` (a block holds it) and
`void` (its nonce was used by a transaction that is not ours, so it can never be mined).
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from scripts._amanat.errors import AmanatError, Busy

VERSION = 1


class JournalDamaged(AmanatError):
    """A line in the middle does not read: somebody edited the file, or the disk is failing."""

    what_to_do = "Restore the journal from a copy. Do not run anything that sends before that."


@dataclass(frozen=True)
class Signed:
    """One signed transaction; without its nonce and what follows, a draft of one."""

    operation: str
    wish: str
    step: str
    title: str
    role: str
    sender: str
    nonce: int = -1
    hash: str = ""
    raw: str = ""
    max_fee: int = 0  # wei per gas
    tip: int = 0  # wei per gas
    creates: list[dict[str, Any]] = field(default_factory=list)
    """Contracts that it brings into being, as `record` keeps them: name, artifact, args, and the
    address, or None where the receipt gives it."""


@dataclass(frozen=True)
class Settled:
    """The block that holds a transaction, and what became of it."""

    hash: str
    succeeded: bool
    block: int
    block_hash: str
    gas_used: int
    contract: str | None = None


@dataclass
class Slot:
    """All that was ever signed under one nonce of one sender: at most one of it is mined."""

    attempts: list[Signed] = field(default_factory=list)
    settled: Settled | None = None
    void: bool = False

    @property
    def first(self) -> Signed:
        """The step that the slot belongs to is the first attempt's."""
        return self.attempts[0]

    @property
    def latest(self) -> Signed:
        """The attempt that pays most."""
        return self.attempts[-1]

    @property
    def is_open(self) -> bool:
        """True while nobody knows what became of it."""
        return self.settled is None and not self.void


class Journal:
    """The journal of one chain, held by one run at a time: `with Journal.held(folder) as j`."""

    def __init__(
        self,
        path: Path,
        stream: IO[bytes] | None,
        *,
        outlives_machine: bool = True,
        known: Journal | None = None,
    ) -> None:
        """`known`: what this process has read of it already; the file only ever grows."""
        self._path, self._stream = path, stream
        self._outlives_machine = outlives_machine
        self._slots: dict[tuple[str, int], Slot] = known._slots if known else {}
        self._by_hash: dict[str, Slot] = known._by_hash if known else {}
        self._next: dict[str, int] = known._next if known else {}
        self._lines: int = known._lines if known else 0
        self._end: int = known._end if known else 0
        self._read_on()

    @classmethod
    @contextmanager
    def held(
        cls, folder: Path, *, outlives_machine: bool = True, known: Journal | None = None
    ) -> Iterator[Journal]:
        """The journal with the chain's lock, for a run that sends; Busy where another holds it.

        `outlives_machine` is false of a local chain, which goes down with the machine: then no
        line waits for the disk, and all are there still if only this process dies.
        """
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "journal.jsonl"
        with _lock(folder / "lock"), open(path, "ab", opener=_owner_only) as stream:
            _mend_tail(path)
            yield cls(path, stream, outlives_machine=outlives_machine, known=known)

    @classmethod
    def read(cls, folder: Path, *, known: Journal | None = None) -> Journal:
        """The journal as it stands, without the lock: for looking only."""
        return cls(folder / "journal.jsonl", None, known=known)

    def signed(self, signed: Signed) -> None:
        """On the disk when this returns; only then may the transaction leave this machine."""
        self._append({"event": "signed", **asdict(signed)})

    def settled(self, settled: Settled) -> None:
        """A block holds the transaction."""
        self._append({"event": "settled", **asdict(settled)})

    def voided(self, signed: Signed) -> None:
        """The nonce was used by somebody else's transaction; this one can never be mined."""
        self._append({"event": "void", "hash": signed.hash})

    def reopened(self, settled: Settled) -> None:
        """The block that held it is no longer part of the chain."""
        self._append({"event": "reopened", "hash": settled.hash})

    def slots(self) -> list[Slot]:
        """Every slot, in the order of signing."""
        return list(self._slots.values())

    def open_slots(self) -> list[Slot]:
        """Slots of which nobody knows yet what became of them, by sender and nonce."""
        return [self._slots[key] for key in sorted(self._slots) if self._slots[key].is_open]

    def slot(self, sender: str, nonce: int) -> Slot:
        """What was signed under a nonce; KeyError where nothing was."""
        return self._slots[sender, nonce]

    def next_nonce(self, sender: str) -> int:
        """One more than the highest nonce that is spoken for; 0 for a sender never seen."""
        return self._next.get(sender, 0)

    def done(self, operation: str, wish: str) -> Mapping[str, Settled]:
        """Steps of one wish that stand on the chain, by id.

        For operations that the chain's state cannot tell from their repetition, such as paying
        somebody the same amount twice: they leave out of their plan what is listed here.
        """
        return {
            slot.first.step: slot.settled
            for slot in self._slots.values()
            if slot.settled
            and slot.settled.succeeded
            and (slot.first.operation, slot.first.wish) == (operation, wish)
        }

    def _append(self, event: dict[str, Any]) -> None:
        if self._stream is None:
            raise AmanatError("the journal was opened for reading")
        stamped = {"v": VERSION, "at": datetime.now(UTC).isoformat(timespec="seconds"), **event}
        line = json.dumps(stamped, separators=(",", ":")).encode() + b"\n"
        self._stream.write(line)
        self._stream.flush()
        if self._outlives_machine:
            os.fsync(self._stream.fileno())
        self._apply(stamped)
        self._lines, self._end = self._lines + 1, self._end + len(line)

    def _read_on(self) -> None:
        """What was written since; a torn last line was never broadcast, and is left out."""
        if not self._path.is_file():
            return
        with self._path.open("rb") as stream:
            stream.seek(self._end)
            *lines, _torn = stream.read().split(b"\n")
        for line in lines:
            self._lines += 1
            if line:
                self._apply(_event(self._path, self._lines, line))
            self._end += len(line) + 1

    def _apply(self, event: dict[str, Any]) -> None:
        content = {k: v for k, v in event.items() if k not in ("v", "at", "event")}
        if event["event"] == "signed":
            signed = Signed(**content)
            slot = self._slots.setdefault((signed.sender, signed.nonce), Slot())
            slot.attempts.append(signed)
            self._by_hash[signed.hash] = slot
            self._next[signed.sender] = max(self.next_nonce(signed.sender), signed.nonce + 1)
            return
        slot = self._by_hash[content["hash"]]
        if event["event"] == "settled":
            slot.settled = Settled(**content)
        elif event["event"] == "reopened":
            slot.settled = None
        else:
            slot.void = True


def _event(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        event: dict[str, Any] = json.loads(line)
    except ValueError:
        raise JournalDamaged(f"{path}, line {number} does not read") from None
    if event.get("v") != VERSION:
        raise JournalDamaged(f"{path}, line {number} is of an unknown version")
    return event


def _mend_tail(path: Path) -> None:
    """Cut a torn last line off, so that the next line starts on its own."""
    content = path.read_bytes()
    if content and not content.endswith(b"\n"):
        with path.open("r+b") as stream:
            stream.truncate(content.rfind(b"\n") + 1)
            os.fsync(stream.fileno())


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    with open(path, "a+", opener=_owner_only) as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.seek(0)
            holder = stream.read().strip()
            raise Busy(f"another run (process {holder}) works on this chain") from None
        stream.truncate(0)
        stream.write(f"{os.getpid()}\n")
        stream.flush()
        yield
