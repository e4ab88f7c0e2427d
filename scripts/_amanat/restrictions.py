"""Why a transfer is refused, as a wallet learns it: the ERC-1404 code, its sentence, the error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts._amanat.errors import ChainRefused

if TYPE_CHECKING:
    from scripts._amanat.onchain import Contract

ALLOWED = 0


@dataclass(frozen=True)
class Restriction:
    """What the token says of a transfer before anything is sent."""

    code: int
    message: str
    error: str
    """The error that the transfer itself reverts with, decoded; empty where it passes."""
    data: bytes = b""

    @property
    def allows(self) -> bool:
        """True where nothing forbids the transfer."""
        return self.code == ALLOWED

    @property
    def error_name(self) -> str:
        """The error without its values."""
        return self.error.split("(")[0]


class TransferRefused(ChainRefused):
    """A holder's transfer would be refused; nothing was sent."""

    what_to_do = "Nothing was sent. Put right what the reason names, or choose another transfer."

    def __init__(self, restriction: Restriction) -> None:
        reason = f"{restriction.message} (code {restriction.code}: {restriction.error})"
        super().__init__("transfer", reason, restriction.data)
        self.restriction = restriction
        self.details = {
            "restriction": {
                "code": restriction.code,
                "message": restriction.message,
                "error": restriction.error,
            }
        }


def restriction_of(token: Contract, sender: str, recipient: str, amount: int) -> Restriction:
    """Ask `detectTransferRestriction`, its sentence, and the very call that the sender would send.

    `amount` is in smallest units of the token.
    """
    code = int(token.read("detectTransferRestriction", sender, recipient, amount))
    message = str(token.read("messageForTransferRestriction", code))
    error, data = revert_of(token, sender, recipient, amount)
    return Restriction(code, message, error, data)


def revert_of(token: Contract, sender: str, recipient: str, amount: int) -> tuple[str, bytes]:
    """The decoded error of the transfer as a call of the sender, and its bytes; empty if none."""
    from scripts._amanat.artifacts import decode_error

    query = token.query("transfer", recipient, amount)
    revert = token.chain.revert_of({**query.request, "from": sender})
    if revert is None:
        return "", b""
    return str(decode_error(revert.data)) if revert.data else revert.message, revert.data
