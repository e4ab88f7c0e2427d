"""Licences of venues: the chain is brought to what the file says, a decision at a time.

The licensing desk decides, after its delay; the regulator suspends and revokes at once; a venue's
own key declares its wallets; the compliance officer sets what venues may do with a series. The same
command finishes what had to wait, and plans nothing once all stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts._amanat.command import Desk, Work
from scripts._amanat.console import instant
from scripts._amanat.delayed import Prepared, prepare
from scripts._amanat.errors import InputRefused, NotPermitted
from scripts._amanat.licence_files import (
    REVOKED,
    SUSPENDED,
    Licences,
    SeriesLimits,
    Wish,
    name_of,
    read_licences,
)
from scripts._amanat.onchain import NOBODY, Flag, Programme
from scripts._amanat.plan import Call, Pending, Plan, Ref, Step, digest
from scripts._amanat.proof import Check

OPERATION = "licence"
LICENSOR = "licensor"
REGULATOR = "regulator"
OFFICER = "compliance_officer"
ANYONE = "registrar"
REGISTER = "LicenceRegistry"
RULES = "VenueRules"

_DECIDE = "decide(address,uint256,uint8,(uint16,uint64,uint40,bytes32))"
_LIMIT = "setRules(address,bool,(uint64,uint64,uint64,uint16)[4])"
_NAME = "nameCustomersOf(address,address[],bool,bytes32)"


def licence(path: Path, venue: str | None = None, *, command: str) -> Work:
    """Bring every venue and every series' limits to what the file says, or one `venue` alone."""
    wish = read_licences(path)
    if venue is not None:
        if (named := wish.venue(venue)) is None:
            known = ", ".join(each.name for each in wish.venues) or "none"
            raise InputRefused(f"{path} names no venue {venue}; there are: {known}")
        wish = Licences((named,), ())

    def act(desk: Desk) -> _Act:
        return _Act(desk, wish, command)

    return Work(
        operation=OPERATION,
        wish=digest((wish.venues, [(each.series, each.rows) for each in wish.limits])),
        plan=lambda desk: act(desk).plan(),
        verify=lambda desk: act(desk).verify(),
        report=lambda desk: act(desk).report(),
        left=lambda desk: act(desk).plan().pending,
        inputs=(path,),
    )


@dataclass(frozen=True)
class Standing:
    """One venue as the chain has it."""

    investor: str
    """What all its wallets have in common in the registry."""
    decisions: int
    stage: int
    terms: tuple[int, int, int, bytes]
    """Services, classes, the first second in which it no longer stands, conditions."""
    suspended: int
    """The stage before the last decision."""

    def allows(self, stage: int) -> bool:
        """Whether a stage may follow, as `LicenceStages` says."""
        if stage in (SUSPENDED, REVOKED):
            return 0 < self.stage < stage
        if self.stage == SUSPENDED:
            return stage <= self.suspended
        return stage == 1 if self.stage in (0, REVOKED) else self.stage <= stage <= self.stage + 1


