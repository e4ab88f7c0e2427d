"""`ape run exchange` and `ape run migrate`: decided by two, carried in pages, proved by events."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from eth_utils.crypto import keccak

from scripts import exchange, freeze, instruct, issue, migrate, pause, pledge, transfer
from scripts._amanat.build import ROOT
from scripts._amanat.business_days import day_in_karachi
from scripts._amanat.onchain import Status
from tests.journeys.live_programme import SERIES, LiveProgramme

pytestmark = pytest.mark.chain

SHEET = ROOT / "scripts/_pilot/bills/mtb-3m-2025-10-02.yaml"
HEIR = "MTB-26DEC25-B"
UNITS = 100_000


@pytest.fixture
def decision(tmp_path: Path) -> str:
    """The decision behind it."""
    path = tmp_path / "decision.pdf"
    path.write_text("decision 2025-07\n", "utf-8")
    return str(path)


@pytest.fixture
def heir(live: LiveProgramme, tmp_path: Path) -> str:
    """A bill of the same terms, open for nothing but an exchange."""
    folder = tmp_path / "bills"
    shutil.copytree(SHEET.parent, folder)
    shutil.copytree(SHEET.parents[1] / "calendars", tmp_path / "calendars")
    text = SHEET.read_text("utf-8").replace("mtb-3m-2025-12-26", "mtb-3m-2025-12-26-b")
    text = text.replace("symbol: MTB-26DEC25", f"symbol: {HEIR}")
    sheet = folder / "heir.yaml"
    sheet.write_text(text, "utf-8")
    done = live.run(issue.cli, str(sheet), "--for-exchange")
    assert done.exit_code == 0, done.stderr
    assert [title.split()[0] for title in done.planned] == ["propose", "set", "approve", "open"]
    assert live.run(issue.cli, str(sheet), "--for-exchange").planned == []
    return HEIR


def test_a_series_is_replaced_holder_by_holder(
    live: LiveProgramme, heir: str, decision: str, tmp_path: Path
) -> None:
    """With what was frozen and pledged, after the board's delay; a second run does nothing."""
    words = (SERIES, heir, "--document", decision, "--page", "20")
    lender, borrower = live.cast.largest[:2]
    agreement = tmp_path / "agreement.pdf"
    agreement.write_text("repo\n", "utf-8")
    between = ("--from", borrower, "--to", lender, "--document", str(agreement))
    assert live.run(pledge.cli, SERIES, *between, "--amount", str(UNITS)).exit_code == 0
    assert live.run(freeze.cli, SERIES, lender, "--part", "5,000").exit_code == 0
    supply = live.series.supply
    accounts = live.programme.accounts(live.series.token)
    balances = live.programme.balances(live.series.token, accounts)

    first = live.run(exchange.cli, *words)
    assert first.exit_code == 10, first.stderr
    assert first.planned == ["schedule: propose that mtb-3m-2025-12-26-b replace mtb-3m-2025-12-26"]
    live.wait(first.pending[0])
    before = live.height
    dry = live.run(exchange.cli, *words, "--dry-run")
    assert (dry.exit_code, live.height) == (0, before), dry.stderr
    done = live.run(exchange.cli, *words)
    assert done.exit_code == 0, done.stderr
    verbs = [title.split()[0] for title in done.planned]
    assert verbs == ["propose", "close", "confirm", *["carry"] * 3, "note"]
    assert done.document["carried"] == supply and done.document["left"] == 0

    new = live.programme.find_series(heir)
    assert live.programme.balances(new.token, accounts) == balances
    assert new.token.read("getFrozenTokens", lender) == 5_000
    assert (live.series.status, live.series.supply, new.supply) == (Status.REDEEMED, 0, supply)
    before = live.height
    again = live.run(exchange.cli, *words)
    assert (again.exit_code, again.planned, live.height) == (0, [], before)
    released = live.run(pledge.cli, heir, *between, "--release")
    assert (released.exit_code, released.document["pledged_in_all"]) == (0, 0)


def test_who_is_locked_in_a_sale_is_waited_for(
    live: LiveProgramme, heir: str, decision: str, tmp_path: Path
) -> None:
    """All others go, and the rest of the seller; the same command finishes once it is let go."""
    words = (SERIES, heir, "--document", decision)
    seller, buyer = live.cast.largest[0], live.cast.newcomers[0]
    last_day = day_in_karachi(live.desk.chain.now()) + timedelta(days=1)
    lines = (
        f"series: {SERIES}",
        f'seller: "{seller}"',
        f'buyer: "{buyer}"',
        f"units: {UNITS:,}",
        'payment: "97,800.00"',
        "payment_reference: RTGS-2026-17",
        f"expiry: {last_day}",
    )
    sale = tmp_path / "sale.yaml"
    sale.write_text("\n".join(lines) + "\n", "utf-8")
    locked = live.run(instruct.cli, str(sale))
    assert locked.exit_code == 0, locked.stderr
    live.wait(live.run(exchange.cli, *words).pending[0])
    done = live.run(exchange.cli, *words)
    assert (done.exit_code, done.document["waiting"]) == (10, {seller: UNITS})
    assert live.series.supply == UNITS
    assert live.run(exchange.cli, *words).planned == []
    assert live.run(instruct.cli, str(sale), "--release").exit_code == 0
    last = live.run(exchange.cli, *words)
    assert (last.exit_code, [title.split()[0] for title in last.planned]) == (0, ["carry", "note"])


def test_a_series_goes_to_the_depository_by_its_register(
    live: LiveProgramme, decision: str, tmp_path: Path
) -> None:
    """The file's hash stands on the chain before anybody leaves; the entries rebuild the file."""
    register = tmp_path / "register.csv"
    words = (SERIES, "--document", decision, "--register", str(register))
    holder, pledgee = live.cast.largest[:2]
    agreement = tmp_path / "agreement.pdf"
    agreement.write_text("repo\n", "utf-8")
    between = ("--from", holder, "--to", pledgee, "--document", str(agreement))
    assert live.run(pledge.cli, SERIES, *between, "--amount", str(UNITS)).exit_code == 0
    supply = live.series.supply

    first = live.run(migrate.cli, *words)
    assert first.exit_code == 10, first.stderr
    live.wait(first.pending[0])
    refused = live.run(migrate.cli, *words)
    assert refused.exit_code == 2 and "is not paused" in refused.document["error"]["message"]
    assert live.run(pause.cli, SERIES).exit_code == 0
    done = live.run(migrate.cli, *words)
    assert done.exit_code == 0, done.stderr
    lines = register.read_text("ascii").splitlines()
    holdings = [line.split(",") for line in lines[1:] if line.startswith("holding")]
    assert sum(int(line[2]) for line in holdings) == supply
    liens = [line.split(",") for line in lines if line.startswith("pledge")]
    hashed = "0x" + keccak(agreement.read_bytes()).hex()
    assert [(line[1], line[2], line[5], line[6]) for line in liens] == [
        (holder, str(UNITS), pledgee, hashed)
    ]
    leaving = live.programme["SeriesExchange"].read("leavingOf", live.series.address)
    assert leaving.registerHash == keccak(register.read_bytes())
    assert (live.series.status, live.series.supply) == (Status.REDEEMED, 0)
    before = live.height
    again = live.run(migrate.cli, *words)
    assert (again.exit_code, again.planned, live.height) == (0, [], before)
    moved = live.run(transfer.cli, SERIES, "5,000", "--from", holder, "--to", pledgee)
    assert moved.exit_code == 5
