"""The pilot's rupees: brought into circulation where they lack. Local chains alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scripts._amanat.command import Desk, Work
from scripts._amanat.onchain import Programme
from scripts._amanat.plan import Call, Plan, Ref, Step, digest
from scripts._amanat.proof import Check

CASH = "PilotRupee"
PAISA = 100  # a rupee; a unit of face is a rupee
ISSUER = "fiscal_agent"


def bring(wanted: Mapping[str, int]) -> Work:
    """Every wallet shall hold so many paisa at least; what lacks is brought into circulation."""
    operation, wish = "bring_money", digest(dict(wanted))

    def plan(desk: Desk) -> Plan:
        held = _balances(desk, wanted)
        return Plan(
            operation,
            wish,
            tuple(
                _step(wallet, paisa - held[wallet])
                for wallet, paisa in wanted.items()
                if held[wallet] < paisa
            ),
        )

    def verify(desk: Desk) -> Sequence[Check]:
        held = _balances(desk, wanted)
        short = [wallet for wallet, paisa in wanted.items() if held[wallet] < paisa]
        return [Check("wallets short of money", [], short)]

    return Work(operation, wish, plan, verify)


def block(account: str, *, release: bool = False) -> Work:
    """The cash token's issuer bars an account from receiving and sending; or lifts that."""
    operation, wish = "block_money", digest((account, release))
    verb = "unblock" if release else "block"

    def plan(desk: Desk) -> Plan:
        if _is_blocked(desk, account) != release:
            return Plan(operation, wish)
        act = Call(Ref(CASH), CASH, f"{verb}Account(address)", (account,))
        return Plan(operation, wish, (Step(f"{verb} {account}", ISSUER, act, f"{verb}ed"),))

    def verify(desk: Desk) -> Sequence[Check]:
        return [Check(f"cash of {account} is blocked", not release, _is_blocked(desk, account))]

    return Work(operation, wish, plan, verify)


def _is_blocked(desk: Desk, account: str) -> bool:
    return bool(Programme(desk.chain, desk.record)[CASH].read("isBlocked", account))


def _step(wallet: str, paisa: int) -> Step:
    act = Call(Ref(CASH), CASH, "mint(address,uint256)", (wallet, paisa))
    return Step(f"bring {paisa:,} paisa", ISSUER, act, "enough is held", bulk="money")


def _balances(desk: Desk, wallets: Mapping[str, int]) -> dict[str, int]:
    programme = Programme(desk.chain, desk.record)
    return programme.balances(programme[CASH], wallets)


def rupees(paisa: int) -> str:
    """An amount as it is written: Rs 4,919,075.00."""
    return f"Rs {paisa // 100:,}.{paisa % 100:02}"
