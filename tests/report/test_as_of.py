"""A page made again as of an earlier day equals the page made that day, byte for byte."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from kca_etl import pipeline
from kca_etl.model.findings import KcaError
from kca_etl.report.overview import Overview, build
from kca_etl.report.render import FORMATS, render
from kca_etl.runs import record as runs
from kca_etl.samples import write_samples
from kca_etl.settings import Settings
from kca_etl.sources.registry import jobcenter_source
from kca_etl.warehouse.views import queries
from kca_etl.workplace import Run, Workplace

OCTOBER = date(2020, 10, 1)
VINTAGES = (("2018", "2019", "2020-09"), ("2020-10",), ("2020-11", "Jahresblatt_2020"))
DAYS = ("2020-09-30", "2020-10-31", "2020-11-30")


def overview(engine: Engine, month: date, as_of: str | None = None) -> Overview:
    current = queries.figures(engine, source=jobcenter_source(), as_of=as_of)
    return build(
        current, month, history=queries.figures(engine, source=jobcenter_source(), history=True)
    )


def test_three_vintages(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, database_url=None)
    engine = runs.warehouse(settings)
    files = write_samples(tmp_path / "samples")
    then: list[dict[str, bytes]] = []
    months = (date(2020, 9, 1), OCTOBER, OCTOBER)
    for names, month in zip(VINTAGES, months, strict=True):
        for path in files:
            if path.stem.endswith(names):
                pipeline.keep(
                    pipeline.read(pipeline.receive(pipeline.Incoming(path), settings.landing)),
                    Workplace(settings, engine, Run("run")),
                )
        then.append({form: render(overview(engine, month), form) for form in FORMATS})
    again = [
        {form: render(overview(engine, month, as_of), form) for form in FORMATS}
        for month, as_of in zip(months, DAYS, strict=True)
    ]
    assert again == then
    assert then[1]["csv"] != then[2]["csv"]
    assert b"345 statt zuvor 341" in then[2]["html"]
    assert b"revidiert: 3" not in then[1]["html"]
    engine.dispose()


def test_before_the_first_document_there_is_no_page(tmp_path: Path) -> None:
    engine = runs.warehouse(Settings(home=tmp_path, database_url=None))
    with pytest.raises(KcaError, match="no figures"):
        overview(engine, OCTOBER, "2017-12-31")
    engine.dispose()
