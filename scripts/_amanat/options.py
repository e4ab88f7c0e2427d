"""Options of commands, read by the parsers of cells: what a file may not say, no option may."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from scripts._amanat.command import Desk

T = TypeVar("T")

file = click.Path(exists=True, dir_okay=False, path_type=Path)
"""A file that is there."""


def address(context: click.Context, option: click.Parameter, text: str | None) -> str | None:
    """A wallet; letters of both cases must carry the right checksum."""
    from scripts._amanat.reading import parse_address

    return _read(context, option, text, parse_address)


def addresses(
    context: click.Context, option: click.Parameter, words: tuple[str, ...]
) -> tuple[str, ...]:
    """Several wallets, or other accounts."""
    from scripts._amanat.reading import parse_address

    return tuple(filter(None, (_read(context, option, each, parse_address) for each in words)))


def amount(context: click.Context, option: click.Parameter, text: str | None) -> int | None:
    """A whole number of smallest units; thousands may be grouped."""
    from scripts._amanat.reading import parse_whole

    return _read(context, option, text, parse_whole)


def money(context: click.Context, option: click.Parameter, text: str | None) -> Decimal | None:
    """An amount of money to the paisa; thousands may be grouped."""
    from scripts._amanat.reading import parse_amount

    return _read(context, option, text, parse_amount)


def quantity(context: click.Context, option: click.Parameter, text: str | None) -> Decimal | None:
    """A quantity of a commodity; thousands may be grouped."""
    from scripts._amanat.quantities import parse_quantity

    return _read(context, option, text, parse_quantity)


def unit_price(context: click.Context, option: click.Parameter, text: str | None) -> Decimal | None:
    """Rupees for a unit of a commodity, of at most four decimals."""
    from scripts._amanat.quantities import parse_unit_price

    return _read(context, option, text, parse_unit_price)


def unit(context: click.Context, option: click.Parameter, text: str | None) -> str | None:
    """A unit of the programme, such as PKR."""
    from scripts._amanat.measures import parse_unit

    return _read(context, option, text, parse_unit)


def dollars(context: click.Context, option: click.Parameter, text: str | None) -> Decimal | None:
    """US dollars of one unit, of at most 18 decimals."""
    from scripts._amanat.measures import parse_dollars

    return _read(context, option, text, parse_dollars)


def part(context: click.Context, option: click.Parameter, text: str | None) -> int | None:
    """A part in per cent, as ten-thousandths."""
    from scripts._amanat.measures import parse_part

    return _read(context, option, text, parse_part)


def rate(context: click.Context, option: click.Parameter, text: str | None) -> Decimal | None:
    """A rate in per cent a year of at most four decimals."""
    from scripts._amanat.reading import parse_yield

    return _read(context, option, text, parse_yield)


def price(context: click.Context, option: click.Parameter, text: str | None) -> Decimal | None:
    """A clean price per 100 of face of at most four decimals."""
    from scripts._amanat.reading import parse_clean_price

    return _read(context, option, text, parse_clean_price)


def day(context: click.Context, option: click.Parameter, text: str | None) -> date | None:
    """A day in the form YYYY-MM-DD."""
    from scripts._amanat.reading import parse_date

    return _read(context, option, text, parse_date)


def signature(context: click.Context, option: click.Parameter, text: str | None) -> bytes | None:
    """A signature in hexadecimal digits: 65 bytes of a key, or whatever a contract answers to."""
    from scripts._amanat.reading import parse_hexadecimal

    return _read(context, option, text, parse_hexadecimal)


def which_payment(period: int | None, redemption: bool) -> int | None:
    """The period whose coupon or rental is meant, None for the redemption: exactly one is named."""
    from scripts._amanat.errors import InputRefused

    if (period is None) != redemption:
        raise InputRefused("name either --period or --redemption")
    return period


def this_command(desk: Desk, *, sends: bool = False) -> str:
    """The line that runs the same command again, for whoever has to finish it; where it `sends`,
    without --propose."""
    context = click.get_current_context(silent=True)
    name = (context.info_name if context else None) or ""
    words = sys.argv[sys.argv.index(name) :] if name in sys.argv[1:] else []
    kept = [word for word in words if word not in ("--yes", "--json", "--dry-run")]
    if sends and desk.options.propose is not None:
        kept = _without(kept, "--propose")
    return shlex.join(("ape", "run", *(kept or [name])))


def _without(words: list[str], option: str) -> list[str]:
    """The words of a line but for an option and its value."""
    if option in words:
        at = words.index(option)
        return words[:at] + words[at + 2 :]
    return [word for word in words if not word.startswith(f"{option}=")]


def _read(
    context: click.Context, option: click.Parameter, text: str | None, parse: Callable[[str], T]
) -> T | None:
    from scripts._amanat.reading import Unreadable, clean, show

    if text is None:
        return None
    try:
        return parse(clean(text))
    except Unreadable as error:
        shown = "(not shown)" if error.secret else show(text)
        raise click.BadParameter(
            f"{shown} {error.wrong}; right: {error.right}", context, option
        ) from None
