"""Rows of figures: `Arbeitslose | 7.273 | 7.346 | −73`.

The column's heading says which month a figure is of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from kca_etl.textcheck.amounts import Amount
from kca_etl.textcheck.document import Document
from kca_etl.textcheck.linking import FOREIGN, Link
from kca_etl.textcheck.months import When
from kca_etl.textcheck.regions import OWN_REGION
from kca_etl.textcheck.roles import CHANGE, LEVEL, Role
from kca_etl.textcheck.scope import Scope
from kca_etl.textcheck.spans import between
from kca_etl.textcheck.statements import Statement
from kca_etl.textcheck.times import Time, shifted

Span = tuple[int, int]
_LINE = re.compile(r"[^\n]+")
_CHANGE = re.compile(r"veränderung|differenz|änderung|abweichung|\+/-|\+/−", re.IGNORECASE)
_BARE = 3  # figures without a word between them make a row even without cells


@dataclass(frozen=True, slots=True)
class Column:
    """What a heading says: a month, or a change between two."""

    month: date
    base: date | None = None


def rows(doc: Document) -> dict[Amount, Statement]:
    """Return the statements of all figures that stand in rows of a table.

    The others are part of sentences.
    """
    found: dict[Amount, Statement] = {}
    heading: list[Column | None] = []
    for hit in _LINE.finditer(doc.text):
        line = hit.span()
        cells = _cells(doc, line)
        if len(cells) < 2 and not _bare(doc, line):  # noqa: PLR2004 - a label and a figure
            heading = []
        elif not between(doc.figures, *line):
            heading = _heading(doc, cells)
        else:
            found.update(_row(doc, line, cells, heading))
    return found


def _cells(doc: Document, line: Span) -> list[Span]:
    cuts = [line[0], *(i for i in range(*line) if doc.text[i] == "\t"), line[1]]
    cells = [(a + (doc.text[a] == "\t"), b) for a, b in pairwise(cuts)]
    return cells[1:] if len(cells) > 1 and not doc.text[slice(*cells[0])].strip() else cells


def _bare(doc: Document, line: Span) -> bool:
    """A row of a table whose cells are lost: a kennzahl, then figures and units only."""
    figures = between(doc.figures, *line)
    if len(figures) < _BARE or not any(
        w.start - line[0] < _BARE for w in between(doc.words, *line)
    ):
        return False
    gaps = [doc.text[a.stop : b.start] for a, b in pairwise(figures)] + [
        doc.text[figures[-1].stop : line[1]]
    ]
    return not any(re.search(r"[A-Za-zäöü]{2}", gap) for gap in gaps)


def _heading(doc: Document, cells: list[Span]) -> list[Column | None]:
    """Read the columns' months.

    A change is against the month named with it, else the one in the column before.
    """
    out: list[Column | None] = []
    for start, end in cells:
        named = [m for t in between(doc.times, start, end) for m in _month(t, doc.report)]
        if _CHANGE.search(doc.text[start:end]):
            base = (
                named[0]
                if named
                else next((c.month for c in reversed(out) if c), shifted(doc.report, -1))
            )
            out.append(Column(doc.report, base))
        else:
            out.append(Column(named[0]) if named else None)
    return out


def _month(time: Time, report: date) -> tuple[date, ...]:
    return time.resolve(report)[:1]


def _row(
    doc: Document, line: Span, cells: list[Span], heading: list[Column | None]
) -> Iterator[tuple[Amount, Statement]]:
    figures = between(doc.figures, *line)
    label = (line[0], figures[0].start)
    link, scope = _labelled(doc, label), _scope(doc, label)
    columns: list[Column | None] = heading if len(heading) == len(cells) else [None] * len(cells)
    for cell, column in zip(cells, columns, strict=True):
        for a in between(figures, *cell):
            yield a, _statement(doc, a, link, scope, column)


def _labelled(doc: Document, label: Span) -> Link:
    """Return the kennzahl that a row's label names last."""
    names = [w.name for w in between(doc.words, *label)]
    if not names:
        return Link(why="keine Kennzahl genannt")
    return Link(why="andere Größe") if FOREIGN in names else Link((names[-1],))


def _scope(doc: Document, label: Span) -> Scope:
    foreign = any(m.name != OWN_REGION for m in doc.regions.within(*label)) or doc.regions.foreign
    return Scope(_circle(doc, label), why="anderes Gebiet" if foreign else "")


def _circle(doc: Document, label: Span) -> str:
    names = [m.name for m in between(doc.circles, *label) if m.name in ("sgb2", "sgb3", "beide")]
    return names[0] if names else "sgb2"


def _statement(
    doc: Document, a: Amount, link: Link, scope: Scope, column: Column | None
) -> Statement:
    """Without a heading a figure may be of any month that such a table shows.

    Then it is never contradicted.
    """
    if column is not None:
        role = Role(CHANGE, a.sign) if column.base else Role(LEVEL)
        return Statement(a, role, link, scope, When(((column.month, column.base),)), doc.report)
    changes = a.sign is not None or a.unit == "punkte"
    bases = [shifted(doc.report, by) for by in (-1, -12)]
    pairs = (
        tuple((doc.report, b) for b in bases)
        if changes
        else tuple((m, None) for m in (doc.report, *bases))
    )
    return Statement(
        a,
        Role(CHANGE if changes else LEVEL, a.sign),
        link,
        scope,
        When(pairs, sure=False),
        doc.report,
    )
