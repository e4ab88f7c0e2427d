"""The proof of the pilot's end: the chain against the ledger that the play kept by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from scripts._amanat import pricing
from scripts._amanat.onchain import NOBODY, Contract
from scripts._amanat.pilot_money import rupees
from scripts._amanat.pilot_play import Play
from scripts._amanat.powers import Role
from scripts._amanat.signers import development_account

PAISA = 100  # a unit of face is a rupee


@dataclass(frozen=True)
class Accounts:
    """Where the money went, in paisa; the face in rupees."""

    face: int
    paid_for_it: int
    discount: int
    redeemed: int
    minted: int
    with_investors: int
    with_treasury: int


def prove_the_end(play: Play) -> Accounts:
    """Supply zero, every rupee accounted for, the counters exact, no power with the deployer."""
    with play.stage.act("The end is proved"):
        _prove_the_register(play)
        accounts = _prove_the_money(play)
        _prove_the_powers(play)
        checks = sum(len(act.checks) for act in play.stage.acts)
        held = sum(check.ok for act in play.stage.acts for check in act.checks)
        play.stage.note(f"{held:,} of {checks:,} checks held")
    return accounts


def _prove_the_register(play: Play) -> None:
    stage, series = play.stage, play.series
    token = series.token
    folded = _folded(token, play.stage.desk.record.contracts["Programme"].block)
    programme = stage.programme
    balances = programme.balances(token, folded)
    frozen = programme.ask([token.query("getFrozenTokens", wallet) for wallet in folded])
    whole = programme.ask([token.query("isFrozen", wallet) for wallet in folded])
    stage.check("supply of the series", 0, series.supply)
    stage.check("holders of the series", 0, series.holders)
    stage.check("wallets that still hold", [], [w for w, held in balances.items() if held])
    stage.check("balances, folded from the events alone", balances, dict(folded))
    stage.check("frozen parts that are left", 0, sum(frozen))
    stage.check("accounts that are still frozen", 0, sum(whole))
    at_maturity = programme.ask([token.query("balanceOfAt", wallet, 0) for wallet in folded])
    ledger = {wallet: play.units[wallet] for wallet in folded}
    found = dict(zip(folded, at_maturity, strict=True))
    stage.check("holdings at maturity, wallet by wallet", ledger, found)
    stage.note(f"{len(folded)} wallets have held the bill; none holds it now")


def _prove_the_money(play: Play) -> Accounts:
    """Each investor against the ledger, to the paisa; then the sums."""
    stage, programme = play.stage, play.stage.programme
    cash = programme["PilotRupee"]
    folded = _folded(cash, stage.desk.record.contracts["PilotRupee"].block)
    balances = programme.balances(cash, folded)
    treasury = stage.desk.signers["treasury"].address
    investors = {w: paisa for w, paisa in balances.items() if w != treasury and paisa}
    at_par = {wallet: units * PAISA for wallet, units in play.units.items() if units}
    minted = cash.read("totalSupply")
    stage.check("cash of every investor, to the paisa", at_par, investors)
    stage.check("cash in all wallets = cash minted", minted, sum(balances.values()))
    stage.check("cash balances, folded from the events alone", balances, dict(folded))
    stage.check("cash minted by the pilot", sum(play.minted.values()), minted)
    for name in ("PayingAgent", "DeliveryVersusPayment"):
        left = cash.read("balanceOf", programme[name].address)
        stage.check(f"cash left in {name}", 0, left)
    outlay = play.minted[treasury] - balances[treasury]
    discount = _prove_the_discount(play, outlay)
    face, paid = sum(play.cast.allotted.values()), sum(play.cast.costs.values())
    stage.note(f"face {rupees(face * PAISA)}, paid {rupees(paid)}, discount {rupees(discount)}")
    with_investors, with_treasury = sum(investors.values()), balances[treasury]
    return Accounts(face, paid, discount, face * PAISA, minted, with_investors, with_treasury)


def _prove_the_discount(play: Play, outlay: int) -> int:
    """What the loan cost: bid by bid from the auction's file, and by what the treasury paid."""
    allotments = play.cast.auction.allotments
    by_bid = sum(a.face * PAISA - pricing.payment_for(a.face, a.price) for a in allotments)
    face, paid = sum(play.cast.allotted.values()), sum(play.cast.costs.values())
    play.stage.check("discount, bid by bid, from the auction file", by_bid, face * PAISA - paid)
    play.stage.check("the treasury's outlay is the discount", by_bid, outlay)
    return by_bid


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
