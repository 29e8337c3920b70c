"""The calendar: known dates, rules, states.

And over all months, that each has exactly one sensible due date.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kca_etl.model.findings import KcaError
from kca_etl.model.month import month_number
from kca_etl.sources import calendar, registry
from kca_etl.sources.calendar import BERLIN, Facts, State

REAL = (
    Path(os.environ.get("KCA_REAL_DATA", Path(__file__).parents[3] / "shared" / "real"))
    / "ba-sanktionen"
)
MONTHS = range(month_number(2010, 1), month_number(2036, 1))
MONTHLY = [
    "ba_arbeitsmarkt",
    "ba_sanktionen",
    "kennzahlen_48a",
    "ba_kurzarbeit",
    "kca_monatszahlen",
]


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        (2020, 4, date(2020, 4, 30)),
        (2021, 1, date(2021, 1, 29)),
        (2022, 10, date(2022, 11, 2)),
        (2019, 12, date(2020, 1, 3)),
    ],
)
def test_known_dates_of_the_labour_market_figures(year: int, month: int, day: date) -> None:
    when = calendar.due("ba_arbeitsmarkt", month_number(year, month))
    assert (when.date(), when.hour, when.minute) == (day, 10, 0)
    assert when.tzinfo is BERLIN


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        (2020, 12, date(2021, 1, 5)),  # the second working day of January
        (2024, 3, date(2024, 3, 28)),  # Good Friday is the 29th
        (2024, 10, date(2024, 10, 30)),  # the 31st is a holiday in nine Länder
        (2020, 8, date(2020, 8, 31)),
    ],
)
def test_rule_where_no_date_is_known(year: int, month: int, day: date) -> None:
    assert calendar.due("ba_arbeitsmarkt", month_number(year, month)).date() == day


def test_own_spreadsheets_follow_hessian_working_days() -> None:
    # June 2023: Fronleichnam (8 June) is a holiday in Hessen, the fifth working day is the 7th; in
    # June 2020 the 1st was Pfingstmontag.
    assert calendar.due("kca_monatszahlen", month_number(2023, 5)).date() == date(2023, 6, 7)
    assert calendar.due("kca_monatszahlen", month_number(2020, 5)).date() == date(2020, 6, 8)
    assert calendar.overdue("kca_monatszahlen", month_number(2023, 5)).date() == date(2023, 6, 13)
    assert not calendar.working_day(date(2023, 6, 8), "hessen")
    assert not calendar.working_day(date(2024, 12, 24), "hessen")


def test_grundsicherung_about_four_months_later() -> None:
    for source in ("ba_sanktionen", "kennzahlen_48a"):
        for month in MONTHS:
            days = (
                calendar.due(source, month).date()
                - date((month + 1) // 12, (month + 1) % 12 + 1, 1)
            ).days
            assert 90 < days < 120


@pytest.mark.parametrize("source", MONTHLY)
def test_every_month_has_one_due_date_on_a_working_day(source: str) -> None:
    dues = [calendar.due(source, month) for month in MONTHS]
    assert all(a < b for a, b in pairwise(dues))
    rule = calendar._rule(source)[1]
    for month, when in zip(MONTHS, dues, strict=True):
        late = calendar.overdue(source, month)
        assert calendar.working_day(when.date(), rule.office)
        assert calendar.working_day(late.date(), rule.office)
        assert when < late < when + timedelta(40)
        assert calendar.expected(source, month)


@pytest.mark.parametrize("source", MONTHLY)
def test_daylight_saving_is_right(source: str) -> None:
    """The office's clock says the same hour all year.

    In UTC it moves with the last Sundays of March and October.
    """
    hour = calendar._rule(source)[1].time.hour
    for month in MONTHS:
        when = calendar.due(source, month)
        spring, autumn = _last_sunday(when.year, 3), _last_sunday(when.year, 10)
        offset = 2 if spring <= when.date() < autumn else 1
        assert when.utcoffset() == timedelta(hours=offset)
        assert when.astimezone(UTC).hour == hour - offset


def test_annual_values_come_once_a_year() -> None:
    source = "regionalstatistik_arbeitslose"
    assert [m for m in MONTHS if calendar.expected(source, m)] == [
        month_number(y, 12) for y in range(2010, 2036)
    ]
    assert (
        calendar.state(source, month_number(2020, 5), datetime(2030, 1, 1, tzinfo=BERLIN), Facts())
        == "not due"
    )


NOV = month_number(2020, 11)
BEFORE, DUE, LATE = (
    datetime(2020, 11, 30, 9, 59, tzinfo=BERLIN),
    datetime(2020, 11, 30, 10, 0, tzinfo=BERLIN),
    datetime(2020, 12, 7, 10, 0, tzinfo=BERLIN),
)


@pytest.mark.parametrize(
    ("now", "facts", "state"),
    [
        (BEFORE, Facts(), "not due"),
        (BEFORE, Facts(asked=BEFORE), "not due"),
        (DUE, Facts(), "due"),
        (DUE, Facts(asked=BEFORE), "due"),
        (DUE + timedelta(hours=1), Facts(asked=DUE), "waiting"),
        (LATE - timedelta(minutes=1), Facts(asked=DUE), "waiting"),
        (LATE, Facts(asked=DUE), "overdue"),
        (BEFORE, Facts(versions=1), "loaded"),
        (LATE, Facts(versions=1), "loaded"),
        (LATE, Facts(versions=2), "revised"),
        (LATE, Facts(versions=1, quarantined=True), "quarantined"),
        (LATE, Facts(quarantined=True), "quarantined"),
        (LATE, Facts(withheld=True), "withheld"),
    ],
)
def test_states(now: datetime, facts: Facts, state: State) -> None:
    assert calendar.state("ba_arbeitsmarkt", NOV, now, facts) == state
    assert calendar.state("ba_arbeitsmarkt", NOV, now.astimezone(UTC), facts) == state


@given(
    st.sampled_from(MONTHLY),
    st.sampled_from(MONTHS),
    st.datetimes(
        min_value=datetime(2009, 1, 1), max_value=datetime(2037, 1, 1), timezones=st.just(UTC)
    ),
    st.integers(-400, 400),
)
def test_a_month_without_document_only_moves_forward(
    source: str, month: int, now: datetime, asked_hours: int
) -> None:
    asked = Facts(asked=calendar.due(source, month) + timedelta(hours=asked_hours))
    order = ["not due", "due", "overdue"]
    states = [
        calendar.state(source, month, now + timedelta(days=n), Facts()) for n in range(0, 400, 25)
    ]
    assert states == sorted(states, key=order.index)
    with_question = calendar.state(source, month, now, asked)
    assert with_question in get_args(State)
    assert (with_question == "waiting") <= (
        asked.asked is not None and calendar.due(source, month) <= asked.asked
    )


def test_naive_time_is_an_error() -> None:
    with pytest.raises(TypeError):
        calendar.state("ba_arbeitsmarkt", NOV, datetime(2020, 12, 1), Facts())


def test_year_lists_what_is_due_in_it() -> None:
    rows = calendar.year(2020, ("ba_arbeitsmarkt", "kca_monatszahlen", "regionalstatistik_x"))
    assert len(rows) == 12 + 12 + 1
    assert all(row["due"].year == 2020 for row in rows)
    assert [row["due"] for row in rows] == sorted(row["due"] for row in rows)
    first = rows[0]
    assert (first["source"], first["berichtsmonat"], first["by"]) == (
        "ba_arbeitsmarkt",
        "2019-12",
        "announced",
    )


def test_every_declared_source_has_a_state() -> None:
    late = datetime(2040, 1, 1, tzinfo=BERLIN)
    states = {
        name: calendar.state(name, month_number(2020, 12), late, Facts())
        for name in registry.names()
    }
    assert states["kca_monatszahlen"] == states["ba_sanktionen"] == "overdue"
    for name, state in states.items():
        assert state == (
            "overdue" if calendar.expected(name, month_number(2020, 12)) else "not due"
        )


def test_source_without_rule_is_not_followed() -> None:
    assert not calendar.expected("somebody_else", NOV)
    assert calendar.year(2020, ("somebody_else",)) == []
    assert calendar.state("somebody_else", NOV, LATE, Facts()) == "not due"
    assert calendar.state("somebody_else", NOV, LATE, Facts(versions=1)) == "loaded"
    with pytest.raises(KcaError, match="NO_CALENDAR"):
        calendar.due("somebody_else", NOV)


def test_known_dates_fall_on_working_days_and_name_their_rule() -> None:
    declared = calendar.calendar()
    for name, dates in declared.known.items():
        for month, day in dates.items():
            assert re.fullmatch(r"\d{4}-\d{2}", month)
            assert calendar.working_day(day, declared.rules[name].office)


def test_declaration_mistakes_are_errors() -> None:
    good = calendar.calendar().model_dump()
    changes: list[dict[str, object]] = [
        {"sources": {"x": "no_such_rule"}},
        {"known": {"no_such_rule": {}}},
        {"unknown": 1},
    ]
    for change in changes:
        with pytest.raises(ValueError, match=r"no_such_rule|unknown"):
            calendar.Calendar.model_validate(good | change)
    with pytest.raises(ValueError, match="either"):
        calendar.Day(after=1)


@pytest.mark.skipif(not REAL.is_dir(), reason="the real BA issues are not on this machine")
def test_the_rule_fits_the_real_issues() -> None:
    """One of the 33, January 2019, was created on 03.06.2019, late or anew.

    The rule would have called it overdue, and no other.
    """
    from python_calamine import CalamineWorkbook

    late, seen = [], 0
    for path in sorted(REAL.glob("*.xlsx")):
        stated = {
            str(row[0]).strip(): str(row[2])
            for row in CalamineWorkbook.from_path(path).get_sheet_by_name("Impressum").to_python()
            if len(row) > 2
        }
        created = datetime.strptime(stated["Erstellungsdatum:"], "%d.%m.%Y").replace(tzinfo=BERLIN)
        month = month_number(int(path.name[-16:-12]), int(path.name[-12:-10]))
        assert created > calendar.due("ba_sanktionen", month) - timedelta(25)
        if created >= calendar.overdue("ba_sanktionen", month):
            late.append(path.name[-16:-10])
        seen += 1
    assert (seen, late) == (33, ["201901"])


def _last_sunday(year: int, month: int) -> date:
    day = date(year, month, 31)
    return day - timedelta((day.weekday() + 1) % 7)
