"""Keeping cached verdicts fresh, so that transfers need not work them out.

A verdict goes stale when the regulator changes topics, issuers or ages. Nothing depends on it being
refreshed but gas: a stale verdict is never used.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scripts._amanat.claims import SECONDS_AN_HOUR
from scripts._amanat.onchain import InvestorRecord, Programme, Standing
from scripts._amanat.plan import Call, Plan, Ref, Step, digest
from scripts._amanat.proof import Check

if TYPE_CHECKING:
    from scripts._amanat.command import Desk

OPERATION = "refresh"
ANYONE = "registrar"
PAGE = 100


class Refreshing:
    """Some wallets' verdicts against one chain."""

    def __init__(self, desk: Desk, wallets: Sequence[str]) -> None:
        self._desk, self._wallets = desk, wallets
        self._programme = Programme(desk.chain, desk.record)

    def plan(self) -> Plan:
        """Wallets that are verified, but not by a verdict that stands."""
        stale = self._stale()
        steps = tuple(
            Step(
                f"judge {len(page)} wallets anew",
                ANYONE,
                Call(Ref("IdentityRegistry"), "IdentityRegistry", "refresh(address[])", (page,)),
                "their verdicts are kept",
                bulk="refresh",
            )
            for page in (stale[at : at + PAGE] for at in range(0, len(stale), PAGE))
        )
        return Plan(OPERATION, digest((self._epoch(), stale)), steps)

    def prove(self) -> Sequence[Check]:
        """No verified wallet is left without a verdict that stands."""
        stale = self._stale()
        return [Check(f"verified wallets of {len(self._wallets)} with a stale verdict", [], stale)]

    def _stale(self) -> list[str]:
        epoch, now = self._epoch(), self._desk.chain.now()
        records = self._programme.records(self._wallets)
        standings = self._programme.standings(self._wallets)
        return [
            wallet
            for wallet, record in records.items()
            if standings[wallet] is Standing.VERIFIED and not _stands(record, epoch, now)
        ]

    def _epoch(self) -> int:
        epoch: int = self._programme["IdentityRegistry"].read("policy").epoch
        return epoch


def _stands(record: InvestorRecord, epoch: int, now: int) -> bool:
    return record.epoch == epoch and record.until_hour > now // SECONDS_AN_HOUR
