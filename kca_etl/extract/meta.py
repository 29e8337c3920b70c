"""What a document states about itself: which product it is, which month, from when."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import pairwise

from kca_etl.cells import Grid, Statement, empty
from kca_etl.extract.reader import Workbook
from kca_etl.sources.spec import Source, Where
from kca_etl.text import pattern, show

REACH = 120  # rows searched for statements, from the top and from the end


def statements(book: Workbook, *places: Where) -> list[Statement]:
    """Find all cells that the first fitting place describes. With a label, the text is that of the next filled cell to its right."""
    for where in places:
        sheets = [n for n in book.names if fnmatchcase(n.strip(), where.sheet)] if where.label or where.text else []
        found = [s for name in sheets for s in _on_sheet(book[name], where)]
        if found:
            return found
    return []


def _on_sheet(grid: Grid, where: Where) -> list[Statement]:
    wanted = [pattern(text) for text in where.text]
    label = pattern(where.label) if where.label else None
    out = []
    for r in _reach(len(grid.rows)):
        filled = [(c, show(v)) for c, v in enumerate(grid.rows[r]) if not empty(v)]
        if label is not None:
            filled = [after for (_, text), after in pairwise(filled) if label.match(text) is not None]
        for c, text in filled:
            groups = next((g for p in wanted if (g := p.match(text)) is not None), None if wanted else {})
            if groups is not None:
                out.append(Statement(grid.name, r, c, text, groups))
    return out


def _reach(height: int) -> Iterator[int]:
    """Statements stand at a sheet's top or in its footer."""
    yield from range(min(height, REACH))
    yield from range(max(REACH, height - REACH), height)


def is_of(source: Source, book: Workbook) -> bool:
    """Tell whether a document is of this source: each of its `recognise` rules finds something."""
    return all(statements(book, where) for where in source.recognise)
