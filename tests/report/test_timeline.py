from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kca_etl.report.axis import LINES, axis
from kca_etl.report.charts import chart, spec
from kca_etl.report.overview import SERIES_MONTHS, OverviewRow, build
from kca_etl.report.timeline import alternative, segments
from kca_etl.samples.figures import KENNZAHLEN
from tests.report.helper import MISSING, frame

NOVEMBER = date(2020, 11, 1)
HIDDEN = {"value": float("nan"), "zeichen": "*"}


def row(
    changes: dict[tuple[str, str], dict[str, Any]] | None = None, kennzahl: str = "integrationen"
) -> OverviewRow:
    return build(frame(changes, first="2018-01"), NOVEMBER).rows[KENNZAHLEN.index(kennzahl)]


@pytest.mark.parametrize("kennzahl", KENNZAHLEN)
def test_a_chart_shows_25_months_and_names_the_last_figure(kennzahl: str) -> None:
    assert SERIES_MONTHS == 25
    of = row(kennzahl=kennzahl)
    assert [f.month for f in of.series][::12] == [
        date(2018, 11, 1),
        date(2019, 11, 1),
        date(2020, 11, 1),
    ]
    svg = chart(of)
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    assert texts[-1] == {
        "arbeitslosenquote_sgb2": "3,2 %",
        "arbeitslose_sgb2": "7.273",
        "leistungsbezieher_sgb2": "24.736",
    }.get(
        kennzahl,
        {"integrationen": "318", "neuantraege": "553", "massnahmeteilnehmer": "932"}.get(kennzahl),
    )
    assert {"11/2018", "11/2019", "11/2020"} <= set(texts)
    assert re.search(r"<script|<image|<foreignObject|href|style=|on\w+=", svg) is None


def test_lines_break_where_a_month_has_no_figure() -> None:
    of = row({("integrationen", "2020-03"): HIDDEN, ("integrationen", "2020-05"): MISSING})
    assert [(line[0][0], line[-1][0]) for line in segments(of.series)] == [
        (0, 15),
        (17, 17),
        (19, 24),
    ]
    drawn = [layer["mark"]["type"] for layer in spec(of)["layer"]]
    assert drawn == ["line", "circle", "circle", "text"]
    assert all(point["y"] != 0 for layer in spec(of)["layer"] for point in layer["data"]["values"])
    assert chart(of).count('stroke="#0b5563"') == 3


def test_alternatives_say_what_is_drawn() -> None:
    assert alternative(row(kennzahl="arbeitslose_sgb2")) == (
        "Liniendiagramm Arbeitslose SGB II, November 2018 bis November 2020: zuletzt 7.273 "
        "(November 2020),"
        " höchster Wert 7.563 (August 2020), niedrigster Wert 6.013 (November 2019)."
    )
    assert "2 Monate ohne Wert" in alternative(
        row({("integrationen", "2020-03"): HIDDEN, ("integrationen", "2020-05"): MISSING})
    )
    assert alternative(nothing()).endswith("keine Werte.")


def nothing() -> OverviewRow:
    return row(
        {
            ("integrationen", f"{y}-{m:02}"): MISSING
            for y in (2018, 2019, 2020)
            for m in range(1, 13)
        }
    )


def test_a_chart_without_figures_says_so() -> None:
    assert "keine Werte" in chart(nothing())


def test_a_single_figure_is_a_point() -> None:
    gone = {
        ("integrationen", f"{y}-{m:02}"): MISSING
        for y in (2018, 2019, 2020)
        for m in range(1, 13)
        if (y, m) != (2020, 11)
    }
    assert ">318<" in chart(row(gone))


@given(
    st.lists(st.integers(0, 10**7), min_size=1, max_size=30),
    st.sampled_from([Decimal(1), Decimal("0.1")]),
)
def test_an_axis_holds_its_values_between_few_round_lines(
    values: list[int], smallest: Decimal
) -> None:
    exact = [v * smallest for v in values]
    found = axis(exact, smallest)
    assert found.low <= min(exact) <= max(exact) <= found.high
    assert 2 <= len(found.ticks) <= LINES + 1
    assert found.ticks[-1] == found.high
    assert found.step >= smallest
    assert str(found.step.normalize().as_tuple().digits[0]) in "125"
