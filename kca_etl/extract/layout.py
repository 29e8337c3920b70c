"""Does a declared layout fit a sheet? Find the header by its words and match every column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from kca_etl.cells import Cell, Column, Grid, Head, empty
from kca_etl.extract.headers import heads, is_running_numbers
from kca_etl.german.labels import plain_label
from kca_etl.german.text import Pattern, pattern, show, split_footnote, squeeze
from kca_etl.sources.spec import Coord, Role, Table

MAX_HEADER_ROW = 200  # a header stands above it, however much title there is
MIN_HEADER_CELLS = 2  # a label and at least one column


@dataclass(slots=True)
class Anchor:
    """Where a header begins.

    Its row, the label columns with their roles, label columns not found, the texts above.
    """

    row: int
    stub: list[tuple[Role, int]]
    missing: list[str]
    above: list[tuple[int, int, str]]


@dataclass(slots=True)
class Fit:
    """How a layout fits a sheet: matched columns, and everything that does not.

    `aside`: headers that are ignored by name.
    """

    table: Table
    anchor: Anchor
    start: int
    columns: list[Column] = field(default_factory=list)
    unknown: list[Head] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    doubled: list[tuple[Head, Head]] = field(default_factory=list)
    reworded: list[tuple[Head, str]] = field(default_factory=list)
    aside: list[Head] = field(default_factory=list)

    @property
    def problems(self) -> int:
        """How many things do not fit."""
        return len(self.unknown) + len(self.missing) + len(self.doubled) + len(self.anchor.missing)


def fit(
    grid: Grid, table: Table, anchors: dict[object, Anchor | None], *, titled: bool = True
) -> Fit | None:
    """Try one layout; None if its label columns or its title are not there.

    `anchors` remembers what was searched.

    Without `titled` the title may be another: for saying what a table with a new title most
    resembles.
    """
    anchor = _anchor(grid, table, anchors)
    if anchor is None or (titled and not _has_title(table, anchor)):
        return None
    start = _first_body_row(grid, table, anchor)
    found = Fit(table, anchor, start)
    _match(found, _used_heads(grid, table, anchor, start))
    return found


def _used_heads(grid: Grid, table: Table, anchor: Anchor, start: int) -> list[Head]:
    """The heads of the columns beside the labels that say or hold something."""
    labels = {c for _, c in anchor.stub}
    wide = [c for c in range(grid.width) if c not in labels]
    body = grid.rows[start:]
    met = heads(grid, anchor.row, start, wide, numbered=table.numbered)
    return [h for h in met if h.own or any(not empty(row[h.col]) for row in body)]


def _anchor(grid: Grid, table: Table, anchors: dict[object, Anchor | None]) -> Anchor | None:
    """Find the header row; tables with the same label columns share the search."""
    key = (
        tuple(table.stub.items())
        if isinstance(table.stub, dict)
        else (table.stub, next(iter(table.columns)))
    )
    if key not in anchors:
        anchors[key] = _find_anchor(grid, table)
    return anchors[key]


def _has_title(table: Table, anchor: Anchor) -> bool:
    """Tell whether the declared title, if there is one, stands above the header."""
    wanted = pattern(table.title)
    return not table.title or any(wanted.match(text) is not None for _, _, text in anchor.above)


def _first_body_row(grid: Grid, table: Table, anchor: Anchor) -> int:
    """Return the first row below the header that has a label; the height if there is none."""
    labels = [c for _, c in anchor.stub]
    # Without a header, the first label may stand in any of the label columns.
    first = labels[:1] if isinstance(table.stub, dict) else labels
    for r in range(anchor.row + 1, len(grid.rows)):
        row = grid.rows[r]
        is_filled = any(not empty(row[c]) for c in first)
        if is_filled and not (table.numbered and is_running_numbers(row)):
            return r
    return len(grid.rows)


def texts_above(grid: Grid, row: int) -> list[tuple[int, int, str]]:
    """Return (row, column, text) of the cells above a row.

    A label's right neighbour is joined to it as well.
    """
    out: list[tuple[int, int, str]] = []
    for r in range(row):
        filled = [
            (c, split_footnote(show(v))[0]) for c, v in enumerate(grid.rows[r]) if not empty(v)
        ]
        out.extend((r, c, text) for c, text in filled)
        out.extend((r, c, f"{text} {after}") for (c, text), (_, after) in pairwise(filled))
    return out


def _find_anchor(grid: Grid, table: Table) -> Anchor | None:
    """Find the header row by the labels' texts, or by a column's where labels have no header."""
    return (
        _anchor_by_stub(grid, table.stub)
        if isinstance(table.stub, dict)
        else _anchor_by_columns(grid, table, table.stub)
    )


def _anchor_by_stub(grid: Grid, stub: dict[str, Role]) -> Anchor | None:
    wanted = [pattern(name) for name in stub]
    for r, row in enumerate(grid.rows[:MAX_HEADER_ROW]):
        texts = _texts_of(row)
        if not texts or _filled_cells(grid, r) < MIN_HEADER_CELLS:
            continue
        cols = [_column_of(p, texts) for p in wanted]
        if cols[0] is not None:
            found = list(zip(stub, cols, strict=True))
            there = [(stub[name], c) for name, c in found if c is not None]
            absent = [name for name, c in found if c is None]
            return Anchor(r, there, absent, texts_above(grid, r))
    return None


def _texts_of(row: list[Cell]) -> dict[int, str]:
    return {
        c: split_footnote(v)[0] for c, v in enumerate(row) if v.__class__ is str and not empty(v)
    }


def _filled_cells(grid: Grid, row: int) -> int:
    """Count the filled cells of a row and the one below it."""
    return sum(len(cells) - cells.count("") for cells in grid.rows[row : row + 2])


def _column_of(wanted: Pattern, texts: dict[int, str]) -> int | None:
    return next((c for c, text in texts.items() if wanted.match(text) is not None), None)


def _anchor_by_columns(grid: Grid, table: Table, roles: tuple[Role, ...]) -> Anchor | None:
    first = pattern(next(iter(table.columns)).split(" > ")[0])
    for r, row in enumerate(grid.rows[:MAX_HEADER_ROW]):
        col = next(
            (
                c
                for c, v in enumerate(row)
                if not empty(v) and first.match(split_footnote(show(v))[0]) is not None
            ),
            None,
        )
        if col is None:
            continue
        below = grid.rows[r + 1 :]
        left = [c for c in range(col) if any(not empty(line[c]) for line in below)]
        if len(left) >= len(roles):
            return Anchor(r, list(zip(roles, left, strict=False)), [], texts_above(grid, r))
    return None


def _match(found: Fit, used: list[Head]) -> None:
    """Match every column to exactly one declaration, in one of its forms (`A > B || C`).

    Keep what is unknown, missing or doubled.
    """
    declared = found.table.columns
    exact, loose = _forms(declared)
    plain = _plain_forms(declared) if found.table.plain_labels else {}
    seen: dict[tuple[str, tuple[tuple[str, str], ...]], Head] = {}
    for head in used:
        key, groups = _declared(head, exact, loose)
        if key is None and found.table.plain_labels:
            key = plain.get(tuple(map(plain_label, head.path)))
            found.reworded += [(head, key)] if key is not None else []
        if key is None:
            found.unknown.append(head)
            continue
        coord: Coord = declared[key]
        identity = (key, tuple(groups.items()))
        if identity in seen and not coord.ignore:
            found.doubled.append((head, seen[identity]))
        seen[identity] = head
        if coord.ignore:
            found.aside.append(head)
        else:
            found.columns.append(Column(head.col, head, coord, groups))
    present = {key for key, _ in seen}
    found.missing = [
        key for key, coord in declared.items() if key not in present and not coord.optional
    ]


def _forms(
    declared: Iterable[str],
) -> tuple[dict[tuple[str, ...], str], list[tuple[tuple[Pattern, ...], str]]]:
    """Split declared headers into literal paths → header, and (path of patterns, header)."""
    forms = [
        (form.split(" > ") if form else [], key) for key in declared for form in key.split(" || ")
    ]
    exact = {tuple(map(squeeze, form)): key for form, key in forms}
    patterns = [(tuple(map(pattern, form)), key) for form, key in forms]
    return exact, [(path, key) for path, key in patterns if not all(p.literal for p in path)]


def _plain_forms(declared: Iterable[str]) -> dict[tuple[str, ...], str]:
    """Return the literal headers of one level as `plain_label` compares them."""
    forms = [(form, key) for key in declared for form in key.split(" || ") if " > " not in form]
    names = [(one, key) for form, key in forms for one in form.split("|")]
    return {
        (plain_label(name),): key
        for name, key in reversed(names)
        if plain_label(name) and pattern(name).literal
    }


def _declared(
    head: Head, exact: dict[tuple[str, ...], str], loose: list[tuple[tuple[Pattern, ...], str]]
) -> tuple[str | None, dict[str, str]]:
    direct = exact.get(tuple(squeeze(text) for text in head.path))
    if direct is not None:
        return direct, {}
    for patterns, key in loose:
        groups = _groups(patterns, head.path)
        if groups is not None:
            return key, groups
    return None, {}


def _groups(patterns: tuple[Pattern, ...], path: tuple[str, ...]) -> dict[str, str] | None:
    """Return the placeholders' texts of a whole path; None if a text does not fit."""
    if len(patterns) != len(path):
        return None
    out: dict[str, str] = {}
    for wanted, text in zip(patterns, path, strict=True):
        groups = wanted.match(text)
        if groups is None:
            return None
        out |= groups
    return out
