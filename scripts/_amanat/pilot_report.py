"""What the pilot tells: on the terminal while it is played, and as a page for the ministry."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from scripts._amanat import pilot
from scripts._amanat.console import instant
from scripts._amanat.errors import ProofFailed
from scripts._amanat.pilot_money import rupees

if TYPE_CHECKING:
    from scripts._amanat.local_chain import Client
    from scripts._amanat.pilot import Result
    from scripts._amanat.pilot_end import Accounts
    from scripts._amanat.pilot_reconciliation import Row
    from scripts._amanat.pilot_stage import Act, Refusal


def play(*, client: str, keep: bool, as_json: bool) -> int:
    """Play the pilot, tell it, write the report; the exit code."""
    root = Path.cwd()

    def tell(line: str) -> None:
        print(line, file=sys.stderr if as_json else sys.stdout, flush=True)

    tell("The pilot: tokenised public debt, from the term sheets to the last rupee")
    result = pilot.run(root, client=cast("Client", client), keep=keep, tell=tell, is_json=as_json)
    path = root / pilot.REPORT
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(result), "utf-8")
    if as_json:
        print(json.dumps(result.document(), default=str, ensure_ascii=False))
    for line in ending(result):
        tell(line)
    return 0 if result.holds else ProofFailed.exit_code


def ending(result: Result) -> Iterator[str]:
    """The last lines on the terminal."""
    yield ""
    titles = ("refused", "code", "what a wallet says", "the transaction's error")
    yield from _as_table([titles, *(_row(refusal) for refusal in _refusals(result))])
    yield ""
    yield from _on_the_terminal(result)
    if result.error:
        yield f"BROKEN OFF: {result.error}"
    yield _verdict(result)
    yield f"The report: {pilot.REPORT}"
    if result.url:
        yield f"The chain is left running at {result.url}. Next:"
        yield "  ape run status --json"
        yield "  ape run redeem MTB-26DEC25 --dry-run"
        yield f"  kill {result.pid}    # ends it"


def _on_the_terminal(result: Result) -> Iterator[str]:
    """The same table, a line a figure."""
    if result.accounts is None:
        return
    rows = [_reconciliation(row) for row in result.accounts.series]
    titled = [("", *RECONCILED), *rows]
    lines = [tuple(row[at].strip("*") for row in titled) for at in range(len(titled[0]))]
    yield from _as_table(lines)
    yield ""


def page(result: Result) -> str:
    """The report, as Markdown."""
    lines = [
        "# The pilot of tokenised public debt",
        "",
        _verdict(result),
        "",
        "Everything below happened on a private chain, by the commands that would be used on any "
        "other. Days are those of the chain's clock, in Pakistan.",
        "",
        *_reconciled(result),
        "## What happened",
        "",
        *(line for act in result.acts for line in _scene(act)),
        "## What was refused, and why",
        "",
        "Each transfer was first asked for, as a wallet asks (ERC-1404), and then sent all the "
        "same. The answer and the failed transaction agree in every line.",
        "",
        "| | what was tried | code | what a wallet says | the transaction's own error |",
        "|---|---|---|---|---|",
        *(
            f"| {r.topic} | {r.tried} | {_code(r)} | {r.message} | `{r.own_error}` |"
            for r in _refusals(result)
        ),
        "",
        "## What was checked",
        "",
        *(line for act in result.acts for line in _checks(act)),
    ]
    return "\n".join(lines) + "\n"


def _verdict(result: Result) -> str:
    checks = [check for act in result.acts for check in act.checks]
    held = sum(check.ok for check in checks)
    sent = sum(act.transactions for act in result.acts)
    word = "Every check held" if result.holds else "NOT EVERY CHECK HELD"
    return (
        f"{word}: {held:,} of {len(checks):,}, after {sent:,} transactions and "
        f"{len(_refusals(result))} refusals, in {result.seconds:.0f} seconds."
    )


def _reconciled(result: Result) -> Iterator[str]:
    """The table by series: tokens, cash and tax, each to a difference of zero."""
    if result.accounts is None:
        return
    yield "## Every token, every rupee, all tax"
    yield ""
    rows = [_reconciliation(row) for row in result.accounts.series]
    yield "| | " + " | ".join(row[0] for row in rows) + " |"
    yield "|---|" + "---:|" * len(rows)
    for at, title in enumerate(RECONCILED, 1):
        yield f"| {title} | " + " | ".join(row[at] for row in rows) + " |"
    yield ""
    yield from _cash(result.accounts)


def _cash(accounts: Accounts) -> Iterator[str]:
    yield "| cash | |"
    yield "|---|---:|"
    for name, paisa in (
        ("Brought into circulation", accounts.brought),
        ("With investors at the end", accounts.with_investors),
        ("With the treasury at the end", accounts.with_treasury),
        ("With the tax authority at the end", accounts.with_others),
    ):
        yield f"| {name} | {rupees(paisa)} |"
    yield ""


RECONCILED = (
    "Units issued",
    "Units redeemed",
    "Units bought back",
    "Units outstanding",
    "**Difference of tokens**",
    "Paid by investors at issue",
    "Paid by the treasury for what it bought back",
    "Received by the treasury for redemptions in kind",
    "Paid by the treasury for what deliveries fell short",
    "Paid in by the treasury",
    "Owed to holders, before tax",
    "Tax withheld",
    "Received by holders",
    "Residual and unclaimed, back to the treasury",
    "**Difference of cash**",
    "Tax remitted",
    "**Difference of tax**",
)


def _reconciliation(row: Row) -> tuple[str, ...]:
    """The name of a series and its figures, in the order of `RECONCILED`."""
    tokens, cash, tax = row.differences
    return (
        row.series,
        *(f"{units:,}" for units in (row.issued, row.redeemed, row.bought, row.outstanding)),
        f"**{tokens}**",
        *(rupees(paisa) for paisa in _money(row)),
        rupees(row.residual + row.escheated),
        f"**{rupees(cash)}**",
        rupees(row.remitted),
        f"**{rupees(tax)}**",
    )


def _money(row: Row) -> tuple[int, ...]:
    in_kind = (row.fees, row.shortfalls)
    return row.subscribed, row.bought_for, *in_kind, row.funded, row.gross, row.tax, row.net


def _scene(act: Act) -> Iterator[str]:
    yield f"### {instant(act.began)[:11]}: {act.title}"
    yield ""
    yield f"{act.transactions} transactions, {act.gas:,} gas."
    yield ""
    yield from (f"- {line}" for line in act.lines)
    yield ""


def _checks(act: Act) -> Iterator[str]:
    """Every check by its name: people ask what was checked, not how often."""
    held = sum(check.ok for check in act.checks)
    yield f"### {act.title}: {held} of {len(act.checks)}"
    yield ""
    times = Counter(check.name for check in act.checks if check.ok)
    for name, number in times.items():
        yield f"- {name}" + (f" ({number} times)" if number > 1 else "")
    for check in act.checks:
        if not check.ok:
            yield f"- FAILED: {check.name}: expected {check.expected}, found {check.found}"
    yield ""


def _refusals(result: Result) -> list[Refusal]:
    return [refusal for act in result.acts for refusal in act.refusals]


def _row(refusal: Refusal) -> tuple[str, ...]:
    agrees = "" if refusal.agrees else "DISAGREES "
    return (
        refusal.topic,
        _code(refusal),
        refusal.message,
        agrees + refusal.own_error.split("(")[0],
    )


def _code(refusal: Refusal) -> str:
    """A cash token knows no codes."""
    return "–" if refusal.code is None else str(refusal.code)


def _as_table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
