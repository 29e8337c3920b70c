"""Figures that do not fit their own row and column: a slip, or something that really happened.

Nothing but the document is asked, so these rules only warn. In a document that states several
months a figure is held against the months beside it, and in a table of many regions against what
its region and its column lead one to expect.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.month import Month
from kca_etl.sources.relations import INSGESAMT
from kca_etl.validate.contradiction import shown
from kca_etl.validate.cube import Cube
from kca_etl.validate.medians import PER_DEVIATION, median

FEWEST_MONTHS = 4  # of a series: two of them must be able to disagree with a third
FEWEST_REGIONS = 6  # whose common movement is no figure's fault
FEWEST_ROWS = 12  # of a table of one month
TIMES_USUAL = 6.0  # the usual distance from what the neighbours lead one to expect
LOWER, PER_LOWER = 0.3, 2.6  # that quantile of distances → standard deviation
LEAST_APART = float(np.log(1.25))  # a quarter more or less is never odd
LEAST_OF_COLUMN = float(np.log(2))  # regions differ more than months do
BY_CHANCE = 4.0  # standard deviations of a count that scatters by chance
LAST_DIGIT = 0.3  # of a rate that is rounded to a tenth
MOST_SCATTERED = 0.6  # a column that scatters more tells nothing of a single figure
LEAST_MEDIAN = 5.0  # … nor one of figures as small as these
MOST_FIGURES = 20_000  # larger documents prove their figures by sums
FEWEST_ZEROS = 3
LISTED = 20

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Apart:
    """How far figures lie from what is expected, in units of what is usual: > 1 is odd.

    All are [month, group, member]. A group has its movement in common: the regions of a series,
    or the series of one region. fact: index of the observation, -1 where none is · expected:
    numbers.
    """

    odd: Matrix
    fact: NDArray[np.int64]
    expected: Matrix


def check(cube: Cube) -> list[Finding]:
    """Return ODD_FIGURE for figures far from their neighbours, the farthest first."""
    found: list[tuple[float, Finding]] = []
    for fact in _by_months(cube):
        found += _cells(cube, _along_months(cube, fact))
        found += _columns(cube, fact)
    found += _zeros(cube)
    if not found and len(cube.observations) <= MOST_FIGURES:
        found = [f for lines in _by_units(cube) for f in _cells(cube, _across(cube, lines))]
    found.sort(key=lambda one: -one[0])
    return [f for _, f in found[:LISTED]]


def _zeros(cube: Cube) -> list[tuple[float, Finding]]:
    """Name columns that hold nothing but 0 beside others that do; a breakdown may be empty."""
    o = cube.observations
    whole = np.array([s.gliederung == INSGESAMT for s in o.series_list])[o.series]
    column = o.block.astype(np.int64) << 32 | o.col
    _, first, at = np.unique(column, return_index=True, return_inverse=True)
    numbers = np.bincount(at, np.isfinite(o.value))
    filled = np.bincount(at, np.nan_to_num(o.value) != 0)
    named = (np.bincount(at, whole) > 0) & (numbers >= FEWEST_ZEROS) & (filled == 0)
    beside = np.bincount(o.block[first], filled > 0)[o.block[first]] > 0
    found = []
    for n in first[named & beside].tolist():
        what = f"a whole column is 0, from {_name(cube, n)} on"
        found.append((np.inf, _finding(cube, n, what, "figures, as in the columns beside")))
    return found


def _by_months(cube: Cube) -> Iterator[NDArray[np.int64]]:
    """Yield fact[month, group, member] of the series that state the same months, if enough do."""
    groups: dict[tuple[int, ...], list[list[int]]] = {}
    for lines in cube.by_series.values():
        months = tuple(sorted(lines))
        if len(months) >= FEWEST_MONTHS:
            groups.setdefault(months, []).append([lines[m] for m in months])
    for several in groups.values():
        fact = cube.fact[np.array(several, np.int64).T].astype(np.int64)
        fact = fact[..., (fact >= 0).any(axis=(0, 1))]
        yield fact.swapaxes(1, 2) if fact.shape[2] < FEWEST_REGIONS else fact


def _values(cube: Cube, fact: NDArray[np.int64]) -> Matrix:
    found: Matrix = np.where(fact < 0, np.nan, cube.observations.value[fact])
    return found


def _log(value: Matrix) -> tuple[Matrix, NDArray[np.bool_]]:
    """Return logarithms that take a 0, and which series (last axis but one) count things."""
    whole = ~(np.isfinite(value) & (value % 1 != 0)).any(axis=-1)
    whole = whole.all(axis=0) if value.ndim == 3 else whole  # noqa: PLR2004 - with months
    least = np.where(whole, 0.5, 0.05)[..., None]
    out = np.full(value.shape, np.nan)
    np.log(value + least, out=out, where=value >= 0)
    return out, whole


def _along_months(cube: Cube, fact: NDArray[np.int64]) -> _Apart:
    """Hold each figure against the months before and after it."""
    log, whole = _log(_values(cube, fact))
    odd, expected = _apart(log, whole)
    return _Apart(odd, fact, expected)


def _apart(log: Matrix, whole: NDArray[np.bool_]) -> tuple[Matrix, Matrix]:
    """Return how odd logarithms are beside their neighbours, and what was expected."""
    before, after = np.full((2, *log.shape), np.nan)
    before[1:], after[:-1] = log[:-1], log[1:]
    step, back = _without_common(log - before), _without_common(log - after)
    inner = np.isfinite(step) & np.isfinite(back)
    # A figure between its neighbours moves with them, however far they are apart.
    spike = np.where(step * back > 0, np.fmin(np.abs(step), np.abs(back)), 0)
    size = np.where(inner, spike, np.abs(np.fmax(step, back)))
    least = np.exp(np.fmin(before, after))
    odd = size / _limit(_usual(step), least, whole[:, None], LEAST_APART)
    odd[:, (np.isfinite(log).sum(axis=0) < FEWEST_MONTHS)] = np.nan
    odd = np.nan_to_num(odd)
    edges = np.zeros((1, *odd.shape[1:]))
    beside = np.maximum(np.concatenate([edges, odd[:-1]]), np.concatenate([odd[1:], edges]))
    expected = np.where(inner, (before + after) / 2, np.fmax(before, after))
    return np.where(odd >= beside, odd, 0), np.exp(expected)


def _without_common(apart: Matrix) -> Matrix:
    """Take away what all regions of a month and series have in common, where they are enough."""
    return apart - np.nan_to_num(median(apart, FEWEST_REGIONS))[..., None]


def _usual(apart: Matrix) -> Matrix:
    """Return what is usual for each region, and no less than for all regions of its series."""
    size = np.abs(apart)
    own = _lower(np.moveaxis(size, 0, -1))
    flat = np.moveaxis(size, 1, 0).reshape(size.shape[1], -1)
    both: Matrix = PER_LOWER * np.fmax(own, _lower(flat)[:, None])
    return both


def _lower(size: Matrix) -> Matrix:
    """Return the LOWER quantile along the last axis: a wrong figure spoils three of its row."""
    known = np.isfinite(size).sum(axis=-1)
    at = (LOWER * np.maximum(known - 1, 0)).astype(np.int64)
    found = np.take_along_axis(np.sort(size, axis=-1), at[..., None], -1)[..., 0]
    return np.where(known > 1, found, np.nan)


def _limit(usual: Matrix, least: Matrix, whole: NDArray[np.bool_], floor: float) -> Matrix:
    """Return how far a figure may lie apart: what is usual, what chance or rounding explains."""
    with np.errstate(divide="ignore"):
        chance = np.where(whole, BY_CHANCE * np.sqrt(2 / least), LAST_DIGIT / least)
    return np.fmax(np.fmax(TIMES_USUAL * usual, floor), chance)


def _columns(cube: Cube, fact: NDArray[np.int64]) -> list[tuple[float, Finding]]:
    """Name months in which the members of a group moved far in common, and back again."""
    log, whole = _log(_values(cube, fact))
    middle = median(log, FEWEST_REGIONS)[..., None]
    if not np.isfinite(middle).any():
        return []
    odd, expected = _apart(middle, whole)
    found = []
    for t, group in np.argwhere(odd[..., 0] > 1).tolist():
        n = int(fact[t, group][fact[t, group] >= 0][0])
        what = f"a whole column lies far from the months beside it, from {_name(cube, n)} on"
        about = f"in the middle about {expected[t, group, 0]:.6g}"
        found.append((float(odd[t, group, 0]), _finding(cube, n, what, about)))
    return found


def _by_units(cube: Cube) -> Iterator[NDArray[np.int64]]:
    """Yield the lines of one month: counts by themselves, and rates by themselves."""
    groups: dict[tuple[int, bool], list[int]] = {}
    for (_, month), line in cube.lines.items():
        own = cube.value[line][np.isfinite(cube.value[line])]
        if len(own) >= FEWEST_ROWS and float(np.median(own)) > 0:
            groups.setdefault((month, bool((own % 1 != 0).any())), []).append(line)
    for lines in groups.values():
        if len(lines) > 1:
            yield np.array(lines, np.int64)


def _across(cube: Cube, lines: NDArray[np.int64]) -> _Apart:
    """Hold each figure of a month against what its region and its column lead one to expect."""
    value = cube.value[lines]
    log, whole = _log(value)
    rest = log
    for _ in range(2):
        rest = rest - median(rest, FEWEST_ROWS)[:, None]
        rest = rest - np.nan_to_num(median(rest.T, 2))
    usual = PER_DEVIATION * median(np.abs(rest), FEWEST_ROWS)[:, None]
    expected = np.exp(log - rest)
    odd = np.nan_to_num(
        np.abs(rest) / _limit(usual, expected + 0.5, whole[:, None], LEAST_OF_COLUMN)
    )
    tells = (usual[:, 0] < MOST_SCATTERED) & (median(value, FEWEST_ROWS) >= LEAST_MEDIAN)
    odd[~(tells | ~whole)] = 0
    return _Apart(odd[None], cube.fact[lines].astype(np.int64)[None], expected[None])


def _cells(cube: Cube, apart: _Apart) -> list[tuple[float, Finding]]:
    found = []
    for t, group, member in np.argwhere(apart.odd > 1).tolist():
        n = int(apart.fact[t, group, member])
        what = f"a figure lies far from those beside it: {_name(cube, n)}"
        about = f"about {apart.expected[t, group, member]:.6g}"
        found.append((float(apart.odd[t, group, member]), _finding(cube, n, what, about)))
    return found


def _name(cube: Cube, n: int) -> str:
    o = cube.observations
    return f"{o.name_of(n)} in {Month(int(o.month[n]))}"


def _finding(cube: Cube, n: int, what: str, expected: str) -> Finding:
    o = cube.observations
    return Finding(Code.ODD_FIGURE, what, o.sheet_of(n), o.cell_of(n), shown(cube, n), expected)
