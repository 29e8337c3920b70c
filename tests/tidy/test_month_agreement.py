"""A document is of the month that it states everywhere, or it does not load."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kca_etl import pipeline
from kca_etl.german.month_texts import is_range, months_in_name, without_asides
from kca_etl.german.numbers import german
from kca_etl.german.text import month_of, pattern
from kca_etl.landing.archive import provenance
from kca_etl.landing.archive.files import document_of
from kca_etl.model.codes import Code
from kca_etl.model.findings import Verdict
from kca_etl.model.month import Month
from tests.sources.office import ROWS, Shape, write
from tests.sources.test_office_sheets import read
from tests.sources.test_year_sheets import HEADS, year

NOVEMBER = Month.of(2020, 11)
TO_COME = {(label, "Monat"): "..." for label in ROWS}
SLIPS: dict[str, tuple[dict[str, Any], Code]] = {
    "an American day": ({"month": "Berichtsmonat: 11/01/2020"}, Code.NO_PERIOD),
    "no day at all": ({"month": "Berichtsmonat: 12/15/2020"}, Code.NO_PERIOD),
    "cumulated": ({"month": "Januar 2020 bis November 2020"}, Code.CONTRADICTION),
    "cumulated in the label": (
        {"month": "Berichtsmonat Januar-November 2020"},
        Code.CONTRADICTION,
    ),
    "cumulated by a word": ({"month": "November 2020 kumuliert"}, Code.CONTRADICTION),
    "two months": ({"month": "Berichtsmonat: Oktober und November 2020"}, Code.CONTRADICTION),
    "the month of making": (
        {"title": "Monatszahlen, erstellt im Dezember 2020", "month": None},
        Code.NO_PERIOD,
    ),
    "a hundred years ago": ({"month": "November 1920"}, Code.UNLIKELY_DATE),
    "in the future": ({"month": "November 2120"}, Code.UNLIKELY_DATE),
    "no datenstand": ({"footnotes": ("Datenstand: 31.02.2020",)}, Code.BAD_DATE),
    "an American datenstand": ({"footnotes": ("Datenstand: 12/15/2020",)}, Code.BAD_DATE),
    "a future datenstand": ({"footnotes": ("Datenstand: 05.12.2202",)}, Code.UNLIKELY_DATE),
    "an early datenstand": ({"footnotes": ("Datenstand: 05.11.2020",)}, Code.CONTRADICTION),
    "figures to come": ({"cells": TO_COME}, Code.EMPTY_MONTH),
    "a decimal point": (
        {"cells": {("Arbeitslosenquote SGB II", "Monat"): "0.032"}},
        Code.NOT_A_NUMBER,
    ),
}
FINE: dict[str, dict[str, Any]] = {
    "a day of printing": {"title": "Monatszahlen November 2020 (Stand: Dezember 2020)"},
    "the month's last day": {"month": "Berichtsmonat: 30.11.2020"},
    "a datenstand": {"footnotes": ("Datenstand: 05.12.2020",)},
    "a year in the title": {"title": "Monatszahlen 2020"},
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_in_the_month_stops_the_document(tmp_path: Path, name: str) -> None:
    changes, code = SLIPS[name]
    reading = read(write(tmp_path / "x.xlsx", Shape(**changes)))
    assert reading.verdict is Verdict.QUARANTINE
    assert code in {f.code for f in reading.findings}


@pytest.mark.parametrize("name", FINE)
def test_what_is_right_loads(tmp_path: Path, name: str) -> None:
    reading = read(write(tmp_path / "x.xlsx", Shape(**FINE[name])))
    assert (reading.month, reading.findings) == (NOVEMBER, [])


@pytest.mark.parametrize(
    ("name", "is_bad"),
    [
        ("Monatszahlen_2020-11.xlsx", False),
        ("Monatszahlen_2020-10.xlsx", True),
        ("Monatszahlen Dezember 2020.xlsx", True),
        ("Monatszahlen_202012.xlsx", True),
        ("2020-12-03 Zahlen.xlsx", False),
        ("Zahlen Stand Dezember 2020.xlsx", False),
    ],
)
def test_the_files_name(tmp_path: Path, name: str, *, is_bad: bool) -> None:
    reading = read(write(tmp_path / name, Shape()))
    assert (Code.CONTRADICTION in {f.code for f in reading.findings}) == is_bad


def test_a_title_over_another_months_column(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = year(tmp_path / "x.xlsx", list(HEADS["names with the year"]), 12)
    book = load_workbook(path)
    book.worksheets[0]["A2"] = "Berichtsmonat: November 2020"
    book.save(path)
    assert {f.code for f in read(path).findings} == {Code.CONTRADICTION}


def test_the_day_of_receipt_counts_and_not_today(tmp_path: Path) -> None:
    path = write(tmp_path / "x.xlsx", Shape(footnotes=("Datenstand: 05.12.2020",)))
    received = pipeline.open_document(document_of(path), path)
    received.day = date(2020, 12, 4)
    assert Code.UNLIKELY_DATE in {f.code for f in pipeline.read(received).findings}
    received.day = date(2020, 12, 5)
    assert pipeline.read(received).findings == []


def test_the_archive_keeps_the_day_of_receipt(tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    path = write(tmp_path / "x.xlsx", Shape(footnotes=("Datenstand: 05.12.2020",)))
    incoming = pipeline.Incoming(path)
    first = pipeline.receive(incoming, landing)
    first.attempt.end()
    assert first.day == provenance.today()
    sha256 = first.document.sha256
    provenance.note(sha256, landing, received_at="2020-12-04T23:30:00+00:00")
    again = pipeline.receive(pipeline.Incoming(first.path, archived=first.document), landing)
    again.attempt.end()
    assert again.day == date(2020, 12, 5)  # in Berlin


@given(year=st.integers(1990, 2099), month=st.integers(1, 12), day=st.integers(1, 31))
def test_only_what_a_pattern_names_is_a_month(year: int, month: int, day: int) -> None:
    american = f"Berichtsmonat: {month:02}/{day:02}/{year}"
    assert pattern("Berichtsmonat*{monat}").match(american) is None
    written = month_of(f"{day}.{month}.{year}") if day >= 28 else None
    assert written in (None, Month.of(year, month))


@given(whole=st.integers(0, 0), part=st.integers(0, 999))
def test_no_group_of_thousands_begins_with_zero(whole: int, part: int) -> None:
    assert german(f"{whole}.{part:03}") is None
    assert german(f"0{whole}.{part:03}") is None


def test_months_in_texts() -> None:
    assert months_in_name("sanktionen-d-0-201701-xlsx") == {Month.of(2017, 1)}
    assert months_in_name("13211-03ir_stand-2014-07") == set()
    assert months_in_name("13211-02-05-4_2015-2020") == set()
    assert without_asides("Bestand November 2020") == "Bestand November 2020"
    assert is_range("Januar bis November 2020")
    assert not is_range("November 2020")
