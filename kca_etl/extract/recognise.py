"""Which declared layout each sheet has: exactly one must fit, or the sheet is ignored by name."""

from __future__ import annotations

import difflib

from kca_etl.cells import Grid, RawTable, empty
from kca_etl.extract.layout import Anchor, Fit, fit
from kca_etl.extract.reader import Workbook
from kca_etl.extract.tables import extract
from kca_etl.german.text import names_sheet
from kca_etl.model.address import a1
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.sources.spec import Source, Table


def read_tables(book: Workbook, source: Source) -> tuple[list[RawTable], list[Finding]]:
    """Read every table of a document. Findings cover all sheets at once."""
    tables: list[RawTable] = []
    findings: list[Finding] = []
    for name in book.names:
        if ignored(name, source) or _blank(book[name]):
            continue
        table, found = read_sheet(book[name], source)
        findings += found
        if table is not None:
            tables.append(table)
    return tables, findings or _missing(tables, source)


def _blank(grid: Grid) -> bool:
    return all(empty(cell) for row in grid.rows for cell in row)


def _missing(tables: list[RawTable], source: Source) -> list[Finding]:
    """Name the declared tables that are not there."""
    met = {t.spec.id for t in tables}
    wanted = {t.id for t in source.tables if not t.optional and not ignored(t.sheet, source)}
    what = "a declared table is not in the document"
    return [Finding(Code.MISSING_TABLE, what, expected=repr(name)) for name in sorted(wanted - met)]


def ignored(sheet: str, source: Source) -> bool:
    """Tell whether a sheet is ignored by name: that counts before any table declared for it."""
    return any(names_sheet(name, sheet) for name in source.ignore_sheets)


def read_sheet(grid: Grid, source: Source) -> tuple[RawTable | None, list[Finding]]:
    """Try every layout on a sheet.

    Return the one that fits, or the findings of the one that fits best.
    """
    anchors: dict[object, Anchor | None] = {}
    layouts = [table for table in source.tables if names_sheet(table.sheet, grid.name)]
    tried = _tried(grid, layouts, anchors)
    if not tried:
        return None, [_unknown(grid, _tried(grid, layouts, anchors, titled=False))]
    best = min(tried, key=lambda found: found.problems)
    rivals = [found.table.id for found in tried if found.problems == 0]
    if len(rivals) > 1:
        what, found = "more than one declared layout fits the sheet", ", ".join(rivals)
        return None, [Finding(Code.AMBIGUOUS, what, grid.name, "A1", found, "exactly one")]
    return extract(grid, best, frozenset(source.zeichen))


def _tried(
    grid: Grid, layouts: list[Table], anchors: dict[object, Anchor | None], *, titled: bool = True
) -> list[Fit]:
    fits = (fit(grid, table, anchors, titled=titled) for table in layouts)
    return [found for found in fits if found is not None]


def _unknown(grid: Grid, untitled: list[Fit]) -> Finding:
    """Name the sheet; if a layout fits but for its title, name the title."""
    best = min(untitled, key=lambda found: found.problems, default=None)
    if best is None or best.problems:
        return Finding(
            Code.UNKNOWN_SHEET,
            "a sheet holds no declared table and is not ignored by name",
            grid.name,
            "A1",
        )
    texts = {text: (r, c) for r, c, text in best.anchor.above}
    near = difflib.get_close_matches(best.table.title, list(texts), n=1, cutoff=0.3)
    where = a1(*texts[near[0]]) if near else "A1"
    return Finding(
        Code.UNKNOWN_TITLE,
        "a table's title is not declared",
        grid.name,
        where,
        repr(near[0]) if near else "",
        f"perhaps {best.table.title!r}",
    )
