"""An independent reading of the BA's sheets with openpyxl.

Nothing of the project's own extraction is used here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

Cell = tuple[str, str, str]  # sheet, address, value or sign
SIGNS = {"*", "."}


@dataclass(frozen=True, slots=True)
class Area:
    """A sheet's data.

    The columns under the running numbers, the rows down to the copyright line or the first
    note.
    """

    sheet: str
    columns: list[int]
    rows: list[tuple[int, str, list[Any]]]  # number in the sheet, Trägernummer or name, all cells


def areas(path: Path) -> Iterator[Area]:
    """Yield the data areas of all sheets whose title begins with a number."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            if re.match(r"\d", sheet.title):
                yield _area(sheet.title, [list(row) for row in sheet.iter_rows(values_only=True)])
    finally:
        book.close()


def _area(title: str, rows: list[list[Any]]) -> Area:
    head, code = next(
        (r, c)
        for r, row in enumerate(rows)
        for c, v in enumerate(row)
        if re.sub(r"[-\s]", "", str(v)) == "Trägernummer"
    )
    numbers = next(r for r in range(head, len(rows)) if _running(rows[r][code + 1 :]))
    columns = [c for c in range(code + 1, len(rows[numbers])) if isinstance(rows[numbers][c], int)]
    end = next(
        r for r in range(numbers, len(rows)) if any(str(v).startswith(("©", "*)")) for v in rows[r])
    )
    data = [
        (r + 1, str(rows[r][code] or rows[r][code - 1]), rows[r])
        for r in range(numbers + 1, end)
        if rows[r][code - 1] is not None
    ]
    return Area(title, columns, data)


def _running(cells: list[Any]) -> bool:
    """Tell whether cells are the running numbers of columns, 1 to n."""
    filled = [c for c in cells if c is not None]
    return len(filled) > 3 and filled == list(range(1, len(filled) + 1))


def shown(value: Any) -> str:
    """A number by its exact digits, a sign as it stands."""
    if isinstance(value, str):
        assert value.strip() in SIGNS, value
        return value.strip()
    return repr(float(value))


def read(path: Path) -> tuple[set[Cell], set[tuple[str, str, str, str]]]:
    """Return the cells that count, and those of a Land's second row that differ.

    With both rows' values, the first's first.
    """
    taken: set[Cell] = set()
    differing: set[tuple[str, str, str, str]] = set()
    for area in areas(path):
        first: dict[str, list[Any]] = {}
        for number, key, cells in area.rows:
            upper = first.setdefault(key, cells)
            for c in area.columns:
                cell = (area.sheet, f"{get_column_letter(c + 1)}{number}", shown(cells[c]))
                if upper is cells:
                    taken.add(cell)
                elif cell[2] != shown(upper[c]):
                    differing.add((*cell[:2], shown(upper[c]), cell[2]))
    return taken, differing
