"""The draft of a report.

Which warnings stand at its figures, and that what was looked at is what is published.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from kca_etl.runs import draft as drafts
from kca_etl.runs.record import load_all
from kca_etl.settings import Settings
from kca_etl.warehouse import reports
from tests.sources.office import Shape, write

JUMPED = Shape(cells={("Leistungsbezieher SGB II", "Monat"): 27400})
BEFORE = Shape(cells={("Leistungsbezieher SGB II", "Vormonat"): 30000})  # November falls from it
CORRECTED = Shape(footnotes=("Datenstand: 11.12.2020",))


def load(engine: Engine, settings: Settings, path: Path, shape: Shape) -> None:
    list(load_all([write(path, shape)], engine, settings))


def test_a_jump_stands_until_its_figure_is_corrected(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    load(engine, settings, tmp_path / "jumped.xlsx", JUMPED)
    (jump,) = drafts.make(settings, "2020-11").jumps
    assert (jump["file_name"], jump["sheet"], jump["cell"], jump["found"]) == (
        "jumped.xlsx",
        "Tabelle1",
        "B7",
        "27400",
    )
    assert drafts.make(settings, "2020-10").jumps == (), (
        "it stands at November's figure, not on October's page"
    )
    load(engine, settings, tmp_path / "corrected.xlsx", CORRECTED)
    assert drafts.make(settings, "2020-11").jumps == ()
    assert len(drafts.make(settings, "2020-11", "2020-12-10").jumps) == 1, "as it was known before"


def test_a_document_tried_twice_warns_once(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    path = write(
        tmp_path / "jumped.xlsx", JUMPED
    )  # once: a workbook written a second later is another document
    for _ in range(2):
        list(load_all([path], engine, settings))
    assert len(drafts.make(settings, "2020-11").jumps) == 1


def test_a_fall_from_a_wrong_month_before_is_a_jump_too(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    load(engine, settings, tmp_path / "before.xlsx", BEFORE)
    (jump,) = drafts.make(settings, "2020-11").jumps
    assert (jump["found"], jump["cell"]) == ("24736", "B7")


def test_what_was_looked_at_is_what_is_published(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    load(engine, settings, tmp_path / "jumped.xlsx", JUMPED)
    draft = drafts.make(settings, "2020-11")
    assert not settings.reports.exists()
    assert reports.registered(engine) == []
    load(engine, settings, tmp_path / "corrected.xlsx", CORRECTED)  # while somebody thinks it over
    paths = drafts.publish(draft, settings)
    assert {path.name: path.read_bytes() for path in paths} == dict(draft.files)
    assert "27.400" in (settings.reports / "Ueberblick_2020-11.html").read_text(encoding="utf-8")
    assert len(reports.registered(engine)) == 1
