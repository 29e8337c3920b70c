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
from kca_etl.sources.spec import Source


def read_tables(book: Workbook, source: Source) -> tuple[list[RawTable], list[Finding]]:
    """Read every table of a document. Findings cover all sheets at once."""
    tables: list[RawTable] = []
    findings: list[Finding] = []
    for name in book.names:
        if ignored(name, source):
            continue
        grid = book[name]
        if all(empty(cell) for row in grid.rows for cell in row):
            continue
        table, found = read_sheet(grid, source)
        findings += found
        if table is not None:
            tables.append(table)
    met = {t.spec.id for t in tables}
    wanted = {t.id for t in source.tables if not t.optional and not ignored(t.sheet, source)}
    findings += [
        Finding(Code.MISSING_TABLE, "a declared table is not in the document", expected=repr(id_))
        for id_ in sorted(wanted - met)
        if not findings
    ]
    return tables, findings


def ignored(sheet: str, source: Source) -> bool:
    """Tell whether a sheet is ignored by name: that counts before any table declared for it."""
    return any(names_sheet(name, sheet) for name in source.ignore_sheets)


def read_sheet(grid: Grid, source: Source) -> tuple[RawTable | None, list[Finding]]:
    """Try every layout on a sheet.

    Return the one that fits, or the findings of the one that fits best.
    """
    anchors: dict[object, Anchor | None] = {}
    layouts = [table for table in source.tables if names_sheet(table.sheet, grid.name)]
    tried = [found for table in layouts if (found := fit(grid, table, anchors)) is not None]
    if not tried:
        return None, [
            _unknown(
                grid,
                [
                    found
                    for table in layouts
                    if (found := fit(grid, table, anchors, titled=False)) is not None
                ],
            )
        ]
    best = min(tried, key=lambda found: found.problems)
    rivals = [found.table.id for found in tried if found.problems == 0]
    if len(rivals) > 1:
        return None, [
            Finding(
                Code.AMBIGUOUS,
                "more than one declared layout fits the sheet",
                grid.name,
                "A1",
                ", ".join(rivals),
                "exactly one",
            )
        ]
    return extract(grid, best, frozenset(source.zeichen))


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
