"""Runs, publishers' answers and rendered pages as entries, to be kept beside the archive.

An entry is a row under natural keys, as JSON values: the same in every warehouse.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Select, insert, select

from kca_etl.warehouse.tables import arrival, document, report, report_figure, report_file, run

Entry = dict[str, Any]
# An entry's key: entries of one key tell of the same thing, and the last of them counts.
KEYS = {
    "run": ("run_id",),
    "arrival": ("run_id", "source", "month", "at", "outcome"),
    "page": ("month", "region", "as_of", "figures_sha256", "rendered_at"),
}
_OWN = ("id", "document", "report")  # numbers of one warehouse alone
_ARRIVAL = [c for c in arrival.c if c.name not in _OWN]
_PAGE = [c for c in report.c if c.name not in _OWN]


def entries(engine: Engine, newest: int | None = None) -> list[Entry]:
    """Return all entries, each kind in its order, or only the newest of each kind."""
    with engine.connect() as connection:
        ended = select(run).order_by(run.c.started_at.desc(), run.c.run_id)
        runs = _rows(connection, ended, newest)
        asked = select(*_ARRIVAL).order_by(arrival.c.id.desc())
        answers = _rows(connection, asked, newest)
        return [
            *({"kind": "run"} | row for row in runs),
            *({"kind": "arrival"} | row for row in answers),
            *({"kind": "page"} | row for row in _pages(connection, newest)),
        ]


def latest(found: Iterable[Entry]) -> list[Entry]:
    """Return the entries that count, each where its key was met first.

    A run that ended counts also where another process, which saw it running, wrote that later.
    """
    kept: dict[tuple[Any, ...], Entry] = {}
    for entry in found:
        if entry["kind"] in KEYS:
            begun = entry["kind"] == "run" and entry["finished_at"] is None
            if not (begun and key(entry) in kept):
                kept[key(entry)] = entry
    return list(kept.values())


def key(entry: Entry) -> tuple[Any, ...]:
    """Return what an entry tells of."""
    kind = entry["kind"]
    return kind, *(entry.get(name) for name in KEYS[kind])


def restore(connection: Connection, found: Sequence[Entry]) -> None:
    """Enter entries into a warehouse whose documents are there, and that has none of them."""
    numbers = {
        row.sha256: row.id for row in connection.execute(select(document.c.id, document.c.sha256))
    }
    for entry in latest(found):
        row = {name: value for name, value in entry.items() if name != "kind"}
        if entry["kind"] == "run":
            connection.execute(insert(run).values(row))
        elif entry["kind"] == "arrival":
            of = {"document": numbers.get(row["sha256"])}
            connection.execute(insert(arrival).values(row | of))
        else:
            _restore_page(connection, row)


def _rows(connection: Connection, query: Select[Any], newest: int | None) -> list[Entry]:
    """Return the rows of a query whose newest come first, the newest last."""
    found = connection.execute(query if newest is None else query.limit(newest)).mappings()
    return [dict(row) for row in reversed(found.all())]


def _pages(connection: Connection, newest: int | None) -> list[Entry]:
    asked = select(report.c.id, *_PAGE).order_by(report.c.id.desc())
    pages = {row.pop("id"): row for row in _rows(connection, asked, newest)}
    first = min(pages, default=0)
    for row in pages.values():
        row |= {"files": {}, "figures": []}
    files = select(report_file).where(report_file.c.report >= first)
    for one in connection.execute(files.order_by(report_file.c.file_name, report_file.c.sha256)):
        pages[one.report]["files"][one.file_name] = one.sha256
    names = ("kennzahl", "month", "value", "zeichen", "datenstand")
    figures = select(report_figure).where(report_figure.c.report >= first)
    for one in connection.execute(
        figures.order_by(report_figure.c.kennzahl, report_figure.c.month)
    ):
        pages[one.report]["figures"].append([getattr(one, name) for name in names])
    return list(pages.values())


def _restore_page(connection: Connection, row: Entry) -> None:
    files, figures = row.pop("files"), row.pop("figures")
    made = connection.execute(insert(report).values(row).returning(report.c.id))
    number = made.scalar_one()
    names = ("kennzahl", "month", "value", "zeichen", "datenstand")
    if figures:
        rows = [{"report": number} | dict(zip(names, one, strict=True)) for one in figures]
        connection.execute(insert(report_figure), rows)
    if files:
        rows = [{"report": number, "file_name": n, "sha256": s} for n, s in files.items()]
        connection.execute(insert(report_file), rows)
