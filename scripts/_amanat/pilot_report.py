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
    from scripts._amanat.pilot_stage import Act, Refusal


def play(*, client: str, keep: bool, as_json: bool) -> int:
    """Play the pilot, tell it, write the report; the exit code."""
    root = Path.cwd()

    def tell(line: str) -> None:
        print(line, file=sys.stderr if as_json else sys.stdout, flush=True)

    tell("The pilot: a three-month Market Treasury Bill, from its term sheet to its last rupee")
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
    yield from _as_table([_row(refusal) for refusal in _refusals(result)])
    yield ""
    if result.error:
        yield f"BROKEN OFF: {result.error}"
    yield _verdict(result)
    yield f"The report: {pilot.REPORT}"
    if result.url:
        yield f"The chain is left running at {result.url}. Next:"
        yield "  ape run status --json"
        yield "  ape run redeem MTB-26DEC25 --dry-run"
        yield f"  kill {result.pid}    # ends it"


def page(result: Result) -> str:
    """The report, as Markdown."""
    lines = [
        "# The pilot of a tokenised Market Treasury Bill",
        "",
        _verdict(result),
        "",
        "Everything below happened on a private chain, by the commands that would be used on any "
        "other. Days are those of the chain's clock, in Pakistan.",
        "",
        *_money(result),
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
            f"| {r.topic} | {r.tried} | {r.code} | {r.message} | `{r.own_error}` |"
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


def _money(result: Result) -> Iterator[str]:
    accounts = result.accounts
    if accounts is None:
        return
    yield "| | |"
    yield "|---|---:|"
    for name, paisa in (
        ("Face issued and redeemed", accounts.redeemed),
        ("Paid by investors at issue", accounts.paid_for_it),
        ("Discount, which is what the loan cost", accounts.discount),
        ("Cash brought into circulation", accounts.minted),
        ("Cash with investors at the end", accounts.with_investors),
        ("Cash with the treasury at the end", accounts.with_treasury),
    ):
        yield f"| {name} | {rupees(paisa)} |"
    yield ""


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
        str(refusal.code),
        refusal.message,
        agrees + refusal.own_error.split("(")[0],
    )


def _as_table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    titled = [("refused", "code", "what a wallet says", "the transaction's error"), *rows]
    widths = [max(len(row[at]) for row in titled) for at in range(len(titled[0]))]
    for row in titled:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
