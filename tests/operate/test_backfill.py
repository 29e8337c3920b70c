"""The backfill without Prefect: its plan, its modes, where documents come from, its matrix."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine

from kca_etl.model.findings import KcaError
from kca_etl.model.month import Month
from kca_etl.runs import backfill
from kca_etl.runs.matrix import Matrix
from kca_etl.runs.record import load_all, warehouse
from kca_etl.runs.wanted import Wanted
from kca_etl.samples import write_samples
from kca_etl.settings import Settings
from kca_etl.warehouse.views import queries
from tests.cli.test_commands import kca
from tests.sources.office import Shape, write
from tests.warehouse.synthetic import export

SOURCE = "kca_monatszahlen"


def wanted(**changes: Any) -> Wanted:
    given: dict[str, Any] = {
        "sources": [SOURCE],
        "ask_publisher": False,
        "first_month": "2020-08",
        "last_month": "2020-12",
    }
    return Wanted(**given | changes)


def go(engine: Engine, settings: Settings, what: Wanted, stop_after: int = 99) -> Matrix:
    matrix = Matrix(steps := backfill.plan(engine, settings, what))
    for step, outcome in islice(
        backfill.perform(steps, engine, settings, what.command), stop_after
    ):
        matrix.add(step, outcome)
    return matrix


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "given").mkdir()
    write_samples(tmp_path / "given")
    (tmp_path / "given" / "notes.txt").write_text("no table")
    return tmp_path / "given"


def signs(matrix: Matrix) -> str:
    return "".join(
        matrix.cells[SOURCE, month][0] for month in map(Month, range(2020 * 12 + 7, 2020 * 12 + 12))
    )


def test_the_plan_says_what_would_happen_and_why_and_changes_nothing(
    engine: Engine, settings: Settings, folder: Path
) -> None:
    steps = backfill.plan(engine, settings, wanted(folder=str(folder)))
    assert [
        (s.as_row()["berichtsmonat"], s.action, s.place, s.as_row()["file"]) for s in steps
    ] == [
        ("2020-08", "missing", "", None),
        ("2020-09", "load", "folder", "KCA_Monatszahlen_2020-09.xlsx"),
        ("2020-10", "load", "folder", "KCA_Monatszahlen_2020-10.xlsx"),
        ("2020-11", "load", "folder", "KCA_Jahresblatt_2020.xlsx"),
        ("2020-11", "load", "folder", "KCA_Monatszahlen_2020-11.xlsx"),
        ("2020-12", "missing", "", None),
    ]
    assert steps[0].why == "no document at hand; publication: 2020-09-07"
    assert queries.documents(engine) == []
    assert not settings.landing.exists()


def test_only_the_gaps_are_filled_and_a_second_time_nothing(
    engine: Engine, settings: Settings, folder: Path
) -> None:
    list(load_all([folder / "KCA_Monatszahlen_2020-10.xlsx"], engine, settings, SOURCE))
    what = wanted(folder=str(folder), reason="Jahresblatt fehlte")
    assert signs(go(engine, settings, what)) == "oluro"
    before = export(engine)
    again = go(engine, settings, what)
    assert signs(again) == "uuuuo"
    assert export(engine) == before
    assert (
        queries.runs(engine)[-1]["command"]
        == f"backfill {SOURCE} 2020-08…2020-12 only_missing · Jahresblatt fehlte"
    )
    assert "unchanged" in again.text()


def test_interrupted_and_resumed_ends_like_undisturbed(
    engine: Engine, settings: Settings, folder: Path, tmp_path: Path
) -> None:
    what = wanted(folder=str(folder), first_month="2018-01")
    for stop in (1, 2):
        go(engine, settings, what, stop_after=stop)
    assert len(queries.documents(engine)) == 3
    go(engine, settings, what)
    other = Settings(home=tmp_path / "other", database_url=None)
    go(warehouse(other), other, what)
    assert export(engine) == export(warehouse(other))
    warehouse(other).dispose()


def test_documents_put_aside_come_from_the_archive_again_only_when_asked(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    bad = write(tmp_path / "in" / "november.xlsx", Shape(cells={("Integrationen", "Monat"): "?"}))
    given = str(tmp_path / "in")
    assert signs(go(engine, settings, wanted(folder=given))) == "oooqo"
    bad.unlink()
    (step,) = [s for s in backfill.plan(engine, settings, wanted()) if s.document]
    assert (step.action, step.why, step.place) == ("skip", "quarantined before", "archive")
    again = go(engine, settings, wanted(mode="only_failed"))
    assert signs(again) == "oooqo"
    assert queries.runs(engine)[-1]["state"] == "quarantined"


def test_only_failed_takes_an_amended_file_but_no_other_month(
    engine: Engine, settings: Settings, folder: Path, tmp_path: Path
) -> None:
    bad = write(tmp_path / "november.xlsx", Shape(cells={("Integrationen", "Monat"): "?"}))
    list(load_all([bad], engine, settings, SOURCE))
    steps = backfill.plan(engine, settings, wanted(folder=str(folder), mode="only_failed"))
    assert [s.as_row()["file"] for s in steps if s.action == "load"] == [
        "KCA_Jahresblatt_2020.xlsx",
        "KCA_Monatszahlen_2020-11.xlsx",
        "november.xlsx",
    ]
    assert {s.why for s in steps if s.action == "skip"} == {
        "new, and its month was not quarantined"
    }


def test_reload_all_reads_the_archive_again_and_changes_no_figure(
    engine: Engine, settings: Settings, folder: Path
) -> None:
    go(engine, settings, wanted(folder=str(folder)))
    before = export(engine)
    matrix = go(engine, settings, wanted(mode="reload_all"))
    assert [r["from"] for r in matrix.rows() if r["action"] == "load"] == ["archive"] * 4
    assert signs(matrix) == "uuuuo"
    assert export(engine) == before


def test_a_file_that_goes_away_and_an_archive_with_a_hole_stop_nobody(
    engine: Engine, settings: Settings, folder: Path
) -> None:
    steps = backfill.plan(engine, settings, wanted(folder=str(folder)))
    (folder / "KCA_Monatszahlen_2020-09.xlsx").unlink()
    matrix = Matrix(steps)
    for step, outcome in backfill.perform(steps, engine, settings, "test"):
        matrix.add(step, outcome)
    assert signs(matrix) == "oulro"
    next(settings.landing.glob("??/*")).unlink()
    steps = backfill.plan(engine, settings, wanted(mode="reload_all"))
    assert [s.why for s in steps if s.action == "skip" and s.document] == [
        "the archive has lost the document; give its folder"
    ]


def test_the_matrix_as_text_and_markdown(engine: Engine, settings: Settings, folder: Path) -> None:
    matrix = Matrix(backfill.plan(engine, settings, wanted(folder=str(folder))))
    assert matrix.text().splitlines() == [
        "source            year  01   02   03   04   05   06   07   08   09   10   11   12",
        f"kca_monatszahlen  2020  {' ' * 35}LATE plan plan plan LATE",
        "LATE 2 overdue   plan 3 planned",
    ]
    assert (
        "| kca_monatszahlen | 2020 |  |  |  |  |  |  |  | **LATE** | plan | plan | plan |"
        " **LATE** |"
    ) in matrix.markdown()


def test_what_is_asked_for_is_checked() -> None:
    schema = Wanted.model_json_schema()
    assert SOURCE in schema["properties"]["sources"]["items"]["enum"]
    assert all(p.get("title") and p.get("description") for p in schema["properties"].values())
    assert (
        wanted(sources=[SOURCE, "ba_sanktionen", SOURCE]).title
        == "ba_sanktionen, kca_monatszahlen 2020-08…2020-12"
    )
    for changes, code in (
        ({"sources": ["none"]}, "NO_SOURCE"),
        ({"last_month": "2019-12"}, "BAD_RANGE"),
        ({"first_month": "2020-13"}, "BAD_MONTH"),
        ({"folder": "no/such"}, "NO_FILE"),
    ):
        with pytest.raises(KcaError, match=code):
            backfill._files(wanted(**changes).folder)
    refused: list[dict[str, Any]] = [
        {"sources": []},
        {"mode": "all"},
        {"month": "2020-01"},
    ]
    for given in refused:
        with pytest.raises(ValidationError):
            wanted(**given)


def test_the_command(tmp_path: Path, folder: Path) -> None:
    home = tmp_path / "home"
    asked = ("backfill", "--source", SOURCE, "--from-month", "2020-09", "--to-month", "2020-12")
    assert "dry run" in kca(home, *asked, "--folder", folder, "--dry-run")
    assert "LATE 1 overdue   rev 1 revised   ok 2 loaded" in kca(home, *asked, "--folder", folder)
    rows = json.loads(kca(home, *asked, "--json"))
    assert [(r["berichtsmonat"], r["state"]) for r in rows][-2:] == [
        ("2020-11", "unchanged"),
        ("2020-12", "overdue"),
    ]
    assert "[BAD_MONTH]" in kca(home, *asked[:4], "2020-99", *asked[5:], code=2)
    assert "[BAD_RANGE]" in kca(home, *asked[:4], "2021-01", *asked[5:], code=2)
    assert "[NO_SOURCE]" in kca(home, "backfill", "--source", "x", *asked[3:], code=2)
    write(
        folder / "bad.xlsx",
        Shape(month="Berichtsmonat: Dezember 2020", cells={("Integrationen", "Monat"): "?"}),
    )
    assert "QUAR 1 quarantined" in kca(home, *asked, "--folder", folder, code=3)


def test_months_not_at_hand_are_asked_of_the_publisher_last(tmp_path: Path) -> None:
    away = {"statistik.arbeitsagentur.de": "http://127.0.0.1:1"}  # nobody there
    settings = Settings(home=tmp_path / "home", base_urls=away, http_deadline=1)
    what = wanted(
        sources=["ba_sanktionen"], first_month="2020-01", last_month="2020-02", ask_publisher=True
    )
    steps = backfill.plan(warehouse(settings), settings, what)
    assert [(s.action, s.place, s.why) for s in steps] == [
        ("load", "publisher", "asked of its publisher")
    ] * 2
    (step, outcome), *_ = backfill.perform(steps[:1], warehouse(settings), settings, "test")
    assert (outcome.state, outcome.result) == ("missing", None)
    assert outcome.reading.findings
    scheduled = backfill.due(datetime(2026, 11, 5, tzinfo=UTC))
    assert scheduled is not None
    assert (scheduled.first_month, scheduled.last_month) == ("2025-11", "2026-11")
    assert step.source in scheduled.sources
    warehouse(settings).dispose()
