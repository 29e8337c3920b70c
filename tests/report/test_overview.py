from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from kca_etl.model.findings import KcaError
from kca_etl.report.notes import notes
from kca_etl.report.overview import build
from kca_etl.report.terminal import render_text
from kca_etl.report.words import computed_here, headline, moved, percent, shown
from kca_etl.samples import figures as sample
from kca_etl.samples.figures import KENNZAHLEN
from tests.report.helper import MISSING, frame, row_of

NOVEMBER = date(2020, 11, 1)
QUOTE = "arbeitslosenquote_sgb2"


def rate(now: float, before: float) -> str:
    return headline(
        build(
            frame({(QUOTE, "2020-11"): {"value": now}, (QUOTE, "2020-10"): {"value": before}}),
            NOVEMBER,
        )
    )


def test_six_figures_of_november_2020() -> None:
    overview = build(frame(), NOVEMBER)
    assert [row.kennzahl for row in overview.rows] == list(KENNZAHLEN)
    assert [shown(row.current, row.unit) for row in overview.rows] == [
        "3,2 %",
        "7.273",
        "24.736",
        "318",
        "553",
        "932",
    ]
    assert (overview.rows[0].change_previous, overview.rows[0].change_year) == (
        Decimal(0),
        Decimal("0.6"),
    )
    assert (overview.rows[1].change_previous, overview.rows[1].change_year) == (
        Decimal(-73),
        Decimal(1260),
    )
    assert (overview.datenstand, overview.region_name, overview.previous_month) == (
        "2020-11-30",
        "Main-Kinzig-Kreis",
        date(2020, 10, 1),
    )


def test_terminal() -> None:
    text = render_text(
        build(frame(), NOVEMBER, invented=sample.invented(), notes=sample.notes("2020-11"))
    )
    wanted = (
        "Arbeitslosenquote SGB II|3,2 %|unverändert zum Vormonat|7.273|−73 (−1,0 %) "
        "zum Vormonat|+1.260 (+21,0 %) zum Vorjahresmonat|24.736|318|553|932"
        "|Beispieldaten: |+0,6 Prozentpunkte zum Vorjahresmonat|−67 (−0,3 %) zum Vormonat (e)"
        "|Blatt „Jahresblatt 2020“|Datenstand 30.11.2020"
    )
    assert [part for part in wanted.split("|") if part not in text] == []
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in text
    assert text == render_text(
        build(frame(), NOVEMBER, invented=sample.invented(), notes=sample.notes("2020-11"))
    )


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        (3.2, 3.2, "Arbeitslosenquote im SGB II bleibt bei 3,2 %"),
        (3.3, 3.2, "Arbeitslosenquote im SGB II steigt auf 3,3 %"),
        (3.1, 3.2, "Arbeitslosenquote im SGB II sinkt auf 3,1 %"),
        (3.26, 3.24, "Arbeitslosenquote im SGB II nahezu unverändert bei 3,3 %"),
        (3.22, 3.19, "Arbeitslosenquote im SGB II bleibt bei 3,2 %"),
    ],
)
def test_headline(now: float, before: float, text: str) -> None:
    assert rate(now, before) == text


def test_headline_without_comparison_and_without_rate() -> None:
    assert (
        headline(build(frame({(QUOTE, "2020-10"): MISSING}), NOVEMBER))
        == "Arbeitslosenquote im SGB II liegt bei 3,2 %"
    )
    hidden = build(frame({(QUOTE, "2020-11"): {"value": float("nan"), "zeichen": "*"}}), NOVEMBER)
    assert headline(hidden) == "Arbeitslosenquote im SGB II: keine Angabe für November 2020 (*)"


def test_rates_change_in_points_by_decimal_arithmetic() -> None:
    row = build(
        frame({(QUOTE, "2020-11"): {"value": 3.3}, (QUOTE, "2020-10"): {"value": 3.25}}), NOVEMBER
    ).rows[0]
    assert row.change_previous == Decimal("0.05")  # as doubles 0.04999…: would round to ±0
    assert moved(row, row.previous) == "+0,1 Prozentpunkte"


