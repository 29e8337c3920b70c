"""Where a sheet's table is.

Its header rows, label columns and data rows, found by what the cells look like.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kca_etl.cells import Cell, Grid, Head, empty
from kca_etl.extract.headers import heads, is_running_numbers
from kca_etl.german.numbers import german
from kca_etl.german.text import date_of, month_of, show

SIGNS = frozenset({"*", ".", "-", "–", "x", "X", "...", "…", "/", "•"})
FIRST_YEAR, LAST_YEAR = 1900, 2100
YEAR_DIGITS = 4
_CODE = re.compile(r"\d{2,8}|DG")
_CODED = re.compile(r"\d{2,8}\s\D")


@dataclass(slots=True)
class Shape:
    """A table's place.

    `stub` are label columns; `heads` the data columns' header paths; `sections` heading rows.
    """

    grid: Grid
    top: int
    first: int
    last: int
    stub: list[int]
    heads: list[Head]
    numbered: bool
    sections: list[int]

    def column(self, col: int) -> list[Cell]:
        """The filled cells of a column in the data rows, headings left out."""
        rows = (r for r in range(self.first, self.last + 1) if r not in self.sections)
        return [self.grid.rows[r][col] for r in rows if not empty(self.grid.rows[r][col])]


def find(grid: Grid) -> Shape | None:
    """Find the largest table of a sheet; None if it holds none."""
    run = _longest_run(grid)
    if run is None:
        return None
    first, last = run
    stub = _stub(grid, first, last)
    data = _data_columns(grid, first, last, stub)
    first = _first_data_row(grid, first, last, stub, data)
    above = next((row for row in reversed(grid.rows[:first]) if not all(map(empty, row))), None)
    numbered = above is not None and is_running_numbers([above[c] for c in data])
    if stub and _opens(grid.rows[first - 1], stub[0]):
        first -= 1
    top = _top(grid, first, data)
    if not data or top == first:
        return None
    found = heads(grid, top, first, data, numbered=numbered)
    sections = _heading_rows(grid, first, last, stub, data)
    return Shape(grid, top, first, last, stub, found, numbered, sections)


def _data_columns(grid: Grid, first: int, last: int, stub: list[int]) -> list[int]:
    """The columns beside the labels that hold anything."""
    rows = grid.rows[first : last + 1]
    others = (c for c in range(grid.width) if c not in stub)
    return [c for c in others if any(not empty(row[c]) for row in rows)]


def _first_data_row(grid: Grid, first: int, last: int, stub: list[int], data: list[int]) -> int:
    """Skip what looks like values, but belongs to the header: years, months, running numbers."""
    while first < last and _is_header(grid.rows[first], stub, data):
        first += 1
    if is_running_numbers(grid.rows[first]):
        first += 1
    # Figures in a header: `100 %`, running numbers.
    while stub and first < last and all(empty(grid.rows[first][c]) for c in stub):
        first += 1
    return first


def _heading_rows(grid: Grid, first: int, last: int, stub: list[int], data: list[int]) -> list[int]:
    if not stub:
        return []
    return [r for r in range(first, last + 1) if _is_heading(grid, r, stub[0], data, last)]


def _is_heading(grid: Grid, row: int, label: int, data: list[int], last: int) -> bool:
    """A label without figures is a heading.

    Unless it names an area by its code, stands indented like the row below it, or comes again.
    """
    cell = grid.rows[row][label]
    if empty(cell) or _CODED.match(show(cell)) or any(not empty(grid.rows[row][c]) for c in data):
        return False
    indent = [
        len(text) - len(text.lstrip())
        for text in (str(grid.rows[r][label]) for r in (row, min(row + 1, last)))
    ]
    again = sum(show(other[label]) == show(cell) for other in grid.rows) > 1
    return not again and not (indent[0] == indent[1] > 0)


def is_value(cell: Cell) -> bool:
    """A number, a number's text, or a usual sign."""
    if isinstance(cell, bool) or empty(cell):
        return False
    return isinstance(cell, int | float) or (
        isinstance(cell, str) and (cell.strip() in SIGNS or german(cell) is not None)
    )


def is_year(cell: Cell) -> bool:
    """Tell whether a cell is a year."""
    text = show(cell)
    return len(text) == YEAR_DIGITS and text.isdigit() and FIRST_YEAR <= int(text) <= LAST_YEAR


def is_code(cell: Cell) -> bool:
    """Tell whether a cell looks like a region's code."""
    return bool(_CODE.fullmatch(show(cell))) and not is_year(cell)


def _values(row: list[Cell]) -> int:
    return sum(is_value(c) for c in row)


def _longest_run(grid: Grid, gap: int = 3) -> tuple[int, int] | None:
    """The longest stretch of rows with values.

    A few rows between are bridged, and any number that hold a label alone.
    """
    best: tuple[int, int] | None = None
    start = end = -gap - 1
    for r in [i for i, row in enumerate(grid.rows) if _values(row) > 0]:
        start = start if r - end <= gap or (end >= 0 and _labels_only(grid, end, r)) else r
        end = r
        if best is None or end - start > best[1] - best[0]:
            best = (start, end)
    return best


def _labels_only(grid: Grid, before: int, after: int) -> bool:
    """Tell whether the rows between two rows of values go on with labels.

    Areas or industries for which nothing was printed.
    """
    label = next((c for c, v in enumerate(grid.rows[before]) if not empty(v)), -1)
    between = grid.rows[before + 1 : after]
    return all(not empty(row[label]) and sum(not empty(v) for v in row) == 1 for row in between)


def _stub(grid: Grid, first: int, last: int) -> list[int]:
    """Label columns.

    From the left, as long as a column holds words, codes, years or months rather than figures.
    """
    out = []
    for c in range(grid.width):
        cells = [row[c] for row in grid.rows[first + 1 : last + 1] if not empty(row[c])]
        if not cells:
            continue
        # Counts have no leading zeros.
        codes = any(show(v).startswith("0") and is_code(v) for v in cells)
        labels = sum(_is_label(v, codes=codes) for v in cells)
        if labels * 2 <= len(cells):
            break
        out.append(c)
    return out


def _is_label(cell: Cell, *, codes: bool) -> bool:
    if codes and is_code(cell):
        return True
    return not is_value(cell) or is_year(cell) or month_of(show(cell)) is not None


def _is_header(row: list[Cell], stub: list[int], data: list[int]) -> bool:
    """A first row of years or months above the data is a header."""
    filled = [row[c] for c in data if not empty(row[c])]
    return (
        bool(filled)
        and all(is_year(v) or month_of(show(v)) is not None for v in filled)
        and not any(is_year(row[c]) or is_code(row[c]) for c in stub)
    )


def _opens(row: list[Cell], label: int) -> bool:
    """A period alone above the data is the first of the headings that part it."""
    alone = sum(not empty(v) for v in row) == 1 and not empty(row[label])
    return alone and (is_year(row[label]) or date_of(show(row[label])) is not None)


def _top(grid: Grid, first: int, data: list[int]) -> int:
    """The header reaches up as long as something stands over the data columns.

    Blank rows inside it are part of it.
    """
    top = first
    for r in range(first - 1, -1, -1):
        filled = [c for c in data if not empty(grid.rows[r][c])]
        if len(filled) > 1 or (filled and top - r == 1):
            top = r
        elif filled or top - r > 1:
            break
    return top
