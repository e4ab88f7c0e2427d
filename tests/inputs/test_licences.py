"""Files of licences, and lists of what venues hold for their customers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from eth_utils.crypto import keccak

from scripts._amanat.business_days import start_of_day_karachi
from scripts._amanat.customer_returns import MerkleTree, leaf_of
from scripts._amanat.errors import InputRefused
from scripts._amanat.licence_files import ANY_AMOUNT, name_of, read_holdings, read_licences
from scripts._amanat.reading import InputProblems
from tests.programme import licensing

WALLET = "0xBE9086f1A38740F297F6347B531732541289b220"
OTHER = "0xD4Db664B707353422b1Ffc94038cDD0a7D074D51"
NOC = f"""venues:
  - name: Binance
    wallet: "{WALLET}"
    stage: noc
    services: [custody, exchange]
    serves: [institution, bank]
    valid_until: 2026-06-30
    document: noc.md
limits:
  - series: MTB-26DEC25
    licensed: {{hold: '5,000,000', trade: any, travel_above: 1000, services: [custody]}}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "noc.md").write_text("conditions\n")
    path = tmp_path / "licences.yaml"
    path.write_text(NOC)
    return path


def test_a_licence_is_read_as_the_contracts_take_it(file: Path) -> None:
    read = read_licences(file)
    wish, document = read.venues[0], keccak(b"conditions\n")
    # The last day belongs to it: 30-Jun-2026 24:00 in Karachi.
    until = start_of_day_karachi(date(2026, 7, 1))
    assert wish.terms == (1 | 2, 1 << 3 | 1 << 6, until, document)
    assert (wish.stage, wish.wallet, wish.document) == (1, WALLET, document)
    nothing = (0, 0, 0, 0)
    assert read.limits[0].rows == [nothing] * 3 + [(5_000_000, ANY_AMOUNT, 1_000, 1)]
    assert [name_of(each) for each in (0, 2, 6)] == ["none", "aml registered", "revoked"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("stage: noc", "stage: nocc"), "noc"),
        (("custody, exchange", "custodyy"), "custody"),
        (("institution", "instituton"), "institution"),
        (("    valid_until: 2026-06-30\n", ""), "valid_until"),
        (("valid_until: 2026-06-30", "valid_until: 30/06/2026"), "2026-06-30"),
        (("noc.md", "missing.md"), "document"),
        (("'5,000,000'", "99999999999999999999"), "hold"),
        (("name: Binance", "name: Binance\n    license: yes"), "license"),
        ((WALLET, WALLET.lower().replace("0xb", "0xB")), "wallet"),
    ],
)
def test_a_fault_is_told_with_its_field(file: Path, change: tuple[str, str], told: str) -> None:
    file.write_text(NOC.replace(*change))
    with pytest.raises(InputProblems) as refusal:
        read_licences(file)
    assert told in str(refusal.value)


def test_a_venue_stands_in_a_file_once(file: Path) -> None:
    once, _, limits = NOC.partition("limits:")
    file.write_text(once + once.replace("venues:\n", "") + "limits:" + limits)
    with pytest.raises(InputProblems, match="a second time"):
        read_licences(file)


def test_a_suspension_needs_its_order_alone(file: Path) -> None:
    file.write_text(
        f'venues:\n  - {{name: HTX, wallet: "{OTHER}", stage: suspended, document: noc.md}}\n'
    )
    assert read_licences(file).venues[0].ends


def test_a_list_of_holdings_is_read_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "returns.csv"
    path.write_text(f'series,wallet,customer,amount\nMTB-26DEC25,{WALLET},{OTHER},"1,500"\n')
    assert [(each.amount, each.row) for each in read_holdings(path)] == [(1_500, 2)]
    worse = f"MTB-26DEC25,{WALLET},{OTHER},7\nMTB-26DEC25,{WALLET},,-1\n"
    path.write_text(path.read_text() + worse)
    with pytest.raises(InputProblems) as refusal:
        read_holdings(path)
    for told in ("stands in row 2", "is empty", "amount"):
        assert told in str(refusal.value)


@pytest.mark.parametrize("size", range(1, 12))
def test_the_tree_is_the_one_that_the_contract_reads(size: int) -> None:
    """The tests of the contract build theirs by themselves."""
    parts = [(n, WALLET, WALLET, OTHER, 100 + n) for n in range(size)]
    fields = ("index", "token", "from", "customer", "amount")
    leaves = [licensing.leaf_of(dict(zip(fields, part, strict=True))) for part in parts]
    tree = MerkleTree([leaf_of(part) for part in parts])
    assert tree.root == licensing.root_of(leaves)
    assert [tree.proof(n) for n in range(size)] == [
        licensing.proof_of(leaves, n) for n in range(size)
    ]


def test_a_list_without_parts_is_no_list() -> None:
    with pytest.raises(InputRefused):
        MerkleTree([])
