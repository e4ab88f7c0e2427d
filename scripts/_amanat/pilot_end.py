"""The proof of the pilot's end: the chain against the ledger that the play kept by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from scripts._amanat.onchain import NOBODY, Contract, Status
from scripts._amanat.pilot_ledger import Book
from scripts._amanat.pilot_play import Play
from scripts._amanat.pilot_reconciliation import Row, reconcile
from scripts._amanat.powers import Role
from scripts._amanat.signers import development_account

KEEP_NO_CASH = ("PayingAgent", "DeliveryVersusPayment", "Auction", "RedemptionDesk")
"""Contracts that cash passes through, and that are empty at the end."""


@dataclass(frozen=True)
class Accounts:
    """Where the money went, in paisa."""

    brought: int
    """What came into circulation."""
    with_investors: int
    with_treasury: int
    with_others: int
    """The tax authority."""
    series: list[Row]

    def document(self) -> dict[str, Any]:
        """For the JSON document."""
        return asdict(self) | {"series": [row.document() for row in self.series]}


def prove_the_end(play: Play) -> Accounts:
    """Every series to its last token, every rupee and all tax, and no power with the deployer."""
    with play.stage.act("The end is proved"):
        for book in play.ledger.books.values():
            _prove_the_register(play, book)
        series = play.stage.programme.series()
        left = {each.id: each.supply for each in series if each.status is not Status.CANCELLED}
        play.stage.check("supply of every series", dict.fromkeys(play.ledger.books, 0), left)
        for leg in play.legs:
            leg.prove()
        with_investors = _prove_the_cash(play)
        rows = reconcile(play.stage, list(play.ledger.books.values()))
        _prove_the_powers(play)
        checks = sum(len(act.checks) for act in play.stage.acts)
        held = sum(check.ok for act in play.stage.acts for check in act.checks)
        play.stage.note(f"{held:,} of {checks:,} checks held")
    cash, brought = play.ledger.cash, play.ledger.brought.total()
    with_treasury = cash[play.stage.desk.signers["treasury"].address]
    others = brought - with_investors - with_treasury
    return Accounts(brought, with_investors, with_treasury, others, rows)


def _prove_the_register(play: Play, book: Book) -> None:
    stage, programme = play.stage, play.stage.programme
    series = programme.find_series(book.name)
    token = series.token
    folded = _folded(token, stage.desk.record.contracts["Programme"].block)
    balances = programme.balances(token, folded)
    frozen = programme.ask([token.query("getFrozenTokens", wallet) for wallet in folded])
    whole = programme.ask([token.query("isFrozen", wallet) for wallet in folded])
    held = {wallet: units for wallet, units in balances.items() if units}
    stage.check(f"{book.name}: supply", book.outstanding, series.supply)
    stage.check(f"{book.name}: who holds how much", book.holding, held)
    stage.check(f"{book.name}: holders", len(book.holding), series.holders)
    stage.check(f"{book.name}: balances, folded from the events", balances, dict(folded))
    stage.check(f"{book.name}: frozen parts that are left", 0, sum(frozen))
    stage.check(f"{book.name}: accounts that are still frozen", 0, sum(whole))
    stage.note(f"{book.name}: {len(folded)} wallets have held it; {series.holders} hold it now")


def _prove_the_cash(play: Play) -> int:
    """Each account against the ledger, to the paisa; then the sums. What investors have."""
    stage, programme, ledger = play.stage, play.stage.programme, play.ledger
    cash = programme["PilotRupee"]
    folded = _folded(cash, stage.desk.record.contracts["PilotRupee"].block)
    balances = programme.balances(cash, folded)
    found = {account: paisa for account, paisa in balances.items() if paisa}
    brought = cash.read("totalSupply")
    stage.check("cash of every account, to the paisa", ledger.purses, found)
    stage.check("cash in all wallets = cash brought in", brought, sum(balances.values()))
    stage.check("cash balances, folded from the events alone", balances, dict(folded))
    stage.check("cash brought in by the pilot", ledger.brought.total(), brought)
    for name in KEEP_NO_CASH:
        left = cash.read("balanceOf", programme[name].address)
        stage.check(f"cash left in {name}", 0, left)
    officers = {stage.desk.signers[name].address for name in ("treasury", "tax_authority")}
    return sum(paisa for account, paisa in found.items() if account not in officers)


def _prove_the_powers(play: Play) -> None:
    stage, deployer = play.stage, development_account(0).address
    members = stage.programme.members()
    held = [str(role) for role, holders in members.items() if deployer in holders]
    stage.check("roles that the deployer holds, from the events", [], held)
    authority = stage.programme["Authority"]
    answers = stage.programme.ask([authority.query("hasRole", role, deployer) for role in Role])
    # AccessManager gives everyone its public role, which opens nothing here and is not in `Role`.
    stage.check("roles that the deployer holds, one by one", [], [r for r in answers if r.isMember])
    stage.note("the deployer has no role left")


def _folded(token: Contract, since: int) -> Counter[str]:
    """Balances as the Transfer events alone tell them."""
    balances: Counter[str] = Counter()
    for event in token.events("Transfer", since):
        moved = event.arguments
        amount = moved.get("value", moved.get("amount", 0))
        balances[moved["from"]] -= amount
        balances[moved["to"]] += amount
    del balances[NOBODY]
    return balances
