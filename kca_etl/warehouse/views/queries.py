"""Reading the published views.

Every parameter bound, every answer in one order on every database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, MetaData, Table, select, text

from kca_etl.model.address import SHEET_COLUMNS, place
from kca_etl.model.month import Month
from kca_etl.warehouse.views.chosen import Wanted

if TYPE_CHECKING:
    import pandas as pd

    from kca_etl.warehouse.views import frames

COLUMNS = [
    "source",
    "berichtsmonat",
    "kennzahl",
    "gliederung",
    "region_system",
    "region_code",
    "region_name",
    "value",
    "zeichen",
    "unit",
    "status",
    "datenstand",
    "known_from",
    "known_to",
    "document_sha256",
    "file_name",
    "sheet",
    "cell",
    "run_id",
]


def found(engine: Engine, **wanted: Any) -> frames.Versions:  # noqa: ANN401 - what `Wanted` takes
    """Return figures as numbers, their texts apart: a million in seconds.

    Arguments as of `chosen.Wanted`; without one, all that is current.
    """
    from kca_etl.warehouse.views import frames

    return frames.versions(engine, Wanted(**wanted))


def figures(engine: Engine, **wanted: Any) -> pd.DataFrame:  # noqa: ANN401 - what `Wanted` takes
    """Return figures (columns of the view, `value` float64, the rest text) in text order.

    Arguments as of `chosen.Wanted`.
    """
    from kca_etl.warehouse.views import frames

    return frames.frame(found(engine, **wanted), COLUMNS)


def rows(engine: Engine, **wanted: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - what `Wanted` takes
    """Return figures as dictionaries, None where there is nothing; no frame is made."""
    from kca_etl.warehouse.views import frames

    return frames.records(found(engine, **wanted), COLUMNS)


def explain(
    engine: Engine,
    kennzahl: str,
    month: Month,
    *,
    region: str | None = None,
    gliederung: str | None = None,
) -> list[dict[str, Any]]:
    """Return all versions of the figures that fit, the current one first.

    Keys are the view's columns.
    """
    versions = rows(
        engine, kennzahl=kennzahl, month=month, region=region, gliederung=gliederung, history=True
    )
    return sorted(versions, key=lambda r: r["known_to"] is not None)


def was_empty(engine: Engine, sha256: str, sheet: str, cell: str) -> bool:
    """Tell whether a document's figure is a 0 that was read from an empty cell."""
    row, col = place(cell)
    query = text(
        "SELECT 1 FROM empty_cell e JOIN block b ON b.id = e.block"
        " JOIN document d ON d.id = b.document"
        " WHERE d.sha256 = :sha256 AND b.sheet = :sheet AND e.cell = :cell"
    )
    given = {"sha256": sha256, "sheet": sheet, "cell": row * SHEET_COLUMNS + col}
    with engine.connect() as connection:
        return connection.execute(query, given).first() is not None


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Figures as dictionaries, None where there is nothing."""
    return [
        {str(k): None if v != v else v for k, v in row.items()} for row in frame.to_dict("records")
    ]


def documents(engine: Engine) -> list[dict[str, Any]]:
    """Return all documents, the latest received last."""
    return _rows(engine, "documents", "received_at", "sha256")


def findings(
    engine: Engine, sha256: str | None = None, run_id: str | None = None
) -> list[dict[str, Any]]:
    """Return findings in the order they were made, of one document or one run."""
    rows = _rows(engine, "findings", "id")
    return [
        r
        for r in rows
        if (sha256 is None or r["document_sha256"] == sha256)
        and (run_id is None or r["run_id"] == run_id)
    ]


def runs(engine: Engine) -> list[dict[str, Any]]:
    """Return all runs, the latest last."""
    return _rows(engine, "runs", "started_at")


def months(engine: Engine, source: str | None = None) -> list[Month]:
    """Return the months for which there are figures, of one source or of any, in order."""
    facts, parameters = "SELECT 1 FROM fact f WHERE f.month = m.id", {}
    if source is not None:
        facts += " AND f.series IN (SELECT id FROM series WHERE source = :source)"
        parameters["source"] = source
    query = f"SELECT m.id FROM month m WHERE EXISTS ({facts}) ORDER BY m.id"  # noqa: S608 - constants; the source is bound
    with engine.connect() as connection:
        return [Month(n) for n in connection.execute(text(query), parameters).scalars()]


def announced(engine: Engine, source: str) -> set[Month]:
    """Return the months for which a source has nothing but the sign `...`: still to come."""
    mine = "f.month = m.id AND f.series IN (SELECT id FROM series WHERE source = :source)"
    said = "(SELECT 1 FROM zeichen z WHERE z.id = f.zeichen AND z.text = '...')"
    current = f"SELECT 1 FROM fact f WHERE {mine} AND f.next = 0"  # noqa: S608 - constants; the source is bound
    query = f"SELECT m.id FROM month m WHERE EXISTS ({current}) AND NOT EXISTS ({current} AND NOT EXISTS {said})"  # noqa: S608, E501 - likewise
    with engine.connect() as connection:
        rows = connection.execute(text(query), {"source": source}).scalars()
        return {Month(n) for n in rows}


def delivered(engine: Engine, source: str) -> set[Month]:
    """Return the months of which a source has more than the promise of figures to come."""
    return set(months(engine, source)) - announced(engine, source)


def kennzahlen(engine: Engine) -> list[dict[str, Any]]:
    """Return the kennzahlen of which there are figures.

    Code, label, unit, kind, additive, definition, source.
    """
    return _rows(engine, "kennzahl", "code")


def regions(engine: Engine) -> dict[str, str]:
    """Return every region of which there are figures: `system:code` → name."""
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT system, code, name FROM region")).all()
    return {f"{system}:{code}": name for system, code, name in rows}


def coverage(engine: Engine) -> list[dict[str, Any]]:
    """Return source × month with its state."""
    return _rows(engine, "coverage", "source", "berichtsmonat")


def _rows(engine: Engine, view: str, *order: str) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        known = Table(view, MetaData(), autoload_with=connection)
        return [
            dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way
            for row in connection.execute(
                select(known).order_by(*(known.c[name] for name in order))
            )
        ]
