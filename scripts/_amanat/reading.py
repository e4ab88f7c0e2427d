"""Reading what people write: cells of spreadsheets and of term sheets, and what is wrong with them.

A file is judged whole: every defect becomes a `Problem` that names the file, the row or line, the
field, the value, what is wrong with it and what would be right, and all of them are raised together
as `InputProblems`. What was accepted but deserves a look is a remark, in the same form.

The parsers take one cleaned cell and give one exact value, or raise `Unreadable`. They guess
nothing: where a spreadsheet may have lost digits (scientific notation) or two readings are possible
(02/10/2025), the cell is refused and the likely readings are offered.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address

from .errors import InputRefused

T = TypeVar("T")

_SHOWN = 60
_SPACES = " \u00a0\u202f\u2009"
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_FORMULA_STARTS = ("=", "+", "-", "@")
_GROUPED = re.compile(
    rf"\d{{1,3}}(?P<sep>[,'_{_SPACES}])\d{{3}}(?:(?P=sep)\d{{3}})*"
    rf"|\d{{1,2}}(?P<lakh>[,{_SPACES}])(?:\d{{2}}(?P=lakh))*\d{{3}}"
)
_SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+)?[eE][+-]?\d+")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_DAY_OF_SPREADSHEET_ZERO = date(1899, 12, 30)


@dataclass(frozen=True)
class Problem:
    """One thing wrong in one place of a file. `row` counts as a spreadsheet does, or is a line."""

    file: str
    row: int | None
    field: str
    value: str
    what_is_wrong: str
    what_would_be_right: str

    def __str__(self) -> str:
        where = self.file if self.row is None else f"{self.file}, row {self.row}"
        value = f" {self.value}" if self.value else ""
        field = f", {self.field}" if self.field else ""
        right = f"; right: {self.what_would_be_right}" if self.what_would_be_right else ""
        return f"{where}{field}:{value} {self.what_is_wrong}{right}"


class InputProblems(InputRefused):
    """Everything wrong with an input, found before anything was sent; prints one a line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))
        self.faults = tuple(str(problem) for problem in problems)


class Unreadable(ValueError):
    """A cell that does not say what it should. `secret` keeps its value out of every message."""

    def __init__(self, wrong: str, right: str, *, secret: bool = False) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.right = right
        self.secret = secret


class Findings:
    """What is found in one file while it is read: problems, which refuse it, and remarks."""

    def __init__(self, file: Path | str) -> None:
        self.file = str(file)
        self._problems: list[Problem] = []
        self._remarks: list[Problem] = []
        self._rows: set[int | None] = set()

    def problem(self, row: int | None, field: str, value: str, wrong: str, right: str) -> None:
        self._problems.append(Problem(self.file, row, field, value, wrong, right))
        self._rows.add(row)

    def remark(self, row: int | None, field: str, value: str, what: str, right: str) -> None:
        self._remarks.append(Problem(self.file, row, field, value, what, right))

    def unreadable(self, row: int | None, field: str, text: str, error: Unreadable) -> None:
        shown = "(not shown)" if error.secret else show(text)
        self.problem(row, field, shown, error.wrong, error.right)

    @property
    def remarks(self) -> tuple[Problem, ...]:
        return tuple(self._remarks)

    def has_problem_in(self, row: int) -> bool:
        return row in self._rows

    def settle(self) -> None:
        """Raise `InputProblems` with all that was found, in the order of the file, if anything."""
        if self._problems:
            ordered = sorted(self._problems, key=lambda problem: problem.row or 0)
            raise InputProblems(tuple(ordered))


