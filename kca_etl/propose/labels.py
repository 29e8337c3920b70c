"""What the labels and headings of a drafted table add to a fact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise

from kca_etl.cells import Cell, empty
from kca_etl.german.text import literal, show, split_footnote
from kca_etl.propose import around
from kca_etl.propose.catalogue import add, measure
from kca_etl.propose.columns import kind_of, label_columns, names_kennzahlen, unit_column
from kca_etl.propose.kinds import SIGNS
from kca_etl.propose.roles import stub_name
from kca_etl.propose.table_draft import TableDraft
from kca_etl.propose.wording import WHOLE, declared, generic, slug, yearly_suffix
from kca_etl.tidy.rows import PART, label_path


def add_sections(out: TableDraft) -> None:
    """Headings.

    Rows without figures, and rows with figures under which the same labels stand again.
    """
    shape = out.shape
    texts = [show(shape.grid.rows[r][shape.stub[0]]) for r in shape.sections] if shape.stub else []
    if out.roles == ["label"]:
        texts += _headings_with_figures([show(v) for v in shape.column(shape.stub[0])])
    texts = [split_footnote(text)[0] for text in texts]
    key = around.gliederung_key("", texts)
    key = "abschnitt" if key == "merkmal" else key
    for text in dict.fromkeys(texts):
        form = generic(text)
        out.sections[declared(text, form)] = "" if form != text else f"[{key}={slug(text)}]"


def _headings_with_figures(labels: list[str]) -> list[str]:
    often = {label for label, n in Counter(labels).items() if n > 1}
    return [a for a, b in pairwise(labels) if a not in often and b in often]


def add_rows(out: TableDraft) -> None:
    """Say what each label adds; a label beside which nothing stands may be absent."""
    labels = label_columns(out)
    if not labels:
        return
    code_of = _codes(out, labels)
    filled = _labels_with_figures(out, labels)
    for cells in _different(out, labels):
        path = label_path(list(cells), SIGNS)
        form = generic(path)
        if form != path:
            out.rows.setdefault(declared(path, form), yearly_suffix(path))
        elif literal(path) not in out.rows:
            out.rows[literal(path)] = code_of(cells) + ("" if path in filled else "?")


def _different(out: TableDraft, labels: list[int]) -> list[tuple[str, ...]]:
    """The different label cells of the rows."""
    rows = (tuple(show(row[c]) for c in labels) for row in out.shape.body())
    return list(dict.fromkeys(cells for cells in rows if any(cells)))


def _codes(out: TableDraft, labels: list[int]) -> Callable[[tuple[str, ...]], str]:
    """How a row's labels become a kennzahl or a breakdown."""
    if names_kennzahlen(out):
        unit = unit_column(out)
        return lambda cells: _row_code(out, cells, labels, unit)
    keys = _keys(out, labels)
    return lambda cells: _breakdown(cells, keys, label_path(list(cells), SIGNS))


def _keys(out: TableDraft, labels: list[int]) -> list[str]:
    """Name each label column's breakdown; none where they are steps of one tree.

    A column that only numbers what another one says has no name.
    """
    crossed = all(not empty(row[c]) for row in out.shape.body() for c in labels)
    if not crossed and len(labels) > 1:
        return []
    names: list[str] = []
    for c in labels:
        texts = list(dict.fromkeys(map(show, out.shape.column(c))))
        name = around.gliederung_key(stub_name(out.shape, c), texts)
        again = name + "_zwei" if name in names else name
        names.append("" if _numbers_another(out, c, labels) else again)
    return names


def _numbers_another(out: TableDraft, col: int, labels: list[int]) -> bool:
    """Tell whether a column holds the codes of what another one says in words."""
    mine = [row[col] for row in out.shape.body()]
    if any(map(_has_lower, set(mine))):
        return False
    others = (c for c in labels if c != col)
    pairs = [{(show(row[col]), show(row[c])) for row in out.shape.body()} for c in others]
    return any(
        len(found) == len({a for a, _ in found}) == len({b for _, b in found}) for found in pairs
    )


def _has_lower(cell: Cell) -> bool:
    return any(map(str.islower, show(cell)))


def _breakdown(cells: tuple[str, ...], keys: list[str], path: str) -> str:
    if not keys:
        return f"[merkmal={slug(path)}]"
    parts = [
        f"{key}={slug(text)}"
        for key, text in zip(keys, cells, strict=True)
        if key and text and text.lower() not in WHOLE
    ]
    return f"[{','.join(parts)}]" if parts else ""


def _row_code(out: TableDraft, cells: tuple[str, ...], labels: list[int], unit: int | None) -> str:
    words = [
        text
        for text, c in zip(cells, labels, strict=True)
        if text and c != unit and text not in PART
    ]
    said = [text for text, c in zip(cells, labels, strict=True) if c == unit]
    code = slug("_".join(words))
    while code in {known.rstrip("?") for known in out.rows.values()}:
        code += "_2"
    add(out.kennzahlen, code, measure([*words, *said], [], kind_of(out)), [])
    return code


def _labels_with_figures(out: TableDraft, labels: list[int]) -> set[str]:
    return {label_path([row[c] for c in labels], SIGNS) for row in out.shape.filled()}
