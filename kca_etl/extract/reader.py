"""Opening documents: every format becomes sheets of raw cells."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kca_etl.cells import Cell, Grid
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError

LONGEST_FIELD = 131_072  # characters
SAMPLED_LINES = 500  # from which a text table's delimiter is told


class Workbook:
    """The sheets of one document, each read when first asked for."""

    def __init__(self, names: list[str], read: Any) -> None:  # noqa: ANN401 - a closure over the reader's handle
        self.names = names
        self._read = read
        self._grids: dict[str, Grid] = {}

    def __getitem__(self, name: str) -> Grid:
        if name not in self._grids:
            self._grids[name] = self._read(name)
        return self._grids[name]

    def __iter__(self) -> Iterator[Grid]:
        return (self[name] for name in self.names)


def open_workbook(path: Path, notes: Any = None, kind: str = "") -> Workbook:  # noqa: ANN401 - the guard's notes, by sheet name
    """Open a guarded workbook (.xlsx, .xls, .xlsb, .ods).

    The reader goes by a file's name; one that holds another kind is read by its content.

    Raises KcaError UNREADABLE if the reader gives up.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        if kind and path.suffix.lower() != f".{kind}":
            book = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        else:
            book = CalamineWorkbook.from_path(str(path))
    except CalamineError as error:
        raise KcaError(
            Finding(Code.UNREADABLE, f"the reader cannot open the workbook: {error}")
        ) from None

    def read(name: str) -> Grid:
        try:
            sheet = book.get_sheet_by_name(name)
            rows = sheet.to_python(skip_empty_area=False)
            merged = list(sheet.merged_cell_ranges or [])
        except BaseException as error:
            # A panic inside the reader is no Exception: it must not end the run.
            if not isinstance(error, CalamineError) and type(error).__name__ != "PanicException":
                raise
            raise KcaError(
                Finding(Code.UNREADABLE, f"the reader cannot read the sheet: {error}", sheet=name)
            ) from None
        note = notes.get(name) if notes else None
        if note is None:
            return Grid(name, rows, merged)
        return Grid(
            name,
            rows,
            merged,
            frozenset(note.errors),
            frozenset(note.uncached),
            frozenset(note.percent),
        )

    return Workbook(list(book.sheet_names), read)


def open_csv(path: Path) -> Workbook:
    """Read a text table as one sheet called `csv`; every cell is text.

    UTF-8 (with or without BOM), else cp1252.

    The delimiter is the one of `;`, tab and `,` that cuts the most lines into equally many cells.
    """
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    csv.field_size_limit(
        LONGEST_FIELD
    )  # the limit is the whole process's, and another library may have lifted it
    try:
        delimiter = _delimiter(text)
        rows: list[list[Cell]] = [
            list(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise KcaError(
            Finding(Code.UNREADABLE, f"the reader cannot read the text table: {error}")
        ) from None
    width = max(map(len, rows), default=0)
    for row in rows:
        row.extend([""] * (width - len(row)))
    return Workbook(["csv"], lambda name: Grid(name, rows, text_only=True))


def _delimiter(text: str) -> str:
    """Return the delimiter of a text table; of two that fit as well the first of `;`, tab, `,`.

    A title with commas over a table of semicolons, or decimals in its cells, say nothing.
    """
    start = "\n".join(text.splitlines()[:SAMPLED_LINES])
    equal = {}
    for delimiter in ";\t,":
        widths = Counter(map(len, csv.reader(io.StringIO(start), delimiter=delimiter)))
        equal[delimiter] = max((n for width, n in widths.items() if width > 1), default=0)
    return max(equal, key=lambda delimiter: equal[delimiter])
