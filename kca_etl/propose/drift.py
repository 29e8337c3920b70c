"""A known source whose layout has drifted: what changed, and the patch to its declaration.

A patch only ever widens a declaration, so that the issues before it still load: other words for
what was there, absence of what has gone, and new columns, rows and sheets ignored by name until a
person says what they are.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable

import yaml

from kca_etl.cells import Grid
from kca_etl.extract.layout import Fit, fit
from kca_etl.extract.meta import statements
from kca_etl.extract.reader import Workbook
from kca_etl.extract.recognise import ignored
from kca_etl.german.text import names_sheet
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.propose.edits import Declaration, part
from kca_etl.propose.places import period_label, recognised_by, stub_names, title_of
from kca_etl.propose.renames import is_rename, pairs
from kca_etl.propose.wording import meaning, quoted
from kca_etl.sources import registry
from kca_etl.sources.spec import Source, Table
from schemas.codelists import ZEICHEN

DRIFT = {
    Code.UNKNOWN_COLUMN: "appeared",
    Code.MISSING_COLUMN: "vanished",
    Code.UNKNOWN_ROW: "appeared",
    Code.MISSING_ROW: "vanished",
    Code.UNKNOWN_SHEET: "appeared",
    Code.UNKNOWN_TITLE: "renamed",
    Code.MISSING_TABLE: "vanished",
    Code.UNKNOWN_SIGN: "appeared",
    Code.NOT_A_NUMBER: "appeared",
    Code.DOUBLE_COLUMN: "doubled",
    Code.ROW_COUNT: "grew or shrank",
    Code.NOT_OF_SOURCE: "renamed",
    Code.NO_PERIOD: "vanished",
    Code.NO_DATENSTAND: "vanished",
}


def report(findings: list[Finding]) -> list[str]:
    """Say what appeared, vanished or was renamed, each once."""
    out = []
    for f in findings:
        if f.code in DRIFT:
            near = f" – {f.expected}" if f.expected else ""
            where = f" (sheet {f.sheet!r} {f.cell})" if f.sheet else ""
            what = (
                f.found
                or f.expected
                or (f"sheet {f.sheet!r}" if f.code == Code.UNKNOWN_SHEET else f.what)
            )
            out.append(f"{DRIFT[f.code]}: {what}{near if f.found else ''}{where}")
    return list(dict.fromkeys(out))


def amended(text: str, source: Source, book: Workbook, findings: list[Finding]) -> str:
    """Return a declaration's text changed so that a document of the source may load.

    Unchanged if nothing can be told.
    """
    changed = Declaration(text)
    for name in book.names:
        if not ignored(name, source):
            _sheet(changed, source, book[name])
    for finding in findings:
        if change := _CHANGES.get(finding.code):
            change(changed, source, book, finding)
    return changed.changed()


def diff(name: str, before: str, after: str) -> str:
    """The change of a source's declaration as `git apply` takes it."""
    path = registry.patched_path(name)[1]
    return "".join(
        difflib.unified_diff(
            before.splitlines(keepends=True),
            after.splitlines(keepends=True),
            f"a/{path}",
            f"b/{path}",
        )
    )


def nearest(book: Workbook, sources: list[Source]) -> Source | None:
    """The source whose tables a document holds though it states to be something else.

    None if there is not exactly one.
    """
    near = [source for source in sources if _holds_tables(book, source) and _could_be(book, source)]
    return near[0] if len(near) == 1 else None


def _could_be(book: Workbook, source: Source) -> bool:
    return all(statements(book, where) or recognised_by(where, book) for where in source.recognise)


def _holds_tables(book: Workbook, source: Source) -> bool:
    """Tell whether at least half of the tables that must be there fit without any change."""
    fitting = {
        source.tables[n].id
        for name in book.names
        for n, f in _fits(book[name], source, range(len(source.tables)))
        if f.problems == 0
    }
    wanted = {table.id for table in source.tables if not table.optional}
    return 2 * len(fitting & wanted) >= len(wanted) > 0


