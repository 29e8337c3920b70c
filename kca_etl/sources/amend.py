"""A declaration as decisions widen it: other words, absences, things ignored by name.

An amendment only ever adds a way to read; what the declaration read before it reads as before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kca_etl.german.text import literal, literal_sheet
from kca_etl.model.decision import Amendment, Decision
from kca_etl.sources.spec import Coord, Correction, Kennzahl, Source, Table, Where

PATH = " > "
Change = Callable[[Source, Amendment], Source]


def amend(source: Source, decisions: Sequence[Decision]) -> Source:
    """Return the declaration with all amendments of some decisions."""
    for decision in decisions:
        for amendment in decision.amendments:
            change = CHANGES.get(amendment.op)
            source = source if change is None else change(source, amendment)
    return source


def _in_table(source: Source, id_: str, change: Callable[[Table], dict[str, Any]]) -> Source:
    tables = tuple(t.model_copy(update=change(t)) if t.id == id_ else t for t in source.tables)
    return source.model_copy(update={"tables": tables})


def _path(header: str) -> str:
    return PATH.join(literal(part) for part in header.split(PATH))


def _column(source: Source, a: Amendment) -> Source:
    """Let a column be called `new` as well."""

    def renamed(table: Table) -> dict[str, Any]:
        columns = {
            (f"{key} || {_path(a.new)}" if key == a.old else key): coord
            for key, coord in table.columns.items()
        }
        return {"columns": columns}

    return _in_table(source, a.table, renamed)


def _new_column(source: Source, a: Amendment) -> Source:
    coord = _coord(a.value)
    return _in_table(source, a.table, lambda t: {"columns": t.columns | {_path(a.new): coord}})


def _absent_column(source: Source, a: Amendment) -> Source:
    return _in_table(source, a.table, lambda t: {"columns": _optional(t.columns, a.old)})


def _label_column(source: Source, a: Amendment) -> Source:
    """Let the header of a label column be `new` as well."""

    def renamed(table: Table) -> dict[str, Any]:
        if not isinstance(table.stub, dict):
            return {}
        new = literal(a.new)
        return {"stub": {(f"{k}|{new}" if k == a.old else k): r for k, r in table.stub.items()}}

    return _in_table(source, a.table, renamed)


def _row(source: Source, a: Amendment) -> Source:
    """Let a row be called `new` as well."""

    def renamed(table: Table) -> dict[str, Any]:
        same = table.rows.get(a.old)
        return {} if same is None else {"rows": {literal(a.new): same} | table.rows}

    return _in_table(source, a.table, renamed)


def _new_row(source: Source, a: Amendment) -> Source:
    coord = _coord(a.value)
    return _in_table(source, a.table, lambda t: {"rows": {literal(a.new): coord} | t.rows})


def _absent_row(source: Source, a: Amendment) -> Source:
    """Let a row be absent, under each of its names."""

    def loosened(table: Table) -> dict[str, Any]:
        gone = table.rows.get(a.old)
        same = [text for text, coord in table.rows.items() if coord == gone]
        rows = table.rows
        for text in same:
            rows = _optional(rows, text)
        return {"rows": rows}

    return _in_table(source, a.table, loosened)


def _skipped_row(source: Source, a: Amendment) -> Source:
    new = literal(a.new)
    return _in_table(source, a.table, lambda t: {"ignore_rows": (*t.ignore_rows, new)})


def _title(source: Source, a: Amendment) -> Source:
    return _in_table(source, a.table, lambda t: {"title": f"{t.title}|{literal(a.new)}"})


def _sheet(source: Source, a: Amendment) -> Source:
    return _in_table(source, a.table, lambda t: {"sheet": f"{t.sheet}|{literal_sheet(a.new)}"})


def _ignored_sheet(source: Source, a: Amendment) -> Source:
    return source.model_copy(
        update={"ignore_sheets": (*source.ignore_sheets, literal_sheet(a.new))}
    )


def _absent_table(source: Source, a: Amendment) -> Source:
    return _in_table(source, a.table, lambda _: {"optional": True})


def _row_count(source: Source, a: Amendment) -> Source:
    """Let a table have as many rows as were found."""

    def widened(table: Table) -> dict[str, Any]:
        if table.expect is None:
            return {}
        low, high, n = *table.expect, int(a.value)
        return {"expect": (min(low, n), max(high, n))}

    return _in_table(source, a.table, widened)


def _sign(source: Source, a: Amendment) -> Source:
    return source.model_copy(update={"zeichen": source.zeichen | {a.new: a.value}})


def _region(source: Source, a: Amendment) -> Source:
    """Let a text name a region (`ags:06411`), or a code belong to a code system (`ags`)."""
    return source.model_copy(update={"regions": {a.new: a.value} | source.regions})


def _kennzahl(source: Source, a: Amendment) -> Source:
    """Add a kennzahl: `value` is `label|unit`, `old` says where it comes from."""
    label, _, unit = a.value.partition("|")
    percent = unit == "Prozent"
    added = Kennzahl(
        label=label,
        unit=unit or "Personen",
        kind="quote" if percent else "bestand",
        additive=not percent,
        whole=False,
        definition=label,
        source=a.old,
    )
    return source.model_copy(update={"kennzahlen": source.kennzahlen | {a.new: added}})


def _recognised(source: Source, a: Amendment) -> Source:
    """Know a document by another text in the place of the `old`-th rule."""
    rules = list(source.recognise)
    rule = rules[int(a.old)]
    text = literal(a.new)
    rules[int(a.old)] = (
        rule.model_copy(update={"text": (*rule.text, text)})
        if rule.text
        else rule.model_copy(update={"label": f"{rule.label}|{text}"})
    )
    return source.model_copy(update={"recognise": tuple(rules)})


def _taken_for(source: Source, _: Amendment) -> Source:
    """Take a document for one of this source, whatever it calls itself."""
    return source.model_copy(update={"recognise": ()})


def _datenstand(source: Source, a: Amendment) -> Source:
    """Give a document the day on which its figures were stated."""
    return source.model_copy(update={"datenstand": (Where(day=a.value),)})


def _correction(source: Source, a: Amendment) -> Source:
    """Read another value in a cell while `new` stands there.

    `table`: the sheet · `old`: the cell.
    """
    value: float | str = a.value
    try:
        value = float(a.value)
    except ValueError:
        value = a.value
    reason = "decided by a person; see kca decisions list"
    added = Correction(
        month="", sheet=literal_sheet(a.table), cell=a.old, found=a.new, value=value, reason=reason
    )
    return source.model_copy(update={"corrections": (*source.corrections, added)})


def _coord(text: str) -> Coord:
    given = Coord.model_validate(text)
    return given.model_copy(update={"optional": True})


def _optional(coords: dict[str, Coord], key: str) -> dict[str, Coord]:
    known = coords.get(key)
    return coords if known is None else coords | {key: known.model_copy(update={"optional": True})}


CHANGES: dict[str, Change] = {
    "column": _column,
    "new_column": _new_column,
    "absent_column": _absent_column,
    "label_column": _label_column,
    "row": _row,
    "new_row": _new_row,
    "absent_row": _absent_row,
    "skipped_row": _skipped_row,
    "title": _title,
    "sheet": _sheet,
    "ignored_sheet": _ignored_sheet,
    "absent_table": _absent_table,
    "row_count": _row_count,
    "sign": _sign,
    "region": _region,
    "kennzahl": _kennzahl,
    "recognised": _recognised,
    "taken_for": _taken_for,
    "datenstand": _datenstand,
    "correction": _correction,
}
