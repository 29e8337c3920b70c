"""Declared corrections.

A wrong cell is read as its right value, with a reason on record, and only while the wrong one
stands there.
"""

from __future__ import annotations

from kca_etl.cells import RawTable
from kca_etl.german.text import names_sheet, show
from kca_etl.model.address import place
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.month import Month
from kca_etl.sources.spec import Correction, Source


def correct(tables: list[RawTable], source: Source, month: Month | None) -> list[Finding]:
    """Replace the declared cells of a document's tables in place.

    The sheet itself keeps what it holds.

    Returns a warning for each, or CORRECTION_GONE where another value, or none, stands in the
    cell.
    """
    return [
        _correct(tables, c)
        for c in source.corrections
        if not c.month or (month is not None and c.month == str(month))
    ]


def _correct(tables: list[RawTable], correction: Correction) -> Finding:
    row, col = place(correction.cell)
    for raw in tables:
        n = next((n for n, column in enumerate(raw.columns) if column.col == col), None)
        if n is None or row not in raw.rows or not names_sheet(correction.sheet, raw.grid.name):
            continue
        at, cells = raw.rows.index(row), raw.cells[n]
        found = show(cells[at])
        if found != correction.found:
            what = "a declared correction does not find the value it replaces"
            return Finding(
                Code.CORRECTION_GONE,
                what,
                raw.grid.name,
                correction.cell,
                repr(found),
                repr(correction.found),
            )
        raw.cells[n] = (*cells[:at], correction.value, *cells[at + 1 :])
        what = f"read as {show(correction.value)} by a declared correction: {correction.reason}"
        return Finding(Code.CORRECTED, what, raw.grid.name, correction.cell, repr(found))
    return Finding(
        Code.CORRECTION_GONE,
        "no table holds the cell of a declared correction",
        correction.sheet,
        correction.cell,
    )
