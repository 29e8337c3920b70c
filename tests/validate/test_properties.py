"""Whatever the table.

A true one is not accused, a column in another unit or under another header always is.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kca_etl.model.observations import Observations
from kca_etl.validate.over_time import check as over_time
from kca_etl.validate.over_time import jumps as plausibility
from kca_etl.validate.over_time import repeated, scale, swapped
from kca_etl.validate.over_time.history import Timelines, build
from kca_etl.validate.over_time.past import Past
from tests.warehouse.synthetic import JANUARY, Fact, observations

MONTHS = 4
KENNZAHLEN: dict[str, dict[str, Any]] = {"kopf": {"unit": "Personen"}}
Table = NDArray[np.float64]  # month, row, column


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Draw areas × columns that drift by at most 2 % a month, no two months alike.

    Their levels are a tenth or more apart.
    """
    rows, columns = draw(st.integers(3, 6)), draw(st.integers(2, 5))
    levels = np.array(draw(st.lists(st.integers(200, 90_000), min_size=rows, max_size=rows)), float)
    shares = np.array(draw(st.permutations([1.0, 1.3, 1.7, 2.3, 3.1]))[:columns])
    drift = np.array(
        draw(
            st.lists(
                st.integers(-20, 20),
                min_size=MONTHS * rows * columns,
                max_size=MONTHS * rows * columns,
            )
        ),
        float,
    )
    made = levels[None, :, None] * shares * (1 + drift.reshape(MONTHS, rows, columns) / 1000)
    rounded: NDArray[np.float64] = np.round(made) + np.arange(MONTHS)[:, None, None] * 11
    return rounded


def stated(table: Table, month: int) -> Observations:
    """State one month's table: one region a row, one breakdown a column."""
    facts = [
        Fact(
            float(v),
            month=JANUARY + month,
            code=f"{6001 + r:05}",
            name=str(r),
            gliederung=f"k={c}",
            row=r,
            col=c,
        )
        for (r, c), v in np.ndenumerate(table)
    ]
    return observations(facts, "2020-06-30")


def timelines(table: Table, last: Table) -> Timelines:
    """Put the last month beside the months before it, as the warehouse knows them."""
    o = stated(last, MONTHS - 1)
    known = [stated(month, n) for n, month in enumerate(table[:-1])]
    arrays = [
        np.concatenate([getattr(k, name) for k in known])
        for name in ("month", "series", "region", "value")
    ]
    return build(o, Past(*arrays))


def grave(c: Timelines) -> set[str]:
    found = repeated.check(c, JANUARY + MONTHS - 1) + swapped.check(c) + scale.check(c, KENNZAHLEN)
    return {f.code for f in found}


@given(tables())
def test_a_true_table_is_not_accused(table: Table) -> None:
    assert grave(timelines(table, table[-1])) == set()


@given(tables(), st.sampled_from([1000.0, 100.0, 0.01, 0.001]), st.integers(0, 4))
def test_a_column_in_another_unit_is(table: Table, factor: float, column: int) -> None:
    wrong = table[-1].copy()
    wrong[:, column % wrong.shape[1]] *= factor
    assert "WRONG_UNIT" in grave(timelines(table, wrong))


@given(tables(), st.integers(0, 4), st.integers(1, 4))
def test_a_pair_of_columns_under_each_others_header_is(table: Table, one: int, away: int) -> None:
    width = table.shape[2]
    left, right = one % width, (one + 1 + (away - 1) % (width - 1)) % width
    wrong = table[-1].copy()
    wrong[:, [left, right]] = wrong[:, [right, left]]
    assert grave(timelines(table, wrong)) == {"SWAPPED"}


@given(tables(), st.integers(0, MONTHS - 2))
def test_the_figures_of_another_month_are(table: Table, other: int) -> None:
    assert "SAME_CONTENT" in grave(timelines(table, table[other]))


@given(tables(), st.integers(0, MONTHS - 2), st.integers(0, 5), st.integers(0, 4))
def test_one_figure_of_its_own_is_enough(table: Table, other: int, row: int, column: int) -> None:
    last = table[other].copy()
    last[row % last.shape[0], column % last.shape[1]] += 1
    assert "SAME_CONTENT" not in grave(timelines(table, last))


@given(tables(), st.floats(0.11, 5))
def test_a_jump_beyond_the_declared_limit_is_told_with_its_cell(table: Table, share: float) -> None:
    last = table[-2].copy()
    last[0, 0] = last[0, 0] * (1 + share)
    assert [(f.code, f.cell) for f in plausibility.check(timelines(table, last), 0.10)] == [
        ("JUMP", "A1")
    ]
    assert plausibility.check(timelines(table, last), 0.0) == []


def test_documents_made_by_programs_are_left_alone() -> None:
    """BA Sanktionen state 38,000 figures a month.

    Held against their past they would load noticeably slower.
    """
    assert 8_020 < over_time.MAX_FIGURES < 37_000
