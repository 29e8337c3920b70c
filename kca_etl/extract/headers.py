"""Header trees: every column's path of texts from the top header row to the last."""

from __future__ import annotations

from kca_etl.cells import Cell, Grid, Head, empty
from kca_etl.german.text import show, split_footnote


def is_running_numbers(cells: list[Cell]) -> bool:
    """Tell whether cells are running column numbers, in any order and with gaps.

    Columns may have been moved or lost.
    """
    filled = [c for c in cells if not empty(c)]
    try:
        numbers = [float(c) for c in filled if not isinstance(c, bool)]
    except (TypeError, ValueError):
        return False
    return len(set(numbers)) == len(filled) > 0 and all(
        1 <= n < 100 and n.is_integer()  # noqa: PLR2004 - no years
        for n in numbers
    )


def heads(grid: Grid, top: int, bottom: int, cols: list[int], *, numbered: bool) -> list[Head]:
    """Read the header rows top..bottom (exclusive) of the given columns.

    A merged cell spans exactly its range; an unmerged one reaches right to the next text of its
    row, but not past a column where a row above begins anew, and not in the lowest row, whose
    texts name one column each.
    """
    rows = _header_rows(grid, top, bottom, cols, numbered=numbered)
    spans = {first: last for first, last in grid.merged if top <= first[0] < bottom}
    begins: set[int] = set()  # columns where a row so far starts a text of its own
    paths: dict[int, list[tuple[int, str]]] = {c: [] for c in cols}
    for row in rows:
        for col, text in _spread(grid, row, cols, spans, begins, last=row == rows[-1]):
            paths[col].append((row, text))
        begins |= {c for c in cols if not empty(grid.rows[row][c])}
    return [_head(col, paths[col], own=col in begins) for col in cols]


def _header_rows(
    grid: Grid, top: int, bottom: int, cols: list[int], *, numbered: bool
) -> list[int]:
    """Return the rows with texts, without a last one that only numbers the columns."""
    rows = [r for r in range(top, bottom) if any(not empty(grid.rows[r][c]) for c in cols)]
    if numbered and rows and is_running_numbers([grid.rows[rows[-1]][c] for c in cols]):
        rows.pop()
    return rows


def _spread(
    grid: Grid,
    row: int,
    cols: list[int],
    spans: dict[tuple[int, int], tuple[int, int]],
    begins: set[int],
    *,
    last: bool,
) -> list[tuple[int, str]]:
    out: list[tuple[int, str]] = []
    text, until = "", -1
    for col in cols:
        cell = grid.rows[row][col]
        if not empty(cell):
            text = show(cell)
            until = spans.get((row, col), (row, col if last else cols[-1]))[1]
        elif col > until or (col in begins and until == cols[-1]):
            text = ""
        if text:
            out.append((col, text))
    return out


def _head(col: int, texts: list[tuple[int, str]], *, own: bool) -> Head:
    path, marks = [], []
    for row, text in texts:
        label, mark = split_footnote(text)
        path.append(label)
        if mark:
            marks.append((row, col, mark))
    return Head(col, tuple(path), texts[-1][0] if texts else 0, own, tuple(marks))
