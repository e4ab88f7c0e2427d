"""The order of a court or of the regulator, as a file.

series       the series it is about: id, symbol, ISIN or address
from, to     the wallet it takes from, and the verified wallet it gives to
amount       smallest units of the series
document     the order itself, a file beside this one; the chain keeps its keccak-256
expiry       the last day, in Pakistan, on which it can be executed
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field

from .orders import ForcedTransfer, document_hash, end_of_day
from .reading import parse_address, parse_date, parse_positive
from .yaml_files import StrictModel, parsed, read_model


class OrderFile(StrictModel):
    """What stands in the file."""

    series: str
    sender: Annotated[str, parsed(parse_address), Field(alias="from")]
    recipient: Annotated[str, parsed(parse_address), Field(alias="to")]
    amount: Annotated[int, parsed(parse_positive)]
    document: str
    expiry: Annotated[date, parsed(parse_date)]


def read_order(path: Path) -> ForcedTransfer:
    """Read an order file; raises `InputProblems` with everything that is wrong in it."""
    order = read_model(path, OrderFile)
    return ForcedTransfer(
        order.series,
        order.sender,
        order.recipient,
        order.amount,
        document_hash(path.parent / order.document),
        end_of_day(order.expiry),
    )