def show(text: str) -> str:
    """A value for a message: quoted, invisible characters spelt out, long ones cut."""
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def decode(raw: bytes) -> str:
    """The text of a file; UTF-8 with or without a byte-order mark, and nothing else."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("is encoded in UTF-16", "save it as UTF-8 (“CSV UTF-8”)")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Unreadable(
            f"is not UTF-8 (byte 0x{raw[error.start]:02x} in line {line})",
            "save it as UTF-8 (“CSV UTF-8”)",
        ) from None
    if "\0" in text:
        raise Unreadable("contains zero bytes, so it is not a text file", "a text file in UTF-8")
    return text


def clean(text: str) -> str:
    """A cell without the blanks and invisible marks around it; refuses what no cell may hold.

    Refused are formulas (spreadsheets run them), invisible marks inside the text, and digits of
    other scripts, which look like figures to people and not to machines.
    """
    trimmed = text.strip().strip(_INVISIBLE + _SPACES).strip()
    if trimmed.startswith(_FORMULA_STARTS):
        raise Unreadable(
            f"begins with {trimmed[0]!r}, as a formula does", "the plain value, without a sign"
        )
    for character in trimmed:
        if character in _INVISIBLE or unicodedata.category(character) == "Cc":
            raise Unreadable(
                f"contains the invisible character U+{ord(character):04X}",
                f"{_without_invisible(trimmed)!r}",
            )
    if any(character.isdigit() and not character.isascii() for character in trimmed):
        raise Unreadable("has digits of another script than 0-9", f"{_ascii_digits(trimmed)!r}")
    return trimmed


def parse_whole(text: str) -> int:
    """A whole number; thousands may be grouped (5,000,000 or 50,00,000), decimals must be zero.

    Scientific notation is refused even where it looks exact: a spreadsheet shows 5,004,000 as
    5E+06 too, and saves what it shows.
    """
    if _SCIENTIFIC.fullmatch(text):
        raise Unreadable(
            "is in scientific notation, which may have lost digits",
            f"the whole number in digits, such as {_spelt_out(text)} if that is exact",
        )
    whole, _, decimals = text.partition(".")
    digits = _ungrouped(whole)
    if digits is None or (("." in text) and not decimals.isdigit()):
        raise Unreadable("is not a whole number", _whole_number_meant(text))
    if decimals.strip("0"):
        raise Unreadable("is not a whole number", "a number without decimals")
    return int(digits)


def parse_positive(text: str) -> int:
    """A whole number above zero."""
    number = parse_whole(text)
    if number == 0:
        raise Unreadable("is zero", "a whole number above zero")
    return number


def parse_price(text: str) -> Decimal:
    """A price per 100 of face, above 0 and at most 100, with at most four decimals."""
    price = _parse_quote(text, "97.4913")
    if not 0 < price <= 100:
        raise Unreadable("is no price of a bill", "a price per 100 above 0 and at most 100")
    return price


def parse_clean_price(text: str) -> Decimal:
    """A clean price per 100 of face of a bond, above 0, with at most four decimals."""
    price = _parse_quote(text, "97.7244")
    if price == 0:
        raise Unreadable("is no price", "a clean price per 100 above 0")
    return price


def parse_yield(text: str) -> Decimal:
    """A yield in per cent a year, not negative, with at most four decimals."""
    return _parse_quote(text, "11.0499")


def parse_amount(text: str) -> Decimal:
    """An amount of money to the paisa: at most two decimals; thousands may be grouped."""
    if _SCIENTIFIC.fullmatch(text):
        raise Unreadable("is in scientific notation, which may have lost digits", "4919075.00")
    whole, _, decimals = text.partition(".")
    digits = _ungrouped(whole)
    if digits is None or not re.fullmatch(r"\d{0,2}", decimals) or text.endswith("."):
        raise Unreadable("is not an amount of money", "at most two decimals, such as 4919075.00")
    return Decimal(f"{digits}.{decimals or '0'}")


def parse_date(text: str) -> date:
    """A day as ISO 8601 writes it, 2025-10-02; other forms are refused with what they may mean."""
    try:
        day = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError as error:
        raise Unreadable(f"is no day of the calendar ({error})", "a date that exists") from None
    if day is None:
        raise Unreadable("is not a date in the form YYYY-MM-DD", _dates_meant(text))
    return day


def parse_address(text: str) -> ChecksumAddress:
    """An Ethereum address; letters of both cases must carry the right EIP-55 checksum.

    An address in one case has no checksum and is accepted; see `lacks_checksum`.
    """
    if re.fullmatch(r"(0x)?[0-9a-fA-F]{64}", text):
        raise Unreadable(
            "is 64 hexadecimal digits long: a hash, or a private key that must now be replaced",
            "an address, 0x and 40 hexadecimal digits",
            secret=True,
        )
    if _SCIENTIFIC.fullmatch(text):
        raise Unreadable(
            "is an address that a spreadsheet turned into a number",
            "the original address, in a column formatted as text",
        )
    if re.fullmatch(r"[0-9a-fA-F]{40}", text):
        raise Unreadable("lacks the 0x of an address", f"0x{text}")
    if not _ADDRESS.fullmatch(text):
        raise Unreadable("is not an address", "0x and 40 hexadecimal digits")
    if int(text, 16) == 0:
        raise Unreadable("is the zero address", "an address that somebody holds the key of")
    checksummed = to_checksum_address(text)
    if text != checksummed and not lacks_checksum(text):
        raise Unreadable(
            "has a wrong checksum (EIP-55): at least one character is mistaken",
            f"{checksummed} if only upper and lower case were lost; compare it with the original",
        )
    return checksummed


def parse_hexadecimal(text: str) -> bytes:
    """Bytes, as 0x and two hexadecimal digits each."""
    if not re.fullmatch(r"0x([0-9a-fA-F]{2})+", text):
        raise Unreadable("is not hexadecimal", "0x and two digits a byte")
    return bytes.fromhex(text[2:])


def lacks_checksum(text: str) -> bool:
    """Whether an address is written in one case only, so that a slip in it cannot be noticed."""
    digits = text[2:]
    return digits != to_checksum_address(text)[2:] and digits in (digits.lower(), digits.upper())


def parse_choice(text: str, choices: Mapping[str, T]) -> T:
    """One of the names in `choices`, which are lower-case; gives what stands behind it."""
    if text in choices:
        return choices[text]
    folded = re.sub(r"[\s_-]+", "_", text.strip().casefold())
    meant = [name for name in choices if name.casefold() == folded]
    raise Unreadable("is not one of the choices", meant[0] if meant else " | ".join(choices))


def _parse_quote(text: str, example: str) -> Decimal:
    """A number of at most three digits and four decimals, with a decimal point."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{1,4})?", text):
        return Decimal(text)
    if _SCIENTIFIC.fullmatch(text):
        raise Unreadable("is in scientific notation, which may have lost digits", example)
    if re.fullmatch(r"\d{1,3}\.\d{5,}", text):
        places = len(text.partition(".")[2])
        raise Unreadable(f"has {places} decimals", "at most 4 decimals")
    if re.fullmatch(r"\d{1,3},\d+", text):
        raise Unreadable("has a comma for its decimal point", text.replace(",", "."))
    if re.fullmatch(r"\d{1,3}(?:\.\d{1,4})?\s?%", text):
        raise Unreadable("has a per-cent sign", text.rstrip("% "))
    raise Unreadable("is not a number", f"a number such as {example}")


