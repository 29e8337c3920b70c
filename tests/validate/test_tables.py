"""Whole tables are held against other issues: every slip stops, no event does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine

from kca_etl.model.findings import Finding
from kca_etl.validate.over_time import check as over_time
from kca_etl.validate.over_time.issue import Issue, of_document
from kca_etl.warehouse import issues
from tests.validate import tables
from tests.validate.tables import FIRST, Slip, Values, findings, true
from tests.warehouse import synthetic

NOW = FIRST + 24


def scale(factor: float, table: int = 0, column: int = 1) -> Slip:
    def slip(values: Values) -> None:
        values[table, column] *= factor

    return slip


def swap_columns(values: Values) -> None:
    values[0, [0, 1]] = values[0, [1, 0]]


def copy_column(values: Values) -> None:
    values[0, 2] = values[0, 3]


def swap_sheets(values: Values) -> Values:
    return values[::-1].copy()


def other_sheet(values: Values) -> None:
    values[0] = values[1]


def swap_rows(values: Values) -> None:
    values[0][:, [10, 30]] = values[0][:, [30, 10]]


def rotate(values: Values) -> None:
    values[0] = np.roll(values[0], 1, axis=1)


def rotate_column(values: Values) -> None:
    values[0, 0] = np.roll(values[0, 0], -1)


def sort_column(values: Values) -> None:
    values[0, 0] = np.sort(values[0, 0])


def last_month(values: Values) -> None:
    values[1] = true(NOW - 1)[1]


def codes(found: list[Finding]) -> set[str]:
    return {f.code for f in found}


@pytest.mark.parametrize("months", [1, 2, 12])
@pytest.mark.parametrize(
    ("slip", "code"),
    [
        *((scale(10.0**power), "WRONG_UNIT") for power in (-4, -3, -2, -1, 1, 2, 3, 5)),
        (swap_columns, "SWAPPED"),
        (copy_column, "FOREIGN_FIGURES"),
        (swap_sheets, "FOREIGN_FIGURES"),
        (other_sheet, "FOREIGN_FIGURES"),
        (swap_rows, "ROWS_MOVED"),
        (rotate, "ROWS_MOVED"),
        (rotate_column, "ROWS_MOVED"),
        (sort_column, "ROWS_MOVED"),
        (last_month, "SAME_CONTENT"),
    ],
)
def test_a_slip_is_found(slip: Slip, code: str, months: int) -> None:
    found = findings(slip, months)
    assert code in codes(found), found
    assert all(f.sheet and f.cell for f in found)


@pytest.mark.parametrize("months", [1, 2, 12])
@pytest.mark.parametrize("month", range(FIRST + 12, FIRST + 36))
def test_a_right_issue_says_nothing(month: int, months: int) -> None:
    assert findings(None, months, month) == []


def events() -> list[tuple[str, Slip, set[str]]]:
    def all_up(values: Values) -> Values:
        return np.round(values * 1.14)

    def all_up_by_half(values: Values) -> Values:
        return np.round(values * 1.5)

    def suspended(values: Values) -> None:
        """Nine of ten new cases are gone, here more and there less: as in spring 2020."""
        chance = np.random.default_rng(5)
        here = 0.1 * np.exp(chance.normal(0, 0.15, values.shape[2]))
        values[:, 2:] = chance.poisson(values[:, 2:] * here)

    def one_region(values: Values) -> None:
        values[0, 0, 20] *= 2

    return [
        ("May 2020", all_up, set()),
        ("June 2022", all_up_by_half, {"ALL_MOVED"}),
        ("a moratorium", suspended, {"ALL_MOVED"}),
        ("one region", one_region, {"REGION_MOVED"}),
    ]


@pytest.mark.parametrize("months", [1, 2, 12])
@pytest.mark.parametrize(
    ("event", "warned"), [e[1:] for e in events()], ids=[e[0] for e in events()]
)
def test_an_event_only_warns(event: Slip, warned: set[str], months: int) -> None:
    assert codes(findings(event, months)) == warned


def test_what_the_season_brings_is_nothing_unusual() -> None:
    """All columns fall by a third every August, in the year before too."""

    def august(values: Values) -> Values:
        return np.round(values / 1.5)

    month = FIRST + 31
    before = [tables.issue(month - n) for n in (1, 2)]
    year = august(true(month - 12))
    of_year = of_document(tables.observations(month - 12, year), month - 12, "vorjahr.xlsx")
    o = tables.observations(month, august(true(month)))
    own = of_document(o, month, "neu.xlsx")
    check = over_time.check_tables
    assert codes(check(o, own, before, [], tables.CATALOGUE)) == {"ALL_MOVED"}
    assert check(o, own, [*before, of_year], [], tables.CATALOGUE) == []


def test_a_wrong_issue_before_does_not_stop_the_right_one_after_it() -> None:
    """The evidence must hold against every issue; one that was let in wrongly is outvoted."""
    wrong = true(NOW - 1)
    swap_columns(wrong)
    bad = of_document(tables.observations(NOW - 1, wrong), NOW - 1, "falsch.xlsx")
    o = tables.observations(NOW, true(NOW))
    around = [bad, tables.issue(NOW - 2)]
    own = of_document(o, NOW, "neu.xlsx")
    assert "SWAPPED" not in codes(over_time.check_tables(o, own, around, [], tables.CATALOGUE))


def test_a_table_that_never_changes_is_no_copy() -> None:
    def still(month: int) -> Any:
        values = true(month)
        values[1] = true(FIRST)[1]
        return tables.observations(month, values)

    o = still(NOW)
    around = [of_document(still(NOW - n), NOW - n, "x") for n in (1, 2)]
    own = of_document(o, NOW, "neu.xlsx")
    assert over_time.check_tables(o, own, around, [], tables.CATALOGUE) == []


@pytest.fixture
def stored(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A warehouse with the issues of thirty months; this process has forgotten them."""
    monkeypatch.setattr(synthetic, "KENNZAHLEN", _catalogue())
    for month in range(FIRST, FIRST + 30):
        synthetic.load_observations(engine, str(month), tables.observations(month, true(month)))
    issues._remembered.clear()
    return engine


