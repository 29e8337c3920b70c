"""Who is compared, in which order, and that a sign is never a number."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from statistics import median

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from kca_etl.model.findings import KcaError
from kca_etl.report.comparison.model import COUNTS, build
from kca_etl.report.comparison.page import page_of
from kca_etl.report.comparison.tiles import classes, placed, shade, tiles
from kca_etl.warehouse.views.areas import land_of
from schemas import regions
from tests.report.comparison.helper import (
    COUNT,
    HIDDEN,
    KEYS,
    LAENDER,
    MONTH,
    RATE,
    compared,
    figures,
    row,
)

OWN = "traeger:43102"


@examples(max_examples=30)
@given(
    st.lists(
        st.sampled_from([0, 1, 1.5, 2.25, 7, None]), min_size=len(KEYS), max_size=len(KEYS)
    ).filter(any)
)
def test_places_and_median_count_published_figures_only(values: list[float | None]) -> None:
    given_ = {
        (k, "2019-01"): HIDDEN if v is None else {"value": float(v)}
        for k, v in zip(KEYS, values, strict=True)
    }
    c = compared(given_)
    known = sorted((v for v in values if v is not None), reverse=True)
    assert [float(a.figure.value or 0) for a in c.ranked] == known
    assert [a.place for a in c.ranked] == [known.index(v) + 1 for v in known]
    assert c.middle == median(Decimal(str(v)) for v in known)
    assert [a.figure.zeichen for a in c.unpublished] == ["*"] * values.count(None)
    assert {a.key for a in (*c.ranked, *c.unpublished)} == set(KEYS)


def test_only_the_land_is_compared() -> None:
    assert "traeger:11102" not in {a.key for a in compared().ranked}
    germany = compared(land=None)
    assert len(germany.ranked) == len(KEYS) + 1
    assert [a.key for a in germany.whole] == ["ags:D"]
    assert [a.name for a in germany.courses] == ["Hessen"]


def test_the_highlighted_region_is_the_first_that_is_there() -> None:
    assert compared().own is not None
    assert compared(own=("traeger:99999", OWN)).own == compared().own
    assert compared(own=("traeger:99999",)).own is None
    assert "Median" in page_of(compared(own=("traeger:99999",))).headline


def test_a_hidden_figure_of_ones_own_is_said_and_has_no_place() -> None:
    page = page_of(compared({(OWN, "2019-01"): HIDDEN}))
    assert page.headline == "Main-Kinzig: nicht veröffentlicht (*)"
    assert page.tiles[0].value == "*"
    assert page.unpublished == (("Main-Kinzig", "*"),)
    assert ("*", "geheim gehalten") in page.signs
    assert all(not tile.words.startswith("Main-Kinzig dagegen") for tile in page.tiles)


def test_rates_have_a_rank_and_a_distance_in_percentage_points() -> None:
    page = page_of(compared())
    assert page.headline == "Main-Kinzig: 2,4 %, Rang 12 von 26 in Hessen"
    # 2,4 against 2,25 is half way: rounded from the unrounded figures, not 2,4 − 2,3.
    assert [t.words.removeprefix("Main-Kinzig dagegen ") for t in page.tiles[1:]] == [
        "+0,2 Prozentpunkte",
        "−1,2 Prozentpunkte",
        "−1,3 Prozentpunkte",
    ]
    assert page.map is not None
    assert page.map.legend


def test_counts_are_put_in_order_and_it_is_said_that_this_compares_nothing() -> None:
    assert COUNT.unit in COUNTS
    page = page_of(compared(kennzahl=COUNT))
    assert "der Größe nach an Stelle" in page.headline
    assert "Rang" not in page.headline + page.list_title + page.list_note + page.place
    assert "vergleicht nicht" in page.list_note
    assert page.mark is None
    assert [t.words for t in page.tiles[1:]] == ["", "", ""]
    assert page.map is not None
    assert page.map.legend == ()


@examples(max_examples=20)
@given(
    st.sets(
        st.tuples(st.sampled_from(KEYS), st.sampled_from(["2018-11", "2018-12", "2019-01"])),
        min_size=1,
        max_size=4,
    )
)
def test_no_sum_gives_a_secret_part_away(secret: set[tuple[str, str]]) -> None:
    months = {month for _, month in secret}
    for land in ("06", None):
        c = compared(dict.fromkeys(secret, HIDDEN), kennzahl=COUNT, land=land)
        hessen = next(a for a in (*c.whole, *c.courses) if a.key == "ags:06")
        assert {f"{f.month:%Y-%m}" for f in hessen.series if f.value is not None} == {
            "2018-11",
            "2018-12",
            "2019-01",
        } - months
        germany = next(a for a in c.whole if a.key == "ags:D")
        assert (germany.figure.value is None) == (land is None and "2019-01" in months)
        assert any("errechnen" in note for note in page_of(c).notes) == ("2019-01" in months)
    rates = compared(dict.fromkeys(secret, HIDDEN))
    assert all(a.figure.value is not None for a in rates.whole)


def test_revised_figures_are_marked() -> None:
    frame = figures()
    old = row(
        OWN, "2019-01", 9.0, known_from="2019-05-01", datenstand="2019-05-01", known_to="2019-06-03"
    )
    c = build(
        frame, pd.concat([frame, pd.DataFrame([old])]), LAENDER, RATE, MONTH, land="06", own=(OWN,)
    )
    page = page_of(c)
    assert [b.marks for b in page.lines[0] if b.own] == ["r"]
    assert "Revidiert (r): Main-Kinzig." in page.notes


@pytest.mark.parametrize("land", ["01", "07"])
def test_nothing_to_compare_is_said(land: str) -> None:
    with pytest.raises(KcaError, match="NO_COMPARISON"):
        compared({("traeger:11102", "2019-01"): HIDDEN}, land=land)


def test_each_tile_has_a_place_and_a_name_of_its_own() -> None:
    grid = tiles()
    for same in ({t.ags for t in grid}, {t.name for t in grid}, {(t.column, t.row) for t in grid}):
        assert len(same) == len(grid)


@pytest.mark.parametrize(("month", "kreise"), [(date(2025, 12, 1), 26), (date(2026, 1, 1), 27)])
def test_the_map_has_exactly_the_kreise_of_the_month(month: date, kreise: int) -> None:
    there = {
        ags for ags in regions.kreise() if ags.startswith("06") and regions.existed(ags, month)
    }
    assert {t.ags for t in placed("Kreise", month).values()} == there
    assert len(there) == len(placed("Jobcenter", month)) == kreise


@given(st.lists(st.decimals(0, 100, places=3), min_size=1, max_size=30))
def test_every_value_lies_in_the_class_the_legend_names(values: list[Decimal]) -> None:
    bounds = classes(values, "Prozent")
    assert len(bounds) >= 2
    for value in values:
        at = next(n for n in reversed(range(len(bounds) - 1)) if value >= bounds[n])
        assert bounds[at] <= value <= bounds[at + 1]
    shades = [shade(v, bounds) for v in sorted(values)]
    assert shades == sorted(shades)


@pytest.mark.parametrize(
    ("system", "code", "parent", "land"),
    [
        ("ags", "06435", "", "06"),
        ("ags", "D", "", ""),
        ("ags", "DW", "ags:D", ""),
        ("traeger", "43102", "ags:06", "06"),
        ("agentur", "411", "", ""),
    ],
)
def test_land_of_a_region(system: str, code: str, parent: str, land: str) -> None:
    assert land_of(system, code, parent) == land
