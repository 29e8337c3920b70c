"""The Jobcenter's own sheets: many shapes, the same facts; anything doubtful stops the document."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from kca_etl import pipeline
from kca_etl.landing.archive.files import document_of
from kca_etl.model.address import a1
from kca_etl.model.findings import Verdict
from tests.sources.office import ROWS, Shape, write

Facts = dict[tuple[str, int], float]
CODES = (
    "arbeitslosenquote_sgb2",
    "arbeitslose_sgb2",
    "leistungsbezieher_sgb2",
    "integrationen",
    "neuantraege",
    "massnahmeteilnehmer",
)
MONTHS = (2020 * 12 + 10, 2020 * 12 + 9, 2019 * 12 + 10)
TRUE: Facts = {
    (code, month): value
    for code, values in zip(CODES, ROWS.values(), strict=True)
    for month, value in zip(MONTHS, values, strict=True)
}


def read(path: Path) -> pipeline.Reading:
    """Recognise and read a document; nothing is stored."""
    return pipeline.read(pipeline.open_document(document_of(path), path))


def facts(reading: pipeline.Reading) -> Facts:
    """(kennzahl, month) → value."""
    o = reading.observations
    assert o is not None, reading.findings
    assert {r.code for r in o.regions} == {"06435"}
    return {
        (o.series_list[s].kennzahl, m): v
        for s, m, v in zip(o.series.tolist(), o.month.tolist(), o.value.tolist(), strict=True)
    }


SHAPES = {
    "plain": Shape(),
    "rows above": Shape(rows_above=7, gap=4),
    "columns moved": Shape(order=(0, 3, 1, 4, 2)),
    "label column in the middle": Shape(order=(1, 0, 2, 3, 4)),
    "columns left free": Shape(columns_left=3),
    "merged title": Shape(merged=True),
    "short month": Shape(month="Nov 20"),
    "short month with words": Shape(month="Berichtsmonat: Nov 20"),
    "slashed month": Shape(month="11/2020"),
    "dotted month": Shape(month="11.2020"),
    "iso month": Shape(month="2020-11"),
    "named month": Shape(month="November 2020"),
    "real date": Shape(month=date(2020, 11, 1)),
    "real date at the month's end": Shape(month=datetime(2020, 11, 30)),
    "month in the title": Shape(title="Monatszahlen November 2020", month=None),
    "text numbers": Shape(numbers="text"),
    "percent format": Shape(numbers="percent"),
    "blanks in labels": Shape(rename={"Neuanträge": " Neuanträge  ", "Vormonat": "Vor-\nmonat"}),
    "no footnotes": Shape(footnotes=()),
    "synonyms": Shape(
        rename={"Merkmal": "Kennzahl", "Maßnahmeteilnehmer": "Teilnehmer an Maßnahmen"}
    ),
    "day of printing": Shape(footnotes=("Stand: 03.12.2020",), title="Monatszahlen"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_the_same_facts_from_every_shape(tmp_path: Path, name: str) -> None:
    reading = read(write(tmp_path / "x.xlsx", SHAPES[name]))
    assert reading.verdict in (Verdict.ACCEPT, Verdict.WARN), reading.findings
    assert reading.source is not None
    assert reading.source.source == "kca_monatszahlen"
    assert facts(reading) == TRUE


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    order=st.permutations(range(5)),
    above=st.integers(0, 12),
    gap=st.integers(0, 5),
    left=st.integers(0, 4),
    merged=st.booleans(),
    numbers=st.sampled_from(["plain", "text", "percent"]),
    month=st.sampled_from(
        ["November 2020", "Nov. 2020", "11/2020", "Berichtsmonat: November 2020", date(2020, 11, 1)]
    ),
)
def test_any_combination_of_shapes(
    tmp_path: Path,
    order: list[int],
    above: int,
    gap: int,
    left: int,
    merged: bool,
    numbers: str,
    month: object,
) -> None:
    shape = Shape(
        order=tuple(order),
        rows_above=above,
        gap=gap,
        columns_left=left,
        merged=merged,
        numbers=numbers,
        month=month,
    )
    assert facts(read(write(tmp_path / "x.xlsx", shape))) == TRUE


QUOTE, PERSONS = "Arbeitslosenquote SGB II", "Arbeitslose SGB II"
BROKEN = {
    "rate as a share without percent format": ((QUOTE, "Monat"), 0.032, "OUT_OF_BOUNDS"),
    "glued footnote digit": ((PERSONS, "Monat"), "7.2731", "NOT_A_NUMBER"),
    "error value": ((PERSONS, "Vormonat"), "#DIV/0!", "ERROR_CELL"),
    "formula without a result": ((PERSONS, "Vorjahresmonat"), "=1+1", "NO_RESULT"),
    "unknown sign": ((PERSONS, "Monat"), "?", "UNKNOWN_SIGN"),
    "english decimal point": ((QUOTE, "Monat"), "3.2", "NOT_A_NUMBER"),
    "fraction of a person": ((PERSONS, "Monat"), 7273.5, "NOT_WHOLE"),
    "negative count": ((PERSONS, "Monat"), -7273, "OUT_OF_BOUNDS"),
    "a date": ((PERSONS, "Monat"), date(2020, 11, 1), "NOT_A_NUMBER"),
    "true": ((PERSONS, "Monat"), True, "NOT_A_NUMBER"),
    "missing figure": ((PERSONS, "Monat"), None, "EMPTY_CELL"),
    "not a number text": ((PERSONS, "Monat"), "NaN", "UNKNOWN_SIGN"),
    "exponent": ((PERSONS, "Monat"), "1e3", "NOT_A_NUMBER"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_doubtful_cell_stops_the_document_and_is_named(tmp_path: Path, name: str) -> None:
    (label, column), value, code = BROKEN[name]
    reading = read(write(tmp_path / "x.xlsx", Shape(cells={(label, column): value})))
    where = a1(
        4 + list(ROWS).index(label),
        ("Merkmal", "Monat", "Vormonat", "Vorjahresmonat").index(column),
    )
    assert reading.verdict is Verdict.QUARANTINE
    assert (code, "Tabelle1", where) in {(f.code, f.sheet, f.cell) for f in reading.findings}, (
        reading.findings
    )


def test_all_findings_come_at_once(tmp_path: Path) -> None:
    cells = {
        (QUOTE, "Monat"): "?",
        (PERSONS, "Vormonat"): "7.2731",
        ("Integrationen", "Monat"): "#DIV/0!",
    }
    reading = read(
        write(tmp_path / "x.xlsx", Shape(cells=cells, rename={"Neuanträge": "Neuanträge gesamt"}))
    )
    assert {"UNKNOWN_SIGN", "NOT_A_NUMBER", "ERROR_CELL", "UNKNOWN_ROW"} <= {
        f.code for f in reading.findings
    }


@pytest.mark.parametrize("header", ["Vormonat", "Monat", "Merkmal", "Veränderung"])
def test_a_renamed_header_stops_the_document(tmp_path: Path, header: str) -> None:
    reading = read(write(tmp_path / "x.xlsx", Shape(rename={header: "Irgendwas"})))
    assert reading.verdict is Verdict.QUARANTINE


@pytest.mark.parametrize("label", list(ROWS))
def test_a_renamed_row_stops_the_document(tmp_path: Path, label: str) -> None:
    reading = read(write(tmp_path / "x.xlsx", Shape(rename={label: "Irgendwas"})))
    assert reading.verdict is Verdict.QUARANTINE
    assert reading.findings


def test_two_months_above_the_table_contradict(tmp_path: Path) -> None:
    reading = read(write(tmp_path / "x.xlsx", Shape(title="Monatszahlen Oktober 2020")))
    assert "CONTRADICTION" in {f.code for f in reading.findings}


def test_no_month_is_no_guess(tmp_path: Path) -> None:
    reading = read(write(tmp_path / "x.xlsx", Shape(month=None)))
    assert reading.verdict is Verdict.QUARANTINE


def test_numbers_stored_as_text_are_a_warning(tmp_path: Path) -> None:
    reading = read(write(tmp_path / "x.xlsx", Shape(numbers="text")))
    assert [f.code for f in reading.findings] == ["TEXT_NUMBER"]


@pytest.mark.parametrize(
    "head",
    [
        [["Monat:", "November 2020", "Stand:", "05.12.2020"]],
        [["KCA Monatszahlen November 2020", "", "Stand: 05.12.2020"]],
        [["Berichtsmonat", "November 2020"], ["Stand", "05.12.2020"]],
    ],
)
def test_the_day_a_sheet_was_made_is_not_its_month(tmp_path: Path, head: list[list[str]]) -> None:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    rows: list[list[Any]] = [
        *head,
        [],
        ["Merkmal", "Wert"],
        *([label, values[0]] for label, values in ROWS.items()),
    ]
    for row in rows:
        sheet.append(row)
    path = tmp_path / "blatt.xlsx"
    book.save(path)
    reading = read(path)
    assert reading.month == 2020 * 12 + 10, reading.findings
