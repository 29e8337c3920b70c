"""Where a sheet's table is.

Its header rows, label columns and data rows, found by what the cells look like.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from kca_etl.cells import Cell, Grid, Head, empty
from kca_etl.extract.headers import heads, is_running_numbers
from kca_etl.german.text import show
from kca_etl.propose.kinds import is_code, is_coded, is_key, is_period, is_value
from kca_etl.propose.label_columns import split_columns

MAX_GAP_ROWS = 3  # rows without values that do not end a table


@dataclass(slots=True)
class Shape:
    """A table's place.

    `stub` are label columns; `ignored` further columns of words; `heads` the data columns'
    header paths; `sections` heading rows.
    """

    grid: Grid
    top: int
    first: int
    last: int
    stub: list[int]
    heads: list[Head]
    numbered: bool
    sections: list[int]
    ignored: list[Head] = field(default_factory=list)

    def body(self) -> Iterator[list[Cell]]:
        """The data rows, headings left out."""
        headings = set(self.sections)
        for r in range(self.first, self.last + 1):
            if r not in headings:
                yield self.grid.rows[r]

    def filled(self) -> Iterator[list[Cell]]:
        """The data rows that hold a figure."""
        return (row for row in self.body() if any(not empty(row[h.col]) for h in self.heads))

    def column(self, col: int) -> list[Cell]:
        """The filled cells of a column in the data rows, headings left out."""
        return [row[col] for row in self.body() if not empty(row[col])]


def find(grid: Grid) -> Shape | None:
    """Find the largest table of a sheet; None if it holds none."""
    run = _longest_run(grid)
    if run is None:
        return None
    stub, data, ignored = split_columns(grid, *run)
    bounds = _body(grid, run, stub, data) if data else None
    if bounds is None:
        return None
    first, last = bounds
    first = _with_headings(grid, first, last, stub, data)
    top = _top(grid, first, data)
    if top == first:
        return None
    numbered = _is_numbered(grid.rows[top + 1 : first], data)
    found = heads(grid, top, first, sorted([*data, *ignored]), numbered=numbered)
    return Shape(
        grid,
        top,
        first,
        last,
        stub,
        [h for h in found if h.col not in ignored],
        numbered,
        heading_rows(grid, first, last, stub, data),
        [h for h in found if h.col in ignored],
    )


def _is_numbered(rows: list[list[Cell]], data: list[int]) -> bool:
    return any(is_running_numbers([row[c] for c in data]) for row in rows)


def _body(
    grid: Grid, run: tuple[int, int], stub: list[int], data: list[int]
) -> tuple[int, int] | None:
    """Return the first and the last row with a label and a figure, header rows left out.

    Years, months and running numbers over the data belong to the header.
    """
    rows = [
        r
        for r in range(run[0], run[1] + 1)
        if any(is_value(grid.rows[r][c]) for c in data) and _has_label(grid.rows[r], stub)
    ]
    while rows and _is_header(grid.rows[rows[0]], stub, data):
        rows.pop(0)
    return (rows[0], rows[-1]) if rows else None


def _has_label(row: list[Cell], stub: list[int]) -> bool:
    return not stub or any(not empty(row[c]) for c in stub)


def _is_header(row: list[Cell], stub: list[int], data: list[int]) -> bool:
    """A first row of years, months or running numbers above the data is a header."""
    filled = [row[c] for c in data if not empty(row[c])]
    if len(filled) > 1 and is_running_numbers([v for v in row if not empty(v)]):
        return True
    labels = [row[c] for c in stub]
    keyed = any(map(is_key, labels))
    return bool(filled) and not keyed and all(map(is_period, filled))


def _with_headings(grid: Grid, first: int, last: int, stub: list[int], data: list[int]) -> int:
    """Return the first row of the body: headings right above the first figures are part of it.

    A row without figures is one where it names an area by its code, where it is a period, or
    where such labels part the rows below as well.
    """
    if not stub:
        return first
    parted = bool(heading_rows(grid, first, last, stub, data))
    found = first
    for r in range(first - 1, -1, -1):
        row = grid.rows[r]
        if all(map(empty, row)):
            continue
        if not _opens(row, stub, data, parted=parted):
            break
        found = r
    return found


def _opens(row: list[Cell], stub: list[int], data: list[int], *, parted: bool) -> bool:
    label = row[stub[0]]
    if empty(label) or any(not empty(row[c]) for c in data):
        return False
    if is_coded(label) or (is_code(label) and len(stub) > 1):
        return True
    return _is_alone(row, stub) and (parted or is_period(label))


def _is_alone(row: list[Cell], stub: list[int]) -> bool:
    return not empty(row[stub[0]]) and sum(not empty(v) for v in row) == 1


def heading_rows(grid: Grid, first: int, last: int, stub: list[int], data: list[int]) -> list[int]:
    """Return the rows that hold a label and no figure.

    But for areas that have a code, labels that come again, and those that stand indented like the
    row below: they are rows for which nothing was printed.
    """
    if not stub:
        return []
    label = stub[0]
    bare = [
        r
        for r in range(first, last + 1)
        if not empty(grid.rows[r][label]) and all(empty(grid.rows[r][c]) for c in data)
    ]
    often = Counter(show(row[label]) for row in grid.rows) if bare else Counter()
    return [r for r in bare if _is_heading(grid, r, stub, often, last)]


def _is_heading(grid: Grid, row: int, stub: list[int], often: Counter[str], last: int) -> bool:
    cell = grid.rows[row][stub[0]]
    if is_coded(cell) or (is_code(cell) and len(stub) > 1):
        return False
    if is_period(cell) and _is_alone(grid.rows[row], stub):
        return True
    here, below = (
        len(text) - len(text.lstrip())
        for text in (str(grid.rows[r][stub[0]]) for r in (row, min(row + 1, last)))
    )
    return often[show(cell)] == 1 and not here == below > 0


def _longest_run(grid: Grid) -> tuple[int, int] | None:
    """The longest stretch of rows with values.

    A few rows between are bridged, and any number that hold a label alone.
    """
    best: tuple[int, int] | None = None
    start = end = -MAX_GAP_ROWS - 1
    for r in [i for i, row in enumerate(grid.rows) if any(map(is_value, row))]:
        near = r - end <= MAX_GAP_ROWS or (end >= 0 and _labels_only(grid, end, r))
        start = start if near else r
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
