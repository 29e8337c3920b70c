"""A rate whose whole stands in no document.

Every month until the whole is renewed must imply the same one.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.sources.relations import series_of
from kca_etl.sources.spec import Check, Coord
from kca_etl.validate.over_time.history import Timelines

NOISE = 1e-6  # of doubles that stand for decimals


def check(timelines: Timelines, rules: tuple[Check, ...]) -> list[Finding]:
    """Return RATE_BASE where a rate and its count imply another whole than their base year's."""
    return [
        f
        for rule in rules
        if rule.base_month and rule.ratio and rule.of
        for f in _rule(timelines, rule, rule.ratio, rule.of)
    ]


def _rule(timelines: Timelines, rule: Check, ratio: Coord, part: Coord) -> Iterator[Finding]:
    rates, parts = _lines(timelines, ratio), _lines(timelines, part)
    base_year, territory = (
        (timelines.months - ((rule.base_month or 1) - 1)) // 12,
        timelines.territory,
    )
    half = rule.rounded / 2 * (1 + NOISE)
    for region in sorted(rates.keys() & parts.keys()):
        pair = [rates[region], parts[region]]
        rate, count = timelines.everything[pair]
        same = np.stack([base_year, territory[pair[0]]])
        with np.errstate(divide="ignore", invalid="ignore"):
            low, high = 100 * count / (rate + half), 100 * count / (rate - half)
        known = np.isfinite(low) & np.isfinite(high) & (low > 0)
        new = (timelines.own[pair] != timelines.past[pair]) & (timelines.fact[pair] >= 0)
        for place in np.flatnonzero(known & new.any(axis=0)).tolist():
            others = known & (same == same[:, [place]]).all(axis=0)
            others[place] = False
            if (bounds := _apart(low, high, place, others)) is not None:
                yield _finding(
                    timelines, pair, place, (float(low[place]), float(high[place])), bounds
                )


def _lines(timelines: Timelines, coord: Coord) -> dict[int, int]:
    """Return region → line of a series; empty if the document does not hold it."""
    wanted = series_of(coord)
    facts = (
        np.flatnonzero(timelines.o.series == timelines.o.series_list.index(wanted))
        if wanted in timelines.o.series_list
        else np.empty(0, int)
    )
    return dict(
        zip(timelines.o.region[facts].tolist(), timelines.line[facts].tolist(), strict=True)
    )


def _apart(
    low: NDArray[np.float64], high: NDArray[np.float64], place: int, others: NDArray[np.bool_]
) -> tuple[float, float] | None:
    """Return what the other months allow, if they agree among themselves and not with this one."""
    if not others.any():
        return None
    least, most = float(low[others].max()), float(high[others].min())
    return (least, most) if least <= most and (low[place] > most or high[place] < least) else None


def _finding(
    timelines: Timelines,
    pair: list[int],
    place: int,
    mine: tuple[float, float],
    bounds: tuple[float, float],
) -> Finding:
    facts = [int(n) for n in timelines.fact[pair, place] if n >= 0]
    rate, count = timelines.everything[pair, place]
    what = (
        f"{timelines.o.name_and_month_of(facts[0])}: rate and count imply another base than the"
        " other months since it was renewed"
    )
    where = " and ".join(timelines.cell(n)[1] for n in facts)
    found = f"{rate:.10g} and {count:.10g} ({where}), so a base of {mine[0]:.0f} to {mine[1]:.0f}"
    return Finding(
        Code.RATE_BASE,
        what,
        *timelines.cell(facts[0]),
        found,
        f"{bounds[0]:.0f} to {bounds[1]:.0f}",
    )
