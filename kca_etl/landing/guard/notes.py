"""What the guard notes for extraction: cells whose meaning the spreadsheet reader drops."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NoReturn

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError

MAX_BYTES = 200_000_000  # of a file
Cells = set[tuple[int, int]]  # (row, column), from 0


@dataclass(slots=True)
class SheetNotes:
    """What the guard notes of a sheet.

    errors: cells with an error value · uncached: formulas without a stored result · percent:
    cells under a percent format · size: rows and columns of its used range, from A1.
    """

    errors: Cells = field(default_factory=set)
    uncached: Cells = field(default_factory=set)
    percent: Cells = field(default_factory=set)
    size: tuple[int, int] = (0, 0)


def refuse(
    code: Code, what: str, found: str = "", expected: str = "", sheet: str = "", cell: str = ""
) -> NoReturn:
    """Refuse a file with one finding."""
    raise KcaError(Finding(code, what, sheet, cell, found, expected))


def refuse_size(size: int) -> NoReturn:
    """Refuse a file of too many bytes."""
    most = f"at most {MAX_BYTES} bytes"
    refuse(Code.HOSTILE, "the file is too large", f"{size} bytes", most)


# What a number format shows as it stands: quoted, escaped, filled (*x), as wide as (_x), bracketed
# (colours, currencies).
_LITERAL = re.compile(r'"[^"]*"?|[\\_*].?|\[[^\]]*\]?', re.DOTALL)


def is_percent(number_format: str) -> bool:
    """Tell whether a number format shows percent: a `%` that is no literal."""
    return "%" in _LITERAL.sub("", number_format)


def column(letters: str) -> int:
    """Column letters to number, from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
