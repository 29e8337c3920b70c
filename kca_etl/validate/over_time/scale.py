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

HIGHEST_POWER = 6
WORDS = {-1: "a tenth of", -2: "a hundredth of", -3: "a thousandth of"}
NEAR = 1.5  # a column in another unit is so near the power of ten; what it stands for moves little
FEWEST_OF_TEN = 4  # real events multiply by ten, too: with fewer figures nobody can tell
FEWEST = 2  # one figure alone may be a slip of its own: the jump names it
NARROW = 2.0  # a past tells a unit if its largest value is at most twice its smallest
COMPARED_MONTHS = 12  # on either side: short-time work fell to a hundredth from 2009 to 2013


def check(timelines: Timelines, kennzahlen: dict[str, dict[str, Any]]) -> list[Finding]:
    """Return WRONG_UNIT for each column whose figures of one unit are all off by a power of ten.

    Measured against the warehouse, and where that knows nothing against the document's other
    columns.
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
    powers = [p for p in range(-HIGHEST_POWER, HIGHEST_POWER + 1) if p]
    return [_finding(timelines, facts, usual, p) for p in powers if _off_by(p, value, usual)]


def times(power: int) -> str:
    """Say how a figure compares with what it was: `1000 times`, `a tenth of`."""
    return f"{10**power} times" if power > 0 else WORDS.get(power, f"1/{10**-power} of")


def _off_by(power: int, value: NDArray[np.float64], usual: NDArray[np.float64]) -> bool:
    """Tell whether all values are off by a power of ten.

    What is a fraction of a unit after it may have been rounded to nothing. Whole numbers that
    were multiplied end in zeros; those that rose by themselves do not.
    """
    factor = 10.0**power
    off = (value > usual * factor / NEAR) & (value < usual * factor * NEAR)
    rounded = (power < 0) & (np.abs(value - usual * factor) <= 1 / 2)
    if power > 0 and (value == np.rint(value)).all() and (value % factor != 0).any():
        return False
    fewest = FEWEST if abs(power) > 1 else FEWEST_OF_TEN
    return bool((off | rounded).all() and np.count_nonzero(off) >= fewest)


def _finding(
    timelines: Timelines, facts: NDArray[Any], usual: NDArray[np.float64], power: int
) -> Finding:
    sheet, cell = timelines.cell(int(facts[0]))
    what = (
        f"all {len(facts)} figures of a column are about {times(power)} what they were, beginning"
        f" with {timelines.o.name_and_month_of(int(facts[0]))}"
    )
    found = f"{timelines.o.value[facts[0]]:.10g} ({cells(timelines, facts)})"
    return Finding(Code.WRONG_UNIT, what, sheet, cell, found, f"about {usual[0]:.6g}")
