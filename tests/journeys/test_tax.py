"""`ape run set_tax`: rates and certificates, published once, never dated back."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import set_tax
from tests.journeys.live_programme import LiveProgramme

pytestmark = pytest.mark.chain

COUPON = 2


def write(folder: Path, *lines: str) -> str:
    (folder / "treaty.pdf").write_text("certificate\n", "utf-8")
    path = folder / "tax.yaml"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return str(path)


def test_a_table_is_published_once(live: LiveProgramme, tmp_path: Path) -> None:
    """A rate that holds now, one to come, and a certificate of one investor."""
    wallet = live.cast.foreigner.main_wallet
    table = write(
        tmp_path,
        "rates:",
        "  - {income: coupon, of: mutual_fund, residents: yes, rate: 0}",
        "  - {income: coupon, residents: yes, rate: 20, from: 2026-07-01}",
        "certificates:",
        f'  - {{wallet: "{wallet}", income: coupon, rate: 5, until: 2026-12-31, '
        "document: treaty.pdf}",
    )
    first = live.run(set_tax.cli, table)
    assert (first.exit_code, len(first.planned)) == (0, 2)
    assert all(check["ok"] for check in first.document["proof"])
    tax = live.programme["WithholdingTax"]
    fund, everyone = ((COUPON, code, True) for code in (9, 0))
    assert tax.read("rateRow", fund)[:2] == (True, 0)
    assert tax.read("rateRow", everyone).nextRate == 200_000
    assert tax.read("certificateOf", COUPON, wallet).rate == 50_000
    before = live.height
    again = live.run(set_tax.cli, table)
    assert (again.exit_code, again.planned, live.height) == (0, [], before)
    assert again.document["notes"] == ["3 of 3 rows stand already"]

    revoking = write(tmp_path, "revoked:", f'  - {{wallet: "{wallet}", income: coupon}}')
    assert live.run(set_tax.cli, revoking).exit_code == 0
    assert tax.read("certificateOf", COUPON, wallet).until == 0
    assert live.run(set_tax.cli, revoking).planned == []


def test_every_fault_of_a_table_is_told_at_once(live: LiveProgramme, tmp_path: Path) -> None:
    before = live.height
    table = write(
        tmp_path,
        "rates:",
        "  - {income: dividend, rate: 0}",
        "  - {income: coupon, of: bankers, rate: 0}",
        "  - {income: coupon, rate: 101}",
        "  - {income: coupon, rate: 1, till: 2026-01-01}",
    )
    refused = live.run(set_tax.cli, table)
    assert (refused.exit_code, live.height) == (2, before)
    told = refused.document["error"]["message"].splitlines()
    for row, key in ((2, "income"), (3, "of"), (4, "rate"), (5, "till")):
        assert any(f"row {row}, rates.{row - 1}.{key}" in line for line in told), key


def test_nothing_is_dated_back(live: LiveProgramme, tmp_path: Path) -> None:
    wallet = live.cast.foreigner.main_wallet
    table = write(
        tmp_path,
        "rates:",
        "  - {income: coupon, rate: 1, residents: yes, from: 2025-01-01}",
        "certificates:",
        f'  - {{wallet: "{wallet}", income: coupon, rate: 5, until: 2025-01-01, '
        "document: treaty.pdf}",
    )
    refused = live.run(set_tax.cli, table)
    assert refused.exit_code == 2
    told = refused.document["error"]["message"]
    assert "has passed; right: a later day" in told
    assert "ended 02-Jan-2025" in told
