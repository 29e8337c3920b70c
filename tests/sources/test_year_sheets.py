"""Year sheets and the revisions that the columns Vormonat and Vorjahresmonat bring."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from kca_etl import pipeline
from kca_etl.landing.archive.files import document_of
from kca_etl.model.findings import Verdict
from kca_etl.model.month import Month
from kca_etl.runs.record import load_all, warehouse
from kca_etl.settings import Settings
from kca_etl.warehouse.views import queries
from tests.sources.office import ROWS, Shape, write
from tests.sources.test_office_sheets import CODES, facts

NAMES = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
HEADS: dict[str, list[object]] = {
    "names with the year": [f"{name} 2020" for name in NAMES],
    "names, the year above": list(NAMES),
    "short": [f"{name[:3]} 20" for name in NAMES],
    "numbers": [f"{n:02}/2020" for n in range(1, 13)],
    "dates": [date(2020, n, 1) for n in range(1, 13)],
}


def figure(row: int, month: int) -> float:
    """A figure that is different in every cell."""
    return (2 + month / 10) if row == 0 else 1000 * row + month


def year(path: Path, heads: list[object], filled: int, hole: int = 0) -> Path:
    """Months across, Kennzahlen down; months after `filled` are still to come.

    `hole` is a month left empty.
    """
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet["A1"] = "Monatszahlen 2020"
    sheet.append([])
    sheet.append(["Kennzahl", *heads])
    for n, label in enumerate(ROWS):
        sheet.append(
            [label, *(figure(n, m) if m <= filled and m != hole else None for m in range(1, 13))]
        )
    book.save(path)
    return path


def read(path: Path) -> pipeline.Reading:
    return pipeline.read(pipeline.open_document(document_of(path), path))


@pytest.mark.parametrize("heads", HEADS)
@pytest.mark.parametrize("filled", [1, 7, 12])
def test_months_across(tmp_path: Path, heads: str, filled: int) -> None:
    reading = read(year(tmp_path / "x.xlsx", list(HEADS[heads]), filled))
    expected = {
        (code, 2020 * 12 + m - 1): figure(n, m)
        for n, code in enumerate(CODES)
        for m in range(1, filled + 1)
    }
    assert facts(reading) == pytest.approx(expected, abs=0)
    assert reading.datenstand == date.fromordinal(
        (date(2021, 1, 1) if filled == 12 else date(2020, filled + 1, 1)).toordinal() - 1
    )


def test_a_hole_before_the_last_month_is_no_future(tmp_path: Path) -> None:
    reading = read(year(tmp_path / "x.xlsx", list(HEADS["short"]), 7, hole=3))
    assert reading.verdict is Verdict.QUARANTINE
    assert {(f.code, f.cell) for f in reading.findings if f.code != "MISSING_FIGURES"} == {
        ("EMPTY_CELL", f"D{n}") for n in range(4, 10)
    }


def test_a_changed_vormonat_is_a_revision(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, database_url=None)
    engine = warehouse(settings)
    october = Shape(
        month="Oktober 2020", cells={(label, "Monat"): values[1] for label, values in ROWS.items()}
    )
    october = october.but(
        cells=october.cells
        | {("Integrationen", "Monat"): 341}
        | {(k, "Vormonat"): v[1] for k, v in ROWS.items()}
    )
    files = [write(tmp_path / "okt.xlsx", october), write(tmp_path / "nov.xlsx", Shape())]
    first, second = load_all(files, engine, settings, "kca_monatszahlen")
    assert (first.state, second.state) == ("loaded", "loaded"), second.reading.findings
    assert second.result is not None
    assert second.result.revised == 1
    assert "341 → 345" in second.result.revisions[0]
    history = queries.figures(
        engine, kennzahl="integrationen", month=Month.of(2020, 10), history=True
    )
    assert history["value"].tolist() == [341, 345]
    assert history["known_to"].tolist() == ["2020-11-30", None]
    as_was = queries.figures(
        engine, kennzahl="integrationen", month=Month.of(2020, 10), as_of="2020-11-15"
    )
    assert as_was["value"].tolist() == [341]
