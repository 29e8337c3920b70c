"""Movements that real events may explain: they only warn."""

from __future__ import annotations

import numpy as np

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.validate.medians import PER_DEVIATION
from kca_etl.validate.over_time.compared import Compared
from kca_etl.validate.over_time.issue import Issue, Matrix

FAR = 0.4  # logarithms: a region apart from its Land by half or more
STANDARD_DEVIATIONS = 8.0
LEAST = 100.0  # figures below scatter by chance
ALL_FAR = 0.3
ALL_TIMES = 6.0  # the usual scatter of regions
LISTED = 5


def check(c: Compared) -> list[Finding]:
    """Return REGION_MOVED and ALL_MOVED, at most one of each.

    Both must hold against every other issue, the same month of the year before among them: what
    comes every season is nothing unusual.
    """
    return _regions(c) + _all(c)


def _regions(c: Compared) -> list[Finding]:
    parent = _parents(c)
    far = c.counted[:, None] & (np.fmin(c.own.value, c.others[0].value) >= LEAST)
    for k, other in enumerate(c.others):
        apart = _apart(c, k, other, parent)
        noise = np.fmax(PER_DEVIATION * c.spread[k], 0.01)[:, None]
        far &= ~np.isfinite(apart) | (np.abs(apart) > np.fmax(FAR, STANDARD_DEVIATIONS * noise))
        if k == 0:
            far &= np.isfinite(apart)
    places = np.flatnonzero(far.any(axis=0)).tolist()
    if not places:
        return []
    first = [c.fact(int(np.flatnonzero(far[:, p])[0]), p) for p in places[:LISTED]]
    what = f"{int(far.sum())} figures of {len(places)} regions moved while their Land did not"
    named = ", ".join(f"{c.o.name_of(n)} ({c.where(n)[0]}!{c.where(n)[1]})" for n in first)
    expected = f"near their Land's movement since {c.against}"
    return [Finding(Code.REGION_MOVED, what, *c.where(first[0]), named, expected)]


def _apart(
    c: Compared, k: int, other: Issue, parent: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> Matrix:
    """Return by how much each figure moved more than its Land, or than all regions."""
    change = c.own.log - other.log
    level = np.where(np.isfinite(c.level[k]), c.level[k], 0)[:, None]
    of_land = np.where(parent >= 0, change[:, parent], np.nan)
    return change - np.where(np.isfinite(of_land), of_land, level)


def _parents(c: Compared) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    at = {f"{system}:{code}": i for i, (system, code) in enumerate(c.own.places)}
    named = {(r.system, r.code): r.parent for r in c.o.regions}
    return np.array([at.get(named[key], -1) for key in c.own.places], np.int64)


def _all(c: Compared) -> list[Finding]:
    limit = np.fmax(ALL_FAR, ALL_TIMES * PER_DEVIATION * c.spread)
    known = np.isfinite(c.level)
    moved = (known[0] & ((np.abs(c.level) > limit) | ~known).all(axis=0)).tolist()
    lines = [line for line, far in enumerate(moved) if far]
    if not lines:
        return []
    named = ", ".join(
        f"{c.o.name_of(c.first(line))} {np.expm1(c.level[0, line]):+.0%}" for line in lines[:LISTED]
    )
    what = f"{len(lines)} columns moved in all regions alike"
    n = c.first(lines[0])
    return [Finding(Code.ALL_MOVED, what, *c.where(n), named, f"near {c.against}")]
