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
MIN_TITLE_LENGTH = 13  # longer than a mere word
MIN_SIGNATURE_LENGTH = 4  # more than a sign
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
    out.lines += _heading(book, shapes, name)
    signs = _signs(shapes)
    pairs = [f"{quoted(s)}: {quoted(meaning(s))}" for s in signs]
    out.lines.append("zeichen: {" + ", ".join(pairs) + "}")
    out.todo += [f"what does {s!r} mean at this publisher? See its legend." for s in signs]
    systems: dict[str, str] = {}
    tables: list[str] = []
    for n, shape in shapes.items():
        tables += table_lines(n, shape, systems, out, name, alone=len(shapes) == 1)
    pairs = [f"{quoted(k)}: {quoted(v)}" for k, v in systems.items()]
    out.lines.append("regions: {" + ", ".join(pairs) + "}")
    others = [quoted(n.strip()) for n in book.names if n not in shapes]
    out.lines.append("ignore_sheets: [" + ", ".join(others) + "]")
    _add_gaps(out, shapes)
    out.lines += ["tables:", *tables]
    return out


def _heading(book: Workbook, shapes: dict[str, Shape], name: str) -> list[str]:
    """The lines on the product: its name, what it is known by, its month and its datenstand."""
    code = slug(name)
    signature = [
        f"  - {{sheet: {quoted(n)}, text: {quoted(text)}}}" for n, text in _signature(book, shapes)
    ]
    return [
        f"source: {code if code[0].isalpha() else 'quelle_' + code}",
        f"title: {quoted(_title(book) or name)}",
        'publisher: "TODO"',
        "recognise:",
        *signature,
        *_stated(book, "berichtsmonat", MONTHS, PERIODS),
        *(_stated(book, "datenstand", LABELS, STANDS) or ["datenstand: {rule: month_end}"]),
    ]


def _title(book: Workbook) -> str:
    texts = (text for n in book.names for _, _, text in _texts(book[n]))
    return next((t for t in texts if len(t) >= MIN_TITLE_LENGTH and not BACK.match(t)), "")


def _signs(shapes: dict[str, Shape]) -> list[str]:
    texts = {v.strip() for shape in shapes.values() for v in _data_texts(shape)}
    return sorted(texts & SIGNS)


def _add_gaps(out: Draft, shapes: dict[str, Shape]) -> None:
    if gaps := [n for n, shape in shapes.items() if has_gaps(shape)]:
        out.lines.append("x-gaps: &gaps {empty: skip}")
        out.todo.append(
            "empty cells are skipped; do they mean 0 (empty: zero), to come (empty: future), or"
            " must they stop (empty: stop)? Sheets: " + ", ".join(gaps)
        )


def _signature(book: Workbook, shapes: dict[str, Shape]) -> list[tuple[str, str]]:
    """Two texts that stand above the first table: what the document is known by."""
    for name, shape in shapes.items():
        plain = [t for t in _signature_texts(shape) if not set(t) & set("*|{")]
        chosen = list(dict.fromkeys(plain))[:2]
        if chosen:
            return [(name.strip(), t) for t in chosen]
    return [(book.names[0].strip(), "TODO")]


def _signature_texts(shape: Shape) -> list[str]:
    """Return the texts that name no period: above a table, then its headers, then its labels'."""
    above = [t for _, _, t in _texts(shape.grid) if len(t) >= MIN_SIGNATURE_LENGTH]
    headers = [p for h in shape.heads for p in h.path]
    names = [stub_name(shape, c) for c in shape.stub]
    return [t for t in above + headers if generic(t) == t] + names


def _stated(book: Workbook, key: str, labels: tuple[str, ...], texts: tuple[str, ...]) -> list[str]:
    for name in book.names:
        sheet = f"sheet: {quoted(name.strip())}"
        found = _texts(book[name], everywhere=True)
        if (pair := _labelled(found, labels)) is not None:
            label, after, form = pair
            place = f"{{{sheet}, label: {quoted(label)}{form}}}"
            return [f"{key}: {place} # {after!r} in {name.strip()!r}"]
        for _, _, text in found:
            declared = next((p for p in texts if pattern(p).match(text) is not None), None)
            if declared:
                return [f"{key}: {{{sheet}, text: {quoted(declared)}}} # {text[:60]!r}"]
    return []


def _labelled(
    found: list[tuple[int, int, str]], labels: tuple[str, ...]
) -> tuple[str, str, str] | None:
    """The first label with a period right of it, that period, and the form it is written in."""
    for (row, col, text), (row_after, col_after, after) in pairwise(found):
        beside = row == row_after and col_after > col
        if beside and any(pattern(label).match(text) is not None for label in labels):
            form = _form(after)
            if form is not None:
                return text, after, form
    return None


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
