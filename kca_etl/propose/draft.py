"""A draft declaration for a workbook nobody declared yet.

What cannot be decided stands there as TODO.
"""

from __future__ import annotations

import re
from itertools import pairwise

from kca_etl.cells import Grid, empty
from kca_etl.extract.layout import texts_above
from kca_etl.extract.reader import Workbook
from kca_etl.german.text import date_of, month_of, pattern, show
from kca_etl.propose.shape import SIGNS, Shape, find, is_year
from kca_etl.propose.table import Draft, has_gaps, stub_name, table_lines
from kca_etl.propose.wording import generic, meaning, quoted, slug

STANDS = (
    "Datenstand: {datum}*",
    "*Datenstand {datum}*",
    "Stand: {datum}*",
    "*Stand {datum}*",
    "Erscheinungsmonat: {datum}",
)
LABELS = ("Datenstand*", "Erstellungsdatum*", "Stand*")
MONTHS = ("Berichtsmonat*",)
NO_TABLE = re.compile(
    r"Deckblatt|Impressum|Inhalt|Hinweis|Methodi|Glossar|Info|Statistik-Info|Quellang|Metadat|Erläuter",
    re.IGNORECASE,
)
BACK = re.compile(r"zurück.*", re.IGNORECASE)
PERIODS = ("Berichtsmonat {monat}", "Gebietsstand: {datum}")


def propose(book: Workbook, name: str) -> Draft:
    """Draft a declaration from a workbook's content."""
    shapes = {
        n: found
        for n in book.names
        if not NO_TABLE.match(n.strip()) and (found := find(book[n])) is not None
    }
    out = Draft()
    signs = sorted(
        {v.strip() for s in shapes.values() for v in _data_texts(s) if v.strip() in SIGNS}
    )
    title = next(
        (t for n in book.names for _, _, t in _texts(book[n]) if len(t) > 12 and not BACK.match(t)),  # noqa: PLR2004 - longer than a mere word
        name,
    )
    code = slug(name)
    out.lines += [
        f"source: {code if code[0].isalpha() else 'quelle_' + code}",
        f"title: {quoted(title)}",
        'publisher: "TODO"',
        "recognise:",
    ]
    out.lines += [
        f"  - {{sheet: {quoted(n)}, text: {quoted(text)}}}" for n, text in _signature(book, shapes)
    ]
    out.lines += _stated(book, "berichtsmonat", MONTHS, PERIODS) + (
        _stated(book, "datenstand", LABELS, STANDS) or ["datenstand: {rule: month_end}"]
    )
    out.lines.append(
        "zeichen: {" + ", ".join(f"{quoted(s)}: {quoted(meaning(s))}" for s in signs) + "}"
    )
    out.todo += [f"what does {s!r} mean at this publisher? See its legend." for s in signs]
    systems: dict[str, str] = {}
    tables = [
        line
        for n, shape in shapes.items()
        for line in table_lines(n, shape, systems, out, name, alone=len(shapes) == 1)
    ]
    out.lines.append(
        "regions: {" + ", ".join(f"{quoted(k)}: {quoted(v)}" for k, v in systems.items()) + "}"
    )
    out.lines.append(
        "ignore_sheets: ["
        + ", ".join(quoted(n.strip()) for n in book.names if n not in shapes)
        + "]"
    )
    if gaps := [n for n, shape in shapes.items() if has_gaps(shape)]:
        out.lines.append("x-gaps: &gaps {empty: skip}")
        out.todo.append(
            "empty cells are skipped; do they mean 0 (empty: zero), to come (empty: future), or must they stop (empty: stop)? Sheets: "
            + ", ".join(gaps)
        )
    out.lines += ["tables:", *tables]
    return out


def _signature(book: Workbook, shapes: dict[str, Shape]) -> list[tuple[str, str]]:
    """Two texts that stand above the first table: what the document is known by."""
    for name, shape in shapes.items():
        texts = [t for _, _, t in _texts(shape.grid) if generic(t) == t and len(t) > 3]  # noqa: PLR2004 - more than a sign
        texts += [p for h in shape.heads for p in h.path if generic(p) == p] + [
            stub_name(shape, c) for c in shape.stub
        ]
        chosen = list(
            dict.fromkeys(t for t in texts if "*" not in t and "|" not in t and "{" not in t)
        )[:2]
        if chosen:
            return [(name.strip(), t) for t in chosen]
    return [(book.names[0].strip(), "TODO")]


def _stated(book: Workbook, key: str, labels: tuple[str, ...], texts: tuple[str, ...]) -> list[str]:
    for name in book.names:
        found = _texts(book[name], everywhere=True)
        for (r, c, text), (r2, c2, after) in pairwise(found):
            if (
                r == r2
                and c2 > c
                and any(pattern(p).match(text) is not None for p in labels)
                and (form := _form(after)) is not None
            ):
                return [
                    f"{key}: {{sheet: {quoted(name.strip())}, label: {quoted(text)}{form}}} # {after!r} in {name.strip()!r}"
                ]
        for _, _, text in found:
            declared = next((p for p in texts if pattern(p).match(text) is not None), None)
            if declared:
                return [
                    f"{key}: {{sheet: {quoted(name.strip())}, text: {quoted(declared)}}} # {text[:60]!r}"
                ]
    return []


def _form(text: str) -> str | None:
    """What a declaration adds for a stated period.

    Nothing for a bare one, a pattern where words follow; None if it is no period.
    """
    if date_of(text) or month_of(text) or is_year(text):
        return ""
    return ', text: "{monat}*"' if pattern("{monat}*").match(text) is not None else None


def _texts(grid: Grid, *, everywhere: bool = False) -> list[tuple[int, int, str]]:
    if everywhere:
        return [
            (r, c, show(v))
            for r, row in enumerate(grid.rows)
            for c, v in enumerate(row)
            if (isinstance(v, str) and not empty(v)) or hasattr(v, "isoformat")
        ]
    shape = find(grid)
    return [
        t
        for t in texts_above(grid, shape.top if shape else min(len(grid.rows), 40))
        if not re.fullmatch(r"[\d.,]+", t[2])
    ]


def _data_texts(shape: Shape) -> list[str]:
    return [v for h in shape.heads for v in shape.column(h.col) if isinstance(v, str)]
