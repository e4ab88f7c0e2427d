"""The joint statement of a reserve as a file, and the keepers' signatures of it.

    series: PKGOLD                   id, symbol, ISIN or address
    as_of: 2026-02-10 09:30          time of the count, in Pakistan
    document: statement.pdf          the signed statement, beside this file; its hash is kept
    lots:                            all that is in store, in any order; what is not named is gone
      - id: KHI-2026-01
        gross: "400.025"             as weighed or measured
        quality: "0.9958"            fineness, heating value, or gravity: a term of the series
        net: "398.344"               what is recognised of it
        vault: SBP KARACHI
        serials: bars-1.csv          the list of its bars, tanks or cargoes, beside this file
        assay: assay-1.pdf           the assay or inspection report, beside this file
        insured_until: 2027-02-09    the last day on which it is insured

A signature file is JSON: which keeper signed which digest, for which chain and contract.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from .commodity_terms import Millionths, Quantity
from .orders import document_hash, end_of_day
from .reading import Unreadable, parse_address, parse_date, parse_whole
from .terms import Word32, context_of, matching
from .yaml_files import Fault, StrictModel, parsed, read_model, refusal, refuse_all


def parse_moment(text: str) -> int:
    """A minute in Pakistan, as `2026-02-10 09:30`, in Unix seconds."""
    from zoneinfo import ZoneInfo

    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}", text):
        raise Unreadable("is not a day and a time", "such as 2026-02-10 09:30")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Unreadable(f"is no moment of the calendar ({error})", "one that exists") from None
    return int(moment.replace(tzinfo=ZoneInfo("Asia/Karachi")).timestamp())


def _hex(text: str) -> bytes:
    if not re.fullmatch(r"0x([0-9a-f]{2})+", text):
        raise Unreadable("is not right", "0x and pairs of lower-case hex digits")
    return bytes.fromhex(text[2:])


FileName = Annotated[str, parsed(matching(r"[\w.-]+", "a file name in the same folder"))]
_Hex = Annotated[bytes, parsed(_hex)]


class LotEntry(StrictModel):
    """One lot as the file has it."""

    id: Word32
    gross: Quantity
    quality: Millionths
    net: Quantity
    vault: Word32
    serials: FileName
    assay: FileName
    insured_until: Annotated[date, parsed(parse_date)]

    @field_validator("serials", "assay")
    @classmethod
    def _is_there(cls, name: str, info: ValidationInfo) -> str:
        _require_file(name, info)
        return name

    @property
    def insured_to(self) -> int:
        """Unix time from which it is not insured."""
        return end_of_day(self.insured_until) + 1


class StatementFile(StrictModel):
    """What stands in the file."""

    series: str
    as_of: Annotated[int, parsed(parse_moment)]
    document: FileName
    lots: Annotated[tuple[LotEntry, ...], Field(strict=False)]

    @field_validator("document")
    @classmethod
    def _is_there(cls, name: str, info: ValidationInfo) -> str:
        _require_file(name, info)
        return name

    @field_validator("lots")
    @classmethod
    def _each_once(cls, lots: tuple[LotEntry, ...]) -> tuple[LotEntry, ...]:
        refuse_all(_twice(lots))
        return lots


@dataclass(frozen=True)
class Statement:
    """A statement as it was read, and where."""

    path: Path
    content: StatementFile

    def hash_of(self, name: str) -> bytes:
        """Keccak-256 of a file beside it."""
        return document_hash(self.path.parent / name)


class _SignatureFile(StrictModel):
    chain_id: Annotated[int, parsed(parse_whole)]
    contract: Annotated[str, parsed(parse_address)]
    keeper: Annotated[str, parsed(parse_address)]
    digest: _Hex
    signature: _Hex


@dataclass(frozen=True)
class KeeperSignature:
    """One keeper's signature of one statement, for one chain and contract."""

    chain_id: int
    contract: str
    keeper: str
    digest: bytes
    signature: bytes

    def write(self, path: Path) -> None:
        """Write the file; an existing one is replaced whole or not at all."""
        content = {
            "chain_id": str(self.chain_id),
            "contract": self.contract,
            "keeper": self.keeper,
            "digest": "0x" + self.digest.hex(),
            "signature": "0x" + self.signature.hex(),
        }
        draft = path.with_suffix(path.suffix + ".part")
        draft.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
        draft.replace(path)


def read_statement(path: Path) -> Statement:
    """Read a statement; raises `InputProblems` with everything that is wrong in it."""
    return Statement(path, read_model(path, StatementFile))


def read_signature(path: Path) -> KeeperSignature:
    """Read a signature; raises `InputProblems` with everything that is wrong in it."""
    read = read_model(path, _SignatureFile)
    return KeeperSignature(read.chain_id, read.contract, read.keeper, read.digest, read.signature)


def _require_file(name: str, info: ValidationInfo) -> None:
    folder = context_of(info).get("folder")
    if folder is not None and not (Path(folder) / name).is_file():
        raise refusal("is not there", "a file beside this one")


def _twice(lots: tuple[LotEntry, ...]) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, lot in enumerate(lots, 1):
        if lot.id in seen:
            yield f"{number}.id", f"names {lot.id} twice", "each lot once"
        seen.add(lot.id)
