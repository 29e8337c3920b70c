"""`kca figures` and `kca explain` say where a series crosses a break.

They compute nothing across it.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kca_etl.cli import figures as commands
from kca_etl.runs.record import warehouse
from kca_etl.settings import Settings
from kca_etl.sources import registry
from tests.validate import sheets

NOTE = (
    "not comparable unless the publisher recalculated them. Die Stadt Hanau gehört seit dem 1."
    " Januar 2026 nicht mehr zum"
)


@pytest.fixture
def home(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Load December 2025 and January 2026."""
    monkeypatch.setenv("KCA_HOME", str(settings.home))
    monkeypatch.setenv("KCA_DATABASE_URL", settings.url)
    folder = tmp_path / "sheets"
    folder.mkdir()
    engine = warehouse(settings)
    for month in (2025 * 12 + 11, 2026 * 12):
        path = sheets.sheet(folder, month, {"Monat": sheets.true(month)})
        assert (
            sheets.load(path, engine, settings, registry.load("kca_monatszahlen")).state == "loaded"
        )
    return folder


@pytest.mark.parametrize("layout", ["table", "csv", "json"])
@pytest.mark.usefixtures("home")
def test_a_series_across_the_break_is_marked_beside_the_figures(
    layout: str, capsys: pytest.CaptureFixture[str]
) -> None:
    commands.figures(kennzahl="arbeitslose_sgb2", layout=layout)
    shown = capsys.readouterr()
    assert shown.err.count(NOTE) == 1
    assert "note" not in shown.out
    assert "Main-Kinzig-Kreis (ags:06435)" in shown.err
    if layout == "json":
        assert len(json.loads(shown.out)) == 2


@pytest.mark.parametrize("month", ["2025-12", "2026-01"])
@pytest.mark.usefixtures("home")
def test_a_month_alone_crosses_nothing(month: str, capsys: pytest.CaptureFixture[str]) -> None:
    commands.figures(month=month)
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("home")
def test_explain_names_the_break_behind_a_figure(capsys: pytest.CaptureFixture[str]) -> None:
    commands.explain("arbeitslose_sgb2", "2026-01", as_json=False)
    assert capsys.readouterr().out.count(NOTE) == 1
    commands.explain("arbeitslose_sgb2", "2025-12", as_json=False)
    assert NOTE not in capsys.readouterr().out


def test_no_figures_no_note(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KCA_HOME", str(settings.home))
    monkeypatch.setenv("KCA_DATABASE_URL", settings.url)
    commands.figures()
    assert NOTE not in capsys.readouterr().err
