"""From a fitting layout to the table's cells.

Bound the rows, and name everything that does not fit.
"""

from __future__ import annotations

import difflib

from kca_etl.cells import Cell, Grid, Head, RawTable, Section, empty
from kca_etl.extract.layout import Fit
from kca_etl.german.numbers import german, is_value
from kca_etl.german.text import matches, pattern, show, split_footnote
from kca_etl.model.address import a1
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.sources.spec import Coord, Table

MAX_CELL_CHARS = 20  # a note is longer


def extract(grid: Grid, fit: Fit, zeichen: frozenset[str]) -> tuple[RawTable, list[Finding]]:
    """Read a table's cells; the findings name header drift, stray values and unreadable cells."""
    labels = [c for _, c in fit.anchor.stub]
    stop = _stop(grid, fit, labels, zeichen)
    rows, findings = _data_rows(
        grid, labels, fit.start, stop, unlabelled="" in fit.table.ignore_rows
    )
    all_rows = rows
    met, parted, unknown = _sections(grid, fit, rows, labels)
    rows, sections = _without_bare(grid, fit, met, parted)
    body = list(zip(*(grid.rows[r] for r in rows), strict=True)) or [()] * grid.width
    raw = RawTable(
        spec=fit.table,
        grid=grid,
        top=fit.anchor.row,
        columns=fit.columns,
        rows=rows,
        stub=fit.anchor.stub,
        stub_cells=list(zip(*(body[c] for c in labels), strict=True)),
        cells=[body[c.col] for c in fit.columns],
        sections=sections,
        above=fit.anchor.above,
        below=_notes_below(grid, stop),
        aside=fit.aside,
        ignored=_ignored_rows(grid, fit.table, all_rows, labels),
    )
    return raw, drift(grid, fit) + _reworded(grid, fit) + findings + unknown + _count(
        grid, fit, met
    ) + _after_end(grid, stop, raw) + _last_row(grid, stop, raw) + _unreadable(grid, raw)


def _stop(grid: Grid, fit: Fit, labels: list[int], zeichen: frozenset[str]) -> int:
    """Return the row after the last data row.

    Before a declared end text, at the last value at the latest.
    """
    stop = _end_text_row(grid, fit) if fit.table.end else len(grid.rows)
    wide = [c for c in range(grid.width) if c not in labels]
    while stop > fit.start and not any(is_value(grid.rows[stop - 1][c], zeichen) for c in wide):
        stop -= 1
    return stop


def _end_text_row(grid: Grid, fit: Fit) -> int:
    """Return the row of the first declared end text, which stands alone or beside one more."""
    for r in range(fit.start, len(grid.rows)):
        row = grid.rows[r]
        if grid.width - 2 <= row.count("") < grid.width and _holds_end_text(row, fit.table.end):
            return r
    return len(grid.rows)


def _holds_end_text(row: list[Cell], ends: tuple[str, ...]) -> bool:
    return any(v.__class__ is str and matches(e, v) for v in row for e in ends)


def _data_rows(
    grid: Grid, labels: list[int], start: int, stop: int, *, unlabelled: bool
) -> tuple[list[int], list[Finding]]:
    rows, findings = [], []
    first = labels[0]
    for r in range(start, stop):
        row = grid.rows[r]
        if not empty(row[first]) or any(not empty(row[c]) for c in labels):
            rows.append(r)
        elif not unlabelled and any(not empty(v) for v in row):
            col = next(c for c, v in enumerate(row) if not empty(v))
            findings.append(
                Finding(
                    Code.NO_LABEL,
                    "a value stands in a row without a label",
                    grid.name,
                    a1(r, col),
                    repr(row[col]),
                )
            )
    return rows, findings


def _sections(
    grid: Grid, fit: Fit, rows: list[int], labels: list[int]
) -> tuple[list[int], list[Section], list[Finding]]:
    """Split heading rows (a label, no values) and rows ignored by name off the data rows.

    Give each data row its section.
    """
    spec = fit.table
    if not spec.sections and not spec.ignore_rows:
        return rows, [], []
    kept: list[int] = []
    sections: list[Section] = []
    findings = []
    current = Section()
    bare = _may_be_bare(spec)
    for r in rows:
        texts = _label_texts(grid.rows[r], labels)
        if _is_ignored(texts, spec.ignore_rows):
            continue
        heading = _heading(texts[0], spec.sections)
        current = heading or current
        if (heading is None and bare) or _has_values(grid.rows[r], fit):
            kept.append(r)  # a heading may carry values of its own: the total of what follows
            sections.append(current)
        elif heading is None:
            findings.append(_bare_row(grid, a1(r, labels[0]), texts[0]))
    return kept, sections, findings


def _without_bare(
    grid: Grid, fit: Fit, rows: list[int], sections: list[Section]
) -> tuple[list[int], list[Section]]:
    """Leave out rows without any figure where gaps are skipped and rows need no label."""
    if fit.table.empty != "skip" or fit.table.rows:
        return rows, sections
    kept = [n for n, r in enumerate(rows) if _has_values(grid.rows[r], fit)]
    return [rows[n] for n in kept], [sections[n] for n in kept] if sections else []


def _may_be_bare(spec: Table) -> bool:
    """A label alone may be a row of gaps, where it cannot be a heading that is not declared."""
    return spec.empty == "zero" or (spec.empty == "skip" and (bool(spec.rows) or not spec.sections))


def _label_texts(row: list[Cell], labels: list[int]) -> list[str]:
    return [split_footnote(show(row[c]))[0] for c in labels if not empty(row[c])]


def _has_values(row: list[Cell], fit: Fit) -> bool:
    return any(not empty(row[c.col]) for c in fit.columns)


