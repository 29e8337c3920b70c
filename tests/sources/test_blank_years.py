"""A year written once above its months counts for them.

Nothing else is filled, and nothing doubtful.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kca_etl import pipeline
from kca_etl.german.text import MONTHS
from kca_etl.landing.archive.files import document_of
from kca_etl.model.findings import Verdict
from kca_etl.sources import registry

NAMES = [name.capitalize() for name in MONTHS]
SOURCE = """
source: zeitreihe
title: Zeitreihe
publisher: Statistik der Bundesagentur für Arbeit
recognise: [{{text: Zeitreihe}}]
datenstand: {{rule: month_end}}
regions: {{'\\d{{2}}': ags}}
tables:
  - id: reihe
    region: "ags:06435 Main-Kinzig-Kreis"
    stub: {stub}
    sections: {{Männer: "[geschlecht=maenner]", Frauen: "[geschlecht=frauen]"}}
    columns: {{Arbeitslose: arbeitslose}}
"""
Row = tuple[str, str, str]


def read(
    path: Path,
    rows: list[Row],
    stub: str = "{Jahr: jahr, Monat: monatsname}",
    head: str = "Jahr;Monat;Arbeitslose",
) -> pipeline.Reading:
    path.write_text("\n".join(["Zeitreihe;;", head, *map(";".join, rows)]) + "\n", encoding="utf-8")
    return pipeline.read(
        pipeline.open_document(document_of(path), path), registry.parse(SOURCE.format(stub=stub))
    )


def facts(reading: pipeline.Reading) -> dict[tuple[int, str], float]:
    o = reading.observations
    assert o is not None, reading.findings
    return {
        (int(o.month[i]), o.series_list[o.series[i]].gliederung): float(o.value[i])
        for i in range(len(o))
    }


def blanked(rows: list[Row]) -> list[Row]:
    """Leave out each year that stands above already."""
    return [
        (year if n == 0 or year != rows[n - 1][0] else "", month, value)
        for n, (year, month, value) in enumerate(rows)
    ]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.integers(0, 11), length=st.integers(1, 40), newest_first=st.booleans())
def test_a_year_written_once_says_the_same_as_one_in_every_row(
    tmp_path: Path, first: int, length: int, newest_first: bool
) -> None:
    months = [2005 * 12 + first + n for n in range(length)]
    rows = [
        (str(m // 12), NAMES[m % 12], str(5000 + m % 97))
        for m in (reversed(months) if newest_first else months)
    ]
    filled = facts(read(tmp_path / "x.csv", blanked(rows)))
    assert (
        filled
        == facts(read(tmp_path / "y.csv", rows))
        == {(m, "insgesamt"): 5000.0 + m % 97 for m in months}
    )


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        (
            [("2005", "November", "1"), ("", "Dezember", "2"), ("", "Januar", "3")],
            "the year above may not be its year",
        ),
        ([("2005", "Januar", "1"), ("", "Januar", "2")], "the year above may not be its year"),
        ([("2005", "Januar", "1"), ("Summe", "Februar", "2")], "not a year"),
        ([("2005", "Januar", "1"), ("", "Quartal", "2")], "not a month's name"),
        ([("2005", "Januar", "1"), ("Frauen", "", ""), ("", "Februar", "2")], "not a year"),
    ],
)
def test_a_doubtful_year_stops_the_document(tmp_path: Path, rows: list[Row], what: str) -> None:
    reading = read(tmp_path / "x.csv", rows)
    assert reading.verdict is Verdict.QUARANTINE
    assert [f.code for f in reading.findings if what in f.what] == ["NO_PERIOD"], reading.findings


def test_a_blank_year_before_any_year_is_named(tmp_path: Path) -> None:
    stub, head = "{Monat: monatsname, Jahr: jahr}", "Monat;Jahr;Arbeitslose"
    reading = read(tmp_path / "x.csv", [("Januar", "", "1"), ("Februar", "2005", "2")], stub, head)
    assert [(f.code, f.cell, f.what) for f in reading.findings] == [
        ("NO_PERIOD", "B3", "a row's label is not a year")
    ]


def test_a_row_lost_above_the_first_year_is_no_guess(tmp_path: Path) -> None:
    assert (
        read(tmp_path / "x.csv", [("", "Januar", "1"), ("2005", "Februar", "2")]).verdict
        is Verdict.QUARANTINE
    )


def test_each_section_needs_a_year_of_its_own(tmp_path: Path) -> None:
    rows = [
        ("Männer", "", ""),
        ("2005", "Januar", "1"),
        ("", "Februar", "2"),
        ("Frauen", "", ""),
        ("2005", "Januar", "3"),
        ("", "Februar", "4"),
    ]
    found = facts(read(tmp_path / "x.csv", rows))
    months = (2005 * 12, 2005 * 12 + 1)
    assert found == dict(
        zip(
            [(m, g) for g in ("geschlecht=maenner", "geschlecht=frauen") for m in months],
            [1.0, 2.0, 3.0, 4.0],
            strict=True,
        )
    )


def test_a_quarter_that_is_none_stops_the_document(tmp_path: Path) -> None:
    stub, head = "{Jahr: jahr, Quartal: quartal}", "Jahr;Quartal;Arbeitslose"
    assert facts(read(tmp_path / "x.csv", [("2005", "2. Quartal", "1")], stub, head)) == {
        (2005 * 12 + 5, "insgesamt"): 1.0
    }
    reading = read(tmp_path / "y.csv", [("2005", "Sommer", "1")], stub, head)
    assert [(f.code, f.cell) for f in reading.findings] == [("NO_PERIOD", "B3")]


@pytest.mark.parametrize(
    ("stub", "head", "rows"),
    [
        (
            "{Jahr: jahr, Gebiet: region_name}",
            "Jahr;Gebiet;Arbeitslose",
            [("2005", "Hessen", "1"), ("", "Bayern", "2")],
        ),
        (
            "{Jahr: jahr, Quartal: quartal}",
            "Jahr;Quartal;Arbeitslose",
            [("2005", "1. Quartal", "1"), ("", "2. Quartal", "2")],
        ),
        (
            "{Code: region_code, Land: region_name}",
            "Code;Land;Arbeitslose",
            [("06", "Hessen", "1"), ("", "", "2")],
        ),
        (
            "{Jahr: jahr, Monat: monatsname}",
            "Jahr;Monat;Arbeitslose",
            [("2005", "Januar", "1"), ("2006", "", "2")],
        ),
    ],
    ids=["year beside a region", "year beside a quarter", "region", "month"],
)
def test_no_other_empty_label_is_filled(
    tmp_path: Path, stub: str, head: str, rows: list[Row]
) -> None:
    assert read(tmp_path / "x.csv", rows, stub, head).verdict is Verdict.QUARANTINE
