"""Cells with addresses: what extraction hands to tidying. Rows and columns count from 0."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kca_etl.german.text import show, squeeze
from kca_etl.sources.spec import Coord, Role, Table

Cell = Any  # str, float, int, bool, date, datetime, timedelta; "" when empty
Span = tuple[tuple[int, int], tuple[int, int]]
INDEXED_ROWS = (
    120  # rows searched for what a sheet states about itself, from the top and from the end
)


def empty(cell: Cell) -> bool:
    """Tell whether a cell holds nothing but blanks."""
    return cell == "" or (cell.__class__ is str and not cell.strip())


@dataclass
class Grid:
    """A sheet.

    Rows of equal length, and what the guard noted about cells the reader cannot tell apart.
    """

    name: str
    rows: list[list[Cell]]
    merged: list[Span] = field(default_factory=list)
    errors: frozenset[tuple[int, int]] = frozenset()  # error values such as #DIV/0!
    uncached: frozenset[tuple[int, int]] = frozenset()  # formulas without a stored result
    percent: frozenset[tuple[int, int]] = frozenset()  # numbers under a percent format
    text_only: bool = False  # a text table: numbers are always text

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.rows[0]) if self.rows else 0

    @cached_property
    def texts(self) -> dict[str, list[tuple[int, int]]]:
        """Where each text of a sheet's top and footer stands, by what texts are compared by.

        Row and column. Dates count as texts.
        """
        return self._index(numbers=False)

    @cached_property
    def numbers(self) -> dict[str, list[tuple[int, int]]]:
        """The same of numbers."""
        return self._index(numbers=True)

    def _index(self, *, numbers: bool) -> dict[str, list[tuple[int, int]]]:
        out: dict[str, list[tuple[int, int]]] = {}
        height = len(self.rows)
        for r in (
            *range(min(height, INDEXED_ROWS)),
            *range(max(INDEXED_ROWS, height - INDEXED_ROWS), height),
        ):
            for c, v in enumerate(self.rows[r]):
                if v == "" or (v.__class__ is float or v.__class__ is int) is not numbers:
                    continue
                if key := squeeze(v if v.__class__ is str else show(v)):
                    out.setdefault(key, []).append((r, c))
        return out


@dataclass(frozen=True, slots=True)
class Head:
    """One column's header.

    Its path, where its lowest text stands, and footnote marks (row, col, mark).
    """

    col: int
    path: tuple[str, ...]
    row: int
    own: bool
    marks: tuple[tuple[int, int, str], ...] = ()


@dataclass(slots=True)
class Column:
    """A matched data column.

    Where it stands, what it adds, and the periods read from its header.
    """

    col: int
    head: Head
    coord: Coord
    groups: dict[str, str]


@dataclass(frozen=True, slots=True)
class Section:
    """What a heading row says about the rows below it.

    Coordinates, and periods read from its text.
    """

    coord: Coord = field(default_factory=Coord)
    groups: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class RawTable:
    """A table's cells, nothing interpreted yet.

    `cells[i]` is column i over `rows`; `above` the texts over it · `aside`, `ignored`: headers
    and rows that are ignored by name.
    """

    spec: Table
    grid: Grid
    top: int
    columns: list[Column]
    rows: list[int]
    stub: list[tuple[Role, int]]
    stub_cells: list[tuple[Cell, ...]]
    cells: list[tuple[Cell, ...]]
    sections: list[Section]
    above: list[tuple[int, int, str]]
    below: dict[str, str] = field(default_factory=dict)
    aside: list[Head] = field(default_factory=list)
    ignored: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Statement:
    """A text found where a declaration said, with its placeholders' texts."""

    sheet: str
    row: int
    col: int
    text: str
    groups: dict[str, str]
