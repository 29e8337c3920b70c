"""The text of a PDF's page; where it holds a table, with the cells parted by tabs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdf import PageObject

_GAP = re.compile(r"(?<=\S) {2,}(?=\S)")
_NUMBER = re.compile(r"[+\-−–±]?\s?\d[\d.,\u00a0\u202f ]*(?: ?%)?|[-–*.x]|\.\.\.")
_ROWS = 2  # fewer make no table
_PROSE_WORDS, _PROSE_LINES = 3, 3  # on both sides of a gap: text in columns


def page_text(page: PageObject) -> str:
    """Return a page's text, in the order of reading."""
    lines = page.extract_text(extraction_mode="layout").split("\n")
    rows = [_is_row(line) for line in lines]
    if sum(rows) < _ROWS or _in_columns(lines):
        return page.extract_text()
    return "\n".join(_line(lines, rows, at) for at in range(len(lines)))


def _cells(line: str) -> list[str]:
    return _GAP.split(line.strip())


def _is_row(line: str) -> bool:
    """Tell whether a line is a label and numbers at a distance."""
    label, *cells = _cells(line)
    numbers = sum(_NUMBER.fullmatch(cell) is not None for cell in cells)
    return bool(cells) and numbers * 2 > len(cells) and _NUMBER.fullmatch(label) is None


def _in_columns(lines: Sequence[str]) -> bool:
    """Tell whether prose stands in two columns: lines across them would mix both."""
    wide = [
        all(len(part.split()) >= _PROSE_WORDS for part in _cells(line)[:2])
        for line in lines
        if len(_cells(line)) > 1 and not _is_row(line)
    ]
    return sum(wide) >= _PROSE_LINES


def _line(lines: Sequence[str], rows: Sequence[bool], at: int) -> str:
    """Part the cells of rows and of the headings above them; elsewhere blanks fold."""
    table = rows[at] or (len(_cells(lines[at])) > 1 and any(rows[at : at + 3]))
    if not table:
        return re.sub(r" {2,}", " ", lines[at].strip())
    indented = lines[at].startswith("    ") and not rows[at]
    return ("\t" if indented else "") + "\t".join(_cells(lines[at]))
