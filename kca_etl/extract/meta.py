"""What a document states about itself: which product it is, which month, from when."""

from __future__ import annotations

from fnmatch import fnmatchcase

from kca_etl.cells import Grid, Statement, empty
from kca_etl.extract.reader import Workbook
from kca_etl.sources.spec import Source, Where
from kca_etl.text import pattern, show

REACH = 120  # rows searched for statements


def statements(book: Workbook, where: Where) -> list[Statement]:
    """Find all cells a `Where` describes. With a label, the text is that of the next filled cell to its right."""
    out: list[Statement] = []
    for name in book.names:
        if fnmatchcase(name.strip(), where.sheet):
            out += _on_sheet(book[name], where)
    return out


def _on_sheet(grid: Grid, where: Where) -> list[Statement]:
    wanted = [pattern(text) for text in where.text]
    label = pattern(where.label) if where.label else None
    out = []
    for r, row in enumerate(grid.rows[:REACH]):
        filled = [(c, show(v)) for c, v in enumerate(row) if not empty(v)]
        for i, (c, text) in enumerate(filled):
            if label is not None:
                if label.match(text) is not None and i + 1 < len(filled):
                    out.append(Statement(grid.name, r, filled[i + 1][0], filled[i + 1][1], {}))
                continue
            for p in wanted:
                groups = p.match(text)
                if groups is not None:
                    out.append(Statement(grid.name, r, c, text, groups))
                    break
    return out


def is_of(source: Source, book: Workbook) -> bool:
    """Tell whether a document is of this source: each of its `recognise` rules finds something."""
    return all(statements(book, where) for where in source.recognise)
