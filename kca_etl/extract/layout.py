"""Does a declared layout fit a sheet? Find the header by its words and match every column."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from kca_etl.cells import Column, Grid, Head, empty
from kca_etl.extract.headers import heads, is_running_numbers
from kca_etl.german.text import Pattern, pattern, show, split_footnote, squeeze
from kca_etl.sources.spec import Coord, Role, Table

HEADER_REACH = 200  # rows searched for a header; titles and reading aids above it stay far below


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
    """How a layout fits a sheet: matched columns, and everything that does not."""

    table: Table
    anchor: Anchor
    start: int
    columns: list[Column] = field(default_factory=list)
    unknown: list[Head] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    doubled: list[tuple[Head, Head]] = field(default_factory=list)

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
    key = (
        tuple(table.stub.items())
        if isinstance(table.stub, dict)
        else (table.stub, next(iter(table.columns)))
    )
    if key not in anchors:
        anchors[key] = _find_anchor(grid, table)
    anchor = anchors[key]
    if anchor is None:
        return None
    if (
        titled
        and table.title
        and not any(pattern(table.title).match(text) is not None for _, _, text in anchor.above)
    ):
        return None
    labels = [c for _, c in anchor.stub]
    first = (
        labels[:1] if isinstance(table.stub, dict) else labels
    )  # without a header, the first label may stand in any of them
    height = len(grid.rows)
    filled = (
        r for r in range(anchor.row + 1, height) if any(not empty(grid.rows[r][c]) for c in first)
    )
    start = next(
        (r for r in filled if not (table.numbered and is_running_numbers(grid.rows[r]))), height
    )
    wide = [c for c in range(grid.width) if c not in labels]
    found = Fit(table, anchor, start)
    body = grid.rows[start:]
    used = [
        h
        for h in heads(grid, anchor.row, start, wide, numbered=table.numbered)
        if h.own or any(not empty(row[h.col]) for row in body)
    ]
    _match(found, used)
    return found


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
    """Find the header row by the label columns' texts, or by a column's text when the labels have no header."""
    return (
        _anchor_by_stub(grid, table.stub)
        if isinstance(table.stub, dict)
        else _anchor_by_columns(grid, table, table.stub)
    )


def _anchor_by_stub(grid: Grid, stub: dict[str, Role]) -> Anchor | None:
    wanted = [(pattern(name), name, role) for name, role in stub.items()]
    for r, row in enumerate(grid.rows[:HEADER_REACH]):
        texts = {
            c: split_footnote(v)[0]
            for c, v in enumerate(row)
            if v.__class__ is str and not empty(v)
        }
        below = grid.rows[r + 1] if r + 1 < len(grid.rows) else []
        if not texts or len(row) - row.count("") + len(below) - below.count("") < 2:  # noqa: PLR2004 - a label and at least one column
            continue
        cols = [
            next((c for c, t in texts.items() if p.match(t) is not None), None)
            for p, _, _ in wanted
        ]
        if cols[0] is not None:
            found = [
                (role, c) for (_, _, role), c in zip(wanted, cols, strict=True) if c is not None
            ]
            return Anchor(
                r,
                found,
                [name for (_, name, _), c in zip(wanted, cols, strict=True) if c is None],
                texts_above(grid, r),
            )
    return None


def _anchor_by_columns(grid: Grid, table: Table, roles: tuple[Role, ...]) -> Anchor | None:
    first = pattern(next(iter(table.columns)).split(" > ")[0])
    for r, row in enumerate(grid.rows[:HEADER_REACH]):
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
    forms = [
        (form.split(" > ") if form else [], key) for key in declared for form in key.split(" || ")
    ]
    exact = {tuple(map(squeeze, form)): key for form, key in forms}
    loose = [
        (tuple(map(pattern, form)), key)
        for form, key in forms
        if not all(pattern(p).literal for p in form)
    ]
    seen: dict[tuple[str, tuple[tuple[str, str], ...]], Head] = {}
    for head in used:
        key, groups = _declared(head, exact, loose)
        if key is None:
            found.unknown.append(head)
            continue
        coord: Coord = declared[key]
        identity = (key, tuple(groups.items()))
        if identity in seen and not coord.ignore:
            found.doubled.append((head, seen[identity]))
        seen[identity] = head
        if not coord.ignore:
            found.columns.append(Column(head.col, head, coord, groups))
    present = {key for key, _ in seen}
    found.missing = [
        key for key, coord in declared.items() if key not in present and not coord.optional
    ]


def _declared(
    head: Head, exact: dict[tuple[str, ...], str], loose: list[tuple[tuple[Pattern, ...], str]]
) -> tuple[str | None, dict[str, str]]:
    direct = exact.get(tuple(squeeze(text) for text in head.path))
    if direct is not None:
        return direct, {}
    for patterns, key in loose:
        if len(patterns) == len(head.path):
            groups = [p.match(text) for p, text in zip(patterns, head.path, strict=True)]
            if all(g is not None for g in groups):
                return key, {k: v for g in groups if g for k, v in g.items()}
    return None, {}