def _catalogue() -> dict[str, dict[str, Any]]:
    more = {"label": "x", "kind": "bestand", "additive": True, "definition": "x", "source": "x"}
    return {code: {"unit": "Personen"} | more for code in tables.COLUMNS}


def same(one: Issue, other: Issue) -> bool:
    laid = one.beside(other)
    return np.array_equal(laid.value, other.value, equal_nan=True)


def test_the_warehouse_gives_back_what_a_document_stated(stored: Engine) -> None:
    around, repeated = issues.issues(stored, synthetic.SOURCE, tables.issue(NOW))
    assert [i.month - NOW for i in around] == [-1, 1, -2, -12]
    assert repeated == []
    for fetched in around:
        assert same(fetched, tables.issue(fetched.month))
    again, _ = issues.issues(stored, synthetic.SOURCE, tables.issue(NOW))
    assert all(a is b for a, b in zip(again, around, strict=True)), "kept in the process"


def test_an_issue_of_long_ago_is_found_by_its_largest_figure(stored: Engine) -> None:
    values = true(NOW)
    values[1] = true(NOW - 20)[1]
    o = tables.observations(NOW, values)
    own = of_document(o, NOW, "neu.xlsx")
    around, repeated = issues.issues(stored, synthetic.SOURCE, own)
    assert [i.month for i in repeated] == [NOW - 20]
    (found,) = over_time.check_tables(o, own, around, repeated, tables.CATALOGUE)
    assert (found.code, found.sheet) == ("SAME_CONTENT", "Blatt 1")


def test_what_is_fetched_does_not_grow_with_the_months(stored: Engine) -> None:
    """Never more than four issues around, and two that may be repeated."""
    for month in (FIRST + 3, FIRST + 15, FIRST + 40):
        around, repeated = issues.issues(stored, synthetic.SOURCE, tables.issue(month))
        assert len(around) <= 4
        assert len(repeated) <= 2
