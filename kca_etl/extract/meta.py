"""What a document states about itself: which product it is, which month, from when."""

from __future__ import annotations

from kca_etl.cells import Grid, Statement, empty
from kca_etl.extract.reader import Workbook
from kca_etl.german.text import Pattern, names_sheet, pattern, show, squeeze
from kca_etl.sources.spec import Source, Where


def statements(book: Workbook, *places: Where) -> list[Statement]:
    """Find all cells that the first fitting place describes.

    With a label, the text is that of the next filled cell to its right.
    """
    for where in places:
        sheets = (
            [n for n in book.names if names_sheet(where.sheet, n)]
            if where.label or where.text
            else []
        )
        found = [s for name in sheets for s in _on_sheet(book[name], where)]
        if found:
            return found
    return []


def _on_sheet(grid: Grid, where: Where) -> list[Statement]:
    wanted = [pattern(text) for text in _with_daylike(where)]
    out = []
    for row, col in _stated_at(grid, where):
        groups = _groups(show(grid.rows[row][col]), wanted)
        if groups is not None:
            if "daylike" in groups:
                groups["datum"] = groups.pop("daylike")
            out.append(Statement(grid.name, row, col, show(grid.rows[row][col]), groups))
    return out


def _stated_at(grid: Grid, where: Where) -> list[tuple[int, int]]:
    """The cells after a label, or those that a text fits."""
    if where.label:
        after = {_next(grid, *place) for place in _places(grid, pattern(where.label))}
        return sorted(place for place in after if place is not None)
    return sorted(
        {place for text in _with_daylike(where) for place in _places(grid, pattern(text))}
    )


def _with_daylike(where: Where) -> list[str]:
    """Return the texts, and those with a day that may be none, as `Datenstand 31.02.2020`.

    Such a statement must be found, so that it can be named.
    """
    dated = [text for text in where.text if "{datum}" in text]
    return [*where.text, *(text.replace("{datum}", "{daylike}") for text in dated)]


def _groups(text: str, wanted: list[Pattern]) -> dict[str, str] | None:
    """What the first pattern that fits finds in a text; nothing of note where none is wanted."""
    if not wanted:
        return {}
    matches = (p.match(text) for p in wanted)
    return next((groups for groups in matches if groups is not None), None)


def _next(grid: Grid, row: int, col: int) -> tuple[int, int] | None:
    """The next filled cell to the right."""
    return next(
        ((row, c) for c in range(col + 1, grid.width) if not empty(grid.rows[row][c])), None
    )


def _places(grid: Grid, wanted: Pattern) -> list[tuple[int, int]]:
    """Where a text stands.

    Literal ones are looked up, so that a document is held against all sources in no time.
    """
    indices = [grid.texts] if wanted.wordy else [grid.texts, grid.numbers]
    if wanted.literal:
        return [place for index in indices for place in index.get(squeeze(wanted.source), [])]
    return [
        place
        for index in indices
        for key, found in index.items()
        if wanted.regex.fullmatch(key)
        for place in found
    ]


def is_of(source: Source, book: Workbook) -> bool:
    """Tell whether a document is of this source: each of its `recognise` rules finds something."""
    return all(statements(book, where) for where in source.recognise)
