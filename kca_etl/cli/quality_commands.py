"""The bodies of `kca quality` and `kca catalogue`."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from kca_etl.cli import console
from kca_etl.cli.commands import month_id
from kca_etl.cli.compare_commands import OWN
from kca_etl.model.catalogue import german_words
from kca_etl.model.month import month_date
from kca_etl.report import data_catalogue, sheet
from kca_etl.report import quality as report
from kca_etl.report.render import write_all
from kca_etl.runs import states as status
from kca_etl.runs.record import warehouse
from kca_etl.settings import Settings
from kca_etl.sources import calendar
from kca_etl.warehouse.views import extent, queries

if TYPE_CHECKING:
    from sqlalchemy import Engine


def quality(month: str, *, as_json: bool) -> None:
    """Write a month's quality report into `reports/`, as of today."""
    settings = Settings()
    made = build(settings, month_id(month), datetime.now(calendar.BERLIN))
    console.listing(
        [{"file": str(path)} for path in write_all(settings.reports, sheet.render(made))],
        as_json=as_json,
    )


def build(settings: Settings, month: int, now: datetime) -> sheet.Sheet:
    """Report on a month (year * 12 + month - 1) as of a moment."""
    engine, first = warehouse(settings), month_date(month)
    return report.build(
        first,
        now,
        states=status.states(engine, first.year, now),
        documents=queries.documents(engine),
        findings=queries.findings(engine),
        history=queries.figures(engine, month=f"{first:%Y-%m}", history=True),
        words=german_words(),
    )


def catalogue(*, as_json: bool) -> None:
    """Write the data catalogue into `reports/`."""
    settings = Settings()
    files = sheet.render(describe(settings))
    console.listing(
        [{"file": str(path)} for path in write_all(settings.reports, files)], as_json=as_json
    )


def describe(settings: Settings) -> sheet.Sheet:
    """Build the data catalogue.

    Each kennzahl's example is its last figure, of the KCA where there is one.
    """
    engine = warehouse(settings)
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
        queries.figures(engine, source=source, kennzahl=kennzahl, month=f"{month:%Y-%m}")
    )
    return min(
        rows,
        key=lambda r: (
            r["value"] is None,
            f"{r['region_system']}:{r['region_code']}" not in OWN,
            r["gliederung"] != data_catalogue.WHOLE,
        ),
    )