class _Act:
    """One look at the chain, and what follows from it."""

    def __init__(self, desk: Desk, wish: Licences, command: str) -> None:
        self._desk, self._wish, self._command = desk, wish, command
        self._programme = Programme(desk.chain, desk.record)
        self._register, self._rules = self._programme[REGISTER], self._programme[RULES]
        self._standings: dict[str, Standing] = {}

    def plan(self) -> Plan:
        """Decisions first, then what stands on them."""
        found = Prepared()
        for limits in self._wish.limits:
            found += self._prepared(self._limiting(limits))
        for wish in self._wish.venues:
            decided = self._prepared(self._deciding(wish))
            found += decided
            if not decided.pending:
                found += self._prepared(self._naming(wish))
                found += Prepared() if wish.ends else self._wallets(wish)
        return Plan(
            OPERATION,
            digest(self._wish.venues),
            found.steps,
            tuple(self._notes()),
            found.pending,
        )

    def _prepared(self, steps: Iterator[Step]) -> Prepared:
        found = Prepared()
        for step in steps:
            found += prepare(self._desk, step, command=self._command)
        return found

    # ---------------------------------------------------------------- decisions

    def _deciding(self, wish: Wish) -> Iterator[Step]:
        now = self._standing(wish)
        if self._is_decided(wish, now):
            return
        what = f"{wish.name}: from {name_of(now.stage)} to {name_of(wish.stage)}"
        if not now.allows(wish.stage):
            raise InputRefused(
                f"{what}: no such step; the phases follow one another: NOC, AML-registered, "
                "incorporated, licensed; back from a suspension to what was suspended or less",
                what_to_do="State the stage that comes next, run, and then the one after it.",
            )
        if wish.ends:
            verb = "suspend" if wish.stage == SUSPENDED else "revoke"
            yield self._step(
                f"{verb} {wish.name}",
                REGULATOR,
                f"{verb}(address,bytes32)",
                (now.investor, wish.document),
                "it takes nothing in, gives back to its customers, and may redeem",
            )
            return
        if wish.terms[2] <= self._desk.chain.now():
            raise InputRefused(f"{what}: valid_until has passed")
        same = "renew" if wish.stage == now.stage else "decide"
        yield self._step(
            f"{same} {what}",
            LICENSOR,
            _DECIDE,
            (now.investor, now.decisions, wish.stage, wish.terms),
            f"it stands until {instant(wish.terms[2])}",
        )

    def _is_decided(self, wish: Wish, now: Standing) -> bool:
        if now.stage != wish.stage:
            return False
        return wish.ends or now.terms == wish.terms

    def _standing(self, wish: Wish) -> Standing:
        if wish.wallet not in self._standings:
            self._standings[wish.wallet] = self._found(wish)
        return self._standings[wish.wallet]

    def _found(self, wish: Wish) -> Standing:
        record = self._programme.records([wish.wallet])[wish.wallet]
        if record.investor == NOBODY:
            raise InputRefused(
                f"{wish.name}: no investor is registered with the wallet {wish.wallet}"
            )
        count = self._register.read("decisions", record.investor)
        last = self._register.read("licenceOf", record.investor)
        before = 0
        if count > 1:
            before = self._register.read("decision", record.investor, count - 1).stage
        terms = (last.services, last.serves, last.validUntil, last.conditions)
        return Standing(record.investor, count, last.stage, terms, before)

    # ---------------------------------------------------------------- customers and wallets

    def _naming(self, wish: Wish) -> Iterator[Step]:
        """Customers by the investor that each wallet is of."""
        left = self._unnamed(wish)
        if left:
            yield self._step(
                f"name {len(left)} customers of {wish.name}",
                LICENSOR,
                _NAME,
                (self._standing(wish).investor, left, True, wish.document),
                "it may give back to them whatever befalls its licence",
            )

    def _unnamed(self, wish: Wish) -> list[str]:
        venue = self._standing(wish).investor
        records = self._programme.records(wish.customers)
        investors = list(dict.fromkeys(record.investor for record in records.values()))
        if NOBODY in investors:
            lost = [w for w, record in records.items() if record.investor == NOBODY]
            raise InputRefused(f"{wish.name}: customers that nobody registered: {', '.join(lost)}")
        return [each for each in investors if not self._rules.read("isCustomer", venue, each)]

    def _wallets(self, wish: Wish) -> Prepared:
        venue = self._standing(wish).investor
        found = Prepared()
        for wallet in wish.wallets:
            if self._register.read("venueOf", wallet) == venue:
                continue
            if self._register.read("declaredBy", wallet) != venue:
                found += self._declaring(wish, wallet)
            if not found.pending:
                title = f"approve a wallet of {wish.name}"
                step = self._step(title, LICENSOR, "approveWallet(address)", (wallet,), wallet)
                found += prepare(self._desk, step, command=self._command)
        if hidden := self._unmarked(venue):
            step = self._step(
                f"mark {len(hidden)} wallets of {wish.name}",
                ANYONE,
                "markWallets(address[])",
                (hidden,),
                "the rules know them as a venue's",
            )
            found += Prepared((step,))
        return found

    def _declaring(self, wish: Wish, wallet: str) -> Prepared:
        title = f"declare a wallet of {wish.name}"
        try:
            self._desk.signers.acts_here(wish.wallet)
        except NotPermitted:
            return Prepared(pending=(Pending(title, wish.name, None, self._command),))
        return Prepared(
            (self._step(title, wish.wallet, "declareWallet(address)", (wallet,), wallet),)
        )

    def _unmarked(self, venue: str) -> list[str]:
        """Wallets registered as the venue's since its first decision."""
        if not self._register.read("decisions", venue):
            return []
        wallets = self._programme["IdentityRegistry"].read("walletsOf", venue)
        records = self._programme.records(wallets)
        dead = Flag.VENUE | Flag.LOST | Flag.WITHDRAWN
        return [wallet for wallet in wallets if not records[wallet].flags & dead]

    # ---------------------------------------------------------------- limits

    def _limiting(self, limits: SeriesLimits) -> Iterator[Step]:
        series = self._programme.find_series(limits.series)
        if self._limits_of(series.address) != (True, limits.rows):
            yield Step(
                f"set what venues may do with {series.id}",
                OFFICER,
                Call(Ref(RULES), RULES, _LIMIT, (series.address, True, limits.rows)),
                "it asks about venues from then on",
            )

    def _limits_of(self, token: str) -> tuple[bool, list[tuple[int, ...]]]:
        told = self._rules.read("rulesOf", token)
        return told.asks, [tuple(each) for each in told.stages]

    # ---------------------------------------------------------------- the proof

    def verify(self) -> Sequence[Check]:
        """Everything read back; nothing while something has to wait."""
        if self.plan().pending:
            return []
        checks = []
        for limits in self._wish.limits:
            series = self._programme.find_series(limits.series)
            found = self._limits_of(series.address)
            checks.append(Check(f"what venues may do with {series.id}", (True, limits.rows), found))
        for wish in self._wish.venues:
            now = self._standing(wish)
            checks.append(Check(f"{wish.name}: stage", name_of(wish.stage), name_of(now.stage)))
            word = int(self._rules.read("licenceWordOf", now.investor))
            told = (word & 0xFF, word >> 8 & 0xFFFF, word >> 24 & 2**40 - 1)
            wanted = (now.stage, now.terms[0], now.terms[2])
            checks.append(Check(f"{wish.name}: as the rules know it", wanted, told))
            checks.append(Check(f"{wish.name}: customers not named", [], self._unnamed(wish)))
            if wish.ends:
                continue
            checks.append(Check(f"{wish.name}: terms", wish.terms, now.terms))
            approved = [self._register.read("venueOf", each) for each in wish.wallets]
            wanted_wallets = [now.investor] * len(wish.wallets)
            checks.append(Check(f"{wish.name}: approved wallets", wanted_wallets, approved))
        return checks

    def _notes(self) -> Iterator[str]:
        """Who stands how, before anything is done."""
        now = self._desk.chain.now()
        for wish in self._wish.venues:
            standing = self._standing(wish)
            until = standing.terms[2]
            over = 0 < standing.stage < SUSPENDED and until <= now
            expired = f", expired on {instant(until)}" if over else ""
            yield f"{wish.name} is of the stage {name_of(standing.stage)}{expired}"

    def report(self) -> Mapping[str, Any]:
        """Every decision on each venue."""
        return {"venues": {wish.name: self._history(wish) for wish in self._wish.venues}}

    def _history(self, wish: Wish) -> list[dict[str, Any]]:
        standing = self._standing(wish)
        told = [
            self._register.read("decision", standing.investor, number)
            for number in range(1, standing.decisions + 1)
        ]
        return [
            {
                "since": instant(each.since),
                "stage": name_of(each.stage),
                "valid_until": instant(each.validUntil),
                "conditions": "0x" + each.conditions.hex(),
            }
            for each in told
        ]

    def _step(
        self, title: str, role: str, signature: str, args: tuple[Any, ...], expects: str
    ) -> Step:
        return Step(title, role, Call(Ref(REGISTER), REGISTER, signature, args), expects)
