"""What is measured, and the most that ours may cost."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from types import MappingProxyType
from typing import Final

Gas = dict[str, int]
"""Gas by row; whole units, a share of a batch rounded up."""

CEILINGS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "transfer_3_rules": 62_000,
        "transfer_3_rules_new_holder": 79_500,
        "transfer_6_rules": 71_000,
        "transfer_3_rules_programme": 65_000,
        "transfer_3_rules_venue": 9_000,
        "transfer_0_rules": 52_000,
        "transferFrom_3_rules": 70_000,
        "onboard_attested_per_investor": 32_000,
        "register_onchainid_per_investor": 51_000,
        "mint_existing_3_rules": 78_000,
        "batch_mint_50_per_new_holder": 35_000,
        "forced_transfer_3_rules": 82_000,
        "freeze_partial": 48_000,
        "recover_wallet": 145_000,
        "recover_wallet_further_token": 45_000,
        "first_transfer_after_record_date": 51_000,
        "deploy_series": 700_000,
        "approve_series": 70_000,
        "coupon_claim": 175_000,
        "coupon_push_per_payee": 45_000,
        "dvp_signed": 165_000,
        "redeem_per_holder": 45_000,
        "auction_commit": 90_000,
        "auction_reveal": 110_000,
    }
)
"""Most gas of each row; of the rows of `EXCESS_OVER`, over the other row that stands there. A
redemption is a payment and a burn of the same page."""

EXCESS_OVER: Final[Mapping[str, str]] = MappingProxyType(
    {
        "first_transfer_after_record_date": "transfer_3_rules",
        "transfer_3_rules_venue": "transfer_3_rules_programme",
    }
)
"""Rows whose ceiling is on what they cost more than another row."""


def against_ceiling(row: str, gas: Mapping[str, int]) -> int:
    """The figure that the row's ceiling is held against."""
    return gas[row] - gas[EXCESS_OVER[row]] if row in EXCESS_OVER else gas[row]


def share(gas: int, of: int) -> int:
    """One part of a batch, rounded up."""
    return ceil(gas / of)
