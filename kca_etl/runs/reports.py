"""The use case of a month's overview: build it, render it, put it on record."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kca_etl.model.month import month_date
from kca_etl.offices import folder as offices
from kca_etl.report import overview, register, render
from kca_etl.report.publish import write_all
from kca_etl.runs import archive_record
from kca_etl.runs.arguments import day, month_id
from kca_etl.runs.record import reading, warehouse
from kca_etl.samples import figures as sample_figures
from kca_etl.samples import write_samples
from kca_etl.settings import Settings
from kca_etl.sources.registry import jobcenter_source
from kca_etl.warehouse import published, reports
from kca_etl.warehouse.views import queries

if TYPE_CHECKING:
    import pandas as pd


def make(
    settings: Settings, month: str, as_of: str | None = None, forms: Sequence[str] = ()
) -> tuple[overview.Overview, list[Path]]:
    """Render a month's overview (YYYY-MM) into `reports/` and put it on record.

    Return the page and its files.
    """
    page = build(settings, month_date(month_id(month)), day(as_of))
    files = render.files(page, forms or render.FILES)
    return page, publish(settings, page, files, day(as_of))


def publish(
    settings: Settings, page: overview.Overview, files: Mapping[str, bytes], as_of: str | None
) -> list[Path]:
    """Put all forms of a page into `reports/` and on record, or none; return their paths."""
    made = register.rendered(page, offices.current().region_key, as_of, files)
    engine = warehouse(settings)
    paths = write_all(settings.reports, files, lambda: reports.register(engine, made))
    archive_record.bring_up_to_date(engine, settings.landing)
    return paths


def build(settings: Settings, month: date, as_of: str | None = None) -> overview.Overview:
    """Build the overview of a month from the warehouse; invented sample values keep their marks."""
    engine = reading(settings)
    own: dict[str, Any] = {"source": jobcenter_source(), "region": offices.current().region_key}
    current = queries.figures(engine, **own, as_of=as_of)
    history = queries.figures(engine, **own, history=True)
    if not _of_samples(current):
        return overview.build(current, month, history=history)
    notes = sample_figures.notes(f"{month:%Y-%m}")
    return overview.build(
        current, month, history=history, invented=sample_figures.invented(), notes=notes
    )


def changed(settings: Settings) -> list[dict[str, Any]]:
    """Return what later corrections changed on the registered overviews, a row per figure.

    Rendering a page again clears it.
    """
    engine = reading(settings)
    rows: list[dict[str, Any]] = []
    for report in published.in_force(reports.registered(engine)):
        figures = queries.figures(engine, source=jobcenter_source(), region=report.region)
        rows += register.changes(report, figures)
    return rows


def _of_samples(figures: pd.DataFrame) -> bool:
    """Tell whether figures come from the bundled sample documents."""
    with tempfile.TemporaryDirectory() as folder:
        written = write_samples(Path(folder))
        if not set(figures["file_name"]) & {path.name for path in written}:
            return False
        from kca_etl.landing.archive.files import document_of

        return bool(
            set(figures["document_sha256"]) & {document_of(path).sha256 for path in written}
        )