def _ungrouped(text: str) -> str | None:
    """The digits of a number whose thousands may be grouped, or None if it is no such number."""
    if re.fullmatch(r"[0-9]+", text):
        return text
    if _GROUPED.fullmatch(text):
        return re.sub(r"[^0-9]", "", text)
    return None


def _spelt_out(scientific: str) -> str:
    number = Decimal(scientific.replace(",", "."))
    return f"{number:f}" if number.adjusted() < 30 else "5000000"


def _whole_number_meant(text: str) -> str:
    digits = re.sub(r"[^0-9]", "", text)
    if re.fullmatch(r"(?:PKR|Rs\.?)?[\s\d.,']*(?:/-)?", text, re.IGNORECASE) and digits:
        return f"digits only, such as {digits} if that is what is meant"
    return "digits only, such as 5000000"


def _dates_meant(text: str) -> str:
    split = re.fullmatch(r"(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})(?:[ T].*)?", text)
    if split:
        first, second, third = (int(part) for part in split.groups())
        if first > 31:
            readings = [(first, second, third)]
        else:
            year = third if third > 99 else 2000 + third
            readings = [(year, second, first), (year, first, second)]
        meant = sorted({day.isoformat() for day in map(_existing_day, readings) if day})
        if meant:
            return " or ".join(reversed(meant))
    if re.fullmatch(r"[34567]\d{4}", text):
        day = _DAY_OF_SPREADSHEET_ZERO + timedelta(days=int(text))
        return f"{day.isoformat()} if this is a spreadsheet's day number"
    return "a date such as 2025-10-02"


def _existing_day(parts: tuple[int, int, int]) -> date | None:
    try:
        return date(*parts)
    except ValueError:
        return None


def _without_invisible(text: str) -> str:
    return "".join(
        character
        for character in text
        if character not in _INVISIBLE and unicodedata.category(character) != "Cc"
    )


def _ascii_digits(text: str) -> str:
    return "".join(
        str(unicodedata.digit(character)) if character.isdigit() else character
        for character in text
    )
