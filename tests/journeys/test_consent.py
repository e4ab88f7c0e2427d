"""On a real chain investors consent with their own wallets: what is pending, and who finishes it.

The operator has none of their keys there: `allot`, `tap` and `buy_back` settle who has allowed it,
and say of everybody else what must be allowed, by whom, and which command settles it then.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from eth_account import Account
from eth_utils.address import to_checksum_address

from scripts._amanat.build import ROOT
from scripts._amanat.onchain import Contract, Series
from scripts._amanat.pilot_cast import morning
from tests.scripts.registry_office import INVESTORS, PROGRAMME, SAMPLES, TERMS, Answer, opened
from tests.scripts.registry_office import RegistryOffice as Office

pytestmark = [pytest.mark.chain, pytest.mark.slow]

SEPOLIA = 11_155_111
PASSPHRASE = "correct horse battery staple"
DECIMALS = 6
BOND = SAMPLES / "bonds" / "pib-2028-07-17.yaml"
LOT = 100_000

BIDS = "bid,investor,wallet,kind,face,price,yield,account"
OFFERS = "offer,investor,wallet,offered,accepted,price,yield,account"


@dataclass(frozen=True)
class Abroad:
    """A programme whose roles sign with keyfiles, on an Anvil that says it is a testnet."""

    office: Office
    cash: str
    keys: dict[str, str]
    first: str
    second: str
    """Two dealers, who have their own keys."""

    def run(self, command: str, *words: str | Path) -> Answer:
        return self.office.run(command, *words, "--programme", self.office.folder / "real.yaml")

    def done(self, command: str, *words: str | Path) -> Answer:
        answer = self.run(command, *words)
        assert answer.exit_code == 0, answer.said
        return answer

    def until(self, day: date) -> None:
        self.office.chain.advance_to(morning(day))

    @property
    def money(self) -> Contract:
        return Contract(self.office.programme.chain, "PilotRupee", self.cash)

    @property
    def desk(self) -> str:
        """Whom investors allow to take what they pay or give up."""
        return self.office.programme["DeliveryVersusPayment"].address

    def series(self, name: str) -> Series:
        return self.office.programme.find_series(name)

    def send(self, sender: str, contract: Contract, function: str, *args: Any) -> None:
        """By the investor's own wallet, which no command has the key of."""
        request = contract.query(function, *args).request
        sent = self.office.chain.rpc("eth_sendTransaction", {**request, "from": sender})
        assert int(self.office.chain.receipt(sent)["status"], 16) == 1

    def refuses_to_sign_for_investors(self, name: str) -> None:
        words = (name, str(LOT), "--from", self.first, "--to", self.second)
        refused = self.run("transfer", *words)
        assert refused.exit_code == 3
        assert f"no key is named for the wallet {self.first}" in refused.said


@pytest.fixture(scope="module")
def testnet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Abroad]:
    folder = tmp_path_factory.mktemp("testnet")
    with pytest.MonkeyPatch.context() as patch, opened(folder, SEPOLIA) as office:
        for name in ("AMANAT_DEBUG", "AMANAT_NETWORK", "AMANAT_SIGNER_HOLDER"):
            patch.delenv(name, raising=False)
        passphrase = folder / "passphrase"
        passphrase.write_text(PASSPHRASE, "utf-8")
        passphrase.chmod(0o600)
        patch.setenv("AMANAT_PASSPHRASE_FILE", str(passphrase))
        made = _deployed(office)
        made.done("register_investors", _investors_of(office))
        yield made


def _deployed(office: Office) -> Abroad:
    content = yaml.safe_load(PROGRAMME.read_text("utf-8"))
    names = (*content["roles"], "deployer", "claim_issuer", "treasury", "tax_authority")
    keys = {name: _keyfile(office, name) for name in names}
    cash = _cash(office)
    content |= {
        "signers": {name: str(office.folder / f"{name}.json") for name in names},
        "cash": {"token": cash, "currency": "PKR"},
        "chain_id": SEPOLIA,
    }
    office.written("real.yaml", yaml.safe_dump(content))
    office.done("deploy", "--programme", office.folder / "real.yaml")
    first, second = (row.split(",")[0] for row in _dealers())
    return Abroad(office, cash, keys, first, second)


def _keyfile(office: Office, name: str) -> str:
    account = Account.create()
    sealed = Account.encrypt(account.key, PASSPHRASE, iterations=2)
    office.written(f"{name}.json", json.dumps(sealed))
    office.chain.rpc("anvil_setBalance", account.address, hex(10**20))
    return str(account.address)


def _cash(office: Office) -> str:
    """A stablecoin of others; whoever asks is given some."""
    artifact = json.loads((ROOT / ".build/test-artifacts/FakeCash.json").read_text("utf-8"))
    code = artifact["deploymentBytecode"]["bytecode"] + f"{DECIMALS:064x}"
    sender = office.chain.rpc("eth_accounts")[0]
    sent = office.chain.rpc("eth_sendTransaction", {"from": sender, "data": code})
    return str(to_checksum_address(office.chain.receipt(sent)["contractAddress"]))


def _dealers() -> list[str]:
    """Two rows of the sample list: primary dealers with one wallet each."""
    rows = [r for r in INVESTORS.read_text("utf-8").splitlines() if ",PK,primary_dealer," in r]
    names = [row.split(",")[1] for row in rows]
    return [row for row in rows if names.count(row.split(",")[1]) == 1][:2]


