"""Two columns that changed places: each fits the other's past far better than its own.

Their sum would not show it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.validate.over_time.history import Timelines

FEWEST = 3  # rows; in one or two the pasts of two columns may cross by chance
APART = 0.05  # the pasts of both columns differ by at least this share
CLEARER = 4.0  # changed places fit so many times better


def check(timelines: Timelines) -> list[Finding]:
    """Return SWAPPED for each pair of a table's columns that fit each other's past row by row."""
    if np.isnan(timelines.past).all():
        return []
    return [
        f
        for block in range(len(timelines.o.blocks))
        for f in _table(timelines, np.flatnonzero(timelines.o.block == block))
    ]


def _table(timelines: Timelines, facts: NDArray[Any]) -> list[Finding]:
    rows, row = np.unique(timelines.o.row[facts], return_inverse=True)
    columns, column = np.unique(timelines.o.col[facts], return_inverse=True)
    if len(rows) < FEWEST:
        return []
    fact = np.full((len(rows), len(columns)), -1, np.int64)
    value, usual = np.full(fact.shape, np.nan), np.full(fact.shape, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        value[row, column], usual[row, column] = (
            np.log(timelines.o.value[facts]),
            np.log(_nearest(timelines, facts)),
        )
    fact[row, column] = facts
    value[~np.isfinite(value)], usual[~np.isfinite(usual)] = np.nan, np.nan
    return [
        _finding(timelines, fact, i, j)
        for i in range(len(columns))
        for j in _partners(value, usual, i)
    ]


def _nearest(timelines: Timelines, facts: NDArray[Any]) -> NDArray[np.float64]:
    """Return what the warehouse knows of each fact's series.

    Of its own month, else of the nearest, the earlier of two.
    """
    known = timelines.past[timelines.line[facts]]
    away = 2 * np.abs(np.arange(len(timelines.months)) - timelines.place[facts][:, None]) - (
        np.arange(len(timelines.months)) < timelines.place[facts][:, None]
    )
    nearest = np.where(np.isnan(known), np.iinfo(np.int64).max, away).argmin(axis=1)
    found: NDArray[np.float64] = known[np.arange(len(facts)), nearest]
    return found


def _partners(value: NDArray[np.float64], usual: NDArray[np.float64], i: int) -> list[int]:
    """Return the columns right of column i that have changed places with it.

    All numbers are logarithms.
    """
    a, b, mine, theirs = value[:, [i]], value[:, i + 1 :], usual[:, [i]], usual[:, i + 1 :]
    own = np.abs(a - mine) + np.abs(b - theirs)
    other = np.abs(a - theirs) + np.abs(b - mine)
    tells = np.isfinite(own) & (np.abs(mine - theirs) > APART)
    better = (tells & (other < own)).sum(axis=0)
    clear = np.where(tells, own, 0).sum(axis=0) > CLEARER * np.where(tells, other, 0).sum(axis=0)
    found: list[int] = (
        np.flatnonzero((better >= FEWEST) & (better == tells.sum(axis=0)) & clear) + i + 1
    ).tolist()
    return found


def _finding(timelines: Timelines, fact: NDArray[Any], i: int, j: int) -> Finding:
    both = (fact[:, i] >= 0) & (fact[:, j] >= 0)
    left, right = int(fact[both, i][0]), int(fact[both, j][0])
    sheet, cell = timelines.cell(left)
    what = (
        f"two columns have changed places: {timelines.o.name_and_month_of(left)} and"
        f" {timelines.o.name_and_month_of(right)} each fit the other's past"
    )
    found = (
        f"{timelines.o.value[left]:.10g}, and {timelines.o.value[right]:.10g} in"
        f" {timelines.cell(right)[1]}"
    )
    expected = ", and ".join(
        f"about {v:.10g}" for v in _nearest(timelines, np.array([left, right]))
    )
    return Finding(Code.SWAPPED, what, sheet, cell, found, expected)
