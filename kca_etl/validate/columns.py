"""Relations between series, region by region: sums, twins, orders, rates, means, years.

A hidden part (`*`, `.`) makes a sum a bound: the visible parts may not exceed the total.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.sources.relations import SeriesRelation
from kca_etl.sources.spec import Check, Form
from kca_etl.validate.contradiction import contradictions, texts
from kca_etl.validate.cube import Cube

# Extrapolated counts carry float noise; a published rounding is never this small (measured on 33 BA
# issues: < 1e-4).
TOLERANCE = 0.01
MONTHS = 12
Numbers = NDArray[np.float64]


def allowed(rounded: float, parts: int) -> float:
    """How far a total and its parts may be apart when each is rounded."""
    return max(TOLERANCE, rounded / 2 * (parts + 1))


def total(cube: Cube, relation: SeriesRelation) -> list[Finding]:
    """Hold totals against the sum of their parts: SUM_MISMATCH."""
    return [f for lines in _common(cube, relation) for f in _sum(cube, lines, relation.check)]


def year(cube: Cube, relation: SeriesRelation) -> list[Finding]:
    """Hold a year's sums against the sum of its twelve months: SUM_MISMATCH."""
    found = []
    months = cube.of(relation.series[1])
    for month, line in cube.of(relation.series[0]).items():
        first = month - month % MONTHS
        parts = [months[m] for m in range(first, first + MONTHS) if m in months]
        if len(parts) == MONTHS:
            found += _sum(cube, [line, *parts], relation.check)
    return found


def _sum(cube: Cube, lines: list[int], check: Check) -> list[Finding]:
    at, (whole, values) = _values(cube, lines)
    hidden, sums = np.isnan(values).any(axis=0), np.nansum(values, axis=0)
    near = allowed(check.rounded, len(values))
    above = sums - whole > near + _leeway(whole, check.overlap, check.few)
    below = whole - sums > near + _leeway(whole, check.rest, check.few)
    wrong = above | (~hidden & below)
    what = "the parts do not add up to the total"
    return contradictions(cube, lines, at[wrong], texts(sums[wrong]), Code.SUM_MISMATCH, what)


def _leeway(whole: Numbers, share: float, few: float) -> Numbers | float:
    return np.maximum(share * whole, few) if share else 0.0


def equal(cube: Cube, relation: SeriesRelation) -> list[Finding]:
    """Hold figures against their twins in other tables: EQUAL_DIFFERS."""
    found = []
    what = "the same figure stands in two tables with different values"
    for lines in _common(cube, relation):
        at, (own, (twin,)) = _values(cube, lines)
        wrong = np.abs(own - twin) > TOLERANCE
        expected = texts(twin[wrong])
        found += contradictions(cube, lines, at[wrong], expected, Code.EQUAL_DIFFERS, what)
    return found


def order(cube: Cube, relation: SeriesRelation) -> list[Finding]:
    """Hold parts against the wholes that they cannot exceed: PART_ABOVE_WHOLE."""
    found: list[Finding] = []
    near = allowed(relation.check.rounded, 1)
    for pair in pairwise(np.array(list(_common(cube, relation)), np.int64).T):
        part, whole = pair
        above = (cube.value[part] - cube.value[whole] > near).any(axis=1)
        for month in np.flatnonzero(above).tolist():
            found += _above(cube, (int(part[month]), int(whole[month])), near)
    return found


def _above(cube: Cube, pair: tuple[int, int], near: float) -> list[Finding]:
    at, (part, (whole,)) = _values(cube, pair)
    wrong = part - whole > near
    expected = [f"at most {most}" for most in texts(whole[wrong])]
    what = "a part is greater than its whole"
    return contradictions(cube, pair, at[wrong], expected, Code.PART_ABOVE_WHOLE, what)


