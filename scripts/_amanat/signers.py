"""Who signs for a role, and where the key is.

On a local chain a role signs with a development key, derived from the mnemonic that every Anvil
prints. Anywhere else those keys are refused, and a role signs with an encrypted keyfile (the
format of geth and of `ape accounts`): its address is known at once, it is unlocked only when
something is to be signed, and neither key nor passphrase is ever shown, logged or written.
"""

from __future__ import annotations

import getpass
import hmac
import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from scripts._amanat.errors import InputRefused, NotPermitted
from scripts._amanat.network import Chain

if TYPE_CHECKING:
    from eth_account.datastructures import SignedTransaction
    from eth_account.messages import SignableMessage
    from eth_account.signers.local import LocalAccount

DEVELOPMENT_MNEMONIC = "test test test test test test test test test test test junk"
DEVELOPMENT_ROLES: Mapping[str, int] = {
    "deployer": 0,
    "issuer": 1,
    "registrar": 2,
    "minter": 3,
    "regulator": 4,
    "freezer": 5,
    "releaser": 6,
    "compliance_officer": 7,
    "order_executor": 8,
    "recovery_agent": 9,
    "guardian": 10,
    "paying_agent": 11,
    "fiscal_agent": 12,
    "pause_confirmer": 13,
    "steward": 14,
    "claim_issuer": 15,
    "admin": 16,
    "treasury": 17,
    "tax_agent": 18,
    "tax_authority": 19,
    "custodian": 290,
    "auditor": 291,
    "rate_agent": 292,
    "board": 293,
    "licensor": 294,
    "emergency": 295,
}
"""Which development key plays which role on a local chain; indexes of `Roles.sol` where it has
the role."""

HOLDER = "holder"
"""Whose wallet a holder's own command acts for, where it is not a development key's."""

ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
WELL_KNOWN = 32
FIRST_INVESTOR, LAST_INVESTOR = 20, 511
"""Development keys from the one index to the other play investors."""


class Signer(Protocol):
    """Signs what it is given; only `execute` gives it transactions."""

    @property
    def address(self) -> str:
        """The checksummed address, known without unlocking."""

    @property
    def kind(self) -> str:
        """Where the key is, in words for tables."""

    def sign_transaction(self, transaction: Mapping[str, Any]) -> SignedTransaction:
        """The signed transaction; NotPermitted where the key cannot be had."""

    def sign_message(self, message: SignableMessage) -> bytes:
        """65 bytes over an EIP-191 or EIP-712 message."""


@dataclass(frozen=True)
class DevelopmentSigner:
    """A key of the public mnemonic, for local chains alone."""

    index: int
    chain_id: int

    @classmethod
    def on(cls, chain: Chain, index: int) -> DevelopmentSigner:
        """The only door: refuses any chain that is not local in id, client and host together."""
        if not chain.is_local:
            raise NotPermitted(
                f"development keys are public; chain {chain.chain_id} ({chain.client} at "
                f"{chain.host}) is not local"
            )
        return cls(index, chain.chain_id)

    @property
    def address(self) -> str:
        return str(development_account(self.index).address)

    @property
    def kind(self) -> str:
        return f"development key {self.index}"

    def sign_transaction(self, transaction: Mapping[str, Any]) -> SignedTransaction:
        if transaction["chainId"] != self.chain_id:
            raise NotPermitted(f"this development key signs for chain {self.chain_id} alone")
        return development_account(self.index).sign_transaction(dict(transaction))

    def sign_message(self, message: SignableMessage) -> bytes:
        return bytes(development_account(self.index).sign_message(message).signature)


@dataclass
class KeyfileSigner:
    """An encrypted keyfile. `passphrase` is asked once, when the first signature is needed."""

    role: str
    path: Path
    passphrase: Callable[[str], str] = field(repr=False)
    address: str = field(init=False)
    _account: LocalAccount | None = field(init=False, default=None, repr=False)

    def __post_init__(self) -> None:
        from eth_utils.address import to_checksum_address

        try:
            self.address = to_checksum_address(json.loads(self.path.read_text("utf-8"))["address"])
        except (OSError, ValueError, KeyError, TypeError) as fault:
            raise NotPermitted(
                f"{self.role}: {self.path} is no keyfile ({type(fault).__name__})"
            ) from None

    @property
    def kind(self) -> str:
        return f"keyfile {self.path.name}"

    def sign_transaction(self, transaction: Mapping[str, Any]) -> SignedTransaction:
        return self._unlocked().sign_transaction(dict(transaction))

    def sign_message(self, message: SignableMessage) -> bytes:
        return bytes(self._unlocked().sign_message(message).signature)

    def _unlocked(self) -> LocalAccount:
        if self._account is None:
            self._account = self._unlock(self.passphrase(self.role))
        return self._account

    def _unlock(self, passphrase: str) -> LocalAccount:
        from eth_account import Account

        try:
            key = Account.decrypt(self.path.read_text("utf-8"), passphrase)
        except (ValueError, TypeError):
            raise NotPermitted(f"{self.role}: the passphrase does not open {self.path}") from None
        account: LocalAccount = Account.from_key(key)
        if account.address != self.address:
            raise NotPermitted(f"{self.role}: {self.path} names an address that is not its key's")
        return account


