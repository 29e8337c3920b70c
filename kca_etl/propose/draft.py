"""A draft declaration for a workbook nobody declared yet.

What cannot be decided stands there as TODO.
"""

from __future__ import annotations

import re
from itertools import chain, pairwise

from kca_etl.cells import Grid, empty
from kca_etl.extract.layout import texts_above
from kca_etl.extract.reader import Workbook
from kca_etl.german.text import date_of, literal, literal_sheet, month_of, pattern, show, squeeze
from kca_etl.propose.assembly import Head, assembled
from kca_etl.propose.catalogue import Draft
from kca_etl.propose.kinds import SIGNS, is_year
from kca_etl.propose.roles import stub_name
from kca_etl.propose.shape import Shape, find
from kca_etl.propose.table import data_texts, draft_table
from kca_etl.propose.table_draft import TableDraft
from kca_etl.propose.trial import mended
from kca_etl.propose.wording import generic, meaning, quoted, slug

STANDS = (
    "Datenstand: {datum}*",
    "*Datenstand {datum}*",
    "Stand: {datum}*",
    "*Stand {datum}*",
    "Erscheinungsmonat: {datum}",
)
LABELS = ("Datenstand*", "Erstellungsdatum*", "Stand*")
MONTHS = ("Berichtsmonat*", "Berichtsjahr*", "Berichtszeitraum*", "Stichtag*")
NO_TABLE = re.compile(
    r"Deckblatt|Titel|Impressum|Inhalt|Hinweis|Vorbemerk|Methodi|Glossar|Info|Statistik-Info"
    r"|Quellang|Metadat|Erläuter|Zeichenerkl|Qualität",
    re.IGNORECASE,
)
MAX_TITLE_ROWS = 40  # of a sheet without a table
MIN_TITLE_LENGTH = 13  # longer than a mere word
MIN_SIGNATURE_LENGTH = 4  # more than a sign
BACK = re.compile(r"zurück.*", re.IGNORECASE)
PERIODS = ("Berichtsmonat {monat}", "Gebietsstand: {datum}", "Stichtag: {datum}")


def propose(book: Workbook, name: str) -> Draft:
    """Draft a declaration from a workbook's content; each of its tables is tried on the workbook.

    A sheet that the draft does not read is ignored by name and stands among what is left to do.
    """
    shapes = {
        n: found
        for n in book.names
        if not NO_TABLE.match(n.strip()) and (found := find(book[n])) is not None
    }
    head = Head(_heading(book, shapes, name), _signs(shapes))
    todo = [f"what does {s!r} mean at this publisher? See its legend." for s in head.zeichen]
    kept = _readable(book, head, _drafted(shapes, name, head), todo)
    names = {table.name for table in kept}
    _add_gaps(kept, todo)
    return assembled(head, kept, [literal_sheet(n) for n in book.names if n not in names], todo)


def _drafted(shapes: dict[str, Shape], name: str, head: Head) -> list[TableDraft]:
    dated = any(line.startswith("berichtsmonat:") for line in head.lines)
    return [
        draft_table(n, shape, name, alone=len(shapes) == 1, dated=dated)
        for n, shape in shapes.items()
    ]


def _readable(
    book: Workbook, head: Head, drafted: list[TableDraft], todo: list[str]
) -> list[TableDraft]:
    """Return the tables that read their sheets, mended if need be; all if none does."""
    kept = []
    for table in drafted:
        problems = mended(table, book, head)
        if problems:
            todo.append(f"sheet {table.name!r} is not read: {problems[0]}")
        else:
            kept.append(table)
    return kept or drafted


def _heading(book: Workbook, shapes: dict[str, Shape], name: str) -> list[str]:
    """The lines on the product: its name, what it is known by, its month and its datenstand."""
    code = slug(name)
    signature = [
        f"  - {{sheet: {quoted(literal_sheet(n))}, text: {quoted(literal(text))}}}"
        for n, text in _signature(book, shapes)
    ]
    return [
        f"source: {code if code[0].isalpha() else 'quelle_' + code}",
        f"title: {quoted(_title(book, shapes) or name)}",
        'publisher: "TODO"',
        "recognise:",
        *signature,
        *_stated(book, "berichtsmonat", MONTHS, PERIODS),
        *(_stated(book, "datenstand", LABELS, STANDS) or ["datenstand: {rule: month_end}"]),
    ]


def _title(book: Workbook, shapes: dict[str, Shape]) -> str:
    texts = (text for n in book.names for text in _texts_before(book[n], shapes.get(n)))
    return next((t for t in texts if len(t) >= MIN_TITLE_LENGTH and not BACK.match(t)), "")


def _signs(shapes: dict[str, Shape]) -> dict[str, str]:
    texts = {v.strip() for shape in shapes.values() for v in data_texts(shape)}
    return {sign: meaning(sign) for sign in sorted(texts & SIGNS)}


def _add_gaps(tables: list[TableDraft], todo: list[str]) -> None:
    if gaps := [table.name for table in tables if table.gaps]:
        todo.append(
            "empty cells are skipped; do they mean 0 (empty: zero), to come (empty: future), or"
            " must they stop (empty: stop)? Sheets: " + ", ".join(gaps)
        )


def _signature(book: Workbook, shapes: dict[str, Shape]) -> list[tuple[str, str]]:
    """Two texts that stand above the first table: what the document is known by."""
    for name, shape in shapes.items():
        plain = [t for t in _signature_texts(shape) if t]
        chosen = list(dict.fromkeys(plain))[:2]
        if chosen:
            return [(name, t) for t in chosen]
    return [(book.names[0], "TODO")]


def _signature_texts(shape: Shape) -> list[str]:
    """Return the texts that name no period: above a table, then its headers, then its labels'."""
    before = _texts_before(shape.grid, shape)
    above = [t for t in before if len(t) >= MIN_SIGNATURE_LENGTH]
    headers = chain.from_iterable(h.path for h in shape.heads)
    telling = [t for t in chain(above, headers) if not _names_period(t)]
    names = [stub_name(shape, c) for c in shape.stub]
    return [t for t in telling + names if squeeze(t) in shape.grid.texts]


def _names_period(text: str) -> bool:
    return generic(text) != text or re.search(r"\b(?:19|20)\d{2}\b", text) is not None


def _stated(book: Workbook, key: str, labels: tuple[str, ...], texts: tuple[str, ...]) -> list[str]:
    for name in book.names:
        sheet = f"sheet: {quoted(literal_sheet(name))}"
        found = _texts(book[name])
        if (pair := _labelled(found, labels)) is not None:
            label, after, form = pair
            place = f"{{{sheet}, label: {quoted(literal(label))}{form}}}"
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
    if date_of(text) or month_of(text):
        return ""
    if is_year(text):
        return ', text: "{jahr}"'
    return ', text: "{monat}*"' if pattern("{monat}*").match(text) is not None else None


def _texts(grid: Grid) -> list[tuple[int, int, str]]:
    return [
        (r, c, show(v))
        for r, row in enumerate(grid.rows)
        for c, v in enumerate(row)
        if (isinstance(v, str) and not empty(v)) or hasattr(v, "isoformat")
    ]


def _texts_before(grid: Grid, shape: Shape | None) -> list[str]:
    """Return the texts above a sheet's table that are no numbers."""
    row = shape.top if shape else min(len(grid.rows), MAX_TITLE_ROWS)
    return [text for _, _, text in texts_above(grid, row) if not re.fullmatch(r"[\d.,]+", text)]
