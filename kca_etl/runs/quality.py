"""The use cases of the quality report and the data catalogue."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Engine


from kca_etl.model.catalogue import german_words
from kca_etl.model.month import Month, month_date
from kca_etl.offices import folder as offices
from kca_etl.report import data_catalogue, sheet
from kca_etl.report import quality as report
from kca_etl.runs import states as status
from kca_etl.runs.record import reading
from kca_etl.settings import Settings
from kca_etl.warehouse.views import extent, queries


def build(settings: Settings, month: int, now: datetime) -> sheet.Sheet:
    """Report on a month (year * 12 + month - 1) as of a moment."""
    engine, first = reading(settings), month_date(month)
    return report.build(
        first,
        now,
        states=status.states(engine, first.year, now),
        documents=queries.documents(engine),
        findings=queries.findings(engine),
        history=queries.figures(engine, month=Month(month), history=True),
        words=german_words(),
    )


def describe(settings: Settings) -> sheet.Sheet:
    """Build the data catalogue.

    Each kennzahl's example is its last figure, of the office where there is one.
    """
    engine = reading(settings)
    there = extent.extents(engine)
    spans = {
        (e.source, e.kennzahl): max(
            o.last for o in there if (o.source, o.kennzahl) == (e.source, e.kennzahl)
        )
        for e in there
    }
    examples = {key: _example(engine, *key, last) for key, last in spans.items()}
    return data_catalogue.build(there, examples, queries.documents(engine))


def _example(engine: Engine, source: str, kennzahl: str, month: date) -> dict[str, Any]:
    rows = queries.records(
        queries.figures(engine, source=source, kennzahl=kennzahl, month=Month.of_day(month))
    )
    return min(
        rows,
        key=lambda r: (
            r["value"] is None,
            f"{r['region_system']}:{r['region_code']}" not in offices.current().own_regions,
            r["gliederung"] != data_catalogue.WHOLE,
        ),
    )