@dataclass(frozen=True)
class Elsewhere:
    """An address that acts without a key of this machine: a Safe, whose owners sign."""

    role: str
    address: str

    @property
    def kind(self) -> str:
        return "no key here"

    def sign_transaction(self, transaction: Mapping[str, Any]) -> SignedTransaction:
        raise self._refusal()

    def sign_message(self, message: SignableMessage) -> bytes:
        raise self._refusal()

    def _refusal(self) -> NotPermitted:
        return NotPermitted(
            f"{self.role}: {self.address} acts, and its key is not here",
            what_to_do="Hand the steps over: run the same command with --propose FOLDER.",
        )


class Signers:
    """Roles and who signs for them on one chain.

    A role is looked up in the environment (`AMANAT_SIGNER_<ROLE>`), then in `wanted` (from the
    programme file), then among the `seats` that addresses hold, then, on a local chain alone, among
    the development keys in `development`. A value is a path to a keyfile, the alias of an account
    of `ape accounts`, `development:<index>`, or the address of who acts elsewhere.

    A wallet's address is a role too. It signs with the keyfile that `AMANAT_SIGNER_HOLDER` or
    `wanted` names for the holder, which must be that very wallet's; on a local chain the
    development keys that play investors sign for theirs.
    """

    def __init__(
        self,
        chain: Chain,
        wanted: Mapping[str, str] | None = None,
        development: Mapping[str, int] | None = None,
        passphrase: Callable[[str], str] | None = None,
        *,
        seats: Mapping[str, str] | None = None,
    ) -> None:
        self._chain, self._seats = chain, dict(seats or {})
        self._wanted = dict(wanted or {})
        self._development = dict(development or {})
        self._passphrase = passphrase or passphrase_for
        self._signers: dict[str, Signer] = {}
        self._keyfiles: dict[Path, KeyfileSigner] = {}  # one unlocking, however many roles

    def __getitem__(self, role: str) -> Signer:
        """The role's signer; NotPermitted where none is named or its key may not be used here."""
        if role not in self._signers:
            self._signers[role] = self._find(role)
        return self._signers[role]

    def acts_here(self, role: str) -> bool:
        """Whether its key is on this machine; NotPermitted where nobody is named at all."""
        return not isinstance(self[role], Elsewhere)

    def _find(self, role: str) -> Signer:
        return self._find_wallet(role) if role.startswith("0x") else self._find_role(role)

    def _find_wallet(self, wallet: str) -> Signer:
        if os.environ.get(f"AMANAT_SIGNER_{HOLDER.upper()}") or HOLDER in self._wanted:
            holder = self[HOLDER]
            if holder.address == wallet:
                return holder
            if not self._chain.is_local:
                raise NotPermitted(f"the holder's key is {holder.address}'s and not {wallet}'s")
        if self._chain.is_local:
            return DevelopmentSigner.on(self._chain, _investor_index(wallet))
        raise NotPermitted(
            f"no key is named for the wallet {wallet}",
            what_to_do="Name its encrypted keyfile as AMANAT_SIGNER_HOLDER and run again.",
        )

    def _find_role(self, role: str) -> Signer:
        source = os.environ.get(f"AMANAT_SIGNER_{role.upper()}") or self._wanted.get(role)
        if source is None:
            if role in self._seats:
                return self._in_seat(role, self._seats[role])
            if role not in self._development:
                raise NotPermitted(f"no signer is named for the role {role!r}")
            return DevelopmentSigner.on(self._chain, self._development[role])
        if source.startswith("development:"):
            return DevelopmentSigner.on(self._chain, int(source.removeprefix("development:")))
        if ADDRESS.fullmatch(source) and role != HOLDER:
            return Elsewhere(role, _checksummed(role, source))
        path = keyfile_path(source)
        signer = self._keyfiles.get(path) or KeyfileSigner(role, path, self._passphrase)
        self._keyfiles[path] = signer
        if not self._chain.is_local and is_public(signer.address):
            raise NotPermitted(f"{role}: {signer.address} is a development key that everyone knows")
        return signer

    def _in_seat(self, role: str, address: str) -> Signer:
        """On a local chain the seat may be the development key's own."""
        if self._chain.is_local and role in self._development:
            key = DevelopmentSigner.on(self._chain, self._development[role])
            if key.address == address:
                return key
        return Elsewhere(role, address)


