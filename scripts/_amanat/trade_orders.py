"""A holder's order for a trade, as it is signed and handed on: EIP-712, a JSON file each.

    {"chain_id": "31337", "contract": "0x…", "order": {"maker": "0x…", "side": "sell", …},
     "digest": "0x…", "signature": "0x…"}

Every figure is written as text, so that no reader makes a float of it. A file for another chain or
contract, or whose digest is not its order's, is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from scripts._amanat.errors import InputRefused
from scripts._amanat.onchain import NOBODY
from scripts._amanat.reading import Unreadable, parse_address, parse_choice, parse_whole
from scripts._amanat.yaml_files import StrictModel, parsed, read_model

if TYPE_CHECKING:
    from eth_account.messages import SignableMessage

    from scripts._amanat.onchain import Contract

ANY = "any"
"""How a file names no counterparty or venue in particular."""

DOMAIN_NAME, DOMAIN_VERSION = "Amanat Delivery versus Payment", "1"

_FIELDS = (
    "address maker,address counterparty,address venue,address token,address cash,uint8 side,"
    "uint8 basis,uint256 units,uint256 minimumFill,uint256 consideration,uint256 expiry,"
    "uint256 salt"
)
TYPES = {
    "TradeOrder": [
        dict(zip(("type", "name"), field.split(), strict=True)) for field in _FIELDS.split(",")
    ]
}

ORDER = "({})".format(",".join(field["type"] for field in TYPES["TradeOrder"]))
"""The struct in a function's signature."""


class Side(IntEnum):
    """As in `ITradeOrders.sol`."""

    BUY = 0
    SELL = 1


class Basis(IntEnum):
    """What the consideration stands for, as in `ITradeOrders.sol`."""

    CLEAN = 0
    DIRTY = 1


@dataclass(frozen=True)
class TradeOrder:
    """The order; fields, units and meaning are the struct's in `ITradeOrders.sol`."""

    maker: str
    counterparty: str
    venue: str
    token: str
    cash: str
    side: Side
    basis: Basis
    units: int
    minimum_fill: int
    consideration: int  # smallest units of cash
    expiry: int  # Unix seconds
    salt: int

    @property
    def row(self) -> tuple[Any, ...]:
        """As the contract takes it."""
        return tuple(
            int(value) if isinstance(value, int) else value for value in vars(self).values()
        )

    def message(self, chain_id: int, contract: str) -> SignableMessage:
        """What the maker signs, for one chain and one contract."""
        from eth_account.messages import encode_typed_data

        domain = {
            "name": DOMAIN_NAME,
            "version": DOMAIN_VERSION,
            "chainId": chain_id,
            "verifyingContract": contract,
        }
        names = (field["name"] for field in TYPES["TradeOrder"])
        return encode_typed_data(domain, TYPES, dict(zip(names, self.row, strict=True)))


@dataclass(frozen=True)
class SignedOrder:
    """An order with its maker's signature, for one chain and one contract."""

    chain_id: int
    contract: str
    order: TradeOrder
    digest: bytes
    signature: bytes

    @property
    def row(self) -> tuple[Any, ...]:
        """As the contract takes it."""
        return (self.order.row, self.signature)

    def document(self) -> dict[str, Any]:
        """As it stands in a file."""
        order = vars(self.order) | {
            "counterparty": _name_of(self.order.counterparty),
            "venue": _name_of(self.order.venue),
            "side": self.order.side.name.lower(),
            "basis": self.order.basis.name.lower(),
        }
        return {
            "chain_id": str(self.chain_id),
            "contract": self.contract,
            "order": {name: str(value) for name, value in order.items()},
            "digest": "0x" + self.digest.hex(),
            "signature": "0x" + self.signature.hex(),
        }

    def write(self, path: Path) -> None:
        """Write the file; an existing one is replaced whole or not at all."""
        draft = path.with_suffix(path.suffix + ".part")
        draft.write_text(json.dumps(self.document(), indent=2) + "\n", "utf-8")
        draft.replace(path)


def digest_of(message: SignableMessage) -> bytes:
    """The 32 bytes that name an order on the chain."""
    from eth_utils.crypto import keccak

    return bytes(keccak(b"\x19" + message.version + message.header + message.body))


def read_signed_order(path: Path) -> SignedOrder:
    """Read a file; raises `InputProblems` with everything that is wrong in it."""
    read = read_model(path, _SignedOrderFile)
    return SignedOrder(
        read.chain_id,
        read.contract,
        TradeOrder(**dict(read.order)),
        bytes.fromhex(read.digest[2:]),
        bytes.fromhex(read.signature[2:]),
    )


def require_ours(signed: SignedOrder, path: Path, delivery: Contract, chain_id: int) -> None:
    """Raises InputRefused for an order that was signed for another place, or is not its digest."""
    faults = []
    if signed.chain_id != chain_id:
        faults.append(f"{path}, chain_id: {signed.chain_id}; right: {chain_id}")
    if signed.contract != delivery.address:
        faults.append(f"{path}, contract: {signed.contract}; right: {delivery.address}")
    digest = digest_of(signed.order.message(chain_id, delivery.address))
    if not faults and signed.digest != digest:
        faults.append(f"{path}, digest: is not the order's; right: 0x{digest.hex()}")
    if faults:
        raise InputRefused("the order cannot be settled here", faults)


def _hex_of(pattern: str, right: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise Unreadable("is not right", right)
        return text

    return parse


def _one_of(choices: type[IntEnum]) -> Callable[[str], Any]:
    named: Mapping[str, Any] = {choice.name.lower(): choice for choice in choices}
    return lambda text: parse_choice(text, named)


def _parse_party(text: str) -> str:
    """An account, or the word that admits anyone."""
    return NOBODY if text == ANY else parse_address(text)


def _name_of(party: str) -> str:
    return ANY if party == NOBODY else party


_Address = Annotated[str, parsed(parse_address)]
_Party = Annotated[str, parsed(_parse_party)]
_Whole = Annotated[int, parsed(parse_whole)]


class _OrderFile(StrictModel):
    maker: _Address
    counterparty: _Party
    venue: _Party
    token: _Address
    cash: _Address
    side: Annotated[Side, parsed(_one_of(Side))]
    basis: Annotated[Basis, parsed(_one_of(Basis))]
    units: _Whole
    minimum_fill: _Whole
    consideration: _Whole
    expiry: _Whole
    salt: _Whole


class _SignedOrderFile(StrictModel):
    chain_id: _Whole
    contract: _Address
    order: _OrderFile
    digest: Annotated[str, parsed(_hex_of(r"0x[0-9a-f]{64}", "0x and 64 hex digits"))]
    signature: Annotated[str, parsed(_hex_of(r"0x([0-9a-f]{2})+", "0x and pairs of hex digits"))]
