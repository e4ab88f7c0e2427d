"""A redemption in kind as a file: whose units are to become goods, and where these go.

    series: PKGOLD                   id, symbol, ISIN or address
    holder: "0x…"                    whose units are locked, and burnt in the end
    units: "200.000"
    instructions: delivery.md        where and how to deliver, beside this file; its hash is kept

The hash goes on the chain, so the instructions hold a line of random text that nobody can guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from .commodity_terms import Quantity
from .orders import document_hash
from .reading import parse_address
from .reserve_files import FileName
from .yaml_files import StrictModel, parsed, read_model


class InKindFile(StrictModel):
    """What stands in the file."""

    series: str
    holder: Annotated[str, parsed(parse_address)]
    units: Quantity
    instructions: FileName


@dataclass(frozen=True)
class InKindRequest:
    """A redemption as it was read, and where."""

    path: Path
    content: InKindFile

    @property
    def instructions(self) -> bytes:
        """Keccak-256 of the instructions."""
        return document_hash(self.path.parent / self.content.instructions)


def read_request(path: Path) -> InKindRequest:
    """Read a file; raises `InputProblems` with everything that is wrong in it."""
    return InKindRequest(path, read_model(path, InKindFile))