def keyfile_path(source: str) -> Path:
    """A path as it stands, or the keyfile of an Ape account by its alias."""
    if (path := Path(source).expanduser()).is_file():
        return path
    ape_folder = Path(os.environ.get("APE_DATA_FOLDER", "~/.ape")).expanduser()
    if (path := ape_folder / "accounts" / f"{source}.json").is_file():
        return path
    raise NotPermitted(f"{source!r} is neither a keyfile nor an account of `ape accounts`")


def passphrase_for(role: str) -> str:
    """From the file named by AMANAT_PASSPHRASE_FILE_<ROLE> or AMANAT_PASSPHRASE_FILE, else asked.

    The file must be readable by its owner alone; a trailing line break does not count.
    """
    name = os.environ.get(f"AMANAT_PASSPHRASE_FILE_{role.upper()}") or os.environ.get(
        "AMANAT_PASSPHRASE_FILE"
    )
    if name:
        return _passphrase_from(Path(name).expanduser())
    if not sys.stdin.isatty():
        raise NotPermitted(f"{role}: nobody is there to type a passphrase")
    return getpass.getpass(f"Passphrase of {role}: ", stream=sys.stderr)


def _passphrase_from(path: Path) -> str:
    try:
        open_to_others = path.stat().st_mode & 0o077
        text = path.read_text("utf-8")
    except OSError as fault:
        raise NotPermitted(f"passphrase file {path}: {fault.strerror}") from None
    if open_to_others:
        raise InputRefused(
            f"passphrase file {path} can be read by others", what_to_do=f"chmod 600 {path}"
        )
    return text.rstrip("\r\n")


def _checksummed(role: str, text: str) -> str:
    from scripts._amanat.reading import Unreadable, parse_address

    try:
        return parse_address(text)
    except Unreadable as fault:
        raise InputRefused(f"{role}: {text} {fault.wrong}; right: {fault.right}") from None


def is_public(address: str) -> bool:
    """True for an address whose key everyone can derive: whoever holds one holds nothing.

    The first of them, which tools offer, and those of our roles; to derive one takes a hundredth of
    a second.
    """
    indexes = {*range(WELL_KNOWN), *DEVELOPMENT_ROLES.values()}
    return any(development_account(index).address == address for index in indexes)


def _investor_index(wallet: str) -> int:
    """Which development key an investor's wallet is of; NotPermitted where it is of none."""
    for index in range(FIRST_INVESTOR, LAST_INVESTOR + 1):
        if development_account(index).address == wallet:
            return index
    raise NotPermitted(f"{wallet} is no investor's development wallet: its owner signs for it")


@lru_cache(maxsize=1024)
def development_account(index: int) -> LocalAccount:
    """The account at m/44'/60'/0'/0/index of the public mnemonic."""
    from eth_account import Account
    from eth_account.hdaccount.deterministic import SoftNode, derive_child_key

    key, _ = derive_child_key(*_development_parent(), SoftNode(index))
    account: LocalAccount = Account.from_key(key)
    return account


@lru_cache(maxsize=1)
def _development_parent() -> tuple[bytes, bytes]:
    """Key and chain code at m/44'/60'/0'/0, from which each account is one derivation away."""
    from eth_account.hdaccount import seed_from_mnemonic
    from eth_account.hdaccount.deterministic import Node, derive_child_key

    seed = seed_from_mnemonic(DEVELOPMENT_MNEMONIC, passphrase="")
    master = hmac.digest(b"Bitcoin seed", seed, "sha512")  # BIP-32
    key, code = master[:32], master[32:]
    for node in ("44'", "60'", "0'", "0"):
        key, code = derive_child_key(key, code, Node.decode(node))
    return key, code
