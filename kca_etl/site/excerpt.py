"""A piece of a sheet around some of its cells: headers, row labels, neighbours, footnotes. Pure.

What may be printed depends on whose sheet it is. A publisher's public sheet is printed as it is.
Where its source hides figures (`*`), a number is printed only if the website shows it anyway: one
that we withhold must not stand beside the cell. The office's own sheets are no public documents:
of them only the figures shown, their header and row label, and texts that the declaration names
are printed; a remark, a name or a target beside them is nobody's business.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from kca_etl.german.months import day
from kca_etl.german.notation import decimal
from kca_etl.german.numbers import german, german_percent, percent
from kca_etl.german.signs import SIGNS
from kca_etl.german.text import show
from kca_etl.model.address import a1, place

Mode = Literal["open", "secretive", "own"]
HIDDEN = "·"
AROUND = 2  # rows and columns on each side of a marked cell
MAX_HEADER_ROWS, MAX_TITLE_ROWS, MAX_FOOTER_ROWS = 8, 2, 8
MAX_LABEL_COLUMNS, MAX_COLUMNS = 3, 16
YEARS = range(1990, 2100)
LABEL_SEARCH = 8  # columns from the left in which row labels stand


@dataclass(slots=True)
class Sheet:
    """A sheet's cells as the reader gives them; `percent`: those under a percent format."""

    name: str
    rows: Sequence[Sequence[Any]]
    percent: frozenset[tuple[int, int]] = frozenset()
    _words: dict[int, list[int]] = field(default_factory=dict)
    _last: dict[int, int] = field(default_factory=dict)

    def has(self, cell: tuple[int, int]) -> bool:
        """Tell whether the sheet has a cell."""
        return cell[0] < len(self.rows) and cell[1] < len(self.rows[cell[0]])

    def header_end(self, row: int, column: int) -> int:
        """Return the nearest row above whose cell in the column is a text or a day; -1: none."""
        if column not in self._words:
            # Nearly all cells of a column are numbers: they are passed over without a call.
            self._words[column] = [
                at
                for at, cells in enumerate(self.rows)
                if cells[column] != ""
                and cells[column].__class__ is not float
                and _is_word(cells[column])
            ]
        above = bisect_left(self._words[column], row)
        return self._words[column][above - 1] if above else -1

    def last_number(self, column: int) -> int:
        """Return the last row that has a number in a column."""
        if column not in self._last:
            rows = range(len(self.rows) - 1, -1, -1)
            found = (row for row in rows if _is_number(self.rows[row][column]))
            self._last[column] = next(found, -1)
        return self._last[column]


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed cell; a marked one has the ids of the figures that were read from it."""

    text: str
    ids: tuple[str, ...] = ()
    number: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row by its number from 1; a gap has none. `wide`: a text that stands alone in its row."""

    number: int = 0
    cells: tuple[Cell, ...] = ()
    wide: str = ""

    @property
    def hides(self) -> bool:
        """Whether a cell of the row is not printed."""
        return any(cell.hidden for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of a sheet: its columns' letters and its rows; `hides`: not all is printed."""

    sheet: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    hides: bool


def cut(
    sheet: Sheet,
    marked: Mapping[str, Sequence[str]],
    may: Mapping[str, bool],
    mode: Mode,
    declared: Callable[[str], bool],
) -> Excerpt:
    """Cut out what stands around cells.

    `marked`: cell (A1) → ids of its figures · `may`: cells that may be printed, True where the
    number is withheld · `declared`: whether a text or number is one that the declaration names,
    or a region's code. Raises IndexError where the sheet has no such cell.
    """
    marks = {place(cell): tuple(ids) for cell, ids in marked.items()}
    if not all(map(sheet.has, marks)):
        raise IndexError(f"the sheet {sheet.name!r} has no such cell")
    heads = _heads(sheet, marks, mode)
    rows = _rows(sheet, list(marks), mode, heads)
    columns = _columns(sheet, list(marks), may)
    shown = {place(cell): secret for cell, secret in may.items()}
    printer = _Printer(sheet, marks, shown, mode, declared, heads)
    lines = _with_gaps(printer, rows, columns)
    letters = tuple(a1(0, column)[:-1] for column in columns)
    hides = mode == "own" or any(line.hides for line in lines)
    return Excerpt(sheet.name, letters, tuple(lines), hides)


def _with_gaps(printer: _Printer, rows: Sequence[int], columns: Sequence[int]) -> list[Line]:
    """Print rows; what is left out between two of them is a gap, unless it is empty."""
    kept = printer.heads | {row for row, _ in printer.marks}
    lines, last = list[Line](), -1
    for row in rows:
        line = printer.line(row, columns)
        if row in kept or _tells(line):
            if last >= 0 and any(map(_filled, printer.sheet.rows[last + 1 : row])):
                lines.append(Line())
            lines.append(line)
            last = row
    return lines


def _tells(line: Line) -> bool:
    """Tell whether a line says more than a row's label."""
    if line.hides:
        return any(cell.number for cell in line.cells)
    return bool(line.wide) or any(cell.text for cell in line.cells)


@dataclass(slots=True)
class _Printer:
    sheet: Sheet
    marks: Mapping[tuple[int, int], tuple[str, ...]]
    shown: Mapping[tuple[int, int], bool]
    mode: Mode
    declared: Callable[[str], bool]
    heads: set[int]

    def line(self, row: int, columns: Sequence[int]) -> Line:
        filled = [c for c, value in enumerate(self.sheet.rows[row]) if value != ""]
        alone = filled[0] if len(filled) == 1 else -1
        value = self.sheet.rows[row][alone] if alone >= 0 else ""
        if alone >= 0 and (row, alone) not in self.marks and not _is_number(value):
            text = _text(value)
            return Line(row + 1, wide=text if self._is_public(row, alone, value) else "")
        return Line(row + 1, tuple(self.cell(row, column) for column in columns))

    def cell(self, row: int, column: int) -> Cell:
        value = self.sheet.rows[row][column]
        ids, number = self.marks.get((row, column), ()), _is_number(value)
        text = _text(value, in_percent=(row, column) in self.sheet.percent)
        if self.shown.get((row, column), False):
            return Cell("*", ids, number=True)
        if (row, column) in self.shown or not text or ids or self._is_public(row, column, value):
            return Cell(text, ids, number=number)
        return Cell(HIDDEN, hidden=True)

    def _is_public(self, row: int, column: int, value: object) -> bool:
        if self.mode == "open":
            return True
        if _is_number(value):
            # Years and numbers of columns in a header are no figures; signs hide nothing.
            in_head = row in self.heads and (self.mode == "secretive" or _is_year(value))
            sign = isinstance(value, str) and value.strip() in SIGNS
            return in_head or sign or self.declared(show(value))
        return self.mode == "secretive" or self._is_label(row, column) or self.declared(str(value))

    def _is_label(self, row: int, column: int) -> bool:
        """Tell whether a text of an own sheet names a marked cell: first of its row, or above."""
        for marked_row, marked_column in self.marks:
            cells = self.sheet.rows[marked_row]
            first = next((c for c in range(marked_column) if _text(cells[c])), -1)
            above = self.sheet.header_end(marked_row, marked_column)
            if (row, column) in ((marked_row, first), (above, marked_column)):
                return True
        return False


def _rows(sheet: Sheet, marks: Sequence[tuple[int, int]], mode: Mode, heads: set[int]) -> list[int]:
    """Return the rows to print: titles, headers, the marked ones with neighbours, footnotes."""
    around = {row for row, _ in marks}
    if mode != "own":
        for row, _ in marks:
            around |= set(range(row - AROUND, row + AROUND + 1))
        around |= set(_titles(sheet)) | set(_footers(sheet, marks))
    chosen = sorted(row for row in around | heads if 0 <= row < len(sheet.rows))
    return [row for row in chosen if _filled(sheet.rows[row])]


def _heads(sheet: Sheet, marks: Iterable[tuple[int, int]], mode: Mode) -> set[int]:
    out: set[int] = set()
    met: set[tuple[int, int]] = set()
    for row, column in sorted(marks):
        end = sheet.header_end(row, column)
        if end >= 0 and (end, column) not in met:
            met.add((end, column))
            for above in range(end, max(end - MAX_HEADER_ROWS, -1), -1):
                if mode == "own" and not _filled(sheet.rows[above]):
                    break
                out.add(above)
    return out


def _titles(sheet: Sheet) -> list[int]:
    filled = (row for row, cells in enumerate(sheet.rows) if _filled(cells))
    return [row for row, _ in zip(filled, range(MAX_TITLE_ROWS), strict=False)]


def _footers(sheet: Sheet, marks: Sequence[tuple[int, int]]) -> list[int]:
    """Return the texts below the last number of the marked columns."""
    last = max(max(row, sheet.last_number(column)) for row, column in marks)
    below = [row for row in range(last + 1, len(sheet.rows)) if _filled(sheet.rows[row])]
    return below[:MAX_FOOTER_ROWS]


def _columns(sheet: Sheet, marks: Sequence[tuple[int, int]], may: Mapping[str, bool]) -> list[int]:
    """Return the columns to print: row labels, then the marked ones with their neighbours."""
    width, marked = len(sheet.rows[0]), {column for _, column in marks}
    rows = {row for row, _ in marks}
    figures = {column for row, column in map(place, may) if row in rows}
    first = min(figures | marked)
    chosen = set(marked)
    for column in sorted(marked):
        near = {c for c in range(column - AROUND, column + AROUND + 1) if first <= c < width}
        if len(chosen | near) <= MAX_COLUMNS:
            chosen |= near
    return sorted({*_labels(sheet, rows, first), *chosen})


def _labels(sheet: Sheet, rows: set[int], first: int) -> list[int]:
    """Return the columns left of the figures in which marked rows have their labels."""
    places = range(min(first, LABEL_SEARCH))
    found = [c for c in places if any(_text(sheet.rows[row][c]) for row in rows)]
    return found[:MAX_LABEL_COLUMNS]


def _is_word(value: object) -> bool:
    if isinstance(value, str):
        return bool(value.strip()) and not _is_number(value)
    return isinstance(value, date)


def _is_year(value: object) -> bool:
    return isinstance(value, int | float) and value in YEARS


def _filled(cells: Sequence[Any]) -> bool:
    return any(cell != "" for cell in cells)


def _is_number(value: object) -> bool:
    """Tell whether a cell could be a figure: a number, a number's text or a sign."""
    if isinstance(value, bool | date):
        return False
    if isinstance(value, int | float):
        return True
    if not isinstance(value, str) or not value.strip():
        return False
    text = value.strip()
    return text in SIGNS or german(text) is not None or german_percent(text) is not None


def _text(value: object, *, in_percent: bool = False) -> str:
    """Print a cell in German, a number with all its digits."""
    if isinstance(value, bool):
        return "WAHR" if value else "FALSCH"
    if isinstance(value, int | float):
        return _number(value, in_percent=in_percent)
    if isinstance(value, datetime | date):
        return day(value.isoformat()[:10])
    return " ".join(str(value).split())


def _number(value: float, *, in_percent: bool) -> str:
    if value == int(value) and not in_percent:
        return f"{int(value):,}".replace(",", ".").replace("-", "−")
    exact = decimal(percent(float(value)) if in_percent else float(value))
    text = f"{exact:,f}".translate(str.maketrans(",.", ".,"))
    whole, comma, rest = text.partition(",")
    rest = rest.rstrip("0")
    text = f"{whole}{comma if rest else ''}{rest}".replace("-", "−")
    return f"{text} %" if in_percent else text
