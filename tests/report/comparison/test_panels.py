"""Small multiples.

One axis for all, gaps stay gaps, and the figure beside a name is the month's.
"""

from __future__ import annotations

import re
from itertools import pairwise

from kca_etl.report.comparison.model import Comparison, build
from kca_etl.report.comparison.panels import HIGH, WIDE, panels
from tests.report.comparison.helper import (
    COUNT,
    HIDDEN,
    KEYS,
    LAENDER,
    MONTH,
    RATE,
    compared,
    figures,
)

OWN = "traeger:43102"
DECEMBER = {(key, "2018-12"): HIDDEN for key in KEYS}


def points(svg: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.]+),([\d.]+)", svg)]


def test_the_axis_is_common_so_that_a_higher_figure_lies_higher() -> None:
    drawn, said = panels(compared())
    heights = [points(p.svg)[-1][1] for p in drawn]
    assert all(above <= below for above, below in pairwise(heights))  # they stand in order of rank
    assert said.startswith("November 2018 bis Januar 2019")
    assert "Gemeinsame Achse von 1,0 % bis 4,0 %. Grau: Hessen." in said
    assert all(0 <= x <= WIDE and 0 <= y <= HIGH for p in drawn for x, y in points(p.svg))


def test_a_month_without_a_figure_is_a_gap() -> None:
    whole, broken = panels(compared())[0], panels(compared(DECEMBER))[0]
    assert all(p.svg.count("<polyline") == 2 for p in whole)
    assert all(p.svg.count(f'stroke="{"#0b5563"}"') == 0 for p in broken)


def test_counts_have_an_axis_each_and_nothing_behind_them() -> None:
    drawn, said = panels(compared(kennzahl=COUNT))
    assert said.endswith("Jede Linie hat ihre eigene Achse.")
    assert all(p.svg.count("<polyline") == 1 for p in drawn)


def test_the_figure_beside_a_name_is_that_of_the_month() -> None:
    hidden = compared({(KEYS[0], "2019-01"): HIDDEN}, kennzahl=COUNT, land=None)
    (hessen,) = panels(hidden)[0]
    assert (hessen.name, hessen.last) == ("Hessen", "–")
    assert 'r="2.4"' not in hessen.svg


def test_one_month_makes_no_course() -> None:
    only = figures()
    only = only[only["berichtsmonat"] == "2019-01-01"]
    assert panels(build(only, only, LAENDER, RATE, MONTH, land="06", own=(OWN,))) == ((), "")


def test_annual_values_are_joined_over_the_years() -> None:
    frame = figures().replace(
        {"berichtsmonat": {"2018-11-01": "2017-01-01", "2018-12-01": "2018-01-01"}}
    )
    made: Comparison = build(frame, frame, LAENDER, RATE, MONTH, land="06", own=(OWN,), step=12)
    drawn, said = panels(made)
    assert said.startswith("2017 bis 2019; Jahre ohne Wert")
    assert all(len(points(p.svg)) == 6 for p in drawn)
