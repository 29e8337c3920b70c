"""Addresses of cells as a spreadsheet prints them."""

from __future__ import annotations

import re

SHEET_COLUMNS = 16384  # Excel's limit; the warehouse keeps a cell as row * SHEET_COLUMNS + column


def a1(row: int, col: int) -> str:
    """Render 0-based row and column as Excel prints it: (0, 0) is A1."""
    letters = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def place(cell: str) -> tuple[int, int]:
    """Return row and column, from 0, of an address such as C14; raises ValueError."""
    found = re.fullmatch(r"([A-Z]{1,3})([1-9]\d*)", cell)
    if found is None:
        raise ValueError(f"{cell!r} is no cell")
    col = 0
    for letter in found[1]:
        col = col * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, col - 1
