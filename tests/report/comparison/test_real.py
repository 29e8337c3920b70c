"""The real issue of January 2019.

Every Hessian Jobcenter has its tile, and the page carries the publisher's figures.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kca_etl.model.findings import KcaError
from kca_etl.model.month import Month
from kca_etl.report.comparison.forms import render
from kca_etl.report.comparison.page import page_of
from kca_etl.report.comparison.tiles import placed
from kca_etl.runs.comparison import build
from kca_etl.runs.record import load_all
from kca_etl.settings import Settings
from kca_etl.warehouse.engine import open_engine
from kca_etl.warehouse.views import queries

MONTH = date(2019, 1, 1)


@pytest.fixture(scope="module")
def settings(
    real: Path, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    home = tmp_path_factory.mktemp("home")
    shutil.copy(sqlite_template, home / "warehouse.db")
    made = Settings(home=home, database_url=None)
    issues = sorted((real / "ba-sanktionen").glob("*201901*.xlsx"))
    assert [o.state for o in load_all(issues, open_engine(made.url), made, "ba_sanktionen")] == [
        "loaded"
    ]
    yield made
    open_engine(made.url).dispose()


def test_every_hessian_jobcenter_has_exactly_one_tile(settings: Settings) -> None:
    frame = queries.figures(
        open_engine(settings.url), kennzahl="elb", gliederung="insgesamt", month=Month.of(2019, 1)
    )
    there = {
        f"traeger:{c}"
        for s, c in zip(frame["region_system"], frame["region_code"], strict=True)
        if s == "traeger" and c.startswith("4")
    }
    assert sorted(placed("Jobcenter", MONTH)) == sorted(there)
    names = {c: n for c, n in zip(frame["region_code"], frame["region_name"], strict=True)}  # noqa: C416 - the last name counts
    for key, tile in placed("Jobcenter", MONTH).items():
        assert tile.name.split(" ")[0].rstrip(".")[:6] in names[key.split(":")[1]], tile


def test_hessen(settings: Settings) -> None:
    made = build(settings, "elb_sanktionsquote", MONTH)
    assert page_of(made).headline == "Main-Kinzig-Kreis: 1,8 %, Rang 22 von 26 in Hessen"
    rows = list(csv.DictReader(io.StringIO(render(made, "csv").decode())))
    stored = queries.figures(
        open_engine(settings.url),
        kennzahl="elb_sanktionsquote",
        gliederung="insgesamt",
        month=Month.of(2019, 1),
    )
    exact = {(r["region_code"], r["cell"]): r["value"] for r in stored.to_dict("records")}
    assert len(rows) == 28
    assert all(float(r["value"]) == exact[r["region_code"], r["cell"]] for r in rows)


def test_germany(settings: Settings) -> None:
    made = build(settings, "elb_sanktionsquote", MONTH, land=None)
    assert (len(made.ranked), len(made.unpublished)) == (406, 0)
    assert made.ranked[0].place == 1
    assert render(made, "pdf").startswith(b"%PDF")


def test_no_such_figure(settings: Settings) -> None:
    with pytest.raises(KcaError, match="stands in 0 sources"):
        build(settings, "elb_sanktionsquote", date(2000, 1, 1))