def _investors_of(office: Office) -> Path:
    header = INVESTORS.read_text("utf-8").splitlines()[0]
    return office.written("investors.csv", "\n".join((header, *_dealers())) + "\n")


def test_an_allotment_waits_for_each_bidders_own_consent(testnet: Abroad) -> None:
    """Exactly the cost of the bids, approved by the bidder: then the same command settles it."""
    office, list_ = testnet.office, testnet.office.folder / "investors.csv"
    testnet.until(date(2025, 10, 1))
    assert testnet.run("issue", TERMS).exit_code == 0
    testnet.until(date(2025, 10, 2))
    auction = office.written(
        "auction.csv",
        f"{BIDS}\nC-001,,{testnet.first},competitive,5000000,97.5365,10.8457,ACC-1\n"
        f"C-002,,{testnet.second},competitive,10000000,97.4913,11.0499,ACC-2\n",
    )
    words = ("allot", TERMS, auction, "--investors", list_)
    local = testnet.run(*words, "--fund-on-local-chain")
    assert local.exit_code == 2 and "this chain is not local" in local.said

    waiting = testnet.run(*words)
    costs = {testnet.first: 487_682_500 * 10**4, testnet.second: 974_913_000 * 10**4}
    assert (waiting.exit_code, waiting.steps) == (10, [])
    assert waiting.document["pending"] == [
        {
            "what": f"approve {cost} of {testnet.cash} to {testnet.desk} (allowed: 0; has 0)",
            "who": wallet,
            "from_when": None,
            "command": f"ape run allot {TERMS} {auction} --investors {list_}",
        }
        for wallet, cost in costs.items()
    ]
    told = waiting.said.split("Pending:\n")[1].splitlines()
    assert [line.split(", now: approve ")[0].strip() for line in told[:2]] == [*costs]
    assert told[2].strip() == f"then run: {waiting.document['pending'][0]['command']}"

    money, height = testnet.money, office.height()
    testnet.send(testnet.first, money, "mint(address,uint256)", testnet.first, costs[testnet.first])
    assert "has enough" in testnet.run(*words).document["pending"][0]["what"]
    testnet.send(testnet.first, money, "approve", testnet.desk, costs[testnet.first])
    part = testnet.run(*words)
    assert (part.exit_code, part.steps) == (10, ["settle bids C-001 to C-001"])
    assert [each["who"] for each in part.document["pending"]] == [testnet.second]
    assert part.failed == []

    testnet.send(testnet.second, money, "mint(address,uint256)", testnet.second, 10**18)
    testnet.send(testnet.second, money, "approve", testnet.desk, costs[testnet.second])
    last = testnet.done(*words)
    assert last.steps == ["settle bids C-002 to C-002"]
    assert testnet.done(*words).steps == []
    assert office.height() == height + 6  # four of theirs, two of the operator's
    assert testnet.series("MTB-26DEC25").supply == 15_000_000
    assert money.read("balanceOf", testnet.keys["treasury"]) == sum(costs.values())
    assert money.read("allowance", testnet.first, testnet.desk) == 0
    testnet.until(date(2025, 10, 3))  # when its lock-up is over
    testnet.refuses_to_sign_for_investors("MTB-26DEC25")


def test_a_tap_and_a_buyback_wait_for_bidders_and_sellers(testnet: Abroad) -> None:
    """Bidders approve money, sellers units; the treasury signs with its own keyfile."""
    office, list_ = testnet.office, testnet.office.folder / "investors.csv"
    testnet.until(date(2025, 11, 5))
    assert testnet.run("issue", BOND).exit_code == 0
    day = date(2025, 11, 6)
    testnet.until(day)
    bids = office.written(
        "tap.csv", f"{BIDS}\nP-001,,{testnet.first},competitive,1000000,97.7244,11.4900,ACC-1\n"
    )
    words = ("tap", "PIB-17JUL28", bids, "--settlement", str(day), "--investors", list_)
    waiting = testnet.run(*words)
    cost = 100_920_052 * 10**4  # the published 97.7244 and 3.195652 accrued, to the paisa
    assert (waiting.exit_code, waiting.steps) == (10, [])
    (pending,) = waiting.document["pending"]
    assert (pending["who"], pending["what"].split(" (")[0]) == (
        testnet.first,
        f"approve {cost} of {testnet.cash} to {testnet.desk}",
    )
    testnet.send(testnet.first, testnet.money, "mint(address,uint256)", testnet.first, cost)
    testnet.send(testnet.first, testnet.money, "approve", testnet.desk, cost)
    assert testnet.done(*words).steps == ["settle bids P-001 to P-001"]

    offers = office.written(
        "buyback.csv", f"{OFFERS}\nB-001,,{testnet.first},500000,300000,98.0000,,ACC-1\n"
    )
    words = ("buy_back", "PIB-17JUL28", offers, "--settlement", str(day), "--investors", list_)
    waiting = testnet.run(*words)
    assert (waiting.exit_code, waiting.steps) == (10, [])
    (pending,) = waiting.document["pending"]
    assert (pending["who"], pending["what"]) == (
        testnet.first,
        f"approve 300,000 of pib-2028-07-17 to {testnet.desk}",
    )
    bond = testnet.series("PIB-17JUL28").token
    testnet.send(testnet.first, bond, "approve", testnet.desk, 300_000)
    bought = testnet.done(*words)
    assert bought.steps == ["let the settlement take the money", "settle offers B-001 to B-001"]
    assert testnet.done(*words).steps == []
    assert testnet.series("PIB-17JUL28").supply == 700_000
    assert bond.read("balanceOf", testnet.first) == 700_000