def ratio(cube: Cube, relation: SeriesRelation) -> list[Finding]:
    """Hold rates against their part by their whole: RATE_MISMATCH."""
    check, found = relation.check, []
    if check.base_month:
        return []  # needs the months before: over_time/rate_base.py
    near = max(TOLERANCE, check.rounded / 2 + TOLERANCE / 100)
    what = "a rate is not its part by its whole"
    for lines in _common(cube, relation):
        at, (own, (part, whole)) = _values(cube, lines)
        with np.errstate(divide="ignore", invalid="ignore"):
            expected = check.times * part / whole
        wrong = np.isfinite(expected) & (np.abs(own - expected) > near)
        by = texts(expected[wrong])
        found += contradictions(cube, lines, at[wrong], by, Code.RATE_MISMATCH, what)
    return found


def between(cube: Cube, relation: SeriesRelation) -> list[Finding]:
    """Hold means against the least and the greatest of their parts: NOT_BETWEEN."""
    found = []
    near = allowed(relation.check.rounded, 1)
    what = "a mean lies outside the range of its parts"
    for lines in _common(cube, relation):
        at, (own, values) = _values(cube, lines)
        least, most = values.min(axis=0), values.max(axis=0)  # NaN where one is hidden
        wrong = (own < least - near) | (own > most + near)
        ends = zip(texts(least[wrong]), texts(most[wrong]), strict=True)
        expected = [f"{low} to {high}" for low, high in ends]
        found += contradictions(cube, lines, at[wrong], expected, Code.NOT_BETWEEN, what)
    return found


def share(cube: Cube, relation: SeriesRelation) -> list[Finding]:
    """Hold shares against their part of the sum of all parts: RATE_MISMATCH.

    Where a part is hidden the sum is known only as the shares imply it: then they must imply
    one and the same, and no less than what is visible.
    """
    half = relation.check.rounded / 2 + TOLERANCE
    what = "a share is not its part of the sum"
    found = []
    for lines in _common(cube, relation):
        parts = len(lines) // 2
        at = cube.regions_of(lines[0])
        shares, counts = cube.value[np.array(lines)[:, None], at].reshape(2, parts, len(at))
        hidden = (~np.isfinite(counts)).any(axis=0)
        least = np.nansum(counts, axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            low, high = (relation.check.times * counts / (shares + d) for d in (half, -half))
        high[~(shares > half)] = np.inf
        wrong = np.where(hidden, high < least, (low > least) | (high < least))
        wrong |= hidden & (low > np.fmin.reduce(high, axis=0))
        with np.errstate(divide="ignore", invalid="ignore"):
            expected = relation.check.times * counts / least
        for i in np.flatnonzero(wrong.any(axis=1)).tolist():
            pair = [lines[i], lines[parts + i]]
            by = texts(expected[i, wrong[i]])
            found += contradictions(cube, pair, at[wrong[i]], by, Code.RATE_MISMATCH, what)
    return found


def _values(cube: Cube, lines: Sequence[int]) -> tuple[NDArray[np.intp], tuple[Numbers, Numbers]]:
    """Return the regions of the first line, its values there, and those of the other lines."""
    at = cube.regions_of(lines[0])
    own, others = cube.value[lines[0], at], cube.value[np.asarray(lines[1:])[:, None], at]
    return at, (own, others)


def _common(cube: Cube, relation: SeriesRelation) -> Iterator[list[int]]:
    """Yield the lines of a relation's series, month by month, where all of them stand."""
    rows = [cube.of(series) for series in relation.series]
    strangers = [cube.of(series) for series in relation.without]
    for month in rows[0]:
        lines = [row[month] for row in rows if month in row]
        if len(lines) == len(rows) and not any(month in row for row in strangers):
            yield lines


CHECKS: dict[Form, Callable[[Cube, SeriesRelation], list[Finding]]] = {
    "total": total,
    "year": year,
    "equal": equal,
    "order": order,
    "ratio": ratio,
    "between": between,
    "share": share,
}
