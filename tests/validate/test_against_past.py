"""A sheet is held against the past of its own series.

Repeated content, units, swapped columns, jumps. All sheets are made by us.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine

from kca_etl.model.findings import Verdict
from kca_etl.model.month import month_date, month_number
from kca_etl.settings import Settings
from kca_etl.sources import registry
from kca_etl.warehouse.views import queries
from tests.validate.sheets import (
    FIRST,
    JOINED,
    MEASURES,
    PERSONS,
    RATE,
    RECEIVERS,
    SEXES,
    by_sex,
    codes,
    load,
    past,
    sheet,
    true,
)

MEN, WOMEN = [4010, 3990, 3300, 5100], [3210, 3180, 2500, 4300]
pytestmark = pytest.mark.usefixtures("folder")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "sheets"
    made.mkdir()
    return made


def test_last_months_figures_under_this_months_title(
    folder: Path, engine: Engine, settings: Settings
) -> None:
    month = past(folder, engine, settings, 3)
    outcome = load(sheet(folder, month, {"Monat": true(month - 1)}), engine, settings)
    (finding,) = (f for f in outcome.reading.findings if f.code != "TEXT_NUMBER")
    assert (finding.code, finding.cell, outcome.state) == ("SAME_CONTENT", "B3", "quarantined")
    assert f"{month_date(month - 1):%Y-%m}" in finding.found
    assert "B3 to B8" in finding.found


def test_what_was_loaded_is_not_held_against_its_past_again(
    folder: Path, engine: Engine, settings: Settings
) -> None:
    first = sheet(folder, FIRST, {"Monat": true(FIRST)})
    assert load(first, engine, settings).state == "loaded"
    past(folder, engine, settings, 3)
    again = load(first, engine, settings)
    assert (again.state, codes(again)) == ("unchanged", [])


def test_a_slip_that_stops_leaves_the_months_before_as_they_were(
    folder: Path, engine: Engine, settings: Settings
) -> None:
    """Exchanged columns would revise the month before as a side effect."""
    month = past(folder, engine, settings, 3)
    before = queries.figures(engine)
    load(
        sheet(folder, month, {"Monat": true(month - 1), "Vormonat": true(month)}), engine, settings
    )
    assert queries.figures(engine).equals(before)


def test_a_month_that_is_stated_again_is_no_other_month(
    folder: Path, engine: Engine, settings: Settings
) -> None:
    month = past(folder, engine, settings, 3)
    outcome = load(
        sheet(folder, month - 1, {"Monat": true(month - 1), "Vormonat": true(month - 2)}),
        engine,
        settings,
    )
    assert (outcome.state, codes(outcome)) == ("loaded", [])


def test_a_column_copied_within_the_sheet(folder: Path, engine: Engine, settings: Settings) -> None:
    outcome = load(
        sheet(folder, FIRST, {"Monat": true(FIRST), "Vormonat": true(FIRST)}), engine, settings
    )
    assert (codes(outcome), outcome.state) == (["SAME_CONTENT"], "quarantined")


def test_figures_that_never_move_are_asked_about(
    folder: Path, engine: Engine, settings: Settings
) -> None:
    for month in range(FIRST, FIRST + 3):
        outcome = load(sheet(folder, month, {"Monat": true(FIRST)}), engine, settings)
        asked = ["SAME_CONTENT"] if month > FIRST else []
        assert (codes(outcome), outcome.state == "quarantined") == (asked, bool(asked))


def test_one_figure_of_its_own_is_enough(folder: Path, engine: Engine, settings: Settings) -> None:
    month = past(folder, engine, settings, 3)
    own = true(month - 1) | {JOINED: true(month)[JOINED]}
    assert load(sheet(folder, month, {"Monat": own}), engine, settings).state == "loaded"


def test_month_and_month_before_swapped(folder: Path, engine: Engine, settings: Settings) -> None:
    month = past(folder, engine, settings, 3)
    outcome = load(
        sheet(folder, month, {"Monat": true(month - 1), "Vormonat": true(month)}), engine, settings
    )
    assert (codes(outcome)[0], outcome.state) == ("SWAPPED", "quarantined")
    assert f"{month_date(month):%Y-%m} and {month_date(month - 1):%Y-%m}" in next(
        f.what for f in outcome.reading.findings if f.code == "SWAPPED"
    )


@pytest.mark.parametrize("months", [0, 1, 6])
def test_a_column_in_another_unit(
    folder: Path, engine: Engine, settings: Settings, months: int
) -> None:
    """Against the warehouse; where it knows nothing, against the month before in the sheet."""
    month = past(folder, engine, settings, months)
    wrong = {k: v if k == RATE else v * 100 for k, v in true(month).items()}
    outcome = load(
        sheet(folder, month, {"Monat": wrong} | ({} if months else {"Vormonat": true(month - 1)})),
        engine,
        settings,
    )
    (finding,) = (f for f in outcome.reading.findings if f.code == "WRONG_UNIT" and f.cell == "B4")
    assert finding.what.startswith("all 4 figures of a column are about 100 times")
    assert (outcome.state, finding.found) == ("quarantined", f"{wrong[PERSONS]:.10g} (B4 to B8)")
    assert 0.95 < float(finding.expected.removeprefix("about ")) / true(month)[PERSONS] < 1.05


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (100000, "100000 times"),
        (1000, "1000 times"),
        (100, "100 times"),
        (10, "10 times"),
        (0.1, "a tenth of"),
        (0.01, "a hundredth of"),
        (0.001, "a thousandth of"),
    ],
)
def test_every_factor_is_named(
    folder: Path, engine: Engine, settings: Settings, factor: float, words: str
) -> None:
    source = registry.parse(SEXES)
    assert load(by_sex(folder, FIRST, MEN, WOMEN), engine, settings, source).state == "loaded"
    later = [[round(v * 1.02) for v in column] for column in (MEN, WOMEN)]
    men, women = ([round(v * factor) for v in column] for column in later)
    outcome = load(by_sex(folder, FIRST + 1, men, women), engine, settings, source)
    found = [(f.code, f.cell) for f in outcome.reading.findings if words in f.what]
    assert (found, outcome.state) == ([("WRONG_UNIT", f"{c}3") for c in "CDE"], "quarantined")


@pytest.mark.parametrize("factor", [4, 30, 300, 0.3, 3])
def test_other_factors_are_no_unit(
    folder: Path, engine: Engine, settings: Settings, factor: float
) -> None:
    source = registry.parse(SEXES)
    load(by_sex(folder, FIRST, MEN, WOMEN), engine, settings, source)
    men, women = ([round(v * factor) for v in column] for column in (MEN, WOMEN))
    assert load(by_sex(folder, FIRST + 1, men, women), engine, settings, source).state == "loaded"


def test_what_lies_more_than_a_year_back_tells_no_unit(
    folder: Path, engine: Engine, settings: Settings
) -> None:
    source = registry.parse(SEXES)
    load(by_sex(folder, FIRST, MEN, WOMEN), engine, settings, source)
    men, women = ([v // 100 for v in column] for column in (MEN, WOMEN))
    assert set(codes(load(by_sex(folder, FIRST + 12, men, women), engine, settings, source))) == {
        "WRONG_UNIT"
    }
    assert load(by_sex(folder, FIRST + 13, men, women), engine, settings, source).state == "loaded"


def test_counts_in_thousands_are_rounded_to_nothing(
    folder: Path, engine: Engine, settings: Settings
) -> None:
    month = past(folder, engine, settings, 3)
    thousands = {k: v if k == RATE else round(v / 1000) for k, v in true(month).items()}
    assert thousands[JOINED] == 0
    outcome = load(sheet(folder, month, {"Monat": thousands}), engine, settings)
    (finding,) = (f for f in outcome.reading.findings if f.code == "WRONG_UNIT")
    assert "a thousandth of" in finding.what
    assert outcome.state == "quarantined"


def test_one_wrong_figure_is_a_jump_not_a_unit(
    folder: Path, engine: Engine, settings: Settings
) -> None:
    month = past(folder, engine, settings, 3)
    outcome = load(
        sheet(folder, month, {"Monat": true(month) | {RECEIVERS: true(month)[RECEIVERS] * 100}}),
        engine,
        settings,
    )
    assert (codes(outcome), outcome.reading.verdict, outcome.state) == (
        ["JUMP"],
        Verdict.WARN,
        "loaded",
    )


def test_a_series_without_a_narrow_past_tells_no_unit(
    folder: Path, engine: Engine, settings: Settings
) -> None:
    """Short-time work rose a hundredfold in two months of 2020."""
    month = past(folder, engine, settings, 1)
    grown = {k: v if k == RATE else v * 3 for k, v in true(month).items()}
    assert load(sheet(folder, month, {"Monat": grown}), engine, settings).state == "loaded"
    exploded = {k: v if k == RATE else v * 100 for k, v in true(month + 1).items()}
    outcome = load(sheet(folder, month + 1, {"Monat": exploded}), engine, settings)
    assert set(codes(outcome)) == {"JUMP"}


def test_a_jump_names_the_usual_range(folder: Path, engine: Engine, settings: Settings) -> None:
    month = past(folder, engine, settings, 15)
    outcome = load(
        sheet(folder, month, {"Monat": true(month) | {PERSONS: true(month)[PERSONS] * 1.05 // 1}}),
        engine,
        settings,
    )
    (finding,) = (f for f in outcome.reading.findings if f.code == "JUMP")
    assert (finding.cell, outcome.state) == ("B4", "loaded")
    usual = (
        r"near \d+; usual are -\d\.\d% to \+\d\.\d% a month \(5–95 % of 14 changes\), \d\.\d% in"
        r" the median"
    )
    assert re.fullmatch(usual, finding.expected), finding.expected


def test_before_a_range_is_known_the_declared_limit_counts(
    folder: Path, engine: Engine, settings: Settings
) -> None:
    month = past(folder, engine, settings, 2)
    quiet = load(
        sheet(
            folder, month, {"Monat": true(month) | {JOINED: true(month - 1)[JOINED] * 1.09 // 1}}
        ),
        engine,
        settings,
    )
    assert codes(quiet) == []
    loud = load(
        sheet(
            folder,
            month + 1,
            {"Monat": true(month + 1) | {MEASURES: true(month)[MEASURES] * 1.12 // 1}},
        ),
        engine,
        settings,
    )
    assert codes(loud) == ["JUMP"]
    assert "at most 10%" in loud.reading.findings[-1].expected


def test_an_event_that_multiplies_by_ten_ends_in_no_zeros(
    folder: Path, engine: Engine, settings: Settings
) -> None:
    source = registry.parse(SEXES)
    load(by_sex(folder, FIRST, MEN, WOMEN), engine, settings, source)
    men, women = ([v * 10 + n for n, v in enumerate(column, 1)] for column in (MEN, WOMEN))
    assert load(by_sex(folder, FIRST + 1, men, women), engine, settings, source).state == "loaded"


def revised(
    folder: Path, engine: Engine, settings: Settings, label: str, factor: float
) -> list[str]:
    """Load two months, and a third that states the second anew with one figure changed."""
    month = past(folder, engine, settings, 2)
    before = true(month - 1)
    before[label] = round(before[label] * factor)
    made = sheet(folder, month, {"Monat": true(month), "Vormonat": before})
    return [c for c in codes(load(made, engine, settings)) if c != "JUMP"]


@pytest.mark.parametrize(
    ("factor", "found"), [(1.08, []), (1.2, ["LARGE_REVISION"]), (0.8, ["LARGE_REVISION"])]
)
def test_a_large_revision_is_a_question(
    folder: Path, engine: Engine, settings: Settings, factor: float, found: list[str]
) -> None:
    assert revised(folder, engine, settings, RECEIVERS, factor) == found


def test_what_was_revised_as_far_before_is_no_question(
    folder: Path, engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first such revision is let in by force, as an answer lets it in."""
    with monkeypatch.context() as patch:
        patch.setattr("kca_etl.validate.over_time.revised.check", lambda *_: [])
        revised(folder, engine, settings, RECEIVERS, 1.3)
    month = FIRST + 3
    for factor, found in ((1.25, []), (1.6, ["LARGE_REVISION"])):
        before = true(month - 1) | {RECEIVERS: round(true(month - 1)[RECEIVERS] * factor)}
        load(sheet(folder, month - 1, {"Monat": true(month - 1)}), engine, settings)
        made = sheet(folder, month, {"Monat": true(month), "Vormonat": before})
        assert [c for c in codes(load(made, engine, settings)) if c != "JUMP"] == found
        month += 2