def _sheet(changed: Declaration, source: Source, grid: Grid) -> None:
    """Hold one sheet's columns, labels, title and name against the layout that fits it best."""
    layouts = [n for n, table in enumerate(source.tables) if names_sheet(table.sheet, grid.name)]
    if tried := _fits(grid, source, layouts):
        n, best = min(tried, key=lambda pair: pair[1].problems)
        _columns(changed, source, n, best)
    elif untitled := _without_problems(_fits(grid, source, layouts, titled=False)):
        title = title_of(grid, untitled[0][1].anchor.row)
        if len(untitled) == 1 and title:
            changed.also(part(changed.table(untitled[0][0])[0], "title"), title)
    elif renamed := _without_problems(_fits(grid, source, range(len(source.tables)))):
        changed.also(part(changed.table(renamed[0][0])[0], "sheet"), grid.name.strip())
    else:
        for n in layouts:
            for old, new in stub_names(grid, source.tables[n]).items():
                changed.rename(*_part(changed, n, "stub"), old, new)


def _without_problems(fits: list[tuple[int, Fit]]) -> list[tuple[int, Fit]]:
    return [(n, f) for n, f in fits if f.problems == 0]


def _fits(
    grid: Grid, source: Source, layouts: list[int] | range, *, titled: bool = True
) -> list[tuple[int, Fit]]:
    found = [(n, fit(grid, source.tables[n], {}, titled=titled)) for n in layouts]
    return [(n, f) for n, f in found if f is not None]


def _part(changed: Declaration, table: int, name: str) -> tuple[yaml.Node | None, dict[str, str]]:
    node, slots = changed.table(table)
    return part(node, name), slots


def _columns(changed: Declaration, source: Source, n: int, best: Fit) -> None:
    """Renamed columns match in both wordings, vanished ones may be absent, new ones are ignored."""
    new, gone = _unmatched(source.tables[n], best)
    renamed = pairs(new, gone, _declared(source))
    for text, old in renamed.items():
        changed.rename(*_part(changed, n, "columns"), old, text)
    if len(best.anchor.missing) == len(best.unknown) == 1:  # the new header is a label column's
        old, head = best.anchor.missing[0], best.unknown[0]
        changed.rename(*_part(changed, n, "stub"), old, head.path[-1])
        new = []
    for text in dict.fromkeys(text for _, text in new):
        if text not in renamed:
            changed.add(_part(changed, n, "columns")[0], text, '"-?"', "what does it say?")
    for _, key in gone:
        if key not in renamed.values():
            changed.loosen(*_part(changed, n, "columns"), key)


def _unmatched(table: Table, best: Fit) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Return new and vanished headers, each with the number of fitting columns before it."""
    columns = list(table.columns)
    fitting = {
        key: c.col for c in best.columns for key, coord in table.columns.items() if coord is c.coord
    }
    new = [
        (sum(col < head.col for col in fitting.values()), " > ".join(head.path))
        for head in best.unknown
        if head.path
    ]
    gone = [(sum(k in fitting for k in columns[: columns.index(key)]), key) for key in best.missing]
    return new, gone


def _declared(source: Source) -> set[str]:
    return {
        form
        for table in source.tables
        for key in (*table.columns, *table.rows)
        for form in key.split(" || ")
    }


def _row(changed: Declaration, source: Source, book: Workbook, finding: Finding) -> None:
    """A renamed label matches in both wordings.

    A new one is ignored by name, a vanished one may be absent.
    """
    for n, table in _tables_on(source, book, finding.sheet):
        if finding.code == Code.MISSING_ROW:
            changed.loosen(*_part(changed, n, "rows"), _words(finding.expected))
        elif table.rows and "without values" not in finding.what:
            new, near = _words(finding.found), _words(finding.expected)
            if near and "{" not in near and is_rename(near, new):
                changed.rename(*_part(changed, n, "rows"), near, new)
            else:
                changed.add(_part(changed, n, "rows")[0], new, '"-?"', "what does it say?")


def _tables_on(source: Source, book: Workbook, sheet: str) -> list[tuple[int, Table]]:
    """The layouts that a sheet's rows were read by."""
    layouts = [n for n, table in enumerate(source.tables) if names_sheet(table.sheet, sheet)]
    return [
        (n, source.tables[n]) for n, f in _fits(book[sheet], source, layouts) if f.problems == 0
    ]


