"""What the warehouse holds of each series: its first and its last month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, text

from kca_etl.model.month import month_date

_QUERY = """SELECT s.source, s.kennzahl, s.gliederung, min(f.month), max(f.month)
    FROM fact f JOIN series s ON s.id = f.series
    WHERE f.next = 0 GROUP BY s.source, s.kennzahl, s.gliederung"""


@dataclass(frozen=True, slots=True)
class Extent:
    """A series of a source with the first and the last month that it has figures of."""

    source: str
    kennzahl: str
    gliederung: str
    first: date
    last: date


def extents(engine: Engine) -> list[Extent]:
    """Return every series with figures, in the order of source, kennzahl and gliederung."""
    with engine.connect() as connection:
        rows = connection.execute(text(_QUERY)).all()
    found = [
        Extent(source, kennzahl, split, month_date(first), month_date(last))
        for source, kennzahl, split, first, last in rows
    ]
    return sorted(
        found, key=lambda e: (e.source, e.kennzahl, e.gliederung)
    )  # the databases sort texts differently