def test_a_missing_month_is_never_replaced_by_another() -> None:
    gone: dict[tuple[str, str], dict[str, Any]] = {(k, "2020-10"): MISSING for k in KENNZAHLEN}
    overview = build(frame(gone), NOVEMBER)
    assert all(
        row.change_previous is None and moved(row, row.previous) == "–" for row in overview.rows
    )
    assert overview.rows[1].change_year == Decimal(1260)
    assert any(
        "Für Oktober 2020 liegt kein Wert vor: Arbeitslosenquote SGB II, Arbeitslose SGB II" in note
        for note in notes(overview)
    )
    text = render_text(overview)
    assert "– zum Vormonat" in text
    assert "7.346" not in text
    assert "Ein Vergleich ist nicht möglich (–)." in " ".join(text.split())


@pytest.mark.parametrize("month", ["2020-11", "2020-10", "2019-11"])
@pytest.mark.parametrize("sign", ["*", ".", "-", "x", "..."])
def test_a_sign_is_printed_and_never_computed(month: str, sign: str) -> None:
    overview = build(
        frame({("integrationen", month): {"value": float("nan"), "zeichen": sign}}), NOVEMBER
    )
    row = overview.rows[3]
    figure = next(f for f in row.figures if f.month.isoformat()[:7] == month)
    assert shown(figure, row.unit) == sign
    assert (row.change_previous is None) == (month in ("2020-11", "2020-10"))
    assert (row.change_year is None) == (month in ("2020-11", "2019-11"))
    assert any(f"„{sign}“" in note and "Integrationen" in note for note in notes(overview))


def test_other_sources_gliederungen_and_regions_are_passed_over() -> None:
    others = [
        row_of(QUOTE, "2020-11", "A1") | change
        for change in (
            {"source": "andere"},
            {"gliederung": "alter=u25"},
            {"region_code": "06434"},
            {"region_system": "traeger"},
        )
    ]
    mixed = pd.concat([pd.DataFrame(others), frame()], ignore_index=True)
    assert build(mixed, NOVEMBER) == build(frame(), NOVEMBER)


def test_order_of_rows_does_not_matter() -> None:
    assert render_text(build(frame().iloc[::-1], NOVEMBER)) == render_text(build(frame(), NOVEMBER))


def test_revision_shows_what_it_replaced() -> None:
    key = ("integrationen", "2020-10")
    first = row_of(*key, "C10") | {
        "value": 341.0,
        "known_from": "2020-10-31",
        "known_to": "2020-11-30",
        "datenstand": "2020-10-31",
    }
    history = pd.concat([pd.DataFrame([first]), frame()], ignore_index=True)
    overview = build(frame(), NOVEMBER, history=history)
    assert [row.kennzahl for row in overview.rows if row.previous.revised] == ["integrationen"]
    assert not overview.rows[3].revised
    assert (
        "Integrationen, Oktober 2020 revidiert: 345 statt zuvor 341 (Datenstand 30.11.2020)."
        in notes(overview)
    )
    assert "−27 (−7,8 %) zum Vormonat (r)" in render_text(overview)


def test_later_versions_are_no_revision_as_of_an_earlier_day() -> None:
    key = ("integrationen", "2020-10")
    then = {"value": 341.0, "known_from": "2020-10-31", "datenstand": "2020-10-31"}
    overview = build(
        frame({key: then}),
        NOVEMBER,
        history=pd.concat([pd.DataFrame([row_of(*key, "C10") | then]), frame()]),
    )
    assert not overview.rows[3].previous.revised


