"""What the columns of a drafted table add to a fact, by their headers' own words."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from kca_etl.cells import Head, empty
from kca_etl.german.text import literal, show
from kca_etl.propose import around
from kca_etl.propose.catalogue import add, measure, without_units
from kca_etl.propose.kinds import is_unit
from kca_etl.propose.roles import PERIODS
from kca_etl.propose.shape import Shape
from kca_etl.propose.table_draft import TableDraft
from kca_etl.propose.wording import WHOLE, declared, generic, slug, with_year, yearly_suffix


def add_columns(out: TableDraft) -> None:
    """Say what each column's header adds; a column without a header is not read."""
    shape = out.shape
    by_row = names_kennzahlen(out)
    doubled = set() if by_row else _doubled(shape)
    for head in _first_on_top(shape):
        key, words = _key_and_words(out, head)
        if not head.path or head.path in doubled:
            out.columns.setdefault(key, "-?")
        elif key not in out.columns:
            out.columns[key] = _coordinate(out, words, head, by_row=by_row)
    for head in shape.ignored:
        out.columns.setdefault(" > ".join(declared(p, p) for p in head.path), "-?")
    _note_unread(out, doubled)


def _doubled(shape: Shape) -> set[tuple[str, ...]]:
    """The headers that two columns have."""
    return {path for path, n in Counter(h.path for h in shape.heads).items() if n > 1}


def _key_and_words(out: TableDraft, head: Head) -> tuple[str, list[str]]:
    """Return a header as a declaration writes it, and its telling words."""
    form_of = generic if PERIODS.intersection(out.roles) else with_year
    forms = [form_of(text) for text in head.path]
    key = " > ".join(declared(text, form) for text, form in zip(head.path, forms, strict=True))
    return key, _telling_words(out.shape, head, forms)


def _note_unread(out: TableDraft, doubled: set[tuple[str, ...]]) -> None:
    if _has_values_elsewhere(out.shape):
        out.columns.setdefault("", "-?")
    name = out.shape.grid.name
    if "" in out.columns:
        out.todo.append(f"{name}: a column without header is not read")
    out.todo += [
        f"{name}: two columns are called {' > '.join(path)!r}; they are not read"
        for path in sorted(doubled)
        if path and out.columns.get(" > ".join(map(literal, path))) == "-?"
    ]


def _first_on_top(shape: Shape) -> list[Head]:
    """The columns, first one with a text in the header's top row: by it the header is found."""
    on_top = [h for h in shape.heads if h.path and not empty(shape.grid.rows[shape.top][h.col])]
    first = on_top[:1]
    return first + [h for h in shape.heads if h not in first]


def names_kennzahlen(out: TableDraft) -> bool:
    """Tell whether the rows' labels name the kennzahlen.

    They do where all columns are periods, and where a label column holds their units.
    """
    if "label" not in out.roles:
        return False
    return _only_periods(out.shape) or unit_column(out) is not None


def _only_periods(shape: Shape) -> bool:
    return all(generic(p) != p for h in shape.heads for p in h.path[-1:])


def label_columns(out: TableDraft) -> list[int]:
    """Return the columns whose texts break the figures down."""
    return [c for c, role in zip(out.shape.stub, out.roles, strict=True) if role == "label"]


def unit_column(out: TableDraft) -> int | None:
    """Return the label column that holds nothing but units, None if there is none."""
    labels = label_columns(out)
    for c in labels if len(labels) > 1 else []:
        texts = {show(v) for v in out.shape.column(c)}
        if all(map(is_unit, texts)):
            return c
    return None


def _coordinate(out: TableDraft, words: list[str], head: Head, *, by_row: bool) -> str:
    """Return what a column adds: a kennzahl of its own, or a part of what its rows count."""
    numbers = [v for v in out.shape.column(head.col) if isinstance(v, int | float)]
    if by_row:
        suffix = yearly_suffix(head.path[-1])
        if suffix or not words or _only_periods(out.shape):
            return suffix
        if words[-1].lower() in WHOLE:
            return ""
        return f"[{around.gliederung_key(_common_word(out.shape), words)}={slug(words[-1])}]"
    code = _unused(slug("_".join(without_units(words)) or "wert"), out.columns)
    add(out.kennzahlen, code, measure(words, numbers, kind_of(out)), numbers)
    return code


def _common_word(shape: Shape) -> str:
    """The text over all columns, if there is one."""
    first = {h.path[:1] for h in shape.heads}
    return shape.heads[0].path[0] if len(first) == 1 and len(shape.heads[0].path) > 1 else ""


def kind_of(out: TableDraft) -> str:
    """A year's figures are values of the year; anything else counts as of a day."""
    above = " ".join(show(v) for row in out.shape.grid.rows[: out.shape.first] for v in row)
    if "Jahressumme" in above:
        return "jahressumme"
    return "jahreswert" if "jahr" in out.roles and "quartal" not in out.roles else "bestand"


def _telling_words(shape: Shape, head: Head, forms: list[str]) -> list[str]:
    """Return a header's texts without periods, repetitions, and a title over all columns."""
    told = map(_told, forms, head.path)
    words = [word for word, _ in groupby(told) if word and not word.isdigit()]
    titled = len({h.path[:1] for h in shape.heads}) == 1
    return words[1:] if titled and 1 < len(words) < len(head.path) else words


def _told(form: str, text: str) -> str:
    """What a header's text says beside its period."""
    is_period = form != text and form.startswith("{")
    return "" if is_period else _without_year(form)


def _without_year(form: str) -> str:
    return " ".join(form.replace("{jahr}", " ").replace("\\", "").split())


def _unused(code: str, seen: dict[str, str]) -> str:
    while code in seen.values():
        code += "_2"
    return code


def _has_values_elsewhere(shape: Shape) -> bool:
    """Tell whether a column that is neither label nor data holds something."""
    used = {*shape.stub, *(h.col for h in (*shape.heads, *shape.ignored))}
    others = [c for c in range(shape.grid.width) if c not in used]
    return any(not empty(row[c]) for row in shape.grid.rows[shape.first :] for c in others)
