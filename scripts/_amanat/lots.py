"""What custodian and auditor attest together: all the lots of a series, signed as one record.

    record = Attestation(token, sequence=1, as_of=now, document=digest, lots=(Lot(…),))
    record.typed_data(chain_id, register)      # for the two keepers' wallets, EIP-712
    register.attest(record.values, custodian_signature, auditor_signature)

Everything here is pure. Amounts are whole smallest units of the series, qualities millionths.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from eth_account.messages import SignableMessage

DOMAIN_NAME, DOMAIN_VERSION = "Amanat Lot Register", "1"
MILLIONTHS: Final = 1_000_000

_LOT = (
    "bytes32 lotId,uint112 gross,uint32 quality,uint112 net,bytes32 vault,bytes32 serials,"
    "bytes32 assay,uint40 insuredUntil"
)
_ATTESTATION = "address token,uint64 sequence,uint40 asOf,bytes32 document,Lot[] lots"


def _fields(written: str) -> list[dict[str, str]]:
    return [dict(zip(("type", "name"), field.split(), strict=True)) for field in written.split(",")]


TYPES: Final = {"Attestation": _fields(_ATTESTATION), "Lot": _fields(_LOT)}

LOT: Final = "({})".format(",".join(field["type"] for field in TYPES["Lot"]))
ATTESTATION: Final = f"(address,uint64,uint40,bytes32,{LOT}[])"
"""The structs in a function's signature."""


class Measure(IntEnum):
    """What the quality of a lot says, as in `CommodityTerms.sol`."""

    CONTENT = 0
    GRADE = 1


def content_down(gross: int, quality: int) -> int:
    """What `gross` of a quality of so many millionths holds, floored: 400.025 oz of 0.9958 are
    398.344 fine ounces."""
    return gross * quality // MILLIONTHS


@dataclass(frozen=True, slots=True)
class Lot:
    """One lot, in the order of `ILotRegister.sol`; ids and vaults are ASCII padded with zeros."""

    lot_id: bytes
    gross: int
    quality: int
    net: int
    vault: bytes
    serials: bytes
    assay: bytes
    insured_until: int

    @property
    def values(self) -> tuple[Any, ...]:
        """As the register takes it."""
        return astuple(self)


@dataclass(frozen=True, slots=True)
class Attestation:
    """All that is in store for a series at `as_of`, Unix time, in ascending order of the ids."""

    token: str
    sequence: int
    as_of: int
    document: bytes
    lots: tuple[Lot, ...]

    @property
    def values(self) -> tuple[Any, ...]:
        """As the register takes it."""
        lots = [lot.values for lot in self.lots]
        return self.token, self.sequence, self.as_of, self.document, lots

    def typed_data(self, chain_id: int, register: str) -> dict[str, Any]:
        """The whole EIP-712 message, ready for a wallet."""
        names = [field["name"] for field in TYPES["Attestation"]]
        message = dict(zip(names, self.values, strict=True))
        lot_names = [field["name"] for field in TYPES["Lot"]]
        message["lots"] = [dict(zip(lot_names, lot.values, strict=True)) for lot in self.lots]
        return {
            "domain": {
                "name": DOMAIN_NAME,
                "version": DOMAIN_VERSION,
                "chainId": chain_id,
                "verifyingContract": register,
            },
            "types": TYPES,
            "primaryType": "Attestation",
            "message": message,
        }

    def signable(self, chain_id: int, register: str) -> SignableMessage:
        """What a keeper's key signs."""
        from eth_account.messages import encode_typed_data

        data = self.typed_data(chain_id, register)
        return encode_typed_data(data["domain"], data["types"], data["message"])

    def digest(self, chain_id: int, register: str) -> bytes:
        """The hash of it: `LotRegister.attestationDigest`."""
        from eth_utils.crypto import keccak

        message = self.signable(chain_id, register)
        return bytes(keccak(b"\x19" + message.version + message.header + message.body))