def test_lineage_of_every_figure() -> None:
    overview = build(frame(), NOVEMBER)
    assert [d.file_name for d in overview.documents] == [
        "KCA_Jahresblatt_2020.xlsx",
        "KCA_Jahresblatt_2019.xlsx",
    ]
    assert all(f.origin and f.cell for row in overview.rows for f in row.figures)


def test_no_figures_of_the_month() -> None:
    with pytest.raises(KcaError, match="no figures of kca_monatszahlen for 2021-03 in ags:06435"):
        build(frame(), date(2021, 3, 1))
    with pytest.raises(KcaError):
        build(frame().iloc[:0], NOVEMBER)


def test_a_history_in_place_of_figures_is_refused() -> None:
    with pytest.raises(ValueError, match="stands twice"):
        build(pd.concat([frame(), frame()]), NOVEMBER)


def yearly(
    steps: list[tuple[float, float]], kennzahl: str = "integrationen"
) -> dict[tuple[str, str], dict[str, Any]]:
    """October and November of the years before 2020, the latest first."""
    changes: dict[tuple[str, str], dict[str, Any]] = {}
    for by, (october, november) in enumerate(steps, 1):
        changes[kennzahl, f"{2020 - by}-10"] = {"value": october}
        changes[kennzahl, f"{2020 - by}-11"] = {"value": november}
    return changes


def past(changes: dict[tuple[str, str], dict[str, Any]]) -> pd.DataFrame:
    """The samples with rows for the months that they do not have."""
    known = frame(changes, first="2018-01")
    missing = {key: row for key, row in changes.items() if key[1] < "2018-01"}
    rows = [
        row_of(QUOTE, "2018-01", "A1") | {"kennzahl": k, "berichtsmonat": f"{m}-01"} | row
        for (k, m), row in missing.items()
    ]
    return pd.concat([known, pd.DataFrame(rows)], ignore_index=True) if rows else known


FALLING = [(400.0, 380.0), (410.0, 400.0), (390.0, 380.0), (350.0, 340.0), (300.0, 290.0)]


def test_a_month_that_moves_one_way_every_year_is_noted() -> None:
    overview = build(past(yearly(FALLING)), NOVEMBER)
    season = overview.rows[3].season
    assert season is not None
    assert season.years == (2019, 2018, 2017, 2016, 2015)
    (note,) = [n for n in notes(overview) if "Jahreszeit" in n]
    assert note.startswith(
        "Integrationen: In jedem der Jahre 2015 bis 2019 lag der November unter dem Oktober "
        "(im Mittel −3,2 %)."
    )


@pytest.mark.parametrize(
    "steps",
    [
        FALLING[:4],
        [*FALLING[:4], (300.0, 301.0)],
        [*FALLING[:2], (0.0, 0.0), *FALLING[2:]],
        [*FALLING[:4], (300.0, 300.0)],
    ],
    ids=["few", "other way", "gap", "unchanged"],
)
def test_nothing_is_said_where_the_years_are_few_or_disagree(
    steps: list[tuple[float, float]],
) -> None:
    assert build(past(yearly(steps)), NOVEMBER).rows[3].season is None


def test_invented_values_make_no_season() -> None:
    steps = yearly(FALLING)
    made = build(past(steps), NOVEMBER, invented=set(steps))
    assert made.rows[3].season is None


@pytest.mark.parametrize(
    ("rate", "said"), [(3.2, "gerundet veröffentlicht"), (3.24, "ungerundeten")]
)
def test_a_rate_is_called_unrounded_only_where_it_is(rate: float, said: str) -> None:
    assert said in computed_here(build(frame({(QUOTE, "2020-11"): {"value": rate}}), NOVEMBER))


def test_no_per_cent_of_nothing_and_of_rates() -> None:
    row = build(frame({("integrationen", "2020-10"): {"value": 0.0}}), NOVEMBER).rows
    assert (row[3].percent_previous, row[0].percent_year) == (None, None)
    assert (percent(row[3], row[3].previous), percent(row[0], row[0].previous)) == ("–", "x")
