"""Units.

A column in thousands, or a share where per cent belongs, shows against the past of its own series.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.validate.over_time.history import Timelines, cells

FACTORS = {
    1000.0: "1000 times",
    100.0: "100 times",
    0.01: "a hundredth of",
    0.001: "a thousandth of",
}
FEWEST = 2  # one figure alone may be a slip of its own: the jump names it
NARROW = 2.0  # a past tells a unit if its largest value is at most twice its smallest
COMPARED_MONTHS = 12  # on either side: short-time work fell to a hundredth from 2009 to 2013


def check(timelines: Timelines, kennzahlen: dict[str, dict[str, Any]]) -> list[Finding]:
    """Return WRONG_UNIT for each column whose figures of one unit are all off by the same factor, within a factor of two.

    Measured against the warehouse, and where that knows nothing against the document's other columns.
    """
    o = timelines.o
    units = [str(kennzahlen[s.kennzahl]["unit"]) for s in o.series_list]
    unit = np.unique(units, return_inverse=True)[1][o.series]
    column = o.block.astype(np.int64) * (int(o.col.max()) + 1) + o.col
    order = np.lexsort((unit, column))
    ends = np.flatnonzero(np.diff(column[order]) | np.diff(unit[order])) + 1
    return [
        f
        for group in np.split(order, ends)
        if len(group) >= FEWEST
        for f in _column(timelines, group, column)
    ]


def _column(timelines: Timelines, group: NDArray[Any], column: NDArray[Any]) -> list[Finding]:
    lines = timelines.line[group]
    here = (timelines.fact[lines] >= 0) & (column[timelines.fact[lines]] == column[group[0]])
    known = np.where(
        np.isnan(timelines.past[lines]) & ~here, timelines.own[lines], timelines.past[lines]
    )
    known[
        np.abs(np.arange(len(timelines.months)) - timelines.place[group][:, None]) > COMPARED_MONTHS
    ] = np.nan
    low, high = np.fmin.reduce(known, axis=1), np.fmax.reduce(known, axis=1)
    usable = np.isfinite(timelines.o.value[group]) & (low > 0) & (high <= NARROW * low)
    facts, usual = group[usable], np.sqrt(low * high)[usable]
    if len(facts) < FEWEST:
        return []
    value = timelines.o.value[facts]
    return [
        _finding(timelines, facts, usual, words)
        for factor, words in FACTORS.items()
        if _off_by(factor, value, usual)
    ]


def _off_by(factor: float, value: NDArray[np.float64], usual: NDArray[np.float64]) -> bool:
    """Tell whether all values are off by a factor.

    What is a fraction of a unit after it may have been rounded to nothing.
    """
    off = (value > usual * factor / 2) & (value < usual * factor * 2)
    rounded = (factor < 1) & (np.abs(value - usual * factor) <= 1 / 2)
    return bool((off | rounded).all() and np.count_nonzero(off) >= FEWEST)


def _finding(
    timelines: Timelines, facts: NDArray[Any], usual: NDArray[np.float64], words: str
) -> Finding:
    sheet, cell = timelines.cell(int(facts[0]))
    what = f"all {len(facts)} figures of a column are about {words} what they were, beginning with {timelines.o.name_and_month_of(int(facts[0]))}"
    found = f"{timelines.o.value[facts[0]]:.10g} ({cells(timelines, facts)})"
    return Finding(Code.WRONG_UNIT, what, sheet, cell, found, f"about {usual[0]:.6g}")
