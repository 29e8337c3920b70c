"""Revisions: a known figure that changes by more than its series ever did is a question."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.observations import Observations
from kca_etl.validate.over_time.past import Past, Revisions

LEAST = 0.10  # a tenth is no question, nor what changes by so little as
LEAST_UNITS = 5.0  # … five people, or five of the last digit shown
LISTED = 20


def check(o: Observations, known: Past, seen: Revisions) -> list[Finding]:
    """Return LARGE_REVISION for figures that differ from the known ones by more than ever seen.

    `seen`: the revisions that the warehouse knows of the same series. A figure that replaces a
    sign, or is replaced by one, has no size.
    """
    if not len(known.month):
        return []
    mine, before = _met(o, known)
    change = size(o.value[mine], before)
    most = np.full(len(o.series_list), LEAST)
    np.maximum.at(most, seen.series, seen.size)
    units = np.abs(o.value[mine] - before)
    large = (change > most[o.series[mine]] * (1 + 1e-9)) & (units > _slack(o, mine))
    at = np.flatnonzero(large)
    found = [
        _finding(o, int(mine[i]), float(before[i]), float(most[o.series[mine[i]]]))
        for i in at[:LISTED].tolist()
    ]
    if len(at) > LISTED:
        found.append(Finding(Code.LARGE_REVISION, f"{len(at)} figures are revised so far in all"))
    return found


def size(new: NDArray[np.float64], old: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far figures differ, as a share of the larger one: 0 to 2, the same both ways."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.abs(new - old) / np.maximum(np.abs(new), np.abs(old))
    return np.where(new == old, 0.0, share)


def _met(o: Observations, known: Past) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the observations that the warehouse has a number for, and those numbers."""
    width = len(o.regions)

    def key(
        month: NDArray[np.int32], series: NDArray[np.int32], region: NDArray[np.int32]
    ) -> NDArray[np.int64]:
        joined: NDArray[np.int64] = (
            (month.astype(np.int64) << 40) + series.astype(np.int64) * width + region
        )
        return joined

    stored = key(known.month, known.series, known.region)
    order = np.argsort(stored)
    own = key(o.month, o.series, o.region)
    at = np.searchsorted(stored, own, sorter=order).clip(max=len(stored) - 1)
    met = (stored[order[at]] == own) & np.isfinite(o.value)
    mine = np.flatnonzero(met)
    return mine, known.value[order[at[mine]]]


def _slack(o: Observations, mine: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return what a figure may change by in any case: five of its last digit."""
    value = o.value[mine]
    tenth = np.isclose(value * 10, np.rint(value * 10)) & ~np.isclose(value, np.rint(value))
    return np.where(tenth, LEAST_UNITS / 10, LEAST_UNITS)


def _finding(o: Observations, n: int, before: float, most: float) -> Finding:
    what = (
        f"{o.name_and_month_of(n)} is known already and would be revised further than this series"
        " ever was"
    )
    expected = f"{before:.10g}, or no more than {most:.0%} from it"
    return Finding(
        Code.LARGE_REVISION, what, o.sheet_of(n), o.cell_of(n), f"{o.value[n]:.10g}", expected
    )
