"""The Kreis without Hanau (from January 2026) is compared with nothing before."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pandas as pd
import pytest

from kca_etl.model.month import earlier
from kca_etl.report.charts import spec
from kca_etl.report.html import render_html
from kca_etl.report.notes import notes
from kca_etl.report.overview import Overview, build
from kca_etl.report.press import paragraph
from kca_etl.report.render import render
from kca_etl.report.terminal import render_text
from kca_etl.report.timeline import alternative, segments
from kca_etl.report.words import headline, moved
from kca_etl.samples.figures import KENNZAHLEN
from kca_etl.warehouse.views.gebietsstand import breaks_between
from tests.report import forms
from tests.report.helper import row_of

NOTE = "nicht vergleichbar, anderer Gebietsstand"


def overview(month: date) -> Overview:
    rows = []
    for by in range(30):
        when = earlier(month, by)
        inside = when < date(2026, 1, 1)
        for n, kennzahl in enumerate(KENNZAHLEN):
            value = (
                (3.4 if inside else 3.0) if n == 0 else (1000.0 if inside else 600.0) + n * 10 + by
            )
            rows.append(
                row_of(kennzahl, "2020-11", f"B{n}")
                | {"berichtsmonat": when.isoformat(), "value": value}
            )
    return build(pd.DataFrame(rows), month)


def test_no_comparison_across_the_day() -> None:
    january = overview(date(2026, 1, 1))
    assert all(moved(row, f) == "–" for row in january.rows for f in row.figures[1:])
    why = "Die Stadt Hanau gehört seit dem 1. Januar 2026 nicht mehr zum Main-Kinzig-Kreis."
    assert notes(january) == [
        f"Dezember 2025 und Januar 2025: {NOTE}. Veränderungen werden nicht ausgewiesen (–). {why}"
    ]
    assert headline(january) == "Arbeitslosenquote im SGB II liegt bei 3,0 %"
    assert f"Dezember 2025: {NOTE}. Januar 2025: {NOTE}." in paragraph(january)
    assert "Bürgergeld" in paragraph(january)
    assert NOTE in " ".join(render_text(january).split())
    assert NOTE in render_html(january)


def test_the_months_after_it_are_compared_with_each_other() -> None:
    march = overview(date(2026, 3, 1))
    assert [moved(row, row.previous) for row in march.rows][:2] == ["unverändert", "−1"]
    assert all(moved(row, row.year_before) == "–" for row in march.rows)
    assert notes(march)[0].startswith(f"März 2025: {NOTE}.")


def test_a_year_later_only_the_course_is_affected() -> None:
    later = overview(date(2027, 2, 1))
    assert all(moved(row, row.year_before) != "–" for row in later.rows)
    assert notes(later)[0].startswith(f"Verlauf vor Januar 2026: {NOTE}.")
    assert NOTE not in paragraph(later)
    assert notes(overview(date(2028, 2, 1))) == []


@pytest.mark.parametrize("form", ["pdf", "html", "xlsx", "csv", "json"])
def test_every_form_prints_a_dash(form: str) -> None:
    read = {
        "pdf": forms.from_pdf,
        "html": forms.from_html,
        "xlsx": forms.from_xlsx,
        "csv": forms.from_csv,
        "json": forms.from_json,
    }
    table = read[form](render(overview(date(2026, 1, 1)), form))
    assert {(line[2], line[5]) for line in table.values()} == {("–", "–")}


def test_the_line_breaks_and_the_break_is_drawn() -> None:
    row = overview(date(2026, 3, 1)).rows[1]
    assert [(line[0][0], line[-1][0]) for line in segments(row.series)] == [(0, 21), (22, 24)]
    assert spec(row)["layer"][0]["data"]["values"] == [{"x": 21.5}]
    assert f"Werte vor der gestrichelten Linie {NOTE}" in alternative(row)


def test_the_charts_of_the_workbook_break_too() -> None:
    content = zipfile.ZipFile(io.BytesIO(render(overview(date(2026, 3, 1)), "xlsx")))
    drawn = content.read("xl/charts/chart1.xml").decode()
    assert re.findall(r"Verlauf!(\$B\$\d+:\$B\$\d+)", drawn) == ["$B$5:$B$26", "$B$27:$B$29"]


@pytest.mark.parametrize(
    ("region", "then", "now", "count"),
    [
        ("ags:06435", date(2025, 12, 1), date(2026, 1, 1), 1),
        ("ags:06435", date(2026, 1, 1), date(2026, 2, 1), 0),
        ("ags:06435", date(2025, 11, 1), date(2025, 12, 1), 0),
        ("ags:06434", date(2025, 12, 1), date(2026, 1, 1), 0),
    ],
)
def test_breaks(region: str, then: date, now: date, count: int) -> None:
    assert len(breaks_between(region, then, now)) == count
