"""One table of a draft: which areas and which period its figures are of, and all its parts."""

from __future__ import annotations

from kca_etl.cells import Cell, empty
from kca_etl.german.text import literal, show
from kca_etl.propose import around
from kca_etl.propose.catalogue import Measure
from kca_etl.propose.codes import Systems
from kca_etl.propose.columns import add_columns
from kca_etl.propose.labels import add_rows, add_sections
from kca_etl.propose.roles import roles_of
from kca_etl.propose.shape import Shape
from kca_etl.propose.table_draft import TableDraft
from kca_etl.propose.wording import slug
from kca_etl.tidy.regions import region_of

MAX_END_CHARS = 30
MIN_NAMED_SHARE = 0.1  # of the rows: from so many without a code on, their names count


def draft_table(
    name: str, shape: Shape, source: str, *, alone: bool, dated: bool = False
) -> TableDraft:
    """Draft one table; what it cannot decide stands in `todo`.

    `alone`: it is the document's only one · `dated`: the document states a month of its own.
    """
    out = TableDraft(name, shape, roles_of(shape), alone=alone, gaps=has_gaps(shape))
    _where(out, source)
    out.end = _end(shape)
    _unlabelled(out)
    add_sections(out)
    add_columns(out)
    add_rows(out)
    _add_yearly(out)
    if not _has_period(out):
        out.period = around.stated_period(shape, document=dated)
    return out


def has_gaps(shape: Shape) -> bool:
    """Tell whether cells of the table's body are empty."""
    return any(empty(row[h.col]) for row in shape.body() for h in shape.heads)


def _has_period(out: TableDraft) -> bool:
    keys = (*out.columns, *out.rows, *out.sections)
    whole = ("{jahr}", "{monat}", "{datum}", "{schuljahr}")
    return bool({"jahr", "schuljahr", "monat"}.intersection(out.roles)) or any(
        form in key for key in keys for form in whole
    )


def _where(out: TableDraft, source: str) -> None:
    """Say which areas the rows or the whole table speak of."""
    shape, roles = out.shape, out.roles
    systems = Systems(out.systems, out.todo)
    if coded := [
        c for r, c in zip(roles, shape.stub, strict=True) if r in ("region_code", "region")
    ]:
        pairs = _codes_and_names(out)
        systems.add([show(row[coded[0]]) for row in shape.filled()], pairs)
        _uncoded(out, pairs, source)
        return
    if "region_name" in roles:
        out.systems.setdefault("", slug(source))
        out.todo.append(
            "the areas have names only; they stay this publisher's own (local)."
            ' Give official ones as `Name: "ags:…"`.'
        )
        return
    out.region, code = around.stated_region(shape)
    if code:
        systems.add([code], [])
    if not out.region:
        out.todo.append('which region is it? No column holds codes; write `region: "ags:… Name"`.')
        out.region = f"local:{slug(source)}:gebiet TODO"


def _codes_and_names(out: TableDraft) -> list[tuple[str, str]]:
    if "region_code" not in out.roles or "region_name" not in out.roles:
        return []
    code, name = (out.shape.stub[out.roles.index(r)] for r in ("region_code", "region_name"))
    return [(show(row[code]), show(row[name])) for row in out.shape.filled()]


def _uncoded(out: TableDraft, pairs: list[tuple[str, str]], source: str) -> None:
    """Rows with figures but without a code: totals that are not read, or areas of a name only."""
    if {"jahr", "monat", "label"}.isdisjoint(out.roles):
        out.repeats = len(set(pairs)) < len(pairs)
    bare = [name for code, name in pairs if not code and name]
    unknown = [name for name in dict.fromkeys(bare) if _is_unknown(name)]
    if len(bare) > MIN_NAMED_SHARE * len(pairs) and len(unknown) * 2 > len(bare):
        out.systems.setdefault("", slug(source))
    else:
        out.ignore_rows += map(literal, unknown)


def _is_unknown(name: str) -> bool:
    return region_of("", name, {}) is None


def _unlabelled(out: TableDraft) -> None:
    shape = out.shape
    if not shape.stub:
        return
    rows = (row for row in shape.body() if all(empty(row[c]) for c in shape.stub))
    if any(not empty(row[h.col]) for row in rows for h in shape.heads):
        out.todo.append(f"{shape.grid.name}: figures in rows without a label are not read")
        out.ignore_rows.append("")


def _end(shape: Shape) -> str:
    for r in range(shape.last + 1, len(shape.grid.rows)):
        texts = [show(v) for v in shape.grid.rows[r] if not empty(v)]
        if texts:
            return literal(texts[0][:MAX_END_CHARS]) + "*"
    return ""


def _add_yearly(out: TableDraft) -> None:
    """Sums and averages of a year stand in the same tables as its months.

    A kennzahl of their own for each.
    """
    codes = [*out.columns.values(), *out.rows.values()]
    for suffix in dict.fromkeys(c[1:] for c in codes if c.startswith("+")):
        for code in [c.rstrip("?") for c in codes if c.rstrip("?") in out.kennzahlen]:
            base = out.kennzahlen[code]
            kind = "jahressumme" if suffix == "_jahressumme" else "jahreswert"
            label = f"{base.label} ({suffix[1:].capitalize()})"
            out.kennzahlen.setdefault(code + suffix, Measure(label, base.unit, kind, whole=False))


def data_texts(shape: Shape) -> list[Cell]:
    """The texts in the data columns."""
    return [v for h in shape.heads for v in shape.column(h.col) if isinstance(v, str)]