def _is_ignored(texts: list[str], names: tuple[str, ...]) -> bool:
    return any(matches(name, text) for name in names for text in texts if name)


def _ignored_rows(grid: Grid, spec: Table, rows: list[int], labels: list[int]) -> list[int]:
    if not spec.ignore_rows:
        return []
    return [r for r in rows if _is_ignored(_label_texts(grid.rows[r], labels), spec.ignore_rows)]


def _heading(text: str, declared: dict[str, Coord]) -> Section | None:
    """Return the section that a row's label begins; None if it is no heading."""
    for heading, coord in declared.items():
        groups = pattern(heading).match(text)
        if groups is not None:
            return Section(coord, tuple(groups.items()))
    return None


def _bare_row(grid: Grid, cell: str, text: str) -> Finding:
    what = "a row without values is no declared section"
    return Finding(Code.UNKNOWN_ROW, what, grid.name, cell, repr(text))


def _count(grid: Grid, fit: Fit, rows: list[int]) -> list[Finding]:
    """A table that lost or won many rows is not the table that was declared."""
    expect = fit.table.expect
    if expect is None or expect[0] <= len(rows) <= expect[1]:
        return []
    where = a1(rows[-1] if rows else fit.anchor.row, fit.anchor.stub[0][1])
    return [
        Finding(
            Code.ROW_COUNT,
            "a table has fewer or more rows than it may have",
            grid.name,
            where,
            str(len(rows)),
            f"{expect[0]} to {expect[1]}",
        )
    ]


def drift(grid: Grid, fit: Fit) -> list[Finding]:
    """Name unknown, missing and doubled columns, with the nearest declared header."""
    out = []
    for head in fit.unknown:
        text = " > ".join(head.path)
        near = difflib.get_close_matches(text, fit.missing, n=1, cutoff=0.3)
        what = "a column's header is not declared" if text else "a column has values but no header"
        expected = f"perhaps {near[0]!r}" if near else "one of the declared headers"
        out.append(
            Finding(Code.UNKNOWN_COLUMN, what, grid.name, _address(head, fit), repr(text), expected)
        )
    for key in fit.missing + fit.anchor.missing:
        out.append(  # noqa: PERF401 - reads like its neighbours
            Finding(
                Code.MISSING_COLUMN,
                "a declared column is not there",
                grid.name,
                a1(fit.anchor.row, 0),
                "",
                repr(key),
            )
        )
    for head, other in fit.doubled:
        text = " > ".join(head.path)
        out.append(
            Finding(
                Code.DOUBLE_COLUMN,
                "two columns have the same header",
                grid.name,
                _address(head, fit),
                repr(text),
                f"once; also at {_address(other, fit)}",
            )
        )
    return out


def _reworded(grid: Grid, fit: Fit) -> list[Finding]:
    """List the headers that are spelled otherwise: no leniency is silent."""
    what = "a header is spelled otherwise and was read so"
    return [
        Finding(
            Code.OTHER_SPELLING,
            what,
            grid.name,
            _address(head, fit),
            repr(" > ".join(head.path)),
            repr(key),
        )
        for head, key in fit.reworded
    ]


def _address(head: Head, fit: Fit) -> str:
    return a1(head.row if head.path else fit.anchor.row, head.col)


def _after_end(grid: Grid, stop: int, raw: RawTable) -> list[Finding]:
    return [
        Finding(
            Code.AFTER_END,
            "a number stands below the end of the table",
            grid.name,
            a1(r, c.col),
            repr(value),
        )
        for r in range(stop, len(grid.rows))
        for c in raw.columns
        if _is_number(value := grid.rows[r][c.col], grid)
    ]


def _last_row(grid: Grid, stop: int, raw: RawTable) -> list[Finding]:
    """Name a row like the others that seems to end the table because none of it is a number."""
    if not raw.rows or stop != raw.rows[-1] + 1 or stop >= len(grid.rows):
        return []
    row = grid.rows[stop]
    cells = [row[c] for _, c in raw.stub] + [row[c.col] for c in raw.columns]
    short = [not empty(v) and len(show(v)) <= MAX_CELL_CHARS for v in cells]
    if not all(short) or _holds_end_text(row, raw.spec.end):
        return []
    what = "the row below the last figures is filled and holds no number"
    cell = a1(stop, raw.columns[0].col) if raw.columns else a1(stop, 0)
    return [Finding(Code.NOT_A_NUMBER, what, grid.name, cell, repr(cells[-1]), "a number")]


def _is_number(cell: Cell, grid: Grid) -> bool:
    """Tell whether a cell holds a number; in a text table every cell is text."""
    if cell.__class__ is str:
        return grid.text_only and german(str(cell)) is not None
    return cell.__class__ is float or cell.__class__ is int


def _unreadable(grid: Grid, raw: RawTable) -> list[Finding]:
    """Error values and formulas without a result come out of the reader as empty cells.

    Name them.
    """
    cols = {c.col for c in raw.columns} | {c for _, c in raw.stub}
    kinds = (
        (grid.errors, Code.ERROR_CELL, "a cell shows an error value"),
        (grid.uncached, Code.NO_RESULT, "a formula has no stored result"),
    )
    return [
        Finding(code, what, grid.name, a1(r, c))
        for cells, code, what in kinds
        for r, c in sorted(cells)
        if r >= raw.top and c in cols
    ]


def _notes_below(grid: Grid, stop: int) -> dict[str, str]:
    """Footnotes under the table: `1)` → its text."""
    out: dict[str, str] = {}
    for row in grid.rows[stop:]:
        for value in row:
            if value.__class__ is str and ")" in value[:4]:
                mark, _, text = value.strip().partition(")")
                out.setdefault(mark.strip() + ")", " ".join(text.split()))
    return out
