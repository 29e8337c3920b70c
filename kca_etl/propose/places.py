"""Where a drifted document states what its declaration looks for elsewhere, or in other words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from kca_etl.cells import Cell, Grid, empty
from kca_etl.extract.layout import texts_above
from kca_etl.extract.reader import Workbook
from kca_etl.german.text import Pattern, date_of, names_sheet, pattern, show
from kca_etl.propose.roles import stub_name
from kca_etl.propose.shape import Shape, find
from kca_etl.sources.spec import Table, Where

NAVIGATION = re.compile(r"zurück\b.*", re.IGNORECASE)
# Share of a table's declared columns that must be met before its label columns count as renamed.
MIN_MET_SHARE = 0.6


def title_of(grid: Grid, row: int) -> str:
    """The longest text above a table."""
    texts = [
        text
        for _, _, text in texts_above(grid, row)
        if not NAVIGATION.match(text) and not set(text) & set("*|{}")
    ]
    return max(texts, key=len, default="")


def stub_names(grid: Grid, table: Table) -> dict[str, str]:
    """New headers of a table's label columns, by the declared ones.

    Empty unless the columns beside them are the table's.
    """
    shape = find(grid)
    if shape is None or not isinstance(table.stub, dict) or len(shape.stub) != len(table.stub):
        return {}
    if _met_columns(shape, table) < MIN_MET_SHARE * len(table.columns):
        return {}
    names = [stub_name(shape, col) for col in shape.stub]
    return {
        old: new
        for old, new in zip(table.stub, names, strict=True)
        if new and pattern(old).match(new) is None
    }


def _met_columns(shape: Shape, table: Table) -> int:
    """Count the declared columns that stand in a table."""
    wanted = [[pattern(p) for p in key.split(" > ")] for key in table.columns]
    paths = [head.path for head in shape.heads]
    return sum(any(len(w) == len(p) and all(map(_fits, w, p)) for p in paths) for w in wanted)


def _fits(wanted: Pattern, text: str) -> bool:
    return wanted.match(text) is not None


def recognised_by(where: Where, book: Workbook) -> str:
    """The text most like the one a source is known by, if that is not there; '' if none is."""
    texts = [show(grid.rows[r][c]) for grid, r, c in _places(where, book)]
    wanted = where.text or (where.label,)
    if any(pattern(w).match(text) is not None for w in wanted for text in texts):
        return ""
    near = (difflib.get_close_matches(w.replace("*", ""), texts, n=1, cutoff=0.6) for w in wanted)
    return next((match[0] for match in near if match), "")


def _places(where: Where, book: Workbook) -> Iterator[tuple[Grid, int, int]]:
    """Every text on the sheets where a statement may stand."""
    for name in book.names:
        if names_sheet(where.sheet, name):
            grid = book[name]
            for places in grid.texts.values():
                yield from ((grid, r, c) for r, c in places)


def period_label(where: Where, book: Workbook) -> str:
    """The label most like a declared one beside which a month or a day stands."""
    labels = [
        show(grid.rows[r][c])
        for grid, r, c in _places(where, book)
        if _is_period(_next_text(grid.rows[r][c + 1 :]))
    ]
    near = difflib.get_close_matches(where.label, labels, n=1, cutoff=0.3)
    if near:
        return near[0]
    return labels[0] if len(labels) == 1 else ""


def _next_text(cells: list[Cell]) -> str:
    return next((show(cell) for cell in cells if not empty(cell)), "")


def _is_period(text: str) -> bool:
    return date_of(text) is not None or pattern("{monat}*").match(text) is not None
