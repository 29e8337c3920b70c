"""A real issue, damaged in one place each.

Quarantined with every finding, and loaded once it is amended.
"""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell

from kca_etl import pipeline
from kca_etl.landing.archive.files import document_of
from kca_etl.model.findings import Verdict
from kca_etl.runs.record import load_all, warehouse
from kca_etl.settings import Settings
from kca_etl.warehouse.views import queries

SHEET = "3.1 ELB insg"


def _find(book: Workbook, sheet: str, text: str) -> Cell:
    return next(
        c
        for row in book[sheet].iter_rows()
        for c in row
        if isinstance(c, Cell) and isinstance(c.value, str) and text in c.value
    )


def rename_header(book: Workbook) -> None:
    _find(book, SHEET, "Bestand ELB").value = "Bestand der Berechtigten"


def unknown_sign(book: Workbook) -> None:
    book["3.2 ELB Männer"]["E164"] = "#"


def jobcenter_row_lost(book: Workbook) -> None:
    book["3.3 ELB Frauen"].delete_rows(164)


def column_lost(book: Workbook) -> None:
    book["3.6 ELB 25 bis u55"].delete_cols(5)


def many_rows_lost(book: Workbook) -> None:
    book["3.7 ELB 55+"].delete_rows(200, 60)


def wrong_sum(book: Workbook) -> None:
    book["3.4 ELB Ausl"]["E164"] = 99999


def wrong_month(book: Workbook) -> None:
    cell = _find(book, "3.5 ELB u25", "Berichtsmonat")
    cell.value = str(cell.value).replace("2019", "2018")


DAMAGES: dict[str, tuple[Callable[[Workbook], None], tuple[str, str, str]]] = {
    "renamed header": (rename_header, ("UNKNOWN_COLUMN", SHEET, "G7")),
    "unknown sign": (unknown_sign, ("UNKNOWN_SIGN", "3.2 ELB Männer", "E164")),
    "Jobcenter row lost": (jobcenter_row_lost, ("SUM_MISMATCH", "3.3 ELB Frauen", "E20")),
    "column lost": (column_lost, ("MISSING_COLUMN", "3.6 ELB 25 bis u55", "A7")),
    "many rows lost": (many_rows_lost, ("ROW_COUNT", "3.7 ELB 55+", "A393")),
    "wrong sum": (wrong_sum, ("SUM_MISMATCH", "3.4 ELB Ausl", "E20")),
    "wrong month": (wrong_month, ("CONTRADICTION", "3.5 ELB u25", "A5")),
}


@pytest.fixture(scope="module")
def issue(real: Path) -> Path:
    """The issue of January 2019."""
    return next((real / "ba-sanktionen").glob("*201901*"))


def _damaged(issue: Path, target: Path, *damages: Callable[[Workbook], None]) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl drops the publisher's logo
        book = load_workbook(issue)
    for damage in damages:
        damage(book)
    book.save(target)
    return target


def _places(reading: pipeline.Reading) -> set[tuple[str, str, str]]:
    return {(f.code, f.sheet, f.cell) for f in reading.findings}


@pytest.mark.parametrize("name", DAMAGES)
def test_one_damage_is_named_with_its_cell(issue: Path, tmp_path: Path, name: str) -> None:
    damage, expected = DAMAGES[name]
    path = _damaged(issue, tmp_path / "x.xlsx", damage)
    reading = pipeline.read(pipeline.open_document(document_of(path), path), "ba_sanktionen")
    assert reading.verdict is Verdict.QUARANTINE
    assert expected in _places(reading)


def test_all_damages_at_once_then_amended_and_replayed(issue: Path, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", database_url=None)
    engine = warehouse(settings)
    path = _damaged(issue, tmp_path / "x.xlsx", *(damage for damage, _ in DAMAGES.values()))
    (outcome,) = load_all([path], engine, settings, "ba_sanktionen")
    assert outcome.state == "quarantined"
    assert {place for _, place in DAMAGES.values()} <= _places(outcome.reading)
    assert queries.figures(engine).empty
    shutil.copy(issue, path)
    (outcome,) = load_all([path], engine, settings, "ba_sanktionen")
    assert outcome.state == "loaded"
