"""A sealed bid: what its commitment is the hash of, and how the bidder keeps it.

The salt comes from the bidder's own key: its signature over auction and number, hashed. So whoever
lost the file makes it anew from the key, the price and the amount. Neither a bid nor that signature
goes to any node before the close: the commitment is worked out here.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from scripts._amanat.reading import parse_address, parse_whole
from scripts._amanat.trade_orders import digest_of
from scripts._amanat.yaml_files import StrictModel, parsed, read_model

if TYPE_CHECKING:
    from scripts._amanat.signers import Signer

FOLDER = "bids"
REVEAL = "reveal((uint256,address,address,uint256,uint256,uint256,bytes32))"
NAME, VERSION = "Amanat Auction", "1"

_FIELDS = (
    "uint256 auctionId,address investor,address bidder,uint256 number,uint256 price,"
    "uint256 units,bytes32 salt"
)


def _typed(name: str, fields: str) -> dict[str, list[dict[str, str]]]:
    return {
        name: [
            dict(zip(("type", "name"), field.split(), strict=True)) for field in fields.split(",")
        ]
    }


@dataclass(frozen=True)
class Place:
    """Where a bid holds: one contract on one chain."""

    chain_id: int
    contract: str

    def message(self, types: dict[str, list[dict[str, str]]], values: tuple[Any, ...]) -> Any:
        """EIP-712, under the auctions' domain."""
        from eth_account.messages import encode_typed_data

        domain = {
            "name": NAME,
            "version": VERSION,
            "chainId": self.chain_id,
            "verifyingContract": self.contract,
        }
        (fields,) = types.values()
        names = (field["name"] for field in fields)
        return encode_typed_data(domain, types, dict(zip(names, values, strict=True)))


@dataclass(frozen=True)
class SealedBid:
    """The bid; fields, units and meaning are the struct's in `ISealedBids.sol`."""

    auction: int
    investor: str
    bidder: str
    number: int
    price: int  # ten-thousandths per 100 of face
    units: int
    salt: bytes

    @property
    def row(self) -> tuple[Any, ...]:
        """As the contract takes it."""
        return tuple(vars(self).values())

    def commitment(self, place: Place) -> bytes:
        """What is sealed."""
        return digest_of(place.message(_typed("SealedBid", _FIELDS), self.row))

    # ---------------------------------------------------------------- as a file

    def path(self, folder: Path) -> Path:
        """Its file among the records of a chain."""
        return folder / FOLDER / f"auction-{self.auction}-{self.bidder}-{self.number}.json"

    def keep(self, folder: Path) -> None:
        """Write it for its owner's eyes alone, whole or not at all."""
        path = self.path(folder)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_suffix(".part")
        draft.unlink(missing_ok=True)
        content = {name: str(value) for name, value in vars(self).items()}
        content["salt"] = "0x" + self.salt.hex()
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)


def salt_of(signer: Signer, place: Place, auction: int, number: int) -> bytes:
    """32 bytes that only this key makes, and always makes again (RFC 6979).

    Warning: who sees the signature can guess the bid. It is never stored or shown.
    """
    from eth_utils.crypto import keccak

    types = _typed("BidSalt", "uint256 auctionId,uint256 number")
    return bytes(keccak(signer.sign_message(place.message(types, (auction, number)))))


def kept_bids(folder: Path, auction: int) -> Iterator[SealedBid]:
    """The bids of an auction that are kept here; raises InputRefused for a spoilt file."""
    for path in sorted((folder / FOLDER).glob(f"auction-{auction}-*.json")):
        read = read_model(path, _BidFile)
        values = dict(read) | {"salt": bytes.fromhex(read.salt[2:])}
        yield SealedBid(**values)


_Whole = Annotated[int, parsed(parse_whole)]
_Address = Annotated[str, parsed(parse_address)]


class _BidFile(StrictModel):
    auction: _Whole
    investor: _Address
    bidder: _Address
    number: _Whole
    price: _Whole
    units: _Whole
    salt: str