def test_a_jump_is_told_once(folder: Path, engine: Engine, settings: Settings) -> None:
    month = past(folder, engine, settings, 2)
    jumped = true(month) | {JOINED: true(month)[JOINED] * 2}
    assert codes(load(sheet(folder, month, {"Monat": jumped}), engine, settings)) == ["JUMP"]
    after = true(month + 1) | {JOINED: true(month + 1)[JOINED] * 2}
    assert (
        codes(
            load(sheet(folder, month + 1, {"Monat": after, "Vormonat": jumped}), engine, settings)
        )
        == []
    )


def test_nothing_is_compared_across_a_reform(
    folder: Path, engine: Engine, settings: Settings
) -> None:
    """Hanau leaves the Kreis in January 2026 with a fourth of its people and of the rate's base."""
    december = month_number(2025, 12)
    without = [true(december + n) for n in range(3)]
    without = [
        {k: v - 0.3 if k == RATE else v * 3 // 4 for k, v in figures.items()} for figures in without
    ]
    for n in range(3):
        load(sheet(folder, december - n, {"Monat": true(december - n)}), engine, settings)
    assert codes(load(sheet(folder, december + 1, {"Monat": without[1]}), engine, settings)) == []
    back = load(sheet(folder, december + 2, {"Monat": true(december + 2)}), engine, settings)
    assert set(codes(back)) == {"JUMP", "RATE_BASE"}


def sexes(
    folder: Path, engine: Engine, settings: Settings, headers: str, rows: int = 4
) -> list[str]:
    source = registry.parse(SEXES)
    for n in range(3):
        men, women = [m + 7 * n for m in MEN[:rows]], [w + 5 * n for w in WOMEN[:rows]]
        assert (
            load(by_sex(folder, FIRST + n, men, women), engine, settings, source).state == "loaded"
        )
    men, women = [m + 30 for m in MEN[:rows]], [w + 21 for w in WOMEN[:rows]]
    outcome = load(by_sex(folder, FIRST + 3, men, women, headers), engine, settings, source)
    found = [f"{f.code} {f.cell}" for f in outcome.reading.findings if f.code != "TEXT_NUMBER"]
    assert outcome.state == ("quarantined" if found else "loaded")
    return found


def test_men_and_women_under_each_others_header(
    folder: Path, engine: Engine, settings: Settings
) -> None:
    """Their sum is right all the same."""
    assert sexes(folder, engine, settings, "Frauen;Männer") == ["SWAPPED D3"]


def test_men_and_women_under_their_own_header(
    folder: Path, engine: Engine, settings: Settings
) -> None:
    assert sexes(folder, engine, settings, "Männer;Frauen") == []


def test_two_rows_are_too_few_to_tell(folder: Path, engine: Engine, settings: Settings) -> None:
    assert sexes(folder, engine, settings, "Frauen;Männer", rows=2) == []
