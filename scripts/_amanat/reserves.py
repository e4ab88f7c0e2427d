"""A commodity reserve as the chain tells it: its terms, its lots, what is recognised of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from scripts._amanat.artifacts import decode_error
from scripts._amanat.command import Desk
from scripts._amanat.errors import InputRefused, NotPermitted
from scripts._amanat.network import RpcError
from scripts._amanat.onchain import Contract, Programme, Series
from scripts._amanat.quantities import in_words, smallest
from scripts._amanat.reading import Unreadable

CLASS = "CommodityReserve"
REGISTER, DELIVERIES = "LotRegister", "RedemptionDesk"
CUSTODIAN, AUDITOR, FISCAL_AGENT = "custodian", "auditor", "fiscal_agent"


@dataclass(frozen=True)
class Keepers:
    """Who keeps a reserve, and who verifies it."""

    custodian: str
    auditor: str

    def of(self, role: str) -> str:
        """The address of the one or the other."""
        return self.custodian if role == CUSTODIAN else self.auditor


class Reserve:
    """One series and what it stands on; InputRefused where the series is no commodity's."""

    def __init__(self, desk: Desk, word: str) -> None:
        self._desk = desk
        self.programme = Programme(desk.chain, desk.record)
        self.series: Series = self.programme.find_series(word)
        if self.series.class_name != CLASS:
            raise InputRefused(
                f"{self.series.id} is a {self.series.class_name}, and stands on no reserve",
                what_to_do="Name the series of a commodity.",
            )

    @property
    def token(self) -> Contract:
        return self.series.token

    @property
    def register(self) -> Contract:
        return self.programme[REGISTER]

    @cached_property
    def terms(self) -> Any:
        return self.programme.terms(self.series)

    @property
    def precision(self) -> int:
        return int(self.terms.decimals)

    @cached_property
    def keepers(self) -> Keepers:
        return Keepers(*self.register.read("keepersOf", self.series.address))

    def units(self, quantity: Any, field: str) -> int:
        """Smallest units of a quantity; InputRefused where it is finer than the series."""
        try:
            return smallest(quantity, self.precision)
        except Unreadable as error:
            raise InputRefused(f"{field}: {quantity} {error.wrong}; right: {error.right}") from None

    def shown(self, units: int) -> str:
        """Smallest units with the name of the unit."""
        return in_words(units, self.precision, self.unit)

    @property
    def unit(self) -> str:
        return bytes(self.terms.unit).rstrip(b"\0").decode("ascii").lower()

    def recognised(self) -> tuple[int | None, str]:
        """What may be in circulation; None, and the reason, where that is not known."""
        try:
            return int(self.register.read("recognisedReserve", self.series.address)), ""
        except RpcError as answer:
            if not answer.is_revert:
                raise
            return None, str(decode_error(answer.data))

    def lot(self, lot_id: bytes) -> Any:
        """A lot as the register keeps it, as a named tuple."""
        return self.register.read("lot", self.series.address, lot_id)

    def signs_for(self, role: str) -> bool:
        """Whether the key of this series' custodian or auditor is on this machine."""
        return signs(self._desk, role, self.keepers.of(role))


def signs(desk: Desk, role: str, address: str) -> bool:
    """Whether the key that this machine has for a role is that account's."""
    try:
        return desk.signers[role].address == address
    except NotPermitted:
        return False


def lot_id_of(name: str) -> bytes:
    """The name of a lot as the register keeps it: ASCII, padded with zeros."""
    return name.encode("ascii").ljust(32, b"\0")


def lot_name(lot_id: bytes) -> str:
    """The name of a lot as people write it."""
    return lot_id.rstrip(b"\0").decode("ascii", "replace")
