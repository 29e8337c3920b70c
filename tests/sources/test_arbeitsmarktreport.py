"""The Arbeitsmarktreport says the same wherever an issue puts its labels.

Equal labels under other headings stay apart.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from kca_etl.model.findings import Verdict
from tests.sources.documents import HERE, expected, sheets
from tests.sources.test_office_sheets import read

FIRST = HERE / "ba_arbeitsmarktreport" / "spalte_a"
SECOND = HERE / "ba_arbeitsmarktreport" / "spalte_b"
Facts = set[tuple[str, ...]]
Rows = dict[str, list[list[str]]]


def draw(path: Path, content: Rows) -> Path:
    """Write sheets as they stand, without merged cells."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in content.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([_number(text) for text in row])
    book.save(path)
    return path


def _number(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text or None


def facts(folder: Path) -> Facts:
    return {
        tuple(row[name] for name in ("berichtsmonat", "kennzahl", "gliederung", "value", "zeichen"))
        for row in expected(folder)
    }


def found(path: Path) -> set[tuple[int, str, str, str]]:
    reading = read(path)
    o = reading.observations
    assert reading.verdict is Verdict.ACCEPT, reading.findings[:5]
    assert o is not None
    return {
        (
            int(o.month[i]),
            o.series_list[o.series[i]].kennzahl,
            o.series_list[o.series[i]].gliederung,
            repr(o.value[i]),
        )
        for i in range(len(o))
    }


def moved(beside: Callable[[list[str]], str]) -> Rows:
    """Everything one column to the right, and something in the first one."""
    content = sheets(FIRST)
    return {
        name: [[beside(row), *row] if name.startswith("Eckwerte") else row for row in rows]
        for name, rows in content.items()
    }


def test_both_label_positions_give_the_same_facts() -> None:
    assert facts(FIRST) == facts(SECOND)


@pytest.mark.parametrize(
    "beside",
    [
        lambda _: "",
        lambda row: (
            "54.3" if row and row[0] in ("Frauen", "Ausländer", "Langzeitarbeitslose") else ""
        ),
    ],
    ids=["empty", "share"],
)
def test_a_column_before_the_labels_changes_nothing(
    tmp_path: Path, beside: Callable[[list[str]], str]
) -> None:
    assert found(draw(tmp_path / "b.xlsx", moved(beside))) == found(
        draw(tmp_path / "a.xlsx", sheets(FIRST))
    )


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("Bestand an Arbeitslosen", "Bestand an Erwerbslosen", "UNKNOWN_ROW"),
        ("Ausländer", "Ausländische Männer", "UNKNOWN_ROW"),
        (
            "Eckwerte des Arbeitsmarktes im Rechtskreis SGB III",
            "Eckwerte des Arbeitsmarktes im Rechtskreis SGB II",
            "UNKNOWN_TITLE",
        ),
        (
            "Main-Kinzig-Kreis (Gebietsstand Juni 2021)",
            "Offenbach (Gebietsstand Juni 2021)",
            "UNKNOWN_REGION",
        ),
        ("7200", "7300", "SUM_MISMATCH"),
        ("15 bis unter 20 Jahre", "Ausländer", "DOUBLE_ROW"),
    ],
)
def test_a_change_stops_the_document(tmp_path: Path, old: str, new: str, code: str) -> None:
    content = {
        name: [[new if text == old else text for text in row] for row in rows]
        for name, rows in sheets(FIRST).items()
    }
    reading = read(draw(tmp_path / "x.xlsx", content))
    assert code in {f.code for f in reading.findings}
    assert reading.verdict is Verdict.QUARANTINE


def test_a_share_without_a_label_names_no_row(tmp_path: Path) -> None:
    content = sheets(SECOND)
    row = next(row for row in content["Eckwerte"] if row[1:2] == ["Frauen"])
    row[1] = ""
    reading = read(draw(tmp_path / "x.xlsx", content))
    assert "UNKNOWN_ROW" in {f.code for f in reading.findings}
