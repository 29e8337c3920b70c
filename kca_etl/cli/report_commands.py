"""The bodies of `kca report` and what belongs to it."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kca_etl.cli import console
from kca_etl.cli.commands import day, month_id
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.month import month_date
from kca_etl.report import overview, register, render
from kca_etl.runs.record import warehouse
from kca_etl.samples import figures as sample_figures
from kca_etl.samples import write_samples
from kca_etl.settings import Settings
from kca_etl.sources.registry import JOBCENTER_SOURCE
from kca_etl.warehouse import published, reports
from kca_etl.warehouse.views import queries

if TYPE_CHECKING:
    import pandas as pd

REGION = "ags:06435"


def report(month: str, as_of: str | None, forms: list[str], *, as_json: bool) -> None:
    """Render a month's overview into `reports/`, as known today or on a day."""
    _, paths = make(Settings(), month, as_of, forms)
    console.listing([{"file": str(path)} for path in paths], as_json=as_json)


def make(
    settings: Settings, month: str, as_of: str | None = None, forms: Sequence[str] = ()
) -> tuple[overview.Overview, list[Path]]:
    """Render a month's overview (YYYY-MM) into `reports/` and put it on record.

    Return the page and its files.
    """
    page = build(settings, month_date(month_id(month)), day(as_of))
    files = render.files(page, forms or render.FILES)
    paths = render.write_all(settings.reports, files)
    reports.register(warehouse(settings), register.rendered(page, REGION, day(as_of), files))
    return page, paths


def changed(*, as_json: bool) -> None:
    """List the registered overviews that later corrections touch, and what changed on each.

    Rendering a page again clears it.
    """
    engine = warehouse(Settings())
    rows: list[dict[str, Any]] = []
    for report_ in published.in_force(reports.registered(engine)):
        rows += register.changes(
            report_, queries.figures(engine, source=JOBCENTER_SOURCE, region=report_.region)
        )
    console.listing(
        rows, as_json=as_json, empty="no rendered report shows a figure that has changed since"
    )


def build(settings: Settings, month: date, as_of: str | None = None) -> overview.Overview:
    """Build the overview of a month from the warehouse; invented sample values keep their marks."""
    engine = warehouse(settings)
    current = queries.figures(engine, source=JOBCENTER_SOURCE, region=REGION, as_of=as_of)
    history = queries.figures(engine, source=JOBCENTER_SOURCE, region=REGION, history=True)
    if not _of_samples(current):
        return overview.build(current, month, history=history)
    notes = sample_figures.notes(f"{month:%Y-%m}")
    return overview.build(
        current, month, history=history, invented=sample_figures.invented(), notes=notes
    )


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


def check_text(file: Path, month: str, region: str, *, as_json: bool) -> None:
    """Say of each figure and claim in a text whether the warehouse bears it out.

    Exit 3 if one contradicts.
    """
    from kca_etl.textcheck import check, readers, show

    if not file.is_file():
        raise KcaError(Finding(Code.NO_FILE, f"there is no file {str(file)!r}"))
    text = readers.read_text(file)
    figures = queries.figures(warehouse(Settings()), region=region)
    claims = check.check(text, month_date(month_id(month)), figures, region)
    if as_json:
        console.listing([asdict(claim) for claim in claims], as_json=True)
    else:
        print(show.render(claims, text))
    sys.exit(show.exit_code(claims))