def _unknown_sheet(changed: Declaration, source: Source, book: Workbook, finding: Finding) -> None:
    tables = range(len(source.tables))
    layouts = [
        n
        for n in tables
        if names_sheet(source.tables[n].sheet, finding.sheet) and source.tables[n].sheet != "*"
    ]
    node = part(changed.root, "ignore_sheets")
    if (
        node is None
        or layouts
        or any(f.problems == 0 for _, f in _fits(book[finding.sheet], source, tables))
    ):
        return
    if any(stub_names(book[finding.sheet], table) for table in source.tables):
        return  # a table of ours with new words over its labels
    changed.also(node, finding.sheet.strip())


def _missing_table(changed: Declaration, source: Source, book: Workbook, finding: Finding) -> None:
    """A table that is not there may be absent, unless its sheet is there under another name."""
    gone = [n for n, table in enumerate(source.tables) if table.id == _words(finding.expected)]
    moved = [
        n
        for name in book.names
        if not ignored(name, source)
        for n, f in _fits(book[name], source, gone)
        if f.problems == 0
    ]
    for n in gone if not moved else []:
        changed.add(changed.table(n)[0], "optional", "true")


def _sign(changed: Declaration, _source: Source, _book: Workbook, finding: Finding) -> None:
    sign = _words(finding.found)
    node = part(changed.root, "zeichen")
    if node is not None and sign and not any(c.isdigit() for c in sign):
        known = meaning(sign)
        changed.add(node, sign, quoted(known if known in ZEICHEN else "."))


def _row_count(changed: Declaration, source: Source, _book: Workbook, finding: Finding) -> None:
    for n, table in enumerate(source.tables):
        if (
            table.expect is not None
            and names_sheet(table.sheet, finding.sheet)
            and finding.expected == f"{table.expect[0]} to {table.expect[1]}"
        ):
            low, high = (
                min(table.expect[0], int(finding.found)),
                max(table.expect[1], int(finding.found)),
            )
            changed.replace(part(changed.table(n)[0], "expect"), f"[{low}, {high}]")


def _recognise(changed: Declaration, source: Source, book: Workbook, _finding: Finding) -> None:
    node = part(changed.root, "recognise")
    for where, rule in zip(source.recognise, node.value, strict=True):
        if (key := "text" if where.text else "label") and (new := recognised_by(where, book)):
            changed.also(part(rule, key), new)


def _stated(changed: Declaration, source: Source, book: Workbook, finding: Finding) -> None:
    """A label beside which the month or the datenstand stands in other words."""
    name = "berichtsmonat" if finding.code == Code.NO_PERIOD else "datenstand"
    places = source.berichtsmonat if finding.code == Code.NO_PERIOD else source.datenstand
    node = part(changed.root, name)
    if node is None or not places or not places[0].label or finding.sheet != places[0].sheet:
        return
    rule = node.value[0] if isinstance(node, yaml.SequenceNode) else node
    if new := period_label(places[0], book):
        changed.also(part(rule, "label"), new)


def _words(text: str) -> str:
    """The text between the quotes of `'…'` or `perhaps '…'`."""
    start, end = text.find(quote := next((c for c in text if c in "'\""), "'")), text.rfind(quote)
    return text[start + 1 : end] if 0 <= start < end else ""


_CHANGES: dict[str, Callable[[Declaration, Source, Workbook, Finding], None]] = {
    Code.UNKNOWN_ROW: _row,
    Code.MISSING_ROW: _row,
    Code.UNKNOWN_SHEET: _unknown_sheet,
    Code.MISSING_TABLE: _missing_table,
    Code.UNKNOWN_SIGN: _sign,
    Code.NOT_A_NUMBER: _sign,
    Code.ROW_COUNT: _row_count,
    Code.NOT_OF_SOURCE: _recognise,
    Code.NO_PERIOD: _stated,
    Code.NO_DATENSTAND: _stated,
}
