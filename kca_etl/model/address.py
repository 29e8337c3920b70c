"""Addresses of cells as a spreadsheet prints them."""

from __future__ import annotations


def a1(row: int, col: int) -> str:
    """Render 0-based row and column as Excel prints it: (0, 0) is A1."""
    letters = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"
