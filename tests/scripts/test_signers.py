"""Keys: whose, where from, and never shown."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from eth_account import Account
from eth_account.messages import encode_defunct

from scripts._amanat.errors import InputRefused, NotPermitted
from scripts._amanat.signers import (
    DEVELOPMENT_ROLES,
    KeyfileSigner,
    Signers,
    development_account,
    is_public,
    passphrase_for,
)
from tests.scripts.office import Office

PASSPHRASE = "correct horse battery staple"


@pytest.fixture
def keyfile(tmp_path: Path) -> Path:
    path = tmp_path / "accounts" / "registrar.json"
    path.parent.mkdir()
    account = Account.from_key(b"\x11" * 32)
    path.write_text(json.dumps(Account.encrypt(account.key, PASSPHRASE, iterations=2)))
    return path


def test_development_keys_are_those_that_every_anvil_prints() -> None:
    """Addresses 0 and 9 as Anvil's own banner lists them."""
    assert development_account(0).address == "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
    assert development_account(9).address == "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720"
    assert is_public(development_account(DEVELOPMENT_ROLES["admin"]).address)
    assert not is_public(Account.from_key(b"\x11" * 32).address)


def test_a_keyfile_tells_its_address_without_being_unlocked(keyfile: Path) -> None:
    def never(role: str) -> str:
        raise AssertionError("asked for a passphrase")

    signer = KeyfileSigner("registrar", keyfile, never)
    assert signer.address == Account.from_key(b"\x11" * 32).address
    assert signer.kind == "keyfile registrar.json"


def test_a_passphrase_is_asked_once_for_a_key_that_plays_two_roles(
    office: Office, keyfile: Path
) -> None:
    asked: list[str] = []

    def ask(role: str) -> str:
        asked.append(role)
        return PASSPHRASE

    wanted = {"registrar": str(keyfile), "minter": str(keyfile)}
    signers = Signers(office.chain, wanted, passphrase=ask)
    for role in wanted:
        signature = signers[role].sign_message(encode_defunct(text="attested"))
        recovered = Account.recover_message(encode_defunct(text="attested"), signature=signature)
        assert recovered == signers[role].address
    assert asked == ["registrar"]
    assert PASSPHRASE not in repr(signers["minter"])
    assert "1111111111" not in repr(signers["minter"])


def test_a_wrong_passphrase_is_refused_without_being_repeated(keyfile: Path) -> None:
    signer = KeyfileSigner("registrar", keyfile, lambda role: "wrong horse")
    with pytest.raises(NotPermitted, match="registrar: the passphrase does not open") as refusal:
        signer.sign_message(encode_defunct(text="x"))
    assert "wrong horse" not in str(refusal.value)
    assert refusal.value.__suppress_context__


def test_an_alias_of_ape_accounts_names_a_keyfile(
    office: Office, keyfile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APE_DATA_FOLDER", str(keyfile.parents[1]))
    signers = Signers(office.chain, {"issuer": "registrar"})
    assert signers["issuer"].address == Account.from_key(b"\x11" * 32).address
    with pytest.raises(NotPermitted, match="'nobody' is neither a keyfile nor an account"):
        Signers(office.chain, {"issuer": "nobody"})["issuer"]


def test_the_environment_stands_over_the_programme_file(
    office: Office, keyfile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMANAT_SIGNER_ISSUER", str(keyfile))
    signers = Signers(office.chain, {"issuer": "development:3"})
    assert signers["issuer"].kind == "keyfile registrar.json"


def test_a_role_without_a_key_is_named(office: Office) -> None:
    with pytest.raises(NotPermitted, match="no signer is named for the role 'issuer'"):
        Signers(office.chain)["issuer"]


def test_a_development_key_signs_for_its_chain_alone(office: Office) -> None:
    with pytest.raises(NotPermitted, match="signs for chain 31337 alone"):
        office.signers["deployer"].sign_transaction({"chainId": 1})


def test_a_passphrase_file_is_its_owners_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "passphrase"
    path.write_text(PASSPHRASE + "\n")
    monkeypatch.setenv("AMANAT_PASSPHRASE_FILE", str(path))
    path.chmod(0o644)
    with pytest.raises(InputRefused, match="can be read by others") as refusal:
        passphrase_for("issuer")
    assert refusal.value.what_to_do == f"chmod 600 {path}"
    path.chmod(0o600)
    assert passphrase_for("issuer") == PASSPHRASE


def test_a_file_that_is_no_keyfile_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key.json").write_text("0x" + "11" * 32)
    with pytest.raises(NotPermitted, match="is no keyfile") as refusal:
        KeyfileSigner("issuer", tmp_path / "key.json", lambda role: "")
    assert "1111" not in str(refusal.value)


def test_a_wallet_is_signed_for_by_its_own_keyfile_alone(
    office: Office, keyfile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A holder's command never signs with another wallet's key."""
    monkeypatch.setenv("AMANAT_SIGNER_HOLDER", str(keyfile))
    remote = replace(office.chain, is_local=False)
    own = KeyfileSigner("holder", keyfile, lambda role: "")
    assert Signers(remote)[own.address].address == own.address
    with pytest.raises(NotPermitted, match="and not"):
        Signers(remote)[development_account(20).address]


def test_a_wallet_without_a_keyfile_is_told_how_to_name_one(office: Office) -> None:
    remote = replace(office.chain, is_local=False)
    with pytest.raises(NotPermitted) as refused:
        Signers(remote)[development_account(20).address]
    assert "AMANAT_SIGNER_HOLDER" in refused.value.what_to_do


# ---------------------------------------------------------------- seats that addresses hold

SAFE = "0x5aFE3855358E112B5647B952709E6165e1c1eEEe"


def test_a_seat_that_an_address_holds_signs_nothing_here(office: Office) -> None:
    """No development key slips in where the programme file names a Safe."""
    signers = Signers(office.chain, None, DEVELOPMENT_ROLES, seats={"steward": SAFE})
    assert (signers["steward"].address, signers.acts_here("steward")) == (SAFE, False)
    with pytest.raises(NotPermitted, match="its key is not here") as refusal:
        signers["steward"].sign_transaction({})
    assert "--propose FOLDER" in refusal.value.what_to_do
    with pytest.raises(NotPermitted, match="its key is not here"):
        signers["steward"].sign_message(encode_defunct(text="x"))
    assert signers.acts_here("releaser")


def test_on_a_local_chain_a_seat_may_be_the_development_keys_own(office: Office) -> None:
    own = development_account(DEVELOPMENT_ROLES["steward"]).address
    signers = Signers(office.chain, None, DEVELOPMENT_ROLES, seats={"steward": own})
    assert signers.acts_here("steward")


def test_who_acts_until_a_rotation_can_be_named_by_address_or_key(
    office: Office, keyfile: Path
) -> None:
    """The file says who shall hold a role; whoever still holds it grants and revokes."""
    wanted = {"admin": SAFE.lower(), "steward": str(keyfile)}
    seats = {"admin": development_account(40).address, "steward": SAFE}
    signers = Signers(office.chain, wanted, DEVELOPMENT_ROLES, seats=seats)
    assert (signers["admin"].address, signers.acts_here("admin")) == (SAFE, False)
    assert signers["steward"].address == Account.from_key(b"\x11" * 32).address


def test_an_address_with_a_wrong_checksum_is_no_seat(office: Office) -> None:
    signers = Signers(office.chain, {"admin": SAFE.replace("5aFE", "5AFE")})
    with pytest.raises(InputRefused, match="admin: 0x5AFE"):
        signers["admin"]
