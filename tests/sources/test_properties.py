"""Whatever moves without changing its meaning leaves the facts as they were.

Whatever changes is noticed.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kca_etl import pipeline
from kca_etl.landing.archive.files import document_of
from kca_etl.model.findings import Verdict
from kca_etl.sources import registry

MONTHS = (
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
SEX = ("Insgesamt", "männlich", "weiblich")
GROUPS = [(f"{month} ({31}.)", sex) for month in MONTHS for sex in SEX]


def figure(year: int, column: int) -> int:
    """Different in every cell."""
    return 10_000 + (year - 2000) * 100 + column


Layout = dict[str, Any]


def draw(path: Path, layout: Layout) -> Path:
    """The pivot of IT.NRW's shape, made by us.

    Years down, months and sexes across, merged header cells.
    """
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for text in (
        "Arbeitsmarktstatistik: Arbeitslose nach Geschlecht",
        "- Gemeinden - Monat",
        "Köln, krfr. Stadt",
    ):
        sheet.append([None] * layout["left"] + [text])
    for _ in range(layout["above"]):
        sheet.append([None])
    top, first = sheet.max_row + 1 + layout["above"], layout["left"] + 2
    _header(sheet, top, first, layout)
    for n, year in enumerate((2003, 2002, 2001)):
        sheet.cell(top + 4 + n, first - 1, str(year))
        for place, column in enumerate(layout["columns"]):
            sheet.cell(
                top + 4 + n,
                first + place,
                layout["cells"].get((year, column), figure(year, column)),
            )
    sheet.cell(top + 8, first - 1, "__________")
    sheet.cell(top + 9, first - 1, "Stand: 21.07.2014 / 20:19:53")
    book.save(path)
    return path


def _header(sheet: Worksheet, top: int, first: int, layout: Layout) -> None:
    sheet.cell(top, first - 1, layout["texts"].get("Jahr", "Jahr"))
    sheet.cell(top, first, "Monate (jeweils Stichtag zum Monatsende)")
    if layout["merged"]:
        end = get_column_letter(first + len(layout["columns"]) - 1)
        sheet.merge_cells(f"{get_column_letter(first)}{top}:{end}{top}")
        sheet.merge_cells(
            start_row=top, end_row=top + 3, start_column=first - 1, end_column=first - 1
        )
    for place, column in enumerate(layout["columns"]):
        month, sex = GROUPS[column]
        for row, text in ((top + 1, month), (top + 2, "Geschlecht"), (top + 3, sex)):
            sheet.cell(row, first + place, layout["texts"].get((column, row - top), text))


def plain(**changes: Any) -> Layout:
    return {
        "columns": list(range(36)),
        "above": 0,
        "left": 0,
        "merged": True,
        "cells": {},
        "texts": {},
    } | changes


def read(path: Path) -> pipeline.Reading:
    """Read a sheet of invented figures, which do not add up."""
    free = registry.load("itnrw_koeln").model_copy(update={"checks": ()})
    return pipeline.read(pipeline.open_document(document_of(path), path), free)


def facts(reading: pipeline.Reading) -> dict[tuple[str, int], float]:
    o = reading.observations
    if o is None or reading.verdict is Verdict.QUARANTINE:
        return {}
    return {
        (o.series_list[s].gliederung, m): v
        for s, m, v in zip(o.series.tolist(), o.month.tolist(), o.value.tolist(), strict=True)
    }


NAMES = {
    "Insgesamt": "insgesamt",
    "männlich": "geschlecht=maenner",
    "weiblich": "geschlecht=frauen",
}
TRUE = {
    (NAMES[sex], year * 12 + n // 3): float(figure(year, n))
    for year in (2001, 2002, 2003)
    for n, (_, sex) in enumerate(GROUPS)
}


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    columns=st.permutations(range(36)),
    above=st.integers(0, 6),
    left=st.integers(0, 4),
    merged=st.booleans(),
)
def test_moved_columns_empty_rows_and_merged_cells_change_nothing(
    tmp_path: Path, columns: list[int], above: int, left: int, merged: bool
) -> None:
    assert (
        facts(
            read(
                draw(
                    tmp_path / "x.xlsx",
                    plain(columns=columns, above=above, left=left, merged=merged),
                )
            )
        )
        == TRUE
    )


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    year=st.sampled_from([2001, 2002, 2003]),
    column=st.integers(0, 35),
    value=st.one_of(st.integers(0, 10**7), st.sampled_from(["...", "-"])),
)
def test_one_changed_cell_changes_exactly_that_fact(
    tmp_path: Path, year: int, column: int, value: int | str
) -> None:
    found = facts(read(draw(tmp_path / "x.xlsx", plain(cells={(year, column): value}))))
    key = (NAMES[GROUPS[column][1]], year * 12 + column // 3)
    assert {k: v for k, v in found.items() if k != key} == {
        k: v for k, v in TRUE.items() if k != key
    }
    assert found[key] == value if isinstance(value, int) else found[key] != found[key]


@pytest.mark.parametrize("seed", range(30))
def test_one_changed_header_text_stops_the_document_or_moves_exactly_its_facts(
    tmp_path: Path, seed: int
) -> None:
    choice = random.Random(seed)
    column, row = choice.randrange(36), choice.choice([1, 2, 3])
    text = choice.choice(
        ["Irgendwas", "Januar", "Geschlechter", "ohne", "Insgesamt 2", "männl.", "(31.)"]
    )
    reading = read(draw(tmp_path / "x.xlsx", plain(texts={(column, row): text})))
    assert facts(reading) == {}
    assert reading.verdict is Verdict.QUARANTINE
    assert reading.findings


@pytest.mark.parametrize("value", ["7.2731", "12a", "#", True, "1e5", 10_000.5, -3])
def test_one_doubtful_cell_stops_the_document(tmp_path: Path, value: object) -> None:
    assert (
        read(draw(tmp_path / "x.xlsx", plain(cells={(2002, 17): value}))).verdict
        is Verdict.QUARANTINE
    )


def test_equal_headers_over_two_columns_are_no_guess(tmp_path: Path) -> None:
    reading = read(draw(tmp_path / "x.xlsx", plain(texts={(4, 3): "Insgesamt"})))
    assert "DOUBLE_COLUMN" in {f.code for f in reading.findings}
