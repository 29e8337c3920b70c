"""Plausibility over time only warns: a real jump is not an error (2020-05.

+14 % unemployed in one month).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.validate.over_time.history import Timelines

ENOUGH = 12  # changes that make a usual range: a year's


def check(timelines: Timelines, limit: float) -> list[Finding]:
    """Warn where a figure moved unusually far against the month before.

    Nothing if a source declares no limit (0).

    Unusual is farther from the 5 to 95 % band of the series' own monthly changes than the band
    is wide (one change in ten lies outside it anyway), and more than the last digit shown.
    Until twelve changes are known the declared limit counts (a share, 0.10 = 10 %). A figure
    that the warehouse knows already was judged then; nothing is compared across a reform of the
    region.
    """
    if not limit:
        return []
    known = timelines.everything
    with np.errstate(divide="ignore", invalid="ignore"):
        change = known[:, 1:] / known[:, :-1] - 1  # of months 1, 2, …
    change[~np.isfinite(change) | (np.diff(timelines.territory, axis=1) != 0)] = np.nan
    new = (
        (timelines.fact[:, 1:] >= 0)
        & (timelines.own[:, 1:] != timelines.past[:, 1:])
        & np.isfinite(change)
    )
    return [
        f
        for line, place in np.argwhere(new).tolist()
        for f in _judge(timelines, change[line], line, place + 1, limit)
    ]


def _judge(
    timelines: Timelines, changes: NDArray[np.float64], line: int, place: int, limit: float
) -> list[Finding]:
    change, before = float(changes[place - 1]), float(timelines.everything[line, place - 1])
    others = np.delete(
        changes, [place - 1, *range(place, min(place + 1, len(changes)))]
    )  # a wrong figure spoils two changes
    others = others[np.isfinite(others)]
    if len(others) < ENOUGH:
        low, high, usual = (
            -limit,
            limit,
            f"a change of at most {limit:.0%} while fewer than {ENOUGH} changes are known",
        )
    else:
        middle = float(np.median(np.abs(others)))
        first, last = (float(q) for q in np.quantile(others, (0.05, 0.95)))
        wider = max(last - first, _digit(timelines.everything[line]) / before)
        low, high = first - wider, last + wider
        usual = (
            f"usual are {first:+.1%} to {last:+.1%} a month (5–95 % of {len(others)} changes),"
            f" {middle:.1%} in the median"
        )
    if low <= change <= high:
        return []
    n = int(timelines.fact[line, place])
    what = f"{timelines.o.name_and_month_of(n)} moved by {change:+.1%}"
    return [
        Finding(
            Code.JUMP,
            what,
            *timelines.cell(n),
            f"{timelines.o.value[n]:.10g}",
            f"near {before:.10g}; {usual}",
        )
    ]


def _digit(values: NDArray[np.float64]) -> float:
    """Return what the last digit shown is worth: 1, 0.1 or 0.01.

    0 for numbers that nobody rounded.
    """
    known = values[np.isfinite(values)]
    return next(
        (
            digit
            for digit in (1.0, 0.1, 0.01)
            if np.allclose(known / digit, np.round(known / digit), rtol=0, atol=1e-6)
        ),
        0.0,
    )
