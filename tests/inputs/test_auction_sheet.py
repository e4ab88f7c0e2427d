"""The announcement of an auction on the chain, as a file."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from scripts._amanat.auction_sheets import parse_moment, read_auction_sheet
from scripts._amanat.errors import InputRefused
from scripts._amanat.reading import Unreadable
from scripts._amanat.sealed_bids import Place, SealedBid, kept_bids

SAMPLE = Path("scripts/_pilot/auctions/mtb-1m-2025-10-27.yaml")
NOBODY = "0x" + "00" * 20


def changed(root: Path, folder: Path, *changes: tuple[str, str]) -> Path:
    """The sample with other words in it."""
    text = (root / SAMPLE).read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "auction.yaml"
    path.write_text(text, "utf-8")
    return path


def test_the_sample_is_announced_in_smallest_units(root: Path) -> None:
    """Noon in Karachi is 07:00 UTC; a quarter of a per cent is 25 hundredths of one."""
    told = read_auction_sheet(root / SAMPLE).announcement(NOBODY, NOBODY, 2, bytes(32))
    assert told[2:6] == (450_000_000, 600_000_000, 5_000, 5_000_000)
    assert told[7:14] == (985_000, 1_000_000, 0, 25_000_000, 25, 60, 5)
    assert told[14] == (2_000_000, 1_250, 100, False, True)
    assert told[15] == 1_761_548_400


def test_everything_wrong_is_told_together(root: Path, tmp_path: Path) -> None:
    path = changed(
        root,
        tmp_path,
        ("target: 450,000,000", "target: 700,000,001"),
        ('least_price: "98.5000"', 'least_price: "100.5000"'),
        ("reveal_until: 2025-10-27 14:00", "reveal_until: 2025-10-27 11:00"),
        ("most_bids: 60", "most_bids: 500"),
    )
    with pytest.raises(InputRefused) as refused:
        read_auction_sheet(path)
    told = "\n".join(refused.value.faults)
    for fault in (
        "target: 700,000,001 is not some lots of 5,000",
        "target: is above maximum",
        "least_price: is above most_price",
        "close: is above reveal_until",
        "most_bids: 600 of both kinds; right: at most 512",
    ):
        assert fault in told


@pytest.mark.parametrize("text", ["2025-10-27", "27-10-2025 12:00", "2025-02-30 12:00", "noon"])
def test_a_moment_is_a_day_and_a_minute_that_exist(text: str) -> None:
    with pytest.raises(Unreadable):
        parse_moment(text)


def test_a_kept_bid_reads_back_as_it_was_sealed(tmp_path: Path) -> None:
    wallet = "0x1aac82773CB722166D7dA0d5b0FA35B0307dD99D"
    bid = SealedBid(3, wallet, wallet, 1, 974_913, 5_000_000, b"\7" * 32)
    bid.keep(tmp_path)
    bid.keep(tmp_path)  # again: replaced whole
    assert list(kept_bids(tmp_path, 3)) == [bid]
    assert list(kept_bids(tmp_path, 4)) == []
    here, there = Place(31_337, wallet), Place(1, wallet)
    assert bid.commitment(here) != bid.commitment(there), "pitfall 58: the chain is bound"
    assert Decimal(bid.price).scaleb(-4) == Decimal("97.4913")
