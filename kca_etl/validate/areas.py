"""Relations along the regions: sums of counts, means of rates and amounts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.observations import Region
from kca_etl.sources.relations import SeriesRelation
from kca_etl.validate.columns import TOLERANCE, allowed
from kca_etl.validate.contradiction import contradiction, places, shown
from kca_etl.validate.cube import Cube
from schemas.codelists import LAENDER


def region_groups(regions: list[Region]) -> list[tuple[int, list[int]]]:
    """Totals with their parts: Deutschland = West + Ost = the Länder; a Land = its Träger."""
    keys = {f"{r.system}:{r.code}": i for i, r in enumerate(regions)}
    groups: list[tuple[int, list[int]]] = []
    if "ags:D" in keys:
        halves = [keys[k] for k in ("ags:DW", "ags:DO") if k in keys]
        laender = [keys[f"ags:{c}"] for c in LAENDER if f"ags:{c}" in keys]
        groups += [(keys["ags:D"], parts) for parts in (halves, laender) if len(parts) > 1]
    children: dict[str, list[int]] = {}
    for i, r in enumerate(regions):
        if r.parent.startswith("ags:") and r.parent != "ags:D":
            children.setdefault(r.parent, []).append(i)
    return groups + [(keys[p], c) for p, c in children.items() if p in keys]


def sums(cube: Cube, kennzahlen: dict[str, dict[str, Any]], rounded: float) -> list[Finding]:
    """Hold regions' totals against their parts, for kennzahlen that add up."""
    o = cube.observations
    lines = np.array(
        [
            i
            for (s, _), i in cube.lines.items()
            if kennzahlen[o.series_list[s].kennzahl]["additive"]
        ],
        np.int64,
    )
    found: list[Finding] = []
    for total, group in region_groups(o.regions):
        parts = np.array(group)
        own, values, present = (
            cube.value[lines, total],
            cube.value[np.ix_(lines, parts)],
            cube.fact[np.ix_(lines, parts)] >= 0,
        )
        sums = np.nansum(values, axis=1)
        # A fractional total over whole parts was extrapolated for parts that reported nothing (BA:
        # Hochrechnung).
        extrapolated = (np.nan_to_num(own) % 1 != 0) & (sums % 1 == 0)
        hidden = (np.isnan(values) & present).any(axis=1) | extrapolated
        near = allowed(rounded, len(parts))
        bad = ((sums - own > near) | (~hidden & (own - sums > near))) & present.any(axis=1)
        found += [
            _region_sum(cube, lines[i], total, parts, sums[i], bound=bool(hidden[i]))
            for i in np.flatnonzero(bad).tolist()
        ]
    return found


def _region_sum(
    cube: Cube, line: int, total: int, parts: NDArray[np.int64], expected: float, *, bound: bool
) -> Finding:
    n, o = int(cube.fact[line, total]), cube.observations
    absent = [o.regions[p].name for p in parts.tolist() if cube.fact[line, p] < 0]
    what = f"{o.name_of(n)} is not the sum of its {len(parts) - len(absent)} parts"
    what += f" (absent: {', '.join(absent[:5])})" if absent else ""
    sums = f"{expected:.10g}" + (" at least" if bound else "")
    against = places(cube, cube.fact[line, parts].tolist())
    text = f"{sums} by {against}" if against else sums
    return Finding(Code.SUM_MISMATCH, what, o.sheet_of(n), o.cell_of(n), shown(cube, n), text)


def means(cube: Cube, relation: SeriesRelation) -> list[Finding]:
    """Hold a total region's mean against those of its parts: MEAN_MISMATCH.

    With a weight the weighted mean must come out, without one the mean lies between the least
    and the greatest. Nothing is said where a part is hidden.
    """
    found: list[Finding] = []
    groups = region_groups(cube.observations.regions)
    weights = cube.of(relation.series[1]) if len(relation.series) > 1 else None
    for month, line in cube.of(relation.series[0]).items():
        if weights is None:
            found += _ranges(cube, line, groups)
        elif month in weights:
            found += _weighted(cube, line, weights[month], groups, relation.check.rounded)
    return found


def _weighted(
    cube: Cube, line: int, weight: int, groups: list[tuple[int, list[int]]], rounded: float
) -> list[Finding]:
    found = []
    near = max(TOLERANCE, rounded)
    for total, parts in groups:
        by, own = cube.value[weight, parts], cube.value[line, total]
        values = np.where(by == 0, 0.0, cube.value[line, parts])
        if len(parts) < 2 or not by.sum() > 0:  # noqa: PLR2004 - one part is no mean
            continue
        expected = float((by * values).sum() / by.sum())
        if abs(own - expected) > near:
            what = "a mean is not the weighted mean of its regions"
            n, others = int(cube.fact[line, total]), cube.fact[line, parts].tolist()
            text = f"{expected:.10g}"
            found.append(contradiction(cube, n, Code.MEAN_MISMATCH, what, text, others))
    return found


def _ranges(cube: Cube, line: int, groups: list[tuple[int, list[int]]]) -> list[Finding]:
    found = []
    for total, parts in groups:
        values, own = cube.value[line, parts], cube.value[line, total]
        if len(parts) < 2:  # noqa: PLR2004 - one part is no range
            continue
        least, most = float(values.min()), float(values.max())  # NaN where one is hidden
        if own < least - TOLERANCE or own > most + TOLERANCE:
            what = "a mean lies outside the range of its regions"
            n, others = int(cube.fact[line, total]), cube.fact[line, parts].tolist()
            text = f"{least:.10g} to {most:.10g}"
            found.append(contradiction(cube, n, Code.MEAN_MISMATCH, what, text, others))
    return found
